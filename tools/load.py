"""Load on the service: rates as ratios to V, latencies from the intended send time.

    python tools/load.py [--postgres URL] [--workers 2] [--seconds 10] [--only single,batch,...]

Starts ``pinyuan serve`` on a ledger of its own (SQLite with one process, PostgreSQL with
``--workers``), signs statements beforehand, and sends them over plain HTTP/1.1 connections:

single    32 connections in a closed loop: the peak
poisson   an open loop of Poisson arrivals at 70 % of the peak; latency counts from the moment
          a request should have been sent, so a server that stalls is not flattered
batch     batches of 1,000 statements
reads     tiles and inclusion proofs
overload  ten times the peak offered on 2,000 connections: goodput, rejections, tile reads meanwhile

A sample of receipts and of proofs is verified. Client and server share this machine's processors: beside
each latency of an open loop stands how late the client itself was, and how many arrivals it
could not send. Tiles are read from a process of their own. Nothing is asserted: figures are
read, not passed.
"""

import argparse
import asyncio
import gc
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bench_common import SPAWN
from bench_log import ORIGIN, key_of, make_statements, measure_v, new_ledger, read_frames
from load_checks import check_proofs, check_receipts

from ledger.audit import available_cores
from ledger.settings import Settings, write_settings
from ledger.signer import write_key

CONNECTIONS = 32
MANY_CONNECTIONS = 2_000
BATCH = 1_000
SAMPLE = 200
PATIENCE_S = 20.0
TICK_S = 0.001  # the client's timer: waking for each arrival alone would take a processor
COSE, SEQUENCE = "application/cose", "application/cbor-seq"


class Connection(asyncio.Protocol):
    """One keep-alive connection: a request at a time; ``answered(connection, status, body)``."""

    __slots__ = ("_buffer", "answered", "intended", "lost", "request", "transport")

    def __init__(self) -> None:
        self._buffer = b""
        self.transport: asyncio.Transport | None = None
        self.answered: Callable[[Connection, int, bytes], None] | None = None
        self.lost: Callable[[Connection], None] | None = None
        self.intended = 0.0
        self.request = b""

    def connection_made(self, transport) -> None:
        self.transport = transport

    def connection_lost(self, _exc) -> None:
        self.transport = None
        if self.answered is not None:
            self.lost(self)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n") + 4
        if end < 4:
            return
        at = buffer.find(b"content-length: ", 0, end)
        stop = end if at < 0 else end + int(buffer[at + 16 : buffer.index(b"\r", at)])
        if len(buffer) < stop:
            return
        self._buffer = b""
        answered, self.answered = self.answered, None
        if answered is not None:
            answered(self, int(buffer[9:12]), buffer[end:stop])

    def send(self, request: bytes, intended: float, answered, lost) -> None:
        self.request, self.intended = request, intended
        self.answered, self.lost = answered, lost
        if self.transport is None:
            lost(self)
        else:
            self.transport.write(request)


