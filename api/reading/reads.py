"""Reads with their own threads and connections, so they stay quick while writes are saturated.

What takes long is read by processes, each with a ``Reads`` of its own: see ``heavy``.
"""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from api.http.problems import UnavailableError
from api.reading.cosigned import Cosigned
from ledger.answering.feed import LabelFeed
from ledger.answering.prover import prove
from ledger.errors import DatabaseAwayError, LogCorruptError, MalformedError, ReadOnlyError
from ledger.evidence.bundle import Bundle
from ledger.histories.history import View
from ledger.settings import Settings, read_settings
from ledger.store.cosignatures import cosigned_note
from ledger.store.engine import make_engine
from ledger.store.reads import Snapshot, StoredCheckpoint, TreeReader, reading
from ledger.tlog.tiles import HEIGHT, WIDTH, encode_bundle
from ledger.writing.log import Log
from ledger.writing.opening import open_to_read

THREADS = 4
GZIP_LEVEL = 6
CACHED_BYTES = 64 << 20  # of full tiles and entry bundles; a bundle may have up to 16 MiB

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """A registered statement: its index, bytes and receipt; without one until its batch is signed."""

    index: int
    leaf: bytes
    receipt: bytes | None


class _Tiles:
    """Full tiles in memory: they never change. The oldest go first."""

    def __init__(self) -> None:
        self._tiles: OrderedDict[tuple[int | None, int], bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, level: int | None, number: int) -> bytes | None:
        return self._tiles.get((level, number))

    def put(self, level: int | None, number: int, tile: bytes) -> None:
        with self._lock:
            if (level, number) not in self._tiles and len(tile) <= CACHED_BYTES:
                self._tiles[level, number] = tile
                self._size += len(tile)
            while self._size > CACHED_BYTES:
                self._size -= len(self._tiles.popitem(last=False)[1])


class Reads:
    """Everything the routes read; in a serving process each call in a thread of its own pool."""

    def __init__(self, directory: Path) -> None:
        self.settings: Settings = read_settings(directory)
        self.engine = make_engine(self.settings.database_url)
        self.log: Log = open_to_read(self.settings, self.engine)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="read")
        self.labels = LabelFeed(self.log)
        self.cosigned = Cosigned(self.log, self.settings)
        self._tiles, self._packed = _Tiles(), _Tiles()
        self.noted: Callable[[Exception | None], None] = lambda _: None
        """Told of each read's error, None where it had none."""
        self.check: Callable[[], None] = lambda: None
        """Raises ``DatabaseAwayError`` while it is known to be away."""

    async def run(self, function: Callable[..., T], *arguments: Any) -> T:
        """Run a read in the pool: one that costs little. What takes long is for ``Heavy``.

        Raises:
            LogCorruptError: what is stored is not in its documented form.
            DatabaseAwayError: the database is away.

        """
        self.check()
        return await self.run_anyway(function, *arguments)

    async def run_anyway(self, function: Callable[..., T], *arguments: Any) -> T:
        """Run a read that finds out by itself whether the database is there."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._pool, self.tried, function, *arguments)
        except Exception as error:
            self.noted(error)
            raise
        self.noted(None)
        return found

    def tried(self, function: Callable[..., T], *arguments: Any) -> T:
        """Run a read; where a connection was cut, once more with new ones.

        Raises:
            LogCorruptError: what is stored is not in its documented form.

        """
        try:
            try:
                return function(*arguments)
            except DatabaseAwayError:
                self.engine.dispose()  # the others in the pool were cut as well
                return function(*arguments)
        except MalformedError as error:
            # Requests are parsed before they come here: it is what is stored.
            raise LogCorruptError(error) from error

    async def look(self) -> None:
        """Ask the database for the least there is; in the pool, whose end ``close`` waits for.

        Raises:
            DatabaseAwayError: it is away.

        """
        await asyncio.get_running_loop().run_in_executor(self._pool, self._look)

    def _look(self) -> None:
        self.engine.dispose()  # connections of before were cut
        with reading(self.engine) as snapshot:
            snapshot.newest_checkpoint()

    def newest(self) -> StoredCheckpoint:
        """Return the newest signed checkpoint, with the cosignatures it has by now.

        Raises:
            UnavailableError: there is none yet.

        """
        with reading(self.engine) as snapshot:
            stored = newest_checkpoint(snapshot)
            return replace(stored, note=cosigned_note(snapshot, stored))

    def full_tile(self, level: int | None, number: int) -> bytes | None:
        """Return a full tile if it is in memory."""
        return self._tiles.get(level, number)

    def tile(self, level: int | None, number: int, width: int) -> bytes | None:
        """Return a tile or an entry bundle of the published tree, None where it is not there yet."""
        with reading(self.engine) as snapshot:
            size = newest_checkpoint(snapshot).size
            if number * WIDTH + width > size >> (HEIGHT * (level or 0)):
                return None
            if level is None:
                start = number * WIDTH
                found = encode_bundle(snapshot.leaf_range(start, start + width))
            else:
                found = b"".join(TreeReader(snapshot, size).tile(level, number)[:width])
        if width == WIDTH:
            self._tiles.put(level, number, found)
        return found

    def full_packed(self, number: int) -> bytes | None:
        """Return a full entry bundle with gzip if it is in memory."""
        return self._packed.get(None, number)

    def packed(self, number: int, width: int) -> bytes | None:
        """Return an entry bundle with gzip, the same bytes each time; None where it is not there yet."""
        found = self.tile(None, number, width)
        if found is None:
            return None
        packed = gzip.compress(found, GZIP_LEVEL, mtime=0)
        if width == WIDTH:
            self._packed.put(None, number, packed)
        return packed

    def entry(self, id_: bytes) -> FoundEntry | None:
        """Return a registered statement with its receipt, None where it is not registered."""
        with reading(self.engine) as snapshot:
            found = snapshot.by_id([id_]).get(id_)
        if found is None:
            return None
        index, leaf = found
        try:
            return FoundEntry(index, leaf, self.log.receipt(index))
        except ReadOnlyError:  # another process has committed it and signs it any moment
            return FoundEntry(index, leaf, None)

    def prove(self, question: str, parameters: dict[str, str], **times: int | None) -> Bundle:
        """Answer a question with its evidence."""
        return prove(self.log, question, parameters, **times)

    @contextmanager
    def view(self) -> Iterator[View]:
        """Show the ledger as it is now, for as long as it is read."""
        with reading(self.engine) as snapshot:
            yield self.log.view(snapshot, newest_checkpoint(snapshot).size)

    def close(self) -> None:
        """Let go of threads and connections."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.engine.dispose()


def newest_checkpoint(snapshot: Snapshot) -> StoredCheckpoint:
    """Return the newest signed checkpoint a snapshot has.

    Raises:
        UnavailableError: there is none yet.

    """
    stored = snapshot.newest_checkpoint()
    if stored is None:
        msg = "no checkpoint is signed yet"
        raise UnavailableError(msg)
    return stored
