"""A search by name in a ledger of one's own or a mirror: of each type the newest statements are compared."""

from collections.abc import Iterator, Mapping

from ledger.answering.searched import TYPES, Things, gathered, named_so
from ledger.histories.history import Entry
from ledger.store.names import newest
from ledger.store.reads import Snapshot, reading
from ledger.writing.log import Log
from ledger.writing.publisher import require_head

COMPARED: Mapping[str, int] = {"party": 10_000, "party-update": 10_000}
"""Type -> statements whose names are compared, the newest ones."""
COMPARED_OTHERS = 2_000
"""The same of every other type."""


def find_named(log: Log, name: str) -> Things:
    """Return the things that a name, or an id, may stand for.

    Raises:
        LogCorruptError: the database is damaged.

    """
    cut: list[str] = []
    with reading(log.engine) as snapshot:
        size = require_head(snapshot).size
        known = gathered(_read(snapshot, size, cut))
        return named_so(known, name, log.view(snapshot, size), size, complete=not cut)


def _read(snapshot: Snapshot, size: int, cut: list[str]) -> Iterator[Entry]:
    """Yield the statements that are compared; the types of which there may be more go into ``cut``."""
    for type_ in TYPES:
        limit = COMPARED.get(type_, COMPARED_OTHERS)
        read = 0
        for entry in newest(snapshot, type_, size, limit):
            read += 1
            yield entry
        if read >= limit:
            cut.append(type_)
