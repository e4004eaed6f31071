"""When an entry was registered: the time of the first seal at it or behind it."""

from typing import Protocol

from ledger.errors import LogCorruptError


class Seals(Protocol):
    """The seals of a log, wherever it is kept."""

    def seal_behind(self, index: int) -> tuple[int, int] | None:
        """Return the first seal at an index or behind it: index, time in microseconds."""


def sealed(seals: Seals, index: int) -> tuple[int, int]:
    """Return the seal behind an entry: index, time in microseconds.

    Raises:
        LogCorruptError: there is none.

    """
    found = seals.seal_behind(index)
    if found is None:
        raise LogCorruptError("entry {index}: no seal behind it", index=index)
    return found
