"""What a crash, a bad disk, an old backup or a careless operator leaves, and what opening makes of it."""

import pytest
from world import BRAND, ORIGIN, World, key_of

from ledger import publisher as publisher_module
from ledger.anchor import SLOT_SIZE, Anchor
from ledger.archive import DirectoryReader, export
from ledger.audit import verify_ledger
from ledger.errors import AuditError, LogCorruptError, ReadOnlyError, StorageError, UsageError
from ledger.history import history_key
from ledger.log import Registered, create_log, open_log
from ledger.publisher import Publisher
from ledger.restore import restore
from ledger.signer import KeySigner
from ledger.statements.fields import Names
from ledger.store.append import Writer
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import Snapshot, page_number, reading
from ledger.store.schema import upgrade

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


def fail_at(monkeypatch, stage: str, error: BaseException) -> None:
    """Let publishing end at one of its stages, before that stage does anything."""

    def fail(*_: object, **__: object) -> None:
        raise error

    target, name = {
        "read back": (Snapshot, "leaf_range"),
        "sign": (Publisher, "sign"),
        "store": (publisher_module, "store_checkpoint"),
        "anchor": (Anchor, "advance"),
    }[stage]
    monkeypatch.setattr(target, name, fail)


def fail_behind(monkeypatch, name: str, error: BaseException) -> None:
    """Let a batch end right after one of the writer's steps."""
    step = getattr(Writer, name)

    def fail(*arguments: object) -> None:
        step(*arguments)
        raise error

    monkeypatch.setattr(Writer, name, fail)


def crashed(world: World, monkeypatch, crash, stage: str, *texts: str) -> list[bytes]:
    """Register a batch whose process ends at a stage behind COMMIT; return its statements."""
    raws = [world.reading(text) for text in texts or ("x", "y")]
    with monkeypatch.context() as patch:
        fail_at(patch, stage, crash())
        with pytest.raises(crash):
            world.register(*raws)
    world.clock.next_us = None
    return raws


@pytest.fixture
def told(any_world: World) -> World:
    """Return a world with a brand and a reading: entries 2 to 5, seals at 3 and 5."""
    any_world.party("brand", BRAND)
    any_world.accept(any_world.reading("first"))
    return any_world


@pytest.mark.parametrize("stage", BEHIND_COMMIT)
def test_a_crash_behind_commit_is_mended_by_opening(told, monkeypatch, crash, stage, verified):
    raws = crashed(told, monkeypatch, crash, stage)
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
def test_opening_after_a_crash_brings_the_anchor_up_to_what_is_published(
    told, monkeypatch, crash, stage
):
    # Receipts go out again once it is open: an older backup must not be taken for the newest.
    crashed(told, monkeypatch, crash, stage)
    told.reopen()
    assert anchored(told) == size_of(told)


@pytest.mark.parametrize("stage", BEHIND_COMMIT)
def test_an_entry_of_a_batch_another_process_left_unpublished_gets_its_receipt(
    told, monkeypatch, crash, stage, verified
):
    raws = crashed(told, monkeypatch, crash, stage)
    for index, raw in enumerate(raws, 6):
        verified(told, index, raw)
    assert anchored(told) == 9  # a receipt is out: the database must never fall behind it
    told.accept(told.reading("later"))
    told.check()


@pytest.mark.parametrize("stage", BEHIND_COMMIT)
def test_what_is_acknowledged_on_a_second_attempt_is_under_a_signed_checkpoint(
    told, monkeypatch, stage
):
    raw = told.reading("x")
    with monkeypatch.context() as patch:
        fail_at(patch, stage, StorageError("the disk is full"))
        with pytest.raises(StorageError):
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


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_bit_that_flips_before_it_is_read_back_stops_the_log(told, monkeypatch, place):
    stored = Snapshot.leaf_range

    def flipped(snapshot: Snapshot, start: int, stop: int) -> list[bytes]:
        leaves = [bytearray(leaf) for leaf in stored(snapshot, start, stop)]
        leaves[0][place] ^= 4
        return [bytes(leaf) for leaf in leaves]

    with monkeypatch.context() as patch:
        patch.setattr(Snapshot, "leaf_range", flipped)
        with pytest.raises(LogCorruptError, match="entries 6 to 8: read back"):
            told.register(told.reading("x"))
    assert newest_note(told) is None
    assert anchored(told) == 6
    with pytest.raises(ReadOnlyError, match="entries 6 to 8: read back"):
        told.register(told.reading("y"))
    with pytest.raises(ReadOnlyError):
        told.log.heartbeat()
    with pytest.raises(ReadOnlyError):
        told.log.receipt(6)
    told.log.receipt(4)


