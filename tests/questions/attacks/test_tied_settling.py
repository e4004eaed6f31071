"""Who gains settles nothing: withdrawn, decided, annulled or declared by who is tied, it bends no verdict."""

from typing import Any

import pytest
from questions.attacks.means import (
    BAD,
    LATER,
    LEAVES,
    OF_SHED,
    SHED,
    Told,
    answer,
    begun,
    both,
    leased,
    made_by_agent,
    of_leaves,
    refused,
    second_key,
    suspected,
    takes_it_over,
)
from questions.scene import say, selling
from rules.laboratory_words import OBJECTED, RETAINED_THERE, retest
from rules.words import (
    OTHER_MARK,
    affiliation,
    becomes,
    corrects,
    decides,
    disputed,
    grant,
    withdraws,
)
from tea import GTIN, LOT, OFFICE
from usual import MODEL, RIVAL, SAMPLE, citing, day, finding, result
from world import DAY_S

INDEX = {"subject": GTIN, "model": MODEL}


def index(t: Told) -> tuple[str, Any]:
    """Return the verdict of the tea's index, and its score."""
    found = t.world.ask("index", INDEX)
    return found["verdict"], found["score"]


@pytest.mark.parametrize(
    "bad", [BAD, BAD | {"findings": [], "class": "critical"}], ids=["finding", "refusal"]
)
def test_an_index_forgets_no_refusal_that_the_places_owners_inspector_took_back(
    told: Told, bad: dict[str, Any]
):
    told.tell("quality-model")
    leased(told, tied="rival")
    told.tell("origin-audit", subject=SHED, called="free", findings=[], on=day(-0.9))
    for lot in (LOT, OF_SHED):
        told.tell("inspection", subject=lot, called=f"pass of {lot}", on=day(-0.9))
    bad = bad | {"by": "second-inspector", "subject": OF_SHED, "on": day(-0.5)}
    told.tell("inspection", called="own", **bad)
    before = index(told)
    assert before[0] == "no"
    say(told, withdraws("own", by="second-inspector"))
    assert index(told) == before
    assert answer(told, "trace", goods=OF_SHED, page="1")[0] == "no"


def test_an_index_forgets_no_finding_of_an_observer_that_declares_a_tie_since(told: Told):
    told.tell("quality-model")
    told.tell("lot", subject=LATER, called="later", serial_range=..., made=day(-3))
    for lot in (LOT, LATER):
        passes = {"mode": "patrol", "on": day(-0.9), "called": f"pass of {lot}"}
        told.tell("inspection", by="warehouse", subject=lot, **passes)
    assert index(told)[0] == "yes"
    told.tell("visit", called="seen")
    told.tell("observation", visit=citing("seen"), findings=[finding("critical")])
    told.tell("origin-audit", called="free", findings=[], on=day(0))
    before = index(told)
    assert before[0] == "no"
    say(told, corrects("seen", "observer", tie="the owner is my cousin"))
    assert index(told) == before


def test_an_index_rises_by_no_visit_that_declares_a_tie(told: Told):
    told.tell("quality-model")
    told.tell("inspection", called="seen")
    before = index(told)
    told.tell("visit", called="friendly", tie="the owner is my cousin")
    told.tell("observation", visit=citing("friendly"), findings=[])
    assert index(told) == before
    assert [note["code"] for note in told.world.ask("index", INDEX)["notes"]] == ["index-tied"]


def codes(reasons: list[dict[str, Any]]) -> list[str]:
    """Return the codes of reasons or notes."""
    return [one["code"] for one in reasons]


def owned(t: Told, office: str, by: str) -> None:
    """Let it be on record that an office belongs to a party."""
    say(t, affiliation(by, office, by="operator", relation="wholly-owned", categories=...))


def test_no_office_of_who_takes_a_lot_over_rejects_the_claim_of_who_called_it_back(told: Told):
    lot = made_by_agent(told)
    told.tell("recall", by="agent", subject=lot, called="honest")
    owned(told, "office", "brand")
    alone = decides("office", subject=lot, rejected=[citing("n1")])
    assert told.world.refuse(alone(told.world)) == ["decision-tied"]
    takes_it_over(told, lot)
    assert set(told.world.refuse(alone(told.world))) == {"decision-tied"}
    assert answer(told, "trace", goods=lot, page="1")[0] == "no"
    assert answer(told, "listable")[0] == "no"


