"""A sample of the restores that tools/restores.py tries a thousand of."""

import importlib.util
import sys
from pathlib import Path

import pytest
from conftest import ROOT

TOOL = ROOT / "tools" / "restores.py"


@pytest.fixture(scope="module")
def tool():
    """Return the program as a module."""
    spec = importlib.util.spec_from_file_location("restores", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


WORDS = {
    "rebuilt": "COPIED",
    "database_only": "BEHIND_PUBLISHED",
    "image": "BEHIND_PUBLISHED",
    "image_unwitnessed": "BEHIND_PUBLISHED",
    "older_elsewhere": "COPIED",
    "newest_elsewhere": "COPIED",
    "moved": "COPIED",
    "another_machine": "COPIED",
    "from_backup": "COPIED",
}


def test_each_way_is_refused_by_its_word_and_recovered(tool):
    found = tool.live_many(list(range(len(tool.WAYS))), None)
    assert found == {(way, word, None): 1 for way, word in WORDS.items()}


def test_on_postgresql_too(tool, postgres: str):
    found = tool.live_many(list(range(len(tool.WAYS))), postgres)
    assert found == {(way, word, None): 1 for way, word in WORDS.items()}


def test_the_program_would_notice_a_ledger_that_goes_on(tool, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("ledger.files.anchor.Anchor.elsewhere", lambda _: None)
    with tool.witnessed(tmp_path / "witness") as url:
        word, wrong = tool.live_through(tmp_path, 1, tool.moved, url, None)
    assert (word, wrong) == ("", "it went on")