def test_a_leaf_that_went_bad_on_disk_is_not_signed_by_opening_either(
    told, monkeypatch, crash, administer
):
    crashed(told, monkeypatch, crash, "sign")
    with reading(told.log.engine) as snapshot:
        leaf = bytearray(snapshot.leaf_range(6, 7)[0])
    leaf[-1] ^= 1
    administer(told, "UPDATE entries SET leaf = :leaf WHERE idx = 6", leaf=bytes(leaf))
    with pytest.raises(LogCorruptError, match="6"):
        told.reopen()
    assert newest_note(told) is None
    assert anchored(told) == 6


def test_nothing_is_signed_on_top_of_a_head_that_went_bad(told, administer):
    with reading(told.log.engine) as snapshot:
        frontier = bytearray(snapshot.head().frontier)
    frontier[0] ^= 1
    administer(told, "UPDATE head SET frontier = :frontier", frontier=bytes(frontier))
    with pytest.raises(LogCorruptError):
        told.register(told.reading("x"))
    with reading(told.log.engine) as snapshot:
        assert snapshot.newest_checkpoint().size == 6
    assert anchored(told) == 6


def test_nothing_is_sealed_on_top_of_a_history_that_went_bad(told, administer):
    # What appending needs of a history lies beside its value in the page, hashed by nothing.
    told.reopen()  # with no page in memory
    with reading(told.log.engine) as snapshot:
        page = bytearray(snapshot.pages([""])[""])
        state = snapshot.history_state(told.log.view(snapshot, 6).tree, "generic", "urn:x:1")
    at = bytes(page).index(state.frontier.hashes[0], page.index(history_key("generic", "urn:x:1")))
    at = bytes(page).index(state.encode(), at)
    page[at] ^= 1
    number = page_number("")
    administer(
        told, "UPDATE index_pages SET page = :page WHERE number = :n", page=bytes(page), n=number
    )
    with pytest.raises(LogCorruptError):
        told.register(told.reading("x"))
    assert size_of(told) == 6


@pytest.mark.parametrize("torn", [1, 30, 90, 150, SLOT_SIZE])
def test_a_torn_anchor_slot_still_opens(told, torn):
    path = told.anchor().path
    slots = bytearray(path.read_bytes())
    newest = slots.index(b"\n6\n") // SLOT_SIZE * SLOT_SIZE
    slots[newest : newest + torn] = bytes(torn)
    path.write_bytes(slots)
    told.reopen()
    assert told.log.read_only is None
    told.accept(told.reading("x"))
    told.check()


def test_an_anchor_nobody_can_read_is_not_taken_for_none(told):
    path = told.anchor().path
    path.write_bytes(bytes(2 * SLOT_SIZE))
    with pytest.raises(StorageError, match="no checkpoint signed by this log's key in it"):
        told.reopen()
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageError, match=f"anchor {path}: "):
        told.reopen()


def test_a_missing_anchor_beside_a_ledger_is_read_only_until_somebody_says_so(told, verified):
    raw = told.reading("x")
    taken = told.accept(raw)
    told.anchor().path.unlink()
    told.reopen()
    sentence = "no anchor file .* beside a ledger of 8 entries: .* run pinyuan db anchor"
    with pytest.raises(ReadOnlyError, match=sentence):
        told.register(told.reading("y"))
    with pytest.raises(ReadOnlyError, match=sentence):
        told.log.heartbeat()
    verified(told, taken.index, raw)
    assert told.check().size == 8
    told.anchor().advance(8, newest_note(told))
    told.reopen()
    assert told.accept(told.reading("y")).index == 8


def test_two_crashes_before_there_is_an_anchor_are_mended_by_opening(
    any_world: World, monkeypatch, crash
):
    any_world.anchor().path.unlink()  # a crash in init, right before it wrote one
    any_world.reopen()
    assert any_world.log.read_only is None
    with monkeypatch.context() as patch:
        fail_at(patch, "anchor", crash())
        with pytest.raises(crash):
            any_world.party("brand", BRAND)
    any_world.clock.next_us = None
    any_world.reopen()
    assert any_world.log.read_only is None


