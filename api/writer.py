"""The writing process: it alone holds keys and registers; the event loop sends it batches.

Verification, rules, commit and signatures take a processor of their own, so the loop that
speaks HTTP stays quick. One message is a list of statements, the answer one result for each;
what arrives meanwhile waits in the loop and shares the next batch.
"""

import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from ledger.clock import SimulatedClock, SystemClock
from ledger.errors import LogCorruptError, PinyuanError, ReadOnlyError
from ledger.log import Log, Outcome, Registered, open_log
from ledger.rules.registry import Refusal
from ledger.settings import open_signer, read_settings
from ledger.store.engine import make_engine

HEARTBEAT_S = 60.0  # how often an idle writer looks whether ten minutes have passed
AGAIN_S = 0.5  # behind a batch that failed: it may be committed, and then waits for its signature
READY = "ready"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A statement is registered: id, index, receipt; ``new`` unless it was there before."""

    id: bytes
    index: int
    receipt: bytes
    new: bool


@dataclass(frozen=True, slots=True)
class Rejected:
    """A statement is not registered, and every reason why."""

    id: bytes | None
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing is known of the batch; the same statements may be submitted again.

    ``fatal``: this writer does not go on.
    """

    why: str
    fatal: bool = False


Result = Accepted | Rejected


def open_writer(directory: Path, passphrase: bytes | None) -> Log:
    """Open the ledger in a directory with its keys.

    Raises:
        ReadOnlyError: it must not be written now.

    """
    settings = read_settings(directory)
    log = open_log(
        make_engine(settings.database_url),
        anchor_path=settings.anchor,
        clock=SimulatedClock() if settings.clock == "simulated" else SystemClock(),
        signer=open_signer(settings, passphrase),
    )
    if log.read_only is not None:
        raise ReadOnlyError(log.read_only)
    return log


def write(directory: Path, passphrase: bytes | None, pipe: Connection) -> None:
    """Serve batches from a pipe until it closes: what the child process runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent drains, then closes the pipe
    try:
        log = open_writer(directory, passphrase)
    except PinyuanError as error:
        pipe.send(Failed(str(error), fatal=True))
        return
    pipe.send(READY)
    try:
        wait_s = HEARTBEAT_S
        while True:
            if not pipe.poll(wait_s):
                wait_s = HEARTBEAT_S if _heartbeat(log) else AGAIN_S
                continue
            answer = _register(log, pipe.recv())
            pipe.send(answer)
            wait_s = AGAIN_S if isinstance(answer, Failed) else HEARTBEAT_S
            if isinstance(answer, Failed) and answer.fatal:
                return
    except (EOFError, BrokenPipeError):
        pass
    finally:
        log.engine.dispose()
        if log.signer is not None:
            log.signer.close()


def _heartbeat(log: Log) -> bool:
    """Seal or sign what is due; return whether it could be asked."""
    try:
        log.heartbeat()
    except LogCorruptError:
        raise
    except PinyuanError:
        return False  # the next batch says what is wrong
    return True


def _register(log: Log, statements: list[bytes]) -> list[Result] | Failed:
    try:
        outcomes = log.register(statements)
        receipts = log.receipts([o.index for o in outcomes if isinstance(o, Registered)])
    except LogCorruptError as error:
        return Failed(str(error), fatal=True)
    except PinyuanError as error:
        return Failed(str(error))
    return [_result(outcome, receipts) for outcome in outcomes]


def _result(outcome: Outcome, receipts: dict[int, bytes]) -> Result:
    if isinstance(outcome, Registered):
        return Accepted(outcome.id, outcome.index, receipts[outcome.index], outcome.new)
    return Rejected(outcome.id, outcome.refusals)
