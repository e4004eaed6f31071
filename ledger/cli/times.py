"""When an answer is from: a size of the log or a time, as a person gives it, and what was known then."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ledger.cli.common import parse_now
from ledger.errors import ParameterError, SizeError
from ledger.primitives.instant import format_us

if TYPE_CHECKING:
    from ledger.answering.then import SealBehind
    from ledger.client.session import Client
    from ledger.writing.log import Log


def known_here(log: "Log", text: str | None) -> int | None:
    """Return the size that ``--known-at`` means in a ledger at hand."""
    from ledger.answering.then_here import seals_of
    from ledger.store.reads import reading
    from ledger.writing.publisher import require_head

    def size() -> int:
        with reading(log.engine) as snapshot:
            return require_head(snapshot).size

    return known_size(text, lambda: (size(), seals_of(log)))


def known_there(client: "Client", text: str | None) -> int | None:
    """Return the size that ``--known-at`` means in a log behind a server."""
    from ledger.client.entries import seals_there

    return known_size(text, lambda: (client.newest().size, seals_there(client)))


def known_size(text: str | None, look: "Callable[[], tuple[int, SealBehind]]") -> int | None:
    """Return the size that ``--known-at`` means: a number, or what was there at a time.

    ``look``: returns the log's size and where its seals are; called for a time.

    Raises:
        ParameterError: neither, or no size at all.
        SizeError: a time before the log began.
        FreshnessError: a time that the log has not seen yet.

    """
    if text is None:
        return None
    if text.isdecimal():
        if not int(text):
            raise ParameterError("--known-at {text}: a size is 1 or more", text=text)
        return int(text)
    from ledger.answering.then import size_at
    from ledger.evidence.fresh import not_seen_yet

    time_us = parse_now(text, "--known-at")
    assert time_us is not None  # noqa: S101 - it was given
    size, seal_behind = look()
    newest_us = seal_behind(size - 1)[1]
    if time_us > newest_us:
        raise not_seen_yet(time_us, newest_us)
    found = size_at(time_us, size, seal_behind)
    if not found:
        begun = format_us(seal_behind(0)[1])
        raise SizeError(
            "--known-at {text}: nothing was registered yet: the first seal is of {begun}",
            text=text,
            begun=begun,
        )
    return found
