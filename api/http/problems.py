"""Errors as HTTP says them: the only table from what went wrong to a status.

SCITT routes answer in concise problem details (RFC 9290: CBOR {-1: title, -2: detail}),
all others in problem details (RFC 9457: JSON) with the refusals as a list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from api.http.json_text import json_of
from api.http.outside import STORAGE, Outside
from api.http.spoken import spoken
from ledger.cose import cbor
from ledger.errors import (
    CannotVerifyError,
    DatabaseAwayError,
    LogCorruptError,
    MalformedError,
    PinyuanError,
    StorageError,
    UsageError,
    VerificationError,
)
from ledger.phrases import refusal_row
from ledger.primitives.legible import shown
from ledger.questions.book import MALFORMED
from ledger.rules.registry import Refusal
from ledger.texts import ENGLISH, Lang, differing, saying, sentence_of
from ledger.writing.log import OTHER_SIGNATURE

CONCISE = "application/concise-problem-details+cbor"
PROBLEM = "application/problem+json"
TITLE, DETAIL = -1, -2
LATER = {"Retry-After": "2"}
INSIDE = "pinyuan.inside"
"""Where a request's scope has what its problem does not tell strangers."""

# 400, 404 and 429 as SCRAPI draft-11 has them.
TITLES: Mapping[int, str] = {
    400: saying("Malformed request"),
    403: saying("Not allowed"),
    404: saying("Not Found"),
    405: saying("Method not allowed"),
    406: saying("Not acceptable"),
    408: saying("The request took too long"),
    409: saying("Registered with another signature"),
    413: saying("Too large"),
    415: saying("Another media type expected"),
    422: saying("Rejected"),
    429: saying("Too Many Requests"),
    500: saying("The ledger contradicts itself"),
    503: saying("Not now"),
}


class OverloadedError(Exception):
    """Too much waits; ``retry_after_s``: when to come back."""

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        self.sentence = saying(
            "too much is waiting: try again in {retry_after_s} s", retry_after_s=retry_after_s
        )
        super().__init__(str(self.sentence))


class UnavailableError(Exception):
    """Nothing can be said now, or be registered: ask again later. ``inside``: for the log alone."""

    def __init__(self, told: str | Outside, inside: str | None = None) -> None:
        self.told = told
        self.inside = inside
        super().__init__(str(told), inside)

    def __str__(self) -> str:
        """Return what strangers are told."""
        return str(self.args[0])


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """What goes wrong on the way to an answer."""

    def __init__(
        self,
        status: int,
        detail: object,
        refusals: Sequence[Refusal] = (),
        *,
        title: str | None = None,
        headers: Mapping[str, str] | None = None,
        inside: str | None = None,
    ) -> None:
        self.status = status
        self.inside = inside
        """What the operator's log says of it, with the paths and hosts that are nobody else's."""
        self.title = title or TITLES.get(status, saying("Error"))
        self.said = detail if isinstance(detail, Outside | _Refused) else sentence_of(detail)
        self.detail = str(self.said.to(ENGLISH))
        self.refusals = refusals
        self.headers = dict(headers or {})
        super().__init__(status, self.detail)

    def body(self, lang: Lang = ENGLISH) -> dict[str, Any]:
        """Return RFC 9457's members in a language, ``sentences`` in each, and the refusals."""
        found: dict[str, Any] = {
            "type": "about:blank",
            "title": sentence_of(self.title).to(lang),
            "status": self.status,
            "detail": self.said.to(lang),
        }
        found |= differing(self.said)
        return found | ({"refusals": refusal_rows(self.refusals, lang)} if self.refusals else {})


FORESEEN = (
    Problem,
    PinyuanError,
    OverloadedError,
    UnavailableError,
    HTTPException,
    ClientDisconnect,
)


def problem_of(error: Exception) -> Problem:  # noqa: PLR0911 - one line for each kind of error
    """Return the problem that an error is; an unforeseen one is raised."""
    match error:
        case Problem():
            return error
        case OverloadedError():
            return Problem(503, error.sentence, headers={"Retry-After": str(error.retry_after_s)})
        case UnavailableError():
            return Problem(503, error.told, headers=LATER, inside=error.inside)
        case MalformedError() | UsageError():
            return Problem(400, error)
        case PinyuanError():
            return _of_ledger(error)
        case ClientDisconnect():
            return Problem(400, saying("the client went away before its request was whole"))
        case HTTPException():
            return _of_http(error)
        case _:
            raise error


