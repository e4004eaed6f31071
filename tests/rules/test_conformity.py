"""What a value shows of a limit, by both decision rules: worked cases, and what holds for all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.conformity import conformity, judged
from ledger.statements.laboratory_family import Result
from ledger.statements.standard_family import Criterion

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


decimals = st.decimals(-1000, 1000, places=3).map(lambda found: f"{found:f}")
spreads = st.decimals(0, 100, places=3).map(lambda found: f"{found:f}")
rules = st.sampled_from(["simple", "guarded"])
mirrored = {"at-most": "at-least", "at-least": "at-most"}


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


@pytest.mark.parametrize(
    ("value", "outcome"), [("5.4", "fail"), ("5.5", "pass"), ("8.5", "pass"), ("8.6", "fail")]
)
def test_a_property_with_two_limits_keeps_both_or_fails(value: str, outcome: str):
    between = (criterion("at-least", "5.5"), criterion("at-most", "8.5"))
    result = Result(property="pH", unit="1", value=value, outcome="pass")
    assert judged(result, between, "simple") == outcome
    assert judged(result, (criterion("at-most", "0", "lead"),), "simple") == "not-judged"
