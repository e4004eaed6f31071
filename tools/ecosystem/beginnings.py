"""How a share begins: its brands with their places, goods, agents and first shops, its observers."""

from ecosystem.cast import Brand, Everybody
from ecosystem.goods import facility, lot, product
from ecosystem.observers import observer
from ecosystem.papers import grant, register_mark, trademark
from ecosystem.share import Share
from ecosystem.trade import trader


def open_brand(share: Share, brand: Brand) -> None:
    """Tell a brand's beginning: mark, place, audit, goods, agent, distributors, shops, lots."""
    register_mark(share, brand)
    for _ in range(2):
        facility(share, brand)
    for _ in range(3):
        product(share, brand)
    for _ in range(2):
        agent = grant(share, brand, None, share.pen.enter("trader", "代"), depth=3)
        distributor = grant(share, brand, agent, share.pen.enter("trader", "销"), depth=2)
        brand.granting += [
            agent,
            distributor,
            grant(share, brand, distributor, share.pen.enter("trader", "分"), depth=1),
        ]
    for _ in range(3):
        trader(share, brand)
        lot(share, brand)


def begin(number: int, everybody: Everybody, brands: int, *, observers: int = 30) -> Share:
    share = Share(number, everybody)
    share.brands = [trademark(share, n) for n in range(brands)]
    for brand in share.brands:
        open_brand(share, brand)
    for _ in range(observers):
        observer(share)
    return share
