"""SignedStatement: the bytes a party signed, and what their header says.

Protected header: 1 alg, 3 content type, 4 kid (32 bytes), 15 CWT claims {1 iss, 2 sub,
3 aud, 6 iat}. A statement is *native* iff its content type is exactly ``NATIVE``;
any other is *generic*: kept byte for byte, with no effect in any rule. A hash envelope
(RFC 9995) has no content type but the algorithm of the digest that is its payload. Receipts
of other logs may come in the unprotected header (RFC 9942): they are no part of the leaf.
"""

import re
from dataclasses import dataclass
from typing import TypeGuard

from ledger.cose import sign1
from ledger.cose.keys import ALG_NAMES, SIGNATURE_SIZES, PrivateKey, PublicKey, algorithm
from ledger.cose.sign1 import (
    ALG,
    CONTENT_TYPE,
    CWT_CLAIMS,
    HASH_ENVELOPE,
    KID,
    PAYLOAD_HASH_ALG,
    PAYLOAD_LOCATION,
    PREIMAGE_CONTENT_TYPE,
    RECEIPTS,
    VDP,
    VDS,
    Sign1,
    decode_sign1,
)
from ledger.errors import MalformedError
from ledger.statements.usual_form import read_usual_form
from ledger.texts import saying
from ledger.tlog.merkle import leaf_hash

NATIVE = "application/vnd.pinyuan.statement+json"
ISS, SUB, AUD, IAT = 1, 2, 3, 6
KID_SIZE = 32
MAX_CLAIM_SIZE = 2_048  # history keys are hashed from it; no identifier here is longer than 300
MAX_IAT = 253_402_300_799  # 9999-12-31T23:59:59Z
MAX_AUDIENCE = 16
MAX_RECEIPTS = 16
HASHES = {
    -16: ("SHA-256", 32),
    -17: ("SHA-512/256", 32),
    -43: ("SHA-384", 48),
    -44: ("SHA-512", 64),
}
"""The hashes of hash envelopes (RFC 9054), and how long their digests are."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Topic = tuple[str, str]
"""A history's name: (topic, subject)."""


@dataclass(frozen=True, slots=True)
class HashEnvelope:
    """What a payload is the digest of (RFC 9995): by which hash, of what media type, kept where."""

    hash_alg: int
    content_type: str | int | None
    location: str | None

    @property
    def hash_name(self) -> str:
        """Return the hash's name."""
        return HASHES[self.hash_alg][0]

    def row(self) -> dict[str, str | int | None]:
        """Return it as JSON."""
        kind, location = self.content_type, self.location
        return {"hash": self.hash_name, "content_type": kind, "location": location}


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """One statement as the ledger keeps it.

    ``leaf`` is the emptied message, byte for byte; ``id`` the SHA-256 of the signed
    bytes; ``alg`` one of ``ALG_NAMES``, by whichever number the header says it;
    ``audience`` all that claim 3 names; ``issued_at`` POSIX seconds by the issuer's clock.
    ``content_type`` is None in a hash envelope, and nowhere else. ``receipts`` came with
    these bytes, signed by nobody here and looked at by nobody.
    """

    leaf: bytes
    id: bytes
    message: bytes
    signature: bytes
    alg: int
    kid: bytes
    issuer: str
    subject: str
    audience: tuple[str, ...]
    issued_at: int
    content_type: str | int | None
    payload: bytes
    hashed: HashEnvelope | None = None
    receipts: tuple[bytes, ...] = ()

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
            hashed=self.hashed,
        )

    def verify(self, key: PublicKey) -> None:
        """Check the signature; the algorithm is the key's, never the header's.

        Raises:
            SignatureError: it does not verify.

        """
        key.verify(self.message, self.signature)


def _text(value: object, what: str) -> str:
    if type(value) is not str or not value or len(value) > MAX_CLAIM_SIZE:
        raise MalformedError(
            "statement: {what} is not text of 1 to {max_claim_size} characters",
            what=what,
            max_claim_size=MAX_CLAIM_SIZE,
        )
    if _CONTROL.search(value):
        raise MalformedError("statement: {what} holds control characters", what=what)
    return value


def _audience(claims: dict[object, object]) -> tuple[str, ...]:
    """Return what claim 3 names: nothing, one text, or an array of them."""
    if AUD not in claims:
        return ()
    named = claims[AUD]
    items = named if type(named) is list else [named]
    found = tuple(_text(item, "claim 3 (aud)") for item in items)
    if not 1 <= len(found) <= MAX_AUDIENCE or len(set(found)) != len(found):
        raise MalformedError(
            "statement: claim 3 (aud) names none, one twice, or more than {max_audience}",
            max_audience=MAX_AUDIENCE,
        )
    return found


def _is_content_type(value: object) -> TypeGuard[str | int]:
    if type(value) is str:
        return 0 < len(value) <= MAX_CLAIM_SIZE
    return type(value) is int and 0 <= value < 1 << 16


