"""What a cell says: from the text that people write to the value that a payload has."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from msgspec import inspect as shapes
from stdnum import ean

from ledger.errors import MalformedError, UsageError
from ledger.identifiers import OWN_LOT_PREFIX, check_lot, looks_like_party, lot_id
from ledger.identifiers.printed_numbers import canonical_paper
from ledger.identifiers.statement_ids import id_in
from ledger.identifiers.uscc import check_uscc
from ledger.phrases.territory_words import territory_called
from ledger.phrases.value_words import word_of
from ledger.primitives import ijson
from ledger.primitives.near import normal_name
from ledger.statements import fields
from ledger.statements.described import is_null, part_of
from ledger.statements.described import say as say_words
from ledger.statements.fault_words import apart, fault
from ledger.statements.fields import decode_field
from ledger.statements.words import ISSUERS
from ledger.tables.columns import Half, Place
from ledger.tables.measured import measured
from ledger.tables.offered import Book, among, instead
from ledger.tables.said import Mistyped, Unnamed, Wrong, say
from ledger.tables.wanted import FORMS, choices, wanted
from ledger.tables.zone import (
    NoDateError,
    NoZoneError,
    Zone,
    local_text,
    parse_month,
    parse_when,
    utc_text,
)
from ledger.texts import ENGLISH, Lang, languages

Names = Callable[[str, str], Sequence[str]]
"""Returns the ids of the things of a kind (``party``, ``product``, ``facility``, ``shop``, ``trademark``) that have a name.

Raises UsageError where no ledger is at hand.
"""
Cite = Callable[[str], None]
"""Raises UsageError unless a text is the id of a statement in the ledger at hand, or its index."""

YES = frozenset({"是", "true", "yes", "y", "1", "√", "✓", "有", "独家"})
NO = frozenset({"否", "false", "no", "n", "0", "×", "无", "非独家"})
FOR_EVER = frozenset({"长期", "无期限", "永久", "长期有效", "null", "noend", "none"})
ALL = frozenset({"*", "全部", "所有", "不限", "all", "any"})
ERRORS = frozenset({"#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})

ANY_PRODUCT = "https://id.gs1.org/01/06901234500004"
"""A lot's number is held against the form of lots with it."""

