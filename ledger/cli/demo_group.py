"""demo: a ledger from nothing to an offline check, explained as it goes."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.common import LangOption, language


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(demo)


def demo(
    folder: Annotated[
        Path, typer.Argument(help="Where the demonstration's ledger goes; replaced.")
    ] = Path("var/demo"),
    lang: LangOption = None,
) -> None:
    """Tell a story: register, prove, export, check offline, and find a forgery."""
    from ledger.demo.story import tell

    tell(folder, language(lang))
