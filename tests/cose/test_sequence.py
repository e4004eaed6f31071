"""CBOR cut apart: where each item ends, and where nothing can be told any more."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cose.cbor import encode
from ledger.cose.sequence import split_array, split_sequence
from ledger.errors import MalformedError

items = st.recursive(
    st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=300) | st.text(max_size=9)
    | st.booleans() | st.none() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.integers() | st.text(max_size=3), inner, max_size=4)
    | st.builds(cbor2.CBORTag, st.integers(40_000, 50_000), inner),
    max_leaves=15,
)  # fmt: skip
SPLITTERS = [split_sequence, split_array]


@given(st.lists(items.map(encode), max_size=6))
def test_a_sequence_falls_into_its_items(spelled: list[bytes]):
    assert list(split_sequence(b"".join(spelled), "body")) == spelled


@given(st.lists(st.binary(max_size=300), max_size=30))
def test_an_array_falls_into_its_byte_strings(strings: list[bytes]):
    assert list(split_array(encode(strings), "body")) == strings


@given(st.binary(max_size=100), st.sampled_from(SPLITTERS))
def test_arbitrary_bytes_raise_nothing_else(raw: bytes, split):
    try:
        found = list(split(raw, "body"))
    except MalformedError as error:
        found, said = None, str(error)
    if found is None:
        assert said.startswith("body: byte ")
    else:
        assert split is split_array or b"".join(found) == raw


@given(st.lists(items.map(encode), min_size=1, max_size=4), st.data())
def test_a_sequence_cut_short_gives_what_is_whole_and_the_offset_of_the_rest(
    spelled: list[bytes], data
):
    whole = b"".join(spelled)
    cut = data.draw(st.integers(1, len(whole) - 1) if len(whole) > 1 else st.just(1))
    found, rest = [], split_sequence(whole[:cut], "body")
    try:
        found.extend(iter(rest))
    except MalformedError:
        assert b"".join(spelled[: len(found)]) == whole[: sum(map(len, found))]
    else:
        assert b"".join(found) == whole[:cut]


BROKEN = {
    "nothing behind a tag": ("01d2", "byte 2: cut short, an item is missing"),
    "an indefinite array": ("019f01ff", "byte 1: an indefinite"),
    "a break alone": ("ff", "byte 0: an indefinite"),
    "a reserved length": ("010262", "byte 2: longer"),
    "a reserved argument": ("1c", "byte 0: an indefinite or reserved length"),
    "a head that is cut": ("0119ff", "byte 1: cut short within a head"),
    "a byte string that is cut": ("0144010203", "byte 1: longer than what is there"),
    "more items than bytes": ("9bffffffffffffffff", "byte 0: longer"),
    "more pairs than bytes": ("bb7fffffffffffffff", "byte 0: longer"),
    "a hundred thousand arrays, one in another": ("81" * 100_000, "byte 100000: cut short"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_sequence_names_the_offset(case: str):
    spelled, where = BROKEN[case]
    with pytest.raises(MalformedError, match=f"body: {where}"):
        list(split_sequence(bytes.fromhex(spelled), "body"))


BROKEN_ARRAYS = {
    "no array": ("40", "byte 0: not the head of an array"),
    "nothing": ("", "byte 0: cut short"),
    "an array's length not in its shortest form": ("98014101", "byte 0: not the head of an array"),
    "an indefinite array": ("9f4101ff", "byte 0: an indefinite"),
    "a text in it": ("8241016101", "byte 3: not the head of a byte string"),
    "a length not in its shortest form": ("81580101", "byte 1: not the head of a byte string"),
    "a string that is cut": ("81420a", "byte 1: longer"),
    "one string missing": ("824101", "byte 3: cut short"),
    "bytes behind it": ("8141010a", "byte 3: bytes behind the array"),
    "more strings than bytes": ("9bffffffffffffffff", "byte 0: not the head of an array"),
}


@pytest.mark.parametrize("case", BROKEN_ARRAYS)
def test_a_broken_array_names_the_offset(case: str):
    spelled, where = BROKEN_ARRAYS[case]
    with pytest.raises(MalformedError, match=f"body: {where}"):
        list(split_array(bytes.fromhex(spelled), "body"))
