"""Moments as they are told: to the microsecond, never rounded, so that no two answers differ.

The log's own times have microseconds, those of payloads whole seconds. A moment without a
fraction is spelled without one, any other with six digits: ``2026-05-01T08:00:00.250000Z``.
"""

import re
from datetime import UTC, datetime, timedelta

SECOND_US = 1_000_000
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
    (86_400, "day", "天"),
    (3_600, "hour", "小时"),
    (60, "minute", "分钟"),
    (1, "second", "秒"),
)


def span_words(seconds: int) -> tuple[str, str]:
    """Return how long something takes for people, in English and Chinese, by its two largest units."""
    en: list[str] = []
    zh: list[str] = []
    for length, unit, sign in _UNITS:
        count, seconds = divmod(seconds, length)
        if count and len(en) < 2:  # noqa: PLR2004 - two units tell enough
            en.append(f"{count} {unit}{'' if count == 1 else 's'}")
            zh.append(f"{count} {sign}")
        elif en:
            break
    return " ".join(en) or "0 seconds", " ".join(zh) or "0 秒"


def parse_us(text: str) -> int:
    """Return the microseconds since 1970 of a moment as it is told.

    Raises:
        ValueError: another form, or no such date.

    """
    if _INSTANT.fullmatch(text) is None:
        msg = f"not a time like 2026-05-01T08:00:00Z: {text[:40]!r}"
        raise ValueError(msg)
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
        wants = "times are UTC and end in Z, 2026-05-01T08:00:00Z"
        what = wants if _ELSEWHERE.fullmatch(text) else "not a time like 2026-05-01T08:00:00Z"
        msg = f"{what}: {text[:40]!r}"
        raise ValueError(msg)
    head, point, fraction = text.removesuffix("Z").partition(".")
    try:
        found = parse_us(f"{head}.{fraction:0<6}Z" if point else text)
    except ValueError as error:
        msg = f"not a time like 2026-05-01T08:00:00Z: {text!r}: {error}"
        raise ValueError(msg) from error
    if found < 0:
        msg = f"not a time since 1970: {text!r}"
        raise ValueError(msg)
    return found
