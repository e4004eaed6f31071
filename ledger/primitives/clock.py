"""Where the log's time comes from: the machine, or a simulation that says so in genesis."""

import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ledger.errors import ClockError, MalformedError, StorageError
from ledger.primitives.durable import replace_file
from ledger.primitives.place import UNKNOWN, boot
from ledger.primitives.strict import parse_decimal
from ledger.texts import Words, saying

MICROSECONDS = 1_000_000
AHEAD_S = 5 * 60
"""How far a log's newest time may be ahead of a clock: a verifier refuses more, and a signer signs no more."""
WAIT_S = 1.0  # how long a clock that stands behind the last seal is waited for
JUMP_S = 240.0
"""What a wall clock may gain on the time the machine ran: a verifier allows a log 300 s ahead of its
own clock, which may be a little behind."""
CONFIRM = "pinyuan seal --accept-clock-jump"
START = saying("the start")
OPERATOR = saying("its operator")


def too_far_ahead_s(time_us: int, now_us: int) -> int:
    """Return how many seconds, rounded up, a time is ahead of a clock; 0 where that is allowed."""
    ahead_us = time_us - now_us
    return -(-ahead_us // MICROSECONDS) if ahead_us > AHEAD_S * MICROSECONDS else 0


class Clock(Protocol):
    """Gives each batch its time."""

    kind: str

    def now_us(self, last_us: int) -> int:
        """Return microseconds since 1970, strictly later than ``last_us``.

        Raises:
            ClockError: it cannot.

        """
        ...

    def why_not(self, last_us: int) -> str | None:
        """Return why it could give no time behind ``last_us`` now, and what to do; None if it can."""
        ...


def running_us() -> int:
    """Return how long the machine has run, asleep or awake, whatever its clock was set to."""
    name = "CLOCK_MONOTONIC" if sys.platform == "darwin" else "CLOCK_BOOTTIME"
    if hasattr(time, name):  # time.monotonic stands still while a machine sleeps
        return time.clock_gettime_ns(getattr(time, name)) // 1_000
    return int(time.monotonic() * MICROSECONDS)


@dataclass(frozen=True, slots=True)
class Agreed:
    """When the machine began to run, as last agreed, and by whom."""

    begin_us: int
    by: str


class SystemClock:
    """The machine's clock: never backwards, and never far ahead of the time that it ran.

    What was agreed is kept in a file, so that every process of a directory has the same, and one
    that starts behind a jump sees it too. It holds as long as the machine runs: behind a new start
    nobody knows how long it did not.
    """

    kind = "system"

    def __init__(self, path: Path | None = None, *, accept_jump: bool = False) -> None:
        """Args: ``path`` has what was agreed; ``accept_jump``: the wall clock is right now."""
        self._path = path if boot() != UNKNOWN else None
        self._accept_jump = accept_jump
        self._agreed = Agreed(self.begin_us(), START)
        self._used = False

    def now_us(self, last_us: int) -> int:
        """Return the machine's time; waits up to a second for one behind the last seal."""
        deadline = time.monotonic() + WAIT_S
        while (now_us := time.time_ns() // 1_000) <= last_us:
            behind_s = (last_us - now_us) / MICROSECONDS
            if behind_s > WAIT_S or time.monotonic() > deadline:
                raise ClockError(_behind(behind_s))
            time.sleep(min(behind_s + 1e-6, WAIT_S))
        if self._accept_jump:
            self.agree(self.begin_us(), OPERATOR)
            self._accept_jump = False  # of one jump: the next is asked about
        if (why := self._jump(last_us)) is not None:
            raise ClockError(why)
        self._used = True
        if self._path is not None and self._read() is None:
            self._write()
        return now_us

    def why_not(self, last_us: int) -> str | None:
        """Return that it stands too far ahead of the time agreed, or behind the last seal."""
        behind_s = (last_us - time.time_ns() // 1_000) / MICROSECONDS
        return _behind(behind_s) if behind_s > WAIT_S else self._jump(last_us)

    def agree(self, begin_us: int, by: str) -> None:
        """Take this for the time at which the machine began to run; jumps are told from there on."""
        self._agreed, self._used = Agreed(begin_us, by), True
        self._write()

    def agreed(self) -> tuple[float, str]:
        """Return how far the wall clock stands ahead of the time that was agreed, and by whom."""
        found = self._read()
        if found is not None:
            self._agreed, self._used = found, True
        return (self.begin_us() - self._agreed.begin_us) / MICROSECONDS, self._agreed.by

    def _jump(self, last_us: int) -> str | None:
        gained_s, by = self.agreed()
        if gained_s <= JUMP_S:
            return None
        behind_us = last_us - self._agreed.begin_us - running_us()
        if not self._used and behind_us > WAIT_S * MICROSECONDS:
            # At the start it stood behind the log, as clocks do that nobody has set yet.
            self._agreed = Agreed(self.begin_us(), START)
            return None
        return saying(
            "the clock gained {gained_s:.0f} s on what it was by {by} and the time that went on since: "
            "set it; if it is right, confirm that with {confirm}",
            gained_s=gained_s,
            by=Words.again(by),
            confirm=CONFIRM,
        )

    @staticmethod
    def begin_us() -> int:
        """Return when the machine began to run, by its wall clock as that stands now."""
        return time.time_ns() // 1_000 - running_us()

    def _read(self) -> Agreed | None:
        """Return what the file has of this run of the machine."""
        if self._path is None:
            return None
        try:
            run, begin_us, by = self._path.read_text(encoding="utf-8").split("\n", 2)
            return Agreed(parse_decimal(begin_us), by.strip()) if run == boot() else None
        except (OSError, ValueError, MalformedError):
            return None  # not there, or torn: another is written

    def _write(self) -> None:
        if self._path is not None:
            text = f"{boot()}\n{self._agreed.begin_us}\n{self._agreed.by}\n"
            with suppress(StorageError):  # of a directory that can only be read
                replace_file(self._path, text.encode())


def _behind(behind_s: float) -> str:
    return saying(
        "the clock is {behind_s:.0f} s behind the last seal: set it, then try again",
        behind_s=behind_s,
    )


class SimulatedClock:
    """A time that is given; without one, a second after the last seal."""

    kind = "simulated"

    def __init__(self, now_us: int | None = None) -> None:
        self.next_us = now_us

    def now_us(self, last_us: int) -> int:
        """Return the time given, once; later batches follow by a second each."""
        if self.next_us is None:
            return last_us + MICROSECONDS
        if (why := self.why_not(last_us)) is not None:
            raise ClockError(why)
        now_us, self.next_us = self.next_us, None
        return now_us

    def why_not(self, last_us: int) -> str | None:
        """Return that the time given is not later than the last seal's."""
        late = self.next_us is not None and self.next_us <= last_us
        return saying("the simulated time is not later than the last seal's") if late else None
