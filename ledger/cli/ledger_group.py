"""init, register, seal, trust: making a ledger, and putting statements into it."""

import sys
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
    make_clock,
    note,
    open_engine,
    opened,
    option,
    passphrase,
    read_file,
    read_note,
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
from ledger.errors import LedgerError, MalformedError, ParameterError, UsageError
from ledger.texts import Lang, Words, saying, told
from ledger.texts.joints import COLON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.writing.log import Log, Outcome

CHUNK = 5_000  # statements handed to the log at once
SCREEN = 24  # lines that a person sees at once
SUM = Words("{0} registered, {1} registered before, {2} refused")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (init, register, seal, trust):
        app.command()(command)


def init(
    operator: Annotated[str, typer.Option(help="The operator's party id.")],
    directory: DirOption = None,
    db: Annotated[
        str | None,
        typer.Option(
            help="Database URL (PINYUAN_DB; PINYUAN_DB_FILE), or a SQLite path in the directory; "
            "ledger.sqlite by default."
        ),
    ] = None,
    origin: Annotated[
        str | None, typer.Option(help="The log's unique name, like example.com/ledger.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The operator's name in English.")] = None,
    name_zh: Annotated[str | None, typer.Option(help="The operator's name in Chinese.")] = None,
    clock: Annotated[str, typer.Option(help="system or simulated.")] = "system",
    now: NowOption = None,
    log_key: Annotated[
        str | None, typer.Option(help="socket:PATH of a pinyuan signer that has the log key.")
    ] = None,
    witness: Annotated[
        list[str] | None, typer.Option(help="'VKEY URL' of a witness; genesis names its key.")
    ] = None,
    quorum: Annotated[
        int, typer.Option(help="How many witnesses must cosign what seals cite.", min=0)
    ] = 0,
    replayer: Annotated[
        list[str] | None, typer.Option(help="VKEY of a replayer that may hand cosignatures in.")
    ] = None,
    predecessor: Annotated[
        Path | None,
        typer.Option(help="The newest checkpoint known of the log that this one goes on for."),
    ] = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a ledger: its keys (0600), genesis, the first seal and checkpoint."""
    import msgspec

    from ledger.cose.keys import PrivateKey
    from ledger.identifiers import check_origin, check_party
    from ledger.settings import (
        SOCKET,
        Settings,
        directory_of,
        open_signer,
        parse_cosigner,
        parse_witness,
        secret_from,
        write_settings,
    )
    from ledger.signer import write_key
    from ledger.statements.fields import Names, Text
    from ledger.store.engine import without_password
    from ledger.writing.opening import create_log

    if clock not in ("system", "simulated"):
        raise ParameterError("--clock {clock}: system or simulated", clock=clock)
    folder = directory_of(directory)
    if log_key is not None and not (log_key.startswith(SOCKET) and origin):
        raise ParameterError(
            "--log-key socket:PATH goes with --origin, the log's name that the signer has"
        )
    origin = origin or f"pinyuan.invalid/{PrivateKey.generate().public.kid.hex()[:16]}"
    with option("--origin"):
        check_origin(origin)
    with option("--operator"):
        check_party(operator)
    with option("--witness"):
        witnesses = tuple(parse_witness(*_pair(item)) for item in witness or ())
    with option("--replayer"):
        replayers = tuple(parse_cosigner(item) for item in replayer or ())
    settings = Settings(
        directory=folder,
        origin=origin,
        operator=operator,
        db=db or secret_from("PINYUAN_DB") or "ledger.sqlite",
        clock=clock,
        log_key=folder / "keys" / "log.pem"
        if log_key is None
        else Path(log_key.removeprefix(SOCKET)).absolute(),
        operator_key=folder / "keys" / "operator.pem",
        anchor=folder / "anchor",
        log_socket=log_key is not None,
        witnesses=witnesses,
        replayers=replayers,
    )
    if (folder / "pinyuan.toml").exists():
        raise UsageError("there is a ledger in {folder} already", folder=folder)
    cited = None if predecessor is None else str(read_note(predecessor))
    secret = passphrase(passphrase_file)
    for path in (settings.log_key, settings.operator_key)[settings.log_socket :]:
        if not path.exists():  # an interrupted init leaves its keys: they are used
            write_key(path, PrivateKey.generate(), secret)
    signer = open_signer(settings, secret)
    opened.callback(signer.close)
    if signer.vkey.name != origin:
        raise UsageError(
            "the signer signs for {name}, not for {origin}", name=signer.vkey.name, origin=origin
        )
    english = name or ("" if name_zh else operator)
    names = Names(
        zh=Text(name_zh) if name_zh else msgspec.UNSET,
        en=Text(english) if english else msgspec.UNSET,
    )
    log = create_log(
        open_engine(settings.database_url),
        anchor_path=settings.anchor,
        clock=make_clock(settings, now),
        signer=signer,
        operator=operator,
        names=names,
        witnesses=[str(item.vkey) for item in settings.witnesses],
        quorum=quorum,
        predecessor=cited,
    )
    # What the environment gave it will give again: it alone keeps the password.
    write_settings(settings, settings.db if db else without_password(settings.db))
    if clock == "simulated" and now is None:
        note(
            saying(
                "the simulated clock begins in 1970: init --now, or register --now, sets it forward"
            )
        )
    if secret is None:
        note(
            saying(
                "the keys in {folder} are not encrypted: give --passphrase-file to encrypt them",
                folder=folder / "keys",
            )
        )
    emit(
        as_json,
        {
            "origin": origin,
            "operator": operator,
            "log_key": str(log.vkey),
            "directory": str(folder),
        },
        [
            saying("ledger {origin} in {folder}", origin=origin, folder=folder),
            saying("log key {vkey}", vkey=log.vkey),
        ],
    )


def _pair(text: str) -> tuple[str, str]:
    """Return the verifier key and the URL of a witness."""
    match text.split():
        case [vkey, url]:
            return vkey, url
        case _:
            raise ParameterError("--witness {text!r}: 'VKEY URL', a blank between", text=text[:60])


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


def _statements(files: list[Path], jsonl: Path | None) -> "Iterator[Submitted]":
    lines = [path for path in files if path.suffix == ".jsonl"]
    for path in files:
        if path in lines:
            yield from _lines(path)
        else:
            yield Submitted(str(path), read_file(path, limit=1 << 20))
    if jsonl is not None:
        yield from _lines(jsonl)


def _lines(jsonl: Path) -> "Iterator[Submitted]":
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
        _map_back(rows, submitted, receipts, result, spoken)
        emit(as_json, rows, (line for row in rows for line in _outcome_lines(row, spoken)))
        _say_sum(rows, spoken)
        if error is not None:
            raise error
        if any(row["refusals"] for row in rows):
            raise typer.Exit(1)
        return
    from ledger.cli.called import name_outcomes
    from ledger.cli.opening import reading_now
    from ledger.writing.log import Registered

    log = open_ledger(
        directory,
        now=now,
        passphrase_file=passphrase_file,
        write=True,
        accept_jump=accept_clock_jump,
    )
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
    _map_back(rows, submitted, receipts, result, spoken)
    emit(as_json, rows, (line for row in rows for line in _outcome_lines(row, spoken)))
    _say_sum(rows, spoken)
    if any(row["refusals"] for row in rows):
        raise typer.Exit(1)


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
    from ledger.phrases import refusal_row, remark_row
    from ledger.writing.log import Registered

    if isinstance(outcome, Registered):
        return {
            "file": where,
            "id": outcome.id.hex(),
            "index": outcome.index,
            "new": outcome.new,
            "remarks": [remark_row(item) for item in outcome.remarks],
            "refusals": [],
        }
    return {
        "file": where,
        "id": None if outcome.id is None else outcome.id.hex(),
        "index": None,
        "new": False,
        "remarks": [],
        "refusals": [refusal_row(item) for item in outcome.refusals],
    }


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


def seal(
    directory: DirOption = None,
    now: NowOption = None,
    accept_clock_jump: ClockJumpOption = False,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Seal an empty batch if ten minutes passed since the last one: a heartbeat."""
    log = open_ledger(
        directory,
        now=now,
        passphrase_file=passphrase_file,
        write=True,
        accept_jump=accept_clock_jump,
    )
    sealed = log.heartbeat()
    said = saying("sealed") if sealed else saying("the newest seal is younger than ten minutes")
    emit(as_json, {"sealed": bool(sealed)}, [said])


def trust(
    directory: DirOption = None,
    server: ServerOption = None,
    timestamps: Annotated[
        list[str] | None,
        typer.Option(
            "--timestamps",
            help="NAME=FILE.pem: an authority whose timestamps count, and its certificates.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print a trust file for this ledger, to be checked and completed by whoever relies on it."""
    from ledger.cli.timestamp_group import authority_lines

    authorities = [line for item in timestamps or () for line in authority_lines(item)]
    if (url := chosen_server(server, directory)) is not None:
        from ledger.cli.remote import trust_lines

        lines = trust_lines(url) + authorities
        emit(as_json, {"lines": lines}, lines)
        return
    log = open_ledger(directory)
    if log.read_only and not log.signer and not log.mirror:
        raise LedgerError(log.read_only)
    lines = trust_lines_of(log) + authorities
    emit(as_json, {"lines": lines}, lines)


def trust_lines_of(log: "Log") -> list[str]:
    """Return a trust file for a ledger, its comments as sentences."""
    from ledger.evidence.trust_text import offered

    state = log.state()
    return offered(str(log.vkey), state.genesis_id, state.genesis, log.operator)
