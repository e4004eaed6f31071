"""Reads with their own threads and connections, so they stay quick while writes are saturated."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from ledger.errors import UsageError
from ledger.evidence import Bundle
from ledger.log import Log, open_log
from ledger.prover import prove
from ledger.sealing import QuorumNotes
from ledger.settings import Settings, read_settings
from ledger.store.cosignatures import by_key, cosigned_note, key_text, store_cosignature
from ledger.store.engine import make_engine
from ledger.store.reads import Snapshot, StoredCheckpoint, TreeReader, reading
from ledger.tlog.checkpoint import open_checkpoint, parse_checkpoint, verify_cosignature
from ledger.tlog.note import Note, parse_note
from ledger.tlog.tiles import HEIGHT, WIDTH, encode_bundle
from ledger.tlog.trust import check_same_log

THREADS = 4
CACHED_TILES = 512  # full tiles in memory, at most 16 MiB of entries each way

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """A registered statement: its index, bytes and receipt."""

    index: int
    leaf: bytes
    receipt: bytes


class StrangerError(Exception):
    """A cosigner that the settings do not name."""

    def __init__(self) -> None:
        super().__init__("no signature by a replayer or witness that this ledger knows")


class Reads:
    """Everything the routes read, each call in a thread of its own pool."""

    def __init__(self, directory: Path) -> None:
        self.settings: Settings = read_settings(directory)
        self.engine = make_engine(self.settings.database_url)
        self.log: Log = open_log(self.engine, anchor_path=self.settings.anchor)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="read")
        self._quorum = QuorumNotes(self.log.vkey)
        self._quorum_lock = Lock()
        self._tiles: OrderedDict[tuple[int | None, int], bytes] = OrderedDict()

    async def run(self, function: Callable[..., T], *arguments: Any) -> T:
        """Run a read in the pool."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, function, *arguments)

    def newest(self) -> StoredCheckpoint:
        """Return the newest signed checkpoint, with the cosignatures it has by now.

        Raises:
            UsageError: there is none yet.

        """
        with reading(self.engine) as snapshot:
            stored = _newest(snapshot)
            return replace(stored, note=cosigned_note(snapshot, stored))

    def newest_cosigned(self) -> str | None:
        """Return the newest checkpoint that the quorum named in genesis cosigned, None without."""
        with self._quorum_lock, reading(self.engine) as snapshot:
            found = self._quorum.newest(snapshot)
            if found is None:
                return None
            stored = snapshot.checkpoint(found[0])
            return found[1] if stored is None else cosigned_note(snapshot, stored)

    def take_cosignature(self, note: Note) -> None:
        """Store the cosignature of a known replayer or witness handed in with its checkpoint.

        Raises:
            StrangerError: none of the signatures is by a cosigner the settings name.
            SignatureError: one of them does not verify.
            UsageError: no checkpoint of that size is signed here.
            CheckpointError: the checkpoint is not the one signed here.

        """
        claimed = parse_checkpoint(note.text)
        with reading(self.engine) as snapshot:
            stored = snapshot.checkpoint(claimed.size)
        if stored is None:
            msg = f"no checkpoint of size {claimed.size} is signed here"
            raise UsageError(msg)
        check_same_log(open_checkpoint(parse_note(stored.note), self.log.vkey), claimed)
        settings = self.settings
        known = by_key([*settings.replayers, *(item.vkey for item in settings.witnesses)])
        ours = [
            (line, known[key_text(line)]) for line in note.signatures if key_text(line) in known
        ]
        if not ours:
            raise StrangerError
        for line, vkey in ours:
            time_s = verify_cosignature(note, vkey)
            if time_s is not None:
                store_cosignature(self.engine, claimed.size, line, time_s=time_s)

    def tile(self, level: int | None, number: int, width: int) -> bytes | None:
        """Return a tile or an entry bundle of the published tree, None where it is not there yet."""
        known = self._tiles.get((level, number)) if width == WIDTH else None
        if known is not None:
            return known
        with reading(self.engine) as snapshot:
            size = _newest(snapshot).size
            if number * WIDTH + width > size >> (HEIGHT * (level or 0)):
                return None
            if level is None:
                start = number * WIDTH
                found = encode_bundle(snapshot.leaf_range(start, start + width))
            else:
                found = b"".join(TreeReader(snapshot, size).tile(level, number)[:width])
        if width == WIDTH:
            self._tiles[level, number] = found
            if len(self._tiles) > CACHED_TILES:
                self._tiles.popitem(last=False)
        return found

    def entry(self, id_: bytes) -> FoundEntry | None:
        """Return a registered statement with its receipt, None where it is not registered."""
        with reading(self.engine) as snapshot:
            found = snapshot.by_id([id_]).get(id_)
        if found is None:
            return None
        index, leaf = found
        return FoundEntry(index, leaf, self.log.receipt(index))

    def prove(self, question: str, parameters: dict[str, str], **times: int | None) -> Bundle:
        """Answer a question with its evidence."""
        return prove(self.log, question, parameters, **times)

    def close(self) -> None:
        """Let go of threads and connections."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.engine.dispose()


def _newest(snapshot: Snapshot) -> StoredCheckpoint:
    stored = snapshot.newest_checkpoint()
    if stored is None:
        msg = "no checkpoint is signed yet"
        raise UsageError(msg)
    return stored
