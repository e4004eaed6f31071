"""The lots of a product that are on record: stated by who acted for its brand and holds their names."""

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache

from ledger.histories.history import View
from ledger.rules.brand_rights import acted_for
from ledger.rules.chains import trademarks
from ledger.rules.claims import brands_ever, claims_of, ever_stated, holding, rejected, versions_of
from ledger.rules.standing import Standing, standing, standing_of
from ledger.rules.state import doubt_of
from ledger.statements.brand_family import Product
from ledger.statements.origin_family import Lot

MAX_NAMED = 200
"""So many lots of one product are read by their names; of more, all of the product."""
MAX_ANCESTORS = 10_000
"""Lots that a rule looks at of all that one was made of; goods of more are not traced either."""


def above(view: View, inputs: Iterable[str]) -> Iterator[str]:
    """Yield all that a lot was made of, each once, to any depth, by whatever was ever said of it."""
    return _above(inputs, lambda lot: stated_ever(view, lot))


def said_to_be_of(view: View, lot: str, inputs: Iterable[str]) -> Standing | None:
    """Return by what a lot is said to be made into one of some lots, to any depth; None where by nothing.

    What a decision says its maker cannot claim refuses nobody what it made.
    """

    @cache  # the walk asks, then this does
    def stated(one: str) -> list[Standing]:
        return [item for item in stated_ever(view, one) if not rejected(view, "lot", item)]

    for one in _above(inputs, stated):
        for item in stated(one):
            if isinstance(item.body, Lot) and lot in item.body.inputs:
                return item
    return None


def stated_ever(view: View, lot: str) -> list[Standing]:
    """Return what was ever stated of a lot, whatever became of it."""
    return [item for item in ever_stated(view, "lot", lot) if isinstance(item.body, Lot)]


def _above(inputs: Iterable[str], stated: Callable[[str], Iterable[Standing]]) -> Iterator[str]:
    todo, seen = list(map(str, inputs)), set[str]()
    while todo and len(seen) < MAX_ANCESTORS:
        lot = todo.pop()
        if lot not in seen:
            seen.add(lot)
            yield lot
            for item in stated(lot):
                todo.extend(map(str, getattr(item.body, "inputs", ())))


def right_holders(view: View, product: str) -> Iterator[str]:
    """Yield who ever held the trademarks that a product was declared under, by who holds its name.

    A mark that ends takes neither their lots out of what counts, nor what was found where they were made.
    """
    claims = versions_of(view, "product", product)
    for brand in sorted({str(i.body.brand) for i in claims if isinstance(i.body, Product)}):
        for paper in trademarks(view, brand):
            yield paper.subject


def lots_of(view: View, product: str) -> list[Standing]:
    """Return what stands of a product's lots, oldest first: see ``rightful``."""
    return rightful(view, product, standing_of(view, "lots", product, Lot))


def stated_lots(view: View, product: str, lots: Collection[str]) -> list[Standing]:
    """Return what is said of some lots of a product: by their names, of many by the product's."""
    if len(lots) <= MAX_NAMED:
        return [item for lot in lots for item in standing_of(view, "lot", lot, Lot)]
    said = standing_of(view, "lots", product, Lot)
    return [item for item in said if item.subject in lots]


def doubted_lots(
    view: View, product: str, lots: Collection[str]
) -> Iterator[tuple[Standing, int, Lot]]:
    """Yield each thing said of some lots of a product with a key that was suspected then: by which claim and entry."""
    named = len(lots) <= MAX_NAMED
    for topic in [("lot", lot) for lot in lots] if named else [("lots", product)]:
        for item in view.fold(standing, *topic).live.get(Lot, {}).values():
            for entry, body in item.versions if item.subject in lots else ():
                in_doubt = doubt_of(view, entry.statement.kid, entry.index) is not None
                if in_doubt and isinstance(body, Lot):
                    yield item, entry.index, body


def rightful(view: View, product: str, stated: Iterable[Standing]) -> list[Standing]:
    """Return what those who ever acted for a product's brand state of its lots, every version.

    Where several state one lot, what is said by who holds its name.
    """
    found = list(stated)
    brands = brands_ever(view, product)
    acting = {
        maker
        for maker in dict.fromkeys(item.issuer for item in found)
        if acted_for(view, brands, maker)
    }
    makers: dict[str, set[str]] = {}
    for item in found:
        if item.issuer in acting:
            makers.setdefault(item.subject, set()).add(item.issuer)
    for lot, stated_by in makers.items():
        if len(stated_by) > 1:
            found_by = claims_of(holding(view, "lot", lot, reserved=True))
            held_by = {claim.maker for claim in found_by}
            makers[lot] = stated_by & held_by
    return [item for item in found if item.issuer in makers.get(item.subject, ())]
