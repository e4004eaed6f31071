"""Kill serving processes and their children under load, cut connections; hold what is left against every receipt.

    python tools/kill_servers.py [--postgres URL] [--seconds 60] [--workers 1 2] [--clients 8]

Hosts (a directory with keys and an anchor each, ``pinyuan serve``, one PostgreSQL for all) take
statements from clients in a closed loop. At random moments one of their processes is killed
(SIGKILL), or connections to the database are cut, one of these as often as another: the process that
was started, the one that writes, another one that it started, which serves, reads or indexes; one
connection, or all of both hosts. The first is started again at the same port, as a supervisor would;
the others the service replaces. Clients know nothing of that: what is not answered with 201 they submit again,
byte for byte, to any host, until it is; and now and then what was answered long ago.

In the end the hosts are told to stop. Then every statement must be in the log once, at the
index of its receipt; the receipt must verify, be under a root of the final log, and be the one
the ledger gives now and gave to every retry; and the log must pass verification with replay.
"""

import argparse
import contextlib
import http.client
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from crashes.hosts import (  # noqa: E402
    ANSWER_S,
    CUT,
    FINISH_S,
    ORIGIN,
    START_S,
    WRONGS,
    Host,
    cut,
    prepare,
    signer,
    statement,
)

from ledger.audit import Report, verify_ledger  # noqa: E402
from ledger.cose.receipt import verify_receipt  # noqa: E402
from ledger.errors import PinyuanError  # noqa: E402
from ledger.signer import log_public_key  # noqa: E402
from ledger.statements.envelope import parse_statement  # noqa: E402
from ledger.store.engine import make_engine  # noqa: E402
from ledger.store.ledger_reader import DatabaseReader  # noqa: E402
from ledger.store.reads import reading  # noqa: E402
from ledger.tlog.merkle import leaf_hash, root_from_path  # noqa: E402
from ledger.writing.log import Log  # noqa: E402
from ledger.writing.opening import open_log  # noqa: E402

PAUSE_S = 0.05  # before a client submits again
AGAIN = 0.2  # how often a client submits what it has a receipt for already


# Clients


