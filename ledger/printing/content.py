"""What stands on the paper: everything of it comes from a verified bundle."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ledger import __version__
from ledger.errors import MalformedError, ProofError, VerificationError
from ledger.evidence.bundle import Verified
from ledger.evidence.proven import Opened
from ledger.histories.history import Entry
from ledger.histories.views import AsOfView
from ledger.identifiers import ALL
from ledger.phrases import limits
from ledger.phrases.called import Names, name_of
from ledger.phrases.column_titles import column_title
from ledger.phrases.payload_words import in_words
from ledger.phrases.refusal_sentences import rule_sentence
from ledger.phrases.type_words import type_word
from ledger.phrases.value_words import word_of
from ledger.phrases.verdict_sentences import HEADINGS
from ledger.primitives import ijson
from ledger.primitives.instant import format_us
from ledger.printing.words import CHECKED, UNPROVEN, word
from ledger.questions.declared import QUESTIONS
from ledger.questions.names import names_of
from ledger.statements.catalogue import type_name
from ledger.statements.log_family import Seal
from ledger.tables.zone import in_zone
from ledger.texts import Lang
from ledger.texts.joints import clause, listed, parts

MAX_TOLD = 300
"""Statements on the timeline; a paper of more is read by nobody."""
MAX_LINES = 1_000
"""Lines of an answer, for the same reason."""
MAX_PAYLOAD = 4_000
ANSWER, THEN, SINCE = "answer.bundle.json", "known-then.bundle.json", "since.bundle.json"


@dataclass(frozen=True, slots=True)
class Proof:
    """A verified answer, its file, and what it says in sentences, as a terminal shows them."""

    raw: bytes
    verified: Verified
    said: Sequence[str]


def content(proofs: Mapping[str, Proof], lang: Lang) -> dict[str, Any]:
    """Return all that is printed, as JSON values.

    Args:
        proofs: the answer by ``ANSWER``. By ``THEN`` the same question with what was known at the time
            it is about, if that was answered otherwise; by ``SINCE`` with what was known when it was
            first answered as now.
        lang: of all words.

    """
    proof, found = proofs[ANSWER], proofs[ANSWER].verified
    cited = _cited(found)
    shown = cited[:MAX_TOLD]
    names = _names(found, shown, lang)
    called = {**found.names, **{id_: {lang: name} for id_, name in names.items()}}
    files = [_file(name, one, lang) for name, one in proofs.items()]
    asked = QUESTIONS[found.question]
    return {
        "lang": lang,
        "words": {name: word(lang, name) for name in _PLAIN},
        "date": format_us(found.fresh_us)[:10],
        "ledger": found.checkpoint.origin,
        "question": asked.words.to(lang),
        "parameters": _parameters(found, names, lang),
        "times": list(_times(found, lang)),
        "simulated": word(lang, "simulated") if found.clock == "simulated" else "",
        "verdict": _verdict(found, lang),
        "says": proof.said[0],
        "said": _said(proof.said[1:], lang),
        "then": _then(proofs, lang) if THEN in proofs else None,
        "parties": [[name, id_] for id_, name in names.items()],
        "timeline": [_row(entry, found.opened, names, lang) for entry in shown],
        "cut": word(lang, "cut", len(cited) - len(shown)) if cited[MAX_TOLD:] else "",
        "proven": limits(lang)[0],
        "limits": limits(lang)[1],
        "checked": list(_checked(found, lang)),
        "unproven": list(_unproven(found, lang)),
        "statements": [_statement(entry, called, lang) for entry in shown],
        "files": files,
        "verify": word(lang, "verify_says", " + ".join(one["name"] for one in files)),
        "log_key": str(found.log_key),
        "program": word(lang, "program", f"pinyuan {__version__}"),
    }


_AS_SIGNED = ("files", "statements")
"""What stays in UTC: commands that are typed again as they are, and what was signed."""


def zoned(stands: Mapping[str, Any], zone: str | None) -> dict[str, Any]:
    """Return what is printed with its moments in a time zone, each with its offset."""
    return {
        name: value if name in _AS_SIGNED else _in_zone(value, zone)
        for name, value in stands.items()
    }


def _in_zone(value: Any, zone: str | None) -> Any:
    match value:
        case str():
            return in_zone(value, zone)
        case list():
            return [_in_zone(one, zone) for one in value]
        case dict():
            return {name: _in_zone(one, zone) for name, one in value.items()}
        case _:
            return value


_PLAIN = (
    *("title", "ledger", "verdict", "asked", "found", "then", "parties", "id", "name", "entry"),
    *("timeline", "order", "signed", "registered", "what", "issuer", "subject", "nothing"),
    *("checked", "unproven", "annex", "statement_id", "key", "log_key", "file", "page"),
    *("verify_title", "digest_of", "when"),
    "paper",
)


def _names(found: Verified, cited: Sequence[Entry], lang: Lang) -> dict[str, str]:
    """Return what things are called: those asked about, who signed what is shown, and what it is about.

    The answer says it of its own; of the others it is read from the same evidence in the same way,
    and where that does not prove it they have no name here.
    """
    view = AsOfView(found.view, found.known_at)
    names = {}
    for id_ in _spoken_of(found, cited):
        name = name_of(id_, found.names, lang)
        if name is None and id_ not in found.names:
            try:
                called = names_of(view, [id_], found.valid_at_us)
            except VerificationError:
                called = {}
            name = name_of(id_, called, lang)
        if name is not None:
            names[id_] = name
    return names


def _spoken_of(found: Verified, cited: Sequence[Entry]) -> dict[str, None]:
    """Return the ids asked about, of whoever signed, and of what that is about, each once."""
    ids = dict.fromkeys(found.parameters.values())
    for entry in cited:
        ids |= dict.fromkeys((entry.statement.issuer, entry.statement.subject))
    return ids


def _verdict(found: Verified, lang: Lang) -> dict[str, str]:
    """Return the one word of an answer; of a list without verdict none."""
    answer = found.answer
    name = answer["verdict"] if isinstance(answer, dict) else ""
    return {"code": name, "word": word(lang, name) if name else ""}


def _said(lines: Sequence[str], lang: Lang) -> list[dict[str, str]]:
    """Return lines of a terminal with what each is: a heading, a point, a row, a sentence."""
    headings = {words.to(lang) for words in HEADINGS.values()}
    found = []
    for line in lines[:MAX_LINES]:
        kind = "text"
        if line in headings:
            kind = "heading"
        elif line.startswith("  - "):
            kind = "point"
        elif line.startswith("  "):
            kind = "row"
        found.append({"kind": kind, "text": line.removeprefix("  - ").strip()})
    if lines[MAX_LINES:]:
        found.append({"kind": "text", "text": word(lang, "cut", len(lines) - MAX_LINES)})
    return found


def _parameters(found: Verified, names: Mapping[str, str], lang: Lang) -> list[list[str]]:
    rows = []
    for name, value in found.parameters.items():
        of_ours = word_of(value)
        told = "" if of_ours is None or value in names else of_ours.to(lang)
        called = word(lang, "any") if value == ALL else names.get(value, told)
        rows.append([column_title(name, lang), value, called])
    return rows


def _times(found: Verified, lang: Lang) -> Iterator[list[str]]:
    if found.valid_at_us is not None:
        yield [word(lang, "about"), format_us(found.valid_at_us)]
    yield [word(lang, "known_at"), word(lang, "size", found.known_at)]
    by = word(lang, "witnesses" if found.fresh_by == "witnesses" else "seal")
    yield [word(lang, "seen"), word(lang, "seen_by", format_us(found.fresh_us), by)]


def _then(proofs: Mapping[str, Proof], lang: Lang) -> dict[str, Any]:
    then, found, since = proofs[THEN], proofs[THEN].verified, ""
    if SINCE in proofs:
        turned = proofs[SINCE].verified
        seal = turned.opened.seal_before(turned.known_at, "known_at")
        since = word(lang, "since_says", turned.known_at, format_us(seal.time_us))
    at = "" if found.valid_at_us is None else format_us(found.valid_at_us)
    return {
        "text": word(lang, "then_says", at, found.known_at),
        "since": since,
        "verdict": _verdict(found, lang),
        "says": then.said[0],
        "said": _said(then.said[1:], lang),
    }


def _cited(found: Verified) -> list[Entry]:
    """Return the entries that an answer names or rests on, in the log's order; no seals."""
    answer, entries = found.answer, found.opened.entries
    if isinstance(answer, list):
        by_id = {entry.statement.id.hex(): index for index, entry in entries.items()}
        indices = {by_id[one] for one in answer if one in by_id}
    else:
        indices = {*answer["rests_on"], *_listed(answer)}
        for reason in (*answer["reasons"], *answer["notes"]):
            indices.update(reason["entries"])
    cited = (entries[index] for index in sorted(indices) if index in entries)
    return [entry for entry in cited if not isinstance(entry.body, Seal)]


