"""Signed statements: bytes in, and the id, leaf, histories and payload that follow."""

import json
import unicodedata
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statements.bodies import BODIES, subject_of
from world import BRAND, OPERATOR, ORIGIN, World, key_of

from ledger.cose import cbor
from ledger.cose.keys import ALGORITHMS, EDDSA, ES256, ES384, PublicKey
from ledger.cose.sign1 import MAX_SIZE, decode_sign1, encode_sign1, sign
from ledger.errors import MalformedError, SignatureError
from ledger.primitives import ijson
from ledger.statements.catalogue import (
    CATALOGUE,
    GENERIC,
    InvalidBody,
    decode_body,
    encode_body,
    histories_of,
    type_name,
)
from ledger.statements.envelope import (
    MAX_CLAIM_SIZE,
    MAX_IAT,
    NATIVE,
    HashEnvelope,
    SignedStatement,
    parse_statement,
    sign_statement,
)
from ledger.statements.fields import Body, KeyBinding
from ledger.tlog.merkle import leaf_hash
from ledger.writing.log import Refused, Registered

KEY = key_of("brand")
SAID = {"issuer": BRAND, "subject": "urn:x:1", "issued_at": 1_790_000_000, "audience": None}
STATEMENT = sign_statement(KEY, b"4.5 degrees", content_type="text/plain", **SAID)
FOR_THE_SIGNATURE = {"one bit of the payload flipped", "alg of another key"}


@pytest.fixture(scope="session")
def ours(vectors: Path) -> dict[str, Any]:
    """Return the vectors of our own formats."""
    return json.loads((vectors / "pinyuan" / "formats.json").read_bytes())


def public_keys(ours: dict[str, Any]) -> dict[str, PublicKey]:
    """Return the vectors' keys by name."""
    return {
        key["name"]: PublicKey(key["alg"], bytes.fromhex(key["x"]), bytes.fromhex(key.get("y", "")))
        for key in ours["keys"]
    }


def native(payload: bytes, **changes: object) -> SignedStatement:
    """Return a statement with this native payload; its signature does not matter here."""
    return parse_statement(sign_statement(KEY, payload, **SAID | changes))


def key_fields(binding: KeyBinding) -> dict[str, str]:
    """Return a binding as a payload has it."""
    fields = {"alg": binding.alg, "x": binding.x, "possession": binding.possession}
    return fields | ({"y": binding.y} if isinstance(binding.y, str) else {})


def with_headers(changes: dict[int, object], claims: dict[int, object] | None = None) -> bytes:
    """Return the statement signed under other headers; None takes one away."""
    headers = dict(decode_sign1(STATEMENT).headers)
    headers[15] = headers[15] | (claims or {})
    headers[15] = {label: item for label, item in headers[15].items() if item is not None}
    headers = {label: item for label, item in (headers | changes).items() if item is not None}
    return sign(headers, b"4.5 degrees", KEY.sign)


# The vectors.


def test_the_statements_of_the_vectors_have_their_id_leaf_and_histories(ours):
    keys = public_keys(ours)
    assert len(ours["statements"]) == 9
    for item in ours["statements"]:
        statement = parse_statement(bytes.fromhex(item["bytes"]))
        assert statement.id.hex() == item["id"]
        assert statement.message.hex() == item["to_be_signed"]
        assert statement.leaf_hash.hex() == item["leaf_hash"]
        assert statement.payload == item["payload"].encode()
        assert statement.kid == keys[item["signer"]].kid
        body = decode_body(statement)
        assert body is None
        assert [list(topic) for topic in histories_of(statement, body)] == item["histories"]
        statement.verify(keys[item["signer"]])


def test_the_refused_statements_of_the_vectors_are_no_statements_of_their_key(ours):
    keys = {key.kid: key for key in public_keys(ours).values()}
    assert len(ours["refused_statements"]) == 18
    for item in ours["refused_statements"]:
        raw = bytes.fromhex(item["bytes"])
        if item["name"] not in FOR_THE_SIGNATURE:
            with pytest.raises(MalformedError):
                parse_statement(raw)
            continue
        statement = parse_statement(raw)
        key = keys[statement.kid]
        if key.alg == statement.alg:
            with pytest.raises(SignatureError):
                statement.verify(key)


