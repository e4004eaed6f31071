"""Outcomes: what inspections, audits and observers found of a product, trader, brand or category.

Which goods a subject has: a product itself; a brand's products; what was ever listed in a
category, or in a shop of a trader. Of these goods all lots on record count, and those inspected
at a trader that ever listed them; of a trader's goods the lots inspected at it. Of every lot
all inspections are read (of a trader's those at it), and what observers found; of the places
where lots were made all audits, and what observers found there.

An inspection counts if it is its lot's first in its mode at its trader, in the order of the
log: what is inspected again answers the first, it does not outweigh it. What observers found
on one visit is one outcome, and none if the visit declares a tie.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from ledger.errors import MalformedError
from ledger.histories.history import View
from ledger.identifiers import check_party, check_product, is_trademark
from ledger.rules.standing import Standing, standing, standing_in
from ledger.rules.state import MICROSECONDS
from ledger.statements.brand_family import Product
from ledger.statements.fields import Findings, Severity
from ledger.statements.inspection_family import Inspection
from ledger.statements.observer_family import Observation, Visit
from ledger.statements.origin_family import Lot, OriginAudit
from ledger.statements.trade_family import Listing, Shop

Source = Literal["mystery", "flight", "origin", "observer", "patrol", "inbound"]
MAX_GOODS = 5_000
"""Products, and lots, looked at for one subject; with more there is no index."""

SEVERITIES: tuple[Severity, ...] = ("minor", "major", "critical")
"""From the least to the worst."""


class TooManyError(Exception):
    """A subject has more products or lots than are looked at."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome; ``failure``: how severe, None for a pass; ``about``: the lot or place."""

    item: Standing
    source: Source
    at_us: int
    about: str
    failure: Severity | None


@dataclass(slots=True)
class Goods:
    """The goods of a subject and what was said of them, whenever.

    ``trader``: the subject, if it is one. ``made``: (product, time, place) of each lot.
    ``inspections``: those that count; ``found``: (place or lot, statement) of all that may
    hold a critical finding.
    """

    trader: str | None
    products: list[str] = field(default_factory=list)
    lots: dict[str, None] = field(default_factory=dict)
    made: list[tuple[str, int, str]] = field(default_factory=list)
    inspections: list[Standing] = field(default_factory=list)
    audits: list[tuple[str, Standing]] = field(default_factory=list)
    observations: list[tuple[str, Standing]] = field(default_factory=list)
    found: list[tuple[str, Standing]] = field(default_factory=list)

    def places(self, at_us: int, window_us: int) -> set[str]:
        """Return where lots were made within a time before, or the newest lot of a product."""
        newest: dict[str, int] = {}
        for product, made_us, _ in self.made:
            if made_us <= at_us:
                newest[product] = max(newest.get(product, 0), made_us)
        return {
            place
            for product, made_us, place in self.made
            if made_us <= at_us and made_us >= min(newest[product], at_us - window_us)
        }


def is_party(subject: str) -> bool:
    """Return whether a subject is a trader, as its form says."""
    try:
        check_party(subject)
    except MalformedError:
        return False
    return True


def is_product(subject: str) -> bool:
    """Return whether a subject is a product, as its form says."""
    try:
        check_product(subject)
    except MalformedError:
        return False
    return True


def _listed(view: View, topic: str, subject: str) -> Iterator[str]:
    """Yield the products of all listings in a history, ended ones too."""
    for item in view.fold(standing, topic, subject).values():
        if isinstance(item.body, Listing):
            yield item.subject


def products_of(view: View, subject: str) -> list[str]:
    """Return the products of a subject, each once."""
    if is_product(subject):
        return [subject]
    if is_trademark(subject):
        claims = view.fold(standing, "products", subject).values()
        return list(dict.fromkeys(i.subject for i in claims if isinstance(i.body, Product)))
    if not is_party(subject):
        return list(dict.fromkeys(_listed(view, "on-sale", subject)))
    shops = view.fold(standing, "shops", subject).values()
    own = dict.fromkeys(item.subject for item in shops if isinstance(item.body, Shop))
    return list(dict.fromkeys(p for shop in own for p in _listed(view, "listings", shop)))


def sellers(view: View, product: str) -> list[str]:
    """Return the traders that ever listed a product, each once."""
    listings = view.fold(standing, "listing", product).values()
    shops = dict.fromkeys(str(i.body.shop) for i in listings if isinstance(i.body, Listing))
    return list(
        dict.fromkeys(
            str(item.body.trader)
            for shop in shops
            for item in view.fold(standing, "shop", shop).values()
            if isinstance(item.body, Shop)
        )
    )


