"""The tables of GB/T 2828.1-2012: every cell that was written down, and what holds of all."""

import csv
import json
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from ledger.sampling import (
    AQLS,
    LEVELS,
    MAX_LOT_SIZE,
    SEVERITIES,
    cell,
    code_letter,
    plan_for,
    printed,
)
from ledger.sampling.tables import LETTERS

INITIAL = LETTERS[:-1]
"""The letters that table 1 has."""
BOUNDS = (2, 9, 16, 26, 51, 91, 151, 281, 501, 1_201, 3_201, 10_001, 35_001, 150_001, 500_001)
"""The smallest lot of each row of table 1."""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


# What others wrote down.


def test_table_1_is_the_published_one(vectors: Path):
    compared = 0
    for row in rows(vectors / "aql/code-letters.tsv"):
        first, _, last = row["lot_range"].removesuffix("及以上").partition("~")
        sizes = {int(first), int(last or MAX_LOT_SIZE)}
        for level in LEVELS:
            letter = row[level.replace("S-", "s")]
            assert {code_letter(size, level) for size in sizes} == {letter}, (row, level)
            compared += 1
    assert compared == 15 * 7


def test_tables_2_are_the_published_ones(vectors: Path):
    """Every cell: state, initial letter, AQL -> letter reached, sample size, Ac, Re."""
    compared = 0
    for row in rows(vectors / "aql/plans-percent-nonconforming.tsv"):
        for aql in AQLS[:16]:
            written, letter = row[f"aql_{aql}"], row["initial_code"]
            if written == "-":
                with pytest.raises(ValueError, match="letter S has no plan"):
                    cell(letter, aql, row["state"])
            else:
                plan = cell(letter, aql, row["state"])
                found = (plan.letter, plan.sample_size, plan.accept, plan.reject)
                assert "/".join(map(str, found)) == written, (row["state"], letter, aql)
            compared += 1
    assert compared == (16 + 17 + 16) * 16


FIXTURES = [
    (2000, "II", "1.0", "normal", ("K", 125, 3, 4)),
    (2000, "II", "1.0", "tightened", ("K", 125, 2, 3)),
    (2000, "II", "1.0", "reduced", ("K", 50, 2, 3)),
    (120, "II", "1.0", "normal", ("E", 13, 0, 1)),
    (120, "II", "1.0", "tightened", ("F", 20, 0, 1)),
    (120, "II", "1.0", "reduced", ("E", 5, 0, 1)),
    (1000, "S-3", "1.0", "normal", ("E", 13, 0, 1)),
    # Arrows: into a larger letter, into a smaller one, S from below R.
    (2000, "II", "0.010", "normal", ("Q", 1250, 0, 1)),
    (5000, "II", "10", "normal", ("K", 125, 21, 22)),
    (600_000, "III", "0.025", "tightened", ("S", 3150, 1, 2)),
    # The whole lot, where the sample would be as large or larger.
    (1, "II", "1.0", "normal", ("E", 1, 0, 1)),
    (8, "II", "1.0", "normal", ("E", 8, 0, 1)),
    (13, "II", "1.0", "normal", ("E", 13, 0, 1)),
    (14, "II", "1.0", "normal", ("E", 13, 0, 1)),
    (30, "II", "0.25", "tightened", ("J", 30, 0, 1)),
    (2, "II", "1000", "normal", ("A", 2, 30, 31)),
    # Nonconformities per 100 items: ISO 2859-1, tables 2-A to 2-C, beyond AQL 10.
    (2000, "II", "15", "normal", ("J", 80, 21, 22)),
    (120, "II", "40", "normal", ("F", 20, 14, 15)),
    (40, "II", "250", "normal", ("D", 8, 30, 31)),
    (40, "II", "400", "normal", ("D", 8, 44, 45)),
    (40, "II", "650", "normal", ("C", 5, 44, 45)),
    (40, "II", "400", "tightened", ("D", 8, 41, 42)),
    (40, "II", "400", "reduced", ("D", 3, 21, 22)),
    (10, "II", "1000", "reduced", ("B", 2, 30, 31)),
    (5, "II", "1000", "reduced", ("A", 2, 30, 31)),
]


@pytest.mark.parametrize(("size", "level", "aql", "severity", "expected"), FIXTURES)
def test_what_is_drawn(size, level, aql, severity, expected):
    plan = plan_for(size, level, aql, severity)
    assert (plan.letter, plan.sample_size, plan.accept, plan.reject) == expected


def test_a_reduced_plan_leaves_no_gap_between_ac_and_re():
    """MIL-STD-105E, and GB/T 2828-1987 after it, had one: another table."""
    assert all(cell(letter, aql, "reduced").reject == cell(letter, aql, "reduced").accept + 1
               for letter in INITIAL for aql in AQLS)  # fmt: skip


@pytest.mark.parametrize("size", [0, -1])
def test_there_is_no_lot_without_items(size: int):
    with pytest.raises(ValueError, match="a lot of"):
        code_letter(size, "II")


