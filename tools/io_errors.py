"""Make each call of what programs do to their files fail; see that nothing is promised in vain.

    python tools/io_errors.py [--life append] [--minutes 10]

Each life (``tools/crashes``) is lived by a process whose first flush fails (EIO, by strace), its
second, and so on; whose writes, renamings and new directories find the disk full (ENOSPC), once
or from then on; which may open no more files (EMFILE). It must go on, or refuse with a sentence of
ours; what the next process finds must be as promised, and it goes on by itself.

What a flush that failed did not write down is not there for good: the system drops it, though
every process reads it until the power is cut, and a second flush says nothing. So behind a
failed flush the power is cut as well (``crashes/disk.py``), at each promise made since. And the
process is killed at the failed flush, another one goes on behind it, and then the power is cut:
it must not build on what it could read and the disk never got.
"""

import argparse
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from crashes.disk import Disk, Files  # noqa: E402
from crashes.forks import FAILED, SPARE, Harmer, Homes, Killer  # noqa: E402
from crashes.life import BrokenError, Life, Place, one_file, read_noted  # noqa: E402
from crashes.lives import LIVES  # noqa: E402
from crashes.recording import WRITTEN, Replay, StraceError, parse  # noqa: E402
from crashes.states import kept, write_down  # noqa: E402
from crashes.tracing import TracingError  # noqa: E402

FLUSHES, WRITES, NAMES = ("fsync", "fdatasync"), ("pwrite64", "write"), ("rename", "mkdir")
HARMS: dict[str, tuple[tuple[str, ...], str]] = {
    "a flush fails": (FLUSHES, "error=EIO"),
    "a flush fails, killed": (FLUSHES, "error=EIO:signal=KILL"),
    "a write fails": (WRITES, "error=EIO"),
    "the disk is full once": ((*WRITES, *NAMES), "error=ENOSPC"),
    "the disk is full": (WRITES, "error=ENOSPC+"),
    "no more files": (("openat",), "error=EMFILE"),
}
CUTS = 3  # of the power, at each promise behind a flush that failed
SHOWN = 5


@dataclass(slots=True)
class Figures:
    """What was tried and what was found."""

    points: int = 0
    refused: int = 0
    killed: int = 0
    went_on: int = 0
    cuts: int = 0
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: "Figures") -> None:
        self.points += other.points
        self.refused += other.refused
        self.killed += other.killed
        self.went_on += other.went_on
        self.cuts += other.cuts
        self.broken += other.broken
        self.seconds += other.seconds

    def line(self, name: str) -> str:
        return (
            f"{name:32} {self.points:5} points: {self.refused:5} refused {self.went_on:5} went on "
            f"{self.killed:5} killed {self.cuts:6} power cuts {len(self.broken):4} broken "
            f"{self.points / max(self.seconds, 1e-9):5.1f}/s"
        )


class Trace:
    """The file that strace writes, read as far as it is new."""

    def __init__(self, path: Path) -> None:
        self.path, self._at = path, 0

    def new(self) -> list[str]:
        with self.path.open() as file:
            file.seek(self._at)
            lines = file.readlines()
            self._at = file.tell()
        return lines


def _left(replay: Replay) -> Iterator[Files]:
    """Yield some of what the power may leave, the least of it first."""
    yield replay.disk.nothing_more()
    for seed in range(CUTS - 1):
        yield replay.disk.anything(random.Random(seed))


def cut(
    life: Life, place: Place, before: Disk, lines: Iterable[str], figures: Figures
) -> str | None:
    """Do what was recorded again; behind a failed flush cut the power at each promise, and at the end.

    Return what is broken, None if nothing is.
    """
    replay = Replay(before, place.folder, place.folder.with_name("noted"))
    promises = 0
    for _ in replay.steps(parse(lines)):
        if replay.failed and len(replay.noted) > promises:
            promises = len(replay.noted)
            if (said := _cut_now(life, place, replay, figures)) is not None:
                return f"power cut at promise {promises}: {said}"
    said = _cut_now(life, place, replay, figures)
    return None if said is None else f"power cut in the end: {said}"


