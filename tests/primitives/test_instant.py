"""Moments are told to the microsecond, and read back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.primitives.instant import Span, format_us, given_us, parse_us


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


@pytest.mark.parametrize(
    ("text", "time_us"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-05-01T08:00:00Z", 1_777_622_400_000_000),
        ("2026-05-01T08:00:00.25Z", 1_777_622_400_250_000),
        ("2026-05-01T08:00:00.000001Z", 1_777_622_400_000_001),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ],
)
def test_what_people_give_is_taken_to_the_microsecond(text: str, time_us: int):
    assert given_us(text) == time_us
    assert given_us(format_us(time_us)) == time_us


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-05-01", "not a time like"),
        ("yesterday", "not a time like"),
        ("2026-05-01T08:00:00.1234567Z", "not a time like"),
        ("2026-05-01T24:00:00Z", "not a time like.*hour"),
        ("2026-02-30T08:00:00Z", "not a time like.*day"),
        ("2026-05-01T08:00:00", "end in Z"),
        ("2026-05-01T08:00:00+08:00", "end in Z"),
        ("1969-12-31T23:59:59Z", "since 1970"),
    ],
)
def test_what_would_have_to_be_rounded_or_guessed_is_refused(text: str, why: str):
    with pytest.raises(ValueError, match=why):
        given_us(text)


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (0, "0 seconds", "0 秒"),
        (1, "1 second", "1 秒"),
        (3_600, "1 hour", "1 小时"),
        (90, "1 minute 30 seconds", "1 分钟 30 秒"),
        (86_400 + 59, "1 day", "1 天"),
        (6_039_546, "69 days 21 hours", "69 天 21 小时"),
    ],
)
def test_how_long_is_told_by_its_two_largest_units(seconds: int, en: str, zh: str):
    assert (Span(seconds).to("en"), Span(seconds).to("zh")) == (en, zh)
