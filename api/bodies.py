"""Request bodies, limited before anything is parsed."""

from starlette.requests import Request

from api.problems import Problem


async def read_body(request: Request, *, media_types: tuple[str, ...], limit: int) -> bytes:
    """Return a body of one of the media types, of at most ``limit`` bytes.

    Raises:
        Problem: 415 another media type, 413 too large (nothing more of it is read).

    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in media_types:
        raise Problem(
            415, f"Content-Type {given[:60] or 'missing'}: use {' or '.join(media_types)}"
        )
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and len(declared) < 20 and int(declared) > limit:  # noqa: PLR2004
        raise Problem(413, f"{declared} bytes, at most {limit}")
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise Problem(413, f"more than {limit} bytes")
        parts.append(part)
    return b"".join(parts)
