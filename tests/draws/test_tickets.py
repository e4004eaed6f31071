"""Tickets against a whole draw from outside, and what no order or number of candidates may change."""

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.draws import alpha_of, parts, pick, prove, public_key_of, ticket_of, verify
from ledger.errors import ParameterError

BETA = bytes(range(64))
KEYS = st.sets(st.text(min_size=1, max_size=8), max_size=12)


def test_a_whole_draw_is_the_one_made_outside(vectors: Path):
    draw = json.loads((vectors / "draws" / "draw_vector.json").read_text("utf-8"))
    seed, key = bytes.fromhex(draw["vrf_seed"]), bytes.fromhex(draw["vrf_public"])
    alpha = alpha_of(
        bytes.fromhex(draw["commitment_leaf"]), draw["round"], bytes.fromhex(draw["randomness"])
    )
    assert alpha.hex() == draw["alpha"]
    assert public_key_of(seed) == key
    proof = prove(seed, alpha)
    assert proof.hex() == draw["pi"]
    beta = verify(key, alpha, proof)
    assert beta.hex() == draw["beta"]
    candidates = {"inspector": draw["inspectors"], "laboratory": draw["laboratories"]}
    for item, stratum in draw["frame"].items():
        candidates.setdefault(f"object/{stratum}", []).append(item)
    assert candidates.keys() == draw["picks"].keys()
    for role, given_picks in draw["picks"].items():
        picks = pick(
            role,
            beta,
            candidates[role],
            count=given_picks["k"],
            spares=given_picks["spares"],
            excluded=given_picks["excluded"],
        )
        assert list(picks.drawn) == given_picks["drawn"]
        assert list(picks.spares) == given_picks["substitutes"]
        assert list(picks.passed_over) == given_picks["passed_over"]
        tickets = {each: ticket.hex() for each, ticket in picks.tickets.items()}
        assert tickets == given_picks["tickets"]
        assert list(tickets) == list(given_picks["tickets"])


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_parts_have_one_reading(one: list[bytes], other: list[bytes]):
    assert (parts(*one) == parts(*other)) == (one == other)


@given(KEYS, st.integers(0, 6), st.integers(0, 6), st.randoms())
def test_the_order_of_candidates_changes_nothing(keys: set[str], count: int, spares: int, dice):
    told = sorted(keys)
    first = pick("inspector", BETA, told, count=count, spares=spares)
    dice.shuffle(told)
    assert pick("inspector", BETA, told + told, count=count, spares=spares) == first
    assert len(first.drawn) == min(count, len(keys))
    assert list(first.tickets) == [*first.tickets][: len(keys)]
    assert sorted(first.tickets.values()) == list(first.tickets.values())
    assert (*first.drawn, *first.spares) == tuple(first.tickets)[: count + spares]


@given(KEYS, st.text(min_size=1, max_size=8), st.integers(0, 6))
def test_one_more_candidate_takes_a_place_and_moves_nobody(keys: set[str], more: str, count: int):
    before = pick("object/A", BETA, keys, count=count).drawn
    after = pick("object/A", BETA, keys | {more}, count=count).drawn
    assert [each for each in after if each != more or more in keys] == list(
        before[: len(after) - (more in after and more not in keys)]
    )


@given(KEYS, KEYS, st.integers(0, 6))
def test_who_is_excluded_is_named_and_never_drawn(keys: set[str], excluded: set[str], count: int):
    picks = pick("laboratory", BETA, keys, count=count, spares=9, excluded=excluded)
    assert set(picks.passed_over) == keys & excluded
    assert not excluded & {*picks.drawn, *picks.spares, *picks.tickets}
    rest = pick("laboratory", BETA, keys - excluded, count=count, spares=9)
    assert (rest.drawn, rest.spares) == (picks.drawn, picks.spares)


def test_roles_and_strata_draw_apart():
    tickets = {ticket_of(role, BETA, "x") for role in ("object/A", "object/B", "inspector")}
    assert len(tickets) == 3
    assert ticket_of("object/A", BETA, "b") != ticket_of("object/", BETA, "Ab")


def test_everybody_is_drawn_as_often():
    """A hundred candidates, ten drawn, of 2,000 outputs: chi-square of 99 within one in a million."""
    keys, counted = [f"party {number}" for number in range(100)], Counter()
    for turn in range(2_000):
        beta = sha256(b"%d" % turn).digest() * 2
        counted.update(pick("observer", beta, keys, count=10).drawn)
    expected = 2_000 * 10 / 100
    # Each draw takes ten without replacement: the variance is 0.9 of independent ones.
    chi = sum((counted[key] - expected) ** 2 / expected for key in keys) / 0.9
    assert 40 < chi < 185


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: alpha_of(bytes(31), 1, bytes(32)),
        lambda: alpha_of(bytes(32), 1, bytes(33)),
        lambda: ticket_of("inspector", bytes(32), "x"),
        lambda: pick("inspector", BETA, ["x"], count=-1),
        lambda: pick("inspector", BETA, ["x"], count=0, spares=-1),
    ],
)
def test_what_is_no_draw_is_refused(wrong):
    with pytest.raises(ParameterError):
        wrong()
