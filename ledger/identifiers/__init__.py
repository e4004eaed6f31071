"""Identifiers in their one canonical form; a second spelling would hide a history.

=============  ==========================================================================
parties        ``https://id.gs1.org/417/<GLN>``, ``urn:uscc:<18>``, ``did:web:<host>[:<path>]``,
               ``did:jwk:<key>``, ``https://<host>[/<path>]`` (forms of ``parties``),
               ``urn:pinyuan:person:<32 hex>`` (natural persons, under a pseudonym)
products       ``https://id.gs1.org/01/<GTIN-14>``; lots add ``/10/<lot>``, items
               ``[/10/<lot>]/21/<serial>``; lots whose number GS1 has no room for (above 20
               characters, or others than its own) are ``urn:lot:<GTIN-14>:<number>``
facilities     ``https://id.gs1.org/414/<GLN>``
units          ``https://id.gs1.org/00/<SSCC>``: pallets and cartons, whatever is in them
trademarks     ``urn:trademark:<office>:<number>:<Nice class>``
papers         ``urn:qualification:<office>:<number>``, as printed: ``京食药监(2021)12/3号``
shops          ``urn:shop:<channel>:<id>``
standards      ``urn:standard:<office>:<number>``; its versions share it
samples        ``urn:sample:<id>``; visits ``urn:visit:<id>``; checklists ``urn:checklist:<id>``;
               draws ``urn:draw:<id>:<n>`` of the programme ``urn:programme:<id>``; rosters ``urn:roster:<id>``
models         ``urn:model:<id>`` of the quality index
categories     path prefixes, ``food/tea/green``
territories    ISO 3166: ``CN``, ``CN-ZJ``; what has an alpha-2 code only by it: HK, MO, TW;
               cities and counties of China by GB/T 2260: ``CN-ZJ-330100``
=============  ==========================================================================

``*`` means all, and must be written.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from stdnum import casrn, ean

from ledger.errors import CheckDigitError, MalformedError
from ledger.identifiers.parties import PARTY_FORM as PARTY_FORM
from ledger.identifiers.parties import check_party as check_party
from ledger.identifiers.parties import looks_like_party as looks_like_party
from ledger.identifiers.printed_numbers import (
    NUMBER,
    balanced,
    canonical_lot_number,
    canonical_paper,
)
from ledger.identifiers.territories import check_country as check_country
from ledger.identifiers.territories import check_territory as check_territory
from ledger.identifiers.territories import within as within
from ledger.identifiers.uscc import check_uscc as check_uscc
from ledger.primitives.near import did_you_mean
from ledger.primitives.remembered import remembered
from ledger.texts import Words
from ledger.tlog.note import check_key_name

ALL = "*"
MAX_ORIGIN_SIZE = 200  # a name for people; every statement to the log carries it
MAX_AI_SIZE = 20  # GS1 General Specifications: AI 10 and 21 hold 1 to 20 characters
MAX_ID_SIZE = 300
PERSON_PREFIX = "urn:pinyuan:person:"
USCC_PREFIX = "urn:uscc:"

_FACILITY = re.compile(r"https://id\.gs1\.org/414/([0-9]{13})")
_UNIT = re.compile(r"https://id\.gs1\.org/00/([0-9]{18})")
_GOODS = re.compile(
    r"https://id\.gs1\.org/01/([0-9]{14})(?:/10/([^/]{1,60}))?(?:/21/([^/]{1,60}))?"
)
_OWN_LOT = re.compile(r"urn:lot:([0-9]{14}):(.{1,90})")
_OWN_NUMBER = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z\u3007\u4e00-\u9fff]+")
_CSET82 = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+")
_CAS = re.compile(r"[1-9][0-9]{1,6}-[0-9]{2}-[0-9]")
_TRADEMARK = re.compile(r"urn:trademark:[a-z]{2}:[1-9A-Z][0-9A-Z]{0,19}:([1-9][0-9]?)")
NICE_CLASSES = 45
_NAME = r"[a-z0-9][a-z0-9-]{0,62}"
# Like a host: no dot at either end, nor two in a row, which would be second spellings.
_HOST = r"(?=[a-z0-9.-]{1,63}(?![a-z0-9.-]))[a-z0-9]+(?:(?:\.|-+)[a-z0-9]+)*"
_CHANNEL = re.compile(_HOST)
_PAPER = re.compile(rf"urn:qualification:{_HOST}:({NUMBER})")
_STANDARD = re.compile(rf"urn:standard:{_HOST}:[0-9A-Z][0-9A-Z._-]{{0,63}}")
_SHOP = re.compile(rf"urn:shop:({_HOST}):{_NAME}")
_SAMPLE = re.compile(rf"urn:sample:{_NAME}")
_VISIT = re.compile(rf"urn:visit:{_NAME}")
_CHECKLIST = re.compile(rf"urn:checklist:{_NAME}")
_MODEL = re.compile(rf"urn:model:{_NAME}")
_DRAW = re.compile(rf"urn:draw:({_NAME}):([1-9][0-9]{{0,8}})")
_PROGRAMME = re.compile(rf"urn:programme:{_NAME}")
_ROSTER = re.compile(rf"urn:roster:{_NAME}")
_CATEGORY = re.compile(r"[a-z0-9][a-z0-9-]{0,30}(?:/[a-z0-9][a-z0-9-]{0,30}){0,7}")

_A_GOODS = Words("a product, lot or item")
_A_FACILITY = Words("a facility")
_A_UNIT = Words("a logistic unit")
_A_CAS = Words("a CAS number")
_A_PAPER = Words("a qualification number")
_A_STANDARD = Words("a standard")
_A_SHOP = Words("a shop")
_A_CHANNEL = Words("a channel")
_A_SAMPLE = Words("a sample")
_A_VISIT = Words("a visit")
_A_CHECKLIST = Words("a checklist")
_A_DRAW = Words("a draw")
_A_PROGRAMME = Words("a sampling programme")
_A_ROSTER = Words("a roster")
_A_MODEL = Words("a quality model")
_A_CATEGORY = Words("a category")
PAPER_FORM = "urn:qualification:<office>:<NUMBER>"
_DRAW_FORM = "urn:draw:<programme>:<n>"
_CHANNEL_FORM = Words("lower case, like example.com, or *")


def check_origin(origin: str) -> None:
    """Refuse a log name that cannot stand in a checkpoint, a vkey and a receipt."""
    check_key_name(origin)
    if len(origin.encode()) > MAX_ORIGIN_SIZE or "#" in origin or "\x7f" in origin:
        raise MalformedError(
            "log name: at most {max_origin_size} bytes and no '#': {origin!r}",
            max_origin_size=MAX_ORIGIN_SIZE,
            origin=origin[:100],
        )


def _check(pattern: re.Pattern[str], text: str, what: Words, form: object) -> re.Match[str]:
    match = pattern.fullmatch(text)
    if match is None or len(text) > MAX_ID_SIZE:
        raise MalformedError("not {what}: {text!r} ({form})", what=what, text=text[:100], form=form)
    return match


def gs1_text(text: str, what: str, *, most: int = MAX_AI_SIZE) -> None:
    """Refuse a lot, serial number or the like whose URI spelling is not the one this text has.

    Raises:
        MalformedError: other characters than GS1's, more than ``most``, or another spelling.

    """
    plain = unquote(text, errors="replace")
    if _CSET82.fullmatch(plain) is None or len(plain) > most or quote(plain, safe="") != text:
        raise MalformedError(
            "not a {what} of 1 to {most} GS1 characters in canonical spelling: {text!r}",
            what=what,
            most=most,
            text=text[:80],
        )


GOODS_FORM = "https://id.gs1.org/01/<GTIN-14>[/10/<lot>][/21/<serial>]"
OWN_LOT_FORM = "urn:lot:<GTIN-14>:<number>"
OWN_LOT_PREFIX = "urn:lot:"
GOODS_PREFIXES = ("https://id.gs1.org/01/", OWN_LOT_PREFIX)
"""How products, lots and items begin."""


def _fits_gs1(number: str) -> bool:
    return len(number) <= MAX_AI_SIZE and _CSET82.fullmatch(number) is not None


def lot_id(product: str, number: str) -> str:
    """Return the lot of a product by its number as people write it: GS1's form where it has room for it."""
    if _fits_gs1(number):
        return f"{product}/10/{quote(number, safe='')}"
    return f"{OWN_LOT_PREFIX}{split_goods(product)[0]}:{canonical_lot_number(number)}"


