"""The search index: which entries carry a term. Behind the log, and never read for a verdict.

It is written in transactions of its own, after the commits it follows, so registering
never waits for it; ``position`` says how far it is. Rows are made from the entries alone:
a crash between two transactions leaves a shorter index, which the next call lengthens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from ledger.histories.terms import terms_of
from ledger.store.driver import Driver, Row, transaction
from ledger.store.reads import Snapshot, reading
from ledger.store.tables import search
from ledger.store.view import parse_entry

_ADVISORY_LOCK = 0x50494E59  # any number nobody else uses in this database


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for: entries in [start, stop) that carry every one of the terms."""

    terms: tuple[bytes, ...]
    start: int
    stop: int


def position(snapshot: Snapshot) -> int:
    """Return how many entries the index covers, from entry 0 on."""
    found = snapshot.driver.rows("SELECT max(idx) FROM search")[0][0]
    return 0 if found is None else int(found) + 1


def _where(wanted: Search) -> tuple[str, list[object]]:
    """Return the tables and conditions of a search; its first term leads, the others must hold too."""
    first, *others = wanted.terms
    sql = "FROM search a WHERE a.term = ? AND a.idx >= ? AND a.idx < ?"
    also = " AND EXISTS (SELECT 1 FROM search b WHERE b.idx = a.idx AND b.term = ?)"
    return sql + also * len(others), [first, wanted.start, wanted.stop, *others]


def count(snapshot: Snapshot, wanted: Search) -> int:
    """Return how many entries are found."""
    if not wanted.terms:
        return max(0, wanted.stop - wanted.start)
    where, parameters = _where(wanted)
    return int(snapshot.driver.rows(f"SELECT count(*) {where}", *parameters)[0][0])


def find(snapshot: Snapshot, wanted: Search, *, limit: int, newest_first: bool) -> list[int]:
    """Return the indices of the entries found, in the log's order or against it."""
    if not wanted.terms:
        indices = range(wanted.start, wanted.stop)
        return list((indices[::-1] if newest_first else indices)[:limit])
    where, parameters = _where(wanted)
    order = "DESC" if newest_first else "ASC"
    rows = snapshot.driver.rows(
        f"SELECT a.idx {where} ORDER BY a.idx {order} LIMIT ?", *parameters, limit
    )
    return [int(row[0]) for row in rows]


def sealed_before(snapshot: Snapshot, time_us: int) -> int:
    """Return how many entries were registered before a time."""
    rows = snapshot.driver.rows(
        "SELECT idx FROM seals WHERE time_us < ? ORDER BY time_us DESC LIMIT 1", time_us
    )
    return int(rows[0][0]) + 1 if rows else 0


def newest_seal_below(snapshot: Snapshot, size: int) -> tuple[int, int] | None:
    """Return (index, time in microseconds) of the newest seal among the first ``size`` entries."""
    rows = snapshot.driver.rows(
        "SELECT idx, time_us FROM seals WHERE idx < ? ORDER BY idx DESC LIMIT 1", size
    )
    return (int(rows[0][0]), int(rows[0][1])) if rows else None


def rows_of(start: int, leaves: Iterable[bytes]) -> list[Row]:
    """Return the rows of entries from ``start`` on, sorted by key."""
    rows: list[Row] = []
    for index, leaf in enumerate(leaves, start):
        entry = parse_entry(index, leaf)
        rows += [(index, item) for item in sorted(terms_of(entry.statement, entry.body))]
    return rows


def insert(driver: Driver, rows: Sequence[Row]) -> None:
    """Insert rows; those that another process wrote meanwhile stay."""
    driver.insert_missing(search, rows)


def lengthen(engine: Engine, limit: int) -> int:
    """Index up to ``limit`` more entries; return how many.

    Entries are read and parsed before the writing transaction begins, which only inserts:
    it may be lost by a power cut, and is made again. Several processes may call it at once;
    one of them writes, the others return 0.

    Raises:
        LogCorruptError: an entry is missing or cannot be read.
        StorageError: the database refused.

    """
    with reading(engine) as snapshot:
        start, head = position(snapshot), snapshot.head()
        stop = 0 if head is None else min(head.size, start + limit)
        leaves = snapshot.leaf_range(start, stop) if start < stop else []
    rows = rows_of(start, leaves)
    if not rows:
        return 0
    with transaction(engine, write=True, durable=False) as driver:
        if not _locked(engine, driver) or position(Snapshot(driver)) != start:
            return 0
        insert(driver, rows)
    return len(leaves)


def _locked(engine: Engine, driver: Driver) -> bool:
    """Return whether this transaction alone may write the index; SQLite's own lock is enough."""
    if engine.dialect.name == "sqlite":
        return True
    return bool(driver.rows("SELECT pg_try_advisory_xact_lock(?::bigint)", _ADVISORY_LOCK)[0][0])
