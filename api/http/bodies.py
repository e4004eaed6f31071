"""Request bodies, limited in size and time before anything is parsed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.requests import ClientDisconnect, Request

from api.http.problems import OverloadedError, Problem
from ledger.texts import saying
from ledger.texts.joints import either

PATIENCE_S = 10.0  # for a statement's 64 KiB; a phone far from anywhere needs 2 s
IN_MEMORY = 64 << 20  # bytes of all bodies that are being read or registered
CLOSE = {"Connection": "close"}  # what is left of the body must not be read as a request


def _declared(request: Request) -> int | None:
    text = request.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None  # noqa: PLR2004


class Intake:
    """How many bytes of bodies are in memory; beyond the bound a client is told to come back."""

    def __init__(self, limit: int = IN_MEMORY) -> None:
        self._free = limit

    def take(self, size: int) -> None:
        """Take room for some bytes.

        Raises:
            OverloadedError: there is not enough.

        """
        if size > self._free:
            raise OverloadedError(1)
        self._free -= size

    def give_back(self, size: int) -> None:
        """Give room back."""
        self._free += size


def _media_type(request: Request, media_types: tuple[str, ...]) -> str:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in media_types:
        raise Problem(
            415,
            saying(
                "Content-Type {given}: use {media_types}",
                given=given[:60] or "missing",
                media_types=either(media_types),
            ),
        )
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem(415, saying("a compressed body: send it as it is"))
    return given


@asynccontextmanager
async def read_body(
    request: Request,
    intake: Intake,
    *,
    media_types: tuple[str, ...],
    limit: int,
    patience_s: float = PATIENCE_S,
) -> AsyncIterator[tuple[str, bytes]]:
    """Give (media type, body), and keep its room in memory while it is used.

    Raises:
        Problem: 415 another media type, or compressed; 413 more than ``limit`` bytes (nothing
            more of it is read); 408 it did not arrive in time.
        OverloadedError: too many bodies are in memory.

    """
    given = _media_type(request, media_types)
    declared = _declared(request)
    if declared is not None and declared > limit:
        raise Problem(
            413,
            saying("{declared} bytes, at most {limit}", declared=declared, limit=limit),
            headers=CLOSE,
        )
    taken = 0

    def take(size: int) -> None:
        nonlocal taken
        if taken + size > limit:
            raise Problem(413, saying("more than {limit} bytes", limit=limit), headers=CLOSE)
        intake.take(size)
        taken += size

    try:
        yield given, await _arrived(request, take, patience_s)
    finally:
        intake.give_back(taken)


async def _arrived(request: Request, take: Callable[[int], None], patience_s: float) -> bytes:
    parts: list[bytes] = []
    more = True
    try:
        async with asyncio.timeout(patience_s):
            while more:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                part = message.get("body", b"")
                take(len(part))
                parts.append(part)
                more = message.get("more_body", False)
    except TimeoutError:
        raise Problem(
            408, saying("no whole body in {patience_s:g} s", patience_s=patience_s), headers=CLOSE
        ) from None
    return b"".join(parts)