@pytest.mark.parametrize("overrules", [False, True])
def test_no_office_of_a_rival_rejects_the_brands_claim_alone(told: Told, overrules: bool):
    say(told, *disputed())
    if overrules:
        say(told, decides())
    owned(told, "office", "rival")
    how = {"overrules": citing("decision")} if overrules else {}
    alone = decides("office", called="second", rejected=[citing("product")], **how)
    assert told.world.refuse(alone(told.world)) == ["decision-tied"]


def appealed(t: Told) -> None:
    """Let a decision fall against the rival, which appeals."""
    say(t, *disputed(), decides())
    t.tell("appeal", by="rival", subject=RIVAL, target=citing("decision"))


@pytest.mark.parametrize("by", ["rival", "office"])
def test_nobody_decides_on_its_own_appeal_nor_its_owners(told: Told, by: str):
    if by == "rival":
        say(told, becomes("rival", "brand", "authority"))
    else:
        owned(told, "office", "rival")
    appealed(told)
    how = {"subject": RIVAL, "target": citing("decision"), "outcome": "annulled"}
    raw = told.write("appeal-decision", by=by, **how)
    assert told.world.refuse(raw) == ["appeal-tied"]


def test_that_a_decision_was_annulled_is_told_and_whose_key_did_it(told: Told):
    appealed(told)
    since = second_key(told, "office", OFFICE)
    how = {"subject": RIVAL, "target": citing("decision"), "outcome": "annulled"}
    told.tell("appeal-decision", by="office", **how)
    suspected(told, "office", OFFICE, since)
    for question, asks in (("trace", {"goods": LOT, "page": "1"}), ("may_sell", selling())):
        notes = {one["code"]: one for one in told.world.ask(question, asks)["notes"]}
        assert notes["decision-annulled"]["facts"]["by"] == OFFICE
        assert notes["key-suspected"]["facts"]["issuer"] == OFFICE


@pytest.mark.parametrize("by", ["rival", "operator"])
def test_no_office_of_who_made_tea_of_them_takes_back_a_recall_of_leaves(told: Told, by: str):
    """What it withdraws counts for the leaves themselves, not for the tea; until somebody else does."""
    of_leaves(told)
    told.tell("recall", by=by, subject=LEAVES, called="honest")
    assert both(told) == ("no", "no")
    owned(told, "office", "brand")
    say(told, withdraws("honest", LEAVES, by="office"))
    assert both(told) == ("no", "no")
    assert answer(told, "trace", goods=LEAVES, page="1")[0] == "yes"
    say(told, withdraws("honest", LEAVES, by="registrar"))
    assert both(told) == ("yes", "yes")
    assert "error-lots" in told.world.refuse(
        withdraws("honest", LEAVES, by="registrar")(told.world)
    )


def test_nor_of_one_lot_of_several(told: Told):
    of_leaves(told)
    more = {"other_lots": [f"{LEAVES}2"]}
    told.tell("recall", by="operator", subject=LEAVES, called="honest", **more)
    owned(told, "office", "brand")
    say(told, withdraws("honest", LEAVES, by="office"))
    assert both(told) == ("no", "no")
    say(told, withdraws("honest", LEAVES, by="registrar"))
    assert both(told) == ("yes", "yes")


def test_no_office_of_who_sells_it_takes_back_a_recall_of_tea(told: Told):
    told.tell("recall", by="operator", called="honest")
    owned(told, "office", "trader")
    say(told, withdraws("honest", LOT, by="office"))
    assert answer(told, "listable")[0] == "no"
    say(told, withdraws("honest", LOT, by="registrar"))
    assert answer(told, "listable")[0] == "yes"


