"""Cut the power at any moment of what programs do to their files; see that what is left mends itself.

    python tools/power_loss.py [--states 100000] [--life append] [--seed 0] [--processes 2]

Each life (``tools/crashes``: a ledger made, appended to, published, exported, brought back; a
witness, a replayer, a signer; sensitive values erased) is lived once by the real program under
strace. Its calls are done again on a simulated disk (``crashes/disk.py``): synced bytes are
durable, what was written since is there, not there, half there, or there in another order,
sector by sector, and so for lengths, creations, renamings and removals. After every call that
changes something the power is cut many times over. What may be left then is written down as
files, and opened by the real program: what was acknowledged must be there under its receipt,
everything signed of one log, what was not acknowledged taken once, and nobody has to mend
anything by hand.

A ledger's state is recovered by SQLite and held against every promise directly (``glance``); of
each moment the first states, and one in ``--full``, are opened, appended to and audited with
replay as well. The other lives have one check, which is the full one. A state is counted once
for the same files and the same promises. The database's shared memory is lost with the power.
"""

import argparse
import contextlib
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from crashes.disk import Disk, Files  # noqa: E402
from crashes.life import Life, Place, noting, one_file  # noqa: E402
from crashes.lives import LIVES  # noqa: E402
from crashes.recording import Call, Replay, StraceError, record  # noqa: E402

AT_ONCE = 50  # states of a moment before the next moment's turn
SHOWN = 5  # broken states printed of each life
LOST = ("-shm",)  # shared memory: made anew by whoever opens the database first


@dataclass(frozen=True, slots=True)
class Recorded:
    """A life as it was lived: what was there before, and what the program called."""

    life: str
    before: Path
    given: Path
    lived: Path
    notes: Path
    calls: list[Call]

    def replay(self) -> Replay:
        return Replay(Disk(self.before), self.lived, self.notes)

    def moments(self) -> list[bool]:
        """Return of each moment whether anything can be lost then."""
        replay = self.replay()
        return [replay.disk.pending() > 0 for _ in replay.steps(self.calls)]


@dataclass(slots=True)
class Figures:
    """What was tried and what was found."""

    moments: int = 0
    states: int = 0
    distinct: int = 0
    full: int = 0
    told: int = 0
    broken: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, other: "Figures") -> None:
        self.moments += other.moments
        self.states += other.states
        self.distinct += other.distinct
        self.full += other.full
        self.told = max(self.told, other.told)
        self.broken += other.broken
        self.reasons += other.reasons

    def line(self, name: str) -> str:
        rate = self.states / max(self.seconds, 1e-9)
        return (
            f"{name:9} {self.moments:6} moments {self.states:8} states {self.distinct:8} distinct "
            f"{self.full:7} full {self.told:4} told {self.reasons.total():5} broken {rate:6.0f}/s"
        )


def live(places: Iterable[tuple[Life, Place, Path]], without: str) -> None:
    """Live lives where they can be recorded, by one thread; without something, to see it missed."""
    left_out = patch(without, lambda *_: None) if without else contextlib.nullcontext()
    with one_file(), left_out:
        for life, place, notes in places:
            with noting(notes) as note:
                life.run(place, note)
    assert threading.active_count() == 1, "strace follows one thread"


def _places(folder: Path, lives: Iterable[Life]) -> Iterator[tuple[Life, Place, Path]]:
    for life in lives:
        home = folder / life.name
        yield life, Place(home / "lived", home / "given"), home / "notes"


def recorded(lives: Sequence[Life], folder: Path, without: str = "") -> list[Recorded]:
    """Prepare lives and live them under strace.

    Raises:
        StraceError: it cannot be traced here, or the simulator cannot tell what was done.

    """
    for life, place, _ in _places(folder, lives):
        before = place.folder.with_name("before")
        for path in (before, place.given):
            path.mkdir(parents=True)
        with one_file():
            life.prepare(Place(before, place.given))
        shutil.copytree(before, place.folder)
    names = [life.name for life in lives]
    calls = record([sys.executable, __file__, "--record", str(folder), without, *names], folder)
    found = [
        Recorded(
            life.name, place.folder.with_name("before"), place.given, place.folder, notes, calls
        )
        for life, place, notes in _places(folder, lives)
    ]
    for item in found:
        replay = item.replay()
        for _ in replay.steps(calls):
            pass
        real = {
            path.relative_to(item.lived).as_posix(): None if path.is_dir() else path.read_bytes()
            for path in item.lived.rglob("*")
        }
        if _kept(replay.disk.everything()) != _kept(real):
            raise StraceError(f"{item.life}: the simulated disk is not the real one")
    return found


def _kept(files: Files) -> Files:
    return {name: raw for name, raw in files.items() if not name.endswith(LOST)}


