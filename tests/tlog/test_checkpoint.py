"""Checkpoints and cosignatures (C2SP tlog-checkpoint, tlog-cosignature)."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from ledger.errors import CheckpointError, MalformedError, SignatureError
from ledger.primitives.strict import format_base64, parse_base64
from ledger.tlog.checkpoint import (
    Checkpoint,
    cosign,
    decode_checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    verify_cosignature,
)
from ledger.tlog.merkle import leaf_hash
from ledger.tlog.note import (
    TYPE_COSIGNATURE,
    TYPE_ED25519,
    Note,
    NoteSignature,
    VerifierKey,
    parse_note,
    parse_vkey,
    sign_note,
    verify_note,
)

ROOT = bytes(range(32))
CHECKPOINT = Checkpoint("log.example/tea", 9, ROOT)
TIME_S = 1_790_000_100


def key(name: str, kind: int, seed: int):
    signing = SigningKey(bytes([seed]) * 32)
    vkey = VerifierKey(name, kind, bytes(signing.verify_key))
    return vkey, lambda message: signing.sign(message).signature


LOG, log_sign = key(CHECKPOINT.origin, TYPE_ED25519, 1)
WITNESS, witness_sign = key("witness.example/w1", TYPE_COSIGNATURE, 2)


def cosigned(time_s: int = TIME_S) -> Note:
    note = sign_checkpoint(CHECKPOINT, LOG, log_sign)
    line = cosign(note.text, WITNESS, witness_sign, time_s=time_s)
    return replace(note, signatures=(*note.signatures, line))


@pytest.fixture(scope="session")
def formats(vectors):
    """Return the vectors of our own formats."""
    return json.loads((vectors / "pinyuan/formats.json").read_text())


@pytest.fixture(scope="session")
def xmod(vectors):
    """Return what golang/mod tests its checkpoints with."""
    return json.loads((vectors / "notes/xmod_sumdb_note.json").read_text())


def test_the_published_checkpoint_opens(formats):
    raw = formats["checkpoint"].encode()
    vkey = parse_vkey(formats["log_vkey"])
    note, checkpoint = decode_checkpoint(raw, vkey)
    assert checkpoint == Checkpoint(formats["origin"], 9, bytes.fromhex(formats["root9"]))
    assert (checkpoint.text(), str(note).encode()) == (note.text, raw)
    seed = next(k["seed"] for k in formats["keys"] if k["name"] == "log")
    log = SigningKey(bytes.fromhex(seed))
    assert sign_checkpoint(checkpoint, vkey, lambda m: log.sign(m).signature) == note


def test_the_published_cosignature_verifies(formats):
    case = formats["cosignature"]
    vkey = parse_vkey(case["vkey"])
    note = parse_note(formats["checkpoint"] + case["line"])
    assert verify_cosignature(note, vkey) == case["time"]
    assert open_checkpoint(note, parse_vkey(formats["log_vkey"])).size == 9
    with pytest.raises(SignatureError):
        verify_cosignature(replace(note, text=note.text.replace("\n9\n", "\n8\n")), vkey)


def test_the_checkpoint_body_of_golang_mod_parses(xmod):
    case = xmod["sumdb_checkpoint_body"]
    checkpoint = parse_checkpoint(case["body"])
    root = leaf_hash(case["leaf_data"].encode())
    assert checkpoint == Checkpoint("go.sum database tree", case["n"], root)
    assert checkpoint.text() == case["body"]


def test_the_bad_bodies_of_golang_mod_are_refused(xmod):
    # There the origin is fixed; here any is well-formed and the log key decides.
    other_origin, *malformed = xmod["sumdb_bad_bodies"]
    vkey, sign = key("sum.example", TYPE_ED25519, 3)
    note = Note(other_origin, (sign_note(other_origin, vkey, sign),))
    with pytest.raises(CheckpointError, match="not-go"):
        open_checkpoint(note, vkey)
    for body in malformed:
        with pytest.raises(MalformedError):
            parse_checkpoint(body)


def test_a_checkpoint_whose_origin_is_not_the_name_of_its_key_is_of_another_log(vectors):
    case = json.loads((vectors / "notes/sum_golang_org_checkpoint.json").read_text())
    vkey = parse_vkey(case["vkey"])
    note = parse_note(case["signed_note"])
    verify_note(note, vkey)
    with pytest.raises(CheckpointError, match="database tree"):
        open_checkpoint(note, vkey)


def test_a_cosignature_key_signs_no_checkpoint():
    vkey, sign = key(CHECKPOINT.origin, TYPE_COSIGNATURE, 1)
    with pytest.raises(CheckpointError):
        open_checkpoint(sign_checkpoint(CHECKPOINT, vkey, sign), vkey)
    line = cosign(CHECKPOINT.text(), vkey, sign, time_s=TIME_S)
    with pytest.raises(SignatureError):
        open_checkpoint(Note(CHECKPOINT.text(), (line,)), vkey)


def test_a_checkpoint_without_the_signature_of_its_log_is_refused():
    with pytest.raises(SignatureError, match="no signature"):
        decode_checkpoint(str(cosigned()).encode(), key(LOG.name, TYPE_ED25519, 4)[0])


def test_extension_lines_are_signed_and_say_nothing():
    text = CHECKPOINT.text() + "an extension\nanother\n"
    note = Note(text, (sign_note(text, LOG, log_sign),))
    found = open_checkpoint(note, LOG)
    assert (found, found.text()) == (CHECKPOINT, text)
    line = cosign(text, WITNESS, witness_sign, time_s=TIME_S)
    assert verify_cosignature(replace(note, signatures=(line,)), WITNESS) == TIME_S
    for other in (CHECKPOINT.text(), text.replace("another", "one more")):
        with pytest.raises(SignatureError):
            open_checkpoint(replace(note, text=other), LOG)
        with pytest.raises(SignatureError):
            verify_cosignature(Note(other, (line,)), WITNESS)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("log.example",),
        ("log.example", "9"),
        ("", "9", format_base64(ROOT)),
        ("log.example", "", format_base64(ROOT)),
        ("log.example", "09", format_base64(ROOT)),
        ("log.example", "-9", format_base64(ROOT)),
        ("log.example", "+9", format_base64(ROOT)),
        ("log.example", "9 ", format_base64(ROOT)),
        ("log.example", "1_0", format_base64(ROOT)),
        ("log.example", "\u0669", format_base64(ROOT)),
        ("log.example", "9223372036854775808", format_base64(ROOT)),  # 2^63
        ("log.example", "9", ""),
        ("log.example", "9", format_base64(ROOT[:-1])),
        ("log.example", "9", format_base64(ROOT + b"\x00")),
        ("log.example", "9", format_base64(ROOT).rstrip("=")),
        ("log.example", "9", format_base64(ROOT)[:-2] + "9="),  # spare bits
        ("log.example", "9", format_base64(ROOT), ""),
        ("log.example", "9", format_base64(ROOT), "", "extension"),
        ("log.example", "9", format_base64(ROOT), "extension", ""),
    ],
    ids=" ".join,
)
def test_a_text_that_is_not_three_proper_lines_is_refused(lines):
    with pytest.raises(MalformedError):
        parse_checkpoint("".join(f"{line}\n" for line in lines))


@given(
    st.text(min_size=1).filter(lambda origin: "\n" not in origin),
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
)
def test_a_checkpoint_parses_to_itself(origin, size, root):
    checkpoint = Checkpoint(origin, size, root)
    assert parse_checkpoint(checkpoint.text()) == checkpoint


@given(st.text() | st.builds("{}\n{}\n{}\n".format, st.text(), st.integers(), st.text()))
def test_any_text_is_a_canonical_checkpoint_or_refused(text):
    try:
        checkpoint = parse_checkpoint(text)
    except MalformedError:
        return
    assert checkpoint.text() == text


def test_a_checkpoint_without_its_last_newline_is_refused():
    with pytest.raises(MalformedError, match="three lines"):
        parse_checkpoint(CHECKPOINT.text()[:-1])


@pytest.mark.parametrize("time_s", [0, 1, TIME_S, 2**63 - 1])
def test_a_cosignature_tells_its_time(time_s):
    note = parse_note(str(cosigned(time_s)))
    assert verify_cosignature(note, WITNESS) == time_s
    assert open_checkpoint(note, LOG) == CHECKPOINT


def test_a_time_of_2_to_the_63_is_refused():
    with pytest.raises(MalformedError, match="not a time"):
        verify_cosignature(cosigned(2**63), WITNESS)


def test_who_did_not_cosign_has_no_time():
    other, _ = key("witness.example/w2", TYPE_COSIGNATURE, 5)
    assert verify_cosignature(cosigned(), other) is None
    same_name, _ = key(WITNESS.name, TYPE_COSIGNATURE, 5)
    assert verify_cosignature(cosigned(), same_name) is None


def test_a_cosignature_holds_for_its_text_and_time_alone():
    note = cosigned()
    line = note.signatures[1]
    for at in range(8 + 64):
        raw = bytearray(line.signature)
        raw[at] ^= 1
        wrong = replace(note, signatures=(replace(line, signature=bytes(raw)),))
        with pytest.raises(SignatureError, match="cosignature of witness"):
            verify_cosignature(wrong, WITNESS)
    for text in (
        replace(CHECKPOINT, size=10).text(),
        replace(CHECKPOINT, origin="log.example/teb").text(),
        replace(CHECKPOINT, root=bytes(32)).text(),
        CHECKPOINT.text() + "extension\n",
    ):
        with pytest.raises(SignatureError, match="cosignature of witness"):
            verify_cosignature(replace(note, text=text), WITNESS)


@pytest.mark.parametrize("length", [1, 8, 64, 71, 73])
def test_a_cosignature_of_another_length_is_refused(length):
    whole = cosigned().signatures[1].signature + b"\x00"
    line = NoteSignature(WITNESS.name, WITNESS.key_id, whole[:length])
    with pytest.raises(MalformedError, match="cosignature of witness"):
        verify_cosignature(Note(CHECKPOINT.text(), (line,)), WITNESS)


def test_a_note_signature_is_no_cosignature():
    line = sign_note(CHECKPOINT.text(), WITNESS, lambda m: bytes(8) + witness_sign(m))
    with pytest.raises(SignatureError):
        verify_cosignature(Note(CHECKPOINT.text(), (line,)), WITNESS)


def test_two_cosignatures_by_one_key_are_refused():
    note = cosigned()
    later = cosign(note.text, WITNESS, witness_sign, time_s=TIME_S + 1)
    with pytest.raises(MalformedError, match="2 signatures by witness"):
        verify_cosignature(replace(note, signatures=(*note.signatures, later)), WITNESS)


def test_a_cosigned_note_is_written_as_the_specification_shows():
    origin, size, root, blank, log_line, witness_line, end = str(cosigned()).split("\n")
    assert (origin, size, root, blank, end) == ("log.example/tea", "9", format_base64(ROOT), "", "")
    assert log_line.startswith("— log.example/tea ")
    dash, name, encoded = witness_line.split(" ")
    assert (dash, name) == ("—", "witness.example/w1")
    assert parse_base64(encoded)[:12] == WITNESS.key_id + TIME_S.to_bytes(8)