def _own_lot(text: str) -> tuple[str, str, None]:
    """Return (GTIN-14, number, None) of a lot that GS1 has no room for."""
    match = _check(_OWN_LOT, text, _A_GOODS, OWN_LOT_FORM)
    gtin, number = match[1], match[2]
    if not ean.is_valid(gtin):
        raise CheckDigitError("lot {text}: the check digit of the GTIN is wrong", text=text)
    meant = canonical_lot_number(number)
    if meant != number or _fits_gs1(number):
        one = lot_id(f"https://id.gs1.org/01/{gtin}", meant) if meant else ""
        raise MalformedError(
            "lot {text!r}: one spelling, GS1's where it has room for it{meant}",
            text=text[:100],
            meant=did_you_mean([one] if one else []),
        )
    if _OWN_NUMBER.fullmatch(number) is None:
        raise MalformedError(
            "lot {text!r}: 1 to 90 letters, digits, Chinese characters and GS1's signs",
            text=text[:100],
        )
    return gtin, number, None


@remembered()
def split_goods(text: str) -> tuple[str, str | None, str | None]:
    """Return (GTIN-14, lot, serial) of a product, lot or item, lot and serial as spelled.

    Raises:
        MalformedError: another form, or a wrong check digit.

    """
    if text.startswith(OWN_LOT_PREFIX):
        return _own_lot(text)
    match = _check(_GOODS, text, _A_GOODS, GOODS_FORM)
    if not ean.is_valid(match[1]):
        raise CheckDigitError("product {text}: the check digit of the GTIN is wrong", text=text)
    plain = unquote(match[2] or "", errors="replace")
    if plain and match[3] is None and not _fits_gs1(plain):
        meant = f"{OWN_LOT_PREFIX}{match[1]}:{canonical_lot_number(plain)}"
        if _OWN_NUMBER.fullmatch(canonical_lot_number(plain)):
            raise MalformedError(
                "lot {text!r}: GS1 has no room for its number{meant}",
                text=text[:100],
                meant=did_you_mean([meant]),
            )
    for value, what in ((match[2], "lot"), (match[3], "serial number")):
        if value is not None:
            gs1_text(value, what)
    return match[1], match[2], match[3]


