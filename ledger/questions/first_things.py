"""What to do first: each thing to mend, by what mending it would move, computed and never worded.

A listing is judged by all its conditions at once: what it would be with something mended is what
is left of its reasons. What comes by itself within some days is found by judging it once more
about then. What a failure costs is unsaid by nothing but later outcomes: its points are those of
one passed outcome more, found the same way at the time asked about.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ledger.questions.on_sale import OnSale
from ledger.questions.quality import Indexed
from ledger.questions.verdict import Verdict, reason_key, reason_value
from ledger.rules.chains import Failure
from ledger.rules.scoring import Mark, model_of, weight_of

When = Literal["now", "ahead"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A listing, how it is judged at the time asked about, and how behind the days looked ahead."""

    found: OnSale
    now: Verdict
    then: Verdict


@dataclass(slots=True)
class _Thing:
    """Something to mend: ``alone``: how many listings it alone keeps back, ``against``: how many at all."""

    reason: Failure
    when: When
    alone: int = 0
    against: int = 0


@dataclass(slots=True)
class _Things:
    """What was found to mend so far, by reason."""

    found: dict[tuple[Any, ...], _Thing] = field(default_factory=dict)

    def take(self, reason: Failure, when: When) -> _Thing:
        """Return a thing to mend, which is now where it is both."""
        return self.found.setdefault(reason_key(reason), _Thing(reason, when))

    def stand(self, reasons: Iterable[Failure], when: When) -> None:
        """Add what stands against one listing."""
        things = {reason_key(one): self.take(one, when) for one in reasons}
        for thing in things.values():
            thing.against += 1
            thing.alone += len(things) == 1


def _as_it_ends(reason: Failure, ending: Sequence[Failure]) -> Failure:
    """Return what ends a condition where that is a paper or grant that ends, else the reason itself."""
    return next((one for one in ending if one.entries[0] in reason.entries), reason)


def points(found: Indexed, entries: Collection[int], at_us: int) -> int:
    """Return by how much the score would rise with a pass more for each failure among entries."""
    model, total = model_of(found.model), found.index.total
    if found.index.score is None:
        return 0
    for outcome, mark in found.index.counted:
        weight = weight_of(replace(outcome, at_us=at_us), model, at_us)
        if mark.failure is not None and outcome.item.index in entries and weight is not None:
            total = total.plus(Mark(mark.source, weight, None), model)
    return total.score(model) - found.index.score


def first_things(
    judged: Sequence[Judged],
    ending: Sequence[Failure],
    left: Sequence[Failure],
    causes: Mapping[int, Sequence[int]],
    index: tuple[Indexed, int] | None,
) -> list[dict[str, Any]]:
    """Return what to do, first what moves most, in one order.

    By listings that wait for it alone, then points, then listings it stands against; then what is
    to be done now; then code, entries and facts.

    Args:
        judged: a trader's listings.
        ending: papers and grants that end within the days looked ahead, as reasons.
        left: what else is to be mended or answered.
        causes: plan or advice -> what it is about.
        index: the trader's index, and the time it is about, microseconds; None where there is none.

    """
    things = _Things()
    for one in judged:
        things.stand(one.now.reasons, "now")
    for reason in left:
        things.take(reason, "now")
    for one in judged:
        if one.now.verdict == "yes":
            things.stand((_as_it_ends(reason, ending) for reason in one.then.reasons), "ahead")
    for reason in ending:
        things.take(reason, "ahead")

    def row(thing: _Thing) -> dict[str, Any]:
        about = {*thing.reason.entries}
        about.update(cause for entry in thing.reason.entries for cause in causes.get(entry, ()))
        return {
            "when": thing.when,
            "alone": thing.alone,
            "gains": 0 if index is None else points(index[0], about, index[1]),
            "against": thing.against,
            "why": [reason_value(thing.reason)],
        }

    rows = [(row(thing), thing) for thing in things.found.values()]
    rows.sort(key=lambda pair: _most(*pair))
    return [item for item, _ in rows]


def _most(row: Mapping[str, Any], thing: _Thing) -> tuple[Any, ...]:
    facts = tuple(sorted((name, str(value)) for name, value in thing.reason.facts.items()))
    order = (-row["alone"], -row["gains"], -row["against"], row["when"] != "now")
    return (*order, thing.reason.code, thing.reason.entries, facts)
