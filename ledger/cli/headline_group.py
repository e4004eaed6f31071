"""headline: the figures of a period, added up from all that is on record, each addend with its statement."""

from typing import Annotated

import typer

from ledger.cli.common import DirOption, JsonOption, LangOption, emit, language
from ledger.cli.listed import CsvOption, XlsxOption, ZoneOption, sheets_of
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption
from ledger.errors import ParameterError


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(headline)


def headline(
    start: Annotated[str, typer.Option("--from", help="From when: 2026-01-01.")],
    until: Annotated[str, typer.Option("--until", help="Until before when: 2026-04-01.")],
    with_addends: Annotated[
        bool, typer.Option("--addends", help="Also tell each addend with its statement.")
    ] = False,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    csv: CsvOption = None,
    xlsx: XlsxOption = None,
    zone: ZoneOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add up a period's figures: sampled, inspected, refused, travelled, removed, closed, recalled.

    From all entries, which are verified first: of an export, of a mirror or of what a server shows.
    """
    from ledger.cli.at_hand import at_hand
    from ledger.cli.figures import COLUMNS, lines, listing, names_in, say_addends
    from ledger.cli.understood import Typed
    from ledger.primitives.instant import parse_us
    from ledger.questions.addends import Period
    from ledger.questions.headline import tally

    spoken = language(lang)
    typed = Typed(None, zone, spoken)
    ends = [typed.time(name, text) or "" for name, text in (("from", start), ("until", until))]
    period = Period(*map(parse_us, ends))
    if period.until_us <= period.start_us:
        raise ParameterError("--until {until}: not after --from {start}", until=until, start=start)
    sheets = sheets_of(csv, xlsx, zone, spoken)
    there = at_hand(directory, server, trust, first_use=first_use)
    size = there.size()
    with there.reading() as view:
        told = tally(view, there.of_types, size=size, period=period)
    listed = list(listing(told.addends)) if with_addends or sheets.wanted else []
    names = names_in(there, listed) if listed else {}
    if sheets.wanted:
        from ledger.tables.answered import Listing

        sheets.write([Listing("addends", COLUMNS, listed)], names)
    row = {
        "origin": there.origin(),
        "size": size,
        "from": ends[0],
        "until": ends[1],
        "figures": told.rows,
        "left_out": told.left_out,
        **({"addends": listed} if with_addends else {}),
    }
    emit(as_json, row | typed.row(), lines(row, told, spoken))
    if with_addends and not as_json:
        say_addends(listed, names, spoken)