_BETWEEN = re.compile(r"[;；、\n]")
_BETWEEN_WORDS = re.compile(r"[;；、\n,，]")
_USCC = re.compile(r"[0-9A-Z]{18}")
_DIGITS = re.compile(r"[0-9]{8,14}")
_GLN = re.compile(r"[0-9]{13}")
_WHOLE = re.compile(r"-?[0-9]+(\.0+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_QUANTITY = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(\S.*)")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_ITEM = re.compile(r"\$(?:\.[a-z_]+)*\[([0-9]+)\]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What cells are read with: the language of complaints, the zone, what words stand for, look-ups."""

    lang: Lang
    names: Names
    cite: Cite
    zone: Zone | None = None
    until_inclusive: bool = False
    words: Mapping[str, Any] = field(default_factory=dict)
    """What stands in cells of this column -> what it stands for."""
    day_after: bool = False
    """Whether a day alone means the beginning of the next one."""
    book: Book | None = None
    """The names in the ledger, of which those near are offered; None: none are."""


def read_cell(text: str, place: Place, how: Reading) -> Any:
    """Return the value that a cell says.

    Args:
        text: not empty.
        place: the field it says.
        how: what it is read with.

    Raises:
        Wrong: what is wanted, in words.

    """
    if text in ERRORS:
        raise Wrong(say("error-value", how.lang, wanted=wanted(place.shape, how.lang)))
    return read_value(text, place.shape, place.type, how)


def read_value(text: str, found: Any, held: Any, how: Reading) -> Any:
    """Return the value of a type that a text stands for; ``found``: msgspec's description of it.

    Raises:
        Wrong: what is wanted, in words.

    """
    value = _meant(text, found, how)
    part = part_of(found)
    if part is not None and part.cls is fields.Citation and not isinstance(value, dict):
        return value  # ids, which were looked up: they are written out when it is signed
    try:
        msgspec.convert(value, held, dec_hook=decode_field)
    except msgspec.ValidationError as error:
        raise _wrong(found, how, fault(error), value) from error
    return value


def _meant(text: str, found: Any, how: Reading) -> Any:
    if text not in how.words:
        return _value(text, found, how)
    value = how.words[text]
    listed = isinstance(found, shapes.VarTupleType) and not isinstance(value, list)
    return [value] if listed else value


def _item(text: str, found: Any, how: Reading, among: Sequence[str]) -> Any:
    """Return an item of a list; what is wrong with it says which one it is."""
    try:
        return _meant(text, found, how)
    except Wrong as error:
        if len(among) == 1:
            raise
        raise Wrong(f"{error}{say('because', how.lang, why=text)}") from error


def _said(found: Any, how: Reading) -> str:
    """Return how the cell is written, the words of the mapping among it."""
    own = choices(list(how.words), how.lang)
    known = say("or-words", how.lang, words=own) if own else ""
    return f"{wanted(found, how.lang)}{known}"


def _wrong(found: Any, how: Reading, why: str, value: Any = None) -> Wrong:
    """Return what is wanted; of a list which item is wrong; what the field's own check says."""
    item = _ITEM.search(why)
    which = value[int(item[1])] if item is not None and isinstance(value, list) else None
    if "check digit" in why or "check character" in why:
        detail = say("check-digit", how.lang)
        return Mistyped(say("wanted", how.lang, wanted=_said(found, how), detail=detail))
    if not why.startswith(("Expected", "Invalid")):
        detail = say("because", how.lang, why=apart(why).to(how.lang))
    elif isinstance(which, str):
        detail = say("because", how.lang, why=which)
    else:
        detail = ""
    return Wrong(say("wanted", how.lang, wanted=_said(found, how), detail=detail))


def _value(text: str, found: Any, how: Reading) -> Any:  # noqa: C901, PLR0911, PLR0912 - one case for each shape
    match found:
        case shapes.UnionType(types=types):
            return _one_of(text, types, how)
        case shapes.VarTupleType(item_type=item):
            if text.startswith("["):
                return _json(text, found, how)
            between = _BETWEEN if _is_free(item) else _BETWEEN_WORDS
            parts = [part.strip() for part in between.split(text)]
            return [_item(part, item, how, parts) for part in parts if part]
        case shapes.LiteralType(values=values):
            return _word(text, values, found, how)
        case shapes.BoolType():
            return _yes_or_no(text, found, how)
        case shapes.IntType():
            return _whole(text, found, how)
        case shapes.CustomType(cls=cls):
            return _custom(text, cls, found, how)
        case shapes.StructType(cls=cls):
            return _struct(text, cls, found, how)
        case shapes.StrType(pattern=str(pattern)) if "(0[1-9]|1[0-2])" in pattern:
            return parse_month(text) or text
        case shapes.StrType(pattern=str(pattern)) if pattern.startswith("^(absent|"):
            return measured(text)
        case shapes.StrType(pattern=str(pattern)) if pattern.startswith(
            ("^(0|[1-9]", "^-?(0|[1-9]")
        ):
            return text.replace(",", "") if _GROUPED.fullmatch(text) else _narrow(text)
        case shapes.StrType(pattern=str(pattern)) if "A-Z" in pattern and "a-z" not in pattern:
            return _narrow(text).upper()
        case shapes.StrType():
            return text
        case _:
            return _json(text, found, how)


def _one_of(text: str, types: Sequence[Any], how: Reading) -> Any:
    if any(map(is_null, types)) and normal_name(text) in FOR_EVER:
        return None
    others = [item for item in types if not is_null(item)]
    literals = [item for item in others if isinstance(item, shapes.LiteralType)]
    if len(literals) == len(others):
        values = tuple(value for item in literals for value in item.values)
        return _word(text, values, shapes.LiteralType(values), how)
    for item in others[:-1]:
        try:
            return _value(text, item, how)
        except Wrong:
            continue
    return _value(text, others[-1], how)


def _is_free(found: Any) -> bool:
    """Return whether commas belong to an item of a list: a text that people read."""
    return isinstance(found, shapes.CustomType) and issubclass(
        found.cls, fields.Text | fields.LongText | fields.Serial | fields.LotId
    )


def _narrow(text: str) -> str:
    """Return full-width letters and digits as plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def _word(text: str, values: Sequence[Any], found: Any, how: Reading) -> Any:
    """Return the value that a text or its word in either language stands for."""
    if text in values:
        return text
    named = normal_name(text)
    for value in map(str, values):
        if named in map(normal_name, words_for(value)):
            return value
    number = _number(text)
    if number is not None:
        for value in map(str, values):
            if _number(value) == number:
                return value
    raise _wrong(found, how, "Invalid")


def words_for(value: str) -> Iterator[str]:
    """Yield the words by which a value is known: itself, and in each language."""
    yield value
    others = [lang for lang in languages() if lang != ENGLISH]
    if value == "*":
        yield from sorted(ALL)
    if value in ISSUERS:
        for lang in others:
            yield ISSUERS[value].to(lang)
            yield ISSUERS[value].to(lang).removesuffix("方")
    words = word_of(value)
    if words is not None:
        yield from (words.to(lang) for lang in languages())


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _yes_or_no(text: str, found: Any, how: Reading) -> bool:
    plain = normal_name(text)
    if plain in YES or plain in NO:
        return plain in YES
    raise _wrong(found, how, "Expected")


def _whole(text: str, found: Any, how: Reading) -> int:
    plain = _narrow(text)
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if _WHOLE.fullmatch(plain) is None:
        raise _wrong(found, how, "Expected")
    return int(plain.partition(".")[0])


def _json(text: str, found: Any, how: Reading) -> Any:
    try:
        return ijson.decode(text.encode())
    except MalformedError as error:
        raise _wrong(found, how, "Expected") from error


def _struct(text: str, cls: type, found: Any, how: Reading) -> Any:
    if text.startswith("{"):
        return _json(text, found, how)
    if cls is fields.Citation:
        return _citation(text, found, how)
    if cls is fields.Names:
        return {"zh" if _CHINESE.search(text) else "en": text}
    if cls is fields.Place:
        return {"text": text}
    if cls is fields.Quantity and (match := _QUANTITY.fullmatch(text)):
        return {"amount": match[1].replace(",", ""), "unit": match[2]}
    raise _wrong(found, how, "Expected")


def _citation(text: str, found: Any, how: Reading) -> str:
    if not (id_in(text) or text.startswith("@")):
        raise _wrong(found, how, "Expected")
    try:
        how.cite(text)
    except UsageError as error:
        raise Wrong(say("cite", how.lang, why=error)) from error
    return text


def _custom(text: str, cls: type, found: Any, how: Reading) -> Any:  # noqa: C901, PLR0911 - one for each class
    if cls is fields.Time or cls is fields.LocalTime:
        return _moment(text, cls, found, how)
    if cls is fields.PartyId:
        return party_of(text, found, how)
    if cls is fields.ProductId:
        return product_of(text, found, how)
    if cls is fields.FacilityId:
        return facility_of(text, found, how)
    if cls is fields.AboutId:
        return _about(text, found, how)
    if cls is fields.TrademarkId or cls is fields.ShopId:
        kind = "trademark" if cls is fields.TrademarkId else "shop"
        return text if ":" in text else _named(kind, text, found, how)
    if cls is fields.Goods:
        return _goods(text, found, how)
    if cls is fields.LotId:
        return _lot(text, found, how)
    if cls in (fields.Territory, fields.Country):
        plain = "*" if normal_name(text) in ALL else _narrow(text).upper()
        return territory_called(plain) or plain
    if cls is fields.NumberId:
        return canonical_paper(text)
    if cls is fields.Channel:
        return "*" if normal_name(text) in ALL else _narrow(text)
    if cls is fields.SampleId and ":" not in text:
        return f"urn:sample:{_narrow(text).lower()}"
    return text


def _moment(text: str, cls: type, found: Any, how: Reading) -> str:
    try:
        moment = parse_when(_narrow(text), how.zone, day_after=how.day_after)
        if moment is None:
            raise _wrong(found, how, "Expected")
        return utc_text(moment) if cls is fields.Time else local_text(moment)
    except NoZoneError as error:
        raise Wrong(say("zone", how.lang)) from error
    except (NoDateError, OverflowError, MalformedError) as error:
        raise Wrong(say("no-date", how.lang)) from error


def party_of(text: str, found: Any, how: Reading) -> str:
    """Return a party: by its id, its unified social credit code, its GLN, its name."""
    plain = _narrow(text)
    if looks_like_party(plain):
        return plain
    if _USCC.fullmatch(plain.upper()):
        _check_code(plain.upper(), found, how)
        return f"urn:uscc:{plain.upper()}"
    if _GLN.fullmatch(plain):
        return f"https://id.gs1.org/417/{plain}"
    return _named("party", text, found, how)


def _check_code(code: str, found: Any, how: Reading) -> None:
    try:
        check_uscc(code)
    except MalformedError as error:
        raise _wrong(found, how, error.sentence) from error


def product_of(text: str, found: Any, how: Reading) -> str:
    """Return a product: by its id, its GTIN of 8 to 14 digits, its name."""
    plain = _narrow(text)
    if plain.startswith("https://"):
        return plain
    if _DIGITS.fullmatch(plain):
        if not ean.is_valid(plain.zfill(14)):
            raise _wrong(found, how, "check digit")
        return f"https://id.gs1.org/01/{plain.zfill(14)}"
    return _named("product", text, found, how)


def looks_like_code(text: str) -> bool:
    """Return whether a text is digits as a GTIN or GLN has them."""
    return _DIGITS.fullmatch(_narrow(text)) is not None


def facility_of(text: str, found: Any, how: Reading) -> str:
    """Return a facility: by its id, its GLN, its name."""
    plain = _narrow(text)
    if plain.startswith("https://"):
        return plain
    if _GLN.fullmatch(plain):
        return f"https://id.gs1.org/414/{plain}"
    return _named("facility", text, found, how)


def _goods(text: str, found: Any, how: Reading) -> str:
    plain = _narrow(text)
    if normal_name(text) in ALL:
        return "*"
    if plain.startswith("https://") or _DIGITS.fullmatch(plain):
        return product_of(text, found, how)
    return _named("product", text, found, how) if _CHINESE.search(plain) else plain


def _about(text: str, found: Any, how: Reading) -> str:
    """Return a place by its id, number or name, a lot by its product and number; a draw as it is written."""
    if ":" in text:
        return text
    first, *rest = text.split(None, 1)
    return (_lot if rest and first.isdecimal() else facility_of)(text, found, how)


def _lot(text: str, found: Any, how: Reading) -> str:
    parts = text.split(None, 1)
    if _narrow(text).startswith(("https://", OWN_LOT_PREFIX)) or len(parts) != 2:  # noqa: PLR2004 - a GTIN and a number
        return _narrow(text)
    return lot_of(product_of(parts[0], found, how), parts[1])


def lot_of(product: str, number: str) -> str:
    """Return a lot by its product and its number."""
    return lot_id(product, _narrow(number))


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


def _named(kind: str, text: str, found: Any, how: Reading) -> str:
    """Return the one thing that has a name."""
    said = _said(found, how)
    if ":" in text:
        raise _wrong(found, how, "Expected")
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
