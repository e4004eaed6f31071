"""Strict, bounded CBOR (RFC 8949): one value, one spelling.

Decoded by ``cbor2`` without duplicate keys and indefinite lengths, checked to hold
only integers, strings, arrays, maps, booleans and null, then encoded again in the
order received and compared: over-long lengths and trailing bytes are gone.
"""

from typing import Any

import cbor2

from ledger.errors import MalformedError

MAX_DEPTH = 8  # a statement's headers nest 3 deep, a receipt 4
MAX_INTEGER = 2**64


def _check(value: Any) -> None:
    kind = type(value)
    if kind is int:
        if not -MAX_INTEGER <= value < MAX_INTEGER:
            msg = "CBOR: an integer beyond 64 bits"
            raise MalformedError(msg)
    elif kind is dict:
        for key, item in value.items():
            if type(key) not in (int, str, bytes):
                msg = "CBOR: a map key that is neither integer nor string"
                raise MalformedError(msg)
            _check(item)
    elif kind is list:
        for item in value:
            _check(item)
    elif kind not in (bytes, str, bool, type(None)):
        msg = f"CBOR: a {kind.__name__} where only integers, strings, arrays and maps may stand"
        raise MalformedError(msg)


def decode(raw: bytes, what: str) -> Any:
    """Return the one value that ``raw`` spells; tags are refused.

    Raises:
        MalformedError: starts with ``what``.

    """
    try:
        value = cbor2.loads(
            raw, max_depth=MAX_DEPTH, allow_duplicate_keys=False, allow_indefinite=False
        )
        _check(value)
        again = cbor2.dumps(value)
    except MalformedError as error:
        msg = f"{what}: {error}"
        raise MalformedError(msg) from error
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        msg = f"{what}: not CBOR: {str(error)[:200]}"
        raise MalformedError(msg) from error
    if again != raw:
        why = "bytes behind the value" if raw.startswith(again) else "a length or number not in its shortest form"
        msg = f"{what}: CBOR: {why}"
        raise MalformedError(msg)
    return value


def encode(value: Any) -> bytes:
    """Return CBOR with map keys in the order given."""
    return cbor2.dumps(value)


def head(major: int, count: int) -> bytes:
    """Return the shortest head of a major type (0..7) with a count below 2**32."""
    first = major << 5
    if count < 24:  # noqa: PLR2004
        return bytes((first | count,))
    if count < 1 << 8:
        return bytes((first | 24, count))
    if count < 1 << 16:
        return bytes((first | 25,)) + count.to_bytes(2)
    return bytes((first | 26,)) + count.to_bytes(4)


def bstr(raw: bytes) -> bytes:
    """Return a byte string."""
    return head(2, len(raw)) + raw