def write_down(files: Files, folder: Path) -> None:
    """Make a directory's files those of a state."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, raw in sorted(files.items()):
        path = folder / name
        if raw is None:
            path.mkdir()
        else:
            path.write_bytes(raw)


def _digest(files: Files, promises: int) -> bytes:
    found = sha256(b"%d" % promises)
    for name, raw in sorted(files.items()):
        found.update(f"{name}\0{-1 if raw is None else len(raw)}\0".encode())
        found.update(raw or b"")
    return found.digest()[:12]


class Cuts:
    """Cuts the power of one recorded life, in one process."""

    def __init__(self, found: Recorded, folder: Path, *, full: int, keep: Path | None) -> None:
        self._found, self._life = found, LIVES[found.life]
        self._place = Place(folder, found.given)
        self._full, self._keep = full, keep
        self._seen: set[bytes] = set()
        self.figures = Figures()

    def cut(self, moment: int, replay: Replay, call: str, numbers: range, seed: int) -> None:
        """Cut the power at a moment, as often as there are numbers."""
        figures, disk = self.figures, replay.disk
        figures.moments += numbers.start == 0
        figures.told = len(replay.noted)
        for number in numbers if disk.pending() else numbers[: numbers.start == 0]:
            dice = random.Random(f"{seed} {self._life.name} {moment} {number}")
            if number < 2:
                files = disk.everything() if number else disk.nothing_more()
            else:
                files = disk.anything(dice)
            files = _kept(files)
            figures.states += 1
            digest = _digest(files, len(replay.noted))
            if digest in self._seen:
                continue
            self._seen.add(digest)
            figures.distinct += 1
            whole = number < 2 or number % self._full == 0
            figures.full += whole
            why = self._broken(files, replay, whole=whole)
            if why is not None:
                self._note(f"moment {moment} ({call}), state {number}: {why}", why, files)

    def _broken(self, files: Files, replay: Replay, *, whole: bool) -> str | None:
        """Return what is broken in a state, None if nothing is."""
        write_down(files, self._place.folder)
        noted = list(replay.noted)
        try:
            if whole:
                self._life.look(self._place, noted)
            else:
                self._life.glance(self._place, noted)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            return f"{type(error).__name__}: {error}"
        return None

    def _note(self, said: str, why: str, files: Files) -> None:
        self.figures.reasons[why[:70].replace(str(self._place.folder), "")] += 1
        if len(self.figures.broken) < SHOWN:
            self.figures.broken.append(said)
            if self._keep is not None:
                write_down(files, self._keep / f"{self._life.name} {self.figures.reasons.total()}")


def cut_share(
    found: Recorded, share: int, of: int, states: int, seed: int, full: int, until: float,
    keep: Path | None,
) -> Figures:  # fmt: skip
    """Cut the power at one share of a life's moments, some times at each in turn, until a time."""
    with one_file(), tempfile.TemporaryDirectory(prefix="power-loss-") as folder:
        cuts = Cuts(found, Path(folder) / "left", full=full, keep=keep)
        last = len(found.moments()) - 1
        for first in range(0, states, AT_ONCE):
            replay = found.replay()
            for moment, call in enumerate(replay.steps(found.calls)):
                if first and time.monotonic() > until:
                    return cuts.figures
                if (last - moment) % of == share:
                    numbers = range(first, min(first + AT_ONCE, states))
                    cuts.cut(moment, replay, call, numbers, seed)
        return cuts.figures


def cut_power(
    found: Recorded, *, states: int, seed: int = 0, processes: int = 1, full: int = 20,
    every: int = 1, seconds: float = 1e9, keep: Path | None = None,
) -> Figures:  # fmt: skip
    """Cut the power of a recorded life so many times; of its moments at one in ``every``."""
    figures, began = Figures(), time.perf_counter()
    each = max(3, -(-states * every // max(1, sum(found.moments()))))
    of, until = processes * every, time.monotonic() + seconds
    if processes == 1:
        figures.add(cut_share(found, 0, of, each, seed, full, until, keep))
    else:
        with ProcessPoolExecutor(processes) as pool:
            jobs = [
                pool.submit(cut_share, found, share, of, each, seed, full, until, keep)
                for share in range(processes)
            ]
            for job in jobs:
                figures.add(job.result())
    figures.seconds = time.perf_counter() - began
    return figures


def _run(names: Iterable[str], options: argparse.Namespace) -> Figures:
    total = Figures()
    with tempfile.TemporaryDirectory(prefix="power-loss-") as folder:
        lived = recorded([LIVES[name] for name in names], Path(folder))
        moments = {found.life: sum(found.moments()) for found in lived}
        for found in lived:
            figures = cut_power(
                found, states=options.states * moments[found.life] // sum(moments.values()),
                seed=options.seed, processes=options.processes, full=options.full, keep=options.keep,
            )  # fmt: skip
            print(figures.line(found.life), flush=True)
            for why, count in figures.reasons.most_common(SHOWN):
                print(f"    {count:6} {why}")
            for said in figures.broken[:SHOWN]:
                print(f"    {said[:400]}", flush=True)
            total.add(figures)
            total.seconds += figures.seconds
    return total


def main() -> int:
    """Cut the power and print the figures; exit 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--states", type=int, default=10_000, help="of all lives together")
    parser.add_argument("--life", action="append", choices=LIVES, help="only these")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--minutes", type=float, default=1e9, help="stop then, of each life a share done"
    )
    parser.add_argument("--full", type=int, default=20, help="one in so many is audited as well")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="write the first broken states there")
    parser.add_argument("--record", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.record:
        folder, without, *names = options.record
        live(_places(Path(folder), [LIVES[name] for name in names]), without)
        return 0
    try:
        total = _run(options.life or LIVES, options)
    except StraceError as error:
        print(error, file=sys.stderr)
        return 2
    print(total.line("together"))
    return 1 if total.reasons else 0


if __name__ == "__main__":
    sys.exit(main())