def test_a_log_takes_the_statements_of_the_vectors_and_none_of_the_refused(ours, world: World):
    keys = public_keys(ours)
    for name, party in (("brand", OPERATOR), ("inspector", BRAND)):
        binding = KeyBinding.of(keys[name], None)
        fields = world.party_fields(name, party) | {"keys": [key_fields(binding)]}
        type_ = "party-update" if party == OPERATOR else "party"
        world.accept(world.statement(type_, fields, subject=party))
    taken = [bytes.fromhex(item["bytes"]) for item in ours["statements"]]
    assert all(isinstance(outcome, Registered) for outcome in world.register(*taken))
    refused = [bytes.fromhex(item["bytes"]) for item in ours["refused_statements"]]
    for item, outcome in zip(ours["refused_statements"], world.register(*refused), strict=True):
        assert isinstance(outcome, Refused)
        rule = "signature" if item["name"] in FOR_THE_SIGNATURE else "malformed"
        assert [refusal.rule for refusal in outcome.refusals] == [rule], item["name"]
    world.check()


# The envelope.


def test_the_leaf_is_the_emptied_message_and_the_id_the_signed_bytes():
    statement = parse_statement(STATEMENT)
    assert statement.leaf == STATEMENT
    assert statement.leaf_hash == sha256(b"\0" + STATEMENT).digest() == leaf_hash(STATEMENT)
    assert statement.id == sha256(statement.message).digest()
    assert parse_statement(statement.leaf) == statement


@settings(deadline=None)
@given(
    extra=st.dictionaries(
        st.integers(16, 257) | st.integers(261, 393) | st.text(max_size=9),
        st.integers(-9, 9) | st.binary(max_size=9) | st.lists(st.text(max_size=9), max_size=2),
        max_size=4,
    )
)
def test_what_stands_in_the_unprotected_header_is_dropped_from_the_leaf(extra):
    message = decode_sign1(STATEMENT)
    protected, payload, signature = message.protected, message.payload, message.signature
    raw = b"\xd2" + cbor.encode([protected, extra, payload, signature])
    assert parse_statement(raw) == parse_statement(STATEMENT)


def test_another_signature_is_another_leaf_of_the_same_id():
    pen = key_of("pen", ES256)
    one, other = (
        parse_statement(sign_statement(pen, b"x", content_type="text/plain", **SAID))
        for _ in range(2)
    )
    assert one.id == other.id
    assert one.leaf != other.leaf


@pytest.mark.parametrize(
    "content_type", ["text/plain", NATIVE + "; charset=utf-8", NATIVE.upper(), 50]
)
def test_any_other_content_type_is_generic(content_type):
    raw = sign_statement(KEY, b'{"v":1,"type":"party"}', content_type=content_type, **SAID)
    statement = parse_statement(raw)
    assert not statement.native
    assert decode_body(statement) is None
    assert type_name(None) == GENERIC
    assert histories_of(statement, None) == (("generic", "urn:x:1"), ("issuer", BRAND))


def hash_envelope(headers: dict[object, object], payload: bytes = bytes(32)) -> bytes:
    """Return a signed statement without a content type, with these headers."""
    said = decode_sign1(STATEMENT).headers
    return sign({label: said[label] for label in (1, 4, 15)} | headers, payload, KEY.sign)


def beside(unprotected: dict[object, object], raw: bytes = STATEMENT) -> bytes:
    """Return a statement with an unprotected header, which nobody signed."""
    message = decode_sign1(raw)
    parts = [message.protected, unprotected, message.payload, message.signature]
    return b"\xd2" + cbor.encode(parts)


def test_receipts_of_others_are_no_part_of_a_statement():
    found = parse_statement(beside({394: [b"one", b"two"], "x": 1}))
    assert found.receipts == (b"one", b"two")
    assert replace(found, receipts=()) == parse_statement(STATEMENT)


def test_a_hash_envelope_says_what_it_is_the_digest_of():
    found = parse_statement(hash_envelope({258: -16, 259: "application/pdf", 260: "urn:x:1"}))
    assert not found.native
    assert found.content_type is None
    assert found.hashed == HashEnvelope(-16, "application/pdf", "urn:x:1")
    assert found.hashed.row() == {
        "hash": "SHA-256",
        "content_type": "application/pdf",
        "location": "urn:x:1",
    }
    assert parse_statement(hash_envelope({258: -16})).hashed == HashEnvelope(-16, None, None)


@pytest.mark.parametrize("alg", [EDDSA, ES256, ES384])
def test_an_algorithm_has_two_numbers_and_a_key_verifies_both(alg: int):
    key = key_of("both", alg)
    said = decode_sign1(STATEMENT).headers | {4: key.public.kid}
    for number in (number for number, meant in ALGORITHMS.items() if meant == alg):
        found = parse_statement(sign(said | {1: number}, b"x", key.sign))
        assert found.alg == alg
        found.verify(key.public)


