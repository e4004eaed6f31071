"""GS1 Digital Link URIs of products, lots and items: any spelling in, the canonical one out.

GTIN-8, GTIN-12 and GTIN-13 are GTIN-14 with leading zeroes; a lot (10) stands before a
serial number (21); values are percent-encoded where they must be and nowhere else. GS1
Digital Link Standard: URI Syntax, sections 4.4 to 4.10 and 4.12.
"""

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, unquote_to_bytes

from api.http.problems import Problem
from ledger.errors import MalformedError
from ledger.identifiers import split_goods

GTIN_SIZES = (8, 12, 13, 14)
LOT, SERIAL = "10", "21"
AUTHORITY = "https://id.gs1.org"
# These name the thing itself and belong into the path; what else is numeric describes it.
IN_PATH_ONLY = frozenset({"01", "10", "21", "22", "235"})
_ESCAPED = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+")


def _value(part: str, what: str) -> str:
    """Return a path segment's value in canonical spelling."""
    if _ESCAPED.fullmatch(part) is None:
        raise Problem(400, f"{what}: empty, or characters that no URI has: {part[:60]!r}")
    return quote(unquote_to_bytes(part), safe="")


def _gtin(part: str) -> str:
    digits = _value(part, "GTIN")
    if not (digits.isascii() and digits.isdigit() and len(digits) in GTIN_SIZES):
        raise Problem(400, f"GTIN: not 8, 12, 13 or 14 digits: {digits[:40]!r}")
    return digits.zfill(14)


def _qualifiers(parts: Sequence[str]) -> str:
    match parts:
        case []:
            return ""
        case ["10", lot]:
            return f"/10/{_value(lot, 'lot')}"
        case ["21", serial]:
            return f"/21/{_value(serial, 'serial number')}"
        case ["10", lot, "21", serial]:
            return f"/10/{_value(lot, 'lot')}/21/{_value(serial, 'serial number')}"
    raise Problem(404, "after the GTIN: /10/<lot>, /21/<serial number>, or both in this order")


def goods_of(path: str) -> str:
    """Return the id of the product, lot or item that a path names, still percent-encoded.

    Raises:
        Problem: 400, a value that GS1 does not allow, or a wrong check digit; 404, a path of
            something else.

    """
    first, *rest = path.removeprefix("/").split("/")
    if first != "01" or not rest:
        raise Problem(404, "only products (01) are resolved here")
    goods = f"{AUTHORITY}/01/{_gtin(rest[0])}{_qualifiers(rest[1:])}"
    try:
        split_goods(goods)
    except MalformedError as error:
        raise Problem(400, str(error)) from error
    return goods


def check_attributes(query: str) -> str | None:
    """Return the link type that a query asks for; its data attributes are checked and left alone.

    Raises:
        Problem: 400, a key that belongs into the path, one without a value, or one given twice.

    """
    wanted: str | None = None
    seen: set[str] = set()
    for name, value in parse_qsl(query, keep_blank_values=True, max_num_fields=None):
        if name == "linkType" and wanted is None:
            wanted = value
        elif name == "linkType" or (name.isdigit() and name in seen):
            raise Problem(400, f"{name}: given twice")
        elif name in IN_PATH_ONLY:
            raise Problem(400, f"{name}: it names the thing and belongs into the path")
        elif name.isdigit() and not value:
            raise Problem(400, f"{name}: no value")
        seen.add(name)
    return wanted
