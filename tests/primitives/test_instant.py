"""Moments are told to the microsecond, and read back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.primitives.instant import format_us, parse_us


@given(st.integers(0, 4_102_444_800_000_000))
def test_a_moment_is_told_as_it_is(time_us: int):
    assert parse_us(format_us(time_us)) == time_us


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-05-01",
        "2026-05-01T08:00:00.25Z",
        "2026-05-01T08:00:00+00:00",
        "2026-13-01T08:00:00Z",
        "2026-05-01T24:00:00Z",
    ],
)
def test_what_is_spelled_otherwise_is_no_moment(text: str):
    with pytest.raises(ValueError, match=r"not a time|month|hour"):
        parse_us(text)
