"""Who holds a name: a product, a lot, a place, a shop, a sample, a standard.

A claim is a statement of its type in the thing's own history. It stands while it was not
ended and its key is not suspected since before; the first that stands holds the name, and what
its maker says again is a version of it. One whose key is suspected counts in no answer, but keeps
its name for its maker (``reserved``): who says it again with another key is the first.

Before the first comes who has the better right, in this order: whom a decision upholds (an
authority's before the operator's); whose licence of a GS1 prefix covers the number; for whom the
operator states a place, or whom an earlier claim names as its owner and who says so itself; the
right-holder of the very brand, to its products and their lots. Who was rejected by a decision holds
nothing. A claim on a product whose right has ended or expired gives way to another's with a live
one. Where two have the same right, the name is contested.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ledger.histories.history import View
from ledger.histories.views import AsOfView
from ledger.identifiers import gs1_digits, product_of
from ledger.rules.authority import authority
from ledger.rules.brand_rights import acted, acted_for, brand_standing, ever_held_brand
from ledger.rules.chains import Failure, Point
from ledger.rules.offices import by_office
from ledger.rules.settling import DECIDED, PLAIN, decisions, licence
from ledger.rules.standing import (
    CLAIMS,
    Standing,
    in_doubt,
    resolve,
    sound,
    standing,
    standing_in,
    standing_of,
)
from ledger.rules.state import Doubt
from ledger.statements.brand_family import Product, Qualification
from ledger.statements.claim_family import ClaimDecided
from ledger.statements.origin_family import Facility
from ledger.statements.trade_family import Shop

# How good a right is, the better the higher; of equal ones the first holds, or none. Of lots
# ``brand_standing`` (0 to 2) is on the same scale: a licence outranks the right-holder's own claim.
ASSIGNED, LICENSED = range(PLAIN + 2, DECIDED)


@dataclass(frozen=True, slots=True)
class Claim:
    """One maker's claim on a name.

    ``first``: the statement it claims by; ``item``: what it says now, in its newest version;
    ``level``: how good its right is; ``disputed``: decisions of one rank contradict each other
    about it; ``given_by``: who named the maker as a place's owner before; ``doubt``: why all that
    its maker says of the thing is in doubt; ``notes``: what its right rests on beside being the first.
    """

    maker: str
    first: Standing
    item: Standing
    level: int = PLAIN
    disputed: bool = False
    given_by: str | None = None
    doubt: Doubt | None = None
    notes: tuple[Failure, ...] = ()

    @property
    def at_us(self) -> int:
        """Return when it was made, as its maker says."""
        return self.first.signed_us


@dataclass(frozen=True, slots=True)
class Contest:
    """Claims on one name of which none is better than another."""

    claims: tuple[Claim, ...]


Holding = Claim | Contest | None


def maker_of(view: View, item: Standing) -> str:
    """Return whose claim a statement is: a shop's trader's, whom an office states a place for."""
    match item.body:
        case Shop(trader=trader):
            return str(trader)
        case Facility(owner=owner) if owner != item.issuer and by_office(view, item):
            return str(owner)
        case _:
            return item.issuer


def _stated(view: View, topic: str, subject: str, more: Iterable[Standing] = ()) -> list[Standing]:
    """Return the statements that claim a name, oldest first, without those whose key is in doubt."""
    new = {item.id: item for item in more}
    known = [
        item
        for kind in CLAIMS[topic]
        for item in standing_of(view, topic, subject, kind)
        if item.id not in new and in_doubt(view, item) is None
    ]
    return sorted((*known, *new.values()), key=lambda item: item.index)


def _reserving(view: View, topic: str, subject: str, items: list[Standing]) -> list[Standing]:
    """Return the claims on a name, with those in doubt of makers that state nothing else."""
    makers = {maker_of(view, item) for item in items}
    doubted = (
        item
        for kind in CLAIMS[topic]
        for item in standing_of(view, topic, subject, kind)
        if maker_of(view, item) not in makers
    )
    return sorted((*items, *doubted), key=lambda item: item.index)


def _by_maker(view: View, items: Iterable[Standing]) -> list[Claim]:
    """Return the claim of each maker, oldest first."""
    found: dict[str, Claim] = {}
    named: dict[str, str] = {}
    for item in items:
        maker = maker_of(view, item)
        before = found.get(maker)
        claim = (
            Claim(maker, item, item, doubt=in_doubt(view, item))
            if before is None
            else replace(before, item=item)
        )
        if isinstance(item.body, Facility):
            if item.issuer != maker:
                claim = replace(claim, level=ASSIGNED)
            if item.body.owner == maker:
                by = next((one for one, owner in named.items() if owner == maker), None)
                claim = replace(claim, given_by=claim.given_by or by)
                named.pop(maker, None)
            else:
                named[maker] = str(item.body.owner)
        found[maker] = claim
    return list(found.values())


def _given(claims: list[Claim]) -> list[Claim]:
    """Return the claims on a place without those given away: by naming an owner who says so itself."""
    level = {claim.maker: claim.level for claim in claims}
    givers = {claim.given_by for claim in claims}
    return [
        replace(claim, level=max(claim.level, level.get(claim.given_by or "", PLAIN)))
        for claim in claims
        if claim.maker not in givers
    ]


def _newest(claims: Iterable[Claim]) -> Claim:
    return max(claims, key=lambda claim: claim.first.index)


def _best(claims: list[Claim]) -> Holding:
    """Return the claim of the highest level, a contest where several are."""
    top = max(claim.level for claim in claims)
    best = [claim for claim in claims if claim.level == top]
    if any(claim.disputed for claim in best):
        return Contest(tuple(claims))
    return best[0] if len(best) == 1 else Contest(tuple(best))


def _decided(view: View, topic: str, subject: str, claims: list[Claim]) -> list[Claim]:
    """Return the claims that no decision rejects, each with what was decided of it.

    Where decisions that bind contradict each other about one, it is disputed who holds anything.
    """
    found = decisions(view, topic, subject)
    said: dict[str, set[bool]] = {}
    for item in found:
        assert isinstance(item.body, ClaimDecided)  # noqa: S101 - decisions are
        for citation in item.body.decided:
            cited = resolve(view, citation)
            if cited is not None:
                words = said.setdefault(maker_of(view, cited), set())
                words.add(citation == item.body.upheld)
    left = []
    for claim in claims:
        words = said.get(claim.maker, set())
        if words == {False}:
            continue
        level = max(claim.level, DECIDED) if words else claim.level
        left.append(replace(claim, level=level, disputed=len(words) > 1))
    return left


def rejected(view: View, topic: str, item: Standing) -> bool:
    """Return whether a decision says that the maker of a claim holds nothing."""
    maker = maker_of(view, item)
    return not _decided(view, topic, item.subject, [Claim(maker, item, item)])


def _licensed(view: View, subject: str, claims: list[Claim]) -> list[Claim]:
    """Return claims on one number, each with the licence of a prefix that covers it."""
    digits = gs1_digits(subject)
    if digits is None:
        return claims
    at_us = max(claim.at_us for claim in claims)
    return [
        _by_licence(claim, subject, licence(view, claim.maker, digits, at_us)) for claim in claims
    ]


def _by_licence(claim: Claim, subject: str, paper: Standing | None) -> Claim:
    if paper is None or claim.level >= DECIDED:
        return claim  # what was decided rests on no licence
    body = paper.body
    assert isinstance(body, Qualification)  # noqa: S101 - licences are
    facts: dict[str, str | int] = {
        "subject": subject,
        "holder": claim.maker,
        "number": str(body.number),
        "issuer": paper.issuer,
    }
    note = Failure("claim-licensed", (claim.first.index, paper.index), facts)
    return replace(claim, level=LICENSED, notes=(*claim.notes, note))


def brand_of(claim: Claim) -> str:
    """Return the brand that a product is claimed for."""
    assert isinstance(claim.item.body, Product)  # noqa: S101 - asked of products
    return str(claim.item.body.brand)


def _acts(view: View, claim: Claim, at_us: int) -> bool:
    """Return whether the maker of a claim on a product may act for its brand at a time."""
    return authority(view, brand_of(claim), claim.maker, Point(None, None, at_us, at_us)).granted


def _of_brand(view: View, brand: str, claims: list[Claim], at_us: int) -> Claim:
    """Return which of the claims for one brand leads: its right-holder's, else the first live one."""
    if len(claims) == 1:
        return claims[0]
    rank = {c.maker: brand_standing(view, brand, c.maker, at_us) for c in claims}
    top = max(rank.values())
    if top:
        return next(claim for claim in claims if rank[claim.maker] == top)
    live = [claim for claim in claims if _acts(view, claim, at_us)]
    return live[0] if live else _newest(claims)


