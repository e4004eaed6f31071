"""Moments within a cell or a line say their zone, which no title says there."""

from typing import Any

from ledger.tables.answered import Listing, Writing, row_line, table_of

ROW: dict[str, Any] = {
    "entry": 5,
    "until": "2026-04-21T21:43:00Z",
    "actions": [
        {"number": 1, "due": "2026-04-21T21:43:00Z", "verdict": {"from": "2026-04-21T21:43:00Z"}}
    ],
    "ends": ["2026-04-21T21:43:00Z"],
}


def test_a_moment_within_a_line_is_told_as_it_is():
    for lang in ("en", "zh"):
        assert row_line("plans", ROW, lang).count("2026-04-21T21:43:00Z") == 4


def test_a_moment_within_a_cell_says_its_zone_and_a_column_s_title_says_it_for_all():
    listing = Listing("plans", tuple(ROW), [ROW])
    for zone, said in (("+08:00", "2026-04-22 05:43:00 (+08:00)"), ("UTC", "2026-04-21 21:43:00")):
        titles, cells = table_of([listing], Writing("zh", zone))
        by_title = dict(zip(titles, cells, strict=True))
        assert any(str(title).endswith(f"({zone})") for title in titles)
        nested = [str(cell) for cell in by_title.values() if f"({zone})" in str(cell)]
        assert sum(cell.count(said) for cell in nested) == 3


def test_moments_in_a_reason_within_a_cell_are_in_the_zone_of_the_sheet():
    facts = {"until": "2026-04-21T21:43:00Z"}
    row = {"actions": [{"code": "period-open", "entries": [], "facts": facts}]}
    listing = Listing("listings", ("actions",), [row])
    _, (cell,) = table_of([listing], Writing("en", "+08:00"))
    assert "lasts until 2026-04-22 05:43:00 (+08:00)" in str(cell)
    _, (cell,) = table_of([listing], Writing("en", "UTC"))
    assert "2026-04-21T21:43:00Z" in str(cell)
