"""What became of the rows of a table, as a sheet: row, statement, entry, receipt, or why it was refused."""

import json
from collections.abc import Sequence
from typing import Any

from ledger.cli.answer import refusal_words, words
from ledger.errors import MalformedError
from ledger.phrases import with_names
from ledger.primitives import ijson
from ledger.statements.envelope import SignedStatement, parse_statement
from ledger.tables.sheet import Raw, write_rows
from ledger.tables.zone import in_zone
from ledger.texts import Lang, Words

TITLES = (
    Words("Table"),
    Words("Row"),
    Words("Subject", "title subject"),
    Words("Statement id"),
    Words("Entry"),
    Words("Receipt"),
    Words("Outcome", "title registered"),
    Words("What it says"),
)
REGISTERED = Words("registered")


def result_sheet(
    name: str, rows: Sequence[dict[str, Any]], raws: Sequence[bytes], lang: Lang
) -> bytes:
    """Return the sheet, with a line for each row of a table; of what came from none, for each statement.

    Args:
        name: the file's, which says what it is written as.
        rows: the outcomes.
        raws: the statements, in the same order, perhaps more.
        lang: the language of titles and refusals.

    """
    lines: list[Sequence[Raw]] = [[title.to(lang) for title in TITLES]]
    for row, raw in zip(rows, raws, strict=False):
        statement = _statement(raw)
        told = (
            words(lang, "refused", item["rule"], refusal_words(item, lang))
            for item in row["refusals"]
        )
        named = "; ".join(with_names(told, row.get("names", {}), lang))
        refused = in_zone(named, row.get("time_zone"))
        lines += [
            (
                row.get("table", row["file"]) or "",
                number,
                "" if statement is None else statement.subject,
                row["id"] or "",
                "" if row["index"] is None else row["index"],
                row.get("receipt", ""),
                refused or REGISTERED.to(lang),
                "" if statement is None else _said(statement),
            )
            for number in row.get("rows", [""])
        ]
    return write_rows(name, lines)


def _statement(raw: bytes) -> SignedStatement | None:
    try:
        return parse_statement(raw)
    except MalformedError:
        return None  # its refusal says so


def _said(statement: SignedStatement) -> str:
    """Return what a statement of ours says; of others nothing that a sheet could show."""
    if not statement.native:
        return ""
    try:
        return json.dumps(ijson.decode(statement.payload), ensure_ascii=False)
    except MalformedError:
        return ""