def _product(view: View, claims: list[Claim]) -> Holding:
    """Return who holds a product: of brands that are claimed the one whose right lives.

    What counts is who had a right when the newest claim came. Where nobody had one, that claim
    was let in because the others had lost theirs.
    """
    top = max(claim.level for claim in claims)
    if top >= DECIDED or any(claim.disputed for claim in claims):
        return _best(claims)
    at_us = max(claim.at_us for claim in claims)
    brands: dict[str, list[Claim]] = {}
    for claim in claims:
        brands.setdefault(brand_of(claim), []).append(claim)
    leading = []
    for brand, ours in brands.items():
        level = max(claim.level for claim in ours)
        notes = next(claim.notes for claim in ours if claim.level == level)
        leading.append(replace(_of_brand(view, brand, ours, at_us), level=level, notes=notes))
    if len(leading) == 1:
        return replace(leading[0], notes=())
    live = [claim for claim in leading if _acts(view, claim, at_us)]
    return _best(live) if live else _newest(leading)


def brands_ever(view: View, product: str) -> list[str]:
    """Return the brands whose lots of a product are on record: those that it is claimed for, and was.

    Of what was claimed before that which was by right. A number that is claimed for another brand
    takes nobody's lots off the record, nor what was found.
    """
    before = (
        str(one.body.brand)
        for one in ever_stated(view, "product", product)
        if isinstance(one.body, Product) and claimed_by_right(view, one)
    )
    now = (str(item.brand) for item in products(view, product, reserved=True))
    return list(dict.fromkeys((*now, *before)))


