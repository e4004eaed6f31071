"""The command's entry: groups put together, errors turned into sentences and exit codes.

0 ok (an answer was given, whatever it is), 1 operational error, 2 usage, 3 verification
failed, 4 could not verify (or nobody can tell yet, or the log has not got so far).
"""

import os
import re
import sys
from importlib.metadata import entry_points

import typer
from typer.main import get_command

from ledger import __version__
from ledger.cli import (
    backup_group,
    demo_group,
    disclose_group,
    draw_group,
    fill_group,
    headline_group,
    history_group,
    keep_group,
    keys_group,
    labels_group,
    ledger_group,
    mirror_group,
    pdf_group,
    questions_group,
    search_group,
    show_group,
    sign_group,
    signer_group,
    timestamp_group,
    verify_group,
)
from ledger.cli.common import LangOption, language, note, opened, printed, say, spoken_to
from ledger.cli.output import end_output, take_over_output
from ledger.cli.problems import tell_problem, with_json
from ledger.cli.spelled import Spelled
from ledger.cli.spoken import call_words, speak
from ledger.errors import (
    CannotVerifyError,
    LogCorruptError,
    ParameterError,
    PinyuanError,
    SizeError,
    VerificationError,
)
from ledger.texts import SPOKEN, Sentence, Verbatim, Words, saying
from ledger.texts.joints import clause

NEEDS_SERVER = saying("this command needs a database: pip install 'pinyuan[server]'")
SEE = Words("pinyuan: {0}: see {1} --help")
EXIT_ERROR, EXIT_USAGE, EXIT_FALSE, EXIT_CANNOT = 1, 2, 3, 4
_NO_TEXT = re.compile("[\udc80-\udcff]")
EXITS: tuple[tuple[type[PinyuanError], int], ...] = (
    (VerificationError, EXIT_FALSE),
    (LogCorruptError, EXIT_FALSE),
    (CannotVerifyError, EXIT_CANNOT),
    (SizeError, EXIT_CANNOT),
    (ParameterError, EXIT_USAGE),
    (PinyuanError, EXIT_ERROR),
)
"""What a command ends with, by its error: the first that it is; wherever the ledger is."""

app = typer.Typer(
    name="pinyuan",
    cls=Spelled,
    help="Pinyuan (品源): a supply-chain traceability ledger anyone can check offline.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
# The base class of what typer raises for a call it does not understand.
CallError: type[Exception] = typer.BadParameter.__bases__[0]


def _version(wanted: bool) -> None:
    if wanted:
        say(saying("pinyuan {version}", version=__version__))
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", callback=_version, is_eager=True
    ),
    lang: LangOption = None,
) -> None:
    """Pinyuan (品源): a supply-chain traceability ledger anyone can check offline."""
    del version
    language(lang)


for group in (
    ledger_group,
    show_group,
    history_group,
    questions_group,
    headline_group,
    labels_group,
    search_group,
    sign_group,
    disclose_group,
    keep_group,
    mirror_group,
    backup_group,
    demo_group,
    signer_group,
    timestamp_group,
):
    group.add_to(app)
app.add_typer(verify_group.app, name="verify")
app.add_typer(questions_group.bundle_app, name="bundle")
app.add_typer(pdf_group.app, name="pdf")
app.add_typer(draw_group.app, name="draw")
app.add_typer(keys_group.key_app, name="key")
app.add_typer(keep_group.db_app, name="db")
app.add_typer(fill_group.app, name="fill")

for extra in entry_points(group="pinyuan.commands"):  # those of the floors above
    app.command(extra.name)(extra.load())


def main() -> None:
    """Run the command."""
    take_over_output()
    printed.clear()
    try:
        with opened:
            lang = spoken_to(sys.argv)
            SPOKEN.set(lang)
            command = speak(with_json(get_command(app)), lang)
            code = command.main(prog_name="pinyuan", standalone_mode=False)
            end_output()
    except PinyuanError as error:
        note(saying("pinyuan: {to}", to=error.to(spoken_to(sys.argv))))
        code = _exit_code(error)
        tell_problem(sys.argv, code, error, error.beside)
    except CallError as error:
        words = _call_words(error)
        for line in words.split("\n"):
            note(line)
        code = EXIT_USAGE
        tell_problem(sys.argv, code, Verbatim(words.removeprefix("pinyuan: ")))
    except UnicodeEncodeError as error:
        told = _no_text(error)
        note(saying("pinyuan: {to}", to=told.to(spoken_to(sys.argv))))
        code = EXIT_USAGE
        tell_problem(sys.argv, code, told)
    except (BrokenPipeError, typer.Abort):
        code = EXIT_ERROR
    except ModuleNotFoundError as error:
        if error.name not in ("sqlite3", "sqlalchemy", "alembic", "psycopg", "fastapi", "uvicorn"):
            raise
        note(saying("pinyuan: {to}", to=NEEDS_SERVER.to(spoken_to(sys.argv))))
        code = EXIT_ERROR
        tell_problem(sys.argv, code, Verbatim(NEEDS_SERVER.removeprefix("pinyuan: ")))
    if code:
        sys.exit(code)


def _no_text(error: UnicodeEncodeError) -> Sentence:
    """Return what is wrong with a call that has bytes which are no text where text is needed.

    A file may be called so and is read, since Python passes such bytes on as lone surrogates.

    Raises:
        UnicodeEncodeError: nothing of the call or its environment is so: the fault is ours.

    """
    ours = (value for name, value in os.environ.items() if name.startswith("PINYUAN_"))
    for word in (*sys.argv[1:], os.getcwd(), *ours):  # noqa: PTH109 - as bytes have it
        if _NO_TEXT.search(word):
            return saying("{word}: not UTF-8, where a text is needed", word=word)
    raise error


def _call_words(error: Exception) -> str:
    """Say in one line what is wrong with a call; a bare group prints its help instead."""
    words = str(error.format_message())  # type: ignore[attr-defined]  # every call error has it
    if "\n" in words:
        return words
    context = error.ctx  # type: ignore[attr-defined]
    where = "pinyuan" if context is None else context.command_path
    told = call_words(words).to(spoken_to(sys.argv))
    return SEE.fill(spoken_to(sys.argv), clause(told), where)


def _exit_code(error: PinyuanError) -> int:
    return next(code for kind, code in EXITS if isinstance(error, kind))


if __name__ == "__main__":
    main()
