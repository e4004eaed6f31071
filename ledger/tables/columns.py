"""The columns that a type can have, and which of them a sheet's titles mean.

A path names a field: ``goods``, ``names.zh``, ``results.value`` (one item of a list in each row),
``results[2].value`` (its second item). Beside the fields there are ``subject``; of a lot
``subject.product`` and ``subject.lot`` (any field that is a lot has the two), of a party
``subject.uscc``; ``issued_at``, ``@name`` (by which later rows cite this one) and
``sensitive.NAME``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from msgspec import inspect as shapes
from msgspec import structs

from ledger.phrases.field_meanings import field_meaning
from ledger.primitives.near import near, normal_name
from ledger.statements import fields
from ledger.statements.described import own_fields, part_of, shape
from ledger.statements.meant import USCC, held, meant_in
from ledger.statements.statement_type import StatementType
from ledger.statements.words import FORMS, SUBJECT_TITLES, SUBJECTS
from ledger.tables.mapping import Layout
from ledger.tables.said import Fault, say
from ledger.tables.sheet import Sheet
from ledger.texts import Lang, Told, Verbatim, Words, languages

LOT_TITLES: Mapping[str, Words] = {
    "product": Words("Product|GTIN"),
    "lot": Words("Lot number|Traceability lot code"),
}
"""A lot in two columns: its product, and its number."""

REASONS = Words("pinyuan: what is wrong")
"""The title of the column of reasons in a copy of a sheet: passed over when it comes back."""

_STEP = re.compile(r"([^.\[\]]+)(?:\[([1-9][0-9]{0,2})\])?")
Half = Literal["", "product", "lot", "uscc"]
"""What a column says of an id: all of it, or a part."""

SUBJECT_TYPES: Mapping[str, type[fields.Checked]] = {
    "party": fields.PartyId,
    "product": fields.ProductId,
    "lot": fields.LotId,
    "facility": fields.FacilityId,
    "shop": fields.ShopId,
    "sample": fields.SampleId,
}
"""Forms of subjects that are forms of fields; the others are texts."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step to a value: a field, and of a list which item (from 0); None: one in each row."""

    name: str
    item: int | None = None
    of_row: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A field that a column can say: its path, what it holds, what it is called and means.

    ``shape``: msgspec's description of ``type``.
    """

    path: str
    steps: tuple[Step, ...]
    shape: Any
    type: Any
    titles: Told
    meaning: Told
    required: bool = False
    half: Half = ""

    @property
    def of_row(self) -> bool:
        """Return whether each row says an item of a list."""
        return any(step.of_row for step in self.steps)

    def title(self, lang: Lang) -> str:
        """Return what the column is called."""
        return self.titles.to(lang).partition("|")[0]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: where it stands (from 0), its title there, what it says."""

    at: int
    title: str
    place: Place


def type_word(row: StatementType, lang: Lang) -> str:
    """Return what a type is called."""
    return row.called.to(lang)


def plain_title(text: str) -> str:
    """Return a title without what people write around it: blanks, case, width, a star."""
    return re.sub(r"[_*]", "", normal_name(text))


@cache
def places_of(row: StatementType) -> Mapping[str, Place]:
    """Return everything that a column of a type can say without an item's number, by path."""
    found = [*_subject(row), *_EXTRAS]
    found += _fields(shape(row.body), (), required=True)
    return {place.path: place for place in found}


def _subject(row: StatementType) -> Iterator[Place]:
    titles = row.about or SUBJECT_TITLES[row.subject]
    held = SUBJECT_TYPES.get(row.subject, str)
    own = row.subject not in ("log", "target") and not row.amends
    about = SUBJECTS[row.subject]
    whole = Place("subject", (Step("subject"),), shape(held), held, titles, about, required=own)
    yield whole
    yield from _halves(whole)
    if row.subject == "party" and "uscc" not in row.body.__struct_fields__:
        yield replace(whole, path="subject.uscc", titles=USCC.titles, half="uscc")


def _halves(whole: Place) -> Iterator[Place]:
    if whole.shape == shape(fields.LotId):
        yield replace(
            whole, path=f"{whole.path}.product", titles=LOT_TITLES["product"], half="product"
        )
        yield replace(whole, path=f"{whole.path}.lot", titles=LOT_TITLES["lot"], half="lot")


_EXTRAS = (
    Place(
        "issued_at",
        (Step("issued_at"),),
        shape(fields.Time),
        fields.Time,
        Words("Signed at"),
        Words("When it was signed."),
    ),
    Place(
        "@name",
        (Step("@name"),),
        shape(str),
        str,
        Words("Row name"),
        Words("By which later rows cite it: @name."),
    ),
)


def _fields(owner: Any, above: tuple[Step, ...], *, required: bool) -> Iterator[Place]:
    types = {item.encode_name: held(item.type) for item in structs.fields(owner.cls)}
    for item in own_fields(owner):
        name = item.encode_name
        titles = meant_in(owner.cls)[name].titles
        meaning = field_meaning(owner, name)
        part = part_of(item.type)
        listed = part is not None and _is_list(item.type)
        steps = (*above, Step(name, of_row=listed))
        path = ".".join(step.name for step in steps)
        has_columns = part is not None and part.cls.__name__ not in (*FORMS, "KeyBinding")
        if not listed or not has_columns:
            steps = (*above, Step(name))
            place = Place(
                path, steps, item.type, types[name], titles, meaning, required and item.required
            )
            yield place
            if not any(step.of_row for step in above):  # of several lots none is split in two
                yield from _halves(place)
        if has_columns and not any(step.of_row for step in above):
            steps = (*above, Step(name, of_row=listed))
            yield from _fields(part, steps, required=required and item.required)


