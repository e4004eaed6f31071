"""What a member promised is kept or broken by itself and by time: nobody else's word, told early, late or by a friend, does it."""

from typing import Any

import pytest
from questions.attacks.means import answer, begun, belongs
from questions.scene import say, wait
from questions.scenes.label import REPORTED, SECOND, report, second_lot
from questions.scenes.pledges import (
    COMPLAINT,
    LOTS,
    MENDING,
    keeping,
    overturned,
    plan,
    pledge,
    step,
)
from rules.words import says
from tea import LABORATORY, LOT
from usual import Told, citing, day, id_of, who
from world import BRAND, DAY_S


@pytest.fixture
def told() -> Told:
    """Return the usual beginning."""
    return begun()


def goes_on(t: Told, days: float) -> None:
    """Let time pass, and something be said then."""
    say(t, wait(days))
    t.tell("facility", called="garden again")


def judged(outcome: str = "ineffective", **how: Any):
    """An inspector that nobody asked looks after the plan."""
    looks = {"cause": citing("complaint"), "subject": BRAND, "on": day(-0.01)}
    return says("improvement-verified", outcome=outcome, **looks | how)


# I12: who promised a step by a day does it by then, whatever somebody finds before.


def test_nobody_breaks_a_promise_by_judging_it_before_it_is_due(told: Told):
    say(told, COMPLAINT, plan(), pledge(MENDING), judged(), wait(1), step())
    goes_on(told, 5)
    assert answer(told, "pledges", party=BRAND) == ("yes", [])
    assert answer(told, "improvement", trader=BRAND) == ("no", ["plan-ineffective"])


def test_nor_does_a_friend_spare_one_what_is_due(told: Told):
    say(told, COMPLAINT, plan(), pledge(MENDING), judged())
    goes_on(told, 6)
    assert answer(told, "pledges", party=BRAND) == ("no", ["conduct-broken"])


# I11: a report that comes late is late, whatever day its laboratory writes on it.


def dated_back(t: Told, days: float) -> None:
    """Let a laboratory report on the second lot now, as of so many days ago."""
    then: dict[str, Any] = {"lot": SECOND, "how": {"age_s": int(days * DAY_S)}}
    sample = {"subject": "urn:sample:late"}
    say(t, says("sample-sealed", called="late sealed", taken=day(-days), **then, **sample))
    chain = {"previous": id_of("late sealed"), "handed_by": who("inspector"), "at": day(-days)}
    say(t, says("custody", by="laboratory", called="late received", **then, **sample, **chain))
    times = {name: day(-days) for name in ("tested_from", "tested_until", "issued")}
    times["received"] = lambda t: str(t.said["late received"][1].at)
    own = {"custody": id_of("late received"), "number": "late", "lot": SECOND}
    say(t, report(called="late", **sample, **own, **times))


@pytest.mark.parametrize(("after", "kept"), [(8, "yes"), (11, "no")])
def test_no_report_that_is_dated_back_keeps_a_promise(told: Told, after: float, kept: str):
    """The second lot's report is due ten days from now."""
    say(told, *REPORTED, second_lot(), pledge(LOTS, from_="2026-08-01T00:00:00Z"))
    goes_on(told, after)
    broken = ["conduct-broken"]
    assert answer(told, "pledges", party=BRAND) == (("no", broken) if after > 10 else ("yes", []))
    dated_back(told, 3)
    assert answer(told, "pledges", party=BRAND) == (kept, broken if kept == "no" else [])


# One report, one state: what a tied laboratory overturned is final in trace, and for who promised.


def test_no_tied_retest_breaks_a_laboratory_s_promise(told: Told):
    say(told, *REPORTED, *overturned(), keeping("laboratory", LABORATORY))
    asks = {"goods": LOT, "page": "1"}
    assert answer(told, "pledges", party=LABORATORY) == ("no", ["standard-broken"])
    belongs(told, "brand", what="second-laboratory")
    assert answer(told, "trace", **asks) == ("no", ["report-failed"])
    assert answer(told, "pledges", party=LABORATORY) == ("yes", [])
