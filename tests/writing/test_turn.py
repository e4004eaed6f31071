"""Processes that share one SQLite file write in turns, and a turn never given up only costs time."""

import fcntl
import os
import threading
import time
from pathlib import Path

import pytest
from world import BRAND, World

from ledger.store.engine import make_engine
from ledger.store.turn import SUFFIX, turn
from ledger.writing.log import Registered


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def test_one_has_the_turn_the_other_waits(path: Path):
    order = []

    def second() -> None:
        with turn(make_engine(str(path))):
            order.append("second")

    with turn(make_engine(str(path))):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.05)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_an_error_gives_the_turn_up(path: Path):
    engine = make_engine(str(path))
    with pytest.raises(ZeroDivisionError), turn(engine):
        raise ZeroDivisionError
    with turn(engine):
        pass


def test_who_waits_too_long_goes_on_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    world = World(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    world.party("brand", BRAND)
    monkeypatch.setattr("ledger.store.turn.BUSY_TIMEOUT_MS", 20)
    handle = os.open(tmp_path / f"ledger.sqlite{SUFFIX}", os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX)
    outcomes = world.log.register([world.reading("one")])
    os.close(handle)
    assert isinstance(outcomes[0], Registered)
    world.log.engine.dispose()


@pytest.mark.parametrize("name", ["missing/ledger.sqlite", "file:ledger.sqlite?uri=true"])
def test_where_no_file_can_be_there_is_no_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    monkeypatch.chdir(tmp_path)
    with turn(make_engine(f"sqlite:///{name}")):
        assert list(tmp_path.iterdir()) == []
