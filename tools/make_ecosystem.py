"""Makes the announced quality ecosystem at a scale: signed, registered under every rule.

    python tools/make_ecosystem.py --scale 0.01 --out DIR [--seed 1] [--db URL] [--figures]
    python tools/make_ecosystem.py --scale 0.01 --statements DIR

At scale 1.0 (``ecosystem.proportions``): 120 brands, 35 laboratories, 210 standards, 200,000
samplings (flight and mystery inspections, samples sent to laboratories), 600,000 batches
inspected in warehouses, 1.5 million km of audits and flight inspections, from January to
mid-September; and what follows from them: refused lots, sanctions step by step with their
triggers, recalls, revocations. The same seed and scale make the same statements.

``--out`` becomes a ledger's directory (its clock is simulated and stands in September 2021):
``pinyuan serve --dir DIR`` goes on from it. Its keys follow from numbers anybody can guess: it
is an example, and nothing to trust. ``--statements`` writes JSON lines and these keys instead::

    pinyuan init --dir DIR --origin ecosystem.example/log --clock simulated \\
        --now 2020-12-31T00:00:00Z --operator https://id.gs1.org/417/6901234507003
    for file in DIR/*.jsonl; do
        at=${file%.jsonl}; pinyuan register --dir DIR --now ${at##*.} --jsonl $file
    done

``--figures`` prints registration as a ratio to V, bytes, full verification with and without
replay, and what each question and its bundle cost. A refused statement is a failure of the
generator: it is printed with its reasons, and the exit status is 1.
"""

import argparse
import base64
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench_common import OPERATOR, database_bytes, key_of, measure_v, verification
from bench_questions import Cost, cost
from ecosystem.examples import parameters_of
from ecosystem.loading import Loaded, create, load
from ecosystem.pen import time_of
from ecosystem.proportions import SHARES
from ecosystem.telling import ORIGIN, Told, in_rounds, registered_us, sums, tell_all

from ledger.audit import available_cores
from ledger.cli.at_hand import in_directory
from ledger.questions.addends import Period
from ledger.questions.declared import QUESTIONS
from ledger.questions.headline import tally
from ledger.settings import Settings, write_settings
from ledger.signer import write_key

DATABASE = "ledger.sqlite"
EVER = Period(0, 1 << 62)
OF_FIGURES = {
    "sampled": "samplings",
    "batches": "batches",
    "km": "km",
    "lots-recalled": "recalled lots",
}
"""Headline figure -> what the generator counted of it."""


class Progress:
    """A line on a terminal: how much is registered, and how fast."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.began = time.perf_counter()

    def show(self, done: int) -> None:
        if sys.stderr.isatty():
            rate = done / max(time.perf_counter() - self.began, 1e-9)
            end = "\n" if done == self.count else ""
            line = f"\r{done:,} of {self.count:,} registered, {rate:,.0f}/s "
            print(line, end=end, file=sys.stderr, flush=True)


def directory(folder: Path, db: str) -> Settings:
    """Make a ledger's directory: its keys and settings; the ledger itself is not there yet."""
    settings = Settings(
        directory=folder,
        origin=ORIGIN,
        operator=OPERATOR,
        db=db,
        clock="simulated",
        log_key=folder / "keys" / "log.pem",
        operator_key=folder / "keys" / "operator.pem",
        anchor=folder / "anchor",
    )
    write_keys(folder / "keys")
    write_settings(settings, db)
    return settings


