"""One entry as JSON: what it is, whose key, what became of it. The command and the service say the same."""

from collections.abc import Iterable
from typing import Any

from ledger.errors import SignatureError
from ledger.histories.history import Entry
from ledger.primitives.instant import format_us
from ledger.rules.became import Later, ViewOf, became, fallen_grounds
from ledger.rules.state import KeyState
from ledger.statements.catalogue import type_name
from ledger.statements.envelope import SignedStatement


def fate(view_of: ViewOf, entry: Entry, key: KeyState | None, registered_us: int) -> dict[str, Any]:
    """Return what became of an entry, and whether its key was in other hands.

    Args:
        view_of: where histories are read.
        entry: the entry.
        key: what became of the key it was signed with.
        registered_us: the time of the seal behind it.

    """
    return {
        "key_bound_by": None if key is None else key.bound_by,
        "possession": _possession(entry.statement, key),
        "amendments": amendment_rows(became(view_of, entry)),
        "fallen": [
            {"entry": index, "ended_by": ended} for index, ended in fallen_grounds(view_of, entry)
        ],
        "doubt": _doubt(key, registered_us),
    }


def unsealed(entry: Entry, amendments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each sealed value of an entry where none is at hand: sealed, or erased."""
    erased = {name for row in amendments for name in row["fields"]}
    return [
        {
            "name": item.name,
            "state": "erased" if item.name in erased else "sealed",
            "value": None,
        }
        for item in getattr(entry.body, "sealed", ())
    ]


def _possession(statement: SignedStatement, key: KeyState | None) -> str:
    """Say how it is known that the issuer holds the key; this statement itself may show it."""
    if key is None:
        return "unknown"
    if key.possession:
        return "proven at registration"
    try:
        statement.verify(key.key)
    except SignatureError:
        return "unproven"
    return "shown by this statement's signature"


def amendment_rows(found: Iterable[Later]) -> list[dict[str, Any]]:
    """Return what later entries did to one."""
    rows: list[dict[str, Any]] = []
    for later in found:
        body, erased = later.entry.body, later.effect == "erases"
        row = {"index": later.entry.index, "type": type_name(body), "effect": later.effect}
        row["outcome"] = getattr(body, "outcome", None) or getattr(body, "decision", None)
        rows.append(row | {"fields": list(getattr(body, "fields", ())) if erased else []})
    return rows


def _doubt(key: KeyState | None, registered_us: int) -> dict[str, Any] | None:
    """Return since when the key of an entry is suspected, None where it was registered before."""
    if key is None or key.suspected is None or key.suspected_since_us is None:
        return None
    if registered_us < key.suspected_since_us:
        return None
    return {"entry": key.suspected, "since": format_us(key.suspected_since_us)}
