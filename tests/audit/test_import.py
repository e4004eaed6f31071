"""An export alone brings a ledger back, on either database, to the last byte."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from audit.ledgers import (
    SIZE,
    Administrator,
    export_of,
    files_of,
    grow,
    verified,
    verified_export,
)
from conftest import new_database
from sqlalchemy import Engine
from world import BRAND, ORIGIN, World, cosigner

from ledger.errors import UsageError
from ledger.files.archive import DirectoryReader
from ledger.store.cosignatures import key_text
from ledger.store.engine import make_engine
from ledger.store.reads import reading
from ledger.store.tables import cosignatures, metadata
from ledger.store.view import parse_entry
from ledger.writing import restore as restoring
from ledger.writing.log import Log
from ledger.writing.opening import open_log
from ledger.writing.restore import restore


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """Return an empty database, SQLite and PostgreSQL in turn."""
    made = make_engine(database)
    yield made
    made.dispose()


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def size_of(engine: Engine) -> int:
    with reading(engine) as snapshot:
        head = snapshot.head()
    return 0 if head is None else head.size


def opened(engine: Engine, world: World, anchor: Path) -> Log:
    """Open an imported ledger with the keys of the world it came from."""
    return open_log(engine, anchor_path=anchor, clock=world.clock, signer=world.signer)


def test_an_export_alone_brings_the_ledger_back(
    engine: Engine, exported: Path, lasting: World, tmp_path: Path
):
    done: list[int] = []
    note = restore(engine, DirectoryReader(exported), ORIGIN, progress=done.append)
    assert done == [SIZE]
    assert (exported / "checkpoint").read_text(encoding="utf-8").startswith(note)
    assert (
        verified(url_of(engine), replay=True)
        == lasting.check()
        == verified_export(exported, replay=True)
    )
    imported = opened(engine, lasting, tmp_path / "anchor")
    receipts = [imported.receipt(index) for index in range(SIZE)]
    assert receipts == [lasting.log.receipt(index) for index in range(SIZE)]


def test_every_row_comes_back(exported: Path, lasting: World, engine: Engine):
    """All but the cosignatures of older checkpoints, which an export leaves out."""
    restore(engine, DirectoryReader(exported), ORIGIN, cosigners=[cosigner("r1")])
    there, here = make_engine(lasting.url), engine
    with there.connect() as original, here.connect() as imported:
        for table in metadata.tables.values():
            rows = table.select().order_by(*table.primary_key.columns)
            if table is cosignatures:
                rows = rows.where(cosignatures.c.size == SIZE)
            assert imported.execute(rows).all() == original.execute(rows).all()
    there.dispose()


def test_an_imported_ledger_exports_the_same_bytes(engine: Engine, exported: Path, tmp_path: Path):
    restore(engine, DirectoryReader(exported), ORIGIN, cosigners=[cosigner("r1")])
    assert files_of(export_of(url_of(engine), tmp_path / "again")) == files_of(exported)


def test_a_cosignature_of_somebody_unknown_is_not_imported(engine: Engine, exported: Path):
    restore(engine, DirectoryReader(exported), ORIGIN)
    with engine.connect() as connection:
        found = connection.execute(cosignatures.select()).all()
    assert [row.key for row in found] == [key_text(cosigner("w1"))]


def test_an_imported_ledger_cites_what_the_old_one_cited(
    engine: Engine, exported: Path, lasting: World, tmp_path: Path
):
    """The quorum's cosignatures are in a seal alone by then; the next seal cites them again."""
    restore(engine, DirectoryReader(exported), ORIGIN)
    imported = opened(engine, lasting, tmp_path / "anchor")
    with reading(engine) as snapshot:
        found = imported._quorum.newest(snapshot)
        seal = parse_entry(SIZE - 1, snapshot.leaves([SIZE - 1])[SIZE - 1]).body
    assert found == (251, seal.cosigned)


def test_importing_twice_changes_nothing(engine: Engine, exported: Path, lasting: World):
    for _ in range(2):
        restore(engine, DirectoryReader(exported), ORIGIN)
        assert verified(url_of(engine)) == verified(lasting.url)


class Interrupted(Exception):  # noqa: N818 - it is no error
    """Somebody pulls the plug."""


def after(count: int) -> Callable[[int], None]:
    """Return a progress callback that interrupts the ``count``-th time."""
    left = [count]

    def progress(_: int) -> None:
        left[0] -= 1
        if not left[0]:
            raise Interrupted

    return progress


