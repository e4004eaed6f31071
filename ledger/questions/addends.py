"""What one statement adds to the headline figures: sampled, inspected, travelled, refused, removed, closed, called back.

A statement counts by the day it says it was done on; corrected by what it says now, and not at all where
it was withdrawn or annulled, or its key was in other hands.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ledger.histories.history import Entry, View
from ledger.histories.views import AsOfView
from ledger.identifiers import product_of
from ledger.rules.claims import category_of
from ledger.rules.standing import (
    Standing,
    all_amendments,
    amends,
    in_doubt,
    recalled_lots,
    standing_of,
    with_amendments,
)
from ledger.rules.state import MICROSECONDS
from ledger.statements.catalogue import CATALOGUE, type_name
from ledger.statements.fields import Body
from ledger.statements.inspection_family import Inspection, SampleSealed, amiss
from ledger.statements.origin_family import Lot, OriginAudit
from ledger.statements.recall_family import ProductRecall, Recall
from ledger.statements.sanction_family import Sanction, SanctionLifted
from ledger.statements.trade_family import Listing, Shop

FIGURES = (
    "sampled",
    "batches",
    "refused",
    "km",
    "products-removed",
    "shops-closed",
    "lots-recalled",
)
"""In the order they are told; ``part`` below each is a mode, a step or a type."""
SAMPLING = ("flight", "mystery")
"""Modes of inspection that are told as samplings; all others as batches in warehouses."""
COUNTED: tuple[type[Body], ...] = (
    Inspection,
    SampleSealed,
    OriginAudit,
    Sanction,
    Recall,
    ProductRecall,
)
COUNTED_TYPES = tuple(name for name, kind in CATALOGUE.items() if kind.body in COUNTED)
AMENDING_TYPES = tuple(name for name, kind in CATALOGUE.items() if kind.amends)
NO_CATEGORY = ""
"""Of what belongs to no category: a place audited, a shop; and of goods nobody registered in one."""


Why = Literal["undone", "doubt"]


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment until before another, microseconds since 1970."""

    start_us: int
    until_us: int

    def __contains__(self, time_us: int) -> bool:
        """Return whether a moment lies in it."""
        return self.start_us <= time_us < self.until_us


@dataclass(frozen=True, slots=True)
class Addend:
    """What one statement adds to one figure."""

    figure: str
    part: str
    category: str
    value: int
    entry: Entry
    done_us: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A statement of the period that counts for nothing: ``undone``, or by a key in ``doubt``."""

    why: Why
    entry: Entry


def amended_in(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the ids of the statements that entries amend: of all others none needs to be asked about."""
    return frozenset(target for entry in entries if (target := amends(entry)) is not None)


def addends(
    view: View, counted: Iterable[Entry], amended: Collection[str], period: Period
) -> Iterator[Addend | LeftOut]:
    """Yield what each statement adds, in the log's order.

    Args:
        view: the ledger they are of.
        counted: all its entries of ``COUNTED_TYPES``, and others or none besides.
        amended: the ids of all statements that are amended (``amended_in``).
        period: of which days.

    """
    category = cache(lambda product: category_of(view, product) or NO_CATEGORY)
    for entry in counted:
        if not isinstance(entry.body, COUNTED):
            continue
        item = Standing(entry, entry.body, entry.statement.id.hex())
        if item.id in amended:
            item = with_amendments(view, item)
        done_us = _done_us(item)
        if done_us not in period:
            continue
        if item.ended is not None and not _lifted(view, item):
            yield LeftOut("undone", entry)
        elif in_doubt(view, item) is not None:
            yield LeftOut("doubt", entry)
        else:
            for figure, part, about, value in _added(view, item):
                of = NO_CATEGORY if about is None else category(about)
                yield Addend(figure, part, of, value, entry, done_us)


def _lifted(view: View, item: Standing) -> bool:
    """Return whether a measure was lifted in the end: it was taken all the same, and counts."""
    said = view.fold(all_amendments, "statement", item.id)
    return any(e.index == item.ended and isinstance(e.body, SanctionLifted) for e in said)


def _done_us(item: Standing) -> int:
    match item.body:
        case Inspection() | OriginAudit():
            return item.body.on.us
        case SampleSealed():
            return item.body.taken.us
        case _:
            return item.entry.statement.issued_at * MICROSECONDS


_Added = Iterator[tuple[str, str, str | None, int]]
"""Figure, part, the product it is about, None for none, and how much."""


def _added(view: View, item: Standing) -> _Added:
    body = item.body
    match body:
        case Inspection():
            yield from _inspected(product_of(item.subject), body)
        case SampleSealed():
            yield "sampled", type_name(body), product_of(str(body.lot)), 1
        case OriginAudit() if body.km:
            yield "km", type_name(body), None, body.km
        case Recall():
            for lot in recalled_lots(item):
                yield "lots-recalled", type_name(body), product_of(lot), 1
        case ProductRecall():
            meant = sum(1 for _ in _lots_meant(AsOfView(view, item.index), item.subject, body))
            if meant:
                yield "lots-recalled", type_name(body), item.subject, meant
        case Sanction():
            yield from _imposed(AsOfView(view, item.index), item.subject, body)


def _inspected(product: str, body: Inspection) -> _Added:
    if not body.answers:  # what is inspected again is no further batch
        yield "sampled" if body.mode in SAMPLING else "batches", body.mode, product, 1
    if amiss(body):
        yield "refused", body.mode, product, 1
    if body.km:
        yield "km", body.mode, product, body.km


def _imposed(then: View, trader: str, body: Sanction) -> _Added:
    if body.step == "delist":
        for product in sorted(_delisted(then, trader, body)):
            yield "products-removed", body.step, product, 1
    elif body.step in ("close-shop", "end-cooperation"):
        closed = len(body.shops) or len(list(_shops_of(then, trader)))
        if closed:
            yield "shops-closed", body.step, None, closed


def _delisted(then: View, trader: str, body: Sanction) -> set[str]:
    """Return the products that a delisting takes off: those it names, else all that is listed in its shops."""
    if body.products or body.lots:
        return {*map(str, body.products), *(product_of(str(lot)) for lot in body.lots)}
    return {
        item.subject
        for shop in (map(str, body.shops) if body.shops else _shops_of(then, trader))
        for item in standing_of(then, "listings", shop, Listing)
    }


def _lots_meant(then: View, product: str, body: ProductRecall) -> Iterator[str]:
    """Yield the lots on record by then that a recall by when or where they were made means."""
    for item in standing_of(then, "lots", product, Lot):
        if isinstance(item.body, Lot) and body.means(item.body.made.us, str(item.body.facility)):
            yield item.subject


def _shops_of(then: View, trader: str) -> Iterator[str]:
    for item in standing_of(then, "shops", trader, Shop):
        if isinstance(item.body, Shop) and item.body.trader == trader:
            yield item.subject
