"""A PostgreSQL set up as tools/deploy says: one role owns the tables, another appends to them."""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import pytest
from conftest import ROOT, new_database
from sqlalchemy.engine import make_url

from ledger.store.engine import make_engine
from ledger.store.schema import upgrade

DEPLOY = ROOT / "tools" / "deploy"


@dataclass(frozen=True)
class Granted:
    """One database as each of its roles connects to it."""

    superuser: str
    owner: str
    api: str

    def run(self, url: str, text: str) -> None:
        """Run a file of SQL as a role, as ``psql -f`` would."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(text)  # several statements at once: no parameters


def as_role(url: str, role: str) -> str:
    return make_url(url).set(username=role, password=None).render_as_string(hide_password=False)


def with_roles(server: str) -> Granted:
    """Return a new database with its roles, before anything is migrated."""
    url = new_database(server)
    made = Granted(url, as_role(url, "pinyuan_owner"), as_role(url, "pinyuan_api"))
    made.run(url, (DEPLOY / "roles.sql").read_text(encoding="utf-8"))
    return made


def with_grants(made: Granted) -> Granted:
    """Migrate as the owner, and grant."""
    engine = make_engine(made.owner)
    upgrade(engine)
    engine.dispose()
    made.run(made.owner, (DEPLOY / "grants.sql").read_text(encoding="utf-8"))
    return made


@pytest.fixture
def empty(postgres: str) -> Granted:
    """Return a database with its roles, before anything is migrated."""
    return with_roles(postgres)


@pytest.fixture
def granted(empty: Granted) -> Granted:
    """Return a database that its owner migrated and whose grants stand."""
    return with_grants(empty)


@pytest.fixture(scope="session")
def untouched(postgres: str) -> Granted:
    """Return such a database for tests that are refused everything."""
    return with_grants(with_roles(postgres))


@pytest.fixture
def refused(untouched: Granted) -> Callable[[str], bool]:
    """Return what says whether the API's role is refused a statement for want of a right."""

    def ask(text: str) -> bool:
        with psycopg.connect(untouched.api) as connection:
            try:
                connection.execute(text)
            except psycopg.errors.InsufficientPrivilege:
                return True
            finally:
                connection.rollback()
        return False

    return ask
