"""Figures of provenance: a mixed load with every rule on, questions, bundles, replay.

    python tools/bench_provenance.py [--load 200000] [--postgres URL] [--profile WHAT]

The load (``ecosystem.mix``) is a platform told from a seed: a hundred brands with their
trademarks, places and audits; chains of two to five links (the trademark, then one to four
grants) down to shops and listings; lots with inputs; half of everything inspections; samples
and their custody, sanctions, recalls, complaints, observers, revocations, corrections. About
700 bytes a statement in 2.3 histories, all Ed25519, signed beforehand. A base of some 4,000
(the people, the brands' beginnings, what is asked about) is there before the clock starts.

Printed at 10,000, 50,000 and ``--load`` statements:

- bulk registration by two processes, as a ratio to V (Ed25519 verifications per second by
  libsodium on all processors, measured beside it), last tenth over first tenth, database bytes
  a statement, peak memory of a loading process;
- ``may_sell`` over a chain of five links and ``trace`` of a lot with a hundred entries: warm
  (asked before by this process, which remembers what it rechecked) and cold (the ledger just
  opened, all they read rechecked); their bundles' bytes, the time to make one and to verify it
  offline; processor time, since one processor does it;
- full verification, without and with ``--replay``.

``--profile load`` and ``replay`` load or replay half of it in one process instead and print
processor time a statement by stage and by rule; with ``-cpu``, what cProfile finds. Nothing is
asserted: figures are read, not passed.
"""

import argparse
import contextlib
import cProfile
import pstats
import tempfile
import time
from itertools import islice
from pathlib import Path

import stage_times
from bench_common import (
    BATCH,
    OPERATOR,
    bulk,
    database_bytes,
    measure_v,
    postgres,
    print_bulk,
    read_frames,
    run_all,
    signer,
    verification,
    write_frames,
)
from bench_questions import cost
from ecosystem.mix import START_S, Asked, base, mix

from ledger.audit import available_cores, verify_ledger
from ledger.primitives.clock import SimulatedClock
from ledger.statements.fields import Names
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.writing.log import Registered
from ledger.writing.opening import create_log, open_log

SHARES, BRANDS = 2, 50
SIZES = (10_000, 50_000)
ROUNDS = 20


def sign_share(number: int, count: int, path: str) -> None:
    write_frames(Path(path), islice(mix(number, BRANDS), count))


def make_shares(folder: Path, count: int) -> list[str]:
    """Sign ``count`` statements in shares, each by a process of its own."""
    paths = [str(folder / f"share{number}") for number in range(1, SHARES + 1)]
    run_all(sign_share, [(n, count // SHARES, path) for n, path in enumerate(paths, 1)])
    return paths


def new_ledger(url: str, anchor: Path, statements: list[bytes]) -> None:
    """Create a ledger with a simulated clock, and register the base."""
    log = create_log(
        make_engine(url),
        anchor_path=anchor,
        clock=SimulatedClock(START_S * 1_000_000),
        signer=signer(),
        operator=OPERATOR,
        names=Names(en="Benchmark"),
    )
    refused = [o for o in log.register(statements) if not isinstance(o, Registered)]
    assert not refused, refused[:3]
    log.engine.dispose()


def ms(seconds: float) -> str:
    return f"{1e3 * seconds:.1f} ms"


def question(url: str, anchor: Path, name: str, parameters: dict[str, str]) -> None:
    """Print what one question costs: asked, proven, verified."""
    found = cost(url, anchor, name, parameters, rounds=ROUNDS, colds=10)
    print(
        f"  {name} {found.verdict}: warm {ms(found.warm_s)}, cold {ms(found.cold_s)}; "
        f"{found.histories} histories, {found.rechecked} statements rechecked; "
        f"bundle {found.size_bytes / 1000:.1f} kB, made in {ms(found.made_s)}, "
        f"verified in {ms(found.verified_s)}"
    )


def questions(url: str, anchor: Path, asked: Asked) -> None:
    point = {
        "trader": asked.trader,
        "product": asked.product,
        "territory": "CN-ZJ",
        "channel": "mall.example",
        "shop_type": "multi-brand",
    }
    question(url, anchor, "may_sell", point)
    question(url, anchor, "trace", {"goods": asked.lot})


def load(
    name: str, url: str, anchor: Path, statements: list[bytes], paths: list[str], size: int
) -> float:
    """Register the base, then shares side by side; print the figures, return V."""
    new_ledger(url, anchor, statements)
    before = database_bytes(url)
    v = measure_v()
    found = bulk(url, anchor, paths, size // SHARES)
    v = (v + measure_v()) / 2
    print_bulk(name, found, v, database_bytes(url) - before)
    return v


def profile(folder: Path, statements: list[bytes], path: str, count: int, what: str) -> None:
    """Load one share by one process, or replay it, and print where the time goes."""
    url, anchor = f"sqlite:///{folder / 'profile.sqlite'}", folder / "profile.anchor"
    new_ledger(url, anchor, statements)
    log = open_log(make_engine(url), anchor_path=anchor, signer=signer())
    frames = islice(read_frames(path), count)
    log.register(list(islice(frames, BATCH // 4)))  # warm, as a process that runs is

    def load() -> int:
        done = 0
        while batch := list(islice(frames, BATCH)):
            log.register(batch)
            done += len(batch)
        return done

    def replay() -> int:
        with contextlib.closing(DatabaseReader(url)) as reader:
            return verify_ledger(reader, replay=True, workers=1).size

    if what.startswith("replay"):
        load()
    run, owners = (
        (replay, stage_times.REPLAYING)
        if what.startswith("replay")
        else (load, stage_times.REGISTERING)
    )
    if what.endswith("cpu"):
        profiler = cProfile.Profile()
        profiler.runcall(run)
        pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
    else:
        stage_times.run(owners, run)
    log.engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--load", type=int, default=200_000, help="statements of the largest load")
    parser.add_argument("--postgres", help="an empty database's URL; else a server from PyPI")
    parser.add_argument("--profile", choices=("load", "load-cpu", "replay", "replay-cpu"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pinyuan-bench-") as name:
        folder = Path(name)
        began = time.perf_counter()
        paths = make_shares(folder, options.load)
        statements, asked = base(SHARES, BRANDS)
        if options.profile:
            profile(folder, statements, paths[0], options.load, options.profile)
            return
        print(
            f"{options.load:,} statements in {SHARES} shares, base of {len(statements):,}; "
            f"signed in {time.perf_counter() - began:.0f} s; {available_cores()} processors"
        )
        for size in (*(n for n in SIZES if n < options.load), options.load):
            print(f"{size:,} statements:")
            url, anchor = f"sqlite:///{folder / f'{size}.sqlite'}", folder / f"{size}.anchor"
            v = load("bulk, SQLite", url, anchor, statements, paths, size)
            print(f"  V {v:,.0f}/s")
            questions(url, anchor, asked)
            verification(url, measure_v())
        with postgres(options.postgres) as server:
            load("bulk, PostgreSQL", server, folder / "pg.anchor", statements, paths, options.load)


if __name__ == "__main__":
    main()
