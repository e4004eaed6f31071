"""Receipts: what a log hands out, checked by us and by a general SCITT verifier."""

import json
from dataclasses import replace

import pytest
import scitt_cose
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.cose import cbor
from ledger.cose.keys import EDDSA, ES256, PrivateKey, PublicKey, public_to_pem
from ledger.cose.receipt import MAX_PATH, BatchClaims, Receipt, decode_receipt, verify_receipt
from ledger.cose.sign1 import sign
from ledger.errors import MalformedError, ProofError, SignatureError, VerificationError
from ledger.tlog.merkle import leaf_hash, prove_inclusion, root_hash

MAX_TREE = 33
ORIGIN = "ledger.example/tests-1"
LOG = PrivateKey.from_seed(bytes([2]) * 32)
BRAND = PrivateKey.from_seed(bytes([3]) * 32)
STATEMENTS = [
    sign({1: EDDSA, 3: "text/plain", 4: BRAND.public.kid}, b"reading %d" % i, BRAND.sign)
    for i in range(MAX_TREE)
]
LEAVES = [leaf_hash(statement) for statement in STATEMENTS]

hashes = st.binary(min_size=32, max_size=32)
counts = st.integers(0, 2**64 - 1)
claims = st.builds(BatchClaims, hashes, st.text(max_size=30), counts, st.integers(0, 2**40))
paths = st.lists(hashes, max_size=MAX_PATH).map(tuple)
receipts = st.builds(Receipt, claims, counts, paths, st.binary(min_size=64, max_size=64))


def read(level: int, index: int) -> bytes:
    return root_hash(LEAVES[index << level : (index + 1) << level])


def batch(size: int) -> list[Receipt]:
    """Return the receipts of every leaf of the tree of ``size``, under one signature."""
    signed = BatchClaims(LOG.public.kid, ORIGIN, size, 1_790_000_000)
    signature = signed.sign(root_hash(LEAVES[:size]), LOG.sign)
    return [
        Receipt(signed, index, tuple(prove_inclusion(index, size, read)), signature)
        for index in range(size)
    ]


def scitt_accepts(receipt: bytes, statement: bytes, log: PublicKey) -> bool:
    """Ask a verifier that shares no code with us."""
    return scitt_cose.verify_receipt(
        receipt, leaf_entry_hex=statement.hex(), log_public_key_pem=public_to_pem(log)
    ).ok


def refuses(receipt: bytes, statement: bytes) -> bool:
    try:
        verify_receipt(receipt, statement, LOG.public, ORIGIN)
    except (MalformedError, ProofError, SignatureError):
        return True
    return False


@pytest.fixture(scope="session")
def formats(vectors):
    """Return the vectors of our own formats."""
    return json.loads((vectors / "pinyuan/formats.json").read_text())


@pytest.fixture(scope="session")
def log_of_vectors(formats):
    """Return the log key of our vectors."""
    (case,) = [case for case in formats["keys"] if case["name"] == "log"]
    return PublicKey(case["alg"], bytes.fromhex(case["x"]))


def test_the_receipts_of_the_vectors_come_out_as_they_say(formats, log_of_vectors):
    accepted = set()
    for case in formats["receipts"]:
        raw = bytes.fromhex(case["bytes"])
        statement = bytes.fromhex(formats["statements"][case["index"]]["bytes"])
        try:
            receipt = verify_receipt(raw, statement, log_of_vectors, formats["origin"])
        except (MalformedError, VerificationError):
            assert not case["ok"], case
            continue
        assert case["ok"], case["why"]
        assert (receipt.index, receipt.claims.size) == (case["index"], 9)
        assert decode_receipt(raw).encode() == raw
        accepted.add(receipt.index)
    assert accepted == set(range(9))


def test_the_vectors_are_accepted_elsewhere_even_with_a_size_that_was_not_signed(
    formats, log_of_vectors
):
    for case in formats["receipts"]:
        raw = bytes.fromhex(case["bytes"])
        statement = bytes.fromhex(formats["statements"][case["index"]]["bytes"])
        only_here = case.get("why", "").startswith("size ")
        assert scitt_accepts(raw, statement, log_of_vectors) == (case["ok"] or only_here)
        if only_here:
            with pytest.raises(MalformedError, match="size 5 in the proof, 9 in the signed claim"):
                verify_receipt(raw, statement, log_of_vectors, formats["origin"])


@pytest.mark.parametrize("size", range(1, MAX_TREE + 1))
def test_every_receipt_of_a_tree_verifies_here_and_elsewhere(size):
    for receipt, statement in zip(batch(size), STATEMENTS, strict=False):
        raw = receipt.encode()
        assert decode_receipt(raw) == receipt
        assert verify_receipt(raw, statement, LOG.public, ORIGIN) == receipt
        assert scitt_accepts(raw, statement, LOG.public)


