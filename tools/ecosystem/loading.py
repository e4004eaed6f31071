"""Registering what was told, round by round: everybody's first, then shares side by side."""

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import BrokenBarrierError

from bench_common import OPERATOR, SPAWN, key_of, used_s

from ecosystem.telling import BATCH, BEGAN_S, ORIGIN, Told, registered_us
from ledger.primitives.clock import MICROSECONDS, SimulatedClock
from ledger.settings import Settings, write_settings
from ledger.signer import KeySigner
from ledger.statements.catalogue import decode_body, type_name
from ledger.statements.envelope import parse_statement
from ledger.statements.fields import Names
from ledger.store.engine import make_engine
from ledger.writing.log import Log, Outcome, Registered
from ledger.writing.opening import create_log, open_log

BEFORE_S = 86_400  # the ledger is there a day before anything is told
WAIT_S = 1_800.0
SHOWN = 20


class RoundClock:
    """A simulated time that several processes keep: that of the round, a second each behind it."""

    kind = "simulated"

    def __init__(self) -> None:
        self.round_us = 0

    def now_us(self, last_us: int) -> int:
        return max(self.round_us, last_us + MICROSECONDS)


@dataclass
class Loaded:
    """What was registered: how much, when (time and total so far), by how much work.

    ``memory``: bytes of the largest process; ``refused``: what was, and why.
    """

    began: float
    reached: list[tuple[float, int]] = field(default_factory=list)
    used_s: float = 0.0
    memory: int = 0
    refused: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.reached[-1][1]

    def rate(self, first: float = 0.0, last: float = 1.0) -> float:
        """Return statements per second between two shares of the load."""
        whole = [(self.began, 0), *self.reached]
        within = [(at, n) for at, n in whole if first * self.total <= n <= last * self.total]
        (began, before), (ended, behind) = within[0], within[-1]
        return (behind - before) / (ended - began)


def signer() -> KeySigner:
    return KeySigner(ORIGIN, key_of(1), key_of(2))


def settings_at(url: str, anchor: Path) -> Settings:
    """Write the settings of a ledger that is read only: its keys stay in this program."""
    keys = {"log_key": anchor.parent / "log.pem", "operator_key": anchor.parent / "operator.pem"}
    settings = Settings(
        directory=anchor.parent,
        origin=ORIGIN,
        operator=OPERATOR,
        db=url,
        clock="simulated",
        anchor=anchor,
        **keys,
    )
    write_settings(settings, url)
    return settings


def create(url: str, anchor: Path) -> None:
    """Begin a ledger, a day before what is told."""
    log = create_log(
        make_engine(url),
        anchor_path=anchor,
        clock=SimulatedClock((BEGAN_S - BEFORE_S) * MICROSECONDS),
        signer=signer(),
        operator=OPERATOR,
        names=Names(zh="示例平台", en="Example platform"),
    )
    log.engine.dispose()


def why_refused(statements: Sequence[bytes], outcomes: Sequence[Outcome]) -> list[str]:
    """Say of each refused statement what it is and which rules it breaks."""
    found = []
    for raw, outcome in zip(statements, outcomes, strict=True):
        if not isinstance(outcome, Registered):
            statement = parse_statement(raw)
            body = decode_body(statement)
            name = "?" if body is None or not hasattr(body, "v") else type_name(body)
            rules = "; ".join(f"{item.rule}: {item.message}" for item in outcome.refusals)
            found.append(f"{name} of {statement.subject} by {statement.issuer}: {rules}")
    return found


def register(log: Log, clock: RoundClock, number: int, statements: Sequence[bytes]) -> list[str]:
    """Register what belongs to a round, as of its end; return why something was refused."""
    clock.round_us = registered_us(number)
    refused = []
    for start in range(0, len(statements), BATCH):
        batch = statements[start : start + BATCH]
        refused += why_refused(batch, log.register(batch))
    return refused


def _register_files(
    url: str, anchor: Path, files: Sequence[Told | None], count: int, start, gate, queue
) -> None:
    """Register files round by round, each file's part when all have the one before."""
    clock, began_s = RoundClock(), used_s()
    try:
        log = open_log(make_engine(url), anchor_path=anchor, signer=signer(), clock=clock)
        turns = [iter(()) if item is None else item.rounds() for item in files]
        start.wait(WAIT_S)
        began_s = used_s()
        for number in range(count):
            for rounds in turns:
                statements = next(rounds, [])
                refused = register(log, clock, number, statements)
                queue.put((time.time(), len(statements), refused[:SHOWN]))
                if refused:
                    gate.abort()
                    return
                gate.wait(WAIT_S)
        log.engine.dispose()
    except BrokenBarrierError:
        pass  # another process says what happened
    except BaseException:
        start.abort()
        gate.abort()
        raise
    finally:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        queue.put((None, memory, used_s() - began_s))


def load(url: str, anchor: Path, told: Sequence[Told], show: Callable[[int], None]) -> Loaded:
    """Register everything, a process for each share; ``show`` hears how much is there."""
    everybody, rest = told[0], told[1:]
    shares = list(zip(rest[: len(rest) // 2], rest[len(rest) // 2 :], strict=True))
    count = len(rest[-1].counts)
    start, gate = SPAWN.Barrier(len(shares) + 1), SPAWN.Barrier(len(shares))
    queue = SPAWN.Queue()
    jobs = [
        SPAWN.Process(
            target=_register_files,
            args=(url, anchor, (None if turn else everybody, *own), count, start, gate, queue),
        )
        for turn, own in enumerate(shares)
    ]
    for job in jobs:
        job.start()
    start.wait(WAIT_S)
    loaded, total, left = Loaded(time.time()), 0, len(jobs)
    while left:
        at, *rest = queue.get(timeout=WAIT_S)
        if at is None:
            left -= 1
            loaded.memory = max(loaded.memory, rest[0])
            loaded.used_s += rest[1]
            continue
        total += rest[0]
        loaded.reached.append((at, total))
        loaded.refused += rest[1]
        show(total)
    for job in jobs:
        job.join()
        assert job.exitcode == 0, "a loading process failed"
    return loaded
