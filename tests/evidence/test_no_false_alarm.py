"""Nobody accuses an honest operator: whatever things are called, whatever a liar puts together."""

import contextlib
from collections.abc import Iterator
from random import Random

import pytest
from evidence.odd_names import Base, accusations
from tea import Tea
from world import World

from ledger.answering.fraud_finder import WholeLedger
from ledger.histories.history import history_key
from ledger.store.ledger_reader import DatabaseReader

RUNS = 50
"""``tools/false_alarms.py`` makes ten thousand."""


@pytest.fixture(scope="module")
def signs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return a world whose keys sign what is written by hand."""
    folder = tmp_path_factory.mktemp("paper")
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    yield world
    world.log.engine.dispose()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """Return a tea brand's ledger."""
    folder = tmp_path_factory.mktemp("tea")
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    Tea(world).chain()
    with contextlib.closing(DatabaseReader(world.url)) as reader:
        found = Base.of(WholeLedger(reader))
    world.log.engine.dispose()
    return found


def found_in(signs: World, base: Base, runs: range) -> list[tuple[int, str]]:
    return [(seed, item.fraud) for seed in runs for item in accusations(signs, base, Random(seed))]


def test_no_finder_accuses_an_honest_operator(signs: World, base: Base):
    assert found_in(signs, base, range(RUNS)) == []


def test_it_is_the_topic_of_a_key_that_keeps_liars_out(
    signs: World, base: Base, monkeypatch: pytest.MonkeyPatch
):
    class Anything(tuple[str, ...]):  # noqa: SLOT001 - every name is in it
        def __contains__(self, _: object) -> bool:
            return True

    monkeypatch.setattr("ledger.histories.history.TOPICS", Anything())
    monkeypatch.setattr("ledger.evidence.fraud.TOPICS", Anything())
    assert history_key("grant\na", "b") == history_key("grant", "a\nb")
    assert "index" in {kind for _, kind in found_in(signs, base, range(RUNS))}
