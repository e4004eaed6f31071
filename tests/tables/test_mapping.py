"""A mapping as people write it: columns by their titles, rows together by several columns, errors without jargon."""

import json

import pytest

from ledger.errors import MalformedError
from ledger.statements.catalogue import CATALOGUE
from ledger.tables.mapping import parse_mapping
from ledger.tables.reading import Reading
from ledger.tables.rows import Table, read_table
from ledger.tables.sheet import read_sheet

REPORT = CATALOGUE["test-report"]
TITLES = ["样品", "编号", "份", "共", "方法", "项目", "单位", "结果", "单项判定"]
COLUMNS = {
    "样品": "样品编号", "编号": "报告编号", "份": "部分：序号", "共": "部分：总数", "方法": "检测方法",
    "项目": "检测项目", "结果": "测得值",
}  # fmt: skip
ROWS = [
    ["a", "7", "1", "2", "M1", "铅", "mg/kg", "0.3", "不作判定"],
    ["a", "7", "1", "2", "M1", "镉", "mg/kg", "0.1", "不作判定"],
    ["a", "7", "2", "2", "M2", "菌落总数", "CFU/g", "10", "不作判定"],
    ["b", "8", "", "", "M1", "铅", "mg/kg", "0.2", "不作判定"],
]
DAY = "2026-09-01T00:00:00Z"
COMMON = {
    "lot": "https://id.gs1.org/01/06901234500004/10/A7", "client": "did:web:a.example",
    "custody": "ab" * 32, "condition": "c", "received": DAY, "tested_from": DAY, "tested_until": DAY,
    "issued": DAY, "decision_rule": "simple",
    "accreditations": [{"id": "ab" * 32, "topic": "qualification", "subject": "did:web:a.example"}],
}  # fmt: skip


def read(together: object, rows: list[list[str]]) -> Table:
    text = "".join(",".join(row) + "\n" for row in [TITLES, *rows])
    said = {"columns": COLUMNS, "together": together, "time_zone": "+08:00"}
    layout = parse_mapping(json.dumps(said).encode())
    how = Reading("zh", lambda *_: (), lambda _: {})
    return read_table(REPORT, read_sheet(text.encode(), "t.csv"), layout, COMMON, how)


def test_parts_of_a_report_are_statements_by_two_columns():
    table = read(["编号", "份"], ROWS)
    assert table.faults == []
    assert [draft.rows for draft in table.drafts] == [(2, 3), (4,), (5,)]
    assert [draft.fields.get("part") for draft in table.drafts] == [
        {"number": 1, "of": 2},
        {"number": 2, "of": 2},
        None,
    ]


def test_who_lists_one_column_is_told_of_the_other():
    (first, *_) = read("编号", ROWS).faults
    assert (first.row, first.column) == (4, "份")
    assert "请在对应文件的 together 中也列出此列" in first.text
    (gone,) = read(["编号", "部"], ROWS).faults
    assert (gone.row, gone.column) == (1, "部")


def test_what_is_no_one_value_is_told_its_column():
    (fault,) = read(["编号", "份"], [[*ROWS[0][:7], "<10;<10;20", "不作判定"]]).faults
    assert "填「各单元测得值」列" in fault.text
    assert "填「文字结果」列" in fault.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"together": 7}, "不是对应文件：together：应为一个列名，或列名的列表"),
        ({"until_inclusive": "是"}, "不是对应文件：until_inclusive：应为真假值（true、false）"),
    ],
)
def test_a_wrong_mapping_is_told_how_it_is_written(said: dict[str, object], told: str):
    with pytest.raises(MalformedError) as error:
        parse_mapping(json.dumps(said).encode())
    assert error.value.sentence.to("zh") == told
