"""Axes of a grant: goods, territories, channels, shop types, shops; what covers what.

``*`` covers all. A category covers its descendants and the products in it, a territory those
that are listed under it (ISO 3166-2, GB/T 2260). *Covers* asks of one point, *outside* of every value of a narrower grant.
"""

from collections.abc import Callable, Iterable

from ledger.identifiers import ALL, ancestors, within

Covers = Callable[[Iterable[str], str], bool]


def covers_name(granted: Iterable[str], asked: str) -> bool:
    """Return whether a channel, shop type or shop is granted."""
    return any(item in (ALL, asked) for item in granted)


def covers_territory(granted: Iterable[str], asked: str) -> bool:
    """Return whether a territory is granted: itself, or one that it lies in."""
    around = {ALL, *within(asked)}
    return any(item in around for item in granted)


def covers_category(granted: Iterable[str], asked: str) -> bool:
    """Return whether a category is granted: itself or an ancestor."""
    above = {ALL, *ancestors(asked)}
    return any(item in above for item in granted)


def covers_product(granted: Iterable[str], product: str, category: str) -> bool:
    """Return whether a product is granted: itself, or its category or an ancestor of it."""
    granted = tuple(granted)
    return product in granted or covers_category(granted, category)


def is_product(goods: str) -> bool:
    """Return whether an entry of the goods axis names a product, not a category."""
    return goods.startswith("https:")


def goods_outside(
    parent: Iterable[str], child: Iterable[str], category_of: Callable[[str], str | None]
) -> list[str]:
    """Return the goods of a child that its parent does not grant.

    Args:
        parent: the parent's goods.
        child: the child's goods.
        category_of: a product's category by its product statement, None without one.

    """
    granted = tuple(parent)
    return [item for item in child if not _goods_within(granted, item, category_of)]


def _goods_within(
    granted: tuple[str, ...], item: str, category_of: Callable[[str], str | None]
) -> bool:
    if item in granted or ALL in granted:
        return True
    if item == ALL:
        return False
    category = category_of(item) if is_product(item) else item
    return category is not None and covers_category(granted, category)


def values_outside(parent: Iterable[str], child: Iterable[str], covers: Covers) -> list[str]:
    """Return the values of a child's axis that its parent does not grant; ``*`` only under ``*``."""
    granted = tuple(parent)
    return [item for item in child if not covers(granted, item)]


def _meet(left: Iterable[str], right: Iterable[str], covers: Covers) -> bool:
    left, right = tuple(left), tuple(right)
    return any(covers(left, item) for item in right) or any(covers(right, item) for item in left)


def names_meet(left: Iterable[str], right: Iterable[str]) -> bool:
    """Return whether two sets of channels or shop types have one in common."""
    return _meet(left, right, covers_name)


def territories_meet(left: Iterable[str], right: Iterable[str]) -> bool:
    """Return whether two sets of territories have a place in common."""
    return _meet(left, right, covers_territory)


def goods_meet(
    left: Iterable[str], right: Iterable[str], category_of: Callable[[str], str | None]
) -> bool:
    """Return whether two sets of goods have something in common; unknown products meet all."""

    def covers(granted: Iterable[str], item: str) -> bool:
        granted = tuple(granted)
        if is_product(item) and category_of(item) is None:
            return any(not is_product(other) or other == item for other in granted)
        return _goods_within(granted, item, category_of)

    return _meet(left, right, covers)
