"""Whatever an administrator edits behind the log's back, verification names place and field."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from audit.ledgers import SIZE, Administrator, grow, verified
from sqlalchemy import (
    Column,
    Engine,
    Executable,
    LargeBinary,
    Row,
    Table,
    bindparam,
    literal,
    literal_column,
    select,
    text,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.types import NullType
from world import ORIGIN, World

from ledger.audit import Report
from ledger.errors import AuditError, LogCorruptError
from ledger.store import ledger_reader
from ledger.store.append import writing
from ledger.store.engine import make_engine
from ledger.store.tables import (
    attached,
    checkpoints,
    cosignatures,
    entries,
    head,
    history_groups,
    index_pages,
    metadata,
    seals,
    search,
    tiles,
)
from ledger.tlog import chain
from ledger.writing import restore

UNSIGNED = [attached]  # what came along and nobody signed: no edit of it can be told
TABLES = [table for table in metadata.tables.values() if table not in UNSIGNED]
COLUMNS = [column for table in TABLES for column in table.columns]
KEPT = [entries, checkpoints]
BESIDE = [cosignatures]  # what others said: whoever lacks one asks for another
DERIVED = [table for table in TABLES if table not in KEPT + BESIDE]

PLACES: dict[str, Callable[[Any], str]] = {
    "entries": lambda row: f"entry {row.idx}",
    "seals": lambda row: f"entry {row.idx}",
    "checkpoints": lambda row: f"checkpoint {row.size}",
    "cosignatures": lambda row: f"cosignature {row.size} of {row.key}",
    "tiles": lambda row: f"tile {row.level}/{row.n}",
    "history_groups": lambda row: f"history {row.key.hex()} group {row.n}",
    "index_pages": lambda row: f"index page {row.number:x}",
    "head": lambda _: "head",
    "search": lambda row: f"entry {row.idx}",
}
"""How messages call a row of each table: a new table needs its name here."""


def altered(value: Any) -> Any:
    """Return a value's neighbour: a bit of bytes flipped, a letter exchanged, a number plus one."""
    if isinstance(value, int):
        return value + 1
    at = len(value) // 2
    if isinstance(value, str):
        return value[:at] + ("B" if value[at] == "A" else "A") + value[at + 1 :]
    return value[:at] + bytes([value[at] ^ 0x10]) + value[at + 1 :]


def altered_in(administrator: Administrator, row: Row[Any], column: Column[Any]) -> Any:
    """Return an altered value for a row's column; in a key, one that makes it a new key."""
    value = altered(getattr(row, column.name))
    keys = [key.name for key in column.table.primary_key.columns]
    if column.name in keys:
        taken = [
            [getattr(other, key) for key in keys] for other in administrator.rows(column.table)
        ]
        while [value if key == column.name else getattr(row, key) for key in keys] in taken:
            value = altered(value)
    return value


