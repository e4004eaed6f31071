"""What a signer chooses to say, of when, of whom and of how much: told otherwise later, it bends no verdict."""

from typing import Any

import pytest
from questions.attacks.means import (
    BAD,
    CAKE,
    CLEAN,
    INPUT,
    LATER,
    OF_SHED,
    SHED,
    answer,
    begun,
    belongs,
    both,
    leased,
    refused,
)
from questions.scene import say, selling
from questions.scenes.label import LABELLED, again, measured
from rules.laboratory_words import accredited, method, sealed
from rules.words import OTHER_MARK, corrects, decides, lost, mark, prefixed, rivals
from tea import GTIN, LOT
from usual import BASELINE, LEAD, MODEL, RIVAL, WATER, Told, citing, day, finding, id_of, who
from world import BRAND, DAY_S, TRADER

GOODS = {"goods": LOT, "page": "1"}


def hired(t: Told, since: float, name: str = "second-inspector", **changes: Any) -> None:
    """Let somebody belong to the brand since so many days."""
    tie = {"kind": "affiliation", "of": BRAND, "relation": "tied", "categories": []}
    number = "urn:qualification:samr.cn:H-1"
    paper = {"subject": who(name), "called": "hired", "number": number, "from_": day(since)}
    t.tell("qualification", **paper, **tie, **changes)


DATED_BACK = {"on": day(-5), "how": {"age_s": 4 * DAY_S}}
"""What is said today, as if it had been signed four days ago."""


def test_who_was_hired_since_closes_nothing_by_a_signature_dated_back(told: Told):
    told.tell("inspection", called="bad", on=day(-3), **BAD)
    told.world.wait(seconds=6 * DAY_S)
    hired(told, -2)
    pass_ = {"answers": [citing("bad")], **DATED_BACK}
    told.tell("inspection", by="second-inspector", called="tame", **pass_)
    assert answer(told, "trace", **GOODS)[0] == "no"
    assert answer(told, "listable")[0] == "no"


def test_nor_where_that_is_put_on_record_behind_it(told: Told):
    told.tell("inspection", called="bad", on=day(-3), **BAD)
    told.world.wait(seconds=7 * DAY_S)
    pass_ = {"answers": [citing("bad")], **DATED_BACK}
    told.tell("inspection", by="second-inspector", called="tame", **pass_)
    assert answer(told, "listable")[0] == "yes"
    hired(told, -2)
    assert answer(told, "listable")[0] == "no"


def test_who_is_hired_later_was_independent(told: Told):
    told.tell("inspection", called="bad", on=day(-3), **BAD)
    told.tell("inspection", by="second-inspector", called="free", answers=[citing("bad")])
    told.world.wait(seconds=DAY_S)
    hired(told, 0)
    assert answer(told, "listable")[0] == "yes"


def test_nor_audits_its_place_nor_takes_back_what_it_found(told: Told):
    told.tell("inspection", by="second-inspector", called="bad", **BAD)
    told.world.wait(seconds=7 * DAY_S)
    hired(told, -2)
    by: dict[str, Any] = {"by": "second-inspector"}
    assert refused(told, "origin-audit", called="tame", findings=[], **by, **DATED_BACK) == [
        "audit-tied"
    ]
    topics, how = told.subjects_of("bad"), {"age_s": 4 * DAY_S}
    back = {"target": citing("bad"), "subjects": topics, "reason": "another lot", "subject": LOT}
    assert refused(told, "withdrawn-in-error", **by, **back, how=how) == ["error-gains"]


def ended(t: Told, tie: str, by: str = "operator", **changes: Any) -> list[str]:
    """Let somebody withdraw a paper; return by which rules it is refused."""
    statement, _ = t.said[tie]
    fields = t.fields_of(tie)
    said = {"subject": statement.subject, "number": fields["number"], "target": citing(tie)}
    if "prefix" in fields:
        said["prefix"] = fields["prefix"]
    return refused(t, "qualification-withdrawal", by=by, **said, **changes)


