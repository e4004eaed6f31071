"""Disclosure files on disk: 0600, written whole, destroyed by overwriting.

Destroying writes the file's successor beside it first, overwrites the old bytes, then puts
the successor in its place; each step is durable before the next. A crash between leaves a file
of zeroes, after a power cut of zeroes in part, and a ``.partial``: reading takes the successor, and
the next destroying overwrites the file again and puts the successor in its place before anything
else, also where there is nothing more to destroy. What a file system or a disk keeps of overwritten blocks (copies on
write, snapshots, backups) is beyond a program's reach; encrypt the disk below.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import MalformedError, UsageError
from ledger.primitives.durable import (
    overwrite,
    partial_of,
    replace_file,
    storage,
    sync_folder,
    write_flushed,
)

if TYPE_CHECKING:
    from ledger.statements.disclosure import Disclosure

FOLDER = "disclosures"
SUFFIX = ".disclosure.json"


def disclosure_path(folder: Path, statement: bytes) -> Path:
    """Return the file of a statement's values in a folder."""
    return folder / f"{statement.hex()}{SUFFIX}"


def read_disclosure(path: Path) -> "Disclosure | None":
    """Return a disclosure, None where there is no file.

    Raises:
        StorageError: it cannot be read.
        MalformedError: it is none.

    """
    from ledger.statements.disclosure import MAX_FILE_SIZE, decode_disclosure

    with storage(path):
        raw = path.read_bytes() if path.exists() else None
        beside = (
            partial_of(path).read_bytes() if _unread(raw) and partial_of(path).exists() else None
        )
    if beside is not None:
        try:
            return decode_disclosure(beside[: MAX_FILE_SIZE + 1])
        except MalformedError:
            pass  # cut while it was written: what it was to replace is as it was
    if raw is None:
        return None
    try:
        return decode_disclosure(raw[: MAX_FILE_SIZE + 1])
    except MalformedError as error:
        raise MalformedError("{path}: {why}", path=path, why=error) from error


def _unread(raw: bytes | None) -> bool:
    """Return whether there is no file, or one that was overwritten, by a crash also in part."""
    return raw is None or b"\0" in raw or not raw


def write_disclosure(path: Path, found: "Disclosure") -> None:
    """Write a disclosure, readable by its owner only; never over another one.

    Raises:
        UsageError: another one is there.
        StorageError: it cannot be written.

    """
    from ledger.statements.disclosure import encode_disclosure

    raw = encode_disclosure(found)
    kept = read_disclosure(path)
    if kept is not None and kept != found:
        raise UsageError("{path}: exists already and holds something else", path=path)
    replace_file(path, raw, mode=0o600, folder_mode=0o700)


def destroy_value(path: Path, found: "Disclosure", name: str) -> "Disclosure":
    """Destroy one value of a disclosure on disk, and return what is left.

    Raises:
        StorageError: it cannot be written; run it again.

    """
    from ledger.statements.disclosure import encode_disclosure

    left = found.without(name)
    with storage(path):
        _settle(path)
        write_flushed(partial_of(path), encode_disclosure(left), mode=0o600)
        sync_folder(path.parent)  # the successor has its name before what it succeeds is destroyed
        overwrite(path)
        partial_of(path).replace(path)
        sync_folder(path.parent)
    return left


def finish_destroying(path: Path) -> "Disclosure | None":
    """Finish what a crash cut short; return the disclosure, None where there is no file.

    Until then a value that reads as destroyed may be on the disk still, in part or whole.

    Raises:
        StorageError: it cannot be read or written; run it again.
        MalformedError: it is none.

    """
    with storage(path):
        _settle(path)
    return read_disclosure(path)


def _settle(path: Path) -> None:
    """Put a successor in its place that a crash left beside it, the only one there is."""
    there = path.exists()
    if _unread(path.read_bytes() if there else None) and partial_of(path).exists():
        if there:
            overwrite(path)  # a power cut leaves of the first time what it likes
        partial_of(path).replace(path)
        sync_folder(path.parent)
