"""The anchor: the last published checkpoint, in a file kept apart from the database.

Two slots of 4096 bytes, written in turn and flushed: a torn write leaves the other
one whole. Each holds a signed note followed by zeroes; its signature is its checksum.
"""

import fcntl
import os
from pathlib import Path

from ledger.errors import CheckpointError, MalformedError, SignatureError, StorageError
from ledger.strict import parse_decimal
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint
from ledger.tlog.note import VerifierKey

SLOT_SIZE = 4096
_flush = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync


def _read_slots(handle: int) -> list[bytes]:
    return [os.pread(handle, SLOT_SIZE, slot * SLOT_SIZE).rstrip(b"\0") for slot in (0, 1)]


def _claimed_size(raw: bytes) -> int:
    """Return the size a slot claims in its second line, -1 without one; nothing is checked."""
    lines = raw.split(b"\n", 2)
    try:
        return parse_decimal(lines[1].decode()) if len(lines) > 1 else -1
    except (MalformedError, UnicodeDecodeError):
        return -1


class Anchor:
    """The anchor file of one ledger, safe for several processes on one machine."""

    def __init__(self, path: Path, log_key: VerifierKey) -> None:
        self.path = path
        self._log_key = log_key

    def _open_slot(self, raw: bytes) -> Checkpoint | None:
        try:
            return decode_checkpoint(raw, self._log_key)[1] if raw else None
        except (MalformedError, SignatureError, CheckpointError):
            return None  # torn by a power cut while it was being written

    def read(self) -> tuple[Checkpoint, bytes] | None:
        """Return the newest checkpoint and its note; None without a file.

        Raises:
            StorageError: the file cannot be read, or neither slot holds a checkpoint of this log.

        """
        try:
            handle = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        except OSError as error:
            msg = f"anchor {self.path}: {error.strerror}"
            raise StorageError(msg) from error
        try:
            raws = _read_slots(handle)
        finally:
            os.close(handle)
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
                raws = _read_slots(handle)
                sizes = [_claimed_size(raw) for raw in raws]
                if size <= max(sizes):  # only then does it matter whether that slot is whole
                    found = [self._open_slot(raw) for raw in raws]
                    sizes = [-1 if item is None else item.size for item in found]
                if size > max(sizes):
                    raw = note.encode().ljust(SLOT_SIZE, b"\0")
                    os.pwrite(handle, raw, sizes.index(min(sizes)) * SLOT_SIZE)
                    _flush(handle)
            finally:
                os.close(handle)
        except OSError as error:
            msg = f"anchor {self.path}: {error.strerror}"
            raise StorageError(msg) from error
