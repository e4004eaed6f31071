"""What a crash leaves, at every stage of a batch, and what opening makes of it."""

import pytest
from world import BRAND, World

from ledger.errors import ReadOnlyError, StorageError
from ledger.files.anchor import Anchor
from ledger.store.append import Writer
from ledger.store.reads import reading
from ledger.writing import publisher as publisher_module
from ledger.writing.log import Registered

BEHIND_COMMIT = ["read back", "sign", "store", "anchor"]
BEFORE_COMMIT = [
    "append_entries",
    "fill_tiles",
    "append_seals",
    "append_groups",
    "put_pages",
    "put_head",
]


def size_of(world: World) -> int:
    with reading(world.log.engine) as snapshot:
        return snapshot.head().size


def newest_note(world: World) -> str | None:
    """Return the checkpoint stored for the ledger's size."""
    with reading(world.log.engine) as snapshot:
        stored = snapshot.checkpoint(snapshot.head().size)
    return stored and stored.note


def anchored(world: World) -> int:
    return world.anchor().read()[0].size


def fail_behind(monkeypatch, name: str, error: BaseException) -> None:
    """Let a batch end right after one of the writer's steps."""
    step = getattr(Writer, name)

    def fail(*arguments: object) -> None:
        step(*arguments)
        raise error

    monkeypatch.setattr(Writer, name, fail)


@pytest.mark.parametrize("stage", BEHIND_COMMIT)
def test_a_crash_behind_commit_is_mended_by_opening(told, crash_at, stage, verified):
    raws = crash_at(told, stage)
    told.reopen()
    assert told.log.read_only is None
    assert size_of(told) == 9
    for index, raw in enumerate(raws, 6):
        verified(told, index, raw)
    again = told.register(*raws)
    assert [(o.index, o.new) for o in again] == [(6, False), (7, False)]
    assert told.accept(told.reading("later")).index == 9
    told.check()


def test_the_checkpoint_signed_after_a_crash_is_the_one_that_was_signed_before_it(
    told, monkeypatch, crash
):
    signed = []

    def store(_engine: object, checkpoint: object) -> None:
        signed.append(checkpoint)
        raise crash

    with monkeypatch.context() as patch:
        patch.setattr(publisher_module, "store_checkpoint", store)
        with pytest.raises(crash):
            told.register(told.reading("x"))
    told.reopen()
    with reading(told.log.engine) as snapshot:
        assert [snapshot.checkpoint(8)] == signed


@pytest.mark.parametrize("stage", BEHIND_COMMIT)
def test_opening_after_a_crash_brings_the_anchor_up_to_what_is_published(told, crash_at, stage):
    # Receipts go out again once it is open: an older backup must not be taken for the newest.
    crash_at(told, stage)
    told.reopen()
    assert anchored(told) == size_of(told)


def test_opening_writes_the_anchor_again_before_it_publishes(told, crash_at, monkeypatch):
    """What a flush that failed left in it is readable, and may not be durable."""
    crash_at(told, "sign")
    did = []
    for name in ("write_again", "advance"):
        step = getattr(Anchor, name)
        monkeypatch.setattr(
            Anchor, name, lambda *a, step=step, name=name: (did.append(name), step(*a))[1]
        )
    told.reopen()
    assert did == ["write_again", "advance"]


@pytest.mark.parametrize("stage", BEHIND_COMMIT)
def test_an_entry_of_a_batch_another_process_left_unpublished_gets_its_receipt(
    told, crash_at, stage, verified
):
    raws = crash_at(told, stage)
    for index, raw in enumerate(raws, 6):
        verified(told, index, raw)
    assert anchored(told) == 9  # a receipt is out: the database must never fall behind it
    told.accept(told.reading("later"))
    told.check()


@pytest.mark.parametrize("stage", BEHIND_COMMIT)
def test_what_is_acknowledged_on_a_second_attempt_is_under_a_signed_checkpoint(
    told, fail_at, stage
):
    raw, full = told.reading("x"), StorageError("the disk is full")
    with fail_at(stage, full), pytest.raises(StorageError, match="the disk is full"):
        told.register(raw)
    # The caller cannot know that it was committed: it asks again, as it was told to.
    (outcome,) = told.register(raw)
    assert isinstance(outcome, Registered)
    assert newest_note(told) is not None
    assert anchored(told) == size_of(told) == 8


@pytest.mark.parametrize("step", BEFORE_COMMIT)
def test_a_crash_before_commit_leaves_nothing(told, monkeypatch, crash, step):
    before, raw = told.check(), told.reading("x")
    with monkeypatch.context() as patch:
        fail_behind(patch, step, crash())
        with pytest.raises(crash):
            told.register(raw)
    assert told.check() == before
    told.reopen()
    assert told.accept(raw).index == 6
    told.check()


@pytest.mark.parametrize("step", BEFORE_COMMIT)
def test_a_batch_that_fails_leaves_the_log_usable(told, monkeypatch, step):
    before = told.check()
    raws = [told.reading(f"{i}", subject=f"urn:x:{i}") for i in range(20)]
    with monkeypatch.context() as patch:
        fail_behind(patch, step, StorageError("the disk is full"))
        with pytest.raises(StorageError, match="the disk is full"):
            told.register(*raws)
    assert told.check() == before
    assert [o.index for o in told.register(*raws)] == list(range(6, 26))
    told.check()


def test_two_crashes_before_there_is_an_anchor_are_mended_by_opening(
    any_world: World, fail_at, crash
):
    any_world.anchor().path.unlink()  # a crash in init, right before it wrote one
    any_world.reopen()
    assert any_world.log.read_only is None
    with fail_at("anchor", crash()), pytest.raises(crash):
        any_world.party("brand", BRAND)
    any_world.clock.next_us = None
    any_world.reopen()
    assert any_world.log.read_only is None


def test_a_reader_signs_nothing_that_a_crash_left_unsigned(told, crash_at):
    crash_at(told, "sign")
    told.reopen(signer=None)
    assert newest_note(told) is None
    with pytest.raises(ReadOnlyError, match="opened without its keys"):
        told.log.receipt(6)
    told.reopen()
    assert newest_note(told) is not None
