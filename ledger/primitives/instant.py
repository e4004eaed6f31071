"""Moments as they are told: to the microsecond, never rounded, so that no two answers differ.

The log's own times have microseconds, those of payloads whole seconds. A moment without a
fraction is spelled without one, any other with six digits: ``2026-05-01T08:00:00.250000Z``.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ledger.errors import FormError
from ledger.texts import Lang, Words

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
GIVEN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$"
"""A moment as people give it: a fraction may end before the microsecond."""
_GIVEN = re.compile(GIVEN.removeprefix("^").removesuffix("$"))
_ELSEWHERE = re.compile(r".*T.*([0-9]|[+-][0-9]{2}:?[0-9]{2})")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z")


def format_us(time_us: int) -> str:
    """Return microseconds since 1970 as RFC 3339 in UTC."""
    seconds, rest = divmod(time_us, SECOND_US)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{rest:06d}Z" if rest else f"{text}Z"


_UNITS = (
    (86_400, Words("{0} day"), Words("{0} days")),
    (3_600, Words("{0} hour"), Words("{0} hours")),
    (60, Words("{0} minute"), Words("{0} minutes")),
    (1, Words("{0} second"), Words("{0} seconds")),
)


@dataclass(frozen=True, slots=True)
class Span:
    """How long something takes, for people: by its two largest units."""

    seconds: int

    def to(self, lang: Lang) -> str:
        """Return it in a language."""
        found: list[str] = []
        rest = self.seconds
        for length, one, several in _UNITS:
            count, rest = divmod(rest, length)
            if count and len(found) < 2:  # noqa: PLR2004 - two units tell enough
                found.append((one if count == 1 else several).fill(lang, count))
            elif found:
                break
        return " ".join(found) or _UNITS[-1][2].fill(lang, 0)


def parse_us(text: str) -> int:
    """Return the microseconds since 1970 of a moment as it is told.

    Raises:
        ValueError: another form, or no such date.

    """
    if _INSTANT.fullmatch(text) is None:
        raise FormError("not a time like 2026-05-01T08:00:00Z: {text!r}", text=text[:40])
    # Not by fromisoformat: what that reads, 24:00 for instance, differs between versions of Python.
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
    found = datetime(year, month, day, hour, minute, second, int(text[20:26] or 0), tzinfo=UTC)
    return (found - _EPOCH) // _MICROSECOND


def given_us(text: str) -> int:
    """Return the microseconds since 1970 of a moment as people give it: nothing of it is rounded.

    Raises:
        ValueError: another form, more than microseconds, before 1970, or no such date.

    """
    if _GIVEN.fullmatch(text) is None:
        if _ELSEWHERE.fullmatch(text):
            raise FormError(
                "times are UTC and end in Z, 2026-05-01T08:00:00Z: {text!r}", text=text[:40]
            )
        raise FormError("not a time like 2026-05-01T08:00:00Z: {text!r}", text=text[:40])
    head, point, fraction = text.removesuffix("Z").partition(".")
    try:
        found = parse_us(f"{head}.{fraction:0<6}Z" if point else text)
    except ValueError as error:
        raise FormError(
            "not a time like 2026-05-01T08:00:00Z: {text!r}: {why}", text=text, why=error
        ) from error
    if found < 0:
        raise FormError("not a time since 1970: {text!r}", text=text)
    return found
