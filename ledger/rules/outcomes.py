"""Outcomes: what inspections, audits and observers found of a product, trader, brand or category.

Of a subject's goods (``subjects``) everything counts that was examined, lots nobody registered too;
of a trader's goods what was inspected at it. Of the places where lots were made all audits count,
and what observers found there.

A lot has one outcome in each mode at each trader: the worst of all its inspections, whatever
their class or the order they came in. What accepts a lot that it inspects again adds none, nor
what accepts it by counts of nonconformities alone: at AQL 1000 each item may be bad ten times over.
What observers found on one visit is one outcome, and none if nobody invited it. Who is tied to whom
a pass favours, or declares a tie, passes nothing: the trader, the lot's maker, the right-holder, the
owner of the place, who of these makes something there; what such a one found amiss counts.
"""

from collections.abc import Container, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.rules.claims import ever_held_brand_of
from ledger.rules.earlier import corrected_before
from ledger.rules.favour import NOBODY, Users, Uses, auditors, done_and_signed, favoured_there
from ledger.rules.found import counting, done_us, lot_of, observed_us, said_at, said_of_lots
from ledger.rules.independence import Independence
from ledger.rules.lots import lots_of, right_holders, rightful, stated_lots
from ledger.rules.parties import mark_holders, owners_ever
from ledger.rules.severity import found_failure, inspection_failure, severity_rank
from ledger.rules.standing import Standing, standing_of
from ledger.rules.subjects import is_party, products_of
from ledger.statements.fields import Severity
from ledger.statements.inspection_family import Inspection, judges_items
from ledger.statements.observer_family import Observation, Visit
from ledger.statements.origin_family import Lot, OriginAudit, lots_by

Source = Literal["mystery", "flight", "origin", "observer", "patrol", "inbound"]
MAX_GOODS = 5_000
"""Products looked at for one subject; with more there is no index."""


class TooManyError(Exception):
    """A subject has more products than are looked at."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome; ``failure``: how severe, None for a pass; ``about``: the lot or place.

    ``thing``: the product, or the place, that it is about.
    """

    item: Standing
    source: Source
    at_us: int
    about: str
    thing: str
    failure: Severity | None

    @property
    def rank(self) -> tuple[int, int, bytes]:
        """Return how bad it is: of equals a failure stays the longer, a pass the shorter."""
        at_us = -self.at_us if self.failure is None else self.at_us
        return severity_rank(self.failure), at_us, self.item.entry.statement.id


class MadeAt(NamedTuple):
    """Where and when a lot was made; ``until_us``: when it was said otherwise, None where it is said now."""

    product: str
    made_us: int
    place: str
    until_us: int | None


PlacesUntil = Mapping[str, int | None]
"""Places, each with up to when what was found there counts; None: whenever it was found."""


@dataclass(slots=True)
class Goods:
    """The goods of a subject and what was said of them, whenever.

    ``trader``: the subject, if it is one. ``made``: what was said of where each lot was made,
    ``stated`` the entries that state these lots. ``found``: (place or lot, statement) of all that may
    hold a critical finding. ``tied``: the entries whose issuers are, or say that they are, tied to
    whom a pass by them would favour. ``users``: who makes them where, and the trader.
    """

    trader: str | None
    products: list[str] = field(default_factory=list)
    lots: dict[str, None] = field(default_factory=dict)
    made: list[MadeAt] = field(default_factory=list)
    stated: list[int] = field(default_factory=list)
    inspections: list[Standing] = field(default_factory=list)
    audits: list[tuple[str, Standing]] = field(default_factory=list)
    observations: list[tuple[str, Standing]] = field(default_factory=list)
    found: list[tuple[str, Standing]] = field(default_factory=list)
    tied: set[int] = field(default_factory=set)
    users: Users = NOBODY

    def places(self, at_us: int, window_us: int) -> PlacesUntil:
        """Return where lots were made within a time before, or the newest lot of a product."""
        made = [one for one in self.made if one.made_us <= at_us]
        newest: dict[str, int] = {}
        for one in made:
            newest[one.product] = max(newest.get(one.product, 0), one.made_us)
        found: dict[str, int | None] = {}
        for one in made:
            if one.made_us >= min(newest[one.product], at_us - window_us):
                until_us = found.get(one.place, 0)
                if until_us is not None and one.until_us is not None:
                    found[one.place] = max(until_us, one.until_us)
                else:
                    found[one.place] = None
        return found


