"""Figures of the log: rates as ratios to V, costs as they grow, bytes and memory.

    python tools/bench_log.py [--load 300000] [--postgres URL] [--profile]

V is what libsodium verifies per second on all processors in the same run: the limit no
design here can pass. Statements are generic, Ed25519, about 400 bytes, of 20 issuers
about a third as many subjects as statements, in two histories each; every rule, the
index, tiles and seals are on. Nothing is asserted: figures are read, not passed.
"""

import argparse
import cProfile
import os
import pstats
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
from bench_common import (
    BATCH,
    OPERATOR,
    ORIGIN,
    bulk,
    database_bytes,
    key_of,
    measure_v,
    postgres,
    print_bulk,
    read_frames,
    run_all,
    signer,
    timed,
    verification,
    write_frames,
)

from ledger.audit import available_cores
from ledger.histories.history import history_proof
from ledger.primitives.clock import SystemClock
from ledger.statements.catalogue import encode_body
from ledger.statements.envelope import sign_statement
from ledger.statements.fields import UNPROVEN, KeyBinding, Names
from ledger.statements.identity_family import Party
from ledger.store.engine import make_engine
from ledger.store.reads import TileCache, TreeReader, reading
from ledger.tlog.merkle import prove_inclusion
from ledger.tlog.prefix_tree import PrefixTree
from ledger.writing.log import Log, Registered
from ledger.writing.opening import create_log, open_log
from ledger.writing.publisher import require_head

ISSUERS = 20


def issuer_of(number: int) -> str:
    return f"did:web:issuer{number}.example.com"


def sign_range(start: int, stop: int, subjects: int, path: str) -> None:
    """Sign statements [start, stop) into a file."""
    write_frames(Path(path), signed(start, stop, subjects))


def signed(start: int, stop: int, subjects: int) -> Iterator[bytes]:
    rng = random.Random(start)
    keys = [key_of(100 + number) for number in range(ISSUERS)]
    now = int(time.time())
    for number in range(start, stop):
        issuer = rng.randrange(ISSUERS)
        yield sign_statement(
            keys[issuer],
            b'{"reading": %d, "unit": "Cel", "note": "%s"}' % (number, b"x" * 120),
            issuer=issuer_of(issuer),
            subject=f"https://id.gs1.org/01/06901234500004/10/L{rng.randrange(subjects)}",
            issued_at=now,
            audience=ORIGIN,
            content_type="application/json",
        )


