"""Signing one statement of a type, or a sheet of them: who signs, what is read, where it goes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.common import (
    BECAME,
    DirOption,
    JsonOption,
    LangOption,
    PassphraseOption,
    emit,
    language,
    note,
    option,
    passphrase,
    read_input,
    read_time,
    say_json,
    settings_of,
    write_file,
)
from ledger.cli.completing import completed_kind, completed_subject
from ledger.cli.disclosures import FOLDER, disclosure_path, write_disclosure
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption
from ledger.cli.spoken import ARGUMENTS
from ledger.errors import MalformedError, ParameterError, UsageError
from ledger.texts import Words, saying

if TYPE_CHECKING:
    from ledger.cli.finding import AtHand
    from ledger.cli.moments import Moments
    from ledger.cli.signing import Author
    from ledger.cli.understood import Typed
    from ledger.texts import Lang

MAX_PAYLOAD = 65_535
NONE_LEFT = saying(
    "A party that has none left makes a key (key new), proves that it holds it (key bind), and "
    "hands that to the operator, who binds it: sign party-update --bind"
)
"""What mends it that a party's last key was lost or ended."""

NO_KEY_YET = Words(
    "it enters without a key (--bind gives one): the first is bound later, sign party-update --bind"
)


OriginOption = Annotated[
    str | None, typer.Option("--origin", help="The log's name (else that of --dir or --server).")
]