@dataclass(slots=True)
class Figures:
    """What was tried and what was found."""

    kills: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    submitted: int = 0
    acknowledged: int = 0
    again: int = 0
    changed: int = 0
    lost: int = 0
    unproven: int = 0
    strangers: int = 0
    report: Report | None = None
    exits: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield what the program prints."""
        kinds = ", ".join(f"{self.kills[which]} {which}" for which in WRONGS)
        yield f"killed or cut            {self.kills.total()}: {kinds}"
        yield f"submitted                {self.submitted}"
        yield f"acknowledged             {self.acknowledged}"
        others = ", ".join(f"{count} {what}" for what, count in sorted(self.answers.items()))
        yield f"answers                  {others}"
        yield f"acknowledged, lost       {self.lost}"
        yield f"receipts that fail       {self.unproven}"
        yield f"submitted again          {self.again}"
        yield f"  another receipt        {self.changed}"
        yield f"entries of nobody        {self.strangers}"
        if self.report is not None:
            yield f"the log                  {self.report.size} entries, {self.report.seals} seals, replayed"
        yield f"exit codes               {self.exits}"
        yield from self.wrong

    def faultless(self) -> bool:
        """Return whether everything that was promised holds."""
        bad = self.lost or self.unproven or self.changed or self.strangers or any(self.exits)
        return not bad and not self.wrong and self.submitted == self.acknowledged


class Client(threading.Thread):
    """Submits statements one after the other, each until it has a receipt."""

    def __init__(self, number: int, ports: Sequence[int], figures: Figures, stop: threading.Event):
        super().__init__(name=f"client {number}", daemon=True)
        self._moments = random.Random(number)
        self._numbers = iter(range(number, 1 << 40, 1_000))
        self._ports, self._figures, self._stopping = ports, figures, stop
        self._connection: http.client.HTTPConnection | None = None
        self.acknowledged: dict[bytes, bytes] = {}
        """Receipt by statement."""
        self.submitted = self.again = self.changed = 0
        self.answers: Counter[str] = Counter()

    def run(self) -> None:
        deadline = None
        while not self._stopping.is_set():
            raw = statement(next(self._numbers))
            self.submitted += 1
            while (receipt := self._submit(raw)) is None:
                if self._stopping.is_set():
                    deadline = deadline or time.monotonic() + FINISH_S
                    if time.monotonic() > deadline:
                        return
                time.sleep(PAUSE_S)
            self.acknowledged[raw] = receipt
            if self._moments.random() < AGAIN:
                self._repeat()
        self._close()

    def _repeat(self) -> None:
        """Submit something that was acknowledged before."""
        raw = self._moments.choice(list(self.acknowledged))
        receipt = self._submit(raw)
        if receipt is not None:
            self.again += 1
            self.changed += receipt != self.acknowledged[raw]

    def _submit(self, raw: bytes) -> bytes | None:
        """Return the receipt of a statement, None where there was another answer or none."""
        if self._connection is None or self._moments.random() < 0.1:
            self._close()
            port = self._moments.choice(self._ports)
            self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
        try:
            headers = {"Content-Type": "application/cose"}
            self._connection.request("POST", "/entries", raw, headers)
            answer = self._connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.answers[type(error).__name__] += 1
            self._close()
            return None
        self.answers[str(answer.status)] += 1
        return body if answer.status == 201 else None

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


# What is left


def look(log: Log, clients: Sequence[Client], figures: Figures) -> None:
    """Hold the ledger against every receipt, and against itself."""
    url = log.engine.url.render_as_string(hide_password=False)
    with contextlib.closing(DatabaseReader(url)) as reader:
        figures.report = verify_ledger(reader, replay=True, workers=1, log_key=log.vkey)
    acknowledged = {
        raw: receipt for client in clients for raw, receipt in client.acknowledged.items()
    }
    key = log_public_key(log.vkey)
    with reading(log.engine) as snapshot:
        head = snapshot.head()
        rows = snapshot.driver.rows("SELECT idx, id FROM entries ORDER BY idx")
        places = {bytes(id_): index for index, id_ in rows}
        figures.strangers += [index for index, _ in rows] != list(range(head.size))
        # Genesis, the brand, the seals; a client that gave up may have one that is there.
        given_up = figures.submitted - len(acknowledged)
        known = sum(parse_statement(raw).id in places for raw in acknowledged)
        figures.strangers += head.size - figures.report.seals - 2 - known > given_up
        for raw, encoded in acknowledged.items():
            said = parse_statement(raw)
            index = places.get(said.id)
            if index is None or snapshot.leaf_range(index, index + 1) != [said.leaf]:
                figures.lost += 1
                continue
            try:
                found = verify_receipt(encoded, said.leaf, key, ORIGIN)
                root = root_from_path(
                    index=index, size=found.claims.size, leaf=leaf_hash(said.leaf), path=found.path
                )
                whole = log.publisher.tree(snapshot, found.claims.size).root() == root
            except PinyuanError:
                whole = False
            figures.unproven += not whole or found.index != index
    receipts = log.receipts(
        [
            places[parse_statement(raw).id]
            for raw in acknowledged
            if parse_statement(raw).id in places
        ]
    )
    for raw, encoded in acknowledged.items():
        index = places.get(parse_statement(raw).id)
        figures.changed += index is not None and receipts[index] != encoded


def hit(
    url: str,
    hosts: Sequence[Host],
    figures: Figures,
    moments: random.Random,
    *,
    seconds: float,
    every_s: float,
) -> None:
    """Kill and cut for so many seconds, what was hit least first, and each kind once at least."""
    until, engine = time.monotonic() + seconds, make_engine(url)
    while time.monotonic() < until or not all(figures.kills[one] for one in WRONGS):
        if time.monotonic() > until + START_S:
            figures.wrong.append(f"not all of {', '.join(WRONGS)} were there to be killed or cut")
            break
        time.sleep(moments.uniform(0, 2 * every_s))
        which = min(WRONGS, key=lambda one: (figures.kills[one], moments.random()))
        if which == CUT:
            figures.kills[which] += cut(engine, moments)
        else:
            figures.kills[which] += moments.choice(hosts).kill(which, moments)
    engine.dispose()


def rounds(
    url: str,
    folder: Path,
    *,
    workers: Sequence[int],
    clients: int,
    seconds: float,
    every_s: float,
    seed: int,
) -> Figures:
    """Serve, submit and kill for so many seconds; return what was found."""
    figures, stop = Figures(), threading.Event()
    folders = [folder / f"host {number}" for number in range(len(workers))]
    prepare(url, folders)
    hosts = [Host(home, count) for home, count in zip(folders, workers, strict=True)]
    try:
        for host in hosts:
            host.wait()
        ports = [host.port for host in hosts]
        threads = [Client(number, ports, figures, stop) for number in range(clients)]
        for thread in threads:
            thread.start()
        hit(url, hosts, figures, random.Random(seed), seconds=seconds, every_s=every_s)
        for host in hosts:
            host.wait()
        stop.set()
        for thread in threads:
            thread.join(2 * FINISH_S)
        figures.exits = [host.stop() for host in hosts]
    finally:
        stop.set()
        for host in hosts:
            host.end()
    figures.submitted = sum(thread.submitted for thread in threads)
    figures.acknowledged = sum(len(thread.acknowledged) for thread in threads)
    figures.again = sum(thread.again for thread in threads)
    figures.changed = sum(thread.changed for thread in threads)
    figures.answers = sum((thread.answers for thread in threads), Counter())
    engine = make_engine(url)
    try:
        log = open_log(engine, anchor_path=folders[0] / "anchor", signer=signer())
        if log.read_only is not None:
            figures.wrong.append(log.read_only)
        look(log, threads, figures)
    except PinyuanError as error:
        figures.wrong.append(str(error))
    finally:
        engine.dispose()
    return figures


def main() -> int:
    """Run and print the figures; exit 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--postgres", help="an empty database's URL; else a server from PyPI")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--every", type=float, default=0.7, help="mean seconds between kills")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="of each host")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    from bench_common import postgres

    with (
        postgres(options.postgres) as server,
        tempfile.TemporaryDirectory(prefix="kill-servers-") as folder,
    ):
        figures = rounds(
            server,
            Path(folder),
            workers=options.workers,
            clients=options.clients,
            seconds=options.seconds,
            every_s=options.every,
            seed=options.seed,
        )
    print(f"seed                     {options.seed}", *figures.lines(), sep="\n")
    return 0 if figures.faultless() else 1


if __name__ == "__main__":
    sys.exit(main())
