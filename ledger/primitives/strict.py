"""One strict parser each for decimal, base64 and hexadecimal text.

Python's own take signs, underscores, blanks, other digits and stray characters;
two readers of one text must never differ.
"""

import base64
import binascii
import re

from ledger.errors import MalformedError

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,19}")
_HEX = re.compile(r"(?:[0-9a-f]{2})*")


def parse_decimal(text: str) -> int:
    """Return the value of an unsigned decimal below 2**64 without leading zeroes."""
    if _DECIMAL.fullmatch(text) is None or (value := int(text)) >= 1 << 64:
        raise MalformedError(
            "not a decimal number below 2^64 without leading zeroes: {text!r}", text=text[:40]
        )
    return value


def parse_hex(text: str, *, size_bytes: int) -> bytes:
    """Return the bytes of exactly ``2 * size_bytes`` lower-case hexadecimal digits."""
    if len(text) != 2 * size_bytes or _HEX.fullmatch(text) is None:
        raise MalformedError(
            "not {size_bytes} lower-case hexadecimal digits: {text!r}",
            size_bytes=2 * size_bytes,
            text=text[:80],
        )
    return bytes.fromhex(text)


def parse_base64(text: str) -> bytes:
    """Return the bytes of padded standard base64 (RFC 4648 section 4), no other spelling."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("not base64: {text!r}", text=text[:40]) from error
    if base64.b64encode(raw).decode("ascii") != text:
        raise MalformedError("not canonical base64: {text!r}", text=text[:40])
    return raw


def parse_base64url(text: str) -> bytes:
    """Return the bytes of unpadded base64url (RFC 4648 section 5), no other spelling."""
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("not base64url: {text!r}", text=text[:40]) from error
    if format_base64url(raw) != text:
        raise MalformedError("not canonical base64url without padding: {text!r}", text=text[:40])
    return raw


def format_base64url(raw: bytes) -> str:
    """Return unpadded base64url."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def format_base64(raw: bytes) -> str:
    """Return padded standard base64."""
    return base64.b64encode(raw).decode("ascii")
