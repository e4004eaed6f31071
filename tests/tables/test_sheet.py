"""Sheets are read as they stand, whatever wrote them; what is none says so; nothing becomes a formula."""

import io
import zipfile
import zlib
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedError, UsageError
from ledger.tables import sheet as reading
from ledger.tables.sheet import read_sheet, write_csv, write_rows

ROWS = [["名称", "数量"], ["清河茶铺", "12"], ["", ""], ["龙井", "0.5"]]


def lines(mark: str, end: str) -> str:
    return "".join(mark.join(row) + end for row in ROWS)


@pytest.mark.parametrize(
    ("raw", "read_as"),
    [
        (lines(",", "\r\n").encode("utf-8-sig"), "utf-8-sig"),
        (lines(",", "\n").encode(), "utf-8-sig"),
        (lines(";", "\r\n").encode("gb18030"), "gb18030"),
        (lines("\t", "\r\n").encode("utf-16"), "utf-16"),
        (lines(",", "\r").encode("gbk"), "gb18030"),
    ],
)
def test_encodings_and_separators_of_spreadsheets_are_known(raw: bytes, read_as: str):
    found = read_sheet(raw, "x.csv")
    assert found.read_as == read_as
    assert found.titles.cells == ("名称", "数量")
    assert [(row.number, row.cells) for row in found.rows] == [
        (2, ("清河茶铺", "12")),
        (4, ("龙井", "0.5")),
    ]


def test_a_workbook_s_cells_are_texts_as_a_person_sees_them():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        hidden = book.add_worksheet("hidden")
        hidden.hide()
        first = book.add_worksheet("data")
        first.activate()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        first.write_row(1, 0, ["a", "b", "c", "d", "e", "f"])
        first.write_row(2, 0, [6901234500004, 0.1, True])
        first.write_datetime(2, 3, date(2026, 12, 1), day)
        first.write_datetime(2, 4, datetime(2026, 12, 1, 8, 30), moment)  # noqa: DTZ001 - as in a sheet
        first.write_number(2, 5, 913301001000000081)
        first.merge_range("A4:A5", "both")
        first.write_string("B5", "second")
    found = read_sheet(target.getvalue(), "x.xlsx")
    assert (found.read_as, found.titles.number) == ("data", 2)
    row = found.rows[0]
    assert row.cells[:5] == ("6901234500004", "0.1", "true", "2026-12-01", "2026-12-01 08:30:00")
    assert row.rounded == {5}, "a number of 18 digits is not what somebody typed"
    assert [item.cells[0] for item in found.rows[1:]] == ["both", "both"]
    with pytest.raises(UsageError, match="no sheet 'x': it has hidden, data"):
        read_sheet(target.getvalue(), "x.xlsx", sheet="x")


def bomb() -> bytes:
    """Return a workbook that unpacks to more than any table."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * 1_000_000)
    return target.getvalue()


def far_out() -> bytes:
    """Return a workbook with two cells, so far apart that a reader would need 10 GB."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "x")
        sheet.write(1_048_575, 300, "y")
    return target.getvalue()


