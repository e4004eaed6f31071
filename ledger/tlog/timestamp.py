r"""RFC 3161 timestamps of a checkpoint: an authority that owes the log nothing says when it was there.

A signature line of the note, as cosignatures are::

    — rfc3161:<authority> base64(u32be key id || u64be POSIX seconds || DER TimeStampToken)

key id = SHA-256("rfc3161:<authority>" || 0x0A || 0xFF || "rfc3161")[:4]. The token is over the note's
text, as the log signed it, by SHA-256, SHA-384 or SHA-512; the seconds are the floor of its time. Who
reads it verifies it by the certificates that the trust file names for this authority, as of the time
that it says: a certificate may end later.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ledger.errors import CannotVerifyError, MalformedError, SignatureError
from ledger.primitives.instant import SECOND_US, format_us
from ledger.texts import Sentence, saying
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import TIMESTAMP_SIZE, Note, NoteSignature, check_key_name

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

PREFIX = "rfc3161:"
MAX_TOKEN = 16_384  # certificates of a long chain in it; a note has 65,535 bytes
MAX_REPLY = 2 * MAX_TOKEN
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
NEEDS_TIMESTAMPS = saying(
    "timestamps of an authority need the extra timestamps: pip install 'pinyuan[timestamps]'"
)
DISORDERED = (
    "no timestamp in DER (RFC 3161): it has a set, of its certificates for instance, in another order "
    "than DER's: have the authority send DER, or ask another one"
)
GRANTED = 0
_GRANTED_STATUS = b"\x30\x03\x02\x01\x00"  # PKIStatusInfo {status granted(0)}
_LONG = 0x80
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_FOREIGN = ("issuer", "self-signed", "self signed", "certificate signature failure")
"""What says that a chain ends elsewhere than at the certificates given."""
_WHY = re.compile(r"Verify error: ([^\"]+)")


@dataclass(frozen=True, slots=True)
class Stamp:
    """An authority's word that a checkpoint of this size was there at a time, so exactly."""

    authority: str
    size: int
    time_us: int
    accuracy_us: int

    @property
    def sentence(self) -> Sentence:
        """Return it in a sentence."""
        within_s = self.accuracy_us / SECOND_US
        return saying(
            "{authority} says that size {size} was there at {at}{near}",
            authority=self.authority,
            size=self.size,
            at=format_us(self.time_us),
            near=saying(" (within {within_s:g} s)", within_s=within_s) if within_s else "",
        )


def key_id(authority: str) -> bytes:
    """Return the four bytes that an authority's lines carry."""
    return sha256(f"{PREFIX}{authority}\n".encode() + b"\xffrfc3161").digest()[:4]


def is_timestamp(line: NoteSignature) -> bool:
    """Return whether a signature line is a timestamp by its form; nothing of it is verified."""
    authority = line.name.removeprefix(PREFIX)
    return line.name.startswith(PREFIX) and line.key_id == key_id(authority)


def read_anchors(pem: bytes) -> tuple[bytes, ...]:
    """Return the certificates in a PEM file, in DER.

    Raises:
        MalformedError: there are none.

    """
    from cryptography import x509  # noqa: PLC0415 - heavy, and few have timestamps
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    try:
        found = x509.load_pem_x509_certificates(pem)
    except (ValueError, x509.InvalidVersion) as error:
        raise MalformedError("no certificates in PEM: {why}", why=error) from error
    return tuple(item.public_bytes(Encoding.DER) for item in found)


def check_anchor(der: bytes) -> None:
    """Refuse what is no certificate.

    Raises:
        MalformedError: it is none.

    """
    from cryptography import x509  # noqa: PLC0415 - as above

    try:
        x509.load_der_x509_certificate(der)
    except (ValueError, x509.InvalidVersion) as error:
        raise MalformedError("no certificate in DER: {why}", why=error) from error


def _library() -> Any:
    try:
        import rfc3161_client  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise CannotVerifyError(NEEDS_TIMESTAMPS) from error
    return rfc3161_client


def query(text: str) -> tuple[bytes, int]:
    """Return the request for a timestamp of a note's text, and its nonce.

    Raises:
        CannotVerifyError: the extra ``timestamps`` is not installed.

    """
    library = _library()
    builder = library.TimestampRequestBuilder().data(text.encode())
    request = builder.hash_algorithm(library.HashAlgorithm.SHA256).build()
    return request.as_bytes(), request.nonce


