"""A search by name in a ledger of one's own or a mirror: of each type the newest statements are compared."""

from collections.abc import Mapping
from itertools import chain

from ledger.answering.searched import TYPES, Things, gathered, named_so
from ledger.store.names import newest
from ledger.store.reads import reading
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
    most = {type_: COMPARED.get(type_, COMPARED_OTHERS) for type_ in TYPES}
    with reading(log.engine) as snapshot:
        size = require_head(snapshot).size
        read = {type_: [*newest(snapshot, type_, size, limit)] for type_, limit in most.items()}
        complete = all(len(entries) < most[type_] for type_, entries in read.items())
        known = gathered(chain.from_iterable(read.values()))
        return named_so(known, name, log.view(snapshot, size), size, complete=complete)
