"""Cutting CBOR apart without decoding it: a sequence (RFC 8742), an array of byte strings.

Only where an item ends is looked at; what it is, its own decoder says. A head that leaves
that open (an indefinite or reserved length, or bytes that are not there) ends everything,
and its offset is named.
"""

from collections.abc import Iterator

from ledger.cose.cbor import ARGUMENT_SIZES, ARRAY, BYTES, MAP, ONE_BYTE, TAG, TEXT, head
from ledger.errors import MalformedError


def _read_head(raw: bytes, at: int, what: str) -> tuple[int, int, int]:
    """Return (major type, count, offset behind the head) of the head at an offset."""
    if at >= len(raw):
        raise MalformedError("{what}: byte {at}: cut short, an item is missing", what=what, at=at)
    major, count = raw[at] >> 5, raw[at] & 31
    stop = at + 1
    if count >= ONE_BYTE:
        size = ARGUMENT_SIZES.get(count)
        if size is None:
            raise MalformedError(
                "{what}: byte {at}: an indefinite or reserved length", what=what, at=at
            )
        stop += size
        count = int.from_bytes(raw[at + 1 : stop])
    if stop > len(raw):
        raise MalformedError("{what}: byte {at}: cut short within a head", what=what, at=at)
    return major, count, stop


def _skip(raw: bytes, at: int, what: str) -> int:
    """Return the offset behind the item at an offset, however deep it nests."""
    wanted = 1
    while wanted:
        start = at
        major, count, at = _read_head(raw, at, what)
        wanted -= 1
        if major in (BYTES, TEXT):
            at += count
        elif major == ARRAY:
            wanted += count
        elif major == MAP:
            wanted += 2 * count
        elif major == TAG:
            wanted += 1
        if at > len(raw) or wanted > len(raw):
            raise MalformedError(
                "{what}: byte {start}: longer than what is there", what=what, start=start
            )
    return at


def split_sequence(raw: bytes, what: str) -> Iterator[bytes]:
    """Yield the items of a CBOR sequence as they are spelled.

    Raises:
        MalformedError: starts with ``what`` and names the offset where no item can be told.

    """
    at = 0
    while at < len(raw):
        stop = _skip(raw, at, what)
        yield raw[at:stop]
        at = stop


def split_array(raw: bytes, what: str) -> Iterator[bytes]:
    """Yield the byte strings of one CBOR array of byte strings, lengths in their shortest form.

    Raises:
        MalformedError: starts with ``what`` and names the offset of what is something else.

    """
    major, count, at = _read_head(raw, 0, what)
    if major != ARRAY or raw[:at] != head(ARRAY, min(count, 0xFFFFFFFF)):
        raise MalformedError("{what}: byte 0: not the head of an array", what=what)
    for _ in range(count):
        start = at
        major, size, at = _read_head(raw, at, what)
        if major != BYTES or raw[start:at] != head(BYTES, min(size, 0xFFFFFFFF)):
            raise MalformedError(
                "{what}: byte {start}: not the head of a byte string", what=what, start=start
            )
        if at + size > len(raw):
            raise MalformedError(
                "{what}: byte {start}: longer than what is there", what=what, start=start
            )
        yield raw[at : at + size]
        at += size
    if at != len(raw):
        raise MalformedError("{what}: byte {at}: bytes behind the array", what=what, at=at)
