"""Entries as people name them: by id or index, and what a command finds there."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.histories.history import Entry
    from ledger.store.reads import Snapshot
    from ledger.writing.log import Log


def find_index(snapshot: "Snapshot", text: str) -> int:
    """Return the index that an id, the beginning of one, or an index names in a stored ledger.

    Raises:
        UsageError: neither, or no such entry.

    """
    from ledger.identifiers.statement_ids import SEVERAL, index_in
    from ledger.writing.publisher import require_head

    def by_id(id_: bytes) -> int | None:
        return next((found[0] for found in snapshot.by_id([id_]).values()), None)

    size = require_head(snapshot).size
    return index_in(text, size, by_id, lambda digits: snapshot.by_beginning(digits, SEVERAL))


def find_entry(log: "Log", snapshot: "Snapshot", text: str) -> "Entry":
    """Return the entry that an id, the beginning of one, or an index names, proven to be what the log signed.

    Raises:
        UsageError: neither, or no such entry.
        VerificationError: the database holds something else there.

    """
    from ledger.errors import VerificationError
    from ledger.identifiers.statement_ids import id_in
    from ledger.store.view import parse_entry

    index = find_index(snapshot, text)
    entry = parse_entry(index, log.publisher.leaves(snapshot, [index])[index])
    if not entry.statement.id.hex().startswith(id_in(text)):
        raise VerificationError(
            "entry {index} is another statement than {text}: the database was edited",
            index=index,
            text=text,
        )
    return entry