def first_inspections(items: Iterable[Standing]) -> list[Standing]:
    """Return the first inspection of each lot in each mode at each trader, in the order of the log."""
    found: dict[tuple[str, str, str], Standing] = {}
    for item in sorted(items, key=lambda item: item.index):
        body = item.body
        if isinstance(body, Inspection):
            found.setdefault((item.subject, body.mode, str(body.trader)), item)
    return list(found.values())


def goods_of(view: View, subject: str) -> Goods:
    """Return the goods of a subject, and everything that may count of them.

    Raises:
        TooManyError: more products or lots than are looked at.

    """
    goods = Goods(subject if is_party(subject) else None, products_of(view, subject))
    if len(goods.products) > MAX_GOODS:
        raise TooManyError
    for product in goods.products:
        _take_lots(view, goods, product)
        if len(goods.lots) > MAX_GOODS:
            raise TooManyError
    for lot in goods.lots:
        _take_inspections(view, goods, lot)
    for place in sorted({place for _, _, place in goods.made}):
        said = list(standing_in(view, "facility", place))
        audited = [(place, item) for item in said if isinstance(item.body, OriginAudit)]
        goods.audits += audited
        goods.found += audited
        _take_observations(goods, place, said)
    return goods


def _take_lots(view: View, goods: Goods, product: str) -> None:
    traders = sellers(view, product) if goods.trader is None else [goods.trader]
    lots = {
        item.subject: None
        for trader in traders
        for item in standing_in(view, "inspections", f"{trader}\n{product}")
        if isinstance(item.body, Inspection)
    }
    for item in standing_in(view, "lots", product):
        if isinstance(item.body, Lot) and (goods.trader is None or item.subject in lots):
            lots[item.subject] = None
            goods.made.append((product, item.body.made.us, str(item.body.facility)))
    goods.lots |= lots


def _take_inspections(view: View, goods: Goods, lot: str) -> None:
    said = list(standing_in(view, "inspection", lot))
    own = [
        item
        for item in said
        if isinstance(item.body, Inspection)
        and item.subject == lot
        and goods.trader in (None, item.body.trader)
    ]
    goods.inspections += first_inspections(own)
    goods.found += [(lot, item) for item in own]
    _take_observations(goods, lot, said)


def _take_observations(goods: Goods, about: str, said: list[Standing]) -> None:
    tied = {i.subject for i in said if isinstance(i.body, Visit) and i.body.tie is not None}
    own = [(about, i) for i in said if isinstance(i.body, Observation) and i.subject not in tied]
    goods.observations += own
    goods.found += own


def worst(findings: Findings) -> Severity | None:
    """Return how severe the worst finding is, None without any."""
    found = {item.severity for item in findings}
    return next((severity for severity in reversed(SEVERITIES) if severity in found), None)


def inspection_failure(body: Inspection) -> Severity | None:
    """Return how severely an inspection failed: refused, or with a critical finding; None: passed.

    A refusal that names no finding is a major failure.
    """
    found = worst(body.findings)
    if body.decision == "refused":
        return found or "major"
    return "critical" if found == "critical" else None


def _found_failure(findings: Findings, fails_from: Severity) -> Severity | None:
    """Return how severely an audit or visit failed: from which severity on is the model's to say."""
    found = worst(findings)
    if found is None or SEVERITIES.index(found) < SEVERITIES.index(fails_from):
        return None
    return found


def observed_us(item: Standing) -> int:
    """Return when an observation was made: as its observer signed it."""
    return item.entry.statement.issued_at * MICROSECONDS


def done_us(item: Standing) -> int:
    """Return when an inspection, audit or observation was made."""
    body = item.body
    return body.on.us if isinstance(body, Inspection | OriginAudit) else observed_us(item)


def outcomes_of(goods: Goods, fails_from: Severity, places: set[str]) -> Iterator[Outcome]:
    """Yield the outcomes of goods, whenever they were; audits and visits of these places alone."""
    for item in goods.inspections:
        body = item.body
        if isinstance(body, Inspection):
            yield Outcome(item, body.mode, body.on.us, item.subject, inspection_failure(body))
    for place, item in goods.audits:
        body = item.body
        if place in places and isinstance(body, OriginAudit):
            failure = _found_failure(body.findings, fails_from)
            yield Outcome(item, "origin", body.on.us, place, failure)
    visits: dict[tuple[str, str], Outcome] = {}
    for about, item in goods.observations:
        body = item.body
        if isinstance(body, Observation) and (about in goods.lots or about in places):
            failure = _found_failure(body.findings, fails_from)
            made = Outcome(item, "observer", observed_us(item), about, failure)
            before = visits.setdefault((about, item.subject), made)
            if _rank(failure) > _rank(before.failure):
                visits[about, item.subject] = made
    yield from visits.values()


def _rank(failure: Severity | None) -> int:
    return -1 if failure is None else SEVERITIES.index(failure)
