"""Parties, goods, marks, places, shops and lots by name: which ids somebody may mean."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.http.caching import BRIEF, cached
from api.http.describe import EXAMPLES, JSON, TOO_MUCH, UNCHANGED, answers, parameter, problems
from api.http.problems import Problem
from api.http.schemas import Things
from api.reading.names import named
from api.reading.queries import read_query
from api.state import State
from ledger.answering.searched import MAX_NAME, MAX_TOLD
from ledger.texts import saying

FOUND: dict[str, Any] = {
    "things": [
        {
            "kind": "party",
            "id": EXAMPLES["party"],
            "names": {"zh": "龙井茶业", "en": "Longjing Tea"},
            "roles": ["brand"],
            "entry": 4,
            "match": "part",
        }
    ],
    "total": 1,
    "compared": 12,
    "complete": True,
    "size": 42,
}

router = APIRouter(prefix="/v1", tags=["Entries"])


@router.get(
    "/names",
    summary="Things by name",
    response_class=Response,
    openapi_extra={
        "parameters": [
            parameter(
                "name",
                f"The name of a party, product, mark, place or shop, a part of it, something near it, "
                f"a lot's number, or an id; at most {MAX_NAME} characters.",
                "龙井",
                required=True,
            )
        ]
    },
    responses=answers(
        f"The nearest {MAX_TOLD}: the same name, such as have it in theirs, such as are near.",
        JSON,
        FOUND,
        model=Things,
        headers=("ETag", "Cache-Control"),
    )
    | UNCHANGED
    | problems(400, 429, 500, 503, said=TOO_MUCH),
)
async def names(request: Request) -> Response:
    """Return what a name may stand for; for looking: the history it is registered in proves what is shown of each."""
    state = State.of(request)
    name = read_query(request, ("name",)).get("name", "").strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise Problem(400, saying("name: 1 to {max_name} characters", max_name=MAX_NAME))
    found = await state.heavy.run(request, named, name)
    return cached(request, found, JSON, BRIEF)
