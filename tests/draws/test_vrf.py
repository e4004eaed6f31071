"""The verifiable random function against RFC 9381's examples, and against whoever bends a proof."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_core_ed25519_add

from ledger.draws.vrf import OUTPUT_SIZE, PROOF_SIZE, beta_of, prove, public_key_of, verify
from ledger.errors import MalformedError, SignatureError

SUITE = "ECVRF-EDWARDS25519-SHA512-TAI"
SEED = bytes(range(32))
KEY = public_key_of(SEED)
Q = (1 << 252) + 27742317777372353535851937790883648493
SMALL = [
    bytes(32),  # of order 4
    (1).to_bytes(32, "little"),  # the identity
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),  # of order 2
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),  # of order 8
]
NOT_CANONICAL = bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")


def test_it_is_the_rfcs_function(vectors: Path):
    examples = json.loads((vectors / "vrf" / "rfc9381_ecvrf.json").read_text("utf-8"))
    ours = [each for each in examples if each["suite"] == SUITE]
    assert [each["example"] for each in ours] == [16, 17, 18]
    for each in ours:
        seed, key = bytes.fromhex(each["SK"]), bytes.fromhex(each["PK"])
        alpha = bytes.fromhex(each["alpha_hex"])
        assert public_key_of(seed) == key
        assert prove(seed, alpha).hex() == each["pi"]
        assert verify(key, alpha, bytes.fromhex(each["pi"])).hex() == each["beta"]


def test_proofs_of_other_suites_are_none(vectors: Path):
    examples = json.loads((vectors / "vrf" / "rfc9381_ecvrf.json").read_text("utf-8"))
    for each in examples:
        if each["suite"] != SUITE:
            with pytest.raises(SignatureError):
                verify(
                    bytes.fromhex(each["PK"]),
                    bytes.fromhex(each["alpha_hex"]),
                    bytes.fromhex(each["pi"]),
                )


@settings(max_examples=50)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_what_is_proven_verifies_and_is_one_output(seed: bytes, alpha: bytes):
    proof = prove(seed, alpha)
    assert len(proof) == PROOF_SIZE
    assert proof == prove(seed, alpha)
    beta = verify(public_key_of(seed), alpha, proof)
    assert len(beta) == OUTPUT_SIZE
    assert beta == beta_of(proof)


@settings(max_examples=80)
@given(st.integers(0, 8 * PROOF_SIZE - 1), st.binary(max_size=40))
def test_a_bit_of_the_proof_turned_is_no_proof(bit: int, alpha: bytes):
    proof = bytearray(prove(SEED, alpha))
    proof[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SignatureError):
        verify(KEY, alpha, bytes(proof))


@settings(max_examples=20)
@given(st.binary(max_size=40), st.binary(max_size=40))
def test_a_proof_is_of_its_input_and_its_key(alpha: bytes, other: bytes):
    proof = prove(SEED, alpha)
    if alpha != other:
        with pytest.raises(SignatureError):
            verify(KEY, other, proof)
    with pytest.raises(SignatureError):
        verify(public_key_of(bytes(32)), alpha, proof)


@pytest.mark.parametrize("key", [*SMALL, NOT_CANONICAL, b"", KEY + b"\0"])
def test_a_key_without_order_is_refused(key: bytes):
    with pytest.raises(SignatureError):
        verify(key, b"", prove(SEED, b""))


def test_a_second_spelling_of_a_proof_is_refused():
    proof = prove(SEED, b"which")
    gamma, challenge, s = proof[:32], proof[32:48], proof[48:]
    larger = int.from_bytes(s, "little") + Q
    assert larger < 1 << 256
    twisted = [crypto_core_ed25519_add(gamma, small) for small in SMALL if small != SMALL[1]]
    others = [gamma + challenge + larger.to_bytes(32, "little")]
    others += [point + challenge + s for point in [*twisted, *SMALL, NOT_CANONICAL]]
    for other in [*others, proof + b"\0", proof[:-1], b""]:
        with pytest.raises(SignatureError):
            verify(KEY, b"which", other)


@pytest.mark.parametrize("zero", [slice(32, 48), slice(48, 80)])
def test_a_scalar_of_zero_is_no_proof(zero: slice):
    proof = bytearray(prove(SEED, b"which"))
    proof[zero] = bytes(len(proof[zero]))
    with pytest.raises(SignatureError):
        verify(KEY, b"which", bytes(proof))


def test_a_seed_has_32_bytes():
    with pytest.raises(MalformedError):
        public_key_of(bytes(31))
