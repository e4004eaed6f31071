"""Reading one snapshot of the database: head, entries, pages, tiles, checkpoints."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from ledger.cose.attached import decode_attached
from ledger.errors import LogCorruptError, MalformedError
from ledger.histories.history import GROUP, HistoryState, decode_indices, history_key
from ledger.store.driver import Driver, transaction
from ledger.store.tables import entries, index_pages
from ledger.tlog.merkle import HASH_SIZE, Frontier, subtree_root
from ledger.tlog.prefix_tree import PrefixTree
from ledger.tlog.tiles import HEIGHT, WIDTH, interior, split_hashes


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log stands: ``size`` entries, the newest a seal."""

    size: int
    chain: bytes
    frontier: bytes
    index_root: bytes
    seal_idx: int
    seal_id: bytes
    seal_time_us: int

    def tree(self) -> Frontier:
        """Return the frontier of the Merkle tree."""
        raw = self.frontier
        hashes = [raw[at : at + HASH_SIZE] for at in range(0, len(raw), HASH_SIZE)]
        if len(hashes) != self.size.bit_count():
            raise LogCorruptError(
                "head row: a frontier of {count} hashes for {size} entries",
                count=len(hashes),
                size=self.size,
            )
        return Frontier(self.size, hashes)


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A signed checkpoint and the signature its batch's receipts share."""

    size: int
    note: str
    receipt_signature: bytes


def blob(value: object) -> bytes:
    """Return a binary column's bytes.

    Raises:
        LogCorruptError: somebody put another type there.

    """
    if not isinstance(value, bytes | memoryview):
        raise LogCorruptError(
            "a {name} in a column of bytes: the database was edited", name=type(value).__name__
        )
    return bytes(value)


def whole(value: object) -> int:
    """Return an integer column's value.

    Raises:
        LogCorruptError: somebody put another type there.

    """
    if type(value) is not int:
        raise LogCorruptError(
            "a {name} in a column of integers: the database was edited", name=type(value).__name__
        )
    return value


def page_number(prefix: str) -> int:
    """Return the integer that stands for a page's prefix in the database."""
    return int("1" + prefix, 16)


