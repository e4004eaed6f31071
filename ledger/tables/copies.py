"""Sheets that go back to whoever filled one in: the rows with what is wrong beside them, a template."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import inspect as shapes

from ledger.statements.described import in_order, is_null
from ledger.statements.statement_type import StatementType
from ledger.tables.columns import REASONS, Column, Place, letters_of, places_of, type_word
from ledger.tables.said import Fault
from ledger.tables.sheet import (
    Raw,
    Sheet,
    SheetRow,
    is_workbook,
    write_csv,
    write_rows,
    write_workbook,
)
from ledger.tables.wanted import FORMS, choice, wanted_at
from ledger.texts import ENGLISH, Lang, Words, languages
from ledger.texts.joints import PARTS

TEMPLATE_ROWS = 5_000
"""Rows of a template that offer lists."""
_TITLES = (
    Words("Column"),
    Words("Field"),
    Words("Required"),
    Words("How it is written"),
    Words("Meaning"),
    Words("Allowed values"),
)
_HELP, _VALUES = Words("How to fill in"), Words("Allowed values")
_YES = (Words("yes"), Words("no"))


def with_reasons(
    sheet: Sheet,
    faults: Sequence[Fault],
    name: str,
    lang: Lang,
    *,
    wrong_only: bool,
    columns: Sequence[Column] = (),
    read_from: str = "",
) -> bytes:
    """Return a copy of a sheet with what is wrong beside each row; a workbook's offers what the template did.

    Args:
        sheet: as it was read.
        faults: what is wrong.
        name: the copy's file name, which says what it is written as.
        lang: the language of the reasons.
        wrong_only: leave out the rows that nothing is wrong with; else rows stand where they stood.
        columns: the sheet's that were understood: where a cell chooses between words, the copy offers them.
        read_from: the name of the file that it was read from; a workbook's sheet keeps its name.

    """
    beside: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        beside[fault.row].append(fault.beside(lang))
    head = REASONS.to(lang)
    marks = tuple(REASONS.to(one) for one in languages())
    own = [at for at, title in enumerate(sheet.titles.cells) if not title.startswith(marks)]
    rows: list[list[Raw]] = []

    def add(row: SheetRow, more: str) -> None:
        if not wrong_only:
            rows.extend([] for _ in range(row.number - 1 - len(rows)))
        rows.append([*(row.raw[at] for at in own), more])

    titles_wrong = beside.pop(sheet.titles.number, [])
    add(sheet.titles, PARTS.to(lang).join([head, *titles_wrong]))
    for row in sheet.rows:
        if not wrong_only or row.number in beside:
            add(row, PARTS.to(lang).join(beside[row.number]))
    offered = [
        (own.index(one.at), sheet.titles.cells[one.at], one.place)
        for one in columns
        if one.at in own
    ]

    def lay(book: Any, written: Any) -> None:
        if any(allowed(place.shape, lang) for _, _, place in offered):
            lists = book.add_worksheet(_free(_VALUES.to(lang), called))
            _offer(book, written, lists, offered, lang)

    called = sheet.read_as if is_workbook(read_from) else "1"
    return write_rows(name, rows, called, lay)


def _free(name: str, taken: str) -> str:
    """Return a sheet's name that another does not have; a workbook tells capitals not apart."""
    return f"{name} 2" if name.casefold() == taken.casefold() else name


NOT_TYPED = ("issued_at", "@name", "sealed", "subject.uscc")
"""What a template leaves out: nobody types it, or another column says it."""


def template_columns(row: StatementType) -> list[Place]:
    """Return the columns of a type's template: no field twice, nothing that nobody types."""
    places = places_of(row)
    found = [
        place
        for path, place in places.items()
        if not path.startswith(NOT_TYPED) and not _said_above(place, places)
    ]
    titles = [place.titles.to(ENGLISH) for place in found if not place.half]
    apart = {_above(place) for place in found if place.half}
    apart -= {_above(place) for place in found if place.half and place.titles.to(ENGLISH) in titles}
    return [
        place
        for place in found
        if place.path not in apart and (not place.half or _above(place) in apart)
    ]


def _above(place: Place) -> str:
    return place.path.rpartition(".")[0]


