"""Whom a finding concerns: the trader it speaks of, or whose lots, places, shops or goods it is about."""

from collections.abc import Iterable, Iterator

from ledger.histories.history import View
from ledger.identifiers import about_topic, product_of
from ledger.rules.chains import grant, holds_for, read_chain, trademarks
from ledger.rules.claims import ever_held_brand_of, products
from ledger.rules.earlier import corrected_before
from ledger.rules.found import done_us
from ledger.rules.lots import right_holders
from ledger.rules.parties import makers_of, owners
from ledger.rules.scope import covers_product
from ledger.rules.standing import Standing, recalled_lots, sound, standing, standing_of
from ledger.rules.subjects import listed
from ledger.rules.taken_over import lapse
from ledger.rules.ties import group, ties
from ledger.statements.brand_family import (
    TRADEMARK_KINDS,
    Authorisation,
    Qualification,
    grant_subject,
)
from ledger.statements.inspection_family import Inspection, inspections_of
from ledger.statements.laboratory_family import Tested
from ledger.statements.observer_family import Observation
from ledger.statements.origin_family import Lot, OriginAudit, lots_by
from ledger.statements.recall_family import Recall
from ledger.statements.sanction_family import Complaint, Sanction
from ledger.statements.trade_family import Admission, Shop


def _registered_by(view: View, lot: str, trader: str) -> bool:
    found = view.fold(standing, "lot", lot).values()
    return any(isinstance(item.body, Lot) and item.issuer == trader for item in found)


def _keeps(view: View, shop: str, trader: str) -> bool:
    found = (sound(view, item).body for item in view.fold(standing, "shop", shop).values())
    return any(isinstance(body, Shop) and body.trader == trader for body in found)


def _owns(view: View, facility: str, trader: str, *at_us: int) -> bool:
    return any(ties(view, trader, owner, *at_us) is not None for owner in owners(view, facility))


def lots_spoken_of(found: Standing) -> tuple[str, ...]:
    """Return the lots that something that was found is about."""
    match found.body:
        case Inspection():
            return (found.subject,)
        case Tested(lot=lot):
            return (str(lot),)
        case Observation(about=about) if about_topic(about) == "inspection":
            return (str(about),)
        case Recall():
            return recalled_lots(found)
        case Complaint(lot=str(lot)):
            return (lot,)
        case _:
            return ()


def own(  # noqa: PLR0911 - a case for each type
    view: View, found: Standing, trader: str, at_us: int
) -> bool:
    """Return whether something that was found is a trader's by what it says itself."""
    match found.body:
        case Inspection(trader=other) | Tested(trader=str(other)):
            return other == trader
        case Sanction():
            return found.subject == trader
        case OriginAudit(on=on):
            return _owns(view, found.subject, trader, on.us, at_us)
        case Observation(about=about) if about_topic(about) == "facility":
            return _owns(view, about, trader, at_us)
        case Recall() if found.issuer == trader:
            return True
        case Complaint(shop=str(shop)) if _keeps(view, shop, trader):
            return True
        case _:
            return any(_registered_by(view, lot, trader) for lot in lots_spoken_of(found))


def _lists(view: View, trader: str, product: str) -> bool:
    """Return whether a trader ever put a product on sale, be it no more."""
    return any(True for _ in _listed_by(view, trader, product))


def _listed_by(view: View, trader: str, product: str) -> Iterator[Standing]:
    return (item for item in listed(view, "listing", product) if item.issuer == trader)


def _reviewed(view: View, trader: str) -> set[str]:
    """Return what a trader was ever admitted on, by id."""
    decisions = view.fold(standing, "admission", trader).values()
    return {
        citation.id
        for item in decisions
        if isinstance(item.body, Admission) and item.body.decision == "admitted"
        for citation in item.body.evidence
    }


def _taken_up(view: View, brand: str, trader: str) -> Iterator[Standing]:
    """Yield what was ever granted to a trader of a brand and it was admitted on, or granted on itself."""
    reviewed = _reviewed(view, trader)
    for item in view.fold(standing, "grant", grant_subject(brand, trader)).values():
        if isinstance(item.body, Authorisation) and (
            not reviewed.isdisjoint(item.ids)
            or any(one.issuer == trader for one in view.fold(standing, "granted", item.id).values())
        ):
            yield item


def deals_in(view: View, trader: str, product: str, at_us: int) -> bool:
    """Return whether goods are a trader's: inspected at it, listed by it, its brand's, or granted to it.

    A grant counts once the trader took it up: anybody with a mark grants whom it likes, unasked.
    What was its once counts for good: goods sold last year are recalled this year.
    """
    looked_at = standing_of(view, "inspections", inspections_of(trader, product), Inspection)
    if any(True for _ in looked_at) or _lists(view, trader, product):
        return True
    for claim in products(view, product, reserved=True):
        for mark in trademarks(view, str(claim.brand)):
            if mark.subject == trader or holds_for(view, trader, mark.subject, at_us) is not None:
                return True
        for item in _taken_up(view, str(claim.brand), trader):
            if covers_product(grant(item).goods, product, str(claim.category)):
                return True
    return False


