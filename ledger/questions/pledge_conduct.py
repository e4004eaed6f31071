"""Whether a member of the alliance keeps what it promised to do, and in time: each promise of conduct.

What counts is what was on record when it fell due: a date that its signer chose keeps no promise.
"""

from collections.abc import Iterator

import msgspec

from ledger.primitives.instant import DAY_US
from ledger.questions.pledge_measures import (
    UNMEASURED,
    Measured,
    Member,
    Span,
    in_suspense,
    measured,
    missed_by,
    within,
)
from ledger.questions.times import in_time
from ledger.rules.chains import Failure
from ledger.rules.earlier import restated_before
from ledger.rules.found import done_us
from ledger.rules.outcomes import MAX_GOODS, Goods, TooManyError, goods_of
from ledger.rules.reports import (
    Report,
    failed_by,
    failures,
    lot_reports,
    product_reports,
)
from ledger.rules.standards import Stated
from ledger.rules.standing import Standing, resolve, standing_of
from ledger.rules.state import Signed
from ledger.rules.subjects import kept_by
from ledger.rules.untied_reports import counted_freely
from ledger.statements.criteria import Criterion
from ledger.statements.fields import critical_in
from ledger.statements.improvement_family import ImprovementPlan, ImprovementStep
from ledger.statements.origin_family import Lot, lots_by
from ledger.statements.sanction_family import Complaint
from ledger.statements.standard_family import Conduct


def conduct_kept(who: Member, promise: Conduct) -> Measured:
    """Return whether a promise of conduct is kept; of words alone nobody can say."""
    match promise.kind:
        case "reports-for-lots":
            return _lots_reported(who, _days_us(promise))
        case "complaints-answered":
            return _complaints_answered(who, _days_us(promise))
        case "no-critical-failure":
            return _nothing_critical(who)
        case "improvement-in-time":
            return _improved_in_time(who)
        case "other":
            return UNMEASURED


def _days_us(promise: Conduct) -> int:
    assert promise.within_days is not msgspec.UNSET  # noqa: S101 - the payload's own check
    return promise.within_days * DAY_US


def _lots_reported(who: Member, within_us: int) -> Measured:
    """Each lot that the member registered, made in the time, has a report within so many days.

    Whatever it found: who promises to test has kept that with a failure too, which a note tells.
    """
    view = who.asked.view
    breaks: list[int] = []
    shows: list[int] = []
    failed: list[Failure] = []
    for product in who.products[:MAX_GOODS]:
        for item, due_us in _lots_due(who, product, within_us):
            timely = [
                report
                for report in lot_reports(view, item.subject)
                if report.state(who.asked.valid_at_us) != "overturned"
                and report.body.issued.us <= min(due_us, who.asked.valid_at_us)
                and in_time(who.asked, _signed(report), due_us)
            ]
            shows += [report.item.index for report in timely[:1]]
            failed += [
                failed_by(report, result) for report in timely for result in failures(report)
            ]
            if not timely and due_us < who.asked.valid_at_us:
                breaks.append(item.index)
    return measured(breaks, shows, whole=len(who.products) <= MAX_GOODS, notes=failed)


def _signed(report: Report) -> Signed:
    """Return when a report was first signed: its day of issue is its laboratory's word."""
    return Signed.of(report.item.entry.statement, report.item.index)


def _lots_due(who: Member, product: str, within_us: int) -> Iterator[tuple[Standing, int]]:
    """Yield the lots of a product that a member stated as made in the time, each with when its report was due.

    Said to be made at another time once that had passed, it was due all the same.
    """
    lots = dict[str, list[Standing]]()
    for item in standing_of(who.asked.view, "lots-by", lots_by(product, who.party), Lot):
        lots.setdefault(item.subject, []).append(item)
    for said in lots.values():
        made_us = {item.body.made.us for item in said if isinstance(item.body, Lot)}
        made_us |= {
            body.made.us
            for body, until_us in restated_before(who.asked.view, said)
            if body.made.us + within_us < until_us
        }
        due = [us + within_us for us in made_us if who.during(us)]
        if due:
            yield said[-1], min(due)


def _complaints(who: Member) -> Iterator[tuple[Standing, Signed]]:
    """Yield the complaints of the time that the member has to answer: of its brand, or its shops.

    Each with when that was said: of a shop that a correction names, then.
    """
    view = who.asked.view
    for product in who.products[:MAX_GOODS]:
        for item in standing_of(view, "feedback", product, Complaint):
            if not isinstance(item.body, Complaint) or not who.during(item.signed_us):
                continue
            if who.owned(product, item.signed_us):
                yield item, item.signed_us
            elif isinstance(shop := item.body.shop, str):
                said = _named_since(item, shop)
                if kept_by(view, who.party, shop, said.index):
                    yield item, said


