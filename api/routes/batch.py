"""Many statements in one request: each gets its row, and a bad one does not sink the rest."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.http.bodies import read_body
from api.http.caching import NEVER
from api.http.describe import CBOR, JSON, answers, body, problems
from api.http.json_text import json_of
from api.http.problems import OverloadedError, Problem, UnavailableError, problem_of, refusal_rows
from api.http.schemas import Batch
from api.http.spoken import spoken
from api.state import State
from api.writing.wire import Accepted, Result
from ledger.cose.sequence import split_array, split_sequence
from ledger.errors import MalformedError
from ledger.phrases import remark_row
from ledger.primitives.strict import format_base64
from ledger.statements.envelope import parse_statement
from ledger.texts import Lang, saying

SEQUENCE = "application/cbor-seq"
MAX_BODY = 16 << 20
MAX_STATEMENTS = 10_000
ARRIVES_S = 60.0  # 16 MiB at 2.2 Mbit/s
CHUNK = 1_000  # handed over at once: others' single statements go between
TRIES = 10  # how often a chunk behind the first is offered to a full queue
PAUSE_S = 0.5

EXAMPLE = {
    "statements": [
        {"id": "9f2c" * 16, "index": 4711, "new": True, "receipt": "0oRYVKQBJwRYIA=="},
        {
            "id": "77aa" * 16,
            "refusals": [{"rule": "role", "message": "the issuer is no brand", "cites": [12]}],
        },
        {"refusals": [{"rule": "malformed", "message": "statement: not tag 18", "cites": []}]},
    ]
}

router = APIRouter(tags=["Registration"])


@router.post(
    "/entries/batch",
    summary="Register many signed statements",
    response_class=Response,
    openapi_extra=body(SEQUENCE, CBOR),
    responses=answers("One row for each statement, in order.", JSON, EXAMPLE, model=Batch)
    | problems(400, 408, 413, 415, 429, 500, 503),
)
async def register_batch(request: Request) -> Response:
    """Register a CBOR sequence of statements, or an array of them as byte strings, in order."""
    state = State.of(request)
    taken = read_body(
        request,
        state.intake,
        media_types=(SEQUENCE, CBOR),
        limit=MAX_BODY,
        patience_s=ARRIVES_S,
    )
    loop = asyncio.get_running_loop()
    async with taken as (media_type, raw):
        statements, issuers = await loop.run_in_executor(state.parsing, _open, media_type, raw)
        for issuer, count in Counter(issuers).items():
            if issuer is not None:
                state.quota.take(request, issuer, count)
        results = await _register(state, statements)
    for issuer in {
        who for who, it in zip(issuers, results, strict=True) if isinstance(it, Accepted)
    }:
        state.quota.accepted(str(issuer))
    rows = await loop.run_in_executor(state.parsing, _rows, statements, results, spoken(request))
    return Response(rows, 200, {"Cache-Control": NEVER}, JSON)


def _open(media_type: str, raw: bytes) -> tuple[list[bytes], list[str | None]]:
    """Return the statements of a body, and the issuer of each; None: its row will say why."""
    split = split_sequence if media_type == SEQUENCE else split_array
    statements = list(islice(split(raw, "batch"), MAX_STATEMENTS + 1))
    if len(statements) > MAX_STATEMENTS:
        raise Problem(
            413, saying("more than {max_statements} statements", max_statements=MAX_STATEMENTS)
        )
    return statements, [_issuer(item) for item in statements]


def _issuer(raw: bytes) -> str | None:
    try:
        return parse_statement(raw).issuer
    except MalformedError:
        return None


async def _register(state: State, statements: list[bytes]) -> list[Result | Problem]:
    """Hand statements over chunk by chunk; once some are registered, the rest may only fail alone.

    Raises:
        OverloadedError, UnavailableError: nothing is registered yet, or nothing is known.

    """
    results: list[Result | Problem] = []
    for at in range(0, len(statements), CHUNK):
        chunk = statements[at : at + CHUNK]
        try:
            results += await (_patiently(state, chunk) if at else state.registrar.submit(chunk))
        except (OverloadedError, UnavailableError) as error:
            if not at:
                raise
            results += [problem_of(error)] * (len(statements) - at)
            break
    return results


async def _patiently(state: State, chunk: list[bytes]) -> list[Result]:
    """Offer a chunk to a queue that may be full for a while."""
    for _ in range(TRIES - 1):
        try:
            return await state.registrar.submit(chunk)
        except OverloadedError:
            await asyncio.sleep(PAUSE_S)
    return await state.registrar.submit(chunk)


def _rows(statements: Sequence[bytes], results: Sequence[Result | Problem], lang: Lang) -> bytes:
    rows = [_row(raw, result, lang) for raw, result in zip(statements, results, strict=True)]
    return json_of({"statements": rows})


def _row(raw: bytes, result: Result | Problem, lang: Lang) -> dict[str, Any]:
    if isinstance(result, Accepted):
        row = {
            "id": result.id.hex(),
            "index": result.index,
            "new": result.new,
            "receipt": format_base64(result.receipt),
        }
        told = [remark_row(item) for item in result.remarks]
        return row | ({"remarks": told} if told else {})
    if isinstance(result, Problem):
        return _named(raw) | {"problem": result.body(lang)}
    row = {} if result.id is None else {"id": result.id.hex()}
    return row | {"refusals": refusal_rows(result.refusals, lang)}


def _named(raw: bytes) -> dict[str, Any]:
    try:
        return {"id": parse_statement(raw).id.hex()}
    except MalformedError:
        return {}
