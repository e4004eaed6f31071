"""COSE_Sign1: the published examples, our own vectors, and what is refused."""

import json
from base64 import urlsafe_b64decode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cose import cbor
from ledger.cose.keys import EDDSA, ES256, ES384, PrivateKey, PublicKey
from ledger.cose.sign1 import (
    ALG,
    CONTENT_TYPE,
    CRIT,
    CWT_CLAIMS,
    KID,
    MAX_SIZE,
    VDS,
    Sign1,
    decode_sign1,
    encode_sign1,
    message_id,
    sign,
    signed_bytes,
)
from ledger.errors import MalformedError, SignatureError
from ledger.tlog.merkle import leaf_hash

KEY = PrivateKey.from_seed(bytes([3]) * 32)
HEADERS = {ALG: EDDSA, CONTENT_TYPE: "text/plain", KID: KEY.public.kid}
PROTECTED = cbor.encode(HEADERS)
STATEMENT = sign(HEADERS, b"payload", KEY.sign)

# cose-wg/Examples that are for us, and why each other one cannot be.
OURS = {
    "RFC8152/Appendix_C_2_1",
    "ecdsa-examples/ecdsa-sig-01",
    "ecdsa-examples/ecdsa-sig-02",
    "eddsa-examples/eddsa-sig-01",
    "sign1-tests/sign-pass-01",
}
COSE_SIGN = "COSE_Sign, tag 98"
NOT_OURS = {
    "ecdsa-examples/ecdsa-01": (MalformedError, COSE_SIGN),
    "ecdsa-examples/ecdsa-02": (MalformedError, COSE_SIGN),
    "ecdsa-examples/ecdsa-03": (MalformedError, COSE_SIGN),
    "ecdsa-examples/ecdsa-04": (MalformedError, COSE_SIGN),
    "eddsa-examples/eddsa-01": (MalformedError, COSE_SIGN),
    "eddsa-examples/eddsa-02": (MalformedError, COSE_SIGN),
    "ecdsa-examples/ecdsa-sig-03": (MalformedError, "ES512: a signature of 132 bytes"),
    "eddsa-examples/eddsa-sig-02": (MalformedError, "Ed448: a signature of 114 bytes"),
    "ecdsa-examples/ecdsa-sig-04": (SignatureError, "ES512 by a P-256 key: we hash with SHA-256"),
    "sign1-tests/sign-pass-02": (SignatureError, "external_aad, which is always empty here"),
    "sign1-tests/sign-pass-03": (MalformedError, "without the tag, which is required here"),
    "sign1-tests/sign-fail-01": (MalformedError, "tag 998"),
    "sign1-tests/sign-fail-02": (SignatureError, "the payload was changed"),
    "sign1-tests/sign-fail-03": (SignatureError, "the algorithm was changed"),
    "sign1-tests/sign-fail-04": (SignatureError, "the algorithm was changed to a text"),
    "sign1-tests/sign-fail-06": (SignatureError, "a protected header was added"),
    "sign1-tests/sign-fail-07": (SignatureError, "a protected header was removed"),
}

# Of the refused statements, what only the rules of a statement's envelope see.
FOR_THE_ENVELOPE = {
    "header label 394",
    "header label 395",
    "empty protected header",
    "no kid",
    "no issuer",
    "alg of another key",
}
FOR_THE_SIGNATURE = {"one bit of the payload flipped"}


@pytest.fixture(scope="session")
def examples(vectors):
    """Return the examples of cose-wg by folder and name."""
    files = sorted((vectors / "cose").glob("*/*.json"))
    return {f"{file.parent.name}/{file.stem}": json.loads(file.read_text()) for file in files}


@pytest.fixture(scope="session")
def formats(vectors):
    """Return the vectors of our own formats."""
    return json.loads((vectors / "pinyuan/formats.json").read_text())


@pytest.fixture(scope="session")
def keys(formats):
    """Return the public keys of our vectors by name."""
    return {
        case["name"]: PublicKey(
            case["alg"], bytes.fromhex(case["x"]), bytes.fromhex(case.get("y", ""))
        )
        for case in formats["keys"]
    }


def example_key(key) -> PublicKey:
    if key["kty"] == "OKP":
        return PublicKey(EDDSA, bytes.fromhex(key["x_hex"]))
    alg = ES384 if key["crv"] == "P-384" else ES256
    return PublicKey(alg, *(urlsafe_b64decode(key[c] + "=") for c in "xy"))


