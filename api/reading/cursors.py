"""Cursors: where the next page of a listing begins, and everything the listing was.

A cursor is opaque to clients, complete in itself, and carries a digest: an altered one is
refused, and so is one of another ledger. The digest guards against accidents, not forgers:
whoever makes up a cursor is asked what every query is, that its parts have their forms.
"""

from hashlib import sha256
from typing import Annotated, Literal, TypeVar

import msgspec

from api.http.problems import Problem
from ledger.errors import MalformedError
from ledger.primitives.strict import format_base64url, parse_base64url
from ledger.texts import saying

T = TypeVar("T", bound=msgspec.Struct)
DIGEST_SIZE = 8
MAX_SIZE = 8_192

_Count = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]


class Cursor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A search as of ``size`` entries: its filters, order, total, and the entries left to list.

    ``start`` and ``stop``: what is left lies in [start, stop).
    """

    filters: dict[str, str]
    order: Literal["asc", "desc"]
    size: _Count
    total: _Count
    start: _Count
    stop: _Count


def _digest(raw: bytes, origin: str) -> bytes:
    return sha256(b"pinyuan/cursor/v1\n" + origin.encode() + b"\n" + raw).digest()[:DIGEST_SIZE]


def encode(cursor: msgspec.Struct, origin: str) -> str:
    """Return a cursor as text."""
    raw = msgspec.json.encode(cursor)
    return format_base64url(_digest(raw, origin) + raw)


def decode(text: str, origin: str, kind: type[T]) -> T:
    """Return a cursor of a kind that this ledger gave out.

    Raises:
        Problem: 400, altered, or another ledger's.

    """
    try:
        raw = parse_base64url(text[: MAX_SIZE + 1])
        if len(text) <= MAX_SIZE and raw[:DIGEST_SIZE] == _digest(raw[DIGEST_SIZE:], origin):
            return msgspec.json.decode(raw[DIGEST_SIZE:], type=kind)
    except (MalformedError, msgspec.MsgspecError):
        pass
    raise Problem(400, saying("cursor: not one that this ledger gave out"))
