"""What the overviews have beside verdict, reasons, notes and what they rest on: answers in pages."""

from collections.abc import Mapping
from typing import Any

Shape = Any
"""The words of a plain value, a list of one shape, an object of shapes by name, or (shape, None)."""

REASONS = [{"code": "text", "entries": ["integer"], "facts": "the facts of its code"}]

_MARKS = [
    {
        "entry": "integer",
        "id": "text",
        "kind": "text",
        "brand": "text",
        "issuer": "text",
        "holder": "text",
        "goods": ["text"],
        "from": "text",
        "until": "text or null",
        "state": "text",
        "why": REASONS,
    }
]
_GRANT = {
    "entry": "integer",
    "id": "text",
    "parent": "integer or null",
    "issuer": "text",
    "grantee": "text",
    "brand": "text",
    "goods": ["text"],
    "territories": ["text"],
    "channels": ["text"],
    "shop_types": ["text"],
    "shops": ["text"],
    "exclusive": "true or false",
    "platform_exclusive": "true or false",
    "notice_days": "integer or null",
    "irrevocable_until": "text or null",
    "depth": "integer",
    "from": "text",
    "until": "text or null",
    "ends": "text or null",
    "state": "text",
    "why": REASONS,
}
PLANS = [
    {
        "entry": "integer",
        "cause": {
            "id": "text",
            "entry": "integer",
            "type": "text",
            "subject": "text",
        },
        "root_cause": "text",
        "stage": "text or null",
        "state": "text",
        "actions": [
            {
                "action": "integer",
                "text": "text",
                "due": "text",
                "done_by": "integer or null",
                "done_at": "text or null",
            }
        ],
        "verified_by": "integer or null",
        "verifier": "text or null",
        "measures": [
            {
                "product": "text",
                "property": "text",
                "unit": "text",
                "direction": "text",
                "stated": "text",
                "target": "text",
                "proof": "text",
                "before": "integer or null",
                "results": [
                    {"entry": "integer", "lot": "text", "value": "text", "reached": "true or false"}
                ],
            }
        ],
    }
]
ADVICE = [
    {
        "entry": "integer",
        "text": "text",
        "grounds": ["text"],
        "answer_by": "text",
        "answered_by": "integer or null",
    }
]
ENDING = [
    {
        "what": "text",
        "entry": "integer",
        "kind": "text or null",
        "name": "text",
        "issuer": "text",
        "holder": "text",
        "begins": "text or null",
        "until": "text",
        "renewed": "integer or null",
    }
]
TREND = [
    {
        "month": "text",
        "score": "integer or null",
        "grade": "text",
        "outcomes": "integer",
    }
]
LISTED = [
    {
        "entry": "integer",
        "product": "text",
        "shop": "text",
        "category": "text",
        "territories": ["text"],
        "verdict": "text",
        "why": REASONS,
    }
]
COMPLAINTS = [
    {
        "entry": "integer",
        "product": "text",
        "lot": "text or null",
        "shop": "text or null",
        "on": "text",
    }
]
FORWARD: Mapping[str, Shape] = {
    "made_of_it": [
        {
            "lot": "text",
            "entry": "integer",
            "maker": "text",
            "made": "text",
            "of_lot": "text",
            "stands": "text",
        }
    ],
    "went": [
        {
            "entry": "integer",
            "kind": "text",
            "lot": "text",
            "issuer": "text",
            "receiver": "text or null",
            "moved_at": "text",
            "amount": "text or null",
            "unit": "text or null",
            "place": "text or null",
            "to_place": "text or null",
            "delivery": "text or null",
            "in_units": ["text"],
            "confirmed_by": "integer or null",
            "undone": ({"entry": "integer", "issuer": "text"}, None),
        }
    ],
    "sellers": [
        {
            "entry": "integer",
            "product": "text",
            "trader": "text",
            "shop": "text",
            "territories": ["text"],
        }
    ],
}
"""Where goods went: what was made of them, movement by movement, who sells them."""
_PAGED = {"page": "integer", "pages": "integer"}

