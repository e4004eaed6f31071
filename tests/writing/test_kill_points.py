"""A dozen of the kill points that tools/kill_points.py tries all of."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

TOOL = ROOT / "tools" / "kill_points.py"
POINTS = [
    ("openat", 2),  # opening the database
    ("ftruncate", 1),  # recovering what the crash before left
    ("pwrite64", 3),  # signing what it left unsigned
    ("pwrite64", 7),
    ("flock", 1),  # its anchor
    ("fdatasync", 1),
    ("pwrite64", 20),  # appending
    ("fsync", 1),  # COMMIT
    ("pwrite64", 34),
    ("fdatasync", 2),
    ("write", 1),  # acknowledging
    ("unlink", 1),  # closing
]


@pytest.fixture(scope="module")
def tool():
    """Return the program as a module."""
    spec = importlib.util.spec_from_file_location("kill_points", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_a_process_killed_anywhere_loses_nothing_it_acknowledged(tool, tmp_path: Path):
    try:
        figures = tool.try_points(tmp_path, POINTS, 2)
    except tool.StraceError as error:
        pytest.skip(str(error))
    assert figures.unmended == []
    assert (figures.points, figures.lost, figures.forks) == (len(POINTS), 0, 0)
    assert figures.unanchored == 0
    assert figures.acknowledged > 0
    assert figures.slowest_s < 5


def test_the_program_prints_its_figures_and_what_it_found(tmp_path: Path):
    ran = subprocess.run(
        [sys.executable, TOOL, "--statements", "1", "--only", "fsync:1", "--only", "unlink:2"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    if ran.returncode == 2:
        pytest.skip(ran.stderr.strip())
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[:6] == [
        "kill points          2",
        "acknowledged         1",
        "acknowledged, lost   0",
        "forks                0",
        "not anchored         0",
        "not mended           0",
    ]
    assert list(tmp_path.iterdir()) == []


def test_the_program_would_notice_a_ledger_that_forgets(tool, tmp_path: Path):
    folder = tmp_path / "prepared"
    tool.prepare(folder)
    tool.run(folder, ("write", 0), 2)
    for name in ("ledger", "anchor"):
        (folder / name).unlink()
    other = tmp_path / "other"
    tool.prepare(other)
    for left in other.iterdir():
        if left.name != "signed":
            left.rename(folder / left.name)
    figures = tool.Figures()
    tool.look(folder, 2, figures)
    assert figures.lost == 2
    assert figures.forks > 0
    assert not figures.faultless()