def product_of(goods: str) -> str:
    """Return the product that a lot or an item (or a product) is of."""
    return f"https://id.gs1.org/01/{split_goods(goods)[0]}"


def lot_of(item: str) -> str | None:
    """Return the lot that a lot or an item names, None where it names none."""
    gtin, lot, _ = split_goods(item)
    if item.startswith(OWN_LOT_PREFIX):
        return item
    return None if lot is None else f"https://id.gs1.org/01/{gtin}/10/{lot}"


def lot_number(goods: str) -> str | None:
    """Return the number of the lot that a lot or an item names, as people write it; None where it names none."""
    _, lot, _ = split_goods(goods)
    if lot is None or goods.startswith(OWN_LOT_PREFIX):
        return lot
    return unquote(lot)


def check_product(text: str) -> None:
    """Refuse anything but a product id."""
    if split_goods(text)[1:] != (None, None):
        raise MalformedError(
            "not a product: {text!r} (https://id.gs1.org/01/<GTIN-14>)", text=text[:100]
        )


def check_lot(text: str) -> None:
    """Refuse anything but a lot id."""
    _, lot, serial = split_goods(text)
    if lot is None or serial is not None:
        raise MalformedError(
            "not a lot: {text!r} (https://id.gs1.org/01/<GTIN-14>/10/<lot>, or {own})",
            text=text[:100],
            own=OWN_LOT_FORM,
        )


