"""One command for each question, and ``bundle`` with the same questions: made from the registry.

The registry of questions is light; everything else is imported when a question is asked.
"""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.cli.asking import WAIT_S, Place, Times, give
from ledger.cli.common import (
    DirOption,
    JsonOption,
    LangOption,
    NotesOption,
    emit,
    help_language,
    language,
    say_json,
    write_file,
)
from ledger.cli.completing import completed
from ledger.cli.listed import CsvOption, XlsxOption, ZoneOption, sheets_of, write_answer
from ledger.cli.parameters import Argument, given_parameters, subject_of
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption, chosen_server
from ledger.cli.spelled import Spelled
from ledger.cli.spoken import ARGUMENTS
from ledger.cli.understood import typed_at
from ledger.errors import ParameterError
from ledger.questions.declared import QUESTIONS, Parameter, Question, called_question
from ledger.texts import saying

bundle_app = typer.Typer(
    cls=Spelled,
    help="Answer a question into an evidence bundle, one file that anybody verifies offline.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

AtOption = Annotated[
    str | None,
    typer.Option("--at", help="About this time, 2026-05-01T08:00:00Z; the newest seal's else."),
]
KnownAtOption = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        help="As of this log size, or of this time, rounded down to a seal; all of it else.",
    ),
]
SinceOption = Annotated[
    int | None,
    typer.Option("--since", min=1, help="Add the proof that the log of this size was extended."),
]
BundleOption = Annotated[
    Path | None, typer.Option("--bundle", help="Also write the evidence bundle here.")
]
WaitOption = Annotated[
    float,
    typer.Option(
        "--wait",
        help="How many seconds to wait for the witnesses that genesis names to cosign a bundle.",
        min=0,
        max=600,
    ),
]
TrustOption = Annotated[
    Path | None,
    typer.Option("--trust", help="Hold the answer to this trust file, as verify bundle does."),
]


BESIDE = "_option"


def add_to(app: typer.Typer) -> None:
    """Add a command for each question but ``history`` and ``draw``, and to ``bundle`` one for each."""
    for asked in QUESTIONS.values():
        if asked.name not in ("history", "draw"):
            add_question(app, asked, _answer)
        add_question(bundle_app, asked, _write)
    app.command()(schema)


def schema(
    question: Annotated[str, typer.Argument(help="A question, as its command is called.")],
) -> None:
    """Print the JSON Schema of the object that a question's answer is with --json."""
    from ledger.evidence.answer_schemas import published
    from ledger.primitives.near import did_you_mean, near

    asked = called_question(question)
    if asked is None:
        known = [name.replace("_", "-") for name in QUESTIONS]
        hint = did_you_mean(near(question, known)) or f": {', '.join(known)}"
        raise ParameterError(
            "{flag}: no question {question!r}{hint}",
            flag=ARGUMENTS["question"],
            question=question[:40],
            hint=hint,
        )
    say_json(published(asked))


def add_question(app: typer.Typer, asked: Question, run: Callable[..., None]) -> None:
    """Add the command of a question: its parameters, then the options that ``run`` has."""
    text = asked.words.to(help_language())
    name = asked.name.replace("_", "-")
    app.command(name, help=text, short_help=text)(_command(asked, run))


def add_answer(app: typer.Typer, asked: Question) -> None:
    """Add the command that answers one question."""
    add_question(app, asked, _answer)


def _command(asked: Question, run: Callable[..., None]) -> Callable[..., None]:
    """Return the function of one question's command, with the signature its parameters give."""
    names = [item.name for item in given_parameters(asked)]
    about = subject_of(asked)
    shared = [
        item
        for item in inspect.signature(run).parameters.values()
        if item.name not in ("asked", "parameters") and (asked.timed or item.name != "at")
    ]

    def command(**options: Any) -> None:
        if about is not None:
            beside = options.pop(f"{about.name}{BESIDE}")
            options[about.name] = _the_one(about, options[about.name], beside)
        parameters = {name: options.pop(name) for name in names}
        run(asked, parameters, **options)

    signature = inspect.Signature([*_parameters(asked), *shared])
    command.__signature__ = signature  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
    return command


def _the_one(about: Parameter, argument: str | None, option: str | None) -> str:
    """Return what a question is about, given as an argument or as the option of before."""
    name, flag = Argument(about.name), f"--{about.name}"
    if argument is None and option is None:
        raise ParameterError("{name}: missing. {means}: see --help", name=name, means=about.words)
    if argument is not None and option is not None and argument != option:
        raise ParameterError("{name} and {flag}: one of the two", name=name, flag=flag)
    return str(option if argument is None else argument)


