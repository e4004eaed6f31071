"""Who is party to a name, and ever was: who claimed it, whose place it is, whose brand."""

from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.rules.chains import trademarks
from ledger.rules.claims import claims_of, ever_stated, holding, maker_of
from ledger.statements.brand_family import Product
from ledger.statements.origin_family import Facility


def makers_of(view: View, topic: str, subject: str) -> dict[str, tuple[int, ...]]:
    """Return who ever claimed a name, the first one first, each with its last claim."""
    return {maker_of(view, item): (item.index,) for item in ever_stated(view, topic, subject)}


def mark_holders(view: View, product: str) -> dict[str, tuple[int, ...]]:
    """Return who ever held the brands that a product was ever claimed for, each with its first mark."""
    found: dict[str, tuple[int, ...]] = {}
    for claim in ever_stated(view, "product", product):
        if isinstance(claim.body, Product):
            for mark in trademarks(view, str(claim.body.brand)):
                found.setdefault(mark.subject, (mark.index,))
    return found


def owners(view: View, facility: str) -> dict[str, int]:
    """Return who is bound by owning a place, with the entry that says so: who holds its name.

    Whom a stranger names as the owner of a place is bound by nothing it did not say itself; who
    revokes the key by which it stated a place is bound as before.
    """
    held_by = claims_of(holding(view, "facility", facility, reserved=True))
    return {claim.maker: claim.item.index for claim in held_by}


def owners_ever(view: View, facility: str) -> dict[str, tuple[int, ...]]:
    """Return whose a place ever was, each with the entries that say so, oldest first.

    Who ever claimed it; and whom who holds it names, or named, as its owner: of its own place it
    says so, and nobody else can.
    """
    found: dict[str, tuple[int, ...]] = {}
    for item in ever_stated(view, "facility", facility):
        maker = maker_of(view, item)
        found[maker] = (*found.get(maker, ()), item.index)
    for claim in claims_of(holding(view, "facility", facility, reserved=True)):
        for item in ever_stated(view, "facility", facility):
            for entry, body in item.versions if maker_of(view, item) == claim.maker else ():
                if isinstance(body, Facility) and str(body.owner) not in found:
                    found[str(body.owner)] = (entry.index,)
    return found


def parties_to(view: View, topic: str, subject: str) -> dict[str, tuple[int, ...]]:
    """Return who is party to a name: who ever claimed it, and whose brand a product or lot is.

    Each with its last claim, or its mark.
    """
    found = (
        {party: entries[-1:] for party, entries in owners_ever(view, subject).items()}
        if topic == "facility"
        else makers_of(view, topic, subject)
    )
    if topic in ("product", "lot"):
        for holder, entries in mark_holders(view, product_of(subject)).items():
            found.setdefault(holder, entries)
    return found
