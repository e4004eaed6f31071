"""The lists of an answer as a table: a row for each thing listed, whatever the question."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from ledger.identifiers import ALL
from ledger.phrases.called import Names, name_of, with_names
from ledger.phrases.column_titles import called_title, column_title, list_title
from ledger.phrases.sentences import reason_clause
from ledger.phrases.type_words import type_word
from ledger.phrases.value_words import measured_words, word_of
from ledger.primitives.instant import parse_us
from ledger.questions.shapes import SHAPES
from ledger.tables.sheet import Raw
from ledger.tables.zone import tzinfo_of
from ledger.texts import Lang, Words
from ledger.texts.joints import ASIDE, COLON, PARTS, WITHIN

TEXT = "subject"
"""The column of lists that have nothing but a text in a row."""
_YES = (Words("yes"), Words("no"), Words("unknown"))
_ANY = Words("any")
_BETWEEN = Words("; ")
FOLLOWED = Words(": ", "title of a row")
_WRITTEN = ("id", "number", "text", "root_cause", "name", "shop", "product", "unit")
"""Fields whose texts are what somebody wrote, though they may be as a word of ours."""
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listing:
    """One of the lists: its name, its columns by field, its rows."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Writing:
    """How cells are written: the language, the time zone as it was said, what ids are called."""

    lang: Lang
    zone: str = "UTC"
    names: Names | None = None


def listings_of(question: str, answers: Sequence[Any]) -> list[Listing]:
    """Return the lists of a question's answer; of pages together, what several repeat once."""
    shape = SHAPES[question]
    found = []
    for name, inner in shape.items() if isinstance(shape, dict) else ():
        if isinstance(inner, list):
            of_rows = isinstance(inner[0], dict)
            columns = tuple(field.rstrip("?") for field in inner[0]) if of_rows else (TEXT,)
            listed = [row for answer in answers for row in answer.get(name.rstrip("?"), ())]
            rows = {
                json.dumps(row): row if of_rows else {TEXT: row} for row in listed
            }  # in their order
            found.append(Listing(name.rstrip("?"), columns, list(rows.values())))
    return found


def table_of(listings: Sequence[Listing], how: Writing) -> list[Sequence[Raw]]:
    """Return the rows of a sheet, its titles first; with several lists the first column says which.

    Beside a column of ids that have names stands one with these.

    Raises:
        MalformedError: no such time zone.

    """
    fields = list(dict.fromkeys(field for one in listings for field in one.columns))
    rows = [(one.name, row) for one in listings for row in one.rows]
    zone = tzinfo_of(how.zone)
    named = {field for field in fields if any(_name(row.get(field), how) for _, row in rows)}
    timed = {field for field in fields if any(_moment(row.get(field)) for _, row in rows)}
    several = len(listings) > 1
    titles = [column_title("list", how.lang)] if several else []
    of = "" if several else next((one.name for one in listings), "")
    for field in fields:
        if field in named:
            titles.append(called_title(field, how.lang, of))
        title = column_title(field, how.lang, of)
        titles.append(f"{title} ({how.zone})" if field in timed else title)
    table: list[Sequence[Raw]] = [titles]
    for name, row in rows:
        cells: list[Raw] = [list_title(name, how.lang)] if several else []
        for field in fields:
            value = row.get(field)
            if field in named:
                cells.append(_name(value, how))
            cells.append(_cell(field, value, how, zone))
        table.append(cells)
    return table


def _name(value: Any, how: Writing) -> str:
    """Return what the things in a cell are called, empty where nobody has a name."""
    ids = value if isinstance(value, list) else [value]
    names = (name_of(one, how.names or {}, how.lang) for one in ids if isinstance(one, str))
    return PARTS.to(how.lang).join(name for name in names if name is not None)


def _moment(value: Any) -> int | None:
    """Return the moment that a value says, in microseconds since 1970."""
    if not isinstance(value, str):
        return None
    try:
        return parse_us(value)
    except ValueError:
        return None


def _cell(field: str, value: Any, how: Writing, zone: tzinfo | None) -> Raw:
    """Return a cell: moments as local times without a fraction, words of ours in the language."""
    time_us = _moment(value)
    if time_us is not None:
        local = (_EPOCH + timedelta(microseconds=time_us)).astimezone(zone)
        return local.replace(tzinfo=None, microsecond=0)
    return value if type(value) is int else _text(field, value, how, zone)


def _text(field: str, value: Any, how: Writing, zone: tzinfo | None) -> str:
    lang = how.lang
    match value:
        case None:
            return ""
        case bool():
            return _YES[not value].to(lang)
        case str():
            return _word(field, value, lang)
        case list():
            return PARTS.to(lang).join(_inner(field, one, how, zone) for one in value)
        case _:
            return _inner(field, value, how, zone)


def _inner(field: str, value: Any, how: Writing, zone: tzinfo | None) -> str:
    """Return a thing within a cell: reasons in words, else its fields by their titles.

    No title says the zone of a moment within a cell: it stands behind it, in a line the ``Z`` as it is told.
    """
    if _moment(value) is not None:
        return str(value) if zone is None else f"{_cell(field, value, how, zone)} ({how.zone})"
    if not isinstance(value, dict):
        return str(_cell(field, value, how, zone))
    lang = how.lang
    if value.keys() == {"code", "entries", "facts"}:
        (clause,) = with_names((reason_clause(value, lang),), how.names or {}, lang)
        return _localised(field, clause, how, zone)
    said = ((name, _inner(name, one, how, zone)) for name, one in value.items())
    return WITHIN.to(lang).join(
        column_title(name, lang) + COLON.to(lang) + one for name, one in said if one != ""
    )


def _localised(field: str, text: str, how: Writing, zone: tzinfo | None) -> str:
    """Return a text with each moment in it in the zone of the sheet; under UTC, and in a line, as it is."""
    if zone is None or zone == UTC:
        return text
    return _MOMENT.sub(lambda found: _inner(field, found[0], how, zone), text)


def row_line(name: str, row: Any, lang: Lang) -> str:
    """Return a row of a list in one line: what it is, its fields by their titles."""
    how = Writing(lang)
    if not isinstance(row, dict):
        return list_title(name, lang) + COLON.to(lang) + str(_cell(TEXT, row, how, None))
    told = {
        field: value
        for field, value in row.items()
        if value not in (None, []) and not (field == "about" and value == row.get("subject"))
    }
    said = (
        column_title(field, lang) + COLON.to(lang) + _shown(field, one, how)
        for field, one in told.items()
    )
    return list_title(name, lang) + FOLLOWED.to(lang) + PARTS.to(lang).join(said)


def _shown(field: str, value: Any, how: Writing) -> str:
    """Return a value within a line: moments as they are told."""
    if _moment(value) is not None:
        return str(value)
    inner = _text(field, value, how, None) if type(value) is not int else str(value)
    return ASIDE.fill(how.lang, inner) if isinstance(value, dict) else inner


def _word(field: str, text: str, lang: Lang) -> str:
    """Return a word of ours in a language, any other text as it is."""
    if text == ALL:
        return _ANY.to(lang)
    if field == "type":
        return type_word(text, lang)
    if text in ("yes", "no", "unknown"):
        return _YES[("yes", "no", "unknown").index(text)].to(lang)
    if field in _WRITTEN:
        return text
    if field == "value":
        return measured_words(text, lang)
    words = word_of(text)
    return text if words is None else words.to(lang)
