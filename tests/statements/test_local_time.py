"""A laboratory's own time: the month it is listed in is that of its own calendar."""

import pytest

from ledger.statements.fields import LocalTime, parse_local_us, parse_time_us

SAME = {
    "2026-10-31T23:30:00Z": "2026-10",
    "2026-11-01T07:30:00+08:00": "2026-11",
    "2026-10-31T18:00:00-05:30": "2026-10",
    "2026-11-01T13:30:00+14:00": "2026-11",
}


@pytest.mark.parametrize(("text", "month"), SAME.items())
def test_one_moment_is_of_the_month_where_its_issuer_is(text: str, month: str):
    assert LocalTime(text).us == parse_time_us("2026-10-31T23:30:00Z")
    assert LocalTime(text).month == month


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01T07:30:00+00:00",
        "2026-11-01T07:30:00-00:00",
        "2026-11-01T07:30:00+14:15",
        "2026-11-01T07:30:00-12:15",
        "2026-11-01T07:30:00+08",
        "2026-11-01T07:30:00+0800",
        "2026-11-01T07:30:00+08:01",
        "2026-11-01T07:30:00.5+08:00",
        "2026-11-01T07:30:00",
        "2026-11-01",
        "2026-11-31T07:30:00+08:00",
        "2026-11-01t07:30:00z",
    ],
)
def test_another_spelling_is_refused(text: str):
    with pytest.raises(ValueError, match=r"time|offset|day"):
        parse_local_us(text)
