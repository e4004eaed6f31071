"""FORMATS.md against the code: its worked examples, its tables of types and rules."""

import re
from hashlib import sha256

import msgspec
from conftest import ROOT

from ledger.cose.keys import PrivateKey, possession_message
from ledger.cose.receipt import BatchClaims, Receipt
from ledger.evidence import Bundle
from ledger.fraud import KINDS, encode_fraud, prove_fork, verify_fraud
from ledger.history import history_key, history_leaf
from ledger.rules.book import MALFORMED, MALFORMED_SENTENCE, REGISTRY
from ledger.statements.catalogue import CATALOGUE, encode_body
from ledger.statements.disclosure import Disclosure, Value, commit, encode_disclosure
from ledger.statements.envelope import parse_statement, sign_statement
from ledger.statements.fields import KeyBinding
from ledger.statements.identity_family import Key
from ledger.statements.log_family import Seal
from ledger.tlog import chain
from ledger.tlog.checkpoint import Checkpoint, cosign, sign_checkpoint
from ledger.tlog.merkle import leaf_hash, node_hash, root_hash
from ledger.tlog.note import TYPE_COSIGNATURE, TYPE_ED25519, VerifierKey
from ledger.tlog.prefix_tree import PrefixTree, absence_proof
from ledger.tlog.tiles import encode_bundle, tile_path
from ledger.tlog.trust import parse_trust

FORMATS = (ROOT / "FORMATS.md").read_text(encoding="utf-8")
ORIGIN = "ledger.example/formats"
PARTY = "https://id.gs1.org/417/6901234507003"


def examples() -> dict[str, str]:
    """Return every worked example of FORMATS.md by name, computed."""
    log, party, witness = (PrivateKey.from_seed(bytes([n]) * 32) for n in (1, 2, 3))
    raw = sign_statement(
        party,
        b"4.5 degrees",
        issuer=PARTY,
        subject="urn:example:a",
        issued_at=1_790_000_000,
        audience=None,
        content_type="text/plain",
    )
    statement = parse_statement(raw)
    hashes = [statement.leaf_hash, leaf_hash(b"second leaf")]
    root = root_hash(hashes)
    vkey = VerifierKey(ORIGIN, TYPE_ED25519, log.public.x)
    wkey = VerifierKey("witness.example/w", TYPE_COSIGNATURE, witness.public.x)
    note = sign_checkpoint(Checkpoint(ORIGIN, 2, root), vkey, log.sign)
    rewritten = root_hash([hashes[0], leaf_hash(b"another leaf")])
    other = sign_checkpoint(Checkpoint(ORIGIN, 2, rewritten), vkey, log.sign)
    fork = encode_fraud(prove_fork(str(note), str(other)))
    verify_fraud(fork, parse_trust(f"log {vkey}\nquorum none\n"))
    claims = BatchClaims(log.public.kid, ORIGIN, 2, 1_790_000_001)
    receipt = Receipt(claims, 0, (hashes[1],), claims.sign(root, log.sign))
    key = history_key("generic", "urn:example:a")
    value = (1).to_bytes(8) + root_hash([history_leaf(0, hashes[0])])
    tree = PrefixTree(lambda _: {})
    tree.put(key, value)
    tree.put(history_key("issuer", PARTY), value)
    index_root, _ = tree.commit()
    found, absent = tree.find(key), tree.find(history_key("generic", "urn:example:b"))
    message = possession_message(party.public, origin=ORIGIN, party=PARTY)
    binding = KeyBinding.of(party.public, party.sign(message))
    seal = Seal(
        v=1,
        size=1,
        time_us=1_790_000_001_000_000,
        chain=chain.extend(chain.start(ORIGIN), hashes[0]).hex(),
        index_root=index_root.hex(),
        previous=None,
        cosigned=None,
    )
    values = {"address": None, "phone": Value(bytes(16), "+86 138")}
    disclosure = Disclosure(statement.id, values)
    return {
        "kid": party.public.kid.hex(),
        "statement": raw.hex(),
        "signed-bytes": statement.message.hex(),
        "statement-id": statement.id.hex(),
        "leaf-hash": hashes[0].hex(),
        "node-hash": node_hash(*hashes).hex(),
        "chain": f"{chain.start(ORIGIN).hex()}\n{chain.extend(chain.start(ORIGIN), hashes[0]).hex()}",
        "tile-paths": "\n".join(
            (tile_path(0, 1234067), tile_path(None, 0, 2), tile_path(1, 5, 17))
        ),
        "entry-bundle": encode_bundle([b"one", b"three"]).hex(),
        "log-vkey": str(vkey),
        "checkpoint": str(note).rstrip("\n"),
        "cosignature": cosign(note.text, wkey, witness.sign, time_s=1_790_000_002)
        .line()
        .rstrip("\n"),
        "receipt": receipt.encode().hex(),
        "fraud-proof": fork.decode().rstrip("\n"),
        "possession-bytes": message.hex(),
        "key-payload": encode_body(Key(v=1, key=binding)).decode(),
        "seal-payload": encode_body(seal).decode(),
        "commitment": commit("phone", "+86 138", bytes(16)),
        "disclosure": encode_disclosure(disclosure).decode().rstrip("\n"),
        "history-key": key.hex(),
        "history-value": value.hex(),
        "index-root": index_root.hex(),
        "presence-proof": found.proof.hex(),
        "absence-proof": absence_proof(absent).hex(),
    }


