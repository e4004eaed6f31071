"""What of a remedy is there already is told, and what is still lacking; a mended plan hides nothing open."""

from typing import Any

from paper import copy_of
from questions.scene import sanction, say, selling
from questions.scenes.mending import DONE, VERIFIED
from questions.scenes.parties import AGAINST
from rules.words import citing, grant, revoke, says
from tea import GTIN, LOT
from usual import Told, day
from world import TRADER

from ledger.phrases.sentences import reason_sentence

LATER = f"{GTIN}/10/AFTER"


def told_of(told: Told, code: str, question: str, **asks: Any) -> tuple[dict, str, str]:
    """Return the facts of the one reason or note of a code, and its sentence in each language."""
    answer = told.world.ask(question, asks)  # type: ignore[attr-defined]
    (item,) = [one for one in (*answer["reasons"], *answer["notes"]) if one["code"] == code]
    return item["facts"], reason_sentence(item, "en"), reason_sentence(item, "zh")


def begun(beginning: Told) -> Told:
    told = copy_of(beginning.world, beginning)
    told.world.told = told  # type: ignore[attr-defined]
    return told


def test_a_plan_found_effective_closes_no_finding_of_its_lot_and_says_so(beginning: Told):
    """One remedy of three is there, then two; improvement and trace say the same of it."""
    told = begun(beginning)
    _, plan, *_ = say(told, *DONE)
    facts, en, zh = told_of(told, "lot-refused", "trace", goods=LOT)
    assert (facts["begun"], "planned" in facts) == (plan, False)
    assert f"an improvement plan that nobody verified yet (entry {plan})" in en
    assert f"尚未查验（条目 {plan}）" in zh
    (verified,) = say(told, VERIFIED)
    for question, asks in (("improvement", {"trader": TRADER}), ("trace", {"goods": LOT})):
        facts, en, zh = told_of(told, "lot-refused", question, **asks)
        assert facts["planned"] == verified
        assert f"There is: an improvement plan found effective (entry {verified})." in en
        assert "Still lacking, unless the lot itself passes: its recall" in en
        assert f"已有：查验有效的整改计划（条目 {verified}）" in zh
    (recall,) = say(told, says("recall", by="operator"))
    facts, en, zh = told_of(told, "lot-refused", "trace", goods=LOT)
    assert (facts["recalled"], facts["planned"]) == (recall, verified)
    assert f"There is: the recall (entry {recall}) and an improvement plan" in en
    assert f"已有：召回（条目 {recall}）、查验有效的整改计划（条目 {verified}）。还缺：" in zh


def test_of_a_recall_the_later_lot_that_passed_is_there(beginning: Told):
    told = begun(beginning)
    say(told, says("recall", by="operator"))
    facts, _, zh = told_of(told, "lot-recalled", "trace", goods=LOT)
    assert ("have" in facts, "已有" in zh) == (False, False)
    told.world.wait(seconds=86_400)
    later = {"subject": LATER, "called": "after"}
    (made,) = say(told, says("lot", made=day(0), serial_range=..., **later))
    facts, en, zh = told_of(told, "lot-recalled", "trace", goods=LOT)
    assert (facts["begun"], "have" in facts) == (made, False)
    assert f"There is: a lot made later (entry {made})." in en
    assert f"已有：其后生产的批次（条目 {made}）" in zh
    (passed,) = say(told, says("inspection", subject=LATER, called="passed", on=day(0)))
    facts, en, zh = told_of(told, "lot-recalled", "trace", goods=LOT)
    assert facts["have"] == passed
    assert f"There is: a lot made after the recall that passed (entry {passed})." in en
    assert f"已有：召回之后生产且检验合格的批次（条目 {passed}）。还缺：" in zh


def test_a_plan_about_what_a_sanction_rests_on_counts_for_it(beginning: Told):
    told = begun(beginning)
    say(told, *sanction())
    _, en, zh = told_of(told, "sanctioned", "sanctions", **AGAINST)
    assert "whose cause is the sanction, or something that it rests on, was found effective" in en
    assert "以该处罚或其依据为起因" in zh
    cause = citing("recall")
    (plan,) = say(told, says("improvement-plan", cause=cause, called="plan"))
    facts, en, zh = told_of(told, "sanctioned", "sanctions", **AGAINST)
    assert (facts["begun"], "have" in facts) == (plan, False)
    assert f"such a plan, which nobody verified yet (entry {plan})." in en
    assert f"尚未查验（条目 {plan}）" in zh
    *_, verified = say(
        told,
        says("improvement-step", cause=cause),
        says("improvement-step", cause=cause, action=2, called="second"),
        says("improvement-verified", cause=cause),
    )
    facts, en, zh = told_of(told, "sanctioned", "sanctions", **AGAINST)
    assert facts["have"] == verified
    assert f"found effective (entry {verified}). Still lacking: that the operator lifts it." in en
    assert f"已有：此类整改计划已查验有效（条目 {verified}）。还缺：由平台运营方解除。" in zh


def test_a_grant_that_begins_later_is_there_of_what_a_chain_lacks(beginning: Told):
    told = begun(beginning)
    say(told, revoke("distributor", "distributor", "agent"))
    facts, _, zh = told_of(told, "grant-revoked", "may_sell", **selling())
    assert ("begun" in facts, "尚未开始生效" in zh) == (False, False)
    again = grant("agent", "distributor", under="agent", **{"from": day(3)}, depth=1)
    (coming,) = say(told, again)
    facts, en, zh = told_of(told, "grant-revoked", "may_sell", **selling())
    assert facts["begun"] == coming
    assert f"which begins later (entry {coming})" in en
    assert f"上述授权之一，尚未开始生效（条目 {coming}）" in zh
