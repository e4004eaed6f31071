"""Rule for how many are inspected: no more than were made of the lot, and a part named as one.

A plan follows from the size of the lot. Whoever names a smaller one draws a smaller sample: so
a part of a lot that is on record says which delivery it came with, a paper that others hold
too, and what deliveries brought one inspector says as one size, up to what was made at most. What
another says of them is that one's word: it refuses nobody's.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import msgspec

from ledger.histories.history import View
from ledger.primitives.near import normal_name
from ledger.rules.claims import held
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, standing_of
from ledger.statements.fields import Quantity
from ledger.statements.inspection_family import NONE_ACCEPTED, Inspection, plans_of
from ledger.statements.origin_family import Lot
from ledger.texts import saying

ITEM_UNITS = frozenset(
    ("1", "c62", "ea", "h87", "each", "item", "items", "pc", "pcs", "piece", "pieces", "unit", "units",
     "个", "件", "只", "台")
)  # fmt: skip
"""Units that count items of the product; others, like cartons or kg, do not say how many."""


class Made(NamedTuple):
    """What is on record of how much was made of a lot; ``items``: how many, None where not said."""

    item: Standing
    items: int | None
    quantity: Quantity


def unit_of(quantity: Quantity) -> str:
    """Return a quantity's unit in the form in which units are compared."""
    return normal_name(quantity.unit)


def counted(body: Lot) -> int | None:
    """Return how many items a lot has, by its quantity if that counts items, else by its serials."""
    if unit_of(body.quantity) in ITEM_UNITS:
        return int(Decimal(body.quantity.amount))
    if body.serial_range is not msgspec.UNSET:
        return int(body.serial_range.last) - int(body.serial_range.first) + 1
    return len(body.serials) or None


def made_of(view: View, lot: str) -> Made | None:
    """Return how much was made of a lot, as who holds it says; None for one that is not on record.

    Where that is contested, as the one says who claims the most, or does not say how many.
    """
    made = [
        Made(item, counted(item.body), item.body.quantity)
        for item in held(view, "lot", lot, reserved=True)
        if isinstance(item.body, Lot)
    ]
    unsaid = next((one for one in made if one.items is None), None)
    return unsaid or max(made, key=lambda one: one.items or 0, default=None)


@rule("lot-size", "inspection", bite="replay-only")
def no_more_than_was_made(case: Case) -> Iterator[Refusal]:
    """No more of a lot is inspected than was made of it, and a part of it is named by its delivery.

    As who holds the lot says (*Who holds a name*); where it is contested the first that does not
    say how many items, else who says most. Nobody: nothing is told. Its items: `quantity`, rounded
    down, where its unit, compared as a name (Names of what is measured), is one of 1, c62, ea, h87,
    each, item, items, pc, pcs, piece, pieces, unit, units, 个, 件, 只, 台; else those of
    `serial_range`; else of `serials`, if any. `lot_size` or a plan's sample is above these items;
    or `lot_quantity` above `quantity`, where they have one unit, compared so [each: what that claim
    says]. Fewer or less is a part: its `delivery` is left out, some plan has an AQL but 0, and it
    answers nothing [the same]. With `delivery`, accepted, and `lot_size`: of its issuer's other
    inbound inspections that stand in (`inspection`, `sub`), at this trader, with `delivery` and
    `lot_size`, answering nothing, in order: of an inbound one that answers nothing itself the first
    with its delivery's name, if its size is another [it], and no more; else all deliveries' sizes,
    one for each name, its own once, are above these items [what that claim says].
    """
    body, lot = case.body, case.statement.subject
    if not isinstance(body, Inspection):
        return
    made = made_of(case.view, lot)
    if made is None:
        return
    cites = (made.item.index,)
    for why in _beyond(body, made):
        yield Refusal("lot-size", f"{lot}: {why}", cites)
    part = _is_part(body, made) and _by_size(body) and not body.answers  # sorted, it is smaller
    if part and body.delivery is msgspec.UNSET:
        all_ = f"{made.items} items" if made.items else _said(made.quantity)
        why = saying(
            "{lot} has {all}: say all, or with which delivery this part came (delivery)",
            lot=lot,
            all=all_,
        )
        yield Refusal("lot-size", why, cites)
    elif body.delivery is not msgspec.UNSET and body.decision == "accepted":
        # What is refused is heard whatever it said was delivered before.
        yield from _delivered(case, body, made)


def _said(quantity: Quantity) -> str:
    return f"{quantity.amount} {quantity.unit}"


def _by_size(body: Inspection) -> bool:
    """Return whether how much is drawn follows from how many there are."""
    return any(plan.aql != NONE_ACCEPTED for plan in plans_of(body))


def _measured(body: Inspection, made: Made) -> tuple[Decimal, Decimal] | None:
    """Return what is inspected and what was made, where both are measured in one unit."""
    quantity = body.lot_quantity
    if quantity is msgspec.UNSET or unit_of(quantity) != unit_of(made.quantity):
        return None
    return Decimal(quantity.amount), Decimal(made.quantity.amount)


def _beyond(body: Inspection, made: Made) -> Iterator[str]:
    size = 0 if body.lot_size is msgspec.UNSET else body.lot_size
    most = max(size, *(plan.sample_size for plan in plans_of(body)))
    if made.items is not None and most > made.items:
        yield saying(
            "{most} items inspected, {items} were made: name the lot they are of",
            most=most,
            items=made.items,
        )
    measured = _measured(body, made)
    if measured is not None and measured[0] > measured[1]:
        yield saying(
            "{measured} inspected, {said} were made: name the lot it is of",
            measured=measured[0],
            said=_said(made.quantity),
        )


def _is_part(body: Inspection, made: Made) -> bool:
    measured = _measured(body, made)
    fewer = body.lot_size is not msgspec.UNSET and body.lot_size < (made.items or 0)
    return fewer or (measured is not None and measured[0] < measured[1])


def _by_same(case: Case, item: Standing) -> bool:
    """Return whether who inspects said something itself."""
    return item.issuer == case.statement.issuer


def _delivered(case: Case, body: Inspection, made: Made) -> Iterator[Refusal]:
    """Yield what deliveries to a trader together, or one of them said twice, show to be wrong."""
    size = body.lot_size
    if size is msgspec.UNSET:
        return
    mine = "" if body.delivery is msgspec.UNSET else normal_name(body.delivery)
    sizes: dict[str, int] = {}
    for item in standing_of(case.view, "inspection", case.statement.subject, Inspection):
        other = item.body
        if (
            not isinstance(other, Inspection)
            or item.id == case.corrects
            or not _by_same(case, item)
            or (other.trader, other.mode) != (body.trader, "inbound")
            or other.delivery is msgspec.UNSET
            or other.lot_size is msgspec.UNSET
            or other.answers
        ):
            continue
        before = sizes.setdefault(normal_name(other.delivery), other.lot_size)
        if normal_name(other.delivery) == mine and body.mode == "inbound" and not body.answers:
            if size != before:
                why = saying(
                    "delivery {delivery}: {size} items, entry {index} says {before}",
                    delivery=body.delivery,
                    size=size,
                    index=item.index,
                    before=before,
                )
                yield Refusal(
                    "lot-size", saying("{why}: say what it brought", why=why), (item.index,)
                )
            return
    together = sum(sizes.values()) + (0 if mine in sizes else size)
    if made.items is not None and together > made.items:
        why = saying(
            "deliveries to {trader} would sum up to {together} of {items} items made",
            trader=body.trader,
            together=together,
            items=made.items,
        )
        yield Refusal("lot-size", why, (made.item.index,))
