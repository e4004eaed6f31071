"""What answers have beside verdict, reasons, notes and what they rest on: fields in their order.

``?`` behind a name: left out where there is nothing to say. A pair with None: or null. Answers are
compared byte for byte, so an order is part of a shape; every scene of the tests is held against it.
"""

from collections.abc import Mapping

from ledger.questions.overview_shapes import (
    ADVICE,
    ENDING,
    FORWARD,
    OVERVIEWS,
    PLANS,
    REASONS,
    TREND,
    Shape,
)

_CHAIN = [
    {
        "kind": "text",
        "entry": "integer",
        "issuer": "text",
        "holder": "text",
        "from": "text",
        "until": "text or null",
        "key_bound_by": "text",
        "exclusive?": "true or false",
        "depth?": "integer",
    }
]

_SALE = {
    "brand": "text or null",
    "category": "text or null",
    "shop_types": ["text"],
    "chain": _CHAIN,
}

_SANCTIONS = [
    {
        "entry": "integer",
        "step": "text",
        "trader": "text",
        "issuer": "text",
        "from": "text",
        "until": "text or null",
        "appeal_by": "text",
        "grounds": "text",
        "triggers": [
            {"entry": "integer or null", "id": "text", "type": "text or null", "about": "text"}
        ],
        "rules_version": "integer",
        "shops": ["text"],
        "products": ["text"],
        "lots": ["text"],
        "damages": ({"amount": "integer", "currency": "text"}, None),
        "interim": "true or false",
        "confirmed_by": "integer or null",
        "appeal": (
            {"entry": "integer", "decision": "integer or null", "outcome": "text or null"},
            None,
        ),
        "plans": {"open": "integer", "effective": "integer", "ineffective": "integer"},
        "lifted_by": "integer or null",
    }
]

_REPORTS = [
    {
        "entry": "integer",
        "id": "text",
        "type": "text",
        "laboratory": "text",
        "number": "text",
        "sample": "text",
        "lot": "text",
        "issued": "text",
        "state": "text",
        "documents": ["text"],
        "objections": [
            {
                "entry": "integer",
                "party": "text",
                "properties": ["text"],
                "closed": "integer or null",
                "outcome": "text or null",
                "retest": "integer or null",
            }
        ],
    }
]

_COVERED = [
    {
        "product": "text",
        "trader": "text",
        "shops": ["text"],
        "listings": ["integer"],
        "inspections": ["integer"],
    }
]

_COUNTED = {"passed": "integer", "failed": "integer"}

