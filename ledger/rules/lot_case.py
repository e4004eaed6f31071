"""One lot and what is open against it: by all that its own history says.

All that was found counts; what closes it has to be at least as independent as who found it,
later in the world, and tied to nobody whom it favours. The order of the log decides nothing here.

A refusal, or an inspection with a critical finding, is closed by an inspection of the same lot
at the same trader that cites it, is made in as independent a mode, passes, and judges every
class in which it failed. What an observer found of a lot is closed by an inspector who looks at
it later and passes it; a result by its retest alone, and an objection puts it in suspense until
then, which closes nothing. Of a recalled lot, which nobody can inspect
again, it is closed by an improvement found effective and a lot made later that passes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ledger.histories.history import Entry, View
from ledger.identifiers import product_of
from ledger.rules.chains import Facts, Failure
from ledger.rules.claims import category_of, may_recall
from ledger.rules.codes import PLANNED, RECALLED
from ledger.rules.favour import done_and_signed, holders, untied, whom
from ledger.rules.found import (
    LABORATORY,
    OBSERVER,
    RANK,
    WAREHOUSE,
    Against,
    Closing,
    Moment,
    Trouble,
    critical,
    invited,
    lot_of,
    names_lot,
    observed,
    passed,
    said_of,
    uninvited,
)
from ledger.rules.improvements import Plan, plans, plans_about
from ledger.rules.limits import unjudged
from ledger.rules.lots import rightful
from ledger.rules.offices import by_office
from ledger.rules.reports import (
    Report,
    custody_links,
    failed_by,
    objected_to,
    reports_among,
    sample_of,
)
from ledger.rules.standing import Standing, corrections, standing_of
from ledger.rules.taken_over import lapse, of_right_then, went_into
from ledger.rules.untied_reports import overturned_freely
from ledger.statements.fields import Body
from ledger.statements.improvement_family import ImprovementVerified
from ledger.statements.inspection_family import (
    Inspection,
    Recall,
    judges_items,
    plans_of,
    refused_classes,
)
from ledger.statements.laboratory_family import Result
from ledger.statements.origin_family import Lot

MAX_INPUTS = 1_000
"""So many lots that a later lot was made of are looked at; one of more answers nothing."""


@dataclass(slots=True)
class LotCase:
    """One lot and what was said of it, by its own history: ``recalls`` of it in force, and ``lapsed``.

    ``visits``: those that observers were invited to; ``plans``: improvement plans on the lot's
    own statements; ``versions``: of each correction the statement that it corrects, by id;
    ``later``: finds what shows that a lot made later passes, None where that is not asked;
    ``users``: who uses the lot, or sells what is made of it, in this answer.
    """

    at: Moment
    lot: str
    items: Sequence[Standing]
    reports: Sequence[Report]
    recalls: Sequence[Standing]
    lapsed: Sequence[Failure]
    visits: frozenset[str]
    plans: Mapping[str, Plan]
    versions: Mapping[str, str]
    later: "Callable[[LotCase, Trouble], Standing | None] | None" = None
    users: frozenset[str] = field(default_factory=frozenset)

    @property
    def view(self) -> View:
        """Return the ledger."""
        return self.at.view

    def inspections(self) -> Iterator[tuple[Standing, Inspection]]:
        """Yield the inspections made by the time asked about."""
        for item in self.items:
            if isinstance(item.body, Inspection) and item.body.on.us <= self.at.valid_at_us:
                yield item, item.body

    def favours(self, *traders: str) -> list[str]:
        """Return whom it favours that the lot passes, at these traders: nobody tied to them passes it."""
        return whom(self.view, self.lot, self.users, *traders)


def _inspected(case: LotCase) -> Iterator[Trouble]:
    """Yield what inspections found against a lot: refusals, and critical findings."""
    for item, body in case.inspections():
        made = (item, case.lot, body.on.us, RANK[body.mode], str(body.trader))
        if body.decision == "refused":
            facts: dict[str, str | int] = {"lot": case.lot, "mode": body.mode}
            facts["since"] = str(body.on)
            yield Trouble("refusal", Failure("lot-refused", (item.index,), facts), *made)
        for reason in critical(item, case.lot, body.findings):
            yield Trouble("finding", reason, *made)


def _reported(case: LotCase) -> Iterator[tuple[Trouble, Failure | None]]:
    """Yield the results that failed a lot and were not overturned, with why one is in suspense."""
    at_us = case.at.valid_at_us
    for report in case.reports:
        if report.body.issued.us > at_us:
            continue
        for result in report.body.results:
            state = report.state_of(result, at_us)
            if result.outcome == "fail" and state != "overturned":
                suspense = objected_to(report, result, at_us) if state == "objected" else None
                yield failed(report, result), suspense


def failed(report: Report, result: Result) -> Trouble:
    """Return a result that failed, or missed somebody's limit, as something found of its lot."""
    lot, at_us = str(report.body.lot), report.body.tested_until.us
    return Trouble("report", failed_by(report, result), report.item, lot, at_us, LABORATORY)