def claimed_by_right(view: View, claim: Standing) -> bool:
    """Return whether a product was claimed by right, whoever holds it now.

    By who ever acted for the brand, rejected by no decision. Not where the number was licensed then
    to who holds it now, and not to who claimed it: it never was that one's.
    """
    assert isinstance(claim.body, Product)  # noqa: S101 - asked of products
    product, at_us = claim.subject, claim.signed_us
    if not acted(view, str(claim.body.brand), claim.issuer) or rejected(view, "product", claim):
        return False
    others = {one.maker for one in claims_of(holding(view, "product", product, reserved=True))}
    digits = gs1_digits(product)
    if digits is None or claim.issuer in others:
        return True
    licensed = any(licence(view, maker, digits, at_us) for maker in sorted(others))
    return not licensed or licence(view, claim.issuer, digits, at_us) is not None


def _lot(view: View, lot: str, claims: list[Claim]) -> Holding:
    """Return who holds a lot: a party of its brand's chains, the right-holder before others.

    Where nobody holds its product by now, its right-holder still goes before who had its goods from it.
    """
    product = product_of(lot)
    brands = [str(item.brand) for item in products(view, product, reserved=True)]
    if brands:
        ever = brands_ever(view, product)
        claims = [claim for claim in claims if acted_for(view, ever, claim.maker)]
    if len(claims) < 2:  # noqa: PLR2004
        return _best(claims) if claims else None
    brands = brands or _brands_claimed(view, product)
    at_us = max(claim.at_us for claim in claims)
    return _best(
        [
            replace(
                claim,
                level=max(
                    (
                        claim.level,
                        *(brand_standing(view, one, claim.maker, at_us) for one in brands),
                    )
                ),
            )
            for claim in claims
        ]
    )


def _brands_claimed(view: View, product: str) -> list[str]:
    """Return the brands that a product was ever claimed for, by right or not."""
    said = (one.body for one in ever_stated(view, "product", product))
    return list(dict.fromkeys(str(body.brand) for body in said if isinstance(body, Product)))


def holding(
    view: View, topic: str, subject: str, *more: Standing, reserved: bool = False
) -> Holding:
    """Return who holds a name: one claim, claims none of which is better, or none at all.

    ``more``: statements taken as registered in this history, to see what they would change.
    ``reserved``: a claim in doubt is told as the holder's, too. No answer believes it, nor anybody
    else's beside it: nobody takes the name meanwhile, and who is bound by holding it stays bound.
    """
    if isinstance(view, AsOfView) and not more:  # an answer asks for the same name again and again
        found = view.once((_holding, topic, subject), lambda: _holding(view, topic, subject, ()))
    else:
        found = _holding(view, topic, subject, more)
    if reserved or not isinstance(found, Claim) or found.doubt is None:
        return found
    return None


