"""What the values of an event are checked by: pieces of its form, each naming the field that breaks it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ledger.errors import MalformedError
from ledger.primitives.near import did_you_mean, near
from ledger.texts import Words, saying
from ledger.texts.joints import either

MAX_URI_SIZE = 600
"""Characters of a URI: an id and its party's are a history's subject together, which has 700."""
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*:"
    r"(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|\[|\]|%[0-9A-Fa-f]{2})*"
    r"(?:\#(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?"
)
_BRACKETED = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*://(?:[^/?#\[\]@]*@)?\[[0-9A-Fa-f:.v]+\](?::[0-9]*)?(?:[/?#][^\[\]]*)?"
)
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Fault:
    """What breaks the form of an event: the field, as a path, and what it says."""

    field: str
    says: str


Check = Callable[[Any, str], Iterator[Fault]]
"""Of a value and the path of its field: what breaks its form."""

A_TEXT, A_URI = Words("a text"), Words("a URI")
A_NUMBER, A_TRUTH = Words("a number"), Words("true or false")
AN_OBJECT, A_LIST = Words("an object {...}"), Words("a list [...]")
A_TIME = Words("a time with its offset, like 2026-05-01T08:00:00.000Z")
CALLED: Mapping[type, Words] = {
    str: A_TEXT, bool: A_TRUTH, int: A_NUMBER, Decimal: A_NUMBER, dict: AN_OBJECT, list: A_LIST,
    type(None): Words("null"),
}  # fmt: skip


def _expected(path: str, wanted: Words, value: Any) -> Fault:
    shown = f"{value[:60]!r}" if isinstance(value, str) else CALLED[type(value)]
    return Fault(
        path,
        saying("{path}: {wanted} is expected, not {shown}", path=path, wanted=wanted, shown=shown),
    )


def is_uri(value: object) -> bool:
    """Return whether this is a URI with its scheme (RFC 3986), not too long."""
    if not isinstance(value, str) or len(value) > MAX_URI_SIZE or _URI.fullmatch(value) is None:
        return False
    return not ("[" in value or "]" in value) or _BRACKETED.fullmatch(value) is not None


def check_uri(text: str) -> None:
    """Refuse what is no URI with its scheme.

    Raises:
        MalformedError: as said.

    """
    if not is_uri(text):
        raise MalformedError(
            "not a URI of at most {most} characters: {text!r}", most=MAX_URI_SIZE, text=text[:100]
        )


def time_us(value: object) -> int | None:
    """Return a time (RFC 3339, section 5.6) in microseconds since 1970, None for anything else.

    What is smaller than a microsecond is cut off; a leap second is read as the one behind it.
    """
    match = _TIME.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    if not (1 <= month <= 12 and hour <= 23 and minute <= 59 and second <= 60):  # noqa: PLR2004
        return None
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= day <= _DAYS[month - 1] + (leap and month == 2):  # noqa: PLR2004
        return None
    offset_s = 0
    if match[8] not in ("Z", "z"):
        hours, minutes = int(match[8][1:3]), int(match[8][4:6])
        if hours > 23 or minutes > 59:  # noqa: PLR2004
            return None
        offset_s = (hours * 3600 + minutes * 60) * (-1 if match[8][0] == "-" else 1)
    seconds = _days_from_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    return (seconds - offset_s) * 1_000_000 + int((match[7] or "")[:6].ljust(6, "0"))


def _days_from_1970(year: int, month: int, day: int) -> int:
    """Return the days from 1970-01-01 to a date: Howard Hinnant's ``days_from_civil``."""
    year -= month <= 2  # noqa: PLR2004 - the year begins in March, its leap day last
    era, of_era = divmod(year, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def uri(value: Any, path: str) -> Iterator[Fault]:
    """Check a URI."""
    if isinstance(value, str) and len(value) > MAX_URI_SIZE:
        why = saying(
            "{path}: {count} characters, at most {most}",
            path=path,
            count=len(value),
            most=MAX_URI_SIZE,
        )
        yield Fault(path, why)
    elif not is_uri(value):
        yield _expected(path, A_URI, value)


def time(value: Any, path: str) -> Iterator[Fault]:
    """Check a time."""
    if time_us(value) is None:
        yield _expected(path, A_TIME, value)


def text(value: Any, path: str) -> Iterator[Fault]:
    """Check a text."""
    if not isinstance(value, str):
        yield _expected(path, A_TEXT, value)


def number(value: Any, path: str) -> Iterator[Fault]:
    """Check a number."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        yield _expected(path, A_NUMBER, value)


def truth(value: Any, path: str) -> Iterator[Fault]:
    """Check true or false."""
    if not isinstance(value, bool):
        yield _expected(path, A_TRUTH, value)


def like(pattern: str, form: Words) -> Check:
    """Return the check of a text of some form."""
    compiled = re.compile(pattern)

    def check(value: Any, path: str) -> Iterator[Fault]:
        if not isinstance(value, str) or compiled.fullmatch(value) is None:
            yield _expected(path, form, value)

    return check


def word(words: Sequence[str], *, not_at: str = "") -> Check:
    """Return the check of a word of the vocabulary, or of a URI that is none of its own.

    Args:
        words: those of the vocabulary.
        not_at: what a URI of somebody's own does not begin with, as a pattern.

    """
    theirs = re.compile(not_at) if not_at else None

    def check(value: Any, path: str) -> Iterator[Fault]:
        if isinstance(value, str) and value in words:
            return
        if is_uri(value) and (theirs is None or theirs.match(value) is None):
            return
        if not isinstance(value, str):
            yield _expected(path, A_TEXT, value)
            return
        meant = did_you_mean(near(value, words)) if len(value) <= 60 else ""  # noqa: PLR2004
        yield Fault(
            path,
            saying(
                "{path}: {value} is no word of CBV 2.0, and no URI of one's own{meant}",
                path=path,
                value=f"{value[:60]!r}",
                meant=meant,
            ),
        )

    return check


def choice(values: Sequence[str]) -> Check:
    """Return the check of one of some texts."""

    def check(value: Any, path: str) -> Iterator[Fault]:
        if value not in values:
            shown = f"{value[:60]!r}" if isinstance(value, str) else CALLED[type(value)]
            yield Fault(
                path,
                saying(
                    "{path}: {values} is expected, not {shown}",
                    path=path,
                    values=either(values),
                    shown=shown,
                ),
            )

    return check


def _same(value: Any) -> str:
    """Return a key that equal values share, as JSON Schema compares them: 1 and 1.0 are equal."""
    match value:
        case dict():
            inner = ",".join(f"{key!r}:{_same(value[key])}" for key in sorted(value))
            return f"{{{inner}}}"
        case list():
            return f"[{','.join(map(_same, value))}]"
        case int() | Decimal() if not isinstance(value, bool):
            return f"n{Decimal(value).normalize()}"
        case _:
            return repr(value)


def list_of(item: Check, *, unique: bool = False, least: int = 0) -> Check:
    """Return the check of a list."""

    def check(value: Any, path: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield _expected(path, A_LIST, value)
            return
        if len(value) < least:
            yield Fault(path, saying("{path}: at least one is needed", path=path))
        seen = dict[str, int]()
        for at, one in enumerate(value):
            where = f"{path}[{at}]"
            yield from item(one, where)
            if unique and seen.setdefault(_same(one), at) != at:
                yield Fault(where, saying("{path}: given twice", path=where))

    return check


def either_of(first: Check, second: Check) -> Check:
    """Return the check of a list by the first, of anything else by the second."""

    def check(value: Any, path: str) -> Iterator[Fault]:
        yield from (first if isinstance(value, list) else second)(value, path)

    return check


def parts(fields: Mapping[str, Check], *, needed: Sequence[str] = (), own: bool) -> Check:
    """Return the check of an object.

    Args:
        fields: its fields.
        needed: those that must be there.
        own: whether somebody may add fields of his own, whose names are URIs (``example:colour``).

    """

    def check(value: Any, path: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield _expected(path, AN_OBJECT, value)
            return
        before = f"{path}." if path else ""
        for name in needed:
            if name not in value:
                yield Fault(before + name, saying("{path}: missing", path=before + name))
        for name, one in value.items():
            where = before + name[:60]
            if name in fields:
                yield from fields[name](one, where)
            elif not own:
                yield Fault(where, saying("{path}: no such field", path=where))
            elif not is_uri(name):
                meant = did_you_mean(near(name[:60], tuple(fields)))
                yield Fault(
                    where,
                    saying(
                        "{path}: no such field{meant}; one of one's own has a prefix, as example:colour",
                        path=where,
                        meant=meant,
                    ),
                )

    return check


def with_id(value: Any, path: str) -> Iterator[Fault]:
    """Check a place: an object with an ``id``, and whatever else."""
    if not isinstance(value, dict):
        yield _expected(path, AN_OBJECT, value)
    elif "id" not in value:
        yield Fault(f"{path}.id", saying("{path}: missing", path=f"{path}.id"))
    else:
        yield from uri(value["id"], f"{path}.id")
