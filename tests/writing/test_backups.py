"""Lost anchors, older backups, other keys, no ledger: what opening one says and allows."""

import pytest
from world import ORIGIN, World, key_of

from ledger.audit import verify_ledger
from ledger.errors import ReadOnlyError, StorageError, UsageError
from ledger.files.anchor import SLOT_SIZE, Anchor
from ledger.files.archive import DirectoryReader, export
from ledger.primitives.clock import SimulatedClock
from ledger.signer import KeySigner
from ledger.statements.fields import Names, Text
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import reading
from ledger.store.schema import upgrade
from ledger.writing.log import Log, Registered
from ledger.writing.opening import create_log, open_log
from ledger.writing.restore import restore


def size_of(world: World) -> int:
    with reading(world.log.engine) as snapshot:
        return snapshot.head().size


def newest_note(world: World) -> str | None:
    """Return the checkpoint stored for the ledger's size."""
    with reading(world.log.engine) as snapshot:
        stored = snapshot.checkpoint(snapshot.head().size)
    return stored and stored.note


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
    path.write_bytes(b"?" * 2 * SLOT_SIZE)
    with pytest.raises(StorageError, match="no checkpoint signed by this log's key in it"):
        told.reopen()
    path.write_bytes(bytes(2 * SLOT_SIZE))
    told.reopen()
    with pytest.raises(ReadOnlyError, match="NO_ANCHOR"):
        told.register(told.reading("y"))
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


def test_a_ledger_of_other_rules_is_read_and_not_written(told, monkeypatch, verified):
    raw = told.reading("x")
    taken = told.accept(raw)
    monkeypatch.setattr("ledger.writing.opening.PUBLISHED", {1: "00" * 32})
    told.reopen()
    with pytest.raises(ReadOnlyError, match="OTHER_RULES: rules version 1 of this ledger is not"):
        told.register(told.reading("y"))
    verified(told, taken.index, raw)


def test_where_there_is_no_ledger_opening_says_how_to_make_one(database, tmp_path):
    engine = make_engine(database)
    with pytest.raises(UsageError, match=r"no ledger in database .*: run pinyuan init"):
        open_log(engine, anchor_path=tmp_path / "anchor")
    upgrade(engine)  # a crash in init, right behind it
    with pytest.raises(
        UsageError, match="no ledger in this database: run pinyuan init; if there was"
    ):
        open_log(engine, anchor_path=tmp_path / "anchor")
    engine.dispose()
    made = World(tmp_path, database)
    made.check()
    made.log.engine.dispose()


def test_an_init_that_was_interrupted_is_completed_by_the_next(database, tmp_path):
    engine, signer = (
        make_engine(database),
        KeySigner("a.example/log", *map(key_of, ("log", "operator"))),
    )

    def create(name: str, *, cut: bool = False) -> Log:
        with pytest.MonkeyPatch.context() as patched:
            if cut:
                patched.setattr(Anchor, "advance", _cut)
            return create_log(
                engine,
                anchor_path=tmp_path / "anchor",
                clock=SimulatedClock(1_790_000_000_000_000),
                signer=signer,
                operator="https://id.gs1.org/417/6901234507003",
                names=Names(en=Text(name)),
            )

    with pytest.raises(KeyboardInterrupt):
        create("Operator", cut=True)
    with pytest.raises(UsageError, match="there is a ledger in this database already"):
        create("Somebody else")
    log = create("Operator")
    assert log.read_only is None
    assert log.anchor.read()[0].size == 2
    with reading(engine) as snapshot:
        assert snapshot.head().size == 2
    engine.dispose()


def _cut(*_: object) -> None:
    raise KeyboardInterrupt


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
