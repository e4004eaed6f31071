"""The published document of the rules: what genesis names by its digest, and with it all of this.

It binds what a signed statement must carry, the types with the forms and limits of their fields,
the rules with their sentences, the numbers, sampling tables and territories they go by, the
questions with the shapes of their answers, and the codes of reasons with their facts and entries.
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from ledger.identifiers.territories import listing
from ledger.questions.book import MALFORMED, MALFORMED_SENTENCE, REGISTRY
from ledger.questions.declared import QUESTIONS, Question
from ledger.questions.numbers import numbers
from ledger.questions.requirements import (
    CERTIFIED_CATEGORIES,
    CERTIFIED_IN,
    FOREIGN_PAPERS,
    TRADER_PAPERS,
)
from ledger.questions.shapes import SHAPES, in_words
from ledger.rules.codes import CODES, MENDING, SINCE, UNTIL
from ledger.rules.often import MOST
from ledger.sampling import printed
from ledger.statements.carries import carries
from ledger.statements.catalogue import CATALOGUE, GENERIC
from ledger.statements.shapes import parts, shape_of, texts
from ledger.statements.topics import KEPT_BY


def _types(cites: Mapping[str, Mapping[str, list[str]]]) -> Iterator[dict[str, Any]]:
    for row in CATALOGUE.values():
        yield {
            "type": row.name,
            "v": row.version,
            "issuers": list(row.issuers),
            "subject": row.subject,
            "amends": list(row.amends),
            "effect": row.effect if row.amends else None,
            "cited_from": list(row.cited_from),
            "cites": cites.get(row.name, {}),
            "ends": row.ends,
            **shape_of(row.body),
        }
    yield {
        "type": GENERIC,
        "v": 1,
        "issuers": ["party"],
        "amends": [],
        "cited_from": [],
        "cites": {},
    }


Reads = Mapping[str, Mapping[str, Mapping[str, list[str]]]]
"""``rules`` and ``questions``, by id, by topic: which subjects, in words; ``reasons``, by code:
which types its ``entries`` are of, place by place; ``cites``, by type, by field: the types that
may be cited there."""


def bound_by(raw: bytes) -> tuple[str, Reads]:
    """Return the transcript and the reads that a document names: what only telling it again shows."""
    found = json.loads(raw)
    rules = {row["id"]: row["reads"] for row in found["rules"] if row["reads"]}
    questions = {row["question"]: row["reads"] for row in found["questions"]}
    reasons = {row["code"]: {"entries": row["entries"]} for row in found["reasons"]}
    cites = {row["type"]: row["cites"] for row in found["types"] if row.get("cites")}
    return found["transcript"][0], {
        "rules": rules,
        "questions": questions,
        "reasons": reasons,
        "cites": cites,
    }


def _rules(reads: Mapping[str, Mapping[str, list[str]]]) -> Iterator[dict[str, Any]]:
    yield {
        "id": MALFORMED,
        "types": ["all"],
        "bite": "rechecked",
        "turn": "first",
        "says": MALFORMED_SENTENCE,
        "reads": {},
    }
    for item in REGISTRY.rules.values():
        yield {
            "id": item.id,
            "types": list(item.types),
            "bite": item.bite,
            "turn": item.turn,
            "says": item.sentence,
            "reads": reads.get(item.id, {}),
        }


def _limits() -> Iterator[dict[str, Any]]:
    for name, rows in MOST.items():
        for most in rows:
            yield {
                "type": name,
                "histories": list(most.topics),
                "by": most.by,
                "count": most.count,
                "days": most.days,
                "free": most.free,
            }


def _question(asked: Question, reads: Mapping[str, Mapping[str, list[str]]]) -> dict[str, Any]:
    return {
        "question": asked.name,
        "timed": asked.timed,
        "parameters": [
            {"name": item.name, "form": item.form}
            | ({} if item.default is None else {"default": item.default})
            for item in asked.parameters
        ],
        "answer": in_words(SHAPES[asked.name]),
        "reads": reads.get(asked.name, {}),
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


def content(transcript: str, reads: Reads) -> dict[str, Any]:
    """Return the document of the rules in force in this code, as a JSON value."""
    return {
        "statement": carries(),
        "texts": texts(),
        "parts": parts(),
        "types": list(_types(reads["cites"])),
        "rules": list(_rules(reads["rules"])),
        "numbers": numbers(),
        "sampling": printed(),
        "territories": {
            "codes": listing().count("\n"),
            "sha256": sha256(listing().encode()).hexdigest(),
        },
        "topics": {topic: list(kinds) for topic, kinds in KEPT_BY.items()},
        "limits": list(_limits()),
        "papers": [list(item) for item in TRADER_PAPERS],
        "foreign_papers": [list(item) for item in FOREIGN_PAPERS],
        "certified_categories": list(CERTIFIED_CATEGORIES),
        "certified_in": [CERTIFIED_IN],
        "questions": [_question(item, reads["questions"]) for item in QUESTIONS.values()],
        "reasons": [
            {
                "code": code,
                "facts": [*facts, *(f"{n}?" for n in _added(code) if n not in facts)],
                **reads["reasons"][code],
            }
            for code, facts in CODES.items()
        ],
        "transcript": [transcript],
    }


def _added(code: str) -> tuple[str, ...]:
    """Return the facts that a code may add."""
    return SINCE, UNTIL, *MENDING.get(code, ())


def document(transcript: str, reads: Reads) -> bytes:
    """Return the published bytes of the document: JSON, a line for each thing it binds.

    Args:
        transcript: the SHA-256 of what the code makes of the statements it is told there.
        reads: what each rule and question was seen to read in it, and each reason to name.

    """
    return f"{{{','.join(map(_section, content(transcript, reads).items()))}\n}}\n".encode()
