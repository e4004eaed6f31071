"""The search index follows the log: what it finds, how it is lengthened, by one process or by two."""

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from conftest import new_database
from sqlalchemy import text
from tea import GTIN, LOT, SHOP, Tea, party_of
from world import BRAND, ORIGIN, TRADER, World

from ledger.histories.terms import term, terms_of
from ledger.store import engine as engine_module
from ledger.store import schema
from ledger.store.driver import transaction
from ledger.store.engine import make_engine
from ledger.store.reads import reading
from ledger.store.search import (
    Search,
    count,
    find,
    lengthen,
    newest_seal_below,
    position,
    sealed_before,
)
from ledger.store.view import parse_entry
from ledger.writing import restore

ALL = 1 << 40
OTHER_LOT = GTIN + "/10/B8"


def found(world: World, *terms: tuple[str, str], newest_first: bool = False) -> list[str]:
    """Return the types of the entries that carry all terms."""
    wanted = Search(tuple(term(*item) for item in terms), 0, ALL)
    with reading(world.log.engine) as snapshot:
        indices = find(snapshot, wanted, limit=100, newest_first=newest_first)
        assert count(snapshot, wanted) == len(indices)
        leaves = snapshot.leaves(indices)
    bodies = [parse_entry(index, leaves[index]).body for index in indices]
    return ["generic" if body is None else body.__struct_config__.tag for body in bodies]


