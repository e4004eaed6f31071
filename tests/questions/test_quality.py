"""What the quality index and coverage say beyond their verdict: what moved it, when, what is missing."""

from typing import Any

import pytest
from paper import Paper
from questions.scene import audit, inspection, refusal, say, wait
from questions.scenes.quality import DISTRIBUTOR, MODEL, MORE_LOTS, SECOND, TEA, flight
from rules.words import corrects, says
from tea import GARDEN, GTIN, INSPECTOR, LOT, MARK, SHOP
from usual import Told, finding
from world import TRADER

from ledger.phrases import details, sentences
from ledger.primitives.instant import format_us
from ledger.questions import coverage, quality
from ledger.questions.quality import Indexed, index_of
from ledger.questions.verdict import Asked
from ledger.rules import outcomes
from ledger.rules.chains import Failure
from ledger.statements.fields import parse_time_us

ASKS = {"subject": GTIN, "model": MODEL}
SUBJECTS = (GTIN, TRADER, MARK, TEA)


def codes(reasons: list[dict[str, Any]]) -> list[str]:
    return [item["code"] for item in reasons]


def asked(told: Told) -> Asked:
    """Return the whole of a ledger, asked about its newest seal's time."""
    paper = told.world
    assert isinstance(paper, Paper)
    newest_us = paper.last_us()
    return Asked(paper.view, "", newest_us, paper.size, newest_us)


FAILURE = flight("failure", subject=SECOND, nonconforming=2, decision="refused")
STORY = (says("quality-model"), says("listing"), *MORE_LOTS, audit(), inspection(), FAILURE)


def test_what_weighs_most_is_named_first_with_the_points_it_moved(told: Told):
    model, *_, audited, passed, failed = say(told, *STORY)
    found = told.world.ask("index", ASKS)
    # 40 + 24 passed, 32 * 3 failed, 80 and 20 to begin with: 144 of 260.
    assert (found["score"], found["grade"], found["outcomes"]) == (553, "D", 3)
    assert (found["passing"], found["failing"]) == (64, 96)
    assert found["model"] == {"id": MODEL, "entry": model}
    assert [(row["entry"], row["points"]) for row in found["moved"]] == [
        (failed, 553 - 878),
        (passed, 553 - 472),
        (audited, 553 - 508),
    ]
    first = found["moved"][0]
    assert (first["source"], first["about"], first["failure"]) == ("flight", SECOND, "major")
    assert (first["weight"], first["on"]) == (32, told.fields_of("failure")["on"])
    assert found["sources"] == {
        "flight": {"passed": 0, "failed": 1},
        "mystery": {"passed": 1, "failed": 0},
        "origin": {"passed": 1, "failed": 0},
    }
    assert set(found["rests_on"]) == {model, audited, passed, failed}


def test_a_failure_names_who_found_it_mended_and_a_traders_index_what_is_left_to_do(told: Told):
    say(told, *STORY)
    of_trader = {"subject": TRADER, "model": MODEL}
    before = told.world.ask("index", ASKS)
    assert [row["mended_by"] for row in before["moved"]] == [None, None, None]
    assert codes(told.world.ask("index", of_trader)["notes"]) == []
    say(
        told,
        says("improvement-plan", called="plan"),
        says("improvement-step", called="first"),
        says("improvement-step", called="second", action=2),
    )
    assert codes(told.world.ask("index", of_trader)["notes"]) == ["plan-unverified"]
    (verified,) = say(told, says("improvement-verified"))
    assert codes(told.world.ask("index", of_trader)["notes"]) == []
    found = told.world.ask("index", ASKS)
    assert [row["mended_by"] for row in found["moved"]] == [verified, None, None]
    assert (found["score"], found["grade"]) == (before["score"], before["grade"])
    assert any(f"found mended (entry {verified})" in line for line in details(found, "en"))
    assert sum(f"整改有效（条目 {verified}）" in line for line in details(found, "zh")) == 1


def test_product_trader_brand_and_category_of_one_product_have_one_index(told: Told):
    say(told, *STORY)
    answers = [told.world.ask("index", ASKS | {"subject": subject}) for subject in SUBJECTS]
    assert len({(a["score"], a["grade"], a["inputs"], a["outcomes"]) for a in answers}) == 1


def test_a_trader_answers_for_what_was_inspected_at_it_alone(told: Told):
    say(told, *STORY, refusal("elsewhere", subject=SECOND, trader=DISTRIBUTOR))
    by_product = told.world.ask("index", ASKS)
    by_trader = told.world.ask("index", ASKS | {"subject": TRADER})
    assert by_product["outcomes"] == by_trader["outcomes"] + 1
    assert by_product["score"] < by_trader["score"] == 553


def test_the_trend_is_the_index_at_the_end_of_each_month(told: Told):
    """Each month as if it had been asked about its last moment, by what is known now."""
    say(
        told,
        says("quality-model"),
        audit(),
        inspection(),
        wait(80),
        *MORE_LOTS,
        refusal(subject=SECOND),
    )
    found = told.world.ask("index", ASKS)
    months = [row["month"] for row in found["trend"]]
    assert len(months) == 12
    assert months == sorted(months)
    assert (months[0], months[-1]) == ("2026-01", "2026-12")
    now = {name: found[name] for name in ("score", "grade", "outcomes")}
    assert found["trend"][-1] == {"month": "2026-12"} | now
    by_month = {row["month"]: row for row in found["trend"]}
    assert [by_month[name]["score"] for name in months[:8]] == [None] * 8
    for name, end in (("2026-09", "2026-10-01"), ("2026-11", "2026-12-01")):
        at_us = parse_time_us(f"{end}T00:00:00Z") - 1
        then = told.world.fold("index", ASKS, valid_at_us=at_us)[0]
        assert by_month[name]["score"] == then["score"] > found["score"]
        assert by_month[name]["outcomes"] == then["outcomes"] == 2


