"""Some of the bits that tools/bit_flips.py flips, in each kind of file."""

import importlib.util
import random
import sys

import pytest
from conftest import ROOT

TOOL = ROOT / "tools" / "bit_flips.py"
KINDS = {
    "database": 12, "live WAL": 20, "new ledger's WAL": 20, "anchor": 20, "log key": 20, "operator key": 20, "settings": 60, "checkpoint": 10,
    "checkpoints": 10, "hash tile": 10, "entry bundle": 10, "witness's state": 80, "signer's state": 80,
}  # fmt: skip


@pytest.fixture(scope="module")
def tool():
    """Return the program as a module."""
    spec = importlib.util.spec_from_file_location("bit_flips", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(tool, tmp_path_factory):
    """Return a directory with one of each."""
    found = tmp_path_factory.mktemp("flips")
    tool.prepare(found)
    return found


def test_every_kind_of_file_is_tried(tool):
    assert KINDS.keys() == tool.KINDS.keys()


@pytest.mark.parametrize(("kind", "flips"), KINDS.items())
def test_a_bit_that_flips_is_named_or_changes_nothing(tool, folder, kind: str, flips: int):
    figures = tool.flip(folder, kind, flips, random.Random(3))
    assert figures.changed == []
    assert figures.found.total() == flips


def test_behind_a_bit_that_flips_in_a_live_wal_the_anchor_misses_what_was_acknowledged(
    tool, folder, monkeypatch
):
    monkeypatch.setattr("ledger.writing.publisher.Publisher._check_anchor", lambda *_: None)
    figures = tool.flip(folder, "live WAL", 10, random.Random(3))
    assert figures.found[tool.CHANGED] > 0
    assert all(said.endswith("another answer") for said in figures.changed)


def test_the_program_would_notice_a_change_that_nobody_names(tool, folder, monkeypatch):
    module = sys.modules["ledger.cosigning.cosigner"]
    monkeypatch.setattr(module, "check_sum", lambda _: "0" * 16)
    for path in folder.rglob("*.held"):
        path.unlink()
    tool.LIVES["witness"].run(tool.Place(folder, folder), lambda *_: None)
    figures = tool.flip(folder, "witness's state", 80, random.Random(3))
    assert figures.found[tool.CHANGED] > 0
