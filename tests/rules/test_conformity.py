"""What a value shows of a limit, by both decision rules: worked cases, and what holds for all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.conformity import conformity, judged, shown_of
from ledger.statements.criteria import Criterion, UnitsPlan
from ledger.statements.results import Result

CASES = [
    ("at the limit", "0.10", None, False, "at-most", "0.1", "simple", "pass"),
    ("just above", "0.100000001", None, False, "at-most", "0.1", "simple", "fail"),
    ("above, the uncertainty disregarded", "0.11", "0.05", False, "at-most", "0.1", "simple", "fail"),
    ("at the least allowed", "5", None, False, "at-least", "5.0", "simple", "pass"),
    ("below the least allowed", "4.9", None, False, "at-least", "5", "simple", "fail"),
    ("guarded, clear of the limit", "0.08", "0.02", False, "at-most", "0.1", "guarded", "pass"),
    ("guarded, a little too near", "0.081", "0.02", False, "at-most", "0.1", "guarded", "inconclusive"),
    ("guarded, above but not by enough", "0.12", "0.02", False, "at-most", "0.1", "guarded", "inconclusive"),
    ("guarded, above by more", "0.121", "0.02", False, "at-most", "0.1", "guarded", "fail"),
    ("guarded, without an uncertainty", "0.01", None, False, "at-most", "0.1", "guarded", "inconclusive"),
    ("guarded, exact and at the limit", "0.1", "0", False, "at-most", "0.1", "guarded", "pass"),
    ("guarded, enough by more", "5.2", "0.2", False, "at-least", "5", "guarded", "pass"),
    ("guarded, too little by more", "4.79", "0.2", False, "at-least", "5", "guarded", "fail"),
    ("nothing found, by a fine method", "0.01", None, True, "at-most", "0.1", "guarded", "pass"),
    ("nothing found, by a coarse method", "0.2", None, True, "at-most", "0.1", "simple", "inconclusive"),
    ("nothing found of what must be there", "0.2", None, True, "at-least", "5", "simple", "fail"),
    ("nothing found, where less might do", "6", None, True, "at-least", "5", "simple", "inconclusive"),
    ("less than can be told, within the limit", "<0.01", None, False, "at-most", "0.1", "simple", "pass"),
    ("less than the limit itself", "<0.1", None, False, "below", "0.1", "simple", "pass"),
    ("less than can be told, which is beyond the limit", "<0.2", None, False, "at-most", "0.1", "simple", "inconclusive"),
    ("more than can be told, beyond the limit", ">2419.6", None, False, "at-most", "1000", "simple", "fail"),
    ("more than the limit itself", ">1000", None, False, "at-most", "1000", "guarded", "fail"),
    ("more than can be told, below the limit", ">2419.6", None, False, "at-most", "10000", "simple", "inconclusive"),
    ("more than the least", ">5", None, False, "at-least", "5", "guarded", "pass"),
    ("a strict limit, reached", "0.1", None, False, "below", "0.1", "simple", "fail"),
    ("a strict limit, guarded and touched", "0.08", "0.02", False, "below", "0.1", "guarded", "inconclusive"),
    ("a strict limit, kept", "0.099", None, False, "below", "0.1", "simple", "pass"),
    ("a strict least, reached", "5", None, False, "above", "5", "simple", "fail"),
    ("a strict least, kept", "5.1", None, False, "above", "5", "simple", "pass"),
    ("not there, as asked", "absent", None, False, "absent", "0", "simple", "pass"),
    ("there, and not to be", "present", None, False, "absent", "0", "guarded", "fail"),
    ("none counted", "0", None, False, "absent", "0", "simple", "pass"),
    ("one counted", "1", None, False, "absent", "0", "simple", "fail"),
    ("nothing found, as asked", "0.01", None, True, "absent", "0", "simple", "pass"),
    ("less than can be told: perhaps nothing", "<0.01", None, False, "absent", "0", "simple", "inconclusive"),
    ("not there, and by no limit of detection", "absent", None, False, "at-most", "0.1", "simple", "inconclusive"),
    ("there, and nothing is to be", "present", None, False, "at-most", "0", "simple", "fail"),
    ("there, and how much is not said", "present", None, False, "at-most", "0.1", "simple", "inconclusive"),
    ("below zero", "-18.5", "0.5", False, "at-most", "-18", "guarded", "pass"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_worked_case(case: tuple):
    _, value, uncertainty, below, direction, limit, rule, shown = case
    found = conformity(
        value=value,
        uncertainty=uncertainty,
        below_detection=below,
        direction=direction,
        limit=limit,
        decision_rule=rule,
    )
    assert found == shown


@pytest.mark.parametrize(
    ("value", "traces", "shown"), [("<0.05", True, "fail"), ("<0.05", False, "inconclusive")]
)
def test_traces_are_something(value: str, traces: bool, shown: str):
    said = {"uncertainty": None, "below_detection": False, "decision_rule": "simple"}
    assert conformity(value=value, traces=traces, direction="absent", limit="0", **said) == shown
    assert (
        conformity(value=value, traces=traces, direction="at-most", limit="0.1", **said) == "pass"
    )


decimals = st.decimals(-1000, 1000, places=3).map(lambda found: f"{found:f}")
spreads = st.decimals(0, 100, places=3).map(lambda found: f"{found:f}")
rules = st.sampled_from(["simple", "guarded"])
mirrored = {"at-most": "at-least", "at-least": "at-most", "below": "above", "above": "below"}


def shown(value: str, limit: str, spread: str | None, direction: str, rule: str) -> str:
    return conformity(
        value=value,
        uncertainty=spread,
        below_detection=False,
        direction=direction,
        limit=limit,
        decision_rule=rule,
    )


def minus(text: str) -> str:
    return f"{-Decimal(text):f}"


@given(decimals, decimals, spreads, st.sampled_from(sorted(mirrored)), rules)
def test_at_least_is_at_most_of_the_other_sign(value, limit, spread, direction, rule):
    found = shown(value, limit, spread, direction, rule)
    assert found == shown(minus(value), minus(limit), spread, mirrored[direction], rule)


@given(decimals, decimals, spreads, st.sampled_from(sorted(mirrored)))
def test_guarded_says_no_more_than_simple(value, limit, spread, direction):
    simple = shown(value, limit, spread, direction, "simple")
    assert shown(value, limit, spread, direction, "guarded") in {simple, "inconclusive"}


@given(decimals, decimals, spreads, st.sampled_from(sorted(mirrored)))
def test_guarded_is_open_exactly_where_the_true_value_may_lie_on_both_sides(
    value, limit, spread, direction
):
    low, high = Decimal(value) - Decimal(spread), Decimal(value) + Decimal(spread)
    sides = {shown(f"{end:f}", limit, None, direction, "simple") for end in (low, high)}
    expected = sides.pop() if len(sides) == 1 else "inconclusive"
    assert shown(value, limit, spread, direction, "guarded") == expected


def criterion(direction: str, limit: str, name: str = "pH") -> Criterion:
    return Criterion(property=name, unit="1", direction=direction, limit=limit, severity="minor")


COUNTED = {"property": "colonies", "unit": "CFU/g", "severity": "major"}
UNITS = [
    ("two beyond m, as many as may be", ("120", "9000", "60000", "11000", "<10"), "50000", "fail"),
    ("two beyond m, none beyond M", ("120", "9000", "50000", "11000", "<10"), "50000", "pass"),
    ("three beyond m", ("120", "10001", "50000", "11000", "<10"), "50000", "fail"),
    ("two classes", ("120", "10001", "900000", "1", "<10"), None, "pass"),
    ("four units of five", ("120", "9000", "50", "10"), "50000", "inconclusive"),
    ("one that is beyond M is enough", ("60000",), "50000", "fail"),
    ("more than can be told", ("1", "1", "1", "1", ">30000"), "50000", "inconclusive"),
    ("words", (), None, "inconclusive"),
]


@pytest.mark.parametrize("case", UNITS, ids=lambda case: case[0])
def test_units_of_a_sample_by_a_plan_of_two_or_three_classes(case: tuple):
    _, values, most, shown = case
    plan = UnitsPlan(n=5, c=2) if most is None else UnitsPlan(n=5, c=2, most=most)
    asked = Criterion(**COUNTED, direction="at-most", limit="10000", units=plan)
    found = {"values": values} if values else {"words": "many"}
    result = Result(property="colonies", unit="CFU/g", outcome="pass", **found)
    assert shown_of(result, asked, "simple") == shown


def test_units_without_a_plan_each_meet_the_criterion():
    none = Criterion(property="Salmonella", unit="/25g", direction="absent", severity="critical")
    said = {"property": "Salmonella", "unit": "/25g", "outcome": "pass"}
    assert shown_of(Result(**said, values=("absent",) * 5), none, "simple") == "pass"
    assert shown_of(Result(**said, values=("absent", "present")), none, "simple") == "fail"


def test_words_are_compared_by_their_normal_form_and_a_description_by_what_it_was_held_against():
    grade = {"property": "grade", "unit": "-", "severity": "minor"}
    asked = Criterion(**grade, direction="one-of", words=("一级", "特级"))
    said = {"property": "grade", "unit": "-"}
    assert shown_of(Result(**said, words="特 级", outcome="pass"), asked, "simple") == "pass"
    assert shown_of(Result(**said, words="二级", outcome="pass"), asked, "simple") == "fail"
    looks = Criterion(**grade, direction="described", words=("具有该产品应有的色泽",))
    seen = {**said, "words": "色泽正常", "outcome": "pass"}
    assert shown_of(Result(**seen), looks, "simple") == "inconclusive"
    assert shown_of(Result(**seen, against="具有该产品应有的色泽"), looks, "simple") == "pass"
    assert shown_of(Result(**seen, against="无异味"), looks, "simple") == "inconclusive"


@pytest.mark.parametrize(
    ("value", "outcome"), [("5.4", "fail"), ("5.5", "pass"), ("8.5", "pass"), ("8.6", "fail")]
)
def test_a_property_with_two_limits_keeps_both_or_fails(value: str, outcome: str):
    between = (criterion("at-least", "5.5"), criterion("at-most", "8.5"))
    result = Result(property="pH", unit="1", value=value, outcome="pass")
    assert judged(result, between, "simple") == outcome
    assert judged(result, (criterion("at-most", "0", "lead"),), "simple") == "not-judged"
