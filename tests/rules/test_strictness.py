"""When one criterion asks at least what another does: what meets the one meets the other."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.conformity import shown_of
from ledger.rules.strictness import comparable, kept
from ledger.statements.criteria import LIMITED, Criterion, UnitsPlan
from ledger.statements.results import Result

SAME = {"property": "p", "unit": "CFU/g", "severity": "major"}


def asks(direction: str, limit: str | None = None, **more: Any) -> Criterion:
    limits = {} if limit is None else {"limit": limit}
    return Criterion(**SAME | more, direction=direction, **limits)


def plan(n: int, c: int, most: str | None = None) -> UnitsPlan:
    return UnitsPlan(n=n, c=c) if most is None else UnitsPlan(n=n, c=c, most=most)


KEPT = [
    ("less than, of at most the same", asks("below", "5"), asks("at-most", "5"), True),
    ("at most, of less than the same", asks("at-most", "5"), asks("below", "5"), False),
    ("at most less, of less than", asks("at-most", "4.9"), asks("below", "5"), True),
    ("more than, of at least", asks("above", "5"), asks("at-least", "5"), True),
    ("none found, however little would have been, of at most", asks("absent"), asks("at-most", "2"), False),
    ("at most nothing, of none found", asks("at-most", "0"), asks("absent"), False),
    ("none found in more", asks("absent", unit="/25g"), asks("absent", unit="/10g"), False),
    ("fewer words", asks("one-of", words=("特级",)), asks("one-of", words=("一级", "特级")), True),
    ("another word", asks("one-of", words=("二级",)), asks("one-of", words=("一级", "特级")), False),
    ("the same description", asks("described", words=("无 异味",)), asks("described", words=("无异味",)), True),
    ("another description", asks("described", words=("正常",)), asks("described", words=("无异味",)), False),
    ("a word of a limit", asks("one-of", words=("5",)), asks("at-most", "5"), False),
    ("units of which none may be beyond", asks("at-most", "5", units=plan(5, 0)), asks("at-most", "5"), True),
    ("units of which one may be beyond", asks("at-most", "5", units=plan(5, 1)), asks("at-most", "5"), False),
    ("M for the limit", asks("at-most", "2", units=plan(5, 1, "5")), asks("at-most", "5"), True),
    ("M above the limit", asks("at-most", "2", units=plan(5, 1, "6")), asks("at-most", "5"), False),
    ("one unit of five", asks("at-most", "5"), asks("at-most", "5", units=plan(5, 2)), False),
    ("more units", asks("at-most", "5", units=plan(6, 2, "9")), asks("at-most", "5", units=plan(5, 2, "9")), True),
    ("M above M", asks("at-most", "5", units=plan(5, 2, "10")), asks("at-most", "5", units=plan(5, 2, "9")), False),
    ("no M", asks("at-most", "5", units=plan(5, 2)), asks("at-most", "5", units=plan(5, 2, "9")), False),
    ("more that may be beyond", asks("at-most", "5", units=plan(5, 3)), asks("at-most", "5", units=plan(5, 2)), False),
    ("a share in another unit", asks("at-most", "500", unit="ug/kg"), asks("at-most", "0.5", unit="mg/kg"), True),
]  # fmt: skip


@pytest.mark.parametrize("case", KEPT, ids=lambda case: case[0])
def test_a_worked_case(case: tuple):
    _, ours, theirs, expected = case
    assert kept(theirs, [ours]) == expected
    assert kept(ours, [ours]), "whatever it is, it asks what it asks"


def test_what_cannot_be_compared_is_told_apart_from_what_is_weaker():
    assert not comparable(asks("one-of", words=("5",)), asks("at-most", "5"))
    assert not comparable(asks("absent", unit="/25g"), asks("at-most", "5"))
    assert not comparable(asks("at-least", "5"), asks("at-most", "5"))
    assert comparable(asks("at-most", "6"), asks("at-most", "5"))


limits = st.integers(0, 4).map(str)
numbers = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["", "<", ">"]), limits),
    st.sampled_from(["absent", "present"]),
)


@st.composite
def criteria(draw: st.DrawFn) -> Criterion:
    direction = draw(st.sampled_from(["at-most", "below", "absent"]))
    limit = draw(limits) if direction in LIMITED else None
    c = draw(st.integers(0, 2))
    units = plan(draw(st.integers(c + 1, 3)), c)
    if direction in LIMITED and draw(st.booleans()):
        units = plan(units.n, c, str(int(str(limit)) + draw(st.integers(1, 3))))
    return asks(direction, limit, **draw(st.sampled_from([{}, {"units": units}])))


results = st.one_of(
    st.builds(lambda some: {"values": tuple(some)}, st.lists(numbers, min_size=1, max_size=4)),
    st.builds(lambda least: {"value": least, "below_detection": True}, limits),
)


@given(criteria(), criteria(), results)
def test_what_meets_ours_meets_theirs(ours: Criterion, theirs: Criterion, found: dict[str, Any]):
    result = Result(property="p", unit="CFU/g", outcome="pass", **found)
    if kept(theirs, [ours]) and shown_of(result, ours, "simple") == "pass":
        assert shown_of(result, theirs, "simple") == "pass"