def _is_list(found: Any) -> bool:
    match found:
        case shapes.VarTupleType():
            return True
        case shapes.UnionType(types=types):
            return any(map(_is_list, types))
        case _:
            return False


def find_place(row: StatementType, path: str) -> Place | None:
    """Return the field that a path names, None where the type has none."""
    plain = re.sub(r"\[[1-9][0-9]{0,2}\]", "", path)
    if plain.startswith("sensitive.") and "sealed" in row.body.__struct_fields__:
        name = plain.removeprefix("sensitive.")
        words = Verbatim(name)
        return Place(path, (Step("sensitive"), Step(name)), shape(str), str, words, words)
    found = places_of(row).get(plain)
    if found is None or plain == path:
        return found
    numbered = [_STEP.fullmatch(part) for part in path.split(".")]
    if len(numbered) != len(found.steps) or not all(numbered):
        return None
    steps = []
    for step, match in zip(found.steps, numbered, strict=True):
        assert match is not None  # noqa: S101 - all of them matched
        if match[2] is not None and not step.of_row:
            return None
        item = None if match[2] is None else int(match[2]) - 1
        steps.append(Step(step.name, item, of_row=step.of_row and item is None))
    return replace(found, path=path, steps=tuple(steps))


def read_columns(
    row: StatementType, sheet: Sheet, layout: Layout, lang: Lang
) -> tuple[list[Column], list[Fault]]:
    """Return what each column of a sheet says, and what is wrong with its titles."""
    said = {plain_title(title): path for title, path in layout.columns.items()}
    columns: list[Column] = []
    faults: list[Fault] = []
    taken: dict[str, str] = {}
    for at, title in enumerate(sheet.titles.cells):
        plain = plain_title(title)
        empty = not title and not any(item.cells[at] for item in sheet.rows)
        if (
            empty
            or title.startswith(tuple(REASONS.to(lang) for lang in languages()))
            or said.get(plain, "") is None
        ):
            continue
        found = _place_or_why(row, title, said.get(plain), lang)
        if isinstance(found, Place) and found.path in taken:
            found = say("twice", lang, other=taken[found.path], path=found.path)
        if isinstance(found, Place):
            taken[found.path] = title
            columns.append(Column(at, title, found))
        else:
            faults.append(Fault(sheet.titles.number, title or letters_of(at), "", found))
    return [_beside_unit(row, column, taken) for column in columns], faults


def _beside_unit(row: StatementType, column: Column, taken: Mapping[str, str]) -> Column:
    """Return a column of quantities as one of amounts alone where another has their unit."""
    if f"{column.place.path}.unit" not in taken:
        return column
    amount = find_place(row, f"{column.place.path}.amount")
    return column if amount is None else replace(column, place=amount)


def _place_or_why(row: StatementType, title: str, path: str | None, lang: Lang) -> Place | str:
    """Return what a title means, by the mapping's path, as a path, or as a title; else what is wrong."""
    if path is not None:
        found = find_place(row, path)
        if found is None and isinstance(titled := _place_or_why(row, path, None, lang), Place):
            return titled  # a title of the template says as much as the field's name
        hint = _parts(row, path, lang) or _hint(path, places_of(row), lang)
        return found or say("no-path", lang, path=path, type=type_word(row, lang), hint=hint)
    if not title:
        return say("no-title", lang)
    own = find_place(row, title.strip())
    meant = _by_title(row).get(plain_title(title), []) if own is None else [own]
    if len(meant) > 1:  # a thing itself goes before a part of another's id
        meant = [item for item in meant if not item.half] or meant
    if len(meant) > 1:
        return say("several", lang, paths=", ".join(item.path for item in meant))
    hint = _hint(plain_title(title), _by_title(row), lang)
    return meant[0] if meant else say("unknown", lang, type=type_word(row, lang), hint=hint)


def _parts(row: StatementType, path: str, lang: Lang) -> str:
    """Return which fields stand beside a path that is none; empty where what is above it has none."""
    above = path.rpartition(".")[0]
    paths = [one for one in places_of(row) if above and one.startswith(f"{above}.")]
    if not paths:
        return ""
    return say("parts", lang, above=above, paths=", ".join(paths))


def _hint(text: str, known: Mapping[str, Any], lang: Lang) -> str:
    meant = near(text, list(known))
    return say("meant", lang, meant=meant[0]) if meant else ""


@cache
def _by_title(row: StatementType) -> Mapping[str, list[Place]]:
    """Return what each title means: the fields of that name in either language."""
    found: dict[str, list[Place]] = {}
    for place in places_of(row).values():
        names = [name for lang in languages() for name in place.titles.to(lang).split("|")]
        for name in dict.fromkeys(map(plain_title, names)):
            found.setdefault(name, []).append(place)
    return found


def letters_of(at: int) -> str:
    """Return what a spreadsheet calls a column: A, B, ... AA."""
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
