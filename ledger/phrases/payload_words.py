"""What a statement says, field by field, in words: what each field is called, and its value."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import inspect as shapes

from ledger.identifiers import ALL
from ledger.phrases.called import Names, with_names
from ledger.phrases.value_words import measured_words, word_of
from ledger.statements.described import shape
from ledger.statements.fields import Body, Citation, Part
from ledger.statements.meant import meant_in
from ledger.statements.results import Result
from ledger.statements.words import ISSUERS
from ledger.texts import ENGLISH, Lang, Words
from ledger.texts.joints import listed

YES, NO, ANY = Words("yes", "value"), Words("no", "value"), Words("any", "value")
FOR_EVER, NONE = Words("no end"), Words("none", "list")
WITHIN = Words("{0} · {1}", "field within a field")
NUMBERED = Words("{0} {1}", "one of several parts")
CITED = Words("{subject} (statement {id})", "citation")
SHOWN = 12
"""Digits of a statement's id that tell it apart in a line; the whole of it is in the payload."""


def in_words(body: Body | None, names: Names, lang: Lang) -> list[tuple[str, str]]:
    """Return what a payload says: (what a field is called, its value) in the payload's order.

    Args:
        body: the payload; None: a foreign one, of which nothing can be said.
        names: what things are called by id, at the time in question; ids stand beside.
        lang: of titles, and of values that are words of ours.

    """
    rows = [] if body is None else list(_rows(body, lang))
    values = [with_names([value], names, lang)[0] for _, value in rows]
    return [(title, value) for (title, _), value in zip(rows, values, strict=True)]


def citations_in(body: Body | None, lang: Lang) -> dict[str, str]:
    """Return what a payload cites itself, by the id of each: what that is about, and its id."""
    values = [] if body is None else [getattr(body, one.name) for one in shape(type(body)).fields]
    return {one.id: _word(one, None, lang) for one in values if isinstance(one, Citation)}


def _rows(part: Body | Part, lang: Lang) -> Iterator[tuple[str, str]]:
    """Yield the fields of a payload or of a part of one, without what is left out."""
    cls = type(part)
    meant = meant_in(cls)
    for field in shape(cls).fields:
        value = getattr(part, field.name)
        if value is msgspec.UNSET or field.encode_name not in meant or value == ():
            continue
        title = meant[field.encode_name].titles.to(lang).partition("|")[0]
        if isinstance(part, Result) and field.name in ("value", "values"):
            yield title, measured_words(part.found(), lang)
            continue
        if value is None and field.encode_name == "until":
            yield title, FOR_EVER.to(lang)
            continue
        yield from _told(title, value, field.type, lang)


def _told(title: str, value: Any, kind: Any, lang: Lang) -> Iterator[tuple[str, str]]:
    """Yield a value in rows: a part field by field, of several parts each by its number."""
    if isinstance(value, Part) and not isinstance(value, Citation):
        for below, said in _rows(value, lang):
            yield WITHIN.fill(lang, title, below), said
    elif _are_parts(value):
        for number, one in enumerate(value, 1):
            yield from _told(NUMBERED.fill(lang, title, number), one, kind, lang)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield title, listed((_word(one, kind, lang) for one in value), lang)
    else:
        yield title, _word(value, kind, lang)


def _are_parts(value: Any) -> bool:
    return isinstance(value, tuple) and any(
        isinstance(one, Part) and not isinstance(one, Citation) for one in value
    )


def _word(value: Any, kind: Any, lang: Lang) -> str:
    """Return one value: a word of ours in a language, anything else as it was signed."""
    match value:
        case None:
            return NONE.to(lang)
        case bool():
            return (YES if value else NO).to(lang)
        case Citation(id=id_, subject=subject):
            return CITED.fill(lang, subject=listed(subject.split("\n"), lang), id=id_[:SHOWN])
        case str() if value == ALL:
            return ANY.to(lang)
        case str() if _is_choice(kind):
            found = word_of(value) or (ISSUERS.get(value) if lang != ENGLISH else None)
            return value if found is None else found.to(lang)
        case _:
            return str(value)


def _is_choice(kind: Any) -> bool:
    """Return whether a field's values are words of ours."""
    match kind:
        case shapes.LiteralType():
            return True
        case shapes.UnionType(types=types):
            return any(map(_is_choice, types))
        case shapes.VarTupleType(item_type=item) | shapes.ListType(item_type=item):
            return _is_choice(item)
        case _:
            return False
