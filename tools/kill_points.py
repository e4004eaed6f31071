"""Kill a registering process at every system call that leaves a trace; look at what is left.

A ledger on SQLite lies as a crash right behind COMMIT leaves it: its newest batch is not
signed. A process opens it, which mends it, registers statements one by one, and closes it.
It is killed (SIGKILL, by strace) on entering its first ``pwrite64``, its second, and so on
for each call in CALLS: between two of these nothing changes that outlives a process.
After each kill the ledger must mend by itself when it is opened, hold what was acknowledged
at its index under a receipt that verifies, take what was not acknowledged exactly once, pass
verification with replay, and extend every checkpoint that was ever signed; and the anchor
must stand where the mended ledger does, so that no older copy can pass for it.

One process imports everything, is attached to once, and forks for each kill point: strace
kills a fork at its N-th call of a kind, and a fork makes N - n calls that change nothing
before it begins. strace must be installed, and allowed to attach to a process.
"""

import argparse
import contextlib
import ctypes
import fcntl
import itertools
import json
import mmap
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ledger.audit import verify_ledger
from ledger.cose.keys import PrivateKey
from ledger.cose.receipt import verify_receipt
from ledger.errors import PinyuanError, ReadOnlyError
from ledger.files.anchor import Anchor
from ledger.primitives.clock import SimulatedClock
from ledger.signer import KeySigner, log_public_key, log_vkey
from ledger.statements.envelope import parse_statement, sign_statement
from ledger.statements.fields import Names
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import reading
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.merkle import leaf_hash, root_from_path
from ledger.writing.log import Log, Registered, create_log, open_log
from ledger.writing.publisher import require_head

ORIGIN = "ledger.example/kill-points"
OPERATOR = "https://id.gs1.org/417/6901234507003"
START_S = 1_790_000_000
LOG_KEY, OPERATOR_KEY = (PrivateKey.from_seed(bytes([n]) * 32) for n in (1, 2))

CALLS_EACH = 100  # more calls of one kind than opening, or registering one statement, makes
NO_FILE = 1 << 20  # a descriptor nobody has
PR_SET_PTRACER = 0x59616D61
CALLS: dict[str, Callable[[], object]] = {
    "openat": lambda: os.open("", os.O_RDONLY),
    "pwrite64": lambda: os.pwrite(NO_FILE, b"", 0),
    "write": lambda: os.write(NO_FILE, b""),
    "fsync": lambda: os.fsync(NO_FILE),
    "fdatasync": lambda: os.fdatasync(NO_FILE),
    "ftruncate": lambda: os.ftruncate(NO_FILE, 0),
    "unlink": lambda: os.unlink(""),  # noqa: PTH108 - the call itself is meant
    "fcntl": lambda: fcntl.fcntl(NO_FILE, fcntl.F_GETFD),
    "flock": lambda: fcntl.flock(NO_FILE, fcntl.LOCK_UN),
    "mmap": lambda: mmap.mmap(-1, mmap.PAGESIZE),
    "close": lambda: os.close(NO_FILE),
}
"""The kinds of call a run makes, and for each one that changes nothing."""

Point = tuple[str, int]


class StraceError(Exception):
    """strace is missing, or may not attach."""


class Crash(BaseException):
    """The process ends here."""


class NotingSigner(KeySigner):
    """Notes every checkpoint it signs in a file before anybody can see the signature."""

    def __init__(self, notes: Path) -> None:
        super().__init__(ORIGIN, LOG_KEY, OPERATOR_KEY)
        self._notes = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def sign_log(self, message: bytes) -> bytes:
        if message.startswith(ORIGIN.encode()):
            os.writev(self._notes, [message])  # writev is none of CALLS
        return super().sign_log(message)


def statement(number: int) -> bytes:
    """Return the same statement for the same number in every process."""
    return sign_statement(
        OPERATOR_KEY,
        b"a reading",
        issuer=OPERATOR,
        subject=f"urn:x:{number}",
        issued_at=START_S,
        audience=ORIGIN,
        content_type="text/plain",
    )


def open_ledger(folder: Path) -> Log:
    """Open the ledger of a folder with its keys."""
    return open_log(
        make_engine(f"sqlite:///{folder / 'ledger'}"),
        anchor_path=folder / "anchor",
        clock=SimulatedClock(),
        signer=NotingSigner(folder / "signed"),
    )


