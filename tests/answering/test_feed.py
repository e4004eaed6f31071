"""The feed of quality labels: what it lists, what changed since, and that it is what is so."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questions.scene import audit, garden
from questions.scenes.label import DRY, LABELLED, POOR, SECOND, again, elsewhere, measured
from rules.telling import Step
from rules.test_scenarios import again as copied
from rules.words import amends, citing, says, withdraws
from tea import LOT, SHOP
from usual import Told, day
from world import DAY_S, World

from ledger.answering.feed import Item, LabelFeed, Page
from ledger.answering.prover import prove
from ledger.errors import ReadOnlyError, UsageError

OTHER_SHOP = "urn:shop:market.example:tea-2"


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return the tea brand's world with a label that holds, closed."""
    folder = tmp_path_factory.mktemp("labelled") / "world"
    folder.mkdir()
    made = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    made.told = Told(made)
    made.told.begin()
    tell(made, LABELLED)
    made.log.engine.dispose()
    return made


@pytest.fixture
def world(labelled: World, tmp_path: Path) -> Iterator[World]:
    made = copied(labelled, tmp_path / "world")
    yield made
    made.log.engine.dispose()


def tell(world: World, story: tuple[Any, ...]) -> None:
    for step in story:
        raw = step(world)
        if raw is not None:
            world.accept(raw)


def later(days: float) -> Step:
    """Days pass without a statement; the log seals that it is still there."""

    def pass_by(w: World) -> None:
        w.clock.next_us = w.now_us = w.now_us + int(days * DAY_S * 1_000_000)
        assert w.log.heartbeat()
        w.clock.next_us = None
        w.now_us += 60_000_000

    return pass_by


def everything(feed: LabelFeed) -> Page:
    return feed.page(limit=1_000)


def states(page: Page) -> dict[str, str]:
    return {item.shop or item.kind: item.state for item in page.items}


def codes(item: Item) -> list[str]:
    return [reason["code"] for reason in item.reasons]


def test_a_label_and_where_it_is_on_sale_are_listed(world: World):
    page = everything(LabelFeed(world.log))
    assert page.since is None
    assert states(page) == {"label": "holds", SHOP: "listable"}
    label = page.items[0]
    assert label.lapses is not None
    assert label.reasons == ()
    assert page.total == 2


def test_nothing_changed_since_now(world: World):
    feed = LabelFeed(world.log)
    size = everything(feed).size
    assert feed.page(since=size, limit=10).items == ()
    assert LabelFeed(world.log).page(since=size, limit=10).items == ()


CHANGES: list[tuple[str, tuple[Any, ...], dict[str, str], list[str]]] = [
    ("a visit says nothing against it", (says("visit"),), {}, []),
    (
        "a recall",
        (says("recall"),),
        {"label": "lapsed", SHOP: "not-listable"},
        ["lot-recalled"],
    ),
    (
        "an objection suspends it",
        (
            *again(DRY),
            says("objection", target=citing("again"), subject="urn:sample:again"),
        ),
        {"label": "suspended", SHOP: "unproven"},
        ["criterion-objected", "report-objected"],
    ),
    (
        "a failure",
        again(POOR),
        {"label": "lapsed", SHOP: "not-listable"},
        ["criterion-failed", "report-failed"],
    ),
    ("a withdrawal", (says("label-withdrawn"),), {"label": "withdrawn"}, ["label-withdrawn"]),
    (
        "the end of its only listing",
        (amends("listing-ended", "listing", by="trader"),),
        {"label": "lapsed", SHOP: "ended"},
        ["not-on-sale"],
    ),
    (
        "a second listing",
        (says("shop", subject=OTHER_SHOP, called="second"), says("listing", shop=OTHER_SHOP)),
        {OTHER_SHOP: "listable"},
        [],
    ),
    ("another label", (says("label", until=day(200)),), {"label": "holds"}, []),
    ("days alone", (later(100),), {}, []),
    (
        "half a year alone",
        (later(181),),
        {"label": "lapsed", SHOP: "not-listable"},
        ["audit-overdue"],
    ),
    ("half a year, and an audit before it is over", (later(100), audit(), later(81)), {}, []),
]


@pytest.mark.parametrize(
    ("story", "changed", "reasons"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES]
)
def test_what_changed_since(
    world: World, story: tuple[Any, ...], changed: dict[str, str], reasons: list[str]
):
    feed = LabelFeed(world.log)
    size = everything(feed).size
    tell(world, story)
    page = feed.page(since=size, limit=10)
    assert page.since == size
    assert states(page) == changed
    assert [code for item in page.items if item.kind == "label" for code in codes(item)] == reasons
    # A feed that knows nothing yet says the same, and so does the question of each item.
    assert LabelFeed(world.log).page(since=size, limit=10) == page
    assert_proven(world, page)


