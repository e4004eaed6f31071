"""How a cell is written, in words: as ``described`` says of payloads, and what a sheet takes beside."""

from collections.abc import Mapping
from typing import Any

from msgspec import inspect as shapes

from ledger.phrases.sentences import value_word
from ledger.phrases.value_words import CHOICES
from ledger.statements import fields
from ledger.statements.described import form, in_order, is_null, say, shape
from ledger.statements.words import ISSUERS, Lang, Words
from ledger.tables.columns import Place

FORMS: Mapping[str, Words] = {
    "Time": Words(
        "a day like 2026-05-01 or a time like 2026-05-01 08:30",
        "日期如 2026-05-01，或时间如 2026-05-01 08:30",
    ),
    "LocalTime": Words(
        "a day like 2026-05-01 or a time like 2026-05-01 08:30",
        "日期如 2026-05-01，或时间如 2026-05-01 08:30",
    ),
    "PartyId": Words(
        "a party: its id, unified social credit code (18 characters), GLN (13 digits), or its name in the ledger",
        "主体：其标识、统一社会信用代码（18 位）、GLN（13 位），或账本中的名称",
    ),
    "ProductId": Words(
        "a product: its GTIN, its id, or its name in the ledger",
        "商品：商品条码（GTIN）、标识，或账本中的名称",
    ),
    "FacilityId": Words(
        "a place: its GLN (13 digits), its id, or its name in the ledger",
        "场所：GLN（13 位）、标识，或账本中的名称",
    ),
    "ShopId": Words(
        "a shop: urn:shop:<channel>:<id>, or its name in the ledger",
        "店铺：urn:shop:<渠道>:<标识>，或账本中的名称",
    ),
    "TrademarkId": Words(
        "a trademark: urn:trademark:<office>:<number>:<Nice class>, or its mark in the ledger",
        "商标：urn:trademark:<注册机关>:<注册号>:<类别>，或账本中的商标名称",
    ),
    "LotId": Words(
        "a lot: https://id.gs1.org/01/<GTIN-14>/10/<lot>, or GTIN, blank, lot number",
        "批次：https://id.gs1.org/01/<GTIN-14>/10/<批号>，或“GTIN 批号”（中间空一格）",
    ),
    "Goods": Words(
        "a category like food/tea, a product (GTIN, or its name in the ledger), or *",
        "类目（如 food/tea）、商品（GTIN 或账本中的名称）或 *",
    ),
    "Territory": Words("a territory: CN, CN-ZJ, 浙江, or *", "地域：浙江、CN-ZJ、中国或 *"),
    "Country": Words("a country: CN, DE", "国家：中国，或两位代码如 DE"),
    "SampleId": Words("a sample's number, or urn:sample:<id>", "样品编号，或 urn:sample:<标识>"),
    "Citation": Words(
        "the id of a statement in the ledger (64 hexadecimal digits), or @ and the name of a row before",
        "账本中一条声明的标识（64 位十六进制数），或 @ 加前面一行的行名",
    ),
    "Names": Words("a name", "名称"),
    "Quantity": Words("an amount and its unit: 1200 bag", "数值与单位，如 1200 袋"),
    "Place": Words("an address", "地址"),
    "boolean": Words("yes or no", "是 或 否"),
    "list": Words("{1}; several with ; between", "{1}；多项以；分隔"),
    "null": Words(", or no end", "，或 长期"),
    "decimal": Words("a decimal number like 0.50", "小数，如 0.50"),
    "lot": Words(
        "a lot number of 1 to 20 letters, digits and signs of GS1",
        "批号：1 至 20 位 GS1 允许的字母、数字与符号",
    ),
    "uscc": Words(
        "a unified social credit code: 18 digits and capital letters",
        "统一社会信用代码：18 位数字与大写字母",
    ),
    "keys": Words("names of key files beside the sheet", "表格旁的密钥文件名"),
}
"""Forms that a sheet has otherwise than a payload."""

MAX_VALUES = 16
_PRODUCT = shape(fields.ProductId)


def wanted(found: Any, lang: Lang) -> str:  # noqa: PLR0911 - one case for each shape
    """Return how a cell is written."""
    match found:
        case shapes.CustomType(cls=cls) | shapes.StructType(cls=cls) if cls.__name__ in FORMS:
            return say(FORMS[cls.__name__], lang)
        case shapes.BoolType():
            return say(FORMS["boolean"], lang)
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
    if value in ISSUERS and lang == "zh":
        return ISSUERS[value].zh
    if value in CHOICES:
        return CHOICES[value][lang == "zh"]
    return "全部" if (value, lang) == ("*", "zh") else value_word(value, lang)


def choices(words: list[str], lang: Lang) -> str:
    """Return words between which somebody chooses."""
    shown = [*words[:MAX_VALUES], *(["…"] if len(words) > MAX_VALUES else [])]
    return ("、" if lang == "zh" else ", ").join(shown)


def wanted_at(place: Place, lang: Lang) -> str:
    """Return how a cell of a column is written: of a part of an id, that part."""
    if place.half == "product":
        return wanted(_PRODUCT, lang)
    return say(FORMS[place.half], lang) if place.half else wanted(place.shape, lang)
