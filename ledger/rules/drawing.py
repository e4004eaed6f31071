"""What a draw is among, and what follows from its proof: recomputed by whoever asks.

Candidates are a named part of the ledger at one size, so nobody is added or left out once a beacon is
known; who falls out is followed by the next lowest ticket and nobody else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ledger.draws import CHAINS, alpha_of, parts, pick, randomness_of, verify
from ledger.errors import SignatureError
from ledger.histories.history import View
from ledger.histories.views import AsOfView
from ledger.identifiers import ancestors
from ledger.primitives.strict import parse_base64url
from ledger.rules.parties import parties_to
from ledger.rules.standing import Standing, standing_of
from ledger.rules.state import MICROSECONDS
from ledger.rules.ties import group
from ledger.statements.draw_family import (
    NOT_ON_SALE,
    OBJECT,
    TIED_SINCE,
    Draw,
    DrawKey,
    DrawResult,
    DrawSealed,
    RolePicks,
    Roster,
    SamplingProgramme,
    Stratum,
    Substitution,
    Ticketed,
    objects_of,
)
from ledger.statements.quality_family import QualityIndex
from ledger.statements.trade_family import Listing, Shop
from ledger.texts import saying
from ledger.tlog.merkle import leaf_hash, root_hash


@dataclass(frozen=True, slots=True)
class Frame:
    """All who may be drawn, by role, as of a size of the log; of each product who lists it."""

    candidates: Mapping[str, tuple[str, ...]]
    listed_by: Mapping[str, tuple[str, ...]]

    @property
    def count(self) -> int:
        """Return how many candidates there are, of all roles."""
        return sum(map(len, self.candidates.values()))

    @property
    def root(self) -> bytes:
        """Return the RFC 6962 root over lp(role, key) of all of them, in order of key, then role."""
        pairs = sorted((key, role) for role, keys in self.candidates.items() for key in keys)
        return root_hash(leaf_hash(parts(role.encode(), key.encode())) for key, role in pairs)


def stratum_of(view: View, product: str) -> Stratum:
    """Return the grade of a product's newest index, insufficient without one."""
    found: Stratum = "insufficient"
    for item in standing_of(view, "index", product, QualityIndex):
        if isinstance(item.body, QualityIndex):
            found = item.body.grade
    return found


def members_of(view: View, roster: str, role: str) -> tuple[str, ...]:
    """Return the members of a roster as it was stated last, nobody where that is of another role."""
    last: tuple[str, ...] = ()
    for item in standing_of(view, "roster", roster, Roster):
        if isinstance(item.body, Roster):
            last = tuple(map(str, item.body.members)) if item.body.role == role else ()
    return last


def frame_at(view: View, programme: SamplingProgramme, size: int) -> Frame:
    """Return who may be drawn of a programme as of a size of the log."""
    then = AsOfView(view, size)
    listed: dict[str, dict[str, None]] = {}
    for item in standing_of(then, "on-sale", programme.category, Listing):
        who = listed.setdefault(item.subject, {})
        who |= dict.fromkeys((item.issuer, *_sellers(then, item)))
    found: dict[str, list[str]] = {f"{OBJECT}{plan.grade}": [] for plan in programme.strata}
    for product in sorted(listed):
        role = f"{OBJECT}{stratum_of(then, product)}"
        if role in found:
            found[role].append(product)
    candidates = {role: tuple(keys) for role, keys in found.items()}
    for plan in programme.rosters:
        candidates[plan.role] = tuple(sorted(members_of(then, plan.roster, plan.role)))
    return Frame(candidates, {product: tuple(who) for product, who in listed.items()})


def due_us(programme: SamplingProgramme, draw: Draw) -> int:
    """Return when the beacon of a draw is due, in microseconds since 1970."""
    return CHAINS[programme.beacon].time_of(draw.round) * MICROSECONDS


def sellers_at(view: View, product: str, size: int) -> frozenset[str]:
    """Return whose shops a product was on sale in as of a size of the log."""
    then = AsOfView(view, size)
    return frozenset(
        seller
        for item in standing_of(then, "listing", product, Listing)
        for seller in _sellers(then, item)
    )


def _sellers(view: View, item: Standing) -> Iterator[str]:
    """Yield whose the shop of a listing is."""
    assert isinstance(item.body, Listing)  # noqa: S101 - callers asked for listings
    for shop in standing_of(view, "shop", str(item.body.shop), Shop):
        if isinstance(shop.body, Shop):
            yield str(shop.body.trader)


def key_of_draws(view: View, operator: str, before: int | None = None) -> Standing | None:
    """Return the key that an operator's draws are proven by, the newest before an entry; None without one.

    Of a draw the newest before it: whoever makes another when the beacon is known gains nothing.
    """
    known = [
        item
        for item in standing_of(view, "draws", operator, DrawKey)
        if before is None or item.index < before
    ]
    return known[-1] if known else None


