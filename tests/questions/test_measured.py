"""What proves a plan: results by others, the newest of them; nothing by who is tied to the trader."""

from typing import Any

from questions.scene import inspection, say
from questions.scenes.mending import GOOD, PROVING, WORSE
from rules.words import affiliation
from tea import GTIN
from usual import Told, day
from world import TRADER

from ledger.questions.measured import NEWEST


def measures(told: Told) -> list[dict[str, Any]]:
    """Return the measures of the trader's one plan."""
    (plan,) = told.world.ask("improvement", {"trader": TRADER})["plans"]
    assert plan["stage"] == "making"
    found: list[dict[str, Any]] = plan["measures"]
    return found


def test_what_was_before_and_what_came_since_is_told_with_its_entries(told: Told):
    failure, *_ = say(told, *PROVING)
    (waiting,) = measures(told)
    assert (waiting["proof"], waiting["before"], waiting["results"]) == ("not-yet", failure, [])
    (good,) = say(told, GOOD)
    (proven,) = measures(told)
    assert (proven["proof"], proven["stated"], proven["target"]) == ("proven", "3", "1")
    assert [(one["entry"], one["value"], one["reached"]) for one in proven["results"]] == [
        (good, "0/50", True)
    ]


def test_a_pass_by_who_is_tied_to_the_trader_proves_nothing(told: Told):
    say(told, *PROVING, GOOD, affiliation("trader", "inspector"))
    (found,) = measures(told)
    assert (found["proof"], found["results"]) == ("not-yet", [])


def test_the_newest_results_decide_and_a_bad_one_is_outlived(told: Told):
    say(told, *PROVING, WORSE)
    assert measures(told)[0]["proof"] == "worse"
    for number in range(NEWEST):
        say(told, inspection(f"of {number}", subject=f"{GTIN}/10/N{number}", on=day(-0.05)))
        proof = measures(told)[0]["proof"]
        assert proof == ("proven" if number == NEWEST - 1 else "not-yet")
