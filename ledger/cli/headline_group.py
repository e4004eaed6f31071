"""headline: the figures of a period, added up from all that is on record, each addend with its statement."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.common import DirOption, JsonOption, LangOption, emit, language, say
from ledger.cli.listed import CsvOption, XlsxOption, ZoneOption, sheets_of
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption
from ledger.errors import ParameterError
from ledger.primitives.instant import format_us, parse_us
from ledger.questions.addends import FIGURES, NO_CATEGORY, Addend, Period
from ledger.questions.headline import Tally, tally
from ledger.texts import Lang, Words
from ledger.texts.joints import COLON, PARTS

if TYPE_CHECKING:
    from ledger.cli.finding import AtHand
    from ledger.phrases.called import Names

CALLED = {
    "sampled": Words("items sampled"),
    "batches": Words("batches inspected in warehouses"),
    "refused": Words("refused on inspection"),
    "km": Words("kilometres travelled"),
    "products-removed": Words("products removed"),
    "shops-closed": Words("shops closed"),
    "lots-recalled": Words("lots recalled"),
}
WORDS = {
    "head": Words("from {start} until before {until}, by the log of size {size}"),
    "none": Words("none of what is counted is on record in this period"),
    "elsewhere": Words("no category"),
    "undone": Words("left out, because withdrawn or annulled since: {count} (entries {entries})"),
    "doubt": Words("left out, because their keys were suspected: {count} (entries {entries})"),
}  # fmt: skip
FIRST = 20
"""Entries that are named of those left out; the JSON has all."""
COLUMNS = (
    "figure", "part", "category", "value", "entry", "id", "type", "issuer", "subject", "on",
)  # fmt: skip


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
    from ledger.cli.understood import Typed

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
    listed = list(_listed(told.addends)) if with_addends or sheets.wanted else []
    names = _names(there, listed)
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
    emit(as_json, row | typed.row(), _lines(row, told, spoken))
    if with_addends and not as_json:
        _say_addends(listed, names, spoken)


def _listed(found: Iterable[Addend]) -> Iterator[dict[str, Any]]:
    from ledger.statements.catalogue import type_name

    for one in found:
        statement = one.entry.statement
        yield {
            "figure": one.figure,
            "part": one.part,
            "category": one.category,
            "value": one.value,
            "entry": one.entry.index,
            "id": statement.id.hex(),
            "type": type_name(one.entry.body),
            "issuer": statement.issuer,
            "subject": statement.subject,
            "on": format_us(one.done_us),
        }


def _names(there: "AtHand", listed: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    from ledger.questions.names import names_of

    ids = dict.fromkeys(row[field] for row in listed for field in ("issuer", "subject"))
    with there.reading() as view:
        return names_of(view, ids, None)


def _say_addends(listed: list[dict[str, Any]], names: "Names", lang: Lang) -> None:
    from ledger.phrases.called import with_names
    from ledger.tables.answered import row_line

    for line in with_names((row_line("addends", one, lang) for one in listed), names, lang):
        say(line)


def _lines(row: dict[str, Any], told: Tally, lang: Lang) -> Iterator[str]:
    yield WORDS["head"].fill(lang, start=row["from"], until=row["until"], size=row["size"])
    for figure in FIGURES:
        parts = told.parts(figure)
        if not parts:
            continue
        yield f"{CALLED[figure].to(lang)}{COLON.to(lang)}{sum(parts.values()):,}"
        yield f"  {_summed(parts, lang)}"
        categories = told.categories(figure)
        if list(categories) != [NO_CATEGORY]:
            yield f"  {_summed(categories, lang)}"
    if not told.sums:
        yield WORDS["none"].to(lang)
    for why, entries in told.left_out.items():
        if entries:
            named = [*map(str, entries[:FIRST]), *(["…"] if len(entries) > FIRST else [])]
            yield WORDS[why].fill(lang, count=len(entries), entries=PARTS.to(lang).join(named))


def _summed(sums: dict[str, int], lang: Lang) -> str:
    from ledger.phrases.type_words import type_word
    from ledger.phrases.value_words import word_of
    from ledger.statements.catalogue import CATALOGUE

    def called(name: str) -> str:
        if name in CATALOGUE:
            return type_word(name, lang)
        words = WORDS["elsewhere"] if name == NO_CATEGORY else word_of(name)
        return name if words is None else words.to(lang)

    return PARTS.to(lang).join(
        f"{called(name)}{COLON.to(lang)}{value:,}" for name, value in sums.items()
    )