def _cut_now(life: Life, place: Place, replay: Replay, figures: Figures) -> str | None:
    folder = place.folder.with_name("left")
    for files in _left(replay):
        write_down(kept(files), folder)
        figures.cuts += 1
        try:
            life.look(Place(folder, place.given, None, place.turn), list(replay.noted))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            return f"{type(error).__name__}: {error}"
    return None


def _try(
    life: Life, homes: Homes, harmer: Harmer, trace: Trace, call: str, number: int, figures: Figures,
    *, flush: bool, killed: bool,
) -> str | None:  # fmt: skip
    """Live with one harm done; return what is broken, None if nothing is."""
    homes.anew()
    place = homes.next()
    before, lines = Disk(place.folder), []
    trace.new()
    status = harmer.harm(life, place, (call, number))
    lines += trace.new()
    figures.points += 1
    figures.went_on += status == 0
    figures.killed += status < 0
    figures.refused += status > 0
    if status == FAILED:
        return f"no sentence: {place.folder.with_name('refusal').read_text()}"
    if killed and life.turns > 1:
        place = homes.next()
        if harmer.harm(life, place, ("write", 0)):
            return f"the next process: {place.folder.with_name('refusal').read_text()}"
        lines += trace.new()
    noted = read_noted(place.folder.with_name("noted"))
    if flush and (said := cut(life, place, before, lines, figures)) is not None:
        return said
    try:
        life.look(place, noted)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        return f"{type(error).__name__}: {error}"
    return None


def try_harm(
    killer: Killer, life: Life, folder: Path, harm: str, *, every: int = 1, until: float = 1e18
) -> Figures:
    """Do one kind of harm at each call of a life, which a killer counts, or at one in ``every``.

    Raises:
        StraceError: it cannot be done here.

    """
    figures, began = Figures(), time.perf_counter()
    kinds, how = HARMS[harm]
    with one_file(), contextlib.closing(Homes(life, folder, None)) as homes:
        found = killer.counted(life, homes.next())
        calls = {call: n for call, n in found.items() if call in kinds}
        trace = Trace(folder / "trace")
        limit = max(calls.values(), default=0) + SPARE
        seen = WRITTEN if kinds == FLUSHES else ("-e", f"trace={','.join(kinds)}")
        harmer = Harmer(limit=limit, harm=how, to=kinds, trace=trace.path, options=seen)
        with contextlib.closing(harmer):
            points = [(call, n + 1) for call, count in calls.items() for n in range(count)]
            for call, number in points[::every]:
                if time.monotonic() > until:
                    break
                why = _try(
                    life, homes, harmer, trace, call, number, figures,
                    flush=kinds == FLUSHES, killed="KILL" in how,
                )  # fmt: skip
                if why is not None:
                    figures.broken.append(f"{call}:{number} {why}")
    figures.seconds = time.perf_counter() - began
    return figures


def _run(killer: Killer, jobs: list[tuple[str, str]], options: argparse.Namespace) -> Figures:
    total = Figures()
    for name, harm in jobs:
        until = time.monotonic() + 60 * options.minutes / len(jobs)
        with tempfile.TemporaryDirectory(prefix="io-errors-") as folder:
            figures = try_harm(
                killer, LIVES[name], Path(folder), harm, every=options.every, until=until
            )
        print(figures.line(f"{name}: {harm}"), flush=True)
        for said in figures.broken[:SHOWN]:
            print(f"    {said[:400]}", flush=True)
        total.add(figures)
    return total


def main() -> int:
    """Do all harm and print the figures; exit 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--life", action="append", choices=LIVES, help="only these")
    parser.add_argument("--harm", action="append", choices=HARMS, help="only these")
    parser.add_argument("--every", type=int, default=1, help="only one call in so many")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop then, each in its share")
    options = parser.parse_args()
    jobs = [(name, harm) for name in options.life or LIVES for harm in options.harm or HARMS]
    try:
        with contextlib.closing(Killer(simulated=True)) as killer:
            total = _run(killer, jobs, options)
    except (StraceError, TracingError, BrokenError) as error:
        print(error, file=sys.stderr)
        return 2
    print(total.line("together"))
    return 1 if total.broken else 0


if __name__ == "__main__":
    sys.exit(main())
