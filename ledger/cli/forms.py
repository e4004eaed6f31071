"""The fields of a type as people see them: help, a template to fill in, and what is wrong.

Everything is read off the payload's class; the words are ``ledger.statements.words`` and ``field_words``.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any

from msgspec import inspect as shapes

from ledger.cli.common import Lang
from ledger.phrases.type_words import TYPES as TYPE_NAMES
from ledger.statements import (
    fields,
    identity_family,
    laboratory_family,
    standard_family,
)
from ledger.statements.catalogue import CATALOGUE
from ledger.statements.field_words import field_words
from ledger.statements.needed import NEEDED
from ledger.statements.statement_type import StatementType
from ledger.statements.words import FORMS, ISSUERS, SUBJECTS, TARGETS, TYPES, Words

ALIASES = {
    "Digest": fields.Digest,
    "Uscc": identity_family.Uscc,
    "Decimal": fields.Decimal,
    "Limit": standard_family.Limit,
    "Month": laboratory_family.Month,
}
"""Texts that have a form of their own and no class."""

LARGEST = 2**53 - 1
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


def say(words: Words, lang: Lang) -> str:
    """Return words in one language."""
    return words.zh if lang == "zh" else words.en


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


def form(found: Any, lang: Lang) -> str:  # noqa: C901, PLR0911 - one case for each shape
    """Return how a value is written, in words."""
    match found:
        case shapes.CustomType(cls=cls):
            return say(FORMS[cls.__name__], lang)
        case shapes.StrType():
            names = (name for name, alias in ALIASES.items() if shape(alias) == found)
            return say(FORMS[next(names, "text")], lang)
        case shapes.LiteralType(values=values):
            return " | ".join(_in_order(values))
        case shapes.IntType(ge=low, le=high):
            top = "" if high is None or high >= LARGEST else f"..{high}"
            return f"{say(FORMS['number'], lang)} ({low or 0}{top or '..'})"
        case shapes.BoolType():
            return say(FORMS["boolean"], lang)
        case shapes.VarTupleType(item_type=item, min_length=low, max_length=high):
            bounds = f"{low or 0}..{'' if high is None else high}"
            return say(FORMS["list"], lang).format(bounds, form(item, lang))
        case shapes.TupleType():
            return say(FORMS["pair"], lang)
        case shapes.StructType(cls=cls, fields=parts):
            if cls.__name__ in FORMS:
                return say(FORMS[cls.__name__], lang)
            names = (f"{item.encode_name}{'' if item.required else '?'}" for item in parts)
            return f"{{{', '.join(names)}}}"
        case shapes.UnionType(types=types):
            one = " | ".join(form(item, lang) for item in types if not _is_null(item))
            null = f" {say(FORMS['null'], lang)}" if any(map(_is_null, types)) else ""
            return f"{one}{null}"
        case _:
            return say(FORMS["object"], lang)


def _in_order(values: tuple[Any, ...]) -> list[str]:
    """Return the texts a field may have: numbers by size, words as they are listed."""
    texts = list(map(str, values))
    return sorted(texts, key=float) if all(map(_NUMBER.fullmatch, texts)) else texts


def _is_null(found: Any) -> bool:
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


def type_help(name: str, lang: Lang) -> str:
    """Return what a type says, who issues it about what, and all of its fields."""
    row = CATALOGUE[name]
    issuers = " / ".join(say(ISSUERS[item], lang) for item in row.issuers)
    about = say(SUBJECTS[row.subject], lang)
    head = ("Issued by: {0}.", "Subject: {0}.", "Fields:")
    if lang == "zh":
        head = ("签发方：{0}。", "所涉对象：{0}。", "字段：")
    first = [say(TYPES[name], lang), head[0].format(issuers), head[1].format(about), head[2]]
    lines = field_lines(shape(row.body), lang, indent="  ")
    # "\b" keeps a paragraph's lines as they are.
    return "\n\n".join([*first, "\b\n" + "\n".join(lines)])


def field_lines(owner: Any, lang: Lang, *, indent: str) -> Iterator[str]:
    """Yield each field's name, whether it is required, its form and meaning; then its parts'."""
    for item in own_fields(owner):
        word = _asked_for(owner, item, lang)
        yield f"{indent}{item.encode_name} ({word}): {form(item.type, lang)}"
        yield f"{indent}    {_meaning(owner, item.encode_name, lang)}"
        part = part_of(item.type)
        if part is not None and part.cls.__name__ not in FORMS:
            yield from field_lines(part, lang, indent=indent + "    ")


def _meaning(owner: Any, field: str, lang: Lang) -> str:
    """Return what a field means: of a target also which types it may have."""
    row = CATALOGUE.get(owner_name(owner))
    if field == "target" and row is not None and row.amends:
        return target_words(row, lang)
    return say(field_words(owner_name(owner), field), lang)


def _needed(owner: Any, item: shapes.Field) -> Words | None:
    """Return when a rule asks for a field that may be left out, None if none does."""
    return None if item.required else NEEDED.get(f"{owner_name(owner)}.{item.encode_name}")


def _asked_for(owner: Any, item: shapes.Field, lang: Lang) -> str:
    """Return whether a field is required, always or when, or optional."""
    zh = lang == "zh"
    if item.required:
        return "必填" if zh else "required"
    if (when := _needed(owner, item)) is not None:
        return f"{when.zh}必填" if zh else f"required {when.en}"
    return "可选" if zh else "optional"


def template(name: str, lang: Lang, *, everything: bool) -> dict[str, Any]:
    """Return a type's fields to fill in: those that are required, if only in some cases, or all.

    What is required in some cases says in which; keys come by ``--bind``.
    """
    blank = _blank_part(shape(CATALOGUE[name].body), lang, everything=everything)
    return {field: value for field, value in blank.items() if field not in ("key", "keys")}


def _blank_part(owner: Any, lang: Lang, *, everything: bool) -> dict[str, Any]:
    found = [i for i in own_fields(owner) if everything or i.required or _needed(owner, i)]
    # A name in Chinese, in English, or both: nothing is required, something is wanted.
    chosen = found or list(own_fields(owner))
    return {item.encode_name: _blank_field(owner, item, lang, everything) for item in chosen}


def _blank_field(owner: Any, item: shapes.Field, lang: Lang, everything: bool) -> Any:
    blank = _blank(item.type, lang, everything=everything)
    when = _needed(owner, item)
    if when is None:
        return blank
    text = blank if isinstance(blank, str) else f"<{form(item.type, lang)}>"
    aside = f"；{when.zh}必填，否则删去" if lang == "zh" else f"; {when.en}, else leave it out"
    return f"{text[:-1]}{aside}>"


def _blank(found: Any, lang: Lang, *, everything: bool) -> Any:
    match found:
        case shapes.VarTupleType(item_type=item):
            return [_blank(item, lang, everything=everything)]
        case shapes.StructType(cls=cls) if cls.__name__ not in FORMS:
            return _blank_part(found, lang, everything=everything)
        case shapes.UnionType(types=types) if (part := part_of(found)) is not None and not any(
            map(_is_null, types)
        ):
            return _blank(part, lang, everything=everything)
        case shapes.DictType():
            return {}
        case _:
            return f"<{form(found, lang)}>"


def unfilled(name: str, value: Any) -> list[str]:
    """Return the paths of all values that still are the template's."""
    blanks = {
        text
        for lang in ("zh", "en")
        for text, _ in _texts(template(name, lang, everything=True), "")
    }
    return [path for text, path in _texts(value, "") if text in blanks]


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield value, path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{number}]")


