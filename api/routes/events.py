"""EPCIS 2.0 (section 12, REST): events that are registered, by query; who captures signs himself."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.http.caching import BRIEF, cached
from api.http.describe import EXAMPLES, JSON, TOO_MUCH, UNCHANGED, answers, parameter, problems
from api.http.problems import Problem
from api.reading.events import (
    ASKED,
    CONTEXT,
    DEFAULT_PAGE,
    MAX_PAGE,
    events_page,
    query_document,
)
from api.reading.queries import read_query
from api.state import State
from ledger.events.query import NAMED
from ledger.events.words import VERSIONS
from ledger.texts import saying

EVENT: dict[str, Any] = {
    "@context": [CONTEXT],
    "type": "ObjectEvent",
    "eventID": "urn:uuid:0191e0c4-6f2e-7cc3-a1b2-0a0b0c0d0e0f",
    "eventTime": "2026-09-21T08:00:00Z",
    "eventTimeZoneOffset": "+08:00",
    "epcList": ["urn:epc:id:sgtin:6901234.050000.1001"],
    "action": "OBSERVE",
    "bizStep": "shipping",
    "recordTime": "2026-09-21T08:00:01.250001Z",
}
_SAID = {
    "eventType": ("Of these types.", "ObjectEvent"),
    "GE_eventTime": ("Happened at this time or later.", "2026-01-01T00:00:00Z"),
    "LT_eventTime": ("Happened before this time.", "2027-01-01T00:00:00Z"),
    "GE_recordTime": ("Registered at this time or later.", "2026-01-01T00:00:00Z"),
    "LT_recordTime": ("Registered before this time.", "2027-01-01T00:00:00Z"),
    "EQ_action": ("With this action.", "OBSERVE"),
    "EXISTS_errorDeclaration": ("Whether it declares an error.", "false"),
    "EQ_bizStep": ("In this business step.", "shipping|receiving"),
    "EQ_disposition": ("With this disposition.", "in_transit"),
    "perPage": (f"Events of a page, at most {MAX_PAGE}; {DEFAULT_PAGE} by default.", "30"),
    "nextPageToken": ("The next page: what the Link of the page before names.", "(opaque)"),
}
_ANY_ID = "An id in any spelling, or several, | between them."
PARAMETERS = [parameter(name, *_SAID.get(name, (_ANY_ID, EXAMPLES["goods"]))) for name in ASKED]
SCHEMA = {"type": "object", "required": ["@context", "type", "epcisBody"]}
PAGE = (
    answers(
        "A page of events, each with recordTime, when it was registered; Link: rel=next where more follow.",
        JSON,
        query_document([EVENT]),
        schema=SCHEMA,
        headers=("ETag", "Cache-Control", "Link"),
    )
    | UNCHANGED
    | problems(400, 429, 500, 503, said=TOO_MUCH)
)
REFUSED = problems(403, 408, 413, 415, 429, 500, 503)
UNSIGNED = saying(
    "this ledger registers what parties signed themselves, and holds no key of theirs: run 'pinyuan capture' beside your own system, and have that capture there; it signs each event with your key and registers it here"
)

router = APIRouter(tags=["EPCIS"])


async def _page(request: Request, given: Mapping[str, str]) -> Response:
    """Return the page that a request asks for, with what its path says."""
    state = State.of(request)
    asked = read_query(request, ASKED)
    found = await state.heavy.run(request, events_page, dict(given) | asked)
    headers = dict(VERSIONS)
    if found.following is not None:
        path = (request.scope.get("raw_path") or b"").partition(b"?")[0].decode("latin-1")
        per_page = f"&perPage={asked['perPage']}" if "perPage" in asked else ""
        headers["Link"] = f'<{path}?nextPageToken={found.following}{per_page}>; rel="next"'
    return cached(request, found.body, JSON, BRIEF, headers)


@router.get(
    "/events",
    summary="EPCIS events",
    response_class=Response,
    openapi_extra={"parameters": PARAMETERS},
    responses=PAGE,
)
async def events(request: Request) -> Response:
    """Return registered events by the simple event query, oldest first; for looking, not for verdicts."""
    return await _page(request, {})


@router.get(
    "/epcs/{epc:path}/events",
    summary="EPCIS events of one thing",
    response_class=Response,
    openapi_extra={
        "parameters": [
            parameter(
                "epc", "Its id, percent-encoded, in any spelling.", EXAMPLES["goods"], place="path"
            ),
            *PARAMETERS,
        ]
    },
    responses=PAGE | problems(404),
)
async def of_thing(
    request: Request, epc: Annotated[str, Path(include_in_schema=False)]
) -> Response:
    """Return what anybody says of a thing: an item, a lot, a product, what they are packed in."""
    return await _page(request, {NAMED: epc})


@router.post(
    "/capture",
    summary="EPCIS capture: refused here",
    response_class=Response,
    responses=REFUSED,
)
@router.post(
    "/events",
    summary="EPCIS capture of one event: refused here",
    response_class=Response,
    responses=REFUSED,
)
async def capture(_request: Request) -> Response:
    """Refuse events that nobody signed."""
    raise Problem(403, UNSIGNED)
