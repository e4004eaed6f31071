"""Switching after clause 9 of GB/T 2828.1-2012, told lot by lot and against a plain rereading."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.sampling import (
    SCORE_NEEDED,
    START,
    Outcome,
    State,
    outcome_of,
    plan_for,
    step,
    switched,
)

OUTCOMES = {
    "+": Outcome(accepted=True, gain=3),
    "a": Outcome(accepted=True, gain=0),  # accepted, but not one AQL tighter
    "R": Outcome(accepted=False, gain=0),
    "2": Outcome(accepted=True, gain=2),
    "t": Outcome(accepted=True, gain=None),  # accepted under another severity
}
DECISIONS = {"r": "reduced", "n": "normal", "c": "tightened"}
"""What the authority decides: reduced, back to normal, corrective action accepted."""


def after(said: str, state: State = START, first: int = 0) -> State:
    """Return the state behind lots and decisions; each is the entry of its place."""
    for entry, word in enumerate(said, first):
        if word in DECISIONS:
            state = switched(state, entry, DECISIONS[word]) or state
        else:
            state = step(state, entry, OUTCOMES[word])
    return state


TO_REDUCED = "+" * 10 + "r"
TIGHTENED = "RR"
STOPPED = TIGHTENED + "R" * 5


@pytest.mark.parametrize(
    ("says", "said", "stage", "because"),
    [
        ("nothing was inspected", "", "normal", ()),
        ("one of the first lots is refused", "R", "normal", ()),
        ("two in a row are refused", "RR", "tightened", (0, 1)),
        ("the first and fifth of five are refused", "R+++R", "tightened", (0, 4)),
        ("the first and sixth of six are refused", "R++++R", "normal", ()),
        ("the newer of two refusals far apart counts", "R++++R++R", "tightened", (5, 8)),
        ("four in a row accepted under tightened", "RR++++", "tightened", (0, 1)),
        ("five in a row accepted under tightened", "RR+++++", "normal", (2, 3, 4, 5, 6)),
        ("a refusal among them begins the row anew", "RR++++R++++", "tightened", (0, 1)),
        ("refusals before normal came back do not count", "RR+++++R", "normal", (2, 3, 4, 5, 6)),
        ("four refused under tightened", "RRRRRR", "tightened", (0, 1)),
        ("five refused under tightened", "RRRRRRR", "discontinued", (2, 3, 4, 5, 6)),
        ("five refused, others accepted between", "RR+R++R+R++R+++R", "discontinued",
         (3, 6, 8, 11, 15)),
        ("refusals of an earlier course do not count", "RRRRRR+++++RRRRRR", "tightened",
         (11, 12)),
        ("nothing moves it while it is discontinued", STOPPED + "+++++", "discontinued",
         (2, 3, 4, 5, 6)),
        ("corrective action brings tightened back", STOPPED + "c", "tightened", (7,)),
        ("the five are counted anew behind it", STOPPED + "cRRRR", "tightened", (7,)),
        ("and five more discontinue it again", STOPPED + "cRRRRR", "discontinued",
         (8, 9, 10, 11, 12)),
        ("corrective action without discontinuation", "RRc", "tightened", (0, 1)),
        ("a score of 27 is not enough", "+" * 9 + "r", "normal", ()),
        ("a score of 30 is", TO_REDUCED, "reduced", (10,)),
        ("a score of 30 moves nothing by itself", "+" * 20, "normal", ()),
        ("a refusal under reduced", TO_REDUCED + "tttR", "normal", (14,)),
        ("accepted lots keep it reduced", TO_REDUCED + "t" * 40, "reduced", (10,)),
        ("the authority ends it", TO_REDUCED + "tn", "normal", (12,)),
        ("back to normal without reduced", "++n", "normal", ()),
        ("one refusal behind reduced does not tighten", TO_REDUCED + "RR", "normal", (11,)),
        ("two do", TO_REDUCED + "RRR", "tightened", (12, 13)),
    ],
)  # fmt: skip
def test_where_a_series_stands(says: str, said: str, stage: str, because: tuple[int, ...]):
    state = after(said)
    assert (state.stage, state.because) == (stage, because), says


@pytest.mark.parametrize(
    ("says", "said", "score"),
    [
        ("it starts at zero", "", 0),
        ("Ac of 2 or more: 3 for each accepted one AQL tighter", "++++", 12),
        ("accepted, but not one AQL tighter: to zero", "++++a", 0),
        ("Ac of 0 or 1: 2 for each accepted", "222", 6),
        ("refused: to zero", "++R", 0),
        ("a score goes on past 30", "+" * 12, 36),
        ("a lot inspected under another severity leaves it", "++t", 6),
        ("normal again begins at zero", TO_REDUCED + "R", 0),
        ("normal again behind tightened begins at zero", "RR+++++", 0),
        ("and counts from there", "RR++++++", 3),
    ],
)
def test_the_switching_score(says: str, said: str, score: int):
    assert after(said).score == score, says


@pytest.mark.parametrize(
    ("said", "within"),
    [("", None), ("+", None), ("R", 4), ("R+", 3), ("R++", 2), ("R+++", 1), ("R++++", None)],
)
def test_among_how_many_lots_another_refusal_tightens(said: str, within: int | None):
    state = after(said)
    assert state.refusal_within == within
    if within is not None:
        assert after("+" * (within - 1) + "R", state, 20).stage == "tightened"
        assert after("+" * within + "R", state, 20).stage == "normal"


# What a lot counts for, from the numbers on an inspection.


@pytest.mark.parametrize(
    ("says", "size", "aql", "severity", "found", "expected"),
    [
        ("Ac 3, accepted at the 2 of AQL 0.65 too", 2000, "1.0", "normal", 2, (True, 3)),
        ("Ac 3, accepted at 3 alone", 2000, "1.0", "normal", 3, (True, 0)),
        ("Ac 3, refused", 2000, "1.0", "normal", 4, (False, 0)),
        ("Ac 1, accepted", 300, "1.0", "normal", 1, (True, 2)),
        ("Ac 1, refused", 300, "1.0", "normal", 2, (False, 0)),
        ("Ac 0, accepted", 120, "1.0", "normal", 0, (True, 2)),
        ("Ac 2: one AQL tighter has 1", 300, "1.5", "normal", 2, (True, 0)),
        ("Ac 2: at 1", 300, "1.5", "normal", 1, (True, 3)),
        ("the whole lot inspected, Ac 0", 10, "1.0", "normal", 0, (True, 2)),
        ("behind an arrow upwards, Ac 21: one AQL tighter has 14", 5000, "10", "normal", 14,
         (True, 3)),
        ("behind an arrow upwards, above it", 5000, "10", "normal", 15, (True, 0)),
        ("accepted under tightened", 2000, "1.0", "tightened", 0, (True, None)),
        ("refused under tightened", 2000, "1.0", "tightened", 3, (False, 0)),
        ("accepted under reduced", 2000, "1.0", "reduced", 2, (True, None)),
    ],
)  # fmt: skip
def test_what_a_lot_counts_for(says, size, aql, severity, found, expected):
    assert outcome_of(plan_for(size, "II", aql, severity), found) == expected, says


# Against a plain rereading of the clause, over the whole row each time.


def reread(said: str) -> tuple[str, int]:
    """Return stage and score: for each stage its own lots are counted from scratch."""
    stage, start = "normal", 0
    for at, word in enumerate(said):
        own = said[start : at + 1]
        lots = [w for w in own if w not in DECISIONS]
        refused = [w == "R" for w in lots]
        became = stage
        if stage == "normal":
            if sum(refused[-5:]) >= 2:
                became = "tightened"
            elif word == "r" and score_of(said[start:at]) >= SCORE_NEEDED:
                became = "reduced"
        elif stage == "tightened":
            if len(lots) >= 5 and not any(refused[-5:]):
                became = "normal"
            elif sum(refused) == 5:
                became = "discontinued"
        elif stage == "reduced" and word in "Rn":
            became = "normal"
        elif stage == "discontinued" and word == "c":
            became = "tightened"
        if became != stage:
            stage, start = became, at + 1
    return stage, score_of(said[start:]) if stage == "normal" else 0


def score_of(said: str) -> int:
    lots = [OUTCOMES[word].gain for word in said if word not in DECISIONS and word != "t"]
    zeros = [at for at, gain in enumerate(lots) if gain == 0]
    return sum(lots[zeros[-1] + 1 :] if zeros else lots)


@pytest.mark.parametrize(("alphabet", "longest"), [("+aRrnc", 6), ("+Rc", 9)])
def test_all_short_rows_are_read_as_the_clause_says(alphabet: str, longest: int):
    for length in range(longest + 1):
        for words in product(alphabet, repeat=length):
            said = "".join(words)
            state = after(said)
            assert (state.stage, state.score) == reread(said), said


long_rows = st.lists(
    st.sampled_from(["+", "+", "++++", "2", "a", "t", "R", "RR", "r", "n", "c", "++++++++++r"]),
    max_size=40,
).map("".join)


@given(long_rows)
def test_long_rows_are_read_as_the_clause_says(said: str):
    state = after(said)
    assert (state.stage, state.score) == reread(said)


@given(long_rows, st.integers(0, 100))
def test_a_fold_goes_on_from_where_it_stood(said: str, at: int):
    assert after(said) == after(said[at:], after(said[:at]), len(said[:at]))


@given(long_rows)
def test_a_refused_lot_never_makes_it_easier(said: str):
    """From any state, a refusal leads to the same stage or a stricter one."""
    order = ("reduced", "normal", "tightened", "discontinued")
    before = after(said)
    behind = step(before, 99, OUTCOMES["R"])
    assert order.index(behind.stage) >= order.index(before.stage)
    assert behind.score == 0
