"""Ledgers that many tests look at and none changes, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from audit.ledgers import COSIGNED, Administrator, export_of, grow, verified
from conftest import new_database
from world import World


def _url(name: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if name == "sqlite":
        return f"sqlite:///{folder / 'ledger.sqlite'}"
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def grown(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Return a ledger with rows in every table; whoever edits it edits back."""
    folder = tmp_path_factory.mktemp("grown")
    world = grow(World(folder, _url(request.param, folder, request), **COSIGNED))
    yield world
    world.log.engine.dispose()


@pytest.fixture(scope="module")
def administrator(grown: World) -> Iterator[Administrator]:
    """Return the one who holds the password of the grown ledger's database."""
    found, honest = Administrator(grown.url), verified(grown.url)
    yield found
    found.engine.dispose()
    assert verified(grown.url) == honest, "an edit was not undone"


@pytest.fixture(scope="session")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return the same ledger on SQLite, for tests that only read it."""
    folder = tmp_path_factory.mktemp("lasting")
    world = grow(World(folder, f"sqlite:///{folder / 'ledger.sqlite'}", **COSIGNED))
    yield world
    world.log.engine.dispose()


@pytest.fixture(scope="session")
def exported(lasting: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the export of the lasting ledger."""
    return export_of(lasting.url, tmp_path_factory.mktemp("exported") / "export")
