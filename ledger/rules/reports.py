"""Laboratories' reports and what became of them: objected to, confirmed, overturned by a retest.

Who rests anything on a report reads it here: a result that a retest overturned counts no more,
one that is objected to is in suspense, all others are final. Nobody is kept from a result by
leaving an objection undecided: after 15 days it suspends nothing, though a decision may still come.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from ledger.histories.history import Entry, Fold, View
from ledger.identifiers import product_of
from ledger.primitives.instant import DAY_US, format_us
from ledger.rules.chains import Failure, trademarks
from ledger.rules.claims import products
from ledger.rules.conformity import judged
from ledger.rules.favour import favoured, stated_by_right
from ledger.rules.naming import Named, of_property, same_name, same_property
from ledger.rules.standing import (
    Standing,
    all_amendments,
    resolve,
    standing,
    standing_in,
    with_amendments,
)
from ledger.rules.state import MICROSECONDS
from ledger.statements.amendment_family import WithdrawnInError
from ledger.statements.fields import Citation
from ledger.statements.inspection_family import Custody, Inspection, SampleSealed
from ledger.statements.laboratory_family import Objection, ObjectionClosed, RetestReport, Tested
from ledger.statements.results import Result
from ledger.statements.standard_family import BaselineStandard, Standard

OBJECTION_DAYS = 15
OBJECTION_US = OBJECTION_DAYS * DAY_US
"""产品质量法 article 15: objections within 15 days; the platform decides within as many."""
OBJECTIONABLE = ("fail", "inconclusive")

State = Literal["final", "objected", "overturned"]


def due_us(entry: Entry) -> int:
    """Return until when an objection, or what a retest answers, has to be decided."""
    return entry.statement.issued_at * MICROSECONDS + OBJECTION_US


def tested(item: Standing) -> Tested:
    """Return the body of a report."""
    assert isinstance(item.body, Tested)  # noqa: S101 - callers asked for reports
    return item.body


def sample_of(item: Standing) -> str:
    """Return the sample that was tested: a retest may be of another than the report's."""
    return str(item.body.sample) if isinstance(item.body, RetestReport) else item.subject


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection to a report; ``closed``: what decided it; ``retest``: the report it follows.

    ``due_us``: until when it has to be decided: 15 days from when it was signed, or from when the
    first retest behind it was, if that was by then. So it suspends once.
    """

    entry: Entry
    properties: frozenset[str]
    due_us: int
    closed: Entry | None = None
    retest: Standing | None = None

    @property
    def id(self) -> str:
        """Return its statement id in hexadecimal."""
        return self.entry.statement.id.hex()

    @property
    def outcome(self) -> str | None:
        """Return confirmed, overturned or withdrawn; None while it is open."""
        body = None if self.closed is None else self.closed.body
        return body.outcome if isinstance(body, ObjectionClosed) else None

    def overturns(self, result: Result) -> bool:
        """Return whether a result counts no more by it: the retest that decided it passed that property."""
        if self.outcome != "overturned" or self.retest is None:
            return False
        again = result_of(tested(self.retest), result)
        return result.property in self.properties and again is not None and passes(again)

    def lapsed(self, at_us: int) -> bool:
        """Return whether it was left undecided for too long at a time: it suspends nothing then."""
        return self.closed is None and at_us > self.due_us

    def suspends(self, at_us: int | None) -> bool:
        """Return whether results are in suspense by it: once it is signed; None: whatever time it is."""
        signed_us = self.entry.statement.issued_at * MICROSECONDS
        return self.closed is None and (
            at_us is None or (signed_us <= at_us and not self.lapsed(at_us))
        )


@dataclass(frozen=True, slots=True)
class Report:
    """A test report or retest report, corrected where it was, and what became of it.

    ``free``: whether what passes in it counts; what fails does, whoever found it.
    """

    item: Standing
    objections: tuple[Objected, ...] = ()
    retests: tuple[Standing, ...] = ()
    free: bool = True

    @property
    def body(self) -> Tested:
        """Return what it says."""
        return tested(self.item)

    @property
    def sample(self) -> str:
        """Return the sample that was tested."""
        return sample_of(self.item)

    @property
    def open_objections(self) -> tuple[Objected, ...]:
        """Return the objections nobody decided."""
        return tuple(item for item in self.objections if item.closed is None)

    def state_of(self, result: Result, at_us: int | None) -> State:
        """Return whether a result is final at a time, objected to, or overturned by a retest.

        ``at_us`` None: as if no objection grew too old. So rules ask, whose review knows no time.
        """
        if any(item.overturns(result) for item in self.objections):
            return "overturned"
        concerned = [item for item in self.objections if result.property in item.properties]
        return "objected" if any(item.suspends(at_us) for item in concerned) else "final"

    def state(self, at_us: int) -> State:
        """Return the state of the worst of its results at a time: overturned, objected, final."""
        states = {self.state_of(result, at_us) for result in self.body.results}
        return next((one for one in ("overturned", "objected") if one in states), "final")

    def results(self, at_us: int | None, state: State = "final") -> Iterator[Result]:
        """Yield its results in a state at a time: those that count, unless asked for others."""
        return (result for result in self.body.results if self.state_of(result, at_us) == state)


def failed_by(report: Report, result: Result) -> Failure:
    """Return that a report failed its lot by a result."""
    facts: dict[str, str | int] = {
        "laboratory": report.item.issuer,
        "lot": str(report.body.lot),
        "property": str(result.property),
    }
    return Failure("report-failed", (report.item.index,), facts)


def objected_to(report: Report, result: Result, at_us: int) -> Failure:
    """Return that a result of a report is in suspense at a time: by whom, and until when at most."""
    found = [
        item
        for item in report.objections
        if result.property in item.properties and item.suspends(at_us)
    ]
    last = max(found, key=lambda item: item.due_us)
    entries = (report.item.index, *(item.entry.index for item in found))
    return Failure("report-objected", entries, suspense(report, last))


def suspense(report: Report, objected: Objected) -> dict[str, str | int]:
    """Return the facts of an open objection: whose, to what, and until when it suspends."""
    return {
        "laboratory": report.item.issuer,
        "lot": str(report.body.lot),
        "party": objected.entry.statement.issuer,
        "due": format_us(objected.due_us),
    }


def failures(report: Report) -> list[Result]:
    """Return the results that failed and were not overturned."""
    return [
        result
        for result in report.body.results
        if result.outcome == "fail" and report.state_of(result, None) != "overturned"
    ]


def fails_critically(view: View, report: Report) -> bool:
    """Return whether a result that was not overturned misses a critical limit of the standard."""
    standard = report.body.standard
    found = resolve(view, standard) if isinstance(standard, Citation) else None
    if found is None or not isinstance(found.body, BaselineStandard | Standard):
        return False
    critical = [item for item in found.body.criteria if item.severity == "critical"]
    rule = report.body.decision_rule
    return any(judged(result, critical, rule) == "fail" for result in failures(report))


def passes(result: Result) -> bool:
    """Return whether a retest's result overturns one that did not pass: what is inconclusive shows nothing."""
    return result.outcome == "pass"


