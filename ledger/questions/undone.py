"""What once stood against an answer and was undone: taken back in error, said again, lifted.

Whoever may undo it may; but no answer turns back to yes without saying so.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from ledger.histories.history import Entry, Fold
from ledger.primitives.instant import format_us
from ledger.questions.papers import paper_facts
from ledger.questions.times import registered_by, since
from ledger.questions.verdict import Asked
from ledger.rules.chains import Facts, Failure, grant, trademarks
from ledger.rules.codes import SINCE, repeated
from ledger.rules.ends import end_of
from ledger.rules.found import lot_of
from ledger.rules.reports import Objected, Report, reports_in, suspense
from ledger.rules.standing import Standing, standing
from ledger.statements.amendment_family import WithdrawnInError
from ledger.statements.brand_family import (
    Authorisation,
    Qualification,
    grant_subject,
    revokes_for_cause,
)
from ledger.statements.catalogue import type_name
from ledger.statements.claim_family import ClaimDecided
from ledger.statements.envelope import Topic
from ledger.statements.fields import SEVERITIES, Body, PeriodBody
from ledger.statements.inspection_family import Inspection
from ledger.statements.laboratory_family import Tested
from ledger.statements.market_family import Feedback
from ledger.statements.recall_family import Recall
from ledger.statements.sanction_family import Complaint


def by_whom(asked: Asked, item: Standing, topic: str, index: int) -> Facts:
    """Return who ended or changed a statement by an entry of its history, and the reason given."""
    entries = asked.view.history(topic, item.subject).entries()
    entry = next(entry for entry in entries if entry.index == index)
    return {"by": entry.statement.issuer, **_why(entry)}


def annulled(asked: Asked, topic: str, subject: str) -> Iterator[Failure]:
    """Yield which decisions on the claims on a thing were annulled on appeal, by whom and why."""
    for item in asked.view.fold(standing, topic, subject).values():
        if isinstance(item.body, ClaimDecided) and item.ended is not None:
            facts: Facts = {"subject": subject, **by_whom(asked, item, topic, item.ended)}
            yield Failure("decision-annulled", (item.index, item.ended), facts)


def named(item: Standing) -> tuple[str, Facts]:
    """Return "grant" or "paper", and the facts by which its reasons name it."""
    if isinstance(item.body, Qualification):
        return "paper", paper_facts(item)
    return "grant", {"issuer": item.issuer, "grantee": item.subject}


def _undo(found: tuple[Entry, ...], entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return (*found, *(entry for entry in entries if isinstance(entry.body, WithdrawnInError)))


undoings: Fold[tuple[Entry, ...]] = Fold(tuple, _undo)
"""The entries of a history that take back what was said in error."""
UNDOABLE = {
    "inspection", "inspections", "examined", "facility", "sample", "reports", "recall", "feedback",
    "visit", "market",
}  # fmt: skip
"""The topics of what may be taken back."""


def undone(asked: Asked, topics: Sequence[Topic]) -> Iterator[Failure]:
    """Yield what was taken back in the histories that were read, by whom and why."""
    subjects = {subject for _, subject in topics}
    seen: set[int] = set()
    for topic in (topic for topic in topics if topic[0] in UNDOABLE):
        for entry in asked.view.fold(undoings, *topic):
            body = entry.body
            assert isinstance(body, WithdrawnInError)  # noqa: S101 - chosen as such
            item = asked.view.fold(standing, *topic).get(body.target.id)
            if item is None or entry.index in seen:
                continue
            seen.add(entry.index)
            facts: Facts = {
                "what": type_name(item.entry.body),
                "said": _gist(item.body),
                "about": lot_of(item)
                or next(filter(subjects.__contains__, body.lots), item.subject),
                "issuer": item.issuer,
                "by": entry.statement.issuer,
                "why": repeated(body.reason),
            }
            yield Failure("undone", (item.index, entry.index), facts)


JUDGED = ("decision_rule", "received", "tested_from", "tested_until", "issued")
"""By which rule results of a report follow, and the times for which they speak, or their laboratory was tied."""


def _gist(body: Body) -> str:
    """Return what came of something that may be taken back, in a word."""
    match body:
        case Recall():
            return "recalled"
        case Complaint():
            return "complained"
        case Feedback():
            return "returned"
        case Tested(results=results):
            return max((one.outcome for one in results), key=_WORST.index)
        case Inspection(decision="refused"):
            return "refused"
    found = [one.severity for one in getattr(body, "findings", ())]
    none = body.decision if isinstance(body, Inspection) else "no-findings"
    return max(found, key=SEVERITIES.index, default=none)


_WORST = ("not-judged", "pass", "inconclusive", "fail")
"""Outcomes of results, the worst last."""
REPORTED = frozenset({"inspection", "examined", "sample", "reports"})
"""The topics of histories that reports and what answers them are in."""


def failures_unsaid(
    asked: Asked, topics: Iterable[Topic], told: Collection[int]
) -> Iterator[Failure]:
    """Yield which results do not count, or say something else now, and which failed in spite of an objection.

    A retest overturned them, somebody objects, or did and takes it back; or their laboratory
    corrected them: which limit they miss is for every answer to ask, so no rule knows what that undoes.

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
            replaced = report.item.replaced
            if replaced is not None and replaced not in seen and _said_otherwise(report):
                seen.add(replaced)
                yield _corrected(report)
            failed = [one for one in report.body.results if one.outcome == "fail"]
            for item in report.objections:
                by = item.entry if item.closed is None else item.closed
                objected = [one for one in failed if one.property in item.properties]
                if not item.suspends(asked.valid_at_us) and item.outcome != "withdrawn":
                    objected = [one for one in objected if item.overturns(one)]
                if objected and by.index not in seen:
                    seen.add(by.index)
                    yield from _unsaid(report, item, {one.property for one in objected})