def test_an_older_backup_is_read_only_until_the_published_log_is_imported(
    told, backup, tmp_path, verified
):
    old = backup(told)
    raws = [told.reading(f"published {i}") for i in range(5)]
    published = [told.accept(raw) for raw in raws]
    receipts = [told.log.receipt(outcome.index) for outcome in published]
    reader = DatabaseReader(told.url)
    export(reader, tmp_path / "export")
    reader.close()
    told.url = old
    told.reopen()
    sentence = (
        r"BEHIND_PUBLISHED: the database has 6 entries, 16 were published \(an older backup\?\): "
        "run pinyuan import DIR"
    )
    with pytest.raises(ReadOnlyError, match=sentence):
        told.register(told.reading("a fork"))
    with pytest.raises(ReadOnlyError, match=sentence):
        told.log.heartbeat()
    assert size_of(told) == 6
    assert told.check().size == 6
    told.log.receipt(4)

    exported = DirectoryReader(tmp_path / "export")
    verify_ledger(exported, replay=True, workers=1, log_key=told.log.vkey)
    restore(told.log.engine, exported, ORIGIN)
    told.reopen()
    assert told.log.read_only is None
    assert told.register(*raws) == [Registered(o.id, o.index, new=False) for o in published]
    for outcome, raw, receipt in zip(published, raws, receipts, strict=True):
        verified(told, outcome.index, raw)
        assert told.log.receipt(outcome.index) == receipt
    assert told.accept(told.reading("and on")).index == 16
    told.check()


def test_every_backup_but_the_newest_is_refused(told, backup):
    backups = []
    for number in range(3):
        backups.append(backup(told))
        told.reopen()
        told.accept(told.reading(f"{number}"))
    newest = backup(told)
    for url in backups:
        told.url = url
        assert told.reopen().read_only.startswith("BEHIND_PUBLISHED")
    told.url = newest
    assert told.reopen().read_only is None


def test_a_database_that_went_another_way_than_the_published_log_is_read_only(told, backup):
    other = World.__new__(World)
    other.__dict__.update(told.__dict__, url=backup(told), folder=told.folder / "other")
    other.folder.mkdir()
    told.anchor().path.rename(other.folder / "anchor")
    other.reopen()
    other.anchor().path.rename(told.anchor().path)
    other.anchor().path.write_bytes(told.anchor().path.read_bytes())
    told.reopen()
    told.accept(told.reading("published"))
    for number in range(2):  # as long as the published one, then longer
        other.accept(other.reading(f"never published {number}"))
        url, told.url = told.url, other.url
        told.reopen()
        told.url = url
        sentence = "BEHIND_PUBLISHED: the database's first 8 entries are not those .* published"
        with pytest.raises(ReadOnlyError, match=sentence):
            told.register(told.reading("more"))
    other.log.engine.dispose()


def test_importing_into_a_database_that_went_another_way_is_refused(told, backup, tmp_path):
    old = backup(told)
    told.accept(told.reading("published"))
    reader = DatabaseReader(told.url)
    export(reader, tmp_path / "export")
    reader.close()
    (tmp_path / "anchor").unlink()
    told.url = old
    told.reopen()
    told.log.publisher.read_only = None  # somebody forced it
    told.accept(told.reading("a fork"))
    before = told.check()
    with pytest.raises(UsageError, match="8 entries are not the first of this export"):
        restore(told.log.engine, DirectoryReader(tmp_path / "export"), ORIGIN)
    assert told.check() == before


def test_a_ledger_opened_without_its_keys_can_be_read_and_not_written(told, verified):
    raw = told.reading("x")
    index = told.accept(raw).index
    told.reopen(signer=None)
    verified(told, index, raw)
    assert told.check().size == 8
    sentence = "opened without its keys: it can be read, not written"
    for attempt in (lambda: told.register(told.reading("y")), told.log.heartbeat):
        with pytest.raises(ReadOnlyError, match=sentence):
            attempt()
    assert told.log.read_only is None
    assert size_of(told) == 8


def test_a_reader_signs_nothing_that_a_crash_left_unsigned(told, monkeypatch, crash):
    crashed(told, monkeypatch, crash, "sign")
    told.reopen(signer=None)
    assert newest_note(told) is None
    with pytest.raises(ReadOnlyError, match="opened without its keys"):
        told.log.receipt(6)
    told.reopen()
    assert newest_note(told) is not None


