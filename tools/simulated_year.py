"""Run a small platform for a simulated year, and print what memory and disk it takes by month.

A real ``pinyuan serve`` over SQLite takes a day's statements at once (``ecosystem.mix``: parties,
lots, inspections, sanctions, keys), and answers questions about them; the ledger's clock is
simulated and steps by a day. Each day is sealed. Each month the log is published (an export takes
the last one's place, and the service asks it), and ``pinyuan backup`` is taken while it is served;
three backups are kept. Each quarter the operator's key is rotated as OPERATING.md says, which
starts the service anew. In the end the newest backup is put back and the ledger is verified.

    python tools/simulated_year.py [--days 365] [--per-day 120] [--out DIR]

Memory is that of the service's processes; ``anew`` marks months in which they began. Standard
error is the service's log. Exit status 1 where the bytes for each entry or the memory at the
end of a quarter grow out of bounds: the last a fifth above the first.
"""

import argparse
import contextlib
import itertools
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
from bench_common import OPERATOR, ORIGIN, key_of
from ecosystem.beginnings import begin
from ecosystem.cast import Everybody, Numbers
from ecosystem.mix import WEIGHTS, asked_story
from ecosystem.pen import DAY_S, Setting
from load import memory_mib, serving

from ledger.cose.keys import PrivateKey, possession_message
from ledger.primitives import ijson
from ledger.primitives.clock import MICROSECONDS, SimulatedClock
from ledger.settings import Settings, read_settings, write_settings
from ledger.signer import KeySigner, write_key
from ledger.statements.envelope import NATIVE, sign_statement
from ledger.statements.fields import KeyBinding, Names, Text
from ledger.store.engine import make_engine
from ledger.writing.opening import create_log, open_log

START_S = 1_790_000_000
MONTH, QUARTER = 30, 90  # days
KEPT = 3  # backups
BRANDS = 12
GROWTH = 1.2
QUESTIONS_A_DAY = 25
LOG_KEY = key_of(1)


@dataclass
class Month:
    """Figures at the end of a month."""

    number: int
    entries: int
    memory_mib: float
    database_bytes: int
    bytes_each: float
    backup_bytes: int
    backup_s: float
    anew: bool


