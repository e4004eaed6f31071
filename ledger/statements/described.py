"""How a value of a payload is written, in words, read off the payload's class."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from msgspec import inspect as shapes

from ledger.statements import criteria, fields, identity_family, laboratory_family, results
from ledger.statements.words import FORMS
from ledger.texts import Lang, Words
from ledger.texts.joints import ASIDE

ALIASES = {
    "Digest": fields.Digest,
    "Uscc": identity_family.Uscc,
    "Decimal": fields.Decimal,
    "Limit": criteria.Limit,
    "Measured": results.Measured,
    "Month": laboratory_family.Month,
}
"""Texts that have a form of their own and no class."""

LARGEST = 2**53 - 1
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


def say(words: Words, lang: Lang) -> str:
    """Return words in one language."""
    return words.to(lang)


@cache
def shape(wanted: Any) -> Any:
    """Return msgspec's description of a type."""
    return shapes.type_info(wanted)


def own_fields(owner: Any) -> Iterator[shapes.Field]:
    """Yield the fields of a payload or part, without the version that is filled in by itself."""
    required = sorted(owner.fields, key=lambda item: not item.required)
    return (item for item in required if item.encode_name != "v")


def owner_name(owner: Any) -> str:
    """Return how the table of words calls a payload or part: by its type, or its class."""
    return str(owner.tag or owner.cls.__name__)


Choice = Callable[[str], str]
"""Returns what is told of a value that may be chosen."""


def form(found: Any, lang: Lang, chosen: Choice = str) -> str:  # noqa: C901, PLR0911 - one case for each shape
    """Return how a value is written, in words."""
    match found:
        case shapes.CustomType(cls=cls):
            return say(FORMS[cls.__name__], lang)
        case shapes.StrType():
            names = (name for name, alias in ALIASES.items() if shape(alias) == found)
            return say(FORMS[next(names, "text")], lang)
        case shapes.LiteralType(values=values):
            return " | ".join(map(chosen, in_order(values)))
        case shapes.IntType(ge=low, le=high):
            most = None if high is None or high >= LARGEST else high
            return say(FORMS["number"], lang) + ASIDE.fill(lang, _bounds(low, most, lang))
        case shapes.BoolType():
            return say(FORMS["boolean"], lang)
        case shapes.VarTupleType(item_type=item, min_length=low, max_length=high):
            return say(FORMS["list"], lang).format(
                _bounds(low, high, lang), form(item, lang, chosen)
            )
        case shapes.TupleType():
            return say(FORMS["pair"], lang)
        case shapes.StructType(cls=cls, fields=parts):
            if cls.__name__ in FORMS:
                return say(FORMS[cls.__name__], lang)
            names = (f"{item.encode_name}{'' if item.required else '?'}" for item in parts)
            return f"{{{', '.join(names)}}}"
        case shapes.UnionType(types=types):
            one = " | ".join(form(item, lang, chosen) for item in types if not is_null(item))
            null = f" {say(FORMS['null'], lang)}" if any(map(is_null, types)) else ""
            return f"{one}{null}"
        case _:
            return say(FORMS["object"], lang)


AT_LEAST = Words("{0} or more", "a number")


def _bounds(low: int | None, high: int | None, lang: Lang) -> str:
    if high is None:
        return AT_LEAST.fill(lang, low or 0)
    return f"{low or 0}..{high}"


def in_order(values: tuple[Any, ...]) -> list[str]:
    """Return the texts a field may have: numbers by size, words as they are listed."""
    texts = list(map(str, values))
    return sorted(texts, key=float) if all(map(_NUMBER.fullmatch, texts)) else texts


def is_null(found: Any) -> bool:
    """Return whether a shape is null."""
    return isinstance(found, shapes.NoneType)


def part_of(found: Any) -> Any:
    """Return the part (an object with fields) that a value is or lists, None for none."""
    match found:
        case shapes.StructType():
            return found
        case shapes.VarTupleType(item_type=item):
            return part_of(item)
        case shapes.UnionType(types=types):
            return next(filter(None, map(part_of, types)), None)
        case _:
            return None