def test_no_operator_unties_its_friends_inspector(told: Told):
    belongs(told, "brand")
    told.tell("inspection", called="bad", on=day(-0.5), **BAD)
    assert ended(told, "brand of second-inspector") == ["withdrawal-authority"]
    again = {"by": "second-inspector", "answers": [citing("bad")], "on": day(0)}
    told.tell("inspection", called="tame", **again)
    assert answer(told, "listable")[0] == "no"


def test_no_operator_takes_a_licence_from_who_has_the_number(told: Told):
    say(told, mark(number=OTHER_MARK), rivals(CAKE), prefixed())
    told.tell("product", subject=CAKE, called="cake")
    assert ended(told, "brand's prefix") == ["withdrawal-authority"]
    assert answer(told, "may_sell", **selling(product=CAKE))[0] == "yes"


def test_whoever_was_ever_of_a_team_has_to_be_independent(told: Told):
    leased(told)
    told.tell("origin-audit", subject=SHED, called="before", findings=[], on=day(-0.8))
    bad = {"findings": [finding("critical")], "on": day(-0.5)}
    told.tell("origin-audit", subject=SHED, called="bad", **bad)
    team = [who("inspector"), who("second-inspector")]
    told.tell("origin-audit", subject=SHED, called="tame", team=team, **CLEAN)
    others = ["urn:pinyuan:person:" + digit * 32 for digit in "12"]
    say(told, corrects("tame", "inspector", team=others))
    assert both(told) == ("no", "no")


def test_an_index_rises_by_no_audit_of_whose_team_somebody_tied_was(told: Told):
    told.tell("quality-model")
    leased(told)
    told.tell("inspection", called="seen", subject=OF_SHED)
    index = {"subject": GTIN, "model": MODEL}
    before = told.world.ask("index", index)["score"]
    team = [who("inspector"), who("second-inspector")]
    told.tell("origin-audit", subject=SHED, called="tame", team=team, **CLEAN)
    others = ["urn:pinyuan:person:" + digit * 32 for digit in "12"]
    say(told, corrects("tame", "inspector", team=others))
    assert told.world.ask("index", index)["score"] == before


def test_a_place_is_also_whose_its_holder_says_it_is(told: Told):
    told.tell("facility", by="rival", subject=SHED, called="shed", owner=BRAND)
    belongs(told, "brand")
    tame = {"by": "second-inspector", "subject": SHED, "findings": []}
    assert refused(told, "origin-audit", **tame) == ["audit-tied"]
    say(told, corrects("shed", "rival", owner=RIVAL))
    assert refused(told, "origin-audit", **tame) == ["audit-tied"]


def test_no_stranger_says_whose_a_place_is(told: Told):
    """Who claimed it before its holder did names an inspector as its owner: that one audits it as before."""
    say(told, mark(number=OTHER_MARK))
    told.tell("facility", by="rival", subject=SHED, called="shed", owner=who("inspector"))
    say(told, prefixed())
    told.tell("facility", subject=SHED, called="ours")
    told.tell("origin-audit", subject=SHED, called="free", findings=[])
    assert answer(told, "place", place=SHED, maker="*", page="1")[0] == "yes"


@pytest.mark.parametrize("first", ["audit", "claim"])
def test_who_comes_to_own_a_place_has_not_let_it_be_audited(told: Told, first: str):
    told.tell("facility", by="rival", subject=SHED, called="shed", owner=RIVAL)
    belongs(told, "brand")
    tame = {"by": "second-inspector", "subject": SHED, "called": "tame", "findings": []}
    if first == "audit":
        told.tell("origin-audit", **tame)
        say(told, corrects("shed", "rival", owner=BRAND))
    else:
        say(told, corrects("shed", "rival", owner=BRAND))
        assert refused(told, "origin-audit", **tame) == ["audit-tied"]
    told.tell("facility", subject=SHED, called="ours")
    asked = {"place": SHED, "maker": "*", "page": "1"}
    assert answer(told, "place", **asked) == ("unknown", ["audit-absent"])
    told.tell("origin-audit", subject=SHED, called="free", findings=[])
    assert answer(told, "place", **asked)[0] == "yes"


