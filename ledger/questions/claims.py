"""What is claimed of a product or lot, by who holds its name, or a reason why that is not known."""

from ledger.histories.history import View
from ledger.primitives.instant import format_us
from ledger.rules.chains import Failure
from ledger.rules.claims import Claim, Contest, claims_of, holding
from ledger.rules.codes import SINCE
from ledger.rules.standing import Standing
from ledger.statements.brand_family import Product


def product_claim(view: View, product: str) -> Standing | Failure:
    """Return what a product is, by who holds its claim, or why that is not known."""
    return _claim(view, "product", product)


def lots_absent(view: View, product: str) -> list[Failure]:
    """Return that no lot is on record; nothing where nobody knows whose lots would count.

    So where a product is contested or in doubt: that is to be mended first, and is told.
    """
    claim = product_claim(view, product)
    if isinstance(claim, Failure) and claim.code != "product-unknown":
        return []
    return [Failure("lots-absent", (), {"product": product})]


def lot_claim(view: View, lot: str) -> Standing | Failure:
    """Return what a lot is, by who holds its claim, or why that is not known."""
    return _claim(view, "lot", lot)


def _claim(view: View, topic: str, subject: str) -> Standing | Failure:
    match holding(view, topic, subject):
        case Claim(item=item):
            return item
        case Contest(claims=claims):
            entries = tuple(claim.item.index for claim in claims)
            return Failure(f"{topic}-contested", entries, {topic: subject})
        case None:
            return _reserved(view, topic, subject)


def _reserved(view: View, topic: str, subject: str) -> Failure:
    """Return why nothing is known of a thing: what was stated is in doubt, or nobody stated it."""
    found = claims_of(holding(view, topic, subject, reserved=True))
    if not found or found[0].doubt is None:
        return Failure(f"{topic}-unknown", (), {topic: subject})
    claim, doubt = found[0], found[0].doubt
    since = format_us(doubt.since_us)
    facts: dict[str, str | int] = {"subject": subject, "holder": claim.maker, "by": doubt.by}
    return Failure("claim-in-doubt", (claim.item.index, doubt.entry), {**facts, SINCE: since})


def place_doubts(view: View, facility: str) -> list[Failure]:
    """Return that nobody knows who holds a place, where several claim it by the same right."""
    found = holding(view, "facility", facility)
    if not isinstance(found, Contest):
        return []
    entries = tuple(claim.item.index for claim in found.claims)
    return [Failure("place-contested", entries, {"facility": facility})]


def claimed(item: Standing) -> Product:
    """Return the body of a product claim."""
    assert isinstance(item.body, Product)  # noqa: S101 - claims are products
    return item.body
