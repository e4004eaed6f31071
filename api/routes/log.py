"""The log for auditors and caches: ``/checkpoint``, ``/tile/...`` (C2SP tlog-tiles), proofs.

What a proof is about stands in its path, never in a query that a cache might leave out.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.http.caching import BRIEF, IMMUTABLE, cached
from api.http.describe import JSON, UNCHANGED, answers, problems
from api.http.json_text import json_of
from api.http.problems import Problem
from api.http.schemas import Consistency, Inclusion
from api.reading.proofs import prove_entry, prove_extension
from api.reading.queries import encodes, whole
from api.state import State
from ledger.texts import saying
from ledger.tlog.tiles import WIDTH, parse_tile_path

TEXT, OCTETS = "text/plain", "application/octet-stream"
NOTE = (
    "ledger.example/log\n4711\nq0tYdhzJ5mUYqDQpVSfUCcGKfxhVLWEm2ZsVfhbZ0CU=\n\n"
    "— ledger.example/log VhGUYk2Bv...\n"
)
HASH = "q0tYdhzJ5mUYqDQpVSfUCcGKfxhVLWEm2ZsVfhbZ0CU="
INCLUSION: dict[str, Any] = {
    "index": 4,
    "size": 6,
    "leaf_hash": HASH,
    "path": [HASH, HASH],
    "root": HASH,
}
EXTENSION: dict[str, Any] = {
    "old": 4,
    "size": 6,
    "old_root": HASH,
    "path": [HASH, HASH],
    "root": HASH,
}

_TILE = Path(
    description="<L>/<N>[.p/<W>], or entries/<N>[.p/<W>] (C2SP tlog-tiles).", examples=["0/000.p/6"]
)

router = APIRouter(tags=["Log"])


@router.get(
    "/checkpoint",
    summary="The newest signed checkpoint",
    response_class=Response,
    responses=answers(
        "A signed note.", TEXT, NOTE, schema={"type": "string"}, headers=("ETag", "Cache-Control")
    )
    | UNCHANGED
    | problems(500, 503),
)
async def checkpoint(request: Request) -> Response:
    """Return the newest checkpoint with its signatures."""
    state = State.of(request)
    stored = await state.reads.run(state.reads.newest)
    return cached(request, stored.note.encode(), f"{TEXT}; charset=utf-8", BRIEF)


@router.get(
    "/tile/{path:path}",
    summary="A tile of hashes, or a bundle of entries",
    response_class=Response,
    responses=answers(
        "It never changes.", OCTETS, "(32 bytes for each hash)", headers=("ETag", "Cache-Control")
    )
    | UNCHANGED
    | problems(400, 404, 500, 503),
)
async def tile(request: Request, path: Annotated[str, _TILE]) -> Response:
    """Return a tile of the published tree, full or partial; entries with gzip where that is taken."""
    reads = State.of(request).reads
    level, number, width = parse_tile_path(f"tile/{path}")
    headers = {}
    if level is None:  # hashes do not get smaller; entries, which repeat their fields' names, do
        headers["Vary"] = "Accept-Encoding"
        if encodes(request, "gzip"):
            headers["Content-Encoding"] = "gzip"
    if "Content-Encoding" in headers:
        found = reads.full_packed(number) if width == WIDTH else None
        found = found or await reads.run(reads.packed, number, width)
    else:
        found = reads.full_tile(level, number) if width == WIDTH else None
        found = found or await reads.run(reads.tile, level, number, width)
    if found is None:
        raise Problem(404, saying("this tile is not there yet"))
    return cached(request, found, OCTETS, IMMUTABLE, headers)


_INDEX = Path(description="An entry's place in the log.", examples=["4"])
_SIZE = Path(description="How many entries the tree has.", examples=["6"])
_PROOF: dict[str, Any] = {"summary": "That an entry is in the log", "response_class": Response}
_PROVEN = (
    answers("The proof.", JSON, INCLUSION, model=Inclusion, headers=("ETag", "Cache-Control"))
    | UNCHANGED
    | problems(400, 404, 500, 503)
)


@router.get("/v1/proofs/{index}", responses=_PROVEN, **_PROOF)
async def proof(request: Request, index: Annotated[str, _INDEX]) -> Response:
    """Return the inclusion proof of an entry in the newest checkpoint's tree."""
    state = State.of(request)
    found = await state.reads.run(prove_entry, state.reads, whole("index", index), None)
    return cached(request, json_of(found), JSON, BRIEF)


@router.get("/v1/proofs/{index}/{size}", responses=_PROVEN, **_PROOF)
async def proof_at(
    request: Request, index: Annotated[str, _INDEX], size: Annotated[str, _SIZE]
) -> Response:
    """Return the inclusion proof of an entry in the tree of a size; it never changes."""
    state = State.of(request)
    wanted = whole("index", index), whole("size", size)
    found = await state.reads.run(prove_entry, state.reads, *wanted)
    return cached(request, json_of(found), JSON, IMMUTABLE)


@router.get(
    "/v1/consistency/{old}/{size}",
    summary="That the log of one size extends the log of another",
    response_class=Response,
    responses=answers(
        "The proof.", JSON, EXTENSION, model=Consistency, headers=("ETag", "Cache-Control")
    )
    | UNCHANGED
    | problems(400, 404, 500, 503),
)
async def consistency(
    request: Request,
    old: Annotated[str, Path(description="The size seen before.", examples=["4"])],
    size: Annotated[str, _SIZE],
) -> Response:
    """Return the consistency proof between two sizes; it never changes."""
    state = State.of(request)
    wanted = whole("old", old, least=1), whole("size", size, least=1)
    found = await state.reads.run(prove_extension, state.reads, *wanted)
    return cached(request, json_of(found), JSON, IMMUTABLE)
