"""An export at hand: verified whole and read into memory, which the base install does."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.common import opened
from ledger.cli.finding import MAX_READ, AtHand, known
from ledger.errors import UsageError

if TYPE_CHECKING:
    from ledger.answering.in_memory import InMemory
    from ledger.histories.history import Entry, View


_opened: "dict[tuple[Path, Path | None], Exported]" = {}
"""Exports that this command asks: each is read once."""


def exported(folder: Path, trust: Path | None) -> "Exported":
    """Return an export by its directory; nothing is read yet."""
    if not _opened:
        opened.callback(_opened.clear)
    return _opened.setdefault((folder, trust), Exported(folder, trust))


def in_memory(directory: Path | None, trust: Path | None) -> "Exported | None":
    """Return the export that the options name where it is short enough to be read; None for all else."""
    from ledger.cli.opening import export_in
    from ledger.files.archive import DirectoryReader

    folder = export_in(directory)
    if folder is None or DirectoryReader(folder).size() > MAX_READ:
        return None
    return exported(folder, trust)


class Exported(AtHand):
    """An export's directory, against the key that a trust file names, if one is given."""

    def __init__(self, folder: Path, trust: Path | None = None) -> None:
        """Take where it lies; nothing is read yet."""
        super().__init__()
        self._folder, self._trust = folder, trust

    @cached_property
    def read(self) -> "InMemory":
        """Verify it, and read it.

        Raises:
            UsageError: it is too long to be held in memory.
            VerificationError: it is not what its log signed, or another log than the trust file's.

        """
        from ledger.answering.in_memory import InMemory
        from ledger.cli.mirroring import key_of
        from ledger.files.archive import DirectoryReader

        reader = DirectoryReader(self._folder)
        size = reader.size()
        if size > MAX_READ:
            raise UsageError(
                "{folder}: {size} entries are too many to be read for one command: keep it (pinyuan mirror DIR --from {folder}) and name the mirror with --dir",
                folder=self._folder,
                size=size,
            )
        return InMemory(reader, key_of(reader, self._trust))

    def origin(self) -> str:
        """Return the log's name."""
        return self.read.origin

    def now_s(self) -> int:
        """Return the present time, by the clock that genesis names."""
        return self.now_us() // 1_000_000

    def now_us(self) -> int:
        """Return the same in microseconds."""
        from ledger.primitives.clock import SimulatedClock

        if self.read.genesis.clock == "simulated":
            return SimulatedClock().now_us(self.read.sealed_us)
        return time.time_ns() // 1_000

    def key(self, kid: bytes, origin: str | None) -> tuple[str | None, int | None]:
        """Return the party a key belongs to and the entry that ended it, None where none is known."""
        return (None, None) if origin not in (None, self.origin()) else known(self.read.view, kid)

    @contextmanager
    def reading(self) -> "Iterator[View]":
        """Show the export as questions see it."""
        yield self.read.view

    def of_types(self, types: Sequence[str]) -> "Iterator[Entry]":
        """Yield the entries of some types, in the log's order, each read."""
        from ledger.statements.catalogue import type_name

        return (entry for entry in self.read.all if type_name(entry.body) in types)

    def entry(self, text: str) -> "Entry":
        """Return an entry by its id or index."""
        from ledger.identifiers.statement_ids import index_in

        read = self.read
        return read.all[index_in(text, read.size, read.index_of, read.beginning_with)]
