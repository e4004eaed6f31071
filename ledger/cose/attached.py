"""Receipts of other logs that came along with a statement: a CBOR array, which nothing proves."""

from collections.abc import Sequence

from ledger.cose import cbor
from ledger.errors import MalformedError


def encode_attached(receipts: Sequence[bytes]) -> bytes:
    """Return the receipts as they are kept."""
    return cbor.encode(list(receipts))


def decode_attached(raw: bytes) -> list[bytes]:
    """Return the receipts that are kept.

    Raises:
        MalformedError: no array of byte strings.

    """
    found = cbor.decode(raw, "receipts of other logs")
    if type(found) is not list or not all(type(item) is bytes for item in found):
        raise MalformedError("receipts of other logs: not an array of byte strings")
    return found
