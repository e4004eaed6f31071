"""What became of a draw: who saw it in time, who is left, and which of its picks were executed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from ledger.errors import MalformedError, SignatureError
from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.primitives.instant import DAY_US
from ledger.rules.drawing import acting_in, due_us, left_of
from ledger.rules.draws import BEACON_US
from ledger.rules.standing import Standing, resolve, standing_in, standing_of
from ledger.rules.state import MICROSECONDS, log_state, verifier_keys
from ledger.statements.draw_family import (
    OBSERVER,
    Draw,
    DrawResult,
    SamplingProgramme,
    Witnessed,
    objects_of,
)
from ledger.statements.fields import Citation
from ledger.statements.inspection_family import Inspection, SampleSealed
from ledger.statements.log_family import Genesis, Rules
from ledger.statements.observer_family import Invitation
from ledger.tlog.checkpoint import verify_cosignature
from ledger.tlog.note import Note, VerifierKey, parse_note


@dataclass(frozen=True, slots=True)
class Found:
    """A draw with its programme and its result, if it has one that came in time."""

    item: Standing
    body: Draw
    plan: Standing
    programme: SamplingProgramme
    answer: Standing | None
    result: DrawResult | None

    @property
    def due_us(self) -> int:
        """Return when its beacon is due."""
        return due_us(self.programme, self.body)

    def failed(self, now_us: int) -> bool:
        """Return whether its deadline passed without a result."""
        return self.result is None and now_us > self.body.deadline.us


def found_draw(view: View, item: Standing, answer: Standing | None) -> Found | None:
    """Return a draw with what it is of; a result registered behind the deadline is none."""
    body = item.body
    if not isinstance(body, Draw):
        return None
    plan = resolve(view, body.programme)
    if plan is None or not isinstance(plan.body, SamplingProgramme):
        return None
    late = answer is not None and view.registered_us(answer.index) > body.deadline.us
    kept = None if late else answer
    result = kept.body if kept is not None and isinstance(kept.body, DrawResult) else None
    return Found(item, body, plan, plan.body, kept, result)


def witnessed_us(view: View, origin: str, found: Found) -> tuple[int | None, int]:
    """Return by when the log's quorum of witnesses had seen a draw, None without, and the quorum.

    By the checkpoint that its result shows, by the cosignatures of witnesses that the log named before
    the draw, one at least; what is later than ten minutes before the beacon is none.
    """
    quorum = max(1, log_state(view, origin).genesis.quorum)
    shown = None if found.result is None else found.result.witnessed
    if not isinstance(shown, Witnessed):
        return None, quorum
    try:
        note = parse_note(shown.checkpoint)
    except MalformedError:
        return None, quorum
    known = witnesses_of(view, origin, before=found.item.index)
    times = seen_in_time(note, known, found.due_us)
    return (times[quorum - 1] if len(times) >= quorum else None), quorum


def seen_in_time(note: Note, witnesses: Iterable[VerifierKey], due_us: int) -> list[int]:
    """Return when witnesses cosigned a checkpoint, of those ten minutes before a beacon is due or earlier.

    Ascending, in microseconds since 1970.
    """
    times = []
    for vkey in witnesses:
        try:
            time_s = verify_cosignature(note, vkey)
        except (SignatureError, MalformedError):
            continue
        if time_s is not None and time_s * MICROSECONDS + BEACON_US <= due_us:
            times.append(time_s * MICROSECONDS)
    return sorted(times)


def witnesses_of(view: View, origin: str, *, before: int) -> list[VerifierKey]:
    """Return the witnesses that a log named before an entry, in genesis and behind it.

    Whoever names one behind a draw may have it attest to any time.
    """
    named = (
        vkey
        for entry in view.history("log", origin).entries()
        if isinstance(entry.body, Genesis | Rules) and entry.index < before
        for vkey in entry.body.witnesses
    )
    return list(verifier_keys(named))


@dataclass(frozen=True, slots=True)
class Pick:
    """A product that is left, and what became of it: ``open`` and ``failed`` without an inspection.

    ``sample``: the sample by which it was executed.
    """

    role: str
    product: str
    sealing: str | None
    state: str
    inspection: Standing | None = None
    sample: str | None = None


def until_us(view: View, found: Found) -> int:
    """Return until when picks are executed: so many days behind the result."""
    assert found.answer is not None  # noqa: S101 - the caller looked
    return view.registered_us(found.answer.index) + found.programme.days * DAY_US


def picks_left(view: View, found: Found, now_us: int) -> Iterator[Pick]:
    """Yield what became of each product that is left in a draw.

    Executed: an inspection that cites it is registered within the days given, of a lot of which the very
    sample is sealed that was named before the reveal, and taken when the pick could be known.
    """
    if found.result is None:
        return
    made: dict[str, list[Standing]] = {}
    for item in standing_in(view, "executed", found.item.subject):
        if isinstance(item.body, Inspection) and item.body.pick is not msgspec.UNSET:
            made.setdefault(product_of(item.subject), []).append(item)
    sealed = {str(item.product): item.statement for item in found.result.sealings}
    latest_us = until_us(view, found)
    for picks in objects_of(found.result.picks):
        for product in left_of(picks, found.result.substitutions) or ():
            tried = made.get(product, [])
            named = sealed.get(product)
            samples = ((item, _sealed(view, found, item, named)) for item in tried)
            chosen, sample = next((pair for pair in samples if pair[1]), (None, None))
            if chosen is not None:
                late = view.registered_us(chosen.index) > latest_us
                state = "late" if late else "executed"
            elif now_us > latest_us:
                state = "unsealed" if tried else "failed"
            else:
                state = "unsealed" if tried else "open"
            shown = chosen or (tried[0] if tried else None)
            yield Pick(str(picks.role), product, named, state, shown, sample)


def _sealed(view: View, found: Found, item: Standing, named: str | None) -> str | None:
    """Return the sample of this sealing statement where it is of the inspection's lot, by who inspects.

    It was taken when the beacon was due or later: before, nobody could buy what was drawn.
    """
    for sealed in standing_of(view, "inspection", item.subject, SampleSealed):
        if (
            sealed.id == named
            and sealed.issuer == item.issuer
            and isinstance(sealed.body, SampleSealed)
            and sealed.body.taken.us >= found.due_us
        ):
            return sealed.subject
    return None


def invited_by(view: View, answer: Standing | None) -> dict[str, int]:
    """Return the observers that were invited by the result of a draw, each with its first invitation."""
    found = dict[str, int]()
    if answer is not None:
        for item in standing_of(view, "executed", answer.subject, Invitation):
            pick = item.body.pick if isinstance(item.body, Invitation) else None
            if isinstance(pick, Citation) and pick.id in answer.ids:
                found.setdefault(item.subject, item.index)
    return found


def uninvited_of(view: View, answer: Standing) -> tuple[str, ...]:
    """Return the observers that are left in the result of a draw and were not invited by it."""
    assert isinstance(answer.body, DrawResult)  # noqa: S101 - callers asked for results
    invited = invited_by(view, answer)
    return tuple(one for one in acting_in(answer.body, OBSERVER) if one not in invited)
