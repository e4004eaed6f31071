"""What whoever signs looks up in a ledger at hand, wherever that is: the face of each."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from ledger.errors import MalformedError, UnknownIdError, UsageError
from ledger.statements.envelope import SignedStatement
from ledger.statements.fields import Body

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from ledger.histories.history import Entry, View
    from ledger.tables.names import NameBook

REPORTS = ("test-report", "retest-report")
"""Types that have the number of a report."""
MAX_READ = 200_000
"""Entries of a served log, or of an export, that one command reads whole."""
MAX_FILE = 1 << 20
"""Bytes of a file that is one statement, at most."""


def _is_file(name: str) -> bool:
    """Return whether there is a file of a name, and something in it: what a kernel makes up has no size."""
    try:
        found = Path(name).stat()
    except (OSError, ValueError):  # too long for a name, or nobody's to look at
        return False
    return S_ISREG(found.st_mode) and found.st_size > 0


def statement_in(path: Path) -> tuple[SignedStatement, Body | None]:
    """Return the signed statement that a file is.

    Raises:
        MalformedError: it is none, or says what no rules allow.
        StorageError: it cannot be read.

    """
    from ledger.cli.common import read_file
    from ledger.statements.catalogue import InvalidBody, decode_body
    from ledger.statements.envelope import parse_statement

    raw = read_file(path, limit=MAX_FILE)
    try:
        found = parse_statement(raw)
    except MalformedError as error:
        raise MalformedError("{text}: {message}", text=path, message=error) from error
    body = decode_body(found)
    if isinstance(body, InvalidBody):
        raise MalformedError("{text}: {message}", text=path, message=body.message)
    return found, body


class AtHand(ABC):
    """A ledger, opened or asked when something is looked up in it."""

    def __init__(self) -> None:
        """Look up nothing yet."""
        self.away: Exception | None = None
        """Why it could not be asked whose a key is, None where it was."""
        self.named: dict[str, tuple[SignedStatement, Body | None]] = {}
        """Statements signed before in the same run, by name and by id."""
        self._looked_up: dict[str, tuple[SignedStatement, Body | None]] = {}

    def statement(self, text: str) -> tuple[SignedStatement, Body | None]:
        """Return the statement that an id, an index, or a name or file (``@name``) stands for.

        Raises:
            UsageError: nothing has it, or no ledger is at hand.
            MalformedError, StorageError: the file is no statement, or cannot be read.

        """
        name = text.removeprefix("@")
        known = self.named.get(name)
        if known is not None and (text != name or known[0].id.hex() == text):
            return known  # an id is nobody's name
        if text not in self._looked_up:
            if text.startswith("@"):
                found = self._signed_before(name)
                self._looked_up[found[0].id.hex()] = found
            else:
                entry = self.entry(text)
                found = entry.statement, entry.body
            self._looked_up[text] = found
        return self._looked_up[text]

    def _signed_before(self, name: str) -> tuple[SignedStatement, Body | None]:
        """Return the statement in a file, which may be registered later than what cites it is signed."""
        if not _is_file(name):
            raise UsageError(
                "neither a line before this one nor a file here has the name {name!r}", name=name
            )
        return statement_in(Path(name))

    def now_says(self, statement: SignedStatement, body: Body) -> Body:
        """Return what a statement says after the corrections in the ledger."""
        if statement.id.hex() in self.named:
            return body
        try:
            found = self._corrected(statement.id.hex())
        except UnknownIdError:
            return body  # signed and not registered yet: nothing amends it
        return body if found is None else found

    def called(self, kind: str, name: str) -> tuple[str, ...]:
        """Return the ids of the parties, products or facilities that have a name, proven.

        Raises:
            UsageError: no ledger is at hand, or it is too long to be read for names.

        """
        return self.book.find(kind, name)

    @cached_property
    def book(self) -> "NameBook":
        """The names in it, read once.

        Raises:
            UsageError: no ledger is at hand, or it is too long to be read for names.

        """
        from ledger.tables.names import NAMING, NameBook

        return NameBook(self.of_types(NAMING))

    def reports_numbered(self, number: str) -> "list[Entry]":
        """Return the reports that have a number as printed, oldest first.

        Raises:
            UsageError: no ledger is at hand, or it is too long to be read for numbers.

        """
        from ledger.primitives.near import normal_name

        wanted = normal_name(number)
        return [
            entry
            for entry in self.of_types(REPORTS)
            if normal_name(getattr(entry.body, "number", "")) == wanted
        ]

    @abstractmethod
    def origin(self) -> str:
        """Return the log's name."""

    @abstractmethod
    def size(self) -> int:
        """Return how many entries it has, all of them proven to be its log's."""

    @abstractmethod
    def now_s(self) -> int:
        """Return the present time, by the clock of the ledger at hand if there is one."""

    @abstractmethod
    def key(self, kid: bytes, origin: str | None) -> tuple[str | None, int | None]:
        """Return the party a key belongs to and the entry that ended it, None where none is known.

        ``origin``: the log's name, if the ledger at hand has to be of it.
        """

    @abstractmethod
    def reading(self) -> "AbstractContextManager[View]":
        """Return the ledger at hand as questions see it, for as long as it is read."""

    @abstractmethod
    def of_types(self, types: Sequence[str]) -> "Iterator[Entry]":
        """Yield the entries of some types, in the log's order, each read."""

    @abstractmethod
    def entry(self, text: str) -> "Entry":
        """Return an entry by its id or index.

        Raises:
            UsageError: neither, or no such entry, or no ledger is at hand.

        """

    def _corrected(self, id_: str) -> Body | None:
        from ledger.rules.standing import Standing, with_amendments

        entry = self.entry(id_)
        if entry.body is None:
            return None
        with self.reading() as view:
            return with_amendments(view, Standing(entry, entry.body, id_)).body


def known(view: "View", kid: bytes) -> tuple[str | None, int | None]:
    """Return the party a key belongs to and the entry that ended it."""
    from ledger.rules.state import ended_at, key_state

    state = key_state(view, kid)
    return (None, None) if state is None else (state.owner, ended_at(view, state))
