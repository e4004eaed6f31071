"""Items: the one lot that a serial number is of, and who else says that it is of theirs."""

from collections.abc import Iterable, Iterator

from ledger.identifiers import lot_of, product_of, split_goods
from ledger.questions.lots import lot_body
from ledger.questions.open import ProductOpen
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.claims import claims_of, ever_held_brand_of, holding, rejected
from ledger.rules.earlier import restated_before
from ledger.rules.favour import holders
from ledger.rules.lots import doubted_lots, lots_of, right_holders, rightful, stated_lots
from ledger.rules.standing import Standing, standing_of
from ledger.statements.origin_family import Lot, lots_by


def _that_may_hold(asked: Asked, product: str, named: str | None, serial: str) -> list[Standing]:
    """Return the lots that an item may be of: its right-holder's, the lot named, its maker's.

    Only where the item names no lot and none of these has the serial number, all of the product:
    what others state neither makes an item of a named lot known nor contests it.
    """
    view = asked.view
    claims = [] if named is None else claims_of(holding(view, "lot", named))
    makers = dict.fromkeys((*right_holders(view, product), *(claim.maker for claim in claims)))
    found = {claim.item.id: claim.item for claim in claims} | {
        item.id: item
        for maker in makers
        for item in standing_of(view, "lots-by", lots_by(product, maker), Lot)
    }
    if named is not None or any(lot_body(item).holds(serial) for item in found.values()):
        return list(found.values())
    return lots_of(view, product)


def _of_first(asked: Asked, product: str, stated: list[Standing]) -> dict[str, int]:
    """Return the lots of one serial number that count, each with its entry: of one maker.

    The right-holder's come before its grantees', then those of who stated it first: as claims
    on a name do.
    """
    makers = dict.fromkeys(item.issuer for item in stated)
    first = next((one for one in makers if ever_held_brand_of(asked.view, product, one)), None)
    first = next(iter(makers), None) if first is None else first
    return {item.subject: item.index for item in stated if item.issuer == first}


def _held_when_found(
    opened: ProductOpen, stated: Iterable[Standing], serial: str
) -> Iterator[tuple[str, int]]:
    """Yield the lots that were said to hold a serial number when something was found of them, and not since."""
    view, by_maker = opened.asked.view, dict[tuple[str, str], list[Standing]]()
    for one in stated:
        by_maker.setdefault((one.subject, one.issuer), []).append(one)
    for (lot, _), said in by_maker.items():
        found_us = min(
            (found.at_us for found in opened.against(lot).unsettled if found.critical), default=None
        )
        if found_us is None or rejected(view, "lot", said[0]):
            continue
        if any(body.holds(serial) and found_us <= us for body, us in restated_before(view, said)):
            yield lot, said[0].index


def _bad_before(
    asked: Asked, item: str, before: int | None
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the bad lots that held an item's serial number before an entry: right-holders', and others'.

    Something is open against them: who says the item's number of another lot since takes it out of
    none. Whether it is of the others' is in question only: a mere grantee's may hold what numbers it
    likes, and some hold it by a word in doubt, or by one said otherwise since something was found.
    """
    product, serial = product_of(item), split_goods(item)[2] or ""
    opened, of_brand = ProductOpen(asked, product), holders(asked.view, product)
    lots = [lot for lot in opened.lots if opened.against(lot).unsettled]
    theirs, others = dict[str, int](), dict[str, int]()
    stated = rightful(asked.view, product, stated_lots(asked.view, product, lots))
    for one in stated:
        if not lot_body(one).holds(serial) or (before is not None and one.index >= before):
            continue
        if one.issuer in of_brand:
            theirs[one.subject] = one.index
        elif rejected(asked.view, "lot", one):
            continue
        elif any(found.critical for found in opened.against(one.subject).unsettled):
            others[one.subject] = one.index
    makers = {(one.subject, one.issuer) for one in stated}
    for lot, at in _held_when_found(opened, stated, serial):
        if before is None or at < before:
            others.setdefault(lot, at)
    for one, at, body in doubted_lots(asked.view, product, lots):
        by_right = (one.subject, one.issuer) in makers
        if by_right and body.holds(serial) and (before is None or at < before):
            others.setdefault(one.subject, one.index)
    return theirs, others


def lots_of_item(asked: Asked, item: str) -> tuple[list[str], list[Failure]]:
    """Return the one lot of an item, named in its id or found by its serial number."""
    serial, named = split_goods(item)[2] or "", lot_of(item)
    may_hold = _that_may_hold(asked, product_of(item), named, serial)
    may_hold.sort(key=lambda held: held.index)
    newest = {(held.subject, held.issuer): held for held in may_hold}
    stated = [held for held in newest.values() if lot_body(held).holds(serial)]
    first = _of_first(asked, product_of(item), stated)
    contested = dict[str, int]()
    if named is None:
        theirs, contested = _bad_before(asked, item, min(first.values(), default=None))
        first = theirs | first
    facts: dict[str, str | int] = {"item": item}
    lots = list(first) if named is None else [named]
    claims = contested | first if first else {}
    if len(claims) > 1:
        return lots, [Failure("serial-contested", tuple(claims.values()), facts)]
    if not first or named not in (None, *first):
        return [] if named is None else lots, [Failure("serial-unknown", (), facts)]
    return lots, []
