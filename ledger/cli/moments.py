"""Dates and times in a statement's fields as people write them: of the time zone that the call says."""

from collections.abc import Callable
from typing import Any

from msgspec import inspect as shapes

from ledger.errors import MalformedError, UsageError
from ledger.statements.described import is_null
from ledger.statements.fields import LocalTime, Time
from ledger.tables.zone import (
    NoDateError,
    NoZoneError,
    Zone,
    local_text,
    parse_when,
    parse_zone,
    utc_text,
)

Told = Callable[[str, str, str], None]
"""Takes where a text stood, the text, and what it was taken as."""


def moment_type(found: Any) -> type[Time] | type[LocalTime] | None:
    """Return which times a field has, None for one of other texts."""
    match found:
        case shapes.CustomType(cls=cls) if cls in (Time, LocalTime):
            return cls
        case shapes.UnionType(types=types):
            held = (moment_type(one) for one in types if not is_null(one))
            return next((one for one in held if one is not None), None)
        case _:
            return None


class Moments:
    """Reads local dates and times where payloads have moments."""

    def __init__(self, zone: str | None = None, tell: Told = lambda *_: None) -> None:
        """Take the time zone that was said, if any.

        Raises:
            MalformedError: none that is known here.

        """
        self._zone: Zone | None = None if zone is None else parse_zone(zone)
        self._tell = tell

    def read(self, path: str, text: str, held: type[Time] | type[LocalTime]) -> str:
        """Return a moment as payloads have it; what is none as it is.

        Raises:
            UsageError: it is local, and nobody said of which time zone.

        """
        try:
            held.check(text)
        except ValueError:
            pass
        else:
            return text
        try:
            when = parse_when(text, self._zone)
        except NoZoneError as error:
            utc = parse_when(text, parse_zone("UTC"))
            assert utc is not None  # noqa: S101 - it is a date, or no zone had been missed
            raise UsageError(
                "a local date or time: say of which time zone, --time-zone +08:00, or write it in UTC: {utc}",
                utc=utc_text(utc),
            ) from error
        except (NoDateError, OverflowError, MalformedError):
            return text
        if when is None:
            return text
        found = utc_text(when) if held is Time else local_text(when)
        self._tell(path, text, found)
        return found
