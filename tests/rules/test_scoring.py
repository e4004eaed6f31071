"""The quality index: integers alone, the same in any order, by the formula of its model."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questions.unsigned import HOLDER, PRODUCT, START_S, Ledger, id_of
from usual import USUAL

from ledger.histories.views import TracingView
from ledger.primitives.instant import DAY_US
from ledger.rules import outcomes
from ledger.rules.outcomes import Outcome, TooManyError, goods_of, outcomes_of
from ledger.rules.scoring import (
    Mark,
    Sum,
    add,
    grade_of,
    groups_of,
    index_at,
    weighed,
    weight_of,
)
from ledger.rules.standing import standing_in
from ledger.statements.catalogue import body_of
from ledger.statements.quality_family import QualityModel

NOW_US = (START_S + 86_400 * 400) * 1_000_000
PLACE = "https://id.gs1.org/414/6901234500103"
SELLER = "did:web:seller.example"
INSPECTOR, OTHER = "did:web:inspector.example", "did:web:other-inspector.example"


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
    (outcome,) = outcomes_of(goods_of(ledger.view, PRODUCT), "major", {}, NOW_US + DAY_US)
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
        ledger.say("inspection", f"inspection {number}", INSPECTOR, lot, fields)
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
        rows = sorted((o.about, m.weight, str(m.failure)) for o, m in index.counted)
        found.append((index.score, index.grade, index.inputs, index.total, rows))
    assert found[0] == found[1]


def inspected(ledger: Ledger, name: str, by: str, number: int = 3, **changes: Any) -> None:
    """Somebody inspects a lot by mystery ten days before now."""
    usual = {"trader": SELLER, "on": time(NOW_US - 10 * DAY_US)}
    fields = {"decision": "refused"} if changes.get("nonconforming") else {}
    lot = f"{PRODUCT}/10/L{number}"
    ledger.say("inspection", name, by, lot, USUAL["inspection"][2] | usual | fields | changes)


def counted(ledger: Ledger, **by: Any) -> list[tuple[str, str | None]]:
    """Return what counts of the product now: the source and failure of each outcome."""
    index = index_at(ledger.view, goods_of(ledger.view, PRODUCT), model(**by), NOW_US)
    found = [(outcome.source, outcome.failure) for outcome, _ in index.counted]
    return sorted(found, key=lambda pair: (pair[0], pair[1] or ""))


ONE_LOT = (
    ("minor", INSPECTOR, {"aql": "4.0", "accept": 5, "reject": 6}),
    ("major", INSPECTOR, {"nonconforming": 9}),
    ("another's", OTHER, {"findings": [{"point": "1", "severity": "critical", "text": "lead"}]}),
    ("later", INSPECTOR, {"on": time(NOW_US - 2 * DAY_US)}),
)


@pytest.mark.parametrize("order", list(permutations(ONE_LOT)))
def test_a_lot_has_the_worst_of_all_its_inspections_in_whatever_order(order: tuple[Any, ...]):
    ledger = Ledger()
    for name, by, changes in order:
        inspected(ledger, name, by, **changes)
    assert counted(ledger) == [("mystery", "critical")]
    inspected(ledger, "flight", INSPECTOR, mode="flight")
    assert counted(ledger) == [("flight", None), ("mystery", "critical")]


def test_what_a_lot_is_inspected_again_for_stays_and_its_pass_adds_nothing():
    ledger = Ledger()
    inspected(ledger, "refusal", INSPECTOR, nonconforming=2)
    lot = f"{PRODUCT}/10/L3"
    again = [{"id": id_of("refusal"), "topic": "inspection", "subject": lot}]
    inspected(ledger, "again", OTHER, answers=again, mode="flight")
    assert counted(ledger) == [("mystery", "major")]
    inspected(ledger, "failed again", OTHER, answers=again, mode="flight", nonconforming=2)
    assert counted(ledger) == [("flight", "major"), ("mystery", "major")]


def test_a_refusal_is_as_severe_as_the_class_that_refused():
    further = {"aql": "4.0", "sample_size": 50, "accept": 5, "reject": 6}
    minor = further | {"class": "minor", "nonconforming": 6, "decision": "refused"}
    ledger = Ledger()
    inspected(ledger, "by its minor plan", INSPECTOR, plans=[minor], decision="refused")
    assert counted(ledger) == [("mystery", "minor")]
    zero = {"aql": "0", "accept": 0, "reject": 1, "class": "critical", "nonconforming": 1}
    inspected(ledger, "by its critical plan", INSPECTOR, plans=[minor], **zero)
    assert counted(ledger) == [("mystery", "critical")]


def test_a_pass_by_who_is_tied_counts_for_nothing_and_a_failure_counts():
    ledger = Ledger()
    inspected(ledger, "pass", SELLER)
    assert counted(ledger) == []
    inspected(ledger, "failure", SELLER, number=4, nonconforming=2)
    inspected(ledger, "honest", INSPECTOR)
    assert counted(ledger) == [("mystery", None), ("mystery", "major")]


@pytest.mark.parametrize("tied", [HOLDER, "did:web:above.example"])
def test_whoever_is_tied_to_the_maker_or_right_holder_of_a_lot_passes_nothing(tied: str):
    ledger = told([("mystery", 3, 0)])
    ledger.mark(holder=HOLDER)
    ledger.product()
    paper = {"kind": "affiliation", "number": "urn:qualification:samr.cn:A", "categories": []}
    paper |= {"of": tied, "relation": "wholly-owned", "from": time(0), "until": None}
    for name, who in (("a", OTHER), ("b", HOLDER)):
        if who != tied:
            ledger.say("qualification", name, "did:web:office.example", who, paper)
    inspected(ledger, "flight", OTHER, mode="flight")
    assert counted(ledger) == [("mystery", None)]


@pytest.mark.parametrize("bad", [0, 5])
def test_a_thousand_outcomes_of_one_inspector_weigh_as_three(bad: int):
    made = [("mystery", number, bad) for number in range(20, 60)]
    failure = "major" if bad else None
    ages = dict.fromkeys(range(20, 60), 10)
    assert counted(told(made, ages)) == [("mystery", failure)] * 3
    assert counted(told(made, ages), most_of_one=7) == [("mystery", failure)] * 7
    ledger = told(made, ages)
    inspected(ledger, "another's", OTHER)
    assert len(counted(ledger)) == 4


OUTCOMES = st.lists(
    st.tuples(
        st.sampled_from([INSPECTOR, INSPECTOR, OTHER]),
        st.sampled_from(["mystery", "flight", "patrol", "inbound"]),
        st.integers(0, 200),
        st.sampled_from([None, None, "minor", "major", "critical"]),
    ),
    max_size=14,
)


def said(number: int, by: str, mode: str, days: int, failure: str | None) -> Outcome:
    """Return an outcome of a lot of its own."""
    ledger = Ledger()
    on = time(NOW_US - days * DAY_US)
    inspected(ledger, f"{number}", by, number, mode=mode, on=on)
    (item,) = standing_in(ledger.view, "examined", PRODUCT)
    return Outcome(item, mode, NOW_US - days * DAY_US, item.subject, PRODUCT, failure)


def score_of(outcomes: list[Outcome], by: QualityModel) -> int:
    weights = (weighed(group, by, NOW_US) for group in groups_of(outcomes, by))
    return add((mark for group in weights for _, mark in group), by).score(by)


@settings(max_examples=150, deadline=None)
@given(found=OUTCOMES, more=OUTCOMES, most=st.integers(1, 4), data=st.data())
def test_no_further_failure_ever_raises_the_score(found, more, most, data):
    by = model(most_of_one=most)
    outcomes = [said(number, *one) for number, one in enumerate(found)]
    score = score_of(outcomes, by)
    assert score_of(data.draw(st.permutations(outcomes)), by) == score
    for number, (issuer, mode, days, failure) in enumerate(more, len(outcomes)):
        outcomes.append(said(number, issuer, mode, days, failure or "minor"))
        lower = score_of(outcomes, by)
        assert lower <= score
        score = lower


def test_lots_nobody_registered_count_and_lots_nobody_inspected_are_not_read():
    ledger = told([("mystery", 3, 0)])
    inspected(ledger, "hidden", INSPECTOR, 99, nonconforming=5)
    fields = {"quantity": {"amount": "1", "unit": "kg"}, "facility": PLACE, "made": time(NOW_US)}
    for number in range(30):
        ledger.say("lot", f"said {number}", SELLER, f"{PRODUCT}/10/S{number}", fields)
    assert counted(ledger) == [("mystery", None), ("mystery", "major")]
    view = TracingView(ledger.view)
    goods_of(view, PRODUCT)
    assert {topic for topic, _ in view.histories} == {
        "examined", "lot", "product", "facility", "qualification", "identity"
    }  # fmt: skip


def test_a_subject_of_more_products_than_are_looked_at_has_no_index(
    monkeypatch: pytest.MonkeyPatch,
):
    ledger = told([("mystery", 3, 0)])
    monkeypatch.setattr(outcomes, "MAX_GOODS", 0)
    with pytest.raises(TooManyError):
        goods_of(ledger.view, PRODUCT)
