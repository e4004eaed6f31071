"""What an answer lists, as sheets: every row, in the reader's words, and nothing a spreadsheet runs."""

import re
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from client.serving import Service
from tea import AGENT, GARDEN, GTIN, LOT, MARK, TRADER, Tea
from world import BRAND

from ledger.phrases.column_titles import called_title, column_title, list_title
from ledger.questions.declared import QUESTIONS
from ledger.questions.shapes import SHAPES
from ledger.tables.sheet import MAX_CELL, Sheet, read_sheet, write_workbook

EVIL = "=HYPERLINK(1)"


def sheet(name: str) -> Sheet:
    return read_sheet(Path(name).read_bytes(), name)


def cells(name: str) -> list[dict[str, str]]:
    found = sheet(name)
    return [dict(zip(found.titles.cells, row.cells, strict=True)) for row in found.rows]


def test_who_may_sell_a_brand_is_a_sheet_with_names_and_local_times(story: Tea, run: Run):
    fields = {"names": {"en": EVIL}, "country": "DE", "roles": ["trader"]}
    story.world.accept(story.sign("party-update", "operator", AGENT, fields | {"keys": []}))
    asked = ("brand", MARK, "--csv", "b.csv", "--xlsx", "b.xlsx")
    code, _, err = run(*asked)
    assert (code, err) == (0, "b.csv: 4 rows\nb.xlsx: 4 rows\n")
    rows = cells("b.csv")
    assert rows == cells("b.xlsx")
    assert [row["List"] for row in rows] == ["Paper of the brand", "Given", "Given", "Given"]
    assert rows[1]["Authorised party"] == AGENT
    assert rows[1]["Authorised party: name"] == EVIL
    assert rows[1]["From (UTC)"] == "2026-01-01"
    assert f"'{EVIL}" in Path("b.csv").read_text("utf-8-sig"), "it is guarded"
    assert run(*asked, "--lang", "zh", "--time-zone", "+08:00")[0] == 0
    rows = cells("b.xlsx")
    assert rows == cells("b.csv")
    assert rows[1]["开始日期 (+08:00)"] == "2026-01-01 08:00:00"
    assert rows[1]["列表"] == "所作授权"
    code, _, err = run(*asked, "--time-zone", "Nowhere")
    assert (code, "--time-zone: time zone 'Nowhere'" in err) == (2, True), err
    code, _, err = run("brand", MARK, "--xlsx", "b.txt")
    assert (code, "name it .xlsx" in err) == (2, True), err


def test_of_an_answer_in_pages_all_are_written(story: Tea, run: Run):
    story.lot(LOT)
    made = {"quantity": {"amount": "1", "unit": "kg"}, "facility": GARDEN, "made": story.time(-30)}
    lots = [f"{GTIN}/10/L{number}" for number in range(60)]
    said = [story.sign("lot", "brand", lot, made) for lot in lots]
    for outcome in story.world.register(*said):
        assert outcome.id
    assert run("place", GARDEN, "--csv", "all.csv")[0] == 0
    rows = [row for row in cells("all.csv") if row["List"] == "Lot made there"]
    assert {row["Lot"] for row in rows} == {LOT, *lots}
    assert {row["Lot: name"] for row in rows} == {"Green tea"}, "as its product is called"
    assert len(rows) == 61
    assert sum(row["List"] == "Owner" for row in cells("all.csv")) == 1
    assert run("place", GARDEN, "--page", "2", "--csv", "two.csv")[0] == 0
    assert sum(row["List"] == "Lot made there" for row in cells("two.csv")) == 11


def test_behind_a_server_the_sheet_is_the_same(served: Service, run: Run):
    met = ("--server", served.url, "--trust", "trust.txt")
    for asked in (("grants", AGENT), ("history", "identity", BRAND)):
        here = run(*asked, "--csv", "here.csv")
        there = run(*asked, *met, "--csv", "there.csv")
        assert (here[0], there[0]) == (0, 0), there[2]
        assert Path("here.csv").read_bytes() == Path("there.csv").read_bytes(), asked
        assert len(cells("here.csv")) > 0


def test_histories_parties_and_labels_are_sheets_too(estate: Estate, run: Run):
    assert run("history", "identity", BRAND, "--csv", "h.csv", "--lang", "zh")[0] == 0
    [row] = cells("h.csv")
    assert (row["声明类型"], row["对象名称"], row["对象"]) == ("主体登记", "brand", BRAND)
    assert run("search", "trader", "--xlsx", "s.xlsx")[0] == 0
    assert cells("s.xlsx")[0]["Id"] == TRADER
    assert run("labels", "--csv", "l.csv")[0] == 0
    assert sheet("l.csv").titles.cells[:3] == ("Kind", "Product", "Shop")
    del estate


def columns(shape: object, *, listed: bool) -> set[str]:
    """Return the fields of rows that a shape has, at any depth."""
    match shape:
        case dict():
            own = {name.rstrip("?") for name in shape} if listed else set()
            return own.union(*(columns(inner, listed=listed) for inner in shape.values()))
        case [inner]:
            return columns(inner, listed=True)
        case (inner, None):
            return columns(inner, listed=listed)
    return set()


@pytest.mark.parametrize("question", SHAPES)
def test_every_list_and_column_has_a_title_in_both_languages(question: str):
    shape = SHAPES[question]
    for lang in ("zh", "en"):
        for name in columns(shape, listed=False) - {"code", "entries", "facts"}:
            title = called_title(name, lang)
            assert column_title(name, lang)
            assert (
                re.search(
                    r"([\u4e00-\u9fff]{2,}|\b[a-z]+\b): ?\1|([\u4e00-\u9fff]{2,})\2", title.lower()
                )
                is None
            ), title
        for item in QUESTIONS[question].parameters:
            assert column_title(item.name, lang)
        for name, inner in shape.items() if isinstance(shape, dict) else ():
            assert not isinstance(inner, list) or list_title(name.rstrip("?"), lang)


def test_a_text_longer_than_a_cell_is_cut_and_says_so():
    text = "茶" * (MAX_CELL + 5)
    raw = write_workbook("1", [["Title"], [text], [text[:MAX_CELL]]])
    long, whole = (row.cells[0] for row in read_sheet(raw, "a.xlsx").rows)
    assert long.endswith("… (+25)")
    assert long.count("茶") == MAX_CELL - 20
    assert whole == text[:MAX_CELL]
