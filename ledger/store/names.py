"""What the newest statements of a type are about, by search: what a misspelt name may stand for."""

from collections.abc import Collection, Iterator

from ledger.histories.history import Entry
from ledger.histories.terms import term
from ledger.statements.catalogue import type_name
from ledger.store.reads import Snapshot
from ledger.store.search import Search, find, position
from ledger.store.view import parse_entry

LOOKED_AT = 1_000
"""Registrations of one type that a name is compared with, the newest ones."""
UNINDEXED = 1_000
"""Entries behind the search index that are looked through."""


def registered(snapshot: Snapshot, type_: str, size: int) -> Iterator[tuple[str, int]]:
    """Yield what the newest statements of a type are about, with their entries."""
    for entry in newest(snapshot, type_, size, LOOKED_AT):
        yield entry.statement.subject, entry.index


def newest(snapshot: Snapshot, type_: str, size: int, limit: int) -> Iterator[Entry]:
    """Yield the newest statements of a type: what the search index does not have yet, then so many that it has."""
    indexed = min(position(snapshot), size)
    start = max(indexed, size - UNINDEXED)
    for index, leaf in enumerate(snapshot.leaf_range(start, size), start):
        entry = parse_entry(index, leaf)
        if entry.body is not None and type_name(entry.body) == type_:
            yield entry
    wanted = Search((term("type", type_),), 0, indexed)
    found = find(snapshot, wanted, limit=limit, newest_first=True)
    for index, leaf in snapshot.leaves(found).items():
        yield parse_entry(index, leaf)


def of_types(snapshot: Snapshot, types: Collection[str], size: int) -> list[int]:
    """Return the entries of some types, by search, and by reading what search does not cover yet."""
    indexed = min(position(snapshot), size)
    found: set[int] = set()
    for type_ in types:
        wanted = Search((term("type", type_),), 0, indexed)
        found.update(find(snapshot, wanted, limit=indexed, newest_first=False))
    for start in range(indexed, size, UNINDEXED):
        leaves = snapshot.leaf_range(start, min(size, start + UNINDEXED))
        for index, leaf in enumerate(leaves, start):
            body = parse_entry(index, leaf).body
            if body is not None and type_name(body) in types:
                found.add(index)
    return sorted(found)
