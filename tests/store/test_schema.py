"""The migrations make exactly the tables that the code has."""

from pathlib import Path

import pytest
from sqlalchemy import text

from ledger.errors import StorageError, UsageError
from ledger.store import schema
from ledger.store.engine import make_engine
from ledger.store.schema import REVISION, check_revision, differences, migrations_folder, upgrade


def test_the_migrations_make_the_tables_of_the_code(database: str):
    engine = make_engine(database)
    upgrade(engine)
    assert differences(engine) == []
    check_revision(engine)
    upgrade(engine)  # a second time changes nothing
    assert differences(engine) == []
    engine.dispose()


def test_a_database_of_a_later_release_is_left_to_it(database: str):
    engine = make_engine(database)
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for doing in (upgrade, check_revision):
        with pytest.raises(UsageError, match=r"schema 9999, .* use a newer release"):
            doing(engine)
    engine.dispose()


def test_the_newest_migration_is_the_one_the_code_asks_for():
    files = sorted(path.name for path in (migrations_folder() / "versions").glob("*.py"))
    assert files[-1].startswith(f"{REVISION}_")


def test_migrations_that_cannot_be_read_are_told_in_a_sentence(tmp_path: Path, monkeypatch):
    engine = make_engine(str(tmp_path / "database"))
    folder = tmp_path / "migrations"
    monkeypatch.setattr(schema, "migrations_folder", lambda: folder)
    with pytest.raises(StorageError, match=f"^migrations {folder}: Path doesn't exist"):
        upgrade(engine)
    (folder / "env.py").mkdir(parents=True)
    (folder / "versions").mkdir()
    (folder / "script.py.mako").touch()
    with pytest.raises(StorageError, match=f"^migration {folder}/env.py: Is a directory$"):
        upgrade(engine)
    engine.dispose()
