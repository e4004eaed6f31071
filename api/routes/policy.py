"""What may be registered here: the registration policy, and the published rules it rests on."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.http.caching import BRIEF, IMMUTABLE, cached
from api.http.describe import COSE, JSON, UNCHANGED, answers, problems
from api.http.json_text import json_of
from api.http.problems import Problem
from api.http.schemas import Policy
from api.reading.queries import whole
from api.routes.scitt import STATEMENT
from api.state import State
from ledger.questions.book import MALFORMED, MALFORMED_SENTENCE, REGISTRY
from ledger.rules.published import document_of
from ledger.statements.carries import carries
from ledger.texts import saying

OF_ALL = "all"
POLICY: dict[str, Any] = {
    "log": "ledger.example/log",
    "media_types": [COSE, STATEMENT],
    "rules": {"version": 1, "digest": "9f2c" * 16, "document": "/v1/rules/1"},
    "statement": carries(),
    "asked": [{"id": MALFORMED, "says": MALFORMED_SENTENCE}],
}

router = APIRouter(prefix="/v1", tags=["SCITT"])


@router.get(
    "/registration-policy",
    summary="What a statement must carry to be registered",
    response_class=Response,
    responses=answers("The policy.", JSON, POLICY, model=Policy, headers=("ETag", "Cache-Control"))
    | UNCHANGED
    | problems(500, 503),
)
async def policy(request: Request) -> Response:
    """Return what any statement must carry, and the rules that are asked of all statements.

    What native statements say and who may say it, the document of the rules says.
    """
    reads = State.of(request).reads
    state = await reads.run(reads.log.state)
    asked = [
        {"id": item.id, "says": item.sentence}
        for item in REGISTRY.rules.values()
        if OF_ALL in item.types
    ]
    found = {
        "log": reads.log.origin,
        "media_types": [COSE, STATEMENT],
        "rules": {
            "version": state.rules_version,
            "digest": state.rules_digest,
            "document": f"/v1/rules/{state.rules_version}",
        },
        "statement": carries(),
        "asked": [{"id": MALFORMED, "says": MALFORMED_SENTENCE}, *asked],
    }
    return cached(request, json_of(found), JSON, BRIEF)


@router.get(
    "/rules/{version}",
    summary="The published rules of a version",
    response_class=Response,
    responses=answers(
        "The document, whose SHA-256 genesis and rules statements name.",
        JSON,
        {"statement": {}, "types": [], "rules": []},
        schema={"type": "object"},
        headers=("ETag", "Cache-Control"),
    )
    | UNCHANGED
    | problems(400, 404, 500),
)
async def rules(
    request: Request,
    version: Annotated[str, Path(description="A version of the rules.", examples=["1"])],
) -> Response:
    """Return the document byte for byte: types and fields, rules, questions, reasons."""
    found = document_of(whole("version", version))
    if found is None:
        raise Problem(404, saying("no such version of the rules is known here"))
    return cached(request, found, JSON, IMMUTABLE)
