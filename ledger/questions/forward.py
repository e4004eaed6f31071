"""Where goods went: what was made of lots, who moved them to whom, who sells them now.

Only what those say who had a lot by then is looked at: its makers, and to whom it was sent. What
was taken back since, or said otherwise, is told as such: nobody takes a buyer off a list.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.questions.lots import MAX_LOTS
from ledger.questions.on_sale import on_sale
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.movements import by_right, makers, movement, receivers
from ledger.rules.standing import Standing, standing
from ledger.statements.movement_family import Moved
from ledger.statements.origin_family import Lot, made_of

PAGE = 200
"""Rows of each list on one page."""


@dataclass(frozen=True, slots=True)
class Use:
    """A lot that is, or was, said to be made of another by who holds its name."""

    of: str
    item: Standing
    stands: bool


@dataclass(slots=True)
class Forward:
    """Lots, and the lots that were made of them, nearest first.

    ``moves``: of each lot its movements by who had it, oldest first; ``had``: of each lot who had it;
    ``uses``: what was made of which; ``left_out``: that the limit left out more.
    """

    moves: dict[str, list[Standing]] = field(default_factory=dict)
    had: dict[str, dict[str, None]] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    left_out: list[Failure] = field(default_factory=list)


def forward(asked: Asked, lots: Iterable[str]) -> Forward:
    """Return where lots went, and what was made of them, to any depth."""
    found, queue = Forward(), deque(dict.fromkeys(lots))
    seen = set(queue)
    while queue:
        if len(found.had) == MAX_LOTS:
            found.left_out.append(Failure("walk-limit", (), {"limit": MAX_LOTS}))
            break
        lot = queue.popleft()
        at_us = asked.valid_at_us
        moves = [i for i in by_right(asked.view, lot) if movement(i).at.us <= at_us]
        found.moves[lot] = moves
        had = dict.fromkeys(makers(asked.view, lot))
        for item in moves:
            had |= dict.fromkeys((item.issuer, *sorted(receivers(item))))
        found.had[lot] = had
        for use in _uses(asked, lot, had):
            found.uses.append(use)
            if use.item.subject not in seen:
                seen.add(use.item.subject)
                queue.append(use.item.subject)
    return found


def _uses(asked: Asked, lot: str, had: Iterable[str]) -> Iterator[Use]:
    """Yield what those who had a lot made of it: lots whose name they hold."""
    view = asked.view
    for party in had:
        topic = ("made-of", made_of(lot, party))
        stated = {entry.statement.subject for entry in view.history(*topic).entries()}
        for made in sorted(stated):
            if party in makers(view, made):
                yield from _made(view, lot, made, party, asked.valid_at_us)


def _made(view: View, lot: str, made: str, party: str, at_us: int) -> Iterator[Use]:
    """Yield that a lot is made of another, by what its maker says now, else by what it said before."""
    said = [
        item
        for item in view.fold(standing, "lot", made).values()
        if item.issuer == party and isinstance(item.body, Lot) and item.body.made.us <= at_us
    ]
    newest = next((item for item in reversed(said) if item.ended is None), None)
    naming = [item for item in said if any(_names(body, lot) for _, body in item.versions)]
    for item in naming[-1:]:
        yield Use(lot, item, newest is not None and _names(newest.body, lot))


def _names(body: object, lot: str) -> bool:
    return isinstance(body, Lot) and lot in body.inputs


def part_of(item: Standing, lot: str) -> Moved | None:
    """Return how much of a lot moved, None where it comes out alone."""
    return next((one for one in movement(item).goes(item.subject) if one.lot == lot), None)


def out_of(item: Standing, lot: str) -> Moved | None:
    """Return how much of a lot came out."""
    return next((one for one in movement(item).made if one.lot == lot), None)


def receipts(moves: Iterable[Standing], sent: Standing) -> list[Standing]:
    """Return what confirms that something arrived, as far as it stands."""
    return [
        item
        for item in moves
        if item.ended is None
        and (cited := movement(item).shipment) is not msgspec.UNSET
        and cited.id in sent.ids
    ]


def went(moves: Iterable[Standing], lot: str) -> list[dict[str, Any]]:
    """Return the movements of a lot as rows."""
    moves = list(moves)
    return [_row(item, lot, moves) for item in moves]


def _row(item: Standing, lot: str, moves: list[Standing]) -> dict[str, Any]:
    body = movement(item)
    one = part_of(item, lot) or out_of(item, lot)
    quantity = msgspec.UNSET if one is None else one.quantity
    confirmed = receipts(moves, item)
    return {
        "entry": item.index,
        "kind": body.kind,
        "lot": lot,
        "issuer": item.issuer,
        "receiver": _text(body.to),
        "moved_at": str(body.at),
        "amount": None if quantity is msgspec.UNSET else str(quantity.amount),
        "unit": None if quantity is msgspec.UNSET else str(quantity.unit),
        "place": _text(body.place),
        "to_place": _text(body.to_place),
        "delivery": _text(body.delivery),
        "in_units": units_of(item),
        "confirmed_by": confirmed[0].index if confirmed else None,
        "undone": None if not item.ends else _end(item),
    }


def units_of(item: Standing) -> list[str]:
    """Return the logistic units that a movement names."""
    body = movement(item)
    into = () if body.unit is msgspec.UNSET else (body.unit,)
    return [str(unit) for unit in (*into, *body.units)]


def _end(item: Standing) -> dict[str, Any]:
    return {"entry": item.ends[0].index, "issuer": item.ends[0].statement.issuer}


def _text(value: Any) -> str | None:
    return None if value is msgspec.UNSET else str(value)


def followed(asked: Asked, lots: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Return where lots that are called back went: of each list as many rows as one page of ``where_used`` has."""
    found = forward(asked, lots)
    moved = [row for lot in lots for row in went(found.moves.get(lot, ()), lot)]
    return {
        "made_of_it": made_of_it(found)[:PAGE],
        "went": moved[:PAGE],
        "sellers": sellers(asked, found.had.items())[:PAGE],
    }


def made_of_it(found: Forward) -> list[dict[str, Any]]:
    """Return what was made of lots as rows."""
    return [
        {
            "lot": use.item.subject,
            "entry": use.item.index,
            "maker": use.item.issuer,
            "made": str(use.item.body.made),
            "of_lot": use.of,
            "stands": "yes" if use.stands else "no",
        }
        for use in found.uses
        if isinstance(use.item.body, Lot)
    ]


def sellers(asked: Asked, whose: Iterable[tuple[str, Mapping[str, None]]]) -> list[dict[str, Any]]:
    """Return the listings of products of lots by traders who had these; ``whose``: each with who had it."""
    had: dict[str, dict[str, None]] = {}
    for lot, parties in whose:
        had.setdefault(product_of(lot), {}).update(parties)
    return [
        {
            "entry": one.item.index,
            "product": product,
            "trader": one.trader,
            "shop": str(one.listing.shop),
            "territories": list(map(str, one.listing.territories)),
        }
        for product, parties in had.items()
        for one in on_sale(asked, product)
        if one.trader in parties
    ]
