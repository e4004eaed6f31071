"""A disk that loses power: what was synced is there, what was not is there, half there, or not.

A file's bytes are durable up to its last ``fsync`` or ``fdatasync``, a directory's entries up
to that directory's own. What came later may be there or not, in any order: of a write each
sector by itself, whole, not at all, or cut at a byte (the rest stays as it was); a file's
length without the data (zeroes), or the data without the length; each creation, renaming and
removal by itself. A renaming is whole. Bytes that were not written do not change.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR, PAGE = 512, 4096
ROOT = 0

Piece = tuple[int, int]
Keep = Callable[[int, int, int], Iterable[Piece]]
"""(write, start, stop) -> the ranges of it that reached the disk."""


@dataclass(slots=True)
class Write:
    """Bytes written at an offset; no bytes: the length set."""

    at: int
    raw: bytes
    length: int | None = None


@dataclass(slots=True)
class File:
    """A file: its durable bytes, and what was done since."""

    durable: bytes = b""
    since: list[Write] = field(default_factory=list)
    length: int = 0
    """What the running program sees."""

    def write(self, at: int, raw: bytes) -> None:
        self.since.append(Write(at, raw))
        self.length = max(self.length, at + len(raw))

    def cut(self, length: int) -> None:
        self.since.append(Write(0, b"", length))
        self.length = length

    def sync(self) -> None:
        self.durable, self.since = self.left(lambda _, start, stop: ((start, stop),)), []

    def lose(self) -> None:
        """Forget what is not durable, as a system does whose flush failed: the program still sees it."""
        self.since = []

    def left(self, keep: Keep) -> bytes:
        """Return what is there if of each write what ``keep`` says reached the disk."""
        found = bytearray(self.durable)
        for number, item in enumerate(self.since):
            if item.length is not None:
                for _ in keep(number, 0, 0):
                    del found[item.length :]
                    found.extend(bytes(item.length - len(found)))
                continue
            for start, stop in keep(number, item.at, item.at + len(item.raw)):
                found.extend(bytes(max(0, stop - len(found))))
                found[start:stop] = item.raw[start - item.at : stop - item.at]
        return bytes(found)


@dataclass(slots=True)
class Change:
    """A change of directories: entries put and entries removed, at once."""

    put: tuple[int, str, int] | None
    removed: tuple[int, str, int] | None

    def folders(self) -> set[int]:
        return {item[0] for item in (self.put, self.removed) if item is not None}

    def apply(self, folders: dict[int, dict[str, int]]) -> None:
        if self.removed is not None:
            folder, name, node = self.removed
            if folders[folder].get(name) == node:
                del folders[folder][name]
        if self.put is not None:
            folder, name, node = self.put
            folders[folder][name] = node


Files = dict[str, bytes | None]
"""What is left: bytes by path below the root, None for a directory."""


class Disk:
    """Files and directories, what of them is durable, and what is not yet."""

    def __init__(self, folder: Path) -> None:
        """Begin with a directory as it stands, all of it durable."""
        self.files: dict[int, File] = {}
        self.folders: dict[int, dict[str, int]] = {ROOT: {}}
        self._durable: dict[int, dict[str, int]] = {}
        self._since: list[Change] = []
        for path in sorted(folder.rglob("*")):
            above = self.find(path.parent.relative_to(folder).as_posix())
            assert above is not None
            node = self._new_node(path.is_dir())
            if path.is_file():
                raw = path.read_bytes()
                self.files[node] = File(raw, length=len(raw))
            self.folders[above][path.name] = node
        self._durable = {node: dict(entries) for node, entries in self.folders.items()}

    def _new_node(self, is_folder: bool) -> int:
        node = len(self.files) + len(self.folders)
        if is_folder:
            self.folders[node] = {}
        else:
            self.files[node] = File()
        return node

    def find(self, path: str) -> int | None:
        """Return what the running program finds at a path below the root."""
        node: int | None = ROOT
        for name in (part for part in path.split("/") if part not in ("", ".")):
            node = None if node is None else self.folders.get(node, {}).get(name)
        return node

    def _place(self, path: str) -> tuple[int, str]:
        above, _, name = path.rpartition("/")
        found = self.find(above)
        assert found is not None, path
        return found, name

    def _change(self, change: Change) -> None:
        change.apply(self.folders)
        self._since.append(change)

    def make(self, path: str, *, folder: bool = False) -> int:
        node = self._new_node(folder)
        if folder:
            self._durable[node] = {}
        self._change(Change((*self._place(path), node), None))
        return node

    def rename(self, old: str, new: str) -> None:
        node = self.find(old)
        assert node is not None, old
        self._change(Change((*self._place(new), node), (*self._place(old), node)))

    def remove(self, path: str) -> None:
        node = self.find(path)
        assert node is not None, path
        self._change(Change(None, (*self._place(path), node)))

    def sync(self, node: int) -> None:
        if node in self.files:
            self.files[node].sync()
            return
        kept = [change for change in self._since if node in change.folders()]
        for change in kept:
            change.apply(self._durable)
        self._since = [change for change in self._since if change not in kept]

    def pending(self) -> int:
        """Return how many bytes and changes are not durable."""
        return len(self._since) + sum(
            sum(len(item.raw) or 1 for item in file.since) for file in self.files.values()
        )

    def _named(self, changes: Iterable[Change]) -> Iterator[tuple[str, int]]:
        folders = {node: dict(entries) for node, entries in self._durable.items()}
        for change in changes:
            change.apply(folders)
        waiting = [("", ROOT)]
        while waiting:
            path, node = waiting.pop()
            for name, below in sorted(folders[node].items()):
                found = f"{path}{name}"
                yield found, below
                if below in folders:
                    waiting.append((f"{found}/", below))

    def _left(self, changes: Iterable[Change], keep: Callable[[], Keep]) -> Files:
        contents: dict[int, bytes] = {}
        found: Files = {}
        for path, node in self._named(changes):
            if node in self.folders:
                found[path] = None
                continue
            if node not in contents:
                file = self.files[node]
                contents[node] = file.left(keep()) if file.since else file.durable
            found[path] = contents[node]
        return found

    def nothing_more(self) -> Files:
        """Return what is left if nothing that was not synced reached the disk."""
        return self._left((), lambda: lambda _, __, ___: ())

    def everything(self) -> Files:
        """Return what is left if all of it did: what a killed program leaves."""
        return self._left(self._since, lambda: lambda _, start, stop: ((start, stop),))

    def anything(self, dice: random.Random) -> Files:
        """Return something that may be left."""
        changes = self._since
        match dice.randrange(4):
            case 0:
                changes = []
            case 1:
                changes = changes[: dice.randint(0, len(changes))]
            case 2:
                share = dice.random()
                changes = [change for change in changes if dice.random() < share]
        return self._left(changes, lambda: _some(dice))


def _some(dice: random.Random) -> Keep:
    """Return what of a file's writes reaches the disk, one of several ways."""
    way = dice.randrange(6)
    share = dice.choice((0.1, 0.5, 0.9))
    size = dice.choice((SECTOR, SECTOR, PAGE))
    last = dice.random()
    torn = dice.choice((0.0, 0.0, 0.3))

    def whole(_: int, start: int, stop: int) -> Iterable[Piece]:
        return ((start, stop),)

    def none(_: int, __: int, ___: int) -> Iterable[Piece]:
        return ()

    def each(_: int, start: int, stop: int) -> Iterable[Piece]:
        return ((start, stop),) if dice.random() < share else ()

    def sectors(_: int, start: int, stop: int) -> Iterable[Piece]:
        if start == stop:
            return each(_, start, stop)
        return _sectors(dice, start, stop, size, share, torn)

    def length_only(_: int, start: int, stop: int) -> Iterable[Piece]:
        """The file is as long as if the write were there."""
        return sectors(_, start, stop) if dice.random() < 0.5 else ((stop, stop),)

    def first(number: int, start: int, stop: int) -> Iterable[Piece]:
        """In order, up to some write; of that one a part."""
        at = last * 40
        if number < int(at):
            return ((start, stop),)
        return sectors(number, start, stop) if number == int(at) else ()

    return (whole, none, each, sectors, length_only, first)[way]


def _sectors(
    dice: random.Random, start: int, stop: int, size: int, share: float, torn: float
) -> Iterator[Piece]:
    for at in range(start - start % size, stop, size):
        if dice.random() >= share:
            continue
        low, high = max(start, at), min(stop, at + size)
        if torn and dice.random() < torn:
            cut = dice.randint(low, high)
            low, high = (low, cut) if dice.random() < 0.5 else (cut, high)
        yield low, high