def result_of(body: Tested, wanted: Named) -> Result | None:
    """Return a report's result for the property of another result, or of a criterion."""
    return next(of_property(body.results, wanted), None)


def result_named(body: Tested, name: str) -> Result | None:
    """Return a report's result for a property by its name."""
    return next((result for result in body.results if same_name(result.property, name)), None)


def objected_properties(objection: Objection, body: Tested) -> frozenset[str]:
    """Return which results an objection is against, as the report spells their properties.

    Those it names, else all not passed; a name that is none of the report's stays as it is.
    """
    if objection.properties:
        found = ((name, result_named(body, name)) for name in objection.properties)
        return frozenset(name if own is None else own.property for name, own in found)
    return frozenset(item.property for item in body.results if item.outcome in OBJECTIONABLE)


def _answer(
    found: dict[str, tuple[Entry, ...]], entries: Sequence[Entry]
) -> dict[str, tuple[Entry, ...]]:
    for entry in entries:
        match entry.body:
            case (
                Objection(target=target)
                | RetestReport(target=target)
                | WithdrawnInError(target=target)
            ):
                id_ = target.id
            case ObjectionClosed(report=report):
                id_ = report
            case _:
                continue
        found[id_] = (*found.get(id_, ()), entry)
    return found


answered: Fold[dict[str, tuple[Entry, ...]]] = Fold(dict, _answer, dict)
"""The objections, retests and closings in a history, by the id of the report they are about.

Whatever answers a report joins all histories of that report, and so does what takes it back: that
is there by the id of what was taken back.
"""


def report_of(view: View, item: Standing) -> Report:
    """Return a report with what (``statement``, id) says of it."""
    answers = view.fold(all_amendments, "statement", item.id)
    return _report(with_amendments(view, item), answers)


def _report(item: Standing, answers: Sequence[Entry]) -> Report:
    """Return a report with what answers it, but for retests taken back in error and what followed from them."""
    body = tested(item)
    taken_back = {
        entry.body.target.id for entry in answers if isinstance(entry.body, WithdrawnInError)
    }
    retests = {
        entry.statement.id.hex(): Standing(entry, entry.body, entry.statement.id.hex())
        for entry in answers
        if isinstance(entry.body, RetestReport) and entry.statement.id.hex() not in taken_back
    }
    closings: dict[str, Entry] = {}
    for entry in answers:
        if isinstance(entry.body, ObjectionClosed):
            by = entry.body.retest
            if not (isinstance(by, Citation) and by.id in taken_back):
                closings.setdefault(entry.body.target.id, entry)
    objections = []
    for entry in answers:
        if not isinstance(entry.body, Objection):
            continue
        closed = closings.get(entry.statement.id.hex())
        cited = closed.body.retest if closed and isinstance(closed.body, ObjectionClosed) else None
        retest = retests.get(cited.id) if isinstance(cited, Citation) else None
        against = objected_properties(entry.body, body)
        later = (again.entry for again in retests.values() if again.index > entry.index)
        due = due_us(entry)
        # By when they were signed: which of two came to the log first decides nothing.
        again = min(later, key=lambda one: one.statement.issued_at, default=None)
        if again is not None and again.statement.issued_at * MICROSECONDS <= due:
            due = due_us(again)
        objections.append(Objected(entry, against, due, closed, retest))
    return Report(item, tuple(objections), tuple(retests.values()))


