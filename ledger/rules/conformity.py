"""What follows from a result: whether it meets a criterion, by a decision rule.

ISO/IEC 17025:2017 3.7 and 7.8.6; ILAC-G8:09/2019 4.2: ``simple`` accepts by the value alone,
``guarded`` asks that the value keeps the limit by its expanded uncertainty (w = U, k = 2) to
pass, and misses it by as much to fail; between the two neither is shown. What a method cannot tell
is shown neither: of all values that the true one may be, each has to keep a limit, or each to miss it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ledger.primitives.near import normal_name
from ledger.rules.naming import same_property
from ledger.statements.criteria import LIMITED, STRICT, UPPER, Criterion, Direction, UnitsPlan
from ledger.statements.laboratory_family import DecisionRule
from ledger.statements.results import ABSENT, PRESENT, Outcome, Result, is_number

Shown = Literal["pass", "fail", "inconclusive"]
ONE_UNIT = UnitsPlan(n=1, c=0)
"""What is asked of a sample where a criterion has no plan."""


@dataclass(frozen=True, slots=True)
class _Within:
    """Between which values the true one lies, these among them unless ``open``; None: no end there."""

    low: Decimal | None
    high: Decimal | None
    open: bool = False

    def mirrored(self) -> "_Within":
        """Return the same about zero."""
        low = None if self.high is None else -self.high
        return _Within(low, None if self.low is None else -self.low, self.open)


def _within(value: str, uncertainty: str | None, rule: DecisionRule, *, below: bool) -> _Within:
    """Return where a value lies; ``below``: nothing was found, by a method that finds as little."""
    if value == ABSENT:
        return _Within(None, None)  # how little would have been found is not said
    if value == PRESENT:
        return _Within(Decimal(0), None, open=True)
    number = Decimal(value.lstrip("<>"))
    if below or value.startswith("<"):
        return _Within(None, number, open=True)
    if value.startswith(">"):
        return _Within(number, None, open=True)
    if rule == "simple":
        return _Within(number, number)
    guard = None if uncertainty is None else Decimal(uncertainty)
    return _Within(None, None) if guard is None else _Within(number - guard, number + guard)


def _against(at: _Within, direction: Direction, limit: Decimal) -> Shown:
    """Return what a value shows of a limit: each that it may be keeps it, none does, or neither."""
    if direction not in UPPER:
        at, limit = at.mirrored(), -limit
    strict = direction in STRICT
    low, high = at.low, at.high
    if high is not None and (high < limit or (high == limit and (at.open or not strict))):
        return "pass"
    if low is not None and (low > limit or (low == limit and (at.open or strict))):
        return "fail"
    return "inconclusive"


def conformity(
    *,
    value: str,
    uncertainty: str | None,
    below_detection: bool,
    direction: Direction,
    limit: str,
    decision_rule: DecisionRule,
    traces: bool = False,
) -> Shown:
    """Return what a value shows of a limit, or of that nothing may be found.

    Args:
        value: as results have it, or the least detectable one.
        uncertainty: the expanded uncertainty in the same unit, None if not stated.
        below_detection: nothing was found: the true value is below ``value``.
        direction: at-most and at-least allow the limit itself, below and above do not; absent has 0.
        limit: the limit in the same unit.
        decision_rule: see above; guarded without an uncertainty shows nothing of a number.
        traces: something was found, however little.

    """
    if direction == "absent":
        if below_detection or value == ABSENT:
            return "pass"
        if traces:
            return "fail"
    at = _within(value, uncertainty, decision_rule, below=below_detection)
    return _against(at, direction, Decimal(limit))


def shown_of(result: Result, criterion: Criterion, decision_rule: DecisionRule) -> Shown:
    """Return what a result shows of a criterion of its property, in the result's unit.

    Of what is described it shows what its laboratory says, if it held it against just that. Of
    several units each has to meet the criterion, unless it has a plan: then so many may be beyond
    the limit, none beyond M, and fewer units than n show nothing but a failure.
    """
    if criterion.direction == "described":
        return _as_described(result, criterion)
    if criterion.direction == "one-of":
        return "pass" if _is_one_of(result.found(), criterion.words) else "fail"
    if not result.readings():
        return "inconclusive"  # words show nothing of a number
    plan = criterion.plan() or ONE_UNIT
    each = _by_unit(result, criterion.direction, f"{criterion.bound():f}", decision_rule)
    worst: list[Shown] = []
    if isinstance(plan.most, str):
        allowed: Direction = "at-most" if criterion.direction in UPPER else "at-least"
        worst = _by_unit(result, allowed, plan.most, decision_rule)
    if "fail" in worst or each.count("fail") > plan.c:
        return "fail"
    doubtful = len(each) - each.count("pass") > plan.c or "inconclusive" in worst
    return "inconclusive" if doubtful or len(each) < plan.n else "pass"


def _by_unit(
    result: Result, direction: Direction, limit: str, decision_rule: DecisionRule
) -> list[Shown]:
    """Return what the value of each unit shows of a limit."""
    return [
        conformity(
            value=value,
            uncertainty=result.uncertainty if isinstance(result.uncertainty, str) else None,
            below_detection=result.below_detection,
            traces=result.traces,
            direction=direction,
            limit=limit,
            decision_rule=decision_rule,
        )
        for value in result.readings()
    ]


def _as_described(result: Result, criterion: Criterion) -> Shown:
    """Return what a laboratory says of what is described, nothing if it held it against something else."""
    against = result.against if isinstance(result.against, str) else ""
    if result.outcome == "not-judged" or not _is_one_of(against, criterion.words):
        return "inconclusive"
    return result.outcome


def _is_one_of(found: str, words: Sequence[str]) -> bool:
    return normal_name(found) in map(normal_name, words)


def judged(result: Result, criteria: Sequence[Criterion], decision_rule: DecisionRule) -> Outcome:
    """Return what follows for a result by all criteria of its property, in the result's unit.

    It passes if it keeps each, fails if it misses one; ``not-judged`` where none is asked.
    """
    shown = {
        shown_of(result, item, decision_rule) for item in criteria if same_property(item, result)
    }
    if "fail" in shown:
        return "fail"
    if "inconclusive" in shown:
        return "inconclusive"
    return "pass" if shown else "not-judged"


def needs_uncertainty(result: Result, criteria: Sequence[Criterion]) -> bool:
    """Return whether a guarded decision on a result by criteria of its property needs its uncertainty."""
    measured = any(item.direction in LIMITED for item in criteria)
    return measured and not result.below_detection and any(map(is_number, result.readings()))
