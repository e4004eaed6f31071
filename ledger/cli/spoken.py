"""The command in another language: its help, and what typer says of a call it does not understand."""

import gettext
import os
from typing import Any

import typer

from ledger.cli.common import say
from ledger.cli.parameters import Argument
from ledger.texts import DOMAIN, ENGLISH, LOCALES, Lang, Sentence, Words, saying, translated
from ledger.texts.foreign import recognised
from ledger.texts.joints import first_sentence

USAGE = Words("Usage")
KINDS = {
    "<str>": Words("<text>", "kind of value"),
    "<list[str]>": Words("<text>", "kind of value"),
    "<path>": Words("<file>", "kind of value"),
    "<list[Path]>": Words("<file>", "kind of value"),
    "<int>": Words("<whole number>", "kind of value"),
    "<int range>": Words("<whole number>", "kind of value"),
    "<float range>": Words("<number>", "kind of value"),
}
"""What typer says of the value of an option."""
ARGUMENTS = {
    "files": Words("FILES", "argument"),
    "entry": Words("ENTRY", "argument"),
    "question": Words("QUESTION", "argument"),
    "name": Words("NAME", "argument"),
    "file": Words("FILE", "argument"),
    "folder": Words("FOLDER", "argument"),
    "directory": Words("DIRECTORY", "argument"),
    "source": Words("BACKUP", "argument"),
    "bundle": Words("BUNDLE", "argument"),
    "proof": Words("PROOF", "argument"),
    "receipt": Words("RECEIPT", "argument"),
    "statement": Words("STATEMENT", "argument"),
    "statements": Words("STATEMENT.cose", "argument"),
    "checkpoints": Words("CHECKPOINTS", "argument"),
    "path": Words("PATH", "argument"),
    "fields": Words("FIELDS.json", "argument"),
}
"""What usage calls an argument that is no parameter of a question, by the name that code has for it."""
SIGNED = Words("TYPE [FIELDS.json]", "argument")
"""What usage of ``sign`` calls what follows."""
PIECES = (Words("[OPTIONS]", "usage"), Words("COMMAND [ARGS]...", "usage"), SIGNED)
"""What stands for the rest of a call in its usage."""
HELP = Words("Show this message and exit.")
OWN = (
    Words("(dynamic)"),
    Words("default: {default}"),
    Words("required"),
    Words("env var: {var}"),
    Words("Arguments"),
    Words("Options"),
    Words("Commands"),
    Words("Aborted!"),
)
"""What typer asks gettext for."""
CALLS = (
    Words("Invalid value for {hint}: {message}"),
    Words("Invalid value: {message}"),
    Words("Missing command."),
    Words("Missing argument {hint}."),
    Words("Missing option {hint}."),
    Words("Missing parameter: {name}"),
    Words("No such option: {name} Did you mean {hint}?"),
    Words("No such option: {name} (Possible options: {hint})"),
    Words("No such option: {name}"),
    Words("No such command {name}. Did you mean {hint}?"),
    Words("No such command {name}."),
    Words("Got unexpected extra argument ({extra})"),
    Words("Got unexpected extra arguments ({extra})"),
    Words("Got unexpected extra argument(s) ({extra})"),
    Words("Option {name} requires an argument."),
    Words("Option {name} requires {count} arguments."),
    Words("Option {name} does not take a value."),
    Words("Argument {name} takes {count} values."),
    Words("Input should be a valid integer, unable to parse string as an integer"),
    Words("Input should be a valid number, unable to parse string as a number"),
    Words("Input should be greater than or equal to {least}"),
    Words("Input should be less than or equal to {most}"),
    Words("Input should be {choices}"),
    Words("Could not open file {name}: {why}"),
    Words("Path {name} does not exist."),
    Words("Path {name} is a file."),
    Words("Path {name} is a directory."),
    Words("Path {name} is not readable."),
    Words("Path {name} is not writable."),
    Words("Value {value} is not a valid {label}."),
    Words("Value must be an iterable."),
    Words("{value} is not a valid integer."),
    Words("{value} is not a valid int."),
    Words("{value} is not a valid float."),
    Words("{value} is not in the range {range}."),
    Words("{value} is not one of {choices}."),
    Words("no statement type {name} to sign, did you mean {meant}?"),
    Words("no statement type {name} to sign"),
)
"""What typer says of a call that it does not understand."""


def call_words(message: str) -> Sentence:
    """Return what typer says of a call, with its facts apart."""
    return recognised(message, CALLS)


def speak(command: Any, lang: Lang) -> Any:
    """Have a command, and those below it, say its help in a language; return it.

    What typer says through gettext it says so too.
    """
    if lang == ENGLISH and gettext.textdomain() != DOMAIN:
        return command
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain(DOMAIN, str(LOCALES))
    gettext.textdomain(DOMAIN)
    if lang != ENGLISH:
        _translate(command, lang)
    return command


def _translate(command: Any, lang: Lang) -> None:
    if command.help:
        text = translated(command.help, lang)
        if command.short_help in (None, command.help) and text != command.help:
            # The first sentence; typer looks for its stop behind a blank.
            command.short_help = first_sentence(text.partition("\n\n")[0])
        command.help = text
    if command.short_help:
        command.short_help = translated(command.short_help, lang)
    for item in command.params:
        if getattr(item, "help", None):
            item.help = translated(item.help, lang)
        if hasattr(item, "display_type"):
            item.display_type = _kind(item.display_type, lang)
        if item.name == "install_completion":
            item.callback = _complete
        if item.param_type_name == "argument":
            item.metavar = _argument(item.name, lang)
    command.format_usage = _usage(command, lang)
    command.get_help_option = _help_option(command.get_help_option, lang)
    for below in getattr(command, "commands", {}).values():
        _translate(below, lang)


def _complete(ctx: Any, _param: Any, value: Any) -> Any:
    """Have the shell complete the command, as typer's own callback does, and say so in the language."""
    from typer.completion import install  # type: ignore[attr-defined]  # typer calls it so

    if not value or ctx.resilient_parsing:
        return value
    shell, path = install(shell=value if isinstance(value, str) else None)
    say(saying("{shell} completes from {path} on, in each new shell", shell=shell, path=path))
    raise typer.Exit


def _argument(name: str, lang: Lang) -> str:
    words = ARGUMENTS.get(name)
    return Argument(name).to(lang) if words is None else words.to(lang)


def _kind(own: Any, lang: Lang) -> Any:
    def display_type(ctx: Any) -> str:
        text = str(own(ctx))
        return KINDS[text].to(lang) if text in KINDS else text

    return display_type


def _usage(command: Any, lang: Lang) -> Any:
    def format_usage(ctx: Any, formatter: Any) -> None:
        pieces = " ".join(command.collect_usage_pieces(ctx))
        for words in PIECES:
            pieces = pieces.replace(words.en, words.to(lang))
        formatter.write_usage(ctx.command_path, pieces, prefix=f"{USAGE.to(lang)}: ")

    return format_usage


def _help_option(own: Any, lang: Lang) -> Any:
    def help_option(ctx: Any) -> Any:
        option = own(ctx)
        if option is not None:
            option.help = HELP.to(lang)
        return option

    return help_option
