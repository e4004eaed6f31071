"""A whole ledger as an auditor reads it: from a database, or from a directory of tiles.

A reader hands out bytes and claims; ``audit`` derives everything again from the bytes
and holds the claims against it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class EntryRange:
    """Entries [start, start + len(leaves)) and what is claimed of them, by field name.

    A claim is one value per entry; ``where`` says how the field is called in the source.
    """

    start: int
    leaves: Sequence[bytes]
    claims: dict[str, Sequence[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignedSize:
    """A checkpoint and the signature its receipts share."""

    size: int
    note: str
    receipt_signature: bytes


@dataclass(frozen=True, slots=True)
class Derived:
    """What a whole ledger comes to, for readers that store it: they compare."""

    size: int
    chain: bytes
    frontier: Sequence[bytes]
    index_root: bytes
    seal_index: int
    seal_id: bytes
    seal_time_us: int
    pages: Iterable[tuple[str, bytes]]
    groups: dict[tuple[bytes, int], bytes]
    """(history key, group number) -> SHA-256 of the group's indices."""
    seals: int
    tiles: int
    """Full tiles of all levels."""


class LedgerReader(Protocol):
    """Reads one ledger; reopened in other processes by ``reopen``."""

    def reopen(self) -> "tuple[Callable[[Any], LedgerReader], Any]":
        """Return what to call, and with what, to read the same ledger in another process."""
        ...

    def name(self) -> str:
        """Return how messages call this ledger."""
        ...

    def size(self) -> int:
        """Return how many entries are claimed."""
        ...

    def entries(self, start: int, stop: int) -> EntryRange:
        """Return entries [start, stop) with claims; fewer only if they are missing."""
        ...

    def terms(self, start: int, stop: int) -> Mapping[int, set[bytes]]:
        """Return what entries [start, stop) are stored to be found by, nothing where no index is."""
        ...

    def checkpoints(self, start: int, stop: int) -> Sequence[SignedSize]:
        """Return the checkpoints with start < size <= stop, ascending."""
        ...

    def check_tile(
        self, level: int, number: int, hashes: Sequence[bytes], root: bytes | None
    ) -> None:
        """Compare a tile (256 hashes with its root, or fewer at the right edge).

        Raises:
            AuditError: what is stored is something else.

        """
        ...

    def check_seals(self, seals: Sequence[tuple[int, int]], start: int, stop: int) -> None:
        """Compare the seals (index, time) among entries [start, stop)."""
        ...

    def check_derived(self, derived: Derived) -> None:
        """Compare everything else that is stored and follows from the entries."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class BareReader:
    """What a ``LedgerReader`` compares of a source that stores entries and checkpoints alone: nothing."""

    def terms(self, start: int, stop: int) -> Mapping[int, set[bytes]]:  # noqa: ARG002 - as a reader
        """Return nothing: there is no search index."""
        return {}

    def check_tile(
        self, level: int, number: int, hashes: Sequence[bytes], root: bytes | None
    ) -> None:
        """Compare nothing: hash tiles follow from the entries."""

    def check_seals(self, seals: Sequence[tuple[int, int]], start: int, stop: int) -> None:
        """Compare nothing: seals are entries."""

    def check_derived(self, derived: Derived) -> None:
        """Compare nothing: no index is stored."""

    def close(self) -> None:
        """Let go of nothing."""


def ranges(size: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield aligned ranges [start, stop) that cover [0, size)."""
    for start in range(0, size, width):
        yield start, min(start + width, size)
