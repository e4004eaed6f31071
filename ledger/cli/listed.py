"""``--csv`` and ``--xlsx``: the lists of an answer as sheets, for whoever works in a spreadsheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.common import note, write_file
from ledger.errors import MalformedError, ParameterError
from ledger.texts import Words

if TYPE_CHECKING:
    from ledger.cli.asking import Given, Place
    from ledger.phrases.called import Names
    from ledger.questions.declared import Question
    from ledger.tables.answered import Listing
    from ledger.texts import Lang

CsvOption = Annotated[
    Path | None, typer.Option("--csv", help="Also write what the answer lists here, as csv.")
]
XlsxOption = Annotated[
    Path | None,
    typer.Option("--xlsx", help="Also write what the answer lists here, as a workbook."),
]
ZoneOption = Annotated[
    str | None,
    typer.Option(
        "--time-zone",
        help="Of local dates in the call (else this machine's) and of times in the answer and these "
        "sheets (else UTC): +08:00, Asia/Shanghai.",
    ),
]
WRITTEN = Words("{0}: {1} rows")
PAGE = "page"


@dataclass(frozen=True, slots=True)
class Sheets:
    """Where to write lists, and how; nothing is written where no file is named."""

    csv: Path | None
    xlsx: Path | None
    zone: str
    lang: "Lang"

    @property
    def wanted(self) -> bool:
        """Return whether any file is."""
        return self.csv is not None or self.xlsx is not None

    def write(self, listings: "Sequence[Listing]", names: "Names") -> None:
        """Write lists, and say how many rows they have; ``names``: what ids in them are called.

        Raises:
            UsageError: a workbook without the extra ``tables``.

        """
        from ledger.tables.answered import Writing, table_of
        from ledger.tables.sheet import write_csv, write_workbook

        table = table_of(listings, Writing(self.lang, self.zone, names))
        for path in (self.csv, self.xlsx):
            if path is not None:
                raw = write_csv(table) if path is self.csv else write_workbook("1", table)
                write_file(path, raw)
                note(WRITTEN.fill(self.lang, path, len(table) - 1))


def sheets_of(csv: Path | None, xlsx: Path | None, zone: str | None, lang: "Lang") -> Sheets:
    """Return where lists are written, as the options say.

    Raises:
        ParameterError: a time zone that is none, or a file that is called otherwise than it is.

    """
    from ledger.tables.zone import parse_zone

    try:
        parse_zone(zone or "UTC")
    except MalformedError as error:
        raise ParameterError("--time-zone: {why}", why=error) from error
    if xlsx is not None and xlsx.suffix.lower() != ".xlsx":
        raise ParameterError("--xlsx {xlsx}: name it .xlsx, or no spreadsheet opens it", xlsx=xlsx)
    return Sheets(csv, xlsx, zone or "UTC", lang)


def write_answer(
    sheets: Sheets, asked: "Question", parameters: dict[str, str], given: "Given", place: "Place"
) -> None:
    """Write what an answer lists: of one in pages all of them, where none was chosen."""
    if not sheets.wanted:
        return
    from ledger.tables.answered import listings_of

    names: dict[str, Mapping[str, str]] = {}
    answers = []
    for page in _pages(asked, parameters, given, place):
        found = page.verified
        answers.append(found.answer)
        names |= found.names
    sheets.write(listings_of(asked.name, answers), names)


def _pages(
    asked: "Question", parameters: dict[str, str], given: "Given", place: "Place"
) -> "list[Given]":
    """Return an answer with its further pages, each of the same size and time, each verified."""
    from ledger.cli.asking import Times, give
    from ledger.primitives.instant import format_us

    found = given.verified
    if parameters.get(PAGE) != "1":
        return [given]
    at_us = found.valid_at_us
    times = Times(None if at_us is None else format_us(at_us), str(found.known_at))
    further = range(2, found.answer["pages"] + 1)
    return [given, *(give(asked, parameters | {PAGE: str(n)}, times, place) for n in further)]


def write_history(sheets: Sheets, rows: Sequence[Mapping[str, Any]], names: "Names") -> None:
    """Write the entries of a history."""
    if not sheets.wanted:
        return
    from ledger.tables.answered import Listing

    told = [{**row, "entry": row["index"]} for row in rows]
    columns = ("entry", "id", "type", "issuer", "subject", "issued_at")
    sheets.write([Listing("entries", columns, told)], names)
