"""The OpenAPI document: FastAPI's, with the schemas that routes only name."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.http import schemas
from ledger.evidence.answer_schemas import REASON, answer_schema, reason_schema
from ledger.questions.declared import QUESTIONS, Question

COMPONENTS = "#/components/schemas/"

SHOWN = (
    schemas.ProblemDetails,
    schemas.Batch,
    schemas.Inclusion,
    schemas.Consistency,
    schemas.Later,
    schemas.WholeEntry,
    schemas.Page,
    schemas.Labels,
    schemas.Things,
    schemas.Policy,
    schemas.Linkset,
    schemas.Resolver,
    schemas.Alive,
    schemas.Ready,
)
TAGS = (
    {"name": "SCITT", "description": "SCRAPI draft-11: errors are RFC 9290, in CBOR."},
    {"name": "Registration", "description": "Many statements at once."},
    {"name": "Log", "description": "C2SP tlog-tiles and proofs: for auditors and caches."},
    {"name": "Questions", "description": "Answers with their evidence."},
    {"name": "Labels", "description": "What shops list and rank by, as a feed."},
    {"name": "Entries", "description": "What was registered, one by one or searched."},
    {"name": "Products", "description": "A GS1 Digital Link resolver."},
    {"name": "Operation", "description": "For who runs the service."},
)


def describe(app: FastAPI) -> None:
    """Let the application answer with its whole description."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                routes=app.routes,
                tags=[dict(tag) for tag in TAGS],
            )
            _without_validation(found)
            _, definitions = models_json_schema(
                [(model, "serialization") for model in SHOWN],
                ref_template="#/components/schemas/{model}",
            )
            shown = definitions["$defs"] | _answers()
            found.setdefault("components", {})["schemas"] = shown
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def component_of(asked: Question) -> str:
    """Return what the schema of a question's answer is called there."""
    return f"{asked.name.title().replace('_', '')}Answer"


def _answers() -> dict[str, Any]:
    """Return the schemas of answers, and of the reasons in them."""
    found = {component_of(asked): answer_schema(asked, COMPONENTS) for asked in QUESTIONS.values()}
    return found | {REASON: reason_schema()}


def _without_validation(document: dict[str, Any]) -> None:
    """Take back what FastAPI adds on its own: here what it refuses is a 400 like any other."""
    for item in document["paths"].values():
        for operation in item.values():
            answer = operation["responses"].get("422", {})
            if "HTTPValidationError" in str(answer.get("content")):
                del operation["responses"]["422"]
