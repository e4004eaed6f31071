"""Rules for objections to reports: who objects, until when, who tests again, what follows.

产品质量法 article 15: a producer or seller may object to a result within 15 days; another
laboratory tests again, and its result decides.
"""

from collections.abc import Iterator

from ledger.rules.chains import holds_for
from ledger.rules.common import operator_of
from ledger.rules.objectionable import against_since
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.reports import (
    OBJECTION_DAYS,
    OBJECTION_US,
    OBJECTIONABLE,
    Report,
    concerned,
    objected_properties,
    passes,
    report_of,
    result_named,
    result_of,
    sample_of,
)
from ledger.rules.standing import resolve, standing
from ledger.rules.state import MICROSECONDS, doubt_of
from ledger.rules.ties import ties
from ledger.statements.fields import Citation
from ledger.statements.laboratory_family import (
    Objection,
    ObjectionClosed,
    RetestReport,
    Tested,
    TestReport,
)
from ledger.texts import saying
from ledger.texts.joints import either


def _answered(case: Case) -> Report | None:
    """Return the report that a statement answers or that an objection it closes is against."""
    body = case.body
    match body:
        case Objection() | RetestReport():
            found = resolve(case.view, body.target)
        case ObjectionClosed(report=report):
            found = case.view.fold(standing, "sample", case.statement.subject).get(report)
        case _:
            return None
    if found is None or not isinstance(found.body, TestReport):
        return None
    return report_of(case.view, found)


@rule("objection-party", "objection")
def objection_by_who_is_concerned(case: Case) -> Iterator[Refusal]:
    """Who objects to a report registered its lot before it, holds its brand, or is the trader sampled from.

    The report it answers (*Answers to a report*). `iss` is none who may object (*Whose it is*); nor
    counts as the holder for one of these, T and N both `iat` (*A chain of grants*) [the report].
    """
    report, issuer = _answered(case), case.statement.issuer
    if report is None:
        return
    at_us = case.statement.issued_at * MICROSECONDS
    may = concerned(case.view, report.body, report.sample, before=report.item.index)
    if issuer in may:
        return
    if not any(holds_for(case.view, issuer, party, at_us) for party in may):
        why = saying(
            "{issuer} is not concerned: {may} may object",
            issuer=issuer,
            may=either(may),
        )
        yield Refusal("objection-party", why[:400], (report.item.index,))


@rule("objection-late", "objection", bite="replay-only")
def objection_in_time(case: Case) -> Iterator[Refusal]:
    """An objection is registered within 15 days of the results that it is against (产品质量法 article 15).

    The report it answers (*Answers to a report*). Each result it is against: what has *said so
    since*, of the report and its corrections the first behind which none says another outcome of
    that property, was registered more than `objection-us` before now [it]. Where it is against
    nothing the report is asked so.
    """
    report, body = _answered(case), case.body
    if report is None or not isinstance(body, Objection):
        return
    said = against_since(report.item, body)
    since = {entry.index for entry in said.values()} or {report.item.index}
    late = {index for index in since if case.now_us - case.view.registered_us(index) > OBJECTION_US}
    for index in sorted(late):
        names = either(name for name, entry in said.items() if entry.index == index)
        why = saying(
            "the report was registered more than {objection_days} days ago",
            objection_days=OBJECTION_DAYS,
        )
        if since - late:
            why = saying(
                "{names}: said more than {objection_days} days ago: leave it out of properties",
                names=names,
                objection_days=OBJECTION_DAYS,
            )
        yield Refusal("objection-late", why, (index,))


@rule("objection-again", "objection")
def objection_once(case: Case) -> Iterator[Refusal]:
    """A party objects once to what a report says, whatever a thief of its key objected to.

    The report it answers (*Answers to a report*) has an objection of `iss`, but one whose key was in doubt
    then (*Who holds a name*, 1), behind what has said so since (`objection-late`) of a result that
    it is against, or against nothing [the first].
    """
    report, body = _answered(case), case.body
    if report is None or not isinstance(body, Objection):
        return
    since = [entry.index for entry in against_since(report.item, body).values()]
    for item in report.objections:
        if (
            item.entry.statement.issuer == case.statement.issuer
            and min(since, default=-1) < item.entry.index
        ):
            if doubt_of(case.view, item.entry.statement.kid, item.entry.index) is not None:
                continue
            why = saying(
                "{issuer} objected with entry {index} already",
                issuer=case.statement.issuer,
                index=item.entry.index,
            )
            yield Refusal("objection-again", why, (item.entry.index,))
            return


