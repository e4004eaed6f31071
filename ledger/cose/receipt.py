"""COSE receipts of inclusion (RFC 9942): what a log hands out for a registered statement.

Protected {1: alg, 4: kid, 395: 1, 15: {1: origin, 2: origin + "#" + size, 6: time}},
unprotected {396: {-1: [<< [size, index, path] >>]}}, payload detached: the root. One
signature serves a whole batch. The size in the path's proof must be the one signed in
claim 2: a path alone fits several (index, size) pairs.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ledger.cose import cbor
from ledger.cose.keys import EDDSA, PublicKey
from ledger.cose.sign1 import (
    ALG,
    CWT_CLAIMS,
    KID,
    VDP,
    VDS,
    decode_sign1,
    encode_sign1,
    signed_bytes,
)
from ledger.errors import MalformedError, ProofError, SignatureError
from ledger.primitives.ed25519 import SIGNATURE_SIZE
from ledger.primitives.strict import parse_decimal
from ledger.texts import saying
from ledger.tlog.merkle import HASH_SIZE, leaf_hash, root_from_path

RFC9162_SHA256 = 1
INCLUSION = -1
MAX_PATH = 63
ISS, SUB, IAT = 1, 2, 6


@dataclass(frozen=True, slots=True)
class BatchClaims:
    """What one receipt signature covers beside the root."""

    kid: bytes
    origin: str
    size: int
    time_s: int

    def protected(self) -> bytes:
        """Return the protected header."""
        claims = {ISS: self.origin, SUB: f"{self.origin}#{self.size}", IAT: self.time_s}
        return cbor.encode({ALG: EDDSA, KID: self.kid, VDS: RFC9162_SHA256, CWT_CLAIMS: claims})

    def sign(self, root: bytes, signer: Callable[[bytes], bytes]) -> bytes:
        """Return the signature that all receipts of the batch share."""
        return signer(signed_bytes(self.protected(), root))


@dataclass(frozen=True, slots=True)
class Receipt:
    """A decoded receipt: claims, leaf index and audit path."""

    claims: BatchClaims
    index: int
    path: tuple[bytes, ...]
    signature: bytes

    def encode(self) -> bytes:
        """Return the receipt's bytes."""
        proof = cbor.encode([self.claims.size, self.index, list(self.path)])
        unprotected = cbor.encode({VDP: {INCLUSION: [proof]}})
        attached = encode_sign1(self.claims.protected(), b"", self.signature)
        at = len(attached) - 2 - SIGNATURE_SIZE - 2  # a0, h'' and the signature's head and bytes
        return attached[:at] + unprotected + b"\xf6" + attached[at + 2 :]


def _parse_claims(headers: dict[object, object]) -> BatchClaims:
    claims = headers.get(CWT_CLAIMS)
    kid = headers.get(KID)
    if (
        headers.keys() != {ALG, KID, VDS, CWT_CLAIMS}
        or (headers[ALG], headers[VDS]) != (EDDSA, RFC9162_SHA256)
        or type(kid) is not bytes
        or len(kid) != HASH_SIZE
        or type(claims) is not dict
        or claims.keys() != {ISS, SUB, IAT}
        or type(claims[ISS]) is not str
        or type(claims[SUB]) is not str
        or type(claims[IAT]) is not int
    ):
        raise MalformedError(
            "receipt: protected header is not {alg EdDSA, kid, vds 1, claims iss, sub, iat}"
        )
    origin, mark, size = claims[SUB].rpartition("#")
    if not mark or origin != claims[ISS]:
        raise MalformedError("receipt: subject is not the issuer's name, '#' and a size")
    return BatchClaims(kid, origin, parse_decimal(size), claims[IAT])


def decode_receipt(raw: bytes) -> Receipt:
    """Decode a receipt.

    Raises:
        MalformedError: another form, or the proof's size is not the one signed.

    """
    message = decode_sign1(raw, saying("receipt"), detached=True)
    claims = _parse_claims(message.headers)
    if len(message.signature) != SIGNATURE_SIZE:
        raise MalformedError(
            "receipt: a signature of {count} bytes, {signature_size} expected",
            count=len(message.signature),
            signature_size=SIGNATURE_SIZE,
        )
    match message.unprotected:
        case {396: {-1: [bytes(proof)]}} if len(message.unprotected) == 1:
            inclusion = cbor.decode(proof, "receipt: inclusion proof")
        case _:
            raise MalformedError(
                "receipt: unprotected header is not {396: {-1: [one inclusion proof]}"
            )
    match inclusion:
        case [size, index, [*path]] if (
            type(size) is type(index) is int
            and len(path) <= MAX_PATH
            and all(type(h) is bytes and len(h) == HASH_SIZE for h in path)
        ):
            pass
        case _:
            raise MalformedError(
                "receipt: inclusion proof is not [size, index, [hashes of 32 bytes]]"
            )
    if size != claims.size:
        raise MalformedError(
            "receipt: size {size} in the proof, {size_2} in the signed claim",
            size=size,
            size_2=claims.size,
        )
    receipt = Receipt(claims, index, tuple(path), message.signature)
    if receipt.encode() != raw:
        raise MalformedError("receipt: not in the form this log writes")
    return receipt


def verify_receipt(raw: bytes, leaf: bytes, log_key: PublicKey, origin: str) -> Receipt:
    """Check a receipt for a registered statement's bytes with the log key alone.

    Raises:
        MalformedError: the receipt has another form.
        ProofError: index or path do not fit the signed size, or it is another log's.
        SignatureError: the log did not sign the root that the path leads to.

    """
    receipt = decode_receipt(raw)
    claims = receipt.claims
    if claims.origin != origin or claims.kid != log_key.kid:
        raise ProofError(
            "receipt: of log {origin!r}, not {origin_2!r}, or of another log key",
            origin=claims.origin,
            origin_2=origin,
        )
    root = root_from_path(
        index=receipt.index, size=claims.size, leaf=leaf_hash(leaf), path=receipt.path
    )
    try:
        log_key.verify(signed_bytes(claims.protected(), root), receipt.signature)
    except SignatureError as error:
        raise SignatureError(
            "receipt: the log key did not sign the root that statement and path lead to"
        ) from error
    return receipt
