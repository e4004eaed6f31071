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

A sample of receipts is verified. Client and server share this machine's processors; nothing
is asserted: figures are read, not passed.
"""

import argparse
import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench_log import ORIGIN, key_of, make_statements, measure_v, new_ledger, read_frames

from ledger.audit import available_cores
from ledger.cose.keys import EDDSA, PublicKey
from ledger.cose.receipt import verify_receipt
from ledger.settings import Settings, write_settings
from ledger.signer import write_key
from ledger.statements.envelope import parse_statement

CONNECTIONS = 32
MANY_CONNECTIONS = 2_000
BATCH = 1_000
COSE, SEQUENCE = "application/cose", "application/cbor-seq"


class Connection(asyncio.Protocol):
    """One keep-alive connection: a request at a time, the answer's status, body and headers."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._waiting: asyncio.Future | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport) -> None:
        self.transport = transport

    def connection_lost(self, exc) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("closed"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._buffer[:end]).lower()
        at = head.find(b"content-length:")
        size = 0 if at < 0 else int(head[at + 15 :].split(b"\r\n", 1)[0])
        if len(self._buffer) < end + 4 + size:
            return
        body = bytes(self._buffer[end + 4 : end + 4 + size])
        del self._buffer[: end + 4 + size]
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result((int(head[9:12]), body))

    def send(self, request: bytes) -> asyncio.Future:
        self._waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._waiting


