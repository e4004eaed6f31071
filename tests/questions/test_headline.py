"""Headline figures: what each statement adds, what adds nothing, and that everything is added once."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from paper import Paper
from questions.scene import OTHER, READY, audit, inspection, refusal, sanction, say, wait
from rules.words import amends, corrects, lost, says, withdraws
from tea import GTIN, SHOP, TEA
from usual import Told, citing

from ledger.histories.history import Entry
from ledger.primitives.instant import parse_us
from ledger.questions.addends import Period
from ledger.questions.headline import Tally, tally
from ledger.statements.catalogue import type_name

EVER = Period(0, 1 << 62)
SECOND = "https://id.gs1.org/01/06901234500011"


def added(told: Told, period: Period = EVER, size: int | None = None) -> Tally:
    paper = told.world
    assert isinstance(paper, Paper)

    def of_types(types: Sequence[str]) -> list[Entry]:
        return [entry for entry in paper.everything() if type_name(entry.body) in types]

    size = paper.length() if size is None else size
    return tally(paper.view, of_types, size=size, period=period)


class Year(NamedTuple):
    says: str
    story: tuple[Any, ...]
    adds: dict[tuple[str, str, str], int]
    undone: int = 0
    doubted: int = 0


MYSTERY = ("sampled", "mystery", TEA)
YEARS = (
    Year("a mystery sample is one item sampled", (inspection(),), {MYSTERY: 1}),
    Year(
        "a batch in a warehouse that is refused",
        (refusal(mode="inbound", by="warehouse"),),
        {("batches", "inbound", TEA): 1, ("refused", "inbound", TEA): 1},
    ),
    Year(
        "what is inspected again is no further batch, and the way to it was gone",
        (
            refusal(mode="patrol", by="warehouse"),
            wait(1),
            inspection("again", mode="patrol", by="warehouse", answers=[citing("failure")], km=7),
        ),
        {
            ("batches", "patrol", TEA): 1,
            ("refused", "patrol", TEA): 1,
            ("km", "patrol", TEA): 7,
        },
    ),
    Year(
        "an audit of a place is of no category",
        (audit(km=120),),
        {("km", "origin-audit", ""): 120},
    ),
    Year(
        "a sample that a laboratory gets",
        (says("sample-sealed"),),
        {("sampled", "sample-sealed", TEA): 1},
    ),
    Year(
        "a distance that was mistyped counts as it was corrected",
        (inspection(km=900), corrects("inspection", "inspector", km=9)),
        {MYSTERY: 1, ("km", "mystery", TEA): 9},
    ),
    Year(
        "what was withdrawn in error counts for nothing",
        (inspection(), withdraws("inspection", by="inspector")),
        {},
        undone=1,
    ),
    Year(
        "a product taken off sale, and the lot called back that was the ground",
        sanction(products=[GTIN]),
        {("lots-recalled", "recall", TEA): 1, ("products-removed", "delist", TEA): 1},
    ),
    Year(
        "a delisting that names nothing takes all off that is listed",
        (*READY, says("listing"), *sanction()),
        {
            ("km", "origin-audit", ""): 212,
            ("lots-recalled", "recall", TEA): 1,
            ("products-removed", "delist", TEA): 1,
        },
    ),
    Year(
        "a delisting that was lifted was one all the same",
        (*sanction(products=[GTIN]), wait(1), amends("sanction-lifted", "sanction")),
        {("lots-recalled", "recall", TEA): 1, ("products-removed", "delist", TEA): 1},
    ),
    Year(
        "one that was annulled was none",
        (*sanction(products=[GTIN]), amends("appeal", "sanction"), wait(1), amends("appeal-decision", "sanction", changes={"outcome": "annulled"})),
        {("lots-recalled", "recall", TEA): 1},
        undone=1,
    ),
    Year(
        "goods called back by when they were made are the lots on record that were made then",
        (says("lot", subject=OTHER), says("product-recall", by="operator")),
        {("lots-recalled", "product-recall", TEA): 2},
    ),
    Year(
        "a shop closed",
        sanction("close-shop", shops=[SHOP]),
        {("lots-recalled", "recall", TEA): 1, ("shops-closed", "close-shop", ""): 1},
    ),
    Year(
        "the end of cooperation closes every shop",
        sanction("end-cooperation"),
        {("lots-recalled", "recall", TEA): 1, ("shops-closed", "end-cooperation", ""): 1},
    ),
    Year(
        "what was signed by a key in other hands counts for nothing",
        (inspection(), *lost("inspector", "inspector")),
        {},
        doubted=1,
    ),
)  # fmt: skip


@pytest.mark.parametrize("year", YEARS, ids=[year.says for year in YEARS])
def test_what_is_said_adds_to_the_figures(told: Told, year: Year):
    say(told, *year.story)
    found = added(told)
    assert found.sums == year.adds
    left = {why: len(entries) for why, entries in found.left_out.items()}
    assert left == {"undone": year.undone, "doubt": year.doubted}
    by_key: dict[tuple[str, str, str], int] = {}
    for one in found.addends:
        key = one.figure, one.part, one.category
        by_key[key] = by_key.get(key, 0) + one.value
    assert by_key == found.sums


def test_a_statement_counts_on_the_day_it_was_done_and_parts_of_a_year_are_the_year(told: Told):
    days = [told.time(-n) for n in (3, 2, 1)]
    say(told, *(inspection(f"i{n}", on=day, km=10**n) for n, day in enumerate(days)))
    cuts = [0, *map(parse_us, days[1:]), 1 << 62]
    parts = [added(told, Period(*ends)) for ends in pairwise(cuts)]
    assert [part.parts("km") for part in parts] == [{"mystery": n} for n in (1, 10, 100)]
    whole = added(told)
    assert sorted(one.entry.index for part in parts for one in part.addends) == [
        one.entry.index for one in whole.addends
    ]


def test_figures_of_a_size_stay_as_they_were(told: Told):
    say(told, inspection(km=5))
    size = told.world.length()
    before = added(told).sums
    say(told, wait(1), corrects("inspection", "inspector", km=50), inspection("more"))
    assert added(told, size=size).sums == before
    assert added(told).sums != before