def _holding(view: View, topic: str, subject: str, more: Iterable[Standing]) -> Holding:
    """Return who holds a name, a claim in doubt or not."""
    stated = _reserving(view, topic, subject, _stated(view, topic, subject, more))
    claims = _by_maker(view, stated)
    claims = _decided(view, topic, subject, claims)
    if len(claims) > 1 and topic != "lot":  # nobody assigns numbers of lots but who makes them
        claims = _licensed(view, subject, claims)
    if not claims:
        return None
    match topic:
        case "lot":
            return _lot(view, subject, claims)
        case "product" if len(claims) > 1:
            return _product(view, claims)
        case "facility" if len(claims) > 1:
            return _assigned(subject, _best(_given(claims)))
        case _:
            return _best(claims)


def _assigned(place: str, found: Holding) -> Holding:
    """Return who holds a place that others claim too, noted where an office said so for it."""
    if not isinstance(found, Claim) or found.level != ASSIGNED or found.item.issuer == found.maker:
        return found
    facts: dict[str, str | int] = {
        "subject": place,
        "holder": found.maker,
        "by": found.item.issuer,
    }
    return replace(found, notes=(Failure("claim-assigned", (found.item.index,), facts),))


def claims_of(found: Holding) -> tuple[Claim, ...]:
    """Return the claims that hold a name, several where it is contested."""
    match found:
        case Claim():
            return (found,)
        case Contest(claims=claims):
            return claims
        case None:
            return ()


def held(view: View, topic: str, subject: str, *, reserved: bool = False) -> tuple[Standing, ...]:
    """Return what is said of a thing by who holds its name, by each where it is contested."""
    found = holding(view, topic, subject, reserved=reserved)
    return tuple(claim.item for claim in claims_of(found))


def products(view: View, product: str, *, reserved: bool = False) -> list[Product]:
    """Return what a product is claimed to be: one claim, several where it is contested."""
    found = held(view, "product", product, reserved=reserved)
    return [item.body for item in found if isinstance(item.body, Product)]


def category_of(view: View, product: str) -> str | None:
    """Return a product's category, in doubt or not; None where it is not on record, or contested."""
    found = products(view, product, reserved=True)
    return str(found[0].category) if len(found) == 1 else None


def ever_held_brand_of(view: View, product: str, party: str) -> bool:
    """Return whether a party ever held a brand that a product is claimed for, or counted as who does."""
    claimed = products(view, product, reserved=True)
    return any(ever_held_brand(view, str(item.brand), party) for item in claimed)


def may_recall(view: View, party: str, lot: str) -> bool:
    """Return whether a party's recall of a lot counts: it held the brand, or has a claim on the lot.

    A recall protects people: what was right when it was said is not undone by a lost right.
    """
    product = product_of(lot)
    if ever_held_brand_of(view, product, party):
        return True
    claims = _decided(view, "lot", lot, _by_maker(view, ever_stated(view, "lot", lot)))
    brands = brands_ever(view, product)
    return any(claim.maker == party for claim in claims) and acted_for(view, brands, party)


def versions_of(view: View, topic: str, subject: str) -> Iterator[Standing]:
    """Yield what the holder of a name said of the thing, oldest first: what is in doubt, too.

    Who is bound by a thing, and what it has to keep, is not for a revoked key to change.
    """
    found = claims_of(holding(view, topic, subject, reserved=True))
    makers = {claim.maker for claim in found}
    for item in standing_in(view, topic, subject):
        if isinstance(item.body, CLAIMS[topic]) and maker_of(view, item) in makers:
            yield sound(view, item)


def ever_stated(view: View, topic: str, subject: str) -> Iterator[Standing]:
    """Yield all that ever claimed a name, oldest first: ended, or by a key in doubt since, too.

    Who gains by what is said of a thing is not for its maker to change afterwards.
    """
    for item in view.fold(standing, topic, subject).values():
        if isinstance(item.body, CLAIMS[topic]):
            yield item
