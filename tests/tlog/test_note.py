"""Signed notes and verifier keys (C2SP signed-note)."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from ledger.errors import MalformedError, SignatureError
from ledger.primitives.strict import format_base64, parse_base64
from ledger.tlog.note import (
    MAX_NOTE_SIZE,
    MAX_SIGNATURES,
    TYPE_COSIGNATURE,
    TYPE_ED25519,
    Note,
    NoteSignature,
    VerifierKey,
    check_key_name,
    decode_note,
    parse_note,
    parse_vkey,
    sign_note,
    verify_note,
)

TEXT = "log.example\n7\nroot\n"
KEY = SigningKey(bytes([1]) * 32)
VKEY = VerifierKey("log.example", TYPE_ED25519, bytes(KEY.verify_key))
LINE = "— log.example AAAAAAE=\n"  # a key id of zeroes and a signature of one byte

printable = st.characters(min_codepoint=0x20, exclude_categories=["Cs"])
texts = st.text(printable | st.just("\n"), max_size=60).map(lambda text: text + "\n")
names = st.text(printable.filter(lambda c: not c.isspace() and c != "+"), min_size=1, max_size=9)
signatures = st.builds(
    NoteSignature,
    names,
    st.binary(min_size=4, max_size=4),
    st.binary(min_size=1, max_size=80),
)


def sign(message: bytes) -> bytes:
    return KEY.sign(message).signature


def signed(text: str = TEXT) -> Note:
    return Note(text, (sign_note(text, VKEY, sign),))


@pytest.fixture(scope="session")
def xmod(vectors):
    """Return what golang/mod tests its notes with."""
    return json.loads((vectors / "notes/xmod_sumdb_note.json").read_text())


@pytest.mark.parametrize("name", ["c2sp_signed_note_example", "sum_golang_org_checkpoint"])
def test_published_notes_verify(vectors, name):
    case = json.loads((vectors / f"notes/{name}.json").read_text())
    vkey = parse_vkey(case["vkey"])
    note = decode_note(case["signed_note"].encode())
    assert (str(vkey), str(note)) == (case["vkey"], case["signed_note"])
    verify_note(note, vkey)
    with pytest.raises(SignatureError, match="does not verify"):
        verify_note(replace(note, text=note.text.replace("e", "3", 1)), vkey)


def test_the_notes_of_golang_mod_verify_and_are_signed_alike(xmod):
    case = xmod["note_1sig"]
    vkey = parse_vkey(case["vkey"])
    *_, skey = case["skey"].split("+", 4)
    peter = SigningKey(parse_base64(skey)[1:])
    assert bytes(peter.verify_key) == vkey.key
    line = sign_note(case["text"], vkey, lambda message: peter.sign(message).signature)
    assert str(Note(case["text"], (line,))) == case["signed_note"]
    verify_note(parse_note(case["signed_note"]), vkey)


def test_a_note_with_two_signatures_verifies_by_either_key(xmod):
    zero = SigningKey(bytes(32))  # as the case says of its second key
    enoch = VerifierKey("EnochRoot", TYPE_ED25519, bytes(zero.verify_key))
    note = parse_note(xmod["note_2sig"]["signed_note"])
    assert [s.name for s in note.signatures] == ["PeterNeumann", "EnochRoot"]
    verify_note(note, parse_vkey(xmod["note_1sig"]["vkey"]))
    verify_note(note, enoch)
    line = sign_note(note.text, enoch, lambda message: zero.sign(message).signature)
    assert line == note.signatures[1]


def test_verifier_keys_of_golang_mod_parse_to_themselves(xmod):
    for text in (xmod["note_1sig"]["vkey"], xmod["localhost_sumdb_keys"]["vkey"]):
        assert str(parse_vkey(text)) == text


def test_bad_verifier_keys_are_refused(xmod):
    good = xmod["note_1sig"]["vkey"]
    bad = list(xmod["bad_vkeys"])
    size = len(good)
    # The case's bad_vkey_rule.
    bad += {good[i:j] for i in range(size + 1) for j in range(i, size + 1)} - {good}
    bad += [good[:i] + chr(ord(good[i]) + 1) + good[i + 1 :] for i in range(size)]
    for text in bad:
        with pytest.raises(MalformedError):
            parse_vkey(text)


@pytest.mark.parametrize("kind", [0, 2, 3, 5, 6, 255])
def test_a_key_of_another_signature_type_is_refused(kind):
    with pytest.raises(MalformedError, match="type 01 or 04"):
        parse_vkey(str(VerifierKey("log.example", kind, bytes(32))))


def test_another_spelling_of_a_verifier_key_is_refused():
    name, key_id, key = str(VKEY).split("+", 2)
    for text in (f"{name}+{key_id.upper()}+{key}", f"{name}+{key_id}+{key}=", f"{VKEY}\n"):
        assert text != str(VKEY)
        with pytest.raises(MalformedError):
            parse_vkey(text)


def test_the_key_id_depends_on_name_type_and_key():
    others = [
        replace(VKEY, name="log.example/2"),
        replace(VKEY, type=TYPE_COSIGNATURE),
        replace(VKEY, key=bytes(32)),
    ]
    assert len({VKEY.key_id, *(other.key_id for other in others)}) == 4


@given(
    names, st.sampled_from([TYPE_ED25519, TYPE_COSIGNATURE]), st.binary(min_size=32, max_size=32)
)
def test_a_verifier_key_parses_to_itself(name, kind, key):
    vkey = VerifierKey(name, kind, key)
    assert parse_vkey(str(vkey)) == vkey


@given(st.text(max_size=80) | st.builds("{}+{}+{}".format, st.text(), st.text(), st.text()))
def test_any_text_is_a_canonical_verifier_key_or_refused(text):
    try:
        vkey = parse_vkey(text)
    except MalformedError:
        return
    assert str(vkey) == text


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\tb", "a\nb", "a\x1fb", "a\u00a0b", "a\u2003b"]
)
def test_a_key_name_with_space_plus_or_control_character_is_refused(name):
    with pytest.raises(MalformedError, match="not a key name"):
        check_key_name(name)


@given(texts, st.lists(signatures, min_size=1, max_size=4).map(tuple))
def test_a_note_parses_to_what_it_was_formatted_from(text, lines):
    note = Note(text, lines)
    assert parse_note(str(note)) == decode_note(str(note).encode()) == note


@given(st.text(max_size=80) | texts.map(lambda text: f"{text}\n{LINE}"))
def test_any_text_is_a_canonical_note_or_refused(text):
    try:
        note = parse_note(text)
    except MalformedError:
        return
    assert str(note) == text


@given(st.binary(max_size=80))
def test_any_bytes_are_a_canonical_note_or_refused(raw):
    try:
        note = decode_note(raw)
    except MalformedError:
        return
    assert str(note).encode() == raw


def test_no_altered_bit_of_a_note_keeps_it_verifying():
    raw = str(signed()).encode()
    for at in range(8 * len(raw)):
        wrong = bytearray(raw)
        wrong[at >> 3] ^= 1 << (at & 7)
        with pytest.raises((MalformedError, SignatureError)):
            verify_note(decode_note(bytes(wrong)), VKEY)


@pytest.mark.parametrize("character", [chr(c) for c in range(0x20) if chr(c) != "\n"])
def test_a_control_character_is_refused_wherever_it_stands(character):
    note = str(signed())
    for at in (0, 3, len(TEXT), len(note) - 2, len(note)):
        with pytest.raises(MalformedError, match="control characters"):
            parse_note(note[:at] + character + note[at:])


def test_a_lone_surrogate_in_a_note_is_refused():
    # JSON and SQLite can hold one, UTF-8 cannot: nobody can have signed it.
    for text in (f"\ud800\n\n{LINE}", f"{TEXT}\n— \ud800 AAAAAAE=\n"):
        with pytest.raises(MalformedError):
            parse_note(text)


def test_a_lone_surrogate_in_a_verifier_key_is_refused():
    key = format_base64(bytes([TYPE_ED25519]) + bytes(32))
    with pytest.raises(MalformedError):
        parse_vkey(f"\ud800+00000000+{key}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\n\n",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\n\n",
        f"{TEXT}{LINE}",  # no empty line
        f"{TEXT}\n{LINE[:-1]}",
        f"{TEXT}\n{LINE}\n",
        f"{TEXT}\n{LINE}x",
        f"{TEXT}\n{LINE}x\n",
        f"{TEXT}\nx\n{LINE}",
        f"{TEXT}\n {LINE}",
        f"{TEXT}\n- log.example AAAAAAE=\n",
        f"{TEXT}\n—  log.example AAAAAAE=\n",
        f"{TEXT}\n— log.example  AAAAAAE=\n",
        f"{TEXT}\n— log.example AAAAAAE= \n",
        f"{TEXT}\n— log.example AAAAAAE= x\n",
        f"{TEXT}\n— log.example\n",
        f"{TEXT}\n—  AAAAAAE=\n",
        f"{TEXT}\n— log+example AAAAAAE=\n",
        f"{TEXT}\n— log.example AAAAAAE\n",
        f"{TEXT}\n— log.example AAAAAAF=\n",  # spare bits
        f"{TEXT}\n— log.example AAAAAA==\n",  # a key id alone
        f"{TEXT}\n— log.example ====\n",
    ],
)
def test_a_note_without_proper_signature_lines_is_refused(text):
    with pytest.raises(MalformedError, match=r"^(note: |not )"):
        parse_note(text)


def test_the_text_goes_to_the_last_empty_line():
    text = f"first\n\n{LINE}\n\nlast\n"
    note = signed(text)
    parsed = parse_note(str(note))
    assert parsed == note
    verify_note(parsed, VKEY)


def test_a_note_that_is_not_utf8_is_refused():
    with pytest.raises(MalformedError, match="UTF-8"):
        decode_note(b"\xff" + str(signed()).encode())


def test_a_note_has_limits():
    note = f"{TEXT}\n" + LINE * MAX_SIGNATURES
    assert len(parse_note(note).signatures) == MAX_SIGNATURES
    with pytest.raises(MalformedError, match="more than 100 signatures"):
        parse_note(note + LINE)
    tail = f"\n\n{LINE}"
    room = MAX_NOTE_SIZE - len(tail.encode())
    parse_note("ä" * (room // 2) + "a" * (room % 2) + tail)
    with pytest.raises(MalformedError, match="longer than 65535 bytes"):
        parse_note("ä" * (room // 2) + "a" * (room % 2 + 1) + tail)


def test_a_note_signed_twice_by_one_key_is_refused():
    note = signed()
    with pytest.raises(MalformedError, match="2 signatures by log"):
        verify_note(Note(TEXT, note.signatures * 2), VKEY)


def test_signatures_of_unknown_keys_are_passed_over():
    line = signed().signatures[0]
    same_name = replace(line, key_id=b"\x00\x00\x00\x00")
    same_id = replace(line, name="other.example")
    verify_note(Note(TEXT, (same_name, same_name, same_id, line)), VKEY)
    with pytest.raises(SignatureError, match="no signature by log"):
        verify_note(Note(TEXT, (same_name, same_id)), VKEY)


@pytest.mark.parametrize("length", [1, 63, 65, 72])
def test_a_signature_of_another_length_does_not_verify(length):
    line = NoteSignature(VKEY.name, VKEY.key_id, (sign(TEXT.encode()) + bytes(8))[:length])
    with pytest.raises(SignatureError, match="does not verify"):
        verify_note(Note(TEXT, (line,)), VKEY)
