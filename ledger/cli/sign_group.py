"""sign: one subcommand for each type, its help built when it is asked for; and signing in bulk."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from ledger.cli.common import (
    DirOption,
    JsonOption,
    LangOption,
    PassphraseOption,
    emit,
    help_language,
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
from ledger.cli.spoken import speak
from ledger.errors import MalformedError, ParameterError, UsageError
from ledger.texts import Lang, Words, languages, saying

if TYPE_CHECKING:
    from ledger.cli.finding import AtHand
    from ledger.cli.signing import Author
    from ledger.cli.understood import Typed

MAX_PAYLOAD = 65_535
BOUND = ("party", "party-update", "key")
"""Types that bind keys."""
NONE_LEFT = saying(
    "A party that has none left makes a key (key new), proves that it holds it (key bind), and "
    "hands that to the operator, who binds it: sign party-update --bind"
)
"""What mends it that a party's last key was lost or ended."""

NO_KEY_YET = Words(
    "it enters without a key (--bind gives one): the first is bound later, sign party-update --bind"
)

USUAL_NAMES: Mapping[str, Words] = {
    "supersede": Words("correction|correct|amendment|amend|replace", "usual names"),
    "withdrawn-in-error": Words("withdraw|retract|error", "usual names"),
    "authorisation": Words("grant|authorization|licence|license", "usual names"),
    "authorisation-revocation": Words("revoke|revocation", "usual names"),
    "lot": Words("batch", "usual names"),
    "qualification": Words("certificate|trademark|paper", "usual names"),
    "facility": Words("place|site", "usual names"),
    "test-report": Words("report", "usual names"),
    "erasure": Words("erase|delete", "usual names"),
}
"""Type -> what people call it elsewhere."""

OriginOption = Annotated[
    str | None, typer.Option("--origin", help="The log's name (else that of --dir or --server).")
]


class SignGroup(TyperGroup):
    """Lists all types from their words; builds the one that is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the types that somebody may submit."""
        from ledger.statements.catalogue import SAYS

        return list(SAYS)

    def get_command(self, ctx: Any, name: str) -> Any:  # noqa: ARG002
        """Return a type with what it says, None for none."""
        from ledger.statements.catalogue import SAYS

        words = SAYS.get(name)
        text = "" if words is None else words.to(help_language())
        return None if words is None else TyperCommand(name=name, short_help=text, help=text)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the real command of a type."""
        types = self.list_commands(ctx)
        if args and args[0] not in types and not args[0].startswith("-"):
            args = [_called(args[0], types) or args[0], *args[1:]]
        if args and args[0] not in types and not args[0].startswith("-"):
            near = _near(args[0], types)
            # With its command: it is to be typed so, in every language.
            hint = f", did you mean sign {near}?" if near else ""
            ctx.fail(f"no statement type {args[0]!r} to sign{hint}")
        name, _, rest = super().resolve_command(ctx, args)
        return name, type_command(str(name), _peek_language(rest)), rest


def _called(text: str, types: Sequence[str]) -> str | None:
    """Return the one type whose name in a language a word is."""
    from ledger.phrases import type_word

    wanted = text.casefold()
    found = {
        name for lang in languages() for name in types if type_word(name, lang).casefold() == wanted
    }
    return found.pop() if len(found) == 1 else None


def _near(text: str, types: Sequence[str]) -> str | None:
    """Return the type that a word is near to, or as which it goes elsewhere."""
    wanted = text.casefold()
    for lang in languages():
        for name in types:
            if name in USUAL_NAMES and wanted in USUAL_NAMES[name].to(lang).split("|"):
                return name
    found: list[str] = get_close_matches(text, types, 1)
    return found[0] if found else None


def _peek_language(args: list[str]) -> Lang:
    """Return the language of a help text, wherever ``--lang`` stands."""
    for word, following in pairwise([*args, ""]):
        given = following if word == "--lang" else word.removeprefix("--lang=")
        if given in languages() and given != word:
            return language(given)
    return help_language()


app = typer.Typer(
    cls=SignGroup,
    help="Sign a statement of a type; print its id. Without a type: sign JSON lines in bulk.",
    invoke_without_command=True,
    rich_markup_mode=None,
    subcommand_metavar="TYPE [FIELDS.json]",
)


@app.callback()
def sign_many(
    ctx: typer.Context,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            help="Sign each line {type, issuer, subject, fields[, issued_at, name, sensitive]};"
            ' a later line cites an earlier one as "@name".'
        ),
    ] = None,
    key_map: Annotated[Path | None, typer.Option(help="JSON {party id: key file}.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", help="Where to write lines for register --jsonl.")
    ] = None,
    disclosures: Annotated[
        Path | None, typer.Option(help="Where sensitive values are kept apart.")
    ] = None,
    origin: OriginOption = None,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    passphrase_file: PassphraseOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign a statement of a type; print its id. Without a type: sign JSON lines in bulk."""
    from ledger.cli.at_hand import at_hand
    from ledger.cli.bulk import sign_lines

    if ctx.invoked_subcommand is not None:
        return
    if jsonl is None or key_map is None or output is None:
        if (jsonl, key_map, output) == (None, None, None):
            typer.echo(ctx.get_help())
            raise typer.Exit(2)
        raise ParameterError(
            "in bulk, --jsonl FILE, --key-map KEYS.json and -o OUT.jsonl go together"
        )
    count = sign_lines(
        jsonl,
        key_map,
        output,
        disclosures=disclosures,
        origin=origin,
        at_hand=at_hand(directory, server, trust, first_use=first_use),
        secret=passphrase(passphrase_file),
        lang=language(lang),
    )
    row = {"statements": count, "file": str(output)}
    emit(as_json, row, [saying("{count} statements in {output}", count=count, output=output)])


