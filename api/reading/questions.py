"""Questions asked over HTTP: parameters, both times, the answer in words, its bundle."""

from collections.abc import Mapping
from typing import Any

from api.http.caching import Tagged, tagged
from api.http.json_text import json_of
from api.http.problems import Problem
from api.reading.queries import instant_us, whole
from api.reading.reads import Reads
from ledger.answering.meant_here import meant_here
from ledger.answering.named import name_near
from ledger.answering.then_here import then_here
from ledger.evidence.answered import beside, row_of_made
from ledger.evidence.bundle import Bundle, encode_bundle
from ledger.questions.declared import Question
from ledger.questions.forms import wrong_parameters
from ledger.texts import Lang, saying
from ledger.texts.joints import Parts


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
            wrong.append(saying("{name}: missing. {says}", name=item.name, says=item.words))
            continue
        found[item.name] = value
    wrong += wrong_parameters(asked, found)
    if wrong:
        raise Problem(400, saying("{wrong}", wrong=Parts(tuple(wrong))))
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
    language: Lang,
) -> Tagged:
    """Answer a question in words."""
    bundle = reads.prove(name, parameters, **times)
    about_past = times["valid_at_us"] is not None and times["known_at"] is None
    return tagged(json_of(answer_of(bundle, reads, language, about_past=about_past)))


def proven(
    reads: Reads, name: str, parameters: dict[str, str], times: dict[str, int | None]
) -> tuple[Tagged, list[dict[str, Any]]]:
    """Answer a question with its evidence: the bundle, and what may be meant beside it."""
    bundle = reads.prove(name, parameters, **times)
    return tagged(encode_bundle(bundle)), near_names(bundle, reads)


def near_names(bundle: Bundle, reads: Reads) -> list[dict[str, Any]]:
    """Return what may be meant by each name asked about that nobody registered, as JSON."""
    return [one.row() for one in meant_here(reads.log, bundle.parameters)]


def answer_of(
    bundle: Bundle, reads: Reads, language: Lang, *, about_past: bool = False
) -> dict[str, Any]:
    """Return an answer as JSON: everything a reader must know beside it, without its proofs."""
    near = name_near(near_names(bundle, reads), reads.view)
    then = then_here(reads.log, bundle) if about_past else None
    return row_of_made(bundle, reads.log.clock.kind, language) | beside(then, near)
