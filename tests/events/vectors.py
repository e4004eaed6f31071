"""The events of the vectors, each as one that stands for itself: with the context of its document."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger.primitives import ijson


def contexts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def events_of(path: Path) -> Iterator[dict[str, Any]]:
    document = ijson.decode_decimals(path.read_bytes(), limit=1_000_000)
    body = document.get("epcisBody", {})
    found = body.get("eventList") or body.get("queryResults", {}).get("resultsBody", {}).get(
        "eventList", [document]
    )
    above = contexts(document.get("@context"))
    for event in found:
        own = [] if event is document else contexts(event.get("@context"))
        yield event | {"@context": above + [one for one in own if one not in above]}