def add_to(root: typer.Typer) -> None:
    """Add this group."""
    root.add_typer(app, name="sign")


def type_command(name: str, lang: Lang) -> Any:
    """Return the command that signs a type, with the options that make sense for it."""
    from ledger.cli.forms import type_help
    from ledger.statements.catalogue import CATALOGUE, SAYS

    row = CATALOGUE.get(name)
    dropped = {"name"}
    if row is None:  # generic
        dropped |= {
            "target",
            "reason",
            "sensitive",
            "bind",
            "template",
            "everything",
            "disclosures",
            "table",
            "mapping",
            "time_zone",
            "valid_only",
            "rows",
            "reasons",
        }
        text = SAYS[name].to(lang)
    else:
        text = type_help(name, lang)
        fields = row.body.__struct_fields__
        dropped.add("content_type")
        dropped |= {"target", "reason"}.difference(fields if row.amends else ())
        dropped |= set() if "sealed" in fields else {"sensitive", "disclosures"}
        dropped |= set() if name in BOUND else {"bind"}
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name, help=text)(_bound(name, dropped))
    return speak(get_command(single), lang)


def _bound(name: str, dropped: set[str]) -> Callable[..., None]:
    shown = [p for p in inspect.signature(sign_one).parameters.values() if p.name not in dropped]

    def command(**options: Any) -> None:
        sign_one(name, **options)

    command.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    command.__annotations__ = {item.name: item.annotation for item in shown}
    return command


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
        str | None, typer.Option(help="Of the sheet's dates: +08:00, or Asia/Shanghai.")
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
            _fields(fields) | _given(target=target, reason=reason),
            author,
            at_hand,
            subject=subject,
            issued_at=issued_at_s,
            where=_where(fields),
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


def _where(fields: Path | None) -> str:
    if fields is None:
        return ""
    return "standard input: " if str(fields) == "-" else f"{fields}: "


def _given(**options: str | None) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _payload(fields: Path | None) -> bytes:
    if fields is None:
        raise ParameterError("FIELDS.json: name a file, or - for standard input")
    return read_input(fields, limit=MAX_PAYLOAD)


def _fields(path: Path | None) -> dict[str, Any]:
    return {} if path is None else _object(path)


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
    if issuer is None:
        raise UsageError(
            "--issuer: whose key is {key}? no ledger at hand knows it. A party's further key is introduced with a live one: sign key --bind {key}. {none_left}",
            key=key,
            none_left=NONE_LEFT,
        )
    with option("--issuer"):
        check_party(issuer)
    return Author(issuer, private, origin or at_hand.origin())
