"""What a client remembers of each log, in plain files of its own.

::

    <state>/<origin>-<16 digits of its hash>/
        trust        the trust file it was met with
        checkpoint   the newest signed checkpoint ever seen
        servers      the addresses it was seen at, one a line
        fraud-*      what shows that its operator contradicted itself

The directory is 0700 and each file 0600, written whole or not at all.
"""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from ledger.errors import StorageError
from ledger.primitives.durable import make_folder, replace_file

CHECKPOINT, TRUST, SERVERS, LOCK = "checkpoint", "trust", "servers", "lock"


def state_directory(environment: "os._Environ[str] | dict[str, str]" = os.environ) -> Path:
    """Return where clients remember: PINYUAN_STATE, or ``pinyuan`` in the user's data directory."""
    given = environment.get("PINYUAN_STATE")
    if given:
        return Path(given)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "pinyuan"
    data = environment.get("XDG_DATA_HOME", "")
    # The specification asks to pass over a relative one.
    return (Path(data) if data.startswith("/") else Path.home() / ".local/share") / "pinyuan"


class Memory:
    """What is remembered of one log."""

    def __init__(self, state: Path, origin: str) -> None:
        name = f"{quote(origin, safe='')[:80]}-{sha256(origin.encode()).hexdigest()[:16]}"
        self.folder = state / name

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other clients of this user out, from reading to writing.

        Raises:
            StorageError: the directory cannot be written.

        """
        try:
            make_folder(self.folder, mode=0o700)
            handle = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _refused(self.folder, error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def read(self, name: str) -> str | None:
        """Return a file's text, None where there is none.

        Raises:
            StorageError: it cannot be read.

        """
        path = self.folder / name
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise _refused(path, error) from error

    def write(self, name: str, text: str) -> Path:
        """Write a file whole or not at all; return where it is.

        Raises:
            StorageError: the disk refused.

        """
        path = self.folder / name
        replace_file(path, text.encode(), mode=0o600, folder_mode=0o700)
        return path

    def servers(self) -> list[str]:
        """Return the addresses this log was seen at."""
        return (self.read(SERVERS) or "").splitlines()

    def add_server(self, url: str) -> None:
        """Remember an address."""
        known = self.servers()
        if url not in known:
            self.write(SERVERS, "".join(f"{item}\n" for item in (*known, url)))


def seen_at(state: Path, url: str) -> Iterator[Path]:
    """Yield the memories of the logs that were seen at an address.

    Raises:
        StorageError: the directory cannot be read.

    """
    try:
        files = sorted(state.glob(f"*/{SERVERS}"))
        found = [path for path in files if url in path.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise _refused(state, error) from error
    yield from (path.parent for path in found)


def _refused(path: Path, error: Exception) -> StorageError:
    return StorageError(
        "{path}: {getattr}", path=path, getattr=getattr(error, "strerror", None) or error
    )
