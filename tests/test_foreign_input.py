"""Statements that nobody here signed, through the command line, as the README shows."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, SHARED


def test_all_foreign_statements_are_registered_found_proven_and_exported(tmp_path: Path):
    folder = SHARED / "inputs" / "epcis-signed"
    if not folder.is_dir():
        pytest.skip(f"no statements from outside at {folder}")
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "foreign_input.py", folder, tmp_path / "work"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == (
        "24 statements of 3 parties in inputs.example/ledger: every history complete, "
        "every receipt verified (24 by an independent library), every byte as received"
    )
    assert (
        "possession of the first issuer's key: shown by this statement's signature" in done.stdout
    )
