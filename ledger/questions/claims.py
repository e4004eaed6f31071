"""What is claimed of a product or lot, by who holds its name, or a reason why that is not known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import msgspec

from ledger.histories.history import View
from ledger.primitives.instant import format_us
from ledger.questions.verdict import Asked
from ledger.rules.chains import Facts, Failure
from ledger.rules.claims import Claim, Contest, claims_of, holding, maker_of
from ledger.rules.codes import SINCE, repeated
from ledger.rules.parties import owners
from ledger.rules.settling import decisions
from ledger.rules.standing import Standing, resolve
from ledger.rules.ties import ties
from ledger.statements.brand_family import Product
from ledger.statements.claim_family import ClaimDecided
from ledger.statements.fields import Citation
from ledger.statements.origin_family import Lot

NUMBERED = ("product", "facility")
"""The topics of things whose claims licences and offices settle, too."""
MAX_CLAIMANTS = 8
"""Parties named in one reason; the entries beside name the others."""


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
            return _contested(topic, claims, {topic: subject})
        case None:
            return _reserved(view, topic, subject)


def _reserved(view: View, topic: str, subject: str) -> Failure:
    """Return why nothing is known of a thing: what was stated is in doubt, or nobody stated it."""
    found = claims_of(holding(view, topic, subject, reserved=True))
    if not found or found[0].doubt is None:
        return Failure(f"{topic}-unknown", (), {topic: subject})
    claim, doubt = found[0], found[0].doubt
    since = format_us(doubt.since_us)
    facts: Facts = {"subject": subject, "holder": claim.maker, "by": doubt.by}
    return Failure("claim-in-doubt", (claim.item.index, doubt.entry), {**facts, SINCE: since})


def place_doubts(view: View, facility: str) -> list[Failure]:
    """Return that nobody knows who holds a place, where several claim it by the same right."""
    found = holding(view, "facility", facility)
    if not isinstance(found, Contest):
        return []
    return [_contested("place", found.claims, {"facility": facility})]


def _contested(thing: str, claims: Sequence[Claim], facts: Facts) -> Failure:
    """Return that a thing is contested, and who claims it."""
    entries = tuple(claim.item.index for claim in claims)
    makers = " ".join(claim.maker for claim in claims[:MAX_CLAIMANTS])
    return Failure(f"{thing}-contested", entries, facts | {"claimants": makers})


def settled(view: View, topic: str, subject: str) -> Iterator[Failure]:
    """Yield what settles who holds a name, beside being the first: decisions, licences, an office's word.

    Of a contested one by which licences it is claimed: none of them settles it.
    """
    for item in decisions(view, topic, subject):
        yield _decided(view, item)
    if topic not in NUMBERED:
        return
    found = holding(view, topic, subject)
    for claim in claims_of(found):
        for note in claim.notes:
            yield replace(note, code="licence-contested") if isinstance(found, Contest) else note


def _decided(view: View, item: Standing) -> Failure:
    """Return who decided on claims, for whom and why; where nothing is upheld, whose claims fall."""
    body = item.body
    assert isinstance(body, ClaimDecided)  # noqa: S101 - decisions are
    facts: Facts = {"subject": item.subject, "by": item.issuer}
    why: Facts = {"why": repeated(body.grounds)}
    if body.upheld is not msgspec.UNSET:
        facts |= {"holder": _maker(view, body.upheld)}
        return Failure("claim-decided", (item.index,), facts | why)
    makers = dict.fromkeys(_maker(view, one) for one in body.rejected)
    facts |= {"claimants": " ".join([*makers][:MAX_CLAIMANTS])}
    return Failure("claim-rejected", (item.index,), facts | why)


def _maker(view: View, citation: Citation) -> str:
    """Return whose claim is cited; of one that is not there its id."""
    found = resolve(view, citation)
    return citation.id if found is None else maker_of(view, found)


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
