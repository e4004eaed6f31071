"""What a pledge is measured by: each promise against what is on record of its time.

A member's goods are the products of the trademarks that it held in the time of its pledge, as long
as it held them, and what was ever listed in its shops. Of a brand's goods every report and finding
counts; of a trader's those of what was sampled at it, or of lots it registered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from ledger.identifiers import ancestors
from ledger.primitives.instant import format_us
from ledger.questions.conformance import Finding, findings, meets
from ledger.questions.on_sale import at
from ledger.questions.papers import paper, papers
from ledger.questions.times import in_time
from ledger.questions.verdict import Asked, Word
from ledger.rules.chains import Failure
from ledger.rules.claims import category_of
from ledger.rules.earlier import restated_before
from ledger.rules.found import done_us
from ledger.rules.outcomes import MAX_GOODS, Goods, TooManyError, goods_of
from ledger.rules.reports import (
    Report,
    State,
    failed_by,
    failures,
    lot_reports,
    objected_to,
    product_reports,
    reports_in,
)
from ledger.rules.standards import Stated, stated
from ledger.rules.standing import Standing, resolve, standing_of
from ledger.rules.state import MICROSECONDS, Signed
from ledger.rules.subjects import kept_by, products_of
from ledger.rules.untied_reports import counted_freely
from ledger.statements.brand_family import TRADEMARK_KINDS
from ledger.statements.fields import MAX_EAST_S, MAX_WEST_S, critical_in
from ledger.statements.improvement_family import ImprovementPlan, ImprovementStep
from ledger.statements.origin_family import Lot, lots_by
from ledger.statements.sanction_family import Complaint
from ledger.statements.standard_family import AlliancePledge, Conduct, Criterion

DAY_US = 86_400 * MICROSECONDS
MAX_MONTHS = 36
"""Months of a laboratory's reports that are read: the last ones of the pledge."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Whether a promise is kept: the entries that break it, and those that show it kept.

    ``doubts``: what is in suspense, so that nobody can say; ``notes``: what speaks against the
    goods in what shows it kept.
    """

    kept: Word
    breaks: tuple[int, ...] = ()
    shows: tuple[int, ...] = ()
    doubts: tuple[Failure, ...] = ()
    notes: tuple[Failure, ...] = ()


UNMEASURED = Measured("unknown")


def measured(
    breaks: Sequence[int],
    shows: Sequence[int],
    *,
    whole: bool = True,
    doubts: Sequence[Failure] = (),
    notes: Sequence[Failure] = (),
) -> Measured:
    """Return broken if anything breaks it, kept if something shows so and nothing is missing."""
    broken, good = tuple(dict.fromkeys(breaks)), tuple(dict.fromkeys(shows))
    word: Word = "no" if broken else "yes" if good and whole and not doubts else "unknown"
    return Measured(word, broken, good, tuple(doubts), tuple(notes))


Span = tuple[int, int | None]
"""From when until before when, in microseconds; None: without end."""


def _within(spans: Iterable[Span], time_us: int) -> bool:
    return any(
        from_us <= time_us and (until_us is None or time_us < until_us)
        for from_us, until_us in spans
    )


@dataclass(frozen=True, slots=True)
class Member:
    """A party, when its pledge counts, and its goods: of its brands, and listed in its shops.

    ``brands``: when it held each that it held in that time; ``own``: the same of their products.
    """

    asked: Asked
    party: str
    from_us: int
    end_us: int
    brands: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    own: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    products: tuple[str, ...] = ()

    def during(self, time_us: int) -> bool:
        """Return whether a moment lies in the time of the pledge that has passed."""
        return self.from_us <= time_us <= self.end_us

    def owned(self, product: str, time_us: int) -> bool:
        """Return whether a product was of the member's brands at a time: lost since, it was all the same."""
        return _within(self.own.get(product, ()), time_us)

    def concerns(self, product: str, report: Report) -> bool:
        """Return whether a report about a product speaks of this member's goods."""
        if self.owned(product, report.body.tested_until.us):
            return True
        if report.body.trader == self.party:
            return True
        lots = standing_of(self.asked.view, "lot", report.body.lot, Lot)
        return any(item.issuer == self.party for item in lots)


def _held(asked: Asked, party: str, from_us: int, end_us: int) -> dict[str, tuple[Span, ...]]:
    """Return the brands that a party held within a time, each with when: until it ended, too."""
    found: dict[str, tuple[Span, ...]] = {}
    for item in papers(asked.view, party):
        body = paper(item)
        if body.kind not in TRADEMARK_KINDS:
            continue
        ends = [] if body.until is None else [body.until.us]
        if item.ended is not None:
            ends.append(asked.view.registered_us(item.ended))
        until_us = min(ends, default=None)
        if body.from_.us <= end_us and (until_us is None or from_us < until_us):
            span = (body.from_.us, until_us)
            found[str(body.number)] = (*found.get(str(body.number), ()), span)
    return found


