"""Engines: SQLite through pysqlite3, PostgreSQL through psycopg, with durable settings.

SQLite runs WAL + synchronous FULL on a library without the WAL-reset bug; where only
an older one is there, DELETE + EXTRA. Both keep acknowledged commits through power loss.
"""

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from ledger.errors import UsageError

SAFE_WAL = (3, 53, 0)
BUSY_TIMEOUT_MS = 60_000  # another process's batch is at most a few seconds
PAGE_CACHE_KIB = 65_536


def sqlite_module() -> ModuleType:
    """Return pysqlite3 where it is installed, else the standard library's."""
    try:
        import pysqlite3.dbapi2 as module  # noqa: PLC0415 - not on every platform
    except ImportError:
        return sqlite3
    return module  # type: ignore[no-any-return]


def _sqlite(url: str) -> Engine:
    module = sqlite_module()
    wal = module.sqlite_version_info >= SAFE_WAL
    engine = create_engine(url, module=module, pool_size=8, max_overflow=64)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin and end explicitly
        # Text where bytes belong must be named by whoever reads it, not fail in the driver.
        connection.text_factory = lambda raw: raw.decode(errors="surrogateescape")
        journal, synchronous = ("WAL", "FULL") if wal else ("DELETE", "EXTRA")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA recursive_triggers = ON")  # REPLACE is a DELETE, and refused

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _one_password(url: URL) -> URL:
    """Return a URL whose password, if any, stands where SQLAlchemy hides it from messages."""
    query = dict(url.query)
    password = query.pop("password", None)
    return url if password is None else url.set(query=query, password=str(password))


def without_password(url: str) -> str:
    """Return a database URL, or path, without its password."""
    if "://" not in url:
        return url
    bare = _one_password(make_url(url))._replace(password=None)
    return bare.render_as_string(hide_password=False)


def make_engine(url: str) -> Engine:
    """Return an engine for a database URL, or for a path (SQLite).

    Raises:
        UsageError: neither SQLite nor PostgreSQL.

    """
    try:
        parsed = make_url(url) if "://" in url else make_url(f"sqlite:///{Path(url)}")
    except (ArgumentError, ValueError) as error:
        # Not quoted beyond its scheme: what does not parse may hold a password.
        raise UsageError(
            "not a database URL: {partition}://…", partition=url.partition("://")[0][:40]
        ) from error
    parsed = _one_password(parsed)
    match parsed.get_backend_name():
        case "sqlite":
            named = parsed.database or ":memory:"
            if ":memory:" in named or parsed.query.get("mode") == "memory":
                raise UsageError("a ledger in memory would be gone with its process: name a file")
            return _sqlite(parsed.set(drivername="sqlite").render_as_string(hide_password=False))
        case "postgresql":
            return create_engine(
                parsed.set(drivername="postgresql+psycopg"), pool_size=8, max_overflow=64
            )
        case other:
            raise UsageError("a ledger lives in SQLite or PostgreSQL, not in {other}", other=other)
