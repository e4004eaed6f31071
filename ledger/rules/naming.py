"""Names of what is measured, by what method, in what unit: which two are one, and near misses.

Two properties are one if both carry the same CAS number, else if their names have one normal
form (``ledger.primitives.near``). A name that is near another one that it would have to match
is no other property until something says so: a CAS number of its own, an accreditation that
lists it, or the other one beside it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

from ledger.primitives.near import near, normal_name, normal_unit


class Named(Protocol):
    """A result or a criterion: of one property."""

    def code(self) -> str | None:
        """Return its CAS number, None where it says none."""
        ...

    @property
    def property(self) -> str:
        """Return the property's name."""
        ...


Item = TypeVar("Item", bound=Named)


def same_property(left: Named, right: Named) -> bool:
    """Return whether two items are of one property."""
    if left.code() is not None and right.code() is not None:
        return left.code() == right.code()
    return same_name(left.property, right.property)


def same_name(left: str, right: str) -> bool:
    """Return whether two names are one."""
    return left == right or normal_name(left) == normal_name(right)


def same_unit(left: str, right: str) -> bool:
    """Return whether two units are one; case tells them apart."""
    return left == right or normal_unit(left) == normal_unit(right)


_SHARE = re.compile(
    r"([kmunp]?)(g|mol|Bq|IU|CFU|cfu)/(1(?:0{1,6})?(?=[a-zA-Z]))?([kmun]?g|[cdmun]?l)"
)
_TENTHS = {"k": 3, "": 0, "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12}


def _share(unit: str) -> tuple[str, int] | None:
    """Return of what to what a unit tells the share, and its power of ten; None of any other unit."""
    found = _SHARE.fullmatch(normal_unit(unit))
    if found is None:
        return None
    prefix, what, times, whole = found.groups()
    below = _TENTHS[whole[:-1]] + len(times or "1") - 1
    return f"{what}/{whole[-1]}", _TENTHS[prefix] - below


def in_unit(value: str, unit: str, wanted: str) -> Decimal | None:
    """Return a number in another unit, exactly; None where nothing here makes one of the other.

    Units of a share (mg/kg, ug/100g, g/l) make one another where they differ by a power of ten: a
    limit is missed in whatever unit that is told.
    """
    if same_unit(unit, wanted):
        return Decimal(value)
    left, right = _share(unit), _share(wanted)
    if left is None or right is None or left[0] != right[0]:
        return None
    return Decimal(value).scaleb(left[1] - right[1])


def of_property(items: Iterable[Item], wanted: Named) -> Iterator[Item]:
    """Yield the items that are of a property."""
    return (item for item in items if same_property(item, wanted))


def is_named(name: str, names: Iterable[str]) -> bool:
    """Return whether a name is among others."""
    return any(same_name(name, other) for other in names)


def missed(items: Sequence[Named], wanted: Iterable[Named]) -> Iterator[tuple[Named, list[str]]]:
    """Yield each item without a CAS number that is near what none of the items is, with its names."""
    absent = [one for one in wanted if not any(same_property(item, one) for item in items)]
    for item in items:
        if item.code() is None and not any(same_property(item, one) for one in wanted):
            found = near(item.property, (one.property for one in absent))
            if found:
                yield item, found
