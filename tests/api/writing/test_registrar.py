"""One writing process for all serving processes of a directory: found, shared, killed, healed."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import settle
from world import BRAND, World

from api.http.metrics import Metrics
from api.writing import line, registrar
from api.writing.registrar import OverloadedError, Registrar, UnavailableError
from api.writing.wire import Accepted, Frames, Request, frame
from ledger.store.driver import transaction

ROOT = Path(__file__).parents[3]


@contextlib.asynccontextmanager
async def registering(folder: Path, count: int = 1) -> AsyncIterator[list[Registrar]]:
    """Start as many serving processes' registrars over one directory."""
    made = [Registrar(folder, None, Metrics()) for _ in range(count)]
    try:
        for item in made:
            await item.start()
        yield made
    finally:
        await asyncio.gather(*[item.close(5) for item in made])


@pytest.fixture
def folder(world: World) -> Path:
    world.party("brand", BRAND)
    return settle(world)


def readings(world: World, count: int, name: str = "r") -> list[bytes]:
    world.now_us = world.last_us()
    return [world.reading(f"{name} {number}") for number in range(count)]


async def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.02)


def writer_of(item: Registrar) -> subprocess.Popen:
    process = item._line._process
    assert process is not None
    return process


def test_serving_processes_share_a_writer_that_ends_with_the_last_of_them(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(line, "END_S", 0.2)
    said = readings(world, 4)

    async def tell() -> None:
        async with registering(folder, 3) as (first, second, third):
            assert second._line._process is None
            assert third._line._process is None
            answers = [
                item.submit([raw]) for item, raw in zip((first, second, third), said, strict=False)
            ]
            found = [(await answer)[0] for answer in answers]
            assert max(item.index for item in found) < 8, "each had a batch and a seal of its own"
            await first.close(5)
            assert writer_of(first).poll() is None
            (again,) = await second.submit([said[0]])
            assert (again.new, again.index) == (False, found[0].index)
            (later,) = await second.submit([said[3]])
            assert isinstance(later, Accepted)
            writer = writer_of(first)
        await asyncio.to_thread(writer.wait, 10)
        assert not (folder / "writer.sock").exists()

    asyncio.run(tell())
    world.check()


def test_a_killed_writer_is_replaced_and_shared_again(world: World, folder: Path):
    said = readings(world, 12)

    async def tell() -> None:
        async with registering(folder, 2) as both:

            def running() -> int:
                made = [item._line._process for item in both if item._line._process is not None]
                alive.clear()
                alive.extend(item for item in made if item.poll() is None)
                return len(alive)

            alive: list[subprocess.Popen] = []
            writers = set()
            for turn in range(3):
                assert running() == 1
                (process,) = alive
                writers.add(process.pid)
                process.send_signal(signal.SIGSTOP)
                lost = [item.submit([said[4 * turn + n]]) for n, item in enumerate(both)]
                await asyncio.sleep(0)
                process.kill()
                for answer in lost:
                    with pytest.raises(UnavailableError, match="what became of"):
                        await answer
                assert both[0].why_not() is not None
                # Who comes now waits for the next writer; who was told nothing asks again.
                again = [item.submit([said[4 * turn + n]]) for n, item in enumerate(both)]
                fresh = [item.submit([said[4 * turn + 2 + n]]) for n, item in enumerate(both)]
                for answer in again + fresh:
                    assert isinstance((await answer)[0], Accepted)
                assert [item.why_not() for item in both] == [None, None]
                await until(lambda: running() == 1, "there is more than one writer")
                assert [item.waiting for item in both] == [0, 0]
            assert len(writers) == 3

    asyncio.run(tell())
    assert world.check().size >= 4 + 12


def test_a_queue_that_would_be_waited_for_too_long_refuses_and_recovers(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(registrar, "LEAST", 6)
    monkeypatch.setattr(registrar, "MAX_WAIT_S", 0.0)
    monkeypatch.setattr(registrar, "MAX_CHUNKS", 150)
    said = readings(world, 120)

    async def tell() -> None:
        async with registering(folder) as (only,):
            writer_of(only).send_signal(signal.SIGSTOP)
            held = [only.submit([raw]) for raw in said[:6]]
            assert only.waiting == 6
            assert only.enter(single=True) is not None
            with pytest.raises(OverloadedError):
                only.submit([said[6]])
            chunk = only.submit(said)  # large ones wait in a line of their own
            held.append(only.submit(said))
            with pytest.raises(OverloadedError):
                only.submit(said)
            monkeypatch.setattr(registrar, "MAX_AGE_S", 0.0)
            assert only.enter(single=False).retry_after_s == 1
            monkeypatch.undo()
            writer_of(only).send_signal(signal.SIGCONT)
            assert len(await chunk) == len(said)
            for answer in held:
                assert all(isinstance(item, Accepted) for item in await answer)
            assert only.waiting == 0
            assert only.enter(single=True) is None

    asyncio.run(tell())


def test_a_turn_of_the_loop_takes_in_no_more_than_it_should(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(registrar, "LEAST", 2)
    monkeypatch.setattr(registrar, "LEAST_TURN", 3)
    said = readings(world, 8)

    async def tell() -> None:
        async with registering(folder) as (only,):
            only._per_s = 100.0  # as many as 10 may wait, but
            let_in = [only.enter(single=True) is None for _ in range(5)]
            assert let_in == [True, True, True, False, False]
            await asyncio.sleep(0)
            assert only.enter(single=True) is None
            await asyncio.sleep(0)
            held = [only.submit([raw]) for raw in said[:3]]
            with pytest.raises(OverloadedError):
                only.submit([said[3]])
            await asyncio.sleep(0)
            held += [only.submit([raw]) for raw in said[3:6]]
            for answer in held:
                assert isinstance((await answer)[0], Accepted)

    asyncio.run(tell())


def test_a_ledger_that_contradicts_itself_stops_registering_for_all(world: World, folder: Path):
    said = readings(world, 3)

    async def tell() -> None:
        async with registering(folder, 2) as (first, second):
            await first.submit([said[0]])
            with transaction(world.log.engine, write=True) as driver:
                driver.execute("UPDATE head SET chain = ?", bytes(32))
            with pytest.raises(UnavailableError, match="head row: chain is not what"):
                await first.submit([said[1]])
            await until(lambda: second.broken is not None, "the other one was not told")
            await asyncio.to_thread(writer_of(first).wait, 10)
            await asyncio.sleep(3 * registrar.FIRST_PAUSE_S)
            for item in (first, second):
                assert "head row" in (item.why_not() or "")
                with pytest.raises(UnavailableError):
                    item.submit([said[2]])
            assert first._mending is second._mending is None, "somebody must look first"

    asyncio.run(tell())


def test_a_writer_that_cannot_open_its_ledger_says_why(folder: Path):
    (folder / "operator.pem").unlink()

    async def tell() -> None:
        only = Registrar(folder, None, Metrics())
        with pytest.raises(UnavailableError, match=r"operator\.pem"):
            await only.start()
        await only.close(1)

    asyncio.run(tell())
    assert not (folder / "writer.sock").exists()


def test_a_directory_with_a_long_name_has_a_writer_too(tmp_path: Path):
    folder = tmp_path / ("d" * 100)
    folder.mkdir()
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    world.party("brand", BRAND)
    settle(world)
    said = readings(world, 2)

    async def tell() -> None:
        async with registering(folder, 2) as both:
            assert both[1]._line._process is None
            for item, raw in zip(both, said, strict=True):
                assert isinstance((await item.submit([raw]))[0], Accepted)

    asyncio.run(tell())
    world.log.engine.dispose()


def test_a_disk_that_turned_read_only_heals_without_a_restart(tmp_path: Path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if shutil.which("unshare") is None or subprocess.call(["unshare", "-Urm", "true"]):
        pytest.skip("unshare is not installed, or may not make a file system of its own here")
    ran = subprocess.run(
        ["unshare", "-Urm", sys.executable, Path(__file__).with_name("sick_service.py"), folder],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}:{ROOT / 'tests' / 'api'}"},
    )
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    for why in said["broken"], said["full"]:
        assert why.startswith(("database ", "anchor ")) or "ledger.sqlite-wal: " in why
    assert said["size"] > 0


@given(
    parts=st.lists(st.lists(st.binary(max_size=40), max_size=4), max_size=6),
    cuts=st.lists(st.integers(1, 50), min_size=1, max_size=30),
)
def test_frames_come_whole_however_they_are_cut(parts: list[list[bytes]], cuts: list[int]):
    sent = [Request(number, statements) for number, statements in enumerate(parts)]
    stream = b"".join(frame(item) for item in sent)
    frames, found, at = Frames(), [], 0
    while at < len(stream):
        size = cuts[at % len(cuts)]
        found += list(frames.feed(stream[at : at + size]))
        at += size
    assert [msgspec.msgpack.decode(raw, type=Request) for raw in found] == sent


def test_a_frame_longer_than_any_message_is_refused():
    with pytest.raises(ValueError, match="a frame of"):
        list(Frames().feed(b"\xff\xff\xff\xff"))