def member(asked: Asked, party: str, body: AlliancePledge) -> Member:
    """Return who pledged, for what time up to the one asked about, with its goods."""
    view = asked.view
    until_us = asked.valid_at_us if body.until is None else body.until.us
    end_us = min(asked.valid_at_us, until_us)
    brands = _held(asked, party, body.from_.us, end_us)
    own: dict[str, tuple[Span, ...]] = {}
    for brand, spans in brands.items():
        for product in products_of(view, brand):
            own[product] = (*own.get(product, ()), *spans)
    products = tuple(dict.fromkeys((*own, *products_of(view, party))))
    return Member(asked, party, body.from_.us, end_us, brands, own, products)


def standard_kept(who: Member, item: Standing) -> Measured:
    """Return whether a member's goods, or a laboratory's reports, keep a standard.

    Goods: no final result of its time misses a criterion, and by its end every product of the
    category meets each. Reports by the standard: none was overturned.
    """
    view, standard = who.asked.view, stated(item)
    of_category = [
        product
        for product in who.products[:MAX_GOODS]
        if standard.category in ancestors(category_of(view, product) or "")
    ]
    if not of_category:
        return _reports_upheld(who, item.subject)
    breaks: list[int] = []
    shows: list[int] = []
    doubts: list[Failure] = []
    whole = len(who.products) <= MAX_GOODS
    for product in of_category:
        reports = [counted_freely(who.asked, one) for one in product_reports(view, product)]
        own = [report for report in reports if who.concerns(product, report)]
        breaks += _failures(who, own, standard.criteria)
        doubts += _objected(who, own, standard.criteria)
        for criterion in standard.criteria:
            met = meets(at(who.asked, who.end_us), reports, criterion)
            if met.met and met.decides is not None:
                shows.append(met.decides.index)
            whole = whole and met.met
    return measured(breaks, shows, whole=whole, doubts=doubts)


def _failures(who: Member, reports: Sequence[Report], criteria: Sequence[Criterion]) -> list[int]:
    """Return the reports of the pledge's time with a final result that misses a criterion."""
    return [one.index for one in _missed(who, reports, criteria, "final")]


def _objected(
    who: Member, reports: Sequence[Report], criteria: Sequence[Criterion]
) -> list[Failure]:
    """Return the results of the pledge's time that miss a criterion and are in suspense."""
    missed = _missed(who, reports, criteria, "objected")
    return [objected_to(one.report, one.result, who.asked.valid_at_us) for one in missed]


def _missed(
    who: Member, reports: Sequence[Report], criteria: Sequence[Criterion], state: State
) -> list[Finding]:
    """Return the results of the pledge's time in a state that miss a criterion."""
    return [
        one
        for criterion in criteria
        for one in findings(reports, criterion, who.end_us)
        if one.shows == "fail"
        and one.report.state_of(one.result, who.asked.valid_at_us) == state
        and who.during(one.report.body.tested_until.us)
    ]


def _months(who: Member) -> Iterator[str]:
    """Yield the months of the pledge's time, the last ones, wherever its clocks stand."""
    ends = (who.from_us - MAX_WEST_S * MICROSECONDS, who.end_us + MAX_EAST_S * MICROSECONDS)
    first, last = (format_us(time_us)[:7] for time_us in ends)
    year, month = int(last[:4]), int(last[5:])
    for back in range(MAX_MONTHS):
        number = year * 12 + month - 1 - back
        name = f"{number // 12:04}-{number % 12 + 1:02}"
        if name < first:
            return
        yield name


def _reports_upheld(who: Member, standard: str) -> Measured:
    """Return whether a laboratory's reports by a standard stand: none overturned, none open."""
    breaks: list[int] = []
    shows: list[int] = []
    whole = True
    for month in _months(who):
        for found in reports_in(who.asked.view, "reports", f"{who.party}\n{month}"):
            report = counted_freely(who.asked, found)
            cited = report.body.standard
            mine = report.item.issuer == who.party and who.during(report.body.issued.us)
            if cited is msgspec.UNSET or cited.subject != standard or not mine:
                continue
            state = report.state(who.asked.valid_at_us)
            (breaks if state == "overturned" else shows).append(report.item.index)
            whole = whole and state == "final"
    return measured(breaks, shows, whole=whole)


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
            if who.during(done_us(item)) and (spans is None or _within(spans, done_us(item))):
                critical = critical_in(getattr(item.body, "findings", ()))
                (breaks if critical else shows).append(item.index)
    for product in who.products[:MAX_GOODS]:
        for report in (counted_freely(who.asked, one) for one in product_reports(view, product)):
            if not who.concerns(product, report) or not who.during(report.body.tested_until.us):
                continue
            criteria = _critical_of(who, report)
            failed = _failures(who, [report], criteria)
            objected = _objected(who, [report], criteria)
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
