"""GS1 Digital Link URIs of what is resolved here: any spelling in, the canonical one out.

=====  =======================  ====================================================
key    what                     qualifiers, in this order
=====  =======================  ====================================================
01     a product (GTIN)         22 variant, 10 lot, 21 serial number; or 235 alone
414    a place (GLN)            254 part of it, 7040 its identifier for tobacco
417    a party (GLN)            7040
00     a logistic unit (SSCC)   none
=====  =======================  ====================================================

GTIN-8, GTIN-12 and GTIN-13 are GTIN-14 with leading zeroes; values are percent-encoded where
they must be and nowhere else. Nobody says anything of a variant or of part of a place here: a
link that names one walks up to what has an id in this ledger. GS1 Digital Link Standard: URI
Syntax, sections 4.4 to 4.10 and 4.12.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, unquote_to_bytes

from stdnum import ean

from api.http.problems import Problem
from ledger.errors import MalformedError
from ledger.identifiers import check_facility, check_party, gs1_text, split_goods
from ledger.texts import saying

AUTHORITY = "https://id.gs1.org"
GTIN_SIZE = 14
_ESCAPED = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+")
_TOBACCO = re.compile(r"[0-9].{3}")


@dataclass(frozen=True, slots=True)
class Key:
    """A primary key: its name, how many digits it has, its qualifiers."""

    name: str
    sizes: tuple[int, ...]
    qualifiers: tuple[tuple[str, ...], ...]
    """Each way to qualify it: all of its qualifiers may be left out, none comes before another."""

    @property
    def in_path_only(self) -> frozenset[str]:
        """Return its qualifiers: they name the thing itself, what else is numeric describes it."""
        return frozenset(name for way in self.qualifiers for name in way)


KEYS: Mapping[str, Key] = {
    "00": Key("SSCC", (18,), ()),
    "01": Key("GTIN", (8, 12, 13, 14), (("22", "10", "21"), ("235",))),
    "414": Key("GLN", (13,), (("254", "7040"),)),
    "417": Key("GLN", (13,), (("7040",),)),
}
NAMES = {
    "10": "lot",
    "21": "serial number",
    "22": "variant",
    "235": "serial number of a third party",
    "254": "part of a place",
    "7040": "identifier for tobacco",
}
MOST = {"235": 28, "7040": 4}
"""Characters of a qualifier, where they are not up to 20."""
_WITH_IDS = {"01": ("10", "21")}
"""The qualifiers that are part of ids in this ledger."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a path names: the key it begins with, its canonical spelling, the id it has here."""

    key: str
    path: str
    subject: str


def _value(part: str, what: str) -> str:
    """Return a path segment's value in canonical spelling."""
    if _ESCAPED.fullmatch(part) is None:
        raise Problem(
            400,
            saying(
                "{what}: empty, or characters that no URI has: {part!r}", what=what, part=part[:60]
            ),
        )
    return quote(unquote_to_bytes(part), safe="")


def _digits(part: str, key: Key) -> str:
    digits = _value(part, key.name)
    if not (digits.isascii() and digits.isdigit() and len(digits) in key.sizes):
        *sizes, last = map(str, key.sizes)
        wanted = f"{', '.join(sizes)} or {last}" if sizes else last
        raise Problem(
            400,
            saying(
                "{name}: not {wanted} digits: {digits!r}",
                name=key.name,
                wanted=wanted,
                digits=digits[:40],
            ),
        )
    if ean.calc_check_digit(digits[:-1]) != digits[-1]:
        raise Problem(
            400, saying("{name} {digits}: the check digit is wrong", name=key.name, digits=digits)
        )
    return digits.zfill(GTIN_SIZE) if key.name == "GTIN" else digits


def _qualifiers(parts: Sequence[str], name: str, key: Key) -> list[tuple[str, str]]:
    """Return the qualifiers behind a key with their values in canonical spelling."""
    names, values = parts[::2], parts[1::2]
    if len(names) != len(values) or not any(_in_order(names, way) for way in ((), *key.qualifiers)):
        ways = " or ".join("".join(f"[/{item}/...]" for item in way) for way in key.qualifiers)
        raise Problem(
            400,
            saying(
                "after /{name}/<{name_2}>: {ways}",
                name=name,
                name_2=key.name,
                ways=ways or "nothing",
            ),
        )
    found = [(item, _value(value, NAMES[item])) for item, value in zip(names, values, strict=True)]
    for item, value in found:
        gs1_text(value, NAMES[item], most=MOST.get(item, 20))
        if item == "7040" and _TOBACCO.fullmatch(unquote(value)) is None:
            raise Problem(400, saying("7040: not a digit and three characters"))
    return found


def _in_order(names: Sequence[str], way: Sequence[str]) -> bool:
    return [name for name in way if name in names] == list(names)


def named(path: str) -> Named:
    """Return what a path, still percent-encoded, names; a slash at its end says nothing.

    Raises:
        Problem: 400, no Digital Link by its syntax: a value that GS1 does not allow, a wrong
            check digit, a qualifier that the key has not; 404, another key.

    """
    name, *rest = path.removeprefix("/").removesuffix("/").split("/")
    key = KEYS.get(name)
    if key is None:
        raise Problem(404, saying("resolved here are {keys}", keys=", ".join(KEYS)))
    try:
        digits = _digits(rest[0] if rest else "", key)
        qualifiers = _qualifiers(rest[1:], name, key)
        subject = f"{AUTHORITY}/{name}/{digits}"
        subject += _spelled(q for q in qualifiers if q[0] in _WITH_IDS.get(name, ()))
        if name in _CHECKS:
            _CHECKS[name](subject)
    except MalformedError as error:
        raise Problem(400, error) from error
    return Named(name, f"/{name}/{digits}{_spelled(qualifiers)}", subject)


_CHECKS = {"01": split_goods, "414": check_facility, "417": check_party}


def _spelled(qualifiers: Iterable[tuple[str, str]]) -> str:
    return "".join(f"/{name}/{value}" for name, value in qualifiers)


def check_attributes(query: str, name: str) -> str | None:
    """Return the link type that a query asks for; its data attributes are checked and left alone.

    Args:
        query: the query string.
        name: the primary key of the path.

    Raises:
        Problem: 400, a key that belongs into the path, one without a value, or one given twice.

    """
    in_path_only = KEYS[name].in_path_only | {name}
    wanted: str | None = None
    seen: set[str] = set()
    for item, value in parse_qsl(query, keep_blank_values=True, max_num_fields=None):
        if item == "linkType" and wanted is None:
            wanted = value
        elif item == "linkType" or (item.isdigit() and item in seen):
            raise Problem(400, saying("{item}: given twice", item=item))
        elif item in in_path_only:
            raise Problem(
                400, saying("{item}: it names the thing and belongs into the path", item=item)
            )
        elif item.isdigit() and not value:
            raise Problem(400, saying("{item}: no value", item=item))
        seen.add(item)
    return wanted
