"""show, cite, receipt: one entry, what became of it, its disclosed values, its proof."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.common import (
    DirOption,
    JsonOption,
    LangOption,
    emit,
    language,
    say_json,
    write_file,
)
from ledger.cli.opening import open_ledger
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption, chosen_server
from ledger.errors import MalformedError, VerificationError
from ledger.texts import Lang, Words
from ledger.texts.joints import ASIDE, COLON, listed

if TYPE_CHECKING:
    from ledger.answering.shown import Row
    from ledger.histories.history import Entry
    from ledger.statements.envelope import SignedStatement

EntryArgument = Annotated[
    str, typer.Argument(help="An id (64 hex digits, or the first 12 or more of them) or an index.")
]

WORDS = {
    "ends": Words("ended by entry {0}"),
    "replaces": Words("corrected by entry {0}"),
    "withdraws": Words("taken back as said in error by entry {0}"),
    "erases": Words("values erased by entry {0}: {1}"),
    "answers": Words("answered by entry {0}: {1}"),
    "decides": Words("decided by entry {0}: {1}"),
    "settles": Words("what was said against it was settled by entry {0}: {1}"),
    "rejects": Words("decided against by entry {0}"),
    "upholds": Words("decided for by entry {0}"),
    "overrules": Words("overruled by entry {0}"),
    "reinspects": Words("inspected again by entry {0}: {1}"),
    "confirms": Words("confirmed on a final result by entry {0}"),
    "receives": Words("receipt confirmed by entry {0}"),
    "suspects": Words(
        "its key was said to be in other hands since {1} (entry {0}), before this was registered"
    ),
    "rests": Words("rests on entry {0}, which entry {1} ended"),
    "amends": Words("amends entry {0}"),
    "value": Words("{0} (disclosed, verified): {1}"),
    "erased": Words("{0}: erased"),
    "sealed": Words("{0}: sealed, its value is not here"),
    "hashed": Words(
        "the payload is the {hash} of content[ of the type {content_type}][ at {location}]"
    ),
    "registered": Words("issued at {issued_at}[, registered at {registered_at}]"),
    "key": Words("key {kid} ([bound by: {key_bound_by}; ]possession: {possession})"),
    "history": Words("history ({0}, {1})"),
    "included": Words("included in the tree of {0} by {1} hashes"),
    "attached": Words("{0} receipts of other logs came along, none of them verified here"),
    "false": Words("{0}: THE VALUE KEPT HERE IS FALSE: {1}"),
}


KEY_WORDS = {
    item.en: item
    for item in (
        Words("genesis", "key"),
        Words("operator", "key"),
        Words("owner", "key"),
        Words("reset", "key"),
        Words("unknown", "key"),
        Words("proven at registration"),
        Words("unproven", "key"),
        Words("shown by this statement's signature"),
    )
}
"""What is said of a key."""


FIELDS = {
    item.en: item
    for item in (
        Words("index", "field"),
        Words("id", "field"),
        Words("type", "field"),
        Words("content_type", "field"),
        Words("issuer", "field"),
        Words("subject", "field"),
    )
}
"""What an entry's own fields are called."""


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (show, cite, receipt):
        app.command()(command)


def _say(lang: Lang, name: str, *values: object) -> str:
    return WORDS[name].fill(lang, *values)


def _filled(lang: Lang, name: str, row: dict[str, Any]) -> str:
    """Return a line with what a row says put in; what it does not know is left out."""
    from ledger.phrases import filled

    known = {item: str(value) for item, value in row.items() if value is not None}
    return filled(WORDS[name].to(lang), known)


