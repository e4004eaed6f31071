"""history: everything that was ever said under one name, who said it, and that it is everything."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.asking import WAIT_S, Place, Times, give
from ledger.cli.common import DirOption, JsonOption, LangOption, emit, language, write_file
from ledger.cli.completing import completed
from ledger.cli.listed import CsvOption, XlsxOption, ZoneOption, sheets_of, write_history
from ledger.cli.questions_group import BundleOption, KnownAtOption, SinceOption, WaitOption
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption, chosen_server
from ledger.cli.understood import typed_at
from ledger.questions.declared import QUESTIONS
from ledger.texts import ENGLISH, Lang, Words

if TYPE_CHECKING:
    from ledger.evidence.bundle import Verified

WORDS = {
    "row": Words("{index} {id} {issued_at} {type}, said by {issuer}"),
    "all": Words("{0} entries, all there were as of size {1} ({2})"),
}


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(history)


def history(
    topic: Annotated[
        str, typer.Argument(help="A history's topic.", autocompletion=completed("topic"))
    ],
    subject: Annotated[
        str, typer.Argument(help="A history's subject.", autocompletion=completed("text"))
    ],
    bundle: BundleOption = None,
    known_at: KnownAtOption = None,
    since: SinceOption = None,
    csv: CsvOption = None,
    xlsx: XlsxOption = None,
    zone: ZoneOption = None,
    wait: WaitOption = WAIT_S,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List a complete history, oldest first, and prove that nothing is missing."""
    spoken = language(lang)
    url = chosen_server(server, directory, trust, first_use=first_use, exports=True)
    place = Place(directory, url, trust, first_use, None if bundle is None else wait)
    sheets = sheets_of(csv, xlsx, zone, spoken)
    typed = typed_at(directory, url, trust, first_use=first_use, zone=zone, lang=spoken)
    asked = QUESTIONS["history"]
    parameters = typed.parameters(asked, {"topic": topic, "subject": subject})
    given = give(asked, parameters, Times(*typed.times(None, known_at), since), place)
    if bundle is not None:
        write_file(bundle, given.raw)
    from ledger.cli.answer import meant_lines
    from ledger.evidence.answered import beside, row_of_verified

    found = given.verified
    row = row_of_verified(found, spoken)
    rows = row["entries"]
    write_history(sheets, rows, found.names)
    near = given.meant()
    lines = _lines(rows, found, spoken) + meant_lines(near, spoken, url)
    emit(as_json, row | beside(None, near) | typed.row(), lines)


def _lines(rows: list[dict[str, Any]], found: "Verified", lang: Lang) -> list[str]:
    from ledger.cli.answer import completeness_line
    from ledger.phrases import type_word, with_names

    by = found.completeness
    told = [
        WORDS["row"].to(lang).format_map(row | {"type": type_word(row["type"], lang)})
        for row in rows
    ]
    said = by if lang == ENGLISH else completeness_line(by, lang)
    return [
        *with_names(told, found.names, lang),
        WORDS["all"].fill(lang, len(rows), found.known_at, said),
    ]
