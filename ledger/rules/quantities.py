"""Quantities added up: exact, each unit by itself."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from ledger.rules.lot_sizes import unit_of
from ledger.statements.fields import Quantity

PLACES = 9
"""Digits behind the point that a payload's decimal has at most: sums are integers of this fraction."""

Said = Quantity | msgspec.UnsetType


def fractions(quantity: Quantity) -> int:
    """Return a quantity in billionths of its unit."""
    return int(Decimal(quantity.amount).scaleb(PLACES))


def amount(billionths: int) -> str:
    """Return billionths as a decimal, as payloads spell them: no zero that says nothing."""
    whole, rest = divmod(abs(billionths), 10**PLACES)
    behind = f"{rest:0{PLACES}d}".rstrip("0")
    return ("-" if billionths < 0 else "") + (f"{whole}.{behind}" if behind else str(whole))


def sums(quantities: Iterable[Said]) -> Mapping[str, int] | None:
    """Return the sum of quantities in billionths, by unit in the form it is compared; None where one is not said."""
    found: dict[str, int] = {}
    for quantity in quantities:
        if quantity is msgspec.UNSET:
            return None
        unit = unit_of(quantity)
        found[unit] = found.get(unit, 0) + fractions(quantity)
    return found
