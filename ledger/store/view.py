"""The ledger as rules see it, read from a snapshot, with a batch's statements laid over it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ledger.errors import LogCorruptError
from ledger.history import Entry, HistoryState, history_key
from ledger.statements.catalogue import InvalidBody, decode_body
from ledger.statements.envelope import Topic, parse_statement
from ledger.store.reads import Snapshot
from ledger.tlog.prefix_tree import PrefixTree

T = TypeVar("T")


def parse_entry(index: int, leaf: bytes) -> Entry:
    """Return a stored statement as an entry.

    Raises:
        LogCorruptError: a payload that was never registered in this form.

    """
    statement = parse_statement(leaf)
    body = decode_body(statement)
    if isinstance(body, InvalidBody):
        msg = f"entry {index}: {body.message}"
        raise LogCorruptError(msg)
    return Entry(index, statement, body)


class FoldCache:
    """Folds of committed histories by (function, topic, subject, length): they never change."""

    LIMIT = 50_000

    def __init__(self) -> None:
        self._known: dict[tuple[Any, str, str, int], Any] = {}

    def get(self, key: tuple[Any, str, str, int], compute: Callable[[], T]) -> T:
        """Return what was computed for a key before, or compute it."""
        try:
            return self._known[key]  # type: ignore[no-any-return]
        except KeyError:
            value = compute()
        if len(self._known) >= self.LIMIT:
            self._known.clear()
        self._known[key] = value
        return value


class StoredHistory:
    """A history out of the database, then the entries the batch adds to it."""

    __slots__ = ("_entries", "_indices", "_key", "_pending", "_snapshot", "state")

    def __init__(
        self, snapshot: Snapshot, key: bytes, state: HistoryState, pending: Sequence[Entry]
    ) -> None:
        self._snapshot = snapshot
        self._key = key
        self.state = state
        self._pending = pending
        self._entries: list[Entry] | None = None
        self._indices: list[int] | None = None

    @property
    def count(self) -> int:
        """Return how many entries it has."""
        return self.state.count + len(self._pending)

    @property
    def committed(self) -> bool:
        """Return whether nothing of the running batch is in it."""
        return not self._pending

    @property
    def newest(self) -> int:
        """Return the index of its newest entry, -1 without any."""
        if self._pending:
            return self._pending[-1].index
        if self.state.recent:
            return self.state.recent[-1]
        return self._committed()[-1] if self.state.count else -1

    def _committed(self) -> list[int]:
        if self._indices is None:
            self._indices = self._snapshot.indices(self._key, self.state)
        return self._indices

    def indices(self) -> list[int]:
        """Return the log indices of all entries, oldest first."""
        return [*self._committed(), *(entry.index for entry in self._pending)]

    def entries(self) -> list[Entry]:
        """Return all entries, oldest first."""
        if self._entries is None:
            indices = self._committed()
            leaves = self._snapshot.leaves(indices)
            self._entries = [parse_entry(index, leaves[index]) for index in indices]
        return [*self._entries, *self._pending]


class StoreView:
    """A ``View`` over a snapshot of ``size`` entries and what a batch adds."""

    def __init__(
        self, snapshot: Snapshot, tree: PrefixTree, *, size: int, now_us: int, cache: FoldCache
    ) -> None:
        self.snapshot = snapshot
        self.tree = tree
        self._size = size
        self._now_us = now_us
        self._cache = cache
        self._pending: dict[Topic, list[Entry]] = defaultdict(list)
        self._histories: dict[Topic, StoredHistory] = {}
        self._folds: dict[tuple[Any, str, str], tuple[int, Any]] = {}

    def add(self, entry: Entry, topics: Sequence[Topic]) -> None:
        """Let later statements of the batch see one that was accepted."""
        for topic in topics:
            self._pending[topic].append(entry)

    def take_back(self, topics: Sequence[Topic]) -> None:
        """Forget what was added last to these histories, and what was folded from it."""
        for topic in topics:
            self._pending[topic].pop()
        for key in [key for key in self._folds if key[1:] in topics]:
            del self._folds[key]

    def history(self, topic: str, subject: str) -> StoredHistory:
        """Return one complete history; what is committed of it does not change meanwhile."""
        found = self._histories.get((topic, subject))
        if found is None:
            state = self.snapshot.history_state(self.tree, topic, subject)
            pending = self._pending[topic, subject]
            found = StoredHistory(self.snapshot, history_key(topic, subject), state, pending)
            self._histories[topic, subject] = found
        return found

    def fold(self, function: Callable[[Sequence[Entry]], T], topic: str, subject: str) -> T:
        """Return a fold over a history; remembered across batches for committed ones."""
        history = self.history(topic, subject)
        known = self._folds.get((function, topic, subject))
        if known is not None and known[0] == history.count:
            return known[1]  # type: ignore[no-any-return]
        if history.committed:
            key = (function, topic, subject, history.count)
            value = self._cache.get(key, lambda: function(history.entries()))
        else:
            value = function(history.entries())
        self._folds[function, topic, subject] = (history.count, value)
        return value

    def registered_us(self, index: int) -> int:
        """Return the time of an entry's seal; the batch's own for its statements."""
        if index >= self._size:
            return self._now_us
        seal = self.snapshot.seal_behind(index)
        if seal is None:
            msg = f"entry {index}: no seal behind it"
            raise LogCorruptError(msg)
        return seal[1]
