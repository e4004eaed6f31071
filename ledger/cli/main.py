"""The command's entry: groups put together, errors turned into sentences and exit codes.

0 ok, 1 operational error, 2 usage, 3 verification failed, 4 could not verify.
"""

import io
import sys
from importlib.metadata import entry_points

import typer

from ledger import __version__
from ledger.cli import demo_group, keep_group, keys_group, ledger_group, signer_group, verify_group
from ledger.cli.common import opened
from ledger.errors import CannotVerifyError, PinyuanError, VerificationError

NEEDS_SERVER = "pinyuan: this command needs a database: pip install 'pinyuan[server]'"
EXIT_ERROR, EXIT_USAGE, EXIT_FALSE, EXIT_CANNOT = 1, 2, 3, 4

app = typer.Typer(
    name="pinyuan",
    help="Pinyuan (品源): a supply-chain traceability ledger anyone can check offline.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"pinyuan {__version__}")  # noqa: T201
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", callback=_version, is_eager=True
    ),
) -> None:
    """Pinyuan (品源): a supply-chain traceability ledger anyone can check offline."""
    del version


ledger_group.add_to(app)
keys_group.add_to(app)
keep_group.add_to(app)
demo_group.add_to(app)
signer_group.add_to(app)
app.add_typer(verify_group.app, name="verify")
app.add_typer(keys_group.key_app, name="key")
app.add_typer(keep_group.db_app, name="db")

for extra in entry_points(group="pinyuan.commands"):  # those of the floors above
    app.command(extra.name)(extra.load())


def main() -> None:
    """Run the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        with opened:
            app()
    except PinyuanError as error:
        print(f"pinyuan: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(_exit_code(error))
    except BrokenPipeError:
        sys.exit(EXIT_ERROR)
    except ModuleNotFoundError as error:
        if error.name not in ("sqlalchemy", "alembic", "psycopg", "fastapi", "uvicorn"):
            raise
        print(NEEDS_SERVER, file=sys.stderr)  # noqa: T201
        sys.exit(EXIT_ERROR)


def _exit_code(error: PinyuanError) -> int:
    if isinstance(error, VerificationError):
        return EXIT_FALSE
    if isinstance(error, CannotVerifyError):
        return EXIT_CANNOT
    return EXIT_ERROR


if __name__ == "__main__":
    main()