def crash(*_: object) -> None:
    """Stand in for what a crash does not reach."""
    raise Crash


def copied(source: Path, target: Path) -> None:
    """Copy a ledger's folder; the copy is the one that goes on."""
    shutil.copytree(source, target)
    Anchor(target / "anchor", log_vkey(ORIGIN, LOG_KEY)).settle(again=True)


def prepare(folder: Path) -> None:
    """Leave in a folder what a crash right behind COMMIT leaves."""
    live = folder.with_name(f"{folder.name}.live")
    live.mkdir()
    log = create_log(
        make_engine(f"sqlite:///{live / 'ledger'}"),
        anchor_path=live / "anchor",
        clock=SimulatedClock(START_S * 1_000_000),
        signer=NotingSigner(live / "signed"),
        operator=OPERATOR,
        names=Names(en="Operator"),
    )
    log.publisher.publish = crash  # type: ignore[method-assign]
    try:
        log.register([statement(0)])
    except Crash:
        copied(live, folder)  # before the last connection tidies up behind itself
    log.engine.dispose()


def killed_at(statements: int) -> int:
    """Return the number of the call of each kind that strace kills at."""
    return CALLS_EACH * (statements + 1)


def run(folder: Path, point: Point, statements: int) -> None:
    """Open, register and close, noting what is acknowledged; killed on the way, or not."""
    call, number = point
    for _ in range(killed_at(statements) - number):
        with contextlib.suppress(OSError):
            CALLS[call]()
    acknowledged = os.open(folder / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    log = open_ledger(folder)
    for item in range(1, statements + 1):
        (outcome,) = log.register([statement(item)])
        assert isinstance(outcome, Registered), outcome
        line = [item, outcome.index, log.receipt(outcome.index).hex()]
        os.write(acknowledged, json.dumps(line).encode() + b"\n")
    log.engine.dispose()


def fork_runs() -> None:
    """Fork a run for each line on standard input; say which signal ended it."""
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    make_engine("sqlite:///unused").dispose()  # imports the driver
    os.writev(1, [b"everything is imported\n"])
    while line := os.read(0, 65_536):
        folder, call, number, statements = json.loads(line)
        pid = os.fork()
        if pid == 0:
            run(Path(folder), (call, number), statements)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.writev(1, [f"{status}\n".encode()])


class Killer:
    """A process that forks runs, and the strace that kills them."""

    def __init__(self, statements: int) -> None:
        self._statements = statements
        self._runs = subprocess.Popen(
            [sys.executable, __file__, "--fork-runs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()
        calls = ",".join(CALLS)
        command = ["strace", "-f", "-p", str(self._runs.pid), "-o", os.devnull]
        kill = f"inject={calls}:signal=KILL:when={killed_at(statements)}"
        command += ["-e", f"trace={calls}", "-e", kill]
        try:
            self._strace = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        except FileNotFoundError as error:
            self._end(self._runs)
            msg = "strace is not installed"
            raise StraceError(msg) from error
        said = self._strace.stderr.readline() if self._strace.stderr else ""
        if "attached" not in said:
            self.close()
            msg = f"strace may not attach to a process here: {said.strip()}"
            raise StraceError(msg)

    def _answer(self) -> str:
        assert self._runs.stdout is not None
        return self._runs.stdout.readline()

    def kill(self, folder: Path, point: Point) -> bool:
        """Run until the point; return False if the run ended before it came to it."""
        assert self._runs.stdin is not None
        self._runs.stdin.write(json.dumps([str(folder), *point, self._statements]) + "\n")
        self._runs.stdin.flush()
        status = int(self._answer())
        if status not in (0, -signal.SIGKILL):
            msg = f"{point}: the run ended with {status}"
            raise RuntimeError(msg)
        return status != 0

    @staticmethod
    def _end(process: subprocess.Popen[str]) -> None:
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
        process.wait()

    def close(self) -> None:
        """Let both end."""
        self._end(self._runs)
        self._end(self._strace)


@dataclass(slots=True)
class Figures:
    """What was tried and what was found."""

    points: int = 0
    acknowledged: int = 0
    lost: int = 0
    forks: int = 0
    unanchored: int = 0
    slowest_s: float = 0.0
    unmended: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield what the program prints."""
        yield f"kill points          {self.points}"
        yield f"acknowledged         {self.acknowledged}"
        yield f"acknowledged, lost   {self.lost}"
        yield f"forks                {self.forks}"
        yield f"not anchored         {self.unanchored}"
        yield f"not mended           {len(self.unmended)}"
        yield f"slowest recovery     {self.slowest_s:.3f} s"
        yield from self.unmended

    def faultless(self) -> bool:
        """Return whether everything that was promised holds."""
        return not (self.lost or self.forks or self.unanchored or self.unmended)


def signed_before(folder: Path) -> Iterator[Checkpoint]:
    """Yield every checkpoint signed in a folder so far."""
    lines = (folder / "signed").read_text().splitlines(keepends=True)
    for at in range(0, len(lines), 3):
        yield parse_checkpoint("".join(lines[at : at + 3]))


def look(folder: Path, statements: int, figures: Figures) -> None:
    """Open what a kill left, as the next process would, and hold it against what was promised."""
    signed = {(item.size, item.root) for item in signed_before(folder)}
    noted = folder / "acknowledged"
    lines = noted.read_text().splitlines() if noted.exists() else []
    started = time.perf_counter()
    log = open_ledger(folder)
    figures.slowest_s = max(figures.slowest_s, time.perf_counter() - started)
    figures.acknowledged += len(lines)
    try:
        if log.read_only is not None:
            raise ReadOnlyError(log.read_only)
        with reading(log.engine) as snapshot:
            anchored = log.anchor.read()
            size = require_head(snapshot).size
            figures.unanchored += anchored is None or anchored[0].size < size
        outcomes = log.register([statement(item) for item in range(statements + 1)])
        for item, index, receipt in map(json.loads, lines):
            leaf = parse_statement(statement(item)).leaf
            found = verify_receipt(bytes.fromhex(receipt), leaf, log_public_key(log.vkey), ORIGIN)
            path = root_from_path(
                index=index, size=found.claims.size, leaf=leaf_hash(leaf), path=found.path
            )
            signed.add((found.claims.size, path))
            wanted = Registered(parse_statement(leaf).id, index, new=False)
            figures.lost += outcomes[item] != wanted
        with contextlib.closing(DatabaseReader(f"sqlite:///{folder / 'ledger'}")) as reader:
            verify_ledger(reader, replay=True, workers=1, log_key=log.vkey)
        with reading(log.engine) as snapshot:
            for size, root in signed:
                known = size <= require_head(snapshot).size
                figures.forks += not known or log.publisher.tree(snapshot, size).root() != root
    finally:
        log.engine.dispose()


def try_points(folder: Path, points: Iterable[Point] | None, statements: int) -> Figures:
    """Try kill points, all of them by default, on copies of one ledger.

    Raises:
        StraceError: they cannot be tried here.

    """
    figures, wanted = Figures(), list(points or [])
    prepared, tried = folder / "prepared", folder / "tried"
    prepare(prepared)
    with contextlib.closing(Killer(statements)) as killer:
        for call in CALLS:
            numbers = [n for name, n in wanted if name == call] if wanted else itertools.count(1)
            for number in numbers:
                shutil.rmtree(tried, ignore_errors=True)
                copied(prepared, tried)
                killed = killer.kill(tried, (call, number))
                if not killed and not wanted:
                    break
                figures.points += killed
                try:
                    look(tried, statements, figures)
                except (PinyuanError, AssertionError) as error:
                    figures.unmended.append(f"{call} {number}: {error}")
    return figures


def main() -> int:
    """Try them and print the figures; exit 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statements", type=int, default=2, help="appended in each run")
    parser.add_argument("--only", metavar="CALL:N", action="append", help="try only this point")
    parser.add_argument("--fork-runs", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fork_runs:
        fork_runs()
        return 0
    only = [(call, int(n)) for call, _, n in (item.partition(":") for item in options.only or [])]
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="kill-points-") as folder:
        try:
            figures = try_points(Path(folder), only, options.statements)
        except StraceError as error:
            print(error, file=sys.stderr)
            return 2
    print(*figures.lines(), sep="\n")
    print(f"in                   {time.perf_counter() - started:.0f} s")
    return 0 if figures.faultless() else 1


if __name__ == "__main__":
    sys.exit(main())
