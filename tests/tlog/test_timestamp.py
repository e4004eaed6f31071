"""Timestamps of an authority: they verify by its certificates, as of their time, for one text."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from tsa import Authority, der, integer, sequence

from ledger.errors import MalformedError, SignatureError
from ledger.primitives.strict import format_base64
from ledger.tlog import timestamp
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import Note, parse_note
from ledger.tlog.timestamp import is_timestamp, line_of, query, read_anchors, stamp_in
from ledger.tlog.trust import parse_trust

NOW = datetime(2026, 10, 1, 8, 30, tzinfo=UTC)
TEXT = Checkpoint("ledger.example/t", 7, b"\7" * 32).text()


@pytest.fixture(scope="module")
def tsa() -> Authority:
    return Authority.made(now=NOW)


def stamped(tsa: Authority, text: str = TEXT) -> Note:
    request, nonce = query(text)
    line, _ = line_of("tsa.example", text, tsa.reply(request), nonce, read_anchors(tsa.pem()))
    return Note(text, (line,))


def test_a_timestamp_is_a_line_of_the_note_and_says_what_was_there_when(tsa: Authority):
    note = parse_note(str(stamped(tsa)))
    assert is_timestamp(note.signatures[0])
    found = stamp_in(note, "tsa.example", read_anchors(tsa.pem()))
    assert found.sentence.to("en") == (
        "tsa.example says that size 7 was there at 2026-10-01T08:30:00Z (within 1 s)"
    )
    assert stamp_in(note, "another.example", read_anchors(tsa.pem())) is None


def test_what_another_text_another_authority_or_another_time_has_is_refused(tsa: Authority):
    anchors, note = read_anchors(tsa.pem()), stamped(tsa)
    (line,) = note.signatures

    def refused(changed: Note, by: Authority = tsa) -> str:
        with pytest.raises((SignatureError, MalformedError)) as caught:
            stamp_in(changed, "tsa.example", read_anchors(by.pem()))
        return str(caught.value)

    assert "for another text" in refused(replace(note, text=TEXT.replace("\n7\n", "\n8\n")))
    assert "none of the trust file's" in refused(note, by=Authority.made(now=NOW))
    later = line.signature[:7] + bytes([line.signature[7] ^ 1]) + line.signature[8:]
    assert "another time than its line" in refused(
        replace(note, signatures=(replace(line, signature=later),))
    )
    twice = replace(note, signatures=(line, line))
    assert "2 timestamps of tsa.example" in refused(twice)
    for at in range(8, len(line.signature), 41):
        bent = bytearray(line.signature)
        bent[at] ^= 1
        changed = replace(note, signatures=(replace(line, signature=bytes(bent)),))
        try:
            stamp_in(changed, "tsa.example", anchors)
        except (SignatureError, MalformedError):
            continue
        # Nothing that a reader goes by: what the signature does not cover, as NULL parameters.
        found = stamp_in(changed, "tsa.example", anchors)
        assert found == stamp_in(note, "tsa.example", anchors)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (
            lambda tsa: tsa.at(datetime(2037, 1, 1, tzinfo=UTC)),
            "its certificate was not valid at 2037",
        ),
        (
            lambda tsa: tsa.at(datetime(2025, 1, 1, tzinfo=UTC)),
            "its certificate was not valid at 2025",
        ),
        (lambda tsa: replace(tsa, bend=lambda raw: raw + b"\0"), "no timestamp in DER"),
        (lambda tsa: replace(tsa, bend=lambda _: b"<html>"), "no timestamp in DER"),
        (lambda tsa: replace(tsa, disordered=True), "certificates .* in another order than DER's"),
        (
            lambda tsa: replace(
                tsa, bend=lambda _: sequence(sequence(integer(2), sequence(der(0x0C, b"busy"))))
            ),
            r"refuses a timestamp \(status 2: busy\)",
        ),
    ],
    ids=[
        "after its certificate",
        "before its certificate",
        "more behind it",
        "a page",
        "disordered",
        "a no",
    ],
)
def test_what_an_authority_answers_otherwise_is_told(tsa: Authority, made, why: str):
    with pytest.raises((SignatureError, MalformedError), match=why):
        stamped(made(tsa))


def test_a_certificate_for_something_else_stamps_nothing():
    other = Authority.made(now=NOW, purpose=ExtendedKeyUsageOID.CODE_SIGNING)
    with pytest.raises(SignatureError, match="not for timestamps"):
        stamped(other)


def test_the_answer_to_another_request_is_refused(tsa: Authority):
    request, nonce = query(TEXT)
    with pytest.raises(SignatureError, match="its nonce is another"):
        line_of("t", TEXT, tsa.reply(request), nonce ^ 1, read_anchors(tsa.pem()))


def test_a_certificate_that_ends_later_takes_nothing_back():
    ended = Authority.made(now=NOW, until=datetime(2026, 10, 2, tzinfo=UTC))
    assert stamp_in(stamped(ended), "tsa.example", read_anchors(ended.pem())) is not None


def test_the_published_responses_verify(vectors: Path):
    folder = vectors / "rfc3161" / "test_tsa"
    anchors = read_anchors((folder / "ts_chain.pem").read_bytes())
    response = timestamp._decode((folder / "response.tsr").read_bytes())
    timestamp._check(response, "hello", "test", anchors)
    assert timestamp._response(response.time_stamp_token()) == response.as_bytes()
    for name, text in (("response.tsr", "other"), ("other_response.tsr", "hello")):
        found = timestamp._decode((folder / name).read_bytes())
        with pytest.raises(SignatureError):
            timestamp._check(found, text, "test", anchors)


def test_a_trust_file_names_authorities_by_their_certificates(tsa: Authority):
    (anchor,) = read_anchors(tsa.pem())
    line = f"timestamp-authority tsa.example {format_base64(anchor)}"
    assert parse_trust(f"quorum none\n{line}\n{line}\n").authorities == {
        "tsa.example": (anchor, anchor)
    }
    version = bytes.fromhex("a003020102")
    assert version in anchor
    for wrong in (anchor[:-1], anchor.replace(version, bytes.fromhex("a003020106"), 1)):
        with pytest.raises(MalformedError, match="line 2: no certificate in DER"):
            parse_trust(f"quorum none\ntimestamp-authority t {format_base64(wrong)}\n")
        with pytest.raises(MalformedError, match="no certificates in PEM"):
            read_anchors(ssl.DER_cert_to_PEM_cert(wrong).encode())


def test_no_authority_was_there_before_1970(tsa: Authority):
    early = tsa.at(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC))
    with pytest.raises(MalformedError, match="before 1970"):
        stamped(early)
