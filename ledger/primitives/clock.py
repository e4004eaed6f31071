"""Where the log's time comes from: the machine, or a simulation that says so in genesis."""

import time
from typing import Protocol

from ledger.errors import ClockError

MICROSECONDS = 1_000_000
WAIT_S = 1.0  # how long a clock that stands behind the last seal is waited for
JUMP_S = 600.0  # a wall clock that gains more than this on the monotonic one is asked about


class Clock(Protocol):
    """Gives each batch its time."""

    kind: str

    def now_us(self, last_us: int) -> int:
        """Return microseconds since 1970, strictly later than ``last_us``.

        Raises:
            ClockError: it cannot.

        """
        ...


class SystemClock:
    """The machine's clock: never backwards, no unexplained jump forward."""

    kind = "system"

    def __init__(self, *, accept_jump: bool = False) -> None:
        self._accept_jump = accept_jump
        self._wall_s, self._monotonic_s = time.time(), time.monotonic()

    def now_us(self, last_us: int) -> int:
        """Return the machine's time; waits up to a second for one behind the last seal."""
        deadline = time.monotonic() + WAIT_S
        while (now_us := time.time_ns() // 1_000) <= last_us:
            behind_s = (last_us - now_us) / MICROSECONDS
            if behind_s > WAIT_S or time.monotonic() > deadline:
                msg = f"the clock is {behind_s:.0f} s behind the last seal: set it, then try again"
                raise ClockError(msg)
            time.sleep(min(behind_s + 1e-6, WAIT_S))
        gained_s = (now_us / MICROSECONDS - self._wall_s) - (time.monotonic() - self._monotonic_s)
        if gained_s > JUMP_S and not self._accept_jump:
            msg = f"the clock jumped {gained_s:.0f} s forward: confirm with --accept-clock-jump"
            raise ClockError(msg)
        return now_us


class SimulatedClock:
    """A time that is given; without one, a second after the last seal."""

    kind = "simulated"

    def __init__(self, now_us: int | None = None) -> None:
        self.next_us = now_us

    def now_us(self, last_us: int) -> int:
        """Return the time given, once; later batches follow by a second each."""
        if self.next_us is None:
            return last_us + MICROSECONDS
        if self.next_us <= last_us:
            msg = "the simulated time is not later than the last seal's"
            raise ClockError(msg)
        now_us, self.next_us = self.next_us, None
        return now_us
