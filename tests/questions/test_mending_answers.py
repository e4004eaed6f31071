"""What answers say of sanctions and improvement beyond the verdict: terms, appeals, plans, dates."""

from questions.scene import observation_of, refusal, sanction, say, visit_to, wait
from questions.scenes.mending import CONFIRMED, FIRST, PLAN, SECOND, interim
from rules.words import amends, says
from tea import GTIN, INSPECTOR, LOT
from usual import Told, citing, day
from world import DAY_S, MINUTE_US, OPERATOR, TRADER

from ledger.phrases import sentences
from ledger.rules.improvements import mended_by
from ledger.rules.standing import standing
from ledger.statements.fields import parse_time_us

AGAINST = {"subject": TRADER}
TERMS = {"step": "damages", "until": None, "products": [GTIN]}
TERMS |= {"damages": {"amount": 20_000, "currency": "CNY"}}


def test_varied_terms_act_from_the_decision_on(told: Told):
    *_, imposed = say(told, *sanction(until=None, products=[GTIN]))
    (appealed,) = say(told, amends("appeal", "sanction", by="trader"))
    changes = {"outcome": "varied", "terms": TERMS}
    (decided,) = say(told, amends("appeal-decision", "sanction", changes=changes))
    (row,) = told.world.ask("sanctions", AGAINST)["live"]
    assert (row["entry"], row["step"], row["damages"]) == (imposed, "damages", TERMS["damages"])
    assert row["appeal"] == {"entry": appealed, "decision": decided, "outcome": "varied"}
    decided_us = told.world.registered_us(decided)
    then = told.world.ask("sanctions", AGAINST, valid_at_us=decided_us - 1)
    (row,) = then["live"]
    assert (row["step"], row["damages"]) == ("delist", None)
    assert row["appeal"] == {"entry": appealed, "decision": None, "outcome": None}
    now = told.world.ask("sanctions", AGAINST, valid_at_us=decided_us)
    note = next(item for item in now["notes"] if item["code"] == "appeal-varied")
    assert note["entries"] == [imposed, appealed, decided]
    assert (note["facts"]["before"], note["facts"]["step"]) == ("delist", "damages")


def test_a_merchant_reads_what_to_do_until_when(told: Told):
    say(told, *sanction())
    found = told.world.ask("sanctions", AGAINST)
    (row,) = found["live"]
    assert (row["grounds"], row["rules_version"]) == ("sold a lot that failed", 1)
    (trigger,) = row["triggers"]
    assert (trigger["id"], trigger["type"]) == (told.said["recall"][0].id.hex(), "recall")
    said = sentences("sanctions", AGAINST, found, "zh")
    (line,) = (text for text in said if "申诉" in text)
    assert f"可在 {row['appeal_by']} 之前申诉" in line
    assert f"须由 {TRADER} 在此前登记申诉" in line
    last_us = parse_time_us(row["appeal_by"])
    for at_us, there in ((last_us - 1, True), (last_us, False)):
        found = told.world.ask("sanctions", AGAINST, valid_at_us=at_us)
        assert ("appeal-possible" in {item["code"] for item in found["notes"]}) == there


def test_an_annulled_sanction_names_its_decision(told: Told):
    *_, imposed = say(told, *sanction())
    changes = {"outcome": "annulled"}
    *_, decided = say(
        told,
        amends("appeal", "sanction", by="trader"),
        amends("appeal-decision", "sanction", changes=changes),
    )
    found = told.world.ask("sanctions", AGAINST)
    (row,) = found["lifted"]
    assert (row["entry"], row["lifted_by"]) == (imposed, decided)
    assert row["appeal"]["outcome"] == "annulled"
    (note,) = found["notes"]
    assert (note["code"], note["entries"]) == ("sanction-annulled", [imposed, decided])
    reason = told.fields_of("appeal-decision")["reason"]
    assert (note["facts"]["by"], note["facts"]["why"]) == (OPERATOR, reason)


def test_a_refusal_overruled_names_by_whom_and_why(told: Told):
    (refused,) = say(told, says("admission", decision="refused", called="refused"))
    again = {"evidence": [citing("licence"), citing("refused")], "reasons": ["a slip", "mended"]}
    (admitted,) = say(told, says("admission", called="again", **again))
    (note,) = told.world.ask("admission", {"trader": TRADER})["notes"]
    assert note["entries"] == [refused, admitted]
    assert (note["facts"]["by"], note["facts"]["why"]) == (OPERATOR, "a slip; mended")


def test_an_interim_measure_names_what_confirmed_it(told: Told):
    *_, first, _, final = say(told, *CONFIRMED)
    live = told.world.ask("sanctions", AGAINST)["live"]
    rows = {row["entry"]: (row["interim"], row["confirmed_by"]) for row in live}
    assert rows == {first: (True, final), final: (False, None)}