def _overturned(case: LotCase) -> Iterator[Closing]:
    """Yield the results that failed a lot and that a retest overturned."""
    for report in case.reports:
        if report.body.issued.us > case.at.valid_at_us:
            continue
        for result in report.results(case.at.valid_at_us, "overturned"):
            if result.outcome != "fail":
                continue
            closed = next(item.closed for item in report.objections if item.overturns(result))
            assert closed is not None  # noqa: S101 - an overturned objection is closed
            facts: dict[str, str | int] = {"about": case.lot, "by": closed.statement.issuer}
            note = Failure("finding-closed", (report.item.index, closed.index), facts)
            yield Closing(failed(report, result), note)


def _resampled(case: LotCase) -> Iterator[Failure]:
    """Yield that a result was overturned by a retest of what was sealed behind its report: other goods of the lot."""
    for report in case.reports:
        overturned = report.results(case.at.valid_at_us, "overturned")
        for item in report.objections:
            retest = item.retest
            if retest is None or not any(map(item.overturns, overturned)):
                continue
            sample = sample_of(retest)
            first = next(iter(custody_links(case.view, sample)), None)
            if first is not None and first.index > report.item.index:
                facts: dict[str, str | int] = {
                    "lot": case.lot,
                    "laboratory": report.item.issuer,
                    "party": retest.issuer,
                    "sample": sample,
                    "by": first.issuer,
                }
                yield Failure(
                    "retest-resampled", (report.item.index, first.index, retest.index), facts
                )


def _unjudged(case: LotCase) -> Iterator[Failure]:
    """Yield what was measured of the lot above a limit of the law, and judged by nothing."""
    for report in case.reports:
        if report.body.issued.us <= case.at.valid_at_us:
            yield from unjudged(case.view, report, category_of(case.view, product_of(case.lot)))


def _answered(case: LotCase) -> dict[str, list[Standing]]:
    """Return which inspections answer which, by the id of what is answered: to any depth."""
    direct: dict[str, list[Standing]] = {}
    for item, body in case.inspections():
        for citation in body.answers:
            direct.setdefault(case.versions.get(citation.id, citation.id), []).append(item)
    found: dict[str, list[Standing]] = {}
    for id_, first in direct.items():
        todo, seen = list(first), dict[str, Standing]()
        for item in todo:  # grows on the way
            if item.id not in seen and item.id != id_:
                seen[item.id] = item
                todo += direct.get(item.id, ())
        found[id_] = list(seen.values())
    return found


def judges(again: Inspection, trouble: Trouble) -> bool:
    """Return whether an inspection passes a lot in what was found of it, or of another.

    In the classes that were refused. What is of no class (a critical finding, a recall, what an observer
    found) is answered by no count of nonconformities alone: one plan at least counts nonconforming
    items; of what an inspection found each class that did, of those refused, else of all. More, and
    no statement could hold the plans.
    """
    if not passed(again):
        return False
    found = trouble.item.body
    asked = set[tuple[str, str]]()
    if isinstance(found, Inspection):
        judged = {plan.key for plan in plans_of(found) if plan.counts_items}
        refused = refused_classes(found)
        asked |= refused if trouble.kind == "refusal" else (judged & refused) or judged
    if not asked <= {plan.key for plan in plans_of(again)}:
        return False
    return trouble.kind == "refusal" or judges_items(again)


