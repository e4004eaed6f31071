"""GS1 identifiers as EPC URNs and as Digital Links: two spellings of one thing, one id here.

The id is the Digital Link of ``id.gs1.org`` (CBV 2.0, section 8.1: URNs and Digital Links are
equal; EPC Tag Data Standard 2.0, section 6.3 and 7: which digits of a URN stand where). A URN says
how long the company's prefix is and has no check digit, a Digital Link the other way round.

==========================================  ================================================
``urn:epc:id:sgtin:<gcp>.<ref>.<serial>``   ``https://id.gs1.org/01/<GTIN-14>/21/<serial>``
``urn:epc:class:lgtin:<gcp>.<ref>.<lot>``   ``https://id.gs1.org/01/<GTIN-14>/10/<lot>``
``urn:epc:idpat:sgtin:<gcp>.<ref>.*``       ``https://id.gs1.org/01/<GTIN-14>``
``urn:epc:id:sscc:<gcp>.<serial>``          ``https://id.gs1.org/00/<18>``
``urn:epc:id:sgln:<gcp>.<ref>.<ext>``       ``https://id.gs1.org/414/<GLN>[/254/<ext>]``
``urn:epc:id:pgln:<gcp>.<ref>``             ``https://id.gs1.org/417/<GLN>``
==========================================  ================================================

and so the other keys of GS1. What is none of them, or none by its digits, is its own id.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from stdnum import ean

from ledger.primitives.remembered import remembered

AUTHORITY = "https://id.gs1.org"
_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]{3,5}):(.+)", re.DOTALL)
_WEB = re.compile(r"https?://[^/?#]+(/[^?#]*)", re.IGNORECASE)
_PREFIX = re.compile(r"[0-9]{6,12}")
_VALUE = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,30}")
"""GS1's character set 82; GIAI, GINC and CPI are the longest, of 30."""
GTIN_SIZES = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class _Key:
    """A primary key: how many of its characters are digits with a check digit, how many may follow.

    ``checked`` 0: any text. ``qualifiers``: in this order behind it; of these ``kept`` name the thing.
    """

    checked: int
    most: int
    qualifiers: tuple[str, ...] = ()


_KEYS: Mapping[str, _Key] = {
    "00": _Key(18, 0),
    "01": _Key(14, 0, ("22", "10", "21", "235")),
    "253": _Key(13, 17),
    "255": _Key(13, 12),
    "401": _Key(0, 30),
    "402": _Key(17, 0),
    "414": _Key(13, 0, ("254",)),
    "417": _Key(13, 0),
    "8003": _Key(14, 16),
    "8004": _Key(0, 30),
    "8006": _Key(14, 4, ("22", "10", "21")),
    "8010": _Key(0, 30, ("8011",)),
    "8017": _Key(18, 0),
    "8018": _Key(18, 0),
}
"""Application identifier of a primary key -> its form (GS1 Digital Link: URI Syntax, section 4)."""


def _checked(digits: str) -> str:
    """Return digits with their check digit."""
    return digits + str(ean.calc_check_digit(digits))


def _spelled(value: str) -> str:
    """Return a value as ids spell it: percent-encoded wherever it may be."""
    return quote(unquote(value), safe="")


def _company(parts: list[str], size: int) -> str | None:
    """Return prefix and reference as one number of so many digits; None: they have not so many."""
    number = "".join(parts)
    whole = _PREFIX.fullmatch(parts[0]) and (len(parts[1]) == 0 or parts[1].isdigit())
    return number if whole and number.isascii() and len(number) == size else None


def _gtin(parts: list[str]) -> str | None:
    """Return the GTIN-14 of prefix and reference: the reference's first digit stands first of all."""
    prefix, reference = parts
    number = _company([prefix, reference], 13)
    return (
        None if number is None or not reference else _checked(reference[0] + prefix + reference[1:])
    )


def _sgtin(kind: str, parts: list[str]) -> str | None:
    if len(parts) != 3 or (gtin := _gtin(parts[:2])) is None:  # noqa: PLR2004
        return None
    if kind == "idpat":
        return f"/01/{gtin}" if parts[2] == "*" else None
    return f"/01/{gtin}/21/{_spelled(parts[2])}"


