"""Honest ledgers of odd names against every finder of fraud: how many accuse, of how many runs.

    python tools/false_alarms.py --count 10000 [--seed 0]

A run writes a ledger by an honest operator whose subjects are pieced together from separators,
controls and words of the format, lets every finder look at it, and lets a liar put some hundred
accusations together from what that operator and a tea brand's signed (``tests/evidence/odd_names.py``).
"""

import argparse
import contextlib
import sys
import tempfile
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[1] / "tests"), str(Path(__file__).parents[1])]

from evidence.odd_names import Base, accusations  # noqa: E402
from tea import Tea  # noqa: E402
from world import World  # noqa: E402

from ledger.answering.fraud_finder import WholeLedger  # noqa: E402
from ledger.store.ledger_reader import DatabaseReader  # noqa: E402

PROCESSES = 2
CHUNK = 250


def accused(seeds: range) -> Counter[str]:
    """Return what was found in honest runs, by kind of fraud."""
    with tempfile.TemporaryDirectory() as made:
        tea, signs = (world_in(Path(made) / name) for name in ("tea", "paper"))
        Tea(tea).chain()
        with contextlib.closing(DatabaseReader(tea.url)) as reader:
            base = Base.of(WholeLedger(reader))
        found = Counter(item.fraud for at in seeds for item in accusations(signs, base, Random(at)))
        for world in (tea, signs):
            world.log.engine.dispose()
        return found


def world_in(folder: Path) -> World:
    folder.mkdir()
    return World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    stop = options.seed + options.count
    pieces = [range(at, min(at + CHUNK, stop)) for at in range(options.seed, stop, CHUNK)]
    began, found = time.monotonic(), Counter[str]()
    with get_context("spawn").Pool(PROCESSES) as pool:
        for part in pool.imap_unordered(accused, pieces):
            found += part
    print(f"{options.count} honest runs in {time.monotonic() - began:.0f} s")
    print(f"accused: {found.total()} {dict(found)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
