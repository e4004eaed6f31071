"""How a cell is written, in words: as ``described`` says of payloads, and what a sheet takes beside."""

from collections.abc import Mapping
from typing import Any

from msgspec import inspect as shapes

from ledger.phrases.value_words import word_of
from ledger.statements import fields
from ledger.statements.described import form, in_order, is_null, say, shape
from ledger.statements.words import ISSUERS
from ledger.tables.columns import Place
from ledger.texts import ENGLISH, Lang, Words
from ledger.texts.joints import listed

FORMS: Mapping[str, Words] = {
    "Time": Words("a day like 2026-05-01 or a time like 2026-05-01 08:30"),
    "LocalTime": Words("a day like 2026-05-01 or a time like 2026-05-01 08:30"),
    "PartyId": Words(
        "a party: its id, unified social credit code (18 characters), GLN (13 digits), or its name in the ledger"
    ),
    "ProductId": Words("a product: its GTIN, its id, or its name in the ledger"),
    "FacilityId": Words("a place: its GLN (13 digits), its id, or its name in the ledger"),
    "ShopId": Words("a shop: urn:shop:<channel>:<id>, or its name in the ledger"),
    "TrademarkId": Words(
        "a trademark: urn:trademark:<office>:<number>:<Nice class>, or its mark in the ledger"
    ),
    "LotId": Words("a lot: https://id.gs1.org/01/<GTIN-14>/10/<lot>, or GTIN, blank, lot number"),
    "Goods": Words("a category like food/tea, a product (GTIN, or its name in the ledger), or *"),
    "Territory": Words("a territory: CN, CN-ZJ, 浙江, 杭州, or *"),
    "Country": Words("a country: CN, DE"),
    "SampleId": Words("a sample's number, or urn:sample:<id>"),
    "Citation": Words(
        "the id of a statement in the ledger (64 hexadecimal digits), or @ and the name of a row before"
    ),
    "Names": Words("a name"),
    "Quantity": Words("an amount and its unit: 1200 bag"),
    "Place": Words("an address"),
    "boolean": Words("yes or no"),
    "list": Words("{1}; several with ; between"),
    "null": Words(", or no end"),
    "decimal": Words("a decimal number like 0.50"),
    "measured": Words("a number like 0.50, <0.01 or 8×10³; or not detected, detected"),
    "lot": Words("a lot number of 1 to 20 letters, digits and signs of GS1"),
    "uscc": Words("a unified social credit code: 18 digits and capital letters"),
    "keys": Words("names of key files beside the sheet"),
}
"""Forms that a sheet has otherwise than a payload."""

EVERYTHING = Words("*", "everything")
MAX_VALUES = 16
_PRODUCT = shape(fields.ProductId)


def wanted(found: Any, lang: Lang) -> str:  # noqa: PLR0911 - one case for each shape
    """Return how a cell is written."""
    match found:
        case shapes.CustomType(cls=cls) | shapes.StructType(cls=cls) if cls.__name__ in FORMS:
            return say(FORMS[cls.__name__], lang)
        case shapes.BoolType():
            return say(FORMS["boolean"], lang)
        case shapes.StrType(pattern=str(pattern)) if pattern.startswith("^(absent|"):
            return say(FORMS["measured"], lang)
        case shapes.StrType(pattern=str(pattern)) if pattern.startswith(
            ("^(0|[1-9]", "^-?(0|[1-9]")
        ):
            return say(FORMS["decimal"], lang)
        case shapes.LiteralType(values=values):
            return choices([choice(value, lang) for value in in_order(values)], lang)
        case shapes.VarTupleType(item_type=shapes.StructType(cls=cls)) if (
            cls.__name__ == "KeyBinding"
        ):
            return say(FORMS["keys"], lang)
        case shapes.VarTupleType(item_type=item):
            return say(FORMS["list"], lang).format("", wanted(item, lang))
        case shapes.UnionType(types=types):
            words = [wanted(item, lang) for item in types if not is_null(item)]
            null = say(FORMS["null"], lang) if any(map(is_null, types)) else ""
            return f"{choices(words, lang)}{null}"
        case _:
            return form(found, lang)


def choice(value: str, lang: Lang) -> str:
    """Return a value as people choose it: its word in a language."""
    if value in ISSUERS and lang != ENGLISH:
        return ISSUERS[value].to(lang)
    if value == "*":
        return EVERYTHING.to(lang)
    words = word_of(value)
    return value if words is None else words.to(lang)


def choices(words: list[str], lang: Lang) -> str:
    """Return words between which somebody chooses."""
    shown = [*words[:MAX_VALUES], *(["…"] if len(words) > MAX_VALUES else [])]
    return listed(shown, lang)


def wanted_at(place: Place, lang: Lang) -> str:
    """Return how a cell of a column is written: of a part of an id, that part."""
    if place.half == "product":
        return wanted(_PRODUCT, lang)
    return say(FORMS[place.half], lang) if place.half else wanted(place.shape, lang)