def _upui(kind: str, parts: list[str]) -> str | None:
    if kind != "id" or len(parts) != 3 or (gtin := _gtin(parts[:2])) is None:  # noqa: PLR2004
        return None
    return f"/01/{gtin}/235/{_spelled(parts[2])}"


def _lgtin(kind: str, parts: list[str]) -> str | None:
    if kind != "class" or len(parts) != 3 or (gtin := _gtin(parts[:2])) is None:  # noqa: PLR2004
        return None
    return f"/01/{gtin}/10/{_spelled(parts[2])}"


def _itip(kind: str, parts: list[str]) -> str | None:
    if len(parts) != 5 or (gtin := _gtin(parts[:2])) is None:  # noqa: PLR2004
        return None
    piece, total, serial = parts[2:]
    if not (len(piece) == len(total) == 2 and (piece + total).isdigit()):  # noqa: PLR2004
        return None
    whole = f"/8006/{gtin}{piece}{total}"
    if kind == "idpat":
        return whole if serial == "*" else None
    return f"{whole}/21/{_spelled(serial)}"


def _sscc(kind: str, parts: list[str]) -> str | None:
    number = _company(parts, 17) if kind == "id" and len(parts) == 2 else None  # noqa: PLR2004
    if number is None or not parts[1]:
        return None
    return f"/00/{_checked(parts[1][0] + parts[0] + parts[1][1:])}"


def _sgln(kind: str, parts: list[str]) -> str | None:
    number = _company(parts[:2], 12) if kind == "id" and len(parts) == 3 else None  # noqa: PLR2004
    if number is None:
        return None
    place = f"/414/{_checked(number)}"
    return place if parts[2] == "0" else f"{place}/254/{_spelled(parts[2])}"


def _numbered(key: str, size: int, before: str = "") -> Callable[[str, list[str]], str | None]:
    """Return the reader of a key that is prefix, reference and check digit, nothing else."""

    def read(kind: str, parts: list[str]) -> str | None:
        number = _company(parts, size) if kind == "id" and len(parts) == 2 else None  # noqa: PLR2004
        return None if number is None else f"/{key}/{before}{_checked(number)}"

    return read


def _serial(key: str, before: str = "") -> Callable[[str, list[str]], str | None]:
    """Return the reader of a key of 12 digits, a check digit and a serial number behind it."""

    def read(kind: str, parts: list[str]) -> str | None:
        number = _company(parts[:2], 12) if len(parts) == 3 else None  # noqa: PLR2004
        if number is None or kind == "class" or (kind == "idpat") != (parts[2] == "*"):
            return None
        last = "" if kind == "idpat" else _spelled(parts[2])
        return f"/{key}/{before}{_checked(number)}{last}"

    return read


def _free(key: str) -> Callable[[str, list[str]], str | None]:
    """Return the reader of a key that is a prefix and a text behind it."""

    def read(kind: str, parts: list[str]) -> str | None:
        if kind != "id" or len(parts) != 2 or _PREFIX.fullmatch(parts[0]) is None:  # noqa: PLR2004
            return None
        return f"/{key}/{parts[0]}{_spelled(parts[1])}"

    return read


def _cpi(kind: str, parts: list[str]) -> str | None:
    if len(parts) != 3 or _PREFIX.fullmatch(parts[0]) is None:  # noqa: PLR2004
        return None
    whole = f"/8010/{parts[0]}{_spelled(parts[1])}"
    if kind == "idpat":
        return whole if parts[2] == "*" else None
    return f"{whole}/8011/{_spelled(parts[2])}" if kind == "id" else None