def test_statements_that_other_software_made(foreign: Path):
    one = parse_statement((foreign / "alg-minus-19.cose").read_bytes())
    two = parse_statement((foreign / "hash-envelope.cose").read_bytes())
    three = parse_statement((foreign / "with-receipts.cose").read_bytes())
    assert {item.issuer for item in (one, two, three)} == {"did:web:trader.example"}
    assert one.alg == EDDSA
    assert two.hashed == HashEnvelope(-16, "application/pdf", "https://brand.example/report.pdf")
    assert three.receipts == (b"\xd2\x84",)
    assert parse_statement(three.leaf) == replace(three, receipts=())


TAKEN = {
    "header keys in another order": lambda: sign(
        dict(reversed(decode_sign1(STATEMENT).headers.items())), b"x", KEY.sign
    ),
    "a header nobody asked for": lambda: with_headers({33: b"certificate"}),
    "a claim nobody asked for": lambda: with_headers({}, {7: b"cti"}),
    "the longest claim": lambda: with_headers({}, {2: "x" * MAX_CLAIM_SIZE}),
    "the first second": lambda: with_headers({}, {6: 0}),
    "the last second": lambda: with_headers({}, {6: MAX_IAT}),
    "an empty payload": lambda: sign_statement(KEY, b"", content_type="text/plain", **SAID),
    "a critical header that is understood": lambda: with_headers({2: [3]}),
    "an audience of one in an array": lambda: with_headers({}, {3: [ORIGIN]}),
    "an audience of several": lambda: with_headers({}, {3: ["https://a.example", ORIGIN]}),
    "Ed25519 by its number of RFC 9864": lambda: with_headers({1: -19}),
    "a hash envelope": lambda: hash_envelope({258: -16}),
    "a hash envelope by SHA-384": lambda: hash_envelope({258: -43}, bytes(48)),
    "a hash envelope that says all": lambda: hash_envelope(
        {2: [258, 259, 260], 258: -16, 259: "application/pdf", 260: "https://a.example/r.pdf"}
    ),
    "a hash envelope of a CoAP type": lambda: hash_envelope({258: -44, 259: 50}, bytes(64)),
}
MALFORMED = {
    "no algorithm": lambda: with_headers({1: None}),
    "an unknown algorithm": lambda: with_headers({1: -257}),
    "an algorithm as text": lambda: with_headers({1: "EdDSA"}),
    "no content type": lambda: with_headers({3: None}),
    "an empty content type": lambda: with_headers({3: ""}),
    "a content type beyond 16 bits": lambda: with_headers({3: 1 << 16}),
    "a content type that is true": lambda: with_headers({3: True}),
    "a short kid": lambda: with_headers({4: KEY.public.kid[:31]}),
    "a kid as text": lambda: with_headers({4: KEY.public.kid.hex()}),
    "no claims": lambda: with_headers({15: None}),
    "claims that are a list": lambda: with_headers({15: [BRAND]}),
    "no subject": lambda: with_headers({}, {2: None}),
    "an empty subject": lambda: with_headers({}, {2: ""}),
    "a subject too long": lambda: with_headers({}, {2: "x" * (MAX_CLAIM_SIZE + 1)}),
    "a subject of two lines": lambda: with_headers({}, {2: "urn:x:1\nurn:x:2"}),
    "an issuer of two lines": lambda: with_headers({}, {1: BRAND + "\n"}),
    "an issuer as bytes": lambda: with_headers({}, {1: BRAND.encode()}),
    "an audience of nobody": lambda: with_headers({}, {3: []}),
    "an audience named twice": lambda: with_headers({}, {3: [ORIGIN, ORIGIN]}),
    "an audience of seventeen": lambda: with_headers({}, {3: [str(n) for n in range(17)]}),
    "an audience that holds a number": lambda: with_headers({}, {3: [ORIGIN, 1]}),
    "an audience within an audience": lambda: with_headers({}, {3: [[ORIGIN]]}),
    "ES256 by a signature of 96 bytes": lambda: encode_sign1(
        decode_sign1(STATEMENT).protected, b"4.5 degrees", bytes(96)
    ),
    "ES384 by a signature of 64 bytes": lambda: with_headers({1: -51}),
    "a digest of another size": lambda: hash_envelope({258: -16}, bytes(31)),
    "a hash that is broken": lambda: hash_envelope({258: -14}, bytes(20)),
    "a hash by its name": lambda: hash_envelope({258: "sha-256"}),
    "a hash envelope with a content type": lambda: hash_envelope({258: -16, 3: "text/plain"}),
    "a hashed type that is none": lambda: hash_envelope({258: -16, 259: b"pdf"}),
    "a hashed type that is null": lambda: hash_envelope({258: -16, 259: [None]}),
    "a place of two lines": lambda: hash_envelope({258: -16, 260: "a\nb"}),
    "a place that is no text": lambda: hash_envelope({258: -16, 260: 7}),
    "a hash that nobody signed": lambda: beside({258: -16}),
    "a place that nobody signed": lambda: beside({260: "https://a.example"}),
    "a hash envelope with a content type that nobody signed": lambda: beside(
        {3: "text/plain"}, hash_envelope({258: -16})
    ),
    "an audience that is null": lambda: sign(
        (headers := decode_sign1(STATEMENT).headers) | {15: headers[15] | {3: None}}, b"", KEY.sign
    ),
    "no time": lambda: with_headers({}, {6: None}),
    "a time before 1970": lambda: with_headers({}, {6: -1}),
    "a time behind the year 9999": lambda: with_headers({}, {6: MAX_IAT + 1}),
    "a time that is true": lambda: with_headers({}, {6: True}),
    "a receipt inside": lambda: with_headers({394: [b""]}),
    "a proof inside": lambda: with_headers({396: {}}),
    "a critical header that is unknown": lambda: with_headers({2: [33], 33: b""}),
    "no receipt among receipts": lambda: beside({394: []}),
    "seventeen receipts": lambda: beside({394: [b"x"] * 17}),
    "a receipt that is empty": lambda: beside({394: [b"x", b""]}),
    "a receipt that is no byte string": lambda: beside({394: ["x"]}),
    "a receipt without an array": lambda: beside({394: b"x"}),
    "a kind of receipt beside it": lambda: beside({395: 1}),
    "a proof beside it": lambda: beside({396: {}}),
    "an algorithm in both headers": lambda: STATEMENT.replace(
        b"\xa0\x4b4.5 ", b"\xa1\x01\x27\x4b4.5 "
    ),
}