def line_of(
    authority: str, text: str, reply: bytes, nonce: int, anchors: Sequence[bytes]
) -> tuple[NoteSignature, Stamp]:
    """Return the signature line that an authority's reply makes, verified.

    Args:
        authority: what it is called; ``anchors`` are its certificates.
        text: the note's.
        reply: the TimeStampResp, in DER.
        nonce: of the request.
        anchors: certificates in DER.

    Raises:
        MalformedError, SignatureError: it is none, says no, or does not verify.

    """
    check_key_name(PREFIX + authority)
    found = _decode(reply)
    if found.status != GRANTED:
        said = "; ".join(found.status_string)
        raise SignatureError(
            "{authority} refuses a timestamp (status {status}{value})",
            authority=authority,
            status=found.status,
            value=saying(": {said}", said=said) if said else "",
        )
    if found.tst_info.nonce != nonce:
        raise SignatureError(
            "{authority} answers another request than this one: its nonce is another",
            authority=authority,
        )
    token = found.time_stamp_token()
    if len(token) > MAX_TOKEN:
        raise MalformedError(
            "{authority} answers with a timestamp of {count} bytes, at most {max_token}",
            authority=authority,
            count=len(token),
            max_token=MAX_TOKEN,
        )
    time_s = _time_us(found) // SECOND_US
    line = NoteSignature(
        PREFIX + authority, key_id(authority), time_s.to_bytes(TIMESTAMP_SIZE) + token
    )
    stamp = stamp_in(Note(text, (line,)), authority, anchors)
    assert stamp is not None  # noqa: S101 - it is there
    return line, stamp


def stamp_in(note: Note, authority: str, anchors: Sequence[bytes]) -> Stamp | None:
    """Return what an authority says of a checkpoint, None if its note has no word of it.

    Raises:
        SignatureError, MalformedError: a timestamp in its name does not verify.
        CannotVerifyError: there is one, and the extra ``timestamps`` is not installed.

    """
    name, own_id = PREFIX + authority, key_id(authority)
    lines = [item for item in note.signatures if (item.name, item.key_id) == (name, own_id)]
    if not lines:
        return None
    if len(lines) > 1:
        raise MalformedError(
            "note: {count} timestamps of {authority}", count=len(lines), authority=authority
        )
    (line,) = lines
    token = line.signature[TIMESTAMP_SIZE:]
    if len(token) > MAX_TOKEN:
        raise MalformedError(
            "the timestamp of {authority} is longer than {max_token} bytes",
            authority=authority,
            max_token=MAX_TOKEN,
        )
    try:
        found = _decode(_response(token))
    except MalformedError as error:
        raise MalformedError(
            "the timestamp of {authority} is none: {why}", authority=authority, why=error
        ) from error
    time_us = _time_us(found)
    _check(found, note.text, authority, anchors)
    if int.from_bytes(line.signature[:TIMESTAMP_SIZE]) != time_us // SECOND_US:
        raise SignatureError(
            "the timestamp of {authority} says another time than its line", authority=authority
        )
    return Stamp(authority, parse_checkpoint(note.text).size, time_us, _accuracy_us(found))


def _decode(raw: bytes) -> "TimeStampResponse":
    library = _library()
    try:
        found: TimeStampResponse = library.decode_timestamp_response(raw)
        before = found.status == GRANTED and _time_us(found) < 0
    except ValueError as error:
        if "InvalidSetOrdering" in str(error):
            raise MalformedError(DISORDERED) from error
        raise MalformedError("no timestamp in DER (RFC 3161): {why}", why=error) from error
    if before:
        raise MalformedError("a timestamp of a time before 1970")
    return found


def _response(token: bytes) -> bytes:
    """Return a response with a token in it, as the library takes it."""
    body = _GRANTED_STATUS + token
    size = len(body)
    if size < _LONG:
        return bytes((0x30, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((0x30, _LONG | len(length))) + length + body


def _time_us(found: "TimeStampResponse") -> int:
    return (found.tst_info.gen_time - _EPOCH) // _MICROSECOND


def _accuracy_us(found: "TimeStampResponse") -> int:
    said = found.tst_info.accuracy
    if said is None:
        return 0
    return (said.seconds or 0) * SECOND_US + (said.millis or 0) * 1_000 + (said.micros or 0)


def _check(found: "TimeStampResponse", text: str, authority: str, anchors: Sequence[bytes]) -> None:
    """Verify a timestamp of a text: the text, the signature, the chain as of its time, the purpose."""
    from cryptography import x509  # noqa: PLC0415 - as above

    library = _library()
    builder = library.VerifierBuilder(
        roots=[x509.load_der_x509_certificate(item) for item in dict.fromkeys(anchors)]
    )
    try:
        builder.build().verify_message(found, text.encode())
    except (library.VerificationError, ValueError) as error:
        raise SignatureError(
            "the timestamp of {authority} does not verify: {why}",
            authority=authority,
            why=_why(str(error), found),
        ) from error


def _why(said: str, found: "TimeStampResponse") -> str:
    """Return why the library refuses a timestamp, in words that say what to look at."""
    inner = _WHY.search(said)
    reason = said if inner is None else inner[1]
    at = format_us(_time_us(found))
    if "Mismatch between messages" in reason:
        return "it is for another text than this checkpoint"
    if any(one in reason for one in _FOREIGN):
        return "none of the trust file's certificates for this authority issued its own"
    if "expired" in reason or "not yet valid" in reason:
        return f"its certificate was not valid at {at}, the time that it says"
    if "EKU" in reason or "purpose" in reason:
        return "its certificate is not for timestamps"
    return reason
