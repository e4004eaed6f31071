"""What a pledge is measured by: a member's goods in its time, and the standards that these keep.

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
from ledger.questions.verdict import Asked, Word
from ledger.rules.chains import Failure
from ledger.rules.claims import category_of
from ledger.rules.outcomes import MAX_GOODS
from ledger.rules.reports import (
    Report,
    State,
    objected_to,
    product_reports,
    reports_in,
)
from ledger.rules.standards import stated
from ledger.rules.standing import Standing, standing_of
from ledger.rules.state import MICROSECONDS
from ledger.rules.subjects import products_of
from ledger.rules.untied_reports import counted_freely
from ledger.statements.brand_family import TRADEMARK_KINDS
from ledger.statements.criteria import Criterion
from ledger.statements.fields import MAX_EAST_S, MAX_WEST_S
from ledger.statements.origin_family import Lot
from ledger.statements.standard_family import AlliancePledge

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


def within(spans: Iterable[Span], time_us: int) -> bool:
    """Return whether a time is in one of some spans."""
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
        return within(self.own.get(product, ()), time_us)

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
        breaks += missed_by(who, own, standard.criteria)
        doubts += in_suspense(who, own, standard.criteria)
        for criterion in standard.criteria:
            met = meets(at(who.asked, who.end_us), reports, criterion)
            if met.met and met.decides is not None:
                shows.append(met.decides.index)
            whole = whole and met.met
    return measured(breaks, shows, whole=whole, doubts=doubts)


def missed_by(who: Member, reports: Sequence[Report], criteria: Sequence[Criterion]) -> list[int]:
    """Return the reports of the pledge's time with a final result that misses a criterion."""
    return [one.index for one in _missed(who, reports, criteria, "final")]


def in_suspense(
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
