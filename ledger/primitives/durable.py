"""Files that are whole or absent after any crash: written beside, flushed, renamed, flushed again."""

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
        folder = os.open(path.parent, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        msg = f"{path}: {error.strerror}"
        raise StorageError(msg) from error
