"""Without docstrings and assertions (PYTHONOPTIMIZE=2) the command does what it does with them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.questions.book import REGISTRY

COMMAND = (sys.executable, "-c", "from ledger.cli.main import main; main()")


def run(folder: Path, *words: str, optimize: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONOPTIMIZE": optimize, "PINYUAN_LANG": "en"}
    called = [*COMMAND, *words]
    return subprocess.run(called, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("optimize", ["1", "2"])
def test_the_demo_is_told_to_its_end(tmp_path: Path, optimize: str):
    done = run(tmp_path, "demo", "story", optimize=optimize)
    assert (done.returncode, done.stderr) == (0, "")
    plain = run(tmp_path, "sanctions", "--dir", "story", "did:web:nobody.example", optimize="0")
    again = run(
        tmp_path, "sanctions", "--dir", "story", "did:web:nobody.example", optimize=optimize
    )
    assert (again.returncode, again.stdout) == (plain.returncode, plain.stdout)


def test_every_rule_has_its_sentence():
    assert [item.id for item in REGISTRY.rules.values() if not item.sentence] == []
