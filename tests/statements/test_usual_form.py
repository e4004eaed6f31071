"""Reading the usual form in one pass says what the strict decoder says, of any bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import BRAND, ORIGIN, key_of

from ledger.cose import cbor
from ledger.cose.keys import ALGORITHMS, EDDSA
from ledger.cose.sign1 import encode_sign1
from ledger.errors import MalformedError
from ledger.statements.envelope import (
    NATIVE,
    SignedStatement,
    parse_statement,
    parse_strictly,
    sign_statement,
)
from ledger.statements.usual_form import read_usual_form

KEY = key_of("brand")
SAID = {"issuer": BRAND, "subject": "urn:x:1", "issued_at": 1_790_000_000}

texts = st.one_of(
    st.text(min_size=1, max_size=30),
    st.sampled_from([23, 24, 255, 256, 300, 301, 2048, 2049]).map(lambda size: "x" * size),
    st.sampled_from(["", "a\x02b", "a\x7f", "\x03", "品源" * 50, "a\x04\x58\x20"]),
)
numbers = st.one_of(
    st.integers(0, 2**33), st.sampled_from([0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32])
)


def said(raw: bytes, parse) -> SignedStatement | str:
    """Return what a parser makes of bytes, or what it says is wrong with them."""
    try:
        return parse(raw)
    except MalformedError as error:
        return str(error)


def agree(raw: bytes) -> None:
    assert said(raw, parse_statement) == said(raw, parse_strictly)


def headers_of(**changes: object) -> dict[object, object]:
    claims = {1: BRAND, 2: "urn:x:1", 3: ORIGIN, 6: 1_790_000_000}
    return {1: EDDSA, 3: NATIVE, 4: bytes(32), 15: claims} | changes


@pytest.mark.parametrize("audience", [None, ORIGIN])
@pytest.mark.parametrize("payload_size", [0, 1, 23, 24, 255, 256, 40_000])
def test_what_sign_statement_writes_is_usual(audience: str | None, payload_size: int):
    raw = sign_statement(KEY, b"\x58\x40" * (payload_size // 2), audience=audience, **SAID)
    assert read_usual_form(raw) is not None
    agree(raw)


@given(texts, texts, st.one_of(st.none(), texts), texts, numbers, st.binary(max_size=300))
def test_any_values_in_the_usual_order(
    issuer: str, subject: str, audience: str | None, kind: str, issued_at: int, payload: bytes
):
    agree(
        sign_statement(
            KEY,
            payload,
            issuer=issuer,
            subject=subject,
            issued_at=issued_at,
            audience=audience,
            content_type=kind,
        )
    )


@given(
    st.permutations([1, 3, 4, 15]),
    st.permutations([1, 2, 3, 6]),
    st.sets(st.sampled_from([1, 2, 3, 4, 6, 15])),
    st.sampled_from([*ALGORITHMS, -10, "x"]),
    st.sampled_from([64, 96]),
    st.sampled_from([{}, {99: 1}, {"label": []}, {2: [1]}]),
    st.sampled_from([{}, {99: b"x"}]),
)
def test_any_order_any_labels_missing_or_added(
    order: list[int],
    claims_order: list[int],
    missing: set[int],
    alg: object,
    size: int,
    more: dict[object, object],
    unprotected: dict[object, object],
):
    headers = headers_of()
    claims = {label: headers[15][label] for label in claims_order if label not in missing}
    chosen = headers | {1: alg, 15: claims}
    spelled = {label: chosen[label] for label in order if label not in missing} | more
    raw = encode_sign1(cbor.encode(spelled), b"payload", bytes(size))
    agree(raw)
    agree(raw.replace(b"\xa0", cbor.encode(unprotected), 1))


USUAL = sign_statement(KEY, b'{"reading": 4}', audience=ORIGIN, **SAID)


@given(st.data())
def test_any_bytes_changed(data: st.DataObject):
    """Heads in a longer form, lengths that lie, bytes added, cut off or no UTF-8."""
    raw = bytearray(USUAL)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=3))
    agree(bytes(raw))


def test_every_byte_changed_in_turn():
    for at in range(len(USUAL) - 64):
        for flip in (0x01, 0x02, 0x20, 0x80, 0xFF):
            raw = bytearray(USUAL)
            raw[at] ^= flip
            agree(bytes(raw))


@pytest.mark.parametrize(
    ("usual", "longer"),
    [
        (b"\x58\x40", b"\x59\x00\x40"),
        (b"\x04\x58\x20", b"\x04\x59\x00\x20"),
        (b"\x67urn:x:1", b"\x78\x07urn:x:1"),
        (b"\x67urn:x:1", b"\x79\x00\x07urn:x:1"),
        (b"\x4e{", b"\x58\x0e{"),
        (b"\x4e{", b"\x59\x00\x0e{"),
        (b"\x06\x1a", b"\x06\x1b\x00\x00\x00\x00"),
        (b"\x0f\xa4", b"\x0f\xb8\x04"),
    ],
)
def test_a_longer_spelling_is_left_to_the_strict_decoder(usual: bytes, longer: bytes):
    """With the protected header's own length mended, so that only the spelling is wrong."""
    raw = USUAL.replace(usual, longer, 1)
    assert raw != USUAL
    if usual not in (b"\x58\x40", b"\x4e{"):
        raw = raw[:3] + bytes([raw[3] + len(longer) - len(usual)]) + raw[4:]
    assert read_usual_form(raw) is None
    agree(raw)
