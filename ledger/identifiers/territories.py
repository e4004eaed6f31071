"""Territories by the lists of ISO 3166 and GB/T 2260: one code for one place, and what lies in what.

Below the provinces of China a place is its province's code, a dash and its six digits of
GB/T 2260: ``CN-ZJ-330100`` is Hangzhou, ``CN-ZJ-330106`` its district Xihu.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from ledger.errors import MalformedError
from ledger.identifiers import division_codes
from ledger.identifiers.territory_codes import CODES, WITHDRAWN
from ledger.primitives.near import did_you_mean, near
from ledger.texts import saying

ALL = "*"
_TOKEN = re.compile(r"[0-9A-Z]+|[()]")
_DIGITS = re.compile(r"CN(?:-[A-Z]{2})?-?([0-9]{2}(?:-?[0-9]{2}){1,5})")
"""A place of China by digits, however they are set apart."""
_ROW = re.compile(r"([A-Z]{2}) ([0-9]{2}) (.+)")
_CITY = re.compile(r"([0-9]{2})([^ ()]+)(?:\(([^)]+)\))?")
NO_CITY = "-"
_CITY_SIZE, _COUNTY_SIZE = 4, 6  # digits of GB/T 2260


@cache
def divisions() -> Mapping[str, tuple[str, str]]:
    """Return each city and county of China by code, with the code it lies in and its name."""
    found: dict[str, tuple[str, str]] = {}
    for row in _rows(division_codes.CODES):
        match = _ROW.fullmatch(row)
        assert match is not None  # noqa: S101 - the table is ours
        province = f"CN-{match[1]}"
        for digits, name, counties in _CITY.findall(match[3]):
            city = f"{province}-{match[2]}{digits}00"
            above = province if name == NO_CITY else city
            if name != NO_CITY:
                found[city] = (province, name)
            for county in counties.split():
                found[f"{city[:-2]}{county[:2]}"] = (above, county[2:])
    return found


def _rows(table: str) -> list[str]:
    """Return the rows of a table, each on one line."""
    return re.sub(r"\n +", " ", table.strip()).splitlines()


@cache
def _parents() -> Mapping[str, str]:
    """Return each code with the one it lies in, empty for a country."""
    found: dict[str, str] = {}
    for row in _rows(CODES):
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
    return found | {code: above for code, (above, _) in divisions().items()}


@cache
def _by_digits() -> Mapping[str, str]:
    """Return the code of each place of China by its digits of GB/T 2260: two, four or six."""
    provinces = {old[-2:]: now[0] for old, now in listed_twice().items() if old[3:].isdigit()}
    found = {digits: code for digits, code in provinces.items() if code.startswith("CN-")}
    for code, (above, _) in divisions().items():
        digits = code.rpartition("-")[2]
        found[digits] = code
        city = digits[:_CITY_SIZE]
        found.setdefault(city, code if digits.endswith("00") else above)
    for pair in division_codes.BECAME.split():
        old, _, now = pair.partition("=")
        found[old] = found[now]
    return found


def _by_number(text: str) -> str | None:
    """Return the place of China that somebody may have meant by digits: itself, or what is around it."""
    match = _DIGITS.fullmatch(text.upper())
    if match is None:
        return None
    digits = match[1].replace("-", "")[:_COUNTY_SIZE]
    if len(digits) == _COUNTY_SIZE and digits.endswith("00"):
        digits = digits[:_CITY_SIZE]
    known = _by_digits()
    return known.get(digits) or known.get(digits[:_CITY_SIZE]) or known.get(digits[:2])


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
    """Refuse anything but a code of ISO 3166 or GB/T 2260 that names a place today, or ``*``.

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
    elif place := _by_number(text):
        msg = saying(
            "territory {shown}: a place in China is its province and six digits of GB/T 2260{meant}",
            shown=shown,
            meant=did_you_mean([place]),
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
