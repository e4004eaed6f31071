"""What a verdict must withstand, on a few random worlds; ``tools/worlds.py`` tries many."""

from random import Random

import pytest
from properties.asking import ASKED, about_grants
from properties.course import ACTS, log_end, opened, play, random_world, ready
from properties.mutations import mutated, mutation
from properties.order import order
from properties.rights import strangers
from properties.stories import INTRUSIONS, UNDOINGS, Intrusion, Undoing
from properties.strangers import tries
from properties.telling import Tale, people
from properties.trials import Tally

from ledger.questions.book import REGISTRY
from ledger.questions.declared import QUESTIONS
from ledger.statements.catalogue import CATALOGUE

NOT_TOLD = {"genesis", "seal", "rules"}
"""The log's own, and rules that this software does not publish yet."""

Story = Intrusion | Undoing
BY = {"", *REGISTRY.rules, *CATALOGUE}
STORIES = [story for story in (*INTRUSIONS, *UNDOINGS) if story.needs in BY]


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
    for seed in range(40):
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


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.says)
def test_a_story_breaks_nothing_any_more(story: Story):
    fault = story.fault()
    assert fault is None, fault


@pytest.mark.parametrize(
    ("story", "rule"),
    [(story, rule) for story in STORIES for rule in story.without],
    ids=lambda value: value if isinstance(value, str) else value.says,
)
def test_without_its_rule_a_story_is_found_out(story: Story, rule: str):
    with mutated(mutation(rule)):
        assert story.fault() is not None