def reports_in(view: View, topic: str, subject: str) -> Iterator[Report]:
    """Yield the reports in a history (of a lot, a sample, a laboratory's month), oldest first.

    None that was taken back in error.
    """
    yield from reports_among(view, topic, subject, standing_in(view, topic, subject))


def reports_among(
    view: View, topic: str, subject: str, items: Iterable[Standing]
) -> Iterator[Report]:
    """Yield the reports among what a history says, in its order, with what it says of each."""
    answers = view.fold(answered, topic, subject)
    for item in items:
        if isinstance(item.body, Tested):
            own = answers.get(item.id, ())
            taken_back = (
                one
                for entry in own
                if isinstance(entry.body, RetestReport)
                for one in answers.get(entry.statement.id.hex(), ())
            )
            yield _report(item, (*own, *taken_back))


def lot_reports(view: View, lot: str) -> list[Report]:
    """Return the reports about a lot, retests too, oldest first."""
    return list(reports_in(view, "inspection", lot))


def product_reports(view: View, product: str) -> Iterator[Report]:
    """Yield the reports about all lots of a product, on record or not, oldest first."""
    return reports_in(view, "examined", product)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two laboratories that say pass and fail of one property of one lot, neither overturned."""

    property: str
    passed: Report
    failed: Report


def contradictions(reports: Iterable[Report], at_us: int) -> list[Contradiction]:
    """Return where results that are final at a time contradict each other: two laboratories, one lot."""
    told: dict[tuple[str, str], list[tuple[Result, Report]]] = {}
    for report in reports:
        for result in report.results(at_us):
            told.setdefault((str(report.body.lot), result.outcome), []).append((result, report))
    return [
        Contradiction(result.property, passed, failed)
        for (lot, outcome), sides in told.items()
        if outcome == "pass"
        for result, passed in sides
        for other, failed in told.get((lot, "fail"), ())
        if passed.item.issuer != failed.item.issuer and same_property(result, other)
    ]


def custody_links(view: View, sample: str) -> list[Standing]:
    """Return the links of a sample's custody, its sealing first."""
    return [
        item
        for item in view.fold(standing, "sample", sample).values()
        if isinstance(item.body, SampleSealed | Custody)
    ]


def inspected_trader(view: View, sample: str) -> tuple[str, int] | None:
    """Return whose goods were inspected when a sample was taken, None where nothing says so."""
    for item in custody_links(view, sample)[:1]:
        cited = item.body.inspection if isinstance(item.body, SampleSealed) else msgspec.UNSET
        found = resolve(view, cited) if isinstance(cited, Citation) else None
        if found is not None and isinstance(found.body, Inspection):
            return str(found.body.trader), found.index
    return None


def times_of(body: Tested) -> tuple[int, int, int]:
    """Return when a laboratory had to be independent, until it signed: it received and tested."""
    return body.received.us, body.tested_from.us, body.tested_until.us


def merchants(view: View, body: Tested, sample: str) -> dict[str, tuple[int, ...]]:
    """Return whom it favours that a report passes its lot, with the entries that say so.

    Whose goods they are, as inspections ask it, and the trader whose goods were sampled.
    """
    found = favoured(view, body.lot)
    for trader, entries in _sampled(view, body, sample).items():
        found.setdefault(trader, entries)
    return found


def concerned(view: View, body: Tested, sample: str, *, before: int) -> list[str]:
    """Return whom a report concerns: who may object to it.

    Who stated the lot before this entry, or holds its brand, the trader whose goods were sampled.
    """
    stated = stated_by_right(view, body.lot)
    found = dict.fromkeys(party for party, first in stated.items() if first < before)
    for product in products(view, product_of(body.lot), reserved=True):
        for mark in trademarks(view, product.brand):
            if mark.ended is None:
                found[mark.subject] = None
    return list(found | dict.fromkeys(_sampled(view, body, sample)))


def _sampled(view: View, body: Tested, sample: str) -> dict[str, tuple[int, ...]]:
    """Return the traders at whom the goods were, by the report and by the inspection they were taken at."""
    found: dict[str, tuple[int, ...]] = {}
    if isinstance(body.trader, str):
        found[str(body.trader)] = ()
    inspected = inspected_trader(view, sample)
    if inspected is not None:
        found.setdefault(inspected[0], (inspected[1],))
    return found
