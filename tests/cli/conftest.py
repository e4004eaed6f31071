"""Running the command in this process, and a tea brand's world that it finds on disk."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tea import PARTIES, Tea
from world import OPERATOR, ORIGIN, World, key_of

from ledger.cli import main as cli
from ledger.log import Registered
from ledger.settings import Settings, write_settings
from ledger.signer import write_key

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Run:
    """Return a function that runs one command: exit code, output, errors."""
    monkeypatch.setenv("PINYUAN_LANG", "en")

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["pinyuan", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@dataclass
class Estate:
    """A tea brand's chain up to the trader, in a ledger at ``pinyuan-ledger``; keys in ``keys``."""

    tea: Tea
    said: dict[str, Registered]

    def id(self, name: str) -> str:
        """Return the statement id of something that was said."""
        return self.said[name].id.hex()


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """Return the usual beginning of a tea story, told into a directory the command opens."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "pinyuan-ledger"
    folder.mkdir()
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    settings = Settings(
        directory=folder,
        origin=ORIGIN,
        operator=OPERATOR,
        db="ledger.sqlite",
        clock="simulated",
        log_key=folder / "keys" / "log.pem",
        operator_key=folder / "keys" / "operator.pem",
        anchor=folder / "anchor",
    )
    write_settings(settings, "ledger.sqlite")
    write_key(settings.log_key, world.log_key)
    write_key(settings.operator_key, world.operator_key)
    for name in PARTIES:
        write_key(Path("keys") / f"{name}.pem", key_of(name))
    tea = Tea(world)
    said = tea.chain()
    world.log.engine.dispose()
    return Estate(tea, said)
