"""The options of commands that can ask a server instead of opening a ledger's directory."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ledger.errors import ParameterError
from ledger.texts import saying

ServerOption = Annotated[
    str | None,
    typer.Option(
        "--server", help="A server's address instead of --dir (PINYUAN_SERVER): https://..."
    ),
]
ServerTrustOption = Annotated[
    Path | None,
    typer.Option(
        "--trust", help="With --server, or an export: the trust file that names the log's key."
    ),
]
FirstUseOption = Annotated[
    bool,
    typer.Option(
        "--trust-on-first-use",
        help="With --server: trust the key that a log never met before shows.",
    ),
]
CheckOption = Annotated[
    str | None,
    typer.Option(
        "--check",
        help="With --server: which histories of what was registered to fetch and verify: all, "
        "sample or none; by default all of 100, else a sample.",
    ),
]


def chosen_server(
    server: str | None,
    directory: Path | None,
    trust: Path | None = None,
    *,
    first_use: bool = False,
    exports: bool = False,
) -> str | None:
    """Return the address to ask, None to open the ledger's directory.

    What is said in the call comes before PINYUAN_SERVER. ``exports``: whether the trust file may be
    for an export in that directory.

    Raises:
        UsageError: both, or what only goes with a server without one.

    """
    if server is not None and directory is not None:
        raise ParameterError("--server and --dir: one of the two")
    found = server
    if found is None and directory is None:
        found = os.environ.get("PINYUAN_SERVER") or None
    if found is None and (
        first_use or (trust is not None and not (exports and _is_export(directory)))
    ):
        raise ParameterError(
            "{value} goes with --server",
            value=saying("--trust-on-first-use") if first_use else saying("--trust"),
        )
    return found


def _is_export(directory: Path | None) -> bool:
    from ledger.cli.opening import export_in

    return export_in(directory) is not None
