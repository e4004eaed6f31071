"""Decimal, hexadecimal and base64 text in one spelling, where Python's own take several."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedError
from ledger.primitives.strict import (
    format_base64,
    format_base64url,
    parse_base64,
    parse_base64url,
    parse_decimal,
    parse_hex,
)


def is_refused(parse, text: str, **limits: int) -> bool:
    try:
        parse(text, **limits)
    except MalformedError:
        return True
    return False


@given(st.integers(0, 2**64 - 1))
def test_a_decimal_number_parses_to_itself(value):
    assert parse_decimal(str(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "01", "00", "-1", "-0", "+1", "+0", "1_0", " 1", "1 ", "1\n", "\n1", "\t1"),
        *("1.0", "1e3", "0x10", "0b1", "1,000", "\u0663", "\uff11", "1\u0663", "\u00b2", "\u4e00"),
        *("1\x00", "NaN", "inf", "None", "18446744073709551616", "99999999999999999999"),
        "1" * 5000,  # beyond what int() reads at all
    ],
)
def test_another_spelling_of_a_number_is_refused(text):
    assert is_refused(parse_decimal, text)


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), ("9", 9), ("18446744073709551615", 2**64 - 1)]
)
def test_numbers_below_2_to_the_64_are_read(text, value):
    assert parse_decimal(text) == value


@given(st.binary(max_size=80))
def test_bytes_come_back_from_their_text(raw):
    assert parse_hex(raw.hex(), size_bytes=len(raw)) == raw
    assert parse_base64(format_base64(raw)) == raw
    assert parse_base64url(format_base64url(raw)) == raw
    assert format_base64(raw) == base64.b64encode(raw).decode()
    assert format_base64url(raw) == base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "ab", "abc", "abcde", "abcdef"),
        *("ABCD", "abcD", "ab cd", "ab cd"[:4], " abc", "abc ", "abcd\n", "\nabc", "ab\tc"),
        *("0xab", "abcg", "ab:c", "-abc", "+abc", "a_bc", "\u0663\u0663\u0663\u0663", "\uff41bcd"),
    ],
)
def test_another_spelling_of_two_bytes_is_refused(text):
    assert is_refused(parse_hex, text, size_bytes=2)


BASE64 = [
    *("A", "AA", "AAA", "AA=", "AAAA=", "AAAA==", "AAAA====", "=", "==", "====", "A===", "=AAA"),
    *("AA==AA==", "AAA=AAAA", "AA=A", "AA= =", "A=A="),
    *(" ab ", " AAAA", "AAAA ", "AAAA\n", "\nAAAA", "AA\nAA", "AA AA", "AA\tAA", "AAAA\x00"),
    *("A!A==", "A!A=", "AA!A", "AAAA!", "!AAAA", "AA.A", "AA*A", "AA\\A"),
    *("\u0410AAA", "AAA\uff21", "\u0663AAA", "AAA\ud800"),
    *("AB==", "AAB=", "//==", "///=", "AP==", "AAAAAB=="),  # spare bits that are not zero
]


@pytest.mark.parametrize("text", [*BASE64, "A-AA", "A_AA", "-_-_"])
def test_another_spelling_of_base64_is_refused(text):
    assert is_refused(parse_base64, text)


@pytest.mark.parametrize(
    "text",
    [
        *(text for text in BASE64 if text not in ("AA", "AAA")),
        *("A+AA", "A/AA", "+/+/", "AA==", "AAA=", "AB", "AAB", "__", "___", "AAAAA", "AAAAAB"),
    ],
)
def test_another_spelling_of_base64url_is_refused(text):
    assert is_refused(parse_base64url, text)


def test_base64_and_base64url_differ_in_two_characters_and_padding():
    assert parse_base64("+/+/") == parse_base64url("-_-_") == b"\xfb\xff\xbf"
    assert parse_base64("AA==") == parse_base64url("AA") == b"\x00"
    assert parse_base64("AAA=") == parse_base64url("AAA") == b"\x00\x00"
    assert parse_base64("") == parse_base64url("") == b""


base64_like = st.text("AZaz09+/-_=\n !\u0663", max_size=8)


@given(st.text(max_size=8) | base64_like)
def test_any_text_is_the_one_spelling_of_its_bytes_or_refused(text):
    if not is_refused(parse_base64, text):
        assert format_base64(parse_base64(text)) == text
    if not is_refused(parse_base64url, text):
        assert format_base64url(parse_base64url(text)) == text
    if not is_refused(parse_hex, text, size_bytes=2):
        assert parse_hex(text, size_bytes=2).hex() == text
    if not is_refused(parse_decimal, text):
        assert str(parse_decimal(text)) == text