@pytest.mark.parametrize("make", TAKEN.values(), ids=TAKEN)
def test_a_statement_in_the_documented_form_is_taken(make):
    statement = parse_statement(make())
    statement.verify(KEY.public)
    assert parse_statement(statement.leaf) == statement


@pytest.mark.parametrize("make", MALFORMED.values(), ids=MALFORMED)
def test_a_statement_in_another_form_is_malformed(make):
    raw = make()
    assert raw != STATEMENT
    with pytest.raises(MalformedError):
        parse_statement(raw)


def take(raw: bytes) -> None:
    """Read all that can be read of foreign bytes: it is malformed or it is kept as it came."""
    try:
        statement = parse_statement(raw)
    except MalformedError:
        return
    body = decode_body(statement)
    topics = histories_of(statement, body)
    assert bool(topics) is not (isinstance(body, InvalidBody) or type_name(body) == "seal")
    message = decode_sign1(raw)
    assert statement.leaf == encode_sign1(message.protected, message.payload, message.signature)
    assert len(statement.leaf) <= MAX_SIZE


def test_every_bit_flipped_and_every_cut_is_another_statement_or_malformed():
    for at in range(len(STATEMENT)):
        take(STATEMENT[:at])
        for bit in range(8):
            raw = bytearray(STATEMENT)
            raw[at] ^= 1 << bit
            take(bytes(raw))
            if at:  # whatever it is now, this key did not sign it
                with pytest.raises((MalformedError, SignatureError)):
                    parse_statement(bytes(raw)).verify(KEY.public)


@settings(deadline=None)
@given(raw=st.binary(max_size=300))
def test_arbitrary_bytes_are_a_statement_or_malformed(raw):
    take(raw)
    take(STATEMENT[:2] + raw)


@settings(deadline=None)
@given(at=st.integers(0, len(STATEMENT)), cut=st.integers(0, 12), patch=st.binary(max_size=12))
def test_a_mutated_statement_is_a_statement_or_malformed(at, cut, patch):
    take(STATEMENT[:at] + patch + STATEMENT[at + cut :])