def test_every_worked_example_is_what_the_code_computes():
    written = dict(re.findall(r"```text example=([a-z-]+)\n(.*?)\n```", FORMATS, re.DOTALL))
    assert written == examples()


def table(heading: str) -> list[list[str]]:
    """Return the cells of the first table behind a heading."""
    section = FORMATS.split(f"\n## {heading}\n", 1)[1]
    rows = re.search(r"((?:\|.*\|\n)+)", section).group(1).strip().splitlines()
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[2:]]


def test_the_table_of_rules_is_the_registry():
    written = [
        (r[0].strip("` "), r[1].strip("` "), r[2], r[3].rstrip(" |")) for r in table("Rules")
    ]
    coded = [(MALFORMED, "all", "rechecked", MALFORMED_SENTENCE)] + [
        (item.id, ", ".join(item.types), item.bite, item.sentence)
        for item in REGISTRY.rules.values()
    ]
    assert written == coded


def test_the_table_of_types_is_the_catalogue():
    written = {row[0].strip("` "): row[1] for row in table("Statement types")}
    assert written == {row.name: row.issuers.replace("-", " ") for row in CATALOGUE.values()} | {
        "generic": "party"
    }


def test_the_fields_of_every_type_are_documented():
    for row in CATALOGUE.values():
        fields = {field.name for field in msgspec.structs.fields(row.body)} - {"v"}
        line = next(r for r in table("Statement types") if r[0].strip("` ") == row.name)
        missing = [name for name in fields if f"`{name}`" not in line[2]]
        assert not missing, (row.name, missing)


def test_the_fields_of_bundles_and_fraud_proofs_are_documented_in_order():
    written = [name for row in table("Evidence bundle") for name in re.findall(r"`(\w+)`", row[0])]
    assert written == list(Bundle.__struct_fields__)
    proofs = {row[0].strip("` "): row[1] for row in table("Fraud proof")}
    assert proofs.keys() == KINDS.keys()
    for kind, fields in proofs.items():
        outer = re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", fields))
        assert ["v", "fraud", *outer] == list(KINDS[kind].__struct_fields__), kind


def test_the_digest_of_the_published_rules_is_written_down():
    digest = sha256((ROOT / "ledger/rules/documents/1.json").read_bytes()).hexdigest()
    assert digest in FORMATS
