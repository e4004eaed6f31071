"""The fields of a type as people see them: help, a template to fill in, and what is wrong.

Everything is read off the payload's class; its words stand beside its fields.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from msgspec import inspect as shapes

from ledger.identifiers import ALL
from ledger.phrases.field_meanings import OfTarget, field_meaning
from ledger.statements.catalogue import CATALOGUE, SAYS
from ledger.statements.described import form, is_null, own_fields, part_of, say, shape
from ledger.statements.fault_words import apart
from ledger.statements.meant import meant_in
from ledger.statements.statement_type import StatementType
from ledger.statements.words import FORMS, ISSUERS, SUBJECTS
from ledger.tables.wanted import choice
from ledger.texts import ENGLISH, Lang, Words, languages
from ledger.texts.joints import ASIDE, COLON, clause, listed

ISSUED_BY = Words("Issued by: {0}.")
SUBJECT = Words("Subject: {0}.")
FIELDS = Words("Fields:")
REQUIRED, OPTIONAL = Words("required"), Words("optional")
REQUIRED_WHEN = Words("required {0}")
ELSE_OUT = Words("; {0}, else leave it out")
NO_TARGET = Words("is missing: give its id or index with --target. {0}")
NO_FIELD = Words("field {0} is missing, {1}: {2}")
NEAR = Words("did you mean {0}?")
THERE_ARE = Words("it has {0}")
UNKNOWN = Words("no field {0} in {1}: {2}")
WANTED = Words("{0}: expected {1}")
LABELLED = Words("{0}: {1}")


def written(found: Any, lang: Lang) -> str:
    """Return how a value is written, in words; beside each that may be chosen its word in another language."""

    def told(value: str) -> str:
        word = value if lang == ENGLISH else choice(value, lang).rstrip(COLON.to(lang))
        return value if word in (value, ALL) else value + ASIDE.fill(lang, word)

    return form(found, lang, told)


def type_help(name: str, lang: Lang) -> str:
    """Return what a type says, who issues it about what, and all of its fields."""
    row = CATALOGUE[name]
    issuers = " / ".join(say(ISSUERS[item], lang) for item in row.issuers)
    about = say(SUBJECTS[row.subject], lang)
    head = (ISSUED_BY.fill(lang, issuers), SUBJECT.fill(lang, about), FIELDS.to(lang))
    first = [SAYS[name].to(lang), *head]
    lines = field_lines(shape(row.body), lang, indent="  ")
    # "\b" keeps a paragraph's lines as they are.
    return "\n\n".join([*first, "\b\n" + "\n".join(lines)])


def field_lines(owner: Any, lang: Lang, *, indent: str) -> Iterator[str]:
    """Yield each field's name, whether it is required, its form and meaning; then its parts'."""
    for item in own_fields(owner):
        named = item.encode_name + ASIDE.fill(lang, _asked_for(owner, item, lang))
        yield indent + LABELLED.fill(lang, named, written(item.type, lang))
        yield f"{indent}    {field_meaning(owner, item.encode_name).to(lang)}"
        part = part_of(item.type)
        if part is not None and part.cls.__name__ not in FORMS:
            yield from field_lines(part, lang, indent=indent + "    ")


def _needed(owner: Any, item: shapes.Field) -> Words | None:
    """Return when a rule asks for a field that may be left out, None if none does."""
    return None if item.required else meant_in(owner.cls)[item.encode_name].when


def _asked_for(owner: Any, item: shapes.Field, lang: Lang) -> str:
    """Return whether a field is required, always or when, or optional."""
    if item.required:
        return REQUIRED.to(lang)
    when = _needed(owner, item)
    return OPTIONAL.to(lang) if when is None else REQUIRED_WHEN.fill(lang, when.to(lang))


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
    text = blank if isinstance(blank, str) else f"<{written(item.type, lang)}>"
    return f"{text[:-1]}{ELSE_OUT.fill(lang, when.to(lang))}>"


def _blank(found: Any, lang: Lang, *, everything: bool) -> Any:
    match found:
        case shapes.VarTupleType(item_type=item):
            return [_blank(item, lang, everything=everything)]
        case shapes.StructType(cls=cls) if cls.__name__ not in FORMS:
            return _blank_part(found, lang, everything=everything)
        case shapes.UnionType(types=types) if (part := part_of(found)) is not None and not any(
            map(is_null, types)
        ):
            return _blank(part, lang, everything=everything)
        case shapes.DictType():
            return {}
        case _:
            return f"<{written(found, lang)}>"


def unfilled(name: str, value: Any) -> list[str]:
    """Return the paths of all values that still are the template's."""
    blanks = {
        text
        for lang in languages()
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


def unknown_in(text: str) -> str:
    """Return the field of the whole that is unknown by msgspec's words, empty for another fault."""
    match = _UNKNOWN.match(text)
    return "" if match is None else match[1]


def missing_in(text: str) -> str | None:
    """Return the field of the whole that is missing by msgspec's words, None for another fault."""
    match = _MISSING.fullmatch(text)
    return None if match is None else match[1]


def target_missing(row: StatementType, lang: Lang) -> str:
    """Return what is missing where nothing says what a statement amends or answers."""
    what = clause(OfTarget(row).to(lang))
    return NO_TARGET.fill(lang, what)


def explain(row: StatementType, text: str, lang: Lang) -> str:
    """Return in a person's words which field is wrong, and how it is written."""
    match = _AT.match(text)
    assert match is not None  # noqa: S101 - the pattern matches every text
    what, path = match["what"], (match["path"] or "").lstrip(".")
    owner, found = _at(shape(row.body), path)
    if missing := _MISSING.match(what):
        field = next(item for item in own_fields(owner) if item.encode_name == missing[1])
        name = f"{path}.{missing[1]}" if path else missing[1]
        meaning = clause(field_meaning(owner, missing[1]).to(lang))
        return NO_FIELD.fill(lang, name, written(field.type, lang), meaning)
    if unknown := _UNKNOWN.match(what):
        names = [item.encode_name for item in own_fields(owner)]
        near = get_close_matches(unknown[1], names, 1)
        hint = NEAR.fill(lang, near[0]) if near else THERE_ARE.fill(lang, listed(names, lang))
        return UNKNOWN.fill(lang, unknown[1], path or row.name, hint)
    if what.startswith(("Expected", "Invalid", "text expected")) and found is not None:
        return WANTED.fill(lang, path, written(found, lang))
    told = apart(text).to(lang)
    return LABELLED.fill(lang, path, told) if path else told


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