OVERVIEWS: Mapping[str, Shape] = {
    "grants": {
        **_PAGED,
        "holds": "integer",
        "granted": "integer",
        "marks": _MARKS,
        "held": [_GRANT],
        "given": [_GRANT | {"below": "integer"}],
    },
    "brand": {
        **_PAGED,
        "stand": "integer",
        "coming": "integer",
        "over": "integer",
        "first_end": "text or null",
        "marks": _MARKS,
        "given": [_GRANT],
    },
    "trader": {
        **_PAGED,
        "total": "integer",
        "listed": LISTED,
    },
    "place": {
        **_PAGED,
        "audited": "integer",
        "open": "integer",
        "lots": "integer",
        "owners": [
            {"party": "text", "entry": "integer", "country": "text", "activities": ["text"]}
        ],
        "audits": [
            {
                "entry": "integer",
                "auditor": "text",
                "on": "text",
                "next_due": "text",
                "findings": [{"point": "text", "severity": "text", "text": "text"}],
            }
        ],
        "made_there": [
            {
                "entry": "integer",
                "lot": "text",
                "maker": "text",
                "made": "text",
                "amount": "text",
                "unit": "text",
            }
        ],
    },
    "where_used": {
        **_PAGED,
        "total": "integer",
        "made_of_it": FORWARD["made_of_it"],
        "went": FORWARD["went"],
        "events": [
            {
                "entry": "integer",
                "event": "text",
                "step": "text",
                "about": "text",
                "issuer": "text",
                "senders": ["text"],
                "receivers": ["text"],
                "moved_at": "text",
                "place": "text or null",
                "to_place": "text or null",
            }
        ],
        "balance": [
            {
                "party": "text",
                "unit": "text or null",
                "made_amount": "text or null",
                "received_amount": "text or null",
                "sent_amount": "text or null",
                "used_amount": "text or null",
                "destroyed_amount": "text or null",
                "left_amount": "text or null",
                "unsaid": "integer",
                "came_from": ["text"],
                "went_to": ["text"],
            }
        ],
        "sellers": FORWARD["sellers"],
    },
    "ties": {
        **_PAGED,
        "total": "integer or null",
        "parties": [
            {
                "party": "text",
                "how": "text",
                "through": "text or null",
                "uscc": "text or null",
                "papers": ["integer"],
            }
        ],
        "papers": [
            {
                "entry": "integer",
                "id": "text",
                "holder": "text",
                "of": "text",
                "relation": "text",
                "number": "text",
                "issuer": "text",
                "from": "text",
                "until": "text or null",
            }
        ],
    },
    "quality_centre": {
        **_PAGED,
        "total": "integer",
        "on_sale": "integer",
        "score": "integer or null",
        "grade": "text",
        "outcomes": "integer",
        "to_do": "integer",
        "counts": {
            "found": "integer",
            "complaints": "integer",
            "advice": "integer",
            "plans": "integer",
            "ending": "integer",
        },
        "first": [
            {
                "when": "text",
                "alone": "integer",
                "gains": "integer",
                "against": "integer",
                "why": REASONS,
            }
        ],
        "products": [
            {
                "product": "text",
                "category": "text",
                "score": "integer or null",
                "grade": "text",
                "outcomes": "integer",
                "usual": "integer or null",
                "apart": "integer or null",
            }
        ],
        "trend": TREND,
        "found": [{"mode": "text", "severity": "text", "count": "integer", "entries": ["integer"]}],
        "complaints": COMPLAINTS,
        "advice": ADVICE,
        "plans": PLANS,
        "ending": ENDING,
        "listed": LISTED,
    },
    "market_feedback": {
        **_PAGED,
        "sold": "integer",
        "came_back": "integer",
        "of_goods": "integer",
        "rate": "integer or null",
        "complained": "integer",
        "seen": "integer",
        "returned": [{"reason": "text", "count": "integer"}],
        "times": [
            {
                "entry": "integer",
                "from": "text",
                "until": "text",
                "sold": "integer",
                "came_back": "integer",
                "rate": "integer or null",
                "late": "true or false",
            }
        ],
        "missing": [{"from": "text", "until": "text"}],
        "complaints": COMPLAINTS,
        "observed": [
            {
                "entry": "integer",
                "about": "text",
                "on": "text",
                "findings": [{"point": "text", "severity": "text", "text": "text"}],
            }
        ],
    },
}
"""Question -> the shape of its answer's own fields."""
