"""A backup: the whole log as an export, and what else a ledger's directory needs to go on.

::

    SHA256SUMS      of every other file; written last
    backup.json     what it is: format, release, origin, size, root, newest seal's time, when made, keys
    log/            an export (ledger.files.archive)
    cosigned        the notes with cosignatures of older sizes: frames of u16be length || bytes
    attached        receipts of other logs: lines {"index": 5, "receipts": "<base64 of a CBOR array>"}
    pinyuan.toml    the settings, without the database's password
    trust.txt       a trust file for this log, where its operator made one
    keys/           log.pem, operator.pem; only where they were asked for

What the log proves of itself is proven by ``log``; the rest by nothing but the sums.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ledger.cose.attached import decode_attached
from ledger.errors import AuditError, MalformedError
from ledger.files.archive import DirectoryReader, naming_file, read_frames
from ledger.files.reader import LedgerReader, SignedSize
from ledger.primitives import ijson
from ledger.primitives.bounded import open_file
from ledger.primitives.durable import replace_file
from ledger.primitives.strict import format_base64, parse_base64
from ledger.texts import saying
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import decode_note
from ledger.tlog.tiles import encode_bundle

FORMAT = "pinyuan-backup/1"
ABOUT, LOG, COSIGNED, ATTACHED = "backup.json", "log", "cosigned", "attached"
SETTINGS, TRUST, KEYS = "pinyuan.toml", "trust.txt", "keys"
LOG_KEY, OPERATOR_KEY = "log.pem", "operator.pem"
MAX_LINE = 1 << 20  # of receipts of other logs, which a statement brings in 64 KiB
NOTED = "backed-up"  # beside the ledger, empty: its time is that of the newest backup
KINDS = {str: "a text", int: "a whole number", bool: "true or false"}
FIELDS = {
    **dict.fromkeys(("format", "release", "origin"), str),
    "size": int,
    **dict.fromkeys(("root", "last_seal", "made"), str),
    "keys": bool,
}


class BackupReader(DirectoryReader):
    """A ``LedgerReader`` over a backup: an export, with the cosignatures of older checkpoints."""

    def __init__(self, folder: Path) -> None:
        """Read the newest checkpoint's size; nothing is verified yet.

        Raises:
            AuditError: no checkpoint in the documented form.
            StorageError: a file cannot be read.

        """
        self.backup = folder
        super().__init__(folder / LOG)

    def reopen(self) -> tuple[Callable[[Path], LedgerReader], Path]:
        """Return this class and the directory."""
        return BackupReader, self.backup

    def name(self) -> str:
        """Return the directory's name."""
        return saying("backup {folder}", folder=self.backup)

    def _all_checkpoints(self) -> list[SignedSize]:
        """Return the checkpoints, each with its cosignatures."""
        if self._signed is None:
            found, cosigned = super()._all_checkpoints(), self._cosigned()
            if strange := cosigned.keys() - {item.size for item in found}:
                raise AuditError(
                    COSIGNED,
                    "notes",
                    saying("no checkpoint of size {strange}", strange=min(strange)),
                )
            self._signed = [
                SignedSize(item.size, cosigned.get(item.size, item.note), item.receipt_signature)
                for item in found
            ]
        return self._signed

    def _cosigned(self) -> dict[int, str]:
        try:
            with naming_file(self.backup, COSIGNED), open_file(self.backup / COSIGNED) as file:
                notes = [decode_note(frame) for frame in read_frames(file)]
            sizes = [parse_checkpoint(note.text).size for note in notes]
        except MalformedError as error:
            raise AuditError(COSIGNED, "notes", error) from error
        if sizes != sorted(set(sizes)):
            raise AuditError(
                COSIGNED, "notes", saying("not in the order of their sizes, each once")
            )
        return {size: str(note) for size, note in zip(sizes, notes, strict=True)}

    def attached(self) -> Iterator[tuple[int, bytes]]:
        """Yield (leaf index, receipts of other logs in a CBOR array), ascending.

        Raises:
            AuditError: the file is missing, or a line is not as it is read back later.

        """
        last = -1
        with naming_file(self.backup, ATTACHED), open_file(self.backup / ATTACHED) as file:
            for number, line in enumerate(iter(partial(file.readline, MAX_LINE), b""), 1):
                index, receipts = _decode_attached(line, number, self._size)
                if index <= last:
                    raise AuditError(
                        ATTACHED, f"line {number}", saying("not behind the line before")
                    )
                last = index
                yield index, receipts


def _decode_attached(line: bytes, number: int, size: int) -> tuple[int, bytes]:
    where = saying("line {number}", number=number)
    try:
        row = ijson.decode(line)
        if type(row) is not dict or sorted(row) != ["index", "receipts"]:
            raise AuditError(ATTACHED, where, saying("index and receipts are expected"))
        index, receipts = row["index"], row["receipts"]
        if type(index) is not int or type(receipts) is not str or not 0 <= index < size:
            raise AuditError(ATTACHED, where, saying("an entry's index and base64 are expected"))
        raw = parse_base64(receipts)
        decode_attached(raw)
    except MalformedError as error:
        raise AuditError(ATTACHED, where, error) from error
    return index, raw


def encode_cosigned(signed: Sequence[SignedSize]) -> bytes:
    """Return the notes that somebody cosigned besides the newest, which the export has."""
    notes = (item.note for item in signed[:-1])
    return encode_bundle(
        note.encode() for note in notes if len(decode_note(note.encode()).signatures) > 1
    )


def encode_attached(rows: Sequence[tuple[int, bytes]]) -> bytes:
    """Return the receipts of other logs as lines."""
    return b"".join(
        json.dumps({"index": index, "receipts": format_base64(raw)}).encode() + b"\n"
        for index, raw in rows
    )


def decode_about(raw: bytes) -> dict[str, Any]:
    """Return what a backup says that it is.

    Raises:
        AuditError: other fields, or a format of another release.

    """
    try:
        found = ijson.decode(raw)
    except MalformedError as error:
        raise AuditError(ABOUT, "JSON", error) from error
    if type(found) is not dict or found.get("format") != FORMAT or sorted(found) != sorted(FIELDS):
        raise AuditError(
            ABOUT, "format", saying("{format} with its fields is expected", format=FORMAT)
        )
    for name, kind in FIELDS.items():
        if type(found[name]) is not kind:
            raise AuditError(ABOUT, name, saying("{kinds} is expected", kinds=KINDS[kind]))
    return found


def note_backup(directory: Path) -> None:
    """Note beside a ledger that it was backed up now, for those who watch it.

    Raises:
        StorageError: it could not be written.

    """
    replace_file(directory / NOTED, b"")


def backed_up_s(directory: Path) -> float:
    """Return when a ledger was last backed up, POSIX time; 0 if it never was."""
    try:
        return (directory / NOTED).stat().st_mtime
    except OSError:
        return 0.0