headers = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.binary(max_size=40)
    | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.integers(-9, 400) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(
    changes=st.dictionaries(
        st.sampled_from([1, 2, 3, 4, 15, 16, 258, 259, 260, 394, "x"]), headers, max_size=3
    ),
    claims=st.dictionaries(st.sampled_from([1, 2, 3, 4, 5, 6]), headers, max_size=3),
    payload=st.binary(max_size=20),
)
def test_arbitrary_headers_are_a_statement_or_malformed(changes, claims, payload):
    found = decode_sign1(STATEMENT).headers
    take(sign(found | {15: found[15] | claims} | changes, payload, KEY.sign))


# Payloads.


def test_every_native_type_has_bodies():
    assert set(BODIES) == set(CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_payload_decodes_to_the_body_it_was_encoded_from(name):
    @settings(max_examples=15, deadline=None)
    @given(body=BODIES[name], data=st.data())
    def encoded_and_decoded(body: Body, data: st.DataObject) -> None:
        payload = encode_body(body)
        statement = native(payload, subject=data.draw(subject_of(name, body)))
        found = decode_body(statement)
        assert found == body
        assert type_name(found) == name
        assert encode_body(found) == payload
        assert payload.startswith(f'{{"v":1,"type":"{name}",'.encode())
        topics = histories_of(statement, found)
        assert len(set(topics)) == len(topics)

    encoded_and_decoded()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_payload_with_any_field_replaced_is_a_body_or_says_what_is_wrong(name):
    @settings(max_examples=15, deadline=None)
    @given(body=BODIES[name], data=st.data())
    def replaced(body: Body, data: st.DataObject) -> None:
        fields = json.loads(encode_body(body))
        field = data.draw(st.sampled_from([*fields, "more"]))
        fields[field] = data.draw(json_values)
        subject = data.draw(subject_of(name, body))
        found = decode_body(native(json.dumps(fields).encode(), subject=subject))
        if isinstance(found, InvalidBody):
            assert found.rule in ("fields", "type-unknown")
            assert found.message
        else:
            assert json.loads(encode_body(found)) == fields

    replaced()


@settings(deadline=None)
@given(payload=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_an_arbitrary_payload_says_what_is_wrong(payload):
    found = decode_body(native(payload))
    assert isinstance(found, InvalidBody)
    assert found.rule == "fields"


def test_the_json_of_the_vectors_is_read_as_they_say(ours):
    for item in ours["json_payloads"]:
        found = decode_body(native(item["json"].encode()))
        assert isinstance(found, InvalidBody)  # none is a type of ours
        unreadable = found.message.startswith("JSON: ")
        assert unreadable is not item["ok"], item["json"]


INVISIBLE = [
    chr(code)
    for code in range(0x11_000)
    if unicodedata.category(chr(code)) in ("Cc", "Zl", "Zp")
    or unicodedata.bidirectional(chr(code))
    in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    or chr(code) in "\u061c\u200b\u200c\u200d\u200e\u200f"
]


@pytest.mark.parametrize("where", ["in{}side", "{}before", "behind{}"])
def test_a_name_with_a_control_or_bidirectional_character_is_refused(where):
    taken = []
    for character in INVISIBLE:
        fields = {"reason": where.format(character), "successor": None}
        body = decode_body(native(ijson.encode({"v": 1, "type": "log-end"} | fields)))
        if not isinstance(body, InvalidBody):
            taken.append(f"U+{ord(character):04X}")
    assert taken == []


PATTERNED = {
    "a digest": ("rules", {"rules": {"version": 1, "digest": "0" * 64}}, ("rules", "digest")),
    "a country": ("party", {}, ("country",)),
    "a code": ("party", {"uscc": "91110000600037341L"}, ("uscc",)),
    "a key": ("party", {}, ("keys", 0, "x")),
    "a proof": ("party", {}, ("keys", 0, "possession")),
    "a time": (
        "key-revocation",
        {"kid": "0" * 64, "reason": "lost", "suspected_since": "2026-09-21T00:00:00Z"},
        ("suspected_since",),
    ),
}


@pytest.mark.parametrize("row", PATTERNED.values(), ids=PATTERNED)
def test_a_patterned_field_with_a_newline_behind_it_is_refused(row):
    type_, fields, path = row
    if type_ == "party":
        binding = key_fields(KeyBinding.of(KEY.public, b"\0" * 64))
        party = {"names": {"en": "Brand"}, "country": "CN", "roles": ["brand"], "keys": [binding]}
        fields = party | fields
    content = {"v": 1, "type": type_} | fields
    assert not isinstance(decode_body(native(ijson.encode(content))), InvalidBody)
    inner: Any = content
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] += "\n"
    assert isinstance(decode_body(native(ijson.encode(content))), InvalidBody)
