"""What a report's values show of limits, whatever its laboratory judged them by."""

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
from ledger.rules.standing import Standing
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


MISSED, UNSHOWN = "unjudged", "unshown"
"""Of a value that does not fail by its report: that it misses what a baseline asks, that it shows nothing of that."""


def unjudged(view: View, report: Report, category: str | None) -> Iterator[Failure]:
    """Yield the values of a report that miss what a baseline asks of such goods, or show nothing of it, and did not fail.

    By whatever the report judged them, a version that is in force no more, a standard that allows more, or nothing.
    The baselines are those in force when the tests ended; of each property the first that is missed, else
    the first of which nothing is shown.
    """
    if category is None:
        return
    found: dict[str, Failure] = {}
    for baseline in baselines_in_force(view, category, report.body.tested_until.us):
        for criterion in stated(baseline).criteria:
            result = result_of(report.body, criterion)
            if result is None or result.outcome == "fail":
                continue
            shown, name = shown_by(report.body, criterion), result.property
            if shown is not None and shown[1] == "fail":
                note = _note(report, baseline, criterion, shown[0], MISSED)
                if name not in found or found[name].code != note.code:
                    found[name] = note
            elif criterion.direction != "described" and (shown is None or shown[1] != "pass"):
                found.setdefault(name, _note(report, baseline, criterion, result, UNSHOWN))
    yield from found.values()


def _note(
    report: Report, baseline: Standing, criterion: Criterion, result: Result, what: str
) -> Failure:
    limit = criterion.asks()
    facts: dict[str, str | int] = {
        "laboratory": report.item.issuer,
        "lot": str(report.body.lot),
        "property": str(result.property),
        "value": result.found(),
        "unit": str(result.unit),
        "baseline": baseline.subject,
        "direction": criterion.direction,
        "limit": limit if same_unit(criterion.unit, result.unit) else f"{limit} {criterion.unit}",
    }
    return Failure(f"limit-{what}", (report.item.index, baseline.index), facts)


def many_unjudged(view: View, product: str, reports: Iterable[Report], at_us: int) -> list[Failure]:
    """Return that reports on lots of a product have values so, in one note of each kind however many."""
    category = category_of(view, product)
    found: dict[str, set[int]] = {}
    for report in reports:
        if report.body.issued.us <= at_us:
            for note in unjudged(view, report, category):
                found.setdefault(note.code, set()).add(report.item.index)
    return [
        Failure(
            f"limits-{what}",
            tuple(sorted(indices)[:NAMED]),
            {"product": product, "count": len(indices)},
        )
        for what in (MISSED, UNSHOWN)
        if (indices := found.get(f"limit-{what}"))
    ]
