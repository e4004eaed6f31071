"""One entry of a ledger kept here, as JSON: the command and the service read it by this."""

from ledger.answering.named import MAX_ASKED, names_in, texts_in_entry
from ledger.answering.shown import Placed, Row, fate, unsealed, whole
from ledger.errors import LogCorruptError
from ledger.histories.history import Entry
from ledger.rules.state import key_state
from ledger.store.reads import Snapshot
from ledger.store.view import target_of
from ledger.tlog.merkle import prove_inclusion, subtree_root
from ledger.writing.log import Log


def sealed_us(snapshot: Snapshot, index: int) -> int:
    """Return the time of the seal behind an entry, microseconds."""
    seal = snapshot.seal_behind(index)
    if seal is None:
        raise LogCorruptError("entry {index}: no seal behind it", index=index)
    return seal[1]


def entry_here(
    log: Log, snapshot: Snapshot, entry: Entry, size: int, checkpoint: str | None
) -> Row:
    """Return an entry whole, as of a size.

    Args:
        log: the ledger.
        snapshot: what is read of it.
        entry: the entry, proven to be what the log signed.
        size: entries of the tree it is proven to be in.
        checkpoint: the signed note of that tree, None where none is signed yet.

    """
    view = log.view(snapshot, size)
    registered_us = sealed_us(snapshot, entry.index)
    key = key_state(view, entry.statement.kid)
    become: Row = {"amends": target_of(snapshot, entry)}
    become |= fate(lambda _: view, entry, key, registered_us)
    become["values"] = unsealed(entry, become["amendments"])
    tree = log.publisher.tree(snapshot, size)
    path = prove_inclusion(entry.index, size, tree)
    placed = Placed(registered_us, path, size, subtree_root(0, size, tree), checkpoint)
    names = names_in(view, texts_in_entry(entry), MAX_ASKED)
    return whole(entry, placed, become, snapshot.attached(entry.index), names)