def output_of(
    programme: SamplingProgramme, key: DrawKey, committed: Standing, result: DrawResult
) -> bytes:
    """Return the 64 bytes that a draw's tickets follow from.

    Raises:
        SignatureError: the beacon's signature or the proof is none of this draw's.
        CannotVerifyError: the extra ``draws`` is not installed.

    """
    body = committed.body
    assert isinstance(body, Draw)  # noqa: S101 - the caller looked
    chain = CHAINS[programme.beacon]
    randomness = randomness_of(chain, body.round, bytes.fromhex(result.signature))
    alpha = alpha_of(committed.entry.statement.leaf_hash, body.round, randomness)
    return verify(parse_base64url(key.x), alpha, bytes.fromhex(result.proof))


def picks_of(
    view: View, programme: SamplingProgramme, size: int, beta: bytes
) -> tuple[RolePicks, ...]:
    """Return what is drawn of a programme's frame at a size: of each grade, then of each roster.

    Who is tied then to a party of any product that is drawn or stands by is passed over.
    """
    then, frame = AsOfView(view, size), frame_at(view, programme, size)
    found = [
        _picked(f"{OBJECT}{plan.grade}", beta, frame, plan.count, plan.spares)
        for plan in programme.strata
    ]
    at_us = view.registered_us(size - 1)
    theirs = groups_of(then, parties_of(then, frame, found), at_us)
    for plan in programme.rosters:
        tied = [
            member
            for member in frame.candidates[plan.role]
            if theirs & group(then, member, at_us).keys()
        ]
        found.append(_picked(plan.role, beta, frame, plan.count, plan.spares, tied))
    return tuple(found)


def parties_of(view: View, frame: Frame, picks: Iterable[RolePicks]) -> tuple[str, ...]:
    """Return the parties of what is drawn or stands by, and who listed it as of the frame, each once."""
    chosen = [str(each.key) for item in objects_of(picks) for each in (*item.drawn, *item.spares)]
    return tuple(
        dict.fromkeys(
            party
            for product in chosen
            for party in (*parties_to(view, "product", product), *frame.listed_by[product])
        )
    )


def groups_of(view: View, parties: Iterable[str], at_us: int) -> set[str]:
    """Return all that parties are affiliated with at a time, upwards, themselves too."""
    return {one for party in parties for one in group(view, party, at_us)}


def overlap(ours: SamplingProgramme, theirs: SamplingProgramme) -> bool:
    """Return whether two programmes may draw the same goods: one category, or one below the other, and a grade of both."""
    grades = {plan.grade for plan in ours.strata} & {plan.grade for plan in theirs.strata}
    within = ours.category in ancestors(theirs.category) or theirs.category in ancestors(
        ours.category
    )
    return bool(grades) and within


def _picked(
    role: str, beta: bytes, frame: Frame, count: int, spares: int, tied: Sequence[str] = ()
) -> RolePicks:
    picks = pick(role, beta, frame.candidates[role], count=count, spares=spares, excluded=tied)

    def ticketed(keys: Iterable[str]) -> tuple[Ticketed, ...]:
        return tuple(Ticketed(key=key, ticket=picks.tickets[key].hex()) for key in keys)  # type: ignore[arg-type]  # plain texts

    return RolePicks(
        role=role,  # type: ignore[arg-type]  # as above
        drawn=ticketed(picks.drawn),
        spares=ticketed(picks.spares),
        passed_over=picks.passed_over,  # type: ignore[arg-type]  # as above
    )


def left_of(picks: RolePicks, substitutions: Iterable[Substitution]) -> tuple[str, ...] | None:
    """Return who acts in a role when those that fell out are followed by spares, in their order.

    None where somebody falls out who was neither drawn nor stood in by then.
    """
    acting, spares = [str(item.key) for item in picks.drawn], [str(i.key) for i in picks.spares]
    for item in substitutions:
        if item.role != picks.role:
            continue
        if item.key not in acting:
            return None
        place = acting.index(str(item.key))
        acting[place : place + 1] = spares[:1]
        spares = spares[1:]
    return tuple(acting)


def acting_in(result: DrawResult, role: str) -> tuple[str, ...]:
    """Return who acts in a role by a result; of ``object/`` the products of all grades."""
    found: list[str] = []
    for picks in result.picks:
        if picks.role == role or (role == OBJECT and picks.role.startswith(OBJECT)):
            found += left_of(picks, result.substitutions) or ()
    return tuple(found)


def faults_of(
    view: View,
    programme: SamplingProgramme,
    key: DrawKey,
    committed: Standing,
    result: DrawResult,
    at_us: int,
) -> Iterator[str]:
    """Yield why a result is not what follows from the draw, the beacon and the key; ``at_us``: when it is registered.

    Raises:
        CannotVerifyError: the extra ``draws`` is not installed.

    """
    assert isinstance(committed.body, Draw)  # noqa: S101 - the caller looked
    try:
        beta = output_of(programme, key, committed, result)
    except SignatureError as error:
        yield saying("{why}", why=error)
        return
    amiss = False
    for told, due in _beside(result.picks, picks_of(view, programme, committed.body.size, beta)):
        if told != due:
            named, amiss = told or due, True
            assert named is not None  # noqa: S101 - one of the two is there
            yield saying("{role}: other picks than follow", role=named.role)
    if amiss:
        return  # who falls out of what was not drawn is nobody's concern
    yield from _fell_out_amiss(view, programme, committed.body, result, at_us)


