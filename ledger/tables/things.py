"""What a cell names: a party, goods, a place, by id, number or name."""

import re
from typing import Any

from msgspec import inspect as shapes
from stdnum import ean

from ledger.errors import MalformedError, UsageError
from ledger.identifiers import OWN_LOT_PREFIX, check_lot, looks_like_party, lot_id
from ledger.identifiers.uscc import check_uscc
from ledger.primitives.near import normal_name
from ledger.statements import fields
from ledger.statements.described import say as say_words
from ledger.tables.columns import Half
from ledger.tables.offered import among, instead
from ledger.tables.reading import ALL, Reading, narrow, said_form, wrong
from ledger.tables.said import Unnamed, Wrong, say
from ledger.tables.wanted import FORMS

ANY_PRODUCT = "https://id.gs1.org/01/06901234500004"
"""A lot's number is held against the form of lots with it."""

_USCC = re.compile(r"[0-9A-Z]{18}")
_DIGITS = re.compile(r"[0-9]{8,14}")
_GLN = re.compile(r"[0-9]{13}")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def party_of(text: str, found: Any, how: Reading) -> str:
    """Return a party: by its id, its unified social credit code, its GLN, its name."""
    plain = narrow(text)
    if looks_like_party(plain):
        return plain
    if _USCC.fullmatch(plain.upper()):
        _check_code(plain.upper(), found, how)
        return f"urn:uscc:{plain.upper()}"
    if _GLN.fullmatch(plain):
        return f"https://id.gs1.org/417/{plain}"
    return named("party", text, found, how)


def _check_code(code: str, found: Any, how: Reading) -> None:
    try:
        check_uscc(code)
    except MalformedError as error:
        raise wrong(found, how, error.sentence) from error


def product_of(text: str, found: Any, how: Reading) -> str:
    """Return a product: by its id, its GTIN of 8 to 14 digits, its name."""
    plain = narrow(text)
    if plain.startswith("https://"):
        return plain
    if _DIGITS.fullmatch(plain):
        if not ean.is_valid(plain.zfill(14)):
            raise wrong(found, how, "check digit")
        return f"https://id.gs1.org/01/{plain.zfill(14)}"
    return named("product", text, found, how)


def looks_like_code(text: str) -> bool:
    """Return whether a text is digits as a GTIN or GLN has them."""
    return _DIGITS.fullmatch(narrow(text)) is not None


def facility_of(text: str, found: Any, how: Reading) -> str:
    """Return a facility: by its id, its GLN, its name."""
    plain = narrow(text)
    if plain.startswith("https://"):
        return plain
    if _GLN.fullmatch(plain):
        return f"https://id.gs1.org/414/{plain}"
    return named("facility", text, found, how)


def goods_of(text: str, found: Any, how: Reading) -> str:
    """Return a category as it is written, a product by its id, GTIN or name, ``*`` for all."""
    plain = narrow(text)
    if normal_name(text) in ALL:
        return "*"
    if plain.startswith("https://") or _DIGITS.fullmatch(plain):
        return product_of(text, found, how)
    return named("product", text, found, how) if _CHINESE.search(plain) else plain


def about_of(text: str, found: Any, how: Reading) -> str:
    """Return a place by its id, number or name, a lot by its product and number; a draw as it is written."""
    if ":" in text:
        return text
    first, *rest = text.split(None, 1)
    return (lot_in if rest and first.isdecimal() else facility_of)(text, found, how)


def lot_in(text: str, found: Any, how: Reading) -> str:
    """Return a lot: by its id, or by its product, a blank and its number."""
    parts = text.split(None, 1)
    if narrow(text).startswith(("https://", OWN_LOT_PREFIX)) or len(parts) != 2:  # noqa: PLR2004 - a GTIN and a number
        return narrow(text)
    return lot_of(product_of(parts[0], found, how), parts[1])


def lot_of(product: str, number: str) -> str:
    """Return a lot by its product and its number."""
    return lot_id(product, narrow(number))


def half_of(text: str, half: Half, how: Reading) -> str:
    """Return what a column says that has a part of an id: a product's id, a lot's number, a party's code."""
    if half == "product":
        return product_of(text, shapes.type_info(fields.ProductId), how)
    if half == "uscc":
        return party_of(text, shapes.type_info(fields.PartyId), how)
    try:
        check_lot(lot_of(ANY_PRODUCT, text))
    except MalformedError as error:
        raise Wrong(
            say("wanted", how.lang, wanted=say_words(FORMS["lot"], how.lang), detail="")
        ) from error
    return text


def named(kind: str, text: str, found: Any, how: Reading) -> str:
    """Return the one thing that has a name."""
    said = said_form(found, how)
    if ":" in text:
        raise wrong(found, how, "Expected")
    try:
        ids = how.names(kind, text)
    except UsageError as error:
        raise Wrong(say("name-nowhere", how.lang, why=error, wanted=said)) from error
    if not ids:
        offered = instead(how.book, (kind,), text, how.lang, said)
        raise Unnamed(kind, offered or say("name-unknown", how.lang, wanted=said))
    if len(ids) > 1:
        which = among(how.book, ids, how.lang)
        raise Wrong(say("name-ambiguous", how.lang, count=len(ids), ids=which))
    return ids[0]