_AT = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")


def place_of(text: str) -> str:
    """Return the path at which something is wrong, empty for the whole."""
    match = _AT.match(text)
    return "" if match is None else (match["path"] or "").lstrip(".")


def missing_in(text: str) -> str | None:
    """Return the field of the whole that is missing by msgspec's words, None for another fault."""
    match = _MISSING.fullmatch(text)
    return None if match is None else match[1]


def target_missing(row: StatementType, lang: Lang) -> str:
    """Return what is missing where nothing says what a statement amends or answers."""
    what = target_words(row, lang).rstrip(".。")
    if lang == "zh":
        return f"未指明：用 --target 给出其标识或序号。{what}"
    return f"is missing: give its id or index with --target. {what}"


def target_words(row: StatementType, lang: Lang) -> str:
    """Return what the target of a type is: what it does to which types."""
    names = {name: TYPE_NAMES[name] for name in row.amends}
    if lang == "zh":
        listed = "、".join(f"{zh}（{name}）" for name, (_, zh) in names.items())
    else:
        listed = ", ".join(names)
    return say(TARGETS.get(row.name) or TARGETS[row.effect], lang).format(listed)


def explain(row: StatementType, text: str, lang: Lang) -> str:
    """Return in a person's words which field is wrong, and how it is written."""
    match = _AT.match(text)
    assert match is not None  # noqa: S101 - the pattern matches every text
    what, path = match["what"], (match["path"] or "").lstrip(".")
    owner, found = _at(shape(row.body), path)
    if missing := _MISSING.match(what):
        field = next(item for item in own_fields(owner) if item.encode_name == missing[1])
        name = f"{path}.{missing[1]}" if path else missing[1]
        meaning = _meaning(owner, missing[1], lang).rstrip(".。")
        return f"field {name} is missing, {form(field.type, lang)}: {meaning}"
    if unknown := _UNKNOWN.match(what):
        names = [item.encode_name for item in own_fields(owner)]
        near = get_close_matches(unknown[1], names, 1)
        hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(names)}"
        return f"no field {unknown[1]} in {path or row.name}: {hint}"
    if what.startswith(("Expected", "Invalid", "text expected")) and found is not None:
        word = "expected" if lang == "en" else "应为"
        return f"{path}: {word} {form(found, lang)}"
    return f"{path}: {what}" if path else what


def _at(found: Any, path: str) -> tuple[Any, Any]:
    """Return the part at a path of ours, and the value's shape there; the whole for none."""
    owner, here = found, None
    for name in re.findall(r"[^.\[\]]+|\[[^\]]*\]", path):
        if name.startswith("["):
            here = getattr(here, "item_type", here)
        else:
            fields_here = {item.encode_name: item for item in owner.fields}
            if name not in fields_here:
                return owner, None
            here = fields_here[name].type
        owner = part_of(here) or owner
    return owner, here
