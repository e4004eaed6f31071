"""The published document of the rules: what genesis names by its digest, and with it all of this.

It binds the types with the forms and limits of their fields, the rules with their sentences,
the numbers they go by, the questions with the shapes of their answers, and the codes of reasons with their facts.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ledger.questions.book import MALFORMED, MALFORMED_SENTENCE, REGISTRY
from ledger.questions.declared import QUESTIONS, Question
from ledger.questions.numbers import numbers
from ledger.questions.requirements import CERTIFIED_CATEGORIES, TRADER_PAPERS
from ledger.questions.shapes import SHAPES, in_words
from ledger.rules.codes import CODES, SINCE, UNTIL
from ledger.statements.catalogue import CATALOGUE, GENERIC
from ledger.statements.shapes import parts, shape_of, texts


def _types() -> Iterator[dict[str, Any]]:
    for row in CATALOGUE.values():
        yield {
            "type": row.name,
            "v": row.version,
            "issuers": list(row.issuers),
            "subject": row.subject,
            "amends": list(row.amends),
            "effect": row.effect if row.amends else None,
            "cited_from": list(row.cited_from),
            "ends": row.ends,
            **shape_of(row.body),
        }
    yield {"type": GENERIC, "v": 1, "issuers": ["party"], "amends": [], "cited_from": []}


def _rules() -> Iterator[dict[str, Any]]:
    yield {"id": MALFORMED, "types": ["all"], "bite": "rechecked", "says": MALFORMED_SENTENCE}
    for item in REGISTRY.rules.values():
        yield {"id": item.id, "types": list(item.types), "bite": item.bite, "says": item.sentence}


def _question(asked: Question) -> dict[str, Any]:
    return {
        "question": asked.name,
        "timed": asked.timed,
        "parameters": [
            {"name": item.name, "form": item.form}
            | ({} if item.default is None else {"default": item.default})
            for item in asked.parameters
        ],
        "answer": in_words(SHAPES[asked.name]),
    }


def _section(item: tuple[str, Any]) -> str:
    name, value = item
    if isinstance(value, Mapping):
        rows = [f"{_spelled(key)}: {_spelled(row)}" for key, row in value.items()]
        begin, end = "{}"
    else:
        rows = [_spelled(row) for row in value]
        begin, end = "[]"
    return f"\n{_spelled(name)}: {begin}\n" + ",\n".join(rows) + f"\n{end}"


def _spelled(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def content() -> dict[str, Any]:
    """Return the document of the rules in force in this code, as a JSON value."""
    return {
        "texts": texts(),
        "parts": parts(),
        "types": list(_types()),
        "rules": list(_rules()),
        "numbers": numbers(),
        "papers": [list(item) for item in TRADER_PAPERS],
        "certified_categories": list(CERTIFIED_CATEGORIES),
        "questions": [_question(item) for item in QUESTIONS.values()],
        "reasons": [
            {"code": code, "facts": [*facts, *(f"{n}?" for n in (SINCE, UNTIL) if n not in facts)]}
            for code, facts in CODES.items()
        ],
    }


def document() -> bytes:
    """Return the published bytes of the document: JSON, a line for each thing it binds."""
    return f"{{{','.join(map(_section, content().items()))}\n}}\n".encode()
