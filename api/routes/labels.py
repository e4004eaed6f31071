"""The quality labels as a feed for listing and ranking systems."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.http.caching import BRIEF, cached
from api.http.describe import EXAMPLES, JSON, TOO_MUCH, UNCHANGED, answers, parameter, problems
from api.http.schemas import Labels
from api.reading.labels import DEFAULT_LIMIT, MAX_LIMIT, PATH, fed, parse_wanted
from api.reading.queries import language, read_query
from api.state import State
from ledger.texts import languages

REASON: dict[str, Any] = {
    "code": "audit-overdue",
    "entries": [62],
    "facts": {"facility": EXAMPLES["about"], "since": "2027-03-20T14:44:20Z"},
}
ITEM: dict[str, Any] = {
    "kind": "label",
    "product": EXAMPLES["product"],
    "entry": 80,
    "id": "9f2c" * 16,
    "shop": None,
    "standard": "urn:standard:mall.example:TEA-1",
    "state": "lapsed",
    "since": "2027-03-20T14:44:20Z",
    "lapses_at": None,
    "reasons": [REASON],
    "why": ["The audit of the place is overdue (since 2027-03-20T14:44:20Z; entry 62)."],
    "bundle": "/v1/label?product=https%3A%2F%2Fid.gs1.org%2F01%2F...&known_at=4711&bundle=1",
}
PAGE: dict[str, Any] = {
    "since": 4600,
    "size": 4711,
    "at": "2027-03-20T14:50:00Z",
    "total": 1,
    "items": [ITEM],
    "next": None,
    "poll": f"{PATH}?since=4711",
    "language": "en",
}
PARAMETERS = [
    parameter(
        "since",
        "What changed since the log had so many entries: the size of the page before. "
        "Without it everything is listed.",
        "2",
        pattern="^[1-9][0-9]{0,18}$",
    ),
    parameter(
        "limit",
        f"Items on a page, at most {MAX_LIMIT}; {DEFAULT_LIMIT} by default.",
        "200",
        pattern="^([1-9]|[1-9][0-9]{1,2}|1000)$",
    ),
    parameter("cursor", "The next page: what the page before gave as next.", "(opaque)"),
    parameter("lang", "The language of the sentences.", languages()[-1], enum=[*languages()]),
]

router = APIRouter(tags=["Labels"])


@router.get(
    PATH,
    summary="Quality labels that began, lapsed, were suspended or withdrawn",
    response_class=Response,
    openapi_extra={"parameters": PARAMETERS},
    responses=answers(
        "A page of labels and of listings of labelled products, as of a seal.",
        JSON,
        PAGE,
        model=Labels,
        headers=("ETag", "Cache-Control", "Content-Language"),
    )
    | UNCHANGED
    | problems(400, 429, 500, 503, said=TOO_MUCH),
)
async def labels(request: Request) -> Response:
    """Return what changed since a size, by what was said and by time alone; for looking, not for verdicts."""
    state = State.of(request)
    query = read_query(request, ("since", "limit", "cursor", "lang"))
    wanted = parse_wanted(query, state.reads.log.origin)
    spoken = language(request, query)
    found = await state.heavy.run(request, fed, wanted, spoken)
    headers = {"Vary": "Accept-Language", "Content-Language": spoken}
    return cached(request, found, JSON, BRIEF, headers)
