"""A ledger in a database, as one snapshot shows it, to make evidence from."""

from collections.abc import Iterable, Mapping

from ledger.histories.history import Entry, View
from ledger.questions.registry import RecheckMemory
from ledger.store.cosignatures import cosigned_note
from ledger.store.reads import Snapshot, StoredCheckpoint
from ledger.store.view import parse_entry
from ledger.tlog.merkle import SubtreeReader
from ledger.tlog.prefix_tree import PrefixTree
from ledger.writing.log import Log


class Stored:
    """A ``Ground``."""

    def __init__(
        self, log: Log, snapshot: Snapshot, size: int, checkpoint: StoredCheckpoint | None
    ) -> None:
        """Take a size of a log, with its checkpoint once that is signed."""
        self._snapshot = snapshot
        stored = log.view(snapshot, size)
        self.view: View = stored
        self.index: PrefixTree = stored.tree
        self.origin: str = log.origin
        self.size = size
        self.note = None if checkpoint is None else cosigned_note(snapshot, checkpoint)
        self.tree: SubtreeReader = log.publisher.tree(snapshot, size)
        self.rechecked: RecheckMemory | None = log.rechecked

    def leaves(self, indices: Iterable[int]) -> Mapping[int, bytes]:
        """Return entries as they were registered."""
        return self._snapshot.leaves(sorted(indices))

    def entries(self, indices: Iterable[int]) -> list[Entry]:
        """Return entries, read."""
        return [parse_entry(index, leaf) for index, leaf in self.leaves(indices).items()]

    def index_of(self, id_: bytes) -> int | None:
        """Return where a statement is."""
        found = self._snapshot.by_id([id_]).get(id_)
        return None if found is None or found[0] >= self.size else found[0]

    def seal_behind(self, index: int) -> tuple[int, int] | None:
        """Return the first seal at an index or behind it."""
        return self._snapshot.seal_behind(index)

    def seal_before(self, size: int) -> int | None:
        """Return the index of the newest seal below a size."""
        return self._snapshot.seal_before(size)
