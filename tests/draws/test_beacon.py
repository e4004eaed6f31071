"""The beacon against drand's own rounds, against a second library, and spelt in other ways."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.draws.beacon import QUICKNET, randomness_of
from ledger.errors import ParameterError, SignatureError


@pytest.fixture(scope="module")
def rounds(vectors: Path) -> list[dict]:
    return json.loads((vectors / "drand" / "quicknet_beacons.json").read_text("utf-8"))


def test_a_round_proves_itself(rounds: list[dict]):
    assert rounds
    for each in rounds:
        assert bytes.fromhex(each["PubKey"]) == QUICKNET.key
        found = randomness_of(QUICKNET, each["Round"], bytes.fromhex(each["Sig"]))
        assert found.hex() == each["Randomness"]


def test_the_chain_is_the_one_that_drand_names():
    known = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
    assert QUICKNET.hash.hex() == known


def test_rounds_of_other_chains_are_none(vectors: Path):
    others = json.loads((vectors / "drand" / "drand_beacons.json").read_text("utf-8"))
    assert others
    for each in others:
        with pytest.raises(SignatureError):
            randomness_of(QUICKNET, each["Round"], bytes.fromhex(each["Sig"]))


def test_a_signature_is_of_its_round_alone(rounds: list[dict]):
    first, second = rounds[:2]
    signature = bytes.fromhex(first["Sig"])
    for number in (first["Round"] - 1, first["Round"] + 1, second["Round"]):
        with pytest.raises(SignatureError):
            randomness_of(QUICKNET, number, signature)


def test_no_other_spelling_gives_another_randomness(rounds: list[dict]):
    signature = bytes.fromhex(rounds[0]["Sig"])
    number = rounds[0]["Round"]
    infinity = bytes([0xC0, *bytes(47)])
    turned = (int.from_bytes(signature) ^ 1 << 381).to_bytes(48)  # the other of the two points
    others = [infinity, b"\xff" * 48, bytes([0xC0, *b"\1" * 47]), turned, bytes(48)]
    for other in [*others, signature + b"\0", signature[:-1], b""]:
        with pytest.raises(SignatureError):
            randomness_of(QUICKNET, number, other)


@pytest.mark.parametrize("bit", [0, 7, 100, 383])
def test_a_bit_turned_is_no_signature(rounds: list[dict], bit: int):
    signature = int.from_bytes(bytes.fromhex(rounds[0]["Sig"])) ^ 1 << bit
    with pytest.raises(SignatureError):
        randomness_of(QUICKNET, rounds[0]["Round"], signature.to_bytes(48))


@pytest.fixture
def deep() -> Iterator[None]:
    """Put back how deep calls may go: the second library raises that for the whole process."""
    limit = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("deep")
def test_a_second_library_agrees_on_what_is_signed():
    """A key of our own: what py_ecc signs verifies here, so both hash and pair alike."""
    from py_ecc.bls.hash_to_curve import hash_to_G1
    from py_ecc.bls.point_compression import compress_G1, compress_G2
    from py_ecc.optimized_bls12_381 import G2, multiply, neg

    secret = 0x1234567890ABCDEF
    upper, lower = compress_G2(multiply(G2, secret))
    ours = replace(QUICKNET, name="ours", key=upper.to_bytes(48) + lower.to_bytes(48))
    tag = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
    for number in (1, 77, 1 << 40):
        point = hash_to_G1(sha256(number.to_bytes(8)).digest(), tag, sha256)
        signature = compress_G1(multiply(point, secret)).to_bytes(48)
        assert randomness_of(ours, number, signature) == sha256(signature).digest()
        mirrored = compress_G1(neg(multiply(point, secret))).to_bytes(48)
        with pytest.raises(SignatureError):
            randomness_of(ours, number, mirrored)


@given(st.integers(1, 1 << 40))
def test_a_rounds_time_and_the_round_at_a_time_fit(number: int):
    due = QUICKNET.time_of(number)
    assert QUICKNET.round_from(due) == number
    assert QUICKNET.round_from(due - 1) == number
    assert QUICKNET.round_from(due + 1) == number + 1


def test_rounds_count_from_one():
    assert QUICKNET.time_of(1) == QUICKNET.genesis_s
    assert QUICKNET.round_from(0) == 1
    for number in (0, -1):
        with pytest.raises(ParameterError):
            QUICKNET.time_of(number)