def some_rows(administrator: Administrator, table: Table) -> list[Row[Any]]:
    """Return a row from the middle and the last; on PostgreSQL the last alone."""
    rows = administrator.rows(table)
    if administrator.engine.dialect.name == "postgresql":
        return list(rows[-1:])
    return [rows[at] for at in sorted({len(rows) // 2, len(rows) - 1})]


def error_of(url: str) -> AuditError:
    with pytest.raises(AuditError) as caught:
        verified(url)
    assert caught.value.field
    assert caught.value.why
    return caught.value


@pytest.fixture(scope="module")
def honest(grown: World) -> Report:
    return verified(grown.url)


def test_the_ledger_has_rows_in_every_table(administrator: Administrator, honest: Report):
    counts = {table.name: len(administrator.rows(table)) for table in TABLES}
    assert counts.keys() == PLACES.keys()
    assert min(counts.values()) >= 1
    assert honest.size == counts["entries"] == SIZE
    kinds = {row.page[0] for row in administrator.rows(index_pages)}
    assert kinds == {0, 1}, "the index has buckets and a branch over them"
    assert {(row.level, row.n) for row in administrator.rows(tiles)} == {(0, 0), (0, 1)}


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_an_edit_of_any_column_is_named(administrator: Administrator, column: Column[Any]):
    table, name = column.table, column.name
    for row in some_rows(administrator, table):
        value = altered_in(administrator, row, column)
        with administrator.edited(table, row, **{name: value}):
            error = error_of(administrator.url)
        moved = SimpleNamespace(**row._asdict() | {name: value})
        places = {PLACES[table.name](row), PLACES[table.name](moved)}
        if column is head.c.size:
            places.add(f"entry {row.size}")  # the one that is not there
        assert error.where in places
        if column is entries.c.leaf:
            assert error.field in {"leaf", "payload", "signature", "kid"}
        elif not column.primary_key and column is not head.c.size:
            assert error.field.rpartition(".")[2] == name


@pytest.mark.parametrize("table", KEPT + DERIVED, ids=str)
def test_a_row_that_is_gone_is_named(administrator: Administrator, table: Table):
    rows = some_rows(administrator, table)
    for row in rows[-1:] if table is checkpoints else rows:
        with administrator.without(table, row):
            assert error_of(administrator.url).where == PLACES[table.name](row)


def test_an_older_checkpoint_that_is_gone_is_counted_and_signed_again(
    administrator: Administrator, grown: World, honest: Report
):
    row = administrator.rows(checkpoints)[3]
    receipt = grown.log.receipt(row.size - 1)
    administrator.run(checkpoints.delete().where(checkpoints.c.size == row.size))
    assert verified(administrator.url).checkpoints == honest.checkpoints - 1
    assert grown.log.receipt(row.size - 1) == receipt
    assert administrator.rows(checkpoints)[3] == row
    assert verified(administrator.url) == honest


ADDED = {
    "a seal where another statement is": (seals, {"idx": 9}, "entry 9"),
    "a seal behind the last": (seals, {"idx": SIZE + 1}, "seals"),
    "a seal before the first": (seals, {"idx": -1}, "seals"),
    "a tile behind the last": (tiles, {"n": 2}, "tiles"),
    "a tile a level up": (tiles, {"level": 1, "n": 0}, "tiles"),
    "a group behind a history's last": (history_groups, {"n": 9}, "history "),
    "a group of a history nobody has": (history_groups, {"key": bytes(32)}, "history 00"),
    "an index page below a bucket": (index_pages, {"number": 0x10000}, "index page 10000"),
    "an entry found by a term it does not have": (search, {"term": bytes(16)}, f"entry {SIZE - 1}"),
    "an entry found that is not there": (search, {"idx": SIZE}, f"entry {SIZE}"),
    "an entry found before the first": (search, {"idx": -1}, "entry -1"),
    "a second head": (head, {"one": 2}, "head"),
    "an entry behind the last": (entries, {"idx": SIZE, "id": bytes(32)}, "entries"),
    "an entry before the first": (entries, {"idx": -1, "id": bytes(32)}, "entries"),
    "a checkpoint behind the last": (checkpoints, {"size": SIZE + 1}, f"checkpoint {SIZE + 1}"),
    "a cosignature of nothing": (cosignatures, {"size": 0}, "cosignature 0"),
    "a cosignature within a batch": (cosignatures, {"size": 20}, "cosignature 20"),
    "a cosignature behind the last": (cosignatures, {"size": SIZE + 1}, f"cosignature {SIZE + 1}"),
    "a checkpoint of nothing": (checkpoints, {"size": 0}, "checkpoint 0"),
    "a checkpoint within a batch": (checkpoints, {"size": 20}, "checkpoint 20"),
}


@pytest.mark.parametrize("case", ADDED)
def test_a_row_too_many_is_named(administrator: Administrator, case: str):
    table, values, where = ADDED[case]
    with administrator.with_row(table, administrator.rows(table)[-1]._asdict() | values):
        assert error_of(administrator.url).where.startswith(where)


def test_rows_are_added_to_every_table():
    assert {table for table, _, _ in ADDED.values()} == set(TABLES)


def swap(administrator: Administrator, one: int, other: int) -> None:
    for old, new in ((one, -9), (other, one), (-9, other)):
        administrator.run(entries.update().where(entries.c.idx == old).values(idx=new))


def mend_chain(administrator: Administrator) -> None:
    value, updates = chain.start(ORIGIN), []
    for row in administrator.rows(entries):
        value = chain.extend(value, row.leaf_hash)
        if value != row.chain:
            updates.append(entries.update().where(entries.c.idx == row.idx).values(chain=value))
    administrator.run(*updates)


def test_two_entries_swapped_are_named(administrator: Administrator, honest: Report):
    swap(administrator, 20, 30)
    error = error_of(administrator.url)
    assert (error.where, error.field) == ("entry 20", "chain")
    swap(administrator, 20, 30)
    assert verified(administrator.url) == honest


def test_two_entries_swapped_and_all_that_follows_made_anew_contradict_the_seal(
    administrator: Administrator, honest: Report
):
    swap(administrator, 20, 30)
    mend_chain(administrator)
    restore.rebuild(administrator.engine, ORIGIN)
    error = error_of(administrator.url)
    seal = next(row.idx for row in administrator.rows(seals) if row.idx > 30)
    assert (error.where, error.field) == (f"entry {seal}", "seal.chain")
    swap(administrator, 20, 30)
    mend_chain(administrator)
    restore.rebuild(administrator.engine, ORIGIN)
    assert verified(administrator.url) == honest


def test_the_last_batch_cut_off_contradicts_its_checkpoint(any_world: World):
    grow(any_world)
    administrator = Administrator(any_world.url)
    last = administrator.rows(seals)[-2].idx
    administrator.run(entries.delete().where(entries.c.idx > last))
    restore.rebuild(administrator.engine, ORIGIN)
    assert error_of(any_world.url).where == f"checkpoint {SIZE}"
    any_world.reopen()
    assert "BEHIND_PUBLISHED" in any_world.log.read_only
    administrator.engine.dispose()


# Values of another kind: SQLite keeps whatever it is given.


@pytest.fixture(scope="module")
def sqlite(lasting: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Administrator]:
    """Return an administrator of a copy on SQLite."""
    copy = tmp_path_factory.mktemp("copy") / "ledger.sqlite"
    with lasting.log.engine.connect() as connection:
        connection.connection.driver_connection.execute(f"VACUUM INTO '{copy}'")
    found = Administrator(f"sqlite:///{copy}")
    yield found
    found.engine.dispose()


KINDS = {"text": "'text'", "a fraction": "2.5", "bytes": "x'00ff'"}


@pytest.mark.parametrize("column", [item for item in COLUMNS if item.table is not search], ids=str)
def test_a_value_of_another_kind_is_named(sqlite: Administrator, column: Column[Any]):
    table, rowid = column.table, literal_column("rowid")
    stored = type_coerce(column, NullType())
    with sqlite.engine.connect() as connection:
        kept, at = connection.execute(select(stored, rowid).order_by(rowid.desc())).first()
    wrong = []
    for kind, value in KINDS.items():
        if kind == "bytes" and isinstance(column.type, LargeBinary):
            continue
        edit = table.update().where(rowid == at).values({column: literal_column(value)})
        try:
            sqlite.run(edit)
        except IntegrityError:
            continue  # SQLite itself does not take it: the key that is the row's own number
        try:
            verified(sqlite.url)
            wrong.append(f"{kind}: it verifies")
        except AuditError:
            pass
        except Exception as error:  # noqa: BLE001 - each kind is tried before one is reported
            wrong.append(f"{kind}: {type(error).__name__}: {error}")
        finally:
            back = {column: bindparam("kept", kept, NullType())}
            sqlite.run(table.update().where(rowid == at).values(back))
    assert not wrong


@pytest.mark.parametrize("column", search.columns, ids=str)
def test_a_value_of_another_kind_in_the_search_index_is_named(
    sqlite: Administrator, column: Column[Any]
):
    row = sqlite.rows(search)[-1]  # the table has no row numbers: rows go and come
    for value in ("'text'", "2.5", "-1") if column is search.c.idx else ("'text'", "2.5"):
        other = row._asdict() | {column.name: literal_column(value)}
        with sqlite.without(search, row), sqlite.with_row(search, other):
            assert error_of(sqlite.url).field.startswith("search.")
    assert verified(sqlite.url).size == SIZE


# Triggers.


def refused(world: World, statement: Executable) -> bool:
    """Return whether the database refuses a statement as a change of what is kept."""
    try:
        with world.log.engine.begin() as connection:
            connection.execute(statement)
    except DBAPIError as error:
        return "are never changed" in str(error.orig)
    return False


@pytest.mark.parametrize("table", KEPT, ids=str)
def test_triggers_refuse_changes_of_what_is_kept(any_world: World, table: Table):
    before = any_world.check()
    (key,) = table.primary_key.columns
    postgresql = any_world.log.engine.dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    again = insert(table).from_select(list(table.columns), select(table).where(true()))
    statements = [
        *(table.update().values({column: column}) for column in table.columns),
        table.update().values({key: key + 100}),
        table.delete(),
        table.delete().where(key > 0),
        again.on_conflict_do_update(index_elements=[key], set_={key: 77}),
    ]
    if postgresql:
        statements += [text(f"TRUNCATE {table.name}"), text(f"TRUNCATE {table.name} CASCADE")]
    assert [str(item) for item in statements if not refused(any_world, item)] == []
    assert any_world.check() == before


@pytest.mark.parametrize("table", KEPT, ids=str)
def test_sqlite_does_not_replace_what_is_kept(world: World, table: Table):
    before = world.check()
    replaced = entries.c.leaf if table is entries else checkpoints.c.note
    columns = [literal("other") if column is replaced else column for column in table.columns]
    replace = table.insert().prefix_with("OR REPLACE")
    assert refused(world, replace.from_select(list(table.columns), select(*columns)))
    assert world.check() == before


# Making everything anew.


def contents(administrator: Administrator) -> dict[str, list[Row[Any]]]:
    return {table.name: list(administrator.rows(table)) for table in TABLES}


@pytest.mark.parametrize("chunk", [restore.CHUNK, 100])
def test_everything_that_follows_is_made_anew_from_the_entries(
    administrator: Administrator,
    honest: Report,
    chunk: int,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(restore, "CHUNK", chunk)
    whole = contents(administrator)
    for table in DERIVED:
        administrator.run(table.delete())
    assert restore.rebuild(administrator.engine, ORIGIN) == SIZE
    assert contents(administrator) == whole
    assert verified(administrator.url, replay=False) == honest


@pytest.mark.parametrize("table", DERIVED, ids=str)
def test_damage_to_a_derived_table_is_mended(
    administrator: Administrator, honest: Report, table: Table
):
    whole = contents(administrator)
    for row in some_rows(administrator, table):
        for column in sorted(table.columns, key=lambda column: column.primary_key):
            value = altered_in(administrator, row, column)
            key = Administrator.key_of(table, row)
            administrator.run(table.update().where(key).values(**{column.name: value}))
    error_of(administrator.url)
    restore.rebuild(administrator.engine, ORIGIN)
    assert contents(administrator) == whole
    assert verified(administrator.url) == honest


def test_a_mended_ledger_goes_on(any_world: World):
    before = grow(any_world).check()
    with writing(any_world.log.engine) as writer:
        writer.clear_derived()
    restore.rebuild(any_world.log.engine, ORIGIN)
    any_world.reopen()
    any_world.accept(any_world.reading("one more"))
    assert any_world.check().size == before.size + 2


@pytest.mark.parametrize("missing", [0, 20, SIZE - 1])
def test_entries_that_are_gone_are_not_made_up(
    administrator: Administrator, honest: Report, missing: int
):
    whole = contents(administrator)
    with administrator.without(entries, whole["entries"][missing]):
        damaged = contents(administrator)
        with pytest.raises(LogCorruptError, match=f"entry ({missing}|{missing - 1}): "):
            restore.rebuild(administrator.engine, ORIGIN)
        assert contents(administrator) == damaged, "nothing is left half done"
    assert verified(administrator.url) == honest


def test_an_empty_database_is_no_ledger(world: World):
    administrator = Administrator(world.url)
    administrator.run(*(table.delete() for table in TABLES))
    assert error_of(world.url).where == "head"
    with pytest.raises(LogCorruptError):
        restore.rebuild(administrator.engine, ORIGIN)
    administrator.engine.dispose()


def test_a_reader_that_refuses_lets_go_of_its_connection(
    any_world: World, monkeypatch: pytest.MonkeyPatch
):
    with any_world.log.engine.begin() as connection:
        connection.execute(head.delete())
    made = []

    def remembered(url: str) -> Engine:
        made.append(make_engine(url))
        return made[-1]

    monkeypatch.setattr(ledger_reader, "make_engine", remembered)
    with pytest.raises(AuditError):
        ledger_reader.DatabaseReader(any_world.url)
    (engine,) = made
    still_open = engine.pool.checkedin() + engine.pool.checkedout()
    engine.dispose()
    assert not still_open