def _listed(answer: Mapping[str, Any]) -> Iterator[int]:
    """Yield the entries of the rows that an answer lists."""
    for rows in answer.values():
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and isinstance(row.get("entry"), int):
                yield row["entry"]


def _registered(opened: Opened, index: int, lang: Lang) -> str:
    """Return when an entry was registered: its seal's time, else that of the next one shown."""
    try:
        return format_us(opened.registered_us(index))
    except ProofError:
        later = next(seal.time_us for at, seal in opened.seals if at >= index)
        return word(lang, "by", format_us(later))


def _type(entry: Entry, lang: Lang) -> str:
    if entry.body is None:
        return str(entry.statement.content_type)
    return type_word(type_name(entry.body), lang)


def _row(entry: Entry, opened: Opened, names: Mapping[str, str], lang: Lang) -> dict[str, Any]:
    statement = entry.statement
    return {
        "entry": entry.index,
        "signed": format_us(statement.issued_at * 1_000_000),
        "registered": _registered(opened, entry.index, lang),
        "type": _type(entry, lang),
        "issuer": names.get(statement.issuer, ""),
        "issuer_id": statement.issuer,
        "subject": names.get(statement.subject, ""),
        "subject_id": statement.subject,
    }


def _statement(entry: Entry, names: Names, lang: Lang) -> dict[str, Any]:
    statement = entry.statement
    says = in_words(entry.body, names, lang) or _foreign(statement.payload, lang)
    return {
        "entry": entry.index,
        "type": _type(entry, lang),
        "id": statement.id.hex(),
        "key": statement.kid.hex(),
        "says": [list(row) for row in says[:MAX_LINES]],
        "payload": sha256(statement.payload).hexdigest(),
    }


