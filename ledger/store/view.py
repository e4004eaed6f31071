"""The ledger as rules see it, read from a snapshot, with a batch's statements laid over it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeVar

from ledger.errors import LogCorruptError
from ledger.histories.history import Entry, Fold, HistoryState, count_of, history_key
from ledger.histories.seals import sealed
from ledger.statements.catalogue import InvalidBody, decode_body
from ledger.statements.envelope import Topic, parse_statement
from ledger.store.reads import Snapshot
from ledger.tlog.prefix_tree import PrefixTree

T = TypeVar("T")

FoldKey = tuple[Any, str, str]
"""A fold over a history: function, topic, subject."""


def parse_entry(index: int, leaf: bytes) -> Entry:
    """Return a stored statement as an entry.

    Raises:
        LogCorruptError: a payload that was never registered in this form.

    """
    statement = parse_statement(leaf)
    body = decode_body(statement)
    if isinstance(body, InvalidBody):
        raise LogCorruptError("entry {index}: {message}", index=index, message=body.message)
    return Entry(index, statement, body)


class FoldCache:
    """Folds of committed histories, each as of the newest length it was asked for.

    What was asked for lately stays: when the younger half is full, the older is dropped.
    """

    HALF = 30_000

    def __init__(self) -> None:
        self._young: dict[FoldKey, tuple[int, Any]] = {}
        self._old: dict[FoldKey, tuple[int, Any]] = {}

    def get(self, key: FoldKey) -> tuple[int, Any] | None:
        """Return (length, value) of a fold; nobody may change that value."""
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.put(key, *found)
        return found

    def put(self, key: FoldKey, count: int, value: Any) -> None:
        """Keep a fold that nobody will change from now on."""
        if len(self._young) >= self.HALF:
            self._old, self._young = self._young, {}
        self._young[key] = (count, value)


class StoredHistory:
    """A history out of the database, then the entries the batch adds to it."""

    __slots__ = (
        "_entries", "_found", "_indices", "_key", "_snapshot", "_state", "pending", "stored",
    )  # fmt: skip

    def __init__(
        self,
        snapshot: Snapshot,
        key: bytes,
        found: tuple[bytes, bytes] | None,
        pending: Sequence[Entry],
    ) -> None:
        """Take what the index holds of it: value and attachment.

        ``stored``: how many entries are committed; ``pending``: those of the batch so far.
        """
        self._snapshot = snapshot
        self._key = key
        self._found = found
        self._state: HistoryState | None = None
        self._entries: list[Entry] | None = None
        self._indices: list[int] | None = None
        self.pending = pending
        self.stored = 0 if found is None else count_of(found[0])

    @property
    def state(self) -> HistoryState:
        """Return the state of what is committed.

        Raises:
            LogCorruptError: it is not what the index commits to.

        """
        if self._state is None:
            found = self._found
            self._state = HistoryState.empty() if found is None else HistoryState.decode(*found)
        return self._state

    @property
    def count(self) -> int:
        """Return how many entries it has."""
        return self.stored + len(self.pending)

    @property
    def newest(self) -> int:
        """Return the index of its newest entry, -1 without any."""
        if self.pending:
            return self.pending[-1].index
        if not self.stored:
            return -1
        return self.state.recent[-1] if self.state.recent else self.committed_indices()[-1]

    def committed_indices(self) -> list[int]:
        """Return the log indices of the committed entries, oldest first."""
        if self._indices is None:
            self._indices = self._snapshot.indices(self._key, self.state) if self.stored else []
        return self._indices

    def indices(self) -> list[int]:
        """Return the log indices of all entries, oldest first."""
        return [*self.committed_indices(), *(entry.index for entry in self.pending)]

    def since(self, start: int) -> list[int]:
        """Return the log indices of the committed entries from the one at ``start`` on."""
        more = self.stored - start
        recent = self.state.recent
        if more <= len(recent):
            return recent[len(recent) - more :]
        return self.committed_indices()[start:]

    def keep(self, entries: list[Entry]) -> None:
        """Take all committed entries, read together with those of other histories."""
        self._entries = entries

    def committed(self, start: int = 0) -> list[Entry]:
        """Return the committed entries from the one at ``start`` on, oldest first."""
        if self._entries is None and start == 0:
            self._entries = self._read(self.committed_indices())
        if self._entries is None:
            return self._read(self.since(start))
        return self._entries[start:]

    def _read(self, indices: list[int]) -> list[Entry]:
        leaves = self._snapshot.leaves(indices)
        return [parse_entry(index, leaves[index]) for index in indices]

    def entries(self) -> list[Entry]:
        """Return all entries, oldest first."""
        return [*self.committed(), *self.pending]


class _Folded:
    """A fold within a batch: up to which pending entry, and whether its value is its own."""

    __slots__ = ("history", "own", "pending", "seen", "value")

    def __init__(self, history: StoredHistory, value: Any) -> None:
        self.history = history
        self.pending = history.pending
        self.value = value
        self.seen = 0
        self.own = False


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
        self._folds: dict[FoldKey, _Folded] = {}

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
            key = history_key(topic, subject)
            pending = self._pending[topic, subject]
            found = StoredHistory(self.snapshot, key, self.tree.get(key), pending)
            self._histories[topic, subject] = found
        return found

    def prepare(self, folds: Iterable[FoldKey]) -> None:
        """Read what these folds need, together: index pages, then the entries not folded yet."""
        wanted = {key: history_key(*key[1:]) for key in folds if key not in self._folds}
        self.tree.load(wanted.values())
        missing: dict[Topic, StoredHistory] = {}
        for key in wanted:
            history = self.history(*key[1:])
            known = self._cache.get(key) if history.stored else None
            if history.stored and known is None:
                missing[key[1:]] = history
        indices = {topic: history.committed_indices() for topic, history in missing.items()}
        leaves = self.snapshot.leaves(sorted(set(chain.from_iterable(indices.values()))))
        parsed: dict[int, Entry] = {}
        for topic, history in missing.items():
            for index in indices[topic]:
                if index not in parsed:
                    parsed[index] = parse_entry(index, leaves[index])
            history.keep([parsed[index] for index in indices[topic]])

    def fold(self, function: Callable[[Sequence[Entry]], T], topic: str, subject: str) -> T:
        """Return a fold over a history, going on from where it stood in this batch or before."""
        key = (function, topic, subject)
        known = self._folds.get(key)
        if known is None:
            history = self.history(topic, subject)
            known = self._folds[key] = _Folded(history, self._committed(key, history))
        if known.seen != len(known.pending):
            self._go_on(function, known)
        return known.value  # type: ignore[no-any-return]

    def _committed(self, key: FoldKey, history: StoredHistory) -> Any:
        """Return the fold over what is committed, from the cache as far as it is there."""
        function, count = key[0], history.stored
        if not count:
            return function(())
        found = self._cache.get(key)
        if found is not None and found[0] == count:
            return found[1]
        if found is not None and found[0] < count and isinstance(function, Fold):
            value = function.step(function.copy(found[1]), history.committed(found[0]))
        else:
            value = function(history.committed())
        if found is None or found[0] < count:
            self._cache.put(key, count, value)
        return value

    @staticmethod
    def _go_on(function: Callable[[Sequence[Entry]], T], known: _Folded) -> None:
        """Take the pending entries that a fold has not seen; the cache's value is left alone."""
        if isinstance(function, Fold):
            value = known.value if known.own else function.copy(known.value)
            known.value = function.step(value, known.pending[known.seen :])
        else:
            known.value = function(known.history.entries())
        known.seen, known.own = len(known.pending), True

    def remember(self) -> None:
        """Keep the folds of this batch, now that it is committed; the view is not used again."""
        for key, known in self._folds.items():
            if known.own and known.seen != len(known.pending) and isinstance(key[0], Fold):
                # What was added behind the last question; else the next batch reads it again.
                self._go_on(key[0], known)
            if known.own and known.seen == len(known.pending):
                self._cache.put(key, known.history.count, known.value)

    def registered_us(self, index: int) -> int:
        """Return the time of an entry's seal; the batch's own for its statements."""
        if index >= self._size:
            return self._now_us
        return sealed(self.snapshot, index)[1]
