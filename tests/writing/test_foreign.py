"""Statements as other SCITT software writes them: registered, proven, checked again, kept as they came."""

from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest
from world import BRAND, ORIGIN, World, key_of

from ledger.answering.prover import prove
from ledger.cose import cbor
from ledger.cose.keys import ALGORITHMS, EDDSA, ES256, ES384
from ledger.cose.receipt import verify_receipt
from ledger.cose.sign1 import decode_sign1, sign
from ledger.evidence.bundle import encode_bundle, verify_bundle
from ledger.signer import log_public_key
from ledger.statements.envelope import parse_statement
from ledger.store.reads import reading
from ledger.tlog.trust import parse_trust

PDF = b"%PDF-1.7 a report"
RECEIPTS = [b"\xd2\x84 of one log", b"of another"]


def foreign(
    world: World, *, by: str = "brand", alg: int = EDDSA, issuer: str = BRAND, **said: object
) -> bytes:
    """Return a statement as ``said``: alg, audience, headers, payload, what stands unprotected."""
    key = key_of(by, ALGORITHMS[alg])
    claims: dict[object, object] = {1: issuer, 2: "urn:x:foreign", 6: world.now_s}
    if "audience" in said:
        claims[3] = said["audience"]
    headers = {1: alg, 4: key.public.kid, 15: claims} | said.get("headers", {3: "text/plain"})
    message = decode_sign1(sign(headers, said.get("payload", b"as it is"), key.sign))
    unprotected = said.get("unprotected", {})
    return b"\xd2" + cbor.encode(
        [message.protected, unprotected, message.payload, message.signature]
    )


def registered(world: World, raw: bytes) -> int:
    """Register a statement, then prove it offline in every way there is; return its index."""
    outcome, leaf = world.accept(raw), parse_statement(raw).leaf
    log_key = log_public_key(world.log.vkey)
    assert verify_receipt(world.log.receipt(outcome.index), leaf, log_key, ORIGIN)
    bundle = prove(world.log, "history", {"topic": "generic", "subject": "urn:x:foreign"})
    trust = parse_trust(f"log {world.log.vkey}\nquorum none\n")
    verdict = verify_bundle(encode_bundle(bundle), trust, now_us=world.now_us)
    assert outcome.id.hex() in verdict.answer
    return outcome.index


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_each_algorithm_by_each_of_its_numbers(world: World, alg: int):
    world.party("brand", BRAND, keys=[world.binding("brand", BRAND, alg=ALGORITHMS[alg])])
    registered(world, foreign(world, alg=alg))
    world.check()


def test_a_native_statement_signed_on_p384(world: World):
    world.party("brand", BRAND, keys=[world.binding("brand", BRAND, alg=ES384)])
    binding = {"key": world.binding("brand 2", BRAND, alg=ES384)}
    said = {"by": "brand", "alg": ES384, "issuer": BRAND, "subject": BRAND}
    world.accept(world.statement("key", binding, **said))
    world.accept(world.reading("by the new key", by="brand 2", alg=ES384))
    world.check()


def test_the_number_of_another_algorithm_is_no_word_for_the_keys(world: World):
    world.party("brand", BRAND, keys=[world.binding("brand", BRAND, alg=ES256)])
    raw = foreign(world, alg=-9)
    headers = decode_sign1(raw).headers | {1: -19}
    assert world.refuse(sign(headers, b"x", key_of("brand", ES256).sign)) == ["signature"]


def test_a_hash_envelope(world: World):
    world.party("brand", BRAND)
    headers = {258: -16, 259: "application/pdf", 260: "https://brand.example/report.pdf"}
    raw = foreign(world, headers=headers, payload=sha256(PDF).digest())
    index = registered(world, raw)
    with reading(world.log.engine) as snapshot:
        assert snapshot.leaf_range(index, index + 1) == [raw]
    world.check()


@pytest.mark.parametrize(
    ("audience", "broken"),
    [
        (ORIGIN, []),
        ([ORIGIN], []),
        (["https://other.example", ORIGIN], []),
        (["https://other.example"], ["audience"]),
        (["https://other.example", "log.example/1"], ["audience"]),
    ],
)
def test_an_audience_is_this_log_or_others_and_this_log(
    world: World, audience: object, broken: list[str]
):
    world.party("brand", BRAND)
    raw = foreign(world, audience=audience)
    if broken:
        assert world.refuse(raw) == broken
    else:
        registered(world, raw)
    world.check()


JWK = b'{"crv":"P-256","kty":"EC","x":"acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0","y":"_"}'


@pytest.mark.parametrize(
    "issuer",
    [
        "did:web:brand.example:issuers:7Up",
        "did:web:brand.example%3A8443",
        f"did:jwk:{urlsafe_b64encode(JWK).decode().rstrip('=')}",
        "https://brand.example",
        "https://brand.example/issuers/7Up",
    ],
)
def test_issuers_of_other_software(world: World, issuer: str):
    world.party("stranger", issuer)
    registered(world, foreign(world, by="stranger", issuer=issuer))
    history = prove(world.log, "history", {"topic": "issuer", "subject": issuer})
    assert len(history.answer) == 1
    world.check()


class TestReceiptsOfOthers:
    """They come along unprotected: kept beside the leaf, never in it."""

    def test_they_are_kept_beside_the_leaf(self, any_world: World):
        any_world.party("brand", BRAND)
        raw = foreign(any_world, unprotected={394: RECEIPTS})
        index = registered(any_world, raw)
        bare = parse_statement(raw).leaf
        with reading(any_world.log.engine) as snapshot:
            assert snapshot.leaf_range(index, index + 1) == [bare]
            assert snapshot.attached(index) == RECEIPTS
            assert snapshot.attached(index - 1) == []
        any_world.check()

    def test_who_submits_again_adds_none(self, world: World):
        """Nobody signed them: whoever has a statement could fill the ledger with its copies."""
        world.party("brand", BRAND)
        bare = foreign(world)
        first = world.accept(bare)
        parts = decode_sign1(bare)
        more = b"\xd2" + cbor.encode(
            [parts.protected, {394: RECEIPTS}, parts.payload, parts.signature]
        )
        again = world.accept(more)
        assert (again.index, again.new) == (first.index, False)
        with reading(world.log.engine) as snapshot:
            assert snapshot.attached(first.index) == []

    def test_of_a_refused_statement_nothing_is_kept(self, world: World):
        world.refuse(foreign(world, unprotected={394: RECEIPTS}))
        world.party("brand", BRAND)
        with reading(world.log.engine) as snapshot:
            assert not snapshot.driver.rows("SELECT idx FROM attached")
