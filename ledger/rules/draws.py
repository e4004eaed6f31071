"""Rules for mystery sampling: who may be drawn, of what, when, and what is sealed before the reveal."""

from collections.abc import Iterator

from ledger.draws import CHAINS, REHEARSAL
from ledger.errors import MalformedError, SignatureError
from ledger.identifiers import number_of, programme_of
from ledger.primitives.ed25519 import check_sound
from ledger.primitives.instant import DAY_US, format_us
from ledger.primitives.strict import parse_base64url
from ledger.rules.drawing import (
    draws_by,
    draws_of,
    due_us,
    frame_at,
    key_of_draws,
    members_of,
    overlap,
    still_open,
)
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, resolve, standing_of
from ledger.rules.state import MICROSECONDS, fold_party, log_state
from ledger.statements.draw_family import (
    Draw,
    DrawKey,
    DrawResult,
    DrawSealed,
    Roster,
    SamplingProgramme,
)
from ledger.texts import saying

BEACON_US = 10 * 60 * MICROSECONDS
"""A draw is committed to this long before its beacon at least: clocks differ, seals take time."""
FRAME_US = DAY_US


def batch_us(case: Case) -> int:
    """Return the time of the batch: when an entry is reviewed again, that of the seal behind it.

    A draw stands and falls with its times, so whoever is shown one asks for them, too.
    """
    return case.now_us or case.view.registered_us(case.index)


@rule("roster-role", "roster")
def members_of_role(case: Case) -> Iterator[Refusal]:
    """Whoever is on a roster has its role, and a roster stays one of its role.

    `role` is not among the roles of a member (*Keys and parties*, (`identity`, member)); the newest
    `roster` in (`roster`, `sub`) has another `role` [it].
    """
    body = case.body
    if not isinstance(body, Roster):
        return
    for member in body.members:
        state = case.view.fold(fold_party, "identity", str(member))
        if state is None or body.role not in state.roles:
            why = saying("{party} is no {role}: register it so first", party=member, role=body.role)
            yield Refusal("roster-role", why)
    for item in standing_of(case.view, "roster", case.statement.subject, Roster):
        if isinstance(item.body, Roster) and item.body.role != body.role:
            why = saying("entry {index} is a roster of another role", index=item.index)
            yield Refusal("roster-role", why, (item.index,))
            return


@rule("draw-key-sound", "draw-key")
def key_sound(case: Case) -> Iterator[Refusal]:
    """The key of draws is the operator's own, and sound by RFC 9381, 5.4.5.

    `sub` is not `iss`; `x` is not 32 bytes in base64url that are a canonical point of the
    prime-order subgroup.
    """
    body = case.body
    if not isinstance(body, DrawKey):
        return
    if case.statement.subject != case.statement.issuer:
        yield Refusal("draw-key-sound", saying("the key is of its issuer: make it the subject"))
    try:
        check_sound(parse_base64url(body.x))
    except (MalformedError, SignatureError) as error:
        yield Refusal("draw-key-sound", saying("{why}", why=error))


@rule("draw-open", "draw-key", "draw")
def nothing_open(case: Case) -> Iterator[Refusal]:
    """While a draw waits for its result there is no other of the same goods, and no other key.

    A `draw` in (`draws`, `iss`) has no `draw-result` there, and its `deadline` is not before the time of the batch
    [it]; for a `draw` it is of its programme, or of one of the same goods (*What is cited*): its `category` is that of the
    programme cited, or above or below it, and a `grade` is among the `strata` of both.
    """
    body = case.body
    if not isinstance(body, Draw | DrawKey):
        return
    for item, result in draws_by(case.view, case.statement.issuer).values():
        if still_open(item, result, batch_us(case)) and (
            isinstance(body, DrawKey) or _of_same_goods(case, body, item)
        ):
            why = saying("{draw} waits for its result: reveal it first", draw=item.subject)
            yield Refusal("draw-open", why, (item.index,))


def _of_same_goods(case: Case, body: Draw, other: Standing) -> bool:
    """Return whether two draws may be of the same goods: who could reveal either would choose."""
    if programme_of(other.subject) == programme_of(case.statement.subject):
        return True
    ours, theirs = cited_programme(case, body), None
    if isinstance(other.body, Draw):
        theirs = cited_programme(case, other.body)
    return ours is not None and theirs is not None and overlap(ours, theirs)


@rule("programme-ready", "sampling-programme")
def programme_ready(case: Case) -> Iterator[Refusal]:
    """A programme has an id of its own, and rests on a key and rosters that are there before it.

    (`programme`, `sub`) has a `sampling-programme` [it]; (`draws`, `iss`) has no `draw-key`; the
    newest `roster` in (`roster`, `roster`) of one of `rosters` is of another role, or there is none;
    `beacon` is the rehearsal's, and `clock` in (`log`, origin) is not simulated.
    """
    body = case.body
    if not isinstance(body, SamplingProgramme):
        return
    for item in standing_of(case.view, "programme", case.statement.subject, SamplingProgramme):
        why = saying(
            "{programme} is entry {index} already",
            programme=case.statement.subject,
            index=item.index,
        )
        yield Refusal("programme-ready", why, (item.index,))
    if key_of_draws(case.view, case.statement.issuer) is None:
        yield Refusal(
            "programme-ready", saying("there is no key of draws: register a draw-key first")
        )
    for plan in body.rosters:
        if not members_of(case.view, str(plan.roster), plan.role):
            why = saying(
                "{roster} is no roster of this role: register it first", roster=plan.roster
            )
            yield Refusal("programme-ready", why)
    clock = log_state(case.view, case.origin).genesis.clock
    if body.beacon == REHEARSAL.hash.hex() and clock != "simulated":
        yield Refusal(
            "programme-ready",
            saying("anybody can foresee the rehearsal's beacon: take the public one"),
        )


