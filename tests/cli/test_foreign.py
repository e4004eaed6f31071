"""What other software wrote is registered, shown and verified; its keys and cosigners are known or said."""

import json
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from world import BRAND, ORIGIN, key_of

from ledger.cose import cbor
from ledger.cose.sign1 import decode_sign1, sign
from ledger.primitives.strict import format_base64
from ledger.statements.envelope import parse_statement


def test_what_other_software_wrote_is_registered_and_shown(estate: Estate, run: Run):
    brand = key_of("brand")
    headers: dict[object, object] = {1: -19, 4: brand.public.kid, 258: -16, 259: "application/pdf"}
    with estate.tea() as tea:
        claims = {
            1: BRAND,
            2: "urn:x:report",
            3: ["log.example", ORIGIN],
            6: tea.world.last_us() // 10**6,
        }
    parts = decode_sign1(sign(headers | {15: claims}, bytes(32), brand.sign))
    file = estate.folder.parent / "foreign.cose"
    file.write_bytes(
        b"\xd2"
        + cbor.encode([parts.protected, {394: [b"of another log"]}, parts.payload, parts.signature])
    )
    code, _, said = run("register", file, "--receipts", "receipts")
    assert code == 0, said
    id_ = parse_statement(file.read_bytes()).id.hex()
    code, shown, said = run("show", id_)
    assert code == 0, said
    assert "the payload is the SHA-256 of content of the type application/pdf\n" in shown
    assert "1 receipts of other logs came along, none of them verified here" in shown
    assert "00" * 32 in shown
    found = json.loads(run("show", id_, "--json")[1])
    assert found["hash_envelope"] == {
        "hash": "SHA-256",
        "content_type": "application/pdf",
        "location": None,
    }
    assert found["attached"] == [format_base64(b"of another log")]
    # Offline, from what was signed: the leaf leaves out what nobody signed.
    Path("trust").write_text(run("trust")[1].replace("max-age 86400", "max-age 1000000000"))
    words = ("verify", "receipt", f"receipts/{id_}.receipt.cbor", file, "--trust", "trust")
    assert run(*words)[0] == 0
    assert run("history", "generic", "urn:x:report", "--bundle", "b.json")[0] == 0
    assert run("verify", "bundle", "b.json", "--trust", "trust")[0] == 0
    assert run("export", "out")[0] == 0
    assert run("verify", "export", "out", "--replay", "--trust", "trust")[0] == 0


def test_a_trust_file_with_a_cosigner_of_another_kind_is_read_and_says_so(estate: Estate, run: Run):
    newer = format_base64(b"\x06" + bytes(1_312))
    text = run("trust")[1]
    Path("trust").write_text(f"witness N n.example+0badcafe+{newer}\n{text}")
    id_ = estate.id("product")
    assert run("receipt", id_, "-o", "r.cbor")[0] == 0
    assert run("show", id_, "-o", "s.cose")[0] == 0
    code, _, said = run("verify", "receipt", "r.cbor", "s.cose", "--trust", "trust")
    assert code == 0, said
    assert "trust: witness N counts as absent: keys of type 06 are not known here" in said


@pytest.mark.usefixtures("estate")
def test_a_key_on_p384_is_made_shown_and_used(run: Run):
    code, kid, _ = run("key", "new", "p384.pem", "--alg", "ES384")
    assert code == 0
    shown = json.loads(run("key", "show", "p384.pem", "--json")[1])
    assert (shown["alg"], shown["kid"]) == ("ES384", kid.strip())
    fields = Path("party.json")
    fields.write_text(json.dumps({"names": {"en": "S"}, "country": "DE", "roles": ["trader"]}))
    words = ("sign", "party", fields, "--subject", "https://strange.example/issuers/1")
    assert run(*words, "--bind", "p384.pem", "-o", "party.cose")[0] == 0
    assert run("register", "party.cose")[0] == 0
    Path("x.txt").write_text("x")
    words = (
        "sign",
        "generic",
        "x.txt",
        "--key",
        "p384.pem",
        "--subject",
        "urn:x:1",
        "-o",
        "x.cose",
    )
    assert run(*words)[0] == 0
    code, _, said = run("register", "x.cose")
    assert code == 0, said
