"""Some of the kill points that tools/kill_points.py tries all of."""

import contextlib
import importlib.util
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT

TOOL = ROOT / "tools" / "kill_points.py"
POINTS = {
    "append": [
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
        ("unlink", 1),  # closing
    ],
    "publish": [("pwrite64", 30), ("fdatasync", 3)],
    "export": [("mkdir", 2), ("fsync", 3), ("rename", 1)],
    "import": [("fsync", 2), ("pwrite64", 60)],
    "erase": [("rename", 1), ("fsync", 5), ("rename", 2)],
    "witness": [("mkdir", 2), ("fsync", 4), ("rename", 1), ("rename", 2)],
    "replayer": [("write", 1), ("fsync", 6), ("rename", 3)],
    "signer": [("rename", 1), ("fsync", 4)],
}
AT_A_SERVER = {
    "append": [("sendto", 14), ("recvfrom", 30), ("pwrite64", 1), ("sendto", 40)],
    "import": [("sendto", 20), ("fdatasync", 1)],
}


@pytest.fixture(scope="module")
def tool():
    """Return the program as a module."""
    spec = importlib.util.spec_from_file_location("kill_points", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def killer(tool):
    """Return a process that lives lives, and is killed at a call."""
    try:
        found = tool.Killer()
    except tool.TracingError as error:
        pytest.skip(str(error))
    yield found
    found.close()


@pytest.mark.parametrize("name", POINTS)
def test_a_process_killed_anywhere_loses_nothing_it_promised(tool, killer, tmp_path, name: str):
    life = tool.LIVES[name]
    with contextlib.closing(tool.Homes(life, tmp_path, None)) as homes:
        figures = tool.try_points(life, homes, killer, POINTS[name])
    assert figures.broken == []
    assert figures.points == len(POINTS[name])


@pytest.mark.parametrize("name", AT_A_SERVER)
def test_nor_does_one_whose_database_is_at_a_server(
    tool, killer, tmp_path: Path, name: str, postgres: str
):
    life = tool.LIVES[name]
    with contextlib.closing(tool.Homes(life, tmp_path, postgres)) as homes:
        figures = tool.try_points(life, homes, killer, AT_A_SERVER[name])
    assert figures.broken == []
    assert figures.points == len(AT_A_SERVER[name])


def test_the_program_prints_its_figures_and_what_it_found(tmp_path: Path):
    ran = subprocess.run(
        [sys.executable, TOOL, "--life", "append", "--only", "fsync:1", "--only", "unlink:2"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    together = ran.stdout.splitlines()[-1]
    assert together.split()[:4] == ["together", "2", "kill", "points"]
    assert " 0 broken," in together
    assert list(tmp_path.iterdir()) == []


def test_a_process_is_killed_before_the_call_it_was_to_make(tool, killer, tmp_path: Path):
    life = tool.LIVES["erase"]
    with contextlib.closing(tool.Homes(life, tmp_path, None)) as homes:
        place = homes.next()
        entered = killer.counted(life, place)
        assert entered["rename"] == 3, "one that keeps values, and one for each that is erased"
        assert entered["mkdir"] == 1
        found = []
        for number in range(1, entered["rename"] + 2):
            homes.anew()
            place = homes.next()
            killed = killer.kill(life, place, ("rename", number))
            noted = [word for word, *_ in tool.read_noted(place.folder.with_name("noted"))]
            found.append((killed, noted))
    assert found == [
        (True, []),
        (True, ["kept"]),
        (True, ["kept", "done"]),
        (False, ["kept", "done", "done"]),
    ]


def test_what_is_in_the_files_at_a_call_is_what_a_kill_there_leaves(tool, tmp_path: Path):
    life = tool.LIVES["erase"]
    with (
        contextlib.closing(tool.Killer()) as killer,
        contextlib.closing(tool.Homes(life, tmp_path, None)) as homes,
    ):
        place = homes.next()
        stood, calls = [], Counter()
        for kind in killer.walk(life, place):
            calls[kind] += 1
            noted = tool.read_noted(place.folder.with_name("noted"))
            stood.append(((kind, calls[kind]), tool.read_files(place.folder), noted))
        assert calls == killer.counted(life, (homes.anew(), homes.next())[1])
        for point, files, noted in stood[::5]:
            homes.anew()
            place = homes.next()
            assert killer.kill(life, place, point)
            assert tool.read_files(place.folder) == files, point
            assert tool.read_noted(place.folder.with_name("noted")) == noted


@pytest.mark.parametrize("name", ["append", "publish", "export", "witness"])
def test_at_each_call_of_a_run_nothing_is_lost(tool, tmp_path: Path, name: str):
    life = tool.LIVES[name]
    with (
        tool.one_file(),
        contextlib.closing(tool.Killer(simulated=True)) as killer,
        contextlib.closing(tool.Homes(life, tmp_path, None)) as homes,
    ):
        walks = tool.Walks(life, homes, killer, tmp_path / "left", full=40)
        walks.walk(0)
        walks.walk(7)
    assert walks.figures.broken == []
    assert walks.figures.points > 100
    assert walks.figures.killed == 1
    assert 10 < walks.figures.opened < walks.figures.points


def test_the_program_would_notice_a_ledger_that_forgets(tool, tmp_path: Path):
    life, forks = tool.LIVES["append"], sys.modules["crashes.forks"]
    places = []
    for name in ("first", "second"):
        place = tool.Place(tmp_path / name / "home", tmp_path / name / "given")
        for path in (place.folder, place.given):
            path.mkdir(parents=True)
        life.prepare(place)
        forks.Anchor(place.folder / "anchor", forks.VKEY).settle(again=True)
        places.append(place)
    first, second = places
    forks.live(life, first, ("write", 0), 0)
    life.look(first, tool.read_noted(tmp_path / "first" / "noted"))
    with pytest.raises(Exception, match=r"lost|forked|another receipt"):
        life.look(second, tool.read_noted(tmp_path / "first" / "noted")[3:])
