"""SCITT registration after SCRAPI draft-11: ``/entries``, ``/.well-known/scitt-keys``."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.http.bodies import read_body
from api.http.caching import IMMUTABLE, cached
from api.http.describe import CBOR, COSE, UNCHANGED, answers, body, empty, problems
from api.http.exchange import about
from api.http.problems import Problem, concise, refused
from api.http.spoken import spoken
from api.http.told import told_beside
from api.state import State, running
from api.writing.wire import Accepted
from ledger.cose.keys import cose_key
from ledger.cose.sign1 import MAX_SIZE
from ledger.errors import MalformedError
from ledger.phrases import remark_row
from ledger.primitives.strict import parse_base64url, parse_hex
from ledger.rules.state import key_state
from ledger.signer import log_public_key
from ledger.statements.envelope import parse_statement
from ledger.store.reads import reading
from ledger.texts import saying
from ledger.writing.publisher import require_head

STATEMENT = "application/scitt-statement+cose"  # RFC 9943's name for what SCRAPI posts as COSE
PATIENCE_S = 10.0  # how long a registration is waited for before the client is told to come back
ID_SIZE = KID_SIZE = 32
RECEIPT_EXAMPLE = "(COSE_Sign1, RFC 9942)"
DAY = "public, max-age=86400"

router = APIRouter(tags=["SCITT"])


def _location(id_: bytes) -> dict[str, str]:
    return {"Location": f"/entries/{id_.hex()}"}


def _remarks(result: Accepted) -> dict[str, str]:
    return told_beside("Pinyuan-Remarks", map(remark_row, result.remarks))


@router.post(
    "/entries",
    status_code=201,
    summary="Register a signed statement",
    response_class=Response,
    openapi_extra=body(COSE, STATEMENT),
    responses=answers(
        "Registered: the receipt.",
        COSE,
        RECEIPT_EXAMPLE,
        status=201,
        headers=("Location", "Pinyuan-Remarks"),
    )
    | empty(202, "Running: come back to Location after Retry-After seconds.", "Location")
    | problems(400, 408, 409, 413, 415, 422, 429, 500, 503, concise=True),
)
async def register(request: Request) -> Response:
    """Register one statement; byte-identical resubmission returns the same receipt."""
    state = State.of(request)
    taken = read_body(request, state.intake, media_types=(COSE, STATEMENT), limit=MAX_SIZE)
    async with taken as (_, raw):
        statement = parse_statement(raw)
        about(request, statement.id)
        state.quota.take(request, statement.issuer)
        task = state.registrar.submit([raw])
        state.running.add(statement.id, task)
        done, _ = await asyncio.wait([task], timeout=PATIENCE_S)
    if not done:
        return Response(None, 202, _location(statement.id) | {"Retry-After": "5"})
    (result,) = task.result()
    if isinstance(result, Accepted):
        state.quota.accepted(statement.issuer)
        return Response(result.receipt, 201, _location(result.id) | _remarks(result), COSE)
    return concise(refused(result.refusals), spoken(request))


@router.get(
    "/entries/{id}",
    summary="The receipt of a statement",
    response_class=Response,
    responses=answers(
        "The receipt.", COSE, RECEIPT_EXAMPLE, headers=("Location", "ETag", "Cache-Control")
    )
    | empty(204, "Registration is running.", "Cache-Control")
    | UNCHANGED
    | problems(400, 404, 500, 503, concise=True),
)
async def receipt(
    request: Request,
    id_: Annotated[
        str, Path(alias="id", description="64 hex digits: a statement id.", examples=["9f2c" * 16])
    ],
) -> Response:
    """Return the receipt of a registered statement, the same bytes each time."""
    if id_ == "batch":
        raise Problem(405, saying("this path takes POST"), headers={"Allow": "POST"})
    state = State.of(request)
    try:
        wanted = parse_hex(id_, size_bytes=ID_SIZE)
    except MalformedError as error:
        raise Problem(400, error, title=saying("Invalid locator")) from error
    about(request, wanted)
    found = await state.reads.run(state.reads.entry, wanted)
    if found is None:
        return state.running.answer(wanted, spoken(request))
    if found.receipt is None:
        return running()
    return cached(request, found.receipt, COSE, IMMUTABLE, _location(wanted))


@router.get(
    "/.well-known/scitt-keys",
    summary="The log's keys",
    response_class=Response,
    responses=answers("A COSE key set.", CBOR, "[{1: 1, 2: h'kid', 3: -8, -1: 6, -2: h'x'}]")
    | UNCHANGED
    | problems(500, 503, concise=True),
)
async def keys(request: Request) -> Response:
    """Return the log key as a COSE key set; it never rotates."""
    key = cose_key(log_public_key(State.of(request).reads.log.vkey))
    return cached(request, b"\x81" + key, CBOR, DAY)


@router.get(
    "/.well-known/scitt-keys/{kid}",
    summary="One key",
    response_class=Response,
    responses=answers("A COSE key.", CBOR, "{1: 1, 2: h'kid', 3: -8, -1: 6, -2: h'x'}")
    | UNCHANGED
    | problems(404, 500, 503, concise=True),
)
async def key(
    request: Request,
    kid: Annotated[
        str,
        Path(
            description="base64url of 32 bytes.",
            examples=["mxA4KiOkQFZ-dkLebSo3mLOEPR7rN8XtxkJe45xuyJk"],
        ),
    ],
) -> Response:
    """Return the log key or any key a party ever had, retired ones included."""
    state = State.of(request)
    try:
        wanted = parse_base64url(kid)
    except MalformedError:
        wanted = b""
    found = await state.reads.run(_key, state, wanted) if len(wanted) == KID_SIZE else None
    if found is None:
        raise Problem(
            404,
            saying("no key with this kid was ever registered here"),
            title=saying("No such key"),
        )
    return cached(request, found, CBOR, DAY)


def _key(state: State, kid: bytes) -> bytes | None:
    log = state.reads.log
    own = log_public_key(log.vkey)
    if own.kid == kid:
        return cose_key(own)
    with reading(log.engine) as snapshot:
        found = key_state(log.view(snapshot, require_head(snapshot).size), kid)
    return None if found is None else cose_key(found.key)