def book(rows: str, more: str = "", **parts: bytes) -> bytes:
    """Return a workbook of one sheet as nobody's software writes it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        made.add_worksheet("1").write_string(0, 0, "x")
    bent = io.BytesIO()
    with zipfile.ZipFile(target) as old, zipfile.ZipFile(bent, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            raw = old.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                head = raw[: raw.index(b"<sheetData")]
                raw = head + f"<sheetData>{rows}</sheetData>{more}</worksheet>".encode()
            new.writestr(item.filename, parts.pop(item.filename, raw))
        for name, raw in parts.items():
            new.writestr(name, raw)
    return bent.getvalue()


def cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(*cells: str) -> str:
    return f"<row>{''.join(cells)}</row>"


@pytest.mark.parametrize("place", ["xfd1048576", "XFD0001048576", "AXFD99999", "XFD" + "9" * 5_000])
def test_a_cell_far_out_is_found_however_its_place_is_written(place: str):
    with pytest.raises(MalformedError, match="cells as far out as row"):
        read_sheet(book(row(cell("A1", "a")) + row(cell(place, "z"))), "x.xlsx")


def test_merged_cells_span_what_is_there(monkeypatch: pytest.MonkeyPatch):
    def merged(*ranges: str) -> bytes:
        cells = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
        rows = row(cell("A1", "t"), cell("B1", "u")) + row(cell("A2", "x"), cell("B2", "y"))
        return book(rows + row(cell("B3", "z")), f"<mergeCells>{cells}</mergeCells>")

    found = read_sheet(merged("A2:A4000000000"), "x.xlsx")
    assert [one.cells for one in found.rows] == [("x", "y"), ("x", "z")]
    monkeypatch.setattr(reading, "MAX_AREA", 100)
    with pytest.raises(MalformedError, match="merged cells upon each other"):
        read_sheet(merged(*["A2:A3"] * 60), "x.xlsx")


def test_nothing_is_read_that_was_not_looked_at():
    rows = row(cell("A1", "a"), '<c r="B1" t="s"><v>0</v></c>')
    small = b"<sst><si><t>b</t></si>"
    large = small + b"<si><t>more than is said</t></si>" * 10 + b"</sst>"
    raw = book(rows, **{"xl/sharedStrings.xml": large})
    for told, less in ((len(large), len(small)), (zlib.crc32(large), zlib.crc32(small))):
        raw = raw.replace(told.to_bytes(4, "little"), less.to_bytes(4, "little"))
    assert zipfile.ZipFile(io.BytesIO(raw)).read("xl/sharedStrings.xml") == small
    checked = zipfile.ZipFile(io.BytesIO(reading._checked(raw)))
    assert checked.read("xl/sharedStrings.xml") == small
    assert checked.testzip() is None
    strange = {"content.xml": b"x", "xl/workbook.bin": b"x", "xl/media/image1.png": b"x"}
    kept = zipfile.ZipFile(io.BytesIO(reading._checked(book(rows, **strange)))).namelist()
    assert not strange.keys() & set(kept)
    assert read_sheet(book(row(cell("A1", "a")), **strange), "x.xlsx").titles.cells == ("a",)


def test_what_is_no_table_says_so(monkeypatch: pytest.MonkeyPatch):
    for raw, name, sentence in (
        (b"", "x.csv", "it is empty: a table begins with a row of titles"),
        (b"\xff\xff\x80", "x.csv", "line 1: neither UTF-8 nor GB18030"),
        (b"a\0b", "x.csv", "no csv: it has bytes 0"),
        (b'a,b\n"c,d\n', "x.csv", "no csv: unexpected end of data"),
        (b"a" + b"," * 600, "x.csv", "at most 1048576 rows and 500 columns"),
        (b"PK", "x.xlsx", "no workbook"),
        (far_out(), "x.xlsx", "cells as far out as row 1048576, column 301: delete what stands"),
        (bomb(), "x.xlsx", "no workbook that can be read"),
    ):
        with pytest.raises((MalformedError, UsageError), match=sentence):
            read_sheet(raw, name)
    monkeypatch.setattr(reading, "MAX_UNPACKED", 999_999)
    with pytest.raises(MalformedError, match="a workbook of 1000000 bytes unpacked"):
        read_sheet(bomb(), "x.xlsx")


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)


@given(
    st.lists(
        st.sampled_from(["=", "'", "-", "+", "@", "1", "\uff1d", "\uff20"]) | CELL,
        min_size=1,
        max_size=6,
    ).map("".join)
)
def test_what_is_written_is_read_again_and_no_formula(text: str):
    text = text.strip()
    for name in ("x.csv", "x.xlsx"):
        raw = write_rows(name, [["title"], [f"{text}."]])
        assert read_sheet(raw, name).rows[0].cells == (f"{text}.",)
    written = write_csv([["title"], [text]]).decode("utf-8-sig").splitlines()[1:]
    cell = "".join(written).strip('"')
    assert not cell.startswith(("=", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")), cell
    assert not cell.startswith(("+", "-")) or cell[1:].replace(",", "").replace(".", "").isdecimal()
