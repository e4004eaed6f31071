"""An export, verified whole and read into memory: what is answered from it needs no database."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from ledger.audit import verify_ledger
from ledger.audit.batches import genesis_of
from ledger.audit.merge import Times
from ledger.errors import VerificationError
from ledger.files.archive import DirectoryReader
from ledger.files.reader import ranges
from ledger.histories.history import Entry, HistoryState, history_key
from ledger.histories.views import MemoryView
from ledger.questions.registry import RecheckMemory
from ledger.statements.catalogue import InvalidBody, decode_body, histories_of, type_name
from ledger.statements.envelope import parse_statement
from ledger.statements.log_family import Seal
from ledger.tlog.merkle import SubtreeReader, leaf_hash, node_hash
from ledger.tlog.note import VerifierKey
from ledger.tlog.prefix_tree import PrefixTree

AT_ONCE = 8_192
"""Entries read from an export at once: bounds memory."""


class InMemory:
    """A ``Ground``: each entry is held as it was read."""

    def __init__(self, reader: DirectoryReader, key: VerifierKey) -> None:
        """Verify an export against a log key, and read it.

        Raises:
            VerificationError: it is not what that log signed.

        """
        verify_ledger(reader, log_key=key)
        statement, self.genesis = genesis_of(reader)
        self.vkey = key
        self.origin: str = statement.subject
        self.size = reader.size()
        self.note: str | None = reader.newest()
        self.rechecked: RecheckMemory | None = RecheckMemory()
        self.all: list[Entry] = []
        self._leaf_hashes: list[bytes] = []
        self._by_id: dict[bytes, int] = {}
        self._times = Times()
        self.view = MemoryView(self._times)
        for start, stop in ranges(self.size, AT_ONCE):
            for index, leaf in enumerate(reader.entries(start, stop).leaves, start):
                self._take(index, leaf)

    def _take(self, index: int, leaf: bytes) -> None:
        signed = parse_statement(leaf)
        body = decode_body(signed)
        if isinstance(body, InvalidBody):
            raise VerificationError("entry {index}: {message}", index=index, message=body.message)
        if isinstance(body, Seal):
            self._times.add(index, body.time_us)
            self._times.now_us = body.time_us
        entry = Entry(index, signed, body)
        self.all.append(entry)
        self._leaf_hashes.append(leaf_hash(leaf))
        self._by_id[signed.id] = index
        self.view.add(entry, histories_of(signed, body))

    @property
    def sealed_us(self) -> int:
        """The newest seal's time."""
        return self._times.now_us

    @cached_property
    def index(self) -> PrefixTree:
        """The index of the histories that the newest seal commits to: of those of what is before it."""
        states: dict[bytes, HistoryState] = {}
        for entry in self.all[:-1]:
            for topic, subject in histories_of(entry.statement, entry.body):
                state = states.setdefault(history_key(topic, subject), HistoryState.empty())
                state.append(entry.index, self._leaf_hashes[entry.index])
        tree = PrefixTree(lambda _: {})
        for key, state in states.items():
            tree.put(key, state.value())
        tree.commit()
        return tree

    @cached_property
    def tree(self) -> SubtreeReader:
        """Hashes of the tree over all entries, each computed once."""
        known: dict[tuple[int, int], bytes] = {}

        def read(level: int, index: int) -> bytes:
            if level == 0:
                return self._leaf_hashes[index]
            if (level, index) not in known:
                left, right = read(level - 1, 2 * index), read(level - 1, 2 * index + 1)
                known[level, index] = node_hash(left, right)
            return known[level, index]

        return read

    def leaves(self, indices: Iterable[int]) -> Mapping[int, bytes]:
        """Return entries as they were registered."""
        return {index: self.all[index].statement.leaf for index in sorted(indices)}

    def entries(self, indices: Iterable[int]) -> list[Entry]:
        """Return entries."""
        return [self.all[index] for index in sorted(indices)]

    def index_of(self, id_: bytes) -> int | None:
        """Return where a statement is."""
        return self._by_id.get(id_)

    def beginning_with(self, digits: str) -> list[int]:
        """Return where the statements are whose ids begin with hexadecimal digits."""
        return [index for id_, index in self._by_id.items() if id_.hex().startswith(digits)]

    def seal_behind(self, index: int) -> tuple[int, int] | None:
        """Return the first seal at an index or behind it."""
        return self._times.behind(index)

    def seal_before(self, size: int) -> int | None:
        """Return the index of the newest seal below a size."""
        return next(
            (at for at in range(size - 1, -1, -1) if isinstance(self.all[at].body, Seal)), None
        )

    def registered(self, type_: str) -> Iterator[str]:
        """Yield what the statements of a type are about, the newest first; see ``meant``."""
        for entry in reversed(self.all):
            if entry.body is not None and type_name(entry.body) == type_:
                yield entry.statement.subject
