"""From a sheet to what will be signed: a draft for each row, or for rows that belong together; all faults."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ledger.primitives import ijson
from ledger.statements.described import own_fields, part_of, shape
from ledger.statements.fields import PeriodBody
from ledger.statements.statement_type import StatementType
from ledger.tables.cells import read_cell
from ledger.tables.columns import Column, Place, find_place, places_of, read_columns
from ledger.tables.mapping import Layout
from ledger.tables.measured import none_below
from ledger.tables.reading import Reading
from ledger.tables.said import Fault, Wrong, say
from ledger.tables.sheet import Sheet, SheetRow
from ledger.tables.things import half_of, lot_of
from ledger.tables.wanted import wanted_at
from ledger.texts import Lang
from ledger.texts.joints import LISTED

KEYS = ("keys", "key")
"""Fields whose cells name key files."""
_BETWEEN_FILES = re.compile(r"[;；、\n]")
_ITEM = re.compile(r"\[[0-9]+\]")


@dataclass(frozen=True, slots=True)
class Became:
    """What a cell became: its row, its column's title, the field it says, what it says."""

    row: int
    column: str
    path: str
    cell: str
    value: Any


@dataclass(slots=True)
class Draft:
    """What one statement will say, and where in the sheet it stands.

    ``rows``: their numbers. ``name``: by which later rows cite it. ``keys``: the names of the files of
    keys to bind. ``became``: what each cell became.
    """

    rows: tuple[int, ...]
    fields: dict[str, Any]
    subject: str | None = None
    name: str | None = None
    issued_at: str | None = None
    sensitive: dict[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    became: list[Became] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """What a sheet says: the drafts of the rows that are right, everything that is wrong, in its order."""

    drafts: list[Draft]
    faults: list[Fault]
    columns: list[Column]

    def titles(self, path: str) -> list[str]:
        """Return the titles of the columns that say a path, or parts of it."""
        plain = _ITEM.sub("", path)
        own = [(_ITEM.sub("", item.place.path), item.title) for item in self.columns]
        return [title for at, title in own if at == plain or at.startswith(f"{plain}.")]

    def title(self, path: str) -> str:
        """Return the title of the first column that says a path; empty without one."""
        return next(iter(self.titles(path)), "")

    def wrong_rows(self) -> frozenset[int]:
        """Return the numbers of the rows something is wrong with."""
        return frozenset(item.row for item in self.faults)


def read_table(
    row: StatementType,
    sheet: Sheet,
    layout: Layout,
    common: Mapping[str, Any],
    how: Reading,
) -> Table:
    """Return what a sheet says.

    Args:
        row: the type.
        sheet: the sheet.
        layout: what its mapping says.
        common: fields that are the same in every row; a row's own go before them.
        how: what cells are read with.

    """
    columns, faults = read_columns(row, sheet, layout, how.lang)
    table = Table([], faults, columns)
    reader = _Reader(row, layout, {**layout.fields, **common}, how, table)
    for together in _groups(sheet, layout, table, how.lang):
        reader.read(together)
    for place in (place for path in reader.absent for place in _columns_of(row, path)):
        meaning = place.meaning.to(how.lang)
        text = say("no-column", how.lang, wanted=wanted_at(place, how.lang), meaning=meaning)
        table.faults.append(Fault(sheet.titles.number, place.title(how.lang), "", text))
    order = {column.title: column.at for column in columns}
    table.faults.sort(key=lambda item: (item.row, order.get(item.column, len(order))))
    return table


def _columns_of(row: StatementType, path: str) -> list[Place]:
    """Return the columns that say a required field: its own, or those of what it is made of."""
    own = find_place(row, path)
    if own is not None:
        return [own]
    below = (place for place in places_of(row).values() if place.path.startswith(f"{path}."))
    return [place for place in below if place.required]


def _groups(sheet: Sheet, layout: Layout, table: Table, lang: Lang) -> Iterator[list[SheetRow]]:
    """Yield the rows of each statement: one, or all that have the same in the column that says so."""
    if not layout.together:
        yield from ([row] for row in sheet.rows)
        return
    unknown = [title for title in layout.together if title not in sheet.titles.cells]
    for title in unknown:
        text = say("no-together", lang)
        table.faults.append(Fault(sheet.titles.number, title, "", text))
    if unknown:
        return
    places = {title: sheet.titles.cells.index(title) for title in layout.together}
    found: dict[tuple[str, ...], list[SheetRow]] = defaultdict(list)
    for row in sheet.rows:
        key = {title: row.cells[at] if at < len(row.cells) else "" for title, at in places.items()}
        if key[layout.together[0]]:
            found[tuple(key.values())].append(row)
        else:  # of the others each may be empty: a report that has no parts
            text = say("missing", lang, wanted=say("together", lang))
            table.faults.append(Fault(row.number, layout.together[0], "", text))
    yield from found.values()


class _Reader:
    """Reads the rows of one sheet, one statement after the other."""

    def __init__(
        self,
        row: StatementType,
        layout: Layout,
        common: Mapping[str, Any],
        how: Reading,
        table: Table,
    ) -> None:
        self._type, self._layout, self._common, self._how = row, layout, common, how
        self._table = table
        self._seen: dict[bytes, int] = {}
        self._readings = {column.at: self._reading(column) for column in table.columns}
        self.absent: dict[str, None] = {}
        """Required fields that no column says, and no row has."""

    def _reading(self, column: Column) -> Reading:
        words = dict(self._layout.values.get(column.place.path, {}))
        words |= self._layout.values.get(column.title, {})
        ends = column.place.steps[-1].name == "until"
        return replace(self._how, words=words, day_after=ends and self._layout.until_inclusive)

    def read(self, rows: Sequence[SheetRow]) -> None:
        """Read the rows of one statement: a draft, or what is wrong with them."""
        before = len(self._table.faults)
        draft = Draft(tuple(row.number for row in rows), {})
        said: dict[str, tuple[int, Any]] = {}
        halves: dict[str, dict[str, str]] = defaultdict(dict)
        for row in rows:
            self._row(row, draft, said, halves)
        self._take_apart(draft)
        draft.fields = {**self._common, **draft.fields}
        if draft.subject is None:
            draft.subject = self._layout.subject or self._own_subject(draft)
        wrong = self._table.faults[before:]
        self._check_complete(draft, {fault.column for fault in wrong})
        self._check_period(draft)
        if len(self._table.faults) == before:
            self._check_whole(draft)
        if len(self._table.faults) == before and not self.absent:
            self._table.drafts.append(draft)

    def _row(
        self,
        row: SheetRow,
        draft: Draft,
        said: dict[str, tuple[int, Any]],
        halves: dict[str, dict[str, str]],
    ) -> None:
        items: dict[tuple[str, ...], dict[str, Any]] = {}
        cells = {column.at: row.cells[column.at] for column in self._table.columns}
        coded = any(cells[item.at] for item in self._table.columns if item.place.half == "uscc")
        for column in self._table.columns:
            place, text = column.place, cells[column.at]
            if not text or (coded and place.path == "subject"):
                continue  # a party's code says which it is, whatever it is called
            value = self._cell(row, column, text)
            if isinstance(value, Fault):
                self._table.faults.append(value)
                continue
            draft.became.append(Became(row.number, column.title, place.path, text, value))
            if not place.of_row:
                number, other = said.setdefault(place.path, (row.number, value))
                if other != value:
                    self._differs(row, column, text, number, other)
                if number != row.number:
                    continue
            if place.half:
                whole = halves[place.path.rpartition(".")[0]]
                whole[place.half] = value
                value = whole
            _put(draft.fields, items, place, value)

    def _differs(self, row: SheetRow, column: Column, text: str, number: int, other: Any) -> None:
        key = LISTED.to(self._how.lang).join(self._layout.together)
        why = say("differs", self._how.lang, row=number, key=key, value=other)
        self._table.faults.append(Fault(row.number, column.title, text, why))

    def _cell(self, row: SheetRow, column: Column, text: str) -> Any:
        """Return what a cell says, or what is wrong with it."""
        place, how = column.place, self._readings[column.at]
        if column.at in row.rounded and text not in how.words:
            return Fault(row.number, column.title, text, say("rounded", how.lang))
        try:
            if place.path in KEYS:
                return [part.strip() for part in _BETWEEN_FILES.split(text) if part.strip()]
            if place.half:
                return half_of(text, place.half, how)
            return self._measured(text, place, how)
        except Wrong as error:
            return Fault(row.number, column.title, text, str(error) + self._elsewhere(place))

    def _elsewhere(self, place: Place) -> str:
        """Return which columns have what is no one measured value, as it stands behind what is wanted."""
        if place.path != "results.value":
            return ""
        lang = self._how.lang
        others = (find_place(self._type, f"results.{name}") for name in ("values", "words"))
        values, words = (one.title(lang) for one in others if one is not None)
        return say("elsewhere", lang, values=values, words=words)

    def _measured(self, text: str, place: Place, how: Reading) -> Any:
        """Return what a cell says; that nothing was found below a value, as it is said."""
        if place.steps[-1].name != "value" or none_below(text) is None:
            return read_cell(text, place, how)
        return text

    def _take_apart(self, draft: Draft) -> None:
        """Take what is no field of the payload out of what was read, and put halves together."""
        fields = draft.fields
        for path, halves in _halved(fields):
            whole = lot_of(halves["product"], halves["lot"]) if len(halves) == 2 else None  # noqa: PLR2004
            parent, _, name = path.rpartition(".")
            node = fields if not parent else fields[parent]
            code = halves.get("uscc")
            if code or whole:
                node[name] = code or whole
            else:
                del node[name]
        draft.subject = fields.pop("subject", None)
        draft.issued_at = fields.pop("issued_at", None)
        draft.name = fields.pop("@name", None)
        draft.sensitive = fields.pop("sensitive", {})
        for name in KEYS:
            if isinstance(fields.get(name), list):
                draft.keys = tuple(fields.pop(name))
        for name, value in list(fields.items()):
            if isinstance(value, list):
                fields[name] = [_found_or_not(item) for item in value if item != {}]

    def _own_subject(self, draft: Draft) -> str | None:
        """Return the subject that the fields say: of a firm its code's."""
        code = draft.fields.get("uscc")
        return f"urn:uscc:{code}" if self._type.subject == "party" and code else None

    def _check_complete(self, draft: Draft, faulty: set[str]) -> None:
        """Say which required fields are missing: in the row where there is a column, else once."""
        amends = bool(self._type.amends) and "target" in draft.fields
        paths = [] if amends else list(_missing(shape(self._type.body), draft.fields, ""))
        if draft.keys:
            paths = [path for path in paths if path not in KEYS]
        if draft.subject is None and self._needs_subject(draft):
            paths.insert(0, "subject")
        for path in dict.fromkeys(_ITEM.sub("", path) for path in paths):
            titles = self._table.titles(path)
            if not titles and path == "subject":  # of a firm its code says it
                titles = self._table.titles("uscc")
            if not titles:
                self.absent[path] = None
            if not titles or not faulty.isdisjoint(titles):
                continue
            filled = {item.column for item in draft.became}
            title = next((item for item in titles if item not in filled), None)
            if title is None:  # what one column says of it does not do: another one is missing
                self.absent[path] = None
                continue
            place = self._place(path, title)
            text = say("missing", self._how.lang, wanted=wanted_at(place, self._how.lang))
            self._table.faults.append(Fault(draft.rows[0], title, "", text))

    def _place(self, path: str, title: str) -> Place:
        own = (item.place for item in self._table.columns if item.title == title)
        found = next(own, None) or places_of(self._type).get(path)
        assert found is not None  # noqa: S101 - the path is one of the type's
        return found

    def _needs_subject(self, draft: Draft) -> bool:
        taken = self._type.name in ("key", "key-revocation") or self._type.subject == "log"
        own = ("target", "visit")  # whose subject it has
        return not taken and not any(name in draft.fields for name in own)

    def _check_period(self, draft: Draft) -> None:
        """Say that a period ends before it begins, by what its cells say."""
        since, until = draft.fields.get("from"), draft.fields.get("until")
        if not issubclass(self._type.body, PeriodBody) or not (since and until):
            return
        if until <= since:
            cells = {item.path: item.cell for item in draft.became}
            other, value = self._table.title("from"), cells.get("from", since)
            text = say("order", self._how.lang, other=other, value=value)
            column, cell = self._table.title("until"), cells.get("until", until)
            self._table.faults.append(Fault(draft.rows[0], column, cell, text))

    def _check_whole(self, draft: Draft) -> None:
        """Say that a row stands twice."""
        fields, number = draft.fields, draft.rows[0]
        key = ijson.encode({"s": draft.subject, "f": fields, "k": list(draft.keys)})
        if not draft.sensitive:
            before = self._seen.setdefault(key, number)
            if before != number:
                text = say("same", self._how.lang, row=before)
                self._table.faults.append(Fault(number, "", "", text))


def _put(
    node: dict[str, Any], items: dict[tuple[str, ...], dict[str, Any]], place: Place, value: Any
) -> None:
    """Put a value where its path says: in a list, in the item of this row or in the one it numbers."""
    above: tuple[str, ...] = ()
    for step in place.steps[:-1]:
        above = (*above, step.name)
        if step.of_row:
            if above not in items:
                items[above] = {}
                node.setdefault(step.name, []).append(items[above])
            node = items[above]
        elif step.item is not None:
            listed = node.setdefault(step.name, [])
            listed.extend({} for _ in range(step.item + 1 - len(listed)))
            node = listed[step.item]
        else:
            inner = node.setdefault(step.name, {})
            node = inner if isinstance(inner, dict) else {}
    node[place.steps[-1].name] = value


def _halved(fields: Mapping[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """Return the paths at which halves of an id stand, with them."""
    found = [(name, value) for name, value in fields.items() if isinstance(value, dict)]
    return [
        (name, value) for name, value in found if value and set(value) <= {"product", "lot", "uscc"}
    ]


def _found_or_not(item: Any) -> Any:
    """Return a result; of which nothing was found below a value, with that."""
    if isinstance(item, dict) and isinstance(item.get("value"), str):
        limit = none_below(item["value"])
        if limit is not None:
            return {**item, "value": limit, "below_detection": True}
    return item


def _missing(owner: Any, value: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yield the paths of required fields that are not there."""
    for item in own_fields(owner):
        name = item.encode_name
        here = f"{path}.{name}" if path else name
        if name not in value:
            if item.required:
                yield here
            continue
        part, found = part_of(item.type), value[name]
        if part is None:
            continue
        for inner in found if isinstance(found, list) else [found]:
            if isinstance(inner, dict):
                yield from _missing(part, inner, here)
