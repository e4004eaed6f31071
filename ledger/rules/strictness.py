"""When one criterion asks at least what another one does: whatever meets the one meets the other.

Limits are compared as the exact decimals they spell, in one unit. What cannot be compared, a word with a
limit, a limit in a share with a count, is not as strict: it has to be said as the other says it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ledger.primitives.near import normal_name
from ledger.rules.naming import in_unit, same_property, same_unit
from ledger.statements.criteria import STRICT, UPPER, WORDED, Criterion

SEVERITY: Mapping[str, int] = {"minor": 0, "major": 1, "critical": 2}


def kept(criterion: Criterion, criteria: Sequence[Criterion]) -> bool:
    """Return whether criteria ask at least what one criterion does.

    One of them is about the same property, as strict, its severity not lower.
    """
    return any(
        same_property(item, criterion)
        and _as_strict(item, criterion)
        and SEVERITY[item.severity] >= SEVERITY[criterion.severity]
        for item in criteria
    )


def comparable(item: Criterion, other: Criterion) -> bool:
    """Return whether two criteria of one property ask for what can be held against each other.

    Nothing is found, too, by a method that finds nothing below another's limit.
    """
    if item.direction in WORDED or other.direction in WORDED:
        return item.direction == other.direction
    if "absent" in (item.direction, other.direction):
        return item.direction == other.direction and same_unit(item.unit, other.unit)
    return (item.direction in UPPER) == (other.direction in UPPER) and (
        _in_its_unit("0", item, other) is not None
    )


def _as_strict(item: Criterion, other: Criterion) -> bool:
    if not comparable(item, other):
        return False
    if other.direction == "one-of":
        return _words(item) <= _words(other)
    if other.direction == "described":
        return _words(item) == _words(other)
    return _units_as_strict(item, other)


def _words(item: Criterion) -> set[str]:
    return set(map(normal_name, item.words))


def _in_its_unit(limit: str, item: Criterion, other: Criterion) -> Decimal | None:
    """Return a limit of one criterion in the unit of another; of absent, which has none, nothing."""
    if item.direction == "absent":
        return Decimal(limit)
    return in_unit(limit, item.unit, other.unit)


def _units_as_strict(item: Criterion, other: Criterion) -> bool:
    """Return whether a limit, or how many units may be beyond it, is as strict as another's."""
    mine, theirs = item.plan(), other.plan()
    beyond = None if mine is None else mine.most
    if theirs is None:
        if mine is None or mine.c == 0:
            return _within(item, other)
        return isinstance(beyond, str) and _within(item, other, beyond)
    if mine is None or mine.n < theirs.n or mine.c > theirs.c or not _within(item, other):
        return False
    if not isinstance(theirs.most, str) or mine.c == 0:
        return True
    return isinstance(beyond, str) and _within(item, other, beyond, theirs.most)


def _within(
    item: Criterion, other: Criterion, beyond: str | None = None, theirs: str | None = None
) -> bool:
    """Return whether a limit, or M, allows nothing that another's does not.

    M itself is allowed; so is the limit of at-most and at-least.
    """
    limit = _in_its_unit(beyond or f"{item.bound():f}", item, other)
    bound = other.bound() if theirs is None else Decimal(theirs)
    if limit is None or limit == bound:
        excluded = theirs is None and other.direction in STRICT
        return limit is not None and (not excluded or (beyond is None and item.direction in STRICT))
    return limit < bound if other.direction in UPPER else limit > bound
