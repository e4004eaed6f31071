"""SHA-256 of every file of a directory, in a file that ``sha256sum --check`` reads as well.

::

    <64 hexadecimal digits>  <path within the directory>

One line a file but for the list itself, by path. The list is written last: a directory without
one was never finished.
"""

import hashlib
import re
from pathlib import Path

from ledger.errors import AuditError, StorageError
from ledger.primitives.bounded import open_file, read_at_most
from ledger.primitives.durable import replace_file
from ledger.texts import cause, saying

SUMS = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n\\]+)\n")
_CHUNK = 1 << 20
MAX_SUMS = 1 << 30  # ten million files


def _paths(folder: Path) -> list[str]:
    """Return every file below a directory but the list, sorted.

    Raises:
        AuditError: something there is neither a file nor a directory.

    """
    found: list[str] = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise AuditError(name, "file", saying("neither a file nor a directory"))
        if path.is_file() and name != SUMS:
            found.append(name)
    return sorted(found)


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with open_file(path) as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def write_sums(folder: Path) -> None:
    """Write the list of a directory whose other files are all there.

    Raises:
        StorageError: the disk refused.

    """
    try:
        lines = [f"{_digest(folder / name)}  {name}\n" for name in _paths(folder)]
    except OSError as error:
        raise StorageError("{folder}: {why}", folder=folder, why=cause(error)) from error
    replace_file(folder / SUMS, "".join(lines).encode())


def _listed(folder: Path) -> dict[str, str]:
    """Return what the list says: digests by path."""
    try:
        text = read_at_most(folder / SUMS, MAX_SUMS).decode("utf-8", "replace")
    except FileNotFoundError as error:
        raise AuditError(SUMS, "file", saying("it is missing: this was never finished")) from error
    lines = [match.groups() for match in _LINE.finditer(text)]
    found = {name: digest for digest, name in lines}
    if "".join(f"{digest}  {name}\n" for name, digest in sorted(found.items())) != text:
        raise AuditError(
            SUMS, "lines", saying("not one for each file, sorted, in the documented form")
        )
    return found


def check_sums(folder: Path) -> int:
    """Hold every file of a directory against its list; return how many bytes they have.

    Raises:
        AuditError: names the first file that is missing, too many, or not the one listed.
        StorageError: a file cannot be read.

    """
    try:
        listed, there = _listed(folder), _paths(folder)
        for name in sorted(listed.keys() ^ set(there)):
            missing = name in listed
            why = saying("it is missing") if missing else saying("it is not in {sums}", sums=SUMS)
            raise AuditError(name, "file", why)
        for name in there:
            if _digest(folder / name) != listed[name]:
                raise AuditError(name, "SHA-256", saying("not the one in {sums}", sums=SUMS))
        return sum((folder / name).stat().st_size for name in there)
    except OSError as error:
        raise StorageError("{folder}: {why}", folder=folder, why=cause(error)) from error
