"""Running the command in this process, and a tea brand's world that it finds on disk."""

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from client.serving import Service, serving
from tea import MARK, PARTIES, Tea
from world import OPERATOR, ORIGIN, TRADER, World, at_home, key_of

from ledger.cli import main as cli
from ledger.primitives.clock import SimulatedClock
from ledger.settings import Settings, write_settings
from ledger.signer import KeySigner, write_key
from ledger.store.engine import make_engine
from ledger.writing.log import Registered
from ledger.writing.opening import open_log

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


class Again(World):
    """The world of a ledger that is on disk already."""

    def __post_init__(self) -> None:
        self.clock = SimulatedClock()
        self.log_key, self.operator_key = key_of("log"), key_of("operator")
        self.signer = KeySigner(ORIGIN, self.log_key, self.operator_key)
        options = {"clock": self.clock, "signer": self.signer}
        engine = make_engine(self.url)
        self.log = open_log(engine, anchor_path=self.folder / "anchor", **options)


@dataclass
class Estate:
    """A tea brand's chain up to the trader, in a ledger at ``pinyuan-ledger``; keys in ``keys``."""

    folder: Path
    said: dict[str, Registered]
    now_us: int

    def id(self, name: str) -> str:
        """Return the statement id of something that was said."""
        return self.said[name].id.hex()

    def end_trader(self, story: Tea) -> None:
        """Let the distributor revoke what it granted to the trader."""
        fields = {
            "target": story.grant_cite(self.said["trader"], "trader"),
            "brand": MARK,
            "parent": self.id("distributor"),
            "exclusive": False,
            "reason": "sold outside its province",
        }
        story.say("authorisation-revocation", "distributor", TRADER, fields)

    @contextmanager
    def tea(self) -> Iterator[Tea]:
        """Go on with the story."""
        url = f"sqlite:///{self.folder / 'ledger.sqlite'}"
        world = Again(self.folder, url, now_us=self.now_us)
        yield Tea(world)
        self.now_us = world.now_us
        world.log.engine.dispose()


def settle(world: World, home: Path, names: Iterable[str]) -> None:
    """Keep a world's settings and keys, and the keys of parties, where the commands find them."""
    folder = world.folder
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
    for name in names:
        write_key(home / "keys" / f"{name}.pem", key_of(name))


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    """Tell the usual beginning of a tea story once, into a directory the command opens."""
    home = tmp_path_factory.mktemp("estate")
    folder = home / "pinyuan-ledger"
    folder.mkdir()
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    settle(world, home, PARTIES)
    said = Tea(world).chain()
    world.log.engine.dispose()
    return Estate(folder, said, world.now_us)


@pytest.fixture
def estate(told: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """Return a copy of the estate in the working directory."""
    shutil.copytree(told.folder.parent, tmp_path, dirs_exist_ok=True)
    at_home(tmp_path / "pinyuan-ledger")
    monkeypatch.chdir(tmp_path)
    return replace(told, folder=tmp_path / "pinyuan-ledger")


@pytest.fixture
def story(estate: Estate) -> Iterator[Tea]:
    """Return the tea brand's story, to go on with."""
    with estate.tea() as tea:
        yield tea


@pytest.fixture
def served(story: Tea, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Service]:
    """Return an honest server over the tea brand's ledger; trust.txt names its log key."""
    monkeypatch.setenv("PINYUAN_STATE", str(tmp_path / "state"))
    (tmp_path / "trust.txt").write_text(
        f"log {story.world.log.vkey}\nquorum none\nmax-age 3153600000\n"
    )
    with serving(Service(story.world)) as found:
        yield found
