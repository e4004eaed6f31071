"""What went wrong, for programs: under ``--json`` one object on standard output, as HTTP's problems are.

RFC 9457's ``type``, ``title`` and ``detail``, with the command's exit code in place of a status.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import typer
from typer.main import get_command

from ledger.cli.common import JsonOption, printed, say_json, spoken_to
from ledger.texts import Lang, Told, Words, differing

JSON = "--json"
TITLES: Mapping[int, Words] = {
    1: Words("Not done"),
    2: Words("Wrong usage"),
    3: Words("Verification failed"),
    4: Words("Cannot be verified"),
}
"""Exit code -> what the problem is called."""


def wants_json(call: Sequence[str]) -> bool:
    """Return whether a call asks for JSON, whatever became of it."""
    words = [*call]
    return JSON in (words[: words.index("--")] if "--" in words else words)


def problem(code: int, said: Told, beside: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """Return what went wrong as JSON: ``detail`` in the language asked for, ``sentences`` in each that differs."""
    found: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES[code].to(lang),
        "detail": said.to(lang),
        "exit": code,
    }
    return found | differing(said) | dict(beside)


def tell_problem(
    call: Sequence[str], code: int, said: Told, beside: Mapping[str, Any] | None = None
) -> None:
    """Print what went wrong where JSON is asked for, unless the outcomes that tell it stand there already."""
    if wants_json(call) and not printed:
        say_json(problem(code, said, beside or {}, spoken_to(call)))


def with_json(command: Any) -> Any:
    """Return a command, with ``--json`` taken by those below it that print JSON anyway, or serve."""
    for one in getattr(command, "commands", {}).values():
        with_json(one)
    if not hasattr(command, "commands") and not any(JSON in p.opts for p in command.params):
        command.params.append(_flag())
    return command


def _flag() -> Any:
    """Return the option as typer makes it; no command is told whether it was given."""
    single = typer.Typer(add_completion=False)

    @single.command()
    def _(as_json: JsonOption = False) -> None:
        del as_json

    found = get_command(single).params[0]
    found.expose_value = False
    return found