def test_a_receipt_is_for_one_statement_at_one_index_of_one_size():
    for size in (1, 2, 7, 8):
        for receipt in batch(size):
            for statement in STATEMENTS[: size + 1]:
                if statement != STATEMENTS[receipt.index]:
                    with pytest.raises(SignatureError):
                        verify_receipt(receipt.encode(), statement, LOG.public, ORIGIN)
            statement = STATEMENTS[receipt.index]
            for index in (*range(size + 1), 2**64 - 1):
                if index != receipt.index:
                    moved = replace(receipt, index=index).encode()
                    with pytest.raises((ProofError, SignatureError)):
                        verify_receipt(moved, statement, LOG.public, ORIGIN)
            for other in range(12):
                if other != size:
                    resized = replace(receipt, claims=replace(receipt.claims, size=other))
                    with pytest.raises((ProofError, SignatureError)):
                        verify_receipt(resized.encode(), statement, LOG.public, ORIGIN)


def test_a_statement_that_carries_anything_else_is_another_leaf():
    raw = batch(7)[3].encode()
    carrying = STATEMENTS[3].replace(b"\xa0", cbor.encode({"note": 1}), 1)
    for wrong in (carrying, STATEMENTS[3] + b"\x00", STATEMENTS[3][:-1], b""):
        with pytest.raises(SignatureError, match="did not sign the root"):
            verify_receipt(raw, wrong, LOG.public, ORIGIN)


def test_a_receipt_of_another_log_or_log_key_is_refused():
    raw, statement = batch(7)[3].encode(), STATEMENTS[3]
    for origin in ("ledger.example/tests-2", ORIGIN + "#7", ORIGIN[:-1], ""):
        with pytest.raises(ProofError, match="of log"):
            verify_receipt(raw, statement, LOG.public, origin)
    for key in (BRAND, PrivateKey.from_seed(bytes([4]) * 32, ES256)):
        with pytest.raises(ProofError, match="another log key"):
            verify_receipt(raw, statement, key.public, ORIGIN)


def test_naming_the_log_key_does_not_make_its_signature():
    claims = BatchClaims(LOG.public.kid, ORIGIN, 1, 1_790_000_000)
    forged = Receipt(claims, 0, (), claims.sign(LEAVES[0], BRAND.sign)).encode()
    with pytest.raises(SignatureError, match="did not sign the root"):
        verify_receipt(forged, STATEMENTS[0], LOG.public, ORIGIN)


def test_no_bit_of_a_receipt_may_change():
    raw, statement = batch(7)[3].encode(), STATEMENTS[3]
    verify_receipt(raw, statement, LOG.public, ORIGIN)
    for bit in range(8 * len(raw)):
        wrong = bytearray(raw)
        wrong[bit >> 3] ^= 1 << (bit & 7)
        assert refuses(bytes(wrong), statement), f"bit {bit}"


@pytest.mark.parametrize("index", [0, 1])
def test_an_index_is_a_number_and_not_true_or_false(index):
    # Python takes true for 1: the receipt would have a second spelling.
    receipt = batch(2)[index]
    raw = replace(receipt, index=bool(index)).encode()
    assert raw != receipt.encode()
    with pytest.raises(MalformedError):
        verify_receipt(raw, STATEMENTS[index], LOG.public, ORIGIN)


@given(receipts)
@settings(max_examples=60)
def test_what_was_encoded_decodes_to_the_same_receipt(receipt):
    assert decode_receipt(receipt.encode()) == receipt


@given(st.binary(max_size=120), st.binary(max_size=60))
def test_arbitrary_bytes_raise_nothing_else(raw, inner):
    for attempt in (raw, b"\xd2\x84" + raw, changed(proof=inner), changed(protected=inner)):
        with pytest.raises(MalformedError):
            decode_receipt(attempt)


RECEIPT = batch(7)[3]
PATH = list(RECEIPT.path)
CLAIMS = {1: ORIGIN, 2: f"{ORIGIN}#7", 6: 1_790_000_000}
HEADERS = {1: EDDSA, 4: LOG.public.kid, 395: 1, 15: CLAIMS}
PROOF = cbor.encode([7, 3, PATH])


def changed(
    *,
    headers: dict | None = None,
    claims: dict | None = None,
    protected: bytes | None = None,
    proof: bytes = PROOF,
    unprotected: object = None,
    payload: bytes | None = None,
) -> bytes:
    """Return the receipt with some part of it replaced."""
    if protected is None:
        protected = cbor.encode(headers or HEADERS | {15: CLAIMS if claims is None else claims})
    return b"\xd2" + cbor.encode(
        [protected, unprotected or {396: {-1: [proof]}}, payload, RECEIPT.signature]
    )


