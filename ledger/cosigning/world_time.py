"""What time it is in the world: the dated cosignatures of witnesses, held against this machine's clock."""

import threading

from ledger.primitives.clock import (
    JUMP_S,
    MICROSECONDS,
    OPERATOR,
    Clock,
    SystemClock,
    running_us,
)

FRESH_S = 600.0  # so long a witness's clock counts beside those of others


class WorldTime:
    """What the clocks of witnesses say of this machine's: their cosignatures are dated and signed.

    Of several the one that is ahead most counts, and none overrules what a person confirmed: a
    witness whose clock stands still stops nobody for long.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._begin_us: dict[str, tuple[int, int]] = {}
        """When this machine began to run by a witness's clock, and when that was seen."""

    def saw(self, name: str, time_s: int) -> None:
        """Hold the time of a cosignature made now against this machine's: confirm that, or put it right."""
        if not isinstance(self._clock, SystemClock):
            return
        now_us = running_us()
        with self._lock:
            self._begin_us[name] = time_s * MICROSECONDS - now_us, now_us
            begin_us, who = max(
                (begin_us, who)
                for who, (begin_us, since_us) in self._begin_us.items()
                if now_us - since_us < FRESH_S * MICROSECONDS
            )
        ahead_s = (self._clock.begin_us() - begin_us) / MICROSECONDS
        gained_s, by = self._clock.agreed()
        if ahead_s > JUMP_S and by != OPERATOR:
            self._clock.agree(begin_us, who)
        elif abs(ahead_s) <= JUMP_S < abs(gained_s):
            self._clock.agree(self._clock.begin_us(), who)
