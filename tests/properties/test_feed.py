"""The labels feed, which needs a log on disk, says of a product what the questions say."""

from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from properties.course import beginning, estate, play, random_acts, ready
from properties.rights import claiming
from properties.strangers import tries
from properties.telling import Said, Tale, entered, people
from tea import GTIN
from world import World

from ledger.answering.feed import LabelFeed
from ledger.answering.prover import prove

SEEDS = (1, 2, 3)


def labelled(seed: int) -> Tale:
    """Return a world on paper in which the tea was labelled, and more happened."""
    tale = people(Random(seed))
    for move in (*estate(), *beginning()):
        tale.tell(move)
    play(tale, ready)
    random_acts(tale, 4)
    return tale


def fed(folder: Path, said: Iterable[Said]) -> tuple[World, list[tuple[Any, ...]]]:
    """Register statements in a log on disk; return it, and what the feed says of the tea."""
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    entered(world)
    for item in said:
        world.now_us = item.at_us
        world.accept(item.raw)
    page = LabelFeed(world.log).page(since=None, size=None, after=None, limit=100)
    own = [item for item in page.items if item.product == GTIN]
    return world, [(item.kind, item.id, item.state, _codes(item.reasons)) for item in own]


def _codes(reasons: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(reason["code"] for reason in reasons)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_feed_says_what_the_label_question_says(tmp_path: Path, seed: int):
    tale = labelled(seed)
    world, items = fed(tmp_path, tale.said)
    (told,) = [item for item in items if item[0] == "label"] or [None]
    answer = prove(world.log, "label", {"product": GTIN}).answer
    world.log.engine.dispose()
    assert (told is not None and told[2] == "holds") == (answer["verdict"] == "yes")


@pytest.mark.parametrize("seed", SEEDS)
def test_strangers_change_no_item_of_the_feed(tmp_path: Path, seed: int):
    tale = labelled(seed)
    for name in ("alone", "with"):
        (tmp_path / name).mkdir()
    alone, before = fed(tmp_path / "alone", tale.said)
    own = {item.id for item in tale.said}
    right = claiming(tale)
    tried = [move for move in tries(tale.copy(), 12) if move.by not in right]
    for number, move in enumerate(tried, 1):
        tale.tell_at(move, tale.now_us + number * 1_000_000)
    world, after = fed(tmp_path / "with", tale.said)
    for opened in (alone, world):
        opened.log.engine.dispose()
    assert [item for item in after if item[1] in own] == before
