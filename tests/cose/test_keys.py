"""Keys of issuers: both algorithms, thumbprints, PEM, proofs of possession."""

import json
from base64 import b64decode, encodebytes
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, x25519
from hypothesis import given
from hypothesis import strategies as st

from ledger.cose import cbor
from ledger.cose.keys import (
    EDDSA,
    ES256,
    ES384,
    PrivateKey,
    PublicKey,
    cose_key,
    possession_message,
    public_from_pem,
    public_to_pem,
)
from ledger.errors import MalformedError, SignatureError
from ledger.primitives.strict import parse_base64url

# The field's prime, the group's order and the b of y^2 = x^3 - 3x + b (SEC 2, secp256r1).
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B

KEYS = {
    "Ed25519": PrivateKey.from_seed(bytes([3]) * 32),
    "P-256": PrivateKey.from_seed(bytes([4]) * 32, ES256),
    "P-384": PrivateKey.from_seed(bytes([5]) * 32, ES384),
}
all_algorithms = pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)


@pytest.fixture(scope="session")
def formats(vectors):
    """Return the vectors of our own formats."""
    return json.loads((vectors / "pinyuan/formats.json").read_text())


def vector_key(case) -> PrivateKey:
    return PrivateKey.from_seed(bytes.fromhex(case.get("seed") or case["d"]), case["alg"])


def pem(label: str, der: bytes) -> bytes:
    return f"-----BEGIN {label}-----\n{encodebytes(der).decode()}-----END {label}-----\n".encode()


def test_the_keys_of_the_vectors_have_their_coordinates_and_thumbprints(formats):
    for case in formats["keys"]:
        public = vector_key(case).public
        coordinates = bytes.fromhex(case["x"]), bytes.fromhex(case.get("y", ""))
        assert public == PublicKey(case["alg"], *coordinates), case["name"]
        assert public.kid.hex() == case["kid"], case["name"]
        public.check_sound()


def test_the_possession_proofs_of_the_vectors_verify_and_are_of_one_party(formats):
    named = {case["name"]: vector_key(case).public for case in formats["keys"]}
    for case in formats["possession"]:
        key, signature = named[case["key"]], parse_base64url(case["signature"])
        message = possession_message(key, origin=formats["origin"], party=case["party"])
        assert message.hex() == case["to_be_signed"]
        key.verify(message, signature)
        for origin, party in (("another.log", case["party"]), (formats["origin"], "another")):
            with pytest.raises(SignatureError):
                key.verify(possession_message(key, origin=origin, party=party), signature)


def test_the_thumbprint_is_the_one_of_rfc_9679():
    # RFC 9679 section 6, the example's key and its SHA-256 thumbprint.
    key = PublicKey(
        ES256,
        bytes.fromhex("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d"),
        bytes.fromhex("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c"),
    )
    expected = "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec"
    assert key.kid.hex() == expected


@all_algorithms
def test_a_cose_key_decodes_and_its_required_members_hash_to_the_kid(key):
    public = key.public
    members = cbor.decode(cose_key(public), "key")
    assert (members.pop(2), members.pop(3)) == (public.kid, public.alg)
    required = [(1, 1), (-1, 6), (-2, public.x)]
    if public.y:
        required = [(1, 2), (-1, 1 if public.alg == ES256 else 2), (-2, public.x), (-3, public.y)]
    assert list(members.items()) == required
    assert sha256(cbor.encode(members)).digest() == public.kid