def _fell_out_amiss(
    view: View, programme: SamplingProgramme, draw: Draw, result: DrawResult, at_us: int
) -> Iterator[str]:
    """Yield which substitutions are of nobody drawn, or for a reason that the ledger does not have."""
    roles = {picks.role for picks in result.picks}
    tied = [item for item in result.substitutions if item.reason == TIED_SINCE]
    theirs = set[str]()
    if tied:
        frame = frame_at(view, programme, draw.size)
        theirs = groups_of(view, parties_of(view, frame, result.picks), at_us)
    for item in tied:
        if not theirs & group(view, str(item.key), at_us).keys():
            yield saying("{party} is tied to nobody of what is drawn", party=item.key)
    listed = standing_of(view, "on-sale", programme.category, Listing)
    on_sale = {item.subject for item in listed}
    for item in result.substitutions:
        if item.role not in roles:
            yield saying("{role}: nobody is drawn", role=item.role)
        if item.reason == NOT_ON_SALE and item.key in on_sale:
            yield saying("{product} is on sale still: say why it fell out", product=item.key)
    for picks in result.picks:
        if left_of(picks, result.substitutions) is None:
            yield saying("{role}: who falls out was not drawn", role=picks.role)


def _beside(
    told: Sequence[RolePicks], due: Sequence[RolePicks]
) -> Iterator[tuple[RolePicks | None, RolePicks | None]]:
    for place in range(max(len(told), len(due))):
        yield (
            told[place] if place < len(told) else None,
            due[place] if place < len(due) else None,
        )


def sealed_before(view: View, draw: str) -> Standing | None:
    """Return what was sealed of a draw before its result, None where nothing was."""
    return next(iter(standing_of(view, "draw", draw, DrawSealed)), None)


def places_of(programme: SamplingProgramme, picks: Iterable[RolePicks]) -> dict[str, int]:
    """Return the place among the sealed digests of each product that is drawn or stands by, by its id.

    A place is there for each that a programme asks for, also where fewer are in the frame.
    """
    by_role = {str(item.role): item for item in picks}
    found: dict[str, int] = {}
    before = 0
    for plan in programme.strata:
        item = by_role.get(f"{OBJECT}{plan.grade}")
        for first, own in ((0, item and item.drawn), (plan.count, item and item.spares)):
            found |= {str(one.key): before + first + at for at, one in enumerate(own or ())}
        before += plan.count + plan.spares
    return found


def sealing_faults(
    programme: SamplingProgramme, sealed: DrawSealed | None, result: DrawResult
) -> Iterator[str]:
    """Yield why the sealing statements that a result names are not those that were sealed."""
    known = () if sealed is None else sealed.digests
    places = places_of(programme, result.picks)
    bought = [str(item.product) for item in result.sealings]
    acting = [key for picks in objects_of(result.picks) for key in _acting(picks, result)]
    if sorted(bought) != sorted(acting):
        yield saying("sealings: one of each product that is left, and of no other")
    for item in result.sealings:
        place = places.get(str(item.product), len(known))
        if place >= len(known) or known[place] != item.statement:
            yield saying(
                "sealings: {product}: another statement than was sealed in its place before the reveal",
                product=item.product,
            )


def _acting(picks: RolePicks, result: DrawResult) -> tuple[str, ...]:
    return left_of(picks, result.substitutions) or ()


def draws_of(view: View, programme: str) -> dict[str, tuple[Standing, Standing | None]]:
    """Return the draws of a programme by id, each with its result, None without one."""
    return _with_results(view, "programme", programme)


def draws_by(view: View, operator: str) -> dict[str, tuple[Standing, Standing | None]]:
    """Return all draws of an operator by id, each with its result, None without one."""
    return _with_results(view, "draws", operator)


def _with_results(
    view: View, topic: str, subject: str
) -> dict[str, tuple[Standing, Standing | None]]:
    results: dict[str, Standing] = {}
    for item in standing_of(view, topic, subject, DrawResult):
        results.setdefault(item.subject, item)
    found: dict[str, tuple[Standing, Standing | None]] = {}
    for item in standing_of(view, topic, subject, Draw):
        found.setdefault(item.subject, (item, results.get(item.subject)))
    return found


def still_open(item: Standing, result: Standing | None, now_us: int) -> bool:
    """Return whether a draw waits for its result: its deadline is not past."""
    return result is None and isinstance(item.body, Draw) and now_us <= item.body.deadline.us