def check_item(text: str) -> None:
    """Refuse anything but an item id: a product or lot with a serial number."""
    if split_goods(text)[2] is None:
        raise MalformedError(
            "not an item: {text!r} ({goods_form})", text=text[:100], goods_form=GOODS_FORM
        )


def check_serial(text: str) -> None:
    """Refuse anything but a serial number in the spelling it has in an item id."""
    gs1_text(text, "serial number")


@remembered()
def check_facility(text: str) -> None:
    """Refuse anything but a facility id."""
    match = _check(_FACILITY, text, _A_FACILITY, "https://id.gs1.org/414/<GLN>")
    if not ean.is_valid(match[1]):
        raise CheckDigitError("facility {text}: the check digit of the GLN is wrong", text=text)


@remembered()
def check_unit(text: str) -> None:
    """Refuse anything but the id of a logistic unit: its SSCC."""
    match = _check(_UNIT, text, _A_UNIT, "https://id.gs1.org/00/<SSCC>")
    if ean.calc_check_digit(match[1][:-1]) != match[1][-1]:
        raise CheckDigitError("unit {text}: the check digit of the SSCC is wrong", text=text)


def is_unit(text: str) -> bool:
    """Return whether an id is of the form that logistic units have."""
    return _UNIT.fullmatch(text) is not None


def check_cas(text: str) -> None:
    """Refuse anything but a CAS registry number."""
    _check(_CAS, text, _A_CAS, "7439-92-1")
    if not casrn.is_valid(text):
        raise CheckDigitError("CAS number {text}: the check digit is wrong", text=text)


def is_trademark(text: str) -> bool:
    """Return whether this is a trademark id."""
    match = _TRADEMARK.fullmatch(text)
    return match is not None and int(match[1]) <= NICE_CLASSES


def check_trademark(text: str) -> None:
    """Refuse anything but a trademark id."""
    if not is_trademark(text):
        raise MalformedError(
            "not a trademark: {text!r} (urn:trademark:<office>:<number>:<Nice class 1 to 45>, office in lower case, number without leading zeroes)",
            text=text[:100],
        )


def check_number(text: str) -> None:
    """Refuse anything but the number of a qualification: a paper's, or a trademark's."""
    if is_trademark(text):
        return
    meant = canonical_paper(text[:MAX_ID_SIZE])
    if meant != text and _PAPER.fullmatch(meant) and balanced(meant):
        raise MalformedError(
            "number {text!r}: written with capitals, round brackets and no blanks{meant}",
            text=text[:100],
            meant=did_you_mean([meant]),
        )
    number = _check(_PAPER, text, _A_PAPER, PAPER_FORM)[1]
    if not balanced(number):
        raise MalformedError(
            "number {number}: each bracket is closed, and holds something", number=number
        )


def check_standard(text: str) -> None:
    """Refuse anything but the id of a standard."""
    _check(_STANDARD, text, _A_STANDARD, "urn:standard:<office>:<NUMBER>")


def check_shop(text: str) -> None:
    """Refuse anything but a shop id."""
    _check(_SHOP, text, _A_SHOP, "urn:shop:<channel>:<id>")


def channel_of(shop: str) -> str:
    """Return the channel of a shop."""
    return _check(_SHOP, shop, _A_SHOP, "urn:shop:<channel>:<id>")[1]


def check_channel(text: str) -> None:
    """Refuse anything but a channel or ``*``."""
    if text != ALL:
        _check(_CHANNEL, text, _A_CHANNEL, _CHANNEL_FORM)


def check_sample(text: str) -> None:
    """Refuse anything but a sample id."""
    _check(_SAMPLE, text, _A_SAMPLE, "urn:sample:<id>")


def check_visit(text: str) -> None:
    """Refuse anything but a visit id."""
    _check(_VISIT, text, _A_VISIT, "urn:visit:<id>")


def check_draw(text: str) -> None:
    """Refuse anything but a draw id."""
    _check(_DRAW, text, _A_DRAW, _DRAW_FORM)


def programme_of(draw: str) -> str:
    """Return the programme that a draw is of."""
    return f"urn:programme:{_check(_DRAW, draw, _A_DRAW, _DRAW_FORM)[1]}"