def message(
    protected: object = PROTECTED,
    unprotected: object = None,
    payload: object = b"payload",
    signature: object = bytes(64),
) -> bytes:
    """Return a tagged array of four, right or wrong."""
    return b"\xd2" + cbor.encode([protected, unprotected or {}, payload, signature])


def failure(raw: bytes, *signers: PublicKey) -> type[Exception] | None:
    """Return how a message fails: by its form, by the signature of a signer, or not."""
    try:
        decoded = decode_sign1(raw)
        for key in signers:
            key.verify(decoded.to_be_signed(), decoded.signature)
    except (MalformedError, SignatureError) as error:
        return type(error)
    return None


def test_every_published_example_is_ours_or_listed_with_its_reason(examples):
    assert examples.keys() == OURS | NOT_OURS.keys()
    for name, example in examples.items():
        assert not (example.get("fail") and name in OURS), name
        _, why = NOT_OURS.get(name, (None, "ours"))
        assert ("sign" in example["input"]) == (why == COSE_SIGN), name


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_examples_have_the_published_signed_bytes_and_verify(examples, name):
    example = examples[name]
    raw = bytes.fromhex(example["output"]["cbor"])
    decoded = decode_sign1(raw)
    assert decoded.payload.decode() == example["input"]["plaintext"]
    assert decoded.to_be_signed().hex().upper() == example["intermediates"]["ToBeSign_hex"]
    example_key(example["input"]["sign0"]["key"]).verify(decoded.to_be_signed(), decoded.signature)
    unprotected = cbor.encode(decoded.unprotected)
    assert decoded.emptied() == raw.replace(unprotected, b"\xa0", 1)


@pytest.mark.parametrize(("name", "why"), NOT_OURS.items(), ids=NOT_OURS)
def test_the_other_examples_are_refused(examples, name, why):
    example, (error, _) = examples[name], why
    raw = bytes.fromhex(example["output"]["cbor"])
    if error is MalformedError:
        assert failure(raw) is MalformedError
    else:
        assert failure(raw, example_key(example["input"]["sign0"]["key"])) is SignatureError


def test_a_cose_sign_is_refused_for_its_tag(examples):
    for name, (_, why) in NOT_OURS.items():
        if why == COSE_SIGN:
            with pytest.raises(MalformedError, match="does not begin with tag 18"):
                decode_sign1(bytes.fromhex(examples[name]["output"]["cbor"]))


def test_the_statements_of_the_vectors_are_read_as_they_were_made(formats, keys):
    for case in formats["statements"]:
        raw = bytes.fromhex(case["bytes"])
        decoded = decode_sign1(raw)
        assert decoded.protected.hex() == case["protected"]
        assert decoded.payload.decode() == case["payload"]
        assert decoded.to_be_signed().hex() == case["to_be_signed"]
        assert message_id(decoded.to_be_signed()).hex() == case["id"]
        assert decoded.emptied() == raw
        assert leaf_hash(decoded.emptied()).hex() == case["leaf_hash"]
        keys[case["signer"]].verify(decoded.to_be_signed(), decoded.signature)


def test_a_header_in_another_order_is_kept_as_signed(formats):
    first = decode_sign1(bytes.fromhex(formats["statements"][0]["bytes"]))
    assert list(first.headers) != sorted(first.headers)
    assert cbor.encode(first.headers) == first.protected


def test_the_refused_statements_of_the_vectors_are_refused_here_or_above(formats, keys):
    names = {case["name"] for case in formats["refused_statements"]}
    assert names > FOR_THE_ENVELOPE | FOR_THE_SIGNATURE
    for case in formats["refused_statements"]:
        raw, name = bytes.fromhex(case["bytes"]), case["name"]
        if name in FOR_THE_ENVELOPE | FOR_THE_SIGNATURE:
            assert failure(raw) is None, name
            failures = {failure(raw, key) for key in keys.values()}
            assert name in FOR_THE_ENVELOPE or failures == {SignatureError}, name
        else:
            assert failure(raw, *keys.values()) is MalformedError, name


