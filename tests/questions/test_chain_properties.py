"""Chains in random small worlds: pointwise, never widened by a revocation, in any order.

Whoever wrote these grants need not have kept the rules: a parent may be somebody else's, wider
or narrower, revoked. The oracle is written from the design's sentences, not from the code.
"""

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from questions.unsigned import HOLDER, PRODUCT, TEA, Ledger, id_of, party, under, under_mark
from tea import MARK

from ledger.questions.may_sell import may_sell
from ledger.questions.verdict import Asked
from ledger.rules.authority import Authority, authority
from ledger.rules.chains import Point
from ledger.rules.codes import BEGUN, HAVE

GOODS = ("*", "food", TEA, "food/tea/green", "toys", PRODUCT)
TERRITORIES = ("*", "CN", "CN-ZJ", "DE")
CHANNELS = ("*", "mall.example", "other.example")
SHOPS = ("*", "flagship", "specialty", "multi-brand")
DAYS = range(1, 7)  # days of 2030


def time(day: int) -> str:
    return f"2030-01-{day:02}T00:00:00Z"


def time_us(day: int) -> int:
    return 1_893_456_000_000_000 + (day - 1) * 86_400_000_000


@dataclass(frozen=True)
class Grant:
    """What one grant says; ``parent``: the number of an earlier grant, None for the mark."""

    number: int
    by: int
    to: int
    parent: int | None
    goods: tuple[str, ...]
    territories: tuple[str, ...]
    channels: tuple[str, ...]
    shop_types: tuple[str, ...]
    since: int
    until: int
    exclusive: bool
    depth: int
    revoked: bool = False

    @property
    def name(self) -> str:
        return f"grant {self.number}"


@st.composite
def worlds(draw: st.DrawFn) -> list[Grant]:
    """Return grants among six parties, most of them properly below another."""
    grants: list[Grant] = []
    for number in range(draw(st.integers(1, 8))):
        parent = draw(st.none() | st.integers(0, number - 1)) if number else None
        honest = 0 if parent is None else grants[parent].to
        by = honest if draw(st.integers(0, 7)) else draw(st.integers(0, 5))
        since = draw(st.integers(1, 3))

        def some(values: tuple[str, ...]) -> tuple[str, ...]:
            wide = draw(st.booleans())
            return ("*",) if wide else tuple(draw(st.sets(st.sampled_from(values), min_size=1)))

        grants.append(
            Grant(
                number,
                by,
                draw(st.integers(1, 5)),
                parent,
                some(GOODS),
                some(TERRITORIES),
                some(CHANNELS),
                some(SHOPS),
                since,
                draw(st.integers(since + 1, 7)),
                draw(st.booleans()),
                draw(st.integers(0, 4)),
                draw(st.integers(0, 4)) == 0,
            )
        )
    return grants


def tell(grants: list[Grant], order: list[int] | None = None, *, ends: bool = True) -> Ledger:
    """Say it all: the mark, the grants in some order, the revocations."""
    ledger = Ledger()
    ledger.mark()
    ledger.product()
    for number in order or range(len(grants)):
        item = grants[number]
        above = None if item.parent is None else grants[item.parent]
        ledger.grant(
            item.name,
            party(item.by),
            party(item.to),
            under_mark() if above is None else under(above.name, party(above.to)),
            **{"from": time(item.since), "until": time(item.until)},
            goods=list(item.goods),
            territories=list(item.territories),
            channels=list(item.channels),
            shop_types=list(item.shop_types),
            exclusive=item.exclusive,
            depth=item.depth,
        )
    for item in grants:
        if item.revoked and ends:
            revoke(ledger, grants, item)
    return ledger


def revoke(ledger: Ledger, grants: list[Grant], item: Grant) -> None:
    above = id_of("mark" if item.parent is None else grants[item.parent].name)
    ledger.revoke(item.name, party(item.to), above, exclusive=item.exclusive)


points = st.builds(
    lambda day, territory, shop_type: Point(
        PRODUCT,
        TEA,
        time_us(day),
        0,
        territory=territory,
        channel="mall.example",
        shop_type=shop_type,
    ),
    st.sampled_from(DAYS),
    st.sampled_from(("CN", "CN-ZJ", "CN-BJ")),
    st.sampled_from((None, "flagship", "specialty", "multi-brand")),
)


def ask(ledger: Ledger, seller: int, point: Point, **how: Any) -> Authority:
    return authority(ledger.view, MARK, party(seller), point, **how)


# The oracle.


def carries(item: Grant, point: Point, below: int) -> bool:
    """Return whether one grant covers the point and stands, with so many links below it."""
    territory = str(point.territory)
    return (
        not item.revoked
        and time_us(item.since) <= point.at_us < time_us(item.until)
        and bool({"*", "food", TEA, PRODUCT} & set(item.goods))
        and bool({"*", territory, territory[:2]} & set(item.territories))
        and bool({"*", "mall.example"} & set(item.channels))
        and (point.shop_type is None or bool({"*", point.shop_type} & set(item.shop_types)))
        and item.depth >= below
    )


