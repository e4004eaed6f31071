"""The JSON Schema (2020-12) of each answer, made from the shapes that answers are declared by.

What is told beside an answer (``then``, ``meant``, ``understood``, ``timestamps``) may be absent.
"""

from collections.abc import Mapping
from typing import Any

from ledger.questions.declared import Question
from ledger.questions.overview_shapes import Shape
from ledger.questions.shapes import SHAPES
from ledger.rules.codes import ADDED, CODES

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
MEDIA_TYPE = "application/schema+json"
REASON = "Reason"
HERE = "#/$defs/"
"""Where a schema that stands alone has what it refers to."""

TEXT: Schema = {"type": "string"}
PLACE: Schema = {"type": "integer", "minimum": 0}
SIZE: Schema = {"type": "integer", "minimum": 1}
ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
INSTANT: Schema = {
    "type": "string",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z$",
}
NAMES: Schema = {
    "type": "object",
    "description": "What the things in it were called at the time asked about, by id: zh, en, of a "
    "brand its mark. Lots and items are named by their product.",
    "additionalProperties": {"type": "object", "additionalProperties": TEXT},
}
_PLAIN: Mapping[str, str] = {
    "text": "string",
    "integer": "integer",
    "true or false": "boolean",
    "null": "null",
}
FACTS = "the facts of its code"


def record(properties: Mapping[str, Schema], *, more: Mapping[str, Schema] | None = None) -> Schema:
    """Return the schema of an object: with all of some properties, perhaps with more, no others."""
    return {
        "type": "object",
        "properties": {**properties, **(more or {})},
        "required": [*properties],
        "additionalProperties": False,
    }


def listed(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def reason_schema() -> Schema:
    """Return the schema of a reason or note: its code, the entries it rests on, its facts."""
    names = sorted({name for facts in CODES.values() for name in facts} | {*ADDED})
    facts = {
        "type": "object",
        "propertyNames": {"enum": names},
        "additionalProperties": {"type": ["string", "integer"]},
    }
    found = {"code": {"enum": [*CODES]}, "entries": listed(PLACE), "facts": facts}
    return record(found)


def of_shape(shape: Shape, refs: str) -> Schema:
    """Return the schema of a declared shape; ``refs``: where the schema of reasons is."""
    match shape:
        case {"code": _, "entries": _, "facts": text} if text == FACTS:
            return {"$ref": f"{refs}{REASON}"}
        case dict():
            given = {name: of_shape(inner, refs) for name, inner in shape.items()}
            needed = {name: found for name, found in given.items() if not name.endswith("?")}
            more = {name[:-1]: found for name, found in given.items() if name.endswith("?")}
            ordered = {name.removesuffix("?"): found for name, found in given.items()}
            return record(needed, more=more) | {"properties": ordered}
        case [inner]:
            return listed(of_shape(inner, refs))
        case (inner, None):
            return {"anyOf": [of_shape(inner, refs), {"type": "null"}]}
        case str() if shape in _PLAIN:
            return {"type": _PLAIN[shape]}
        case _:
            return {"type": [_PLAIN[word] for word in shape.split(" or ")]}


def value_schema(question: str, refs: str) -> Schema:
    """Return the schema of an answer alone, as a bundle has it."""
    own = of_shape(SHAPES[question], refs)
    if question == "history":
        return own
    reasons = listed({"$ref": f"{refs}{REASON}"})
    head = {
        "verdict": {"enum": ["yes", "no", "unknown"]},
        "reasons": reasons,
        "notes": reasons,
        "rests_on": listed(PLACE),
    }
    return own | {
        "properties": head | own["properties"],
        "required": [*head, *own["required"]],
    }


def answer_schema(asked: Question, refs: str) -> Schema:
    """Return the schema of the object that an answer is, wherever it is asked."""
    parameters = record({item.name: TEXT for item in asked.parameters})
    entries = listed(
        record(
            {
                "index": PLACE,
                "id": ID,
                "type": TEXT,
                "issuer": TEXT,
                "subject": TEXT,
                "issued_at": INSTANT,
            }
        )
    )
    common: dict[str, Schema] = {
        "question": {"const": asked.name},
        "parameters": parameters,
        "valid_at": INSTANT if asked.timed else {"type": "null"},
        "known_at": SIZE,
        "answer": value_schema(asked.name, refs),
        **({"entries": entries} if asked.name == "history" else {}),
        "names": NAMES,
        "language": TEXT | {"description": "The language of the sentences."},
        "sentences": listed(TEXT) | {"description": "The answer in words."},
        "completeness": TEXT | {"description": "Who vouches that nothing was left out."},
        "leans_on": listed(TEXT)
        | {"description": "Rules that only a replay of the whole log checks."},
        "fresh_at": INSTANT | {"description": "When the log was last seen, by fresh_by."},
        "fresh_by": {"enum": ["the newest seal", "witnesses"]},
        "clock": {"enum": ["system", "simulated"]},
        "size": SIZE | {"description": "Of the tree in which all of it is proven."},
        "bundle": TEXT | {"description": "Where a server of this log gives the evidence."},
    }
    described = {"title": asked.name, "description": asked.words.en}
    return described | record(common, more=_beside())


def _beside() -> dict[str, Schema]:
    """Return what may stand beside an answer, and is no part of it."""
    meant = record({"about": TEXT, "near": listed(TEXT), "names": NAMES})
    then = record(
        {
            "size": SIZE,
            "verdict": {"enum": ["yes", "no", "unknown"]},
            "since": {"type": ["integer", "null"]},
        }
    )
    stamp = record({"authority": TEXT, "size": SIZE, "time": INSTANT, "accuracy_us": PLACE})
    return {
        "then": then
        | {
            "description": "What was answered about this past time with what was known then, where "
            "that was otherwise; from the size since on it is answered as here."
        },
        "meant": listed(meant)
        | {"description": "Of names nobody registered: what may be meant; nothing proves it."},
        "understood": {
            "type": "object",
            "description": "Parameters that were given in words, as they were given.",
            "additionalProperties": TEXT,
        },
        "timestamps": listed(stamp)
        | {"description": "What authorities say of when the checkpoint was there."},
    }


def published(asked: Question) -> Schema:
    """Return the schema of a question's answer as it stands alone."""
    return {
        "$schema": DIALECT,
        **answer_schema(asked, HERE),
        "$defs": {REASON: reason_schema()},
    }
