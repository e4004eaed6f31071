"""Reports that are said in parts: a property is in one of them, and who knows one knows that there are others."""

from collections.abc import Iterable, Iterator

from ledger.primitives.near import normal_name
from ledger.rules.chains import Failure
from ledger.rules.naming import of_property
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.report_results import REPORTS
from ledger.rules.reports import Report, tested
from ledger.rules.standing import standing_in
from ledger.statements.laboratory_family import ReportPart, Tested
from ledger.texts import saying

Key = tuple[str, str, int, str]


def _key(laboratory: str, sample: str, body: Tested) -> Key | None:
    """Return of which report a statement is a part, None where it is a whole one."""
    if not isinstance(body.part, ReportPart):
        return None
    return laboratory, normal_name(body.number), body.part.of, sample


@rule("report-part", *REPORTS)
def property_in_one_part(case: Case) -> Iterator[Refusal]:
    """A property is in one part of a report: in no other with another value.

    Each report of `iss` that stands in (`sample`, `sub`), with the same `number` and another `part` with the same `of`, but of a
    correction its target: it has a result of a property (Names of what is measured) that is here, too [it].
    """
    body, said = case.body, case.statement
    if not isinstance(body, Tested):
        return
    own = _key(said.issuer, said.subject, body)
    if own is None:
        return
    for item in standing_in(case.view, "sample", said.subject):
        if not isinstance(item.body, Tested) or item.id == case.corrects:
            continue
        other = tested(item)
        if _key(item.issuer, item.subject, other) != own or other.part == body.part:
            continue  # a part said twice is for the rule about numbers
        for result in body.results:
            if any(of_property(other.results, result)):
                why = saying(
                    "{property}: entry {index}, a part of this report, has it",
                    property=result.property,
                    index=item.index,
                )
                yield Refusal("report-part", why, (item.index,))


def incomplete(reports: Iterable[Report]) -> Iterator[Failure]:
    """Yield the reports in parts of which some are not on record, each once, by the parts that are."""
    known: dict[Key, list[Report]] = {}
    for report in reports:
        key = _key(report.item.issuer, report.item.subject, report.body)
        if key is not None:
            known.setdefault(key, []).append(report)
    for (laboratory, _, of, _), parts in known.items():
        if len(parts) < of:
            facts: dict[str, str | int] = {
                "laboratory": laboratory,
                "number": str(parts[0].body.number),
                "lot": str(parts[0].body.lot),
                "count": len(parts),
                "total": of,
            }
            yield Failure("report-parts", tuple(one.item.index for one in parts), facts)
