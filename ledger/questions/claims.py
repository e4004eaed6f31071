"""What is claimed of a product: one brand and category, or a reason why that is not known."""

from ledger.histories.history import View
from ledger.rules.chains import Failure
from ledger.rules.standing import Standing, standing_in
from ledger.statements.brand_family import Product


def product_claim(view: View, product: str) -> Standing | Failure:
    """Return the newest claim that stands for a product, or why no single one does."""
    claims: dict[tuple[str, str], Standing] = {}
    for item in standing_in(view, "product", product):
        if isinstance(item.body, Product):
            claims[item.body.brand, item.body.category] = item
    if not claims:
        return Failure("product-unknown", (), {"product": product})
    if len(claims) > 1:
        entries = tuple(item.index for item in claims.values())
        return Failure("product-contested", entries, {"product": product})
    return next(iter(claims.values()))


def claimed(item: Standing) -> Product:
    """Return the body of a product claim."""
    assert isinstance(item.body, Product)  # noqa: S101 - claims are products
    return item.body