def _parameters(asked: Question) -> Iterator[inspect.Parameter]:
    """Yield a question's parameters: what it is about as an argument, all else as options."""
    about = subject_of(asked)
    kind = inspect.Parameter.KEYWORD_ONLY
    for item in given_parameters(asked):
        text = item.words.to(help_language())
        default: Any = inspect.Parameter.empty if item.default is None else item.default
        flag = f"--{item.name.replace('_', '-')}"
        complete = completed(item.form)
        about_it = typer.Argument(
            help=text, metavar=Argument(item.name).to(help_language()), autocompletion=complete
        )
        hint: Any = Annotated[str, typer.Option(flag, help=text, autocompletion=complete)]
        if asked.name == "history":
            hint = Annotated[str, about_it]
        elif item == about:
            hint = Annotated[str | None, about_it]
            hidden = Annotated[str | None, typer.Option(flag, hidden=True)]
            default = None
            yield inspect.Parameter(f"{item.name}{BESIDE}", kind, default=None, annotation=hidden)
        yield inspect.Parameter(item.name, kind, default=default, annotation=hint)


def _answer(
    asked: Question,
    parameters: dict[str, str],
    *,
    at: AtOption = None,
    known_at: KnownAtOption = None,
    since: SinceOption = None,
    bundle: BundleOption = None,
    trust: TrustOption = None,
    csv: CsvOption = None,
    xlsx: XlsxOption = None,
    zone: ZoneOption = None,
    notes: NotesOption = False,
    wait: WaitOption = WAIT_S,
    directory: DirOption = None,
    server: ServerOption = None,
    first_use: FirstUseOption = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    from ledger.cli.answer import answer_lines, in_zone_of, meant_lines, then_lines
    from ledger.evidence.answered import beside, row_of_verified

    spoken = language(lang)
    url = chosen_server(server, directory, first_use=first_use)
    held_to_more = bundle is not None or trust is not None
    place = Place(directory, url, trust, first_use, wait if held_to_more else None)
    sheets = sheets_of(csv, xlsx, zone, spoken)
    typed = typed_at(directory, url, trust, first_use=first_use, zone=zone, lang=spoken)
    parameters = typed.parameters(asked, parameters)
    times = Times(*typed.times(at, known_at), since)
    given = give(asked, parameters, times, place)
    then = None if at is None or known_at is not None else given.then()
    if bundle is not None:
        write_file(bundle, given.raw)
    write_answer(sheets, asked, parameters, given, place)
    near = given.meant()
    emit(
        as_json,
        row_of_verified(given.verified, spoken) | beside(then, near) | typed.row(),
        in_zone_of(
            answer_lines(
                given.verified, spoken, whole=notes, then=then_lines(then, times.at, spoken)
            ),
            zone,
        )
        + meant_lines(near, spoken, given.by),
    )


def _write(
    asked: Question,
    parameters: dict[str, str],
    *,
    output: Annotated[Path, typer.Option("-o", help="Where to write the bundle.")],
    at: AtOption = None,
    known_at: KnownAtOption = None,
    since: SinceOption = None,
    wait: WaitOption = WAIT_S,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    zone: ZoneOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    url = chosen_server(server, directory, trust, first_use=first_use, exports=True)
    place = Place(directory, url, trust, first_use, wait)
    typed = typed_at(directory, url, trust, first_use=first_use, zone=zone, lang=language(lang))
    parameters = typed.parameters(asked, parameters)
    given = give(asked, parameters, Times(*typed.times(at, known_at), since), place)
    raw, proven = given.raw, given.bundle
    write_file(output, raw)
    row = {
        "file": str(output),
        "bytes": len(raw),
        "question": proven.question,
        "parameters": proven.parameters,
        "known_at": proven.known_at,
    }
    count = saying(
        "{count} histories, {count_2} statements",
        count=len(proven.histories),
        count_2=len(proven.statements),
    )
    lines = [
        saying(
            "{output}: {name} as of size {known_at}, {count}, {count_2} bytes",
            output=output,
            name=asked.name,
            known_at=proven.known_at,
            count=count,
            count_2=len(raw),
        )
    ]
    emit(as_json, row, lines)
