"""Two hosts on one PostgreSQL whose processes are killed at random: tools/kill_servers.py, for a while."""

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import ROOT, new_database

from ledger.store.engine import make_engine
from ledger.writing.opening import open_log

TOOL = ROOT / "tools" / "kill_servers.py"
CLIENTS = 4


@pytest.fixture(scope="module")
def tool():
    """Return the program as a module."""
    spec = importlib.util.spec_from_file_location("kill_servers", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_what_was_acknowledged_survives_killed_processes(tool, postgres: str, tmp_path: Path):
    figures = tool.rounds(
        new_database(postgres),
        tmp_path,
        workers=[1, 1],
        clients=CLIENTS,
        seconds=3,
        every_s=0.4,
        seed=11,
    )
    said = "\n".join(figures.lines())
    assert all(figures.kills[which] for which in tool.WRONGS), said
    assert figures.acknowledged >= CLIENTS, said
    assert figures.report.size >= figures.acknowledged + figures.report.seals + 2, said
    assert figures.faultless(), said


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ("of a statement that is not there", (1, 0, 0, 1)),
        ("of another statement", (0, 1, 1, 0)),
        ("changed in one bit", (0, 1, 1, 0)),
    ],
)
def test_a_receipt_that_promises_something_else_is_found(
    tool, tmp_path: Path, wrong: str, found: tuple[int, ...]
):
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    tool.prepare(url, [tmp_path / "host"])
    engine = make_engine(url)
    log = open_log(engine, anchor_path=tmp_path / "host" / "anchor", signer=tool.signer())
    raws = [tool.statement(number) for number in range(2)]
    first, second = (outcome.index for outcome in log.register(raws))
    told = {raws[0]: log.receipt(first), raws[1]: log.receipt(second)}
    match wrong:
        case "of a statement that is not there":
            told = {tool.statement(2): told[raws[0]], raws[1]: told[raws[1]]}
        case "of another statement":
            told[raws[0]] = told[raws[1]]
        case _:
            told[raws[0]] = bytes([*told[raws[0]][:-1], told[raws[0]][-1] ^ 1])
    figures = tool.Figures(submitted=2)
    tool.look(log, [SimpleNamespace(acknowledged=told)], figures)
    engine.dispose()
    said = (figures.lost, figures.unproven, figures.changed, figures.strangers)
    assert said == found
    assert not figures.faultless()
