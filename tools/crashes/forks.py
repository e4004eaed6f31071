"""Lives in forks of one process, and the strace that kills each at a call, or makes the call fail.

One process imports everything, is attached to once, and forks for each run: strace does its
harm to a fork at its N-th call of a kind, and a fork makes N - n calls that change nothing
before it begins. strace must be installed, and allowed to attach to a process.
"""

import contextlib
import ctypes
import fcntl
import importlib
import json
import mmap
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from crashes.databases import Databases
from crashes.ledger_lives import VKEY
from crashes.life import BrokenError, Life, Place, noting, one_file
from crashes.lives import LIVES
from crashes.recording import StraceError
from ledger.errors import PinyuanError
from ledger.files.anchor import Anchor
from ledger.store.engine import make_engine

NO_FILE = 1 << 20  # a descriptor nobody has
PR_SET_PTRACER = 0x59616D61
SPARE = 20  # a life may make some calls more in another turn
LATE = (
    "ledger.cli.ledger_group",
    "ledger.cli.keep_group",
    "alembic.command",
    "alembic.autogenerate",
)
"""Modules that a run would import else: that leaves no trace."""
LIBC = ctypes.CDLL(None)
CALLS: dict[str, Callable[[], object]] = {
    "openat": lambda: os.open("", os.O_RDONLY),
    "pwrite64": lambda: os.pwrite(NO_FILE, b"", 0),
    "write": lambda: os.write(NO_FILE, b""),
    "fsync": lambda: os.fsync(NO_FILE),
    "fdatasync": lambda: os.fdatasync(NO_FILE),
    "ftruncate": lambda: os.ftruncate(NO_FILE, 0),
    "mkdir": lambda: LIBC.mkdir(b"", 0),
    "rename": lambda: LIBC.rename(b"", b""),
    "unlink": lambda: LIBC.unlink(b""),
    "fcntl": lambda: fcntl.fcntl(NO_FILE, fcntl.F_GETFD),
    "flock": lambda: fcntl.flock(NO_FILE, fcntl.LOCK_UN),
    "mmap": lambda: mmap.mmap(-1, mmap.PAGESIZE),
    "close": lambda: os.close(NO_FILE),
    "connect": lambda: LIBC.connect(-1, None, 0),
    "sendto": lambda: LIBC.send(-1, b"", 0, 0),
    "recvfrom": lambda: LIBC.recv(-1, b"", 0, 0),
}
"""The kinds of call a run makes, and for each one that changes nothing."""

REFUSED, FAILED = 3, 1  # with a sentence; otherwise
Point = tuple[str, int]


def live(life: Life, place: Place, point: Point, limit: int) -> None:
    """Live a life, killed on the way or not."""
    call, number = point
    with noting(place.folder.with_name("noted")) as note:
        for _ in range(limit - number):
            with contextlib.suppress(OSError):
                CALLS[call]()
        life.run(place, note)


def fork_runs() -> None:
    """Fork a run for each line on standard input; say which signal ended it."""
    LIBC.prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    for url in ("sqlite:///unused", "postgresql:///unused"):
        make_engine(url).dispose()  # imports the driver
    for module in LATE:
        importlib.import_module(module)
    os.writev(1, [b"everything is imported\n"])
    while line := os.read(0, 65_536):
        name, folder, given, url, turn, call, number, limit = json.loads(line)
        pid = os.fork()
        if pid == 0:
            place = Place(Path(folder), Path(given), url, turn)
            refusal = os.open(place.folder.with_name("refusal"), os.O_WRONLY | os.O_CREAT)
            try:
                live(LIVES[name], place, (call, number), limit)
            except BaseException as error:  # noqa: BLE001 - it is said, and may be a finding
                said = f"{type(error).__name__}: {error}"
                os.writev(refusal, [said.encode()])
                os._exit(REFUSED if isinstance(error, PinyuanError | BrokenError) else FAILED)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.writev(1, [f"{status}\n".encode()])