def test_the_wycheproof_cases_of_p256_come_out_as_they_say(vectors):
    file = vectors / "p256/wycheproof_ecdsa_secp256r1_sha256_p1363_test.json"
    cases = 0
    for group in json.loads(file.read_text())["testGroups"]:
        point = group["publicKey"]
        key = PublicKey(ES256, *(int(point[w], 16).to_bytes(32) for w in ("wx", "wy")))
        key.check_sound()
        for case in group["tests"]:
            assert case["result"] in ("valid", "invalid"), "a case that leaves it open"
            try:
                key.verify(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
                result = "valid"
            except SignatureError:
                result = "invalid"
            assert result == case["result"], f"{case['tcId']}: {case['comment']}"
            cases += 1
    assert cases


@all_algorithms
@given(message=st.binary(max_size=200), other=st.binary(max_size=200))
def test_a_signature_verifies_for_its_message_alone(key, message, other):
    signature = key.sign(message)
    key.public.verify(message, signature)
    if other != message:
        with pytest.raises(SignatureError):
            key.public.verify(other, signature)


@all_algorithms
def test_no_bit_of_a_signature_may_change(key):
    signature = key.sign(b"message")
    for bit in range(8 * len(signature)):
        wrong = bytearray(signature)
        wrong[bit >> 3] ^= 1 << (bit & 7)
        with pytest.raises(SignatureError):
            key.public.verify(b"message", bytes(wrong))


@all_algorithms
def test_a_signature_has_64_bytes_or_with_p384_96(key):
    signature = key.sign(b"message")
    for wrong in (b"", signature[:-1], signature + b"\x00", b"\x00" + signature, signature * 2):
        with pytest.raises(SignatureError, match="96" if key.public.alg == ES384 else "64"):
            key.public.verify(b"message", wrong)


@all_algorithms
def test_another_key_of_the_same_kind_verifies_nothing(key):
    other = PrivateKey.generate(key.public.alg)
    assert other.public.kid != key.public.kid
    with pytest.raises(SignatureError):
        other.public.verify(b"message", key.sign(b"message"))


def test_an_es256_signature_has_a_twin_that_verifies_too():
    # ECDSA is malleable: (r, n - s) verifies where (r, s) does. A signature is
    # therefore never part of an identity; a statement's id is that of its signed bytes.
    key = KEYS["P-256"]
    signature = key.sign(b"message")
    twin = signature[:32] + (N - int.from_bytes(signature[32:])).to_bytes(32)
    assert twin != signature
    key.public.verify(b"message", twin)


def point(x: int, y: int) -> PublicKey:
    return PublicKey(ES256, x.to_bytes(32), y.to_bytes(32))


GOOD = int.from_bytes(KEYS["P-256"].public.x), int.from_bytes(KEYS["P-256"].public.y)
ROOT_OF_B = pow(B, (P + 1) // 4, P)  # the y of x = 0


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(point(GOOD[0], GOOD[1] ^ 1), id="P-256, off the curve"),
        pytest.param(point(GOOD[1], GOOD[0]), id="P-256, coordinates swapped"),
        pytest.param(point(0, 0), id="P-256, the point at infinity"),
        pytest.param(point(2**256 - 1, 2**256 - 1), id="P-256, beyond the field"),
        pytest.param(PublicKey(EDDSA, (1).to_bytes(32, "little")), id="Ed25519, order 1"),
        pytest.param(PublicKey(EDDSA, (2**255 - 20).to_bytes(32, "little")), id="order 2"),
        pytest.param(PublicKey(EDDSA, bytes(32)), id="Ed25519, order 4"),
        pytest.param(
            PublicKey(
                EDDSA,
                bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
            ),
            id="Ed25519, order 8",
        ),
        pytest.param(PublicKey(EDDSA, (2).to_bytes(32, "little")), id="Ed25519, no point"),
    ],
)
def test_a_key_that_would_prove_nothing_is_unsound_and_verifies_nothing(key):
    with pytest.raises(SignatureError, match="unsound"):
        key.check_sound()
    with pytest.raises(SignatureError):
        key.verify(b"message", bytes(64))


def test_a_point_has_one_spelling():
    # With x + p for x one private key would have two kids, and a revoked one a second life.
    point(0, ROOT_OF_B).check_sound()
    with pytest.raises(SignatureError, match="unsound"):
        point(P, ROOT_OF_B).check_sound()


@pytest.mark.parametrize(
    ("alg", "x", "y"),
    [
        (-35, 32, 32),
        (0, 32, 0),
        (EDDSA, 31, 0),
        (EDDSA, 33, 0),
        (EDDSA, 32, 32),
        (ES256, 32, 0),
        (ES256, 32, 31),
        (ES256, 33, 32),
    ],
)
def test_a_key_of_another_algorithm_or_length_is_no_key(alg, x, y):
    with pytest.raises(MalformedError):
        PublicKey(alg, bytes(x), bytes(y))


