"""States that a crash leaves: files, told apart, written down, and held against what was promised."""

import contextlib
import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from crashes.disk import Files
from crashes.life import Noted, Place

LOST = ("-shm",)  # shared memory: made anew by whoever opens the database first


def kept(files: Files) -> Files:
    """Return what of a directory's files there is to lose or keep."""
    return {name: raw for name, raw in files.items() if not name.endswith(LOST)}


def read_files(folder: Path) -> Files:
    """Return a directory's files as they are now."""
    found: Files = {}
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                name = entry.path[len(str(folder)) + 1 :]
                if entry.is_dir(follow_symlinks=False):
                    found[name] = None
                    waiting.append(entry.path)
                else:
                    found[name] = Path(entry.path).read_bytes()
    return found


def write_down(files: Files, folder: Path) -> None:
    """Make a directory's files those of a state."""
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            elif entry.name not in files:
                Path(entry.path).unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for name, raw in sorted(files.items()):
        if raw is None:
            (folder / name).mkdir()
            continue
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            os.write(handle, raw)
        finally:
            os.close(handle)


class Digests:
    """Tells states apart: by their life, their files, and how much was promised."""

    def __init__(self, life: str) -> None:
        self._life = life
        self._sums: dict[str, tuple[bytes, bytes]] = {}
        """Of each name the last bytes and their hash: what was not written since is the same object."""

    def of(self, files: Files, promises: int) -> bytes:
        found = sha256(f"{self._life} {promises}".encode())
        for name, raw in sorted(files.items()):
            found.update(f"\0{name}\0".encode() + (b"" if raw is None else self._sum(name, raw)))
        return found.digest()[:16]

    def _sum(self, name: str, raw: bytes) -> bytes:
        last = self._sums.get(name)
        if last is None or last[0] is not raw:
            last = self._sums[name] = raw, sha256(raw).digest()
        return last[1]


def broken(check: Callable[[Place, Noted], None], place: Place, noted: Noted) -> str | None:
    """Return what is broken in what is left, None if nothing is."""
    try:
        check(place, noted)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        return f"{type(error).__name__}: {error}"
    return None
