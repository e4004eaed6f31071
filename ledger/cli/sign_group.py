"""sign: one subcommand for each type, its help built when it is asked for; and signing in bulk."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

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
    passphrase,
    spoken_to,
)
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption
from ledger.cli.sign_one import OriginOption, sign_one
from ledger.cli.spoken import SIGNED, speak
from ledger.cli.type_names import near_type, type_called
from ledger.errors import ParameterError
from ledger.texts import Lang, saying

BOUND = ("party", "party-update", "key")
"""Types that bind keys."""


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
            args = [type_called(args[0], types) or args[0], *args[1:]]
        if args and args[0] not in types and not args[0].startswith("-"):
            near = near_type(args[0], types)
            # With its command: it is to be typed so, in every language.
            hint = f", did you mean sign {near}?" if near else ""
            ctx.fail(f"no statement type {args[0]!r} to sign{hint}")
        name, _, rest = super().resolve_command(ctx, args)
        return name, type_command(str(name), spoken_to(rest)), rest


app = typer.Typer(
    cls=SignGroup,
    help="Sign a statement of a type; print its id. Without a type: sign JSON lines in bulk.",
    invoke_without_command=True,
    rich_markup_mode=None,
    subcommand_metavar=SIGNED.en,
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
