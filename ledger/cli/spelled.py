"""Commands that are called as their question is, too: ``may_sell`` as ``may-sell``."""

from typing import Any

import typer.core


class Spelled(typer.core.TyperGroup):
    """A group whose commands may be written with low lines, as questions stand in JSON and bundles."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command by its name, or by that of its question."""
        found = super().get_command(ctx, cmd_name)
        return super().get_command(ctx, cmd_name.replace("_", "-")) if found is None else found