@pytest.mark.parametrize("how", ["withdrawn", "answered"])
def test_what_a_key_did_that_the_operator_bound_is_told(told: Told, how: str):
    """It bound it to an inspector, which takes back a refusal, or passes what another one refused."""
    by: dict[str, Any] = {"by": "second-inspector", "how": {"by": "second-inspector-2"}}
    own = {"by": "second-inspector"} if how == "withdrawn" else {}
    told.tell("inspection", called="bad", on=day(-0.5), **BAD, **own)
    say(told, lost("second-inspector", "inspector")[1])
    if how == "withdrawn":
        topics = {"subject": LOT, "subjects": told.subjects_of("bad")}
        told.tell("withdrawn-in-error", target=citing("bad"), reason="x", **topics, **by)
    else:
        told.tell("inspection", called="tame", answers=[citing("bad")], on=day(0), **by)
    for question, asks in (("trace", GOODS), ("listable", selling()), ("may_sell", selling())):
        found = told.world.ask(question, asks)
        assert found["verdict"] == "yes"
        assert "key-reset" in [note["code"] for note in found["notes"]], question


ITEM = {"goods": f"{GTIN}/21/902", "page": "1"}
OLD = day(-700)


def said_otherwise(t: Told, how: str, **changes: Any) -> None:
    """Let the brand say of its lot what it said, but for some of it: in a correction, or anew."""
    if how == "corrected":
        say(t, corrects("a8", "brand", **changes))
    else:
        same = {k: v for k, v in t.fields_of("a8").items() if k not in ("v", "type")}
        t.tell("lot", subject=LATER, called="again", serial_range=..., **(same | changes))


ANEW = pytest.mark.parametrize("how", ["corrected", "stated anew"])


@ANEW
@pytest.mark.parametrize("what", ["place", "input"])
def test_no_lot_grows_old_before_its_audit_or_its_inputs_recall_comes(
    told: Told, how: str, what: str
):
    """In the other order that is refused: when a lot was made is said otherwise of nothing that was found."""
    leaf = INPUT.partition("/10/")[0]
    told.tell("product", subject=leaf, called="leaf")
    told.tell("lot", subject=INPUT, called="leaves", serial_range=..., made=day(-800))
    told.tell("facility", subject=SHED, called="shed")
    made = {"inputs": [INPUT]} if what == "input" else {"facility": SHED}
    told.tell("lot", subject=LATER, called="a8", serial_range=..., made=day(-5), **made)
    said_otherwise(told, how, made=OLD)
    assert answer(told, "listable")[0] == "yes"
    if what == "input":
        told.tell("recall", by="operator", subject=INPUT)
        assert answer(told, "listable") == ("no", ["lot-recalled"])
        return
    bad = {"subject": SHED, "findings": [finding("critical")]}
    told.tell("origin-audit", called="bad", on=day(-1), **bad)
    assert answer(told, "listable") == ("no", ["place-critical"])


def test_what_is_found_later_where_an_old_lot_was_made_is_not_the_sales(told: Told):
    told.tell("facility", subject=SHED, called="shed")
    told.tell("lot", subject=LATER, called="a8", facility=SHED, serial_range=..., made=day(-5))
    say(told, corrects("a8", "brand", made=OLD))
    told.world.wait(seconds=2 * DAY_S)
    bad = {"subject": SHED, "findings": [finding("critical")]}
    told.tell("origin-audit", called="bad", on=day(-1), **bad)
    assert answer(told, "listable")[0] == "yes"


@pytest.mark.parametrize("which", ["the later lot", "the recalled one"])
@ANEW
def test_no_lot_is_later_than_a_recalled_one_by_saying_so(told: Told, how: str, which: str):
    if which == "the later lot":
        told.tell("lot", subject=LATER, called="a8", serial_range=..., made=day(-40))
        said_otherwise(told, how, made=day(-20))
        told.tell("recall", called="recalled")
    else:
        told.tell("lot", subject=f"{GTIN}/10/C1", serial_range=..., made=day(-25))
        told.tell("lot", subject=LATER, called="a8", serial_range=..., made=day(-20))
        said_otherwise(told, how, made=day(-28))
        told.tell("recall", called="recalled", other_lots=[LATER])
    told.world.wait(seconds=DAY_S)
    passed = LATER if which == "the later lot" else f"{GTIN}/10/C1"
    told.tell("inspection", subject=passed, called="pass", on=day(-0.1))
    assert "lot-recalled" in answer(told, "listable")[1]


