"""Since when a report says what may be objected to: a correction may make it worse, at any later time."""

from ledger.histories.history import Entry
from ledger.rules.reports import OBJECTIONABLE, objected_properties, result_named
from ledger.rules.standing import Standing
from ledger.statements.fields import Body
from ledger.statements.laboratory_family import Objection, Tested


def _outcome(body: Body, name: str) -> str | None:
    result = result_named(body, name) if isinstance(body, Tested) else None
    return None if result is None else result.outcome


def said_since(report: Standing, name: str) -> Entry:
    """Return what says first, of a report and its corrections, what it says now of a property."""
    now = _outcome(report.body, name)
    index = report.since(lambda body: _outcome(body, name) == now)
    return next(entry for entry, _ in report.versions if entry.index == index)


def against_since(report: Standing, objection: Objection) -> dict[str, Entry]:
    """Return the properties that an objection is against, each with what says first what it says now."""
    assert isinstance(report.body, Tested)  # noqa: S101 - callers asked for reports
    names = objected_properties(objection, report.body)
    return {name: said_since(report, name) for name in sorted(names)}


def objectionable_since(report: Standing) -> Entry | None:
    """Return what said last that a property failed or was inconclusive; None without any."""
    assert isinstance(report.body, Tested)  # noqa: S101 - callers asked for reports
    names = [one.property for one in report.body.results if one.outcome in OBJECTIONABLE]
    since = (said_since(report, str(name)) for name in names)
    return max(since, key=lambda entry: entry.index, default=None)
