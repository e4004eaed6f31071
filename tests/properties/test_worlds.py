"""What a verdict must withstand, on a few random worlds; ``tools/worlds.py`` tries many."""

from pathlib import Path
from random import Random

import pytest
from properties.asking import ASKED, about_grants
from properties.bent import Way
from properties.course import ACTS, log_end, opened, play, random_world, ready
from properties.mutations import BEFORE, MUTATIONS, TOLD, Mutation, mutated, mutation, silenced
from properties.order import order
from properties.remedies import remedies
from properties.rights import strangers
from properties.safety import safety
from properties.stories import (
    CASES,
    HELD_CASES,
    INTRUSIONS,
    REMEDIES,
    UNDOINGS,
    Intrusion,
    Remedy,
    Undoing,
)
from properties.strangers import tries
from properties.telling import Tale, people
from properties.trials import Tally
from properties.ways import WAYS

from ledger.questions.book import REGISTRY
from ledger.questions.declared import QUESTIONS
from ledger.statements.catalogue import CATALOGUE

TESTS = Path(__file__).parents[1]
NOT_TOLD = {"genesis", "seal", "rules"}
"""The log's own, and rules that this software does not publish yet."""

Story = Intrusion | Undoing | Remedy | Way
STORIES: tuple[Story, ...] = (*INTRUSIONS, *UNDOINGS, *REMEDIES, *WAYS)


def tour(seed: int) -> Tale:
    """Return a world in which everything that may happen was tried twice."""
    tale = people(Random(seed))
    opened(tale)
    acts = [*ACTS, *ACTS]
    tale.rng.shuffle(acts)
    for act in (ready, *acts, log_end) if seed % 2 else (*acts, log_end):
        play(tale, act)
    return tale


def test_a_world_is_told_again_from_its_seed():
    first, second = people(Random(7)), people(Random(7))
    random_world(first, 10)
    random_world(second, 10)
    assert [item.id for item in first.said] == [item.id for item in second.said]


def test_every_type_comes_up():
    missing = set(CATALOGUE) - NOT_TOLD
    for seed in range(20):
        missing -= {item.move.type_ for item in tour(seed).said} if missing else set()
    assert not missing, f"tests/properties/course.py has no act that says {sorted(missing)}"


def test_strangers_try_every_type():
    missing = set(CATALOGUE) - NOT_TOLD
    for seed in range(160):
        missing -= {move.type_ for move in tries(tour(seed), 40)} if missing else set()
    assert not missing, f"tests/properties/strangers.py has no try that says {sorted(missing)}"


def test_every_question_is_asked():
    grants = about_grants(tour(1))
    assert {question for question, _ in (*ASKED, *grants)} == set(QUESTIONS)


@pytest.mark.parametrize("seed", range(25))
def test_strangers_change_no_answer(seed: int):
    violation = strangers(seed, Tally())
    assert violation is None, str(violation)


@pytest.mark.parametrize("seed", range(25))
def test_order_changes_no_answer(seed: int):
    violation = order(seed, Tally())
    assert violation is None, str(violation)


@pytest.mark.parametrize("seed", range(20))
def test_protections_are_not_undone_in_silence(seed: int):
    violation = safety(seed, Tally())
    assert violation is None, str(violation)


@pytest.mark.parametrize("seed", range(20))
def test_remedies_mend(seed: int):
    violation = remedies(seed, Tally())
    assert violation is None, str(violation)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.says)
def test_a_story_breaks_nothing_any_more(story: Story):
    fault = story.fault()
    assert fault is None, fault


@pytest.mark.parametrize(
    ("story", "left_out"),
    [(story, name) for story in STORIES for name in story.without],
    ids=lambda value: value if isinstance(value, str) else value.says,
)
def test_without_its_mend_a_story_is_found_out(story: Story, left_out: str):
    with mutated(mutation(left_out)):
        assert story.fault() is not None


@pytest.mark.parametrize("item", MUTATIONS, ids=lambda item: item.name)
def test_what_a_mutation_replaces_is_there(item: Mutation):
    with mutated(item):
        pass


def test_every_rule_has_a_mutation_or_is_held_elsewhere():
    mutated_ones = {rule for item in MUTATIONS for rule in silenced(item)}
    unsaid = sorted(REGISTRY.rules.keys() - mutated_ones - TOLD.keys() - BEFORE)
    assert unsaid == [], "say in mutations.py which property breaks without it, or what holds it"
    for name, place in TOLD.items():
        assert name in (TESTS / place).read_text(), f"{place} says nothing of {name}"


def test_every_case_that_failed_once_is_held():
    told = {story.says: story for story in STORIES}
    assert [case for case, story in CASES.items() if not told[story].without] == []
    for case, (place, word) in HELD_CASES.items():
        found = TESTS / place
        files = [found] if found.is_file() else found.rglob("*.py")
        assert any(word in file.read_text() for file in files), case
