"""Some of the calls that tools/io_errors.py lets fail."""

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from ledger.store.again import write_again
from ledger.store.engine import make_engine

TOOL = ROOT / "tools" / "io_errors.py"


@pytest.fixture(scope="module")
def tool():
    """Return the program as a module."""
    spec = importlib.util.spec_from_file_location("io_errors", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def killer(tool):
    """Return what counts the calls of lives."""
    try:
        found = tool.Killer(simulated=True)
    except tool.TracingError as error:
        pytest.skip(str(error))
    yield found
    found.close()


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize(
    ("name", "harm", "every"),
    [
        ("append", "a flush fails, killed", 3),
        ("append", "the disk is full", 16),
        ("witness", "a flush fails, killed", 6),
        ("witness", "no more files", 6),
        ("erase", "a flush fails", 2),
        ("signer", "a flush fails, killed", 1),
        ("export", "a flush fails", 4),
    ],
)
def test_a_call_that_fails_is_told_and_nothing_is_promised_in_vain(
    tool, killer, tmp_path: Path, name: str, harm: str, every: int
):
    figures = tool.try_harm(killer, tool.LIVES[name], tmp_path, harm, every=every)
    assert figures.broken == []
    assert figures.points >= 2
    assert figures.refused + figures.killed > 0


def test_a_journal_is_written_again_byte_for_byte(tmp_path: Path):
    engine = make_engine(str(tmp_path / "database"))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a)")
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
    path = tmp_path / "database-wal"
    before = path.read_bytes()
    assert before
    path.touch()
    write_again(engine)
    assert path.read_bytes() == before
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT a FROM t").scalar() == 1
    engine.dispose()
