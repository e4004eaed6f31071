"""What a server says beside what is verified: rows of one form, whatever it sends."""

import pytest

from ledger.client.beside import MAX_ROWS, rows_of

FORM = {"about": str, "near": list}
ROW = {"about": "A", "near": ["B"]}


@pytest.mark.parametrize(
    ("told", "rows"),
    [
        ('[{"about": "A", "near": ["B"]}]', [ROW]),
        ([ROW, {"about": "A"}, {"about": 1, "near": []}, {"about": "A", "near": [1]}, 7], [ROW]),
        ("", []),
        ("[" * 100_000, []),
        ("{}", []),
        ('{"about": "A", "near": ["B"]}', []),
        (None, []),
        ([ROW] * (MAX_ROWS + 1), [ROW] * MAX_ROWS),
    ],
)
def test_rows_of_another_form_are_left_out(told: object, rows: list):
    assert rows_of(told, FORM) == rows
