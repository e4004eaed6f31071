"""Cheating operators, systematically: what they try, and who finds it out.

    python tools/cheat.py --count 10000 [--seed 0] [--only WORD]

Ledgers whose operator lets in what a rule refuses, hides or makes up what its index has, dates
and signs seals otherwise, or tells two histories, one thing at a time or several; every question
is asked of each, and bundles that show what is false are verified, the export, a replay, and the
proof that the replayer writes (``tests/cheats``). And bundles that somebody altered. What may pass
is what FORMATS says only a replay finds; whatever else is believed is printed with its seed, and
ends with 1.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "tests"), str(Path(__file__).parents[1])]

from cheats.trials import COLUMNS, Tally, jobs, tried  # noqa: E402

PROCESSES = 2


@dataclass
class Sum:
    """What was tried and found, by kind."""

    rows: dict[str, Counter[str]] = field(default_factory=dict)
    rules: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def add(self, part: Tally) -> None:
        """Count a part."""
        self.rows.setdefault(part.kind, Counter()).update(part.counts)
        self.rules |= part.rules
        self.faults += part.faults


def all_tried(count: int, seed: int, only: str) -> Iterator[Tally]:
    """Yield what parts of the work come to."""
    with get_context("spawn").Pool(PROCESSES) as pool:
        yield from pool.imap_unordered(tried, jobs(count, seed, only))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="kinds with this word alone")
    options = parser.parse_args()
    began, found = time.monotonic(), Sum()
    for part in all_tried(options.count, options.seed, options.only):
        for fault in part.faults:
            print(fault, flush=True)
        found.add(part)
    took_s = time.monotonic() - began
    print(f"{'':38}" + "".join(f"{name:>10}" for name in COLUMNS))
    total = Counter[str]()
    for kind in sorted(found.rows):
        row = found.rows[kind]
        total += row
        print(f"{kind:38}" + "".join(f"{row[name]:>10}" for name in COLUMNS))
    print(f"{'all':38}" + "".join(f"{total[name]:>10}" for name in COLUMNS))
    print(f"rules left out: {len(found.rules)}")
    rate = total["cheats"] / took_s
    print(f"{total['cheats']} cheats in {took_s:.0f} s, {rate:.1f} a second")
    print(f"accepted: {total['accepted']}")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