def test_a_trend_goes_back_to_the_first_month_there_is(told: Told):
    say(told, says("quality-model"), audit(), inspection())
    for time in ("0001-01-01T00:00:00Z", "1970-03-05T00:00:00Z", "9999-12-31T23:59:59Z"):
        months = list(quality._months(parse_time_us(time)))
        assert months[-1].at_us == parse_time_us(time)
        assert len(months) == {"0": 1, "1": 3, "9": 12}[time[0]]


def test_a_correction_moves_the_index_and_its_inputs(told: Told):
    say(told, *STORY)
    before = told.world.ask("index", ASKS)
    size = told.world.size
    say(told, corrects("inspection", "inspector", nonconforming=2, decision="refused"))
    found = told.world.ask("index", ASKS)
    assert before["score"] > found["score"]
    assert found["inputs"] != before["inputs"]
    assert found["rests_on"] == before["rests_on"]
    assert told.world.ask("index", ASKS, known_at=size)["inputs"] == before["inputs"]


def test_the_newest_version_of_a_model_is_the_one_in_force(told: Told):
    _, newer = say(told, says("quality-model"), says("quality-model", called="new", minimum=4))
    say(told, *STORY[1:])
    found = told.world.ask("index", ASKS)
    assert (found["verdict"], found["model"]["entry"]) == ("unknown", newer)
    (reason,) = found["reasons"]
    assert reason["facts"] == {"subject": GTIN, "count": 3, "minimum": 4}
    assert found["score"] is None


def test_others_ask_for_an_index_without_its_words(told: Told):
    missing = index_of(asked(told), GTIN)
    assert isinstance(missing, Failure)
    assert missing.code == "model-absent"
    say(told, *STORY)
    found = index_of(asked(told), GTIN)
    assert isinstance(found, Indexed)
    assert (found.index.score, found.index.capped) == (553, ())


def test_more_goods_than_are_looked_at_are_never_a_partial_answer(
    told: Told, monkeypatch: pytest.MonkeyPatch
):
    say(told, *STORY)
    monkeypatch.setattr(outcomes, "MAX_GOODS", 0)
    found = told.world.ask("index", ASKS)
    assert (found["verdict"], found["score"]) == ("unknown", None)
    assert [reason["code"] for reason in found["reasons"]] == ["walk-limit"]
    assert found["rests_on"] == []
    sale = {"category": TEA, "start": "2026-09-01T00:00:00Z", "until": "2026-09-21T15:00:00Z"}
    monkeypatch.setattr(coverage, "MAX_PAIRS", 0)
    found = told.world.ask("coverage", sale)
    assert [reason["code"] for reason in found["reasons"]] == ["walk-limit"]
    assert found["verdict"] == "unknown"
    assert found["covered"] == found["uncovered"] == []


def test_an_index_is_told_in_lines(told: Told):
    _, *_, failed = say(told, *STORY)
    found = told.world.ask("index", ASKS)
    first = sentences("index", ASKS, found, "zh")[0]
    assert first == (f"{GTIN} 未达到 C 级：得分 553，等级 D，依据 3 项结果（模型 {MODEL}）。")
    on = told.fields_of("failure")["on"]
    heading, *lines = details(found, "en")
    assert heading == "What moved the index, the heaviest first:"
    assert lines[0] == (
        f"-325 points: flight inspection of {SECOND} at {on}, failed, major (entry {failed})"
    )
    assert lines[1].startswith("+81 points: mystery sampling of " + LOT)
    assert ", passed (entry" in lines[1]
    assert "2026-01: grade insufficient, outcomes 0" in lines
    assert lines[-1] == "2026-09: score 553, grade D, outcomes 3"
    assert f"-325 分：{on} 对 {SECOND} 的飞行检查，不合格（主要）（条目 {failed}）" in list(
        details(found, "zh")
    )


def test_coverage_names_each_product_at_each_trader(told: Told):
    (listed,) = say(told, says("listing"))
    newest = format_us(told.world.last_us())
    asks = {"category": "food", "start": "2026-09-01T00:00:00Z", "until": newest}
    # Half-open: what was registered at its end is not in the time asked about.
    assert told.world.ask("coverage", asks)["uncovered"] == []
    say(told, audit())
    asks["until"] = format_us(told.world.last_us())
    found = told.world.ask("coverage", asks)
    row = {"product": GTIN, "trader": TRADER, "shops": [SHOP], "listings": [listed]}
    assert found["uncovered"] == [row | {"inspections": []}]
    assert found["untouched"] == [GTIN]
    (reason,) = found["reasons"]
    assert reason["facts"] == {"count": 1, "total": 1, "category": "food"}
    assert reason["entries"] == [listed]
    assert list(details(found, "en")) == [f"not inspected: {GTIN} of {TRADER}, on sale in {SHOP}"]
    (inspected,) = say(told, inspection())
    asks["until"] = format_us(told.world.last_us())
    found = told.world.ask("coverage", asks)
    assert found["covered"] == [row | {"inspections": [inspected]}]
    assert (found["untouched"], found["rests_on"]) == ([], sorted([listed, inspected]))


def test_an_open_finding_at_the_garden_is_that_of_its_product(told: Told):
    (found_critical,) = say(told, says("quality-model"), audit(findings=[finding("critical")]))[1:]
    say(told, inspection())
    reasons = {reason["code"]: reason for reason in told.world.ask("index", ASKS)["reasons"]}
    assert reasons["place-critical"]["entries"] == [found_critical]
    facts = {"facility": GARDEN, "point": "GB 2763", "by": INSPECTOR}
    assert reasons["place-critical"]["facts"] == facts
