"""Fuzz every route of the service over raw sockets, and hold every answer against what was promised.

    python tools/fuzz_http.py [--count 1000000] [--seed 0] [--dir DIR | --postgres URL] [--scale 0.001]
    python tools/fuzz_http.py --only N [--seed 0] ...

Starts ``pinyuan serve`` on the ledger in ``--dir``, or on an example made for it (SQLite, or an empty
PostgreSQL database), with the limits it has by default, behind a trusted proxy that names a million
made-up clients. Requests are made from the application's route table by their number: valid,
nearly, and broken paths, queries, headers, framing and bodies. Held to:

- no 5xx, but for 503 with Retry-After (counted by what they say) and 501;
- every error is a problem in its path's form, with nothing of the machine in it;
- an answer to everything within 40 s, or the connection closed where the head cannot be read;
- tiles are the same bytes all the while, and the checkpoint verifies;
- every line of the service's log is JSON;
- memory, printed at the start, each tenth and the end, stays where it was after the first tenth.

A request that breaks one of them is printed with the command that sends it again. Exit status 1
where anything was found.
"""

import argparse
import asyncio
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[1])]

from fuzzing.judging import Answered, Judge  # noqa: E402
from fuzzing.pools import Pool, gathered, get  # noqa: E402
from fuzzing.requests import Made, Maker, targets  # noqa: E402
from fuzzing.sending import Sender  # noqa: E402
from fuzzing.serving import ROOT, Served, secrets_of  # noqa: E402

from api.app import create_app  # noqa: E402
from ledger.settings import Settings, read_settings  # noqa: E402
from ledger.signer import read_key  # noqa: E402
from ledger.statements.envelope import sign_statement  # noqa: E402
from ledger.store.engine import make_engine  # noqa: E402
from ledger.tlog.checkpoint import open_checkpoint  # noqa: E402
from ledger.tlog.note import VerifierKey, decode_note  # noqa: E402
from ledger.writing.opening import open_log  # noqa: E402

CONNECTIONS = 32
PROBED_EVERY = 500
GROWTH_MIB = (
    64  # of all processes together, behind the first tenth: caches are bounded, and full by then
)
SHOWN = 5  # of each kind