@rule("objection-result", "objection")
def objection_to_what_did_not_pass(case: Case) -> Iterator[Refusal]:
    """An objection is against results of the report that failed or were inconclusive.

    The report it answers (*Answers to a report*): the objection is against nothing; or each against
    what is no result of it, or one that passed or was not judged [it].
    """
    report, body = _answered(case), case.body
    if report is None or not isinstance(body, Objection):
        return
    against = objected_properties(body, report.body)
    if not against:
        why = saying("entry {index} found nothing that failed", index=report.item.index)
        yield Refusal("objection-result", why, (report.item.index,))
    for name in sorted(against):
        result = result_named(report.body, name)
        if result is None or result.outcome not in OBJECTIONABLE:
            why = saying(
                "{name}: {outcome}",
                name=name,
                outcome=saying("no result") if result is None else result.outcome,
            )
            yield Refusal("objection-result", why, (report.item.index,))


@rule("retest-laboratory", "retest-report")
def retest_by_another(case: Case) -> Iterator[Refusal]:
    """A retest is made by another laboratory, not tied to the first.

    The report it answers (*Answers to a report*): `iss` is tied to its issuer at `tested_from`,
    `tested_until` or `iat` (*Ties*) [the papers].
    """
    report, body, issuer = _answered(case), case.body, case.statement.issuer
    if report is None or not isinstance(body, Tested):
        return
    first = report.item.issuer
    times = (body.tested_from.us, body.tested_until.us, case.signed_us)
    found = ties(case.view, issuer, first, *times)
    if found is not None:
        why = (
            saying("the same laboratory")
            if issuer == first
            else saying("{issuer} is tied to {first}", issuer=issuer, first=first)
        )
        yield Refusal("retest-laboratory", saying("{why}: let another one test", why=why), found)


@rule("retest-objected", "retest-report")
def retest_of_what_is_objected_to(case: Case) -> Iterator[Refusal]:
    """A retest covers what is objected to, and nothing new, of the same lot, by the same standard and decision rule.

    The report it answers (*Answers to a report*): no objection to it is open [it]; each open one
    that is against a property it has no result for [that]; each result of a property that has none
    there [it]; another statement is cited as `standard`, or only one cites one (*What is cited*)
    [it]; `decision_rule` is another [it].
    """
    report, body = _answered(case), case.body
    if report is None or not isinstance(body, RetestReport):
        return
    cites = (report.item.index,)
    if not report.open_objections:
        yield Refusal(
            "retest-objected", saying("no open objection to entry {cites}", cites=cites[0]), cites
        )
    untested = {
        result.property for result in report.body.results if result_of(body, result) is None
    }
    for item in report.open_objections:
        missing = sorted(item.properties & untested)
        if missing:
            why = saying(
                "entry {index} objects to {missing}: test it too",
                index=item.entry.index,
                missing=", ".join(missing),
            )
            yield Refusal("retest-objected", why[:400], (item.entry.index,))
    yield from _beside_it(report, body)
    if _standard(case, body) != _standard(case, report.body):
        yield Refusal("retest-objected", saying("judge by the standard of the report"), cites)
    if body.decision_rule != report.body.decision_rule:
        why = saying(
            "decision rule: the report's is {decision_rule}",
            decision_rule=report.body.decision_rule,
        )
        yield Refusal("retest-objected", why, cites)


def _beside_it(report: Report, body: RetestReport) -> Iterator[Refusal]:
    """Refuse results of what the report did not test: nobody could object to them."""
    for result in body.results:
        if result_of(report.body, result) is None:
            why = saying(
                "{property}: no result of entry {index}: report it as a test of its own",
                property=result.property,
                index=report.item.index,
            )
            yield Refusal("retest-objected", why, (report.item.index,))


