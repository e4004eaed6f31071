"""register: putting statements into a ledger, this one or a server's, and what became of each."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.common import (
    ClockJumpOption,
    DirOption,
    JsonOption,
    LangOption,
    NowOption,
    PassphraseOption,
    emit,
    language,
    note,
    read_file,
    write_file,
)
from ledger.cli.opening import open_ledger
from ledger.cli.server import (
    CheckOption,
    FirstUseOption,
    ServerOption,
    ServerTrustOption,
    chosen_server,
)
from ledger.errors import MalformedError, ParameterError, UsageError
from ledger.texts import Lang, Words, saying, told
from ledger.texts.joints import COLON

if TYPE_CHECKING:
    from ledger.writing.log import Log, Outcome

CHUNK = 5_000  # statements handed to the log at once
SCREEN = 24  # lines that a person sees at once
SUM = Words("{0} registered, {1} registered before, {2} refused")


@dataclass(frozen=True, slots=True)
class Submitted:
    """A statement to register: where it stands, its bytes, the rows of the table it was made of.

    ``time_zone``: that table's, in which people are told of moments.
    """

    where: str
    raw: bytes
    table: str | None = None
    rows: tuple[int, ...] = ()
    time_zone: str | None = None


def _statements(files: list[Path], jsonl: Path | None) -> Iterator[Submitted]:
    lines = [path for path in files if path.suffix == ".jsonl"]
    for path in files:
        if path in lines:
            yield from signed_lines(path)
        else:
            yield Submitted(str(path), read_file(path, limit=1 << 20))
    if jsonl is not None:
        yield from signed_lines(jsonl)


def signed_lines(jsonl: Path) -> Iterator[Submitted]:
    """Yield the signed statements of a file as ``sign --table`` and ``sign --jsonl`` write it."""
    from ledger.primitives import ijson
    from ledger.primitives.strict import parse_base64

    for number, line in enumerate(read_file(jsonl).splitlines(), 1):
        where = saying("{file} line {number}", file=jsonl, number=number)
        try:
            value = ijson.decode(line)
            raw = value.get("bytes") if type(value) is dict else None
            if type(raw) is not str:
                raise MalformedError('no {"bytes": "<base64 of a statement>"}')
            table, rows = value.get("table"), value.get("rows", [])
            if type(rows) is not list or not all(type(row) is int for row in rows):
                raise MalformedError("rows: a list of row numbers is expected")
            name, zone = (
                text if type(text) is str else None for text in (table, value.get("time_zone"))
            )
            yield Submitted(where, parse_base64(raw), name, tuple(rows), zone)
        except MalformedError as error:
            raise UsageError("{where}: {why}", where=where, why=error) from error


def register(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Signed statements (COSE_Sign1), or lines of them (.jsonl)."),
    ] = None,
    jsonl: Annotated[Path | None, typer.Option(help='Lines {"bytes": "<base64>"}.')] = None,
    receipts: Annotated[Path | None, typer.Option(help="Write DIR/<id>.receipt.cbor here.")] = None,
    result: Annotated[
        Path | None,
        typer.Option(
            help="Write a sheet (.csv, .xlsx) here: each row of a table, its statement, its receipt."
        ),
    ] = None,
    directory: DirOption = None,
    now: NowOption = None,
    accept_clock_jump: ClockJumpOption = False,
    passphrase_file: PassphraseOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    check: CheckOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Register signed statements; every refusal names its rule and what would mend it."""
    spoken = language(lang)
    submitted = list(_statements(files or [], jsonl))
    if not submitted:
        raise ParameterError("nothing to register: name files, or --jsonl FILE")
    if (url := chosen_server(server, directory, trust, first_use=first_use)) is not None:
        from ledger.cli.at_hand import Served
        from ledger.cli.called import name_outcomes_there
        from ledger.cli.remote import register_there

        pairs = [(item.where, item.raw) for item in submitted]
        rows, error = register_there(url, trust, pairs, receipts, check, first_use=first_use)
        error = name_outcomes_there(rows, Served(url, trust, first_use=first_use)) or error
    else:
        log = open_ledger(
            directory,
            now=now,
            passphrase_file=passphrase_file,
            write=True,
            accept_jump=accept_clock_jump,
        )
        rows, error = _register_here(log, submitted, receipts), None
    _map_back(rows, submitted, receipts, result, spoken)
    emit(as_json, rows, (line for row in rows for line in _outcome_lines(row, spoken)))
    _say_sum(rows, spoken)
    if error is not None:
        raise error
    if any(row["refusals"] for row in rows):
        raise typer.Exit(1)


