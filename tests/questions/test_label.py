"""When a label lapses by itself: never before the moment that is named, and at it."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from paper import Paper, copy_of
from questions.scene import audit, garden, inspection, observation_of, visit_unasked
from questions.scenes.label import (
    CALLED_BACK,
    LABELLED,
    LEADEN,
    OF_TEA,
    SECOND,
    again,
    elsewhere,
    measured,
)
from rules.words import says
from tea import DISTRIBUTOR, LOT
from usual import Told, day, finding
from world import DAY_S

from ledger.questions import listable
from ledger.rules.standards import kept
from ledger.statements.criteria import Criterion
from ledger.statements.fields import parse_time_us
from ledger.statements.origin_family import OriginAudit

SECOND_US = 1_000_000
Labelled = Callable[[], Told]


def tell(told: Told, *story: Any) -> None:
    """Let steps happen; what the rules refuse was not said."""
    paper = told.world
    paper.told = told
    for step in story:
        raw = step(paper)
        if raw is not None:
            paper.register(raw)


@pytest.fixture(scope="module")
def labelled() -> Labelled:
    """Return what makes the tea brand's world with a label that holds, on paper."""
    told = Told(Paper(Path(), ""))
    told.begin()
    tell(told, *LABELLED)
    return lambda: copy_of(told.world, told)


def asked(told: Told, at_us: int | None = None) -> dict[str, Any]:
    return told.world.fold("label", OF_TEA, valid_at_us=at_us)[0]


def codes(lapses: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in lapses["reasons"]]


def waits(days: int):
    return lambda w: w.wait(seconds=days * DAY_S)


MORE: dict[str, Callable[[int, int], tuple[Any, ...]]] = {
    "audit": lambda n, days: (audit(f"audit {n}", next_due=day(days)),),
    "label": lambda n, days: (says("label", until=day(days), called=f"label {n}"),),
    "recall": lambda n, days: (
        says("recall", called=f"recall {n}", from_=day(days), by="operator"),
    ),
    "pass": lambda n, _: (
        inspection(f"pass {n}", mode="patrol", by="warehouse", trader=DISTRIBUTOR),
    ),
    "failure": lambda n, _: (
        elsewhere(f"failure {n}", mode="patrol", by="warehouse", **garden("minor")),
    ),
    "lot": lambda n, _: (
        says("lot", subject=f"{SECOND}{n}", called=f"lot {n}", serial_range=...),
        inspection(f"of lot {n}", subject=f"{SECOND}{n}", mode="flight"),
    ),
    "report": lambda n, _: again(measured(), called=f"report{n}"),
    "days": lambda _, days: (waits(days % 90),),
}
stories = st.lists(st.tuples(st.sampled_from(sorted(MORE)), st.integers(1, 360)), max_size=6)


@given(stories, st.lists(st.floats(0, 1), min_size=4, max_size=4))
@settings(max_examples=50, deadline=None)
def test_a_label_holds_until_it_lapses(
    labelled: Labelled, story: list[tuple[str, int]], parts: list[float]
):
    told = labelled()
    for number, (name, days) in enumerate(story):
        tell(told, *MORE[name](number, days))
    answer = asked(told)
    assume(answer["verdict"] == "yes")
    now_us, lapse_us = told.world.last_us(), parse_time_us(answer["lapses"]["at"])
    then = asked(told, lapse_us)
    assert then["verdict"] != "yes"
    assert [r for r in then["reasons"] if r in answer["lapses"]["reasons"]] == answer["lapses"][
        "reasons"
    ]
    last_us = lapse_us - SECOND_US
    for time_us in (last_us, *(now_us + int((last_us - now_us) * part) for part in parts)):
        assert asked(told, time_us)["verdict"] == "yes"


def test_outcomes_grow_old_until_too_few_are_left(labelled: Labelled):
    told = labelled()
    tell(told, says("label", until=day(900)), audit("long", next_due=day(899)))
    assert codes(asked(told)["lapses"]) == ["index-insufficient"]


