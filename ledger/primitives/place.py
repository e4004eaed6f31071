"""Where a file is: what no copy of it has, on which machine.

A file's time of birth is set by the file system when it makes the file; whoever copies or
restores one makes another, and cannot say when it was born. It stays through renaming,
writing and starting again. A copy of a whole disk has the same one: then the machine differs.
"""

import ctypes
import os
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

UNKNOWN = "-"
_MACHINE = Path("/etc/machine-id")
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_STATX_BTIME, _AT_EMPTY_PATH = 0x800, 0x1000
_STATX_SIZE, _MASK_AT, _BIRTH_AT = 256, 0, 80  # struct statx of linux/stat.h


def file_of(handle: int) -> str:
    """Return what an open file is told by: its number, and when it was born where that is known.

    Numbers are used again, and several files are born within one tick: together they tell.
    """
    return f"{os.fstat(handle).st_ino} born {_born_ns(handle)}"


def _born_ns(handle: int) -> int:
    """Return a file's time of birth in nanoseconds, 0 where the system does not say it."""
    found = getattr(os.fstat(handle), "st_birthtime", 0)  # macOS and the BSDs
    if found or not sys.platform.startswith("linux"):
        return int(found * 1_000_000_000)
    try:
        buffer = ctypes.create_string_buffer(_STATX_SIZE)
        call = ctypes.CDLL(None, use_errno=True).statx
    except (OSError, AttributeError):
        return 0
    if call(handle, b"", _AT_EMPTY_PATH, _STATX_BTIME, buffer):
        return 0
    raw = buffer.raw
    if not int.from_bytes(raw[_MASK_AT : _MASK_AT + 4], sys.byteorder) & _STATX_BTIME:
        return 0
    seconds = int.from_bytes(raw[_BIRTH_AT : _BIRTH_AT + 8], sys.byteorder, signed=True)
    return seconds * 1_000_000_000 + int.from_bytes(
        raw[_BIRTH_AT + 8 : _BIRTH_AT + 12], sys.byteorder
    )


@cache
def machine() -> str:
    """Return what tells this machine from others, ``-`` where nothing does (in most containers).

    The machine's id itself is nobody's business: machine-id(5) asks for a hash.
    """
    found = _line(_MACHINE)
    return sha256(f"pinyuan {found}".encode()).hexdigest()[:16] if len(found) > 1 else UNKNOWN


@cache
def boot() -> str:
    """Return what tells this run of the machine from others, ``-`` where nothing does."""
    return _line(_BOOT) or UNKNOWN


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