SHAPES: Mapping[str, Shape] = {
    "history": ["text"],
    "may_sell": _SALE,
    "trace": {
        "page": "integer",
        "pages": "integer",
        "lots": [
            {
                "lot": "text",
                "entry": "integer",
                "facility": "text",
                "made": "text",
                "inputs": ["text"],
            }
        ],
        "entries": [
            {
                "entry": "integer",
                "type": "text",
                "issuer": "text",
                "subject": "text",
                "about": "text",
                "issued_at": "text",
                "decided": "text or null",
                "later": "true or false",
                "undone": ({"entry": "integer", "issuer": "text"}, None),
            }
        ],
        **FORWARD,
    },
    "listable": {**_SALE, "facilities": ["text"]},
    "impact": {
        "takes_effect": "text or null",
        "grants": [{"entry": "integer", "id": "text", "grantee": "text", "begins": "text or null"}],
        "traders": ["text"],
        "shops": ["text"],
        "listings": [
            {"entry": "integer", "product": "text", "shop": "text", "territories": ["text"]}
        ],
    },
    "expiring": {"ending": ENDING},
    "admission": {
        "decision": "text or null",
        "grounds": ["text"],
        "reviewed": [{"entry": "integer", "type": "text", "stands": "text"}],
    },
    "sanctions": {
        "live": _SANCTIONS,
        "coming": _SANCTIONS,
        "past": _SANCTIONS,
        "lifted": _SANCTIONS,
    },
    "visits": {
        "visits": [
            {
                "entry": "integer",
                "visit": "text",
                "observer": "text",
                "kind": "text or null",
                "arrived": "text",
                "in_period": "text",
                "invitation": "integer or null",
                "tie": "text or null",
                "observations": [
                    {
                        "entry": "integer",
                        "published": "text",
                        "text": "text",
                        "findings": [{"point": "text", "severity": "text", "text": "text"}],
                        "seen": [
                            {
                                "point": "text",
                                "zh": "text",
                                "en": "text",
                                "kind": "text",
                                "told": "text or null",
                                "unseen": "text or null",
                            }
                        ],
                        "replies": [{"entry": "integer", "type": "text", "by": "text"}],
                    }
                ],
            }
        ],
        "invited": [
            {
                "entry": "integer",
                "observer": "text",
                "from": "text",
                "until": "text or null",
                "state": "text",
                "checklist": "integer or null",
                "publish_by": "text or null",
                "published": "text or null",
            }
        ],
    },
    "plan": {
        "plan": (
            {
                "letter": "text or null",
                "severity": "text",
                "sample_size": "integer",
                "accept": "integer",
                "reject": "integer",
            },
            None,
        ),
        "score": "integer or null",
        "moves": [{"entry": "integer", "to": "text", "by": ["integer"]}],
    },
    "label": {
        "state": "text",
        "since": "text or null",
        "label": (
            {
                "entry": "integer",
                "standard": "text",
                "version": "integer or null",
                "until": "text",
            },
            None,
        ),
        "lapses": ({"at": "text", "reasons": REASONS}, None),
        "criteria": [
            {
                "property": "text",
                "unit": "text",
                "direction": "text",
                "limit": "text",
                "severity": "text",
                "met": "text",
                "report": "integer or null",
                "lot": "text or null",
                "value": "text or null",
                "until": "text or null",
            }
        ],
        "index": ({"score": "integer or null", "grade": "text", "limit": "integer"}, None),
        "seller": ({"entry": "integer", "shop": "text", "trader": "text"}, None),
    },
    "pledges": {
        "promises": [
            {
                "standard": "text or null",
                "within_days": "integer or null",
                "text": "text or null",
                "promise": "text",
                "pledge": "integer",
                "from": "text",
                "until": "text or null",
                "kept": "text",
                "breaks": ["integer"],
                "shows": ["integer"],
            }
        ]
    },
    "index": {
        "model": ({"id": "text", "entry": "integer"}, None),
        "score": "integer or null",
        "grade": "text",
        "outcomes?": "integer",
        "inputs?": "text",
        "passing?": "integer",
        "failing?": "integer",
        "sources?": {
            "flight?": _COUNTED,
            "inbound?": _COUNTED,
            "mystery?": _COUNTED,
            "observer?": _COUNTED,
            "origin?": _COUNTED,
            "patrol?": _COUNTED,
        },
        "moved?": [
            {
                "entry": "integer",
                "source": "text",
                "about": "text",
                "on": "text",
                "failure": "text or null",
                "weight": "integer",
                "points": "integer",
                "mended_by": "integer or null",
            }
        ],
        "trend?": TREND,
    },
    "coverage": {"uncovered": _COVERED, "covered": _COVERED, "untouched": ["text"]},
    "report": {
        "reports": _REPORTS,
        "results": [
            {
                "entry": "integer",
                "property": "text",
                "value": "text",
                "unit": "text",
                "outcome": "text",
                "state": "text",
            }
        ],
    },
    "reports": {"reports": _REPORTS},
    "improvement": {
        "plans": PLANS,
        "advice": ADVICE,
    },
    "invitations": {
        "invitations": [
            {
                "entry": "integer",
                "id": "text",
                "to": "text",
                "from": "text",
                "until": "text or null",
                "state": "text",
                "checklist": "integer or null",
                "publish_by": "text or null",
                "pick": "text or null",
                "visits": ["integer"],
            }
        ]
    },
    "observers": {
        "page": "integer",
        "pages": "integer",
        "applications": "integer",
        "calls": [
            {
                "entry": "integer",
                "id": "text",
                "from": "text",
                "until": "text or null",
                "state": "text",
                "terms": "text",
                "seats": [
                    {
                        "kind": "text",
                        "count": "integer",
                        "applied": "integer",
                        "appointed": "integer",
                        "declined": "integer",
                        "unanswered": "integer",
                    }
                ],
            }
        ],
        "members": [
            {
                "party": "text",
                "entry": "integer",
                "kind": "text",
                "call": "integer or null",
                "applied": "text",
                "ties": ["text"],
                "state": "text",
                "answer": "integer or null",
                "reason": "text or null",
                "from": "text or null",
                "until": "text or null",
                "ended_by": "text or null",
                "invited": "integer",
            }
        ],
        "drawn": [
            {"party": "text", "draw": "text", "entry": "integer", "invitation": "integer or null"}
        ],
    },
    "draw": {
        "programme": "text",
        "number": "integer",
        "candidates": "integer or null",
        "size": "integer or null",
        "round": "integer or null",
        "due": "text or null",
        "deadline": "text or null",
        "result": "integer or null",
        "witnessed": "text or null",
        "product": (
            {
                "role": "text",
                "in_frame": "text",
                "ticket": "text or null",
                "rank": "integer or null",
            },
            None,
        ),
        "picks": [
            {
                "role": "text",
                "key": "text",
                "rank": "integer or null",
                "ticket": "text or null",
                "state": "text",
                "reason": "text or null",
                "sealing": "text or null",
                "entry": "integer or null",
            }
        ],
    },
    "programme": {
        "category": "text or null",
        "baseline": "integer or null",
        "multiplier": "integer or null",
        "quarters": [
            {
                "quarter": "text",
                "until": "text",
                "expected": "integer",
                "executed": "integer",
                "shown": "integer",
                "over": "text",
            }
        ],
        "draws": [
            {
                "draw": "text",
                "entry": "integer",
                "state": "text",
                "left": "integer",
                "executed": "integer",
            }
        ],
    },
    **OVERVIEWS,
}
"""Question -> the shape of its answer's own fields; of ``history``, of the answer itself."""


def in_words(shape: Shape) -> str:
    """Return a shape as a text: ``{entry integer, shops [text]}``, ``or null`` behind it."""
    match shape:
        case dict():
            inside = ", ".join(f"{name} {in_words(inner)}" for name, inner in shape.items())
            return f"{{{inside}}}"
        case [inner]:
            return f"[{in_words(inner)}]"
        case (inner, None):
            return f"{in_words(inner)} or null"
        case _:
            return str(shape)
