"""A long-lived log remembers rechecks and index pages: its bundles stay the same, byte for byte."""

from typing import Any

import pytest
from audit.ledgers import Administrator
from evidence.cheating import SELL, Cheat, forged, revocation
from tea import TRADER
from world import World

from ledger.answering.prover import prove
from ledger.errors import AdmissionError, LogCorruptError
from ledger.evidence.bundle import encode_bundle
from ledger.questions.answers import ANSWERS
from ledger.questions.book import review
from ledger.questions.registry import RecheckMemory
from ledger.store.engine import make_engine
from ledger.store.tables import entries
from ledger.tlog.prefix_tree import PageCache, PrefixTree
from ledger.writing.log import Log
from ledger.writing.opening import open_log

ASKED = [
    ("may_sell", SELL),
    ("may_sell", SELL | {"territory": "DE", "shop_type": "*"}),
    ("history", {"topic": "identity", "subject": TRADER}),
]


def bundles(log: Log, **options: Any) -> list[bytes]:
    """Return the bundle of each question."""
    return [encode_bundle(prove(log, *asked, **options)) for asked in ASKED]


def forgetful(world: World) -> list[bytes]:
    """Return the bundles of a log that was opened just now, one opened for each."""
    found = []
    for asked in ASKED:
        log = open_log(make_engine(world.url), anchor_path=world.folder / "anchor")
        found.append(encode_bundle(prove(log, *asked)))
        log.engine.dispose()
    return found


@pytest.fixture
def reviews(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the indices of the entries that questions review, as they do."""
    seen: list[int] = []

    def counted(case: Any, **options: Any) -> Any:
        seen.append(case.index)
        return review(case, **options)

    monkeypatch.setattr("ledger.questions.registry.review", counted)
    return seen


def test_memory_changes_nothing_but_the_work(
    any_world: World, monkeypatch: pytest.MonkeyPatch, reviews: list[int]
):
    """At every size of a growing log; an entry is reviewed once in the log's life."""
    cheat = Cheat(any_world, monkeypatch)
    said = cheat.tea.chain()
    for grow in (
        lambda: None,
        cheat.complaint,
        cheat.complaint_again,
        lambda: any_world.accept(
            revocation(cheat.tea, said["trader"], "trader", said["distributor"], "distributor")
        ),
    ):
        grow()
        reviews.clear()
        warm = bundles(any_world.log)
        again, reviewed = bundles(any_world.log), list(reviews)
        assert len(set(reviewed)) == len(reviewed), "none twice"
        assert warm == again == forgetful(any_world)
        assert len(reviews) > len(reviewed), "the forgetful log reviewed them again"
    assert set(reviewed) == {36, 37}, "what was said last, and its seal"


def test_every_question_that_is_answered_takes_part():
    assert {"history", "may_sell"} <= ANSWERS.keys()


def test_what_failed_is_not_remembered(world: World, monkeypatch: pytest.MonkeyPatch):
    cheat = Cheat(world, monkeypatch)
    said = cheat.tea.chain()
    fields = cheat.tea.grant_fields(cheat.tea.grant_cite(said["distributor"], "distributor"))
    raw = cheat.tea.sign("authorisation", "distributor", TRADER, fields | {"depth": 0})
    cheat.admit(forged(raw))
    for _ in range(2):
        with pytest.raises(AdmissionError, match="signature"):
            cheat.bundle()


def test_an_edited_entry_is_not_the_one_that_was_rechecked(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """Whoever edits the database under a running log gains nothing by its memory."""
    cheat = Cheat(world, monkeypatch)
    said = cheat.tea.chain()
    cheat.bundle()
    admin = Administrator(world.url)
    row = admin.rows(entries)[said["trader"].index]
    with (
        admin.edited(entries, row, leaf=forged(row.leaf)),
        pytest.raises(LogCorruptError, match=f"entry {row.idx}: not the one that was rechecked"),
    ):
        cheat.bundle()
    admin.engine.dispose()
    cheat.bundle()


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(RecheckMemory, "LIMIT", 3)
    memory = RecheckMemory()
    for index in range(4):
        memory.put(index, object())  # type: ignore[arg-type]
    assert [index for index in range(4) if memory.get(index)] == [3]


# Shared index pages.


def stored(count: int) -> tuple[dict[str, bytes], PrefixTree]:
    tree = PrefixTree(lambda _: {})
    for n in range(count):
        tree.put(n.to_bytes(2) * 16, b"v%d" % n)
    tree.commit()
    return dict(tree.pages()), tree


def test_trees_that_share_pages_read_each_page_once():
    pages, whole = stored(600)
    asked: list[str] = []

    def read(prefixes: Any) -> dict[str, bytes]:
        asked.extend(prefixes)
        return {prefix: pages[prefix] for prefix in prefixes if prefix in pages}

    cache, keys = PageCache(), [n.to_bytes(2) * 16 for n in range(0, 700, 7)]
    for _ in range(3):
        tree = PrefixTree(read, cache)
        assert [tree.find(key) for key in keys] == [whole.find(key) for key in keys]
    assert asked.count("") == 3, "the root page says what the others are"
    assert len(asked) - 2 == len(set(asked))


def test_a_page_that_changed_is_read_anew():
    pages, whole = stored(600)
    cache = PageCache()
    PrefixTree(lambda names: {n: pages[n] for n in names if n in pages}, cache).find(bytes(32))
    before = len(cache)
    whole.put(bytes(32), b"another")
    whole.commit()
    changed = dict(whole.pages())
    again = PrefixTree(lambda names: {n: changed[n] for n in names if n in changed}, cache)
    assert again.find(bytes(32)) == whole.find(bytes(32))
    assert again.get(bytes(32)) == (b"another", b"")
    assert len(cache) == before, "what it was is forgotten: a log that grows fills no memory"


def test_shared_pages_are_not_written_to():
    tree = PrefixTree(lambda _: {}, PageCache())
    with pytest.raises(TypeError, match="only read"):
        tree.put(bytes(32), b"v")


def test_the_page_cache_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PageCache, "LIMIT", 4)
    pages, whole = stored(600)
    cache = PageCache()
    tree = PrefixTree(lambda names: {n: pages[n] for n in names if n in pages}, cache)
    for n in range(0, 600, 3):
        key = n.to_bytes(2) * 16
        assert tree.find(key) == whole.find(key)
    assert len(cache) <= 4
