"""One command for each question, and ``bundle`` with the same questions: made from the registry.

The registry of questions is light; everything else is imported when a question is asked.
"""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.common import (
    DirOption,
    JsonOption,
    LangOption,
    emit,
    help_language,
    language,
    parse_now,
    present_us,
    read_trust,
    write_file,
)
from ledger.cli.opening import open_ledger
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption, chosen_server
from ledger.errors import ParameterError, UsageError
from ledger.questions.declared import QUESTIONS, Parameter, Question

if TYPE_CHECKING:
    from ledger.cli.times import Then
    from ledger.evidence.bundle import Bundle, Verified
    from ledger.histories.history import Entry
    from ledger.writing.log import Log

bundle_app = typer.Typer(
    help="Answer a question into an evidence bundle, one file that anybody verifies offline.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

LOOKED_UP = {"impact": ("grant", ("brand", "grantee"))}
"""Question -> the parameter that is enough, and those that its entry says."""

NO_LIMIT_S = 1 << 40

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
WAIT_S = 10.0
TrustOption = Annotated[
    Path | None,
    typer.Option("--trust", help="Hold the answer to this trust file, as verify bundle does."),
]


def add_to(app: typer.Typer) -> None:
    """Add a command for each question but ``history``, and to ``bundle`` one for each."""
    for asked in QUESTIONS.values():
        if asked.name != "history":
            _add(app, asked, _answer)
        _add(bundle_app, asked, _write)


def _add(app: typer.Typer, asked: Question, run: Callable[..., None]) -> None:
    text = asked.zh if help_language() == "zh" else asked.en
    name = asked.name.replace("_", "-")
    app.command(name, help=text, short_help=text)(_command(asked, run))


def given_parameters(asked: Question) -> tuple[Parameter, ...]:
    """Return the parameters a person gives: without those that an entry says."""
    found = LOOKED_UP.get(asked.name)
    return tuple(p for p in asked.parameters if found is None or p.name not in found[1])


def _command(asked: Question, run: Callable[..., None]) -> Callable[..., None]:
    """Return the function of one question's command, with the signature its parameters give."""
    names = [item.name for item in given_parameters(asked)]
    shared = [
        item
        for item in inspect.signature(run).parameters.values()
        if item.name not in ("asked", "parameters") and (asked.timed or item.name != "at")
    ]

    def command(**options: Any) -> None:
        parameters = {name: options.pop(name) for name in names}
        run(asked, parameters, **options)

    signature = inspect.Signature([*_parameters(asked), *shared])
    command.__signature__ = signature  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
    return command


def _parameters(asked: Question) -> Iterator[inspect.Parameter]:
    """Yield a question's parameters: as arguments if it has one or is ``history``, else options.

    What narrows an answer is an option beside.
    """
    given = given_parameters(asked)
    alone = len([item for item in given if not item.narrows]) == 1
    zh = help_language() == "zh"
    for item in given:
        text = item.zh if zh else item.en
        if (alone and not item.narrows) or asked.name == "history":
            hint: Any = Annotated[str, typer.Argument(help=text, metavar=item.name.upper())]
        else:
            flag = f"--{item.name.replace('_', '-')}"
            hint = Annotated[str, typer.Option(flag, help=text)]
        default = inspect.Parameter.empty if item.default is None else item.default
        kind = inspect.Parameter.KEYWORD_ONLY
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
    wait: WaitOption = WAIT_S,
    directory: DirOption = None,
    server: ServerOption = None,
    first_use: FirstUseOption = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    from ledger.cli.answer import answer_lines, answer_row, meant_lines, then_lines
    from ledger.cli.called import name_near, view_of
    from ledger.evidence.bundle import encode_bundle

    spoken = language(lang)
    if (url := chosen_server(server, directory, first_use=first_use)) is not None:
        from ledger.cli.at_hand import Served
        from ledger.cli.remote import ask, then_there

        times, look_up = (at, known_at, since), _look_up(asked)
        told = ask(url, trust, asked, parameters, times, said_by=look_up, first_use=first_use)
        raw, found, then = told.raw, told.verified, None
        if at is not None and known_at is None:
            then = then_there(url, trust, told, first_use=first_use)
        there = Served(url, trust, first_use=first_use)
        near, by = name_near([dict(row) for row in told.meant], there.reading), url
    else:
        from ledger.answering.meant import meant

        log = open_ledger(directory)
        proven = _prove(log, asked, parameters, at, known_at, since)
        if bundle is not None or trust is not None:
            from ledger.answering.prover import with_cosignatures

            proven = with_cosignatures(log, proven, wait)
        raw = encode_bundle(proven)
        found = _verified(log, raw, trust)
        then = None if at is None or known_at is not None else _then(log, proven)
        rows = [one.row() for one in meant(log, found.parameters)]
        near, by = name_near(rows, lambda: view_of(log)), None
    if bundle is not None:
        write_file(bundle, raw)
    emit(
        as_json,
        answer_row(found) | ({"meant": near} if near else {}),
        answer_lines(found, spoken) + then_lines(then, at, spoken) + meant_lines(near, spoken, by),
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
    as_json: JsonOption = False,
) -> None:
    from ledger.evidence.bundle import encode_bundle

    if (url := chosen_server(server, directory, trust, first_use=first_use)) is not None:
        from ledger.cli.remote import ask

        times, look_up = (at, known_at, since), _look_up(asked)
        told = ask(url, trust, asked, parameters, times, said_by=look_up, first_use=first_use)
        raw, proven = told.raw, told.bundle
    else:
        from ledger.answering.prover import with_cosignatures

        log = open_ledger(directory)
        proven = with_cosignatures(log, _prove(log, asked, parameters, at, known_at, since), wait)
        raw = encode_bundle(proven)
        _verified(log, raw, None)
    write_file(output, raw)
    row = {
        "file": str(output),
        "bytes": len(raw),
        "question": proven.question,
        "parameters": proven.parameters,
        "known_at": proven.known_at,
    }
    count = f"{len(proven.histories)} histories, {len(proven.statements)} statements"
    lines = [f"{output}: {asked.name} as of size {proven.known_at}, {count}, {len(raw)} bytes"]
    emit(as_json, row, lines)


def ask_verified(
    asked: Question,
    parameters: dict[str, str],
    directory: Path | None,
    server: str | None,
    trust: Path | None,
    first_use: bool,
) -> "Verified":
    """Return a verified answer about now, from the ledger or server that the options name."""
    from ledger.evidence.bundle import encode_bundle

    if (url := chosen_server(server, directory, first_use=first_use)) is not None:
        from ledger.cli.remote import ask

        return ask(url, trust, asked, parameters, (None, None, None), first_use=first_use).verified
    log = open_ledger(directory)
    proven = _prove(log, asked, parameters, None, None, None)
    return _verified(log, encode_bundle(proven), trust)


def _prove(
    log: "Log",
    asked: Question,
    parameters: dict[str, str],
    at: str | None,
    known_at: str | None,
    since: int | None,
) -> "Bundle":
    from ledger.answering.prover import prove
    from ledger.cli.times import known_here

    complete = parameters | looked_up(log, asked, parameters)
    ordered = {item.name: complete[item.name] for item in asked.parameters}
    at_us = parse_now(at, "--at")
    size = known_here(log, known_at)
    return prove(log, asked.name, ordered, known_at=size, valid_at_us=at_us, since=since)


def _then(log: "Log", now: "Bundle") -> "Then | None":
    """Return what was known at the past time that an answer is about, if that was another verdict."""
    from ledger.answering.prover import prove
    from ledger.cli.times import known_then, seals_of

    def answer_at(size: int) -> Any:
        return prove(
            log, now.question, now.parameters, known_at=size, valid_at_us=now.valid_at_us
        ).answer

    return known_then(now, seals_of(log), answer_at)


def looked_up(log: "Log", asked: Question, parameters: dict[str, str]) -> dict[str, str]:
    """Return the parameters that the entry named by another one says.

    Raises:
        UsageError: no such entry, or one that says none of it.

    """
    from ledger.cli.entries import find_entry
    from ledger.store.reads import reading

    if asked.name not in LOOKED_UP:
        return {}
    with reading(log.engine) as snapshot:
        entry = find_entry(log, snapshot, parameters[LOOKED_UP[asked.name][0]])
    return said_by(entry, asked)


def _look_up(asked: Question) -> "tuple[str, Callable[[Entry, Question], dict[str, str]]] | None":
    return (LOOKED_UP[asked.name][0], said_by) if asked.name in LOOKED_UP else None


def said_by(entry: "Entry", asked: Question) -> dict[str, str]:
    """Return the parameters of a question that an entry says.

    Raises:
        UsageError: it says none of them.

    """
    from ledger.statements.catalogue import type_name

    name, wanted = LOOKED_UP[asked.name]
    said = {"grantee": entry.statement.subject, "brand": getattr(entry.body, "brand", None)}
    if type_name(entry.body) != "authorisation":
        msg = f"{name}: entry {entry.index} is a {type_name(entry.body)}: name an authorisation"
        raise UsageError(msg)
    return {name: entry.statement.id.hex()} | {item: str(said[item]) for item in wanted}


def _verified(log: "Log", raw: bytes, trust: Path | None) -> "Verified":
    """Verify a bundle as its reader will: by a trust file, or by this ledger's own log key.

    Raises:
        CannotVerifyError: asked about a time the log has not seen, or the trust file wants more.

    """
    from ledger.evidence.bundle import verify_bundle
    from ledger.tlog.trust import TrustPolicy

    policy = TrustPolicy(
        logs=(log.vkey,), witnesses={}, groups={}, quorum=None, max_age_s=NO_LIMIT_S
    )
    if trust is not None:
        policy = read_trust(trust)
    return verify_bundle(raw, policy, now_us=present_us(log))


def expected(text: str, raw: bytes) -> tuple[str, dict[str, str]]:
    """Return the question and parameters that ``--expect`` names.

    What an entry says (the brand of a grant) need not be named: it is taken from the bundle,
    whose answer follows only if it fits the entry.
    """
    from ledger.evidence.bundle import decode_bundle

    name, *values = text.split(" ")
    asked = QUESTIONS.get(name.replace("-", "_"))
    if asked is None:
        msg = f"--expect {text!r}: no question {name!r}: {', '.join(QUESTIONS)}"
        raise ParameterError(msg)
    names = [item.name for item in asked.parameters]
    required = [item.name for item in asked.parameters if item.default is None]
    if all(value.partition("=")[0] in names for value in values):
        given = dict(value.split("=", 1) for value in values if "=" in value)
    elif len(values) in (len(names), len(required)):
        given = dict(zip(names if len(values) == len(names) else required, values, strict=True))
    else:
        given = {}
    said = {item.name for item in asked.parameters} - {p.name for p in given_parameters(asked)}
    if said:
        given = {k: v for k, v in decode_bundle(raw).parameters.items() if k in said} | given
    given = {p.name: p.default for p in asked.parameters if p.default is not None} | given
    if given.keys() != set(names) or len(values) > len(names):
        wanted = " ".join(_wanted(item) for item in given_parameters(asked))
        msg = f"--expect {text!r} names other parameters: write '{asked.name} {wanted}'"
        raise ParameterError(msg)
    return asked.name, {item: given[item] for item in names}


def _wanted(item: Parameter) -> str:
    word = f"{item.name}=..."
    return word if item.default is None else f"[{word}]"
