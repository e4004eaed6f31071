"""What is open against a lot, by all that its own history says, and what was closed and by whom.

All that was found counts; what closes it is said in ``lot_closings``. A result is closed by its
retest alone, and an objection puts it in suspense until then, which closes nothing.
"""

from collections.abc import Iterator
from dataclasses import replace

from ledger.identifiers import product_of
from ledger.rules.chains import Failure
from ledger.rules.claims import category_of
from ledger.rules.favour import holders
from ledger.rules.found import (
    LABORATORY,
    RANK,
    WAREHOUSE,
    Against,
    Closing,
    Moment,
    Trouble,
    critical,
    observed,
    uninvited,
)
from ledger.rules.limits import unjudged
from ledger.rules.lot_case import LotCase, case_of
from ledger.rules.lot_closings import answered_in, closed_by_inspection, mended, partly
from ledger.rules.lots import rightful
from ledger.rules.reports import (
    Report,
    custody_links,
    failed_by,
    objected_to,
    sample_of,
)
from ledger.rules.standing import standing_of
from ledger.statements.fields import Body
from ledger.statements.origin_family import Lot
from ledger.statements.recall_family import ProductRecall, Recall
from ledger.statements.results import Result

MAX_INPUTS = 1_000
"""So many lots that a later lot was made of are looked at; one of more answers nothing."""


def _recalled(case: LotCase) -> Iterator[Trouble]:
    for item in case.recalls:
        body = item.body
        assert isinstance(body, Recall | ProductRecall)  # noqa: S101 - chosen as such
        facts: dict[str, str | int] = {"lot": case.lot, "since": str(body.from_)}
        reason = Failure("lot-recalled", (item.index,), facts)
        first = item.entry.body
        assert isinstance(first, Recall | ProductRecall)  # noqa: S101 - a correction is of its target's type
        # Said to begin earlier, it is answered no earlier.
        at_us = max(first.from_.us, body.from_.us)
        yield Trouble("recall", reason, item, case.lot, at_us, WAREHOUSE)


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


def judge(case: LotCase) -> Against:
    """Return what is open against a lot, and what was closed and by whom."""
    found = Against(open=list(_recalled(case)), closed=list(_overturned(case)))
    answered, by_visit = answered_in(case), (case.at, case.lot, case.items, case.visits)
    found.idle += (*uninvited(*by_visit), *case.lapsed, *_resampled(case), *_unjudged(case))
    for trouble in (*_inspected(case), *observed(*by_visit)):
        closing = closed_by_inspection(case, trouble, answered)
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
        found.open.append(partly(case, trouble))


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
