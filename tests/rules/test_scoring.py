"""The quality index: integers alone, the same in any order, by the formula of its model."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questions.unsigned import HOLDER, PRODUCT, START_S, Ledger
from usual import USUAL

from ledger.rules import outcomes
from ledger.rules.outcomes import TooManyError, goods_of
from ledger.rules.scoring import DAY_US, Mark, Sum, add, grade_of, index_at, weight_of
from ledger.statements.catalogue import body_of
from ledger.statements.quality_family import QualityModel

NOW_US = (START_S + 86_400 * 400) * 1_000_000
PLACE = "https://id.gs1.org/414/6901234500103"
SELLER = "did:web:seller.example"


def model(**changes: Any) -> QualityModel:
    """Return the usual model with changes."""
    fields = USUAL["quality-model"][2] | {"from": "2026-01-01T00:00:00Z"} | changes
    found = body_of({"v": 1, "type": "quality-model"} | fields)
    assert isinstance(found, QualityModel)
    return found


SOURCES = ("mystery", "flight", "origin", "observer", "patrol", "inbound")
MARKS = st.lists(
    st.builds(
        Mark,
        st.sampled_from(SOURCES),
        st.integers(0, 10_000),
        st.none() | st.sampled_from(["critical", "major", "minor"]),
    ),
    max_size=40,
)
MODELS = st.builds(
    lambda part, good, bad: model(inbound_part=part, prior_good=good, prior_bad=bad),
    st.integers(1, 9),
    st.integers(0, 100),
    st.integers(1, 100),
)


def formula(marks: list[Mark], by: QualityModel) -> int:
    """Return the score as the design has it, written down another way."""
    factors = msgspec.to_builtins(by.severities)
    bad = sum(m.weight * factors[m.failure] for m in marks if m.failure is not None)
    rest = sum(m.weight for m in marks if m.failure is None and m.source != "inbound")
    inbound = sum(m.weight for m in marks if m.failure is None and m.source == "inbound")
    good = rest + min(inbound, rest // by.inbound_part)
    return 1000 * (good + by.prior_good) // (good + bad + by.prior_good + by.prior_bad)


@given(marks=MARKS, by=MODELS, data=st.data())
def test_the_score_is_the_formula_in_any_order(marks: list[Mark], by: QualityModel, data):
    total = add(marks, by)
    shuffled = data.draw(st.permutations(marks))
    assert add(shuffled, by) == total
    assert total.score(by) == formula(marks, by)
    assert 0 <= total.score(by) <= 1000
    for mark in marks:
        rest = marks.copy()
        rest.remove(mark)
        assert total.plus(mark, by, -1) == add(rest, by)


@given(marks=MARKS, by=MODELS, weight=st.integers(0, 1000), source=st.sampled_from(SOURCES))
def test_a_pass_never_lowers_the_score_and_a_failure_never_raises_it(
    marks: list[Mark], by: QualityModel, weight: int, source: str
):
    total = add(marks, by)
    score = total.score(by)
    assert total.plus(Mark(source, weight, None), by).score(by) >= score
    for failure in ("minor", "major", "critical"):
        lower = total.plus(Mark(source, weight, failure), by).score(by)
        assert lower <= score
        score = lower


def test_inbound_passes_count_up_to_a_part_of_the_rest_and_not_to_the_minimum():
    by = model()
    inbound = [Mark("inbound", 8, None)] * 100
    assert add(inbound, by) == Sum(inbound=800)
    assert add(inbound, by).good(by) == 0
    assert add([*inbound, Mark("mystery", 40, None)], by).good(by) == 40 + 13
    assert add([Mark("inbound", 8, "major")], by) == Sum(failed=24, counted=1)


@pytest.mark.parametrize(
    ("days", "weight"),
    [
        *((0, 40), (89, 40), (90, 20), (179, 20), (180, 10)),
        *((270, 5), (359, 5), (364, 5), (365, None), (-1, None)),
    ],
)
def test_the_weight_halves_every_ninety_days_and_ends_after_a_year(days: int, weight: int | None):
    ledger = told([("mystery", 0, 0)], {0: days})
    (outcome,) = outcomes.outcomes_of(goods_of(ledger.view, PRODUCT), "major", set())
    assert weight_of(outcome, model(), NOW_US) == weight
    assert weight_of(outcome, model(), NOW_US + DAY_US - 1) == weight or days < 0


@pytest.mark.parametrize(
    ("score", "grade"),
    [(1000, "A"), (900, "A"), (899, "B"), (800, "B"), (799, "C"), (650, "C"), (649, "D"), (0, "D")],
)
def test_a_grade_begins_at_its_limit(score: int, grade: str):
    assert grade_of(score, model()) == grade


# Whole ledgers.


def time(us: int) -> str:
    return datetime.fromtimestamp(us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def told(made: list[tuple[str, int, int]], ages: dict[int, int] | None = None) -> Ledger:
    """Return a ledger in which lots were inspected: (mode, number, nonconforming) each, in order."""
    ledger = Ledger()
    for mode, number, bad in made:
        lot = f"{PRODUCT}/10/L{number}"
        at_us = NOW_US - (number if ages is None else ages[number]) * DAY_US
        fields = {
            "quantity": {"amount": "1", "unit": "kg"},
            "facility": PLACE,
            "made": time(at_us - DAY_US),
        }
        ledger.say("lot", f"lot {number}", HOLDER, lot, fields)
        fields = USUAL["inspection"][2] | {
            "mode": mode,
            "trader": SELLER,
            "on": time(at_us),
            "nonconforming": bad,
            "decision": "refused" if bad else "accepted",
        }
        ledger.say("inspection", f"inspection {number}", HOLDER, lot, fields)
    return ledger


@settings(max_examples=40, deadline=None)
@given(
    made=st.lists(
        st.tuples(
            st.sampled_from(["mystery", "flight", "patrol", "inbound"]),
            st.integers(0, 400),
            st.sampled_from([0, 0, 0, 5]),
        ),
        unique_by=lambda item: item[1],
        min_size=2,
        max_size=12,
    ),
    data=st.data(),
)
def test_the_index_is_the_same_in_whatever_order_outcomes_were_registered(made, data):
    found = []
    for order in (made, data.draw(st.permutations(made))):
        view = told(order).view
        index = index_at(view, goods_of(view, PRODUCT), model(), NOW_US)
        counted = sorted((o.about, m.weight, str(m.failure)) for o, m in index.counted)
        found.append((index.score, index.grade, index.inputs, index.total, counted))
    assert found[0] == found[1]


def test_the_first_inspection_of_a_lot_counts_in_the_order_of_the_log_not_of_dates():
    ledger = told([("mystery", 3, 5)])
    lot = f"{PRODUCT}/10/L3"
    fields = USUAL["inspection"][2] | {"trader": SELLER, "on": time(NOW_US - 9 * DAY_US)}
    ledger.say("inspection", "said to be earlier", HOLDER, lot, fields)
    ledger.say("inspection", "in another mode", HOLDER, lot, fields | {"mode": "flight"})
    (first, other) = goods_of(ledger.view, PRODUCT).inspections
    assert (first.index, other.index) == (1, 3)


def test_a_subject_of_more_goods_than_are_looked_at_has_no_index(monkeypatch: pytest.MonkeyPatch):
    ledger = told([("mystery", number, 0) for number in range(3)])
    monkeypatch.setattr(outcomes, "MAX_GOODS", 3)
    assert len(goods_of(ledger.view, PRODUCT).lots) == 3
    monkeypatch.setattr(outcomes, "MAX_GOODS", 2)
    with pytest.raises(TooManyError):
        goods_of(ledger.view, PRODUCT)
