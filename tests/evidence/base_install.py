"""The command line with the base install's imports only, many commands in one process."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cli.test_base_install import SCRIPT

MANY = (
    SCRIPT.rpartition("from ledger.cli.main")[0]
    + """
import contextlib, io, json
from ledger.cli.main import main
done = []
for words in json.load(sys.stdin):
    out, err, code = io.StringIO(), io.StringIO(), 0
    sys.argv = ["pinyuan", *words]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as error:
            code = error.code or 0
    done.append([code, out.getvalue(), err.getvalue()])
json.dump(done, sys.stdout)
"""
)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


def run_all(commands: list[list[str]], folder: Path) -> list[Done]:
    """Run commands one after the other: no database library, no network."""
    done = subprocess.run(
        [sys.executable, "-c", MANY],
        input=json.dumps(commands),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Done(*row) for row in json.loads(done.stdout)]
