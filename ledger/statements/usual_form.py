"""The usual form of a statement, read in one pass.

Nearly every statement spells its header as ``sign_statement`` does: alg, content type
as text, kid, claims iss, sub, aud or none, iat, in this order, nothing else. For these
one regular expression is the whole grammar, a fifth of the strict decoder's time. Texts
hold no control characters, so each ends where the next label (1 to 6) begins; that its
head says the same length, in its shortest form, is checked behind the match.

Whatever does not match is not wrong, only unusual: the strict decoder decides. What
matches, it would read the same.
"""

import re
from typing import NamedTuple

from ledger.cose.cbor import head
from ledger.cose.keys import EDDSA, ES256
from ledger.cose.sign1 import MAX_SIZE, SIGNATURE1

_MAX_TEXT_SIZE = 300  # no identifier is longer; the strict decoder takes more
_TEXT_HEADS = [head(3, count) for count in range(_MAX_TEXT_SIZE + 1)]

_TEXT = rb"([\x61-\x77]|\x78.|\x79..)([^\x00-\x1f\x7f]+)"
_USUAL = re.compile(
    rb"\xd2\x84"
    rb"((?:\x58.|\x59..)"  # protected:
    rb"(\xa4\x01([\x26-\x28\x32])"  # 1: -7, -8, -9 or -19, whose signatures have 64 bytes
    rb"\x03" + _TEXT + rb"\x04\x58\x20(.{32})"
    rb"\x0f([\xa3\xa4])"  # 15: the claims
    rb"\x01" + _TEXT + rb"\x02" + _TEXT + rb"(?:\x03" + _TEXT + rb")?"
    rb"\x06\x1a(.{4})))"
    rb"\xa0"  # nothing unprotected
    rb"((?:[\x40-\x57]|\x58.|\x59..)(.*))"
    rb"\x58\x40(.{64})",
    re.DOTALL,
)
_ALGS = {b"\x26": ES256, b"\x27": EDDSA, b"\x28": ES256, b"\x32": EDDSA}
_WITHOUT_AUDIENCE, _WITH_AUDIENCE = b"\xa3", b"\xa4"
_MIN_FOUR_BYTES = b"\x00\x01\x00\x00"  # smaller numbers have a shorter form


class UsualForm(NamedTuple):
    """The parts of a statement in the usual form, decoded."""

    alg: int
    kid: bytes
    content_type: str
    issuer: str
    subject: str
    audience: str | None
    issued_at: int
    to_be_signed: bytes
    payload: bytes
    signature: bytes


def read_usual_form(raw: bytes) -> UsualForm | None:
    """Return a statement's parts, None where the strict decoder has to look."""
    found = _USUAL.fullmatch(raw)
    if found is None or len(raw) > MAX_SIZE:
        return None
    (
        protected_bstr,
        protected,
        alg,
        type_head,
        content_type,
        kid,
        claims,
        issuer_head,
        issuer,
        subject_head,
        subject,
        audience_head,
        audience,
        issued_at,
        payload_bstr,
        payload,
        signature,
    ) = found.groups()
    try:
        if (
            _TEXT_HEADS[len(content_type)] != type_head
            or _TEXT_HEADS[len(issuer)] != issuer_head
            or _TEXT_HEADS[len(subject)] != subject_head
            or (audience is not None and _TEXT_HEADS[len(audience)] != audience_head)
            or claims != (_WITHOUT_AUDIENCE if audience is None else _WITH_AUDIENCE)
            or issued_at < _MIN_FOUR_BYTES
            or protected_bstr[: -len(protected)] != head(2, len(protected))
            or payload_bstr[: len(payload_bstr) - len(payload)] != head(2, len(payload))
        ):
            return None
        return UsualForm(
            _ALGS[alg],
            kid,
            content_type.decode(),
            issuer.decode(),
            subject.decode(),
            None if audience is None else audience.decode(),
            int.from_bytes(issued_at),
            SIGNATURE1 + protected_bstr + b"\x40" + payload_bstr,
            payload,
            signature,
        )
    except (IndexError, UnicodeDecodeError):  # a longer text, or bytes that are none
        return None