_SCHEMES: Mapping[str, Callable[[str, list[str]], str | None]] = {
    "sgtin": _sgtin,
    "lgtin": _lgtin,
    "upui": _upui,
    "itip": _itip,
    "sscc": _sscc,
    "sgln": _sgln,
    "pgln": _numbered("417", 12),
    "gsin": _numbered("402", 16),
    "gsrn": _numbered("8018", 17),
    "gsrnp": _numbered("8017", 17),
    "grai": _serial("8003", "0"),
    "gdti": _serial("253"),
    "sgcn": _serial("255"),
    "giai": _free("8004"),
    "ginc": _free("401"),
    "cpi": _cpi,
}
"""Scheme of an EPC URN -> what reads its parts (EPC Tag Data Standard 2.0, section 6.3)."""
_SPLITS = {
    "sgtin": 2,
    "lgtin": 2,
    "upui": 2,
    "itip": 4,
    "sgln": 2,
    "grai": 2,
    "gdti": 2,
    "sgcn": 2,
    "cpi": 2,
}
"""At how many dots a URN is split: a serial number may hold dots. Else at one."""


def _of_urn(text: str) -> str | None:
    """Return the path of the Digital Link that an EPC URN is, None where it is none."""
    match = _URN.fullmatch(text)
    if match is None or match[2] not in _SCHEMES:
        return None
    parts = match[3].split(".", _SPLITS.get(match[2], 1))
    if len(parts) < 2 or any(not _is_value(part) for part in parts[2:]):  # noqa: PLR2004
        return None
    return _SCHEMES[match[2]](match[1], parts)


def _is_value(part: str) -> bool:
    return part == "*" or _VALUE.fullmatch(unquote(part, errors="replace")) is not None


def _key_value(name: str, part: str) -> str | None:
    """Return a primary key's value in its one spelling, None where its digits are none of its."""
    key, value = _KEYS[name], unquote(part, errors="replace")
    if name == "01":
        value = value.zfill(14) if len(value) in GTIN_SIZES else ""
    digits, rest = value[: key.checked], value[key.checked :]
    if len(digits) < key.checked or len(rest) > key.most or not (digits + "0").isascii():
        return None
    if digits and not (digits.isdigit() and ean.calc_check_digit(digits[:-1]) == digits[-1]):
        return None
    if not (value and (not rest or _VALUE.fullmatch(rest))):
        return None
    return digits + quote(rest, safe="")


def _of_path(path: str) -> tuple[str, dict[str, str]] | None:
    """Return the key of a Digital Link with its value, and its qualifiers; None where it is none."""
    parts = path.rstrip("/").split("/")[1:]
    for at in range(len(parts) - 2, -1, -1):  # a resolver may stand deeper on its host
        if parts[at] not in _KEYS or len(parts[at:]) % 2:
            continue
        value, rest = _key_value(parts[at], parts[at + 1]), parts[at + 2 :]
        names, order = rest[::2], _KEYS[parts[at]].qualifiers
        if value is None or names != [name for name in order if name in names]:
            continue
        if all(_VALUE.fullmatch(unquote(one, errors="replace")) for one in rest[1::2]):
            return f"/{parts[at]}/{value}", dict(zip(names, map(_spelled, rest[1::2]), strict=True))
    return None


@remembered()
def things_named(uri: str) -> tuple[str, ...]:
    """Return the id of what a URI names, and of the lot that it says this is of.

    A lot beside a serial number is no part of an item's id: its URN has no room for one. A variant
    (22) has no id of its own, either.
    """
    path = _of_urn(uri)
    if path is None:
        match = _WEB.fullmatch(uri.partition("#")[0].partition("?")[0])
        if match is None:
            return (uri,)
        path = match[1]
    found = _of_path(path)
    if found is None:
        return (uri,)
    key, qualifiers = found
    qualifiers.pop("22", None)
    lot = qualifiers.get("10")
    if lot is not None and len(qualifiers) > 1:
        del qualifiers["10"]
        return (_id(key, qualifiers), _id(key, {"10": lot}))
    return (_id(key, qualifiers),)


def _id(key: str, qualifiers: Mapping[str, str]) -> str:
    return AUTHORITY + key + "".join(f"/{name}/{value}" for name, value in qualifiers.items())


def thing_of(uri: str) -> str:
    """Return the one id of what a URI names."""
    return things_named(uri)[0]


def class_of(thing: str) -> str | None:
    """Return the product that an item or lot is of, by its id; None for anything else."""
    key = f"{AUTHORITY}/01/"
    if not thing.startswith(key) or len(thing) <= len(key) + 14:
        return None
    return thing[: len(key) + 14]
