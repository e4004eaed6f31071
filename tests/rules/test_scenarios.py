"""Every registration rule: scenarios that break it, and neighbours that do not."""

from collections.abc import Iterator
from contextlib import suppress
from copy import copy
from pathlib import Path
from shutil import copytree

import pytest
from rules.scenarios import (
    amendments,
    appeals,
    citations,
    claims,
    draws,
    events,
    exclusives,
    form,
    goods,
    grants,
    identity,
    improvement,
    labels,
    laboratories,
    log,
    measures,
    movements,
    objections,
    observers,
    often,
    papers,
    quality,
    restating,
    sampling,
    standards,
    ties,
    trade,
    triggers,
    undoing,
)
from rules.telling import (
    LOG_KEY,
    NEXT_RULES,
    WITNESS,
    Scenario,
    Step,
    begin,
    begin_late,
    bind,
    broken,
    damaged,
    key,
    late_genesis,
    log_end,
    party,
    reading,
    revocation,
    says,
    tell,
)
from usual import Told
from world import BRAND, MINUTE_US, OPERATOR, TRADER, World, at_home, key_of

from ledger.cose.keys import ES256
from ledger.cose.sign1 import decode_sign1, encode_sign1
from ledger.errors import LedgerError
from ledger.phrases import refusal_row
from ledger.primitives.clock import SimulatedClock
from ledger.questions.book import MALFORMED, REGISTRY
from ledger.rules.published import PUBLISHED
from ledger.statements.envelope import parse_statement
from ledger.writing.log import OTHER_SIGNATURE, Refused, Registered

FAMILIES = (
    form,
    identity,
    log,
    citations,
    claims,
    amendments,
    papers,
    grants,
    exclusives,
    events,
    goods,
    movements,
    sampling,
    trade,
    measures,
    appeals,
    improvement,
    observers,
    draws,
    quality,
    restating,
    laboratories,
    objections,
    standards,
    labels,
    ties,
    triggers,
    undoing,
    often,
)
SCENARIOS: tuple[Scenario, ...] = tuple(row for family in FAMILIES for row in family.SCENARIOS)


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a world in which nothing but its beginning has happened, closed."""
    folder = tmp_path_factory.mktemp("beginning") / "world"
    folder.mkdir()
    made = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    made.log.engine.dispose()
    return made


@pytest.fixture(scope="module")
def tea(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return the tea brand's world behind its usual beginning, closed."""
    folder = tmp_path_factory.mktemp("tea") / "world"
    folder.mkdir()
    made = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    made.told = Told(made)
    made.told.begin()
    made.log.engine.dispose()
    return made


def again(template: World, folder: Path) -> World:
    """Return a copy of a world: much quicker than to tell its beginning again."""
    made = copy(template)
    made.folder = copytree(template.folder, folder)
    at_home(made.folder)
    made.url = f"sqlite:///{made.folder / 'ledger.sqlite'}"
    made.clock = SimulatedClock()
    made.reopen()
    if hasattr(template, "told"):
        made.told = Told(made, dict(template.told.said))
    return made


@pytest.fixture
def world(beginning: World, tmp_path: Path) -> Iterator[World]:
    """Return a world at its beginning."""
    made = again(beginning, tmp_path / "world")
    yield made
    made.log.engine.dispose()


