"""SignedStatement: the bytes a party signed, and what their header says.

Protected header: 1 alg, 3 content type, 4 kid (32 bytes), 15 CWT claims {1 iss, 2 sub,
3 aud, 6 iat}. A statement is *native* iff its content type is exactly ``NATIVE``;
any other is *generic*: kept byte for byte, with no effect in any rule.
"""

import re
from dataclasses import dataclass
from typing import TypeGuard

from ledger.cose import sign1
from ledger.cose.keys import ALG_NAMES, PrivateKey, PublicKey
from ledger.cose.sign1 import ALG, CONTENT_TYPE, CWT_CLAIMS, KID, RECEIPTS, VDP, VDS, decode_sign1
from ledger.errors import MalformedError
from ledger.statements.usual_form import read_usual_form
from ledger.tlog.merkle import leaf_hash

NATIVE = "application/vnd.pinyuan.statement+json"
ISS, SUB, AUD, IAT = 1, 2, 3, 6
KID_SIZE = 32
MAX_CLAIM_SIZE = 2_048  # history keys are hashed from it; no identifier here is longer than 300
MAX_IAT = 253_402_300_799  # 9999-12-31T23:59:59Z

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Topic = tuple[str, str]
"""A history's name: (topic, subject)."""


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """One statement as the ledger keeps it.

    ``leaf`` is the emptied message, byte for byte; ``id`` the SHA-256 of the signed
    bytes; ``issued_at`` POSIX seconds by the issuer's clock.
    """

    leaf: bytes
    id: bytes
    message: bytes
    signature: bytes
    alg: int
    kid: bytes
    issuer: str
    subject: str
    audience: str | None
    issued_at: int
    content_type: str | int
    payload: bytes

    @property
    def native(self) -> bool:
        """Return whether the payload is ours to read."""
        return self.content_type == NATIVE

    @property
    def leaf_hash(self) -> bytes:
        """Return the RFC 9162 hash of the leaf."""
        return leaf_hash(self.leaf)

    def read(self) -> "SignedStatement":
        """Return what its header says, without the bytes it was read from.

        For whoever keeps every statement of a ledger in memory: they are most of it.
        """
        return SignedStatement(
            leaf=b"",
            id=self.id,
            message=b"",
            signature=b"",
            alg=self.alg,
            kid=self.kid,
            issuer=self.issuer,
            subject=self.subject,
            audience=self.audience,
            issued_at=self.issued_at,
            content_type=self.content_type,
            payload=b"",
        )

    def verify(self, key: PublicKey) -> None:
        """Check the signature; the algorithm is the key's, never the header's.

        Raises:
            SignatureError: it does not verify.

        """
        key.verify(self.message, self.signature)


def _text(claims: dict[object, object], label: int, name: str) -> str:
    value = claims.get(label)
    if type(value) is not str or not value or len(value) > MAX_CLAIM_SIZE:
        msg = f"statement: claim {label} ({name}) is not text of 1 to {MAX_CLAIM_SIZE} characters"
        raise MalformedError(msg)
    if _CONTROL.search(value):
        msg = f"statement: claim {label} ({name}) holds control characters"
        raise MalformedError(msg)
    return value


def _is_content_type(value: object) -> TypeGuard[str | int]:
    if type(value) is str:
        return 0 < len(value) <= MAX_CLAIM_SIZE
    return type(value) is int and 0 <= value < 1 << 16


def parse_statement(raw: bytes) -> SignedStatement:
    """Parse a signed statement; its signature is not checked here.

    Raises:
        MalformedError: names what is not in the documented form.

    """
    usual = read_usual_form(raw)
    if usual is None:
        return parse_strictly(raw)
    return SignedStatement(
        leaf=raw,
        id=sign1.message_id(usual.to_be_signed),
        message=usual.to_be_signed,
        signature=usual.signature,
        alg=usual.alg,
        kid=usual.kid,
        issuer=usual.issuer,
        subject=usual.subject,
        audience=usual.audience,
        issued_at=usual.issued_at,
        content_type=usual.content_type,
        payload=usual.payload,
    )


def parse_strictly(raw: bytes) -> SignedStatement:
    """Parse a statement by the general decoder, which decides what ``parse_statement`` takes."""
    message = decode_sign1(raw, "statement")
    headers = message.headers
    for label in (RECEIPTS, VDS, VDP):
        if label in headers or label in message.unprotected:
            msg = f"statement: header label {label} belongs to receipts and is refused"
            raise MalformedError(msg)
    alg, kid, content_type = headers.get(ALG), headers.get(KID), headers.get(CONTENT_TYPE)
    if type(alg) is not int or alg not in ALG_NAMES:
        msg = f"statement: header 1 (alg) is {alg!r:.40}; only -8 (EdDSA) and -7 (ES256) are known"
        raise MalformedError(msg)
    if type(kid) is not bytes or len(kid) != KID_SIZE:
        msg = "statement: header 4 (kid) is not a byte string of 32 bytes"
        raise MalformedError(msg)
    if not _is_content_type(content_type):
        msg = "statement: header 3 (content type) is neither a media type nor a CoAP number"
        raise MalformedError(msg)
    claims = headers.get(CWT_CLAIMS)
    if type(claims) is not dict:
        msg = "statement: header 15 (CWT claims) is not a map"
        raise MalformedError(msg)
    issued_at = claims.get(IAT)
    if type(issued_at) is not int or not 0 <= issued_at <= MAX_IAT:
        msg = "statement: claim 6 (iat) is not a whole number of POSIX seconds"
        raise MalformedError(msg)
    to_be_signed = message.to_be_signed()
    return SignedStatement(
        leaf=message.emptied(),
        id=sign1.message_id(to_be_signed),
        message=to_be_signed,
        signature=message.signature,
        alg=alg,
        kid=kid,
        issuer=_text(claims, ISS, "iss"),
        subject=_text(claims, SUB, "sub"),
        audience=_text(claims, AUD, "aud") if AUD in claims else None,
        issued_at=issued_at,
        content_type=content_type,
        payload=message.payload,
    )


def sign_statement(
    key: PrivateKey,
    payload: bytes,
    *,
    issuer: str,
    subject: str,
    issued_at: int,
    audience: str | None,
    content_type: str | int = NATIVE,
) -> bytes:
    """Return a signed statement's bytes, header keys in ascending order."""
    claims: dict[int, object] = {ISS: issuer, SUB: subject}
    if audience is not None:
        claims[AUD] = audience
    claims[IAT] = issued_at
    headers = {
        ALG: key.public.alg,
        CONTENT_TYPE: content_type,
        KID: key.public.kid,
        CWT_CLAIMS: claims,
    }
    return sign1.sign(headers, payload, key.sign)