def test_emptying_drops_the_unprotected_header_and_nothing_else():
    plain = decode_sign1(STATEMENT)
    noted = decode_sign1(STATEMENT.replace(b"\xa0", cbor.encode({"note": [b"receipt"]}), 1))
    assert noted.unprotected == {"note": [b"receipt"]}
    assert noted.emptied() == plain.emptied() == STATEMENT
    assert noted.to_be_signed() == plain.to_be_signed()


def test_every_byte_of_a_statement_is_bound_but_for_its_unprotected_header():
    note = cbor.encode({"note": 7})
    raw = STATEMENT.replace(b"\xa0", note, 1)
    loose = range(raw.index(note), raw.index(note) + len(note))
    bound = range(len(raw) - 64, len(raw))
    name = message_id(decode_sign1(raw).to_be_signed())
    for at, was in enumerate(raw):
        for byte in set(range(256)) - {was}:
            try:
                changed = decode_sign1(raw[:at] + bytes([byte]) + raw[at + 1 :])
                KEY.public.verify(changed.to_be_signed(), changed.signature)
            except MalformedError:
                continue
            except SignatureError:
                # The id names the signed bytes: it moves with every one of them, and
                # with no other.
                moved = message_id(changed.to_be_signed()) != name
                assert moved == (at not in bound), f"byte {at} as {byte:#x}"
                continue
            assert at in loose, f"byte {at} as {byte:#x}"
            assert changed.emptied() == STATEMENT


def test_every_bit_of_an_es256_statement_is_bound():
    key = PrivateKey.from_seed(bytes([4]) * 32, ES256)
    raw = sign(HEADERS | {ALG: ES256, KID: key.public.kid}, b"payload", key.sign)
    for bit in range(8 * len(raw)):
        wrong = bytearray(raw)
        wrong[bit >> 3] ^= 1 << (bit & 7)
        assert failure(bytes(wrong), key.public), f"bit {bit}"


def test_a_statement_has_at_most_65535_bytes():
    room = MAX_SIZE - len(sign(HEADERS, b"x" * 60_000, KEY.sign)) + 60_000
    largest = sign(HEADERS, b"x" * room, KEY.sign)
    assert len(largest) == 65_535
    assert decode_sign1(largest).emptied() == largest
    too_large = sign(HEADERS, b"x" * (room + 1), KEY.sign)
    assert len(too_large) == 65_536
    with pytest.raises(MalformedError, match="65536 bytes, at most 65535"):
        decode_sign1(too_large)


@given(st.binary(max_size=60), st.binary(max_size=300))
def test_what_is_signed_is_the_sig_structure_of_rfc_9052(protected, payload):
    # RFC 9052 section 4.4; an empty map is signed as an empty string (section 3).
    covered = b"" if protected == b"\xa0" else protected
    signed = signed_bytes(protected, payload)
    assert signed == cbor.encode(["Signature1", covered, b"", payload])
    assert message_id(signed) == sha256(signed).digest()


@given(st.binary(max_size=300), st.dictionaries(st.integers(20, 300), st.text(), max_size=4))
def test_what_was_signed_decodes_and_verifies(payload, more):
    headers = HEADERS | more
    raw = sign(headers, payload, KEY.sign)
    decoded = decode_sign1(raw)
    assert decoded == Sign1(cbor.encode(headers), headers, {}, payload, raw[-64:])
    assert raw == encode_sign1(decoded.protected, payload, decoded.signature)
    KEY.public.verify(decoded.to_be_signed(), decoded.signature)