def _register_here(
    log: "Log", submitted: list[Submitted], receipts: Path | None
) -> list[dict[str, Any]]:
    """Register in chunks, each receipt written behind its chunk; return a row for each statement."""
    from ledger.cli.called import name_outcomes
    from ledger.cli.opening import reading_now
    from ledger.writing.log import Registered

    rows = []
    for start in range(0, len(submitted), CHUNK):
        chunk = submitted[start : start + CHUNK]
        outcomes = log.register([item.raw for item in chunk])
        for item, outcome in zip(chunk, outcomes, strict=True):
            rows.append(_outcome_row(item.where, outcome))
            if receipts is not None and isinstance(outcome, Registered):
                write_file(
                    receipts / f"{outcome.id.hex()}.receipt.cbor", log.receipt(outcome.index)
                )
        if len(submitted) > CHUNK and sys.stderr.isatty():
            note(saying("{start} of {count}", start=start + len(chunk), count=len(submitted)))
    with reading_now(log) as view:
        name_outcomes(rows, view)
    return rows


def _map_back(
    rows: list[dict[str, Any]],
    submitted: list[Submitted],
    receipts: Path | None,
    result: Path | None,
    lang: Lang,
) -> None:
    """Say of each outcome which rows of which table it is of, and where its receipt is; write the sheet."""
    for row, item in zip(rows, submitted, strict=False):  # what ended early has fewer outcomes
        if item.rows:
            row |= {"table": item.table, "rows": list(item.rows)}
        if item.time_zone is not None:
            row["time_zone"] = item.time_zone
        if receipts is not None and row["index"] is not None:
            row["receipt"] = str(receipts / f"{row['id']}.receipt.cbor")
    if result is not None:
        from ledger.cli.results import result_sheet

        raws = [item.raw for item in submitted]
        write_file(result, result_sheet(result.name, rows, raws, lang))


def _outcome_row(where: str, outcome: "Outcome") -> dict[str, Any]:
    from ledger.cli.called import outcome_row
    from ledger.phrases import remark_row
    from ledger.writing.log import Registered

    if isinstance(outcome, Registered):
        remarks = map(remark_row, outcome.remarks)
        return outcome_row(where, outcome.id, outcome.index, new=outcome.new, remarks=remarks)
    return outcome_row(where, outcome.id, refusals=outcome.refusals)


def _say_sum(rows: list[dict[str, Any]], lang: Lang) -> None:
    """Say how many were registered and refused, where more than a screen was told."""
    if len(rows) <= SCREEN:
        return
    refused = sum(bool(row["refusals"]) for row in rows)
    new = sum(row["new"] for row in rows)
    note(SUM.fill(lang, new, len(rows) - new - refused, refused))


def _outcome_lines(row: dict[str, Any], lang: Lang) -> list[str]:
    from ledger.cli.answer import refusal_words, words
    from ledger.phrases import remark_sentence, with_names
    from ledger.tables.zone import in_zone

    where = told(row["file"], lang)
    if row.get("rows"):
        where = words(lang, "of_rows", where, row["table"], ", ".join(map(str, row["rows"])))
    if not row["refusals"]:
        name = "registered" if row["new"] else "registered_before"
        said = [words(lang, name, row["index"], row["id"])]
        said += [words(lang, "remark", remark_sentence(item, lang)) for item in row["remarks"]]
    else:
        said = [
            words(lang, "refused", item["rule"], refusal_words(item, lang))
            for item in row["refusals"]
        ]
    named = with_names(said, row.get("names", {}), lang)
    return [f"{where}{COLON.to(lang)}{in_zone(line, row.get('time_zone'))}" for line in named]