class Run:
    """One run of the fuzzer over one service."""

    def __init__(self, served: Served, seed: int) -> None:
        self.served = served
        self.pool: Pool = gathered(served.url)
        self.settings = read_settings(served.directory)
        self.maker = Maker(seed, targets(create_app(Path("nowhere"))), self.pool, self._sign)
        self.judge = Judge(secrets_of(served.directory))
        self.kinds: Counter[str] = Counter()
        self.closed = self.done = 0
        self.stopped = False
        self.slowest_s = 0.0
        self.memory: list[int] = []
        self._key = read_key(self.settings.operator_key, None)
        # An example's clock stands long ago.
        seal = json.loads(get(served.url, "/v1/entries?limit=1"))["seal"]
        self._log_s = int(datetime.fromisoformat(seal["time"]).timestamp())
        self._vkey = _vkey_of(self.settings)

    def _sign(self, random: Random) -> bytes:
        return sign_statement(
            self._key,
            random.randbytes(20),
            issuer=self.settings.operator,
            subject=f"urn:fuzz:{random.randrange(50)}",
            issued_at=self._log_s,
            audience=None,
            content_type="application/octet-stream",
        )

    def took(self, made: Made, answer: Answered | None, seconds: float) -> None:
        """Judge an answer."""
        self.done += 1
        self.slowest_s = max(self.slowest_s, seconds)
        if answer is None:
            if made.framed:
                self.found("closed without an answer", made)
            self.closed += 1
        elif answer.status == 0:
            self.found("no answer in time", made)
        else:
            wrong = self.judge.wrong(made.method, answer)
            if wrong is not None:
                self.found(wrong, made)

    def found(self, what: str, made: Made | None) -> None:
        """Print what was found, a few of each kind."""
        kind = what[:60]
        self.kinds[kind] += 1
        if self.kinds[kind] > SHOWN:
            return
        print(f"FOUND {what}", flush=True)
        if made is not None:
            print(f"  {made.raw[:600]!r}{'…' if len(made.raw) > 600 else ''}")
            print(
                f"  again: python tools/fuzz_http.py --seed {self.maker.seed} --only {made.number} --dir {self.served.directory}"
            )

    def probe(self) -> None:
        """Hold tiles and checkpoint against what they were."""
        path, known = Random(self.done).choice(list(self.pool.tiles.items()))
        if get(self.served.url, path) != known:
            self.found(f"another tile at {path}", None)
        note = decode_note(get(self.served.url, "/checkpoint"))
        if open_checkpoint(note, self._vkey).size < self.pool.size:
            self.found("a smaller checkpoint", None)

    async def _probing(self) -> None:
        at = 0
        while True:
            await asyncio.sleep(0.2)
            if self.done - at >= PROBED_EVERY:
                at = self.done
                await asyncio.to_thread(self.probe)

    def figures(self, began: float) -> None:
        """Print where the run is, and the memory of all processes."""
        found = self.served.memory()
        self.memory.append(sum(found.values()))
        rate = self.done / max(time.monotonic() - began, 1e-9)
        shown = ", ".join(f"{role} {mib}" for role, mib in sorted(found.items()))
        print(
            f"{self.done:>9,} requests, {rate:,.0f}/s, RSS {self.memory[-1]} MiB ({shown})",
            flush=True,
        )

    def _made(self, numbers: list[int] | range) -> Iterator[Made]:
        for number in numbers:
            if self.stopped:
                return
            yield self.maker.make(number)

    async def send(self, numbers: list[int] | range) -> None:
        """Send the requests of some numbers."""
        began = time.monotonic()
        self.figures(began)
        tenth = max(1, len(numbers) // 10)
        probing = asyncio.create_task(self._probing())
        sender = Sender(self.served.port, CONNECTIONS, self.took)
        for start in range(0, len(numbers), tenth):
            await sender.run(self._made(numbers[start : start + tenth]))
            self.figures(began)
        probing.cancel()


def example(folder: Path, scale: float, db: str | None) -> Path:
    """Make an example ledger."""
    out = folder / "ledger"
    words = [
        sys.executable,
        ROOT / "tools" / "make_ecosystem.py",
        "--scale",
        str(scale),
        "--out",
        out,
    ]
    subprocess.run([*words, *(["--db", db] if db else [])], check=True, stdout=subprocess.DEVNULL)
    return out


def fuzz(directory: Path, folder: Path, seed: int, numbers: list[int] | range) -> int:
    """Fuzz a service over the ledger in a directory; return how much was found."""
    served = Served(directory, folder / "service.log")
    try:
        run = Run(served, seed)
        print(f"{len(run.maker.targets)} routes and methods, {run.pool.size} entries, seed {seed}")
        # Stopped by hand, it reports what was done.
        signal.signal(signal.SIGINT, lambda *_: setattr(run, "stopped", True))
        asyncio.run(run.send(numbers))
    finally:
        code = served.stop()
    bad = served.bad_lines()
    if bad:
        run.found(f"{len(bad)} lines of the log are no JSON: {bad[0][:200]!r}", None)
    if code != 0:
        run.found(f"the service ended with {code}", None)
    # The first tenth fills what is bounded; a run of few requests is all first tenth.
    if len(numbers) >= 100_000 and run.memory[-1] - run.memory[1] > GROWTH_MIB:
        run.found(f"memory grew from {run.memory[1]} to {run.memory[-1]} MiB", None)
    report(run)
    return sum(run.kinds.values())


def _vkey_of(settings: Settings) -> VerifierKey:
    engine = make_engine(settings.database_url)
    log = open_log(engine, anchor_path=settings.anchor)
    engine.dispose()
    return log.vkey


def report(run: Run) -> None:
    """Print what came."""
    statuses = ", ".join(f"{status}: {n:,}" for status, n in sorted(run.judge.statuses.items()))
    print(
        f"{run.done:,} requests; {statuses}; closed unanswered (unreadable heads): {run.closed:,}; slowest {run.slowest_s:.1f} s"
    )
    for said, n in run.judge.unavailable.most_common():
        print(f"  503 {n:,}: {said}")
    print(
        f"RSS of all processes: {run.memory[0]} MiB at the start, {run.memory[-1]} MiB at the end"
    )
    print(f"found: {sum(run.kinds.values())} of {len(run.kinds)} kinds")
    for kind, n in run.kinds.most_common():
        print(f"  {n:6} {kind}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--first", type=int, default=0, help="the first request's number")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="send the request of this number alone")
    parser.add_argument("--dir", type=Path, help="the directory of a ledger; it is added to")
    parser.add_argument("--postgres", help="an empty database's URL, for the example")
    parser.add_argument("--scale", type=float, default=0.001, help="of the example")
    options = parser.parse_args()
    numbers = range(options.first, options.first + options.count)
    if options.only is not None:
        numbers = range(options.only, options.only + 1)
    with tempfile.TemporaryDirectory(prefix="pinyuan-fuzz-") as name:
        folder = Path(name)
        directory = options.dir or example(folder, options.scale, options.postgres)
        return 1 if fuzz(directory, folder, options.seed, numbers) else 0


if __name__ == "__main__":
    sys.exit(main())
