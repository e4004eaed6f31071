"""Disclosure files on disk: 0600, written whole, destroyed by overwriting.

Destroying writes the file's successor beside it first, overwrites the old bytes, then puts
the successor in its place. A crash between leaves a file of zeroes and a ``.partial``: reading
takes the successor. What a file system or a disk keeps of overwritten blocks (copies on write,
snapshots, backups) is beyond a program's reach; encrypt the disk below.
"""

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import MalformedError, StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.statements.disclosure import Disclosure

FOLDER = "disclosures"
SUFFIX = ".disclosure.json"


def disclosure_path(folder: Path, statement: bytes) -> Path:
    """Return the file of a statement's values in a folder."""
    return folder / f"{statement.hex()}{SUFFIX}"


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}.partial")


def read_disclosure(path: Path) -> "Disclosure | None":
    """Return a disclosure, None where there is no file.

    Raises:
        StorageError: it cannot be read.
        MalformedError: it is none.

    """
    from ledger.statements.disclosure import MAX_FILE_SIZE, decode_disclosure

    try:
        raw = path.read_bytes() if path.exists() else None
        if (raw is None or not raw.strip(b"\0")) and _partial(path).exists():
            raw = _partial(path).read_bytes()
    except OSError as error:
        msg = f"{path}: {error.strerror}"
        raise StorageError(msg) from error
    if raw is None:
        return None
    try:
        return decode_disclosure(raw[: MAX_FILE_SIZE + 1])
    except MalformedError as error:
        msg = f"{path}: {error}"
        raise MalformedError(msg) from error


def write_disclosure(path: Path, found: "Disclosure") -> None:
    """Write a disclosure, readable by its owner only; never over another one.

    Raises:
        UsageError: another one is there.
        StorageError: it cannot be written.

    """
    from ledger.statements.disclosure import encode_disclosure

    raw = encode_disclosure(found)
    if path.exists():
        if path.read_bytes() == raw:
            return
        msg = f"{path}: exists already and holds something else"
        raise UsageError(msg)
    with _storage(path):
        _write_new(path, raw)
        _partial(path).replace(path)
        _sync_folder(path.parent)


def destroy_value(path: Path, found: "Disclosure", name: str) -> "Disclosure":
    """Destroy one value of a disclosure on disk, and return what is left.

    Raises:
        StorageError: it cannot be written; run it again.

    """
    from ledger.statements.disclosure import encode_disclosure

    left = found.without(name)
    with _storage(path):
        _write_new(path, encode_disclosure(left))
        if path.exists():
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
        _partial(path).replace(path)
        _sync_folder(path.parent)
    return left


def _write_new(path: Path, raw: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(_partial(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _storage(path: Path) -> "Iterator[None]":
    try:
        yield
    except OSError as error:
        msg = f"{path}: {error.strerror}"
        raise StorageError(msg) from error
