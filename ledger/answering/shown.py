"""One entry as JSON: what it is, whose key, what became of it. The command and the service say the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ledger.answering.ground import Ground
from ledger.answering.named import MAX_ASKED, names_in, texts_in_entry
from ledger.errors import SignatureError
from ledger.histories.history import Entry, View
from ledger.histories.seals import sealed
from ledger.primitives import ijson
from ledger.primitives.clock import MICROSECONDS
from ledger.primitives.instant import format_us
from ledger.primitives.strict import format_base64
from ledger.rules.became import Later, became, fallen_grounds
from ledger.rules.state import KeyState, key_state
from ledger.statements.catalogue import histories_of, type_name
from ledger.statements.envelope import SignedStatement
from ledger.tlog.merkle import leaf_hash, prove_inclusion, subtree_root

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an entry stands: in the tree of a checkpoint, behind which seal."""

    registered_us: int
    path: Sequence[bytes]
    size: int
    root: bytes
    checkpoint: str | None
    """The signed note; None where the tree is not signed yet."""


def listed(entry: Entry, registered_us: int) -> Row:
    """Return an entry as a list shows it; ``entry`` and ``receipt``: the paths at a ledger's service."""
    statement = entry.statement
    id_ = statement.id.hex()
    return {
        "index": entry.index,
        "id": id_,
        "type": type_name(entry.body),
        "issuer": statement.issuer,
        "subject": statement.subject,
        "issued_at": format_us(statement.issued_at * MICROSECONDS),
        "registered_at": format_us(registered_us),
        "entry": f"/v1/entries/{id_}",
        "receipt": f"/entries/{id_}",
    }


def history_link(topic: str, subject: str) -> str:
    """Return where a ledger's service tells a history."""
    return f"/v1/history?topic={quote(topic, safe='')}&subject={quote(subject, safe='')}"


def whole(
    entry: Entry,
    placed: Placed,
    view: View,
    key: KeyState | None,
    amends: int | None,
    attached: Sequence[bytes] | None,
) -> Row:
    """Return an entry decoded, with its bytes, what became of it, its histories and its proof.

    Args:
        entry: the entry.
        placed: where it stands.
        view: where histories are read.
        key: what became of the key it was signed with.
        amends: the entry that it ends, corrects or erases values of.
        attached: receipts of other logs beside it, none of them verified; None where nobody asked.

    """
    statement = entry.statement
    payload: Any = format_base64(statement.payload)
    if statement.native:
        payload = ijson.decode(statement.payload)
    row: Row = listed(entry, placed.registered_us) | {"amends": amends}
    row |= fate(view, entry, key, placed.registered_us)
    row["values"] = unsealed(entry, row["amendments"])
    return row | {
        "names": names_in(view, texts_in_entry(entry), MAX_ASKED),
        "content_type": statement.content_type,
        "hash_envelope": statement.hashed and statement.hashed.row(),
        "kid": statement.kid.hex(),
        "payload": payload,
        "bytes": format_base64(statement.leaf),
        "attached": None if attached is None else [format_base64(item) for item in attached],
        "histories": [
            {"topic": topic, "subject": subject, "link": history_link(topic, subject)}
            for topic, subject in histories_of(statement, entry.body)
        ],
        "proof": inclusion(
            entry.index, leaf_hash(statement.leaf), placed.size, placed.path, placed.root
        ),
        "checkpoint": placed.checkpoint,
    }


def entry_of(ground: Ground, entry: Entry, attached: Sequence[bytes]) -> Row:
    """Return an entry whole, proven to be in a log as of its size; ``attached``: as of ``whole``."""
    view, size = ground.view, ground.size
    target = getattr(entry.body, "target", None)
    amends = None if target is None else ground.index_of(bytes.fromhex(target.id))
    path = prove_inclusion(entry.index, size, ground.tree)
    root = subtree_root(0, size, ground.tree)
    placed = Placed(sealed(ground, entry.index)[1], path, size, root, ground.note)
    return whole(entry, placed, view, key_state(view, entry.statement.kid), amends, attached)


def inclusion(index: int, leaf: bytes, size: int, path: Sequence[bytes], root: bytes) -> Row:
    """Return the proof that a leaf, by its hash, is in the tree of a size, as JSON values."""
    return {
        "index": index,
        "size": size,
        "leaf_hash": format_base64(leaf),
        "path": [format_base64(item) for item in path],
        "root": format_base64(root),
    }


def fate(view: View, entry: Entry, key: KeyState | None, registered_us: int) -> Row:
    """Return what became of an entry, and whether its key was in other hands.

    Args:
        view: where histories are read.
        entry: the entry.
        key: what became of the key it was signed with.
        registered_us: the time of the seal behind it.

    """
    return {
        "key_bound_by": None if key is None else key.bound_by,
        "possession": _possession(entry.statement, key),
        "amendments": amendment_rows(became(view, entry)),
        "fallen": [
            {"entry": index, "ended_by": ended} for index, ended in fallen_grounds(view, entry)
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
