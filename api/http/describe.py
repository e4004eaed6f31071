"""What OpenAPI says of each route: statuses, headers, examples, parameters."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from api.http.problems import CONCISE, PROBLEM, TITLES
from api.http.schemas import ProblemDetails
from ledger.questions.declared import Form

Described = dict[int | str, dict[str, Any]]
JSON, COSE, CBOR = "application/json", "application/cose", "application/cbor"
BINARY: Mapping[str, Any] = {"type": "string", "format": "binary"}

DETAILS: Mapping[int, str] = {
    400: "statement: not CBOR: premature end of stream",
    403: "no signature by a replayer or witness that this ledger knows",
    404: "there is nothing at this path",
    405: "this path takes POST",
    406: "this product has application/linkset+json only",
    408: "no whole body in 10 s",
    409: "registered-with-other-signature: registered as entry 4711: /v1/entries/4711",
    413: "more than 65535 bytes",
    415: "Content-Type text/plain: use application/cose",
    422: "parent-scope: territories: wider than the parent's; key-live: revoked at entry 4711",
    429: "https://id.gs1.org/417/6901234507010: more than its share",
    500: "entry 4711: its leaf has another hash than its row says",
    503: "too much is waiting: try again in 1 s",
}
TOO_MUCH: Mapping[int, tuple[str, str]] = {
    429: (
        "Too Many Requests",
        "this address has used its share of processor time: ask again in 9 s",
    )
}
"""Title and detail where a client asked for more than it may."""
_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_RETRY = {
    "Retry-After": {
        "description": "Seconds.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    }
}
_RETRIED = (429, 503)

EXAMPLES: Mapping[Form, str] = {
    "text": "urn:example:b",
    "topic": "inspection",
    "party": "https://id.gs1.org/417/6901234507010",
    "product": "https://id.gs1.org/01/06901234500004",
    "goods": "https://id.gs1.org/01/06901234500004/10/A7",
    "followed": "https://id.gs1.org/01/06901234500004/10/A7",
    "trademark": "urn:trademark:cn:12345678:30",
    "territory": "CN",
    "channel": "mall.example",
    "shop-type": "flagship",
    "statement": "9f2c" * 16,
    "days": "30",
    "about": "https://id.gs1.org/414/6901234500103",
    "subject": "https://id.gs1.org/417/6901234507027",
    "count": "2000",
    "level": "II",
    "aql": "1.0",
    "mode": "inbound",
    "time": "2026-05-01T08:00:00Z",
    "category": "food/tea",
    "indexed": "https://id.gs1.org/01/06901234500004",
    "model": "urn:model:quality",
    "sample": "urn:sample:s1",
    "month": "2026-05",
    "report": "9f2c" * 16,
    "any-trademark": "*",
    "any-statement": "*",
    "any-party": "*",
    "facility": "https://id.gs1.org/414/6901234500103",
    "draw": "urn:draw:tea:1",
    "any-product": "*",
    "any-shop": "*",
    "programme": "urn:programme:tea",
    "any-observer": "*",
}
"""A value of each form that a question's parameter may have."""


def _refusal(status: int) -> list[dict[str, Any]]:
    rules = {
        409: "registered-with-other-signature",
        422: "parent-scope",
    }
    rule = rules.get(status)
    return [] if rule is None else [{"rule": rule, "message": DETAILS[status], "cites": [4711]}]


def problem_example(status: int, said: tuple[str, str] | None = None) -> dict[str, Any]:
    """Return a problem as JSON has it; ``said`` is (title, detail) where a route has its own."""
    title, detail = said or (TITLES[status], DETAILS[status])
    found = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    refusals = [] if said else _refusal(status)
    return found | ({"refusals": refusals} if refusals else {})


def problems(
    *statuses: int, concise: bool = False, said: Mapping[int, tuple[str, str]] | None = None
) -> Described:
    """Describe the problems of a route, in JSON or for SCITT in CBOR.

    Args:
        statuses: what it may answer.
        concise: in CBOR.
        said: its own (title, detail) for some of them, in JSON.

    """
    found: Described = {}
    own = said or {}
    for status in statuses:
        if concise:
            # Shown in CBOR's diagnostic notation: the body itself is binary.
            text = f'{{-1: "{TITLES[status]}", -2: "{DETAILS[status]}"}}'
            content: dict[str, Any] = {CONCISE: {"schema": BINARY, "example": text}}
            row: dict[str, Any] = {"content": content}
        else:
            row = {
                "content": {
                    PROBLEM: {
                        "schema": {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"},
                        "example": problem_example(status, own.get(status)),
                    }
                }
            }
        row["description"] = own[status][0] if status in own else TITLES[status]
        if status in _RETRIED:
            row["headers"] = _RETRY
        found[status] = row
    return found


def answers(
    description: str,
    media_type: str,
    example: Any,
    *,
    status: int = 200,
    model: type[BaseModel] | None = None,
    schema: Mapping[str, Any] = BINARY,
    headers: Iterable[str] = (),
) -> Described:
    """Describe what a route answers when all is well, with an example."""
    shown = {"$ref": f"#/components/schemas/{model.__name__}"} if model else dict(schema)
    return {
        status: {
            "description": description,
            "content": {media_type: {"schema": shown, "example": example}},
            "headers": {name: _TEXT | {"description": HEADERS[name]} for name in headers},
        }
    }


HEADERS: Mapping[str, str] = {
    "Location": "Where the receipt is, or will be.",
    "ETag": "Changes with the body.",
    "Cache-Control": "How long a cache may keep it.",
    "Content-Language": "The language of the sentences.",
    "Link": "Where more is.",
    "Pinyuan-Meant": "Beside a bundle, of names nobody registered: what may be meant, as `meant` of an answer "
    "tells it; no part of the evidence, proven by nothing. JSON in ASCII.",
    "Pinyuan-Remarks": "What to look at again, as the rows of a batch tell it; JSON in ASCII.",
}


def empty(status: int, description: str, *headers: str) -> Described:
    """Describe an answer without a body."""
    shown: dict[str, Any] = {name: _TEXT | {"description": HEADERS[name]} for name in headers}
    if status in (HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT):
        shown |= _RETRY
    return {status: {"description": description, "headers": shown}}


UNCHANGED = empty(304, "The client has it already.", "ETag")


def body(*media_types: str) -> dict[str, Any]:
    """Describe a request body of one of some media types."""
    content = {name: {"schema": dict(BINARY)} for name in media_types}
    return {"requestBody": {"required": True, "content": content}}


def parameter(
    name: str,
    description: str,
    example: str,
    *,
    required: bool = False,
    place: str = "query",
    **schema: Any,
) -> dict[str, Any]:
    """Describe one parameter."""
    return {
        "name": name,
        "in": place,
        "required": required or place == "path",
        "description": description,
        "schema": {"type": "string", "minLength": 1, **schema},
        "example": example,
    }
