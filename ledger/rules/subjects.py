"""What products a subject has: itself, a brand's, what was listed in a category or a trader's shops."""

from collections.abc import Iterable, Iterator

from ledger.errors import MalformedError
from ledger.histories.history import View
from ledger.identifiers import check_party, check_product, is_trademark
from ledger.rules.standing import Standing, standing
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


def listed(view: View, topic: str, subject: str) -> Iterator[Standing]:
    """Yield all listings in a history, ended ones too."""
    for item in view.fold(standing, topic, subject).values():
        if isinstance(item.body, Listing):
            yield item


def listed_in(shops: Iterable[Standing], listing: Standing) -> Standing | None:
    """Return the one of some shops in which a listing was made, None if it was in none of these.

    An id that passed on to another trader is another shop: nobody sells what was listed before.
    """
    for item in shops:
        stood = item.index < listing.index and (item.ended is None or listing.index < item.ended)
        same = isinstance(listing.body, Listing) and listing.body.shop == item.subject
        if stood and same and isinstance(item.body, Shop):
            return item
    return None


def kept_by(view: View, party: str, shop: str, index: int) -> bool:
    """Return whether a shop is a party's, or was when something was said: nobody else opened it before an entry."""
    own = [
        item
        for item in view.fold(standing, "shops", party).values()
        if isinstance(item.body, Shop) and item.subject == shop
    ]
    if not own or own[-1].ended is None:
        return bool(own)
    known = view.fold(standing, "shop", shop).values()
    opened = [one.body for one in known if isinstance(one.body, Shop) and one.index < index]
    return bool(opened) and opened[-1].trader == party


def products_of(view: View, subject: str) -> list[str]:
    """Return the products of a subject, each once."""
    if _is_product(subject):
        return [subject]
    if is_trademark(subject):
        claims = view.fold(standing, "products", subject).values()
        return list(dict.fromkeys(i.subject for i in claims if isinstance(i.body, Product)))
    if not is_party(subject):
        return list(dict.fromkeys(item.subject for item in listed(view, "on-sale", subject)))
    shops = list(view.fold(standing, "shops", subject).values())
    own = dict.fromkeys(item.subject for item in shops if isinstance(item.body, Shop))
    made = (item for shop in own for item in listed(view, "listings", shop))
    return list(dict.fromkeys(item.subject for item in made if listed_in(shops, item)))
