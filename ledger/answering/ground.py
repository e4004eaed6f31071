"""What evidence is made from: a log as of one signed size, wherever it is kept."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from ledger.histories.history import Entry, View
from ledger.histories.seals import Seals
from ledger.questions.registry import RecheckMemory
from ledger.tlog.merkle import SubtreeReader
from ledger.tlog.prefix_tree import PrefixTree


class Ground(Seals, Protocol):
    """A log of ``size`` entries: what they say, and the trees that prove them."""

    @property
    def origin(self) -> str:
        """The log's name."""

    @property
    def size(self) -> int:
        """Entries, the newest a seal."""

    @property
    def note(self) -> str | None:
        """The signed checkpoint of this size with its cosignatures; None before there is one."""

    @property
    def view(self) -> View:
        """The histories."""

    @property
    def index(self) -> PrefixTree:
        """The index of the histories that the newest seal commits to."""

    @property
    def tree(self) -> SubtreeReader:
        """Hashes of the tree over all entries."""

    @property
    def rechecked(self) -> RecheckMemory | None:
        """What was rechecked before, if that is remembered."""

    def leaves(self, indices: Iterable[int]) -> Mapping[int, bytes]:
        """Return entries as they were registered."""

    def entries(self, indices: Iterable[int]) -> list[Entry]:
        """Return entries, read."""

    def index_of(self, id_: bytes) -> int | None:
        """Return where a statement is, None where it is not registered."""

    def seal_before(self, size: int) -> int | None:
        """Return the index of the newest seal below a size."""
