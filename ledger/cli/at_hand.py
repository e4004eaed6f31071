"""The ledger at hand, in which whoever signs looks things up: its own, a mirror, an export, a server's."""

import time
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.common import present_us, settings_of
from ledger.cli.finding import MAX_READ, AtHand, known
from ledger.cli.opening import export_in, open_ledger
from ledger.cli.server import chosen_server
from ledger.errors import CannotVerifyError, ServerError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.client.session import Client
    from ledger.histories.history import Entry, View
    from ledger.writing.log import Log


def at_hand(
    directory: Path | None,
    server: str | None = None,
    trust: Path | None = None,
    *,
    first_use: bool = False,
) -> AtHand:
    """Return what the options name: a server, a ledger, a mirror, or an export, by its trust file."""
    url = chosen_server(server, directory, trust, first_use=first_use, exports=True)
    if url is not None:
        return Served(url, trust, first_use=first_use)
    return in_directory(directory, trust)


def in_directory(directory: Path | None, trust: Path | None = None) -> AtHand:
    """Return a ledger, a mirror or an export by its directory; an export by its trust file, if any."""
    export = export_in(directory)
    if export is None:
        return Directory(directory)
    from ledger.cli.exported import exported

    return exported(export, trust)


class Directory(AtHand):
    """A ledger's directory, or a mirror's."""

    def __init__(self, directory: Path | None) -> None:
        """Take what the options name."""
        super().__init__()
        self._directory = directory

    @cached_property
    def log(self) -> "Log":
        """The ledger."""
        return open_ledger(self._directory)

    @property
    def is_somebody_elses(self) -> bool:
        """Return whether it is a mirror, which has no keys."""
        return bool(settings_of(self._directory).mirror)

    def origin(self) -> str:
        """Return the log's name."""
        return settings_of(self._directory).origin

    def now_s(self) -> int:
        """Return the present time, by the clock of the ledger at hand if there is one."""
        try:
            simulated = settings_of(self._directory).clock == "simulated"
        except UsageError:
            simulated = False
        return present_us(self.log) // 1_000_000 if simulated else int(time.time())

    def key(self, kid: bytes, origin: str | None) -> tuple[str | None, int | None]:
        """Return the party a key belongs to and the entry that ended it, None where none is known."""
        try:
            log = self.log
        except UsageError as error:
            self.away = error
            return None, None
        from ledger.store.reads import reading
        from ledger.writing.publisher import require_head

        if origin not in (None, log.origin):
            return None, None
        with reading(log.engine) as snapshot:
            return known(log.view(snapshot, require_head(snapshot).size), kid)

    @contextmanager
    def reading(self) -> "Iterator[View]":
        """Show the ledger at hand as questions see it, for as long as it is read."""
        from ledger.cli.opening import reading_now

        with reading_now(self.log) as view:
            yield view

    def of_types(self, types: "Sequence[str]") -> "Iterator[Entry]":
        """Yield the entries of some types, in the log's order, each read."""
        from ledger.store.names import of_types
        from ledger.store.reads import reading
        from ledger.store.view import parse_entry
        from ledger.writing.publisher import require_head

        log = self.log
        with reading(log.engine) as snapshot:
            indices = of_types(snapshot, types, require_head(snapshot).size)
            leaves = log.publisher.leaves(snapshot, indices)
        return (parse_entry(index, leaves[index]) for index in indices)

    def entry(self, text: str) -> "Entry":
        """Return an entry by its id or index."""
        from ledger.cli.entries import find_entry

        try:
            log = self.log
        except UsageError as error:
            raise UsageError(
                "a bare id is looked up in a ledger, else write {{id, topic, subject}}: {why}",
                why=error,
            ) from error
        from ledger.store.reads import reading

        with reading(log.engine) as snapshot:
            return find_entry(log, snapshot, text)


class Served(AtHand):
    """A ledger that is served elsewhere; whatever it shows is verified here."""

    def __init__(self, url: str, trust: Path | None, *, first_use: bool) -> None:
        """Take its address and why its key is believed; nothing is asked yet."""
        super().__init__()
        self._url, self._trust, self._first_use = url, trust, first_use

    @cached_property
    def client(self) -> "Client":
        """The log behind the server."""
        from ledger.cli.remote import connect

        return connect(self._url, self._trust, first_use=self._first_use)

    def origin(self) -> str:
        """Return the log's name."""
        return self.client.origin

    def now_s(self) -> int:
        """Return the present time, by the clock that genesis names.

        The machine's where the server is away or was never met: whoever gives the rest signs offline.
        """
        from ledger.primitives.clock import MICROSECONDS, SimulatedClock
        from ledger.statements.catalogue import decode_body
        from ledger.statements.envelope import parse_statement
        from ledger.statements.log_family import Genesis, Seal

        try:
            newest = self.client.newest()
            tree = self.client.tree(newest)
            ends = [decode_body(parse_statement(tree.entry(at))) for at in (0, newest.size - 1)]
        except (ServerError, CannotVerifyError):
            return int(time.time())
        match ends:
            case [Genesis(clock="simulated"), Seal(time_us=time_us)]:
                return SimulatedClock().now_us(time_us) // MICROSECONDS
        return int(time.time())

    def key(self, kid: bytes, origin: str | None) -> tuple[str | None, int | None]:
        """Return the party a key belongs to and the entry that ended it, None where none is known."""
        from ledger.client.entries import Asking

        try:
            if origin not in (None, self.client.origin):
                return None, None
            return known(Asking(self.client), kid)
        except (ServerError, CannotVerifyError) as error:
            self.away = error
            return None, None  # whoever says in whose name needs nobody

    @contextmanager
    def reading(self) -> "Iterator[View]":
        """Return the ledger at hand as questions see it: each history is fetched and proven."""
        from ledger.client.entries import Asking

        yield Asking(self.client)

    def of_types(self, types: "Sequence[str]") -> "Iterator[Entry]":
        """Read the whole log by its tiles: that nobody else has a name, no less would prove."""
        from ledger.histories.history import Entry
        from ledger.statements.catalogue import InvalidBody, decode_body, type_name
        from ledger.statements.envelope import parse_statement

        newest = self.client.newest()
        if newest.size > MAX_READ:
            raise UsageError(
                "names are looked up by reading the whole log, {size} entries are too many: keep it (pinyuan mirror) and name the mirror with --dir, or write ids",
                size=newest.size,
            )
        for index, leaf in enumerate(self.client.tree(newest).entries(0, newest.size)):
            statement = parse_statement(leaf)
            body = decode_body(statement)
            if not isinstance(body, InvalidBody) and type_name(body) in types:
                yield Entry(index, statement, body)

    def entry(self, text: str) -> "Entry":
        """Return an entry by its id or index."""
        from ledger.client.entries import find

        return find(self.client, text).entry
