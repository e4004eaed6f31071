"""What a program does to the files of a directory, call by call, as strace saw it."""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crashes.disk import Disk

CALLS = (
    "open,openat,creat,close,dup,dup2,dup3,fcntl,lseek,"
    "write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,copy_file_range,sendfile,"
    "fsync,fdatasync,sync_file_range,syncfs,sync,"
    "rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat"
)
FLUSHES = ("fsync", "fdatasync")
LONGEST = 1 << 24
WRITTEN = ("-xx", "-s", str(LONGEST), "-e", f"trace={CALLS}", "-e", "signal=none")
"""How strace writes down what can be done again."""
_LINE = re.compile(r"(\w+)\((.*)\) += (-?\d+)")
_CUT_OFF = re.compile(rf"({'|'.join(FLUSHES)})\((\d+)")  # killed in it
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


Call = tuple[str, list[str], int]


class StraceError(Exception):
    """strace is missing, or may not trace; or a program does what the simulator does not know."""


def record(command: Sequence[str], folder: Path) -> list[Call]:
    """Run a program under strace; return its calls that succeeded: name, arguments, result.

    Raises:
        StraceError: it could not be traced, or it failed.

    """
    traced = folder / "trace"
    try:
        ran = subprocess.run(
            [  # noqa: S607 - wherever it is
                "strace", "-o", str(traced), *WRITTEN, *command],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise StraceError("strace is not installed") from error
    if ran.returncode:
        raise StraceError(f"{' '.join(command)}: {ran.stdout[-500:]}{ran.stderr[-2_000:]}")
    with traced.open() as lines:
        found = parse(lines)
    traced.unlink()
    return found


def parse(lines: Iterable[str]) -> list[Call]:
    """Return the calls that strace wrote down: those that succeeded, and flushes that failed."""
    found = []
    for line in lines:
        match = _LINE.search(line)
        if match is not None and (int(match[3]) >= 0 or match[1] in FLUSHES):
            found.append((match[1], match[2].split(", "), int(match[3])))
        elif match is None and (cut := _CUT_OFF.search(line)) is not None:
            found.append((cut[1], [cut[2]], -1))
    return found


def _text(argument: str) -> str:
    return _raw(argument).decode()


def _raw(argument: str) -> bytes:
    return b"".join(bytes.fromhex(part.replace("\\x", "")) for part in _TEXT.findall(argument))


@dataclass(slots=True)
class _Open:
    """An open file, and where it is read and written next."""

    node: int | None
    path: str = ""
    """Below the directory, as it was opened."""
    notes: bool = False
    at: int = 0
    appends: bool = False


@dataclass(slots=True)
class Replay:
    """A recorded program on a disk of the simulator, one step after the other.

    ``noted`` has what it said by then.
    """

    disk: Disk
    folder: Path
    notes: Path
    noted: list[list[Any]] = field(default_factory=list)
    failed: int = 0
    """Flushes that failed."""
    _open: dict[int, _Open] = field(default_factory=dict)

    def steps(self, calls: Sequence[Call]) -> Iterator[str]:
        """Do each call; yield the name of those that changed what a crash may leave, or what was said."""
        for name, arguments, result in calls:
            if self._do(name, arguments, result):
                yield name

    def _below(self, argument: str) -> str | None:
        """Return a path below the directory, None of a path elsewhere."""
        path = _text(argument)
        root = f"{self.folder}/"
        if path == str(self.folder):
            return ""
        return path[len(root) :].rstrip("/") if path.startswith(root) else None

    def _at(self, folder: str, argument: str) -> str | None:
        """Return a path that is said from an open directory."""
        if folder == "AT_FDCWD" or _text(argument).startswith("/"):
            return self._below(argument)
        found = self._open.get(int(folder))
        if found is None:
            return None
        if self.disk.find(found.path) != found.node:
            raise StraceError(f"a path from a directory that was moved: {_text(argument)}")
        return f"{found.path}/{_text(argument)}".strip("/")

    def _do(self, name: str, arguments: list[str], result: int) -> bool:  # noqa: PLR0911 - a branch for each call
        match name:
            case "open" | "openat" | "creat":
                return self._do_open(name, arguments, result)
            case "close":
                self._open.pop(int(arguments[0]), None)
                return False
            case "dup" | "dup2" | "dup3" | "fcntl":
                if (name != "fcntl" or "F_DUPFD" in arguments[1]) and int(
                    arguments[0]
                ) in self._open:
                    self._open[result] = self._open[int(arguments[0])]
                return False
            case "mkdir" | "mkdirat" | "unlink" | "unlinkat" | "rmdir":
                return self._do_name(name, arguments)
            case "rename" | "renameat" | "renameat2":
                return self._do_rename(name, arguments)
            case "link" | "linkat" | "symlink" | "symlinkat" | "truncate":
                if any(self._below(item) is not None for item in arguments if '"' in item):
                    raise StraceError(f"{name} is not simulated")
                return False
            case "sync":
                raise StraceError(f"{name} is not simulated")
        number = arguments[0]
        handle = self._open.get(int(number)) if number.isdigit() else None
        return handle is not None and self._do_handle(name, handle, arguments, result)

    def _do_open(self, name: str, arguments: list[str], result: int) -> bool:
        if name == "openat":
            path, flags = self._at(arguments[0], arguments[1]), arguments[2]
        else:
            path, flags = (
                self._below(arguments[0]),
                "O_CREAT|O_TRUNC" if name == "creat" else arguments[1],
            )
        if path is None:
            at = arguments[1] if name == "openat" else arguments[0]
            if _text(at) == str(self.notes):
                self._open[result] = _Open(None, notes=True)
            else:
                self._open.pop(result, None)
            return False
        words = flags.split("|")
        node, changed = self.disk.find(path), False
        if node is None:
            assert "O_CREAT" in words, path
            node, changed = self.disk.make(path), True
        elif "O_TRUNC" in words and self.disk.files[node].length:
            self.disk.files[node].cut(0)
            changed = True
        self._open[result] = _Open(node, path, appends="O_APPEND" in words)
        return changed

    def _do_name(self, name: str, arguments: list[str]) -> bool:
        at = name.endswith("at")
        path = self._at(arguments[0], arguments[1]) if at else self._below(arguments[0])
        if path is None:
            return False
        if name.startswith("mkdir"):
            self.disk.make(path, folder=True)
        else:
            self.disk.remove(path)
        return True

    def _do_rename(self, name: str, arguments: list[str]) -> bool:
        old, new = (
            (self._below(arguments[0]), self._below(arguments[1]))
            if name == "rename"
            else (self._at(*arguments[:2]), self._at(*arguments[2:4]))
        )
        if old is None or new is None:
            assert old == new, arguments
            return False
        self.disk.rename(old, new)
        return True

    def _do_handle(  # noqa: PLR0911 - a branch for each call
        self, name: str, handle: _Open, arguments: list[str], result: int
    ) -> bool:
        if handle.notes:
            if name in ("write", "writev"):
                self.noted.append(json.loads(_raw(",".join(arguments[1:]))))
            return name in ("write", "writev")
        node = handle.node
        assert node is not None
        match name:
            case "write" | "writev":
                file = self.disk.files[node]
                at = file.length if handle.appends else handle.at
                raw = _raw(",".join(arguments[1:]))[:result]
                file.write(at, raw)
                handle.at = at + len(raw)
                return True
            case "pwrite64":
                self.disk.files[node].write(int(arguments[3]), _raw(arguments[1])[:result])
                return True
            case "lseek":
                handle.at = result
            case "ftruncate":
                self.disk.files[node].cut(int(arguments[1]))
                return True
            case "fsync" | "fdatasync" if result < 0:
                self.failed += 1
                if node in self.disk.files:
                    self.disk.files[node].lose()
                return True
            case "fsync" | "fdatasync":
                self.disk.sync(node)
                return True
            case _:
                raise StraceError(f"{name} is not simulated")
        return False
