"""A life: what a program does with its files, what it promises on the way, and what must be left.

The same lives are recorded for a disk that loses power (``power_loss.py``) and killed at
system calls (``kill_points.py``). What a program promises it notes first: ``note`` takes a word
and what JSON can say, and is durable whatever happens.
"""

import json
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

Note = Callable[..., None]
Noted = Sequence[Sequence[Any]]


class BrokenError(Exception):
    """A promise was broken."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a life takes place."""

    folder: Path
    """What a crash befalls."""
    given: Path
    """What was there before, and no crash reaches."""
    url: str | None = None
    """A database on a server; without one it is a file in ``folder``."""
    turn: int = 0
    """How often the life was lived here before."""

    @property
    def database(self) -> str:
        return self.url or f"sqlite:///{self.folder / 'ledger.sqlite'}"


class Life(ABC):
    """What a program does, and what must be left of it. One class for each."""

    name: ClassVar[str]
    acknowledging: ClassVar[str]
    """The word of what a client was told."""
    turns: ClassVar[int] = 1
    """How often it is lived in one place, each time in what the last one left."""
    with_database: ClassVar[bool] = False
    """Whether a server may have its database."""

    def prepare(self, place: Place) -> None:  # noqa: B027 - most begin with nothing
        """Make what is there before."""

    def arrive(self, place: Place) -> None:  # noqa: B027 - most say nowhere where they are
        """Put right what says where it is, in a place that was copied."""

    @abstractmethod
    def run(self, place: Place, note: Note) -> None:
        """Do it, noting each promise before anybody can rely on it."""

    @abstractmethod
    def look(self, place: Place, noted: Noted) -> None:
        """Open what is left as the next process does, go on to the end, and hold it against the promises.

        Raises:
            BrokenError, PinyuanError: it did not mend by itself, or a promise was broken.

        """

    def glance(self, place: Place, noted: Noted) -> None:
        """Hold what is left against the promises, without what takes long: all of it by default."""
        self.look(place, noted)


def require(holds: object, what: str) -> None:
    """Raise what was broken unless it holds."""
    if not holds:
        raise BrokenError(what)


@contextmanager
def one_file() -> Iterator[None]:
    """Let a file written down again be the file it is on the simulated disk."""
    with patch("ledger.files.anchor.file_of", lambda _: "the same file"):
        yield


@contextmanager
def noting(path: Path) -> Iterator[Note]:
    """Give what notes into a file: a line of JSON each, by a call that programs do not use."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(*words: Any) -> None:
        os.writev(handle, [json.dumps(words).encode() + b"\n"])

    try:
        yield note
    finally:
        os.close(handle)


def read_noted(path: Path) -> list[list[Any]]:
    """Return what was noted in a file."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
