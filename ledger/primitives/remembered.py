"""Results that are remembered, within a bound of bytes and not of entries alone.

What strangers send are texts of up to 64 KiB: a cache of so many entries, whatever their size, is
theirs to fill with a gigabyte.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

LONGEST = 200
"""Characters of a text that is remembered; names of people and things are shorter."""

MOST = 8_192
"""Results that one function remembers: strangers choose the names, so each of these caches is filled."""

P = ParamSpec("P")
T = TypeVar("T")


def remembered(count: int = MOST) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator: the newest ``count`` results of a pure function of short texts are kept."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        kept = lru_cache(count)(function)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            for text in args:
                if len(text) > LONGEST:  # type: ignore[arg-type]  # all of them are texts
                    return function(*args, **kwargs)
            return kept(*args, **kwargs)  # type: ignore[arg-type]

        return call

    return decorate
