"""Questions asked over HTTP: parameters, both times, the answer in words, its bundle."""

import importlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from api.http.caching import Tagged, tagged
from api.http.json_text import json_of
from api.http.problems import Problem
from api.reading.queries import instant_us, whole
from api.reading.reads import Reads
from ledger.answering.meant import meant
from ledger.evidence.bundle import Bundle, encode_bundle, leans_on
from ledger.primitives.instant import format_us
from ledger.primitives.strict import parse_base64
from ledger.questions.declared import Question
from ledger.questions.forms import wrong_parameters
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement
from ledger.statements.log_family import Seal
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note

# The operator's own service can say no more; a bundle and a trust file can.
COMPLETENESS = "asserted by the operator"


def path_of(name: str) -> str:
    """Return the path of a question."""
    return f"/v1/{name.replace('_', '-')}"


def parse_parameters(asked: Question, query: Mapping[str, str]) -> dict[str, str]:
    """Return a question's parameters in their canonical forms, defaults filled in.

    Raises:
        Problem: 400, names every parameter that is missing or in another form.

    """
    found: dict[str, str] = {}
    wrong: list[str] = []
    for item in asked.parameters:
        value = query.get(item.name, item.default)
        if value is None:
            wrong.append(f"{item.name}: missing. {item.words.en}")
            continue
        found[item.name] = value
    wrong += wrong_parameters(asked, found)
    if wrong:
        raise Problem(400, "; ".join(wrong))
    return found


def parse_times(query: Mapping[str, str]) -> dict[str, int | None]:
    """Return the times a question is asked about, as ``prove`` takes them."""
    at, known_at, since = (query.get(name) for name in ("at", "known_at", "since"))
    return {
        "valid_at_us": None if at is None else instant_us("at", at),
        "known_at": None if known_at is None else whole("known_at", known_at, least=1),
        "since": None if since is None else whole("since", since, least=1),
    }


def answered(
    reads: Reads,
    name: str,
    parameters: dict[str, str],
    times: dict[str, int | None],
    language: str,
) -> Tagged:
    """Answer a question in words."""
    bundle = reads.prove(name, parameters, **times)
    return tagged(json_of(answer_of(bundle, reads, language)))


def proven(
    reads: Reads, name: str, parameters: dict[str, str], times: dict[str, int | None]
) -> tuple[Tagged, list[dict[str, Any]]]:
    """Answer a question with its evidence: the bundle, and what may be meant beside it."""
    bundle = reads.prove(name, parameters, **times)
    return tagged(encode_bundle(bundle)), near_names(bundle, reads)


def _seal_us(bundle: Bundle, size: int) -> int:
    """Return the time of the seal behind the bundle's checkpoint."""
    raw = next(item.bytes for item in bundle.statements if item.index == size - 1)
    body = decode_body(parse_statement(parse_base64(raw)))
    assert isinstance(body, Seal)  # noqa: S101 - a checkpoint's last entry is one
    return body.time_us


def _sentences(bundle: Bundle, language: str) -> list[str] | None:
    """Return the answer in words, None in a release without them."""
    try:
        phrases = importlib.import_module("ledger.phrases")
    except ModuleNotFoundError:
        return None
    said = phrases.sentences(bundle.question, bundle.parameters, bundle.answer, language)
    return list(phrases.with_names(said, bundle.names, language))


def near_names(bundle: Bundle, reads: Reads) -> list[dict[str, Any]]:
    """Return what may be meant by each name asked about that nobody registered, as JSON."""
    return [one.row() for one in meant(reads.log, bundle.parameters)]


def answer_of(bundle: Bundle, reads: Reads, language: str) -> dict[str, Any]:
    """Return an answer as JSON: everything a reader must know beside it, without its proofs."""
    note = parse_note(bundle.checkpoint)
    size = parse_checkpoint(note.text).size
    valid_at = None if bundle.valid_at_us is None else format_us(bundle.valid_at_us)
    found: dict[str, Any] = {
        "question": bundle.question,
        "parameters": bundle.parameters,
        "valid_at": valid_at,
        "known_at": bundle.known_at,
        "answer": bundle.answer,
        "names": bundle.names,
    }
    sentences = _sentences(bundle, language)
    if sentences is not None:
        found["sentences"] = sentences
    found["language"] = language
    found["completeness"] = COMPLETENESS
    found["leans_on"] = list(leans_on(bundle))
    again = bundle.parameters | ({} if valid_at is None else {"at": valid_at})
    query = urlencode(again | {"known_at": str(bundle.known_at), "bundle": "1"})
    if near := near_names(bundle, reads):
        found["meant"] = near
    return found | {
        "cosigned_by": [item.name for item in note.signatures if item.name != reads.log.origin],
        "fresh_at": format_us(_seal_us(bundle, size)),
        "clock": reads.log.clock.kind,
        "size": size,
        "bundle": f"{path_of(bundle.question)}?{query}",
    }
