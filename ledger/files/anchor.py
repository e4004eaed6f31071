"""The anchor: the last published checkpoint, in a file kept apart from the database.

Two slots of 4096 bytes, written in turn and flushed: a torn write leaves the other
one whole. Each holds a signed note followed by zeroes; its signature is its checksum.

Two slots more, written seldom: where the file is at home, so that a copy of it knows that it is
one; and why nothing may be written, once somebody who saw this log contradicts what is here.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledger.errors import CheckpointError, MalformedError, SignatureError, StorageError
from ledger.primitives.durable import replace_file, sync_folder
from ledger.primitives.place import UNKNOWN, file_of, machine
from ledger.texts import cause, saying
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint, parse_checkpoint
from ledger.tlog.note import VerifierKey, decode_note

SLOTS = 2
SLOT_SIZE = 4096
_HOME, _STOP = SLOTS, SLOTS + 1
_END = "\n"  # of a slot of text: a torn one lacks it
_flush = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync


def _read_slot(handle: int, slot: int) -> bytes:
    return os.pread(handle, SLOT_SIZE, slot * SLOT_SIZE).rstrip(b"\0")


def _read_slots(handle: int) -> list[bytes]:
    return [_read_slot(handle, slot) for slot in range(SLOTS)]


def _read_text(handle: int, slot: int) -> str:
    """Return a slot's text, nothing of an empty or torn one."""
    found = _read_slot(handle, slot).decode(errors="replace")
    return found.removesuffix(_END) if found.endswith(_END) else ""


def _write_text(handle: int, slot: int, text: str) -> None:
    cut = text.encode()[: SLOT_SIZE - 1].decode(errors="ignore")
    raw = f"{cut}{_END}".encode() if text else b""
    os.pwrite(handle, raw.ljust(SLOT_SIZE, b"\0"), slot * SLOT_SIZE)
    _flush(handle)


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

    @contextmanager
    def _opened(self, flags: int) -> Iterator[int]:
        """Open the file, for writers alone; say which file where the disk refuses.

        Raises:
            FileNotFoundError: it is not there.
            StorageError: it cannot be opened, read or written.

        """
        try:
            handle = os.open(self.path, flags, 0o644)
            try:
                if flags != os.O_RDONLY:
                    fcntl.flock(handle, fcntl.LOCK_EX)
                yield handle
            finally:
                os.close(handle)
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not flags & os.O_CREAT:
                raise
            raise StorageError("anchor {path}: {why}", path=self.path, why=cause(error)) from error

    def read(self) -> tuple[Checkpoint, bytes] | None:
        """Return the newest checkpoint and its note; None without a file, or before anything is in it.

        Raises:
            StorageError: the file cannot be read, or neither slot holds a checkpoint of this log.

        """
        try:
            with self._opened(os.O_RDONLY) as handle:
                raws = _read_slots(handle)
        except FileNotFoundError:
            return None
        if not any(raws):
            return None  # made by a process that came no further
        whole = [(found, raw) for raw in raws if (found := self._open_slot(raw)) is not None]
        if not whole:
            raise StorageError(
                "anchor {path}: no checkpoint signed by this log's key in it", path=self.path
            )
        return max(whole, key=lambda slot: slot[0].size)

    def advance(self, size: int, note: str) -> None:
        """Make a published checkpoint the anchor unless a newer one is; a new file is at home here.

        Raises:
            StorageError: it could not be written and flushed.

        """
        with self._opened(os.O_RDWR | os.O_CREAT) as handle:
            made = os.fstat(handle).st_size == 0
            found = [self._open_slot(raw) for raw in _read_slots(handle)]
            sizes = [-1 if item is None else item.size for item in found]
            if size > max(sizes):
                raw = note.encode()
                slot = sizes.index(min(sizes))
                os.pwrite(handle, raw.ljust(SLOT_SIZE, b"\0"), slot * SLOT_SIZE)
                _flush(handle)
                self._remember(raw, parse_checkpoint(decode_note(raw).text))
            if made:
                self._settle(handle, "")

    def write_again(self) -> None:
        """Write down what another process left, and flush it: a flush of its may have failed.

        Raises:
            StorageError: it could not be written and flushed.

        """
        with suppress(FileNotFoundError), self._opened(os.O_RDWR) as handle:
            for first, last in ((0, 1), (1, _STOP + 1)):  # one slot at a time: either may be torn
                raw = os.pread(handle, (last - first) * SLOT_SIZE, first * SLOT_SIZE)
                os.pwrite(handle, raw, first * SLOT_SIZE)
                _flush(handle)

    def make_copy(self, note: str) -> None:
        """Make the file of a ledger that comes out of a backup: a copy, until somebody says other.

        Raises:
            StorageError: it could not be written and flushed.

        """
        slots = {0: note.encode(), _HOME: f"a backup{_END}".encode()}
        raw = (slots.get(slot, b"").ljust(SLOT_SIZE, b"\0") for slot in range(_STOP + 1))
        replace_file(self.path, b"".join(raw))

    def settle(self, *, again: bool = False) -> None:
        """Say that the file is at home here, if it does not say where it is; ``again``: in any case.

        Raises:
            StorageError: it could not be written, or is not there.

        """
        try:
            with self._opened(os.O_RDWR) as handle:
                said = _read_text(handle, _HOME)
                if again or not said:
                    self._settle(handle, said)
        except FileNotFoundError as error:
            raise StorageError("anchor {path}: {why}", path=self.path, why=cause(error)) from error

    def _settle(self, handle: int, said: str) -> None:
        """Say where a file is at home, once its name is as durable as its bytes."""
        sync_folder(self.path.parent)
        _write_text(handle, _HOME, _home(handle, said))

    def elsewhere(self) -> str | None:
        """Return what this file was at home at, if that is not here: it was copied or restored.

        Raises:
            StorageError: it cannot be read.

        """
        try:
            with self._opened(os.O_RDONLY) as handle:
                said, here = _read_text(handle, _HOME), file_of(handle)
        except FileNotFoundError:
            return None
        if not said:
            return None  # of a release that did not say it, or torn while it was said
        file, *machines = said.split("\n")
        if file != here:
            return saying("another file")
        known = machine() in (UNKNOWN, *machines) or UNKNOWN in machines
        return None if known else saying("another machine")

    def stop(self, why: str) -> None:
        """Have nothing written here any more, by whatever process, until somebody says so.

        Raises:
            StorageError: it could not be written and flushed.

        """
        self._put_stop(why)

    def go_on(self) -> None:
        """Let what was stopped go on: somebody looked.

        Raises:
            StorageError: it could not be written and flushed.

        """
        if self.stopped() is not None:
            self._put_stop("")

    def _put_stop(self, why: str) -> None:
        try:
            with self._opened(os.O_RDWR) as handle:
                _write_text(handle, _STOP, why)
        except FileNotFoundError:
            return  # without it nothing may be written either

    def stopped(self) -> str | None:
        """Return why nothing may be written, None if it may. It costs a batch twenty microseconds.

        Raises:
            StorageError: it cannot be read.

        """
        try:
            with self._opened(os.O_RDONLY) as handle:
                return _read_text(handle, _STOP) or None
        except FileNotFoundError:
            return None


def _home(handle: int, said: str) -> str:
    """Return where a file is, and the machines at which it was, if it is the same file."""
    here = file_of(handle)
    file, *machines = said.split("\n")
    known = machines if file == here else []
    return "\n".join([here, *dict.fromkeys([*known, machine()])])
