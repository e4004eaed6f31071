"""A sheet as rows of text: csv in the encodings that spreadsheets write, and workbooks.

Row numbers are those that a spreadsheet shows. A text that ``neutral`` guarded is read as it was.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from ledger.errors import MalformedError, UsageError
from ledger.texts import saying

MAX_ROWS = 1_048_576
MAX_COLUMNS = 500
MAX_UNPACKED = 512 * 1024 * 1024
"""Bytes of a workbook's parts together: more is no list of anything, but a trap."""
CERTAIN_DIGITS = 15
"""Digits of a number that a spreadsheet keeps; beyond them it has rounded."""
MAX_CELL = 32_767
"""Characters that a cell of a workbook takes."""
CUT = 20
WORKBOOKS = (".xlsx", ".xlsm")
NEEDS_TABLES = saying(
    "workbooks need the extra tables: pip install 'pinyuan[tables]'; csv needs nothing"
)

MAX_AREA = 20_000_000
"""Cells from the first to the last that a sheet is laid out in."""

_CELL_AT = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)0*([0-9]*)["']""")
_LETTERS, _DIGITS = 5, 8
"""Of a cell's place that are looked at: with so many it is too far out already."""
WORKBOOK = "xl/workbook.xml"
PARTS = ("xl/", "_rels/", "[Content_Types].xml")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+[0-9]{2,}")
# Of full width they are run, too, where people write so.
_GUARDED = re.compile(r"'+[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_FORMULA = re.compile(r"[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_PLAIN_NUMBER = re.compile(r"[+-][0-9]+([.,][0-9]+)*")

Raw = str | int | float | bool | date | datetime | time | timedelta
"""A cell as it stands in the file."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: its number in the spreadsheet, its cells as text and as they stand in the file.

    ``rounded``: the columns (from 0) whose number a spreadsheet has rounded.
    """

    number: int
    cells: tuple[str, ...]
    raw: tuple[Raw, ...]
    rounded: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: the row of its titles, and the rows behind it that are not empty.

    ``read_as``: how its bytes were read: an encoding, or the name of the sheet in a workbook.
    """

    titles: SheetRow
    rows: tuple[SheetRow, ...]
    read_as: str


def is_workbook(name: str) -> bool:
    """Return whether a file's name says that it is a workbook."""
    return name.lower().endswith(WORKBOOKS)


def neutral(text: str) -> str:
    """Return a text for a csv cell that no spreadsheet takes for a formula."""
    if _GUARDED.match(text):
        return f"'{text}"
    dangerous = _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text)
    return f"'{text}" if dangerous else text


def _plain(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text


def text_of(raw: Raw) -> str:
    """Return a cell as text: dates as 2026-12-01, times of day behind them, numbers in full."""
    match raw:
        case bool():
            return "true" if raw else "false"
        case float():
            whole = raw.is_integer()
            return str(int(raw)) if whole else format(Decimal(repr(raw)), "f")
        case datetime():
            midnight = raw.time() == time()
            return raw.date().isoformat() if midnight else raw.isoformat(" ", "seconds")
        case date() | time():
            return raw.isoformat()
        case _:
            return str(raw).strip()


def _is_rounded(raw: Raw, text: str) -> bool:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return len(text.lstrip("-").replace(".", "").strip("0")) > CERTAIN_DIGITS or (
            abs(raw) >= 10**CERTAIN_DIGITS
        )
    return _SCIENTIFIC.fullmatch(text) is not None


def _row(number: int, raw: Sequence[Raw]) -> SheetRow:
    cells = tuple(map(text_of, raw))
    rounded = frozenset(at for at, text in enumerate(cells) if _is_rounded(raw[at], text))
    return SheetRow(number, cells, tuple(raw), rounded)


def read_sheet(
    raw: bytes, name: str, *, sheet: str | None = None, titles_at: int | None = None
) -> Sheet:
    """Return the table in a csv file or workbook.

    Args:
        raw: the file.
        name: its name, whose suffix says what it is.
        sheet: of a workbook the sheet's name; else its first that is visible.
        titles_at: the number of the row with the titles; else the first that is not empty.

    Raises:
        MalformedError: it cannot be read, or is larger than any table.
        UsageError: no such sheet, no titles; a workbook without the extra ``tables``.

    """
    if is_workbook(name):
        read_as, rows = _workbook(raw, sheet)
    else:
        read_as, rows = _csv(raw)
    width = max(map(len, rows), default=0)
    padded = ([*row, *[""] * (width - len(row))] for row in rows)
    found = [_row(number, row) for number, row in enumerate(padded, 1)]
    filled = [row for row in found if any(row.cells)]
    if titles_at is not None:
        filled = [row for row in filled if row.number >= titles_at]
    if not filled or (titles_at is not None and filled[0].number != titles_at):
        where = "it is empty" if titles_at is None else f"row {titles_at} is empty"
        raise UsageError("{where}: a table begins with a row of titles", where=where)
    return Sheet(filled[0], tuple(filled[1:]), read_as)


def _csv(raw: bytes) -> tuple[str, list[list[Raw]]]:
    encoding, text = _decoded(raw)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=lambda mark: (_outside_quotes(first).count(mark), mark == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    rows: list[list[Raw]] = []
    try:
        for number, row in enumerate(reader, 1):
            _check_size(number, len(row))
            rows.append([_plain(cell) for cell in row])
    except csv.Error as error:
        raise MalformedError(
            "line {line_num}: no csv: {why}", line_num=reader.line_num, why=error
        ) from error
    return encoding, rows


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def _decoded(raw: bytes) -> tuple[str, str]:
    """Return a csv's encoding and text: UTF-8, what Excel calls Unicode, or GB18030 (GBK)."""
    utf_16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if utf_16 else ("utf-8-sig", "gb18030")
    line = 1
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
        else:
            if "\0" in text:
                raise MalformedError("no csv: it has bytes 0")
            return encoding, text
    raise MalformedError(
        "line {line}: neither UTF-8 nor GB18030: save it as csv (UTF-8), or as xlsx", line=line
    )


def _check_size(number: int, width: int) -> None:
    if number > MAX_ROWS or width > MAX_COLUMNS:
        raise MalformedError(
            "a table has at most {max_rows} rows and {max_columns} columns",
            max_rows=MAX_ROWS,
            max_columns=MAX_COLUMNS,
        )


def _workbook(raw: bytes, wanted: str | None) -> tuple[str, list[list[Raw]]]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise UsageError(NEEDS_TABLES) from error
    checked = _checked(raw)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(checked))
        visible = [
            item.name for item in book.sheets_metadata if item.visible is SheetVisibleEnum.Visible
        ]
        name = wanted or next(iter(visible), "")
        if name not in book.sheet_names:
            raise UsageError(
                "no sheet {name!r}: it has {sheet_names}",
                name=name,
                sheet_names=", ".join(book.sheet_names),
            )
        found = book.get_sheet_by_name(name)
        _check_size(found.total_height, found.total_width)
        rows: list[list[Any]] = found.to_python(skip_empty_area=False)
        _fill(rows, found.merged_cell_ranges or ())
    except CalamineError as error:
        raise MalformedError("no workbook that can be read: {why}", why=error) from error
    return name, rows


Place = tuple[int, int]


def _fill(rows: list[list[Any]], merged: Iterable[tuple[Place, Place]]) -> None:
    """Give each row that a merged cell spans its value: it is said of all of them.

    Raises:
        MalformedError: they span more than a sheet has, which no spreadsheet writes.

    """
    spanned = 0
    for (top, left), (bottom, right) in merged:
        if left != right:
            continue
        down = range(top, min(bottom + 1, len(rows)))
        spanned += len(down)
        if spanned > MAX_AREA:
            raise MalformedError("no workbook that can be read: merged cells upon each other")
        for at in down:
            if left < len(rows[at]):
                rows[at][left] = rows[top][left]


def _checked(raw: bytes) -> bytes:
    """Return a workbook with those of its parts alone that were looked at: it may say little and take much.

    The reader lays out every cell between the first and last, unpacks more than an archive says that
    there is, and takes what is no xlsx for what else it knows. So it is given a new archive.
    """
    unpacked = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts, zipfile.ZipFile(unpacked, "w") as kept:
            size = sum(item.file_size for item in parts.infolist())
            if size > MAX_UNPACKED:
                raise MalformedError(
                    "a workbook of {size} bytes unpacked: at most {max_unpacked}",
                    size=size,
                    max_unpacked=MAX_UNPACKED,
                )
            names = parts.namelist()
            if WORKBOOK not in names or len(set(names)) != len(names):
                raise MalformedError("no workbook (xlsx): save it as xlsx, or as csv")
            for item in filter(_is_part, parts.infolist()):
                part = parts.read(item)
                if b"sheetData" in part:
                    _check_area(part)
                kept.writestr(item.filename, part)
    # zipfile raises NotImplementedError for a compression it does not know, RuntimeError for a password.
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
    ) as error:
        raise MalformedError(
            "no workbook (xlsx) without a password: save it as xlsx, or as csv"
        ) from error
    return unpacked.getvalue()


def _is_part(item: zipfile.ZipInfo) -> bool:
    """Return whether a part is one that an xlsx is read from."""
    return item.filename.endswith((".xml", ".rels")) and item.filename.startswith(PARTS)


def _check_area(part: bytes) -> None:
    """Refuse a sheet with a cell far out; one that says no place stands beside the one before it."""
    found = {(match[1].upper(), match[2]) for match in _CELL_AT.finditer(part)}
    rows = max((int(row[:_DIGITS] or b"0") for _, row in found), default=0)
    width = max((_number_of(letters[:_LETTERS]) for letters, _ in found), default=0)
    if rows > MAX_ROWS or rows * width > MAX_AREA:
        raise MalformedError(
            "cells as far out as row {rows}, column {width}: delete what stands far outside of the table",
            rows=rows,
            width=width,
        )


def _number_of(letters: bytes) -> int:
    """Return which column, from 1, letters name."""
    at = 0
    for letter in letters:
        at = at * 26 + letter - ord("A") + 1
    return at


def write_csv(rows: Sequence[Sequence[Raw]]) -> bytes:
    """Return rows as csv in UTF-8 with the mark by which spreadsheets know it; formulas guarded."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    for row in rows:
        writer.writerow([neutral(text_of(cell)) for cell in row])
    return target.getvalue().encode("utf-8-sig")


Lay = Callable[[Any, Any], None]
"""Adds to a workbook: given xlsxwriter's workbook, and its first sheet."""


def write_workbook(name: str, rows: Sequence[Sequence[Raw]], lay: Lay | None = None) -> bytes:
    """Return rows as a workbook's first sheet: texts are texts, whatever they begin with.

    Raises:
        UsageError: the extra ``tables`` is not installed.

    """
    try:
        import xlsxwriter  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise UsageError(NEEDS_TABLES) from error
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(name)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                match cell:
                    case bool():
                        sheet.write_boolean(at, column, cell)
                    case int() | float():
                        sheet.write_number(at, column, cell)
                    case datetime():
                        sheet.write_datetime(at, column, cell, moment)
                    case date():
                        sheet.write_datetime(at, column, cell, day)
                    case _ if text := text_of(cell):
                        sheet.write_string(at, column, _cut(text))
        if lay is not None:
            lay(book, sheet)
    return target.getvalue()


def _cut(text: str) -> str:
    """Return a text as long as a cell takes it: what is left out is said."""
    if len(text) <= MAX_CELL:
        return text
    rest = len(text) - MAX_CELL + CUT
    return f"{text[: MAX_CELL - CUT]} … (+{rest})"


def write_rows(
    name: str, rows: Sequence[Sequence[Raw]], called: str = "1", lay: Lay | None = None
) -> bytes:
    """Return rows, the titles first, as what a file's name says: a workbook, or csv.

    ``called``, ``lay``: of a workbook the sheet's name, and what adds to it.
    """
    return write_workbook(called, rows, lay) if is_workbook(name) else write_csv(rows)
