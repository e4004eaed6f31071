"""What is claimed of a product or lot, by who holds its name, or a reason why that is not known."""

from collections.abc import Iterable

from ledger.histories.history import View
from ledger.primitives.instant import format_us
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.claims import Claim, Contest, claims_of, holding
from ledger.rules.codes import SINCE
from ledger.rules.parties import owners
from ledger.rules.standing import Standing
from ledger.rules.ties import ties
from ledger.statements.brand_family import Product
from ledger.statements.origin_family import Lot


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


def places_unconfirmed(asked: Asked, lots: Iterable[Standing]) -> list[Failure]:
    """Return which places lots are said to be made at by who has no part in them: nobody there says so.

    Once for each maker and place, by the lot made last. Who has a place is never asked for its word
    before a lot is stated, and stating one says nothing against it.
    """
    last: dict[tuple[str, str], tuple[int, str, int]] = {}
    for item in lots:
        assert isinstance(item.body, Lot)  # noqa: S101 - callers asked for lots
        key = item.issuer, str(item.body.facility)
        one = item.body.made.us, item.subject, item.index
        last[key] = max(last.get(key, one), one)
    found: list[Failure] = []
    for (maker, place), (made_us, _, index) in last.items():
        held = owners(asked.view, place)
        times = made_us, asked.valid_at_us
        if not held or any(ties(asked.view, maker, one, *times) is not None for one in held):
            continue
        owner, claim = next(iter(held.items()))
        facts: dict[str, str | int] = {"facility": place, "owner": owner, "maker": maker}
        found.append(Failure("place-unconfirmed", (index, claim), facts))
    return found


def claimed(item: Standing) -> Product:
    """Return the body of a product claim."""
    assert isinstance(item.body, Product)  # noqa: S101 - claims are products
    return item.body