# What holds of all cells.

CELLS = [(letter, aql, severity) for severity in SEVERITIES for letter in INITIAL for aql in AQLS]


def test_a_larger_lot_never_has_a_smaller_letter():
    for level in LEVELS:
        letters = [LETTERS.index(code_letter(size, level)) for size in BOUNDS]
        assert letters == sorted(letters)
        for before, bound in zip(letters, BOUNDS[1:], strict=False):
            assert LETTERS.index(code_letter(bound - 1, level)) == before


def test_a_higher_level_never_has_a_smaller_letter():
    for size in BOUNDS:
        for order in (("S-1", "S-2", "S-3", "S-4"), ("I", "II", "III")):
            letters = [LETTERS.index(code_letter(size, level)) for level in order]
            assert letters == sorted(letters)


def test_the_letter_reached_has_its_own_plan():
    for letter, aql, severity in CELLS:
        plan = cell(letter, aql, severity)
        assert cell(plan.letter, aql, severity) == plan, (letter, aql, severity)


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_looser_aql_never_accepts_less(severity):
    """In a row, Ac never falls as the AQL grows, beside a sample that does not grow alone."""
    for letter in INITIAL:
        plans = [cell(letter, aql, severity) for aql in AQLS]
        for tight, loose in pairwise(plans):
            assert tight.accept / tight.sample_size <= loose.accept / loose.sample_size


@pytest.mark.parametrize("severity", SEVERITIES)
def test_in_a_column_a_larger_letter_never_has_a_smaller_sample(severity):
    for aql in AQLS:
        plans = [cell(letter, aql, severity) for letter in INITIAL]
        for small, large in pairwise(plans):
            assert small.sample_size <= large.sample_size
            assert small.accept <= large.accept


@pytest.mark.parametrize("aql", AQLS)
def test_tightened_is_stricter_than_normal_and_reduced_draws_less(aql):
    for letter in INITIAL:
        normal, tight, reduced = (cell(letter, aql, severity) for severity in SEVERITIES)
        assert tight.accept / tight.sample_size <= normal.accept / normal.sample_size
        assert reduced.sample_size <= normal.sample_size
        assert reduced.accept <= normal.accept


def test_with_ac_of_2_or_more_there_is_a_plan_one_aql_tighter_with_the_same_sample():
    """The switching score asks whether a lot would have been accepted under it (9.3.3.2)."""
    asked = 0
    for letter in INITIAL:
        for at, aql in enumerate(AQLS):
            plan = cell(letter, aql, "normal")
            if plan.accept >= 2:
                tighter = cell(plan.letter, AQLS[at - 1], "normal")
                assert plan.sample_size == tighter.sample_size
                assert plan.tighter == tighter.accept < plan.accept
                asked += 1
    assert asked > 200


@given(st.integers(1, 10**7), st.sampled_from(LEVELS), st.sampled_from(AQLS),
       st.sampled_from(SEVERITIES))  # fmt: skip
def test_a_plan_is_the_cell_cut_to_the_lot(size, level, aql, severity):
    plan, whole = (
        plan_for(size, level, aql, severity),
        cell(code_letter(size, level), aql, severity),
    )
    assert plan.sample_size == min(size, whole.sample_size)
    assert (plan.letter, plan.accept, plan.reject) == (whole.letter, whole.accept, whole.accept + 1)


@given(st.integers(1, 10**7), st.integers(0, 10**6), st.sampled_from(LEVELS),
       st.sampled_from(AQLS), st.sampled_from(SEVERITIES))  # fmt: skip
def test_from_a_larger_lot_never_less_is_drawn(size, more, level, aql, severity):
    small, large = (plan_for(n, level, aql, severity) for n in (size, size + more))
    assert small.sample_size <= large.sample_size
    assert small.accept <= large.accept


# What the published rules bind.


def drawn(table: dict, letter: str, aql: str, severity: str) -> tuple[str, int, int]:
    """Return letter, sample size and Ac, following the arrows of a table as it is printed."""
    letters, column = list(table[severity]), table["aqls"].index(aql)
    at = letters.index(letter)
    while True:
        size, _, cells = table[severity][letters[at]].partition(": ")
        sign = cells.split()[column]
        if sign.isdigit():
            return letters[at], int(size), int(sign)
        at += {"v": 1, "^": -1}[sign]


def test_the_published_rules_bind_every_cell():
    table = json.loads((ROOT / "ledger/rules/documents/1.json").read_bytes())["sampling"]
    assert table == printed()
    for letter, aql, severity in CELLS:
        plan = cell(letter, aql, severity)
        found = (plan.letter, plan.sample_size, plan.accept)
        assert drawn(table, letter, aql, severity) == found
    for level in LEVELS:
        for row, (first, last) in enumerate(
            zip(BOUNDS, [*table["lots"], MAX_LOT_SIZE], strict=True)
        ):
            letter = table["letters"][level][row]
            assert (code_letter(first, level), code_letter(last, level)) == (letter, letter)
