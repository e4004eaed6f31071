"""What a signer chooses to say, of when, of whom and of how much: told otherwise later, it bends no verdict."""

from typing import Any

import pytest
from questions.attacks import (
    BAD,
    CAKE,
    CLEAN,
    OF_SHED,
    SHED,
    answer,
    belongs,
    both,
    leased,
    ready,
    refused,
)
from questions.scene import say, selling
from rules.words import OTHER_MARK, corrects, lost, mark, prefixed, rivals
from tea import GTIN, LOT
from usual import MODEL, RIVAL, Told, citing, day, finding, who
from world import BRAND, DAY_S

GOODS = {"goods": LOT, "page": "1"}


@pytest.fixture
def told() -> Told:
    """Return the usual beginning: the tea may be listed."""
    return ready()


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
