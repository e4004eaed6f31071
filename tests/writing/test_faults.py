"""Disks that are full or read-only, databases that hang up: a sentence, no harm, and on it goes."""

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from conftest import ROOT, new_database
from world import BRAND, World

from ledger.errors import StorageError
from ledger.signer import KeySigner
from ledger.store import engine as engine_module
from ledger.store.append import Writer, writing
from ledger.store.reads import Snapshot, reading

STEPS = ["locked_head", "append_entries", "append_groups", "put_pages", "put_head"]


@pytest.fixture
def on_postgresql(postgres: str, passing: Callable, tmp_path: Path) -> Iterator[World]:
    """Return a world on PostgreSQL with a brand."""
    made = World(tmp_path, passing(new_database(postgres)))
    made.party("brand", BRAND)
    yield made
    made.log.engine.dispose()


def hang_up(world: World) -> None:
    """End every session of the ledger's with the database, as a restart of it would."""
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def behind(monkeypatch, owner: type, name: str, then: Callable[[], None]) -> None:
    """Let something happen once, right behind a method's work."""
    method = getattr(owner, name)

    def call(*arguments: object) -> object:
        found = method(*arguments)
        monkeypatch.setattr(owner, name, method)
        then()
        return found

    monkeypatch.setattr(owner, name, call)


def assert_published(world: World, size: int) -> None:
    """Check that all of the ledger is under a stored and anchored checkpoint."""
    with reading(world.log.engine) as snapshot:
        assert snapshot.head().size == size
        assert snapshot.newest_checkpoint().size == size
    assert world.anchor().read()[0].size == size


# Full and read-only disks


@contextlib.contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """Let every write beyond a file size fail in this process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("pages", [0, 1, 5, 9])
def test_a_write_the_disk_refuses_is_told_and_done_again_later(world: World, pages):
    world.party("brand", BRAND)
    raw, before = world.reading("x"), world.check()
    size = (world.folder / "ledger.sqlite-wal").stat().st_size + 4096 * pages
    with files_no_longer_than(size), pytest.raises(StorageError, match=r"^database .*: "):
        world.register(raw)
    assert world.check() == before
    assert world.accept(raw).index == before.size
    assert_published(world, before.size + 2)
    world.check()


def test_a_disk_that_fills_up_or_turns_read_only_does_no_harm(tmp_path: Path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if shutil.which("unshare") is None or subprocess.call(["unshare", "-Urm", "true"]):
        pytest.skip("unshare is not installed, or may not make a file system of its own here")
    ran = subprocess.run(
        ["unshare", "-Urm", sys.executable, Path(__file__).with_name("sick_disk.py"), folder],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
    )
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    refused = [sentence for sentence in said["full"] if sentence is not None]
    assert refused, "the disk was never full"
    assert len(refused) < len(said["full"]), "the disk was always full"
    assert all(sentence.startswith(("database ", "anchor ")) for sentence in refused), refused
    assert said["read-only"].startswith("database ")


def test_a_database_opened_read_only_can_be_read_and_says_why_not_written(world: World):
    world.party("brand", BRAND)
    path = world.folder / "ledger.sqlite"
    before, url = world.check(), world.url
    world.url = f"sqlite:///file:{path}?mode=ro&uri=true"
    keeper = engine_module.make_engine(url)  # another process, without which there is no WAL
    with reading(keeper) as snapshot:
        snapshot.head()
        world.reopen()
        with pytest.raises(StorageError, match="attempt to write a readonly database"):
            world.register(world.reading("x"))
        assert world.log.receipt(2)
    keeper.dispose()
    world.url = url
    world.reopen()
    assert world.accept(world.reading("x")).index == before.size
    world.check()


def test_a_database_somebody_else_keeps_locked_is_waited_for_then_told(world: World, monkeypatch):
    world.party("brand", BRAND)
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_MS", 50)
    holder = engine_module.make_engine(world.url)
    world.reopen()
    raw = world.reading("x")
    with writing(holder), pytest.raises(StorageError, match="database is locked"):
        world.register(raw)
    holder.dispose()
    assert world.accept(raw).index == 4
    world.check()


# Databases that hang up


@contextlib.contextmanager
def out_of_reach(world: World) -> Iterator[None]:
    """Let nobody connect to a world's database."""
    if world.url.startswith("sqlite"):
        world.log.engine.dispose()
        path = world.folder / "ledger.sqlite"
        path.rename(world.folder / "elsewhere")
        path.mkdir()
        yield
        path.rmdir()
        (world.folder / "elsewhere").rename(path)
        return
    name = world.url.rpartition("/ledger_")[2].partition("?")[0]
    server = world.url.replace(f"/ledger_{name}?", "/postgres?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE ledger_{name} ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [f"ledger_{name}"],
        )
        yield
        connection.execute(f"ALTER DATABASE ledger_{name} ALLOW_CONNECTIONS true")


