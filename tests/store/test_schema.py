"""The migrations make exactly the tables that the code has."""

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


def test_the_newest_migration_is_the_one_the_code_asks_for():
    files = sorted(path.name for path in (migrations_folder() / "versions").glob("*.py"))
    assert files[-1].startswith(f"{REVISION}_")
