"""The anchor: the last published checkpoint, in a file kept apart from the database.

Two slots of 4096 bytes, written in turn and flushed: a torn write leaves the other
one whole. Each holds a signed note followed by zeroes; its signature is its checksum.
"""

import fcntl
import os
from pathlib import Path

from ledger.errors import CheckpointError, MalformedError, SignatureError, StorageError
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint, parse_checkpoint
from ledger.tlog.note import VerifierKey, decode_note

SLOTS = 2
SLOT_SIZE = 4096
_flush = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync


def _read_slots(handle: int) -> list[bytes]:
    return [os.pread(handle, SLOT_SIZE, slot * SLOT_SIZE).rstrip(b"\0") for slot in range(SLOTS)]


class Anchor:
    """The anchor file of one ledger, safe for several processes on one machine."""

    def __init__(self, path: Path, log_key: VerifierKey) -> None:
        self.path = path
        self._log_key = log_key
        self._whole: dict[bytes, Checkpoint] = {}
        """Slots that verified before, by their bytes."""

    def _open_slot(self, raw: bytes) -> Checkpoint | None:
        """Return the checkpoint of a whole slot, None of an empty or torn one."""
        found = self._whole.get(raw)
        if found is None and raw:
            try:
                found = decode_checkpoint(raw, self._log_key)[1]
            except (MalformedError, SignatureError, CheckpointError):
                return None  # torn by a power cut while it was being written
            self._remember(raw, found)
        return found

    def _remember(self, raw: bytes, found: Checkpoint) -> None:
        while len(self._whole) >= SLOTS:
            del self._whole[next(iter(self._whole))]
        self._whole[raw] = found

    def read(self) -> tuple[Checkpoint, bytes] | None:
        """Return the newest checkpoint and its note; None without a file.

        Raises:
            StorageError: the file cannot be read, or neither slot holds a checkpoint of this log.

        """
        try:
            handle = os.open(self.path, os.O_RDONLY)
            try:
                raws = _read_slots(handle)
            finally:
                os.close(handle)
        except FileNotFoundError:
            return None
        except OSError as error:
            msg = f"anchor {self.path}: {error.strerror}"
            raise StorageError(msg) from error
        whole = [(found, raw) for raw in raws if (found := self._open_slot(raw)) is not None]
        if not whole:
            msg = f"anchor {self.path}: no checkpoint signed by this log's key in it"
            raise StorageError(msg)
        return max(whole, key=lambda slot: slot[0].size)

    def advance(self, size: int, note: str) -> None:
        """Make a published checkpoint the anchor unless a newer one is.

        Raises:
            StorageError: it could not be written and flushed.

        """
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                found = [self._open_slot(raw) for raw in _read_slots(handle)]
                sizes = [-1 if item is None else item.size for item in found]
                if size > max(sizes):
                    raw = note.encode()
                    slot = sizes.index(min(sizes))
                    os.pwrite(handle, raw.ljust(SLOT_SIZE, b"\0"), slot * SLOT_SIZE)
                    _flush(handle)
                    self._remember(raw, parse_checkpoint(decode_note(raw).text))
            finally:
                os.close(handle)
        except OSError as error:
            msg = f"anchor {self.path}: {error.strerror}"
            raise StorageError(msg) from error