def _foreign(raw: bytes, lang: Lang) -> list[tuple[str, str]]:
    """Return a payload that is none of ours as text, as it was signed; nothing of what is long or no text."""
    if len(raw) > MAX_PAYLOAD:
        return []
    try:
        return [(word(lang, "payload"), json.dumps(ijson.decode(raw), ensure_ascii=False))]
    except MalformedError:
        return []


def _checked(found: Verified, lang: Lang) -> Iterator[str]:
    cosigners = sorted({*found.cosigned.witnesses, *found.cosigned.replayers})
    facts = {
        "origin": found.checkpoint.origin,
        "size": found.checkpoint.size,
        "quorum": listed(cosigners, lang),
        "statements": len(found.opened.entries),
        "histories": found.histories,
    }
    for step in found.steps:
        if step.name != "timestamp" and (step.name != "quorum" or cosigners):
            yield CHECKED[step.name].to(lang).format_map(facts)
    for stamp in found.cosigned.stamps:
        at = format_us(stamp.time_us)
        yield CHECKED["timestamp"].fill(lang, stamp.authority, stamp.size, at)


def _unproven(found: Verified, lang: Lang) -> Iterator[str]:
    yield UNPROVEN["limit"].to(lang)
    if not found.cosigned.witnesses:
        yield UNPROVEN["witnesses"].to(lang)
    if not found.completeness.startswith("replayed "):
        yield UNPROVEN["asserted"].to(lang)
    if not found.cosigned.stamps:
        yield UNPROVEN["time"].to(lang)
    if found.replay_only:
        said = (clause(rule_sentence(one, lang)) or one for one in found.replay_only)
        yield UNPROVEN["replay_only"].fill(lang, parts(said, lang))


_BREAKS = frozenset(' "$`\\!')
"""What may not stand in a value of --expect, or not in a shell's double quotes, where a line goes on behind \\."""


def _file(name: str, proof: Proof, lang: Lang) -> dict[str, Any]:
    """Return an attached file: its digest, and the command that verifies it at any later time."""
    found = proof.verified
    now = format_us(found.fresh_us)
    lines = [shlex.join(("pinyuan", "verify", "bundle", name)), f"--trust trust.txt --now {now}"]
    asked = (found.question, *(f"{k}={v}" for k, v in found.parameters.items()))
    if not any(_BREAKS & set(value) for value in found.parameters.values()):
        first, *others = asked
        lines += [f'--expect "{first}', *others]
        at = () if found.valid_at_us is None else ("--at", format_us(found.valid_at_us))
        lines[-1] += '"'
        lines.append(" ".join(("--known-at", str(found.known_at), *at)))
    return {
        "name": name,
        "bytes": word(lang, "bytes", len(proof.raw)),
        "sha256": sha256(proof.raw).hexdigest(),
        "command": [f"{line} \\" for line in lines[:-1]] + lines[-1:],
    }
