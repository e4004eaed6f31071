"""Strict CBOR: one value, one spelling."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cose.cbor import MAX_DEPTH, bstr, decode, encode, head
from ledger.errors import MalformedError

UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG = range(7)

integers = st.integers(-(2**64), (2**64) - 1)
keys = integers | st.text(max_size=9)
leaves = keys | st.booleans() | st.none() | st.binary(max_size=300)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
).filter(lambda value: depth(value) <= MAX_DEPTH)


def depth(value) -> int:
    """Count the containers around the innermost item."""
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=-1) if isinstance(value, list) else 0


def refuses(raw: bytes) -> bool:
    try:
        decode(raw, "what")
    except MalformedError as error:
        return str(error).startswith("what: ")
    return False


@given(values)
def test_what_was_encoded_decodes_to_the_same_value_in_the_same_order(value):
    # repr tells True from 1 and one order of keys from another; == does not.
    assert repr(decode(encode(value), "what")) == repr(value)


@given(st.binary(max_size=80))
def test_arbitrary_bytes_raise_nothing_else(raw):
    refuses(raw)


@given(values.map(encode), st.data())
def test_damaged_bytes_are_refused_or_spell_another_value(raw, data):
    at = data.draw(st.integers(0, len(raw) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[at]))
    damaged = raw[:at] + bytes([other]) + raw[at + 1 :]
    if not refuses(damaged):
        assert repr(decode(damaged, "what")) != repr(decode(raw, "what"))


@given(st.lists(st.integers(0, 70_000), min_size=1, max_size=3), values)
def test_no_tag_is_accepted_however_many_and_wherever(tags, value):
    tagged = b"".join(head(TAG, tag) for tag in tags) + encode(value)
    assert refuses(tagged)
    assert refuses(head(ARRAY, 1) + tagged)
    assert refuses(head(MAP, 1) + encode(1) + tagged)


def test_the_order_of_keys_is_kept_as_received():
    raw = bytes.fromhex("a3 03 61 63 01 61 61 02 61 62")
    assert list(decode(raw, "what").items()) == [(3, "c"), (1, "a"), (2, "b")]
    assert encode(decode(raw, "what")) == raw


def body(major: int, count: int) -> bytes:
    """Return what follows a head: nothing, a string, items or pairs."""
    match major:
        case 2 | 3:
            return b"a" * count
        case 4:
            return b"\x00" * count
        case 5:
            return b"".join(encode(key) + b"\x00" for key in range(count))
        case _:
            return b""


def long_head(major: int, count: int, width: int) -> bytes:
    """Return a head whose count takes ``width`` bytes, needed or not."""
    return bytes([major << 5 | 23 + width.bit_length()]) + count.to_bytes(width)


STEPS = [(count, width) for width in (1, 2, 4, 8) for count in (0, 23)]
STEPS += [(count, width) for width in (2, 4, 8) for count in (24, 255)]
STEPS += [(count, width) for width in (4, 8) for count in (256, 65_535)]


@pytest.mark.parametrize("major", range(6))
@pytest.mark.parametrize(("count", "width"), STEPS)
def test_a_count_in_more_bytes_than_it_needs_is_refused(major, count, width):
    shortest = head(major, count) + body(major, count)
    assert not refuses(shortest)
    assert encode(decode(shortest, "what")) == shortest
    assert refuses(long_head(major, count, width) + body(major, count))


@pytest.mark.parametrize("count", [1 << 16, (1 << 32) - 1])
def test_a_number_of_four_bytes_is_refused_in_eight(count):
    assert not refuses(head(UNSIGNED, count))
    assert not refuses(head(NEGATIVE, count))
    assert refuses(long_head(UNSIGNED, count, 8))
    assert refuses(long_head(NEGATIVE, count, 8))


@pytest.mark.parametrize("count", [0, 23, 24, 255, 256, 65_535, 65_536, 70_000])
def test_the_heads_written_here_are_those_of_the_encoder(count):
    assert bstr(bytes(count)) == encode(bytes(count))
    assert head(UNSIGNED, count) == encode(count)
    assert head(NEGATIVE, count) == encode(-1 - count)
    assert head(ARRAY, count) + bytes(count) == encode([0] * count)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("a2 01 00 01 00", id="a key twice"),
        pytest.param("a2 01 00 01 02", id="a key twice with different values"),
        pytest.param("a2 01 00 18 01 00", id="a key twice, once over-long"),
        pytest.param("a2 61 61 00 61 61 00", id="a text key twice"),
        pytest.param("81 a1 01 a2 02 00 02 00", id="a key twice, deep inside"),
        pytest.param("a2 01 00 f5 00", id="1 and true, which Python takes for one key"),
        pytest.param("9f ff", id="an indefinite array"),
        pytest.param("bf ff", id="an indefinite map"),
        pytest.param("5f 41 00 ff", id="an indefinite byte string"),
        pytest.param("7f 61 61 ff", id="an indefinite text"),
        pytest.param("81 9f 00 ff", id="an indefinite array inside"),
        pytest.param("ff", id="a break alone"),
        pytest.param("00 00", id="two values"),
        pytest.param("80 ff", id="a break behind"),
        pytest.param("f6 f6", id="null twice"),
        pytest.param("", id="nothing"),
        pytest.param("18", id="a head cut short"),
        pytest.param("42 00", id="a string cut short"),
        pytest.param("82 00", id="an array cut short"),
        pytest.param("a1 00", id="a map cut short"),
        pytest.param("9b ff ff ff ff ff ff ff ff", id="an array of 2^64 - 1 items"),
        pytest.param("bb 7f ff ff ff ff ff ff ff", id="a map of 2^63 - 1 pairs"),
        pytest.param("5b 00 00 ff ff ff ff ff ff", id="a string of 2^48 bytes"),
        pytest.param("d2 80", id="tag 18"),
        pytest.param("d8 62 80", id="tag 98"),
        pytest.param("c0 74 31393730 2d30312d 30315430 303a3030 3a30305a", id="tag 0, a date"),
        pytest.param("c1 00", id="tag 1, a time"),
        pytest.param("c2 41 01", id="a bignum that has a shorter form"),
        pytest.param("c2 49 01 0000000000000000", id="a bignum of 2^64"),
        pytest.param("c3 49 01 0000000000000000", id="a bignum of -1 - 2^64"),
        pytest.param("c4 82 00 01", id="a decimal fraction"),
        pytest.param("c5 82 1b 7fffffffffffffff 01", id="a bigfloat without measure"),
        pytest.param("d8 1e 82 01 00", id="one divided by zero"),
        pytest.param("d8 1c 81 d8 1d 00", id="a list that holds itself"),
        pytest.param("d8 23 64 5b 5b 61 5d", id="a regular expression that warns"),
        pytest.param("d9 d9 f7 00", id="self-described CBOR"),
        pytest.param("f9 00 00", id="a float of 16 bits"),
        pytest.param("fa 00 00 00 00", id="a float of 32 bits"),
        pytest.param("fb 3f f0 00 00 00 00 00 00", id="a float of 64 bits"),
        pytest.param("f9 7e 00", id="not a number"),
        pytest.param("f7", id="undefined"),
        pytest.param("81 f7", id="undefined inside"),
        pytest.param("e0", id="simple value 0"),
        pytest.param("f8 20", id="simple value 32"),
        pytest.param("f8 14", id="false in two bytes"),
        pytest.param("1c", id="reserved additional information"),
        pytest.param("62 c3 28", id="text that is not UTF-8"),
        pytest.param("63 ed a0 80", id="text with a lone surrogate"),
        pytest.param("a1 f5 00", id="a boolean as key"),
        pytest.param("a1 f6 00", id="null as key"),
        pytest.param("a1 80 00", id="an array as key"),
        pytest.param("a1 a0 00", id="a map as key"),
        pytest.param("a1 f9 3c 00 00", id="a float as key"),
    ],
)
def test_no_second_spelling_and_no_other_type_is_accepted(raw):
    assert refuses(bytes.fromhex(raw))


@pytest.mark.parametrize("container", [b"\x81", b"\xa1\x01"], ids=["arrays", "maps"])
def test_values_nest_eight_deep_and_no_deeper(container):
    assert depth(decode(container * 8 + b"\x00", "what")) == MAX_DEPTH == 8
    for deeper in (9, 1_000, 30_000):
        assert refuses(container * deeper + b"\x00")
        assert refuses(container * deeper)


def lists_of_lists(levels: int, width: int) -> bytes:
    """Return a few bytes in which each list holds the one before it ``width`` times."""
    lists = [b"\x80"]
    lists += [
        head(ARRAY, width) + (b"\xd8\x1d" + head(0, level)) * width for level in range(levels)
    ]
    return head(ARRAY, len(lists)) + b"".join(b"\xd8\x1c" + item for item in lists)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(lists_of_lists(6, 10), id="a list many times (tags 28 and 29)"),
        pytest.param(
            b"\xd9\x01\x00" + head(ARRAY, 5_001) + bstr(bytes(5_000)) + b"\xd8\x19\x00" * 5_000,
            id="a string many times (tags 25 and 256)",
        ),
    ],
)
def test_few_bytes_do_not_grow_into_a_large_value(raw):
    assert len(raw) < 25_000
    tracemalloc.start()
    try:
        assert refuses(raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 500_000
