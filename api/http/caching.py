"""How long an answer may be kept, its ETag, and 304 for who has it."""

from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

IMMUTABLE = "public, max-age=31536000, immutable"
BRIEF = "public, max-age=2"
NEVER = "no-store"


class Tagged(NamedTuple):
    """A body with its ETag, which of a large one is made where the body is."""

    body: bytes
    etag: str


def tagged(body: bytes) -> Tagged:
    """Return a body with its ETag."""
    return Tagged(body, f'"{sha256(body).hexdigest()[:32]}"')


def cached(
    request: Request,
    body: bytes | Tagged,
    media_type: str,
    control: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a body with its ETag, or 304 where the client has it."""
    body, etag = body if isinstance(body, Tagged) else tagged(body)
    sent = {"ETag": etag, "Cache-Control": control, **(headers or {})}
    given = request.headers.get("if-none-match")
    if given is not None:
        known = [item.strip().removeprefix("W/") for item in given.split(",")]
        if etag in known or "*" in known:
            return Response(None, 304, sent)
    return Response(body, 200, sent, media_type)
