"""The migrations make exactly the tables that the code has."""

import pytest
from sqlalchemy import text

from ledger.errors import UsageError
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
