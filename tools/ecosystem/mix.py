"""A mixed load for benchmarks: by weights that stay the same from the first statement to the last.

``base`` holds the people everybody shares, a chain and a lot to ask about, and for each share
the brands with their trademarks, places, audits, agents and first shops. ``mix`` goes on from
there; all of it is signed in the one day before ``START_S``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bench_common import ORIGIN

from ecosystem.amendments import correct, erase
from ecosystem.beginnings import begin, open_brand
from ecosystem.cast import Everybody, Grant, Numbers
from ecosystem.consequences import complain, lift, recall, recall_days, sanction, ship
from ecosystem.goods import audit, facility, lot, product
from ecosystem.inspections import inspect, sample
from ecosystem.movements import move
from ecosystem.observers import decline, invite, observer, resign, visit
from ecosystem.papers import (
    grant,
    granting,
    licence,
    new_key,
    review,
    revoke,
    trademark,
    withdraw,
)
from ecosystem.pen import DAY_S, Setting
from ecosystem.share import Share
from ecosystem.trade import close, listing, listing_ended, shop, trader

START_S = 1_790_000_000
"""The simulated time the ledger begins at."""
SETTING = Setting(ORIGIN, START_S, DAY_S)

WEIGHTS = (
    (inspect, 500),
    (lot, 120),
    (sample, 32),  # and custody behind it
    (listing, 85),
    (listing_ended, 12),
    (product, 20),
    (trader, 11),  # party, paper, admission, grant, shop
    (granting, 2),
    (complain, 22),
    (sanction, 10),
    (lift, 4),
    (recall, 3),
    (recall_days, 1),
    (move, 2),  # and its receipt
    (ship, 5),
    (facility, 2),
    (audit, 15),
    (visit, 9),  # and its observation
    (observer, 1),  # party, application, appointment, invitation
    (invite, 3),
    (decline, 1),  # party, application
    (resign, 1),  # the same, and an appointment
    (correct, 6),
    (revoke, 4),
    (withdraw, 1),
    (new_key, 2),
    (close, 1),
    (erase, 1),
    (review, 4),
)
"""How often each thing happens: of a thousand statements, about so many."""


@dataclass
class Asked:
    """What the benchmark asks about: a chain of five links and a lot of a hundred entries."""

    trader: str = ""
    product: str = ""
    lot: str = ""


def asked_story(share: Share) -> Asked:
    """Tell of a trader at the end of five links, and of a lot with a hundred entries."""
    brand = trademark(share, 0)  # nobody else deals in it: what is asked about does not change
    seats, lots, papers = len(share.seats), len(share.lots), len(share.papers)
    open_brand(share, brand)
    above: Grant | None = None
    for depth in (3, 2, 1):
        above = grant(share, brand, above, share.pen.enter("trader", "链"), depth=depth)
    last = share.pen.enter("trader", "末")
    licence(share, last, brand.line)
    given = grant(share, brand, above, last, depth=0)
    given.shop_type = "multi-brand"
    shop(share, last, brand, given)
    seat = share.seats[-1]
    goods, _ = brand.products[0]
    inputs = [lot(share, brand, []) for _ in range(2)]
    made = lot(share, brand, inputs)
    for _ in range(84):
        inspect(share, made, seat)
    share.inspections.clear()
    share.refused.clear()
    del share.seats[seats:], share.lots[lots:], share.papers[papers:]
    for _ in range(5):
        sample(share, made)
    for _ in range(2):
        visit(share, made)
    return Asked(last.id, goods, made)


def tell(number: int, brands: int) -> tuple[Share, Asked | None]:
    """Begin a share: the same for the same number, whoever tells it."""
    share = begin(number, Everybody(SETTING, Numbers()), brands)
    return share, asked_story(share) if number == 1 else None


def base(shares: int, brands: int) -> tuple[list[bytes], Asked]:
    """Return the statements every share rests on, in order, and what can be asked about."""
    statements: list[bytes] = []
    asked: Asked | None = None
    for number in range(1, shares + 1):
        share, found = tell(number, brands)
        if not statements:
            statements += share.all.pen.out
        asked = asked or found
        statements += share.pen.out
    assert asked is not None
    return statements, asked


def mix(number: int, brands: int) -> Iterator[bytes]:
    """Yield a share's statements behind the base, without end."""
    share, _ = tell(number, brands)
    events, weights = zip(*WEIGHTS, strict=True)
    out = share.pen.out
    out.clear()
    while True:
        for event in share.rng.choices(events, weights, k=100):
            event(share)
        yield from out
        out.clear()
