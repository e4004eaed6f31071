"""The canonical form of each parameter: another spelling would ask about nothing."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import get_args

from ledger import identifiers
from ledger.errors import MalformedError
from ledger.identifiers.other_case import in_other_case
from ledger.primitives.instant import parse_us
from ledger.primitives.near import OFFERED, did_you_mean, near
from ledger.primitives.strict import parse_decimal, parse_hex
from ledger.questions.declared import Form, Parameter, Question
from ledger.sampling import AQLS, LEVELS, MAX_LOT_SIZE
from ledger.statements.inspection_family import NONE_ACCEPTED, Mode
from ledger.statements.member_family import ObserverKind
from ledger.statements.topics import check_subject, check_topic
from ledger.texts import Sentence, Words, saying

MAX_DAYS = 36_500
MAX_TOLD = 10
"""Of more words only those are told that may have been meant."""
OBSERVER_KINDS = (*get_args(ObserverKind), identifiers.ALL)
SHOP_TYPES = ("flagship", "specialty", "multi-brand", identifiers.ALL)


def _text(text: str) -> None:
    if not text:
        raise MalformedError("empty")


def _days(text: str) -> None:
    if parse_decimal(text) > MAX_DAYS:
        raise MalformedError("more than {max_days} days", max_days=MAX_DAYS)


def _count(text: str) -> None:
    if not 1 <= parse_decimal(text) <= MAX_LOT_SIZE:
        raise MalformedError(
            "not a number of items from 1 to {max_lot_size}", max_lot_size=MAX_LOT_SIZE
        )


def _one_of(words: Sequence[str], what: Words) -> Callable[[str], None]:
    """Return a check that refuses all but some words."""

    def one_of(text: str) -> None:
        if text not in words:
            known = f" ({', '.join(words)})" if len(words) <= MAX_TOLD else ""
            raise MalformedError(
                "not {what}: {text!r}{known}{did_you_mean}",
                what=what,
                text=text[:40],
                known=known,
                did_you_mean=did_you_mean(near(text[:40], words)),
            )

    return one_of


def _statement(text: str) -> None:
    parse_hex(text, size_bytes=32)


def _time(text: str) -> None:
    try:
        parse_us(text)
    except ValueError as error:
        raise MalformedError(error) from error


def _any(check: Callable[[str], object]) -> Callable[[str], None]:
    """Return a check that lets ``*`` stand for every one."""

    def one_or_all(text: str) -> None:
        if text != identifiers.ALL:
            check(text)

    return one_or_all


def _month(text: str) -> None:
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) is None:
        raise MalformedError("not a month like 2026-05: {text!r}", text=text[:40])


def _one(check: Callable[[str], object], what: Words) -> Callable[[str], None]:
    """Return a check that refuses ``*``: a question asks about one."""

    def one(text: str) -> None:
        if text == identifiers.ALL:
            raise MalformedError("name one {what}", what=what)
        check(text)

    return one


def _subject(text: str) -> None:
    """Refuse what no sanction can be against."""
    if text.startswith("urn:shop:"):
        identifiers.check_shop(text)
    elif text.startswith(identifiers.GOODS_PREFIXES):
        lot = "/10/" in text or text.startswith(identifiers.OWN_LOT_PREFIX)
        (identifiers.check_lot if lot else identifiers.check_product)(text)
    else:
        identifiers.check_party(text)


def _followed(text: str) -> None:
    """Refuse what cannot be followed: a product is of many lots."""
    if identifiers.is_unit(text):
        identifiers.check_unit(text)
    elif identifiers.split_goods(text)[1:] == (None, None):
        raise MalformedError("not a lot, an item or a logistic unit: {text!r}", text=text[:100])


FORMS: Mapping[Form, Callable[[str], object]] = {
    "text": _text,
    "topic": check_topic,
    "party": identifiers.check_party,
    "product": identifiers.check_product,
    "goods": identifiers.split_goods,
    "trademark": identifiers.check_trademark,
    "territory": _one(identifiers.check_territory, Words("territory")),
    "channel": _one(identifiers.check_channel, Words("channel")),
    "shop-type": _one_of(SHOP_TYPES, Words("a type of shop")),
    "statement": _statement,
    "days": _days,
    "about": identifiers.about_topic,
    "subject": _subject,
    "count": _count,
    "level": _one_of(LEVELS, Words("an inspection level")),
    "aql": _one_of((NONE_ACCEPTED, *AQLS), Words("an acceptance quality limit")),
    "mode": _one_of(get_args(Mode), Words("a mode of inspection")),
    "time": _time,
    "category": identifiers.check_category,
    "indexed": identifiers.check_indexed,
    "model": identifiers.check_model,
    "sample": identifiers.check_sample,
    "month": _month,
    "report": _any(_statement),
    "any-trademark": _any(identifiers.check_trademark),
    "any-statement": _any(_statement),
    "any-party": _any(identifiers.check_party),
    "facility": identifiers.check_facility,
    "draw": identifiers.check_draw,
    "any-product": _any(identifiers.check_product),
    "any-shop": _any(identifiers.check_shop),
    "programme": identifiers.check_programme,
    "followed": _followed,
    "any-observer": _one_of(OBSERVER_KINDS, Words("a kind of observer")),
}


def _history(parameters: Mapping[str, str]) -> None:
    check_subject(parameters["topic"], parameters["subject"])


def _coverage(parameters: Mapping[str, str]) -> None:
    start, until = parameters["start"], parameters["until"]
    if parse_us(until) <= parse_us(start):
        raise MalformedError("has to be later than start: {start}", start=start)


def _of_channel(parameters: Mapping[str, str]) -> None:
    shop = parameters["shop"]
    if shop != identifiers.ALL and identifiers.channel_of(shop) != parameters["channel"]:
        raise MalformedError("not on the channel asked about: {shop}", shop=shop)


TOGETHER: Mapping[str, tuple[str, Callable[[Mapping[str, str]], None]]] = {
    "history": ("subject", _history),
    "coverage": ("until", _coverage),
    "may_sell": ("shop", _of_channel),
    "listable": ("shop", _of_channel),
}
"""Question -> the parameter that has to fit the others, and what refuses one that does not."""


def faults(asked: Question, parameters: Mapping[str, str]) -> Iterator[tuple[Parameter, Sentence]]:
    """Yield each parameter given that would ask about nothing, and what is wrong with it."""
    by_name = {item.name: item for item in asked.parameters}
    wrong = False
    for item in asked.parameters:
        if item.name not in parameters:
            wrong = True
            continue
        try:
            FORMS[item.form](parameters[item.name])
        except MalformedError as error:
            wrong = True
            meant = in_other_case(parameters[item.name], FORMS[item.form])
            told = meant is None or OFFERED in str(error)
            hint = "" if told else saying(", did you mean {meant}?", meant=meant)
            yield item, saying("{why}{hint}", why=error, hint=hint)
    if not wrong and asked.name in TOGETHER:
        name, check = TOGETHER[asked.name]
        try:
            check(parameters)
        except MalformedError as error:
            yield by_name[name], error.sentence


def wrong_parameters(asked: Question, parameters: Mapping[str, str]) -> Iterator[Sentence]:
    """Yield what is wrong with each parameter given that would ask about nothing, its name first."""
    for item, why in faults(asked, parameters):
        yield saying("{name}: {why}", name=item.name, why=why)
