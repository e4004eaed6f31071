"""The log for auditors and caches (C2SP tlog-tiles): ``/checkpoint``, ``/tile/...``.

``/checkpoint`` is the newest size there is, with the cosignatures it has by now: whoever
follows the log, witnesses and replayers first of all, must see what is published at once.
Who asks for a quorum takes ``/checkpoint/cosigned``. ``/cosignatures`` takes a replayer's.
"""

import asyncio
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.bodies import read_body
from api.problems import PROBLEM, Problem, details, problem_of
from api.reads import StrangerError
from api.state import State
from ledger.errors import CheckpointError, SignatureError, UsageError
from ledger.tlog.note import MAX_NOTE_SIZE, decode_note
from ledger.tlog.tiles import parse_tile_path

TEXT, OCTETS = "text/plain; charset=utf-8", "application/octet-stream"
IMMUTABLE = "public, max-age=31536000, immutable"
BRIEF = "public, max-age=2"

router = APIRouter(tags=["Log"])
_PROBLEM: dict[str, Any] = {"content": {PROBLEM: {}}}


def cached(request: Request, body: bytes, media_type: str, control: str) -> Response:
    """Return a body with its ETag, or 304 where the client has it."""
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": control}
    given = request.headers.get("if-none-match", "")
    if etag in [item.strip().removeprefix("W/") for item in given.split(",")]:
        return Response(None, 304, headers)
    return Response(body, 200, headers, media_type)


@router.get(
    "/checkpoint",
    summary="The newest signed checkpoint",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {}}, "description": "A signed note."},
        304: {"description": "Not changed."},
        503: _PROBLEM | {"description": "Not now."},
    },
)
async def checkpoint(request: Request) -> Response:
    """Return the newest checkpoint with its signatures."""
    state = State.of(request)
    try:
        stored = await state.reads.run(state.reads.newest)
    except Exception as error:  # noqa: BLE001 - the table knows them, or raises
        return details(problem_of(error))
    return cached(request, stored.note.encode(), TEXT, BRIEF)


@router.get(
    "/checkpoint/cosigned",
    summary="The newest checkpoint with the witnesses' quorum",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {}}, "description": "A signed, cosigned note."},
        304: {"description": "Not changed."},
        404: _PROBLEM | {"description": "None is cosigned by the quorum that genesis names."},
        503: _PROBLEM | {"description": "Not now."},
    },
)
async def cosigned_checkpoint(request: Request) -> Response:
    """Return the newest checkpoint that the quorum named in genesis cosigned."""
    state = State.of(request)
    try:
        note = await state.reads.run(state.reads.newest_cosigned)
    except Exception as error:  # noqa: BLE001 - the table knows them, or raises
        return details(problem_of(error))
    if note is None:
        return details(Problem(404, "no checkpoint has the quorum that genesis names"))
    return cached(request, note.encode(), TEXT, BRIEF)


@router.post(
    "/cosignatures",
    status_code=204,
    summary="Hand in the cosignature of a replayer",
    response_class=Response,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    },
    responses={
        204: {"description": "Kept: it goes with the checkpoint from now on."},
        400: _PROBLEM | {"description": "Not a signed note with a checkpoint."},
        403: _PROBLEM | {"description": "No known cosigner, or its signature does not verify."},
        404: _PROBLEM | {"description": "No checkpoint of that size is signed here."},
        409: _PROBLEM | {"description": "Another checkpoint of that size is signed here."},
        413: _PROBLEM | {"description": "More than 65,535 bytes."},
        415: _PROBLEM | {"description": "Not text/plain."},
        503: _PROBLEM | {"description": "Not now."},
    },
)
async def take_cosignature(request: Request) -> Response:
    """Keep a cosignature that verifies, by a replayer or witness that the settings name."""
    state = State.of(request)
    try:
        raw = await read_body(request, media_types=("text/plain",), limit=MAX_NOTE_SIZE)
        note = decode_note(raw)
        await asyncio.to_thread(state.reads.take_cosignature, note)
    except (StrangerError, SignatureError) as error:
        return details(Problem(403, str(error), title="Not a cosignature of a known cosigner"))
    except UsageError as error:
        return details(Problem(404, str(error)))
    except CheckpointError as error:
        return details(Problem(409, str(error), title="Another checkpoint is signed here"))
    except Exception as error:  # noqa: BLE001 - the table knows them, or raises
        return details(problem_of(error))
    return Response(None, 204)


@router.get(
    "/tile/{path:path}",
    summary="A tile of hashes, or a bundle of entries",
    response_class=Response,
    responses={
        200: {"content": {OCTETS: {}}, "description": "It never changes."},
        304: {"description": "Not changed."},
        400: _PROBLEM | {"description": "Not a tile's path."},
        404: _PROBLEM | {"description": "Not there yet."},
        503: _PROBLEM | {"description": "Not now."},
    },
)
async def tile(
    request: Request,
    path: Annotated[str, Path(description="<L>/<N>[.p/<W>] or entries/<N>[.p/<W>]")],
) -> Response:
    """Return a tile of the published tree, full or partial."""
    state = State.of(request)
    try:
        level, number, width = parse_tile_path(f"tile/{path}")
        found = await state.reads.run(state.reads.tile, level, number, width)
    except Exception as error:  # noqa: BLE001 - the table knows them, or raises
        return details(problem_of(error))
    if found is None:
        return details(Problem(404, "this tile is not there yet"))
    return cached(request, found, OCTETS, IMMUTABLE)