def cited_programme(case: Case, body: Draw) -> SamplingProgramme | None:
    """Return the programme that a draw cites, None where it stands no more."""
    found = resolve(case.view, body.programme)
    return found.body if found and isinstance(found.body, SamplingProgramme) else None


@rule("draw-number", "draw")
def draws_consecutive(case: Case) -> Iterator[Refusal]:
    """A draw is of the programme it cites, and the next of its draws.

    `programme.subject` is not the programme of `sub`; else its number is not one more than there
    are `draw`s in (`programme`, that) [the last].
    """
    body = case.body
    if not isinstance(body, Draw):
        return
    programme = programme_of(case.statement.subject)
    if body.programme.subject != programme:
        why = saying("the programme cited is {programme}", programme=body.programme.subject)
        yield Refusal("draw-number", why)
        return
    known = [item.index for item, _ in draws_of(case.view, programme).values()]
    if number_of(case.statement.subject) != len(known) + 1:
        why = saying("the next draw is number {number}", number=len(known) + 1)
        yield Refusal("draw-number", why, tuple(known[-1:]))


@rule("draw-time", "draw")
def draw_before_beacon(case: Case) -> Iterator[Refusal]:
    """A draw is committed to ten minutes before its beacon, in its programme's time, with a deadline.

    Round `round` of its programme's beacon (*What is cited*; Tickets of a draw) is due less than `beacon-us` after `iat` or the time of the
    batch; `deadline` is not later than it is due, or more than its `days` later; the programme does not cover `iat` [it].
    """
    body = case.body
    if not isinstance(body, Draw):
        return
    programme = resolve(case.view, body.programme)
    if programme is None or not isinstance(programme.body, SamplingProgramme):
        return
    chain = CHAINS[programme.body.beacon]
    known_us = due_us(programme.body, body)
    now_us = batch_us(case)
    if known_us < max(now_us, case.statement.issued_at * MICROSECONDS) + BEACON_US:
        least = chain.round_from(-(-(now_us + BEACON_US) // MICROSECONDS))
        why = saying(
            "round {round} is due {due}: take one from {least} on, ten minutes from now",
            round=body.round,
            due=format_us(known_us),
            least=least,
        )
        yield Refusal("draw-time", why)
    latest_us = known_us + programme.body.days * DAY_US
    if not known_us < body.deadline.us <= latest_us:
        why = saying(
            "deadline {deadline} is not behind {due}, or later than {latest}",
            deadline=body.deadline,
            due=format_us(known_us),
            latest=format_us(latest_us),
        )
        yield Refusal("draw-time", why)
    if not programme.body.covers(case.statement.issued_at * MICROSECONDS):
        why = saying("the programme is {span}", span=programme.body.span)
        yield Refusal("draw-time", why, (programme.index,))


@rule("draw-frame", "draw", turn="last")
def frame_recomputed(case: Case) -> Iterator[Refusal]:
    """The candidates of a draw are those of the ledger at a size of the last day, every one of them.

    `size` is above its place; or the entry before `size` was registered more than `frame-us` before
    the time of the batch: who dates back takes no older frame. Else `candidates` or `root` is not that of *Candidates of a draw*, of the programme (*What
    is cited*).
    """
    body = case.body
    if not isinstance(body, Draw):
        return
    programme = cited_programme(case, body)
    if programme is None:
        return
    if body.size > case.index:
        why = saying("size {size}: it would be entry {index}", size=body.size, index=case.index)
        yield Refusal("draw-frame", why)
        return
    if case.view.registered_us(body.size - 1) + FRAME_US < batch_us(case):
        yield Refusal("draw-frame", saying("size {size} is of more than a day ago", size=body.size))
    frame = frame_at(case.view, programme, body.size)
    if (body.candidates, body.root) != (frame.count, frame.root.hex()):
        why = saying(
            "as of size {size} there are {count} candidates, of root {root}",
            size=body.size,
            count=frame.count,
            root=frame.root.hex(),
        )
        yield Refusal("draw-frame", why)


def _drawn(case: Case, draw: str) -> tuple[Standing, Draw] | None:
    """Return the draw of this id that stands."""
    for item in standing_of(case.view, "draw", draw, Draw):
        if isinstance(item.body, Draw):
            return item, item.body
    return None


@rule("sealed-count", "draw-sealed")
def sealed_once(case: Case) -> Iterator[Refusal]:
    """Before the reveal as many digests are sealed as products are drawn or stand by, once.

    (`draw`, `sub`) has no `draw`; a `draw-sealed` or `draw-result` [it]; or `digests` are not as
    many as `count` and `spares` of all `strata` of its programme (*What is cited*) [the draw].
    """
    body, draw = case.body, case.statement.subject
    if not isinstance(body, DrawSealed):
        return
    found = _drawn(case, draw)
    if found is None:
        yield Refusal("sealed-count", saying("{draw} is not on record", draw=draw))
        return
    for kind in (DrawSealed, DrawResult):
        for item in standing_of(case.view, "draw", draw, kind):
            why = saying(
                "{draw} was sealed or revealed by entry {index}", draw=draw, index=item.index
            )
            yield Refusal("sealed-count", why, (item.index,))
    programme = cited_programme(case, found[1])
    if programme is not None and len(body.digests) != programme.sealings:
        why = saying(
            "{count} digests: seal {wanted}, whatever was bought",
            count=len(body.digests),
            wanted=programme.sealings,
        )
        yield Refusal("sealed-count", why, (found[0].index,))
