"""Kill a process at every system call that leaves a trace; look at what is left.

    python tools/kill_points.py [--life append --life witness] [--postgres [URL]] [--points 100000]

Each life (``tools/crashes``: a ledger made, appended to, published, exported, brought back; a
witness, a replayer, a signer; sensitive values erased) is lived by a process that is killed
(SIGKILL, by strace) on entering its first ``pwrite64``, its second, and so on for each call in
CALLS: between two of these nothing changes that outlives a process, neither in a file nor, with
``--postgres``, at a server. After each kill the next process must find what was promised, go on
by itself, and take what was not acknowledged exactly once; a ledger must pass verification with
replay, under the receipts that were given, and extend every checkpoint that was ever signed.
Where a life goes on (another statement, a larger checkpoint) the next is killed in what this one
left, for some turns; then it begins anew. When all points were tried they are tried again, so
that each is met in other turns, until there are ``--points`` of them.

One process imports everything, is attached to once, and forks for each kill point: strace
kills a fork at its N-th call of a kind, and a fork makes N - n calls that change nothing
before it begins. strace must be installed, and allowed to attach to a process.
"""

import argparse
import contextlib
import ctypes
import fcntl
import importlib
import itertools
import json
import mmap
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from crashes.databases import Databases  # noqa: E402
from crashes.ledger_lives import VKEY  # noqa: E402
from crashes.life import Life, Place, noting, read_noted  # noqa: E402
from crashes.lives import LIVES  # noqa: E402
from crashes.recording import StraceError  # noqa: E402

from ledger.files.anchor import Anchor  # noqa: E402
from ledger.store.engine import make_engine  # noqa: E402

NO_FILE = 1 << 20  # a descriptor nobody has
PR_SET_PTRACER = 0x59616D61
SPARE = 20  # a life may make some calls more in another turn
SHOWN = 5
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

Point = tuple[str, int]


def live(life: Life, place: Place, point: Point, limit: int) -> None:
    """Live a life, killed on the way or not."""
    call, number = point
    for _ in range(limit - number):
        with contextlib.suppress(OSError):
            CALLS[call]()
    with noting(place.folder.with_name("noted")) as note:
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
            try:
                live(LIVES[name], place, (call, number), limit)
            except BaseException as error:  # noqa: BLE001 - it is said, and is a finding
                os.writev(2, [f"{type(error).__name__}: {error}\n".encode()])
                os._exit(1)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.writev(1, [f"{status}\n".encode()])