def _said_otherwise(report: Report) -> bool:
    """Return whether anything that a report ever said it measured, by which rule or when, it says no more."""
    now = report.body
    return any(
        isinstance(was, Tested)
        and (
            any(getattr(was, field) != getattr(now, field) for field in JUDGED)
            or any(one not in now.results for one in was.results)
        )
        for _, was in report.item.before
    )


def _corrected(report: Report) -> Failure:
    """Return that a laboratory says something else now of what it measured."""
    entry, _ = report.item.corrections[-1]
    facts: Facts = {"laboratory": report.item.issuer, "lot": str(report.body.lot)}
    return Failure("results-corrected", report.item.cites, {**facts, **_why(entry)})


def _why(entry: Entry) -> Facts:
    return {"why": repeated(getattr(entry.body, "reason", ""))}


def _unsaid(report: Report, item: Objected, properties: Iterable[str]) -> Iterator[Failure]:
    at, facts = report.item.index, {"laboratory": report.item.issuer}
    if item.closed is None:
        yield Failure("report-objected", (at, item.entry.index), suspense(report, item))
        return
    if item.outcome == "withdrawn":
        about: Facts = {"lot": str(report.body.lot), "by": item.closed.statement.issuer}
        by = (at, item.entry.index, item.closed.index)
        yield Failure("objection-withdrawn", by, {**about, **_why(item.closed)})
        return
    entries = (
        (at, item.closed.index)
        if item.retest is None
        else (at, item.retest.index, item.closed.index)
    )
    for name in sorted(properties):
        yield Failure("report-overturned", entries, {**facts, "property": str(name)})


def _begun(asked: Asked, item: Standing) -> bool:
    """Return whether a paper or grant held at the time asked about; a grant no earlier than on record."""
    body = item.body
    if isinstance(body, PeriodBody) and asked.valid_at_us < body.from_.us:
        return False
    return isinstance(body, Qualification) or registered_by(asked, item.index)


def ended_later(asked: Asked, items: Sequence[Standing]) -> Iterator[Failure]:
    """Yield which papers and grants ended after the time asked about: they carried it then.

    Of one that was revoked by then, and by its own terms carries it still, when that takes effect; of one
    that has such terms and was revoked for cause, that it was.

    Of what had not begun then nothing later is told: its reason says that it had not.
    """
    for item in items:
        end = end_of(asked.view, item)
        if end is None or not _begun(asked, item):
            continue
        told_us, entries, (what, facts) = end.notice_us, (item.index, end.entry.index), named(item)
        if not registered_by(asked, end.entry.index):
            facts[SINCE] = since(asked, end.entry.index) if told_us is None else format_us(told_us)
            yield Failure(f"{what}-ended-later", entries, facts)
        elif told_us is not None and asked.valid_at_us < told_us and grant(item).covers(told_us):
            # What ends it later than it ends of itself is no news.
            facts |= {"by": end.entry.statement.issuer, "until": format_us(told_us)}
            yield Failure("grant-notice", entries, facts)
    yield from _at_once(asked, items)


def _at_once(asked: Asked, items: Iterable[Standing]) -> Iterator[Failure]:
    """Yield which grants were revoked for cause, whatever they say of when a revocation takes effect."""
    for item in items:
        body = item.body
        if not isinstance(body, Authorisation) or not body.has_terms:
            continue
        for entry in item.ends:
            if revokes_for_cause(entry.body) and registered_by(asked, entry.index):
                facts = named(item)[1] | {"by": entry.statement.issuer, **_why(entry)}
                yield Failure("grant-at-once", (item.index, entry.index), facts)


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
            what, facts = named(item)
            facts[SINCE] = since(asked, item.index)
            yield Failure(f"{what}-again", (index, end, item.index), facts)
