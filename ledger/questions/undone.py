"""What once stood against an answer and was undone: said again, granted again, lifted.

Whoever may undo it may; but no answer turns back to yes without saying so.
"""

from collections.abc import Collection, Iterable, Iterator

from ledger.questions.times import registered_by, since
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure, trademarks
from ledger.rules.codes import SINCE
from ledger.rules.reports import Objected, Report, reports_in
from ledger.rules.standing import Standing, standing
from ledger.statements.brand_family import Authorisation, Qualification, grant_subject
from ledger.statements.envelope import Topic

Facts = dict[str, str | int]
MAX_REASON = 200
"""Characters of somebody's reason that a note repeats."""


def by_whom(asked: Asked, item: Standing, topic: str, index: int) -> Facts:
    """Return who ended or changed a statement by an entry of its history, and the reason given."""
    entries = asked.view.history(topic, item.subject).entries()
    entry = next(entry for entry in entries if entry.index == index)
    why = getattr(entry.body, "reason", "")
    return {"by": entry.statement.issuer, "why": str(why)[:MAX_REASON]}


def _facts(item: Standing) -> tuple[str, Facts]:
    """Return "grant" or "paper", and the facts of its notes."""
    body = item.body
    if isinstance(body, Qualification):
        return "paper", {"kind": body.kind, "number": str(body.number)}
    return "grant", {"issuer": item.issuer, "grantee": item.subject}


REPORTED = frozenset({"inspection", "examined", "sample", "reports"})
"""The topics of histories that reports and what answers them are in."""


def failures_unsaid(
    asked: Asked, topics: Iterable[Topic], told: Collection[int]
) -> Iterator[Failure]:
    """Yield which failed results do not count: a retest overturned them, or somebody objects.

    Args:
        asked: the inquiry.
        topics: the histories that an answer was given from.
        told: the entries that it names already.

    """
    seen = set(told)
    for topic in topics:
        if topic[0] not in REPORTED:
            continue
        for report in reports_in(asked.view, *topic):
            failed = {one.property for one in report.body.results if one.outcome == "fail"}
            for item in report.objections:
                by = item.entry if item.closed is None else item.closed
                concerned = item.properties & failed and item.outcome in (None, "overturned")
                if concerned and by.index not in seen:
                    seen.add(by.index)
                    yield from _unsaid(report, item, item.properties & failed)


def _unsaid(report: Report, item: Objected, properties: Iterable[str]) -> Iterator[Failure]:
    at, facts = report.item.index, {"laboratory": report.item.issuer}
    if item.closed is None:
        party: Facts = {**facts, "party": item.entry.statement.issuer}
        yield Failure("report-objected", (at, item.entry.index), party)
        return
    entries = (
        (at, item.closed.index)
        if item.retest is None
        else (at, item.retest.index, item.closed.index)
    )
    for name in sorted(properties):
        yield Failure("report-overturned", entries, {**facts, "property": str(name)})


def ended_later(asked: Asked, items: Iterable[Standing]) -> Iterator[Failure]:
    """Yield which papers and grants ended after the time asked about: they carried it then."""
    for item in items:
        if item.ended is not None and not registered_by(asked, item.ended):
            what, facts = _facts(item)
            facts[SINCE] = since(asked, item.ended)
            yield Failure(f"{what}-ended-later", (item.index, item.ended), facts)


def _before(asked: Asked, item: Standing) -> Iterable[Standing]:
    """Return what is on record of the same grantee and brand, or of the same trademark or holder."""
    view, body = asked.view, item.body
    match body:
        case Authorisation(brand=brand):
            return view.fold(standing, "grant", grant_subject(brand, item.subject)).values()
        case Qualification(kind=kind, number=number) if kind.startswith("trademark"):
            return trademarks(view, str(number))
        case Qualification(kind=kind):
            known = view.fold(standing, "qualification", item.subject).values()
            return [one for one in known if getattr(one.body, "kind", "") == kind]
        case _:
            return ()


def said_again(asked: Asked, items: Iterable[Standing]) -> Iterator[Failure]:
    """Yield which papers and grants follow one that was revoked or withdrawn: the newest of each."""
    for item in items:
        ended = [
            (one.ended, one.index)
            for one in _before(asked, item)
            if one.ended is not None and one.ended < item.index and registered_by(asked, one.ended)
        ]
        if ended:
            end, index = max(ended)
            what, facts = _facts(item)
            if what == "paper":
                facts["by"] = item.issuer
            facts[SINCE] = since(asked, item.index)
            yield Failure(f"{what}-again", (index, end, item.index), facts)
