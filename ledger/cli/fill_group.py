"""fill: a statement's fields as far as the ledger knows them, to be completed and signed."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.common import DirOption, LangOption, language, note, say_json, write_file
from ledger.cli.completing import completed, completed_kind
from ledger.cli.questions_group import TrustOption
from ledger.cli.server import FirstUseOption, ServerOption
from ledger.errors import UsageError
from ledger.texts import Words

if TYPE_CHECKING:
    from ledger.texts import Lang

app = typer.Typer(
    help="Print a statement's fields as far as the ledger knows them, to complete and sign.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
OF_SAMPLE = Words("{sample}: of the lot {lot}, drawn at {trader}, tested by {laboratory}")
KEY = Words("KEY.pem", "a file")
NEXT = Words("Fill in what is in <…>, then: {0}")
FileOption = Annotated[Path | None, typer.Option("-o", help="Write the fields here.")]


@app.command("inspection")
def fill_inspection(
    lot: Annotated[
        str, typer.Argument(help="The lot that is inspected.", autocompletion=completed_kind("lot"))
    ],
    trader: Annotated[str, typer.Option(help="With whom.", autocompletion=completed("party"))],
    lot_size: Annotated[str, typer.Option("--lot-size", help="Items in the lot.")],
    aql: Annotated[
        str, typer.Option(help="Acceptance quality limit: 1.0.", autocompletion=completed("aql"))
    ],
    level: Annotated[
        str, typer.Option(help="Inspection level.", autocompletion=completed("level"))
    ] = "II",
    mode: Annotated[
        str,
        typer.Option(help="inbound, patrol, flight, mystery.", autocompletion=completed("mode")),
    ] = "inbound",
    output: FileOption = None,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: TrustOption = None,
    first_use: FirstUseOption = False,
    lang: LangOption = None,
) -> None:
    """Fill in an inspection by its plan: what to draw from the lot now, what to accept, what it is to answer."""
    from ledger.cli.asking import ask_verified
    from ledger.cli.at_hand import at_hand
    from ledger.cli.filled import answered, check_made, inspection
    from ledger.cli.parameters import Argument
    from ledger.cli.understood import Typed
    from ledger.errors import MalformedError
    from ledger.identifiers import check_lot, product_of
    from ledger.phrases import reason_sentence, sentences, with_names
    from ledger.questions.declared import QUESTIONS
    from ledger.statements.fields import LotId

    spoken = language(lang)
    typed = Typed(lambda: at_hand(directory, server, trust, first_use=first_use), None, spoken)
    lot = typed.one(Argument("lot"), (LotId,), lot)
    try:
        check_lot(lot)
    except MalformedError as error:
        raise UsageError("{flag}: {why}", flag=Argument("lot"), why=error) from error
    parameters = {"trader": trader, "product": product_of(lot), "lot_size": lot_size}
    parameters |= {"aql": aql, "level": level, "mode": mode}
    parameters = typed.parameters(QUESTIONS["plan"], parameters)
    found = ask_verified(QUESTIONS["plan"], parameters, directory, server, trust, first_use)
    told = sentences("plan", found.parameters, found.answer, spoken)
    said = with_names(told, found.names, spoken)
    if found.answer["verdict"] != "yes":
        raise UsageError(" ".join(said))
    there = at_hand(directory, server, trust, first_use=first_use)
    with there.reading() as view:
        check_made(view, lot, int(found.parameters["lot_size"]), lang=spoken)
    for line in said:
        note(line)
    about = {"goods": lot, "page": "1"}
    traced = ask_verified(QUESTIONS["trace"], about, directory, server, trust, first_use)
    against = [one for one in traced.answer["reasons"] if one["facts"].get("lot") == lot]
    for line in with_names([reason_sentence(one, spoken) for one in against], traced.names, spoken):
        note(line)
    again = answered(there.statement, against, found.parameters["trader"])
    fields = inspection(found.answer["plan"], found.parameters, again, lang=spoken)
    _give(fields, "inspection", lot, output, placed(directory, server), spoken)


@app.command("test-report")
def fill_test_report(
    sample: Annotated[
        str, typer.Argument(help="The sample tested.", autocompletion=completed_kind("sample"))
    ],
    laboratory: Annotated[
        str, typer.Option(help="Who tested it.", autocompletion=completed("party"))
    ],
    standard: Annotated[
        str | None,
        typer.Option(help="By this standard, its statement id: a result for each limit."),
    ] = None,
    output: FileOption = None,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: TrustOption = None,
    first_use: FirstUseOption = False,
    lang: LangOption = None,
) -> None:
    """Fill in a test report by its sample: lot, custody, accreditations, what a standard limits."""
    from ledger.answering.named import names_in
    from ledger.cli.at_hand import at_hand
    from ledger.cli.filled import test_report
    from ledger.cli.parameters import Argument
    from ledger.cli.understood import Typed
    from ledger.phrases import with_names
    from ledger.statements.fields import PartyId, SampleId

    spoken = language(lang)
    there = at_hand(directory, server, trust, first_use=first_use)
    typed = Typed(lambda: there, None, spoken)
    sample = typed.one(Argument("sample"), (SampleId,), sample)
    laboratory = typed.one("--laboratory", (PartyId,), laboratory)
    by = None if standard is None else there.statement(standard)
    with there.reading() as view:
        fields = test_report(view, sample, laboratory, by, lang=spoken)
        about = {name: fields.get(name, "-") for name in ("lot", "trader")}
        names = names_in(view, (laboratory, *about.values()))
    line = OF_SAMPLE.fill(spoken, sample=sample, laboratory=laboratory, **about)
    note(with_names([line], names, spoken)[0])
    _give(fields, "test-report", sample, output, placed(directory, server), spoken)


def _give(
    fields: dict[str, Any],
    type_: str,
    subject: str,
    output: Path | None,
    where: tuple[str, ...],
    lang: "Lang",
) -> None:
    """Print or write fields, and say what is to be done with them: the command, whole."""
    words = ("pinyuan", "sign", type_, put(fields, output), "--subject", subject)
    key = ("--key", KEY.to(lang), *where, "-o", f"{type_}.cose")
    note(NEXT.fill(lang, shlex.join((*words, *key))))


def placed(directory: Path | None, server: str | None) -> tuple[str, ...]:
    """Return the options that name the ledger which the command before was asked of."""
    if server is not None:
        return "--server", server
    return () if directory is None else ("--dir", str(directory))


def put(fields: dict[str, Any], output: Path | None) -> str:
    """Print or write fields; return what a command calls their file."""
    if output is None:
        say_json(fields)
        return "FIELDS.json"
    write_file(output, _written(fields))
    return str(output)


def _written(fields: dict[str, Any]) -> bytes:
    """Return fields as people edit them."""
    import json

    return (json.dumps(fields, ensure_ascii=False, indent=1) + "\n").encode()