def goods_of(view: View, subject: str) -> Goods:
    """Return the goods of a subject, and everything that may count of them.

    Raises:
        TooManyError: more products than are looked at.

    """
    goods = Goods(subject if is_party(subject) else None, products_of(view, subject))
    if len(goods.products) > MAX_GOODS:
        raise TooManyError
    favour, uses = Favour(Independence(view)), Uses(view)
    sellers = () if goods.trader is None else (goods.trader,)
    for product in goods.products:
        said = counting(said_of_lots(view, product, Users(frozenset(sellers))))
        goods.lots |= _looked_at(goods, favour, said)
        _take_lots(view, goods, favour, uses, _lots(view, goods, product, said))
        favour.holders[product] = frozenset(mark_holders(view, product))
    goods.users = uses.users(sellers)
    # Read again: whose withdrawal in error counts is known once it is who uses the goods.
    for product in goods.products:
        _take_examined(goods, favour, said_of_lots(view, product, goods.users))
    counted = {one.place for one in goods.made}
    for place in sorted(counted | set(favour.made_at.values())):
        favour.owners[place] = frozenset(owners_ever(view, place))
        if place not in counted:
            continue
        said = said_at(view, place, favoured_there(view, place, goods.users))
        audited = [(place, item) for item in said if isinstance(item.body, OriginAudit)]
        goods.audits += audited
        goods.found += audited
        _take_observations(goods, said, {place})
    goods.tied.update(favour.tied(goods))
    return goods


def _inspected(goods: Goods, said: list[Standing]) -> list[Standing]:
    """Return the inspections of goods: of a trader those made at it."""
    return [
        item
        for item in said
        if isinstance(item.body, Inspection) and goods.trader in (None, item.body.trader)
    ]


def _looked_at(goods: Goods, favour: "Favour", said: list[Standing]) -> dict[str, None]:
    """Return the lots of a product that were examined as the subject's."""
    own = _inspected(goods, said)
    lots = dict.fromkeys(item.subject for item in own if not _praise(goods, favour, item))
    if goods.trader is None:
        lots |= dict.fromkeys(str(i.body.about) for i in said if isinstance(i.body, Observation))
    return lots


def _take_examined(goods: Goods, favour: "Favour", said: list[Standing]) -> None:
    """Take what was found of a product's lots, and these lots."""
    own, lots = _inspected(goods, said), _looked_at(goods, favour, said)
    goods.inspections += own
    goods.found += [(item.subject, item) for item in own]
    goods.lots |= lots
    _take_observations(goods, said, lots)


def _praise(goods: Goods, favour: "Favour", item: Standing) -> bool:
    """Return whether an inspection is a pass by who is tied to the trader: it adds no lot to the goods."""
    if goods.trader is None or not isinstance(item.body, Inspection):
        return False
    if inspection_failure(item.body) is not None:
        return False
    return favour.tied_to(item, frozenset({goods.trader}))


def _lots(view: View, goods: Goods, product: str, said: list[Standing]) -> list[Standing]:
    """Return the lots of a product that count, oldest first: its right-holder's, and what was examined.

    Only where there are none, those of others: what a grantee states of lots that nobody saw
    makes no difference to the goods of everybody else.
    """
    found = {
        item.id: item
        for holder in dict.fromkeys(right_holders(view, product))
        for item in standing_of(view, "lots-by", lots_by(product, holder), Lot)
    }
    known = {item.subject for item in found.values()}
    if goods.trader is None:
        looked_at = (lot_of(item) for item in said)
    else:
        looked_at = (lot for lot in goods.lots if product_of(lot) == product)
    others = dict.fromkeys(lot for lot in looked_at if lot is not None and lot not in known)
    stated = _on_record(view, goods, stated_lots(view, product, others), said)
    found |= {item.id: item for item in stated}
    if not found and goods.trader is None:
        return lots_of(view, product)
    return sorted(rightful(view, product, found.values()), key=lambda item: item.index)


def _on_record(
    view: View, goods: Goods, stated: list[Standing], said: list[Standing]
) -> list[Standing]:
    """Return what is said of lots that were on record when they were first examined as the subject's.

    Nobody says afterwards where goods were made that others found nowhere on record; but the
    trader itself does, of its own.
    """
    examined = dict[str, int]()
    for item in said if goods.trader is None else _inspected(goods, said):
        lot = lot_of(item)
        if lot is not None:
            examined.setdefault(lot, view.registered_us(item.index))
    first: dict[str, int] = {}
    for item in stated:
        if item.issuer != goods.trader:
            first.setdefault(item.subject, view.registered_us(item.index))
    return [
        item
        for item in stated
        if item.issuer == goods.trader or first[item.subject] <= examined[item.subject]
    ]


def _take_lots(
    view: View, goods: Goods, favour: "Favour", uses: Uses, lots: list[Standing]
) -> None:
    """Take lots of one product, and the places where they were made.

    Beside lots of the brand a place that somebody else names counts for that one's own goods
    alone: else a grantee would bring the audits of any garden into everybody's index.
    """
    of_brand = {
        item.issuer
        for item in lots
        if ever_held_brand_of(view, product_of(item.subject), item.issuer)
    }
    for item in lots:
        product = product_of(item.subject)
        if isinstance(item.body, Lot) and (goods.trader is None or item.subject in goods.lots):
            goods.lots[item.subject] = None
            place = str(item.body.facility)
            if goods.trader is not None or not of_brand or item.issuer in of_brand:
                goods.stated.append(item.index)
                goods.made.append(MadeAt(product, item.body.made.us, place, None))
                goods.made += (
                    MadeAt(product, body.made.us, str(body.facility), until_us)
                    for body, until_us in corrected_before(view, item)
                )
                uses.take(item)
            favour.made_by[item.subject] = favour.made_by.get(item.subject, frozenset()) | {
                item.issuer
            }
            favour.made_at.setdefault(item.subject, place)