class Snapshot:
    """What one transaction sees. Everything is read when asked for."""

    def __init__(self, driver: Driver) -> None:
        """Wrap an open transaction."""
        self.driver = driver

    def head(self, *, lock: str = "") -> Head | None:
        """Return the head row, None in a database without a log."""
        rows = self.driver.rows(
            "SELECT size, chain, frontier, index_root, seal_idx, seal_id, seal_time_us "  # noqa: S608
            f"FROM head WHERE one = 1{lock}"  # a constant of ours
        )
        if not rows:
            return None
        size, chain, frontier, root, seal_idx, seal_id, time_us = rows[0]
        return Head(
            size=whole(size),
            chain=blob(chain),
            frontier=blob(frontier),
            index_root=blob(root),
            seal_idx=whole(seal_idx),
            seal_id=blob(seal_id),
            seal_time_us=whole(time_us),
        )

    def pages(self, prefixes: Sequence[str]) -> Mapping[str, bytes]:
        """Return index pages: a ``NodeReader``."""
        by_number = {page_number(prefix): prefix for prefix in prefixes}
        rows = self.driver.by_key(index_pages, "number, page", "number", list(by_number))
        return {by_number[number]: blob(page) for number, page in rows}

    def leaves(self, indices: Sequence[int]) -> dict[int, bytes]:
        """Return entries' leaves by index.

        Raises:
            LogCorruptError: one of them is not there.

        """
        found = {
            i: blob(leaf) for i, leaf in self.driver.by_key(entries, "idx, leaf", "idx", indices)
        }
        if len(found) != len(set(indices)):
            missing = min(set(indices) - found.keys())
            raise LogCorruptError(
                "entry {missing}: named by a history and not stored", missing=missing
            )
        return found

    def leaf_range(self, start: int, stop: int) -> list[bytes]:
        """Return the leaves of entries [start, stop), as many as are there."""
        rows = self.driver.rows(
            "SELECT idx, leaf FROM entries WHERE idx >= ? AND idx < ? ORDER BY idx", start, stop
        )
        for expected, (index, _) in enumerate(rows, start):
            if index != expected:
                raise LogCorruptError("entry {expected}: missing", expected=expected)
        return [blob(leaf) for _, leaf in rows]

    def by_id(self, ids: Sequence[bytes]) -> dict[bytes, tuple[int, bytes]]:
        """Return (index, leaf) of the statements among ``ids`` that are registered."""
        rows = self.driver.by_key(entries, "id, idx, leaf", "id", ids)
        return {blob(id_): (index, blob(leaf)) for id_, index, leaf in rows}

    def by_beginning(self, beginning: str, most: int) -> list[int]:
        """Return the indices of statements whose ids begin with hexadecimal digits, so many at most."""
        low, high = (bytes.fromhex(beginning.ljust(64, digit)) for digit in "0f")
        rows = self.driver.rows(
            f"SELECT idx FROM entries WHERE id >= ? AND id <= ? ORDER BY idx LIMIT {most:d}",  # noqa: S608 - a number
            low,
            high,
        )
        return [index for (index,) in rows]

    def attached(self, index: int) -> list[bytes]:
        """Return the receipts of other logs that came along with an entry; nothing proves them."""
        rows = self.driver.rows("SELECT receipts FROM attached WHERE idx = ?", index)
        if not rows:
            return []
        try:
            return decode_attached(blob(rows[0][0]))
        except MalformedError as error:
            raise LogCorruptError("entry {index}: {why}", index=index, why=error) from error

    def indices(self, key: bytes, state: HistoryState) -> list[int]:
        """Return all log indices of a history in order."""
        full = state.count // GROUP
        if not full:
            return list(state.recent)
        rows = self.driver.rows(
            "SELECT n, indices FROM history_groups WHERE key = ? AND n < ? ORDER BY n", key, full
        )
        if [n for n, _ in rows] != list(range(full)):
            raise LogCorruptError("history {key}: a group of its indices is missing", key=key.hex())
        groups = [decode_indices(blob(raw)) for _, raw in rows]
        return [index for group in groups for index in group] + state.recent

    def history_state(self, tree: PrefixTree, topic: str, subject: str) -> HistoryState:
        """Return a history's state, empty if nothing was ever said."""
        found = tree.get(history_key(topic, subject))
        return HistoryState.empty() if found is None else HistoryState.decode(*found)

    def previous_seal(self, seal_index: int) -> int:
        """Return the index of the seal before one, -1 before the first."""
        found = self.driver.rows("SELECT max(idx) FROM seals WHERE idx < ?", seal_index)[0][0]
        return -1 if found is None else int(found)

    def row_hashes(self, index: int) -> tuple[bytes, bytes] | None:
        """Return an entry's (leaf hash, chain value behind it) as its row has them."""
        rows = self.driver.rows("SELECT leaf_hash, chain FROM entries WHERE idx = ?", index)
        return None if not rows else (blob(rows[0][0]), blob(rows[0][1]))

    def seal_behind(self, index: int) -> tuple[int, int] | None:
        """Return (index, time in microseconds) of the seal that registered an entry."""
        rows = self.driver.rows(
            "SELECT idx, time_us FROM seals WHERE idx >= ? ORDER BY idx LIMIT 1", index
        )
        return None if not rows else (rows[0][0], rows[0][1])

    def checkpoint(self, size: int) -> StoredCheckpoint | None:
        """Return the checkpoint of one size."""
        rows = self.driver.rows(
            "SELECT size, note, receipt_signature FROM checkpoints WHERE size = ?", size
        )
        return None if not rows else StoredCheckpoint(rows[0][0], rows[0][1], blob(rows[0][2]))

    def seal_before(self, size: int) -> int | None:
        """Return the index of the newest seal below a size."""
        rows = self.driver.rows("SELECT max(idx) FROM seals WHERE idx < ?", size)
        return None if rows[0][0] is None else int(rows[0][0])

    def checkpoint_from(self, size: int) -> StoredCheckpoint | None:
        """Return the smallest checkpoint of at least a size."""
        rows = self.driver.rows(
            "SELECT size, note, receipt_signature FROM checkpoints WHERE size >= ? "
            "ORDER BY size LIMIT 1",
            size,
        )
        return None if not rows else StoredCheckpoint(rows[0][0], rows[0][1], blob(rows[0][2]))

    def newest_checkpoint(self) -> StoredCheckpoint | None:
        """Return the largest checkpoint stored."""
        rows = self.driver.rows(
            "SELECT size, note, receipt_signature FROM checkpoints ORDER BY size DESC LIMIT 1"
        )
        return None if not rows else StoredCheckpoint(rows[0][0], rows[0][1], blob(rows[0][2]))

    def checkpoint_sizes(self) -> list[int]:
        """Return the sizes of all checkpoints, ascending."""
        return [row[0] for row in self.driver.rows("SELECT size FROM checkpoints ORDER BY size")]

    def seals_without_checkpoint(self) -> list[int]:
        """Return the sizes right after seals that have no checkpoint yet, ascending."""
        rows = self.driver.rows(
            "SELECT idx + 1 FROM seals WHERE NOT EXISTS "
            "(SELECT 1 FROM checkpoints WHERE size = seals.idx + 1) ORDER BY idx"
        )
        return [row[0] for row in rows]


