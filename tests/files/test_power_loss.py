"""A few of the power cuts that tools/power_loss.py makes a million of."""

import importlib.util
import random
import shutil
import sys
from pathlib import Path

import pytest
from conftest import ROOT

NO_STRACE = "strace is not installed"
TOOL = ROOT / "tools" / "power_loss.py"


@pytest.fixture(scope="module")
def tool():
    """Return the program as a module."""
    spec = importlib.util.spec_from_file_location("power_loss", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


# One in so many moments is tried, so that each takes a second.
LIVES = {
    "append": 12, "publish": 10, "create": 20, "export": 3, "import": 16, "erase": 2,
    "witness": 3, "replayer": 7, "signer": 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def lived(tool, tmp_path_factory):
    """Return the lives as they were lived."""
    if shutil.which("strace") is None:
        pytest.skip(NO_STRACE)
    found = tool.recorded([tool.LIVES[name] for name in LIVES], tmp_path_factory.mktemp("lived"))
    return {item.life: item for item in found}


@pytest.mark.parametrize(("name", "every"), LIVES.items())
def test_what_was_promised_survives_a_power_cut_at_any_moment(tool, lived, name: str, every: int):
    figures = tool.cut_power(lived[name], states=60, full=50, every=every)
    assert figures.broken == []
    assert figures.told > 0
    assert figures.states >= 5
    assert figures.drawn > figures.states, "what was drawn again counts once"


@pytest.mark.parametrize(
    ("forgotten", "name", "why"),
    [
        ("ledger.primitives.durable.sync_folder", "witness", "lost: size"),
        ("ledger.primitives.durable.os.fsync", "signer", "StorageError"),
        ("ledger.primitives.durable.sync_tree", "export", "it is missing"),
    ],
)
def test_the_program_would_notice_a_flush_that_is_forgotten(
    tool, tmp_path: Path, forgotten: str, name: str, why: str
):
    if shutil.which("strace") is None:
        pytest.skip(NO_STRACE)
    (found,) = tool.recorded([tool.LIVES[name]], tmp_path, forgotten)
    figures = tool.cut_power(found, states=200)
    assert any(why in said for said in figures.reasons), figures.reasons


def test_of_a_write_that_was_not_flushed_anything_may_be_there(tool, tmp_path: Path):
    (tmp_path / "file").write_bytes(b"old!" * 512)
    disk = tool.Disk(tmp_path)
    file = disk.files[disk.find("file")]
    file.write(0, b"new!" * 1024)
    found = {disk.anything(random.Random(seed))["file"] for seed in range(400)}
    assert {b"old!" * 512, b"new!" * 1024, b"old!" * 512 + bytes(2048)} <= found
    assert any(
        len(raw) == 4096 and raw[:512] == b"old!" * 128 and raw[-512:] == b"new!" * 128
        for raw in found
    )
    assert any(b"!n" in raw and b"!o" in raw for raw in found)
    file.sync()
    assert {disk.anything(random.Random(seed))["file"] for seed in range(20)} == {b"new!" * 1024}


def test_a_name_is_there_for_sure_only_behind_a_flush_of_its_directory(tool, tmp_path: Path):
    disk = tool.Disk(tmp_path)
    node = disk.make("file")
    disk.files[node].write(0, b"1")
    disk.sync(node)
    assert disk.nothing_more() == {}
    assert {tuple(disk.anything(random.Random(seed)).items()) for seed in range(40)} == {
        (), (("file", b"1"),),
    }  # fmt: skip
    disk.sync(disk.find(""))
    assert disk.nothing_more() == {"file": b"1"}
    disk.rename("file", "other")
    assert {tuple(disk.anything(random.Random(seed))) for seed in range(40)} == {
        ("file",),
        ("other",),
    }
