"""What was known at a past time that is answered otherwise now: from which size on it is as now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.evidence.bundle import Bundle

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

    def row(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"size": self.size, "verdict": self.verdict, "since": self.since}


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


def known_then(
    now: Bundle, seal_behind: SealBehind, answer_at: Callable[[int], Any]
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
