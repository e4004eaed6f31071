"""Cut the power at any moment of what programs do to their files; see that what is left mends itself.

    python tools/power_loss.py [--states 100000] [--life append] [--seed 0] [--processes 2]

Each life (``tools/crashes``: a ledger made, appended to, published, exported, brought back; a
witness, a replayer, a signer; sensitive values erased) is lived by the real program under
strace, and where it goes on lived again in what it left. Its calls are done again on a simulated
disk (``crashes/disk.py``): synced bytes are durable, what was written since is there, not there,
half there, or there in another order, sector by sector, and so for lengths, creations, renamings
and removals. After every call that changes something the power is cut many times over. What may
be left then is written down as files, and opened by the real program: what was acknowledged must
be there under its receipt, everything signed of one log, what was not acknowledged taken once,
and nobody has to mend anything by hand.

A ledger's state is recovered by SQLite and held against every promise directly (``glance``); of
each moment the first states, and one in ``--full``, are opened, appended to and audited with
replay as well. The other lives have one check, which is the full one, and a smaller share of the
states. A state is drawn, and counts, once: the same files under the same promises are not opened
again, and a moment at which nothing new is drawn any more is left. The database's shared memory
is lost with the power.
"""

import argparse
import contextlib
import itertools
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
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from crashes.disk import Disk, Files  # noqa: E402
from crashes.life import Life, Place, noting, one_file  # noqa: E402
from crashes.lives import LIVES  # noqa: E402
from crashes.recording import Call, Replay, StraceError, record  # noqa: E402
from crashes.states import Digests, broken, kept, read_files, write_down  # noqa: E402

AT_ONCE = 50  # draws at a moment before the next moment's turn
CHEAPER = 5  # so much larger is the share of a life whose check is a glance
TURNS = 12
SHOWN = 5  # broken states printed of each life
TURN = "turn"  # noted where a life is lived again


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

    def moments(self) -> int:
        """Return how many there are."""
        return sum(1 for _ in self.replay().steps(self.calls))

    def weight(self) -> int:
        """Return how much of all states this life is to have."""
        glances = type(LIVES[self.life]).glance is not Life.glance
        return self.moments() * (CHEAPER if glances else 1)


@dataclass(slots=True)
class Figures:
    """What was tried and what was found."""

    moments: int = 0
    drawn: int = 0
    seen: set[bytes] = field(default_factory=set)
    """The states held against their promises, each once, by life, files and promises."""
    full: int = 0
    told: int = 0
    broken: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def states(self) -> int:
        return len(self.seen)

    def add(self, other: "Figures") -> None:
        self.moments += other.moments
        self.drawn += other.drawn
        self.seen |= other.seen
        self.full += other.full
        self.told = max(self.told, other.told)
        self.broken += other.broken
        self.reasons += other.reasons
        self.seconds += other.seconds

    def line(self, name: str) -> str:
        rate = self.states / max(self.seconds, 1e-9)
        return (
            f"{name:9} {self.moments:6} moments {self.drawn:8} drawn {self.states:8} states "
            f"{self.full:7} full {self.told:4} told {self.reasons.total():5} broken {rate:6.0f}/s"
        )


def live(places: Iterable[tuple[Life, Place, Path]], turns: int, without: str) -> None:
    """Live lives where they can be recorded, by one thread; without something, to see it missed."""
    left_out = patch(without, lambda *_: None) if without else contextlib.nullcontext()
    with one_file(), left_out:
        for life, place, notes in places:
            with noting(notes) as note:
                for turn in range(min(turns, life.turns)):
                    note(TURN, turn)
                    life.run(replace(place, turn=turn), note)
    assert threading.active_count() == 1, "strace follows one thread"


def _places(folder: Path, lives: Iterable[Life]) -> Iterator[tuple[Life, Place, Path]]:
    for life in lives:
        home = folder / life.name
        yield life, Place(home / "lived", home / "given"), home / "notes"


