"""Strict JSON for payloads."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedError
from ledger.primitives.ijson import MAX_DEPTH, MAX_INTEGER, decode, encode

texts = st.text(max_size=20)
leaves = texts | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.booleans() | st.none()
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=30,
).filter(lambda value: depth(value) <= MAX_DEPTH)


def depth(value) -> int:
    """Count the brackets around the innermost value."""
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth, items), default=0)
    return 0


def refuses(raw: bytes) -> bool:
    try:
        decode(raw)
    except MalformedError:
        return True
    return False


def test_the_payloads_of_the_vectors_come_out_as_they_say(vectors):
    cases = json.loads((vectors / "pinyuan/formats.json").read_text())["json_payloads"]
    assert cases
    for case in cases:
        assert refuses(case["json"].encode()) != case["ok"], case["json"]


@given(values)
def test_what_was_encoded_decodes_to_the_same_value_in_the_same_order(value):
    # repr tells True from 1 and one order of keys from another; == does not.
    assert repr(decode(encode(value))) == repr(value)


@given(values)
def test_blanks_and_escapes_are_read_alike(value):
    assert decode(json.dumps(value, indent=1, ensure_ascii=True).encode()) == value


@given(st.binary(max_size=60) | st.text('[]{}",:\\u0d8 1-.e', max_size=60).map(str.encode))
def test_arbitrary_bytes_raise_nothing_else(raw):
    refuses(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("9007199254740991", 2**53 - 1),
        ("-9007199254740991", 1 - 2**53),
        ("0", 0),
        ("-1", -1),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"\U0001f600"', "\U0001f600"),
        ('"\\u0000"', "\x00"),
        ('"\\/"', "/"),
        (" \t\r\n[ ]\n", []),
    ],
)
def test_what_every_reader_reads_alike_is_read(raw, value):
    assert decode(raw.encode()) == value


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"9007199254740992", id="2^53"),
        pytest.param(b"-9007199254740992", id="-2^53"),
        pytest.param(b"1" * 60_000, id="60,000 digits"),
        pytest.param(b"-0", id="minus zero"),
        pytest.param(b"00", id="leading zero"),
        pytest.param(b"+1", id="plus sign"),
        pytest.param(b"1_000", id="underscore"),
        pytest.param("\uff11".encode(), id="a full-width digit"),
        pytest.param("[1\uff11]".encode(), id="a full-width digit behind another"),
        pytest.param(b"0x10", id="hexadecimal"),
        pytest.param(b"0.0", id="a fraction"),
        pytest.param(b"1E2", id="an exponent"),
        pytest.param(b"[NaN]", id="NaN"),
        pytest.param(b"[Infinity]", id="Infinity"),
        pytest.param(b"[-Infinity]", id="-Infinity"),
        pytest.param(b'{"a":1,"a":1}', id="a key twice"),
        pytest.param(b'{"a":1,"\\u0061":1}', id="a key twice, once escaped"),
        pytest.param(b'{"/":1,"\\/":1}', id="a key twice, once with an escaped solidus"),
        pytest.param('{"é":1,"\\u00e9":1}'.encode(), id="a key twice, once beyond ASCII"),
        pytest.param(b'{"\\ud83d\\ude00":1,"\xf0\x9f\x98\x80":1}', id="a key twice, once paired"),
        pytest.param(b'[{"b":{"a":1,"a":2}}]', id="a key twice, deep inside"),
        pytest.param(b'"\\ud800"', id="a lone high surrogate"),
        pytest.param(b'"\\udc00"', id="a lone low surrogate"),
        pytest.param(b'"\\ude00\\ud83d"', id="surrogates in the wrong order"),
        pytest.param(b'"\\ud83d\\ud83d\\ude00"', id="a high surrogate before a pair"),
        pytest.param(b'{"\\uD800":1}', id="a lone surrogate in a key"),
        pytest.param(b'"\xed\xa0\x80"', id="a surrogate in bytes"),
        pytest.param(b'"\xc0\x80"', id="over-long UTF-8"),
        pytest.param(b'"\xff"', id="not UTF-8"),
        pytest.param('"a"'.encode("utf-16"), id="UTF-16"),
        pytest.param(b"\xef\xbb\xbf{}", id="a byte order mark"),
        pytest.param(b'"\n"', id="a line feed in a string"),
        pytest.param(b'"\x00"', id="a NUL in a string"),
        pytest.param(b"{}\x00", id="a NUL behind"),
        pytest.param("\u00a0{}".encode(), id="a no-break space"),
        pytest.param(b"{}{}", id="two values"),
        pytest.param(b"[1,]", id="a trailing comma"),
        pytest.param(b"{a:1}", id="a bare key"),
        pytest.param(b"{1:1}", id="a number as key"),
        pytest.param(b"[1]//", id="a comment"),
        pytest.param(b'"\\x41"', id="an unknown escape"),
        pytest.param(b'"\\u00g0"', id="a bad escape"),
        pytest.param(b"True", id="Python's True"),
        pytest.param(b" ", id="blanks"),
    ],
)
def test_what_readers_read_differently_is_refused(raw):
    assert refuses(raw)


@pytest.mark.parametrize(
    ("opening", "inner", "closing"),
    [("[", "", "]"), ("[", "1", "]"), ('{"a":', "{}", "}"), ('[{"a":', '"["', "}]")],
)
def test_values_nest_sixteen_deep_and_no_deeper(opening, inner, closing):
    brackets = opening.count("[") + opening.count("{")
    times = (16 - (inner == "{}")) // brackets
    assert MAX_DEPTH == 16
    assert depth(decode((opening * times + inner + closing * times).encode())) == 16
    times += 1
    assert refuses((opening * times + inner + closing * times).encode())


def test_brackets_are_counted_by_depth_and_not_by_number():
    assert decode(b"[" + b"[],{}," * 100 + b"0]")[-1] == 0


@pytest.mark.parametrize(
    "text", ["[" * 50, "{" * 50, '"' + "[" * 50, "\\" * 3 + '"' + "[{" * 20, "]" * 50 + "[" * 50]
)
def test_brackets_within_strings_are_text(text):
    assert decode(encode({text: [text]})) == {text: [text]}


def test_a_string_does_not_hide_the_brackets_behind_it():
    for text in ('"', "\\", '\\"', "]" * 20):
        assert refuses(encode(text).join([b"[", b"," + b"[" * 16 + b"]" * 17]))


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 60_000,
        b'{"":' * 15_000,
        b'"' + b"[" * 60_000,
        b'"\\"",' + b"[" * 60_000,
        b"\\" + b"[" * 60_000,
        b"]" * 30_000 + b"[" * 30_000,
        b"[" * 30_000 + b"]" * 30_000,
    ],
)
def test_sixty_thousand_brackets_are_refused_and_exhaust_nothing(raw):
    assert refuses(raw)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"[" * 17 + b'"' + b'\\"' * 10_000, id="escapes in a string without end"),
        pytest.param(b'"",' * 10_000 + b"[" * 17, id="strings"),
        pytest.param(b"[" * 17 + b'"' + b"\\" * 20_000, id="backslashes"),
    ],
)
def test_bytes_are_refused_in_time_that_grows_with_their_number(raw):
    started = time.process_time()
    assert refuses(raw)
    assert time.process_time() - started < 0.25


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b"[1.5]",
        b"[1e2]",
        b"[-0]",
        b"[9007199254740992]",
        b"[-9007199254740992]",
        b"[99999999999999999999]",
        b"[NaN]",
        b'["\\ud800"]',
        b'["\xff"]',
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
    ],
)
def test_compact_text_is_refused_as_any_other(raw):
    assert refuses(raw)
    assert refuses(b" " + raw)


@given(st.recursive(leaves | st.floats(), lambda inner: st.lists(inner, max_size=4), max_leaves=8))
def test_compact_text_is_read_as_the_same_text_with_blanks(value):
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    assert refuses(raw) == refuses(b" " + raw + b" ")
    if not refuses(raw):
        assert repr(decode(raw)) == repr(decode(b" " + raw + b" "))
