"""A witness for other people's logs: C2SP tlog-witness over HTTP."""

import asyncio
from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ledger.cosigning.cosigner import Cosigner
from ledger.errors import (
    CheckpointError,
    MalformedError,
    PinyuanError,
    ProofError,
    SignatureError,
    StorageError,
)
from ledger.tlog.note import VerifierKey
from ledger.tlog.witness import (
    ADD_CHECKPOINT,
    MAX_REQUEST,
    SIZE_TYPE,
    MovedError,
    parse_add_checkpoint,
)

BODY_S = 10.0  # a body that takes longer is somebody holding a connection


def create_witness(cosigner: Cosigner, logs: Mapping[str, VerifierKey]) -> Starlette:
    """Return the application of a witness for the logs of these origins."""

    async def add_checkpoint(request: Request) -> Response:
        try:
            async with asyncio.timeout(BODY_S):
                raw = await _body(request)
        except TimeoutError:
            return _refused(408, f"the body took more than {BODY_S:.0f} s")
        if raw is None:
            return _refused(413, f"more than {MAX_REQUEST} bytes")
        return await asyncio.to_thread(answer, cosigner, logs, raw)

    return Starlette(routes=[Route(ADD_CHECKPOINT, add_checkpoint, methods=["POST"])])


async def _body(request: Request) -> bytes | None:
    """Return a request's body, None where it is too long."""
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > MAX_REQUEST:
            return None
    return bytes(parts)


_STATUS: tuple[tuple[type[PinyuanError], int], ...] = (
    (MalformedError, 400),
    (SignatureError, 403),
    (CheckpointError, 422),  # a 409 always names a size to start from
    (ProofError, 422),
    (StorageError, 503),
)


def answer(cosigner: Cosigner, logs: Mapping[str, VerifierKey], raw: bytes) -> Response:
    """Return the answer to the body of an add-checkpoint request."""
    try:
        request = parse_add_checkpoint(raw)
        log_key = logs.get(request.note.text.partition("\n")[0])
        if log_key is None:
            return _refused(404, "no log of this origin is witnessed here")
        return PlainTextResponse(cosigner.add(request, log_key).line())
    except MovedError as moved:
        return Response(f"{moved.size}\n".encode(), 409, {"content-type": SIZE_TYPE})
    except PinyuanError as error:
        for kind, status in _STATUS:
            if isinstance(error, kind):
                return _refused(status, str(error))
        raise


def _refused(status: int, why: str) -> Response:
    return PlainTextResponse(f"{why}\n", status)
