"""Ed25519 by libsodium's rule: published vectors, and keys on which libraries differ."""

import json

import pytest
from nacl.bindings import crypto_core_ed25519_add
from nacl.signing import SigningKey

from ledger.errors import SignatureError
from ledger.primitives import ed25519

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
KEY = SigningKey(bytes([1]) * 32)
PUBLIC = bytes(KEY.verify_key)
MESSAGE = b"statement"
SIGNATURE = KEY.sign(MESSAGE).signature

# The eight points of small order in their canonical encodings (orders 1, 2, 4, 4, 8, 8, 8, 8).
ORDER_8 = [
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
IDENTITY = (1).to_bytes(32, "little")
TORSION = [
    (P - 1).to_bytes(32, "little"),
    bytes(32),
    (1 << 255).to_bytes(32, "little"),
    *map(bytes.fromhex, ORDER_8),
]
# The same small points spelled with y >= p or with the sign of x = 0.
NOT_CANONICAL = [
    *((y | sign << 255).to_bytes(32, "little") for y in (P, P + 1) for sign in (0, 1)),
    *((y | 1 << 255).to_bytes(32, "little") for y in (1, P - 1)),
]


def is_refused(check, *arguments: bytes) -> bool:
    try:
        check(*arguments)
    except SignatureError:
        return True
    return False


def test_the_wycheproof_cases_come_out_as_they_say(vectors):
    file = vectors / "ed25519/wycheproof_ed25519_test.json"
    cases = 0
    for group in json.loads(file.read_text())["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            claim = public, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            assert case["result"] in ("valid", "invalid"), "a case that leaves it open"
            name = f"{case['tcId']}: {case['comment']}"
            assert is_refused(ed25519.verify, *claim) == (case["result"] == "invalid"), name
            cases += 1
    assert cases


@pytest.fixture(scope="session")
def speccheck(vectors):
    """Return the cases of "Taming the Many EdDSAs": message, key, signature."""
    cases = json.loads((vectors / "ed25519/speccheck_cases.json").read_text())
    return [[bytes.fromhex(c[name]) for name in ("pub_key", "message", "signature")] for c in cases]


def test_no_unsound_key_of_speccheck_is_sound(speccheck):
    sound = {
        i for i, (key, _, _) in enumerate(speccheck) if not is_refused(ed25519.check_sound, key)
    }
    assert sound == {6, 7}  # whose keys are honest: only the scalar of the signature is too large


def test_speccheck_comes_out_as_libsodium_has_it(speccheck):
    # The paper's table 5: libsodium takes case 3 alone, a mixed-order key without cofactor.
    assert {i for i, case in enumerate(speccheck) if not is_refused(ed25519.verify, *case)} == {3}


@pytest.mark.parametrize("point", [IDENTITY, *TORSION, *NOT_CANONICAL], ids=bytes.hex)
def test_a_key_of_small_order_is_unsound_however_spelled(point):
    with pytest.raises(SignatureError, match="unsound"):
        ed25519.check_sound(point)
    forged = point + bytes(32)  # R = A and s = 0 fit every message whose k the order divides
    assert all(is_refused(ed25519.verify, point, b"%d" % i, forged) for i in range(16))


@pytest.mark.parametrize("point", TORSION, ids=bytes.hex)
def test_a_key_with_torsion_is_unsound(point):
    torsioned = crypto_core_ed25519_add(PUBLIC, point)
    assert torsioned != PUBLIC
    with pytest.raises(SignatureError, match="unsound"):
        ed25519.check_sound(torsioned)


def test_keys_honestly_made_are_sound():
    for i in range(50):
        ed25519.check_sound(bytes(SigningKey(bytes([i]) * 32).verify_key))


@pytest.mark.parametrize(
    "key",
    [
        (2).to_bytes(32, "little"),  # on no point
        (P + 3).to_bytes(32, "little"),
        b"\xff" * 32,
        b"",
        PUBLIC[:-1],
        PUBLIC + b"\x00",
        PUBLIC.hex().encode(),
    ],
)
def test_bytes_that_are_no_point_are_no_key(key):
    assert is_refused(ed25519.check_sound, key)
    assert is_refused(ed25519.verify, key, MESSAGE, SIGNATURE)


def test_a_signature_holds_for_its_key_message_and_bits_alone():
    ed25519.verify(PUBLIC, MESSAGE, SIGNATURE)
    assert is_refused(ed25519.verify, PUBLIC, MESSAGE + b"\x00", SIGNATURE)
    assert is_refused(ed25519.verify, PUBLIC, b"", SIGNATURE)
    for bit in range(8 * len(SIGNATURE)):
        wrong = bytearray(SIGNATURE)
        wrong[bit >> 3] ^= 1 << (bit & 7)
        assert is_refused(ed25519.verify, PUBLIC, MESSAGE, bytes(wrong)), f"bit {bit}"
    for bit in range(8 * len(PUBLIC)):
        wrong = bytearray(PUBLIC)
        wrong[bit >> 3] ^= 1 << (bit & 7)
        assert is_refused(ed25519.verify, bytes(wrong), MESSAGE, SIGNATURE), f"key bit {bit}"


def test_the_scalar_of_a_signature_is_below_the_order():
    s = int.from_bytes(SIGNATURE[32:], "little")
    for larger in (s + L, s + 2 * L, s + 8 * L):
        signature = SIGNATURE[:32] + larger.to_bytes(32, "little")
        assert is_refused(ed25519.verify, PUBLIC, MESSAGE, signature)


@pytest.mark.parametrize("length", [0, 32, 63, 65, 128])
def test_a_signature_of_another_length_does_not_verify(length):
    signature = (SIGNATURE * 2)[:length]
    with pytest.raises(SignatureError, match="a signature 64"):
        ed25519.verify(PUBLIC, MESSAGE, signature)
