"""Errors as HTTP says them: the only table from what went wrong to a status.

SCITT routes answer in concise problem details (RFC 9290: CBOR {-1: title, -2: detail}),
all others in problem details (RFC 9457: JSON) with the refusals as a list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse, Response

from api.registrar import OverloadedError, UnavailableError
from ledger.cose import cbor
from ledger.errors import (
    CannotVerifyError,
    MalformedError,
    PinyuanError,
    UsageError,
    VerificationError,
)
from ledger.log import OTHER_SIGNATURE
from ledger.rules.book import MALFORMED
from ledger.rules.registry import Refusal

CONCISE = "application/concise-problem-details+cbor"
PROBLEM = "application/problem+json"
TITLE, DETAIL = -1, -2
RETRY_AFTER_S = 2

TITLES: Mapping[int, str] = {
    400: "Malformed",
    403: "Not allowed",
    404: "Not found",
    409: "Registered with another signature",
    413: "Too large",
    415: "Another media type expected",
    422: "Refused by the registration rules",
    429: "Too many statements of one issuer",
    500: "The ledger contradicts itself",
    503: "Not now",
}


@dataclass(frozen=True, slots=True)
class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """What goes wrong on the way to an answer."""

    status: int
    detail: str
    refusals: Sequence[Refusal] = ()
    title: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def problem_of(error: Exception) -> Problem:
    """Return the problem that an error is."""
    match error:
        case Problem():
            return error
        case OverloadedError():
            return Problem(503, str(error), headers={"Retry-After": str(error.retry_after_s)})
        case UnavailableError():
            return Problem(503, str(error), headers={"Retry-After": str(RETRY_AFTER_S)})
        case MalformedError() | UsageError():
            return Problem(400, str(error))
        case VerificationError() | CannotVerifyError():
            return Problem(500, str(error))
        case PinyuanError():
            return Problem(503, str(error), headers={"Retry-After": str(RETRY_AFTER_S)})
        case _:
            raise error


def refused(refusals: Sequence[Refusal]) -> Problem:
    """Return the problem of a statement that was not registered."""
    ids = {item.rule for item in refusals}
    detail = "; ".join(f"{item.rule}: {item.message}" for item in refusals)
    if OTHER_SIGNATURE in ids:
        return Problem(409, detail, refusals)
    return Problem(400 if ids == {MALFORMED} else 422, detail, refusals)


def concise(problem: Problem) -> Response:
    """Return a problem as SCITT clients read it."""
    body = cbor.encode({TITLE: problem.title or TITLES[problem.status], DETAIL: problem.detail})
    return Response(body, problem.status, dict(problem.headers), CONCISE)


def refusal_rows(refusals: Sequence[Refusal]) -> list[dict[str, Any]]:
    """Return refusals as JSON: rule, message, the entries it rests on."""
    return [
        {"rule": item.rule, "message": item.message, "cites": list(item.cites)} for item in refusals
    ]


def details(problem: Problem) -> Response:
    """Return a problem as JSON."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title or TITLES[problem.status],
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.refusals:
        body["refusals"] = refusal_rows(problem.refusals)
    return JSONResponse(body, problem.status, dict(problem.headers), PROBLEM)
