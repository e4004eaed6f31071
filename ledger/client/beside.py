"""What a server says beside what is verified: rows of texts, printed as its word and no more."""

import json
from collections.abc import Mapping
from typing import Any

MAX_ROWS = 100


def _fits(row: object, form: Mapping[str, type]) -> bool:
    return (
        isinstance(row, dict)
        and all(isinstance(row.get(name), kind) for name, kind in form.items())
        and all(
            isinstance(item, str)
            for name, kind in form.items()
            if kind is list
            for item in row[name]
        )
    )


def rows_of(told: object, form: Mapping[str, type]) -> list[Mapping[str, Any]]:
    """Return the rows that a header's text, or a value of an answer, tells; others are left out.

    Args:
        told: JSON in a text, or its value; whatever a server sent.
        form: each name a row must have, with its type: a text, or a list of texts.

    """
    if isinstance(told, str):
        try:
            told = json.loads(told or "[]")
        except (ValueError, RecursionError):
            return []
    rows = told if isinstance(told, list) else []
    return [row for row in rows[:MAX_ROWS] if _fits(row, form)]
