"""A name that is taken over: whose word binds who says it next, and what of that word lapses.

A right-holder takes over the lots that its agents stated. What these said of them binds it as its
own does; what a squatter said binds nobody. Where a mere grantee called back a number of which
nobody else ever heard, and the right-holder's lot of that number is made since, those are other goods.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.rules.brand_rights import acted, ever_held_brand
from ledger.rules.chains import Failure, read_chain
from ledger.rules.claims import (
    Claim,
    brands_ever,
    claimed_by_right,
    claims_of,
    ever_stated,
    holding,
    maker_of,
    may_recall,
    products,
    rejected,
)
from ledger.rules.codes import repeated
from ledger.rules.earlier import Earlier, corrected_before, restated_before
from ledger.rules.favour import untied
from ledger.rules.found import heard
from ledger.rules.offices import by_office
from ledger.rules.settling import decisions
from ledger.rules.standing import (
    Standing,
    beside_sound,
    recalled_lots,
    resolve,
    sound,
    standing,
    standing_of,
)
from ledger.rules.ties import ties
from ledger.statements.brand_family import Authorisation, Product, grant_subject
from ledger.statements.claim_family import ClaimDecided
from ledger.statements.fields import Body
from ledger.statements.origin_family import Lot
from ledger.statements.recall_family import Recall


def binding(view: View, topic: str, new: Standing) -> list[Standing]:
    """Return what binds a new claim on a name: the last that its maker said, and each of its chain and group.

    Of a lot also what was said by right before its number passed to another brand.
    """
    maker, last = maker_of(view, new), dict[str, Standing]()
    stated = list(ever_stated(view, topic, new.subject))
    without = beside_sound(view, stated)
    for item in stated:
        if item.index not in without:
            last[maker_of(view, item)] = item
    own = [last.pop(maker)] if maker in last else []
    others = (item for item in last.values() if not rejected(view, topic, item))
    return [*own, *(one for one in others if _of_one(view, new, one) or _passed_on(view, new, one))]


def _passed_on(view: View, new: Standing, other: Standing) -> bool:
    """Return whether another stated a lot by right before its product's number passed to another brand.

    It was claimed for a brand that the other acted for, before any that it is held for now.
    """
    if not isinstance(new.body, Lot):
        return False
    product = product_of(new.subject)
    now = {str(body.brand) for body in products(view, product, reserved=True)}
    for claim in ever_stated(view, "product", product):
        if isinstance(claim.body, Product):
            brand = str(claim.body.brand)
            if brand in now:
                return False
            if acted(view, brand, other.issuer) and claimed_by_right(view, claim):
                return True
    return False


def _of_one(view: View, new: Standing, other: Standing) -> bool:
    """Return whether another's claim is of a maker's own chain or group: not a squatter's.

    Who it is tied to, who ever held the brand that it states goods of, and who was ever granted
    that, or the brand that the other one stated, below whom it is tied to, or who held that before it.
    """
    maker, who = maker_of(view, new), maker_of(view, other)
    times = (other.signed_us, new.signed_us)
    brands = _brands(view, new)
    return (
        ties(view, maker, who, *times) is not None
        or any(ever_held_brand(view, brand, who) for brand in brands)
        or any(
            ties(view, maker, above, *times) is not None
            or (ever_held_brand(view, brand, above) and ever_held_brand(view, brand, maker))
            for brand in dict.fromkeys((*brands, *_brands(view, other)))
            for above in _above(view, brand, who)
        )
    )


def _brands(view: View, item: Standing) -> tuple[str, ...]:
    """Return the brands that a claim on a lot or product is for; none of a place.

    Of a lot also those that its product's makers, or who ever held one of these, stated it for
    before: no second mark makes other goods of it.
    """
    match item.body:
        case Lot():
            product = product_of(item.subject)
            now = dict.fromkeys(str(body.brand) for body in products(view, product, reserved=True))
            makers = {
                claim.maker for claim in claims_of(holding(view, "product", product, reserved=True))
            }
            before = (
                str(one.body.brand)
                for one in ever_stated(view, "product", product)
                if isinstance(one.body, Product)
                and (
                    one.issuer in makers
                    or any(ever_held_brand(view, brand, one.issuer) for brand in now)
                )
            )
            return tuple(dict.fromkeys((*now, *before)))
        case Product(brand=brand):
            return (str(brand),)
        case _:
            return ()


def _above(view: View, brand: str, party: str) -> Iterator[str]:
    """Yield who stands above a party in all that was ever granted to it of a brand, each once."""
    found = dict[str, None]()
    for item in view.fold(standing, "grant", grant_subject(brand, party)).values():
        if isinstance(item.body, Authorisation):
            found |= dict.fromkeys(read_chain(view, item).issuers)
    yield from found


def said_earlier(view: View, item: Standing) -> Earlier:
    """Yield what was said of a lot before what is said now, each with when it was said otherwise on record.

    By who says it now, corrected or stated anew, and by those whose goods that one took over. What
    was found by then where they were made bears on the lot, in whatever order it came to the log.
    """
    stated = list(standing_of(view, "lot", item.subject, Lot))
    own = [one for one in stated if one.issuer == item.issuer and one.index <= item.index]
    yield from restated_before(view, own)
    if not own or len(own) == len(stated):
        return
    since = own[0].index
    for one in binding(view, "lot", item):
        if one.issuer != item.issuer and one.index < since and not _other(view, one, item, since):
            yield from corrected_before(view, one)
            body = sound(view, one).body
            if isinstance(body, Lot):
                yield body, view.registered_us(since)


def _other(view: View, stated: Standing, taken: Standing, since: int) -> bool:
    """Return whether who takes a lot over states goods made since, of a number that nobody spoke of."""
    return made_since(stated, taken.body) and unheard_of(view, stated, before=since)


def made_since(before: Standing, new: Body | None) -> bool:
    """Return whether a lot is made since another one of its number was stated."""
    return isinstance(new, Lot) and new.made.us > before.signed_us


SPOKEN_OF = ("inspection", "feedback", "sanction")
"""The topics in which others speak of a lot: what was found, complained of, and followed for whom."""


def unheard_of(view: View, item: Standing, *, before: int) -> bool:
    """Return whether nobody but who stated a lot spoke of it before an entry, the uninvited apart."""
    return all(
        one.statement.issuer == item.issuer
        for topic in SPOKEN_OF
        for one in heard(view, topic, item.subject)
        if one.index < before
    )


def _first_stated(view: View, lot: str, party: str) -> Standing | None:
    """Return what a party stated of a lot first, standing or not; None where it stated nothing."""
    return next((item for item in ever_stated(view, "lot", lot) if item.issuer == party), None)


def other_goods(view: View, lot: str, recall: Standing) -> Claim | None:
    """Return the claim on a lot that a recall of it lapses for: its right-holder's, of goods made since.

    The recall is a mere grantee's, of whatever brand the number was for, who stated the lot, was not tied to who holds it now, and was
    the only one that spoke of it before that one took it over. So nobody looked at any such goods.
    """
    product = product_of(lot)
    if any(ever_held_brand(view, brand, recall.issuer) for brand in brands_ever(view, product)):
        return None
    brands = [str(item.brand) for item in products(view, product, reserved=True)]
    claim = holding(view, "lot", lot, reserved=True)
    stated = _first_stated(view, lot, recall.issuer)
    if (
        stated is not None
        and isinstance(claim, Claim)
        and recall.index < claim.first.index
        and any(ever_held_brand(view, brand, claim.maker) for brand in brands)
        and all(made_us > recall.signed_us for made_us in _made_us(claim))
        and ties(view, claim.maker, recall.issuer, recall.signed_us, claim.at_us) is None
        and unheard_of(view, stated, before=claim.first.index)
    ):
        return claim
    return None


def _made_us(claim: Claim) -> Iterator[int]:
    """Yield when a lot was made, as it was stated first and as it is now."""
    for body in (claim.first.entry.body, claim.first.body, claim.item.body):
        if isinstance(body, Lot):
            yield body.made.us


def of_right_then(view: View, lot: str, recall: Standing, *, as_maker: bool = True) -> bool:
    """Return whether a recall was of who might say it before its product was claimed anew.

    It protects people: a mark that ends, and who takes the number then, undo nothing of it.
    ``as_maker``: also of who stated the lot and acted for its brand, not of who held that alone.
    """
    held = claims_of(holding(view, "product", product_of(lot), reserved=True))
    if any(claim.first.index < recall.index for claim in held):
        return False
    return any(
        one.index < recall.index
        and _claimed_for(view, lot, recall.issuer, one, as_maker=as_maker)
        and claimed_by_right(view, one)
        for one in ever_stated(view, "product", product_of(lot))
    )


def _claimed_for(
    view: View, lot: str, party: str, claim: Standing, *, as_maker: bool = True
) -> bool:
    """Return whether a lot's product was claimed for a party: its brand's, or one it acted for and stated the lot."""
    if not isinstance(claim.body, Product):
        return False
    brand = str(claim.body.brand)
    return ever_held_brand(view, brand, party) or (
        as_maker and _first_stated(view, lot, party) is not None and acted(view, brand, party)
    )


def went_into(view: View, lot: str, recall: Standing, made_us: int) -> bool:
    """Return whether what was made of a lot at a time is of what was called back, not of the other goods.

    Those were made later than that: nothing was made of them yet.
    """
    claim = other_goods(view, lot, recall)
    return claim is not None and any(since_us > made_us for since_us in _made_us(claim))


class Lapse(NamedTuple):
    """That a recall lapsed: the note of it, and the decisions by which it did; none where other goods took its number."""

    note: Failure
    decided: tuple[Standing, ...] = ()

    def freely(self, view: View, favoured: Collection[str]) -> bool:
        """Return whether it did not lapse by decisions alone of who was tied to these."""
        return not self.decided or any(
            untied(view, item.issuer, (item.signed_us,), favoured) for item in self.decided
        )


def lapse(view: View, lot: str, recall: Standing) -> Lapse | None:
    """Return by whom and what a recall, no office's, lapsed for a lot: None where it did not.

    Since the name is other goods'; or by a decision that its maker holds nothing of that name, or of
    its product.
    """
    if by_office(view, recall):
        return None
    claim = other_goods(view, lot, recall)
    if claim is not None:
        return Lapse(_lapsed(lot, recall, (claim.first.index,), claim.maker))
    if may_recall(view, recall.issuer, lot):
        return None
    stated = _first_stated(view, lot, recall.issuer)
    no_maker = stated is not None and rejected(view, "lot", stated)
    if of_right_then(view, lot, recall, as_maker=not no_maker):
        return None
    if stated is not None and no_maker:
        decided = [
            item
            for item in decisions(view, "lot", lot)
            if maker_of(view, stated) in _rejects(view, item)
        ]
    else:
        decided = _deprived(view, lot, recall.issuer)
    if not decided:
        return None
    note = _lapsed(lot, recall, tuple(item.index for item in decided), decided[-1].issuer)
    return Lapse(note, tuple(decided))


def lapsed_by(view: View, recall: Standing) -> int | None:
    """Return the entry by which a recall lapsed for all its lots, the last; None where it counts for one."""
    found = [lapse(view, lot, recall) for lot in recalled_lots(recall)]
    by = [one.note.entries[-1] for one in found if one is not None]
    return max(by) if by and len(by) == len(found) else None


def _deprived(view: View, lot: str, party: str) -> list[Standing]:
    """Return the decisions that reject what a lot's product was claimed by for a party."""
    product = product_of(lot)
    makers = {
        one.issuer
        for one in ever_stated(view, "product", product)
        if _claimed_for(view, lot, party, one) and rejected(view, "product", one)
    }
    return [item for item in decisions(view, "product", product) if makers & _rejects(view, item)]


def _rejects(view: View, item: Standing) -> set[str]:
    """Return whose claims a decision rejects."""
    body = item.body
    assert isinstance(body, ClaimDecided)  # noqa: S101 - decisions are
    found = (resolve(view, one) for one in body.decided if one != body.upheld)
    return {one.issuer for one in found if one is not None}


def _lapsed(lot: str, recall: Standing, by: tuple[int, ...], whom: str) -> Failure:
    body = recall.body
    assert isinstance(body, Recall)  # noqa: S101 - asked of recalls
    facts: dict[str, str | int] = {
        "lot": lot,
        "party": recall.issuer,
        "on": str(body.from_),
        "why": repeated(body.reason),
        "by": whom,
    }
    return Failure("recall-lapsed", (recall.index, *by), facts)