def test_a_database_nobody_can_connect_to_is_a_sentence_until_it_is_back(any_world: World):
    any_world.party("brand", BRAND)
    log, raw = any_world.log, any_world.reading("x")
    with out_of_reach(any_world):
        for attempt in (lambda: log.register([raw]), lambda: log.receipt(2), any_world.reopen) * 2:
            with pytest.raises(StorageError, match=r"^database .*: "):
                attempt()
    assert log.register([raw])[0].index == 4
    any_world.check()


def test_sessions_that_ended_between_batches_cost_one_attempt(on_postgresql: World):
    world = on_postgresql
    for number in range(3):
        raw, size = world.reading(f"{number}"), world.check().size
        hang_up(world)
        with pytest.raises(StorageError, match=r"^database .*: "):
            world.log.register([raw])
        (outcome,) = world.log.register([raw])
        assert (outcome.index, outcome.new) == (size, True)
        assert_published(world, size + 2)
    world.check()


def test_sessions_that_ended_cost_a_reader_one_attempt(on_postgresql: World):
    world = on_postgresql
    receipt = world.log.receipt(2)
    hang_up(world)
    with pytest.raises(StorageError, match=r"^database .*: "):
        world.log.receipt(2)
    assert world.log.receipt(2) == receipt


def assert_taken_once(world: World, raw: bytes) -> None:
    """Check that an attempt fails and the next one succeeds, that it is there once, and signed."""
    size = world.check().size
    with pytest.raises(StorageError, match=r"^database .*: "):
        world.log.register([raw])
    assert world.log.register([raw])[0].index == size
    assert_published(world, size + 2)
    assert world.log.register([raw])[0].index == size
    assert world.check().size == size + 2


@pytest.mark.parametrize("step", STEPS)
def test_a_session_that_ends_before_commit_leaves_nothing(on_postgresql: World, monkeypatch, step):
    behind(monkeypatch, Writer, step, lambda: hang_up(on_postgresql))
    assert_taken_once(on_postgresql, on_postgresql.reading("x"))


def test_a_session_that_ends_during_commit_registers_exactly_once(
    on_postgresql: World, monkeypatch
):
    # COMMIT was carried out and its answer lost: unknown is not failed.
    def lost() -> None:
        hang_up(on_postgresql)
        msg = "server closed the connection unexpectedly"
        raise psycopg.OperationalError(msg)

    behind(monkeypatch, psycopg.Connection, "commit", lost)
    assert_taken_once(on_postgresql, on_postgresql.reading("x"))


@pytest.mark.parametrize(
    ("owner", "name"),
    [(Snapshot, "leaf_range"), (KeySigner, "sign_log")],
    ids=["when it was read back", "when it was signed"],
)
def test_a_session_that_ends_behind_commit_registers_exactly_once(
    on_postgresql: World, monkeypatch, owner, name
):
    behind(monkeypatch, owner, name, lambda: hang_up(on_postgresql))
    assert_taken_once(on_postgresql, on_postgresql.reading("x"))


def test_a_heartbeat_signs_what_was_left_unsigned(told: World, fail_at: Callable):
    raw, size = told.reading("x"), told.check().size
    with fail_at("sign", StorageError("it is gone")), pytest.raises(StorageError):
        told.log.register([raw])
    with reading(told.log.engine) as snapshot:
        assert snapshot.newest_checkpoint().size == size
    assert told.log.heartbeat() is False
    assert_published(told, size + 2)
    assert told.log.register([raw])[0].new is False
    told.check()
