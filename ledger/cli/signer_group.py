"""signer: the log key in a process of its own."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.common import PassphraseOption, note, passphrase
from ledger.texts import saying


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(signer)


def signer(
    key: Annotated[Path, typer.Option(help="The log key (PEM).")],
    listen: Annotated[Path, typer.Option("--socket", help="The local socket to answer at.")],
    state: Annotated[Path, typer.Option(help="The file that remembers what was signed last.")],
    new: Annotated[
        str | None, typer.Option(help="Make the state, for the new log of this name.")
    ] = None,
    uid: Annotated[
        str | None,
        typer.Option(help="The user of the ledger's process, by number or name; this one's else."),
    ] = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Sign one line of checkpoints for a ledger's process: `log_key = "socket:PATH"` there."""
    from ledger.identifiers import check_origin
    from ledger.signer import read_key
    from ledger.signer.process import guarding, run_signer

    if new is not None:
        check_origin(new)
    with guarding(read_key(key, passphrase(passphrase_file)), state, new=new) as guard:
        last = guard.last.checkpoint
        run_signer(
            guard,
            listen,
            uid=None if uid is None else _user(uid),
            ready=lambda: note(
                saying(
                    "signs for {origin}, newest size {size}, at {listen}",
                    origin=last.origin,
                    size=last.size,
                    listen=listen,
                )
            ),
        )


def _user(given: str) -> int:
    """Return the number of a user.

    Raises:
        UsageError: nobody is called so.

    """
    import pwd

    from ledger.errors import ParameterError

    if given.isascii() and given.isdigit():
        return int(given)
    try:
        return pwd.getpwnam(given).pw_uid
    except KeyError as error:
        raise ParameterError("--uid {given}: no such user", given=given) from error