def sign_one(
    name: str,
    *,
    fields: Annotated[
        Path | None,
        typer.Argument(
            metavar="FIELDS.json",
            help="The fields in JSON (- reads them from standard input); of generic the payload.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", help="Where to write the signed statement.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="The issuer's key (else the operator's of --dir).")
    ] = None,
    issuer: Annotated[
        str | None,
        typer.Option(
            help="The issuer's party id (else the key's owner in --dir or --server).",
            autocompletion=completed_kind("party"),
        ),
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option(
            help="What it is about; needed unless there is only one.",
            autocompletion=completed_subject,
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            help="What it amends or answers: an id or index; what has to be repeated is taken from it."
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why: the field reason.")] = None,
    sensitive: Annotated[
        Path | None, typer.Option(help="JSON {name: value}: committed to, and kept apart.")
    ] = None,
    disclosures: Annotated[
        Path | None,
        typer.Option(
            help="Where <id>.disclosure.json goes: beside -o; of the operator, disclosures in --dir."
        ),
    ] = None,
    bind: Annotated[
        list[Path] | None,
        typer.Option(help="A key to bind: what key bind printed, or the private key itself."),
    ] = None,
    template: Annotated[
        bool,
        typer.Option(
            "--template",
            help="Print the required fields to fill in, and stop; into FILE.xlsx or .csv: a sheet.",
        ),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With --template: the optional fields as well.")
    ] = False,
    table: Annotated[
        Path | None,
        typer.Option(
            help="Sign each row of a csv or xlsx sheet; FIELDS.json has what is the same in all. "
            "-o is then lines for register."
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            help="JSON for --table: columns, values, time_zone, until_inclusive, together."
        ),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(help="Of local dates in fields and sheets: +08:00, or Asia/Shanghai."),
    ] = None,
    valid_only: Annotated[
        bool,
        typer.Option("--valid-only", help="Sign the rows that are right, though others are not."),
    ] = False,
    rows: Annotated[str | None, typer.Option(help="Only these rows of the sheet: 2,17-20.")] = None,
    reasons: Annotated[
        Path | None,
        typer.Option(
            help="Where a copy of the sheet with what is wrong beside each row goes; else beside -o."
        ),
    ] = None,
    origin: OriginOption = None,
    content_type: Annotated[str, typer.Option(help="Of the payload.")] = "application/octet-stream",
    issued_at: Annotated[
        str | None,
        typer.Option(
            help="When, 2026-05-01T08:00:00Z; else now, by the clock of --dir or --server."
        ),
    ] = None,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    passphrase_file: PassphraseOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign one statement; print its id."""
    from ledger.cli.at_hand import at_hand as found_at_hand
    from ledger.cli.forms import template as blank
    from ledger.cli.signing import sign_fields, sign_payload
    from ledger.cli.understood import Typed
    from ledger.statements.catalogue import CATALOGUE
    from ledger.statements.fields import PartyId
    from ledger.tables.columns import SUBJECT_TYPES

    spoken = language(lang)
    row = CATALOGUE.get(name)
    if template and row is not None and fields is not None:
        from ledger.cli.table import template_file

        template_file(row, fields, spoken)
        return
    if template or everything:
        say_json(blank(name, spoken, everything=everything))
        return
    if output is None:
        raise ParameterError("-o FILE.cose: where shall the signed statement go?")
    at_hand = found_at_hand(directory, server, trust, first_use=first_use)
    typed = Typed(lambda: at_hand, time_zone, spoken)
    issuer = _typed(typed, "--issuer", PartyId, issuer)
    held = None if row is None else SUBJECT_TYPES.get(row.subject)
    subject = _typed(typed, "--subject", held, subject)
    author = _author(key, issuer, origin, directory, passphrase(passphrase_file), at_hand)
    now_us = read_time(issued_at, "--issued-at", time_zone)
    issued_at_s = at_hand.now_s() if now_us is None else now_us // 1_000_000
    if table is not None and row is not None:
        from ledger.cli.table import Given, sign_table

        common = (_fields(fields) if fields else {}) | _given(target=target, reason=reason)
        sign_table(
            row,
            Given(table, mapping, time_zone, valid_only, rows, reasons),
            common,
            author,
            at_hand,
            output=output,
            disclosures=disclosures,
            subject=subject,
            issued_at=issued_at_s,
            secret=passphrase(passphrase_file),
            lang=spoken,
            as_json=as_json,
        )
        return
    if row is None:
        raw = _payload(fields)
        signed = sign_payload(author, raw, content_type, subject=subject, issued_at=issued_at_s)
    else:
        signed = sign_fields(
            row,
            (_event(fields) if name == "epcis" else _fields(fields))
            | _given(target=target, reason=reason),
            author,
            at_hand,
            subject=subject,
            issued_at=issued_at_s,
            where=_where(fields),
            moments=_moments(time_zone, spoken),
            bind=tuple(bind or ()),
            secret=passphrase(passphrase_file),
            sensitive=None if sensitive is None else _object(sensitive),
            lang=spoken,
        )
    if signed.disclosure is not None:
        folder = disclosures or output.parent
        if disclosures is None and key is None:
            folder = settings_of(directory).directory / FOLDER
        path = disclosure_path(folder, signed.statement.id)
        write_disclosure(path, signed.disclosure)
        note(saying("sensitive values, to be kept apart: {path}", path=path))
    write_file(output, signed.raw)
    if name == "party" and not getattr(signed.body, "keys", None):
        note(NO_KEY_YET.to(spoken))
    statement = signed.statement
    said = {"id": statement.id.hex(), "file": str(output), "issuer": statement.issuer}
    emit(as_json, said | {"subject": statement.subject}, [statement.id.hex()])


def _typed(typed: "Typed", flag: str, held: Any, text: str | None) -> str | None:
    """Return what an option names, of a type that has names or bare numbers."""
    return text if text is None or held is None else typed.one(flag, (held,), text)


def _moments(zone: str | None, lang: "Lang") -> "Moments":
    """Return what reads local dates in fields, and says on standard error what it took them as."""
    from ledger.cli.moments import Moments

    with option("--time-zone"):
        return Moments(zone, lambda *said: note(BECAME.fill(lang, *said)))


def _where(fields: Path | None) -> str:
    if fields is None:
        return ""
    return "standard input: " if str(fields) == "-" else f"{fields}: "


def _given(**options: str | None) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _payload(fields: Path | None) -> bytes:
    if fields is None:
        raise ParameterError(
            "{flag}: name a file, or - for standard input", flag=ARGUMENTS["fields"]
        )
    return read_input(fields, limit=MAX_PAYLOAD)


def _fields(path: Path | None) -> dict[str, Any]:
    return {} if path is None else _object(path)


def _event(path: Path | None) -> dict[str, Any]:
    """Return the field of an EPCIS event: as it is given, or made of a file that is the event."""
    from ledger.primitives import ijson

    if path is None:
        return {}
    raw = read_input(path, limit=MAX_PAYLOAD)
    try:
        value = ijson.decode_decimals(raw)
    except MalformedError as error:
        raise MalformedError("{path}: {why}", path=path, why=error) from error
    if type(value) is not dict:
        raise MalformedError("{path}: not a JSON object", path=path)
    return value if "event" in value else {"event": raw.decode().strip()}


def _object(path: Path) -> dict[str, Any]:
    from ledger.primitives import ijson

    try:
        value = ijson.decode(read_input(path, limit=MAX_PAYLOAD))
    except MalformedError as error:
        raise MalformedError("{path}: {why}", path=path, why=error) from error
    if type(value) is not dict:
        raise MalformedError("{path}: not a JSON object", path=path)
    return value


def _author(
    key: Path | None,
    issuer: str | None,
    origin: str | None,
    directory: Path | None,
    secret: bytes | None,
    at_hand: "AtHand",
) -> "Author":
    """Return who signs: by default the operator of --dir, or the party its ledger knows the key of."""
    from ledger.cli.at_hand import Directory
    from ledger.cli.signing import Author
    from ledger.identifiers import check_party
    from ledger.signer import read_key

    if key is None:
        if not isinstance(at_hand, Directory) or at_hand.is_somebody_elses:
            raise ParameterError(
                "--key: whose key signs? only a ledger of one's own has its operator's"
            )
        settings = settings_of(directory)
        key, issuer = settings.operator_key, issuer or settings.operator
    private = read_key(key, secret)
    owner, ended = at_hand.key(private.public.kid, origin)
    if ended is not None:
        raise UsageError(
            "--key {key}: it ended with entry {ended}: sign with a live key of {owner}. {none_left}",
            key=key,
            ended=ended,
            owner=owner,
            none_left=NONE_LEFT,
        )
    issuer = issuer or owner
    if at_hand.away is not None and (issuer is None or origin is None):
        raise UsageError(
            "whose key is {key}, and for which log? nobody could be asked ({why}). Offline both are said: --issuer PARTY --origin LOG",
            key=key,
            why=at_hand.away,
        ) from at_hand.away
    if issuer is None:
        raise UsageError(
            "--issuer: whose key is {key}? no ledger at hand knows it. A party's further key is introduced with a live one: sign key --bind {key}. {none_left}",
            key=key,
            none_left=NONE_LEFT,
        )
    with option("--issuer"):
        check_party(issuer)
    return Author(issuer, private, origin or at_hand.origin())