def _content(message: Sign1) -> tuple[str | int | None, HashEnvelope | None]:
    """Return a statement's content type, or what its payload is the digest of."""
    headers, unprotected = message.headers, message.unprotected
    for label in HASH_ENVELOPE:
        if label in unprotected:
            raise MalformedError(
                "statement: header label {label} (hash envelope) must be protected", label=label
            )
    content_type = headers.get(CONTENT_TYPE)
    if PAYLOAD_HASH_ALG not in headers:
        if not _is_content_type(content_type):
            raise MalformedError(
                "statement: header 3 (content type) is neither a media type nor a CoAP number"
            )
        return content_type, None
    if CONTENT_TYPE in headers or CONTENT_TYPE in unprotected:
        raise MalformedError(
            "statement: a hash envelope (header 258) has no header 3 (content type)"
        )
    hash_alg = headers[PAYLOAD_HASH_ALG]
    if type(hash_alg) is not int or hash_alg not in HASHES:
        names = ", ".join(f"{number} ({name})" for number, (name, _) in HASHES.items())
        raise MalformedError(
            "statement: header 258 (payload hash) is {hash_alg!r:.40}; known are {names}",
            hash_alg=hash_alg,
            names=names,
        )
    name, size = HASHES[hash_alg]
    if len(message.payload) != size:
        raise MalformedError(
            "statement: a payload of {count} bytes is no digest by {name}",
            count=len(message.payload),
            name=name,
        )
    of_type = headers.get(PREIMAGE_CONTENT_TYPE)
    if PREIMAGE_CONTENT_TYPE in headers and not _is_content_type(of_type):
        raise MalformedError(
            "statement: header 259 (of what is hashed) is no media type and no CoAP number"
        )
    location = None
    if PAYLOAD_LOCATION in headers:
        location = _text(headers[PAYLOAD_LOCATION], "header 260 (location)")
    return None, HashEnvelope(hash_alg, of_type, location)


def _receipts(message: Sign1) -> tuple[bytes, ...]:
    """Return the receipts of other logs that came along; what they say is not looked at."""
    for label in (RECEIPTS, VDS, VDP):
        if label in message.headers or (label != RECEIPTS and label in message.unprotected):
            raise MalformedError(
                "statement: header label {label} belongs to receipts and is refused here",
                label=label,
            )
    if RECEIPTS not in message.unprotected:
        return ()
    found = message.unprotected[RECEIPTS]
    if (
        type(found) is not list
        or not 1 <= len(found) <= MAX_RECEIPTS
        or not all(type(item) is bytes and item for item in found)
    ):
        raise MalformedError(
            "statement: header 394 (receipts) is not an array of 1 to {max_receipts} byte strings",
            max_receipts=MAX_RECEIPTS,
        )
    return tuple(found)


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
        audience=() if usual.audience is None else (usual.audience,),
        issued_at=usual.issued_at,
        content_type=usual.content_type,
        payload=usual.payload,
    )


def parse_strictly(raw: bytes) -> SignedStatement:
    """Parse a statement by the general decoder, which decides what ``parse_statement`` takes."""
    message = decode_sign1(raw, saying("statement"))
    headers, kid = message.headers, message.headers.get(KID)
    receipts = _receipts(message)
    try:
        alg = algorithm(headers.get(ALG))
    except MalformedError as error:
        raise MalformedError("statement: header 1 (alg): {why}", why=error) from error
    if len(message.signature) != SIGNATURE_SIZES[alg]:
        raise MalformedError(
            "statement: a signature of {count} bytes, {alg_names} has {signature_sizes}",
            count=len(message.signature),
            alg_names=ALG_NAMES[alg],
            signature_sizes=SIGNATURE_SIZES[alg],
        )
    if type(kid) is not bytes or len(kid) != KID_SIZE:
        raise MalformedError("statement: header 4 (kid) is not a byte string of 32 bytes")
    content_type, hashed = _content(message)
    claims = headers.get(CWT_CLAIMS)
    if type(claims) is not dict:
        raise MalformedError("statement: header 15 (CWT claims) is not a map")
    issued_at = claims.get(IAT)
    if type(issued_at) is not int or not 0 <= issued_at <= MAX_IAT:
        raise MalformedError("statement: claim 6 (iat) is not a whole number of POSIX seconds")
    to_be_signed = message.to_be_signed()
    return SignedStatement(
        leaf=message.emptied(),
        id=sign1.message_id(to_be_signed),
        message=to_be_signed,
        signature=message.signature,
        alg=alg,
        kid=kid,
        issuer=_text(claims.get(ISS), "claim 1 (iss)"),
        subject=_text(claims.get(SUB), "claim 2 (sub)"),
        audience=_audience(claims),
        issued_at=issued_at,
        content_type=content_type,
        payload=message.payload,
        hashed=hashed,
        receipts=receipts,
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
