"""What was registered in one batch with a recall of a product's goods was said before it, in any order."""

import pytest
from paper import copy_of
from questions.scenes.letters import OLDER_GOODS, OLDER_SAYS_TRADER, product_recall
from usual import Told

STEPS = (OLDER_SAYS_TRADER, product_recall())


def recalled(told: Told) -> bool:
    answer = told.world.ask("trace", {"goods": OLDER_GOODS["subject"]})  # type: ignore[attr-defined]
    return "lot-recalled" in {reason["code"] for reason in answer["reasons"]}


@pytest.mark.parametrize("steps", [STEPS, STEPS[::-1]], ids=["lot first", "recall first"])
def test_in_one_batch_no_lot_is_stated_late(beginning: Told, steps: tuple):
    told = copy_of(beginning.world, beginning)
    told.world.told = told  # type: ignore[attr-defined]
    told.world.register(*(step(told.world) for step in steps))
    assert not recalled(told)


def test_in_a_later_batch_it_is(beginning: Told):
    told = copy_of(beginning.world, beginning)
    told.world.told = told  # type: ignore[attr-defined]
    for step in STEPS[::-1]:
        told.world.register(step(told.world))
    assert recalled(told)
