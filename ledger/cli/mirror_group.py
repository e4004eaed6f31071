"""mirror: somebody else's log on one's own machine, to be asked without asking its operator."""

import time
from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.audit_group import UNPINNED
from ledger.cli.common import JsonOption, emit, note
from ledger.cli.mirroring import DATABASE, follow_into, named, source_of
from ledger.cli.server import FirstUseOption, ServerTrustOption
from ledger.errors import ServerError, UsageError
from ledger.texts import saying


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(mirror)


def mirror(
    directory: Annotated[
        Path, typer.Argument(help="The mirror's directory; made by the first call.")
    ],
    from_: Annotated[
        str | None,
        typer.Option("--from", help="The server that has the log, https://..., or an export."),
    ] = None,
    db: Annotated[
        str | None, typer.Option(help=f"A database URL; {DATABASE} in the directory by default.")
    ] = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    replay: Annotated[
        bool, typer.Option(help="Also review what is new by the registration rules.")
    ] = False,
    follow: Annotated[
        float | None,
        typer.Option(help="Go on: look again after so many seconds, until stopped.", min=0.1),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Mirror a log: take what is new of it, verified; every question can be asked of the mirror."""
    folder = directory.absolute()
    text = _what(folder, from_)
    if trust is None and "://" not in text:
        note(UNPINNED)
    while True:
        try:
            source = source_of(text, trust, first_use=first_use)
            size = follow_into(folder, source, text, db, replay=replay)
        except ServerError as error:
            if follow is None:
                raise
            note(str(error))  # it is asked again: a mirror outlives its source's restarts
        else:
            row = {"size": size, "origin": source.log_key.name, "from": text}
            emit(
                as_json,
                row,
                [
                    saying(
                        "{size} entries of {name} in {folder}",
                        size=size,
                        name=source.log_key.name,
                        folder=folder,
                    )
                ],
            )
        if follow is None:
            return
        time.sleep(follow)


def _what(folder: Path, given: str | None) -> str:
    """Return what is mirrored: as given, else as the mirror says.

    Raises:
        UsageError: neither says it, or the directory has a ledger of its own.

    """
    from ledger.settings import FILE, read_settings

    known = None
    if (folder / FILE).exists():
        known = read_settings(folder).mirror
        if not known:
            raise UsageError("{folder} is a ledger with keys of its own, no mirror", folder=folder)
    if given is None and known is None:
        raise UsageError(
            "no mirror in {folder}: say of what, with --from URL or --from EXPORT", folder=folder
        )
    return named(given) if given is not None else str(known)
