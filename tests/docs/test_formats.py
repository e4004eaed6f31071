"""FORMATS.md against the code: its worked examples, its tables of types and rules."""

import json
import re

import msgspec
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from statements.bodies import BODIES, subject_of

from ledger.cose.keys import PrivateKey, possession_message
from ledger.cose.receipt import BatchClaims, Receipt
from ledger.evidence.answer_schemas import published
from ledger.evidence.bundle import Bundle
from ledger.evidence.fraud import KINDS, encode_fraud, prove_fork, verify_fraud
from ledger.histories.history import history_key, history_leaf
from ledger.questions.coverage import MAX_PAIRS
from ledger.questions.declared import QUESTIONS
from ledger.questions.impact import MAX_GRANTS
from ledger.questions.lots import MAX_LOTS
from ledger.rules.outcomes import MAX_GOODS
from ledger.statements.brand_family import MAX_DEPTH
from ledger.statements.catalogue import CATALOGUE, GENERIC, encode_body, histories_of
from ledger.statements.disclosure import Disclosure, Value, commit, encode_disclosure
from ledger.statements.envelope import parse_statement, sign_statement
from ledger.statements.fields import Body, Checked, KeyBinding, decode_field
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
CHECKED = Checked.__subclasses__()


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


def table(heading: str, first: str = "|") -> list[list[str]]:
    """Return the cells of the table behind a heading whose head begins so."""
    section = re.split(rf"\n##+ {heading}\n", FORMATS, maxsplit=1)[1]
    rows = re.search(r"((?:\|.*\|\n)+)", section[section.index(first) :])
    assert rows is not None
    lines = rows.group(1).strip().splitlines()
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in lines[2:]]


def types() -> dict[str, list[str]]:
    """Return the row of each statement type."""
    return {row[0].strip("` "): row for row in table("Statement types", "| type")}


def test_what_is_made_from_the_code_is_what_the_code_says():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tools"))
        from make_formats import TABLES, written

        for name in (*TABLES, "digest"):
            assert FORMATS.count(f"<!-- made: {name} -->\n") == 1
        raw = (ROOT / "ledger/rules/documents/1.json").read_bytes()
        assert written(FORMATS, raw) == FORMATS, "run `make rules`"


def test_the_table_of_types_is_the_catalogue():
    written = {name: row[1] for name, row in types().items()}
    coded = {row.name: " or ".join(row.issuers) for row in CATALOGUE.values()}
    assert written == coded | {GENERIC: "party"}
    assert list(written) == [*CATALOGUE, GENERIC]


def test_the_fields_of_every_type_are_documented():
    for row in CATALOGUE.values():
        written = types()[row.name][2]
        for field in msgspec.structs.fields(row.body):
            mark = "" if field.required else "?"
            assert field.encode_name == "v" or re.search(
                rf"`{field.encode_name}`{re.escape(mark)}(?!\?)", written
            ), (row.name, field.encode_name)


REPEATED = {("improvement-step", "cause"), ("improvement-verified", "cause")}
"""Citations that only repeat what the target cites."""


def test_every_citation_says_what_it_may_be_of():
    rules = json.loads((ROOT / "ledger/rules/documents/1.json").read_bytes())
    told = {(row["type"], name) for row in rules["types"] for name in row["cites"]}
    fields = {
        (row["type"], field["name"])
        for row in rules["types"]
        for field in row.get("fields", ())
        if field["form"].endswith("citation")
    }
    assert told | REPEATED == fields


def topics_in(cell: str) -> set[str]:
    """Return the topics of the histories that a cell names."""
    return set(re.findall(r"\(`([a-z-]+)`, ", cell))


def test_the_histories_that_a_type_is_cited_from_are_the_bold_ones():
    for row in CATALOGUE.values():
        bold = "".join(re.findall(r"\*\*(.+?)\*\*", types()[row.name][3]))
        assert topics_in(bold) == set(row.cited_from), row.name


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_histories_of_every_type_are_documented(name: str):
    written = topics_in(types()[name][3])

    @settings(max_examples=5, deadline=None)
    @given(body=BODIES[name], data=st.data())
    def documented(body: Body, data: st.DataObject) -> None:
        raw = sign_statement(
            PrivateKey.from_seed(b"1" * 32),
            encode_body(body),
            issuer=PARTY,
            subject=data.draw(subject_of(name, body)),
            issued_at=0,
            audience=ORIGIN,
        )
        found = {topic for topic, _ in histories_of(parse_statement(raw), body)}
        if name in {"supersede", "erasure", "withdrawn-in-error"}:  # the target's, whatever that is
            found &= {"statement"}
        assert found <= written

    documented()


def test_the_table_of_questions_is_the_registry():
    written = {row[0].strip("` "): re.findall("`([^`]+)`", row[1]) for row in table("Questions")}
    assert written == {
        name: [item.name for item in asked.parameters] for name, asked in QUESTIONS.items()
    }


def test_the_limits_of_questions_are_written_down():
    for limit in (MAX_LOTS, MAX_GRANTS, MAX_GOODS, MAX_PAIRS):
        assert f"{limit:,}" in FORMATS.split("\n## Questions\n", 1)[1]
    assert f"above {MAX_DEPTH + 1} links" in " ".join(FORMATS.split())


def test_the_fields_of_an_answer_are_those_of_its_schemas():
    written = [
        name for row in table("As one JSON object") for name in re.findall(r"`(\w+)`", row[0])
    ]
    for asked in QUESTIONS.values():
        fields = published(asked)["properties"]
        assert [name for name in written if name in fields] == [*fields]
    assert {name for asked in QUESTIONS.values() for name in published(asked)["properties"]} == {
        *written
    }


def test_the_fields_of_bundles_and_fraud_proofs_are_documented_in_order():
    written = [name for row in table("Evidence bundle") for name in re.findall(r"`(\w+)`", row[0])]
    assert written == list(Bundle.__struct_fields__)
    proofs = {row[0].strip("` "): row[1] for row in table("Fraud proof")}
    assert proofs.keys() == KINDS.keys()
    for kind, fields in proofs.items():
        outer = re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", fields))
        assert ["v", "fraud", *outer] == list(KINDS[kind].__struct_fields__), kind


def test_the_spellings_of_identifiers_are_taken_and_refused_as_written():
    rows = table("Fields", "| form | spelling")
    forms = {re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower(): cls for cls in CHECKED}
    assert [row[0] for row in rows] == sorted(forms, key=[row[0] for row in rows].index)
    for name, _, good, bad in rows:
        assert msgspec.convert(good.strip("` "), forms[name], dec_hook=decode_field)
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(bad.strip("` |"), forms[name], dec_hook=decode_field)
