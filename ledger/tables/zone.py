"""Local dates and times of a sheet, in the time zone that is said once."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ledger.errors import MalformedError

Zone = Callable[[datetime], datetime]
"""Returns a local time with its offset from UTC."""

_OFFSET = re.compile(r"([+-])([01][0-9]):?([0-5][0-9])")
_WHEN = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?"
    r"(?:[T\s]*([0-9]{1,2})[:：时点]([0-9]{1,2})(?:[:：分]([0-9]{1,2}))?[秒分]?"
    r"\s*(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})\s*[-/.年]?\s*([0-9]{1,2})\s*月?")
_MOMENT = re.compile(
    r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?Z"
)
_WHOLE_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})-01")


def parse_zone(text: str) -> Zone:
    """Return a time zone: ``+08:00``, ``UTC``, ``Z`` or a name like ``Asia/Shanghai``.

    Raises:
        MalformedError: none that is known here.

    """
    if text in ("UTC", "Z"):
        return lambda local: local.replace(tzinfo=UTC)
    if match := _OFFSET.fullmatch(text):
        sign = -1 if match[1] == "-" else 1
        offset = timezone(sign * timedelta(hours=int(match[2]), minutes=int(match[3])))
        return lambda local: local.replace(tzinfo=offset)
    try:
        named = ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MalformedError(
            "time zone {text!r}: +08:00, UTC, or a name that this machine knows like Asia/Shanghai",
            text=text[:60],
        ) from error
    return lambda local: local.replace(tzinfo=named)


class NoZoneError(ValueError):
    """A local time, and nobody said of which zone."""


class NoDateError(ValueError):
    """The form of a date, and no such day or time of day."""


def parse_when(text: str, zone: Zone | None, *, day_after: bool = False) -> datetime | None:
    """Return the moment that a cell says, None where it says none.

    Args:
        text: 2026-12-01, 2026/12/1, 2026年12月1日, 20261201; perhaps with a time of day behind it,
            and that with Z or an offset.
        zone: of what has no offset.
        day_after: a day alone means the beginning of the next one: it still belongs.

    Raises:
        NoZoneError: it is local, and there is no zone.
        NoDateError: there is no such date.

    """
    match = _WHEN.fullmatch(text.strip()) or _DIGITS.fullmatch(text.strip())
    if match is None:
        return None
    found = (*match.groups(), None, None, None, None)[:7]
    year, month, day, hour, minute, second, offset = found
    try:
        local = datetime(  # noqa: DTZ001 - its zone follows
            int(year or 0),
            int(month or 0),
            int(day or 0),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
        )
        if day_after and hour is None:
            local += timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise NoDateError(text) from error
    if offset is not None:
        zone = parse_zone(offset)
    elif zone is None:
        raise NoZoneError(text)
    try:
        moment = zone(local)
        moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:  # in UTC before the year 1, or behind 9999
        raise NoDateError(text) from error
    return moment


def parse_month(text: str) -> str | None:
    """Return a month as 2026-05, None for what is none; a sheet may have made its first day of it."""
    match = _WHOLE_MONTH.fullmatch(text) or _MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12:  # noqa: PLR2004 - months
        return None
    return date(int(match[1]), int(match[2]), 1).isoformat()[:7] if int(match[1]) else None


def utc_text(moment: datetime) -> str:
    """Return a moment as payloads have times: 2026-05-01T08:00:00Z."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def tzinfo_of(name: str) -> tzinfo | None:
    """Return a time zone by its name, as ``parse_zone`` reads it.

    Raises:
        MalformedError: none that is known here.

    """
    return parse_zone(name)(datetime(2000, 1, 1)).tzinfo  # noqa: DTZ001 - it gets its zone


def in_zone(text: str, name: str | None) -> str:
    """Return a text for people with its UTC moments as a time zone has them, each with its offset.

    As it is where nobody said a zone, or this machine does not know that one: the moment is the same.
    """
    if name is None:
        return text
    try:
        zone = tzinfo_of(name)
    except MalformedError:
        return text
    return _MOMENT.sub(
        lambda found: local_text(datetime.fromisoformat(found[0]).astimezone(zone)), text
    )


def local_text(moment: datetime) -> str:
    """Return a moment with its offset: 2026-05-01T16:00:00+08:00, in UTC with Z."""
    text = moment.isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
