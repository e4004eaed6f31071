"""fill: a statement's fields as far as the ledger knows them, to be completed and signed."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.common import DirOption, LangOption, language, note
from ledger.cli.completing import completed, completed_kind
from ledger.cli.questions_group import TrustOption
from ledger.cli.server import FirstUseOption, ServerOption
from ledger.cli.to_sign import placed, to_sign
from ledger.errors import UsageError
from ledger.texts import Words

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
    key = ("--key", KEY.to(spoken), *placed(directory, server))
    note(NEXT.fill(spoken, to_sign(fields, "inspection", lot, output, *key)))


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
    key = ("--key", KEY.to(spoken), *placed(directory, server))
    note(NEXT.fill(spoken, to_sign(fields, "test-report", sample, output, *key)))
