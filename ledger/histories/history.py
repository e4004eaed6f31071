r"""Histories: the complete, ordered entries of one (topic, subject).

The history index maps SHA-256(topic || "\n" || subject) to
``u64be count || root``, the root of an RFC 9162 tree whose leaves are
``u64be log index || 32-byte leaf hash``, indices strictly ascending.

``HistoryState`` is what appending needs; it lies beside the value in the index pages:
the frontier of that tree, and the log indices behind the last full group of 256
(full groups are kept apart and never change).
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, Protocol, TypeVar

from ledger.errors import LogCorruptError, MalformedError, ProofError
from ledger.statements.envelope import SignedStatement
from ledger.statements.fields import Body
from ledger.statements.topics import TOPICS
from ledger.tlog.merkle import HASH_SIZE, Frontier, leaf_hash
from ledger.tlog.prefix_tree import PrefixTree, absence_proof, verify_absence, verify_presence

GROUP = 256
INDEX_SIZE = 8
VALUE_SIZE = INDEX_SIZE + HASH_SIZE


def history_key(topic: str, subject: str) -> bytes:
    """Return the index key of a history, 32 bytes.

    Raises:
        MalformedError: the topic is none of the catalogue's: it could hold the separator, and the
            key of one history be that of another.

    """
    if topic not in TOPICS:
        raise MalformedError("no topic of a history: {topic}", topic=topic[:40])
    return sha256(f"{topic}\n{subject}".encode()).digest()


def history_leaf(index: int, entry_leaf_hash: bytes) -> bytes:
    """Return the leaf hash, in the history's own tree, of the entry at a log index."""
    return leaf_hash(index.to_bytes(INDEX_SIZE) + entry_leaf_hash)


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement at its leaf index."""

    index: int
    statement: SignedStatement
    body: Body | None


def count_of(value: bytes) -> int:
    """Return how many entries a history has, from what the index commits to."""
    return int.from_bytes(value[:INDEX_SIZE])


class HistoryState:
    """One history's tree and tail; ``append`` is amortised O(1) hashes."""

    __slots__ = ("frontier", "recent")

    def __init__(self, frontier: Frontier, recent: list[int]) -> None:
        self.frontier = frontier
        self.recent = recent

    @classmethod
    def empty(cls) -> "HistoryState":
        """Return the state of a history without entries."""
        return cls(Frontier(), [])

    @property
    def count(self) -> int:
        """Return the number of entries."""
        return self.frontier.size

    def append(self, index: int, entry_leaf_hash: bytes) -> list[int] | None:
        """Add an entry; return the group of 256 indices it completes, if it does."""
        self.frontier.append(sha256(b"\x00" + index.to_bytes(8) + entry_leaf_hash).digest())
        self.recent.append(index)
        if len(self.recent) < GROUP:
            return None
        group, self.recent = self.recent, []
        return group

    def value(self) -> bytes:
        """Return what the index commits to, 40 bytes."""
        return self.count.to_bytes(INDEX_SIZE) + self.frontier.root()

    def encode(self) -> bytes:
        """Return the state beside the value: frontier hashes, then indices of 8 bytes."""
        return b"".join(self.frontier.hashes) + encode_indices(self.recent)

    @classmethod
    def decode(cls, value: bytes, raw: bytes) -> "HistoryState":
        """Return the state from a page's value and attachment."""
        count = int.from_bytes(value[:INDEX_SIZE])
        split = HASH_SIZE * count.bit_count()
        hashes = [raw[at : at + HASH_SIZE] for at in range(0, split, HASH_SIZE)]
        recent = decode_indices(raw[split:])
        if (
            len(value) != VALUE_SIZE
            or len(hashes) != count.bit_count()
            or len(recent) != count % GROUP
        ):
            raise LogCorruptError("history state: another size than its count has")
        state = cls(Frontier(count, hashes), recent)
        if state.value() != value:
            raise LogCorruptError("history state: its hashes are not those the index commits to")
        return state


def encode_indices(indices: Sequence[int]) -> bytes:
    """Return log indices as u64be."""
    return struct.pack(f">{len(indices)}Q", *indices)


def decode_indices(raw: bytes) -> list[int]:
    """Return the log indices of ``encode_indices``."""
    if len(raw) % INDEX_SIZE:
        raise MalformedError("history indices: not a multiple of 8 bytes")
    return list(struct.unpack(f">{len(raw) // INDEX_SIZE}Q", raw))


class History(Protocol):
    """A complete history; entries are read only when asked for."""

    @property
    def count(self) -> int:
        """Return how many entries it has."""
        ...

    @property
    def newest(self) -> int:
        """Return the index of its newest entry, -1 without any."""
        ...

    def indices(self) -> Sequence[int]:
        """Return the indices of all of them, oldest first."""
        ...

    def entries(self) -> Sequence[Entry]:
        """Return all of them, oldest first."""
        ...


T = TypeVar("T")


def _itself(value: T) -> T:
    return value


@dataclass(frozen=True, slots=True, eq=False)
class Fold(Generic[T]):
    """A fold that goes on from where it stood: over a prefix, then over the rest, is over all.

    ``step`` takes a value and further entries. It may change that value and return it, so
    whoever shares a value with others steps from a ``copy``; a value that is replaced, never
    changed, is its own.
    """

    start: Callable[[], T]
    step: Callable[[T, Sequence[Entry]], T]
    copy: Callable[[T], T] = _itself

    def __call__(self, entries: Sequence[Entry]) -> T:
        """Return the fold over a whole history."""
        return self.step(self.start(), entries)


class View(Protocol):
    """The ledger as rules and questions see it: histories, and times of registration."""

    def history(self, topic: str, subject: str) -> History:
        """Return one complete history, empty if nothing was ever said."""
        ...

    def fold(self, function: Callable[[Sequence[Entry]], T], topic: str, subject: str) -> T:
        """Return ``function`` of a history's entries; may remember it by the history's length."""
        ...

    def registered_us(self, index: int) -> int:
        """Return the registration time of an entry: its seal's, in microseconds."""
        ...


def history_proof(tree: PrefixTree, topic: str, subject: str) -> bytes:
    """Return the presence proof of a history, or the absence proof of an empty one."""
    key = history_key(topic, subject)
    found = tree.find(key)
    return found.proof if found is not None and found.key == key else absence_proof(found)


def verify_history(
    *, root: bytes, topic: str, subject: str, leaves: Sequence[tuple[int, bytes]], proof: bytes
) -> None:
    """Check that exactly these (log index, leaf hash) are a history, against an index root.

    Raises:
        ProofError: an entry is missing, added, out of order, or the proof is another's.

    """
    key = history_key(topic, subject)
    what = f"history ({topic}, {subject})"
    try:
        if not leaves:
            verify_absence(root=root, key=key, proof=proof)
            return
        frontier, last = Frontier(), -1
        for index, entry_leaf_hash in leaves:
            if index <= last:
                raise ProofError(
                    "entries out of order: {index} behind {last}", index=index, last=last
                )
            frontier.append(history_leaf(index, entry_leaf_hash))
            last = index
        value = frontier.size.to_bytes(INDEX_SIZE) + frontier.root()
        verify_presence(root=root, key=key, value=value, proof=proof)
    except ProofError as error:
        raise ProofError("{what} is not the complete one: {why}", what=what, why=error) from error