def test_the_receipt_that_the_next_test_changes_is_one():
    assert changed() == RECEIPT.encode()


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(RECEIPT.encode()[1:], id="no tag"),
        pytest.param(RECEIPT.encode() + b"\x00", id="a byte behind"),
        pytest.param(changed(payload=b""), id="an empty payload"),
        pytest.param(changed(payload=root_hash(LEAVES[:7])), id="the root attached"),
        pytest.param(changed(headers=HEADERS | {1: ES256}), id="another algorithm"),
        pytest.param(changed(headers=HEADERS | {395: 2}), id="another data structure"),
        pytest.param(changed(headers=HEADERS | {395: True}), id="true for 1"),
        pytest.param(changed(headers=HEADERS | {4: b"kid"}), id="a short kid"),
        pytest.param(changed(headers=HEADERS | {4: "k" * 32}), id="a kid of text"),
        pytest.param(changed(headers=HEADERS | {3: 0}), id="a header more"),
        pytest.param(changed(headers=HEADERS | {2: [395]}), id="a critical header"),
        pytest.param(changed(headers=dict(reversed(HEADERS.items()))), id="another order"),
        *(
            pytest.param(
                changed(headers={k: v for k, v in HEADERS.items() if k != label}),
                id=f"no header {label}",
            )
            for label in HEADERS
        ),
        pytest.param(changed(headers=HEADERS | {15: []}), id="claims in an array"),
        pytest.param(changed(claims={}), id="no claims"),
        pytest.param(changed(claims=CLAIMS | {3: ""}), id="a claim more"),
        pytest.param(changed(claims=CLAIMS | {1: "another"}), id="a subject of another log"),
        pytest.param(changed(claims=CLAIMS | {1: b"log"}), id="an issuer of bytes"),
        pytest.param(changed(claims=CLAIMS | {2: 7}), id="a subject that is a number"),
        pytest.param(changed(claims=CLAIMS | {2: ORIGIN}), id="a subject without size"),
        pytest.param(changed(claims=CLAIMS | {2: f"{ORIGIN}#"}), id="an empty size"),
        pytest.param(changed(claims=CLAIMS | {2: f"{ORIGIN}#07"}), id="a size with a zero"),
        pytest.param(changed(claims=CLAIMS | {2: f"{ORIGIN}#+7"}), id="a size with a sign"),
        pytest.param(changed(claims=CLAIMS | {2: f"{ORIGIN}#\uff17"}), id="a full-width size"),
        pytest.param(changed(claims=CLAIMS | {2: f"{ORIGIN}#{2**64}"}), id="a size of 65 bits"),
        pytest.param(changed(claims=CLAIMS | {2: f"{ORIGIN}#8"}), id="another size signed"),
        pytest.param(changed(claims=CLAIMS | {6: "now"}), id="a time of text"),
        pytest.param(changed(claims=CLAIMS | {6: True}), id="a time that is true"),
        pytest.param(changed(proof=cbor.encode([8, 3, PATH])), id="another size proved"),
        pytest.param(changed(proof=cbor.encode([7, "3", PATH])), id="an index of text"),
        pytest.param(changed(proof=cbor.encode([7, 3])), id="no path"),
        pytest.param(changed(proof=cbor.encode([7, 3, PATH, 0])), id="an item more"),
        pytest.param(changed(proof=cbor.encode([7, 3, PATH[0]])), id="a path that is a hash"),
        pytest.param(changed(proof=cbor.encode([7, 3, [PATH[0][:31]]])), id="a hash of 31 bytes"),
        pytest.param(changed(proof=cbor.encode([7, 3, ["h" * 32]])), id="a hash of text"),
        pytest.param(changed(proof=cbor.encode([7, 3, PATH[:1] * 64])), id="64 hashes"),
        pytest.param(changed(proof=PROOF + b"\x00"), id="a byte behind the proof"),
        pytest.param(changed(proof=b"\x9f" + PROOF[1:] + b"\xff"), id="an indefinite proof"),
        pytest.param(changed(unprotected={1000: 0}), id="no proof"),
        pytest.param(changed(unprotected={396: {-2: [PROOF]}}), id="a consistency proof"),
        pytest.param(changed(unprotected={396: {-1: []}}), id="no inclusion proof"),
        pytest.param(changed(unprotected={396: {-1: [PROOF, PROOF]}}), id="two proofs"),
        pytest.param(changed(unprotected={396: {-1: PROOF}}), id="a proof without array"),
        pytest.param(changed(unprotected={396: {-1: [[7, 3, PATH]]}}), id="a proof not wrapped"),
        pytest.param(changed(unprotected={396: {-1: [PROOF], -2: []}}), id="both kinds"),
        pytest.param(changed(unprotected={396: {-1: [PROOF]}, 4: b""}), id="kid in both headers"),
        pytest.param(changed(unprotected={396: {-1: [PROOF]}, 5: b""}), id="a header beside"),
    ],
)
def test_a_receipt_in_another_form_is_refused(raw):
    with pytest.raises(MalformedError):
        decode_receipt(raw)


@pytest.mark.parametrize("name", ["inclusion-receipt", "consistency-receipt"])
def test_the_published_examples_are_read_to_the_byte_and_not_taken_for_ours(vectors, name):
    # By ES256 and without a subject: of RFC 9942's form, not of this log's.
    raw = (vectors / f"receipts/{name}.cbor").read_bytes()
    assert raw[:1] == b"\xd2"
    body = cbor.decode(raw[1:], name)
    assert cbor.encode(body) == raw[1:]
    assert cbor.encode(cbor.decode(body[0], name)) == body[0]
    with pytest.raises(MalformedError, match="protected header is not"):
        decode_receipt(raw)