@ANEW
def test_no_item_leaves_a_lot_before_its_recall_comes(told: Told, how: str):
    told.tell(
        "lot", subject=LATER, called="a8", serials=["901", "902"], made=day(-3), serial_range=...
    )
    told.tell(
        "lot", subject=f"{GTIN}/10/D1", called="d1", serials=["903"], made=day(-2), serial_range=...
    )
    said_otherwise(told, how, serials=["901"])
    say(told, corrects("d1", "brand", serials=["902", "903"]))
    assert answer(told, "trace", **ITEM)[0] == "yes"
    told.tell("recall", by="operator", subject=LATER, from_=day(-1))
    verdict = "unknown" if how == "corrected" else "no"
    assert answer(told, "trace", **ITEM)[0] == verdict
    assert "serial-contested" in answer(told, "trace", **ITEM)[1]
    named = {"goods": f"{GTIN}/10/D1/21/902", "page": "1"}
    assert answer(told, "trace", **named)[0] == "yes"


def test_what_is_found_of_a_lot_later_is_not_of_an_item_that_it_never_had(told: Told):
    told.tell(
        "lot", subject=LATER, called="a8", serials=["901", "902"], made=day(-3), serial_range=...
    )
    told.tell(
        "lot", subject=f"{GTIN}/10/D1", called="d1", serials=["903"], made=day(-2), serial_range=...
    )
    say(told, corrects("a8", "brand", serials=["901"]))
    say(told, corrects("d1", "brand", serials=["902", "903"]))
    told.world.wait(seconds=2 * DAY_S)
    told.tell("recall", by="operator", subject=LATER)
    assert answer(told, "trace", **ITEM)[0] == "yes"


def pledged(t: Told) -> None:
    """Let the brand promise reports for its lots, and make one that has none in time."""
    promise = {"kind": "reports-for-lots", "within_days": 2}
    t.tell("alliance-pledge", standards=[], from_=day(0), conduct=[promise])
    t.world.wait(seconds=6 * DAY_S)


@ANEW
def test_no_lot_leaves_the_time_of_a_promise_that_it_broke(told: Told, how: str):
    pledged(told)
    told.tell("lot", subject=LATER, called="a8", serial_range=..., made=day(-4))
    assert answer(told, "pledges", party=BRAND)[0] == "no"
    said_otherwise(told, how, made="2026-01-05T00:00:00Z")
    assert answer(told, "pledges", party=BRAND)[0] == "no"


def test_a_lot_that_was_mistyped_in_time_breaks_no_promise(told: Told):
    pledged(told)
    told.tell("lot", subject=LATER, called="a8", serial_range=..., made=day(-1))
    say(told, corrects("a8", "brand", made="2026-01-05T00:00:00Z"))
    told.world.wait(seconds=6 * DAY_S)
    told.world.register()
    assert answer(told, "pledges", party=BRAND)[0] == "unknown"


def advised(t: Told) -> None:
    """Let the operator advise the trader on a lot that failed."""
    failing = {"nonconforming": 2, "decision": "refused", "on": day(-0.2)}
    t.tell("inspection", called="failure", **failing)
    t.tell("inspection", called="another", subject=LATER, **failing)
    t.tell("advice", answer_by=day(15))


def test_no_advice_that_went_unanswered_is_given_more_time(told: Told):
    advised(told)
    told.world.wait(seconds=16 * DAY_S)
    say(told, corrects("advice", "operator", answer_by=day(30)))
    assert answer(told, "improvement", trader=TRADER) == ("no", ["advice-unanswered"])


