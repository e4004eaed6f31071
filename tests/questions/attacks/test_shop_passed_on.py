"""A shop's id that passed on to another trader is another shop: nobody answers for what was sold there before."""

from typing import Any

import pytest
from questions.attacks.means import answer, begun, ready
from questions.scene import inspection, say, wait
from questions.scenes.label import LABELLED
from questions.scenes.pledges import ANSWERS, COMPLAINT, pledge
from rules.words import citing, says
from tea import DISTRIBUTOR, GTIN
from usual import MODEL, Told, day
from world import TRADER

ADMITTED = says(
    "admission", subject=DISTRIBUTOR, called="admitted", evidence=[citing("distributor")]
)
PASSED_ON: tuple[Any, ...] = (
    says("shop-ended"),
    ADMITTED,
    says("shop", trader=DISTRIBUTOR, called="their shop"),
)
OF_THEIRS = {"trader": DISTRIBUTOR, "page": "1"}


@pytest.fixture
def told() -> Told:
    """Return the usual beginning, with the tea on sale."""
    story = ready()
    say(story, says("listing"))
    return story


def test_nobody_lists_what_was_listed_in_its_shop_before(told: Told):
    assert answer(told, "trader", trader=TRADER, page="1") == ("yes", [])
    say(told, *PASSED_ON)
    assert answer(told, "trader", **OF_THEIRS) == ("unknown", ["nothing-listed"])


def test_the_same_trader_goes_on_where_its_shop_is_opened_again(told: Told):
    say(told, says("shop-ended"), says("shop", called="again"))
    assert answer(told, "trader", trader=TRADER, page="1") == ("yes", [])


def test_a_grant_carries_nothing_that_another_listed(told: Told):
    asks = {"brand": told.fields_of("distributor")["brand"], "grantee": DISTRIBUTOR}
    asks["grant"] = told.said["distributor"][0].id.hex()
    say(told, *PASSED_ON)
    assert told.world.ask("impact", asks)["listings"] == []


def test_a_label_holds_by_nothing_that_another_listed():
    t = begun()
    say(t, *LABELLED, *PASSED_ON)
    assert answer(t, "label", product=GTIN) == ("no", ["not-on-sale"])


def test_nor_is_a_trader_s_index_about_it(told: Told):
    told.tell("quality-model")
    say(told, *PASSED_ON, inspection(trader=DISTRIBUTOR, on=day(0)))
    asks = {"subject": DISTRIBUTOR, "model": MODEL}
    assert told.world.ask("index", asks)["outcomes"] == 0


@pytest.mark.parametrize("passed_on", [True, False])
def test_nobody_promised_to_answer_for_who_has_its_shop_now(told: Told, *, passed_on: bool):
    story = PASSED_ON if passed_on else (says("shop-ended"),)
    say(told, pledge(ANSWERS, by="trader", of=TRADER), *story, COMPLAINT, wait(8))
    told.tell("facility", called="garden again")
    verdict = answer(told, "pledges", party=TRADER)[0]
    assert verdict == ("unknown" if passed_on else "no")


@pytest.mark.parametrize("passed_on", [True, False])
def test_a_complaint_about_who_has_its_shop_now_is_on_nobody_else_s_record(
    told: Told, *, passed_on: bool
):
    told.tell("quality-model")
    say(told, *(PASSED_ON if passed_on else (says("shop-ended"),)), COMPLAINT)
    notes = told.world.ask("index", {"subject": TRADER, "model": MODEL})["notes"]
    assert ("complaints-on-record" in [note["code"] for note in notes]) is not passed_on
