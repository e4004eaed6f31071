"""Kill a process at every system call that leaves a trace; look at what is left.

    python tools/kill_points.py [--life append --life witness] [--postgres [URL]] [--points 100000]

Each life (``tools/crashes``: a ledger made, appended to, published, exported, brought back; a
witness, a replayer, a signer; sensitive values erased) is lived by a process that stops on entering
each call of KINDS: between two of these nothing changes that outlives a process, neither in a
file nor, with ``--postgres``, at a server. What is in its files then is what a kill there leaves: a
copy of them is what the next process finds, and so each call is a point. The process is killed
(SIGKILL) at one of them; where a life goes on (another statement, a larger checkpoint) the next one
begins in what that left, for some turns; then it begins anew. With ``--postgres`` nobody can copy
what the server has, and a process is killed for each point.

The next process must find what was promised, go on by itself, and take what was not acknowledged
exactly once; a ledger must pass verification with replay, under the receipts that were given, and
extend every checkpoint that was ever signed. Behind most points a ledger's rows, head and anchor are
held against every promise directly (``glance``), behind the last kill of a place and one in
``--full`` all of that is asked. The same files under the same promises are opened once.

All points are tried, again with other kills, until there are ``--points`` of them; another
``--seed`` gives other kills. One process imports everything and forks for each run; it traces the
fork (``crashes/tracing.py``).
"""

import argparse
import contextlib
import itertools
import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from crashes.forks import Homes, Killer, Point  # noqa: E402
from crashes.life import BrokenError, Life, Noted, Place, one_file, read_noted  # noqa: E402
from crashes.lives import LIVES  # noqa: E402
from crashes.states import Digests, broken, kept, read_files, write_down  # noqa: E402
from crashes.tracing import TracingError  # noqa: E402

SHOWN = 5


@dataclass(slots=True)
class Figures:
    """What was tried and what was found."""

    points: int = 0
    """Calls behind which what a kill leaves was held against the promises."""
    each: int = 0
    """Points there are in one run."""
    opened: int = 0
    """Different states that the points left."""
    full: int = 0
    """Of these, those of which everything was asked."""
    killed: int = 0
    promised: int = 0
    slowest_s: float = 0.0
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)

    def add(self, other: "Figures") -> None:
        self.points += other.points
        self.each += other.each
        self.opened += other.opened
        self.full += other.full
        self.killed += other.killed
        self.promised += other.promised
        self.slowest_s = max(self.slowest_s, other.slowest_s)
        self.seconds += other.seconds
        self.broken += other.broken

    def line(self, name: str) -> str:
        return (
            f"{name:20} {self.points:6} kill points of {self.each:4}, {self.opened:6} states opened, "
            f"{self.full:5} in full, {self.killed:5} kills, {self.promised:6} promises, "
            f"{len(self.broken)} broken, mended and checked in {self.slowest_s:.3f} s at most, "
            f"{self.points / max(self.seconds, 1e-9):.1f}/s"
        )

    def look(self, life: Life, place: Place, noted: Noted, *, whole: bool) -> str | None:
        """Hold what a kill leaves against what was promised, as the next process finds it."""
        self.promised += sum(item[0] == life.acknowledging for item in noted)
        self.opened += 1
        self.full += whole
        began = time.perf_counter()
        found = broken(life.look if whole else life.glance, place, noted)
        self.slowest_s = max(self.slowest_s, time.perf_counter() - began)
        return found


def noted_at(place: Place) -> list[list[Any]]:
    return read_noted(place.folder.with_name("noted"))


def try_points(
    life: Life, homes: Homes, killer: Killer, points: Iterable[Point], *,
    least: int = 0, until: float = 1e18, full: int = 1,
) -> Figures:  # fmt: skip
    """Kill at points, so many at least, until a time.

    Ask everything behind one in ``full``, and behind the last of each place.
    """
    figures, began = Figures(), time.perf_counter()
    for number, point in enumerate(points):
        if number >= least and time.monotonic() > until:
            break
        place = homes.next()
        killed = killer.kill(life, place, point)
        figures.points += killed
        figures.killed += killed
        whole = place.turn + 1 == life.turns or number % full == 0
        if (said := figures.look(life, place, noted_at(place), whole=whole)) is not None:
            figures.broken.append(f"{point[0]}:{point[1]} {said}")
            homes.anew()
    figures.seconds = time.perf_counter() - began
    return figures