def show(
    entry: EntryArgument,
    output: Annotated[
        Path | None, typer.Option("-o", help="Write the statement's bytes here.")
    ] = None,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one entry, decoded, with what became of it, its histories and its proof."""
    from ledger.answering.shown import entry_of
    from ledger.cli.exported import in_memory

    spoken = language(lang)
    if (
        url := chosen_server(server, directory, trust, first_use=first_use, exports=True)
    ) is not None:
        from ledger.cli.remote import show_entry

        found, row = show_entry(url, trust, entry, first_use=first_use)
    elif (export := in_memory(directory, trust)) is not None:
        found = export.entry(entry)
        row = entry_of(export.read, found, ())
    else:
        found, row = _entry_here(directory, entry)
    if output is not None:
        write_file(output, found.statement.leaf)
    emit(as_json, row, entry_lines(row, found, spoken))


def _entry_here(directory: Path | None, text: str) -> "tuple[Entry, Row]":
    """Return an entry of a ledger kept here, its values disclosed where they are kept beside it."""
    from ledger.answering.shown import entry_of
    from ledger.answering.stored import Stored
    from ledger.cli.disclosures import FOLDER
    from ledger.cli.entries import find_entry
    from ledger.settings import directory_of
    from ledger.store.reads import reading
    from ledger.writing.publisher import require_head

    log = open_ledger(directory)
    with reading(log.engine) as snapshot:
        found = find_entry(log, snapshot, text)
        signed = snapshot.newest_checkpoint()
        if signed is not None and signed.size <= found.index:
            signed = None  # its batch has no checkpoint yet
        size = require_head(snapshot).size if signed is None else signed.size
        ground = Stored(log, snapshot, size, signed)
        row = entry_of(ground, found, snapshot.attached(found.index))
    disclosed(found, row["values"], directory_of(directory) / FOLDER)
    return found, row


def _payload(statement: "SignedStatement") -> str:
    """Return a payload as it was signed; bytes that are no text, and digests, in hexadecimal digits."""
    raw = statement.payload
    try:
        return raw.hex() if statement.hashed else raw.decode()
    except UnicodeDecodeError:
        return raw.hex()


def _key_words(row: dict[str, Any], lang: Lang) -> dict[str, str]:
    """Return who bound a key, and how it is known who holds it, in a language."""
    told = {name: row[name] for name in ("key_bound_by", "possession") if row[name] is not None}
    return {
        name: KEY_WORDS[word].to(lang) if word in KEY_WORDS else word for name, word in told.items()
    }


def _named(row: dict[str, Any], lang: Lang) -> list[str]:
    """Return what the line of an amendment names: what it erased, or which answer it is."""
    from ledger.phrases import type_word
    from ledger.phrases.value_words import word_of

    if row["effect"] not in ("answers", "decides", "settles", "reinspects"):
        return list(row["fields"])
    outcome = row["outcome"]
    if outcome is None:
        return [type_word(row["type"], lang)]
    word = word_of(outcome)
    return [type_word(row["type"], lang), outcome if word is None else word.to(lang)]


def disclosed(entry: "Entry", rows: "list[Row]", folder: Path) -> None:
    """Put what is disclosed and verified into the rows of an entry's sealed values."""
    from ledger.cli.disclosures import disclosure_path, read_disclosure
    from ledger.statements.disclosure import verify_disclosure

    if not rows:
        return
    kept, why = None, None
    try:
        kept = read_disclosure(disclosure_path(folder, entry.statement.id))
        if kept is not None:
            verify_disclosure(kept, entry.statement.id, entry.body.sealed)  # type: ignore[union-attr]  # it has rows
    except (MalformedError, VerificationError) as error:
        why = str(error)
    for row in rows:
        value = kept.values.get(row["name"]) if kept is not None else None
        if why is not None:
            row |= {"state": "false", "value": why}
        elif value is not None:
            row |= {"state": "value", "value": value.value}


def _type_told(type_: str, lang: Lang) -> str:
    """Return a type by its word in a language, its own name beside it."""
    from ledger.phrases import type_word

    word = type_word(type_, lang)
    return word if word == type_ else word + ASIDE.fill(lang, type_)


def entry_lines(row: dict[str, Any], entry: "Entry", lang: Lang) -> list[str]:
    """Return an entry in lines for people: what became of it, what it says in words and as it was signed."""
    from ledger.phrases import with_names
    from ledger.phrases.payload_words import citations_in, in_words
    from ledger.phrases.topic_words import topic_word

    cited = citations_in(entry.body, lang)
    names = ("index", "id", "type", "content_type", "issuer", "subject")
    told = row | {"type": _type_told(row["type"], lang)}
    lines = [
        FIELDS[name].to(lang) + COLON.to(lang) + str(told[name])
        for name in names
        if told[name] is not None
    ]
    hashed = row["hash_envelope"]
    if hashed is not None:
        lines.append(_filled(lang, "hashed", hashed))
    if row["attached"]:
        lines.append(_say(lang, "attached", len(row["attached"])))
    if row["amends"] is not None:
        lines.append(_say(lang, "amends", row["amends"]))
    lines += [
        _say(lang, item["effect"], item["index"], listed(_named(item, lang), lang))
        for item in row["amendments"]
    ]
    lines += [_say(lang, "rests", item["entry"], item["ended_by"]) for item in row["fallen"]]
    if row["doubt"] is not None:
        lines.append(_say(lang, "suspects", row["doubt"]["entry"], row["doubt"]["since"]))
    lines += [
        _filled(lang, "registered", row),
        _filled(lang, "key", row | _key_words(row, lang)),
        *(
            _say(
                lang,
                "history",
                topic_word(item["topic"], lang),
                listed(cited.get(item["subject"], item["subject"]).split("\n"), lang),
            )
            for item in row["histories"]
        ),
        _say(lang, "included", row["proof"]["size"], len(row["proof"]["path"])),
    ]
    return [
        *with_names(lines, row["names"], lang),
        *(
            f"  {title}{COLON.to(lang)}{value}"
            for title, value in in_words(entry.body, row["names"], lang)
        ),
        _payload(entry.statement),
        *(_say(lang, item["state"], item["name"], item["value"]) for item in row["values"]),
    ]


def cite(
    entry: EntryArgument,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
) -> None:
    """Print the citation of an entry, as payloads have it."""
    from ledger.cli.at_hand import at_hand
    from ledger.cli.compose import citation_of

    found = at_hand(directory, server, trust, first_use=first_use)
    say_json(citation_of(*found.statement(entry)), indent=None)


def receipt(
    entry: EntryArgument,
    output: Annotated[Path, typer.Option("-o", help="Write the receipt here.")],
    directory: DirOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the receipt of an entry: the same bytes each time."""
    if (url := chosen_server(server, directory, trust, first_use=first_use)) is not None:
        from ledger.cli.remote import receipt_bytes

        raw = receipt_bytes(url, trust, entry, first_use=first_use)
        write_file(output, raw)
        emit(as_json, {"file": str(output), "bytes": len(raw)}, ())
        return
    from ledger.cli.entries import find_entry
    from ledger.store.reads import reading

    log = open_ledger(directory)
    with reading(log.engine) as snapshot:
        index = find_entry(log, snapshot, entry).index
    raw = log.receipt(index)
    write_file(output, raw)
    emit(as_json, {"file": str(output), "bytes": len(raw)}, ())
