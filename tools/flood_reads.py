"""Tiles and checkpoints beside a flood of reads that take long: their latency, as a ratio to quiet.

    python tools/flood_reads.py [--readers 16] [--seconds 10] [--scale 0.002] [--one-client]

Starts ``pinyuan serve`` on an example ledger. What costs nothing is asked 40 times a second over a
connection of its own, first while nobody else asks, then while so many clients ask for a category's quality
index without a pause, each from an address of its own, so that no quota stops them;
with ``--one-client`` from one address, which its quota stops. Both times stand in one run: quote the ratio.
"""

import argparse
import http.client
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench_common import SPAWN
from fuzz_http import example
from fuzzing.serving import Served

HEAVY = "/v1/index?subject=food"
LIGHT = ("/checkpoint", "/tile/0/000.p/5", "/tile/entries/000.p/5", "/v1/proofs/1", "/healthz")
PAUSE_S = 0.025
START_S = 5.0


def get(connection: http.client.HTTPConnection, path: str, client: str) -> int:
    connection.request("GET", path, headers={"X-Forwarded-For": client})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def flood(port: int, readers: int, client: str, until: float, told) -> None:
    """Ask for what takes long again and again, in threads: what the process of the flood runs."""
    statuses: Counter[int] = Counter()

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for count in range(1_000_000):
            status = get(connection, HEAVY, client or f"10.0.{number}.{count % 250}")
            statuses[status] += 1
            if status == 429:
                time.sleep(0.2)

    for number in range(readers):
        threading.Thread(target=ask, args=(number,), daemon=True).start()
    time.sleep(max(0.0, until - time.time()))
    told.put(dict(statuses))


def light(port: int, seconds: float) -> dict[str, list[float]]:
    """Ask for what costs little; return seconds by path."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    took: dict[str, list[float]] = {path: [] for path in LIGHT}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for path, times in took.items():
            began = time.perf_counter()
            assert get(connection, path, "192.0.2.1") == 200, path
            times.append(time.perf_counter() - began)
        time.sleep(PAUSE_S)
    return took


def p99(times: list[float]) -> float:
    return sorted(times)[int(0.99 * len(times))]


def beside(served: Served, readers: int, seconds: float, client: str) -> dict[str, list[float]]:
    """Return the latencies while readers flood."""
    told = SPAWN.Queue()
    until = time.time() + seconds + START_S
    process = SPAWN.Process(target=flood, args=(served.port, readers, client, until, told))
    process.start()
    time.sleep(START_S)
    found = light(served.port, seconds)
    print(f"{readers} readers of {HEAVY}: {told.get()} in {seconds + START_S:.0f} s")
    process.join()
    return found


def shown(quiet: dict[str, list[float]], flooded: dict[str, list[float]]) -> None:
    print(f"{'':24}{'quiet p50/p99 ms':>20}{'beside p50/p99 ms':>20}{'ratio':>14}")
    for path in LIGHT:
        one, two = quiet[path], flooded[path]
        halves: list[Callable[[list[float]], float]] = [statistics.median, p99]
        words = ["/".join(f"{1e3 * half(it):.1f}" for half in halves) for it in (one, two)]
        ratio = "/".join(f"{half(two) / half(one):.1f}" for half in halves)
        print(f"{path:24}{words[0]:>20}{words[1]:>20}{ratio:>14}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--readers", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--scale", type=float, default=0.002, help="of the example")
    parser.add_argument("--dir", type=Path, help="the directory of an example made before")
    parser.add_argument("--one-client", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pinyuan-flood-") as name:
        directory = options.dir or example(Path(name), options.scale, None)
        served = Served(directory, Path(name) / "service.log")
        try:
            light(served.port, 2)
            quiet = light(served.port, options.seconds)
            client = "192.0.2.9" if options.one_client else ""
            shown(quiet, beside(served, options.readers, options.seconds, client))
        finally:
            served.stop()


if __name__ == "__main__":
    main()
