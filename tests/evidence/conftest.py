"""A ledger that answers questions, on SQLite and on PostgreSQL; no test changes it."""

from collections.abc import Iterator

import pytest
from conftest import new_database
from evidence.bundles import tell
from world import World


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def either(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Return the story on SQLite, then on PostgreSQL."""
    folder = tmp_path_factory.mktemp("either")
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'ledger.sqlite'}"
    else:
        url = new_database(request.getfixturevalue("postgres"))
    made = tell(World(folder, url))
    yield made
    made.log.engine.dispose()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return the story on SQLite."""
    folder = tmp_path_factory.mktemp("told")
    made = tell(World(folder, f"sqlite:///{folder / 'ledger.sqlite'}"))
    yield made
    made.log.engine.dispose()
