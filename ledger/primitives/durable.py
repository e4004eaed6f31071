"""Files and directories that are whole or absent after any crash: written beside, flushed, renamed, flushed again.

A file's flush does not reach its name, and a renaming or a new directory is durable once the
directory above it is flushed: all who promise that something is on disk write it here.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from ledger.errors import StorageError, UsageError
from ledger.texts import cause

_settled: set[Path] = set()
"""Directories whose names are durable."""


def replace_file(path: Path, raw: bytes, *, mode: int = 0o644, folder_mode: int = 0o777) -> None:
    """Replace a file durably: when this returns, no power cut brings the old one back.

    Directories above it that are missing are made. A crash before the rename leaves the old file
    and a ``.partial`` beside it, which the next call overwrites; one behind it the new file.

    Raises:
        StorageError: the disk refused; the old file may still be the one there.

    """
    with storage(path):
        make_folder(path.parent, mode=folder_mode)
        _put(path, raw, mode, over=True)


def create_file(path: Path, raw: bytes, *, mode: int = 0o644) -> None:
    """Make a file durably, whole or not at all, where there is none.

    Raises:
        FileExistsError: there is one.
        StorageError: the disk refused.

    """
    with storage(path, but=FileExistsError):
        make_folder(path.parent)
        _put(path, raw, mode, over=False)


def partial_of(path: Path) -> Path:
    """Return where a file is written before it takes its place."""
    return path.with_name(f".{path.name}.partial")


def write_flushed(path: Path, raw: bytes, *, mode: int = 0o644) -> None:
    """Write a file whose bytes are durable then, its name not yet.

    Raises:
        OSError: the disk refused.

    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def overwrite(path: Path) -> None:
    """Write zeroes over a file's bytes, durably.

    Raises:
        OSError: the disk refused.

    """
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())


def make_folder(folder: Path, *, mode: int = 0o777) -> None:
    """Make a directory and those above it that are missing, durably.

    One that is there may be so since a process that was killed before it flushed its name: once
    in each process the names above it are flushed, as far as this file system goes.

    Raises:
        OSError: the disk refused.

    """
    folder = folder.absolute()
    missing = [item for item in (folder, *folder.parents) if not item.is_dir()]
    for item in reversed(missing):
        item.mkdir(mode=mode, exist_ok=True)
    if missing or folder not in _settled:
        device = folder.stat().st_dev
        for above in folder.parents:
            if above.stat().st_dev != device:
                break
            with suppress(PermissionError):  # who may not read it did not make it
                sync_folder(above)
        _settled.add(folder)


def check_sum(text: str) -> str:
    """Return the word that a state without a signature of its own is checked by: 16 digits."""
    return sha256(text.encode()).hexdigest()[:16]


def flush(handle: int) -> None:
    """Make the bytes of an open file durable.

    Raises:
        OSError: the disk refused: what was written since the last flush may be lost.

    """
    os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Flush a directory: what was made, renamed and removed in it is durable.

    Raises:
        OSError: the disk refused.

    """
    with _folder(folder) as handle:
        os.fsync(handle)


def sync_tree(folder: Path) -> None:
    """Flush a directory and those below it.

    Raises:
        OSError: the disk refused.

    """
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
    sync_folder(folder)


@contextmanager
def storage(path: Path, *, but: type[OSError] | tuple[type[OSError], ...] = ()) -> Iterator[None]:
    """Say which file the disk refused.

    Raises:
        StorageError: for each ``OSError`` but those of ``but``.

    """
    try:
        yield
    except but:
        raise
    except OSError as error:
        raise StorageError("{path}: {why}", path=path, why=cause(error)) from error


@contextmanager
def new_folder(what: str, folder: Path, *, mode: int = 0o777) -> Iterator[Path]:
    """Make a directory whole or not at all: what is written into the one yielded takes its name.

    Its files are flushed by whoever writes them. A crash leaves ``.<name>.partial``, which the next
    call removes; an error nothing.

    Args:
        what: it is, as errors call it.
        folder: does not exist yet; directories above it that are missing are made.
        mode: of the directory.

    Raises:
        UsageError: it exists.
        StorageError: the disk refused.

    """
    with _new(what, folder, mode) as partial:
        yield partial


@contextmanager
def new_file(what: str, path: Path) -> Iterator[Path]:
    """Make a file whole or not at all, as ``new_folder`` does, by whoever writes files by their names.

    What is written to the path yielded takes the name; what else is written beside it is removed.
    """
    with _new(what, path, 0o700, path.name) as partial:
        made = partial / path.name
        yield made
        with made.open("rb") as file:
            os.fsync(file.fileno())


@contextmanager
def _new(what: str, path: Path, mode: int, name: str = "") -> Iterator[Path]:
    """Yield a directory; it, or the file of a name in it, takes the path's place at the end."""
    if path.exists():
        raise UsageError("{what} {folder}: exists already", what=what, folder=path)
    partial = partial_of(path)
    shutil.rmtree(partial, ignore_errors=True)
    try:
        make_folder(path.parent)
        make_folder(partial, mode=mode)
        yield partial
        sync_tree(partial)
        (partial / name).rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageError(
            "{what} {folder}: {why}", what=what, folder=path, why=cause(error)
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def _folder(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        yield handle
    finally:
        os.close(handle)


def _put(path: Path, raw: bytes, mode: int, *, over: bool) -> None:
    with _folder(path.parent) as handle:
        # NFS locks no directories: there one writer at a time is the user's care.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        if not over and path.exists():
            raise FileExistsError(path)
        try:
            write_flushed(partial_of(path), raw, mode=mode)
            partial_of(path).replace(path)
        except OSError:
            with suppress(OSError):  # a full disk keeps no half of it
                partial_of(path).unlink(missing_ok=True)
            raise
        os.fsync(handle)