def recorded(
    lives: Sequence[Life], folder: Path, without: str = "", turns: int = 1
) -> list[Recorded]:
    """Prepare lives and live them under strace, in some turns where they have so many.

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
    options = ["--record", str(folder), str(turns), without, *names]
    calls = record([sys.executable, __file__, *options], folder)
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
        if kept(replay.disk.everything()) != kept(read_files(item.lived)):
            raise StraceError(f"{item.life}: the simulated disk is not the real one")
    return found


class Cuts:
    """Cuts the power of one recorded life, in one process."""

    def __init__(self, found: Recorded, folder: Path, *, full: int, keep: Path | None) -> None:
        self._found, self._life = found, LIVES[found.life]
        self._place = Place(folder, found.given)
        self._full, self._keep = full, keep
        self._digests = Digests(found.life)
        self.figures = Figures()

    def cut(self, moment: int, replay: Replay, call: str, numbers: range, seed: int) -> int:
        """Cut the power at a moment, as often as there are numbers; return how many states were new."""
        figures, disk, before = self.figures, replay.disk, self.figures.states
        turn = max((item[1] for item in replay.noted if item[0] == TURN), default=0)
        place = replace(self._place, turn=turn)
        noted = [item for item in replay.noted if item[0] != TURN]
        figures.moments += numbers.start == 0
        told = sum(item[0] == self._life.acknowledging for item in noted)
        figures.told = max(figures.told, told)
        for number in numbers if disk.pending() else numbers[: numbers.start == 0]:
            if number < 2:
                files = disk.everything() if number else disk.nothing_more()
            else:
                files = disk.anything(random.Random(f"{seed} {self._life.name} {moment} {number}"))
            files = kept(files)
            figures.drawn += 1
            digest = self._digests.of(files, len(replay.noted))
            if digest in figures.seen:
                continue
            figures.seen.add(digest)
            whole = number < 2 or int.from_bytes(digest[:4]) % self._full == 0
            figures.full += whole
            write_down(files, self._place.folder)
            why = broken(self._life.look if whole else self._life.glance, place, noted)
            if why is not None:
                self._note(f"moment {moment} ({call}), state {number}: {why}", why, files)
        return figures.states - before

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
    """Cut the power at one share of a life's moments, at each in turn.

    End with so many states, at a time, or when nothing new is drawn; each moment has its turn once.
    """
    with one_file(), tempfile.TemporaryDirectory(prefix="power-loss-") as folder:
        cuts = Cuts(found, Path(folder) / "left", full=full, keep=keep)
        last = found.moments() - 1
        left = {moment for moment in range(last + 1) if (last - moment) % of == share}
        at_once = max(3, min(AT_ONCE, states // max(1, len(left))))
        for first in itertools.count(0, at_once):
            replay, numbers = found.replay(), range(first, first + at_once)
            for moment, call in enumerate(replay.steps(found.calls)):
                if moment not in left:
                    continue
                if first and (cuts.figures.states >= states or time.monotonic() > until):
                    return cuts.figures
                if not cuts.cut(moment, replay, call, numbers, seed):
                    left.remove(moment)
            if not left:
                return cuts.figures
    raise AssertionError


def cut_power(
    found: Recorded, *, states: int, seed: int = 0, processes: int = 1, full: int = 20,
    every: int = 1, seconds: float = 1e9, keep: Path | None = None,
) -> Figures:  # fmt: skip
    """Cut the power of a recorded life until there are so many states; of its moments at one in ``every``."""
    figures, began = Figures(), time.perf_counter()
    of, until = processes * every, time.monotonic() + seconds
    shares = [
        (found, share, of, -(-states // processes), seed, full, until, keep)
        for share in range(processes)
    ]
    if processes == 1:
        figures.add(cut_share(*shares[0]))
    else:
        with ProcessPoolExecutor(processes) as pool:
            for job in [pool.submit(cut_share, *share) for share in shares]:
                figures.add(job.result())
    figures.seconds = time.perf_counter() - began
    return figures


def _run(names: Iterable[str], options: argparse.Namespace) -> Figures:
    total, began = Figures(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="power-loss-") as folder:
        lives = [LIVES[name] for name in names]
        lived = recorded(lives, Path(folder), turns=options.turns)
        weights = {found.life: found.weight() for found in lived}
        # What has few states leaves its share to the others.
        for found in sorted(lived, key=lambda found: weights[found.life]):
            share = weights.pop(found.life)
            of = share + sum(weights.values())
            figures = cut_power(
                found, states=(options.states - total.states) * share // of,
                seconds=(60 * options.minutes - (time.monotonic() - began)) * share / of,
                seed=options.seed, processes=options.processes, full=options.full, keep=options.keep,
            )  # fmt: skip
            print(figures.line(found.life), flush=True)
            for why, count in figures.reasons.most_common(SHOWN):
                print(f"    {count:6} {why}")
            for said in figures.broken[:SHOWN]:
                print(f"    {said[:400]}", flush=True)
            total.add(figures)
    return total


def main() -> int:
    """Cut the power and print the figures; exit 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--states", type=int, default=10_000, help="of all lives together")
    parser.add_argument("--life", action="append", choices=LIVES, help="only these")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--turns", type=int, default=TURNS, help="each life is lived at most so often in one place"
    )
    parser.add_argument(
        "--minutes", type=float, default=1e9, help="stop then, of each life a share done"
    )
    parser.add_argument("--full", type=int, default=20, help="one in so many is audited as well")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="write the first broken states there")
    parser.add_argument("--record", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.record:
        folder, turns, without, *names = options.record
        live(_places(Path(folder), [LIVES[name] for name in names]), int(turns), without)
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
