"""What follows from a measured value: whether it keeps a limit, by a decision rule.

ISO/IEC 17025:2017 3.7 and 7.8.6; ILAC-G8:09/2019 4.2: ``simple`` accepts by the value alone,
``guarded`` asks that the value keeps the limit by its expanded uncertainty (w = U, k = 2) to
pass, and misses it by as much to fail; between the two neither is shown.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from ledger.rules.naming import same_property
from ledger.statements.laboratory_family import DecisionRule, Outcome, Result
from ledger.statements.standard_family import Criterion, Direction

Shown = Literal["pass", "fail", "inconclusive"]


def conformity(
    *,
    value: str,
    uncertainty: str | None,
    below_detection: bool,
    direction: Direction,
    limit: str,
    decision_rule: DecisionRule,
) -> Shown:
    """Return what a value shows of a limit.

    Args:
        value: the value, or the least detectable one, as a decimal text.
        uncertainty: the expanded uncertainty in the same unit, None if not stated.
        below_detection: nothing was found: the true value is below ``value``.
        direction: whether the limit is the most or the least allowed; it is allowed itself.
        limit: the limit in the same unit.
        decision_rule: see above; guarded without an uncertainty shows nothing.

    """
    sign = 1 if direction == "at-most" else -1
    excess = sign * (Decimal(value) - Decimal(limit))
    if below_detection:
        if Decimal(value) > Decimal(limit):
            return "inconclusive"  # the method does not see as far down as the limit
        return "pass" if direction == "at-most" else "fail"
    guard = Decimal(0)
    if decision_rule == "guarded":
        if uncertainty is None:
            return "inconclusive"
        guard = Decimal(uncertainty)
    if excess + guard <= 0:
        return "pass"
    return "fail" if excess - guard > 0 else "inconclusive"


def judged(result: Result, criteria: Sequence[Criterion], decision_rule: DecisionRule) -> Outcome:
    """Return what follows for a result by all criteria of its property, in the result's unit.

    It passes if it keeps each, fails if it misses one; ``not-judged`` where none is asked.
    """
    shown = {
        conformity(
            value=result.value,
            uncertainty=result.uncertainty if isinstance(result.uncertainty, str) else None,
            below_detection=result.below_detection,
            direction=item.direction,
            limit=item.limit,
            decision_rule=decision_rule,
        )
        for item in criteria
        if same_property(item, result)
    }
    if "fail" in shown:
        return "fail"
    if "inconclusive" in shown:
        return "inconclusive"
    return "pass" if shown else "not-judged"
