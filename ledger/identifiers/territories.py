"""Territories by the list of ISO 3166: one code for one place, and what lies in what."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from ledger.errors import MalformedError
from ledger.identifiers.territory_codes import CODES, WITHDRAWN
from ledger.primitives.near import did_you_mean, near
from ledger.texts import saying

ALL = "*"
_TOKEN = re.compile(r"[0-9A-Z]+|[()]")
_DIVISION = re.compile(r"CN-([0-9]{2})[0-9]{2,10}")
"""A code of GB/T 2260: its first two digits are the province's, as ISO had it until 2017."""


@cache
def _parents() -> Mapping[str, str]:
    """Return each code with the one it lies in, empty for a country."""
    found: dict[str, str] = {}
    for row in CODES.strip().replace("\n   ", " ").splitlines():
        country, *rest = _TOKEN.findall(row)
        found[country] = ""
        last, above = country, [country]
        for token in rest:
            match token:
                case "(":
                    above.append(last)
                case ")":
                    above.pop()
                case _:
                    last = f"{country}-{token}"
                    found[last] = above[-1]
    return found


@cache
def listed_twice() -> Mapping[str, tuple[str, ...]]:
    """Return each code that is withdrawn, or the second of a place, with those that name it now."""
    pairs = (pair.partition("=") for pair in WITHDRAWN.split())
    return {code: tuple(now.split("+")) for code, _, now in pairs}


def codes() -> Iterator[str]:
    """Yield every code that names a place."""
    return iter(_parents())


def listing() -> str:
    """Return the whole list: a line for each code, behind a blank the one it lies in, if any."""
    return "".join(f"{f'{code} {above}'.strip()}\n" for code, above in sorted(_parents().items()))


def within(code: str) -> Iterator[str]:
    """Yield a code and those of the places it lies in, the country last."""
    parents = _parents()
    while code:
        yield code
        code = parents.get(code, "")


def _meant(code: str) -> list[str]:
    """Return the codes that somebody may have meant by one that is none."""
    country, _, rest = code.upper().partition("-")
    if country not in _parents():
        return []
    if not rest:
        return [country]
    own = [item for item in _parents() if item.startswith(f"{country}-")]
    return near(code, own) or [country]


def check_territory(text: str) -> None:
    """Refuse anything but a code of ISO 3166 that names a place today, or ``*``.

    Raises:
        MalformedError: names the code that is meant, where one is.

    """
    if text == ALL or text in _parents():
        return
    shown = text[:40]
    if now := listed_twice().get(text):
        msg = saying(
            "territory {shown}: no code of ISO 3166 for it today{meant}",
            shown=shown,
            meant=did_you_mean(now),
        )
    elif (match := _DIVISION.fullmatch(text)) and (now := listed_twice().get(f"CN-{match[1]}")):
        msg = saying(
            "territory {shown}: ISO 3166-2 lists no cities of CN: name the province {now}",
            shown=shown,
            now=now[0],
        )
    else:
        msg = saying(
            "territory {shown!r}: not listed by ISO 3166 (CN, CN-ZJ, or *){meant}",
            shown=shown,
            meant=did_you_mean(_meant(text)),
        )
    raise MalformedError(msg)


def check_country(text: str) -> None:
    """Refuse anything but the alpha-2 code of a country.

    Raises:
        MalformedError: names the code that is meant, where one is.

    """
    if text == ALL or "-" in text:
        raise MalformedError(
            "country {text!r}: two letters of ISO 3166-1{did_you_mean}",
            text=text[:40],
            did_you_mean=did_you_mean(within(text[:2])),
        )
    check_territory(text)