def write_statements(folder: Path, told: list[Told]) -> None:
    """Write JSON lines, a file for each batch, in order; names say when they are registered."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, files in in_rounds(told):
        for turn, statements in enumerate(files):
            now = time_of(registered_us(number) // 1_000_000 + turn)
            lines = [json.dumps({"bytes": base64.b64encode(raw).decode()}) for raw in statements]
            if lines:
                path = folder / f"{number:04d}-{turn}.{now}.jsonl"
                path.write_text("\n".join(lines) + "\n")
    write_keys(folder / "keys")


def write_keys(folder: Path) -> None:
    """Write the keys that everything told here rests on; ``pinyuan init`` uses those it finds."""
    write_key(folder / "log.pem", key_of(1))
    write_key(folder / "operator.pem", key_of(2))


def print_sums(told: list[Told]) -> None:
    found = sums(told)
    for name, value in sorted(found.items()):
        print(f"  {name}: {value:,}")


def print_load(loaded: Loaded, v: float, size_bytes: int) -> None:
    rate = loaded.rate()
    print(
        f"  registered {loaded.total:,} statements in {SHARES} processes: {rate:,.0f}/s = "
        f"{rate / v:.2f} V; {1e6 * loaded.used_s / loaded.total:.0f} us of processor time each; "
        f"last tenth / first tenth {loaded.rate(0.9, 1.0) / loaded.rate(0.0, 0.1):.2f}; "
        f"peak memory {loaded.memory / 2**20:.0f} MiB"
    )
    print(
        f"  database {size_bytes / 1e6:,.1f} MB, {size_bytes / loaded.total:,.0f} bytes a statement"
    )


def span(values: Sequence[float], unit: str) -> str:
    """Return the median and the largest."""
    return f"{statistics.median(values):.1f} (at most {max(values):.1f}) {unit}"


def print_question(name: str, found: list[Cost]) -> None:
    verdicts = ", ".join(sorted({item.verdict for item in found} - {""})) or "told"
    print(
        f"  {name} ({verdicts}): cold {span([1e3 * i.cold_s for i in found], 'ms')}, "
        f"warm {span([1e3 * i.warm_s for i in found], 'ms')}; "
        f"{span([i.histories for i in found], 'histories')}; "
        f"bundle {span([i.size_bytes / 1e3 for i in found], 'kB')}, "
        f"made in {span([1e3 * i.made_s for i in found], 'ms')}, "
        f"verified in {span([1e3 * i.verified_s for i in found], 'ms')}"
    )


def questions(url: str, anchor: Path, told: list[Told]) -> None:
    """Ask every question of the registry about each example."""
    asked = [example for item in told for example in item.examples]
    for name in QUESTIONS:
        found = [
            cost(url, anchor, name, parameters_of(name, example), rounds=3, colds=1)
            for example in asked
        ]
        print_question(name, found)


def equals_headline(folder: Path, told: list[Told]) -> bool:
    """Add the year up from the ledger; return whether it is what was told."""
    there = in_directory(folder)
    began = time.perf_counter()
    with there.reading() as view:
        found = tally(view, there.of_types, size=there.size(), period=EVER)
    took, input_ = time.perf_counter() - began, sums(told)
    print(f"  headline, added up from {len(found.addends):,} addends in {took:.1f} s:")
    equal = True
    for name, due in OF_FIGURES.items():
        total = sum(found.parts(name).values())
        print(f"    {name}: {total:,}; {due} told: {input_[due]:,}")
        equal &= total == input_[due]
    return equal


def make(settings: Settings, told: list[Told], *, figures: bool) -> int:
    """Register everything in a new ledger; return the exit status."""
    url, anchor = settings.database_url, settings.anchor
    create(url, anchor)
    before = database_bytes(url)
    v = measure_v() if figures else 1.0
    loaded = load(url, anchor, told, Progress(sum(sum(item.counts) for item in told)).show)
    if loaded.refused:
        print(f"refused, which the generator must not be: {len(loaded.refused)} or more")
        for line in loaded.refused:
            print(f"  {line}")
        return 1
    print_sums(told)
    if not equals_headline(settings.directory, told):
        return 1
    if figures:
        v = (v + measure_v()) / 2
        print(f"  V {v:,.0f}/s on {available_cores()} processors")
        print_load(loaded, v, database_bytes(url) - before)
        verification(url, measure_v())
        questions(url, anchor, told)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--scale", type=float, required=True, help="1.0 is what was announced")
    parser.add_argument("--seed", type=int, default=1, help="another one tells another story")
    parser.add_argument("--out", type=Path, help="becomes a ledger's directory")
    parser.add_argument("--db", default=DATABASE, help="an empty database's URL, else SQLite")
    parser.add_argument("--statements", type=Path, help="write statements here, and no ledger")
    parser.add_argument("--figures", action="store_true", help="print what all of it costs")
    options = parser.parse_args()
    if (options.out is None) == (options.statements is None):
        parser.error("either --out or --statements")
    with tempfile.TemporaryDirectory(prefix="pinyuan-ecosystem-") as name:
        began = time.perf_counter()
        told = tell_all(Path(name), options.seed, options.scale)
        count = sum(sum(item.counts) for item in told)
        took = time.perf_counter() - began
        print(
            f"scale {options.scale}, seed {options.seed}: {count:,} statements, signed in {took:.0f} s"
        )
        if options.statements is not None:
            write_statements(options.statements, told)
            print_sums(told)
            return 0
        return make(directory(options.out, options.db), told, figures=options.figures)


if __name__ == "__main__":
    sys.exit(main())
