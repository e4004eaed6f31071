"""Processor time for each client: a bucket of seconds that fills again at a rate.

What a read costs is known when it is done, so it begins where anything is left and what it
is expected to cost is set aside; then what it cost counts. A bucket may fall below nothing by what
one read costs more than expected, and fills up from there.
"""

import time
from collections.abc import Callable

from api.http.buckets import Buckets


class Budget:
    """The buckets of all clients of a process."""

    def __init__(
        self, per_s: float, burst_s: float, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Args: seconds of processor time a client gets each second, and has when it begins."""
        self.buckets: Buckets[str] = Buckets(per_s, burst_s, now_s)

    def take(self, client: str, expected_s: float) -> int:
        """Set aside what a read is expected to cost, and return 0.

        Returns:
            The seconds after which there is something again, at least 1, where nothing is left.

        """
        left = self.buckets.left(client)
        if left <= 0:
            return 1 + int(-left / self.buckets.per_s)
        self.buckets.put(client, left - expected_s)
        return 0

    def settle(self, client: str, expected_s: float, cost_s: float) -> None:
        """Count what a read cost instead of what was set aside for it."""
        self.buckets.put(client, self.buckets.left(client) + expected_s - cost_s)