def its_lot(view: View, lot: str, trader: str, at_us: int) -> bool:
    """Return whether a lot is a trader's to answer for: it stated it, or may have sold goods of it.

    Of a product that it deals in any lot that nobody ever stated, or its brand's holders did; of a
    mere grantee's lot what was inspected at it, and that of who is tied to it or stands above it.
    What a fellow reseller states of its own lots is no reason to act against it.
    """
    product = product_of(lot)
    if _registered_by(view, lot, trader):
        return True
    if not deals_in(view, trader, product, at_us):
        return False
    makers = makers_of(view, "lot", lot)
    if not makers or any(ever_held_brand_of(view, product, maker) for maker in makers):
        return True
    inspected = standing_of(view, "inspections", inspections_of(trader, product), Inspection)
    return any(item.subject == lot for item in inspected) or any(
        maker in _above(view, product, trader) or ties(view, maker, trader, at_us) is not None
        for maker in makers
    )


def _above(view: View, product: str, trader: str) -> set[str]:
    """Return who stands above a trader in the grants of a product's brand that it took up."""
    return {
        issuer
        for claim in products(view, product, reserved=True)
        for item in _taken_up(view, str(claim.brand), trader)
        for issuer in read_chain(view, item).issuers
    }


def _deals_for(view: View, brand: str, trader: str) -> bool:
    """Return whether a trader ever took up a grant of a brand, or listed goods of it.

    Not by goods whose brand is contested, nor by what was listed before they were claimed for this one: a
    rival's claim makes nobody its trader.
    """
    return any(True for _ in _taken_up(view, brand, trader)) or any(
        listing.index > claim.index
        for claim in view.fold(standing, "products", brand).values()
        if all(held.brand == brand for held in products(view, claim.subject))
        for listing in _listed_by(view, trader, claim.subject)
    )


def _place(found: Standing) -> str | None:
    """Return the place that an audit or an observer speaks of, None for anything else."""
    match found.body:
        case OriginAudit():
            return found.subject
        case Observation(about=about) if about_topic(about) == "facility":
            return str(about)
        case _:
            return None


def _made_there(
    view: View, found: Standing, trader: str, lots: Iterable[str], goods: Iterable[str]
) -> bool:
    """Return whether one of these lots, or products, was made where something was found, as was said then.

    Of a product the trader's own lots and its right-holder's: what others make is not for it to answer.
    """

    def topics() -> Iterator[tuple[str, str]]:
        yield from (("lot", lot) for lot in lots)
        for product in goods:
            for maker in dict.fromkeys((trader, *right_holders(view, product))):
                yield "lots-by", lots_by(product, maker)

    place, at_us = _place(found), done_us(found)
    return any(
        item.body.facility == place
        or any(b.facility == place and at_us <= us for b, us in corrected_before(view, item))
        for topic in topics()
        for item in standing_of(view, *topic, Lot)
        if isinstance(item.body, Lot)
    )


def _brand_of(view: View, place: str, trader: str, at_us: int) -> bool:
    """Return whether a place is of a right-holder whose goods a trader deals in."""
    return any(
        _deals_for(view, str(item.body.number), trader)
        for owner in owners(view, place)
        for party in group(view, owner, at_us)
        for item in view.fold(standing, "qualification", party).values()
        if isinstance(item.body, Qualification) and item.body.kind in TRADEMARK_KINDS
    )


def concerns(
    view: View,
    found: Standing,
    trader: str,
    at_us: int,
    *,
    lots: tuple[str, ...] = (),
    goods: tuple[str, ...] = (),
) -> bool:
    """Return whether something that was found is a reason to act against a trader.

    Its own; or of lots and goods that are its to answer for; or of a place of the right-holder whose
    goods it sells, or where these lots or products were made, as far as they are.
    """
    if own(view, found, trader, at_us):
        return True
    match found.body:
        case Inspection() | Tested(trader=str()) | Sanction() | Complaint(shop=str()):
            return False
        case Complaint() if not lots_spoken_of(found):
            return deals_in(view, trader, found.subject, at_us)
        case _:
            pass

    def its(lot: str) -> bool:
        return its_lot(view, lot, trader, at_us)

    place = _place(found)
    if place is None:
        recall = isinstance(found.body, Recall)
        lots_left = (
            lot for lot in lots_spoken_of(found) if not recall or lapse(view, lot, found) is None
        )
        return any(map(its, lots_left))
    return _brand_of(view, place, trader, at_us) or _made_there(
        view,
        found,
        trader,
        filter(its, lots),
        (product for product in goods if deals_in(view, trader, product, at_us)),
    )
