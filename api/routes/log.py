"""The log for auditors and caches: ``/checkpoint`` and ``/tile/...`` (C2SP tlog-tiles)."""

from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.problems import PROBLEM, Problem, details, problem_of
from api.state import State
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
