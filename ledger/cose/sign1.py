"""COSE_Sign1 (RFC 9052 section 4.2): strict decoding, the signed bytes, encoding.

Tag 18, attached payload, signature of 64 or 96 bytes. The signed bytes are
``["Signature1", protected, h'', payload]``, the protected header as received, and
h'' in place of h'A0'.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ledger.cose import cbor
from ledger.cose.keys import SIGNATURE_SIZES
from ledger.errors import MalformedError
from ledger.texts import saying

MAX_SIZE = 65_535  # an entry's length prefix in a tile has 16 bits

ALG, CRIT, CONTENT_TYPE, KID, CWT_CLAIMS = 1, 2, 3, 4, 15
RECEIPTS, VDS, VDP = 394, 395, 396
PAYLOAD_HASH_ALG, PREIMAGE_CONTENT_TYPE, PAYLOAD_LOCATION = 258, 259, 260
HASH_ENVELOPE = (PAYLOAD_HASH_ALG, PREIMAGE_CONTENT_TYPE, PAYLOAD_LOCATION)
UNDERSTOOD = frozenset({ALG, CRIT, CONTENT_TYPE, KID, CWT_CLAIMS, VDS, *HASH_ENVELOPE})
_SIGNATURE_SIZES = frozenset(SIGNATURE_SIZES.values())
SIGNATURE1 = b"\x84\x6aSignature1"
"""How every Sig_structure of a COSE_Sign1 begins."""
_TAG = b"\xd2"
_EMPTY_MAP = b"\xa0"


def signed_bytes(protected: bytes, payload: bytes) -> bytes:
    """Return the Sig_structure; its SHA-256 is a statement's id."""
    if protected == _EMPTY_MAP:
        protected = b""
    return SIGNATURE1 + cbor.bstr(protected) + b"\x40" + cbor.bstr(payload)


@dataclass(frozen=True, slots=True)
class Sign1:
    """A decoded COSE_Sign1; nothing about it is verified but its form."""

    protected: bytes
    headers: dict[Any, Any]
    unprotected: dict[Any, Any]
    payload: bytes
    signature: bytes

    def to_be_signed(self) -> bytes:
        """Return what the signature is over."""
        return signed_bytes(self.protected, self.payload)

    def emptied(self) -> bytes:
        """Return the message with an empty unprotected header."""
        return encode_sign1(self.protected, self.payload, self.signature)


def encode_sign1(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """Return a tagged COSE_Sign1 with an empty unprotected header."""
    return (
        _TAG
        + b"\x84"
        + cbor.bstr(protected)
        + _EMPTY_MAP
        + cbor.bstr(payload)
        + cbor.bstr(signature)
    )


def sign(headers: dict[Any, Any], payload: bytes, signer: Callable[[bytes], bytes]) -> bytes:
    """Return a signed, tagged COSE_Sign1; header keys in the order given."""
    protected = cbor.encode(headers)
    return encode_sign1(protected, payload, signer(signed_bytes(protected, payload)))


def _check_critical(headers: dict[Any, Any], unprotected: dict[Any, Any], what: str) -> None:
    if CRIT in unprotected:
        raise MalformedError("{what}: crit (label 2) must be protected", what=what)
    critical = headers.get(CRIT)
    if CRIT in headers and (
        type(critical) is not list
        or not critical
        or any(type(c) is not int or c not in UNDERSTOOD or c not in headers for c in critical)
    ):
        raise MalformedError(
            "{what}: a critical header that is not understood or not present: {critical!r:.100}",
            what=what,
            critical=critical,
        )


def decode_sign1(raw: bytes, what: str = "COSE_Sign1", *, detached: bool = False) -> Sign1:
    """Decode a COSE_Sign1; with ``detached`` its payload must be null, else a byte string.

    Raises:
        MalformedError: starts with ``what``.

    """
    if len(raw) > MAX_SIZE:
        raise MalformedError(
            "{what}: {count} bytes, at most {max_size}",
            what=what,
            count=len(raw),
            max_size=MAX_SIZE,
        )
    if raw[:1] == b"{":
        raise MalformedError(
            "{what}: JSON that nobody signed: sign it first (pinyuan sign TYPE FIELDS.json -o FILE.cose)",
            what=what,
        )
    if raw[:1] != _TAG:
        raise MalformedError("{what}: it does not begin with tag 18 (COSE_Sign1)", what=what)
    body = cbor.decode(raw[1:], what)
    if type(body) is not list or len(body) != 4:  # noqa: PLR2004
        raise MalformedError(
            "{what}: not an array of protected, unprotected, payload, signature", what=what
        )
    protected, unprotected, payload, signature = body
    if (
        type(protected) is not bytes
        or type(unprotected) is not dict
        or type(signature) is not bytes
    ):
        raise MalformedError(
            "{what}: protected or signature is no byte string, or unprotected no map", what=what
        )
    if type(payload) is not (type(None) if detached else bytes):
        raise MalformedError(
            "{what}: the payload must be {value}",
            what=what,
            value=saying("null (detached)") if detached else saying("a byte string"),
        )
    if len(signature) not in _SIGNATURE_SIZES:
        raise MalformedError(
            "{what}: a signature of {count} bytes, 64 or 96 expected",
            what=what,
            count=len(signature),
        )
    headers = (
        cbor.decode(protected, saying("{what}: protected header", what=what)) if protected else {}
    )
    if type(headers) is not dict:
        raise MalformedError("{what}: the protected header is no map", what=what)
    if headers.keys() & unprotected.keys():
        raise MalformedError("{what}: a header stands in both protected and unprotected", what=what)
    _check_critical(headers, unprotected, what)
    return Sign1(protected, headers, unprotected, payload or b"", signature)


def message_id(to_be_signed: bytes) -> bytes:
    """Return the statement id, 32 bytes: SHA-256 of the signed bytes."""
    return sha256(to_be_signed).digest()
