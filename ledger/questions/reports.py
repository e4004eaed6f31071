"""``report`` and ``reports``: is it the laboratory's own, does it stand, what else is said.

A paper report is found by the SHA-256 of its file, which the registered one names as evidence.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.identifiers import ALL
from ledger.primitives.instant import format_us
from ledger.questions.keys import suspicions
from ledger.questions.papers import paper_facts
from ledger.questions.times import dated
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure
from ledger.rules.objectionable import objectionable_since
from ledger.rules.report_parts import incomplete
from ledger.rules.reports import (
    OBJECTION_US,
    Objected,
    Report,
    contradictions,
    lot_reports,
    reports_in,
    suspense,
)
from ledger.rules.standing import Standing, resolve
from ledger.statements.brand_family import Qualification
from ledger.statements.catalogue import type_name
from ledger.statements.laboratory_family import Tested, TestReport
from ledger.statements.results import Result


def _documents(body: Any) -> set[str]:
    """Return the digests of the files that a report is printed in."""
    return {item.digest for item in body.evidence} if isinstance(body, Tested) else set()


def _named(report: Report, name: str) -> bool:
    """Return whether a report is the one that an id or the digest of a file names."""
    item = report.item
    ids = {item.id, item.version}
    return name == ALL or name in ids | _documents(item.body) | _documents(item.entry.body)


def _outdated(report: Report, name: str) -> bool:
    """Return whether what names a report is a file that a correction replaced."""
    return name in _documents(report.item.entry.body) - _documents(report.item.body)


def _said(result: Result) -> str:
    """Return a value as reports write it."""
    spread = f" ± {result.uncertainty}" if isinstance(result.uncertainty, str) else ""
    return result.found() + spread


def _row(report: Report, at_us: int) -> dict[str, Any]:
    body, item = report.body, report.item
    return {
        "entry": item.index,
        "id": item.id,
        "type": type_name(item.entry.body),
        "laboratory": item.issuer,
        "number": str(body.number),
        "sample": report.sample,
        "lot": str(body.lot),
        "issued": str(body.issued),
        "state": report.state(at_us),
        "documents": sorted(_documents(body)),
        "objections": [
            {
                "entry": objected.entry.index,
                "party": objected.entry.statement.issuer,
                "properties": sorted(map(str, objected.properties)),
                "closed": None if objected.closed is None else objected.closed.index,
                "outcome": objected.outcome,
                "retest": None if objected.retest is None else objected.retest.index,
            }
            for objected in report.objections
        ],
    }


def _results(report: Report, at_us: int) -> Iterator[dict[str, Any]]:
    """Yield each result of a report, and whether it is final."""
    for result in report.body.results:
        yield {
            "entry": report.item.index,
            "property": str(result.property),
            "value": _said(result),
            "unit": str(result.unit),
            "outcome": result.outcome,
            "state": report.state_of(result, at_us),
        }


def _overturned(report: Report, at_us: int) -> Iterator[Failure]:
    for result in report.results(at_us, "overturned"):
        entries = [report.item.index]
        for item in report.objections:
            if item.overturns(result) and item.closed and item.retest:
                entries += [item.retest.index, item.closed.index]
        facts: dict[str, str | int] = {
            "laboratory": report.item.issuer,
            "property": str(result.property),
        }
        yield Failure("report-overturned", tuple(entries), facts)


def _objected(report: Report, at_us: int) -> Iterator[Failure]:
    for item in report.objections:
        if not item.suspends(at_us):
            continue
        entries = (report.item.index, item.entry.index)
        yield Failure("report-objected", entries, suspense(report, item))


def _period_notes(asked: Asked, report: Report) -> Iterator[Failure]:
    """Yield that a report may still be objected to, and which objections took too long."""
    view, index = asked.view, report.item.index
    since = objectionable_since(report.item) if isinstance(report.body, TestReport) else None
    if since is not None:
        until_us = view.registered_us(since.index) + OBJECTION_US
        if asked.valid_at_us <= until_us:
            facts: dict[str, str | int] = {
                "laboratory": report.item.issuer,
                "until": format_us(until_us),
            }
            yield Failure("report-objectionable", (index,), facts)
    for item in report.objections:
        party: dict[str, str | int] = {"party": item.entry.statement.issuer}
        if item.lapsed(asked.valid_at_us):
            yield Failure("objection-overdue", (item.entry.index,), party)
        elif item.closed is not None and _took_us(asked, item) > OBJECTION_US:
            entries = (item.entry.index, item.closed.index)
            yield Failure("objection-closed-late", entries, party)


def _took_us(asked: Asked, item: Objected) -> int:
    """Return how long it took to decide an objection."""
    assert item.closed is not None  # noqa: S101 - asked of decided ones
    registered_us = asked.view.registered_us
    return registered_us(item.closed.index) - registered_us(item.entry.index)


def _papers(asked: Asked, report: Report) -> list[Standing]:
    """Return the accreditations that a report cites."""
    found = (resolve(asked.view, citation) for citation in report.body.accreditations)
    return [item for item in found if item is not None]


def _paper_notes(asked: Asked, report: Report) -> Iterator[Failure]:
    """Yield which accreditations were withdrawn since: the report stands, later ones cannot."""
    for item in _papers(asked, report):
        if item.ended is not None and isinstance(item.body, Qualification):
            ended = Failure("paper-withdrawn", (item.index, item.ended), paper_facts(item))
            yield dated(asked, ended)


def contradiction_notes(reports: Iterable[Report], at_us: int) -> Iterator[Failure]:
    """Yield where final results of two laboratories on one lot contradict each other."""
    for item in contradictions(reports, at_us):
        passed, failed = item.passed.item, item.failed.item
        facts: dict[str, str | int] = {
            "lot": str(item.passed.body.lot),
            "property": str(item.property),
            "passed": passed.issuer,
            "failed": failed.issuer,
        }
        yield Failure("reports-contradict", (passed.index, failed.index), facts)


def _issued(asked: Asked, reports: Iterable[Report]) -> list[Report]:
    return [item for item in reports if item.body.issued.us <= asked.valid_at_us]


def report_notes(asked: Asked, lot: str) -> list[Failure]:
    """Return which results about a lot are objected to, what contradicts, and which reports lack parts."""
    known = _issued(asked, lot_reports(asked.view, lot))
    at_us = asked.valid_at_us
    objected = (note for item in known for note in _objected(item, at_us))
    return [*objected, *contradiction_notes(known, at_us), *incomplete(known)]


def _absent(about: str, name: str) -> Failure:
    return Failure("report-absent", (), {"about": about, "report": name})


def report(asked: Asked, *, sample: str, report: str) -> Verdict:
    """Return whether reports on a sample are their laboratory's own and stand, and what they say."""
    found = [
        item
        for item in _issued(asked, reports_in(asked.view, "sample", sample))
        if _named(item, report)
    ]
    no, unknown, notes = list[Failure](), list[Failure](), list[Failure]()
    rests_on: list[int] = []
    for item in found:
        at, facts = item.item.index, {"laboratory": item.item.issuer}
        rests_on += [at, *(paper.index for paper in _papers(asked, item))]
        no += _overturned(item, asked.valid_at_us)
        unknown += _objected(item, asked.valid_at_us)
        unknown += suspicions(asked.view, item.item)
        if item.item.replaced is not None:
            corrected = Failure("report-corrected", (at, item.item.replaced), dict(facts))
            (no if _outdated(item, report) else notes).append(corrected)
        notes += [*_period_notes(asked, item), *_paper_notes(asked, item)]
    for lot in dict.fromkeys(str(item.body.lot) for item in found):
        known = _issued(asked, lot_reports(asked.view, lot))
        notes += contradiction_notes(known, asked.valid_at_us)
        notes += (note for note in incomplete(known) if not set(note.entries).isdisjoint(rests_on))
    if not found:
        unknown.append(_absent(sample, report))
    return settle(
        no=no,
        unknown=unknown,
        notes=notes,
        rests_on=rests_on,
        detail={
            "reports": [_row(item, asked.valid_at_us) for item in found],
            "results": [row for item in found for row in _results(item, asked.valid_at_us)],
        },
    )


def reports(asked: Asked, *, laboratory: str, month: str, report: str) -> Verdict:
    """Return what a laboratory reported in a month, all of it, or which of it a file is."""
    found = [
        item
        for item in _issued(asked, reports_in(asked.view, "reports", f"{laboratory}\n{month}"))
        if item.item.issuer == laboratory and item.body.issued_in == month and _named(item, report)
    ]
    return settle(
        unknown=[] if found else [_absent(f"{laboratory} {month}", report)],
        rests_on=[item.item.index for item in found],
        detail={"reports": [_row(item, asked.valid_at_us) for item in found]},
    )
