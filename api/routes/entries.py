"""Entries: one by its id or index, or those that a search finds."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.http.caching import BRIEF, cached
from api.http.describe import EXAMPLES, JSON, TOO_MUCH, UNCHANGED, answers, parameter, problems
from api.http.exchange import about
from api.http.schemas import Page, WholeEntry
from api.reading.entries import (
    DEFAULT_LIMIT,
    FILTERS,
    MAX_LIMIT,
    found_entries,
    parse_key,
    parse_wanted,
    shown_entry,
)
from api.reading.queries import read_query
from api.routes.log import INCLUSION, NOTE
from api.state import State
from ledger.primitives.instant import GIVEN

ID = "9f2c" * 16
LISTED: dict[str, Any] = {
    "index": 4,
    "id": ID,
    "type": "inspection",
    "issuer": "https://id.gs1.org/417/6901234507065",
    "subject": EXAMPLES["goods"],
    "issued_at": "2026-09-21T13:46:40Z",
    "registered_at": "2026-09-21T13:46:41.250001Z",
    "entry": f"/v1/entries/{ID}",
    "receipt": f"/entries/{ID}",
}
WHOLE: dict[str, Any] = LISTED | {
    "content_type": "application/vnd.pinyuan.statement+json",
    "hash_envelope": None,
    "kid": "77aa" * 16,
    "payload": {"v": 1, "type": "inspection", "decision": "accepted"},
    "bytes": "0oRYVKQBJwRYIA==",
    "attached": [],
    "amends": None,
    "key_bound_by": "owner",
    "possession": "proven at registration",
    "amendments": [
        {"index": 9, "type": "supersede", "effect": "replaces", "outcome": None, "fields": []}
    ],
    "fallen": [],
    "doubt": None,
    "values": [],
    "names": {EXAMPLES["product"]: {"zh": "绿茶", "en": "Green tea"}},
    "histories": [
        {
            "topic": "inspection",
            "subject": EXAMPLES["goods"],
            "link": "/v1/history?topic=inspection&subject=https%3A%2F%2Fid.gs1.org%2F01%2F...",
        }
    ],
    "proof": INCLUSION,
    "checkpoint": NOTE,
}
PAGE: dict[str, Any] = {
    "entries": [LISTED],
    "total": 1,
    "next": None,
    "seal": {"index": 5, "time": "2026-09-21T13:46:41.250001Z", "size": 6},
    "lag": 0,
}
PARAMETERS = [
    parameter("issuer", "Signed by this party.", EXAMPLES["party"]),
    parameter("subject", "With exactly this subject.", EXAMPLES["goods"]),
    parameter("party", "Signed by, about, or concerning this party.", EXAMPLES["party"]),
    parameter("product", "Concerning this product, a lot or an item of it.", EXAMPLES["product"]),
    parameter("lot", "Concerning this lot or an item of it.", EXAMPLES["goods"]),
    parameter("type", "Of this statement type; generic for foreign ones.", "inspection"),
    parameter("from", "Registered at this time or later.", "2026-01-01T00:00:00Z", pattern=GIVEN),
    parameter("until", "Registered before this time.", "2027-01-01T00:00:00Z", pattern=GIVEN),
    parameter(
        "order", "In the log's order, or newest first (the default).", "asc", enum=["asc", "desc"]
    ),
    parameter(
        "limit",
        f"Entries on a page, at most {MAX_LIMIT}; {DEFAULT_LIMIT} by default.",
        "100",
        pattern="^([1-9]|[1-9][0-9]|[1-4][0-9]{2}|500)$",
    ),
    parameter("cursor", "The next page: what the page before gave as next.", "(opaque)"),
]

router = APIRouter(prefix="/v1", tags=["Entries"])


@router.get(
    "/entries",
    summary="Search entries",
    response_class=Response,
    openapi_extra={"parameters": PARAMETERS},
    responses=answers(
        "A page of entries.", JSON, PAGE, model=Page, headers=("ETag", "Cache-Control")
    )
    | UNCHANGED
    | problems(400, 429, 500, 503, said=TOO_MUCH),
)
async def search(request: Request) -> Response:
    """Return entries by what they concern, as of a seal; for looking, not for verdicts."""
    state = State.of(request)
    query = read_query(request, (*FILTERS, "order", "limit", "cursor"))
    wanted = parse_wanted(query, state.reads.log.origin)
    found = await state.heavy.run(request, found_entries, wanted)
    return cached(request, found, JSON, BRIEF)


@router.get(
    "/entries/{key}",
    summary="One entry, decoded, with its proof",
    response_class=Response,
    responses=answers(
        "The entry.", JSON, WHOLE, model=WholeEntry, headers=("ETag", "Cache-Control")
    )
    | UNCHANGED
    | problems(400, 404, 429, 500, 503, said=TOO_MUCH),
)
async def entry(
    request: Request,
    key: Annotated[
        str,
        Path(
            description="A statement id, its first 12 digits or more, or an index.", examples=["4"]
        ),
    ],
) -> Response:
    """Return a registered statement: the bytes as registered, what they say, where they stand."""
    state = State.of(request)
    wanted = parse_key(key)
    if isinstance(wanted, bytes):
        about(request, wanted)
    found = await state.heavy.run(request, shown_entry, wanted)
    return cached(request, found, JSON, BRIEF)
