"""Trading: merchants come, open shops, put goods on sale and take them off."""

from ecosystem.cast import FLAGSHIPS, MALLS, PROVINCES, Brand, Grant, Seat
from ecosystem.papers import grant, licence
from ecosystem.pen import Person, Said, cite
from ecosystem.share import Share


def trader(share: Share, brand: Brand | None = None) -> None:
    """A merchant comes: party, licence, admission, grant, shop."""
    brand = brand or share.a_brand()
    merchant = None
    if share.seats and share.rng.random() < 0.15:
        there = share.rng.choice(share.seats)
        merchant = None if there.conduct.gone else there.trader
    if merchant is None:
        merchant = share.pen.enter("trader", "店")
        licence(share, merchant, brand.line)
    live = [item for item in brand.granting if not item.dead]
    luck = share.rng.random()
    if luck < 0.1 and brand.exclusive < len(PROVINCES):
        given = grant(
            share,
            brand,
            None,
            merchant,
            depth=0,
            exclusive=True,
            channels=[FLAGSHIPS],
            territories=[PROVINCES[brand.exclusive]],
        )
        brand.exclusive += 1
        given.shop_type = "flagship"
    elif luck < 0.2 or not live or merchant.id in brand.barred:
        given = grant(share, brand, None, merchant, depth=0)
        given.shop_type = "specialty"
    else:
        only = tuple(brand.products[-20:]) if share.rng.random() < 0.3 else ()
        goods = [product for product, _ in only] or [brand.line]
        given = grant(share, brand, share.rng.choice(live), merchant, depth=0, goods=goods)
        given.products = only
        given.shop_type = "multi-brand"
    shop(share, merchant, brand, given)


def shop(share: Share, merchant: Person, brand: Brand, given: Grant) -> None:
    channel = FLAGSHIPS if given.shop_type == "flagship" else share.rng.choice(MALLS)
    place = f"urn:shop:{channel}:s{share.pen.next()}"
    fields = {
        "shop_type": given.shop_type,
        "trader": merchant.id,
        "names": {"zh": f"店{place[-6:]}"},
    }
    id_ = share.say("shop", share.pen.operator, place, fields)
    share.seats.append(Seat(merchant, brand, given, place, id_, share.conduct(merchant)))


def close(share: Share) -> None:
    seat = share.a_seat()
    if seat is not None and len(share.seats) >= share.few:
        end_shop(share, seat, "The trader asked.")


def end_shop(share: Share, seat: Seat, reason: str) -> None:
    """A shop closes, and what is on sale in it goes with it."""
    seat.closed = True
    for said, _ in [item for item in share.listings if item[1] is seat]:
        end_listing(share, said, share.pen.operator, reason)
    fields = {
        "target": cite(seat.shop_id, "shop", seat.shop),
        "trader": seat.trader.id,
        "reason": reason,
    }
    share.say("shop-ended", share.pen.operator, seat.shop, fields)


def refuse_admission(share: Share, merchant: Person, reason: str) -> None:
    share.papers = [item for item in share.papers if item.trader is not merchant]
    fields = {"decision": "refused", "evidence": [], "reasons": [reason]}
    share.say("admission", share.pen.operator, merchant.id, fields)


def listing(share: Share) -> None:
    seat = share.a_seat()
    if seat is None:
        return
    product, category = share.rng.choice(seat.grant.products or seat.brand.products[:3])
    put_on_sale(share, seat, product, category)


OPEN = "listing-open"


def put_on_sale(share: Share, seat: Seat, product: str, category: str) -> bool:
    """Put goods on sale; return whether they were: not while something is open against them."""
    fields = {
        "shop": seat.shop,
        "category": category,
        "territories": list(seat.grant.territories),
    }
    by = seat.trader if share.rng.random() < 0.9 else share.pen.operator
    if {item.rule for item in share.pen.refusals("listing", by, product, fields)} == {OPEN}:
        return False
    share.listings.append((share.pen.tell("listing", by, product, fields), seat))
    return True


def listing_ended(share: Share) -> None:
    if share.listings:
        said, _ = share.rng.choice(share.listings)
        end_listing(share, said, said.by, "Sold out.")


def end_listing(share: Share, said: Said, by: Person, reason: str) -> None:
    share.listings = [item for item in share.listings if item[0] is not said]
    fields = {
        "target": said.cite("listing"),
        "shop": said.fields["shop"],
        "category": said.fields["category"],
        "reason": reason,
    }
    share.say("listing-ended", by, said.subject, fields)