def assert_proven(world: World, page: Page) -> None:
    """Ask the question of each item, with its evidence: it answers as the item says."""
    words = {"holds": "yes", "suspended": "unknown", "lapsed": "no", "withdrawn": "no"}
    words |= {"listable": "yes", "not-listable": "no", "unproven": "unknown"}
    for item in page.items:
        bundle = prove(world.log, item.question, item.parameters, known_at=page.size)
        if item.question in ("label", "listable"):
            assert bundle.answer["verdict"] == words[item.state]
        if item.question == "label":
            assert bundle.answer["state"] == item.state
            assert bundle.answer["since"] == item.since
            assert bundle.answer["reasons"] == list(item.reasons)


def test_what_time_changed_is_dated_by_what_came_due(world: World):
    feed = LabelFeed(world.log)
    page = everything(feed)
    lapses = page.items[0].lapses
    tell(world, (later(300),))
    changed = feed.page(since=page.size, limit=10)
    assert changed.items[0].since == lapses


def test_a_state_that_came_back_is_no_change(world: World):
    feed = LabelFeed(world.log)
    size = everything(feed).size
    tell(world, (says("recall", called="recall"), withdraws("recall", LOT, by="office")))
    assert feed.page(since=size, limit=10).items == ()


def test_a_size_is_rounded_down_to_a_seal(world: World):
    feed = LabelFeed(world.log)
    size = everything(feed).size
    tell(world, (says("recall"),))
    assert feed.page(since=size + 1, limit=10).since == size
    for since in (0, everything(feed).size + 1):
        with pytest.raises(UsageError):
            feed.page(since=since, limit=10)


def test_nobody_waits_long_while_a_picture_is_made(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ledger.answering.feed.WAIT_S", 0.01)
    feed = LabelFeed(world.log)
    size = everything(feed).size
    tell(world, (says("visit"),))
    with feed._making_newest, pytest.raises(ReadOnlyError, match="ask again"):
        everything(feed)
    with feed._making_older:
        assert feed.page(since=size, limit=10).items == ()


def test_pages_are_of_one_picture(world: World):
    tell(world, (says("shop", subject=OTHER_SHOP, called="second"),))
    tell(world, (says("listing", shop=OTHER_SHOP),))
    feed = LabelFeed(world.log)
    whole = everything(feed)
    first = feed.page(limit=1)
    assert first.total == 3
    assert first.after is not None
    tell(world, (says("recall"),))
    second = LabelFeed(world.log).page(size=first.size, after=first.after, limit=2)
    assert (*first.items, *second.items) == whole.items
    assert second.after is None


STEPS: dict[str, Callable[[int], tuple[Any, ...]]] = {
    "failure": lambda n: again(POOR, called=f"failure{n}"),
    "pass": lambda n: again(measured(), called=f"pass{n}"),
    "audit": lambda n: (audit(f"audit {n}"),),
    "bad audit": lambda n: (audit(f"audit {n}", **garden("critical")),),
    "refusal": lambda n: (elsewhere(f"refusal {n}"),),
    "recall": lambda n: (says("recall", called=f"recall {n}", from_=day(20)),),
    "lot": lambda n: (says("lot", subject=f"{SECOND}{n}", called=f"lot {n}", serial_range=...),),
    "visit": lambda n: (says("visit", subject=f"urn:visit:n{n}", called=f"visit {n}"),),
    "days": lambda _: (later(30),),
    "month": lambda _: (later(91),),
    "withdrawal": lambda _: (says("label-withdrawn"),),
}


@given(st.lists(st.sampled_from([*STEPS, "days", "month"]), min_size=1, max_size=7))
@settings(max_examples=12, deadline=None)
def test_a_picture_carried_on_is_the_one_made_anew(
    labelled: World, tmp_path_factory: pytest.TempPathFactory, names: list[str]
):
    world = copied(labelled, tmp_path_factory.mktemp("told") / "world")
    try:
        feed = LabelFeed(world.log)
        first = everything(feed)
        for number, name in enumerate(names):
            for step in STEPS[name](number):
                raw = step(world)
                if raw is not None:
                    world.register(raw)  # a second withdrawal is refused
            page = everything(feed)
            assert page == everything(LabelFeed(world.log))
            assert feed.page(since=first.size, limit=100) == LabelFeed(world.log).page(
                since=first.size, limit=100
            )
        assert_proven(world, everything(feed))
    finally:
        world.log.engine.dispose()
