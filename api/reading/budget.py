"""Processor time for each client: a bucket of seconds that fills again at a rate.

What a read costs is known when it is done, so it begins where anything is left and what it
is expected to cost is set aside; then what it cost counts. A bucket may fall below nothing by what
one read costs more than expected, and fills up from there.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

CLIENTS = 50_000
"""Buckets in memory, about 10 MB. One that is full is none; beyond these the longest quiet is forgotten."""

FORGOTTEN = 2
"""Of those longest quiet, looked at with each read: the table holds who asked lately, and shrinks."""


class Budget:
    """The buckets of all clients of a process."""

    def __init__(
        self, per_s: float, burst_s: float, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Args: seconds of processor time a client gets each second, and has when it begins."""
        self._per_s = per_s
        self._burst_s = burst_s
        self._now_s = now_s
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many buckets are not full."""
        return len(self._left)

    def take(self, client: str, expected_s: float) -> int:
        """Set aside what a read is expected to cost, and return 0.

        Returns:
            The seconds after which there is something again, at least 1, where nothing is left.

        """
        left = self._of(client)
        if left <= 0:
            return 1 + int(-left / self._per_s)
        self._put(client, left - expected_s)
        return 0

    def settle(self, client: str, expected_s: float, cost_s: float) -> None:
        """Count what a read cost instead of what was set aside for it."""
        self._put(client, self._of(client) + expected_s - cost_s)

    def _of(self, client: str) -> float:
        found = self._left.get(client)
        if found is None:
            return self._burst_s
        left, since = found
        return min(self._burst_s, left + (self._now_s() - since) * self._per_s)

    def _put(self, client: str, left: float) -> None:
        self._left.pop(client, None)
        if left < self._burst_s:
            self._left[client] = (left, self._now_s())
        for _ in range(FORGOTTEN):
            oldest = next(iter(self._left), None)
            if oldest is None or (self._of(oldest) < self._burst_s and len(self._left) <= CLIENTS):
                break
            del self._left[oldest]