def _of_ledger(error: PinyuanError) -> Problem:
    """Return a problem of the ledger's own: strangers are told no paths, users or hosts of it."""
    told, said = Outside(error.sentence), str(error)
    inside = None if told.to(ENGLISH) == said else said
    match error:
        case VerificationError() | CannotVerifyError() | LogCorruptError():
            return Problem(500, told, inside=inside)
        case DatabaseAwayError():  # the log has one sentence for all requests that find it so
            return Problem(503, STORAGE, headers=LATER)
        case StorageError():
            return Problem(503, STORAGE, headers=LATER, inside=said)
        case _:
            return Problem(503, told, headers=LATER, inside=inside)


def _of_http(error: HTTPException) -> Problem:
    """Return what the router says of a path or a method it does not know."""
    headers = dict(error.headers or {})
    if error.status_code == 404:  # noqa: PLR2004
        return Problem(404, saying("there is nothing at this path"))
    if error.status_code == 405:  # noqa: PLR2004
        allowed = headers.get("Allow", "").split(", ")
        if "GET" in allowed:
            headers["Allow"] = ", ".join([*allowed, "HEAD"])
        return Problem(
            405, saying("this path takes {get}", get=headers.get("Allow", "")), headers=headers
        )
    return Problem(error.status_code, error.detail, headers=headers)


def refused(refusals: Sequence[Refusal]) -> Problem:
    """Return the problem of a statement that was not registered."""
    ids = {item.rule for item in refusals}
    detail = _Refused(refusals)
    if OTHER_SIGNATURE in ids:
        (index,) = next(item.cites for item in refusals if item.rule == OTHER_SIGNATURE)
        link = {"Link": f'</v1/entries/{index}>; rel="alternate"'}
        return Problem(
            409,
            saying("{detail}: /v1/entries/{index}", detail=detail, index=index),
            refusals,
            headers=link,
        )
    return Problem(400 if ids == {MALFORMED} else 422, detail, refusals)


@dataclass(frozen=True, slots=True)
class _Refused:
    """What a statement was refused for, each rule with what broke it."""

    refusals: Sequence[Refusal]

    def to(self, lang: Lang) -> str:
        """Return it in a language."""
        rows = refusal_rows(self.refusals, lang)
        return "; ".join(f"{row['rule']}: {row['message']}" for row in rows)


def concise(problem: Problem, lang: Lang = ENGLISH) -> Response:
    """Return a problem as SCITT clients read it."""
    title, detail = sentence_of(problem.title).to(lang), shown(problem.said.to(lang))
    body = cbor.encode({TITLE: title, DETAIL: detail})
    return Response(body, problem.status, _headers(problem, lang), CONCISE)


def refusal_rows(refusals: Sequence[Refusal], lang: Lang = ENGLISH) -> list[dict[str, Any]]:
    """Return refusals as JSON: rule, message, the entries and a question's reasons it rests on."""
    rows = [refusal_row(item) for item in refusals]
    return [row | {"message": sentence_of(row["message"]).to(lang)} for row in rows]


def details(problem: Problem, lang: Lang = ENGLISH) -> Response:
    """Return a problem as JSON."""
    body = json_of(problem.body(lang))
    return Response(body, problem.status, _headers(problem, lang), PROBLEM)


def _headers(problem: Problem, lang: Lang) -> dict[str, str]:
    return {"Cache-Control": "no-store", "Content-Language": lang} | problem.headers


def speaks_cbor(path: str) -> bool:
    """Return whether a path is one of SCRAPI's, whose errors are CBOR whatever they are."""
    if path.startswith("/entries"):
        return path != "/entries/batch" and (path == "/entries" or path[8] == "/")
    return path == "/.well-known/scitt-keys" or path.startswith("/.well-known/scitt-keys/")


def answer(request: Request, error: Exception) -> Response:
    """Return an error in the form its path has; an unforeseen one is raised."""
    problem = problem_of(error)
    if problem.inside is not None:
        request.scope[INSIDE] = problem.inside
    lang = spoken(request)
    cbor_there = speaks_cbor(request.scope["path"])
    return concise(problem, lang) if cbor_there else details(problem, lang)
