"""An export at hand: verified whole and read into memory, which the base install does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.cli.finding import MAX_READ_FOR_NAMES, AtHand, known
from ledger.errors import UsageError, VerificationError
from ledger.statements.fields import Body

if TYPE_CHECKING:
    from ledger.histories.history import Entry, View
    from ledger.histories.views import MemoryView
    from ledger.statements.log_family import Genesis


class _Read(NamedTuple):
    """What an export holds, in order, by id and as questions see it; ``now_us``: its newest seal's time."""

    genesis: "Genesis"
    origin: str
    entries: "list[Entry]"
    by_id: dict[bytes, int]
    view: "MemoryView"
    now_us: int


class Exported(AtHand):
    """An export's directory, against the key that a trust file names, if one is given."""

    def __init__(self, folder: Path, trust: Path | None = None) -> None:
        """Take where it lies; nothing is read yet."""
        super().__init__()
        self._folder, self._trust = folder, trust

    @cached_property
    def _read(self) -> _Read:
        """Verify it, and read it.

        Raises:
            UsageError: it is too long to be held in memory.
            VerificationError: it is not what its log signed, or another log than the trust file's.

        """
        from ledger.audit import verify_ledger
        from ledger.audit.batches import genesis_of
        from ledger.audit.merge import Times
        from ledger.cli.mirroring import key_of
        from ledger.files.archive import DirectoryReader
        from ledger.files.reader import ranges
        from ledger.histories.history import Entry
        from ledger.histories.views import MemoryView
        from ledger.statements.catalogue import InvalidBody, decode_body, histories_of
        from ledger.statements.envelope import parse_statement
        from ledger.statements.log_family import Seal

        reader = DirectoryReader(self._folder)
        size = reader.size()
        if size > MAX_READ_FOR_NAMES:
            raise UsageError(
                "{folder}: {size} entries are too many to be read for one command: keep it (pinyuan mirror DIR --from {folder}) and name the mirror with --dir",
                folder=self._folder,
                size=size,
            )
        verify_ledger(reader, log_key=key_of(reader, self._trust))
        statement, genesis = genesis_of(reader)
        times, entries, by_id = Times(), list[Entry](), dict[bytes, int]()
        view = MemoryView(times)
        for start, stop in ranges(size, 8_192):
            for index, leaf in enumerate(reader.entries(start, stop).leaves, start):
                signed = parse_statement(leaf)
                body = decode_body(signed)
                if isinstance(body, InvalidBody):
                    raise VerificationError(
                        "entry {index}: {message}", index=index, message=body.message
                    )
                if isinstance(body, Seal):
                    times.add(index, body.time_us)
                    times.now_us = body.time_us
                entries.append(Entry(index, signed, body))
                by_id[signed.id] = index
                view.add(entries[-1], histories_of(signed, body))
        return _Read(genesis, statement.subject, entries, by_id, view, times.now_us)

    def origin(self) -> str:
        """Return the log's name."""
        return self._read.origin

    def now_s(self) -> int:
        """Return the present time, by the clock that genesis names."""
        from ledger.primitives.clock import MICROSECONDS, SimulatedClock

        if self._read.genesis.clock == "simulated":
            return SimulatedClock().now_us(self._read.now_us) // MICROSECONDS
        return int(time.time())

    def key(self, kid: bytes, origin: str | None) -> tuple[str | None, int | None]:
        """Return the party a key belongs to and the entry that ended it, None where none is known."""
        return (None, None) if origin not in (None, self.origin()) else known(self._read.view, kid)

    @contextmanager
    def reading(self) -> "Iterator[View]":
        """Show the export as questions see it."""
        yield self._read.view

    def _naming(self) -> "Iterator[Entry]":
        return iter(self._read.entries)

    def _entry(self, text: str) -> "Entry":
        from ledger.client.entries import index_in

        entries = self._read.entries
        return entries[index_in(text, len(entries), self._read.by_id.get)]

    def _corrected(self, id_: str) -> Body | None:
        from ledger.rules.standing import Standing, with_amendments

        entry = self._entry(id_)
        if entry.body is None:
            return None
        return with_amendments(self._read.view, Standing(entry, entry.body, id_)).body
