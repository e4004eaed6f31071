"""Commitments and the file that opens them: each value under its own salt, one spelling."""

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedError, VerificationError
from ledger.statements.disclosure import (
    Disclosure,
    Value,
    commit,
    commitments,
    decode_disclosure,
    encode_disclosure,
    verify_disclosure,
)

ID = bytes(range(32))
SALT = bytes(16)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50)
VALUES = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True),
    st.none() | st.builds(Value, st.binary(min_size=16, max_size=16), TEXTS),
    max_size=5,
)
KEPT = Disclosure(ID, {"phone": Value(SALT, "138"), "name": Value(SALT, "王")})


def test_a_commitment_is_the_hash_of_salt_name_and_value():
    assert commit("phone", "+86 138", SALT) == sha256(SALT + b"phone+86 138").hexdigest()


def test_a_commitment_of_no_form_is_refused():
    for name, value, salt in (
        ("Phone", "1", SALT),
        ("", "1", SALT),
        ("phone", "", SALT),
        ("phone", "x" * 10_001, SALT),
        ("phone", "1", SALT[1:]),
    ):
        with pytest.raises(MalformedError):
            commit(name, value, salt)


@given(VALUES)
def test_a_disclosure_has_one_spelling_and_opens_its_own_commitments(values):
    found = Disclosure(ID, values)
    assert decode_disclosure(encode_disclosure(found)) == found
    whole = {name: item or Value(SALT, "destroyed since") for name, item in values.items()}
    verify_disclosure(found, ID, commitments(whole))


@given(st.binary(max_size=200))
def test_other_bytes_are_malformed(raw: bytes):
    with pytest.raises(MalformedError):
        decode_disclosure(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"v":1,"statement":"00","values":{}}\n',
        b'{"v":1,"values":{}}\n',
        encode_disclosure(KEPT)[:-1],
        encode_disclosure(KEPT).replace(b'"v":1', b'"v":2'),
        encode_disclosure(KEPT).replace(b'"value":"138"', b'"value":138'),
        encode_disclosure(KEPT).replace(b'"value":"138"', b'"value":"138","more":"x"'),
        encode_disclosure(KEPT).replace(b":{", b": {"),
    ],
)
def test_another_spelling_is_malformed(raw: bytes):
    with pytest.raises(MalformedError, match="disclosure: "):
        decode_disclosure(raw)


def test_another_value_salt_name_or_statement_is_false():
    sealed = commitments({"phone": Value(SALT, "138"), "name": Value(SALT, "王")})
    verify_disclosure(KEPT, ID, sealed)
    verify_disclosure(KEPT.without("phone"), ID, sealed)
    for values, sentence in (
        ({"phone": Value(SALT, "139")}, "phone: the value is not the one committed to"),
        ({"phone": Value(bytes([1]) * 16, "138")}, "phone: the value is not the one"),
        ({"fax": Value(SALT, "138")}, "fax: the statement holds no commitment of this name"),
        ({"fax": None}, "fax: the statement holds no commitment of this name"),
        ({"name": Value(SALT, "138")}, "name: the value is not the one committed to"),
    ):
        with pytest.raises(VerificationError, match=sentence):
            verify_disclosure(replace(KEPT, values=values), ID, sealed)
    with pytest.raises(VerificationError, match="the disclosure is of the statement"):
        verify_disclosure(KEPT, bytes(32), sealed)