def _named_since(item: Standing, shop: str) -> Signed:
    """Return when a complaint was signed, or the correction by which it names a shop."""
    versions = item.versions
    entry = next(
        entry for entry, body in versions if isinstance(body, Complaint) and body.shop == shop
    )
    return Signed.of(entry.statement, entry.index)


def _complaints_answered(who: Member, within_us: int) -> Measured:
    """Each complaint is answered by a plan that names it as its cause within so many days."""
    plans = who.asked.view.history("improvement", who.party).entries()
    answers = [
        (entry.body.cause.id, Signed.of(entry.statement, entry.index))
        for entry in plans
        if isinstance(entry.body, ImprovementPlan)
    ]
    breaks: list[int] = []
    shows: list[int] = []
    at_us = who.asked.valid_at_us
    for item, said_us in _complaints(who):
        own = [said for cause, said in answers if cause in item.ids and said <= at_us]
        due_us = said_us + within_us
        timely = [said.index for said in own if in_time(who.asked, said, due_us)]
        if not timely and due_us < at_us:
            # A complaint may be dated back, too: it is answered from when it could be known of.
            due_us = who.asked.view.registered_us(said_us.index) + within_us
            timely = [said.index for said in own if in_time(who.asked, said, due_us)]
        shows += timely[:1]
        if not timely and due_us < at_us:
            breaks.append(item.index)
    return measured(breaks, shows, whole=len(who.products) <= MAX_GOODS)


def _nothing_critical(who: Member) -> Measured:
    """No inspection, audit, observer or final report found anything critical in the time.

    Nobody can say so while such a result is objected to.
    """
    view = who.asked.view
    breaks: list[int] = []
    shows: list[int] = []
    doubts: list[Failure] = []
    try:
        goods: list[tuple[Goods, tuple[Span, ...] | None]] = [(goods_of(view, who.party), None)]
        goods += [(goods_of(view, brand), spans) for brand, spans in who.brands.items()]
    except TooManyError:
        return UNMEASURED
    for some, spans in goods:
        for _, item in some.found:
            if who.during(done_us(item)) and (spans is None or within(spans, done_us(item))):
                critical = critical_in(getattr(item.body, "findings", ()))
                (breaks if critical else shows).append(item.index)
    for product in who.products[:MAX_GOODS]:
        for report in (counted_freely(who.asked, one) for one in product_reports(view, product)):
            if not who.concerns(product, report) or not who.during(report.body.tested_until.us):
                continue
            criteria = _critical_of(who, report)
            failed = missed_by(who, [report], criteria)
            objected = in_suspense(who, [report], criteria)
            doubts += objected
            if failed or (report.free and not objected):
                (breaks if failed else shows).append(report.item.index)
    whole = len(who.products) <= MAX_GOODS
    return measured(breaks, shows, whole=whole, doubts=doubts)


def _critical_of(who: Member, report: Report) -> list[Criterion]:
    """Return the critical criteria of the standard that a report was made by."""
    cited = report.body.standard
    found = None if cited is msgspec.UNSET else resolve(who.asked.view, cited)
    if found is None or not isinstance(found.body, Stated):
        return []
    return [item for item in found.body.criteria if item.severity == "critical"]


def _improved_in_time(who: Member) -> Measured:
    """Each action of the member's improvement plans that fell due in the time was done by then."""
    entries = who.asked.view.history("improvement", who.party).entries()
    done: dict[tuple[str, int], Signed] = {}
    for entry in entries:
        if isinstance(entry.body, ImprovementStep):
            said = Signed.of(entry.statement, entry.index)
            done.setdefault((entry.body.target.id, entry.body.action), said)
    breaks: list[int] = []
    shows: list[int] = []
    for entry in entries:
        if not isinstance(entry.body, ImprovementPlan):
            continue
        for number, action in enumerate(entry.body.actions, 1):
            if not who.during(action.due.us):
                continue
            step = done.get((entry.statement.id.hex(), number))
            if step is not None and in_time(who.asked, step, action.due.us):
                shows.append(step.index)
            else:
                breaks.append(entry.index)
    return measured(breaks, shows)