def _closed_by_inspection(
    case: LotCase, trouble: Trouble, answered: Mapping[str, list[Standing]]
) -> Standing | None:
    """Return the inspection of the lot that closes what was found of it, None if none does."""
    found, body = trouble.item, trouble.item.body
    fit: list[Standing] = []
    if isinstance(body, Inspection):
        for item in answered.get(found.id, ()):
            again = item.body
            if (
                isinstance(again, Inspection)
                and judges(again, trouble)
                and again.trader == body.trader
                and RANK[again.mode] >= trouble.rank
                and again.on.us >= body.on.us
            ):
                fit.append(item)
    elif trouble.rank == OBSERVER:
        fit = [
            item
            for item, again in case.inspections()
            if judges(again, trouble)
            and RANK[again.mode] > OBSERVER
            and again.on.us >= trouble.at_us
        ]
    return next((item for item in fit if independent(case, item)), None)


def independent(case: LotCase, item: Standing) -> bool:
    """Return whether who inspected a lot was tied to nobody whom its pass favours."""
    body = item.body
    assert isinstance(body, Inspection)  # noqa: S101 - callers asked for inspections
    times = done_and_signed(item, body.on.us)
    return untied(case.view, item.issuer, times, case.favours(str(body.trader)))


def mended(case: LotCase, trouble: Trouble) -> Failure | None:
    """Return what closes something found of a recalled lot: an improvement, and a later lot's pass."""
    if case.later is None or not case.recalls or (verified := improved(case, trouble)) is None:
        return None
    later = case.later(case, trouble)
    if later is None:
        return None
    facts: dict[str, str | int] = {"lot": case.lot, "later": lot_of(later) or later.subject}
    entries = (trouble.item.index, verified.index, *later.cites)
    return Failure("lot-answered", entries, facts)


def improved(case: LotCase, trouble: Trouble) -> Entry | None:
    """Return what found a plan about something found of a lot, or about its recall, effective; None if nothing did."""
    causes = {trouble.item.id, *(recall.id for recall in case.recalls)}
    known = [plan for plan in case.plans.values() if _cause(case, plan) in causes]
    if not isinstance(trouble.item.body, Inspection):
        known += plans_about(case.view, trouble.item)
    parties = case.favours(*([trouble.trader] if trouble.trader else ()))
    for plan in known:
        verified = plan.closed
        if plan.outcome != "effective" or verified is None:
            continue
        body, item = verified.body, Standing(verified, verified.body, plan.id)  # type: ignore[arg-type]
        if not isinstance(body, ImprovementVerified):
            continue
        if not trouble.at_us <= body.on.us <= case.at.valid_at_us:
            continue  # what was found behind it, it does not mend
        if untied(case.view, item.issuer, done_and_signed(item, body.on.us), parties):
            return verified
    return None


def _partly(case: LotCase, trouble: Trouble) -> Trouble:
    """Return something open of a lot that also says what is there of what would mend it."""
    if case.later is None:
        return trouble
    verified, done = improved(case, trouble), Facts()
    if case.recalls:
        done[RECALLED] = min(case.recalls, key=lambda recall: recall.id).index
    if verified is not None:
        done[PLANNED] = verified.index
    reason = replace(trouble.reason, facts=trouble.reason.facts | done)
    return replace(trouble, reason=reason)


def _cause(case: LotCase, plan: Plan) -> str:
    return case.versions.get(plan.body.cause.id, plan.body.cause.id)


def _recalled(case: LotCase) -> Iterator[Trouble]:
    for item in case.recalls:
        body = item.body
        assert isinstance(body, Recall)  # noqa: S101 - chosen as such
        facts: dict[str, str | int] = {"lot": case.lot, "since": str(body.from_)}
        reason = Failure("lot-recalled", (item.index,), facts)
        first = item.entry.body
        assert isinstance(first, Recall)  # noqa: S101 - a correction is of its target's type
        # Said to begin earlier, it is answered no earlier.
        at_us = max(first.from_.us, body.from_.us)
        yield Trouble("recall", reason, item, case.lot, at_us, WAREHOUSE)


def judge(case: LotCase) -> Against:
    """Return what is open against a lot, and what was closed and by whom."""
    found = Against(open=list(_recalled(case)), closed=list(_overturned(case)))
    answered, by_visit = _answered(case), (case.at, case.lot, case.items, case.visits)
    found.idle += (*uninvited(*by_visit), *case.lapsed, *_resampled(case), *_unjudged(case))
    for trouble in (*_inspected(case), *observed(*by_visit)):
        closing = _closed_by_inspection(case, trouble, answered)
        if closing is None:
            _take(case, found, trouble)
        else:
            facts: dict[str, str | int] = {"about": case.lot, "by": closing.issuer}
            note = Failure("finding-closed", (trouble.item.index, *closing.cites), facts)
            found.closed.append(Closing(trouble, note))
    for trouble, suspense in _reported(case):
        _take(case, found, trouble, suspense)
    return found