@given(st.binary(max_size=120), st.booleans())
def test_arbitrary_bytes_raise_nothing_else(raw, detached):
    for attempt in (raw, b"\xd2" + raw, b"\xd2\x84" + raw, message(protected=raw)):
        try:
            decode_sign1(attempt, "what", detached=detached)
        except MalformedError as error:
            assert str(error).startswith("what")  # noqa: PT017


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xd2", id="the tag alone"),
        pytest.param(message()[1:], id="no tag"),
        pytest.param(b"\xd1" + message()[1:], id="tag 17, COSE_Mac0"),
        pytest.param(b"\xd8\x62" + message()[1:], id="tag 98, COSE_Sign"),
        pytest.param(b"\xd8\x12" + message()[1:], id="tag 18, over-long"),
        pytest.param(b"\xd2" + message(), id="the tag twice"),
        pytest.param(b"\xd9\xd9\xf7" + message(), id="self-described CBOR"),
        pytest.param(message() + b"\x00", id="a byte behind"),
        pytest.param(b"\xd2" + cbor.encode({}), id="a map"),
        pytest.param(b"\xd2" + cbor.encode([PROTECTED, {}, b""]), id="three items"),
        pytest.param(b"\xd2" + cbor.encode([PROTECTED, {}, b"", bytes(64), 0]), id="five items"),
        pytest.param(message(protected=HEADERS), id="protected header not wrapped"),
        pytest.param(message(protected=None), id="protected header null"),
        pytest.param(message(protected=b"\x80"), id="protected header an array"),
        pytest.param(message(protected=b"\xa1"), id="protected header cut short"),
        pytest.param(message(protected=PROTECTED + b"\x00"), id="a byte behind the header"),
        pytest.param(message(protected=b"\xbf\xff"), id="protected header indefinite"),
        pytest.param(message(protected=bytes.fromhex("a2012701 27")), id="a header twice"),
        pytest.param(message(protected=bytes.fromhex("a1180127")), id="an over-long label"),
        pytest.param(message(unprotected=[1]), id="unprotected header an array"),
        pytest.param(message(unprotected=b"\xa0"), id="unprotected header wrapped"),
        pytest.param(message(unprotected={ALG: EDDSA}), id="alg in both headers"),
        pytest.param(message(payload=None), id="payload null"),
        pytest.param(message(payload="payload"), id="payload a text"),
        pytest.param(message(payload=[]), id="payload an array"),
        pytest.param(message(signature=b""), id="no signature"),
        pytest.param(message(signature=bytes(63)), id="a signature of 63 bytes"),
        pytest.param(message(signature=bytes(65)), id="a signature of 65 bytes"),
        pytest.param(message(signature="s" * 64), id="a signature of text"),
        pytest.param(message(signature=None), id="signature null"),
    ],
)
def test_another_form_is_refused(raw):
    decode_sign1(message())
    with pytest.raises(MalformedError):
        decode_sign1(raw)


def test_a_detached_payload_is_null_and_an_attached_one_is_not():
    assert decode_sign1(message(payload=None), detached=True).payload == b""
    for attached in (b"", b"payload"):
        assert decode_sign1(message(payload=attached)).payload == attached
        with pytest.raises(MalformedError, match="must be null"):
            decode_sign1(message(payload=attached), detached=True)


@pytest.mark.parametrize(
    "critical",
    [[ALG], [KID, ALG], [CONTENT_TYPE], [CWT_CLAIMS], [VDS], [ALG, CONTENT_TYPE, KID]],
    ids=str,
)
def test_headers_that_we_understand_may_be_critical(critical):
    headers = {ALG: EDDSA, CRIT: critical, CONTENT_TYPE: 0, KID: b"", CWT_CLAIMS: {}, VDS: 1}
    assert decode_sign1(message(protected=cbor.encode(headers))).headers == headers


@pytest.mark.parametrize(
    ("protected", "unprotected"),
    [
        pytest.param({CRIT: []}, {}, id="nothing critical"),
        pytest.param({CRIT: ALG}, {}, id="no array"),
        pytest.param({CRIT: None}, {}, id="null"),
        pytest.param({CRIT: {ALG: 1}}, {}, id="a map"),
        pytest.param({CRIT: [77], 77: 0}, {}, id="an unknown label"),
        pytest.param({CRIT: [ALG, 77], 77: 0}, {}, id="an unknown label behind a known one"),
        pytest.param({CRIT: ["alg"], "alg": 0}, {}, id="a text label"),
        pytest.param({CRIT: [True]}, {}, id="true, which Python takes for 1"),
        pytest.param({CRIT: [[ALG]]}, {}, id="an array in it"),
        pytest.param({CRIT: [VDS]}, {}, id="a known label that is not there"),
        pytest.param({CRIT: [VDS]}, {VDS: 1}, id="a label that is not protected"),
        pytest.param({}, {CRIT: [ALG]}, id="crit not protected"),
        pytest.param({}, {CRIT: []}, id="crit empty and not protected"),
    ],
)
def test_what_is_critical_and_not_understood_is_refused(protected, unprotected):
    raw = message(protected=cbor.encode(HEADERS | protected), unprotected=unprotected)
    with pytest.raises(MalformedError, match=r"crit"):
        decode_sign1(raw)