def _take_observations(goods: Goods, said: list[Standing], about: Container[str]) -> None:
    """Take what was observed on visits that cite an invitation; who declares a tie passes nothing."""
    tied = {i.subject for i in said if isinstance(i.body, Visit) and i.body.tie is not None}
    own = [
        (str(item.body.about), item)
        for item in counting(said)
        if isinstance(item.body, Observation) and str(item.body.about) in about
    ]
    goods.observations += own
    goods.found += own
    goods.tied |= {item.index for _, item in own if item.subject in tied}


@dataclass(slots=True)
class Favour:
    """Whom a pass favours: makers and places of lots, owners of places, right-holders of products."""

    independence: Independence
    made_by: dict[str, frozenset[str]] = field(default_factory=dict)
    made_at: dict[str, str] = field(default_factory=dict)
    owners: dict[str, frozenset[str]] = field(default_factory=dict)
    holders: dict[str, frozenset[str]] = field(default_factory=dict)

    def of_lot(self, lot: str) -> frozenset[str]:
        """Return whom a pass of a lot favours beside its trader."""
        owned = self.owners.get(self.made_at.get(lot, ""), frozenset())
        made = self.made_by.get(lot, frozenset())
        return made | owned | self.holders.get(product_of(lot), frozenset())

    def tied(self, goods: Goods) -> Iterator[int]:
        """Yield the entries of goods whose issuers are tied to whom a pass would favour."""
        for item in goods.inspections:
            if isinstance(item.body, Inspection):
                own = self.of_lot(item.subject) | {str(item.body.trader)}
                if self.tied_to(item, own | goods.users.of(item.subject)):
                    yield item.index
        for about, item in (*goods.audits, *goods.observations):
            owned = self.owners.get(about)
            own = self.of_lot(about) if owned is None else owned
            if self.tied_to(item, own | goods.users.of(about)):
                yield item.index

    def tied_to(self, item: Standing, favoured: frozenset[str]) -> bool:
        """Return whether who says something, or one of its team, is tied to one of these."""
        times = done_and_signed(item, done_us(item))
        return any(self.independence.tied(one, favoured, *times) for one in auditors(item))


def counts_at(places: PlacesUntil, place: str, item: Standing) -> bool:
    """Return whether what was found at a place bears on goods: they were said to be made there then."""
    until_us = places.get(place, -1)
    return until_us is None or done_us(item) <= until_us


def outcomes_of(
    goods: Goods, fails_from: Severity, places: PlacesUntil, at_us: int
) -> list[Outcome]:
    """Return the outcomes of goods up to a time; audits and visits of these places alone."""
    found: dict[Hashable, Outcome] = {}
    for key, outcome in _each(goods, fails_from, places):
        idle = outcome.failure is None and outcome.item.index in goods.tied
        if outcome.at_us > at_us or idle:
            continue
        before = found.setdefault(key, outcome)
        if outcome.rank > before.rank:
            found[key] = outcome
    return list(found.values())


def tied_passes(goods: Goods, fails_from: Severity, places: PlacesUntil) -> list[Outcome]:
    """Return the passes that count for nothing, whenever they were: their issuers were tied."""
    return [
        outcome
        for _, outcome in _each(goods, fails_from, places)
        if outcome.failure is None and outcome.item.index in goods.tied
    ]


def _each(
    goods: Goods, fails_from: Severity, places: PlacesUntil
) -> Iterator[tuple[Hashable, Outcome]]:
    """Yield what each statement found, with what it is an outcome of."""
    for item in goods.inspections:
        body, lot = item.body, item.subject
        if isinstance(body, Inspection):
            failure = inspection_failure(body)
            if failure is None and (body.answers or not judges_items(body)):
                continue
            made = Outcome(item, body.mode, body.on.us, lot, product_of(lot), failure)
            yield (lot, str(body.trader), body.mode), made
    for place, item in goods.audits:
        body = item.body
        if isinstance(body, OriginAudit) and counts_at(places, place, item):
            failure = found_failure(body.findings, fails_from)
            yield item.id, Outcome(item, "origin", body.on.us, place, place, failure)
    for about, item in goods.observations:
        body = item.body
        if isinstance(body, Observation) and (
            about in goods.lots or counts_at(places, about, item)
        ):
            failure = found_failure(body.findings, fails_from)
            thing = product_of(about) if about in goods.lots else about
            made = Outcome(item, "observer", observed_us(item), about, thing, failure)
            yield (about, item.subject), made