@dataclass
class Year:
    """The platform: its directory, what it says, what was measured."""

    home: Path
    dice: random.Random = field(default_factory=lambda: random.Random(1))
    operator_keys: list[PrivateKey] = field(default_factory=lambda: [key_of(2)])
    day: int = 0
    entries: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    months: list[Month] = field(default_factory=list)

    def __post_init__(self) -> None:
        setting = Setting(ORIGIN, START_S, DAY_S)
        self.share = begin(1, Everybody(setting, Numbers()), BRANDS, observers=5)
        self.asked = asked_story(self.share)
        self.first = [*self.share.all.pen.out, *self.share.pen.out]
        self.share.pen.out.clear()
        self._events, self._weights = zip(*WEIGHTS, strict=True)

    @property
    def directory(self) -> Path:
        return self.home / "ledger"

    @property
    def now_us(self) -> int:
        return (START_S + self.day * DAY_S) * MICROSECONDS

    def create(self) -> None:
        """Make the ledger, its keys and its settings."""
        self.directory.mkdir()
        settings = Settings(
            directory=self.directory,
            origin=ORIGIN,
            operator=OPERATOR,
            db="ledger.sqlite",
            clock="simulated",
            log_key=self.directory / "log.pem",
            operator_key=self.directory / "operator.pem",
            anchor=self.directory / "anchor",
            published=(str(self.home / "published"),),
        )
        write_key(settings.log_key, LOG_KEY)
        write_key(settings.operator_key, self.operator_keys[0])
        write_settings(settings, settings.db)
        create_log(
            make_engine(settings.database_url),
            anchor_path=settings.anchor,
            clock=SimulatedClock(self.now_us - DAY_S * MICROSECONDS),
            signer=self.signer(),
            operator=OPERATOR,
            names=Names(en=Text("A small platform")),
        ).engine.dispose()

    def signer(self) -> KeySigner:
        return KeySigner(ORIGIN, LOG_KEY, self.operator_keys[-1])

    def tell(self, count: int) -> list[bytes]:
        """Return what is said in a day."""
        pen = self.share.pen
        pen.now_s, pen.registered_us = START_S + self.day * DAY_S, self.now_us
        while len(pen.out) < count:
            self.dice.choices(self._events, self._weights)[0](self.share)
        said = list(pen.out)
        pen.out.clear()
        return said

    def heartbeat(self) -> None:
        """Seal a day, beside the service: its next batch goes on from there."""
        settings = read_settings(self.directory, {})
        engine = make_engine(settings.database_url)
        clock = SimulatedClock(self.now_us)
        open_log(engine, anchor_path=settings.anchor, clock=clock, signer=self.signer()).heartbeat()
        engine.dispose()

    def submit(self, client: httpx.Client, statements: list[bytes]) -> None:
        """Hand statements in as one request."""
        answer = client.post(
            "/entries/batch",
            content=b"".join(statements),
            headers={"content-type": "application/cbor-seq"},
        )
        answer.raise_for_status()
        for row in answer.json()["statements"]:
            for refusal in row.get("refusals", ()):
                self.refused[refusal["rule"]] = self.refused.get(refusal["rule"], 0) + 1

    def ask(self, client: httpx.Client) -> None:
        """Ask what a day asks: shops, shoppers, auditors."""
        size = self.entries = int(client.get("/checkpoint").text.split("\n")[1])
        sale = {"trader": self.asked.trader, "product": self.asked.product}
        sale |= {"territory": "CN", "channel": "mall.example"}
        kinds = itertools.cycle(
            (
                ("/v1/may-sell", sale),
                ("/v1/may-sell", sale | {"bundle": "1"}),
                (f"/v1/entries/{self.dice.randrange(size)}", {}),
                ("/v1/entries", {"limit": "20"}),
                ("/metrics", {}),
                (f"/v1/proofs/{self.dice.randrange(size)}", {}),
            )
        )
        for path, query in itertools.islice(kinds, QUESTIONS_A_DAY):
            client.get(path, params=query).raise_for_status()

    def rotate(self, client: httpx.Client) -> None:
        """Introduce the operator's next key; the service has to be started with it."""
        old, new = self.operator_keys[-1], key_of(1_000_000 + self.day)
        proof = new.sign(possession_message(new.public, origin=ORIGIN, party=OPERATOR))
        fields = {"key": KeyBinding.of(new.public, proof)}
        self._must(client, self._by_operator("key", fields, old))
        path = self.directory / "operator.pem"
        path.unlink()
        write_key(path, new)
        self.operator_keys.append(new)

    def revoke_last(self, client: httpx.Client) -> None:
        """End the key before: the service seals with the new one."""
        *_, old, new = self.operator_keys
        fields = {"kid": old.public.kid.hex(), "reason": "retired"}
        self._must(client, self._by_operator("key-revocation", fields, new))

    def _must(self, client: httpx.Client, statement: bytes) -> None:
        before = dict(self.refused)
        self.submit(client, [statement])
        if self.refused != before:
            msg = f"the operator's own statement was refused: {self.refused}"
            raise RuntimeError(msg)

    def _by_operator(self, type_: str, fields: dict[str, object], key: PrivateKey) -> bytes:
        import msgspec

        body = msgspec.to_builtins({"v": 1, "type": type_} | fields)
        return sign_statement(
            key,
            ijson.encode(body),
            issuer=OPERATOR,
            subject=OPERATOR,
            issued_at=self.now_us // MICROSECONDS,
            audience=ORIGIN,
            content_type=NATIVE,
        )