def _said_above(place: Place, places: Mapping[str, Place]) -> bool:
    """Return whether one cell says the part that a field is of, or its parts have columns of their own."""
    parent = places.get(_above(place))
    if parent is not None and not place.half and _reads_whole(parent):
        return True
    in_parts = any(path.startswith(f"{place.path}.") for path in places)
    return isinstance(place.shape, shapes.StructType) and in_parts and not _reads_whole(place)


def _reads_whole(place: Place) -> bool:
    """Return whether a cell can say all of a part: a name, an amount with its unit, an address."""
    found = place.shape
    return isinstance(found, shapes.StructType) and found.cls.__name__ in FORMS


def allowed(found: Any, lang: Lang) -> list[str]:
    """Return the words between which a cell chooses; empty where it is free."""
    match found:
        case shapes.BoolType():
            return [word.to(lang) for word in _YES]
        case shapes.LiteralType(values=values):
            return [choice(value, lang) for value in in_order(values)]
        case shapes.VarTupleType(item_type=item):
            return allowed(item, lang)
        case shapes.UnionType(types=types):
            parts = [allowed(item, lang) for item in types if not is_null(item)]
            return [word for part in parts for word in part] if all(parts) else []
        case _:
            return []


def template(row: StatementType, name: str, lang: Lang) -> bytes:
    """Return an empty sheet of a type to fill in: a workbook offers the allowed values, csv has titles alone.

    Args:
        row: the type.
        name: the file's, which says what it is written as.
        lang: the language of titles and values.

    """
    places = template_columns(row)
    titles = [place.title(lang) for place in places]
    if not is_workbook(name):
        return write_csv([titles])

    def lay(book: Any, sheet: Any) -> None:
        _lay_out(book, sheet, places, lang)

    return write_workbook(type_word(row, lang)[:31], [titles], lay)


def _lay_out(book: Any, sheet: Any, places: Sequence[Place], lang: Lang) -> None:
    text = book.add_format({"num_format": "@"})
    must = book.add_format({"bold": True, "bg_color": "#FFE699", "num_format": "@"})
    may = book.add_format({"bg_color": "#EDEDED", "num_format": "@"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    help_name, list_name = _HELP.to(lang), _VALUES.to(lang)
    helped, lists = book.add_worksheet(help_name), book.add_worksheet(list_name)
    helped.write_row(0, 0, [title.to(lang) for title in _TITLES], must)
    helped.set_column(0, 2, 18, wrapped)
    helped.set_column(3, 5, 48, wrapped)
    sheet.freeze_panes(1, 0)
    for at, place in enumerate(places):
        title, values = place.title(lang), allowed(place.shape, lang)
        sheet.set_column(at, at, max(12, 2 * len(title)), text)
        sheet.write_string(0, at, title, must if place.required else may)
        meaning = place.meaning.to(lang)
        said = (
            title,
            place.path,
            _YES[not place.required].to(lang),
            wanted_at(place, lang),
            meaning,
        )
        for column, cell in enumerate((*said, "; ".join(values))):
            helped.write_string(at + 1, column, cell)
    _offer(
        book,
        sheet,
        lists,
        [(at, place.title(lang), place) for at, place in enumerate(places)],
        lang,
    )


def _offer(
    book: Any, sheet: Any, lists: Any, columns: Sequence[tuple[int, str, Place]], lang: Lang
) -> None:
    """Let the cells of columns choose between their words, which are written into a sheet of their own."""
    head = book.add_format({"bold": True, "bg_color": "#FFE699", "num_format": "@"})
    at_list = 0
    for at, title, place in columns:
        values = allowed(place.shape, lang)
        if not values:
            continue
        lists.write_string(0, at_list, title, head)
        for number, value in enumerate(values, 1):
            lists.write_string(number, at_list, value)
        several = isinstance(place.shape, shapes.VarTupleType)
        sheet.data_validation(
            1,
            at,
            TEMPLATE_ROWS,
            at,
            {
                "validate": "list",
                "source": _range(lists.get_name(), at_list, len(values)),
                "ignore_blank": True,
                "error_type": "information" if several else "stop",
            },
        )
        at_list += 1


def _range(sheet: str, column: int, count: int) -> str:
    letters = letters_of(column)
    return f"='{sheet}'!${letters}$2:${letters}${count + 1}"