def test_an_interim_measure_lapses_by_the_second(told: Told):
    say(told, visit_to(LOT), observation_of(LOT), interim())
    until_us = parse_time_us(told.fields_of("sanction")["until"])
    for at_us, verdict in ((until_us - 1, "yes"), (until_us, "no")):
        assert told.world.ask("sanctions", AGAINST, valid_at_us=at_us)["verdict"] == verdict


def test_a_plan_names_its_cause_and_who_did_and_verified_what(told: Told):
    found_at, planned = say(told, refusal(), PLAN)
    first, second = say(told, FIRST, wait(25), SECOND)
    (verified,) = say(told, says("improvement-verified", by="inspector"))
    answer = told.world.ask("improvement", {"trader": TRADER})
    (plan,) = answer["plans"]
    cause = {"entry": found_at, "type": "inspection", "subject": LOT}
    assert plan["cause"] == cause | {"id": told.said["failure"][0].id.hex()}
    assert [(row["action"], row["done_by"]) for row in plan["actions"]] == [(1, first), (2, second)]
    assert (plan["state"], plan["verified_by"]) == ("effective", verified)
    assert plan["verifier"] == INSPECTOR
    (late,) = (item for item in answer["notes"] if item["code"] == "action-late")
    assert (late["facts"]["action"], late["entries"]) == (2, [planned, second])
    assert set(answer["rests_on"]) == {planned, verified}


def test_an_action_is_overdue_from_its_date_on(told: Told):
    say(told, refusal(), PLAN)
    due_us = parse_time_us(told.fields_of("plan")["actions"][0]["due"])
    for at_us, verdict in ((due_us - 1, "unknown"), (due_us, "no")):
        answer = told.world.ask("improvement", {"trader": TRADER}, valid_at_us=at_us)
        assert answer["verdict"] == verdict


def test_an_advice_names_the_plan_that_answers_it(told: Told):
    _, advised = say(told, refusal(), says("advice", called="advice"))
    at = {"trader": TRADER}
    (row,) = told.world.ask("improvement", at)["advice"]
    assert (row["entry"], row["answered_by"]) == (advised, None)
    (planned,) = say(told, PLAN)
    (row,) = told.world.ask("improvement", at)["advice"]
    assert row["answered_by"] == planned
    before_us = told.world.registered_us(planned) - MINUTE_US // 2
    (row,) = told.world.ask("improvement", at, valid_at_us=before_us)["advice"]
    assert row["answered_by"] is None


def test_whoever_reads_a_failure_reads_whether_it_is_mended(told: Told):
    """The plan lies in the history of its cause: no other history has to be asked for."""
    (failed,) = say(told, refusal())
    view = told.world.view

    def mended() -> int | None:
        (cause,) = (
            item for item in view.fold(standing, "inspection", LOT).values() if item.index == failed
        )
        return mended_by(view, cause)

    say(told, PLAN, FIRST, SECOND)
    assert mended() is None
    (looked,) = say(told, says("improvement-verified"))
    assert mended() == looked
    history = [entry.index for entry in view.history("inspection", LOT).entries()]
    assert looked in history


def test_a_plan_in_vain_mends_nothing(told: Told):
    say(told, refusal(), PLAN, FIRST, SECOND, says("improvement-verified", outcome="ineffective"))
    (cause,) = (
        item
        for item in told.world.view.fold(standing, "inspection", LOT).values()
        if item.id == told.said["failure"][0].id.hex()
    )
    assert mended_by(told.world.view, cause) is None


def test_a_trace_of_a_lot_tells_what_was_done_about_its_failure(told: Told):
    say(told, refusal(), PLAN, FIRST)
    rows = told.world.ask("trace", {"goods": LOT})["entries"]
    told_of = [(row["type"], row["issuer"]) for row in rows if row["type"].startswith("improve")]
    assert told_of == [("improvement-plan", TRADER), ("improvement-step", TRADER)]


def test_an_appeal_is_registered_for_as_long_as_the_sanction_says(told: Told):
    say(told, *sanction(appeal_by=day(7.01)))
    told.world.wait(seconds=7 * DAY_S)
    assert say(told, amends("appeal", "sanction", by="trader"))
    assert told.said["appeal"][0].issuer == TRADER
    assert told.said["sanction"][0].issuer == OPERATOR


def test_the_cause_of_a_plan_is_cited_from_where_it_is_found(told: Told):
    say(told, *sanction(products=[GTIN]))
    raw = says("improvement-plan", cause=citing("sanction", subject=GTIN))(told.world)
    assert told.world.refuse(raw) == ["improvement-cause"]