def command(*words: object) -> str:
    """Run a command of the ledger; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "ledger.cli.main", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        msg = f"{words[0]}: {done.stderr.strip()}"
        raise RuntimeError(msg)
    return done.stdout


def publish(year: Year) -> None:
    """Put a new export in the place of the last one."""
    command("export", year.home / "next", "--dir", year.directory)
    shutil.rmtree(year.home / "published", ignore_errors=True)
    (year.home / "next").rename(year.home / "published")


def back_up(year: Year) -> dict[str, float]:
    """Take a backup while the service runs; keep the newest few."""
    backups = year.home / "backups"
    backups.mkdir(exist_ok=True)
    folder = backups / f"{year.day:04d}"
    found = command("backup", folder, "--dir", year.directory, "--with-keys", "--json")
    for old in sorted(backups.iterdir())[:-KEPT]:
        shutil.rmtree(old)
    row: dict[str, float] = json.loads(found)
    return row


def database_bytes(year: Year) -> int:
    """Return what the database takes, its journal with it."""
    return sum(path.stat().st_size for path in year.directory.glob("ledger.sqlite*"))


def end_of_month(year: Year, process: subprocess.Popen[bytes], *, anew: bool) -> None:
    """Publish, back up, measure, print."""
    publish(year)
    backup = back_up(year)
    before = year.months[-1] if year.months else None
    size, there = database_bytes(year), year.entries
    grown = there - (before.entries if before else 0)
    each = (size - (before.database_bytes if before else 0)) / max(grown, 1)
    month = Month(
        number=len(year.months) + 1,
        entries=there,
        memory_mib=memory_mib(process),
        database_bytes=size,
        bytes_each=each,
        backup_bytes=int(backup["bytes"]),
        backup_s=backup["seconds"],
        anew=anew,
    )
    year.months.append(month)
    print(
        f"{month.number:5d} {month.entries:9,d} {month.memory_mib:10.0f} "
        f"{month.database_bytes / 2**20:10.1f} {month.bytes_each:12.0f} "
        f"{month.backup_bytes / 2**20:10.1f} {month.backup_s:9.1f}  {'anew' if anew else ''}",
        flush=True,
    )


@contextlib.contextmanager
def served(year: Year) -> Iterator[tuple[httpx.Client, "subprocess.Popen[bytes]"]]:
    """Serve the ledger; give a client and the process."""
    with serving(year.directory, 1) as (port, process):
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, timeout=120) as client:
            yield client, process


def live(year: Year, days: int, per_day: int) -> None:
    """Live through the days, a quarter to a run of the service."""
    first = True
    while year.day < days:
        with served(year) as (client, process):
            if first:
                year.heartbeat()
                year.submit(client, year.first)
                first = False
            elif len(year.operator_keys) > 1:
                year.revoke_last(client)
            stop = min(days, year.day + QUARTER)
            anew = True
            while year.day < stop:
                year.day += 1
                year.heartbeat()
                year.submit(client, year.tell(per_day))
                year.ask(client)
                if year.day % MONTH == 0:
                    end_of_month(year, process, anew=anew)
                    anew = False
            if year.day < days:
                year.rotate(client)


def judge(year: Year) -> list[str]:
    """Return what grows out of bounds."""
    wrong = []
    first, last = year.months[1], year.months[-1]  # the first month holds what everything rests on
    ratio = last.bytes_each / first.bytes_each
    print(f"bytes for each entry, month {last.number} to month {first.number}: {ratio:.2f}")
    if ratio > GROWTH:
        wrong.append(f"bytes for each entry grew by {ratio:.2f}")
    ends = [month for month in year.months if month.number % (QUARTER // MONTH) == 0]
    if len(ends) > 1:
        ratio = ends[-1].memory_mib / ends[0].memory_mib
        print(f"memory at the end of the last quarter to that of the first: {ratio:.2f}")
        if ratio > GROWTH:
            wrong.append(f"memory grew by {ratio:.2f}")
    return wrong


def main() -> int:
    """Live through a year, print the figures, verify."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--per-day", type=int, default=120)
    parser.add_argument("--out", type=Path, help="keep it here")
    options = parser.parse_args()
    began = time.perf_counter()
    with contextlib.ExitStack() as stack:
        home = options.out or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="year-")))
        home.mkdir(exist_ok=True)
        year = Year(home)
        year.create()
        print("month   entries memory MiB   db MiB   bytes/entry backup MiB  backup s", flush=True)
        live(year, options.days, options.per_day)
        wrong = judge(year)
        newest = max((home / "backups").iterdir())
        command("restore", newest, "--dir", home / "restored")
        command("db", "anchor", "--dir", home / "restored")
        print(command("verify", "ledger", "--replay", "--dir", year.directory).splitlines()[0])
        print(f"{len(year.operator_keys)} operator keys; refused by rule: {year.refused or 'none'}")
        kept = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
        print(f"{kept / 2**20:.0f} MiB in all, {time.perf_counter() - began:.0f} s")
    for item in wrong:
        print(item)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
