"""Pages of what an answer lists: the first is 1; behind the last there is nothing."""

from typing import TypeVar

T = TypeVar("T")


def of_page(items: list[T], page: str, size: int) -> list[T]:
    """Return the part of a list that a page of so many shows."""
    number = int(page)
    return items[(number - 1) * size : number * size]


def pages(count: int, size: int) -> int:
    """Return how many pages so many items fill, at least one."""
    return max(1, -(-count // size))
