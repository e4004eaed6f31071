"""What a cell says: from the text that people write to the value that a payload has."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from msgspec import inspect as shapes

from ledger.errors import MalformedError, UsageError
from ledger.identifiers.printed_numbers import canonical_paper
from ledger.identifiers.statement_ids import id_in
from ledger.phrases.territory_words import territory_called
from ledger.phrases.value_words import word_of
from ledger.primitives import ijson
from ledger.primitives.near import normal_name
from ledger.statements import fields
from ledger.statements.described import is_null, part_of
from ledger.statements.fault_words import fault
from ledger.statements.fields import decode_field
from ledger.statements.words import ISSUERS
from ledger.tables.columns import Place
from ledger.tables.measured import measured
from ledger.tables.reading import ALL, Reading, narrow, wrong
from ledger.tables.said import Wrong, say
from ledger.tables.things import (
    about_of,
    facility_of,
    goods_of,
    lot_in,
    named,
    party_of,
    product_of,
)
from ledger.tables.wanted import wanted
from ledger.tables.zone import (
    NoDateError,
    NoZoneError,
    local_text,
    parse_month,
    parse_when,
    utc_text,
)
from ledger.texts import ENGLISH, languages

YES = frozenset({"是", "true", "yes", "y", "1", "√", "✓", "有", "独家"})
NO = frozenset({"否", "false", "no", "n", "0", "×", "无", "非独家"})
FOR_EVER = frozenset({"长期", "无期限", "永久", "长期有效", "null", "noend", "none"})
ERRORS = frozenset({"#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})

_BETWEEN = re.compile(r"[;；、\n]")
_BETWEEN_WORDS = re.compile(r"[;；、\n,，]")
_WHOLE = re.compile(r"-?[0-9]+(\.0+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_QUANTITY = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(\S.*)")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


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
        raise wrong(found, how, fault(error), value) from error
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
            return text.replace(",", "") if _GROUPED.fullmatch(text) else narrow(text)
        case shapes.StrType(pattern=str(pattern)) if "A-Z" in pattern and "a-z" not in pattern:
            return narrow(text).upper()
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
    raise wrong(found, how, "Invalid")


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
    raise wrong(found, how, "Expected")


def _whole(text: str, found: Any, how: Reading) -> int:
    plain = narrow(text)
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if _WHOLE.fullmatch(plain) is None:
        raise wrong(found, how, "Expected")
    return int(plain.partition(".")[0])


def _json(text: str, found: Any, how: Reading) -> Any:
    try:
        return ijson.decode(text.encode())
    except MalformedError as error:
        raise wrong(found, how, "Expected") from error


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
    raise wrong(found, how, "Expected")


def _citation(text: str, found: Any, how: Reading) -> str:
    if not (id_in(text) or text.startswith("@")):
        raise wrong(found, how, "Expected")
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
        return about_of(text, found, how)
    if cls is fields.TrademarkId or cls is fields.ShopId:
        kind = "trademark" if cls is fields.TrademarkId else "shop"
        return text if ":" in text else named(kind, text, found, how)
    if cls is fields.Goods:
        return goods_of(text, found, how)
    if cls is fields.LotId:
        return lot_in(text, found, how)
    if cls in (fields.Territory, fields.Country):
        plain = "*" if normal_name(text) in ALL else narrow(text).upper()
        return territory_called(plain) or plain
    if cls is fields.NumberId:
        return canonical_paper(text)
    if cls is fields.Channel:
        return "*" if normal_name(text) in ALL else narrow(text)
    if cls is fields.SampleId and ":" not in text:
        return f"urn:sample:{narrow(text).lower()}"
    return text


def _moment(text: str, cls: type, found: Any, how: Reading) -> str:
    try:
        moment = parse_when(narrow(text), how.zone, day_after=how.day_after)
        if moment is None:
            raise wrong(found, how, "Expected")
        return utc_text(moment) if cls is fields.Time else local_text(moment)
    except NoZoneError as error:
        raise Wrong(say("zone", how.lang)) from error
    except (NoDateError, OverflowError, MalformedError) as error:
        raise Wrong(say("no-date", how.lang)) from error
