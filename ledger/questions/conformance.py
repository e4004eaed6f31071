"""Whether goods meet the criteria of a standard, by the reports of laboratories.

What a report says it shows is not believed: it follows again from the value, its uncertainty,
the laboratory's decision rule and the limit of the standard that is asked about. Of several
final results for a criterion the one tested last decides, of one moment the worst; a result that was overturned is
none, and one that is objected to leaves the criterion open.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ledger.primitives.instant import DAY_US, format_us
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.limits import shown_by
from ledger.rules.reports import Report, objected_to
from ledger.rules.standards import baselines_in_force, version_in_force, weaker_points
from ledger.rules.standing import Standing
from ledger.statements.criteria import Criterion
from ledger.statements.fields import Body
from ledger.statements.laboratory_family import Tested
from ledger.statements.results import Outcome, Result
from ledger.statements.standard_family import BaselineStandard, Standard

VALID_US = 365 * DAY_US
"""A report speaks for goods for a year from the day that testing ended."""
_WORST: tuple[Outcome, ...] = ("not-judged", "pass", "inconclusive", "fail")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one result shows of one criterion."""

    criterion: Criterion
    report: Report
    result: Result
    shows: Outcome

    @property
    def index(self) -> int:
        """Return the report's entry."""
        return self.report.item.index

    @property
    def lot(self) -> str:
        """Return the lot that was tested."""
        return str(self.report.body.lot)

    @property
    def until_us(self) -> int:
        """Return before when it speaks for the goods."""
        return self.report.body.tested_until.us + VALID_US

    @property
    def shown_since(self) -> int:
        """Return the entry that said first what shows so: a correction, if it was otherwise before."""

        def says_so(body: Body) -> bool:
            shown = shown_by(body, self.criterion) if isinstance(body, Tested) else None
            return shown is not None and shown[1] == self.shows

        return self.report.item.since(says_so)

    @property
    def order(self) -> tuple[int, int, str]:
        """Return what orders results: when testing ended; of one moment the worst comes last, then by id.

        Which of the two was typed first says nothing.
        """
        return self.report.body.tested_until.us, _WORST.index(self.shows), self.report.item.id


def findings(reports: Iterable[Report], criterion: Criterion, at_us: int) -> list[Finding]:
    """Return what reports made by a time show of a criterion, overturned ones too, oldest first.

    A result in a unit that the criterion's cannot be told in shows nothing of it; nor does one that does not
    fail, of who is tied to whom that favours.
    """
    found: list[Finding] = []
    for report in reports:
        shown = shown_by(report.body, criterion)
        if shown is None or report.body.tested_until.us > at_us:
            continue
        result, shows = shown
        if shows == "fail" or (shows != "not-judged" and report.free):
            found.append(Finding(criterion, report, result, shows))
    return sorted(found, key=lambda item: item.order)


def outdated(asked: Asked, item: Standing, category: str) -> list[Failure]:
    """Return what baselines ask by now of goods of a category that a standard of the platform does not.

    Those that it cites, and all for the goods: one may have come since, or for these goods alone.
    """
    body, at_us = item.body, asked.valid_at_us
    assert isinstance(body, Standard)  # noqa: S101 - callers asked for the platform's
    cited = (version_in_force(asked.view, one.subject, at_us) for one in body.baselines)
    known = (*cited, *baselines_in_force(asked.view, category, at_us))
    found: list[Failure] = []
    for baseline in {one.id: one for one in known if one is not None}.values():
        if not isinstance(baseline.body, BaselineStandard):
            continue
        for point in weaker_points(body.criteria, baseline.body):
            facts: dict[str, str | int] = {"baseline": baseline.subject, "standard": item.subject}
            facts |= {"property": point.property, "since": str(baseline.body.from_)}
            found.append(Failure("standard-outdated", (item.index, baseline.index), facts))
    return found


@dataclass(frozen=True, slots=True)
class Met:
    """Whether a criterion is met: the finding that decides, and why it is not met or not known."""

    criterion: Criterion
    decides: Finding | None
    no: tuple[Failure, ...] = ()
    unknown: tuple[Failure, ...] = ()

    @property
    def met(self) -> bool:
        """Return whether it is."""
        return not self.no and not self.unknown


def meets(asked: Asked, reports: Sequence[Report], criterion: Criterion) -> Met:
    """Return whether goods meet a criterion at the time asked about."""
    at_us = asked.valid_at_us
    known = findings(reports, criterion, at_us)
    objected = [i for i in known if i.report.state_of(i.result, at_us) == "objected"]
    final = [i for i in known if i.report.state_of(i.result, at_us) == "final"]
    valid = [item for item in final if at_us < item.until_us]
    decides = valid[-1] if valid else None
    # What a newer result has answered is nobody's concern any more, objected to or not.
    unknown = [
        _objected(item, at_us)
        for item in objected
        if at_us < item.until_us and (decides is None or item.order > decides.order)
    ]
    unknown += _contradicted(valid)
    no: list[Failure] = []
    if decides is None:
        passed = [item for item in final if item.shows == "pass"]
        if passed:
            no.append(_expired(passed[-1]))
        elif not unknown:
            facts: dict[str, str | int] = {"property": criterion.property}
            unknown.append(Failure("criterion-untested", (), facts))
    elif decides.shows == "fail":
        no.append(failed(decides))
    elif decides.shows == "inconclusive":
        facts = {"property": criterion.property, "lot": decides.lot}
        unknown.append(Failure("criterion-inconclusive", (decides.index,), facts))
    return Met(criterion, decides, tuple(no), tuple(unknown))


def failed(item: Finding) -> Failure:
    """Return a result that misses its criterion as a reason."""
    facts: dict[str, str | int] = {
        "property": str(item.criterion.property),
        "value": item.result.found(),
        "direction": item.criterion.direction,
        "limit": item.criterion.asks(),
        "unit": item.criterion.unit,
        "lot": item.lot,
    }
    return Failure("criterion-failed", (item.index,), facts)


def _objected(item: Finding, at_us: int) -> Failure:
    found = objected_to(item.report, item.result, at_us)
    facts: dict[str, str | int] = {
        "property": str(item.criterion.property),
        "lot": item.lot,
        "due": found.facts["due"],
    }
    return Failure("criterion-objected", found.entries, facts)


def _expired(item: Finding) -> Failure:
    until = format_us(item.until_us)
    return Failure(
        "report-expired", (item.index,), {"property": str(item.criterion.property), "until": until}
    )


def _contradicted(valid: Sequence[Finding]) -> Iterator[Failure]:
    """Yield where laboratories contradict each other about one lot, neither of them overturned.

    Of each lot the newest pass and the newest failure of another laboratory are named.
    """
    passes: dict[str, list[Finding]] = {}
    for item in valid:
        if item.shows == "pass":
            passes.setdefault(item.lot, []).append(item)
    fails = {item.lot: item for item in valid if item.shows == "fail"}
    for lot, missed in fails.items():
        theirs = missed.report.item.issuer
        others = [item for item in passes.get(lot, ()) if item.report.item.issuer != theirs]
        if others:
            facts: dict[str, str | int] = {
                "lot": lot,
                "property": missed.criterion.property,
                "passed": others[-1].report.item.issuer,
                "failed": theirs,
            }
            yield Failure("reports-contradict", (others[-1].index, missed.index), facts)
