"""``coverage``: what was on sale in a category in a period, and was never inspected in it."""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from ledger.histories.history import View
from ledger.primitives.instant import parse_us
from ledger.questions.open import open_product
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.chains import Failure
from ledger.rules.favour import done_and_signed, favoured
from ledger.rules.independence import Independence
from ledger.rules.scoring import index_tied
from ledger.rules.severity import inspection_failure
from ledger.rules.standing import Standing, sound, standing, standing_in
from ledger.rules.subjects import listed_in
from ledger.statements.inspection_family import Inspection
from ledger.statements.trade_family import Listing, Shop

MAX_PAIRS = 5_000
"""Pairs of product and trader looked at in one answer; with more it is unknown."""


@dataclass(slots=True)
class _Sale:
    """One product on sale at one trader in the period."""

    shops: dict[str, None] = field(default_factory=dict)
    listings: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Registered:
    """The ends of a period as places in the log.

    ``start``: the first entry looked at that was registered after its start; ``until``: the
    first not registered before its end. Found by halving: no more seals are read than the
    logarithm of what is looked at.
    """

    start: int
    until: int

    def meets(self, began: int, ended: int | None) -> bool:
        """Return whether something that stood from one entry to another did so in the period."""
        return began < self.until and (ended is None or ended >= self.start)


def _grown(asked: Asked, indices: list[int], at_us: int) -> int:
    """Return the first index of these, ascending, that was not registered before a time."""
    if at_us > asked.newest_us:
        return asked.known_at
    place = bisect_left(indices, at_us, key=asked.view.registered_us)
    return indices[place] if place < len(indices) else asked.known_at


def _sales(
    asked: Asked, category: str, start_us: int, until_us: int
) -> dict[tuple[str, str], _Sale]:
    """Return what was on sale, by product and trader: its listing stood in the period, and its shop."""
    view = asked.view
    listed = [
        item
        for item in view.fold(standing, "on-sale", category).values()
        if isinstance(item.body, Listing)
    ]
    names = dict.fromkeys(str(i.body.shop) for i in listed if isinstance(i.body, Listing))
    shops = {
        name: [sound(view, one) for one in view.fold(standing, "shop", name).values()]
        for name in names
    }
    every = [*listed, *(item for items in shops.values() for item in items)]
    ends = {item.ended for item in every if item.ended is not None}
    indices = sorted({item.index for item in listed} | ends)
    period = _Registered(_grown(asked, indices, start_us + 1), _grown(asked, indices, until_us))
    found: dict[tuple[str, str], _Sale] = {}
    for item in listed:
        assert isinstance(item.body, Listing)  # noqa: S101 - chosen above
        name = str(item.body.shop)
        shop = listed_in(shops[name], item)
        if shop is None or not isinstance(shop.body, Shop):
            continue
        ends_at = [end for end in (item.ended, shop.ended) if end is not None]
        if period.meets(item.index, min(ends_at, default=None)):
            sale = found.setdefault((item.subject, str(shop.body.trader)), _Sale())
            sale.shops[name] = None
            sale.listings.append(item.index)
    return found


def _inspections(
    asked: Asked, product: str, trader: str, start_us: int, until_us: int
) -> list[tuple[Standing, Inspection]]:
    """Return the inspections of a product at a trader that were made in the period."""
    return [
        (item, item.body)
        for item in standing_in(asked.view, "examined", product)
        if isinstance(item.body, Inspection)
        and item.body.trader == trader
        and start_us <= item.body.on.us < until_us
    ]


def _shows(view: View, independence: Independence, item: Standing, body: Inspection) -> bool:
    """Return whether an inspection shows that somebody looked: a failure does, a pass by nobody tied to whom it favours."""
    if inspection_failure(body) is not None:
        return True
    parties = frozenset(favoured(view, item.subject, str(body.trader)))
    return not independence.tied(item.issuer, parties, *done_and_signed(item, body.on.us))


def coverage(asked: Asked, *, category: str, start: str, until: str) -> Verdict:
    """Return yes if everything that was on sale was inspected, no with what was not."""
    start_us, until_us = parse_us(start), parse_us(until)
    rows: dict[str, list[Any]] = {"uncovered": [], "covered": [], "untouched": []}
    sales = _sales(asked, category, start_us, until_us)
    if len(sales) > MAX_PAIRS:
        return settle(unknown=[Failure("walk-limit", (), {"limit": MAX_PAIRS})], detail=rows)
    unknown: list[Failure] = []
    if not sales:
        unknown.append(Failure("nothing-on-sale", (), {"category": category}))
    if until_us > asked.newest_us:
        unknown.append(Failure("period-open", (), {"until": until}))
    rests_on: list[int] = []
    touched: dict[str, bool] = {}
    independence, idle = Independence(asked.view), list[int]()
    for (product, trader), sale in sorted(sales.items()):
        inspected = _inspections(asked, product, trader, start_us, until_us)
        # The first that shows it is enough: what the others rest on is not read.
        looked_at = any(_shows(asked.view, independence, *one) for one in inspected)
        made = [item.index for item, _ in inspected]
        idle += [] if looked_at else made
        touched[product] = touched.get(product, False) or looked_at
        rows["covered" if looked_at else "uncovered"].append(
            {
                "product": product,
                "trader": trader,
                "shops": list(sale.shops),
                "listings": sale.listings,
                "inspections": made,
            }
        )
        rests_on += [*sale.listings, *made]
    rows["untouched"] = [product for product, found in touched.items() if not found]
    no = []
    if rows["uncovered"]:
        facts: dict[str, str | int] = {
            "count": len(rows["uncovered"]),
            "total": len(sales),
            "category": category,
        }
        entries = [index for row in rows["uncovered"] for index in row["listings"]]
        no.append(Failure("never-inspected", tuple(sorted(entries)), facts))
    # That goods were inspected does not say that they passed.
    notes = once(one for product in touched for one in open_product(asked, product))
    notes += index_tied(category, idle)
    return settle(no=no, unknown=unknown, notes=notes, rests_on=rests_on, detail=rows)