@pytest.fixture
def place(scenario: Scenario, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Return the world that a scenario is told in."""
    made = again(request.getfixturevalue(scenario.world), tmp_path / "world")
    yield made
    made.log.engine.dispose()


@pytest.fixture(autouse=True)
def another_version_of_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish a second version, as a later release does."""
    monkeypatch.setitem(PUBLISHED, NEXT_RULES["version"], NEXT_RULES["digest"])


@pytest.mark.parametrize(
    "scenario", [pytest.param(row, id=f"{row.rule}: {row.sentence}") for row in SCENARIOS]
)
def test_a_statement_is_refused_for_exactly_the_rules_it_breaks(place: World, scenario: Scenario):
    *before, last = scenario.story
    for batch in before:
        assert not any(tell(place, batch))
    answers = tell(place, last)
    assert answers.pop(scenario.judged) == scenario.refused
    assert not any(answers)
    place.check()


def test_every_rule_has_a_scenario_that_breaks_it_and_one_that_does_not():
    book = {MALFORMED, *REGISTRY.rules}
    assert {row.rule for row in SCENARIOS if row.rule in row.refused} == book
    assert {row.rule for row in SCENARIOS if row.rule not in row.refused} == book
    assert {rule for row in SCENARIOS for rule in row.refused} == book
    assert len({(row.rule, row.sentence) for row in SCENARIOS}) == len(SCENARIOS)


# What is not said of one statement alone.


def test_a_refused_statement_leaves_nothing_behind(world: World):
    nameless, named = party(names={})(world), party()(world)
    assert [broken(outcome) for outcome in world.register(nameless, named)] == [("names",), ()]
    world.check()


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(lambda _: b"", id="of no bytes"),
        pytest.param(says("gift", {}), id="of an unknown type"),
        pytest.param(damaged(log_end()), id="with a wrong signature"),
        pytest.param(late_genesis(), id="that is another genesis"),
        pytest.param(begin_late("ledger.example"), id="that is a genesis without a log key"),
        pytest.param(begin_late(LOG_KEY, "witness"), id="that is a genesis without a witness"),
    ],
)
def test_a_bad_statement_does_not_sink_its_batch(world: World, bad: Step):
    world.party("brand", BRAND)
    good = [world.reading("before"), world.reading("behind")]
    before, refused, behind = world.register(good[0], bad(world), good[1])
    assert isinstance(before, Registered)
    assert isinstance(refused, Refused)
    assert isinstance(behind, Registered)
    world.check()


def test_the_end_of_a_log_is_sealed_and_seals_go_on(world: World):
    world.accept(log_end()(world))
    world.clock.next_us = world.now_us + 10 * MINUTE_US
    assert world.log.heartbeat()
    assert world.check().size == 5  # genesis, seal, end, seal, heartbeat
    assert not world.log.heartbeat()


def test_the_same_statement_again_is_the_same_entry_even_after_the_end(world: World):
    first = world.party("brand", BRAND)
    raw = world.reading("x")
    entry = world.accept(raw)
    assert entry.index > first.index
    world.accept(log_end()(world))
    assert world.accept(raw) == Registered(entry.id, entry.index, new=False)


def test_the_same_words_under_another_signature_are_not_registered_again(world: World):
    tell(world, bind("pen", alg=ES256, entering=True))
    said = reading(by="pen", alg=ES256, age_s=0)
    raw = said(world)
    again = encode_sign1(
        decode_sign1(raw).protected,
        decode_sign1(raw).payload,
        key_of("pen", ES256).sign(parse_statement(raw).message),
    )
    assert world.register(raw, again)[1].refusals[0].rule == OTHER_SIGNATURE
    assert world.refuse(damaged(lambda _: again)(world)) == ["signature"]


def test_the_log_never_seals_with_a_key_that_ended(world: World):
    tell(world, key("operator-2", by="operator", of=OPERATOR))
    with suppress(LedgerError):  # to refuse the statement or to stop are both sound
        tell(world, revocation("operator", by="operator-2", of=OPERATOR))
    assert world.check().size >= 4


def test_a_genesis_does_not_count_one_witness_twice(world: World):
    assert begin(witnesses=[WITNESS, WITNESS], quorum=2)(world)


def test_a_refusal_that_rests_on_a_question_says_its_reasons(tea: World, tmp_path: Path):
    """Territories that fail alike are named together, and each reason says what mends it."""
    place = again(tea, tmp_path / "world")
    listing = place.told.write("listing", territories=["US", "DE", "CN"])
    (outcome,) = place.register(listing)
    assert [item.message for item in outcome.refusals] == [
        f"{TRADER} may not sell it in US",
        f"{TRADER} may not sell it in DE",
    ]
    assert [reason.code for item in outcome.refusals for reason in item.reasons] == [
        "grant-territory",
        "grant-territory",
    ]
    row = refusal_row(outcome.refusals[0])
    assert row["message"].endswith(f"{BRAND}, who holds the brand, authorises {TRADER} directly.")
    assert row["cites"] == row["reasons"][0]["entries"]
    place.log.engine.dispose()
