"""Strict, bounded CBOR (RFC 8949): one value, one spelling.

Refused before anything is decoded: tags (shared references would let a few bytes grow
without bound), floats, indefinite lengths. What ``cbor2`` decodes is integers within 64
bits, strings, arrays, maps, booleans and null; it is encoded again in the order received
and compared: over-long lengths and trailing bytes are gone.
"""

from typing import Any

import cbor2

from ledger.errors import MalformedError

MAX_DEPTH = 8  # a statement's headers nest 3 deep, a receipt 4
MAX_SIZE = 1 << 20  # bounds the work; statements and receipts have smaller limits of their own

BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE = range(2, 8)
ONE_BYTE = 24
ARGUMENT_SIZES = {24: 1, 25: 2, 26: 4, 27: 8}
"""How many bytes behind a head's first one hold its count; other values are indefinite or reserved."""


def _check_heads(raw: bytes) -> None:
    """Walk over all heads, nested or not: nothing here needs to know how they nest."""
    at, end = 0, len(raw)
    while at < end:
        major, count = raw[at] >> 5, raw[at] & 31
        at += 1
        if major == TAG:
            raise MalformedError("a tag where only integers, strings, arrays and maps may stand")
        if major == SIMPLE and count not in (20, 21, 22):
            raise MalformedError("a float or simple value other than false, true, null")
        if count >= ONE_BYTE:
            size = ARGUMENT_SIZES.get(count)
            if size is None:
                raise MalformedError("an indefinite or reserved length")
            count = int.from_bytes(raw[at : at + size])
            at += size
        if major in (BYTES, TEXT):
            at += count


def _check_keys(value: Any) -> None:
    """Refuse map keys other than integers and text; the heads left no other surprises."""
    if type(value) is dict:
        for key, item in value.items():
            if type(key) is not int and type(key) is not str:
                raise MalformedError("a map key that is neither integer nor text")
            if type(item) is dict or type(item) is list:
                _check_keys(item)
    elif type(value) is list:
        for item in value:
            if type(item) is dict or type(item) is list:
                _check_keys(item)


def decode(raw: bytes, what: str) -> Any:
    """Return the one value that ``raw`` spells; tags are refused.

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
    try:
        _check_heads(raw)
        value = cbor2.loads(
            raw, max_depth=MAX_DEPTH, allow_duplicate_keys=False, allow_indefinite=False
        )
        _check_keys(value)
        again = cbor2.dumps(value)
    except MalformedError as error:
        raise MalformedError("{what}: {why}", what=what, why=error) from error
    except (
        cbor2.CBORError,
        ValueError,
        TypeError,
        OverflowError,
        RecursionError,
        MemoryError,
    ) as error:
        raise MalformedError("{what}: not CBOR: {why}", what=what, why=str(error)[:200]) from error
    if again != raw:
        why = (
            "bytes behind the value"
            if raw.startswith(again)
            else "a length or number not in its shortest form"
        )
        raise MalformedError("{what}: CBOR: {why}", what=what, why=why)
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
