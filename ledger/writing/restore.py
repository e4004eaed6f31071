"""Rebuild a database from an export alone, or bring one that fell behind up to it.

The export is verified first by whoever calls; here its batches are written as they were
sealed, several to a transaction, so an interrupted import goes on where it stopped.
"""

from collections.abc import Callable, Iterable

from sqlalchemy import Engine

from ledger.audit.batches import genesis_of
from ledger.errors import UsageError
from ledger.files.reader import LedgerReader, SignedSize
from ledger.histories.history import Entry
from ledger.statements.catalogue import histories_of
from ledger.statements.log_family import Genesis, Seal
from ledger.store.again import write_again
from ledger.store.append import Writer, store_checkpoint, writing
from ledger.store.cosignatures import (
    by_key,
    key_text,
    split_note,
    store_cosignature,
    store_timestamp,
)
from ledger.store.reads import Head, StoredCheckpoint
from ledger.store.schema import upgrade
from ledger.store.search import insert, lengthen, rows_of
from ledger.store.view import parse_entry
from ledger.tlog.checkpoint import verify_cosignature
from ledger.tlog.merkle import Frontier
from ledger.tlog.note import VerifierKey, parse_note, parse_vkey
from ledger.tlog.prefix_tree import PrefixTree
from ledger.tlog.timestamp import is_timestamp
from ledger.writing.batch import Growth

CHUNK = 8_192  # entries a transaction holds at least


def _check_prefix(reader: LedgerReader, head: Head) -> None:
    """Refuse to lengthen a database that is not a prefix of the export."""
    tree = Frontier()
    for start in range(0, head.size, CHUNK):
        for hashed in reader.entries(start, min(start + CHUNK, head.size)).claims["leaf_hash"]:
            tree.append(hashed)
    if tree.hashes != head.tree().hashes:
        raise UsageError(
            "the database's {size} entries are not the first of this export: import into a new one",
            size=head.size,
        )


def _append(growth: Growth, entry: Entry) -> bool:
    """Add a stored entry; return whether it is a seal."""
    if isinstance(entry.body, Seal):
        growth.append_seal(entry.statement, entry.body.time_us)
        return True
    growth.append(entry.statement, histories_of(entry.statement, entry.body))
    return False


def _chunk(reader: LedgerReader, growth: Growth, size: int) -> None:
    """Collect whole batches until there are enough of them."""
    start = growth.size
    while growth.size < size:
        stop = min(growth.size + 256, size)
        for index, leaf in enumerate(reader.entries(growth.size, stop).leaves, growth.size):
            sealed = _append(growth, parse_entry(index, leaf))
            if sealed and growth.size - start >= CHUNK:
                return


def _write_chunk(
    writer: Writer, reader: LedgerReader, head: Head | None, origin: str, tree: PrefixTree
) -> Head:
    growth = Growth.onto(head, origin)
    _chunk(reader, growth, reader.size())
    return growth.write(writer, tree, growth.index_into(tree))


def restore(
    engine: Engine,
    reader: LedgerReader,
    origin: str,
    *,
    cosigners: Iterable[VerifierKey] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> str:
    """Write a verified export into a database; return the newest checkpoint's note.

    Cosignatures come along where they verify, of the witnesses that genesis names and of the
    ``cosigners`` given.

    Raises:
        UsageError: the database holds another ledger, or a longer one.

    """
    upgrade(engine)
    write_again(engine)
    size, checked, done = reader.size(), False, 0
    while done < size:
        with writing(engine) as writer:
            head = writer.locked_head()
            if head is not None and not checked:
                if head.size > size:
                    raise UsageError(
                        "the database has {size} entries, the export only {size_2}",
                        size=head.size,
                        size_2=size,
                    )
                _check_prefix(reader, head)
            checked = True
            if head is None or head.size < size:
                head = _write_chunk(writer, reader, head, origin, PrefixTree(writer.pages))
            done = head.size
        progress(done)
    return store_signed(engine, reader.checkpoints(0, size), genesis_of(reader)[1], cosigners)


def store_signed(
    engine: Engine,
    signed: Iterable[SignedSize],
    genesis: Genesis,
    cosigners: Iterable[VerifierKey] = (),
) -> str:
    """Keep verified checkpoints beside their entries, with the cosignatures that verify, and timestamps.

    Returns:
        The note of the last one, with the log's signature alone.

    """
    log_key, bare = parse_vkey(genesis.log_key), ""
    known = by_key([*map(parse_vkey, genesis.witnesses), *cosigners])
    for item in signed:
        bare, lines = split_note(item.note, log_key)
        store_checkpoint(engine, StoredCheckpoint(item.size, bare, item.receipt_signature))
        for line in lines:
            if is_timestamp(line):  # whoever reads it verifies it, by a trust file of their own
                store_timestamp(engine, item.size, line)
                continue
            vkey = known.get(key_text(line))
            time_s = None if vkey is None else verify_cosignature(parse_note(item.note), vkey)
            if time_s is not None:
                store_cosignature(engine, item.size, line, time_s=time_s)
    while lengthen(engine, CHUNK):
        pass
    return bare


def rebuild(engine: Engine, origin: str) -> int:
    """Make everything that follows from the entries again, in one transaction; return the size.

    Raises:
        LogCorruptError: an entry is missing, or the newest is no seal.

    """
    with writing(engine) as writer:
        writer.clear_derived()
        growth, tree = Growth.onto(None, origin), PrefixTree(writer.pages)
        index_root = tree.root()
        while True:
            leaves = writer.leaf_range(growth.size, growth.size + CHUNK)
            if not leaves:
                break
            insert(writer.driver, rows_of(growth.size, leaves))
            for index, leaf in enumerate(leaves, growth.size):
                _append(growth, parse_entry(index, leaf))
            index_root = growth.index_into(tree)
            growth.histories.clear()
        growth.write(writer, tree, index_root, entries=False)
        return growth.size
