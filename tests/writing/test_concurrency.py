"""Several threads, several processes, and processes that are killed: one contiguous ledger."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from world import BRAND, World

from ledger.errors import StorageError
from ledger.store.append import store_checkpoint, writing
from ledger.store.reads import reading
from ledger.writing.log import Log, Registered

THREADS = 8


@pytest.fixture
def shared(any_world: World) -> World:
    """Return a world with a brand; its clock goes on by itself."""
    any_world.party("brand", BRAND)
    return any_world


def ids_of(world: World) -> list[str]:
    """Return the ids of all entries, in order."""
    with reading(world.log.engine) as snapshot:
        rows = snapshot.driver.rows("SELECT idx, id FROM entries ORDER BY idx")
    assert [index for index, _ in rows] == list(range(len(rows)))
    return [bytes(id_).hex() for _, id_ in rows]


def assert_there(world: World, acknowledged: dict[int, str]) -> None:
    """Check that what was acknowledged is there, at its index, once."""
    stored = ids_of(world)
    assert {index: stored[index] for index in acknowledged} == acknowledged
    assert len(set(stored)) == len(stored)


def test_threads_share_batches_and_each_gets_its_own_outcomes(shared, monkeypatch):
    batches, write = [], Log._write

    def slow(log: Log, batch: list, **options: int) -> bool:
        batches.append(len(batch))
        time.sleep(0.02)  # long enough for the others to queue up
        return write(log, batch, **options)

    monkeypatch.setattr(Log, "_write", slow)
    barrier = threading.Barrier(THREADS)
    said = {
        name: [[shared.reading(f"{name} {call} {i}") for i in range(3)] for call in range(4)]
        for name in range(THREADS)
    }

    def register(name: int) -> list:
        barrier.wait()
        return [shared.log.register([b"", *raws]) for raws in said[name]]

    with ThreadPoolExecutor(THREADS) as pool:
        answers = dict(zip(said, pool.map(register, said), strict=True))
    indices = []
    with reading(shared.log.engine) as snapshot:
        for name, calls in answers.items():
            for raws, (malformed, *outcomes) in zip(said[name], calls, strict=True):
                assert malformed.refusals[0].rule == "malformed"
                assert all(isinstance(o, Registered) and o.new for o in outcomes)
                mine = [outcome.index for outcome in outcomes]
                assert mine == list(range(mine[0], mine[0] + 3))
                assert snapshot.leaf_range(mine[0], mine[0] + 3) == raws
                indices += mine
    assert len(set(indices)) == THREADS * 4 * 3
    assert max(batches) > 4, "nobody shared a batch"
    shared.check()


def test_threads_that_send_the_same_statement_agree_on_its_index(shared):
    raw, barrier = shared.reading("all of us"), threading.Barrier(THREADS)

    def register(_: int) -> Registered:
        barrier.wait()
        return shared.log.register([raw])[0]

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(register, range(THREADS)))
    assert {outcome.index for outcome in outcomes} == {4}
    assert sum(outcome.new for outcome in outcomes) == 1
    assert shared.check().size == 6


def test_an_error_befalls_every_caller_of_the_batch_and_nobody_else(shared, monkeypatch):
    write, started, go_on = Log._write, threading.Event(), threading.Event()

    def fail_for_many(log: Log, batch: list, **options: int) -> bool:
        if len(batch) > 1:
            raise StorageError("the disk is full")
        if batch:
            started.set()
            assert go_on.wait(10)
        return write(log, batch, **options)

    monkeypatch.setattr(Log, "_write", fail_for_many)

    def register(text: str) -> list | str:
        try:
            return shared.log.register([shared.reading(text)])
        except StorageError as error:
            return str(error)

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(register, "first")
        assert started.wait(10)
        others = [pool.submit(register, f"other {i}") for i in range(2)]
        while len(shared.log._queue) < 2:
            time.sleep(0.001)
        go_on.set()
        assert first.result()[0].index == 4
        assert [other.result() for other in others] == ["the disk is full"] * 2
    monkeypatch.undo()
    assert shared.accept(shared.reading("other 0")).index == 6
    shared.check()


def test_a_batch_waits_for_the_one_that_another_writer_is_at(shared):
    with ThreadPoolExecutor(1) as pool:
        with writing(shared.log.engine) as writer:
            assert writer.locked_head().size == 4
            waiting = pool.submit(shared.log.register, [shared.reading("x")])
            with pytest.raises(TimeoutError):
                waiting.result(0.2)
        assert waiting.result(10)[0].index == 4
    shared.check()


def test_two_processes_make_one_ledger(shared, appenders):
    shared.log.engine.dispose()
    both = [appenders(shared, name, count=60, batch=3) for name in ("left", "right")]
    for appender in both:
        appender.go()
    left, right = (appender.acknowledged() for appender in both)
    assert len(left) == len(right) == 60
    assert not left.keys() & right.keys()
    assert [appender.process.returncode for appender in both] == [0, 0]
    assert_there(shared, left | right)
    assert min(left) < max(right), "they took no turns"
    assert min(right) < max(left), "they took no turns"
    report = shared.check()
    assert report.size == 4 + 120 + report.seals - 2
    assert report.checkpoints == report.seals
    shared.reopen()
    assert shared.log.read_only is None
    shared.accept(shared.reading("and we go on"))


def test_two_processes_that_register_the_same_agree(shared, appenders):
    shared.log.engine.dispose()
    both = [appenders(shared, "the same", count=40) for _ in range(2)]
    for appender in both:
        appender.go()
    one, other = (appender.acknowledged() for appender in both)
    assert one == other
    assert_there(shared, one)
    assert shared.check().size == 4 + 40 + 40


def test_killing_one_of_two_processes_loses_nothing_and_stops_nobody(shared, appenders):
    moments = random.Random(7)  # moments, no secrets
    survivor = appenders(shared, "survivor", count=0)
    doomed = [appenders(shared, f"doomed {i}", count=0, batch=2) for i in range(4)]
    survivor.go()
    seen: dict[int, str] = {}
    for appender in doomed:
        appender.go()
        for _ in range(moments.randrange(2, 8)):
            index, id_ = appender.line().split()
            seen[int(index)] = id_
        time.sleep(moments.random() / 50)
        appender.process.kill()
        seen |= {int(i): id_ for i, id_ in map(str.split, appender.process.stdout)}
        for _ in range(5):  # the other one goes on, and nobody mends anything for it
            index, id_ = survivor.line().split()
            seen[int(index)] = id_
    survivor.process.kill()
    seen |= survivor.acknowledged()
    shared.reopen()
    assert shared.log.read_only is None
    assert_there(shared, seen)
    assert shared.log.anchor.read()[0].size <= shared.check().size
    for index in seen:
        shared.log.receipt(index)
    shared.accept(shared.reading("and we go on"))
    shared.check()


def test_two_processes_that_sign_the_same_checkpoint_both_succeed(shared):
    # One that opens the ledger signs what it finds unsigned, while its writer is about to.
    engine, barrier = shared.log.engine, threading.Barrier(THREADS)
    with reading(engine) as snapshot:
        newest = snapshot.checkpoint(4)

    def store(size: int) -> None:
        barrier.wait()
        store_checkpoint(engine, replace(newest, size=size))

    with ThreadPoolExecutor(THREADS) as pool:
        for size in range(1_000, 1_010):
            assert list(pool.map(store, [size] * THREADS)) == [None] * THREADS
    with reading(engine) as snapshot:
        assert snapshot.checkpoint_sizes() == [2, 4, *range(1_000, 1_010)]
