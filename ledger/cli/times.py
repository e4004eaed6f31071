"""When an answer is from: a size of the log or a time, as a person gives it, and what was known then."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.cli.common import parse_now
from ledger.errors import ParameterError, SizeError, VerificationError
from ledger.primitives.instant import format_us

if TYPE_CHECKING:
    from ledger.client.session import Client
    from ledger.evidence.bundle import Bundle
    from ledger.writing.log import Log

SealBehind = Callable[[int], tuple[int, int]]
"""Returns the first seal at an index or behind it: (index, time in microseconds)."""


@dataclass(frozen=True, slots=True)
class Then:
    """What was known at a time that an answer of now is about.

    ``since``: the size from which on it is answered as now, where the newest reason says it.
    """

    size: int
    verdict: str
    since: int | None


def size_at(time_us: int, size: int, seal_behind: SealBehind) -> int:
    """Return the size right behind the newest seal that is not later than a time, 0 without one."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        index, sealed_us = seal_behind(middle)
        if sealed_us <= time_us:
            low = index + 1
        else:
            high = middle
    return low


def known_here(log: "Log", text: str | None) -> int | None:
    """Return the size that ``--known-at`` means in a ledger at hand."""
    from ledger.store.reads import reading
    from ledger.writing.publisher import require_head

    def size() -> int:
        with reading(log.engine) as snapshot:
            return require_head(snapshot).size

    return known_size(text, lambda: (size(), seals_of(log)))


def known_there(client: "Client", text: str | None) -> int | None:
    """Return the size that ``--known-at`` means in a log behind a server."""
    return known_size(text, lambda: (client.newest().size, seals_there(client)))


def known_size(text: str | None, look: Callable[[], tuple[int, SealBehind]]) -> int | None:
    """Return the size that ``--known-at`` means: a number, or what was there at a time.

    ``look``: returns the log's size and where its seals are; called for a time.

    Raises:
        ParameterError: neither, or no size at all.
        SizeError: a time before the log began.

    """
    if text is None:
        return None
    if text.isdecimal():
        if not int(text):
            msg = f"--known-at {text}: a size is 1 or more"
            raise ParameterError(msg)
        return int(text)
    time_us = parse_now(text, "--known-at")
    assert time_us is not None  # noqa: S101 - it was given
    size, seal_behind = look()
    found = size_at(time_us, size, seal_behind)
    if not found:
        begun = format_us(seal_behind(0)[1])
        msg = f"--known-at {text}: nothing was registered yet: the first seal is of {begun}"
        raise SizeError(msg)
    return found


def known_then(
    now: "Bundle", seal_behind: SealBehind, answer_at: Callable[[int], Any]
) -> Then | None:
    """Return what was answered about a past time then, if that was another verdict than now's.

    Args:
        now: what is answered about that time with all that is known.
        seal_behind: where seals are.
        answer_at: asks the same as of a size.

    """
    at_us, size, answer = now.valid_at_us, now.known_at, now.answer
    if at_us is None or not isinstance(answer, dict) or "verdict" not in answer:
        return None
    then = size_at(at_us, size, seal_behind)
    if not 0 < then < size:
        return None
    verdict = answer_at(then)["verdict"]
    if verdict == answer["verdict"]:
        return None
    named = [entry for one in answer["reasons"] for entry in one["entries"] if entry >= then]
    if not named:
        return Then(then, verdict, None)
    index, sealed_us = seal_behind(max(named))
    before = size_at(sealed_us - 1, size, seal_behind)
    # Where it was so before, the newest reason is not what turned it.
    turned = before == then or answer_at(before)["verdict"] != answer["verdict"]
    return Then(then, verdict, index + 1 if turned else None)


def seals_of(log: "Log") -> SealBehind:
    """Return where the seals of a ledger at hand are."""
    from ledger.store.reads import reading

    def behind(index: int) -> tuple[int, int]:
        with reading(log.engine) as snapshot:
            found = snapshot.seal_behind(index)
        assert found is not None  # noqa: S101 - every entry is sealed
        return found

    return behind


def seals_there(client: "Client") -> SealBehind:
    """Return where the seals of a log behind a server are; each is proven."""
    from ledger.statements.catalogue import decode_body
    from ledger.statements.envelope import parse_statement
    from ledger.statements.log_family import Seal

    newest = client.newest()
    tree = client.tree(newest)

    def behind(index: int) -> tuple[int, int]:
        for at, leaf in enumerate(tree.entries(index, newest.size), index):
            body = decode_body(parse_statement(leaf))
            if isinstance(body, Seal):
                return at, body.time_us
        msg = f"entry {newest.size - 1}: the newest entry is no seal"
        raise VerificationError(msg)

    return behind
