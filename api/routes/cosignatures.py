"""Cosignatures: the newest checkpoint with the witnesses' quorum, and what replayers hand in.

``/checkpoint`` is the newest size there is, with the cosignatures it has by now: whoever
follows the log, witnesses and replayers first of all, must see what is published at once.
Who asks for a quorum takes ``/checkpoint/cosigned``.
"""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.http.bodies import read_body
from api.http.caching import BRIEF, NEVER, cached
from api.http.describe import JSON, UNCHANGED, Described, answers, body, problems
from api.http.json_text import json_of
from api.http.problems import Problem
from api.http.schemas import Later
from api.reading.cosigned import StrangerError
from api.reading.proofs import cosigned_beyond
from api.reading.queries import whole
from api.routes.log import HASH, NOTE, TEXT
from api.state import State
from ledger.errors import CheckpointError, SignatureError, UsageError
from ledger.texts import saying
from ledger.tlog.note import MAX_NOTE_SIZE, decode_note

COSIGNED = NOTE + "— witness.example/w1 jWbPPwAAAABkGFDL...\n"

KEPT: Described = {204: {"description": "Kept: it goes with the checkpoint from now on."}}
NO_QUORUM = saying("no checkpoint has the quorum that genesis names")
REFUSED = {
    400: (saying("Malformed request"), "note: no empty line before the signatures"),
    403: (
        saying("Not a cosignature of a known cosigner"),
        "no signature by a replayer or witness that this ledger knows",
    ),
    404: (saying("No such checkpoint"), "no checkpoint of size 4711 is signed here"),
    409: (
        saying("Another checkpoint is signed here"),
        "split view: two signed checkpoints of size 4711 with different roots",
    ),
    415: (saying("Another media type expected"), "Content-Type application/cose: use text/plain"),
    429: (saying("Too Many Requests"), "a cosigner: more than its share"),
}
"""Title and detail where no cosignature is kept."""
QUOTA = "a cosigner"  # all of one address share a quota, whatever names they claim

router = APIRouter(tags=["Log"])


@router.get(
    "/checkpoint/cosigned",
    summary="The newest checkpoint with the witnesses' quorum",
    response_class=Response,
    responses=answers(
        "A signed note with the cosignatures of the quorum that genesis names.",
        TEXT,
        COSIGNED,
        schema={"type": "string"},
        headers=("ETag", "Cache-Control"),
    )
    | UNCHANGED
    | problems(404, 500, 503, said={404: ("Not Found", NO_QUORUM)}),
)
async def cosigned_checkpoint(request: Request) -> Response:
    """Return the newest checkpoint that the quorum named in genesis cosigned."""
    state = State.of(request)
    note = await state.reads.run(state.reads.cosigned.newest)
    if note is None:
        raise Problem(404, NO_QUORUM)
    return cached(request, note.encode(), f"{TEXT}; charset=utf-8", BRIEF)


@router.get(
    "/v1/cosigned/{size}",
    summary="The cosigned checkpoints beyond a size",
    response_class=Response,
    responses=answers(
        "The newest that each cosigner cosigned, with the proof that it extends that size: what "
        "completes a bundle that was made before anybody had cosigned its checkpoint.",
        JSON,
        {"size": 4, "later": [{"checkpoint": COSIGNED, "path": [HASH]}]},
        model=Later,
        headers=("ETag", "Cache-Control"),
    )
    | UNCHANGED
    | problems(400, 404, 500, 503),
)
async def cosigned_later(
    request: Request, size: Annotated[str, Path(description="A size.", examples=["4"])]
) -> Response:
    """Return the cosigned checkpoints beyond a size."""
    state = State.of(request)
    wanted = whole("size", size, least=1)
    found = await state.reads.run(cosigned_beyond, state.reads, wanted)
    return cached(request, json_of(found), JSON, NEVER)


@router.post(
    "/cosignatures",
    status_code=204,
    summary="Hand in the cosignature of a replayer",
    response_class=Response,
    openapi_extra=body(TEXT),
    responses=KEPT | problems(400, 403, 404, 408, 409, 413, 415, 429, 500, 503, said=REFUSED),
)
async def take_cosignature(request: Request) -> Response:
    """Keep a cosignature that verifies, by a replayer or witness that the settings name."""
    state = State.of(request)
    taken = read_body(request, state.intake, media_types=(TEXT,), limit=MAX_NOTE_SIZE)
    async with taken as (_, raw):
        note = decode_note(raw)
    state.quota.take(request, QUOTA)
    try:
        await asyncio.to_thread(state.reads.cosigned.take, note)
    except (StrangerError, SignatureError) as error:
        raise Problem(403, error, title=REFUSED[403][0]) from error
    except UsageError as error:
        raise Problem(404, error, title=REFUSED[404][0]) from error
    except CheckpointError as error:
        raise Problem(409, error, title=REFUSED[409][0]) from error
    return Response(None, 204, {"Cache-Control": NEVER})