class Killer:
    """A process that forks runs of a life, and the strace that counts their calls, or kills them."""

    def __init__(
        self, *, limit: int = 0, harm: str = "signal=KILL", to: Sequence[str] = tuple(CALLS),
        trace: Path | None = None, options: Sequence[str] = (), simulated: bool = False,
    ) -> None:  # fmt: skip
        """Begin: with a limit harm is done at that call of these kinds; calls go into a file, if given.

        ``harm`` ends in ``+`` where each later call of the kind is harmed too.
        """
        self._limit = limit
        self._runs = subprocess.Popen(
            [sys.executable, __file__, *(["--one-file"] if simulated else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()
        command = ["strace", "-f", "-p", str(self._runs.pid), "-o", str(trace or os.devnull)]
        command += options or ["-e", f"trace={','.join(CALLS)}"]
        if limit:
            more = "+" if harm.endswith("+") else ""
            command += ["-e", f"inject={','.join(to)}:{harm.rstrip('+')}:when={limit}{more}"]
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

    def kill(self, life: Life, place: Place, point: Point) -> bool:
        """Live until the point; return False if the run ended before it came to it."""
        status = self.harm(life, place, point)
        if status not in (0, -signal.SIGKILL):
            said = place.folder.with_name("refusal").read_text()
            raise BrokenError(f"{point}: the run ended with {status}: {said}")
        return status != 0

    def harm(self, life: Life, place: Place, point: Point) -> int:
        """Live with a harm done at the point; return how the run ended."""
        assert self._runs.stdin is not None
        words = [life.name, str(place.folder), str(place.given), place.url, place.turn, *point]
        self._runs.stdin.write(json.dumps([*words, self._limit]) + "\n")
        self._runs.stdin.flush()
        return int(self._answer())

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


class Homes:
    """Places where a life begins: each a copy of one that was prepared, where a turn left off or anew."""

    def __init__(self, life: Life, folder: Path, server: str | None) -> None:
        self._life, self._folder = life, folder
        self._databases = None if server is None else Databases(server)
        self._url = None if self._databases is None else self._databases.new()
        prepared, given = folder / "prepared", folder / "given"
        for path in (prepared, given):
            path.mkdir(parents=True)
        life.prepare(Place(prepared, given, self._url))
        self._place: Place | None = None

    def next(self) -> Place:
        """Return the place of the next turn."""
        place = self._place
        if place is not None and place.turn + 1 < self._life.turns:
            self._place = Place(place.folder, place.given, place.url, place.turn + 1)
            return self._place
        self.close()
        home = self._folder / "tried"
        shutil.copytree(self._folder / "prepared", home)
        if (home / "anchor").exists():  # the copy is the one that goes on
            Anchor(home / "anchor", VKEY).settle(again=True)
        url = None if self._databases is None else self._databases.new(self._url)
        self._place = Place(home, self._folder / "given", url)
        self._life.arrive(self._place)
        return self._place

    def close(self) -> None:
        if self._place is None:
            return
        shutil.rmtree(self._place.folder)
        for name in ("noted", "refusal"):
            self._place.folder.with_name(name).unlink(missing_ok=True)
        if self._databases is not None and self._place.url is not None:
            self._databases.drop(self._place.url)
        self._place = None

    def anew(self) -> None:
        """Let the next turn begin anew."""
        self.close()


def counted(life: Life, homes: Homes, folder: Path, *, simulated: bool = False) -> dict[str, int]:
    """Return how many calls of each kind a run makes.

    Raises:
        StraceError: they cannot be counted here.

    """
    found: Counter[tuple[str, str]] = Counter()
    with contextlib.closing(Killer(trace=folder / "calls", simulated=simulated)) as killer:
        killer.kill(life, homes.next(), ("write", 0))
    homes.anew()
    for line in (folder / "calls").read_text(errors="replace").splitlines():
        match = re.match(r"(\d+) +(\w+)\(", line)
        if match:
            found[match[1], match[2]] += 1
    run = max(
        (pid for pid, _ in found), key=lambda pid: sum(n for (p, _), n in found.items() if p == pid)
    )
    return {call: found[run, call] for call in CALLS if found[run, call]}


if __name__ == "__main__":
    with one_file() if "--one-file" in sys.argv else contextlib.nullcontext():
        fork_runs()