def test_an_interrupted_import_goes_on_where_it_stopped(
    engine: Engine, exported: Path, lasting: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(restoring, "CHUNK", 50)
    reader = DirectoryReader(exported)
    with pytest.raises(Interrupted):
        restore(engine, reader, ORIGIN, progress=after(3))
    stopped = size_of(engine)
    assert 150 <= stopped < SIZE
    assert stopped in [item.size for item in reader.checkpoints(0, SIZE)]
    done: list[int] = []
    restore(engine, reader, ORIGIN, progress=done.append)
    assert stopped < done[0] < done[-1] == SIZE
    assert verified(url_of(engine), replay=True) == lasting.check()


def test_an_import_cut_off_inside_a_batch_leaves_whole_batches(
    engine: Engine, exported: Path, lasting: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(restoring, "CHUNK", 50)

    class Torn(DirectoryReader):
        def entries(self, start: int, stop: int):
            if stop > 300:
                raise Interrupted
            return super().entries(start, stop)

    with pytest.raises(Interrupted):
        restore(engine, Torn(exported), ORIGIN)
    stopped = size_of(engine)
    assert stopped in [item.size for item in DirectoryReader(exported).checkpoints(0, SIZE)]
    restore(engine, DirectoryReader(exported), ORIGIN)
    assert verified(url_of(engine)) == verified(lasting.url)


def test_a_database_that_fell_behind_catches_up_and_goes_on(any_world: World, tmp_path: Path):
    """An older backup is read-only until the published log is played back into it."""
    any_world.party("brand", BRAND)
    older = export_of(any_world.url, tmp_path / "older")
    any_world.register(*(any_world.reading(f"{i}") for i in range(300)))
    newer = export_of(any_world.url, tmp_path / "newer")
    if any_world.log.engine.dialect.name == "sqlite":
        backup = f"sqlite:///{tmp_path / 'backup.sqlite'}"
    else:
        backup = new_database(any_world.url)
    engine = make_engine(backup)
    restore(engine, DirectoryReader(older), ORIGIN)
    anchor = any_world.folder / "anchor"
    assert "BEHIND_PUBLISHED" in opened(engine, any_world, anchor).read_only
    restore(engine, DirectoryReader(newer), ORIGIN)
    log = opened(engine, any_world, anchor)
    assert log.read_only is None
    any_world.clock.next_us = any_world.now_us
    outcome = log.register([any_world.reading("goes on")])
    assert outcome[0].index == 305
    assert verified(backup, replay=True).size == 307
    engine.dispose()


def strange_export(folder: Path, **changes: str) -> Path:
    """Return the export of another ledger of the same name and keys, of four entries."""
    folder.mkdir()
    made = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    made.party("trader", BRAND, **changes)
    made.log.engine.dispose()
    return export_of(made.url, folder / "export")


def test_an_import_into_another_ledger_is_refused(engine: Engine, exported: Path, tmp_path: Path):
    """Whether the export is longer than what is there, or just as long."""
    restore(engine, DirectoryReader(strange_export(tmp_path / "strange")), ORIGIN)
    before = verified(url_of(engine))
    for other in (exported, strange_export(tmp_path / "stranger", country="FR")):
        with pytest.raises(UsageError, match="4 entries are not the first of this export"):
            restore(engine, DirectoryReader(other), ORIGIN)
    assert verified(url_of(engine)) == before


def test_an_import_into_a_longer_ledger_is_refused(
    engine: Engine, exported: Path, lasting: World, tmp_path: Path
):
    restore(engine, DirectoryReader(exported), ORIGIN)
    shorter = DirectoryReader(strange_export(tmp_path / "strange"))
    with pytest.raises(UsageError, match=f"the database has {SIZE} entries, the export only 4"):
        restore(engine, shorter, ORIGIN)
    assert verified(url_of(engine)) == verified(lasting.url)


def test_a_checkpoint_of_its_own_is_not_replaced(world: World, tmp_path: Path):
    """What a database signed itself stays; the export says the same."""
    grow(world)
    folder = export_of(world.url, tmp_path / "export")
    administrator = Administrator(world.url)
    before = administrator.rows(metadata.tables["checkpoints"])
    restore(administrator.engine, DirectoryReader(folder), ORIGIN)
    assert administrator.rows(metadata.tables["checkpoints"]) == before
    administrator.engine.dispose()
