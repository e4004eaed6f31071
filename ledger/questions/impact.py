"""``impact``: which grants, traders, shops and listings fall if a grant is revoked."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from ledger.identifiers import channel_of
from ledger.primitives.instant import format_us
from ledger.questions.claims import claimed, product_claim
from ledger.questions.decisive import own_lots
from ledger.questions.grants import any_point, live_from
from ledger.questions.measures import live_sanctions, measure
from ledger.questions.on_sale import OnSale
from ledger.questions.open import ProductOpen, sold_by
from ledger.questions.sale import sale
from ledger.questions.times import dated
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.authority import authority
from ledger.rules.chains import Failure, Point, read_chain
from ledger.rules.ends import notice_us
from ledger.rules.product_recalls import recalls_of_product
from ledger.rules.regrants import chain_lacks
from ledger.rules.standing import (
    Standing,
    standing,
    standing_in,
    with_amendments,
)
from ledger.rules.subjects import listed_in
from ledger.rules.trade import bars
from ledger.statements.brand_family import Authorisation, grant_subject
from ledger.statements.recall_family import Recall
from ledger.statements.trade_family import Listing, Shop

MAX_GRANTS = 10_000
"""Grants looked at in one answer; below more, what falls is ``unknown``."""


@dataclass(frozen=True, slots=True)
class _Falls:
    """A grant that falls, and from when on it is live: the time asked about, or a later one."""

    item: Standing
    from_us: int


def _falling(asked: Asked, top: Standing, at_us: int) -> tuple[dict[str, _Falls], bool]:
    """Return a grant and those below it by id, and whether that is all of them.

    What is dead already is left out, with everything below it; what begins later is not dead.
    """
    found: dict[str, _Falls] = {}
    queue, seen = deque([_Falls(top, at_us)]), {top.id}
    while queue:
        if len(found) == MAX_GRANTS:
            return found, False
        falls = queue.popleft()
        item = falls.item
        found[item.id] = falls
        for below in asked.view.fold(standing, "granted", item.id).values():
            if isinstance(below.body, Authorisation) and below.id not in seen:
                seen.add(below.id)
                from_us = live_from(asked, below)
                if from_us is not None:
                    queue.append(_Falls(below, from_us))
    return found, True


def _on_sale(asked: Asked, shop: Standing, listing: Standing) -> str | None:
    """Return the brand of what a shop lists, None where its sale is stopped or its brand unknown."""
    assert isinstance(shop.body, Shop)  # noqa: S101 - callers asked for shops
    product, trader = listing.subject, str(shop.body.trader)
    claim = product_claim(asked.view, product)
    if isinstance(claim, Failure):
        return None
    sanctioned = any(
        item.subject == trader
        and bars(measure(asked, item), shop.subject, product, asked.valid_at_us)
        for item in live_sanctions(asked, trader)
    )
    if sanctioned or _recalled(asked, shop, listing):
        return None
    return str(claimed(claim).brand)


def _recalled(asked: Asked, shop: Standing, listing: Standing) -> bool:
    """Return whether a sale is stopped everywhere: all lots that count for it are recalled."""
    product = listing.subject
    called_back = asked.view.fold(standing, "recall", product).values()
    if not any(isinstance(item.body, Recall) for item in called_back) and not recalls_of_product(
        asked.view, product, asked.valid_at_us
    ):
        return False
    against: dict[tuple[str, ...], ProductOpen] = {}
    for place in OnSale(listing, shop).questions():
        trader, found = place["trader"], sale(asked, **place)
        above = found.path.above
        if above not in against:
            against[above] = ProductOpen(sold_by(asked, trader, above), product)
        if not against[above].stopped(trader, partial(own_lots, asked, product, trader, found)):
            return False
    return True


def _lost_territories(
    asked: Asked, brand: str, shop: Standing, listing: Standing, revoked: frozenset[str]
) -> tuple[list[str], bool]:
    """Return where a listing may be sold now and no more without a grant, and whether elsewhere still."""
    shop_body, body = shop.body, listing.body
    assert isinstance(shop_body, Shop)  # noqa: S101 - callers asked for shops
    assert isinstance(body, Listing)  # noqa: S101 - callers asked for listings
    lost: list[str] = []
    kept = False
    for territory in map(str, body.territories):
        point = Point(
            product=listing.subject,
            category=str(body.category),
            at_us=asked.valid_at_us,
            newest_us=asked.newest_us,
            territory=territory,
            channel=channel_of(shop.subject),
            shop_type=shop_body.shop_type,
            shop=shop.subject,
        )
        trader = str(shop_body.trader)
        if not authority(asked.view, brand, trader, point).granted:
            continue
        if authority(asked.view, brand, trader, point, without=revoked).granted:
            kept = True
        else:
            lost.append(territory)
    return lost, kept


def _acts(asked: Asked, brand: str, party: str, at_us: int, revoked: frozenset[str]) -> bool:
    """Return whether a party may act for a brand at a time without a grant."""
    point = Point(None, None, at_us, asked.newest_us)
    return authority(asked.view, brand, party, point, without=revoked).granted


def _shops(asked: Asked, trader: str) -> Iterator[Standing]:
    for item in standing_in(asked.view, "shops", trader):
        if isinstance(item.body, Shop):
            yield item


def _shop_falls(
    asked: Asked, brand: str, shop: Standing, revoked: frozenset[str]
) -> tuple[list[dict[str, Any]], bool]:
    """Return the listings of a shop that fall, and whether nothing on sale in it is left."""
    rows = []
    left = False
    assert isinstance(shop.body, Shop)  # noqa: S101 - callers asked for shops
    own = asked.view.fold(standing, "shops", str(shop.body.trader)).values()
    for listing in standing_in(asked.view, "listings", shop.subject):
        if not isinstance(listing.body, Listing) or listed_in(own, listing) is None:
            continue
        of_brand = _on_sale(asked, shop, listing)
        if of_brand is None:
            continue
        if of_brand != brand:
            left = True
            continue
        lost, kept = _lost_territories(asked, brand, shop, listing, revoked)
        left = left or kept
        if lost:
            rows.append(
                {
                    "entry": listing.index,
                    "product": listing.subject,
                    "shop": shop.subject,
                    "territories": lost,
                }
            )
    return rows, bool(rows) and not left


def _takes_effect(asked: Asked, item: Standing) -> str | None:
    """Return when a revocation without cause takes effect, made at the time asked about or before; None for at once."""
    told_us = notice_us(asked.view, item)
    if told_us is not None:
        return format_us(told_us)
    body = item.body
    assert isinstance(body, Authorisation)  # noqa: S101 - asked about grants
    return format_us(body.revoked_us(asked.valid_at_us)) if body.has_terms else None


def impact(asked: Asked, *, brand: str, grantee: str, grant: str) -> Verdict:
    """Return yes if the grant carries anything now, with all that falls with it."""
    view = asked.view
    nothing: dict[str, Any] = {
        "takes_effect": None,
        "grants": [],
        "traders": [],
        "shops": [],
        "listings": [],
    }
    found = view.fold(standing, "grant", grant_subject(brand, grantee)).get(grant)
    if found is None or not isinstance(found.body, Authorisation):
        return settle(unknown=[Failure("grant-unknown", (), {"grant": grant})], detail=nothing)
    top = with_amendments(view, found)
    from_us = live_from(asked, top)
    if from_us is None:
        chain = read_chain(view, top)
        dead = chain_lacks(view, brand, grantee, any_point(asked), chain)
        assert dead is not None  # noqa: S101 - it never is live
        return settle(no=[dated(asked, dead)], rests_on=[top.index], detail=nothing)
    falling, complete = _falling(asked, top, from_us)
    limit = [] if complete else [Failure("walk-limit", (), {"limit": MAX_GRANTS})]
    revoked = frozenset({top.id})
    moments: dict[str, list[int]] = {}
    for falls in falling.values():
        moments.setdefault(falls.item.subject, []).append(falls.from_us)
    traders = [
        party
        for party, times in moments.items()
        if any(not _acts(asked, brand, party, at_us, revoked) for at_us in dict.fromkeys(times))
    ]
    shops: list[str] = []
    listings: list[dict[str, Any]] = []
    for party in moments:
        for shop in _shops(asked, party):
            rows, empty = _shop_falls(asked, brand, shop, revoked)
            listings += rows
            if empty:
                shops.append(shop.subject)
    return settle(
        unknown=limit,
        rests_on=(
            *(falls.item.index for falls in falling.values()),
            *(row["entry"] for row in listings),
        ),
        detail={
            "takes_effect": _takes_effect(asked, top),
            "grants": [
                {
                    "entry": falls.item.index,
                    "id": falls.item.id,
                    "grantee": falls.item.subject,
                    "begins": None
                    if falls.from_us <= asked.valid_at_us
                    else format_us(falls.from_us),
                }
                for falls in falling.values()
                if falls.item.id != top.id
            ],
            "traders": traders,
            "shops": shops,
            "listings": listings,
        },
    )