def chain_of(grants: list[Grant], item: Grant) -> list[Grant] | None:
    """Return the chain down to a grant, topmost first; None where a link is not its issuer's."""
    chain = [item]
    while chain[0].parent is not None:
        above = grants[chain[0].parent]
        if above.to != chain[0].by:
            return None
        chain.insert(0, above)
    return chain if chain[0].by == 0 else None


def supports(chain: list[Grant], point: Point) -> bool:
    """Return whether a chain makes the type of shop asked for."""
    last, direct = chain[-1], len(chain) == 1
    match point.shop_type:
        case "flagship":
            return direct and last.exclusive
        case "specialty":
            return direct and bool({"*", "CN"} & set(last.territories))
        case "multi-brand":
            return len(chain) <= 4
        case _:
            return True


def may(grants: list[Grant], seller: int, point: Point) -> bool:
    chains = (chain_of(grants, item) for item in grants if item.to == seller)
    return any(
        chain is not None
        and all(carries(link, point, len(chain) - 1 - at) for at, link in enumerate(chain))
        and supports(chain, point)
        for chain in chains
    )


@settings(max_examples=250, deadline=None)
@given(worlds(), st.integers(1, 5), points)
def test_a_chain_grants_what_every_link_does_and_nothing_else(grants, seller, point):
    found = ask(tell(grants), seller, point)
    assert found.granted == may(grants, seller, point)
    if found.granted:
        links = {f"grant {item.number}": item for item in grants}
        names = {id_of(name): item for name, item in links.items()}
        chain = [names[link.id] for link in found.chain.links]
        assert all(carries(item, point, len(chain) - 1 - at) for at, item in enumerate(chain))


@settings(max_examples=150, deadline=None)
@given(worlds(), st.integers(1, 5), points, st.data())
def test_a_revocation_never_turns_no_into_yes(grants, seller, point, data):
    ledger = tell(grants)
    before = ask(ledger, seller, point).granted
    item = data.draw(st.sampled_from(grants))
    foreseen = ask(ledger, seller, point, without=frozenset({id_of(item.name)})).granted
    revoke(ledger, grants, item)
    after = ask(ledger, seller, point).granted
    assert after <= before
    assert after == foreseen, "what a revocation would do is what it does"
    ledger.withdraw_mark()
    assert not ask(ledger, seller, point).granted


@settings(max_examples=100, deadline=None)
@given(worlds(), st.integers(1, 5), points)
def test_a_revoked_grant_is_as_good_as_none(grants, seller, point):
    """Without its revocations a world allows all that it does with them, and what they took."""
    alive = [replace(item, revoked=False) for item in grants]
    assert ask(tell(grants), seller, point).granted <= ask(tell(alive), seller, point).granted


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[Grant], list[int]]:
    """Return grants, and another order in which each still comes behind its parent."""
    grants = draw(worlds())
    ranks = draw(st.permutations(range(len(grants))))
    order: list[int] = []
    while len(order) < len(grants):
        ready = [
            item.number
            for item in grants
            if item.number not in order and (item.parent is None or item.parent in order)
        ]
        order.append(min(ready, key=lambda number: ranks[number]))
    return grants, order


def answer(ledger: Ledger, seller: int, point: Point) -> tuple:
    """Return a verdict with its reasons, by names instead of places in the log."""
    asked = Asked(ledger.view, "log", point.at_us, ledger.size, 0)
    asks = {"territory": point.territory, "channel": point.channel}
    found = may_sell(
        asked,
        trader=party(seller),
        product=PRODUCT,
        shop_type=point.shop_type or "*",
        shop="*",
        **asks,
    )

    def told(name: str, fact: Any) -> str:
        return ledger.said[fact] if name in (HAVE, BEGUN) else str(fact)

    reasons = sorted(
        (
            item.code,
            sorted(
                (name, told(name, fact)) for name, fact in item.facts.items() if name != "since"
            ),
        )
        for item in found.reasons
    )
    return found.verdict, reasons, list(found.detail["shop_types"])


@settings(max_examples=150, deadline=None)
@given(orders(), st.integers(1, 5), points)
def test_the_order_of_independent_statements_does_not_matter(told, seller, point):
    grants, order = told
    assert answer(tell(grants), seller, point) == answer(tell(grants, order), seller, point)


def test_the_oracle_says_yes_at_times():
    """A property about worlds in which nobody may ever sell would hold for nothing."""
    every = ("*",)
    usual = Grant(0, 0, 1, None, every, every, every, every, 1, 7, exclusive=True, depth=3)
    point = Point(PRODUCT, TEA, time_us(2), 0, territory="CN", channel="mall.example")
    for shop_type in (None, "flagship", "specialty", "multi-brand"):
        assert may([usual], 1, replace(point, shop_type=shop_type))
        assert ask(tell([usual]), 1, replace(point, shop_type=shop_type)).granted
    assert party(0) == HOLDER