CASES = {
    "all of one type": ([("type", "authorisation")], ["authorisation"] * 3),
    "all that one issuer signed": (
        [("issuer", BRAND)],
        ["authorisation", "product", "recall", "generic"],
    ),
    "everything with one subject": ([("subject", GTIN)], ["product"]),
    "a party as issuer, as subject, and where a history names it": (
        [("party", BRAND)],
        ["party", "qualification", "authorisation", "product", "recall", "generic"],
    ),
    "a party and a type together": ([("party", BRAND), ("type", "product")], ["product"]),
    "a lot, its second statement naming it behind another": (
        [("lot", OTHER_LOT)],
        ["recall"],
    ),
    "a lot, and an item of it in a foreign statement": ([("lot", LOT)], ["recall", "generic"]),
    "a product, whether its lot or an item is named": (
        [("product", GTIN)],
        ["product", "recall", "generic"],
    ),
    "what nobody said": ([("party", TRADER), ("product", GTIN)], []),
    "a product that is asked for as a lot": ([("product", LOT)], []),
    "a shop, which is none of these": ([("party", SHOP)], []),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_found(told: World, case: str):
    terms, types = CASES[case]
    assert found(told, *terms) == types
    assert found(told, *terms, newest_first=True) == types[::-1]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Return a tea brand's ledger with its index, and a foreign statement about an item."""
    folder = tmp_path_factory.mktemp("told")
    url = f"sqlite:///{folder / 'ledger.sqlite'}"
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgres"))
    world = World(folder, url)
    tea = Tea(world)
    tea.chain()
    fields = {"reason": "pesticide", "from": tea.time(), "other_lots": [OTHER_LOT]}
    tea.say("recall", "brand", LOT, fields)
    world.accept(world.reading("4 degrees", subject=LOT + "/21/7"))
    while lengthen(world.log.engine, 7):
        pass
    yield world
    world.log.engine.dispose()


def test_an_index_is_read_by_place_and_by_time(told: World):
    with reading(told.log.engine) as snapshot:
        size = snapshot.head().size
        assert position(snapshot) == size
        last, time_us = newest_seal_below(snapshot, size)
        assert (last, sealed_before(snapshot, time_us + 1)) == (size - 1, size)
        before, _ = newest_seal_below(snapshot, last)
        assert sealed_before(snapshot, time_us) == before + 1
        assert sealed_before(snapshot, 0) == 0
        assert newest_seal_below(snapshot, 1) is None
        everything = Search((), 3, 9)
        assert count(snapshot, everything) == 6
        assert find(snapshot, everything, limit=2, newest_first=True) == [8, 7]
        part = Search((term("type", "seal"),), 3, 9)
        assert find(snapshot, part, limit=9, newest_first=False) == [3, 5, 7]


def test_a_search_walks_one_index_and_sorts_nothing(told: World):
    if told.log.engine.dialect.name != "sqlite":
        pytest.skip("a small table is not worth an index to PostgreSQL's planner")
    terms = (term("product", GTIN), term("issuer", BRAND))
    asked: list[str] = []
    with reading(told.log.engine) as snapshot:
        rows = snapshot.driver.rows

        def explained(sql: str, *parameters: object) -> list[tuple]:
            asked.extend(row[3] for row in rows(f"EXPLAIN QUERY PLAN {sql}", *parameters))
            return rows(sql, *parameters)

        snapshot.driver.rows = explained
        find(snapshot, Search(terms, 0, ALL), limit=2, newest_first=True)
        sealed_before(snapshot, 1)
        newest_seal_below(snapshot, 9)
        position(snapshot)
    assert asked[0] == "SEARCH a USING COVERING INDEX ix_search_term (term=? AND idx>? AND idx<?)"
    assert not [step for step in asked if "TEMP B-TREE" in step or step.startswith("SCAN")], asked


def test_the_whole_ledger_with_its_index_verifies(told: World):
    assert told.check().replayed


def test_it_is_lengthened_by_what_is_committed_and_no_more(any_world: World):
    any_world.party("brand", BRAND)
    engine = any_world.log.engine
    assert [lengthen(engine, 3) for _ in range(3)] == [3, 1, 0]
    any_world.accept(any_world.reading("one"))
    assert any_world.check().size == 6, "an index that lags is no error"
    assert lengthen(engine, 100) == 2
    any_world.check()
    with reading(engine) as snapshot:
        entry = parse_entry(4, snapshot.leaves([4])[4])
        rows = snapshot.driver.rows("SELECT term FROM search WHERE idx = 4")
    assert {bytes(row[0]) for row in rows} == terms_of(entry.statement, entry.body)


def test_two_processes_that_lengthen_it_at_once_leave_one_index(any_world: World):
    any_world.party("brand", BRAND)
    any_world.register(*(any_world.reading(f"{i}") for i in range(60)))
    barrier, done = Barrier(2), []

    def run() -> None:
        engine = make_engine(any_world.url)
        barrier.wait(timeout=10)
        for _ in range(200):
            done.append(lengthen(engine, 5))
            with reading(engine) as snapshot:
                if position(snapshot) == 65:
                    break
        engine.dispose()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sum(done) == 65
    any_world.check()


def test_a_rebuild_makes_it_anew(world: World):
    world.party("brand", BRAND)
    engine = world.log.engine
    lengthen(engine, 3)
    restore.rebuild(engine, ORIGIN)
    with reading(engine) as snapshot:
        assert position(snapshot) == snapshot.head().size
    world.check()


def test_a_ledger_of_the_first_schema_is_upgraded(world: World):
    world.party("brand", BRAND)
    with world.log.engine.begin() as connection:
        connection.execute(text("DROP TABLE attached"))
        connection.execute(text("DROP TABLE search"))
        connection.execute(text("DROP TABLE cosignatures"))
        connection.execute(text("DROP INDEX ix_seals_time_us"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    schema.upgrade(world.log.engine)
    assert schema.differences(world.log.engine) == []
    assert lengthen(world.log.engine, 100) == 4
    assert found(world, ("subject", party_of("brand"))) == ["party"]


def test_a_transaction_that_may_be_lost_leaves_its_connection_as_durable_as_before(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    world.log.engine.dispose()
    monkeypatch.setattr(engine_module, "SAFE_WAL", (99, 0, 0))  # the older library's settings
    engine = make_engine(world.url)
    assert lengthen(engine, 100) == 2
    with transaction(engine, write=False) as driver:
        assert driver.rows("PRAGMA journal_mode") == [("delete",)]
        assert driver.rows("PRAGMA synchronous") == [(3,)], "EXTRA"
    engine.dispose()
