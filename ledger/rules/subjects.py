"""What products a subject has: itself, a brand's, what was listed in a category or a trader's shops."""

from collections.abc import Iterator

from ledger.errors import MalformedError
from ledger.histories.history import View
from ledger.identifiers import check_party, check_product, is_trademark
from ledger.rules.standing import standing
from ledger.statements.brand_family import Product
from ledger.statements.trade_family import Listing, Shop


def is_party(subject: str) -> bool:
    """Return whether a subject is a trader, as its form says."""
    try:
        check_party(subject)
    except MalformedError:
        return False
    return True


def _is_product(subject: str) -> bool:
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
    if _is_product(subject):
        return [subject]
    if is_trademark(subject):
        claims = view.fold(standing, "products", subject).values()
        return list(dict.fromkeys(i.subject for i in claims if isinstance(i.body, Product)))
    if not is_party(subject):
        return list(dict.fromkeys(_listed(view, "on-sale", subject)))
    shops = view.fold(standing, "shops", subject).values()
    own = dict.fromkeys(item.subject for item in shops if isinstance(item.body, Shop))
    return list(dict.fromkeys(p for shop in own for p in _listed(view, "listings", shop)))
