"""What went in and out of a lot at each party that had it: whether that closes.

Each counts by its own word: what it sent, what it received, what it made of it or destroyed. A unit
by itself; where a quantity is not said, how many are not, and nothing is said to be left.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ledger.questions.forward import out_of, part_of, receipts
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.claims import held
from ledger.rules.lot_sizes import unit_of
from ledger.rules.movements import movement, receivers
from ledger.rules.quantities import Said, amount, fractions
from ledger.rules.standing import Standing
from ledger.statements.movement_family import REMAKING, SENDING, Kind
from ledger.statements.origin_family import Lot

PARTS = ("made", "received", "sent", "used", "destroyed")
"""What a party does with a lot: the first two add to what it has, the others take from it."""

PART_OF: Mapping[Kind, str] = {
    "receive": "received",
    **dict.fromkeys(SENDING, "sent"),
    **dict.fromkeys(REMAKING, "used"),
    "destroy": "destroyed",
}
"""Kind of movement -> which of these it is; what is packed stays where it is."""


@dataclass(slots=True)
class Account:
    """What one party says of one lot, in billionths by unit and part."""

    party: str
    sums: dict[str, dict[str, int]] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    unsaid: int = 0
    came_from: dict[str, None] = field(default_factory=dict)
    went_to: dict[str, None] = field(default_factory=dict)

    def add(self, part: str, quantity: Said, sign: int = 1) -> None:
        """Add a quantity, or that none is said; ``sign``: -1 takes it off."""
        if quantity is msgspec.UNSET:
            self.unsaid += 1
            return
        unit = unit_of(quantity)
        self.written.setdefault(unit, str(quantity.unit))
        of_unit = self.sums.setdefault(unit, dict.fromkeys(PARTS, 0))
        of_unit[part] += sign * fractions(quantity)

    def left(self, unit: str) -> int:
        """Return how much is left of a unit."""
        one = self.sums[unit]
        return one["made"] + one["received"] - one["sent"] - one["used"] - one["destroyed"]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield it as rows, one for each unit; one without quantities where none is said."""
        for unit in self.sums or ("",):
            one = self.sums.get(unit)
            known = None if one is None else {name: amount(one[name]) for name in PARTS}
            yield {
                "party": self.party,
                "unit": None if one is None else self.written[unit],
                **{f"{name}_amount": None if known is None else known[name] for name in PARTS},
                "left_amount": None if one is None or self.unsaid else amount(self.left(unit)),
                "unsaid": self.unsaid,
                "came_from": list(self.came_from),
                "went_to": list(self.went_to),
            }


def accounts(asked: Asked, lot: str, had: Iterable[str], moves: list[Standing]) -> list[Account]:
    """Return the account of each party that had a lot."""
    found = {party: Account(party) for party in had}
    for item in held(asked.view, "lot", lot, reserved=True):
        if isinstance(item.body, Lot):
            found[item.issuer].add("made", item.body.quantity)
    for item in moves:
        _linked(found, item)
        if item.ended is None:
            _counted(found[item.issuer], item, lot)
    return list(found.values())


def _linked(found: dict[str, Account], item: Standing) -> None:
    """Take in from whom it came and to whom it went, in any version: one step back, one forward."""
    for to in sorted(receivers(item)):
        found[item.issuer].went_to.setdefault(to)
        found[to].came_from.setdefault(item.issuer)


def _counted(account: Account, item: Standing, lot: str) -> None:
    body, goes, comes = movement(item), part_of(item, lot), out_of(item, lot)
    if goes is not None and body.kind in PART_OF:
        account.add(PART_OF[body.kind], goes.quantity)
    if comes is not None and goes is not None:
        account.add("used", comes.quantity, -1)  # it comes out as it went in, but for what was lost


def unclosed(lot: str, found: Iterable[Account]) -> Iterator[Failure]:
    """Yield that a party gave away more of a lot than it had."""
    for account in found:
        for unit in account.sums:
            left = account.left(unit)
            if left < 0:
                facts: dict[str, str | int] = {
                    "lot": lot,
                    "party": account.party,
                    "amount": amount(-left),
                    "unit": account.written[unit],
                }
                yield Failure("balance-open", (), facts)


def unconfirmed(lot: str, moves: list[Standing]) -> Iterator[Failure]:
    """Yield what was sent and nobody says to have received, or of which another quantity came."""
    for item in moves:
        body = movement(item)
        if body.kind not in SENDING or item.ended is not None:
            continue
        came = receipts(moves, item)
        facts: dict[str, str | int] = {"lot": lot, "party": item.issuer, "to": str(body.to)}
        if not came:
            yield Failure("shipment-unconfirmed", (item.index,), facts | {"on": str(body.at)})
        else:
            yield from _differing(lot, item, came, facts)


def _differing(
    lot: str, item: Standing, came: list[Standing], facts: dict[str, str | int]
) -> Iterator[Failure]:
    sent = part_of(item, lot)
    got = [part_of(one, lot) for one in came]
    said = [one.quantity for one in (sent, *got) if one is not None]
    if sent is None or any(one is msgspec.UNSET for one in said):
        return
    first, *others = (one for one in said if one is not msgspec.UNSET)
    if {unit_of(one) for one in others} - {unit_of(first)}:
        return
    arrived = sum(map(fractions, others))
    if arrived != fractions(first):
        more = {"sent": amount(fractions(first)), "received": amount(arrived)}
        entries = (item.index, *(one.index for one in came[:10]))
        yield Failure("receipt-differs", entries, facts | more | {"unit": str(first.unit)})