@all_algorithms
@pytest.mark.parametrize(
    "passphrase", [None, "品源 passphrase".encode()], ids=["open", "encrypted"]
)
def test_a_private_key_comes_back_from_its_pem(key, passphrase):
    written = key.pem(passphrase)
    assert (b"ENCRYPTED" in written) == (passphrase is not None)
    again = PrivateKey.from_pem(written, passphrase)
    assert again.public == key.public
    key.public.verify(b"message", again.sign(b"message"))


def test_of_a_key_file_with_a_bit_that_flipped_a_key_is_read_or_a_sentence_told():
    """One bit makes the library raise what it raises for no other."""
    key, told = PrivateKey.from_seed(b"1" * 32), 0
    for written, read in (
        (key.pem(), PrivateKey.from_pem),
        (public_to_pem(key.public), public_from_pem),
    ):
        for bit in range(8 * len(written)):
            flipped = bytearray(written)
            flipped[bit // 8] ^= 1 << bit % 8
            try:
                read(bytes(flipped))
            except MalformedError:
                told += 1
    assert told > 1000


@all_algorithms
def test_a_public_key_comes_back_from_its_pem(key):
    assert public_from_pem(public_to_pem(key.public)) == key.public


@all_algorithms
def test_a_passphrase_that_is_wrong_missing_or_needless_is_named(key):
    with pytest.raises(MalformedError, match="passphrase is wrong"):
        PrivateKey.from_pem(key.pem(b"right"), b"wrong")
    with pytest.raises(MalformedError, match="no passphrase was given"):
        PrivateKey.from_pem(key.pem(b"right"))
    with pytest.raises(MalformedError, match="it is not encrypted"):
        PrivateKey.from_pem(key.pem(), b"needless")


FOREIGN = [
    ec.generate_private_key(ec.SECP521R1()),
    ec.generate_private_key(ec.SECP256K1()),
    ed448.Ed448PrivateKey.generate(),
    x25519.X25519PrivateKey.generate(),
]


@pytest.mark.parametrize("foreign", FOREIGN, ids=["P-521", "secp256k1", "Ed448", "X25519"])
def test_keys_of_other_kinds_are_refused(foreign):
    private = foreign.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = foreign.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with pytest.raises(MalformedError, match="only Ed25519, P-256 and P-384"):
        PrivateKey.from_pem(private)
    with pytest.raises(MalformedError, match="only Ed25519, P-256 and P-384"):
        public_from_pem(public)


# The identifiers of Ed25519 and of the curves P-256 and P-384, and neighbours that nobody has assigned.
UNASSIGNED = {
    "2b6570": "2b657f",
    "2a8648ce3d030107": "2a8648ce3d030177",
    "2b81040022": "2b81047f22",
}


def of_unknown_kind(written: bytes) -> bytes:
    """Return a key's PEM with an algorithm or curve that no library knows."""
    label = written.decode().splitlines()[0].strip("-").removeprefix("BEGIN ")
    der = b64decode(b"".join(written.splitlines()[1:-1])).hex()
    for known, unknown in UNASSIGNED.items():
        der = der.replace(known, unknown)
    assert pem(label, bytes.fromhex(der)) != written
    return pem(label, bytes.fromhex(der))


@all_algorithms
def test_a_public_key_of_unknown_kind_is_refused(key):
    with pytest.raises(MalformedError):
        public_from_pem(of_unknown_kind(public_to_pem(key.public)))


@all_algorithms
def test_a_private_key_of_unknown_kind_is_refused(key):
    with pytest.raises(MalformedError):
        PrivateKey.from_pem(of_unknown_kind(key.pem()))


@given(st.binary(max_size=120))
def test_bytes_that_are_no_pem_are_refused(rubbish):
    for raw in (rubbish, pem("PUBLIC KEY", rubbish), pem("PRIVATE KEY", rubbish)):
        with pytest.raises(MalformedError):
            public_from_pem(raw)
        with pytest.raises(MalformedError):
            PrivateKey.from_pem(raw)


@all_algorithms
def test_a_pem_cut_short_or_of_the_other_half_is_refused(key):
    public, private = public_to_pem(key.public), key.pem()
    for read, raw in ((public_from_pem, public), (PrivateKey.from_pem, private)):
        with pytest.raises(MalformedError):
            read(raw[: len(raw) // 2])
    with pytest.raises(MalformedError):
        public_from_pem(private)
    with pytest.raises(MalformedError):
        PrivateKey.from_pem(public)
