"""SCITT registration after SCRAPI draft-11: ``/entries``, ``/.well-known/scitt-keys``."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.bodies import read_body
from api.problems import CONCISE, Problem, concise, problem_of, refused
from api.state import State
from api.writer import Accepted, Result
from ledger.cose.keys import cose_key
from ledger.cose.sign1 import MAX_SIZE
from ledger.errors import MalformedError
from ledger.publisher import require_head
from ledger.rules.state import key_state
from ledger.signer import log_public_key
from ledger.statements.envelope import parse_statement
from ledger.store.reads import reading
from ledger.strict import parse_base64url, parse_hex

COSE, CBOR = "application/cose", "application/cbor"
PATIENCE_S = 10.0  # how long a registration is waited for before the client is told to come back
ID_SIZE = KID_SIZE = 32

router = APIRouter(tags=["SCITT"])
_PROBLEM: dict[str, Any] = {"content": {CONCISE: {}}}
_RECEIPT: dict[str, Any] = {"content": {COSE: {"schema": {"type": "string", "format": "binary"}}}}


def _receipt(id_: bytes, receipt: bytes, status: int) -> Response:
    return Response(receipt, status, {"Location": f"/entries/{id_.hex()}"}, COSE)


def _answer(result: Result) -> Response:
    if isinstance(result, Accepted):
        return _receipt(result.id, result.receipt, 201)
    return concise(refused(result.refusals))


@router.post(
    "/entries",
    status_code=201,
    summary="Register a signed statement",
    response_class=Response,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {COSE: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    responses={
        201: _RECEIPT | {"description": "Registered: the receipt."},
        202: {"description": "Running: come back to Location after Retry-After seconds."},
        400: _PROBLEM | {"description": "Not a signed statement in the documented form."},
        409: _PROBLEM | {"description": "Registered with another valid signature."},
        413: _PROBLEM | {"description": "More than 65,535 bytes."},
        415: _PROBLEM | {"description": "Not application/cose."},
        422: _PROBLEM | {"description": "Refused: every broken rule is named."},
        429: _PROBLEM | {"description": "Too many statements of one issuer."},
        503: _PROBLEM | {"description": "Not now: Retry-After says when."},
    },
)
async def register(request: Request) -> Response:
    """Register one statement; byte-identical resubmission returns the same receipt."""
    state = State.of(request)
    try:
        raw = await read_body(request, media_types=(COSE,), limit=MAX_SIZE)
        statement = parse_statement(raw)
        state.quota.take(request, statement.issuer)
        running = asyncio.ensure_future(state.registrar.submit([raw]))
        state.running.add(statement.id, running)
        done, _ = await asyncio.wait([running], timeout=PATIENCE_S)
        if not done:
            headers = {"Location": f"/entries/{statement.id.hex()}", "Retry-After": "5"}
            return Response(None, 202, headers)
        (result,) = running.result()
    except Exception as error:  # noqa: BLE001 - the table knows them, or raises
        return concise(problem_of(error))
    return _answer(result)


@router.get(
    "/entries/{id}",
    summary="The receipt of a statement",
    response_class=Response,
    responses={
        200: _RECEIPT | {"description": "The receipt."},
        204: {"description": "Registration is running."},
        400: _PROBLEM | {"description": "Not a statement id."},
        404: _PROBLEM | {"description": "Not registered here."},
        422: _PROBLEM | {"description": "Refused."},
        503: _PROBLEM | {"description": "Not now."},
    },
)
async def receipt(
    request: Request, id_: Annotated[str, Path(alias="id", description="64 hex digits")]
) -> Response:
    """Return the receipt of a registered statement, the same bytes each time."""
    state = State.of(request)
    try:
        wanted = parse_hex(id_, size_bytes=ID_SIZE)
        found = await state.reads.run(state.reads.entry, wanted)
    except Exception as error:  # noqa: BLE001 - the table knows them, or raises
        return concise(problem_of(error))
    if found is not None:
        return _receipt(wanted, found.receipt, 200)
    return state.running.answer(wanted)


@router.get(
    "/.well-known/scitt-keys",
    summary="The log's keys",
    response_class=Response,
    responses={200: {"content": {CBOR: {}}, "description": "A COSE key set."}},
)
async def keys(request: Request) -> Response:
    """Return the log key as a COSE key set; it never rotates."""
    key = cose_key(log_public_key(State.of(request).reads.log.vkey))
    return Response(b"\x81" + key, 200, media_type=CBOR)


@router.get(
    "/.well-known/scitt-keys/{kid}",
    summary="One key",
    response_class=Response,
    responses={
        200: {"content": {CBOR: {}}, "description": "A COSE key."},
        400: _PROBLEM | {"description": "Not a kid in base64url."},
        404: _PROBLEM | {"description": "Never registered here."},
    },
)
async def key(
    request: Request, kid: Annotated[str, Path(description="base64url of 32 bytes")]
) -> Response:
    """Return the log key or any key a party ever had, retired ones included."""
    state = State.of(request)
    try:
        wanted = parse_base64url(kid)
        if len(wanted) != KID_SIZE:
            msg = f"a kid has {KID_SIZE} bytes"
            raise MalformedError(msg)
        found = await state.reads.run(_key, state, wanted)
    except Exception as error:  # noqa: BLE001 - the table knows them, or raises
        return concise(problem_of(error))
    if found is None:
        return concise(Problem(404, "no key with this kid was ever registered here"))
    return Response(found, 200, media_type=CBOR)


def _key(state: State, kid: bytes) -> bytes | None:
    log = state.reads.log
    own = log_public_key(log.vkey)
    if own.kid == kid:
        return cose_key(own)
    with reading(log.engine) as snapshot:
        found = key_state(log.view(snapshot, require_head(snapshot).size), kid)
    return None if found is None else cose_key(found.key)
