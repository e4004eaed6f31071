"""Rows told beside a body that is signed or proven: a header of JSON in ASCII, of bounded size."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

MAX_TOLD_SIZE = 4_096
"""Of a header: proxies take 8 KiB of all of them."""


def told_beside(name: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the header that tells rows, as many as it holds; none without any."""
    told: list[Mapping[str, Any]] = []
    for row in rows:
        if len(json.dumps([*told, row])) > MAX_TOLD_SIZE:
            break
        told.append(row)
    return {name: json.dumps(told)} if told else {}