@pytest.mark.parametrize("what", ["lot", "product"])
def test_no_decision_of_who_belongs_to_who_made_tea_of_them_lapses_a_recall_of_leaves(
    told: Told, what: str
):
    of_leaves(told)
    lot = f"{LEAVES}2"
    say(told, grant("rival", "agent", under="second mark", brand=OTHER_MARK))
    made = {"made": day(-9), "serial_range": ...}
    told.tell("lot", by="agent", subject=lot, called="x2", **made)
    inputs = {"inputs": [lot], "made": day(-5), "serial_range": ...}
    told.tell("lot", subject=LATER, called="of x2", **inputs)
    by, claim = ("agent", "x2") if what == "lot" else ("rival", "theirs")
    told.tell("recall", by=by, subject=lot, called="honest")
    tea = {"goods": LATER, "page": "1"}
    assert "lot-recalled" in answer(told, "trace", **tea)[1]
    owned(told, "office", "brand")
    about = lot if what == "lot" else LEAVES.partition("/10/")[0]
    say(told, decides("office", subject=about, rejected=[citing(claim)]))
    assert "lot-recalled" in answer(told, "trace", **tea)[1]
    assert "lot-recalled" in answer(told, "listable")[1]
    say(told, decides(called="honest decision", subject=about, rejected=[citing(claim)]))
    found = told.world.ask("trace", tea)
    assert "recall-lapsed" in [note["code"] for note in found["notes"]]
    assert "lot-recalled" not in answer(told, "listable")[1]


def overturned() -> Told:
    """Return a story in which a retest overturned what a laboratory found."""
    told = begun()
    say(told, *OBJECTED, *RETAINED_THERE, retest(result("0.05", "pass")))
    told.tell("objection-closed", outcome="overturned")
    return told


RETEST_BACK = withdraws("retest", by="second-laboratory", reason="the wrong sample was tested")


def test_a_retest_that_its_laboratory_takes_back_overturns_nothing():
    """What it was objected to is in suspense again, then final, or tested again."""
    told = overturned()
    assert answer(told, "trace", goods=LOT, page="1") == ("yes", [])
    say(told, RETEST_BACK)
    found = told.world.ask("trace", {"goods": LOT, "page": "1"})
    assert (found["verdict"], codes(found["reasons"])) == ("unknown", ["report-objected"])
    undone = next(note for note in found["notes"] if note["code"] == "undone")
    assert undone["facts"]["why"] == "the wrong sample was tested"
    told.world.wait(seconds=16 * DAY_S)
    told.tell("lot", subject=LATER, called="later", serial_range=..., made=day(-1))
    assert answer(told, "trace", goods=LOT, page="1") == ("no", ["report-failed"])


def test_the_report_itself_stands_when_a_retest_is_taken_back():
    told = overturned()
    say(told, RETEST_BACK)
    found = told.world.ask("report", {"sample": SAMPLE, "report": "*"})
    assert [row["type"] for row in found["reports"]] == ["test-report"]
    assert [row["state"] for row in found["reports"]] == ["objected"]


def test_an_objection_is_decided_again_by_another_retest():
    told = overturned()
    say(told, RETEST_BACK, retest(result("0.06", "pass"), called="again", number="R-2"))
    closing = {"called": "closed again", "retest": citing("again"), "outcome": "overturned"}
    told.tell("objection-closed", **closing)
    assert answer(told, "trace", goods=LOT, page="1") == ("yes", [])
    assert "cited-ended" in refused(told, "objection-closed", **closing)


@pytest.mark.parametrize("closed", ["before", "after"])
def test_a_retest_is_taken_back_in_any_order(closed: str):
    told = begun()
    say(told, *OBJECTED, *RETAINED_THERE, retest(result("0.05", "pass")))
    closing = {"retest": citing("retest"), "outcome": "overturned"}
    if closed == "before":
        told.tell("objection-closed", **closing)
        say(told, RETEST_BACK)
    else:
        say(told, RETEST_BACK)
        assert "cited-ended" in refused(told, "objection-closed", **closing)
    assert answer(told, "trace", goods=LOT, page="1") == ("unknown", ["report-objected"])


def test_nobody_takes_back_a_retest_that_failed_for_who_is_tied_to_it():
    told = begun()
    say(told, *OBJECTED, *RETAINED_THERE, retest(result("0.19", "fail")))
    say(told, affiliation("brand", "second-laboratory", categories=...))
    assert told.world.refuse(RETEST_BACK(told.world)) == ["error-gains"]
