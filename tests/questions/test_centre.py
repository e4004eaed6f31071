"""The quality centre: what is put first moves what it is said to move, and nothing is counted twice."""

from typing import Any

import pytest
from questions.scene import BUSINESS, READY, audit, inspection, refusal, say
from questions.scenes.quality import MORE_LOTS, SECOND, TEA, flight
from rules.words import says
from tea import GTIN, LOT
from usual import Told, day, finding
from world import TRADER

from ledger.phrases import details
from ledger.questions import centre

CENTRE = {"trader": TRADER, "days": "30"}
OTHERS = [f"https://id.gs1.org/01/0690123450{n}" for n in ("0011", "0028", "0035")]
MODEL = says("quality-model")


def asked(told: Told, **changes: str) -> dict[str, Any]:
    return told.world.ask("quality_centre", CENTRE | changes)


def first(answer: dict[str, Any]) -> list[tuple[str, str, int, int, int]]:
    """Return what is to be mended: code, when, listings it alone decides, points, listings it stands against."""
    return [
        (row["why"][0]["code"], row["when"], row["alone"], row["gains"], row["against"])
        for row in answer["first"]
    ]


def test_what_alone_keeps_listings_back_is_first_and_mending_it_puts_them_on_sale(told: Told):
    say(told, MODEL, audit(), says("listing"))
    before = asked(told)
    assert (before["verdict"], before["on_sale"], before["total"]) == ("no", 0, 1)
    assert first(before)[0] == ("paper-missing", "now", 1, 0, 1)
    say(told, BUSINESS)
    after = asked(told)
    assert after["on_sale"] - before["on_sale"] == before["first"][0]["alone"]
    assert "paper-missing" not in {row["why"][0]["code"] for row in after["first"]}


def test_what_stands_beside_something_else_decides_nothing_alone(told: Told):
    say(told, MODEL, says("listing"))
    assert first(asked(told))[:2] == [
        ("audit-absent", "now", 0, 0, 1),
        ("paper-missing", "now", 0, 0, 1),
    ]
    say(told, BUSINESS)
    assert first(asked(told))[0] == ("audit-absent", "now", 1, 0, 1)


def test_a_paper_that_ends_keeps_on_sale_what_needs_it_until_it_is_renewed(told: Told):
    ending = says(
        "qualification",
        called="business",
        kind="business",
        number="urn:qualification:samr.cn:B-1",
        categories=["food"],
        until=day(20),
    )
    (paper, *_) = say(told, ending, MODEL, audit(), says("listing"))
    found = asked(told)
    assert found["on_sale"] == 1
    assert first(found)[0] == ("paper-ending", "ahead", 1, 0, 1)
    assert found["first"][0]["why"][0]["entries"] == [paper]
    assert [row["entry"] for row in found["ending"]] == [paper]
    assert first(asked(told, days="10")) == []
    longer = says(
        "qualification",
        called="renewed",
        kind="business",
        number="urn:qualification:samr.cn:B-2",
        categories=["food"],
    )
    say(told, longer)
    assert "paper-ending" not in [row[0] for row in first(asked(told))]


FAILURE = flight("failure", subject=SECOND, nonconforming=2, decision="refused")
STORY = (MODEL, BUSINESS, says("listing"), *MORE_LOTS, audit(), inspection(), FAILURE)


def test_the_points_of_a_plan_are_what_the_next_passed_lot_moves(told: Told):
    say(told, *STORY, says("improvement-plan"))
    before = asked(told)
    gains = {row["why"][0]["code"]: row["gains"] for row in before["first"]}
    assert gains["plan-open"] == gains["lot-refused"] > 0
    say(told, flight("again", subject=f"{GTIN}/10/C1"))
    after = asked(told)
    assert after["score"] - before["score"] == gains["plan-open"]


def test_findings_are_counted_by_class_and_mode_with_their_entries(told: Told):
    *_, audited, _passed, failed = say(told, *STORY)
    (major,) = say(told, audit("second", by="second-inspector", findings=[finding("major")]))
    assert asked(told)["found"] == [
        {"mode": "flight", "severity": "major", "count": 1, "entries": [failed]},
        {"mode": "origin", "severity": "major", "count": 1, "entries": [major]},
        {"mode": "origin", "severity": "minor", "count": 1, "entries": [audited]},
    ]


def test_a_product_stands_against_its_category(told: Told):
    say(told, *STORY)
    (row,) = asked(told)["products"]
    assert (row["product"], row["category"]) == (GTIN, TEA)
    own = told.world.ask("index", {"subject": GTIN, "model": "urn:model:quality"})
    usual = told.world.ask("index", {"subject": TEA, "model": "urn:model:quality"})
    assert (row["score"], row["usual"]) == (own["score"], usual["score"])
    assert row["apart"] == own["score"] - usual["score"]


def test_numbers_are_those_of_the_questions_it_is_made_of(told: Told):
    *_, complained = say(
        told, *STORY, says("improvement-plan"), says("advice"), says("complaint", lot=LOT)
    )
    found = asked(told)
    index = told.world.ask("index", {"subject": TRADER, "model": "urn:model:quality"})
    assert [found[name] for name in ("score", "grade", "trend")] == [
        index[name] for name in ("score", "grade", "trend")
    ]
    improved = told.world.ask("improvement", {"trader": TRADER})
    assert (found["plans"], found["advice"]) == (improved["plans"], improved["advice"])
    assert found["listed"] == told.world.ask("trader", {"trader": TRADER})["listed"]
    ending = told.world.ask("expiring", {"party": TRADER, "days": "30", "brand": "*"})
    assert found["ending"] == ending["ending"]
    assert [row["entry"] for row in found["complaints"]] == [complained]
    told_codes = {row["why"][0]["code"] for row in found["first"]}
    assert {"advice-waiting", "plan-open"} & told_codes


def test_the_pages_list_every_listing_once(told: Told, monkeypatch: pytest.MonkeyPatch):
    say(told, MODEL, *READY, says("listing"))
    for number, product in enumerate(OTHERS):
        say(told, says("product", subject=product, called=f"product {number}"))
        say(told, says("listing", subject=product, called=f"listing {number}"))
    whole = asked(told)
    monkeypatch.setattr(centre, "PAGE", 3)
    one, two = asked(told, page="1"), asked(told, page="2")
    assert one["pages"] == two["pages"] == 2
    assert [*one["listed"], *two["listed"]] == whole["listed"]
    assert len(one["products"]) + len(two["products"]) == len(whole["products"]) == 4


def test_it_is_said_in_words(told: Told):
    say(told, *STORY, says("improvement-plan"), refusal("more"))
    found = asked(told)
    en, zh = (list(details(found, lang)) for lang in ("en", "zh"))
    assert "What to mend first, by what it moves:" in en
    assert any("stands against: 1" in line and "index +" in line for line in en)
    assert any("优先处理" in line for line in zh)
    assert any(f"{TEA}" in line and "同品类" in line for line in zh)
