"""The process that fills the search index: it follows the log, and is replaced when it dies."""

import asyncio
import time

import pytest
from serving import settle
from world import BRAND, World

from api.writing import indexer
from api.writing.indexer import Indexer
from ledger.store.reads import reading
from ledger.store.search import position


async def followed(world: World, size: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        with reading(world.log.engine) as snapshot:
            if position(snapshot) == size:
                return
        assert time.monotonic() < deadline, "it does not follow"
        await asyncio.sleep(0.02)


def test_it_follows_the_log_and_a_dead_one_is_replaced(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(indexer, "LOOK_S", 0.05)

    async def run() -> None:
        found = Indexer(settle(world))
        found.start()
        try:
            await followed(world, 2)
            world.party("brand", BRAND)
            await followed(world, 4)
            first = found._process
            first.kill()
            world.accept(world.reading("while nobody indexes"))
            await followed(world, 6)
            assert found._process is not first
        finally:
            last = found._process
            await found.close()
        assert not last.is_alive()

    asyncio.run(run())
