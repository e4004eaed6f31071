"""sign TYPE --table: a sheet's rows signed, all that is wrong with it told, nothing signed until it is right."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ledger.cli.common import emit, note, progress_of, read_file, write_file
from ledger.cli.disclosures import disclosure_path, write_disclosure
from ledger.cli.finding import AtHand
from ledger.cli.moments import Moments
from ledger.cli.signing import Author, Signed, sign_fields
from ledger.errors import MalformedError, StorageError, UsageError
from ledger.statements.statement_type import StatementType
from ledger.tables.copies import with_reasons
from ledger.tables.mapping import Layout, parse_mapping
from ledger.tables.reading import Reading
from ledger.tables.rows import Draft, Table, read_table
from ledger.tables.said import Fault, told_once
from ledger.tables.said import say as in_words
from ledger.tables.sheet import MAX_ROWS, Sheet, read_sheet
from ledger.tables.zone import parse_when, parse_zone
from ledger.texts import Lang, Words

MAX_TOLD = 50
"""What is wrong that is printed; all of it stands in the copy of the sheet."""
PROGRESS = 500

WORDS = {
    "signed": Words("{count} statements in {file}"),
    "read_as": Words("{table}: read as {how}, {rows} rows"),
    "more": Words("... and {count} more"),
    "left_out": Words(
        "rows that are wrong and were left out: {count}; they are in {copy}, with what is wrong beside each"
    ),
    "last_day": Words(
        "{table}: a date alone in {column} does not count itself: what ends so ends as that day begins; with "
        "until_inclusive in the mapping it counts"
    ),
    "no-rows": Words("{table}: no rows behind the titles"),
}


def _words(name: str, lang: Lang, **facts: object) -> str:
    return WORDS[name].fill(lang, **facts)


@dataclass(frozen=True, slots=True)
class Given:
    """What the options say of a table."""

    table: Path
    mapping: Path | None = None
    time_zone: str | None = None
    valid_only: bool = False
    rows: str | None = None
    reasons: Path | None = None


def sign_table(
    row: StatementType,
    given: Given,
    common: dict[str, Any],
    author: Author,
    at_hand: AtHand,
    *,
    output: Path,
    disclosures: Path | None,
    subject: str | None,
    issued_at: int,
    secret: bytes | None,
    lang: Lang,
    as_json: bool,
) -> None:
    """Sign the rows of a sheet; write lines for ``register``.

    Raises:
        UsageError, MalformedError: something is wrong, which was told; nothing was written but
            the copy of the sheet with the reasons.

    """
    layout = _layout(given, subject)
    sheet = _only(_sheet(given.table, layout), given.rows)
    if not sheet.rows:
        raise UsageError(_words("no-rows", lang, table=given.table))
    note(_words("read_as", lang, table=given.table, how=sheet.read_as, rows=len(sheet.rows)))

    def cite(text: str) -> None:
        if not text.startswith("@"):  # a row's name is looked for when it is signed
            at_hand.statement(text)

    how = Reading(
        lang,
        at_hand.called,
        cite,
        layout.zone,
        until_inclusive=layout.until_inclusive,
        book=lambda: at_hand.book,
    )
    table = read_table(row, sheet, layout, common, how)
    if not layout.until_inclusive:
        _warn_of_last_days(table, given.table, lang)
    moments = Moments(layout.time_zone)
    signed = _signed(row, table, author, at_hand, given, issued_at, secret, moments, lang)
    _share(table, sheet.titles.number, lang)
    if table.faults:
        _tell(table, sheet, given, output, lang)
    _write(signed, given.table, layout.time_zone, output, disclosures)
    value = [_row(item, draft) for draft, item in signed]
    emit(as_json, value, [_words("signed", lang, count=len(signed), file=output)])


def _warn_of_last_days(table: Table, name: Path, lang: Lang) -> None:
    """Say that the day an end names by its date alone is not part of the period: who writes sheets thinks it is."""
    for draft in table.drafts:
        for item in draft.became:
            if item.path.rpartition(".")[2] == "until" and item.value and ":" not in item.cell:
                note(_words("last_day", lang, table=name, column=item.column))
                return


def _layout(given: Given, subject: str | None) -> Layout:
    if given.mapping is None:
        layout = Layout()
    else:
        try:
            layout = parse_mapping(read_file(given.mapping, limit=1 << 24))
        except MalformedError as error:
            raise MalformedError("{mapping}: {why}", mapping=given.mapping, why=error) from error
    layout = replace(layout, subject=subject or layout.subject)
    if given.time_zone is None:
        return layout
    try:
        return replace(layout, zone=parse_zone(given.time_zone), time_zone=given.time_zone)
    except MalformedError as error:
        raise UsageError("--time-zone: {why}", why=error) from error


def _sheet(path: Path, layout: Layout) -> Sheet:
    try:
        return read_sheet(
            read_file(path), path.name, sheet=layout.sheet, titles_at=layout.titles_at
        )
    except (MalformedError, UsageError) as error:
        raise type(error)("{path}: {why}", path=path, why=error) from error


def _only(sheet: Sheet, rows: str | None) -> Sheet:
    """Return a sheet with some of its rows: those that were refused, say, without the others."""
    if rows is None:
        return sheet
    wanted: set[int] = set()
    for part in rows.split(","):
        first, _, last = part.strip().partition("-")
        if not (first.isdecimal() and (last or first).isdecimal()):
            raise UsageError("--rows {rows}: row numbers like 2,17-20 are expected", rows=rows)
        wanted.update(range(int(first), min(int(last or first), MAX_ROWS) + 1))
    found = tuple(row for row in sheet.rows if row.number in wanted)
    missing = wanted - {row.number for row in found}
    if missing:
        raise UsageError(
            "--rows {rows}: row {missing} is none behind the titles that has anything in it",
            rows=rows,
            missing=min(missing),
        )
    return replace(sheet, rows=found)


def _signed(
    row: StatementType,
    table: Table,
    author: Author,
    at_hand: AtHand,
    given: Given,
    issued_at: int,
    secret: bytes | None,
    moments: Moments,
    lang: Lang,
) -> list[tuple[Draft, Signed]]:
    """Sign all drafts; what only signing shows to be wrong joins the faults."""
    found: list[tuple[Draft, Signed]] = []
    tell = progress_of(len(table.drafts))
    folder = given.table.parent
    for number, draft in enumerate(table.drafts, 1):
        try:
            when = parse_when(draft.issued_at, None) if draft.issued_at else None
            item = sign_fields(
                row,
                draft.fields,
                author,
                at_hand,
                subject=draft.subject,
                issued_at=issued_at if when is None else int(when.timestamp()),
                where="",
                lang=lang,
                moments=moments,
                bind=tuple(folder / name for name in draft.keys),
                secret=secret,
                sensitive=draft.sensitive or None,
            )
        except StorageError as error:
            text = in_words("no-file", lang, why=error)
            table.faults.append(
                Fault(
                    draft.rows[0],
                    table.title("keys") or table.title("key"),
                    ", ".join(draft.keys),
                    text,
                )
            )
        except (UsageError, MalformedError) as error:
            text = in_words("composed", lang, why=error)
            table.faults.append(Fault(draft.rows[0], "", "", text))
        else:
            found.append((draft, item))
            assert item.body is not None  # noqa: S101 - native
            for name in filter(None, (draft.name, item.statement.id.hex())):
                at_hand.named[name] = (item.statement, item.body)
        if number % PROGRESS == 0 or number == len(table.drafts):
            tell(number)
    table.faults.sort(key=lambda item: item.row)
    return found


def _share(table: Table, titles_at: int, lang: Lang) -> None:
    """Say once, of the titles, what is wrong with every row alike: it stands in what all rows share."""
    rows = {draft.rows[0] for draft in table.drafts}
    found = [item for item in table.faults if item.row in rows and not item.column]
    texts = {item.text for item in found}
    if len(rows) < 2 or len(texts) != 1 or {item.row for item in found} != rows:  # noqa: PLR2004 - several
        return
    table.faults[:] = [item for item in table.faults if item not in found]
    said = in_words("shared", lang, why=texts.pop())
    table.faults.insert(0, Fault(titles_at, "", "", said))


def _tell(table: Table, sheet: Sheet, given: Given, output: Path, lang: Lang) -> None:
    """Say all that is wrong, write the copy; raise, unless the rows that are right are wanted alone."""
    copy = given.reasons or output.parent / f"{given.table.stem}.reasons{given.table.suffix}"
    about_all = any(item.row == sheet.titles.number for item in table.faults)
    alone = given.valid_only and not about_all
    raw = with_reasons(
        sheet,
        table.faults,
        copy.name,
        lang,
        wrong_only=alone,
        columns=table.columns,
        read_from=given.table.name,
    )
    write_file(copy, raw)
    told = told_once(table.faults, lang)
    for line in told[:MAX_TOLD]:
        note(line)
    if len(told) > MAX_TOLD:
        note(_words("more", lang, count=len(told) - MAX_TOLD))
    count = len(table.wrong_rows() - {sheet.titles.number})
    if alone:
        note(_words("left_out", lang, count=count, copy=copy))
        return
    rows = [
        {"row": item.row, "column": item.column, "cell": item.cell, "wrong": item.text}
        for item in table.faults
    ]
    error = (
        UsageError(
            "{table}: rows that are wrong: {count}; nothing was signed. {copy} is a copy with what is "
            "wrong beside each row: mend it there, and give it as --table",
            table=given.table,
            count=count,
            copy=copy,
        )
        if count
        else UsageError(
            "{table}: its columns are not what is wanted; nothing was signed. {copy} is a copy with "
            "what is wrong",
            table=given.table,
            copy=copy,
        )
    )
    error.beside = {"faults": rows, "copy": str(copy)}
    raise error


def _write(
    signed: Sequence[tuple[Draft, Signed]],
    table: Path,
    time_zone: str | None,
    output: Path,
    disclosures: Path | None,
) -> None:
    lines = []
    for draft, item in signed:
        if item.disclosure is not None:
            path = disclosure_path(disclosures or output.parent, item.statement.id)
            write_disclosure(path, item.disclosure)
        row = {
            "id": item.statement.id.hex(),
            "table": table.name,
            "rows": list(draft.rows),
            **({} if time_zone is None else {"time_zone": time_zone}),
            "bytes": b64encode(item.raw).decode(),
        }
        lines.append(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    write_file(output, b"".join(lines))


def _row(item: Signed, draft: Draft) -> dict[str, Any]:
    """Return what became of the rows of one statement."""
    return {
        "rows": list(draft.rows),
        "id": item.statement.id.hex(),
        "subject": item.statement.subject,
        "cells": [
            {
                "row": one.row,
                "column": one.column,
                "field": one.path,
                "cell": one.cell,
                "value": one.value,
            }
            for one in draft.became
        ],
    }


def template_file(row: StatementType, path: Path, lang: Lang) -> None:
    """Write an empty sheet of a type to fill in."""
    from ledger.tables.copies import template

    write_file(path, template(row, path.name, lang))