@pytest.mark.parametrize(
    ("signer", "sentence"),
    [
        ((ORIGIN, "another log", "operator"), "not the one genesis of .* names"),
        ((f"{ORIGIN}/2", "log", "operator"), "not the one genesis of .* names"),
        ((ORIGIN, "log", "another operator"), "key"),
    ],
    ids=["another log key", "another name", "another operator's key"],
)
def test_other_keys_than_the_ledgers_open_nothing(told, signer, sentence):
    origin, log_key, operator_key = signer
    with pytest.raises(UsageError, match=sentence):
        told.reopen(signer=KeySigner(origin, key_of(log_key), key_of(operator_key)))


def test_where_there_is_no_ledger_opening_says_how_to_make_one(database, tmp_path):
    engine = make_engine(database)
    with pytest.raises(UsageError, match=r"no ledger in database .*: run pinyuan init"):
        open_log(engine, anchor_path=tmp_path / "anchor")
    upgrade(engine)  # a crash in init, right behind it
    with pytest.raises(UsageError, match="no ledger in this database: run pinyuan init"):
        open_log(engine, anchor_path=tmp_path / "anchor")
    engine.dispose()
    made = World(tmp_path, database)
    made.check()
    made.log.engine.dispose()


def test_a_second_init_changes_nothing(told):
    before = told.check()
    with pytest.raises(UsageError, match="there is a ledger in this database already"):
        create_log(
            told.log.engine,
            anchor_path=told.folder / "anchor",
            clock=told.clock,
            signer=told.signer,
            operator="https://id.gs1.org/417/6901234507003",
            names=Names(en="Operator"),
        )
    assert told.check() == before
    told.accept(told.reading("x"))


COLUMNS = [
    ("head", "size"),
    ("head", "chain"),
    ("head", "frontier"),
    ("head", "index_root"),
    ("head", "seal_idx"),
    ("head", "seal_id"),
    ("head", "seal_time_us"),
    ("index_pages", "page"),
    ("tiles", "hashes"),
    ("tiles", "root"),
    ("history_groups", "indices"),
    ("history_groups", "key"),
    ("seals", "time_us"),
    ("seals", "idx"),
]


def changes_of(value: int | bytes) -> list[int | bytes]:
    """Return a column's value with a bit changed here and there."""
    if isinstance(value, int):
        return [value ^ 1, value ^ 64, value + 2**40]
    changed = []
    for place in (0, len(value) // 2, len(value) - 1):
        flipped = bytearray(value)
        flipped[place] ^= 0x10
        changed.append(bytes(flipped))
    return changed


def found_by_opening_or_verifying(world: World) -> str:
    try:
        world.reopen()
        world.check()
    except (LogCorruptError, AuditError):
        return "found"
    except Exception as error:  # noqa: BLE001 - the sentence a test prints
        return repr(error)
    return "not found"


def test_whatever_goes_bad_of_what_follows_from_the_entries_is_found(any_world: World, administer):
    any_world.wait()
    any_world.party("brand", BRAND)
    any_world.register(*(any_world.reading(f"{i}", subject=f"urn:{i % 2}") for i in range(300)))
    answers = {}
    for table, column in COLUMNS:
        with reading(any_world.log.engine) as snapshot:
            ((value,), *_) = snapshot.driver.rows(f"SELECT {column} FROM {table}")  # noqa: S608
        value = value if isinstance(value, int) else bytes(value)
        sql = f"UPDATE {table} SET {column} = :new WHERE {column} = :old"  # noqa: S608
        for bad in changes_of(value):
            administer(any_world, sql, old=value, new=bad)
            answers.setdefault(found_by_opening_or_verifying(any_world), []).append((column, bad))
            administer(any_world, sql, old=bad, new=value)
    assert answers.keys() == {"found"}, answers
    any_world.reopen()
    any_world.check()


def test_a_missing_entry_is_found_by_opening_and_named_by_verifying(told, administer):
    administer(told, "DELETE FROM entries WHERE idx = 4")
    with pytest.raises(LogCorruptError, match="5 hashes stored, 6 expected"):
        told.reopen()
    with pytest.raises(AuditError, match="entry 4: idx: missing"):
        told.check()
