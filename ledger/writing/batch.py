"""What a batch adds to the stored ledger: rows, histories, tiles, pages, the new head.

The log grows a ledger with statements it reviewed; ``restore`` grows one with batches
that were sealed before. Neither writes in any other way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger.cose.attached import encode_attached
from ledger.errors import LogCorruptError
from ledger.histories.history import HistoryState, history_key
from ledger.statements.envelope import SignedStatement, Topic
from ledger.store.append import Writer
from ledger.store.reads import Head
from ledger.tlog import chain
from ledger.tlog.merkle import Frontier
from ledger.tlog.prefix_tree import PrefixTree


@dataclass(slots=True)
class Growth:
    """Entries behind a head: tree and chain go along, histories are collected by key."""

    tree: Frontier
    chain: bytes
    rows: list[tuple[int, bytes, bytes, bytes, bytes]] = field(default_factory=list)
    histories: dict[bytes, list[tuple[int, bytes]]] = field(default_factory=dict)
    seals: list[tuple[int, bytes, int]] = field(default_factory=list)
    attached: list[tuple[int, bytes]] = field(default_factory=list)
    groups: list[tuple[bytes, int, list[int]]] = field(default_factory=list)
    _changed: set[str] = field(default_factory=set)

    @classmethod
    def onto(cls, head: Head | None, origin: str) -> "Growth":
        """Begin behind a head, or with the first entry of a log."""
        if head is None:
            return cls(Frontier(), chain.start(origin))
        return cls(head.tree(), head.chain)

    @property
    def size(self) -> int:
        """Return the number of entries with those added."""
        return self.tree.size

    def append(self, statement: SignedStatement, topics: Iterable[Topic]) -> None:
        """Add an entry and its histories."""
        index, hashed = self.tree.size, statement.leaf_hash
        self.tree.append(hashed)
        self.chain = chain.extend(self.chain, hashed)
        self.rows.append((index, statement.id, statement.leaf, hashed, self.chain))
        if statement.receipts:
            self.attached.append((index, encode_attached(statement.receipts)))
        for topic, subject in topics:
            self.histories.setdefault(history_key(topic, subject), []).append((index, hashed))

    def append_seal(self, statement: SignedStatement, time_us: int) -> None:
        """Add a seal: an entry in no history."""
        self.seals.append((self.tree.size, statement.id, time_us))
        self.append(statement, ())

    def index_into(self, tree: PrefixTree) -> bytes:
        """Lengthen the collected histories in the index; return its new root."""
        tree.load(self.histories)
        for key, added in self.histories.items():
            found = tree.get(key)
            state = HistoryState.empty() if found is None else HistoryState.decode(*found)
            for index, hashed in added:
                group = state.append(index, hashed)
                if group is not None:
                    self.groups.append((key, state.count // len(group) - 1, group))
            tree.put(key, state.value(), state.encode())
        root, changed = tree.commit()
        self._changed |= changed
        return root

    def write(
        self, writer: Writer, tree: PrefixTree, index_root: bytes, *, entries: bool = True
    ) -> Head:
        """Write everything (or only what follows from entries that are there); return the new head.

        Raises:
            LogCorruptError: the newest entry is no seal.

        """
        if not self.seals:
            raise LogCorruptError("no seal among the entries")
        seal_index, seal_id, time_us = self.seals[-1]
        if seal_index != self.size - 1:
            raise LogCorruptError("entry {size}: the newest entry is no seal", size=self.size - 1)
        head = Head(
            size=self.size,
            chain=self.chain,
            frontier=b"".join(self.tree.hashes),
            index_root=index_root,
            seal_idx=seal_index,
            seal_id=seal_id,
            seal_time_us=time_us,
        )
        if entries:
            writer.append_entries(self.rows)
            writer.append_attached(self.attached)
        writer.fill_tiles(self.rows[0][0], [row[3] for row in self.rows])
        writer.append_seals([(index, time_us) for index, _, time_us in self.seals])
        writer.append_groups(self.groups)
        writer.put_pages({prefix: tree.page(prefix) for prefix in self._changed})
        writer.put_head(head)
        return head
