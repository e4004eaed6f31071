"""``may_sell``: whether a trader may sell a product here, and who says so."""

from ledger.questions.decisive import own_lots
from ledger.questions.open import product_notes
from ledger.questions.sale import sale
from ledger.questions.verdict import Asked, Verdict, settle


def may_sell(
    asked: Asked,
    *,
    trader: str,
    product: str,
    territory: str,
    channel: str,
    shop_type: str,
    shop: str,
) -> Verdict:
    """Return the verdict, the chain it follows from, and what stands against it."""
    found = sale(asked, trader, product, territory, channel, shop_type, shop)
    stops, known = product_notes(
        asked, product, trader, found.path.above, lambda: own_lots(asked, product, trader, found)
    )
    return settle(
        no=(*found.stops, *stops),
        unknown=found.missing,
        notes=(*found.notes, *known),
        rests_on=found.rests_on,
        detail=found.detail(asked.view),
    )
