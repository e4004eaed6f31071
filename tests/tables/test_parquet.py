# ruff: noqa: S608 - the only texts in these queries are of this file
"""A ledger as one Parquet file: DuckDB counts with it, an audit verifies it, and whatever is changed in it shows."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tea import Tea
from world import World

from ledger.audit import verify_ledger
from ledger.errors import AuditError, StorageError, UsageError
from ledger.store.ledger_reader import DatabaseReader
from ledger.tables.parquet import COLUMNS, ParquetReader, is_parquet, write_parquet

FOREIGN = b"somebody else's bytes"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("parquet")
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    story = Tea(world)
    story.chain()
    story.lot()
    world.accept(world.statement("generic", FOREIGN, subject="urn:x:1"))
    yield world
    world.log.engine.dispose()


@pytest.fixture(scope="module")
def whole(world: World) -> Path:
    path = world.folder / "leaves.parquet"
    with closing(DatabaseReader(world.url)) as reader:
        assert write_parquet(reader, path) == world.length()
    return path


def verified(path: Path, **how: Any) -> int:
    with closing(ParquetReader(path)) as reader:
        return verify_ledger(reader, workers=1, **how).size


def changed(whole: Path, path: Path, select: str, **known: str) -> Path:
    """Write the file again, other rows in it."""
    kept = dict(
        duckdb.execute(
            "SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", [str(whole)]
        ).fetchall()
    )
    spelled = ", ".join(
        f"{name}: '{text.replace(chr(39), chr(39) * 2)}'" for name, text in (kept | known).items()
    )
    duckdb.execute(
        f"COPY ({select.format(whole=whole)}) TO '{path}' (FORMAT parquet, KV_METADATA {{{spelled}}})"
    )
    return path


def test_a_row_for_each_leaf_is_verified_as_an_export_is(world: World, whole: Path):
    assert verified(whole, replay=True, log_key=world.log.vkey) == world.length()
    found = duckdb.sql(f"SELECT * FROM '{whole}' ORDER BY index")
    assert dict(zip(found.columns, map(str, found.types), strict=True)) == COLUMNS
    leaves = [row[-1] for row in found.fetchall()]
    with closing(DatabaseReader(world.url)) as reader:
        assert leaves == list(reader.entries(0, world.length()).leaves)
    assert is_parquet(whole)


def test_duckdb_counts_with_the_fields_of_statements(whole: Path):
    counted = duckdb.sql(
        f"SELECT fields->>'$.category' FROM '{whole}' WHERE type = 'product'"
    ).fetchall()
    assert counted == [("food/tea/green",)]
    late = f"SELECT count(*) FROM '{whole}' WHERE registered_at < issued_at - INTERVAL 1 MINUTE"
    assert duckdb.sql(late).fetchall() == [(0,)]


CHANGES = {
    "a row left out": ("SELECT * FROM '{whole}' WHERE index <> 5", "rows"),
    "a row left out at the end": (
        "SELECT * FROM '{whole}' WHERE index < (SELECT max(index) FROM '{whole}')",
        "rows",
    ),
    "one left out, another there twice": (
        """SELECT * FROM '{whole}' WHERE index <> 5
        UNION ALL SELECT * FROM '{whole}' WHERE index = 6 ORDER BY index""",
        "index",
    ),
    "another row's statement": (
        """SELECT * REPLACE (CASE WHEN index = 5 THEN (SELECT statement FROM '{whole}' WHERE index = 6)
        ELSE statement END AS statement) FROM '{whole}' ORDER BY index""",
        "leaf_hash",
    ),
}
CHANGES["a row without a statement"] = (
    """SELECT * REPLACE (CASE WHEN index = 5 THEN NULL ELSE statement END AS statement)
    FROM '{whole}' ORDER BY index""",
    "statement",
)
CHANGES["texts for statements"] = (
    "SELECT * REPLACE ('text' AS statement) FROM '{whole}' ORDER BY index",
    "statement",
)
CHANGES["the last one without a place"] = (
    """SELECT * REPLACE (CASE WHEN index = (SELECT max(index) FROM '{whole}') THEN NULL
    ELSE index END AS index) FROM '{whole}' ORDER BY index""",
    "index",
)
OF_COLUMNS = {
    "leaf_hash": "repeat('00', 32)",
    "id": "repeat('00', 32)",
    "type": "'recall'",
    "issuer": "'did:web:other.example'",
    "subject": "'urn:other'",
    "issued_at": "issued_at + INTERVAL 1 SECOND",
    "registered_at": "registered_at + INTERVAL 1 MICROSECOND",
    "fields": """'{{"v":1}}'::JSON""",
}
for _name, _value in OF_COLUMNS.items():
    CHANGES[f"{_name} of one row"] = (
        f"""SELECT * REPLACE (CASE WHEN index = 5 THEN {_value} ELSE {_name} END AS {_name})
        FROM '{{whole}}' ORDER BY index""",
        _name,
    )


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_in_it_shows(whole: Path, tmp_path: Path, change: str):
    select, field = CHANGES[change]
    path = changed(whole, tmp_path / "changed.parquet", select)
    with pytest.raises(AuditError) as caught:
        verified(path)
    assert caught.value.field == field


def test_rows_in_another_order_are_the_same_rows(world: World, whole: Path, tmp_path: Path):
    path = changed(whole, tmp_path / "r.parquet", "SELECT * FROM '{whole}' ORDER BY index DESC")
    assert verified(path) == world.length()


def test_a_column_for_all_and_one_that_is_missing(whole: Path, tmp_path: Path):
    path = changed(whole, tmp_path / "c.parquet", "SELECT * EXCLUDE (issuer) FROM '{whole}'")
    with pytest.raises(StorageError, match="issuer"):
        verified(path)


def test_another_log_s_checkpoint_and_none_at_all(whole: Path, tmp_path: Path):
    same = "SELECT * FROM '{whole}'"
    none = changed(whole, tmp_path / "none.parquet", same, checkpoint="nothing")
    with pytest.raises(AuditError, match="checkpoint"):
        verified(none)
    text = tmp_path / "text.parquet"
    text.write_text("PAR1 and nothing else")
    with pytest.raises(StorageError):
        ParquetReader(text)
    assert not is_parquet(tmp_path)


def test_a_file_that_is_there_is_left_alone(world: World, whole: Path):
    before = whole.read_bytes()
    with closing(DatabaseReader(world.url)) as reader, pytest.raises(UsageError, match="exists"):
        write_parquet(reader, whole)
    assert whole.read_bytes() == before
    assert not list(whole.parent.glob(".leaves*"))


def test_a_disk_that_refuses_is_told(world: World, tmp_path: Path):
    (tmp_path / "file").touch()
    with closing(DatabaseReader(world.url)) as reader, pytest.raises(StorageError, match="leaves"):
        write_parquet(reader, tmp_path / "file" / "leaves.parquet")


def test_what_others_register_has_a_row_without_fields(whole: Path):
    rows = f"SELECT type, fields, octet_length(statement) > 100 FROM '{whole}' WHERE subject = 'urn:x:1'"
    assert duckdb.sql(rows).fetchall() == [(None, None, True)]
