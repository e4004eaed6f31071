"""The whole rule book: importing it registers every rule; it writes the published document.

Most rules stand below the questions; those for labels ask some of them, so the book that binds
them all stands here.
"""

import json

from ledger.questions import label_rules
from ledger.rules import (
    appeals,
    brands,
    citations,
    common,
    goods,
    identity,
    improvements,
    laboratories,
    log,
    objections,
    observers,
    quality,
    sampling,
    sanctions,
    standards,
    trade,
)
from ledger.rules.registry import REGISTRY, Case, Refusal, Rule, review
from ledger.statements.catalogue import CATALOGUE, GENERIC

FAMILIES = (
    common, identity, log, citations, brands, goods, sampling, standards, laboratories, objections,
    trade, sanctions, appeals, improvements, observers, quality, label_rules,
)  # fmt: skip

REGISTRY.arrange([family.__name__ for family in FAMILIES])

MALFORMED = "malformed"
MALFORMED_SENTENCE = "The bytes are a COSE_Sign1 in the documented form, at most 65,535 of them."


def document() -> bytes:
    """Return the document of the catalogue and rules in force in this code."""
    content = {
        "types": [
            {
                "type": row.name,
                "v": row.version,
                "issuers": list(row.issuers),
                "amends": list(row.amends),
                "cited_from": list(row.cited_from),
                "ends": row.ends,
            }
            for row in CATALOGUE.values()
        ]
        + [
            {
                "type": GENERIC,
                "v": 1,
                "issuers": ["party"],
                "amends": [],
                "cited_from": [],
                "ends": None,
            }
        ],
        "rules": [
            {"id": MALFORMED, "types": ["all"], "bite": "rechecked", "says": MALFORMED_SENTENCE}
        ]
        + [
            {"id": item.id, "types": list(item.types), "bite": item.bite, "says": item.sentence}
            for item in REGISTRY.rules.values()
        ],
    }
    return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"


__all__ = ["REGISTRY", "Case", "Refusal", "Rule", "document", "review"]
