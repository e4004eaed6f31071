"""The lots of a product that are on record: by who holds each, and might state it."""

from ledger.histories.history import View
from ledger.rules.brand_rights import acted
from ledger.rules.claims import claims_of, holding, products
from ledger.rules.standing import Standing, standing_in
from ledger.statements.origin_family import Lot


def lots_of(view: View, product: str) -> list[Standing]:
    """Return what stands of a product's lots, oldest first: of who ever acted for its brand.

    All versions of it; where several state one lot, those of who holds its name.
    """
    found = [item for item in standing_in(view, "lots", product) if isinstance(item.body, Lot)]
    brands = [str(item.brand) for item in products(view, product)]
    rightful = {
        maker
        for maker in dict.fromkeys(item.issuer for item in found)
        if not brands or any(acted(view, one, maker) for one in brands)
    }
    makers: dict[str, set[str]] = {}
    for item in found:
        if item.issuer in rightful:
            makers.setdefault(item.subject, set()).add(item.issuer)
    for lot, stated_by in makers.items():
        if len(stated_by) > 1:
            held_by = {claim.maker for claim in claims_of(holding(view, "lot", lot))}
            makers[lot] = stated_by & held_by
    return [item for item in found if item.issuer in makers.get(item.subject, ())]
