"""Fields that a command made, to be completed and signed: where they go, and the command that signs them."""

import json
import shlex
from pathlib import Path
from typing import Any

from ledger.cli.common import say_json, write_file


def to_sign(
    fields: dict[str, Any], type_: str, subject: str, output: Path | None, *options: str
) -> str:
    """Print fields, or write them to a file; return the command that signs them, whole."""
    file = "FIELDS.json" if output is None else str(output)
    if output is None:
        say_json(fields)
    else:
        write_file(output, (json.dumps(fields, ensure_ascii=False, indent=1) + "\n").encode())
    sign = ("pinyuan", "sign", type_, file, "--subject", subject)
    return shlex.join((*sign, *options, "-o", f"{type_}.cose"))


def placed(directory: Path | None, server: str | None = None) -> tuple[str, ...]:
    """Return the options that name the ledger which the command before was asked of."""
    if server is not None:
        return "--server", server
    return () if directory is None else ("--dir", str(directory))