def _standard(case: Case, body: Tested) -> str | None:
    """Return the id of the standard's statement that a report cites."""
    found = resolve(case.view, body.standard) if isinstance(body.standard, Citation) else None
    return None if found is None else found.id


@rule("closing-outcome", "objection-closed")
def closing_follows_the_retest(case: Case) -> Iterator[Refusal]:
    """An objection ends as its retest says: overturned if such a result passes there, else confirmed; or withdrawn.

    The report that `report` names in (`sample`, `sub`) (*Answers to a report*). `withdrawn`:
    `retest` is there. Else it is not; or is found (*What is cited*), the report too, and: is no
    retest of that report, or `target` no objection to it [the retest], and no more; is older than
    the objection [it]; `outcome` is not overturned where a property objected to has the outcome
    pass in the retest, else confirmed [both].
    """
    report, body = _answered(case), case.body
    if not isinstance(body, ObjectionClosed):
        return
    if body.outcome == "withdrawn":
        if isinstance(body.retest, Citation):
            yield Refusal("closing-outcome", saying("withdrawn: no retest belongs there"))
        return
    if not isinstance(body.retest, Citation):
        yield Refusal(
            "closing-outcome",
            saying("{outcome}: cite the retest report it follows from", outcome=body.outcome),
        )
        return
    found = resolve(case.view, body.retest)
    if report is None or found is None or not isinstance(found.body, RetestReport):
        return  # rules for citations say so
    objected = next((o for o in report.objections if o.id == body.target.id), None)
    if objected is None or found.body.target.id != report.item.id:
        why = saying("entry {index} answers another report", index=found.index)
        yield Refusal("closing-outcome", why, (found.index,))
        return
    if found.index < objected.entry.index:
        why = saying(
            "entry {index} is older than the objection: a retest answers it", index=found.index
        )
        yield Refusal("closing-outcome", why, (found.index,))
    passed = any(_passes(report.body, found.body, name) for name in objected.properties)
    follows = "overturned" if passed else "confirmed"
    if body.outcome != follows:
        why = saying(
            "{outcome}: by the retest of {sample_of} it is {follows}",
            outcome=body.outcome,
            sample_of=sample_of(found),
            follows=follows,
        )
        yield Refusal("closing-outcome", why, (report.item.index, found.index))


@rule("closing-party", "objection-closed", bite="replay-only")
def closed_by_whose_it_is(case: Case) -> Iterator[Refusal]:
    """The operator decides by a retest; who objected withdraws, or the operator after 15 days without a retest.

    The report that `report` names in (`sample`, `sub`) (*Answers to a report*). Not `withdrawn`:
    `iss` is not the operator, by (`log`, origin). Withdrawn by the operator: a retest behind the
    objection is there [both]; else now is not later than `objection-us` behind the objection's
    registration [it].
    """
    report, body = _answered(case), case.body
    if not isinstance(body, ObjectionClosed) or report is None:
        return
    by_operator = case.statement.issuer == operator_of(case)
    if body.outcome != "withdrawn":
        if not by_operator:
            yield Refusal(
                "closing-party", saying("{outcome}: the operator decides", outcome=body.outcome)
            )
        return
    objected = next((o for o in report.objections if o.id == body.target.id), None)
    if objected is None or not by_operator:
        return
    at = objected.entry.index
    again = next((item.index for item in report.retests if item.index > at), None)
    if again is not None:
        yield Refusal(
            "closing-party",
            saying("entry {again} is a retest: decide by it", again=again),
            (at, again),
        )
    elif case.now_us <= case.view.registered_us(at) + OBJECTION_US:
        why = saying(
            "withdrawn: {issuer} may still have it tested again",
            issuer=objected.entry.statement.issuer,
        )
        yield Refusal("closing-party", why, (at,))


def _passes(first: Tested, again: Tested, name: str) -> bool:
    """Return whether a retest passes a property of the report that it answers."""
    one = result_named(first, name)
    other = None if one is None else result_of(again, one)
    return other is not None and passes(other)
