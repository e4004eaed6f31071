"""What a report's values show of limits, whether or not its laboratory judged them."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from ledger.histories.history import View
from ledger.rules.chains import Failure
from ledger.rules.claims import category_of
from ledger.rules.conformity import judged
from ledger.rules.found import NAMED
from ledger.rules.naming import in_unit, same_unit
from ledger.rules.reports import Report, result_of
from ledger.rules.standards import baselines_in_force, stated
from ledger.statements.criteria import Criterion
from ledger.statements.laboratory_family import Tested
from ledger.statements.results import ABSENT, PRESENT, Outcome, Result


def told_in(result: Result, unit: str) -> Result | None:
    """Return a result in another unit, None where that cannot be."""
    if result.unit == unit:
        return result
    told = [_told(value, result.unit, unit) for value in result.readings()]
    values = tuple(value for value in told if value is not None)
    if len(values) < len(told):
        return None
    changed: dict[str, Any] = {"unit": unit}
    if values:
        changed |= {"values": values} if result.values else {"value": values[0]}
    if isinstance(result.uncertainty, str):
        changed["uncertainty"] = f"{in_unit(result.uncertainty, result.unit, unit):f}"
    return msgspec.structs.replace(result, **changed)


def _told(value: str, unit: str, wanted: str) -> str | None:
    """Return what was measured in another unit; what is only there or not in no other one."""
    if same_unit(unit, wanted):
        return value
    if value in (ABSENT, PRESENT):
        return None
    found = in_unit(value.lstrip("<>"), unit, wanted)
    return None if found is None else f"{value[0] if value[0] in '<>' else ''}{found:f}"


def shown_by(body: Tested, criterion: Criterion) -> tuple[Result, Outcome] | None:
    """Return a report's result in a criterion's unit and what it shows of that, None where it has none."""
    result = result_of(body, criterion)
    told = None if result is None else told_in(result, criterion.unit)
    return None if told is None else (told, judged(told, (criterion,), body.decision_rule))


def unjudged(view: View, report: Report, category: str | None) -> Iterator[Failure]:
    """Yield the values of a report, judged by nothing, that miss what a baseline asks of such goods.

    The baselines are those in force when the tests ended; of each property the first that is missed.
    """
    body = report.body
    left_out = [result for result in body.results if result.outcome == "not-judged"]
    if category is None or not left_out:
        return
    baselines = baselines_in_force(view, category, body.tested_until.us)
    told = set[str]()
    for baseline in baselines:
        for criterion in stated(baseline).criteria:
            result = result_of(body, criterion)
            shown = shown_by(body, criterion)
            if result not in left_out or shown is None or shown[1] != "fail":
                continue
            if result.property not in told:
                told.add(result.property)
                facts: dict[str, str | int] = {
                    "laboratory": report.item.issuer,
                    "lot": str(body.lot),
                    "property": str(result.property),
                    "value": shown[0].found(),
                    "unit": criterion.unit,
                    "baseline": baseline.subject,
                    "direction": criterion.direction,
                    "limit": criterion.asks(),
                }
                yield Failure("limit-unjudged", (report.item.index, baseline.index), facts)


def many_unjudged(view: View, product: str, reports: Iterable[Report], at_us: int) -> list[Failure]:
    """Return that reports on lots of a product have values so, in one note however many; none where none has."""
    category = category_of(view, product)
    found = [
        report.item.index
        for report in reports
        if report.body.issued.us <= at_us and any(unjudged(view, report, category))
    ]
    if not found:
        return []
    facts: dict[str, str | int] = {"product": product, "count": len(found)}
    return [Failure("limits-unjudged", tuple(sorted(found)[:NAMED]), facts)]
