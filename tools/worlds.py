"""Random worlds against what a verdict must withstand: what was tried, and what was found.

    python tools/worlds.py --count 1000 [--seed 0] [--property I9] [--mutate RULE] [--full]

Each world is told from its seed, on paper, by two processes: the tea brand's beginning and what
may happen to it (``tests/properties/course.py``), then what the property adds (I9 strangers, I10
another order, I11 protections and who undoes them, I12 remedies). What breaks a property is
printed as the shortest story that still does, one for each kind, and by its seed.

``--mutate`` leaves a rule or a mechanism out first (``--mutate all``: each of them in turn) and
prints whether the worlds find that out.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "tests"), str(Path(__file__).parents[1])]

from properties.mutations import MUTATIONS, Mutation, mutated, mutation  # noqa: E402
from properties.registry import PROPERTIES  # noqa: E402
from properties.rights import EXCUSES  # noqa: E402
from properties.trials import SHRINKING, Tally, Violation  # noqa: E402

PROCESSES = 2
CHUNK, FEW = 25, 4
Job = tuple[str, int, int, str]
Found = tuple[Tally, list[Violation]]


def tried(job: Job) -> Found:
    """Try a property on some seeds, with something left out or not."""
    name, first, count, left_out = job
    tally, found = Tally(), []
    SHRINKING.on = not left_out
    with mutated(mutation(left_out) if left_out else None):
        for seed in range(first, first + count):
            violation = PROPERTIES[name](seed, tally)
            if violation is not None:
                found.append(violation)
    return tally, found


def jobs(names: list[str], first: int, count: int, left_out: str) -> list[Job]:
    """Return the seeds of each property in pieces; few at a time where the first found is enough."""
    size = FEW if left_out else CHUNK
    pieces = range(first, first + count, size)
    return [
        (name, start, min(size, first + count - start), left_out)
        for start in pieces
        for name in names
    ]


def all_tried(wanted: list[Job]) -> Iterator[Found]:
    with get_context("spawn").Pool(PROCESSES) as pool:
        yield from pool.imap_unordered(tried, wanted)


def report(wanted: list[Job], *, full: bool) -> int:
    """Print what was tried and found; return how many worlds break a property."""
    began = time.monotonic()
    tally, kinds = Tally(), Counter[str]()
    for part, found in all_tried(wanted):
        tally.add(part)
        for violation in found:
            kind = f"{violation.property} {violation.kind}"
            kinds[kind] += 1
            if kinds[kind] == 1:
                print(violation, flush=True)
    took_s = time.monotonic() - began
    print(f"{tally.worlds} worlds in {took_s:.0f} s")
    _listed("statements by type", tally.statements, full=full)
    _listed("answers", tally.asked, full=full)
    _listed("reasons and notes met", tally.reasons, full=full)
    _listed("refused by rule", tally.refused, full=full)
    _listed("tried by strangers", tally.tried, full=full)
    _listed("let in of strangers", tally.let_in, full=full)
    _listed("not compared", tally.over, full=full)
    _listed("excused", tally.excused, full=True)
    dead = sorted(EXCUSES - tally.excused.keys()) if "I9" in {job[0] for job in wanted} else []
    print(f"excuses that excused nothing: {', '.join(dead) or 'none'}")
    print(f"found: {kinds.total()} worlds, {len(kinds)} kinds")
    for kind, times in kinds.most_common():
        print(f"  {times:6} {kind}")
    return kinds.total()


def _listed(what: str, counted: Counter[str], *, full: bool) -> None:
    if full or not counted:
        print(f"{what}: {counted.total()} of {len(counted)} kinds")
        for name, times in sorted(counted.items()):
            print(f"  {times:8} {name}")
    else:
        print(f"{what}: {counted.total()} of {len(counted)} kinds")


def found_out(item: Mutation, first: int, count: int) -> str | None:
    """Return the first violation that leaving this out makes, None if no world shows it.

    A world that breaks its property in the same way with all in place does not count.
    """
    began, worlds = time.monotonic(), 0
    for tally, found in all_tried(jobs([item.property], first, count, item.name)):
        worlds += tally.worlds
        for violation in found:
            before = PROPERTIES[item.property](violation.seed, Tally())
            if before is None or before.kind != violation.kind:
                took_s = time.monotonic() - began
                return f"{worlds} worlds, {took_s:.0f} s, seed {violation.seed}: {violation.kind}"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--property", choices=sorted(PROPERTIES), action="append")
    parser.add_argument("--mutate", help="a rule, a mechanism, or all")
    parser.add_argument("--full", action="store_true", help="list everything that was counted")
    options = parser.parse_args()
    names = options.property or sorted(PROPERTIES)
    if options.mutate is None:
        wanted = jobs(names, options.seed, options.count, "")
        return 1 if report(wanted, full=options.full) else 0
    chosen = MUTATIONS if options.mutate == "all" else (mutation(options.mutate),)
    missed = 0
    for item in chosen:
        shown = found_out(item, options.seed, options.count)
        missed += shown is None
        print(f"{item.property} without {item.name}: {shown or 'NOT FOUND'}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