def _take(case: LotCase, found: Against, trouble: Trouble, suspense: Failure | None = None) -> None:
    """Add what was found of a lot: open, or in suspense, or closed by what was made later."""
    note = mended(case, trouble)
    if note is not None:
        found.closed.append(Closing(trouble, note))
    elif suspense is not None:
        found.suspended.append(replace(trouble, reason=suspense))
    else:
        found.open.append(_partly(case, trouble))


def in_force(
    at: Moment,
    recalls: Iterable[Standing],
    lot: str,
    users: frozenset[str],
    used_us: int | None = None,
) -> tuple[list[Standing], list[Failure]]:
    """Return the recalls of a lot among statements that are in force then, and which lapsed.

    In force are those by who may recall it, or might then; one note of what lapsed by one party for one reason.
    None falls by decisions alone of who was tied to whom that favours. ``users``: who uses
    the lot; ``used_us``: when the first was made that was made of it, None where nothing is looked at.
    """
    made_us = at.valid_at_us if used_us is None else min(used_us, at.valid_at_us)
    force, lapsed = list[Standing](), dict[tuple[object, ...], Failure]()
    for item in recalls:
        if not (isinstance(item.body, Recall) and names_lot(item, lot)):
            continue
        if item.body.from_.us > at.valid_at_us:
            continue
        if (found := lapse(at.view, lot, item)) is not None:
            favoured, note = whom(at.view, lot, users), found.note
            if went_into(at.view, lot, item, made_us) or not found.freely(at.view, favoured):
                force.append(item)
            else:
                lapsed.setdefault((note.facts["party"], *note.entries[1:]), note)
        elif (
            by_office(at.view, item)
            or may_recall(at.view, item.issuer, lot)
            or of_right_then(at.view, lot, item)
        ):
            force.append(item)
    return force, list(lapsed.values())


def case_of(
    at: Moment, lot: str, used_us: int | None = None, users: frozenset[str] = frozenset()
) -> LotCase:
    """Return a lot with what its history says of it; no lot made later answers for it.

    ``used_us``: of what another lot was made of, when that was made; ``users``: who uses it beside
    those that the answer knows of.
    """
    users |= at.users.of(lot)

    def favours(item: Standing) -> list[str]:
        body = item.body
        return whom(
            at.view, lot, users, *([str(body.trader)] if isinstance(body, Inspection) else ())
        )

    items = list(said_of(at.view, "inspection", lot, favours))
    reports = reports_among(at.view, "inspection", lot, items)
    recalls, lapsed = in_force(at, items, lot, users, used_us)
    return LotCase(
        at,
        lot,
        items,
        [overturned_freely(at, one, users) for one in reports if one.body.lot == lot],
        recalls,
        lapsed,
        invited(items),
        at.view.fold(plans, "inspection", lot),
        at.view.fold(corrections, "inspection", lot),
        users=users,
    )


def made_of_good(at: Moment, lot: Lot, users: frozenset[str], bad: str | None = None) -> bool:
    """Return whether a lot was made of nothing that something is open against, nor of a bad one.

    ``users``: who makes the lot, and who uses it.
    """
    todo = [(above, made_us, users) for above, made_us in _uses(lot)]
    seen = dict[str, tuple[int, frozenset[str]]]()
    while todo:
        above, made_us, by = todo.pop()
        if above == bad or len(seen) > MAX_INPUTS:
            return False
        before = seen.get(above)
        if before is not None:
            if made_us >= before[0] and by <= before[1]:
                continue
            made_us, by = min(made_us, before[0]), by | before[1]
        seen[above] = made_us, by
        if judge(case_of(at, above, made_us, by)).unsettled:
            return False
        if before is None or by != before[1]:
            said = standing_of(at.view, "lot", above, Lot)
            stated = rightful(at.view, product_of(above), said)
            by |= {item.issuer for item in stated} | holders(at.view, product_of(above))
            todo += [(one, us, by) for item in stated for one, us in _uses(item.body)]
    return True


def _uses(body: Body | None) -> Iterator[tuple[str, int]]:
    """Yield what a lot was made of, each with when it was made."""
    if isinstance(body, Lot):
        yield from ((str(above), body.made.us) for above in body.inputs)
