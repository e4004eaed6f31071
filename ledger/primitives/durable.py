"""Files and directories that are whole or absent after any crash: written beside, flushed, renamed, flushed again."""

import os
from pathlib import Path

from ledger.errors import StorageError


def replace_file(path: Path, raw: bytes, *, mode: int = 0o644) -> None:
    """Replace a file durably: when this returns, no power cut brings the old one back.

    A crash before the rename leaves the old file and a ``.partial`` beside it, which the next
    call overwrites; one behind it the new file.

    Raises:
        StorageError: the disk refused; the old file may still be the one there.

    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        msg = f"{path}: {error.strerror}"
        raise StorageError(msg) from error


def flush_folder(folder: Path) -> None:
    """Flush a directory: which files it holds, by which names."""
    handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_whole(partial: Path, folder: Path) -> None:
    """Give a directory, whose files were each flushed, its name: it is there whole or not at all.

    Raises:
        OSError: the disk refused.

    """
    for path in [partial, *partial.rglob("*")]:
        if path.is_dir():
            flush_folder(path)
    partial.rename(folder)
    flush_folder(folder.parent)
