"""Views over other views: in memory, as of an index, and one that remembers what was read."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from ledger.histories.history import Entry, Fold, History, View
from ledger.statements.envelope import Topic

T = TypeVar("T")


class EntryList:
    """A history that lies in memory."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries

    @property
    def count(self) -> int:
        """Return how many entries it has."""
        return len(self._entries)

    @property
    def newest(self) -> int:
        """Return the index of its newest entry, -1 without any."""
        return self._entries[-1].index if self._entries else -1

    def indices(self) -> Sequence[int]:
        """Return the indices of its entries, oldest first."""
        return [entry.index for entry in self._entries]

    def entries(self) -> Sequence[Entry]:
        """Return them, oldest first."""
        return self._entries


class _FoldingView(ABC):
    """Remembers folds by the length of their history, and goes on from there when it grew."""

    def __init__(self) -> None:
        self._folds: dict[tuple[Any, str, str], tuple[int, Any]] = {}

    @abstractmethod
    def history(self, topic: str, subject: str) -> History:
        """Return one complete history."""

    def fold(self, function: Callable[[Sequence[Entry]], T], topic: str, subject: str) -> T:
        """Return a fold over a history."""
        history = self.history(topic, subject)
        count, key = history.count, (function, topic, subject)
        known = self._folds.get(key)
        if known is not None and known[0] == count:
            return known[1]  # type: ignore[no-any-return]
        if known is not None and known[0] < count and isinstance(function, Fold):
            value = function.step(known[1], history.entries()[known[0] :])
        else:
            value = function(history.entries())
        self._folds[key] = (count, value)
        return value  # type: ignore[no-any-return]


class MemoryView(_FoldingView):
    """Histories held in memory; one never added to is empty."""

    def __init__(self, registered_us: Callable[[int], int]) -> None:
        super().__init__()
        self._entries: dict[Topic, list[Entry]] = {}
        self._registered_us = registered_us

    def add(self, entry: Entry, topics: Sequence[Topic]) -> None:
        """Append an entry to its histories."""
        for topic in topics:
            self._entries.setdefault(topic, []).append(entry)

    def history(self, topic: str, subject: str) -> EntryList:
        """Return one complete history."""
        return EntryList(self._entries.get((topic, subject), ()))

    def registered_us(self, index: int) -> int:
        """Return an entry's registration time in microseconds."""
        return self._registered_us(index)


class AsOfView(_FoldingView):
    """The ledger as it stood before an index: later entries are left out."""

    def __init__(self, view: View, index: int) -> None:
        super().__init__()
        self._view = view
        self._index = index
        self._kept: dict[Hashable, Any] = {}

    def once(self, key: Hashable, find: Callable[[], T]) -> T:
        """Return what is found by this view alone, and remember it: nothing of it changes any more."""
        if key not in self._kept:
            self._kept[key] = find()
        return self._kept[key]  # type: ignore[no-any-return]

    def history(self, topic: str, subject: str) -> History:
        """Return a history's entries before the index; its own where nothing is left out."""
        history = self._view.history(topic, subject)
        if history.newest < self._index:
            return history
        return EntryList([entry for entry in history.entries() if entry.index < self._index])

    def fold(self, function: Callable[[Sequence[Entry]], T], topic: str, subject: str) -> T:
        """Return a fold over a history; where nothing is left out, the one of the view below."""
        if self._view.history(topic, subject).newest < self._index:
            return self._view.fold(function, topic, subject)
        return super().fold(function, topic, subject)

    def registered_us(self, index: int) -> int:
        """Return an entry's registration time in microseconds."""
        return self._view.registered_us(index)


class TracingView:
    """Remembers every history and every time that was asked for: the evidence of an answer."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.histories: dict[Topic, History] = {}
        self.times: set[int] = set()

    def history(self, topic: str, subject: str) -> History:
        """Return one complete history, and remember it."""
        found = self.histories.get((topic, subject))
        if found is None:
            found = self.histories[topic, subject] = self._view.history(topic, subject)
        return found

    def fold(self, function: Callable[[Sequence[Entry]], T], topic: str, subject: str) -> T:
        """Return a fold over a history, and remember the history."""
        self.history(topic, subject)
        return self._view.fold(function, topic, subject)

    def registered_us(self, index: int) -> int:
        """Return an entry's registration time, and remember that it was asked for."""
        self.times.add(index)
        return self._view.registered_us(index)
