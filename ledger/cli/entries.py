"""Entries as people name them: by id or index, and what a command finds there."""

from typing import TYPE_CHECKING

from ledger.errors import ParameterError, UsageError

if TYPE_CHECKING:
    from ledger.histories.history import Entry
    from ledger.rules.standing import Standing
    from ledger.store.reads import Snapshot
    from ledger.writing.log import Log

ID_DIGITS = 64


def find_index(snapshot: "Snapshot", text: str) -> int:
    """Return the index that an id (64 hexadecimal digits) or an index names.

    Raises:
        UsageError: neither, or no such entry.

    """
    from ledger.errors import MalformedError
    from ledger.primitives.strict import parse_decimal, parse_hex
    from ledger.writing.publisher import require_head

    try:
        if len(text) == ID_DIGITS:
            found = snapshot.by_id([parse_hex(text, size_bytes=32)])
            if not found:
                msg = f"no entry with id {text}"
                raise UsageError(msg)
            return next(iter(found.values()))[0]
        index = parse_decimal(text)
    except MalformedError as error:
        msg = f"{text[:80]!r} is neither a statement id (64 hexadecimal digits) nor an index"
        raise ParameterError(msg) from error
    size = require_head(snapshot).size
    if index >= size:
        msg = f"no entry {index}: the ledger has {size}"
        raise UsageError(msg)
    return index


def find_entry(log: "Log", snapshot: "Snapshot", text: str) -> "Entry":
    """Return the entry that an id or an index names, proven to be what the log signed.

    Raises:
        UsageError: neither, or no such entry.
        VerificationError: the database holds something else there.

    """
    from ledger.errors import VerificationError
    from ledger.store.view import parse_entry

    index = find_index(snapshot, text)
    entry = parse_entry(index, log.publisher.leaves(snapshot, [index])[index])
    if len(text) == ID_DIGITS and entry.statement.id.hex() != text:
        msg = f"entry {index} is another statement than {text}: the database was edited"
        raise VerificationError(msg)
    return entry


def standing_of(log: "Log", snapshot: "Snapshot", entry: "Entry") -> "Standing | None":
    """Return an entry with what later ones made of it; None for a generic one."""
    from ledger.rules.standing import Standing, with_amendments
    from ledger.writing.publisher import require_head

    if entry.body is None:
        return None
    view = log.view(snapshot, require_head(snapshot).size)
    return with_amendments(view, Standing(entry, entry.body, entry.statement.id.hex()))
