"""init, seal, trust: making a ledger, keeping it alive, saying whom to trust; register is beside it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.common import (
    ClockJumpOption,
    DirOption,
    JsonOption,
    NowOption,
    PassphraseOption,
    emit,
    make_clock,
    note,
    open_engine,
    opened,
    option,
    passphrase,
    read_note,
)
from ledger.cli.opening import open_ledger
from ledger.cli.registering import register
from ledger.cli.server import (
    ServerOption,
    chosen_server,
)
from ledger.errors import LedgerError, ParameterError, UsageError
from ledger.texts import saying

if TYPE_CHECKING:
    from ledger.writing.log import Log


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