def post(path: str, body: bytes, media_type: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: load\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: load\r\n\r\n".encode()


@dataclass
class Outcome:
    """What a run did: answers by status, latencies of those that count and of rejections."""

    statuses: Counter = field(default_factory=Counter)
    good_s: list[float] = field(default_factory=list)
    rejected_s: list[float] = field(default_factory=list)
    bodies: list[tuple[bytes, bytes]] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0

    def add(self, status: int, took_s: float) -> None:
        self.statuses[status] += 1
        (self.rejected_s if status in (429, 503) else self.good_s).append(took_s)

    @property
    def rate(self) -> float:
        return len(self.good_s) / max(self.ended - self.began, 1e-9)


def quantiles(values: list[float]) -> str:
    if not values:
        return "none"
    ordered = sorted(values)
    found = [ordered[min(len(ordered) - 1, int(q * len(ordered)))] for q in (0.5, 0.99, 0.999)]
    return "p50/p99/p99.9 " + "/".join(f"{1e3 * value:.1f}" for value in found) + " ms"


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
        outcome = Outcome(began=time.perf_counter())
        until = outcome.began + seconds

        async def drive(connection: Connection) -> None:
            for request in requests:
                sent = time.perf_counter()
                if sent >= until:
                    return
                status, body = await connection.send(request)
                outcome.add(status, time.perf_counter() - sent)
                if len(outcome.bodies) < 200 and status in (200, 201):
                    outcome.bodies.append((request, body))

        pool = await self.connect(connections)
        await asyncio.gather(*[drive(connection) for connection in pool])
        outcome.ended = time.perf_counter()
        for connection in pool:
            connection.transport.close()
        return outcome

    async def open(
        self, requests: Iterator[bytes], rate: float, seconds: float, connections: int
    ) -> Outcome:
        """Send Poisson arrivals at a rate; latency counts from the intended moment."""
        outcome = Outcome(began=time.perf_counter())
        rng = random.Random(7)
        idle: asyncio.Queue = asyncio.Queue()
        pool = await self.connect(connections)
        for connection in pool:
            idle.put_nowait(connection)
        tasks = set()

        async def one(request: bytes, intended: float) -> None:
            connection = await idle.get()
            try:
                status, _ = await connection.send(request)
                outcome.add(status, time.perf_counter() - intended)
            except ConnectionError:
                outcome.statuses[0] += 1
                return
            idle.put_nowait(connection)

        at = outcome.began
        for request in requests:
            at += rng.expovariate(rate)
            if at > outcome.began + seconds:
                break
            delay = at - time.perf_counter()
            if delay > 0:
                await asyncio.sleep(delay)
            task = asyncio.ensure_future(one(request, at))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            if len(tasks) > 20_000:  # the client itself would be the limit
                await asyncio.sleep(0)
        if tasks:
            await asyncio.wait(tasks, timeout=20)
        outcome.ended = time.perf_counter()
        for connection in pool:
            connection.transport.close()
        return outcome


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
    """Run ``pinyuan serve`` in a process group of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "ledger.cli.main", "serve", "--dir", str(directory)]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--workers", str(workers)], start_new_session=True
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def memory_mib(process: subprocess.Popen) -> float:
    """Return the resident memory of a process and its descendants (Linux)."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
            if int(fields[2]) == process.pid:  # its process group
                total += int((entry.parent / "statm").read_text().split()[1])
        except (OSError, IndexError, ValueError):
            continue
    return total * os.sysconf("SC_PAGE_SIZE") / 2**20


def check_receipts(bodies: list[tuple[bytes, bytes]]) -> int:
    key = PublicKey(EDDSA, key_of(1).public.x)
    for request, receipt in bodies:
        leaf = parse_statement(request.partition(b"\r\n\r\n")[2]).leaf
        verify_receipt(receipt, leaf, key, ORIGIN)
    return len(bodies)


async def measure(port: int, process, v: float, options, statements: Iterator[bytes]) -> None:
    client = Client(port)
    wanted = options.only.split(",")
    seconds = options.seconds
    singles = (post("/entries", raw, COSE) for raw in statements)
    peak = await client.closed(singles, seconds)
    verified = check_receipts(peak.bodies)
    print(
        f"  single, {CONNECTIONS} connections: {peak.rate:,.0f}/s = {peak.rate / v:.3f} V; {quantiles(peak.good_s)}; "
        f"{dict(peak.statuses)}; {verified} receipts verified"
    )
    if "poisson" in wanted:
        found = await client.open(singles, 0.7 * peak.rate, seconds, MANY_CONNECTIONS)
        print(
            f"  open loop at 70 % of it: {found.rate:,.0f}/s; {quantiles(found.good_s)}; {dict(found.statuses)}"
        )
    if "batch" in wanted:
        await batches(client, statements, v, seconds)
    if "reads" in wanted:
        await reads(client, seconds)
    if "overload" in wanted:
        await overload(client, process, singles, peak.rate, seconds)


async def batches(client: Client, statements: Iterator[bytes], v: float, seconds: float) -> None:
    def requests() -> Iterator[bytes]:
        while True:
            chunk = [raw for raw, _ in zip(statements, range(BATCH), strict=False)]
            if len(chunk) < BATCH:
                return
            yield post("/entries/batch", b"".join(chunk), SEQUENCE)

    found = await client.closed(requests(), seconds, 4)
    rate = found.rate * BATCH
    print(
        f"  batches of {BATCH}: {rate:,.0f} statements/s = {rate / v:.3f} V; {quantiles(found.good_s)}; {dict(found.statuses)}"
    )


async def reads(client: Client, seconds: float) -> None:
    def forever(paths: list[str]) -> Iterator[bytes]:
        rng = random.Random(3)
        encoded = [get(path) for path in paths]
        while True:
            yield rng.choice(encoded)

    tiles = await client.closed(forever([f"/tile/0/{n:03d}" for n in range(4)]), seconds / 2)
    print(f"  tiles: {tiles.rate:,.0f}/s; {quantiles(tiles.good_s)}; {dict(tiles.statuses)}")
    proofs = await client.closed(forever([f"/v1/proofs/{n}" for n in range(2, 1000)]), seconds / 2)
    print(
        f"  inclusion proofs: {proofs.rate:,.0f}/s; {quantiles(proofs.good_s)}; {dict(proofs.statuses)}"
    )


async def overload(client: Client, process, singles, peak: float, seconds: float) -> None:
    before = memory_mib(process)
    tile = get("/tile/0/000")

    async def readers() -> list[float]:
        (connection,) = await client.connect(1)
        took, until = [], time.perf_counter() + seconds
        while time.perf_counter() < until:
            sent = time.perf_counter()
            await connection.send(tile)
            took.append(time.perf_counter() - sent)
            await asyncio.sleep(0.01)
        return took

    found, tiles = await asyncio.gather(
        client.open(singles, 10 * peak, seconds, MANY_CONNECTIONS), readers()
    )
    print(
        f"  overload, 10x offered: goodput {found.rate:,.0f}/s = {found.rate / peak:.2f} of the peak; "
        f"accepted {quantiles(found.good_s)}; rejected {quantiles(found.rejected_s)}; {dict(found.statuses)}; "
        f"tile reads {quantiles(tiles)}; memory {before:.0f} -> {memory_mib(process):.0f} MiB"
    )


def run(name: str, url: str, folder: Path, workers: int, v: float, options, paths) -> None:
    print(f"{name}, {workers} serving process{'es' if workers > 1 else ''}:")
    directory = make_directory(folder, url)
    statements = (raw for path in paths for raw in read_frames(path))
    with serving(directory, workers) as (port, process):
        asyncio.run(measure(port, process, v, options, statements))


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
