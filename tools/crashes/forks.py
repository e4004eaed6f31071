"""Lives in forks of one process: each killed at a call, or made to see a call fail.

One process imports everything and forks for each run. A run that is to be killed is traced by the
process that forked it (``crashes/tracing.py``). Calls fail by strace, which is attached once: it
does its harm to a fork at its N-th call of a kind, and a fork makes N - n calls that change
nothing before it begins. strace must be installed then, and allowed to attach to a process.
"""

import contextlib
import ctypes
import fcntl
import gc
import importlib
import json
import mmap
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from crashes.databases import Databases
from crashes.ledger import VKEY
from crashes.life import BrokenError, Life, Place, noting, one_file
from crashes.lives import LIVES
from crashes.recording import StraceError
from crashes.tracing import KINDS, LIBC, be_traced, follow, numbers
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
"""For each kind of call one that changes nothing."""

ON, KILL = b"on\n", b"kill\n"  # what is said to a run that stands at a call
REFUSED, FAILED = 3, 1  # with a sentence; otherwise
Point = tuple[str, int]


def live(life: Life, place: Place, point: Point, limit: int) -> None:
    """Live a life; of the point's kind make calls that change nothing up to a limit first."""
    call, number = point
    with noting(place.folder.with_name("noted")) as note:
        for _ in range(limit - number):
            with contextlib.suppress(OSError):
                CALLS[call]()
        life.run(place, note)


def ask(kind: str) -> bool:
    """Say which call a run is about to make; return whether it is killed before it."""
    os.writev(1, [json.dumps(kind).encode() + b"\n"])
    return os.read(0, 16) == KILL


def fork_runs() -> None:
    """Fork a run for each line on standard input; say how it ended, and which calls were counted."""
    LIBC.prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    for url in ("sqlite:///unused", "postgresql:///unused"):
        make_engine(url).dispose()  # imports the driver
    for module in LATE:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # what a fork does not touch is not copied for it
    os.writev(1, [b"everything is imported\n"])
    while line := os.read(0, 65_536):
        name, folder, given, url, turn, call, number, limit, kinds, walked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            place = Place(Path(folder), Path(given), url, turn)
            refusal = os.open(place.folder.with_name("refusal"), os.O_WRONLY | os.O_CREAT)
            try:
                if kinds:
                    be_traced(kinds)
                live(LIVES[name], place, (call, number), limit)
            except BaseException as error:  # noqa: BLE001 - it is said, and may be a finding
                said = f"{type(error).__name__}: {error}"
                os.writev(refusal, [said.encode()])
                os._exit(REFUSED if isinstance(error, PinyuanError | BrokenError) else FAILED)
            os._exit(0)
        if kinds:
            answer = follow(pid, number, ask if walked else lambda _: False)
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), Counter()
        os.writev(1, [json.dumps(answer).encode() + b"\n"])


class Killer:
    """A process that forks runs of a life, counts their calls, and kills them at one."""

    def __init__(self, *, simulated: bool = False) -> None:
        """Begin: ``simulated`` where what a run leaves is written down again as other files.

        Raises:
            TracingError: nothing can be traced on this machine.

        """
        numbers()
        self._runs = subprocess.Popen(
            [sys.executable, __file__, *(["--one-file"] if simulated else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def _answer(self) -> str:
        assert self._runs.stdout is not None
        return self._runs.stdout.readline()

    def _say(self, line: str) -> None:
        assert self._runs.stdin is not None
        self._runs.stdin.write(line)
        self._runs.stdin.flush()

    def _begin(
        self, life: Life, place: Place, point: Point, limit: int, kinds: Sequence[str], walked: bool
    ) -> None:
        words = [life.name, str(place.folder), str(place.given), place.url, place.turn, *point]
        self._say(json.dumps([*words, limit, kinds, walked]) + "\n")

    def _run(
        self, life: Life, place: Place, point: Point, *, limit: int = 0, kinds: Sequence[str] = ()
    ) -> tuple[int, dict[str, int]]:
        self._begin(life, place, point, limit, kinds, walked=False)
        status, entered = json.loads(self._answer())
        return status, entered

    @staticmethod
    def _ended(status: int, place: Place, at: str) -> bool:
        """Return whether a run was killed."""
        if status not in (0, -signal.SIGKILL):
            said = place.folder.with_name("refusal").read_text()
            raise BrokenError(f"{at}: the run ended with {status}: {said}")
        return status != 0

    def kill(self, life: Life, place: Place, point: Point) -> bool:
        """Live until the point; return False if the run ended before it came to it."""
        status, _ = self._run(life, place, point, limit=point[1], kinds=[point[0]])
        return self._ended(status, place, f"{point[0]}:{point[1]}")

    def walk(self, life: Life, place: Place, killed_at: int = 0) -> Iterator[str]:
        """Live and stand at each call; killed at one, at least where whoever looks ends.

        What is in the files while it stands there is what a kill leaves there.
        """
        self._begin(life, place, ("write", 0), 0, KINDS, walked=True)
        number, ending = 0, False
        while isinstance(answer := json.loads(self._answer()), str):
            number += 1
            try:
                if not ending:
                    yield answer
            except GeneratorExit:
                ending = True
            ending = ending or number == killed_at
            self._say((KILL if ending else ON).decode())
        self._ended(answer[0], place, f"call {number}")

    def counted(self, life: Life, place: Place) -> dict[str, int]:
        """Live to the end; return how many calls of each kind a run makes.

        Raises:
            BrokenError: it did not come to its end, or nothing can be traced here.

        """
        status, entered = self._run(life, place, ("write", 0), kinds=KINDS)
        if status:
            said = place.folder.with_name("refusal").read_text()
            raise BrokenError(f"the run ended with {status}: {said}")
        return {kind: entered[kind] for kind in KINDS if kind in entered}

    def close(self) -> None:
        """Let it end."""
        _end(self._runs)


class Harmer(Killer):
    """Runs of a life, and the strace that lets their calls fail and writes them down."""

    def __init__(
        self, *, limit: int, harm: str, to: Sequence[str], trace: Path, options: Sequence[str]
    ) -> None:
        """Begin: harm is done at the N-th call of each of these kinds, if ``limit`` is N.

        ``harm`` ends in ``+`` where each later call of the kind is harmed too.
        """
        super().__init__(simulated=True)
        self._limit = limit
        more = "+" if harm.endswith("+") else ""
        command = ["strace", "-f", "-p", str(self._runs.pid), "-o", str(trace), *options]
        command += ["-e", f"inject={','.join(to)}:{harm.rstrip('+')}:when={limit}{more}"]
        try:
            self._strace = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        except FileNotFoundError as error:
            super().close()
            msg = "strace is not installed"
            raise StraceError(msg) from error
        said = self._strace.stderr.readline() if self._strace.stderr else ""
        # It says of each fork that it is attached: unread, that fills a pipe, and all stand still.
        self._reading = threading.Thread(target=deque, args=(self._strace.stderr, 0), daemon=True)
        self._reading.start()
        if "attached" not in said:
            self.close()
            msg = f"strace may not attach to a process here: {said.strip()}"
            raise StraceError(msg)

    def harm(self, life: Life, place: Place, point: Point) -> int:
        """Live with a harm done at the point; return how the run ended."""
        return self._run(life, place, point, limit=self._limit)[0]

    def close(self) -> None:
        """Let both end."""
        super().close()
        self._reading.join()
        _end(self._strace)


def _end(process: subprocess.Popen[str]) -> None:
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    process.wait()


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


if __name__ == "__main__":
    with one_file() if "--one-file" in sys.argv else contextlib.nullcontext():
        fork_runs()