def test_one_that_is_not_due_yet_is(told: Told):
    advised(told)
    told.world.wait(seconds=10 * DAY_S)
    say(told, corrects("advice", "operator", answer_by=day(30)))
    told.world.wait(seconds=10 * DAY_S)
    told.world.register()
    assert answer(told, "improvement", trader=TRADER) == ("unknown", ["advice-waiting"])
    say(told, corrects("advice", "operator", answer_by=day(1)))
    told.world.wait(seconds=2 * DAY_S)
    told.world.register()
    assert answer(told, "improvement", trader=TRADER) == ("no", ["advice-unanswered"])


def test_nothing_that_was_weighed_is_left_out_by_a_correction(told: Told):
    advised(told)
    other = corrects("advice", "operator", grounds=[citing("another")])
    assert told.world.refuse(other(told.world)) == ["supersede-loosens"]
    told.tell("qualification-withdrawal")
    assert answer(told, "admission", trader=TRADER) == ("no", ["paper-withdrawn"])
    fewer = corrects("admission", "operator", evidence=[citing("trader")])
    assert told.world.refuse(fewer(told.world)) == ["supersede-loosens"]
    told.tell("admission", called="anew", evidence=[citing("trader")])
    assert answer(told, "admission", trader=TRADER)[0] == "yes"


@pytest.mark.parametrize("first", ["report", "claim"])
def test_no_label_holds_by_what_the_laboratory_of_a_lots_maker_passed(first: str):
    told, lot, sample = begun(), f"{GTIN}/10/N1", "urn:sample:n1"
    say(told, *LABELLED)
    say(told, *again(measured(water=("7.5", "fail")), called="failing"))
    assert "criterion-failed" in answer(told, "label", product=GTIN)[1]
    told.world.wait(seconds=3_600)
    belongs(told, "agent", what="second-laboratory", how="wholly-owned")
    states = {"by": "agent", "subject": lot, "called": "n1", "serial_range": ..., "made": day(-6)}
    if first == "claim":
        told.tell("lot", **states)
    methods = [method(name) for name in ("GB 23200.113", "GB 5009.12", "GB 5009.3", "GB/T 8313")]
    say(told, accredited("second-laboratory", "second accreditation", *methods))
    say(told, sealed(sample, "n1 sealed", lot=lot))
    handed = {"subject": sample, "lot": lot, "previous": id_of("n1 sealed"), "at": day(-0.9)}
    told.tell("custody", by="second-laboratory", called="n1 received", **handed)
    tested = {k: v for k, v in told.fields_of("report").items() if k not in ("v", "type")}
    tested |= {"lot": lot, "custody": id_of("n1 received"), "number": "N-1"}
    tested |= {"accreditations": [citing("second accreditation")], "tested_until": day(-0.01)}
    tested |= {"received": str(told.said["n1 received"][1].at), "issued": day(0)}  # type: ignore[attr-defined]
    how = {"by": "second-laboratory", "subject": sample, "called": "n1 tested"}
    if first == "claim":
        assert refused(told, "test-report", **how, **tested) == ["report-tied"]
    else:
        told.tell("test-report", **how, **tested)
        assert "criterion-failed" not in answer(told, "label", product=GTIN)[1]
        told.tell("lot", **states)
    assert "criterion-failed" in answer(told, "label", product=GTIN)[1]


@pytest.mark.parametrize("by", ["operator", "registrar"])
def test_no_operator_takes_an_authoritys_limits_away(by: str):
    told = begun()
    say(told, *LABELLED)
    limits = [LEAD | {"limit": "1.5"}, WATER]
    told.tell("baseline-standard", called="stricter", criteria=limits, from_=day(0.01))
    told.world.wait(seconds=DAY_S)
    told.world.register()
    assert answer(told, "label", product=GTIN)[1] == ["standard-outdated"]
    decision = decides(by, subject=BASELINE, rejected=[citing("stricter")])
    if by == "operator":
        assert told.world.refuse(decision(told.world)) == ["decision-rank"]
        return
    say(told, decision)
    found = told.world.ask("label", {"product": GTIN})
    assert "claim-rejected" in [note["code"] for note in found["notes"]]
