"""Appending one batch in one transaction, under the lock of the head row."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from ledger.histories.history import encode_indices
from ledger.store.driver import Driver, transaction
from ledger.store.reads import Head, Snapshot, StoredCheckpoint, blob, page_number
from ledger.store.tables import (
    attached,
    checkpoints,
    entries,
    head,
    history_groups,
    index_pages,
    seals,
    search,
    tiles,
)
from ledger.tlog.tiles import WIDTH, interior


class Writer(Snapshot):
    """The one transaction that may append; others wait for the head row."""

    def __init__(self, driver: Driver, *, locks_rows: bool) -> None:
        """Wrap an open writing transaction; SQLite's own lock is enough."""
        super().__init__(driver)
        self._lock = " FOR UPDATE" if locks_rows else ""

    def locked_head(self) -> Head | None:
        """Return the head, held until this transaction ends."""
        return self.head(lock=self._lock)

    def append_entries(self, rows: list[tuple[int, bytes, bytes, bytes, bytes]]) -> None:
        """Insert (index, id, leaf, leaf hash, chain value behind it)."""
        self.driver.insert(entries, rows)

    def append_attached(self, rows: list[tuple[int, bytes]]) -> None:
        """Insert entries' (index, receipts of other logs in a CBOR array)."""
        self.driver.insert(attached, rows)

    def clear_derived(self) -> None:
        """Remove everything that follows from the entries, to be made again."""
        for table in (tiles, seals, history_groups, index_pages, head, search):
            self.driver.execute(f"DELETE FROM {table.name}")  # noqa: S608 - names of ours

    def fill_tiles(self, start: int, leaf_hashes: list[bytes]) -> None:
        """Write every tile that leaves [start, start + n) complete, level by level."""
        level, hashes = 0, leaf_hashes
        while hashes:
            offset = start % WIDTH
            if offset and offset + len(hashes) >= WIDTH:
                hashes = self._edge(level, start - offset, start) + hashes
                start -= offset
            elif offset:
                return
            full = []
            for at in range(0, len(hashes) - WIDTH + 1, WIDTH):
                tile = hashes[at : at + WIDTH]
                full.append(((start + at) // WIDTH, tile, interior(tile)[-1][0]))
            self.driver.insert(tiles, [(level, n, b"".join(tile), root) for n, tile, root in full])
            if not full:
                return
            level, start, hashes = level + 1, full[0][0], [root for _, _, root in full]

    def _edge(self, level: int, start: int, stop: int) -> list[bytes]:
        """Return the hashes that stand already in a tile that is not full yet."""
        if level == 0:
            rows = self.driver.rows(
                "SELECT leaf_hash FROM entries WHERE idx >= ? AND idx < ? ORDER BY idx", start, stop
            )
        else:
            rows = self.driver.rows(
                "SELECT root FROM tiles WHERE level = ? AND n >= ? AND n < ? ORDER BY n",
                level - 1,
                start,
                stop,
            )
        return [blob(row[0]) for row in rows]

    def append_seals(self, rows: list[tuple[int, int]]) -> None:
        """Insert seals' (index, time in microseconds)."""
        self.driver.insert(seals, rows)

    def append_groups(self, groups: list[tuple[bytes, int, list[int]]]) -> None:
        """Insert full groups of history indices: (key, group number, 256 indices)."""
        self.driver.insert(history_groups, [(key, n, encode_indices(i)) for key, n, i in groups])

    def put_pages(self, pages: dict[str, bytes]) -> None:
        """Replace index pages."""
        self.driver.upsert(
            index_pages, sorted((page_number(prefix), page) for prefix, page in pages.items())
        )

    def keep_checkpoint(self, checkpoint: StoredCheckpoint) -> None:
        """Insert a checkpoint unless its size has one."""
        row = (checkpoint.size, checkpoint.note, checkpoint.receipt_signature)
        self.driver.insert_missing(checkpoints, [row])

    def put_head(self, new: Head) -> None:
        """Replace the head row."""
        self.driver.upsert(
            head,
            [
                (
                    1,
                    new.size,
                    new.chain,
                    new.frontier,
                    new.index_root,
                    new.seal_idx,
                    new.seal_id,
                    new.seal_time_us,
                )
            ],
        )


@contextmanager
def writing(engine: Engine) -> Iterator[Writer]:
    """Open the transaction that appends; leaving it normally commits."""
    with transaction(engine, write=True) as driver:
        yield Writer(driver, locks_rows=engine.dialect.name != "sqlite")


def store_checkpoint(engine: Engine, checkpoint: StoredCheckpoint) -> None:
    """Insert a checkpoint unless its size has one.

    It need not survive a power cut: it is signed again from the committed head, with
    the same bytes.
    """
    with transaction(engine, write=True, durable=False) as driver:
        Writer(driver, locks_rows=False).keep_checkpoint(checkpoint)


def store_attached(engine: Engine, rows: list[tuple[int, bytes]]) -> None:
    """Insert entries' (index, receipts of other logs in a CBOR array) where there are none."""
    with transaction(engine, write=True) as driver:
        driver.insert_missing(attached, rows)
