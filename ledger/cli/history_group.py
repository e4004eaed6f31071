"""history: everything that was ever said under one name, who said it, and that it is everything."""

from typing import TYPE_CHECKING, Any

import typer

from ledger.cli.common import DirOption, JsonOption, LangOption, emit, language, write_file
from ledger.cli.opening import open_ledger
from ledger.cli.questions_group import (
    WAIT_S,
    BundleOption,
    KnownAtOption,
    SinceOption,
    WaitOption,
)
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption, chosen_server
from ledger.primitives.instant import format_us
from ledger.questions.declared import QUESTIONS
from ledger.statements.words import Lang

if TYPE_CHECKING:
    from ledger.evidence.bundle import Bundle

WORDS = {
    "row": (
        "{index} {id} {issued_at} {type}, said by {issuer}",
        "{index} {id} {issued_at} {type}，声明方 {issuer}",
    ),
    "all": (
        "{0} entries, all there were as of size {1} ({2})",
        "共 {0} 条，截至规模 {1} 别无其他（{2}）",
    ),
}


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(history)


def history(
    topic: str,
    subject: str,
    bundle: BundleOption = None,
    known_at: KnownAtOption = None,
    since: SinceOption = None,
    wait: WaitOption = WAIT_S,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List a complete history, oldest first, and prove that nothing is missing."""
    from ledger.cli.called import name_near, view_of

    parameters, by = {"topic": topic, "subject": subject}, "asserted by the operator"
    spoken = language(lang)
    if (url := chosen_server(server, directory, trust, first_use=first_use)) is not None:
        from ledger.cli.at_hand import Served
        from ledger.cli.remote import ask

        times = (None, known_at, since)
        told = ask(url, trust, QUESTIONS["history"], parameters, times, first_use=first_use)
        raw, proven, by = told.raw, told.bundle, told.verified.completeness
        there = Served(url, trust, first_use=first_use)
        near = name_near([dict(row) for row in told.meant], there.reading)
    else:
        from ledger.answering.meant import meant
        from ledger.answering.prover import prove, with_cosignatures
        from ledger.cli.times import known_here
        from ledger.evidence.bundle import encode_bundle

        log = open_ledger(directory)
        size = known_here(log, known_at)
        proven = prove(log, "history", parameters, known_at=size, since=since)
        if bundle is not None:
            proven = with_cosignatures(log, proven, wait)
        raw = encode_bundle(proven)
        near = name_near([one.row() for one in meant(log, parameters)], lambda: view_of(log))
    if bundle is not None:
        write_file(bundle, raw)
    from ledger.cli.answer import meant_lines

    rows = _rows(proven)
    row = {"topic": topic, "subject": subject, "known_at": proven.known_at, "entries": rows}
    row |= {"names": proven.names} | ({"meant": near} if near else {})
    lines = _lines(rows, proven, by, spoken) + meant_lines(near, spoken, url)
    emit(as_json, row, lines)


def _rows(proven: "Bundle") -> list[dict[str, Any]]:
    """Return the entries of a history: their places, ids, types, who said them and when."""
    from ledger.primitives.strict import parse_base64
    from ledger.statements.catalogue import InvalidBody, decode_body, type_name
    from ledger.statements.envelope import parse_statement

    asked = (proven.parameters["topic"], proven.parameters["subject"])
    listed = next(h.entries for h in proven.histories if (h.topic, h.subject) == asked)
    leaves = {item.index: item.bytes for item in proven.statements}
    rows = []
    for index in listed:
        if index >= proven.known_at:
            break
        statement = parse_statement(parse_base64(leaves[index]))
        body = decode_body(statement)
        rows.append(
            {
                "index": index,
                "id": statement.id.hex(),
                "type": type_name(None if isinstance(body, InvalidBody) else body),
                "issuer": statement.issuer,
                "issued_at": format_us(statement.issued_at * 1_000_000),
            }
        )
    return rows


def _lines(rows: list[dict[str, Any]], proven: "Bundle", by: str, lang: Lang) -> list[str]:
    from ledger.cli.answer import completeness_line
    from ledger.phrases import type_word, with_names

    zh = lang == "zh"
    told = [
        WORDS["row"][zh].format_map(row | {"type": type_word(row["type"], lang)}) for row in rows
    ]
    said = by if lang == "en" else completeness_line(by, lang)
    return [
        *with_names(told, proven.names, lang),
        WORDS["all"][zh].format(len(rows), proven.known_at, said),
    ]
