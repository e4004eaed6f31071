"""Buckets that fill again at a rate, one for each of whom a share is counted."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

BUCKETS = 50_000
"""In memory, about 10 MB. One that is full is none; beyond these the longest quiet is forgotten."""

FORGOTTEN = 2
"""Of those longest quiet, looked at whenever one is used: the table holds who asked lately, and shrinks."""


class Buckets(Generic[K]):
    """What is left to each; whoever is not among them has all of its share."""

    def __init__(
        self, per_s: float, burst: float, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Args: what each gets a second, and has when it begins."""
        self.per_s = per_s
        self.burst = burst
        self.now_s = now_s
        self._left: OrderedDict[K, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many are not full."""
        return len(self._left)

    def left(self, key: K) -> float:
        """Return what is left to one."""
        found = self._left.get(key)
        if found is None:
            return self.burst
        left, since = found
        return min(self.burst, left + (self.now_s() - since) * self.per_s)

    def put(self, key: K, left: float) -> None:
        """Say what is left to one."""
        self._left.pop(key, None)
        if left < self.burst:
            self._left[key] = (left, self.now_s())
        for _ in range(FORGOTTEN):
            oldest = next(iter(self._left), None)
            if oldest is None or (self.left(oldest) < self.burst and len(self._left) <= BUCKETS):
                break
            del self._left[oldest]