def test_passes_grow_old_beside_a_later_failure(labelled: Labelled):
    told = labelled()
    minor = garden("minor")
    tell(told, elsewhere("failure", mode="patrol", by="warehouse", on=day(0), **minor))
    lapses = asked(told)["lapses"]
    assert codes(lapses) == ["label-index-low"]
    body = told.said["audit"][1]
    assert isinstance(body, OriginAudit)
    assert parse_time_us(lapses["at"]) == body.on.us + 90 * DAY_S * SECOND_US


def test_a_lapsed_label_lasts_no_longer_than_what_ended_it(labelled: Labelled):
    told = labelled()
    tell(told, waits(2))
    failed = {"mode": "patrol", "by": "warehouse", "on": day(0), **garden("critical")}
    tell(told, elsewhere("failure", **failed))
    answer = asked(told)
    assert {"label-index-low", "critical-since"} <= {item["code"] for item in answer["reasons"]}
    since_us = parse_time_us(answer["since"])
    assert since_us == told.world.last_us()
    assert asked(told, since_us - DAY_S * SECOND_US)["verdict"] == "yes"


def test_a_label_that_came_back_lasts_since_what_was_found_was_closed(labelled: Labelled):
    told = labelled()
    tell(told, *again(LEADEN))
    assert "critical-since" in {item["code"] for item in asked(told)["reasons"]}
    tell(told, waits(1), *CALLED_BACK)
    answer = asked(told)
    assert "lot-answered" in {item["code"] for item in answer["notes"]}
    assert (answer["verdict"], parse_time_us(answer["since"])) == ("yes", told.world.last_us())


def test_what_the_uninvited_saw_dates_no_label(labelled: Labelled):
    """The answer tells of it, and no more: a label holds as long as it did."""
    told = labelled()
    before = asked(told)["since"]
    tell(told, waits(1), visit_unasked(LOT), observation_of(LOT))
    answer = asked(told)
    assert "finding-uninvited" in {item["code"] for item in answer["notes"]}
    assert (answer["verdict"], answer["since"]) == ("yes", before)


def test_what_has_no_date_of_its_own_dates_no_lapse(labelled: Labelled):
    told = labelled()
    tell(told, elsewhere("failure", mode="patrol", by="warehouse", on=day(0), **garden("minor")))
    lapsed = asked(told, parse_time_us(asked(told)["lapses"]["at"]))
    assert [item["code"] for item in lapsed["reasons"]] == ["label-index-low"]
    assert (lapsed["state"], lapsed["since"]) == ("lapsed", None)


def test_of_the_past_no_lapse_is_told(labelled: Labelled):
    told = labelled()
    past_us = told.world.last_us()
    tell(told, says("visit"))
    answer = asked(told, past_us)
    assert (answer["verdict"], answer["lapses"]) == ("yes", None)


decimals = st.decimals(-1_000, 1_000, places=3).map("{:f}".format)


@given(decimals, decimals, decimals, st.sampled_from(["at-most", "at-least"]))
def test_a_criterion_is_kept_where_nothing_that_meets_ours_misses_theirs(
    ours: str, theirs: str, value: str, direction: Any
):
    def criterion(limit: str) -> Criterion:
        same = {"property": "lead", "unit": "mg/kg", "severity": "major"}
        return Criterion(**same, direction=direction, limit=limit)

    def meets(text: str, limit: str) -> bool:
        excess = Decimal(text) - Decimal(limit)
        return excess <= 0 if direction == "at-most" else excess >= 0

    if kept(criterion(theirs), [criterion(ours)]):
        assert not meets(value, ours) or meets(value, theirs)
    else:
        assert not meets(ours, theirs)


def test_what_is_listed_over_and_over_is_weighed_once(
    labelled: Labelled, monkeypatch: pytest.MonkeyPatch
):
    """A product listed over and over in one shop costs what one listing costs."""
    told = labelled()
    for number in range(30):
        places = [f"CN-{code}" for code in ("ZJ", "BJ", "SH", "GD")[number % 4 :]]
        tell(told, says("listing", called=f"listing {number}", territories=places))
    tell(told, elsewhere(findings=[finding("major")]))  # from now on no listing is in order
    weighed: list[str] = []
    origin = listable._origin
    monkeypatch.setattr(
        listable, "_origin", lambda *given: weighed.append(given[2]) or origin(*given)
    )
    assert asked(told)["verdict"] == "no"
    assert len(weighed) == 1