def make_statements(folder: Path, count: int, files: int) -> list[str]:
    """Sign ``count`` statements into ``files`` files, on all processors."""
    step = -(-count // files)
    paths = [str(folder / f"statements{n}") for n in range(files)]
    run_all(
        sign_range,
        [
            (n * step, min((n + 1) * step, count), max(1, count // 3), path)
            for n, path in enumerate(paths)
        ],
    )
    return paths


def new_ledger(url: str, anchor: Path) -> Log:
    log = create_log(
        make_engine(url),
        anchor_path=anchor,
        clock=SystemClock(),
        signer=signer(),
        operator=OPERATOR,
        names=Names(en="Benchmark"),
    )
    parties = []
    for number in range(ISSUERS):
        binding = msgspec.structs.replace(
            KeyBinding.of(key_of(100 + number).public, None), possession=UNPROVEN
        )
        body = Party(
            v=1, names=Names(en=f"Issuer {number}"), country="DE", roles=("brand",), keys=(binding,)
        )
        parties.append(
            sign_statement(
                key_of(2),
                encode_body(body),
                issuer=OPERATOR,
                subject=issuer_of(number),
                issued_at=int(time.time()),
                audience=ORIGIN,
            )
        )
    assert all(isinstance(outcome, Registered) for outcome in log.register(parties))
    return log


def singles(url: str, anchor: Path, path: str, count: int) -> float:
    """Return durable statements per second, one at a time: registered, sealed, signed, anchored."""
    log = new_ledger(url, anchor)
    statements = list(read_frames(path))[:count]
    began = time.perf_counter()
    for statement in statements:
        log.register([statement])
    rate = count / (time.perf_counter() - began)
    log.engine.dispose()
    return rate


def raw_flushes(folder: Path, count: int = 200) -> float:
    """Return pairs of flushes per second on this disk: what one durable statement needs at least.

    One appends a page to a growing file, as a commit does to the WAL; one overwrites, as the
    anchor does.
    """
    with (folder / "growing").open("wb") as grown, (folder / "fixed").open("wb") as fixed:
        began = time.perf_counter()
        for _ in range(count):
            os.write(grown.fileno(), bytes(4096))
            os.fsync(grown.fileno())
            os.pwrite(fixed.fileno(), bytes(4096), 0)
            os.fsync(fixed.fileno())
        return count / (time.perf_counter() - began)


def proofs(url: str, anchor: Path) -> None:
    """Print proof figures for one ledger."""
    log = open_log(make_engine(url), anchor_path=anchor, signer=signer())
    rng = random.Random(1)
    with reading(log.engine) as snapshot:
        size = require_head(snapshot).size
        tree = TreeReader(snapshot, size, TileCache())
        for index in range(0, size, 256):
            prove_inclusion(index, size, tree)
        began, count = time.perf_counter(), 20_000
        for _ in range(count):
            prove_inclusion(rng.randrange(size), size, tree)
        warm = count / (time.perf_counter() - began)
        cold = timed(
            lambda: prove_inclusion(rng.randrange(size), size, TreeReader(snapshot, size)), 200
        )
        subject = issuer_of(3)
        rows = size // ISSUERS

        def history() -> object:
            pages = PrefixTree(snapshot.pages)
            state = snapshot.history_state(pages, "issuer", subject)
            return history_proof(pages, "issuer", subject), state.count

        histories = timed(history, 200)
    log.engine.dispose()
    print(
        f"  {size:>8} entries: inclusion warm {warm:,.0f}/s, cold {1e3 * statistics.median(cold):.2f} ms "
        f"(worst {1e3 * max(cold):.2f}); history of about {rows} cold {1e3 * statistics.median(histories):.2f} ms"
    )


def profile(folder: Path, paths: list[str]) -> None:
    log = new_ledger(f"sqlite:///{folder / 'profile.sqlite'}", folder / "profile.anchor")
    statements = list(read_frames(paths[0]))[: 4 * BATCH]
    log.register(statements[:BATCH])
    profiler = cProfile.Profile()
    profiler.enable()
    for start in range(BATCH, len(statements), BATCH):
        log.register(statements[start : start + BATCH])
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--load", type=int, default=300_000, help="statements of the large load")
    parser.add_argument("--postgres", help="an empty database's URL; else a server from PyPI")
    parser.add_argument("--profile", action="store_true", help="profile bulk registration and stop")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pinyuan-bench-") as name:
        folder = Path(name)
        paths = make_statements(folder, options.load, 2)
        if options.profile:
            profile(folder, paths)
            return
        v = measure_v()
        print(f"V: {v:,.0f} Ed25519 verifications/s on {available_cores()} processors (libsodium)")
        print("Bulk registration, two processes:")
        url, anchor = f"sqlite:///{folder / 'bulk.sqlite'}", folder / "bulk.anchor"
        new_ledger(url, anchor).engine.dispose()
        print_bulk("SQLite", bulk(url, anchor, paths), v, database_bytes(url))
        with postgres(options.postgres) as server:
            new_ledger(server, folder / "pg.anchor").engine.dispose()
            found = bulk(server, folder / "pg.anchor", paths)
            print_bulk("PostgreSQL", found, v, database_bytes(server))
        print("One durable statement at a time:")
        rate = singles(
            f"sqlite:///{folder / 'single.sqlite'}", folder / "single.anchor", paths[0], 2_000
        )
        limit = raw_flushes(folder)
        print(
            f"  SQLite: {rate:,.0f}/s = {rate / limit:.2f} of this disk's {limit:,.0f} pairs of flushes/s"
        )
        print("Proofs, SQLite:")
        everything = [statement for path in paths for statement in read_frames(path)]
        for size in (1_000, 10_000, 100_000):
            ledger, at = (
                f"sqlite:///{folder / f'proofs{size}.sqlite'}",
                folder / f"proofs{size}.anchor",
            )
            log = new_ledger(ledger, at)
            for start in range(0, min(size, len(everything)), BATCH):
                log.register(everything[start : min(start + BATCH, size)])
            log.engine.dispose()
            proofs(ledger, at)
        del everything
        print(f"Full verification of the SQLite load, V again {(again := measure_v()):,.0f}:")
        verification(url, again)


if __name__ == "__main__":
    main()
