"""Every question of the registry that has an answer, as a route made from its declaration."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.http.caching import BRIEF, cached
from api.http.describe import EXAMPLES, JSON, TOO_MUCH, UNCHANGED, answers, parameter, problems
from api.http.json_text import json_of
from api.http.openapi import COMPONENTS, component_of
from api.http.problems import Problem
from api.http.told import told_beside
from api.reading.queries import accepts, flag, language, read_query
from api.reading.questions import answered, parse_parameters, parse_times, proven
from api.state import State
from ledger.evidence.answer_schemas import MEDIA_TYPE, published
from ledger.evidence.answered import name_of, path_of
from ledger.evidence.bundle import ASSERTED
from ledger.primitives.instant import GIVEN
from ledger.questions.answers import ANSWERS
from ledger.questions.declared import QUESTIONS, Question, called_question
from ledger.texts import languages, saying

EVIDENCE = "application/vnd.pinyuan.evidence+json"
VARY = {"Vary": "Accept, Accept-Language"}
SIZE = "^[1-9][0-9]{0,18}$"

router = APIRouter(tags=["Questions"])


def _parameters(asked: Question) -> list[dict[str, Any]]:
    """Describe what a question takes, as its declaration says it."""
    found = []
    for item in asked.parameters:
        example = EXAMPLES[item.form] if item.default is None else item.default
        text = " ".join(item.words.to(lang) for lang in languages())
        required = item.default is None
        found.append(parameter(item.name, text, example, required=required))
    if asked.timed:
        found.append(
            parameter(
                "at",
                "The time asked about (valid_at); by default that of the newest seal known.",
                "2026-09-21T13:46:40Z",
                pattern=GIVEN,
            )
        )
    return [
        *found,
        parameter(
            "known_at",
            "As of how many entries, rounded down to a seal; all by default.",
            "6",
            pattern=SIZE,
        ),
        parameter(
            "since",
            "In the bundle, also the proof that the log extends the one of this size.",
            "2",
            pattern=SIZE,
        ),
        parameter("lang", "The language of the sentences.", languages()[-1], enum=[*languages()]),
        parameter("bundle", "1: the evidence bundle itself.", "1", enum=["0", "1"]),
    ]


def _example(asked: Question) -> dict[str, Any]:
    value: Any = {"verdict": "unknown", "reasons": [], "notes": [], "rests_on": []}
    listed = asked.name == "history"
    return {
        "question": asked.name,
        "parameters": {item.name: item.default or EXAMPLES[item.form] for item in asked.parameters},
        "valid_at": "2026-09-21T13:46:40Z" if asked.timed else None,
        "known_at": 6,
        "answer": ["9f2c" * 16] if listed else value,
        **({"entries": [_ENTRY]} if listed else {}),
        "names": {"did:web:brand.example": {"zh": "龙井茶业", "en": "Longjing Tea"}},
        "language": "en",
        "sentences": ["Unknown."],
        "completeness": ASSERTED,
        "leans_on": [],
        "fresh_at": "2026-09-21T13:46:41.250001Z",
        "fresh_by": "the newest seal",
        "clock": "system",
        "size": 6,
        "bundle": f"{path_of(asked.name)}?known_at=6&bundle=1",
    }


_ENTRY = {
    "index": 4,
    "id": "9f2c" * 16,
    "type": "generic",
    "issuer": "did:web:brand.example",
    "subject": "urn:example:b",
    "issued_at": "2026-09-21T13:46:40Z",
}


def _responses(asked: Question) -> dict[int | str, dict[str, Any]]:
    found = answers(
        "The answer, or with bundle=1 (or Accept) the evidence bundle that proves it.",
        JSON,
        _example(asked),
        schema={"$ref": f"{COMPONENTS}{component_of(asked)}"},
        headers=("ETag", "Cache-Control", "Content-Language", "Pinyuan-Meant"),
    )
    found[200]["content"][EVIDENCE] = {
        "schema": {"type": "object"},
        "example": {"v": 1, "question": asked.name},
    }
    return found | UNCHANGED | problems(400, 406, 429, 500, 503, said=TOO_MUCH)


def _wants_bundle(request: Request, query: dict[str, str]) -> bool:
    """Return whether evidence is asked for rather than the answer alone.

    Raises:
        Problem: 406, neither is acceptable.

    """
    if "bundle" in query:
        return flag(query, "bundle")
    evidence, plain = accepts(request, EVIDENCE), accepts(request, JSON)
    if not evidence and not plain:
        raise Problem(406, saying("there are {json} and {evidence}", json=JSON, evidence=EVIDENCE))
    return evidence > plain


def _route(asked: Question) -> Callable[[Request], Awaitable[Response]]:
    names = [item.name for item in asked.parameters]
    names += ["known_at", "since", "lang", "bundle", *(["at"] if asked.timed else [])]

    async def route(request: Request) -> Response:
        state = State.of(request)
        query = read_query(request, names)
        parameters, times = parse_parameters(asked, query), parse_times(query)
        spoken, whole = language(request, query), _wants_bundle(request, query)
        wanted = asked.name, parameters, times
        if whole:
            raw, near = await state.heavy.run(request, proven, *wanted)
            return cached(request, raw, EVIDENCE, BRIEF, VARY | told_beside("Pinyuan-Meant", near))
        found = await state.heavy.run(request, answered, *wanted, spoken)
        headers = VARY | {"Content-Language": spoken}
        return cached(request, found, JSON, BRIEF, headers)

    route.__name__ = asked.name
    return route


for _asked in QUESTIONS.values():
    if _asked.name in ANSWERS:
        router.add_api_route(
            path_of(_asked.name),
            _route(_asked),
            methods=["GET"],
            summary=_asked.words.en,
            description=" ".join(_asked.words.to(lang) for lang in languages()[1:]),
            response_class=Response,
            openapi_extra={"parameters": _parameters(_asked)},
            responses=_responses(_asked),
        )
        if path_of(_asked.name) != f"/v1/{_asked.name}":  # as it is called in JSON and bundles
            router.add_api_route(
                f"/v1/{_asked.name}", _route(_asked), methods=["GET"], include_in_schema=False
            )


@router.get(
    "/v1/schemas/{question}",
    summary="The JSON Schema of a question's answer",
    response_class=Response,
    responses=answers(
        "JSON Schema 2020-12 of the object that the answer is: here, in --json of the command, of a "
        "bundle, and of a mirror.",
        MEDIA_TYPE,
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "label"},
        schema={"type": "object"},
        headers=("ETag", "Cache-Control"),
    )
    | UNCHANGED
    | problems(404, 500),
)
async def schema(
    request: Request,
    question: Annotated[
        str, Path(description="A question, as its path names it.", examples=["may-sell"])
    ],
) -> Response:
    """Return what the answer to a question looks like, made from its declared shape."""
    asked = called_question(question)
    if asked is None:
        raise Problem(
            404, saying("no such question: {map}", map=", ".join(map(name_of, QUESTIONS)))
        )
    return cached(request, json_of(published(asked)), MEDIA_TYPE, BRIEF)
