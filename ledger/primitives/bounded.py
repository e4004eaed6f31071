"""Files of a directory that somebody handed over: read so far as they may go, and only where they are files.

A link to a device without end, a pipe that nobody writes to, a sparse file of terabytes: none of them
takes memory, or waits.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_file(path: Path) -> BinaryIO:
    """Open a file, a link to one too, for reading.

    Raises:
        OSError: it cannot be opened, or is a directory, a pipe or a device.

    """
    file = open(path, "rb", opener=_unblocked)  # noqa: SIM115 - with an opener; for the caller to close
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "neither a file nor a directory", str(path))
    return file


def _unblocked(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # else whoever opens a pipe waits for its writer


def read_at_most(path: Path, limit: int) -> bytes:
    """Return a file's bytes, one more than ``limit`` of any that is longer: whoever decodes them refuses it.

    Raises:
        OSError: as of ``open_file``.

    """
    with open_file(path) as file:
        return file.read(limit + 1)
