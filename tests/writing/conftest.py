"""What stories of keeping a ledger need: an administrator, backups, receipts, other processes."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
import scitt_cose
from sqlalchemy import text
from sqlalchemy.engine import make_url
from world import BRAND, ORIGIN, World

from ledger.cose.keys import public_to_pem
from ledger.cose.receipt import Receipt, verify_receipt
from ledger.files.anchor import Anchor
from ledger.signer import log_public_key
from ledger.statements.envelope import parse_statement
from ledger.store.engine import make_engine
from ledger.store.reads import Snapshot
from ledger.writing import publisher as publisher_module
from ledger.writing.publisher import Publisher

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def postgres(postgres: str) -> str:
    """Return the server, told that no power cut threatens its files: it stops at once."""
    if not os.environ.get("PINYUAN_TEST_POSTGRES"):
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
    return postgres


@pytest.fixture
def passing() -> Iterator[Callable[[str], str]]:
    """Return what marks a database to be dropped behind the test: stopping stays quick."""
    urls: list[str] = []

    def mark(url: str) -> str:
        urls.append(url)
        return url

    yield mark
    for url in map(make_url, urls):
        if url.get_backend_name() == "postgresql":
            server = url.set(database="postgres").render_as_string(hide_password=False)
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {url.database} WITH (FORCE)")


@pytest.fixture
def database(database: str, passing: Callable[[str], str]) -> str:
    """Return the URL of an empty database that is gone behind the test."""
    return passing(database)


class Crash(BaseException):
    """The process ends here: nothing catches it."""


@pytest.fixture
def crash() -> type[Crash]:
    return Crash


@pytest.fixture
def told(any_world: World) -> World:
    """Return a world with a brand and a reading: entries 2 to 5, seals at 3 and 5."""
    any_world.party("brand", BRAND)
    any_world.accept(any_world.reading("first"))
    return any_world


@pytest.fixture
def fail_at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AbstractContextManager[None]]:
    """Return what lets publishing end at one of its stages, before that stage does anything."""

    @contextmanager
    def failing(stage: str, error: BaseException) -> Iterator[None]:
        def fail(*_: object, **__: object) -> None:
            raise error

        target, name = {
            "read back": (Snapshot, "leaf_range"),
            "sign": (Publisher, "sign"),
            "store": (publisher_module, "store_checkpoint"),
            "anchor": (Anchor, "advance"),
        }[stage]
        with monkeypatch.context() as patch:
            patch.setattr(target, name, fail)
            yield

    return failing


@pytest.fixture
def crash_at(fail_at: Callable) -> Callable[[World, str], list[bytes]]:
    """Return what registers two statements in a process that ends at a stage behind COMMIT."""

    def crashing(world: World, stage: str) -> list[bytes]:
        raws = [world.reading("x"), world.reading("y")]
        with fail_at(stage, Crash()), pytest.raises(Crash):
            world.register(*raws)
        world.clock.next_us = None
        return raws

    return crashing


@pytest.fixture
def administer() -> Callable[..., None]:
    """Return what changes a database behind the ledger's back: no trigger stops it."""

    def change(world: World, sql: str, **values: object) -> None:
        engine = make_engine(world.url)
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
                for (name,) in connection.execute(text(triggers)).all():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(text("SET session_replication_role = replica"))
            assert connection.execute(text(sql), values).rowcount == 1, sql
        engine.dispose()

    return change


@pytest.fixture
def backup(passing: Callable[[str], str]) -> Callable[[World], str]:
    """Return what copies a world's database and returns the copy's URL."""

    def copy(world: World) -> str:
        world.log.engine.dispose()
        name = f"ledger_{secrets.token_hex(6)}"
        url = make_url(world.url)
        if url.get_backend_name() == "sqlite":
            target = world.folder / name
            shutil.copy(str(url.database), target)
            return f"sqlite:///{target}"
        with psycopg.connect(world.url, autocommit=True, dbname="postgres") as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {url.database}")
        return passing(world.url.replace(str(url.database), name))

    return copy


@pytest.fixture
def verified() -> Callable[[World, int, bytes], Receipt]:
    """Return what checks an entry's receipt, by our verifier and one that shares no code with it."""

    def check(world: World, index: int, raw: bytes) -> Receipt:
        leaf, key = parse_statement(raw).leaf, log_public_key(world.log.vkey)
        encoded = world.log.receipt(index)
        elsewhere = scitt_cose.verify_receipt(
            encoded, leaf_entry_hex=leaf.hex(), log_public_key_pem=public_to_pem(key)
        )
        assert elsewhere.ok, elsewhere
        receipt = verify_receipt(encoded, leaf, key, ORIGIN)
        assert receipt.index == index
        return receipt

    return check


class Appender:
    """Another process that registers statements into a world's ledger."""

    def __init__(self, world: World, name: str, count: int, batch: int) -> None:
        self.name = name
        program = [sys.executable, HERE / "appender.py", world.url, world.folder / "anchor"]
        self.process = subprocess.Popen(
            [*program, name, str(count), str(batch)],
            env=os.environ | {"PYTHONPATH": f"{HERE.parent.parent}:{HERE.parent}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.line()

    def line(self) -> str:
        """Return the next line it says, empty at its end."""
        return self.process.stdout.readline()

    def go(self) -> None:
        """Let it begin."""
        self.process.stdin.close()

    def acknowledged(self) -> dict[int, str]:
        """Wait until it has ended; return id by index of what was acknowledged since."""
        lines = [line.split() for line in self.process.stdout]
        self.process.wait()
        return {int(index): id_ for index, id_ in lines}


@pytest.fixture
def appenders() -> Iterator[Callable[..., Appender]]:
    """Return what starts other processes; all of them have ended behind the test."""
    started: list[Appender] = []

    def start(world: World, name: str, *, count: int, batch: int = 1) -> Appender:
        started.append(Appender(world, name, count, batch))
        return started[-1]

    yield start
    for appender in started:
        appender.process.kill()
        appender.process.wait()
        appender.process.stdin.close()
        appender.process.stdout.close()
