"""``where_used``: what was made of a lot, an item or what is in a unit, where it went, who sells it now."""

from typing import Any

import msgspec

from ledger.identifiers import is_unit, split_goods
from ledger.questions.balance import accounts, unclosed, unconfirmed
from ledger.questions.claims import lot_claim
from ledger.questions.events import moved_by_events
from ledger.questions.forward import (
    PAGE,
    forward,
    made_of_it,
    out_of,
    part_of,
    receipts,
    sellers,
    units_of,
    went,
)
from ledger.questions.items import lots_of_item
from ledger.questions.pages import of_page, pages
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.chains import Failure
from ledger.rules.standing import Standing
from ledger.rules.units import lots_in

ENTRIES = ("made_of_it", "went", "events", "sellers")
"""The lists whose rows are each an entry."""


def where_used(asked: Asked, *, goods: str, page: str) -> Verdict:
    """Return yes if something was made of goods, or they went on or are on sale: all of it, page by page."""
    lots, missing = _lots(asked, goods)
    claims = [lot_claim(asked.view, lot) for lot in lots]
    found = forward(asked, lots)
    rows, balance, notes = list[dict[str, Any]](), list[dict[str, Any]](), list[Failure]()
    for lot in lots:
        moves = _about(found.moves.get(lot, []), lot, goods)
        rows += went(moves, lot)
        books = accounts(asked, lot, found.had.get(lot, ()), found.moves.get(lot, []))
        balance += [row for book in books for row in book.rows()]
        notes += [*unconfirmed(lot, moves), *unclosed(lot, books)]
        unsaid = sum(book.unsaid for book in books)
        if unsaid:
            notes.append(Failure("quantity-unsaid", (), {"lot": lot, "count": unsaid}))
    had = dict.fromkeys(party for lot in lots for party in found.had.get(lot, ()))
    moved = moved_by_events(asked, [goods] if is_unit(goods) else [goods, *lots], had)
    uses = made_of_it(found)
    listed = sellers(asked, (*found.had.items(), *((lot, moved.receivers) for lot in lots)))
    lists = {
        "made_of_it": uses,
        "went": rows,
        "events": moved.rows,
        "balance": balance,
        "sellers": listed,
    }
    shown = {name: of_page(some, page, PAGE) for name, some in lists.items()}
    detail = {
        "page": int(page),
        "pages": pages(max(map(len, lists.values())), PAGE),
        "total": len(rows),
        **shown,
    }
    missing += [claim for claim in claims if isinstance(claim, Failure)]
    entries = [claim.index for claim in claims if isinstance(claim, Standing)]
    entries += [row["entry"] for name in ENTRIES for row in shown[name]]
    notes += [*found.left_out, *moved.left_out]
    if missing:
        return settle(unknown=once(missing), notes=notes, rests_on=entries, detail=detail)
    on = bool(uses or rows or moved.rows or listed)
    return Verdict("yes" if on else "no", (), tuple(notes), tuple(entries), detail)


def _lots(asked: Asked, goods: str) -> tuple[list[str], list[Failure]]:
    """Return the lots of goods: the lot itself, that of an item, those in a unit."""
    if is_unit(goods):
        inside = lots_in(asked.view, goods)
        return list(inside), [] if inside else [Failure("unit-unknown", (), {"unit": goods})]
    if split_goods(goods)[2] is None:
        return [goods], []
    return lots_of_item(asked, goods)


def _about(moves: list[Standing], lot: str, goods: str) -> list[Standing]:
    """Return the movements of a lot that may be of goods: of an item none that names others alone.

    Of a unit those that name it, and what received these.
    """
    if is_unit(goods):
        named = [item for item in moves if goods in units_of(item)]
        received = [one for item in named for one in receipts(moves, item)]
        indices = {item.index for item in (*named, *received)}
        return [item for item in moves if item.index in indices]
    serial = split_goods(goods)[2]
    return moves if serial is None else [i for i in moves if _may_hold(i, lot, serial)]


def _may_hold(item: Standing, lot: str, serial: str) -> bool:
    parts = [one for one in (part_of(item, lot), out_of(item, lot)) if one is not None]
    return any(one.serial_range is msgspec.UNSET or one.serial_range.holds(serial) for one in parts)