class TileCache:
    """Full tiles' hashes and the nodes between them: what is in them never changes."""

    LIMIT = 2_048  # tiles of 16 KiB
    EDGES = 4  # trees whose right edge is kept: the newest is asked for by everybody

    def __init__(self) -> None:
        """Begin empty."""
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}
        self._edges: dict[int, dict[tuple[int, int], list[list[bytes]]]] = {}

    def edge(self, size: int) -> dict[tuple[int, int], list[list[bytes]]]:
        """Return the tiles of a tree that are not full, for its readers to share."""
        found = self._edges.get(size)
        if found is None:
            found = self._edges[size] = {}
            for old in list(self._edges)[: -self.EDGES]:
                self._edges.pop(old, None)
        return found

    def get(self, level: int, number: int) -> list[list[bytes]] | None:
        """Return a tile's levels if they are here."""
        return self._tiles.get((level, number))

    def put(self, level: int, number: int, levels: list[list[bytes]]) -> None:
        """Keep a full tile."""
        if len(self._tiles) >= self.LIMIT:
            self._tiles.clear()
        self._tiles[level, number] = levels


class TreeReader:
    """Subtree hashes of the log's tree out of tiles: at most one read per level of 256."""

    def __init__(self, snapshot: Snapshot, size: int, cache: TileCache | None = None) -> None:
        """Read the tree of ``size`` leaves through ``snapshot``."""
        self._snapshot = snapshot
        self._size = size
        self._cache = cache or TileCache()
        self._partial = self._cache.edge(size)

    def tile(self, level: int, number: int) -> list[bytes]:
        """Return a tile's hashes: 256, or those the tree has."""
        rows = self._snapshot.driver.rows(
            "SELECT hashes FROM tiles WHERE level = ? AND n = ?", level, number
        )
        if rows:
            return split_hashes(blob(rows[0][0]), WIDTH, f"tile {level}/{number}")
        start = number * WIDTH
        stop = min(start + WIDTH, self._size >> (HEIGHT * level))
        if level == 0:
            found = self._snapshot.driver.rows(
                "SELECT leaf_hash FROM entries WHERE idx >= ? AND idx < ? ORDER BY idx", start, stop
            )
        else:
            found = self._snapshot.driver.rows(
                "SELECT root FROM tiles WHERE level = ? AND n >= ? AND n < ? ORDER BY n",
                level - 1,
                start,
                stop,
            )
        if len(found) != stop - start:
            raise LogCorruptError(
                "tile {level}/{number}: {count} hashes stored, {stop} expected",
                level=level,
                number=number,
                count=len(found),
                stop=stop - start,
            )
        return [blob(row[0]) for row in found]

    def _levels(self, level: int, number: int) -> list[list[bytes]]:
        levels = self._cache.get(level, number) or self._partial.get((level, number))
        if levels is None:
            hashes = self.tile(level, number)
            levels = interior(hashes)
            if len(hashes) == WIDTH:
                self._cache.put(level, number, levels)
            else:
                self._partial[level, number] = levels
        return levels

    def __call__(self, level: int, index: int) -> bytes:
        """Return the hash of one complete subtree: a ``SubtreeReader``."""
        tile_level, inside = divmod(level, HEIGHT)
        number, offset = divmod(index << inside, WIDTH)
        return self._levels(tile_level, number)[inside][offset >> inside]

    def root(self) -> bytes:
        """Return the root of the tree."""
        return Frontier().root() if not self._size else subtree_root(0, self._size, self)


@contextmanager
def reading(engine: Engine) -> Iterator[Snapshot]:
    """Open one consistent snapshot."""
    with transaction(engine, write=False) as driver:
        yield Snapshot(driver)
