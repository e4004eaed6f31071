"""An answer as one JSON object, the same from the command, over HTTP, of a bundle and of a mirror.

What may stand beside (``then``, ``meant``) is no part of the answer: it is told by whoever has the
ledger at hand, and no bundle proves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

from ledger.evidence.bundle import ASSERTED, Bundle, Verified
from ledger.phrases import sentences, with_names
from ledger.primitives.instant import format_us
from ledger.primitives.strict import parse_base64
from ledger.questions.registry import replay_only_rules
from ledger.statements.catalogue import InvalidBody, decode_body, type_name
from ledger.statements.envelope import SignedStatement, parse_statement
from ledger.statements.fields import Body
from ledger.statements.log_family import Seal
from ledger.texts import Lang
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note

Statements = Mapping[int, tuple[SignedStatement, Body | None]]


class Row(Protocol):
    """What says itself as JSON."""

    def row(self) -> dict[str, Any]:
        """Return it."""
        ...


@dataclass(frozen=True, slots=True)
class _Worth:
    """How much an answer is worth: the size it is proven in, when that was seen, who vouches."""

    size: int
    fresh_us: int
    fresh_by: str
    clock: str
    completeness: str


def name_of(question: str) -> str:
    """Return what people call a question: on the command line and in paths."""
    return question.replace("_", "-")


def path_of(question: str) -> str:
    """Return where a server answers a question."""
    return f"/v1/{name_of(question)}"


def row_of_verified(found: Verified, lang: Lang) -> dict[str, Any]:
    """Return a verified answer as JSON."""
    entries = found.opened.entries
    statements = {index: (entry.statement, entry.body) for index, entry in entries.items()}
    worth = _Worth(
        found.checkpoint.size, found.fresh_us, found.fresh_by, found.clock, found.completeness
    )
    return _row(found, statements, worth, lang)


def row_of_made(bundle: Bundle, clock: str, lang: Lang) -> dict[str, Any]:
    """Return an answer as JSON, for whoever made its bundle and can say no more than that."""
    statements: dict[int, tuple[SignedStatement, Body | None]] = {}
    for item in bundle.statements:
        statement = parse_statement(parse_base64(item.bytes))
        body = decode_body(statement)
        if not isinstance(body, InvalidBody):
            statements[item.index] = (statement, body)
    size = parse_checkpoint(parse_note(bundle.checkpoint).text).size
    seal = statements[size - 1][1]
    assert isinstance(seal, Seal)  # noqa: S101 - a checkpoint's last entry is one
    worth = _Worth(size, seal.time_us, "the newest seal", clock, ASSERTED)
    return _row(bundle, statements, worth, lang)


def _row(
    found: Bundle | Verified, statements: Statements, worth: _Worth, lang: Lang
) -> dict[str, Any]:
    valid_at = None if found.valid_at_us is None else format_us(found.valid_at_us)
    said = sentences(found.question, found.parameters, found.answer, lang)
    again = found.parameters | ({} if valid_at is None else {"at": valid_at})
    query = urlencode(again | {"known_at": str(found.known_at), "bundle": "1"})
    return {
        "question": found.question,
        "parameters": found.parameters,
        "valid_at": valid_at,
        "known_at": found.known_at,
        "answer": found.answer,
        **({"entries": _listed(found.answer, statements)} if found.question == "history" else {}),
        "names": found.names,
        "language": lang,
        "sentences": list(with_names(said, found.names, lang)),
        "completeness": worth.completeness,
        "leans_on": list(replay_only_rules(body for _, body in statements.values())),
        "fresh_at": format_us(worth.fresh_us),
        "fresh_by": worth.fresh_by,
        "clock": worth.clock,
        "size": worth.size,
        "bundle": f"{path_of(found.question)}?{query}",
    }


def beside(then: Row | None, near: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what stands beside an answer, where there is anything.

    Args:
        then: what was answered with what was known at the past time asked about.
        near: what may be meant by names nobody registered.

    """
    told: dict[str, Any] = {} if then is None else {"then": then.row()}
    return told | ({"meant": near} if near else {})


def _listed(ids: list[str], statements: Statements) -> list[dict[str, Any]]:
    """Return the entries of a history: their places, ids, types, who said them of what and when."""
    by_id = {statement.id.hex(): index for index, (statement, _) in statements.items()}
    rows = []
    for id_ in ids:
        statement, body = statements[by_id[id_]]
        rows.append(
            {
                "index": by_id[id_],
                "id": id_,
                "type": type_name(body),
                "issuer": statement.issuer,
                "subject": statement.subject,
                "issued_at": format_us(statement.issued_at * 1_000_000),
            }
        )
    return rows