class Walks:
    """Runs of a life that stand at each call, where what a kill leaves is opened somewhere else."""

    def __init__(self, life: Life, homes: Homes, killer: Killer, left: Path, full: int) -> None:
        self._life, self._homes, self._killer, self._full = life, homes, killer, full
        self._left = left
        self._digests, self._seen = Digests(life.name), set[bytes]()
        self.figures = Figures()

    def walk(self, killed_at: int, chosen: Callable[[int], bool] = lambda _: True) -> None:
        """Live once, standing at each call; look at the calls chosen, and at what a kill really left."""
        place, life, figures = self._homes.next(), self._life, self.figures
        for number, kind in enumerate(self._killer.walk(life, place, killed_at), 1):
            if chosen(number) and (said := self._stand(place)) is not None:
                figures.broken.append(f"call {number}, {kind}: {said}")
        figures.killed += killed_at > 0
        whole = place.turn + 1 == life.turns
        if (said := figures.look(life, place, noted_at(place), whole=whole)) is not None:
            figures.broken.append(f"killed at call {killed_at}: {said}")
            self._homes.anew()

    def _stand(self, place: Place) -> str | None:
        files, noted = read_files(place.folder), noted_at(place)
        self.figures.points += 1
        digest = self._digests.of(kept(files), len(noted))
        if digest in self._seen:
            return None
        self._seen.add(digest)
        write_down(files, self._left)
        whole = int.from_bytes(digest[:4]) % self._full == 0
        return self.figures.look(self._life, replace(place, folder=self._left), noted, whole=whole)


def try_walks(
    walks: Walks, calls: int, *, turns: int, most: int, until: float, share: tuple[int, int], seed: str
) -> Figures:  # fmt: skip
    """Walk once, a share of the calls; then on, with a kill where the life goes on, for so many points."""
    (part, parts), dice = share, random.Random(seed)
    began = time.perf_counter()
    walks.walk(0, lambda number: number % parts == part)
    while walks.figures.points < most and time.monotonic() < until:
        walks.walk(dice.randint(1, calls) if turns > 1 else 0)
    walks.figures.seconds = time.perf_counter() - began
    return walks.figures


def _orders(points: Sequence[Point], dice: random.Random) -> Iterator[Point]:
    """Yield all points, and all again in another order."""
    while True:
        yield from dice.sample(points, len(points))


def _tried(
    name: str,
    server: str | None,
    points: list[Point],
    most: int,
    until: float,
    share: tuple[int, int],
    seed: int,
    full: int,
) -> Figures:
    """Try the points given, or a share of all: each once, or so many."""
    life, (part, parts) = LIVES[name], share
    with (
        tempfile.TemporaryDirectory(prefix="kill-points-") as home,
        contextlib.closing(Homes(life, Path(home), server)) as homes,
        contextlib.closing(Killer(simulated=server is None)) as killer,
        one_file() if server is None else contextlib.nullcontext(),
    ):
        calls = killer.counted(life, homes.next())
        homes.anew()
        every = [(call, n + 1) for call, count in calls.items() for n in range(count)]
        if server is None and not points:
            walks = Walks(life, homes, killer, Path(home) / "left", full)
            figures = try_walks(
                walks, len(every), turns=life.turns, most=most, until=until, share=share,
                seed=f"{seed} {name} {part}",
            )  # fmt: skip
        else:
            mine = points or every[part::parts]
            orders = _orders(mine, random.Random(f"{seed} {name} {part}"))
            order = itertools.islice(orders, max(most, len(mine)))
            figures = try_points(
                life, homes, killer, order, least=len(mine), until=until, full=full
            )
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
    turns = sum(LIVES[name].turns for name, _ in jobs)  # what is always the same has a small share
    with ProcessPoolExecutor(parts) as pool:
        for name, where in jobs:
            share = LIVES[name].turns / turns
            most = math.ceil(options.points * share / parts)
            until = time.monotonic() + 60 * options.minutes * share
            shares = [(part, parts) for part in range(1 if only else parts)]
            found = [
                pool.submit(
                    _tried, name, where, only, most, until, share, options.seed, options.full
                )
                for share in shares
            ]
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
    parser.add_argument("--points", type=int, default=0, help="together; each point once at least")
    parser.add_argument(
        "--minutes", type=float, default=1e9, help="stop then, each life in its share"
    )
    parser.add_argument(
        "--full", type=int, default=20, help="everything is asked of one in so many"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", metavar="CALL:N", action="append", help="try only this point")
    options = parser.parse_args()
    try:
        with contextlib.ExitStack() as stack:
            server = None
            if options.postgres is not None:
                from bench_common import postgres

                server = stack.enter_context(postgres(options.postgres or None))
            total = _run(options, server)
    except (TracingError, BrokenError) as error:
        print(error, file=sys.stderr)
        return 2
    print(total.line("together"))
    return 1 if total.broken else 0


if __name__ == "__main__":
    sys.exit(main())