class Killer:
    """A process that forks runs of a life, and the strace that counts their calls, or kills them."""

    def __init__(self, *, limit: int = 0, trace: Path | None = None) -> None:
        """Begin: with a limit runs are killed at that call of a kind, else calls go into a file."""
        self._limit = limit
        self._runs = subprocess.Popen(
            [sys.executable, __file__, "--fork-runs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()
        calls = ",".join(CALLS)
        command = ["strace", "-f", "-p", str(self._runs.pid), "-o", str(trace or os.devnull)]
        command += ["-e", f"trace={calls}"]
        if limit:
            command += ["-e", f"inject={calls}:signal=KILL:when={limit}"]
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
        assert self._runs.stdin is not None
        words = [life.name, str(place.folder), str(place.given), place.url, place.turn, *point]
        self._runs.stdin.write(json.dumps([*words, self._limit]) + "\n")
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
    each: int = 0
    """Points there are in one run."""
    promised: int = 0
    slowest_s: float = 0.0
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)

    def add(self, other: "Figures") -> None:
        self.points += other.points
        self.each += other.each
        self.promised += other.promised
        self.slowest_s = max(self.slowest_s, other.slowest_s)
        self.seconds += other.seconds
        self.broken += other.broken

    def line(self, name: str) -> str:
        return (
            f"{name:20} {self.points:6} kill points of {self.each:4} {self.promised:6} promises, "
            f"{len(self.broken)} broken, mended and checked in {self.slowest_s:.3f} s at most, "
            f"{self.points / max(self.seconds, 1e-9):.1f}/s"
        )


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
        self._place.folder.with_name("noted").unlink(missing_ok=True)
        if self._databases is not None and self._place.url is not None:
            self._databases.drop(self._place.url)
        self._place = None

    def anew(self) -> None:
        """Let the next turn begin anew."""
        self.close()


def counted(life: Life, homes: Homes, folder: Path) -> dict[str, int]:
    """Return how many calls of each kind a run makes.

    Raises:
        StraceError: they cannot be counted here.

    """
    found: Counter[tuple[str, str]] = Counter()
    with contextlib.closing(Killer(trace=folder / "calls")) as killer:
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


def look(life: Life, place: Place, figures: Figures) -> None:
    """Hold what a kill left against what was promised, as the next process finds it."""
    noted = read_noted(place.folder.with_name("noted"))
    figures.promised += sum(item[0] == life.acknowledging for item in noted)
    began = time.perf_counter()
    life.look(place, noted)
    figures.slowest_s = max(figures.slowest_s, time.perf_counter() - began)


def try_points(
    life: Life, homes: Homes, killer: Killer, points: Iterable[Point], until: float = 1e18
) -> Figures:
    """Try kill points."""
    figures, began = Figures(), time.perf_counter()
    for point in points:
        if time.monotonic() > until:
            break
        place = homes.next()
        figures.points += killer.kill(life, place, point)
        try:
            look(life, place, figures)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            figures.broken.append(f"{point[0]}:{point[1]} {type(error).__name__}: {error}")
            homes.anew()
    figures.seconds = time.perf_counter() - began
    return figures


def _tried(
    name: str,
    server: str | None,
    points: list[Point],
    most: int,
    until: float,
    share: tuple[int, int],
) -> Figures:
    """Try the points given, or a share of all: each once, or so many."""
    life, (part, parts) = LIVES[name], share
    with tempfile.TemporaryDirectory(prefix="kill-points-") as home:
        folder = Path(home)
        with contextlib.closing(Homes(life, folder, server)) as homes:
            calls = counted(life, homes, folder)
            every = [(call, n + 1) for call, count in calls.items() for n in range(count)]
            mine = points or every[part::parts]
            limit = max([*calls.values(), *(n for _, n in points)]) + SPARE
            with contextlib.closing(Killer(limit=limit)) as killer:
                order = itertools.islice(itertools.cycle(mine), most or len(mine))
                figures = try_points(life, homes, killer, order, until)
    figures.each = len(every)
    return figures


def _jobs(options: argparse.Namespace, server: str | None) -> Iterator[tuple[str, str | None]]:
    for name in options.life or LIVES:
        if not server or options.sqlite_too:
            yield name, None
        if server and LIVES[name].with_database:
            yield name, server


def _run(options: argparse.Namespace, server: str | None) -> Figures:
    only = [(call, int(n)) for call, _, n in (item.partition(":") for item in options.only or [])]
    jobs, total, parts = list(_jobs(options, server)), Figures(), options.processes
    most = -(-options.points // (len(jobs) * parts)) if options.points else 0
    minutes = options.minutes / len(jobs)
    with ProcessPoolExecutor(parts) as pool:
        for name, where in jobs:
            until = time.monotonic() + 60 * minutes
            shares = [(part, parts) for part in range(1 if only else parts)]
            found = [pool.submit(_tried, name, where, only, most, until, share) for share in shares]
            figures = Figures()
            for job in found:
                figures.add(job.result())
            figures.each //= len(shares)
            figures.seconds /= len(shares)
            print(figures.line(f"{name} {'postgresql' if where else ''}"), flush=True)
            for said in figures.broken[:SHOWN]:
                print(f"    {said[:400]}", flush=True)
            total.add(figures)
    return total


def main() -> int:
    """Try them and print the figures; exit 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--life", action="append", choices=LIVES, help="only these")
    parser.add_argument(
        "--postgres", nargs="?", const="", help="a server's URL, else one from PyPI"
    )
    parser.add_argument("--sqlite-too", action="store_true", help="with --postgres: both")
    parser.add_argument(
        "--points", type=int, default=0, help="together; each point once by default"
    )
    parser.add_argument(
        "--minutes", type=float, default=1e9, help="stop then, each life in its share"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", metavar="CALL:N", action="append", help="try only this point")
    parser.add_argument("--fork-runs", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fork_runs:
        fork_runs()
        return 0
    try:
        with contextlib.ExitStack() as stack:
            server = None
            if options.postgres is not None:
                from bench_common import postgres

                server = stack.enter_context(postgres(options.postgres or None))
            total = _run(options, server)
    except StraceError as error:
        print(error, file=sys.stderr)
        return 2
    print(total.line("together"))
    return 1 if total.broken else 0


if __name__ == "__main__":
    sys.exit(main())