def post(path: str, body: bytes, media_type: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: load\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: load\r\n\r\n".encode()


@dataclass
class Outcome:
    """What a run did: answers by status, latencies, and how far the client itself fell behind.

    ``lags_s``: how much later than intended requests were sent; ``unsent``: arrivals that
    found every connection waiting for an answer; ``cut``: no answer when the run ended.
    """

    statuses: Counter = field(default_factory=Counter)
    good_s: list[float] = field(default_factory=list)
    rejected_s: list[float] = field(default_factory=list)
    lags_s: list[float] = field(default_factory=list)
    bodies: list[tuple[bytes, bytes]] = field(default_factory=list)
    unsent: int = 0
    cut: int = 0
    began: float = 0.0
    ended: float = 0.0

    def add(self, status: int, took_s: float) -> None:
        self.statuses[status] += 1
        (self.rejected_s if status in (429, 503) else self.good_s).append(took_s)

    @property
    def rate(self) -> float:
        return len(self.good_s) / max(self.ended - self.began, 1e-9)

    def client(self) -> str:
        """Return what must be known of the client to read the figures."""
        text = f"client sent late by {quantiles(self.lags_s)}"
        text += f", {self.unsent} arrivals found no free connection" * (self.unsent > 0)
        return text + f", {self.cut} without an answer at the end" * (self.cut > 0)


def quantiles(values: list[float]) -> str:
    if not values:
        return "none"
    ordered = sorted(values)
    found = [ordered[min(len(ordered) - 1, int(q * len(ordered)))] for q in (0.5, 0.99, 0.999)]
    return "p50/p99/p99.9 " + "/".join(f"{1e3 * value:.1f}" for value in found) + " ms"


@contextmanager
def unpaused() -> Iterator[None]:
    """Keep the client's own collector of cycles out of the latencies."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


class Client:
    """Connections to one server."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def connect(self, count: int) -> list[Connection]:
        loop = asyncio.get_running_loop()
        return [
            (await loop.create_connection(Connection, "127.0.0.1", self.port))[1]
            for _ in range(count)
        ]

    async def closed(
        self, requests: Iterator[bytes], seconds: float, connections: int = CONNECTIONS
    ) -> Outcome:
        """Send as fast as answers come, on so many connections, for so long."""
        pool, outcome = await self.connect(connections), Outcome()
        done, running = asyncio.Event(), connections

        def lost(_connection: Connection) -> None:
            nonlocal running
            outcome.statuses["lost"] += 1
            running -= 1
            if not running:
                done.set()

        def answered(connection: Connection, status: int, body: bytes) -> None:
            outcome.add(status, time.perf_counter() - connection.intended)
            if len(outcome.bodies) < SAMPLE and status in (200, 201):
                outcome.bodies.append((connection.request, body))
            send(connection)

        def send(connection: Connection) -> None:
            nonlocal running
            now = time.perf_counter()
            request = next(requests, None) if now < until else None
            if request is not None:
                connection.send(request, now, answered, lost)
                return
            running -= 1
            if not running:
                done.set()

        with unpaused():
            outcome.began = time.perf_counter()
            until = outcome.began + seconds
            for connection in pool:
                send(connection)
            await asyncio.wait_for(done.wait(), seconds + PATIENCE_S)
            outcome.ended = time.perf_counter()
        close(pool)
        return outcome

    async def open(
        self, requests: Iterator[bytes], rate: float, seconds: float, connections: int
    ) -> Outcome:
        """Send Poisson arrivals at a rate; latency counts from the intended moment.

        A connection carries a request at a time. An arrival that finds none free is not sent
        and counted: what is offered is what so many clients can offer.
        """
        outcome, rng = Outcome(), random.Random(7)
        ready = list(islice(requests, int(1.2 * rate * seconds)))[::-1]
        pool = await self.connect(connections)
        idle, busy = deque(pool), 0

        def lost(_connection: Connection) -> None:
            nonlocal busy
            busy -= 1
            outcome.statuses["lost"] += 1

        def answered(connection: Connection, status: int, _body: bytes) -> None:
            nonlocal busy
            busy -= 1
            outcome.add(status, time.perf_counter() - connection.intended)
            idle.append(connection)

        with unpaused():
            at = outcome.began = time.perf_counter()
            while (at := at + rng.expovariate(rate)) < outcome.began + seconds and ready:
                while (now := time.perf_counter()) < at:  # noqa: ASYNC110 - a clock has no event
                    await asyncio.sleep(max(TICK_S, at - now))
                if not idle:
                    outcome.unsent += 1
                    if outcome.unsent % 64 == 0:
                        await asyncio.sleep(0)  # answers are read in between
                    continue
                outcome.lags_s.append(now - at)
                busy += 1
                idle.popleft().send(ready.pop(), at, answered, lost)
                if len(outcome.lags_s) % 64 == 0:
                    await asyncio.sleep(0)
            outcome.ended = time.perf_counter()
            until = outcome.ended + PATIENCE_S
            while busy and time.perf_counter() < until:  # noqa: ASYNC110 - nor has this
                await asyncio.sleep(0.005)
            outcome.ended = max(outcome.ended, min(until, time.perf_counter()))
        outcome.cut = busy
        close(pool)
        return outcome


def close(pool: list[Connection]) -> None:
    for connection in pool:
        connection.answered = None
        if connection.transport is not None:
            connection.transport.close()


def read_tiles(port: int, path: str, seconds: float, found) -> None:
    """Read a tile a hundred times a second: a process of its own, so that only the server is slow."""
    request, took, until = get(path), [], time.perf_counter() + seconds
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as link:
        while (sent := time.perf_counter()) < until:
            link.sendall(request)
            answer = b""
            while (end := answer.find(b"\r\n\r\n") + 4) < 4 or len(answer) < end + size_of(answer):
                answer += link.recv(1 << 16)
            assert answer.startswith(b"HTTP/1.1 200"), answer[:80]
            took.append(time.perf_counter() - sent)
            time.sleep(0.01)
    found.put(took)


def size_of(answer: bytes) -> int:
    at = answer.index(b"content-length: ") + 16
    return int(answer[at : answer.index(b"\r", at)])


def make_directory(folder: Path, url: str) -> Path:
    """Lay a ledger's directory around a new benchmark ledger; return it."""
    directory = folder / "ledger"
    directory.mkdir()
    settings = Settings(
        directory=directory,
        origin=ORIGIN,
        operator="https://id.gs1.org/417/6901234507003",
        db=url,
        clock="system",
        log_key=directory / "log.pem",
        operator_key=directory / "operator.pem",
        anchor=directory / "anchor",
    )
    write_key(settings.log_key, key_of(1))
    write_key(settings.operator_key, key_of(2))
    new_ledger(settings.database_url, settings.anchor).engine.dispose()
    write_settings(settings, url)
    return directory


@contextmanager
def serving(directory: Path, workers: int) -> Iterator[tuple[int, subprocess.Popen]]:
    """Run ``pinyuan serve`` in a process group of its own; its log goes to ``service.log`` there.

    What is printed here are figures alone.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "ledger.cli.main", "serve", "--dir", str(directory)]
    with (directory / "service.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--workers", str(workers)],
            start_new_session=True,
            stderr=log,
        )
    try:
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                sys.exit((directory / "service.log").read_text())
            time.sleep(0.1)
        else:
            sys.exit(f"nobody listens\n{(directory / 'service.log').read_text()}")
        yield port, process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def stats_of(process: subprocess.Popen) -> Iterator[tuple[Path, list[str]]]:
    """Yield (directory, fields from the state on) of a process group's processes (Linux)."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
            if int(fields[2]) == process.pid:
                yield entry.parent, fields
        except (OSError, IndexError, ValueError):
            continue


def memory_mib(process: subprocess.Popen) -> float:
    """Return the resident memory of a process group."""
    total = 0
    for folder, _ in stats_of(process):
        with suppress(OSError, IndexError, ValueError):
            total += int((folder / "statm").read_text().split()[1])
    return total * os.sysconf("SC_PAGE_SIZE") / 2**20


def used_by(process: subprocess.Popen) -> float:
    """Return the processor time of a process group so far, in seconds; a database's is not in it."""
    return sum(int(f[11]) + int(f[12]) for _, f in stats_of(process)) / os.sysconf("SC_CLK_TCK")


async def measure(port: int, process, v: float, options, statements: Iterator[bytes]) -> None:
    client = Client(port)
    wanted = options.only.split(",")
    seconds = options.seconds
    singles = (post("/entries", raw, COSE) for raw in statements)
    used = used_by(process)
    peak = await client.closed(singles, seconds)
    verified = check_receipts(peak.bodies)
    used = 1e6 * (used_by(process) - used) / max(1, sum(peak.statuses.values()))
    print(
        f"  single, {CONNECTIONS} connections: {peak.rate:,.0f}/s = {peak.rate / v:.3f} V; {quantiles(peak.good_s)}; "
        f"{dict(peak.statuses)}; {used:.0f} us of the service's processor time each; {verified} receipts verified"
    )
    if "poisson" in wanted:
        found = await client.open(singles, 0.7 * peak.rate, seconds, MANY_CONNECTIONS)
        print(
            f"  open loop at 70 % of it: {found.rate:,.0f}/s; {quantiles(found.good_s)}; {dict(found.statuses)}; {found.client()}"
        )
    if "batch" in wanted:
        await batches(client, statements, v, seconds)
    if "reads" in wanted:
        await reads(client, process, seconds)
    if "overload" in wanted:
        await overload(client, process, singles, peak.rate, seconds)


async def batches(client: Client, statements: Iterator[bytes], v: float, seconds: float) -> None:
    def requests() -> Iterator[bytes]:
        while len(chunk := list(islice(statements, BATCH))) == BATCH:
            yield post("/entries/batch", b"".join(chunk), SEQUENCE)

    found = await client.closed(requests(), seconds, 4)
    rate = found.rate * BATCH
    print(
        f"  batches of {BATCH}: {rate:,.0f} statements/s = {rate / v:.3f} V; {quantiles(found.good_s)}; {dict(found.statuses)}"
    )


async def reads(client: Client, process, seconds: float) -> None:
    def forever(paths: list[str]) -> Iterator[bytes]:
        rng = random.Random(3)
        encoded = [get(path) for path in paths]
        while True:
            yield rng.choice(encoded)

    for what, paths in (
        ("tiles", [f"/tile/0/{n:03d}" for n in range(4)]),
        ("inclusion proofs", [f"/v1/proofs/{n}" for n in range(2, 1000)]),
    ):
        used = used_by(process)
        found = await client.closed(forever(paths), seconds / 2)
        used = 1e6 * (used_by(process) - used) / max(1, len(found.good_s))
        checked = ""
        if "proofs" in what:
            ((_, checkpoint),) = (await client.closed(iter([get("/checkpoint")]), 1, 1)).bodies
            checked = f"; {check_proofs(found.bodies, checkpoint)} proofs verified"
        print(
            f"  {what}: {found.rate:,.0f}/s; {quantiles(found.good_s)}; {dict(found.statuses)}; {used:.0f} us of the service's processor time each{checked}"
        )


async def overload(client: Client, process, singles, peak: float, seconds: float) -> None:
    before, used, queue = memory_mib(process), used_by(process), SPAWN.Queue()
    job = SPAWN.Process(target=read_tiles, args=(client.port, "/tile/0/000", seconds, queue))
    job.start()
    early: list[float] = []  # when all connections are there: what they take is no growth
    asyncio.get_running_loop().call_later(seconds / 4, lambda: early.append(memory_mib(process)))
    found = await client.open(singles, 10 * peak, seconds, MANY_CONNECTIONS)
    tiles = await asyncio.to_thread(queue.get, timeout=2 * PATIENCE_S)
    job.join()
    sent = len(found.lags_s) / max(found.ended - found.began, 1e-9)
    used = (used_by(process) - used) / (found.ended - found.began)
    print(
        f"  overload, 10x offered, {sent / peak:.1f}x sent: goodput {found.rate:,.0f}/s = {found.rate / peak:.2f} of the peak; "
        f"accepted {quantiles(found.good_s)}; rejected {quantiles(found.rejected_s)}; {dict(found.statuses)}; "
        f"tile reads {quantiles(tiles)}; {used:.2f} processors used by the service; "
        f"memory {before:.0f} -> {early[0]:.0f} -> {memory_mib(process):.0f} MiB (before, a quarter of the way, at the end); {found.client()}"
    )


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """Return the quickest loop there is: what the client takes, the server does not get."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


def run(name: str, url: str, folder: Path, workers: int, v: float, options, paths) -> None:
    print(f"{name}, {workers} serving process{'es' if workers > 1 else ''}:")
    directory = make_directory(folder, url)
    statements = (raw for path in paths for raw in read_frames(path))
    with (
        serving(directory, workers) as (port, process),
        asyncio.Runner(loop_factory=loop_factory()) as runner,
    ):
        runner.run(measure(port, process, v, options, statements))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--postgres", help="an empty database's URL; else a server from PyPI")
    parser.add_argument("--workers", type=int, default=2, help="serving processes on PostgreSQL")
    parser.add_argument("--seconds", type=float, default=10, help="of each run")
    parser.add_argument("--statements", type=int, default=200_000, help="signed beforehand")
    parser.add_argument("--only", default="poisson,batch,reads,overload", help="runs behind single")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pinyuan-load-") as name:
        folder = Path(name)
        paths = make_statements(folder, options.statements, 2)
        v = measure_v()
        print(f"V: {v:,.0f} Ed25519 verifications/s on {available_cores()} processors (libsodium)")
        (folder / "sqlite").mkdir()
        run("SQLite", "ledger.sqlite", folder / "sqlite", 1, v, options, paths)
        from bench_log import postgres

        with postgres(options.postgres) as server:
            (folder / "pg").mkdir()
            run("PostgreSQL", server, folder / "pg", options.workers, v, options, paths)


if __name__ == "__main__":
    main()
