"""Whether a plan of improvement worked: what results behind it show of the measures that it names.

What counts is by nobody who did it, nor tied to whom it favours: reports of laboratories on samples
received, or inspections made, since the plan was registered and its last action was done. The newest
results decide, so one lucky lot proves little, and a bad one is followed by better ones. A result
worse than before stands until one as independent is not: no warehouse answers an inspector.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.favour import Users, done_and_signed, untied, whom
from ledger.rules.found import LABORATORY, RANK, counting, said_of_lots
from ledger.rules.improvements import Plan
from ledger.rules.limits import shown_by
from ledger.rules.reports import product_reports
from ledger.rules.untied_reports import counted_freely
from ledger.statements.improvement_family import Measure
from ledger.statements.inspection_family import Inspection

Proof = Literal["proven", "not-yet", "worse", "already"]
NEWEST = 3
"""Results that have to reach the target, or as many as there are."""
TOLD = 20
"""Results that are told of one measure."""


class _Value(NamedTuple):
    """A result: when it was measured, in microseconds, what it shows of target and baseline; by whom."""

    at_us: int
    entry: int
    lot: str
    value: str
    reached: bool
    worse: bool
    rank: int
    free: bool
    """Nobody tied to whom it favours says so."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What results show of a measure: ``before``: the newest before the plan; ``since``: the newest first."""

    plan: int
    measure: Measure
    before: _Value | None
    since: tuple[_Value, ...]

    @property
    def state(self) -> Proof:
        """Return whether the target was reached since."""
        if self.before is not None and self.before.reached:
            return "already"
        newest = self.since[:NEWEST]
        if not newest:
            return "not-yet"
        if self.unanswered is not None:
            return "worse"
        return "proven" if all(one.reached for one in newest) else "not-yet"

    @property
    def unanswered(self) -> _Value | None:
        """Return the newest result that is worse than the baseline, and that no free one of its rank answers since."""
        answered = -1
        for one in self.since:
            if one.worse and one.rank > answered:
                return one
            if one.free and not one.worse:
                answered = max(answered, one.rank)
        return None

    def told(self) -> Failure:
        """Return it as a reason or note."""
        names = ("product", "property", "unit")
        facts: dict[str, str | int] = {name: str(getattr(self.measure, name)) for name in names}
        facts["target"] = str(self.measure.goal)
        if self.state == "not-yet":
            entries = (self.plan, *(one.entry for one in self.since[:NEWEST]))
            return Failure("measure-unproven", entries, facts)
        value = self.before if self.state == "already" else self.unanswered or self.since[0]
        assert value is not None  # noqa: S101 - each other state has one
        facts["value"] = value.value
        return Failure(f"measure-{self.state}", (self.plan, value.entry), facts)

    def row(self) -> dict[str, Any]:
        """Return it as JSON."""
        names = ("product", "property", "unit", "direction")
        return {
            **{name: str(getattr(self.measure, name)) for name in names},
            "stated": str(self.measure.baseline),
            "target": str(self.measure.goal),
            "proof": self.state,
            "before": None if self.before is None else self.before.entry,
            "results": [
                {"entry": one.entry, "lot": one.lot, "value": one.value, "reached": one.reached}
                for one in self.since[:TOLD]
            ],
        }


def _tested(asked: Asked, measure: Measure) -> Iterator[_Value]:
    """Yield what laboratories that are tied to nobody measured, and what they found worse whoever they are."""
    target, before = measure.asks(measure.goal), measure.asks(measure.baseline)
    for found in product_reports(asked.view, measure.product):
        report = counted_freely(asked, found)
        body, shown = report.body, shown_by(report.body, target)
        if shown is None or not registered_by(asked, report.item.index):
            continue
        result, shows = shown
        if report.state_of(result, asked.valid_at_us) != "final":
            continue
        reached, old = shows == "pass", shown_by(body, before)
        if report.free or not reached:
            said = f"{', '.join(result.readings()) or result.found()} {result.unit}"
            worse = old is not None and old[1] == "fail"
            yield _Value(
                body.received.us,
                report.item.index,
                str(body.lot),
                said,
                reached,
                worse,
                LABORATORY,
                report.free,
            )


def _inspected(asked: Asked, measure: Measure) -> Iterator[_Value]:
    """Yield what part of what was inspected did not conform, in %."""
    for item in counting(said_of_lots(asked.view, measure.product, asked.users)):
        body, lot = item.body, item.subject
        if not isinstance(body, Inspection) or not registered_by(asked, item.index):
            continue
        part = Fraction(100 * body.nonconforming, body.sample_size)
        reached = part <= Fraction(measure.goal)
        parties = whom(asked.view, lot, asked.users.of(lot), str(body.trader))
        free = untied(asked.view, item.issuer, done_and_signed(item, body.on.us), parties)
        if free or not reached:
            value = f"{body.nonconforming}/{body.sample_size}"
            worse = part > Fraction(measure.baseline)
            rank = RANK[body.mode]
            yield _Value(body.on.us, item.index, lot, value, reached, worse, rank, free)


def measured(asked: Asked, plan: Plan) -> list[Measured]:
    """Return what results before and since a plan show of its measures."""
    found = []
    asked = asked.about(Users(frozenset({plan.trader})))
    done = [step.index for _, step in plan.done if registered_by(asked, step.index)]
    for measure in plan.body.measures:
        each = _inspected if measure.by_inspection() else _tested
        values = sorted(each(asked, measure), key=lambda one: (-one.at_us, -one.entry))
        planned_us = asked.view.registered_us(plan.entry.index)
        since_us = asked.view.registered_us(max((plan.entry.index, *done)))
        before = [one for one in values if one.at_us <= planned_us]
        since = tuple(one for one in values if one.at_us > since_us)
        newest = before[0] if before else None
        found.append(Measured(plan.entry.index, measure, newest, since))
    return found