def number_of(draw: str) -> int:
    """Return which draw of its programme it is, from 1."""
    return int(_check(_DRAW, draw, _A_DRAW, _DRAW_FORM)[2])


def check_programme(text: str) -> None:
    """Refuse anything but the id of a sampling programme."""
    _check(_PROGRAMME, text, _A_PROGRAMME, "urn:programme:<id>")


def check_roster(text: str) -> None:
    """Refuse anything but the id of a roster."""
    _check(_ROSTER, text, _A_ROSTER, "urn:roster:<id>")


def check_checklist(text: str) -> None:
    """Refuse anything but the id of a checklist."""
    _check(_CHECKLIST, text, _A_CHECKLIST, "urn:checklist:<id>")


def check_model(text: str) -> None:
    """Refuse anything but the id of a quality model."""
    _check(_MODEL, text, _A_MODEL, "urn:model:<id>")


def check_category(text: str) -> None:
    """Refuse anything but a category path."""
    _check(_CATEGORY, text, _A_CATEGORY, "food/tea/green")


def ancestors(category: str) -> Iterator[str]:
    """Yield a category and each of its ancestors, the category itself first."""
    while category:
        yield category
        category = category.rpartition("/")[0]


def check_goods(text: str) -> None:
    """Refuse anything but a product, a category or ``*``."""
    if text.startswith("https:"):
        check_product(text)
    elif text != ALL:
        check_category(text)


def check_indexed(text: str) -> None:
    """Refuse what has no quality index: it is of a product, a trader, a brand or a category."""
    if text.startswith("https://id.gs1.org/01/"):
        check_product(text)
    elif text.startswith("urn:trademark:"):
        check_trademark(text)
    elif ":" in text:
        check_party(text)
    else:
        check_category(text)


def gs1_digits(text: str) -> str | None:
    """Return the digits of a product's GTIN, a place's GLN or a unit's SSCC that a GS1 company prefix begins.

    A GTIN-14 begins with its indicator digit, and shorter ones with zeroes in its place; a
    prefix is that of the GTIN-13 within. An SSCC begins with its extension digit. The check digit belongs to no prefix.
    """
    if match := _GOODS.match(text):
        return match[1][1:13]
    if match := _FACILITY.fullmatch(text):
        return match[1][:12]
    if match := _UNIT.fullmatch(text):
        return match[1][1:17]
    return None


def is_restricted(goods: str) -> bool:
    """Return whether a product's or lot's GTIN is one that anybody uses in its own house.

    GS1 General Specifications, restricted circulation numbers: prefixes 02, 04 and 20 to 29 of
    a GTIN-13, that is 2 and 4 of a GTIN-12, and 0 and 2 of a GTIN-8; and no number but zeroes.
    A GTIN-8 stands in a GTIN-14 behind six zeroes, or behind an indicator and five.
    """
    digits = split_goods(goods)[0][1:13]
    if not digits.strip("0"):
        return True
    if digits.startswith("00000"):
        return digits[5] in "02"
    return digits[:2] in ("02", "04") or digits[0] == "2"


CLAIMED = ("product", "lot", "facility", "standard")
"""The topics of things on whose claims somebody may decide."""


def check_claimed(text: str) -> None:
    """Refuse anything but a thing that can be claimed: a product, lot, facility or standard."""
    for check in (check_product, check_lot, check_facility, check_standard):
        try:
            return check(text)
        except CheckDigitError:
            raise  # of that form, it is of no other
        except MalformedError:
            continue
    raise MalformedError("not a product, lot, facility or standard: {text!r}", text=text[:100])


def about_topic(text: str) -> str:
    """Return the topic of what a visit is about: a facility, a lot or a draw.

    Raises:
        MalformedError: it is none of them, or one with a wrong check digit.

    """
    for topic, check in (
        ("facility", check_facility),
        ("inspection", check_lot),
        ("draw", check_draw),
    ):
        try:
            check(text)
        except CheckDigitError:
            raise  # of that form, it is of no other
        except MalformedError:
            continue
        return topic
    raise MalformedError("not a facility, a lot or a draw: {text!r}", text=text[:100])
