"""Results as reports write them, and states and titles by the word of their list: nothing a reader takes for another."""

import pytest

from ledger.phrases import details
from ledger.phrases.payload_words import in_words
from ledger.statements.catalogue import body_of
from ledger.tables.answered import row_line

DAY = "2026-09-01T00:00:00Z"
CITED = {"id": "ab" * 32, "topic": "standard", "subject": "urn:standard:a"}
REPORT = {
    "v": 1,
    "type": "test-report",
    "lot": "https://id.gs1.org/01/06901234500004/10/A7",
    "number": "1",
    "client": "did:web:a.example",
    "custody": "ab" * 32,
    "method": "m",
    "accreditations": [CITED],
    "condition": "c",
    "received": DAY,
    "tested_from": DAY,
    "tested_until": DAY,
    "issued": "2026-09-01T00:00:00+08:00",
    "decision_rule": "simple",
    "standard": CITED,
}


def result(**said: str) -> dict[str, object]:
    return {"entry": 4, "outcome": "pass", "state": "final"} | said


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"property": "铅", "value": "<0.01", "unit": "mg/kg"}, "铅：<0.01 mg/kg，"),
        (
            {"property": "沙门氏菌", "value": "absent, present", "unit": "25 g"},
            "沙门氏菌：未检出、检出（取样量 25 g），",
        ),
        ({"property": "香气", "value": "清香, 持久", "unit": "-"}, "香气：清香, 持久，"),
    ],
)
def test_what_was_only_looked_for_is_told_in_words(said: dict[str, str], told: str):
    (line,) = details({"results": [result(**said)]}, "zh")
    assert line == f"{told}合格，最终（条目 4）"


@pytest.mark.parametrize(
    ("found", "value"),
    [
        ({"value": "0.01", "below_detection": True}, "<0.01"),
        ({"values": ("absent", "absent")}, "未检出、未检出"),
    ],
)
def test_a_detection_limit_is_not_told_as_a_value(found: dict[str, object], value: str):
    one = {"property": "铅", "unit": "mg/kg", "outcome": "pass", **found}
    body = body_of(REPORT | {"results": [one]})
    told = dict(in_words(body, {}, "zh"))
    title = "测得值" if "value" in found else "各单元测得值"
    assert told[f"检测结果 1 · {title}"] == value


def test_a_period_without_an_end_says_so():
    said = {"kind": "business", "number": "urn:qualification:a:1", "categories": ["food"]}
    said |= {"v": 1, "type": "qualification", "from": "2026-01-01T00:00:00Z", "until": None}
    body = body_of(said)
    assert dict(in_words(body, {}, "zh"))["截止日期"] == "无期限"


@pytest.mark.parametrize(
    ("listed", "row", "told"),
    [
        ("draws", {"draw": "D", "left": 2, "executed": 0}, "D：等待结果，"),
        (
            "invitations",
            {"to": "P", "from": "F", "until": None, "visits": []},
            "P，F 至 无期限：可应邀",
        ),
    ],
)
def test_open_is_said_by_what_is_open(listed: str, row: dict[str, object], told: str):
    (line,) = details({listed: [row | {"state": "open", "entry": 5}]}, "zh")
    assert line.startswith(told)


def test_a_finding_is_severe_an_inspection_strict():
    row = {"entry": 5, "findings": [{"point": "卫生", "severity": "minor", "text": "积水"}]}
    assert "严重程度：轻微" in row_line("visits", row, "zh")
