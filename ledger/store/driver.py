"""The driver under SQLAlchemy, for the hot path: the same few statements, run raw.

SQLAlchemy owns engine, pool, tables and migrations; its statement machinery costs
several times what SQLite itself does for one row (DECISIONS 7), so rows go to and
from the driver directly. The two classes differ only in how many keys travel at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Engine, Table
from sqlalchemy.exc import DBAPIError

from ledger.errors import DatabaseAwayError, StorageError

Row = tuple[Any, ...]
P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S", bound="_Connected")


def _translated(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Turn the driver's errors into ours, with the first line of what it said."""

    @wraps(method)
    def call(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(self, *args, **kwargs)
        except self.errors as error:
            raise _refused(self.engine, error, self.cut) from error

    return call


REPEATABLE_READ = 3  # psycopg.IsolationLevel's: the driver is imported where there is a database


class Driver(Protocol):
    """One connection inside one transaction."""

    def rows(self, sql: str, *parameters: Any) -> list[Row]:
        """Return the rows of a statement; parameters stand as ``?``."""
        ...

    def execute(self, sql: str, *parameters: Any) -> None:
        """Run a statement without rows."""
        ...

    def by_key(self, table: Table, columns: str, key: str, keys: Sequence[Any]) -> Iterable[Row]:
        """Return ``columns`` of the rows whose ``key`` is one of ``keys``, in no order."""
        ...

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows of all columns."""
        ...

    def upsert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows of all columns, replacing those with the same primary key."""
        ...

    def insert_missing(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows of all columns, but those whose primary key is there already."""
        ...


def errors_of(engine: Engine) -> tuple[type[Exception], ...]:
    """Return what a driver raises: its own, and that its message, quoting a damaged file, is no text."""
    return (engine.dialect.loaded_dbapi.Error, UnicodeDecodeError)


class _Connected:
    """A connection, what its driver raises, and the engine it came from."""

    def __init__(self, connection: Any, engine: Engine) -> None:
        self._connection = connection
        self.engine = engine
        self.errors = errors_of(engine)

    @property
    def cut(self) -> bool:
        """Return whether the connection is gone; SQLite's cannot go."""
        return bool(getattr(self._connection, "closed", False))


class SqliteDriver(_Connected):
    """pysqlite3: calls are cheap, so keys go one by one."""

    @_translated
    def rows(self, sql: str, *parameters: Any) -> list[Row]:
        """Return the rows of a statement."""
        return self._connection.execute(sql, parameters).fetchall()  # type: ignore[no-any-return]

    @_translated
    def execute(self, sql: str, *parameters: Any) -> None:
        """Run a statement without rows."""
        self._connection.execute(sql, parameters)

    @_translated
    def by_key(self, table: Table, columns: str, key: str, keys: Sequence[Any]) -> Iterable[Row]:
        """Return the rows found, a statement for each key."""
        sql = f"SELECT {columns} FROM {table.name} WHERE {key} = ?"  # noqa: S608 - names of ours
        execute = self._connection.execute
        return [row for item in keys for row in execute(sql, (item,)).fetchall()]

    def _many(self, verb: str, table: Table, rows: Sequence[Row]) -> None:
        marks = ",".join("?" * len(table.columns))
        self._connection.executemany(f"{verb} INTO {table.name} VALUES ({marks})", rows)

    @_translated
    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows."""
        self._many("INSERT", table, rows)

    @_translated
    def upsert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert or replace rows."""
        self._many("INSERT OR REPLACE", table, rows)

    @_translated
    def insert_missing(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows that are not there."""
        self._many("INSERT OR IGNORE", table, rows)


_ARRAYS = {"BIGINT": "int8", "SMALLINT": "int2", "BLOB": "bytea", "BYTEA": "bytea", "TEXT": "text"}


class PostgresDriver(_Connected):
    """psycopg: a round trip costs more than a row, so keys and rows go as arrays."""

    def __init__(self, connection: Any, engine: Engine) -> None:
        """Open a cursor that talks binary."""
        super().__init__(connection, engine)
        self._cursor = connection.cursor(binary=True)

    @_translated
    def rows(self, sql: str, *parameters: Any) -> list[Row]:
        """Return the rows of a statement."""
        self._cursor.execute(sql.replace("?", "%s"), parameters)
        return self._cursor.fetchall()  # type: ignore[no-any-return]

    @_translated
    def execute(self, sql: str, *parameters: Any) -> None:
        """Run a statement without rows."""
        self._cursor.execute(sql.replace("?", "%s"), parameters)

    @staticmethod
    def _array(table: Table, column: str) -> str:
        return f"%b::{_ARRAYS[str(table.columns[column].type)]}[]"

    @_translated
    def by_key(self, table: Table, columns: str, key: str, keys: Sequence[Any]) -> Iterable[Row]:
        """Return the rows found, one round trip."""
        if not keys:
            return []
        sql = f"SELECT {columns} FROM {table.name} WHERE {key} = ANY({self._array(table, key)})"  # noqa: S608
        self._cursor.execute(sql, (list(keys),))
        return self._cursor.fetchall()  # type: ignore[no-any-return]

    def _unnest(self, table: Table) -> str:
        arrays = ", ".join(self._array(table, column.name) for column in table.columns)
        return f"INSERT INTO {table.name} SELECT * FROM unnest({arrays})"  # noqa: S608 - names of ours

    @_translated
    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows, one round trip."""
        if rows:
            self._cursor.execute(
                self._unnest(table), [list(column) for column in zip(*rows, strict=True)]
            )

    @_translated
    def upsert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert or replace rows, one round trip."""
        if rows:
            keys = [column.name for column in table.primary_key.columns]
            values = [c.name for c in table.columns if c.name not in keys]
            sets = ", ".join(f"{name} = excluded.{name}" for name in values)
            sql = f"{self._unnest(table)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sets}"
            self._cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])

    @_translated
    def insert_missing(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows that are not there, one round trip."""
        sql = f"{self._unnest(table)} ON CONFLICT DO NOTHING"
        self._cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])


@contextmanager
def transaction(engine: Engine, *, write: bool, durable: bool = True) -> Iterator[Driver]:
    """Run one transaction on a pooled connection: committed at the end, undone by an error.

    A reading transaction sees one snapshot. One that is not ``durable`` may be lost by a
    power cut (never half of it): for what follows from durable rows and is made again.

    Raises:
        StorageError: the database refused; the first line of what it said.
        DatabaseAwayError: it cannot be reached, or the connection was cut.

    """
    driver_errors = errors_of(engine)
    connecting: tuple[type[Exception], ...] = (DBAPIError, *driver_errors)
    try:
        proxied = engine.raw_connection()
    except connecting as error:
        away = engine.dialect.name != "sqlite"  # a file that cannot be opened does not come back
        raise _refused(engine, getattr(error, "orig", None) or error, away) from error
    connection = proxied.driver_connection
    try:
        driver = _begin(connection, engine, write=write, durable=durable)
        try:
            yield driver
        except DatabaseAwayError:
            proxied.invalidate()
            raise
        except BaseException:
            connection.rollback()  # type: ignore[union-attr]
            raise
        if write:
            connection.commit()  # type: ignore[union-attr]
        else:
            connection.rollback()  # type: ignore[union-attr]
    except driver_errors as error:
        cut = bool(getattr(connection, "closed", False))
        proxied.invalidate()
        raise _refused(engine, error, cut) from error
    finally:
        if proxied.is_valid:
            _as_before(connection, engine, write=write, durable=durable)
        proxied.close()


def _begin(connection: Any, engine: Engine, *, write: bool, durable: bool) -> Driver:
    driver: Driver
    if engine.dialect.name == "sqlite":
        driver = SqliteDriver(connection, engine)
        if write and not durable:
            driver.execute("PRAGMA synchronous = NORMAL")
        driver.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        return driver
    if not write:  # BEGIN itself says it: a statement for that would be a round trip
        connection.isolation_level, connection.read_only = REPEATABLE_READ, True
    driver = PostgresDriver(connection, engine)
    if write and not durable:
        driver.execute("SET LOCAL synchronous_commit = off")
    return driver


def _as_before(connection: Any, engine: Engine, *, write: bool, durable: bool) -> None:
    """Leave a connection as others expect it from the pool."""
    if engine.dialect.name != "sqlite":
        if not write and not connection.closed:
            connection.isolation_level = connection.read_only = None
    elif write and not durable:
        # EXTRA is FULL where the journal is a WAL.
        SqliteDriver(connection, engine).execute("PRAGMA synchronous = EXTRA")


def _refused(engine: Engine, error: BaseException, away: bool) -> StorageError:
    kind = DatabaseAwayError if away else StorageError
    return kind(f"database {engine.url}: {_first_line(error)}")


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().split("\n")[0] if str(error).strip() else type(error).__name__
