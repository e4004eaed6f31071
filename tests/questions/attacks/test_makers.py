"""Ways by which a maker, its inspector or a reseller once bent a verdict: told again, they bend none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from paper import Paper
from questions.attacks.means import (
    BAD,
    CAKE,
    CLEAN,
    INPUT,
    LATER,
    LEAVES,
    OF_SHED,
    SHED,
    answer,
    begun,
    belongs,
    both,
    failing,
    leased,
    made_by_agent,
    of_leaves,
    refused,
    retained,
    second_key,
    suspected,
    takes_it_over,
    untold,
)
from questions.scene import say, selling
from questions.scenes.label import LABELLED, again, measured
from rules.laboratory_words import (
    FAILED,
    OBJECTED,
    RETAINED_THERE,
    UNSURE,
    retest,
)
from rules.words import (
    OTHER_MARK,
    affiliation,
    anew,
    becomes,
    corrects,
    decides,
    disputed,
    grant,
    lost,
    mark,
    prefixed,
    revoke,
    rivals,
    says,
    withdraw_mark,
    withdraws,
)
from tea import AGENT, DISTRIBUTOR, GTIN, LOT, MARK, OFFICE
from usual import (
    LEAD,
    MODEL,
    MORE,
    REGISTRAR,
    RIVAL,
    SUBSIDIARY,
    WATER,
    Told,
    citing,
    day,
    finding,
    result,
    who,
)
from world import BRAND, DAY_S, OPERATOR, TRADER, key_of

from ledger.primitives.instant import format_us
from ledger.questions import lots as walking
from ledger.writing.log import Refused, Registered


def takes_number(t: Told, lot: str) -> None:
    """Let the rival take a lot over: it says what its maker said, nothing else."""
    taken = {"by": "rival", "subject": lot, "called": "taken"}
    assert refused(t, "lot", made=day(-30), serial_range=..., **taken) == ["restated-loosens"]
    same = t.fields_of("lot" if lot == LOT else "agents")
    t.tell("lot", **taken, **{name: same.get(name, ...) for name in ("made", "serial_range")})


@pytest.mark.parametrize(
    "made", [{"inputs": [LOT]}, {"serial_range": {"first": "001", "last": "480"}}]
)
def test_a_lot_of_recalled_goods_answers_no_recall(told: Told, made: dict[str, Any]):
    told.tell("recall")
    told.world.wait(seconds=10 * DAY_S)
    size = {"quantity": {"amount": "120", "unit": "kg"}} | ({"serial_range": ...} | made)
    told.tell("lot", subject=LATER, called="later", made=day(-1), **size)
    told.tell("inspection", subject=LATER, called="pass", on=day(-0.1))
    for question in ("may_sell", "listable"):
        assert answer(told, question)[0] == "no"
    assert "listing-open" in refused(told, "listing", called="listing")


def test_honest_refusals_are_heard_whatever_was_delivered_before(told: Told):
    inbound = {"mode": "inbound", "trader": TRADER, "by": "warehouse"}
    told.tell("inspection", called="tame", lot_size=480, delivery="D-1", on=day(-0.5), **inbound)
    plan = {"lot_size": 100, "delivery": "D-9", "sample_size": 13, "accept": 0, "reject": 1}
    bad = {"nonconforming": 5, "decision": "refused", "on": day(-0.2)}
    told.tell("inspection", called="honest", **inbound, **plan, **bad)
    assert "lot-refused" in answer(told, "listable")[1]


def test_an_exclusive_grant_of_who_lost_its_right_bars_nothing():
    told = untold()
    paper = told.world
    told.enter()
    for name, (id_, role) in MORE.items():
        paper.party(name, id_, roles=[role])
    kind = {"kind": "trademark-registered", "number": MARK, "categories": ["food/tea"]}
    told.tell("qualification", subject=BRAND, called="mark", **kind)
    paper.accept(affiliation("brand", "subsidiary", relation="sole-agent", categories=...)(paper))
    paper.accept(grant("subsidiary", "rival", "mark", exclusive=True, depth=3, called="ex")(paper))
    ours = grant("brand", "agent", "mark", depth=3, called="ours")
    assert "grant-exclusive" in paper.refuse(ours(paper))
    told.tell(
        "qualification-withdrawal",
        by="office",
        subject=SUBSIDIARY,
        target=citing("subsidiary of brand"),
        number="urn:qualification:samr.cn:SUBSIDIARY-BRAND",
    )
    paper.wait(seconds=DAY_S)
    assert isinstance(paper.register(ours(paper))[0], Registered)
    paper.accept(revoke("ex", "rival", "brand")(paper))


def test_nobody_takes_back_its_own_recall_by_revoking_the_key_of_its_lot(told: Told):
    since = second_key(told, "trader", TRADER)
    told.tell("lot", by="trader", subject=f"{GTIN}/10/B1", called="own", serial_range=...)
    recall = {"reason": "residue", "from": told.time(0)}
    subject = f"{GTIN}/10/B1"
    raw = told.world.statement("recall", recall, by="trader2", issuer=TRADER, subject=subject)
    told.call("recall", raw)
    told.world.accept(raw)
    suspected(told, "trader", TRADER, since)
    topics = sorted([["inspection", subject], ["recall", GTIN]])
    fields = {"target": citing("recall")(told), "subjects": topics, "reason": "typing error"}
    taken = told.world.statement(
        "withdrawn-in-error", fields, by="trader2", issuer=TRADER, subject=subject
    )
    assert "error-gains" in told.world.refuse(taken)
    assert answer(told, "trace", goods=subject, page="1")[1][0] == "lot-recalled"


def test_a_tied_pass_closes_nothing_once_its_maker_revoked_a_key(told: Told):
    tied = affiliation("agent", "second-inspector", relation="tied", categories=...)
    told.world.accept(tied(told.world))
    since = second_key(told, "agent", AGENT)
    lot = f"{GTIN}/10/B1"
    told.tell("lot", by="agent", subject=lot, called="theirs", made=day(-1), serial_range=...)
    bad = {"nonconforming": 2, "decision": "refused", "findings": [finding("critical")]}
    told.tell("inspection", subject=lot, called="bad", on=day(-0.5), **bad)
    again = {"by": "second-inspector", "answers": [citing("bad")]}
    told.tell("inspection", subject=lot, called="tame", on=day(-0.2), **again)
    suspected(told, "agent", AGENT, since)
    assert "lot-refused" in answer(told, "listable")[1]


def test_no_tied_inspector_audits_a_place_whose_owner_revoked_its_key(told: Told):
    tied = affiliation("brand", "second-inspector", relation="tied", categories=...)
    told.world.accept(tied(told.world))
    since = second_key(told, "brand", BRAND)
    told.tell("facility", subject=SHED, called="shed")
    told.tell("origin-audit", subject=SHED, called="bad", findings=[finding("critical")])
    suspected(told, "brand", BRAND, since)
    assert "audit-tied" in refused(
        told, "origin-audit", by="second-inspector", subject=SHED, called="tame", on=day(-0.1)
    )


def in_of_recalled(told: Told) -> Callable[[], tuple[str, list[str]]]:
    """Make a lot of another product's, which is recalled then; return how to ask."""
    told.tell("product", subject=INPUT.partition("/10/")[0], called="leaf")
    told.tell("lot", subject=INPUT, called="leaves", serial_range=..., made=day(-800))
    told.tell("lot", subject=LATER, called="made of it", serial_range=..., inputs=[INPUT])
    told.tell("recall", subject=INPUT, by="operator")
    return lambda: answer(told, "listable")


def test_a_lot_of_recalled_inputs_is_not_stated_again_as_an_old_one(told: Told):
    asked = in_of_recalled(told)
    old = {"subject": LATER, "serial_range": ..., "inputs": [INPUT], "made": day(-700)}
    assert refused(told, "lot", called="old", **old) == ["restated-loosens"]
    assert asked() == ("no", ["lot-recalled"])


def test_nor_left_out_by_revoking_the_key_that_stated_it(told: Told):
    since = second_key(told, "brand", BRAND)
    asked = in_of_recalled(told)
    suspected(told, "brand", BRAND, since)
    assert "lot-recalled" in asked()[1]


def test_a_rival_takes_no_name_while_its_owner_has_to_say_it_again(told: Told):
    since = second_key(told, "brand", BRAND)
    told.tell("product", subject=INPUT.partition("/10/")[0], called="leaf")
    told.tell("facility", subject=SHED, called="shed")
    told.world.accept(mark(number=OTHER_MARK)(told.world))
    suspected(told, "brand", BRAND, since)
    leaf = INPUT.partition("/10/")[0]
    theirs = told.world.refuse(rivals(leaf)(told.world))
    place = refused(told, "facility", by="rival", subject=SHED, called="theirs", owner=RIVAL)
    assert (theirs, place) == (["claim-taken"], ["claim-taken"])
    assert answer(told, "may_sell", **selling(product=leaf))[1] == ["claim-in-doubt"]
    ours = {"by": "brand2", "issuer": BRAND}
    told.tell("product", subject=leaf, called="leaf again", how=ours)
    told.tell("facility", subject=SHED, called="shed again", how=ours)
    assert answer(told, "may_sell", **selling(product=leaf))[0] == "yes"


def test_an_operator_frees_no_name_for_a_friend(told: Told):
    told.world.accept(mark(number=OTHER_MARK)(told.world))
    for step in lost("brand"):
        told.world.accept(step(told.world))
    assert told.world.refuse(rivals()(told.world)) == ["claim-taken"]
    found = told.world.ask("may_sell", selling())
    assert [reason["facts"]["by"] for reason in found["reasons"]] == [OPERATOR]
    told.tell("product", called="again", how=anew("brand"))
    found = told.world.ask("may_sell", selling())
    assert found["verdict"] == "yes"
    told_by = {note["code"]: note["facts"].get("by") for note in found["notes"]}
    assert told_by == {"key-suspected": OPERATOR, "key-reset": None}


def test_an_honest_recall_stands_while_its_product_is_in_doubt(told: Told):
    told.tell("recall")
    for step in lost("brand"):
        told.world.accept(step(told.world))
    assert "lot-recalled" in answer(told, "trace", goods=LOT)[1]


def test_inputs_in_doubt_are_inputs_still(told: Told):
    since = second_key(told, "brand", BRAND)
    leaf = INPUT.partition("/10/")[0]
    told.tell("product", subject=leaf, called="leaf", how={"by": "brand2", "issuer": BRAND})
    told.tell("lot", subject=INPUT, called="leaves", serial_range=..., made=day(-5))
    again = {"subject": f"{leaf}/10/X2", "serial_range": ..., "made": day(-4)}
    told.tell("lot", called="dried", inputs=[INPUT], **again)
    told.tell("recall", called="first")
    told.tell("recall", called="second", subject=INPUT, by="operator")
    told.world.wait(seconds=DAY_S)
    more = {"made": day(-0.5), "serial_range": ..., "how": {"by": "brand2", "issuer": BRAND}}
    told.tell("lot", subject=LATER, called="later", inputs=[f"{leaf}/10/X2"], **more)
    told.tell("inspection", subject=LATER, called="pass", on=day(-0.1))
    assert answer(told, "may_sell")[0] == "no"
    suspected(told, "brand", BRAND, since)
    assert answer(told, "may_sell")[0] == "no"


def test_an_authority_outranks_the_operator_that_took_its_role(told: Told):
    for step in (*disputed(), decides(), becomes("registrar", "brand")):
        told.world.accept(step(told.world))
    overruled = decides("operator", called="theirs", rejected=[citing("product")])
    told.world.accept(overruled(told.world))
    assert answer(told, "trace", goods=LOT)[0] == "yes"


RANGE = {"serial_range": {"first": "900", "last": "999"}}


def test_nobody_takes_its_serial_numbers_out_of_a_recall(told: Told):
    told.tell("recall")
    made = {"made": lambda t: t.said["lot"][1].made, **RANGE}
    assert refused(told, "lot", called="again", **made) == ["restated-loosens"]
    assert told.world.refuse(corrects("lot", "brand", **RANGE)(told.world)) == ["supersede-loosens"]
    assert answer(told, "trace", goods=f"{GTIN}/21/007") == ("no", ["lot-recalled"])


def test_a_recalled_lots_serial_numbers_are_compared_with_its_key_in_doubt(told: Told):
    since = second_key(told, "brand", BRAND)
    bad, same = f"{GTIN}/10/B1", {"serial_range": {"first": "001", "last": "480"}}
    ours: dict[str, Any] = {"how": {"by": "brand2", "issuer": BRAND}}
    told.tell("lot", subject=bad, called="bad", made=day(-0.5), **same)
    told.tell("recall", subject=bad, called="recalled", **ours)
    told.world.wait(seconds=10 * DAY_S)
    told.tell("lot", subject=LATER, called="later", made=day(-1), **same, **ours)
    told.tell("inspection", subject=LATER, called="pass", on=day(-0.1))
    before = answer(told, "listable")
    assert before[0] == "no"
    suspected(told, "brand", BRAND, since)
    assert "lot-recalled" in answer(told, "listable")[1]


def test_a_recall_said_to_begin_earlier_is_answered_no_earlier(told: Told):
    told.tell("lot", subject=LATER, called="later", serial_range=..., made=day(-20))
    told.tell("inspection", subject=LATER, called="pass", on=day(-6))
    told.world.wait(seconds=3 * DAY_S)
    told.tell("recall", called="recalled")
    assert answer(told, "listable")[0] == "no"
    told.world.accept(corrects("recalled", "brand", **{"from": told.time(-25)})(told.world))
    assert answer(told, "listable")[0] == "no"


def test_an_improvement_mends_nothing_that_is_found_behind_it(told: Told):
    told.tell("recall", called="recalled")
    cause = {"cause": citing("recalled")}
    of_brand = {"by": "brand", "subject": BRAND}
    actions = [{"text": "clean the dryer", "due": day(10)}]
    told.tell("improvement-plan", called="plan", actions=actions, **of_brand, **cause)
    step = {"target": citing("plan"), **cause}
    told.tell("improvement-step", action=1, **of_brand, **step)
    told.tell("improvement-verified", subject=BRAND, on=day(-0.01), **step)
    told.world.wait(seconds=5 * DAY_S)
    bad: dict[str, Any] = {"nonconforming": 2, "decision": "refused"}
    told.tell("inspection", called="bad", findings=[finding("critical")], on=day(-0.2), **bad)
    told.tell("lot", subject=LATER, called="later", serial_range=..., made=day(-1))
    told.tell("inspection", subject=LATER, called="pass", on=day(0))
    assert {"lot-refused", "lot-critical"} <= set(answer(told, "listable")[1])


def test_a_refusal_becomes_no_less_independent_nor_less_severe(told: Told):
    told.world.accept(becomes("inspector", "inspector", "warehouse")(told.world))
    bad: dict[str, Any] = {"nonconforming": 2, "decision": "refused", "class": "critical"}
    told.tell("inspection", called="bad", trader=DISTRIBUTOR, on=day(-0.2), **bad)
    for field in ({"mode": "patrol"}, {"class": "minor"}, {"class": ...}):
        how = corrects("bad", "inspector", **field)
        assert "supersede-loosens" in told.world.refuse(how(told.world))


def test_the_operator_loosens_no_limit_by_a_doubt_about_the_authority():
    story = Told(Paper(Path(), ""))
    story.world.told = story  # type: ignore[attr-defined]
    story.begin()
    say(story, *LABELLED)
    since = story.time(0)
    story.world.wait(seconds=DAY_S)
    stricter = [LEAD | {"limit": "1.5"}, WATER]
    story.tell("baseline-standard", called="stricter", criteria=stricter, from_=day(0.01))
    story.world.wait(seconds=DAY_S)
    story.world.register()
    fields = {"kid": key_of("office").public.kid.hex(), "reason": "compromised"}
    fields["suspected_since"] = since
    raw = story.world.statement(
        "key-revocation", fields, by="operator", issuer=OPERATOR, subject=OFFICE
    )
    story.world.accept(raw)
    story.world.register()
    assert "standard-outdated" in answer(story, "label", product=GTIN)[1]


def agents_of_leaves(told: Told) -> str:
    """Let the agent dry leaves that are recalled then; return its lot."""
    told.tell("lot", subject=LATER, called="leaves", serial_range=..., made=day(-5))
    dried = f"{GTIN}/10/D1"
    made_of = {"inputs": [LATER], "serial_range": ..., "made": day(-2)}
    told.tell("lot", by="agent", subject=dried, called="dried", **made_of)
    told.tell("recall", by="operator", subject=LATER)
    return dried


def test_a_right_holder_takes_no_lot_over_without_what_its_agent_made_it_of(told: Told):
    dried = agents_of_leaves(told)
    asked = {"goods": dried, "page": "1"}
    assert answer(told, "trace", **asked)[0] == "no"
    again = {"subject": dried, "serial_range": ..., "made": day(-2)}
    assert refused(told, "lot", called="ours", **again) == ["restated-loosens"]
    again |= {"inputs": [LATER], "made": lambda t: t.fields_of("dried")["made"]}
    told.tell("lot", called="ours", **again)
    assert answer(told, "trace", **asked) == ("no", ["lot-recalled"])


def test_nor_by_a_subsidiary_that_comes_into_the_mark():
    told = begun()
    paper = told.world
    paper.accept(affiliation("brand", "subsidiary", categories=...)(paper))
    dried = agents_of_leaves(told)
    how = {"subject": dried, "serial_range": ..., "made": day(-2), "by": "subsidiary"}
    assert "restated-loosens" in refused(told, "lot", called="ours", **how)


def test_a_reseller_calls_no_number_back_before_the_brand_makes_the_lot(told: Told):
    lot = f"{GTIN}/10/N1"
    told.tell("lot", by="agent", subject=lot, called="early", serial_range=..., made=day(-1))
    told.tell("recall", by="agent", subject=lot, called="theirs")
    told.world.wait(seconds=5 * DAY_S)
    sooner = told.write("lot", subject=lot, called="sooner", serial_range=..., made=day(-7))
    (outcome,) = told.world.register(sooner)
    assert isinstance(outcome, Refused)
    made_after = f"made after {AGENT} called its own back where it is other goods"
    assert made_after in outcome.refusals[0].message
    told.tell("lot", subject=lot, called="ours", serial_range=..., made=day(-1))
    told.tell("inspection", subject=lot, called="pass", on=day(0))
    found = told.world.ask("trace", {"goods": lot, "page": "1"})
    assert found["verdict"] == "yes"
    notes = {note["code"]: note["facts"] for note in found["notes"]}
    lapsed = notes["recall-lapsed"]
    assert {name: lapsed[name] for name in ("lot", "party", "by")} == {
        "lot": lot,
        "party": AGENT,
        "by": BRAND,
    }


def test_a_brand_undoes_no_recall_of_its_agents_lot_by_taking_it_over(told: Told):
    lot = f"{GTIN}/10/N1"
    told.tell("lot", by="agent", subject=lot, called="theirs", serial_range=..., made=day(-1))
    told.tell("inspection", subject=lot, called="seen", on=day(-0.5))
    told.tell("recall", by="agent", subject=lot, called="honest")
    told.world.wait(seconds=5 * DAY_S)
    again = {"subject": lot, "serial_range": ...}
    assert refused(told, "lot", called="ours", made=day(-1), **again) == ["restated-loosens"]
    as_it_was = {"made": lambda t: t.fields_of("theirs")["made"]}
    told.tell("lot", called="ours", **again | as_it_was)
    for question in ("trace", "listable"):
        asks = {"goods": lot, "page": "1"} if question == "trace" else {}
        assert answer(told, question, **asks) == ("no", ["lot-recalled"])


def test_a_fellow_resellers_own_recall_ends_nobodys_cooperation(told: Told):
    fellow = grant("distributor", "rival", "distributor", depth=0, called="fellow's")
    told.world.accept(fellow(told.world))
    theirs = {"by": "rival", "subject": f"{GTIN}/10/F1"}
    told.tell("lot", called="theirs", serial_range=..., **theirs)
    told.tell("recall", **theirs)
    over = {"triggers": [citing("recall")], "severity_ground": "critical"}
    assert "sanction-triggers" in refused(told, "sanction", step="end-cooperation", **over)


@pytest.mark.parametrize("step", ["interview", "delist"])
def test_what_bars_one_trader_says_no_of_nobodys_goods(told: Told, step: str):
    """Neither of the goods, nor of another trader's sale: it is to be known of both."""
    told.tell("recall", by="operator", subject=LATER)
    severe = {"severity_ground": "critical"} if step == "delist" else {}
    how = {"step": step, "triggers": [citing("recall")], "products": [GTIN]}
    told.tell("sanction", **how, **severe)
    for asks in ({"goods": LOT, "page": "1"}, selling(trader=DISTRIBUTOR)):
        question = "trace" if "goods" in asks else "may_sell"
        found = told.world.ask(question, asks)
        assert found["verdict"] == "yes"
        assert "sanctioned" in [note["code"] for note in found["notes"]]
    assert answer(told, "may_sell")[0] == ("no" if step == "delist" else "yes")


def test_an_inconclusive_retest_overturns_nothing():
    told = begun()
    say(told, *UNSURE)
    assert refused(told, "objection-closed", outcome="overturned") == ["closing-outcome"]
    told.tell("objection-closed", called="closed")
    assert answer(told, "trace", goods=LOT, page="1") == ("no", ["report-failed"])


def test_a_retest_suspends_no_objection_that_lapsed():
    told = begun()
    say(told, *OBJECTED)
    assert answer(told, "trace", goods=LOT, page="1") == ("unknown", ["report-objected"])
    told.world.wait(seconds=16 * DAY_S)
    say(told, *RETAINED_THERE, retest(result("0.05", "pass"), month="2026-09"))
    assert answer(told, "trace", goods=LOT, page="1") == ("no", ["report-failed"])


def test_no_decision_frees_the_serial_numbers_of_a_recalled_lot(told: Told):
    same = {"serial_range": {"first": "001", "last": "480"}}
    told.tell("lot", by="agent", subject=f"{GTIN}/10/D1", called="theirs", made=day(-5), **same)
    told.tell("recall", by="operator", subject=f"{GTIN}/10/D1")
    theirs = {"subject": f"{GTIN}/10/D1", "upheld": ..., "rejected": [citing("theirs")]}
    told.world.accept(decides(**theirs)(told.world))
    told.world.wait(seconds=2 * DAY_S)
    told.tell("lot", subject=LATER, called="later", made=day(-1), **same)
    told.tell("inspection", subject=LATER, called="pass", on=day(0))
    assert answer(told, "listable") == ("no", ["lot-recalled"])


def fellow_lots(told: Told, count: int, **how: Any) -> list[str]:
    """Let the agent state lots of its own; return them."""
    lots = [f"{GTIN}/10/F{number}" for number in range(count)]
    for lot in lots:
        told.tell("lot", by="agent", subject=lot, called=lot, serial_range=..., **how)
    return lots


def lots_read(told: Told) -> tuple[set[str], dict[str, dict[str, Any]]]:
    """Return which lots' histories are read for a sale, and the notes of its answer."""
    found, trace = told.world.fold("may_sell", selling())
    read = {subject for topic, subject in trace.histories if topic in ("inspection", "lot")}
    return read, {note["code"]: note["facts"] for note in found["notes"]}


def test_a_resellers_recalls_make_no_answer_read_its_lots(told: Told):
    first, *others = fellow_lots(told, 20)
    told.tell("recall", by="agent", subject=first, other_lots=others)
    read, notes = lots_read(told)
    assert read.isdisjoint((first, *others))
    assert notes["recalls-above"] == {"product": GTIN, "count": 20, "party": AGENT}


def test_nor_does_an_offices_recall_of_one_of_them(told: Told):
    first, *others = fellow_lots(told, 20)
    told.tell("recall", by="operator", subject=first)
    read, _ = lots_read(told)
    assert first in read
    assert read.isdisjoint(others)


def test_a_resellers_lots_beyond_the_limit_leave_the_product_known(
    told: Told, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(walking, "MAX_LOTS", 10)
    fellow_lots(told, 12)
    found = told.world.ask("trace", {"goods": GTIN, "page": "1"})
    assert found["verdict"] == "yes"
    assert "walk-limit" in [note["code"] for note in found["notes"]]


@pytest.mark.parametrize("by", ["brand", "agent"])
def test_who_takes_the_number_when_a_mark_has_ended_undoes_no_recall(told: Told, by: str):
    lot = LOT if by == "brand" else LATER
    if by == "agent":
        told.tell("lot", by=by, subject=lot, called="agents", serial_range=..., made=day(-20))
    told.tell("recall", by=by, subject=lot)
    say(told, withdraw_mark(), mark(number=OTHER_MARK), rivals())
    takes_number(told, lot)
    for goods in (lot, GTIN):
        assert answer(told, "trace", goods=goods, page="1") == ("no", ["lot-recalled"])


@pytest.mark.parametrize("what", ["input", "place"])
@pytest.mark.parametrize("how", ["the mark passes on", "another mark"])
def test_no_other_mark_takes_an_agents_lot_out_of_what_was_found(told: Told, what: str, how: str):
    told.tell("product", subject=INPUT[: -len("/10/X1")], called="leaf")
    told.tell("lot", subject=INPUT, called="leaves", serial_range=..., made=day(-50))
    told.tell("facility", subject=SHED, called="shed")
    made = {"inputs": [INPUT]} if what == "input" else {"facility": SHED}
    agents = {"subject": LATER, "serial_range": ..., "made": day(-20)}
    told.tell("lot", by="agent", called="theirs", **agents, **made)
    if what == "input":
        told.tell("recall", by="operator", subject=INPUT)
    else:
        told.tell("origin-audit", subject=SHED, called="bad", findings=[finding("critical")])
    assert answer(told, "trace", goods=LATER, page="1")[0] == "no"
    if how == "another mark":
        who = "brand"
        say(told, mark(holder="brand", by="registrar", number=OTHER_MARK))
        told.tell("product", brand=OTHER_MARK, under=citing("second mark"), called="again")
    else:
        who = "rival"
        say(told, withdraw_mark(), mark(holder="rival", by="office"))
        under = {"brand": MARK, "under": citing("second mark")}
        told.tell("product", by="rival", called="again", **under)
    assert refused(told, "lot", by=who, called="washed", **agents) == ["restated-loosens"]


def test_no_competitor_suspends_a_label_by_what_a_newer_report_answered():
    told = begun()
    unsure = [item | {"uncertainty": "0.2"} for item in measured(water=("6.9", "inconclusive"))]
    say(told, *LABELLED, *again(unsure, trader=DISTRIBUTOR, decision_rule="guarded"))
    told.world.wait(seconds=3_600)
    say(told, *again(measured(), called="third"))
    assert answer(told, "label", product=GTIN) == ("yes", [])
    statement, body = told.said["again"]
    of = {"lot": str(body.lot), "laboratory": statement.issuer, "month": body.issued_in}
    told.tell(
        "objection", by="distributor", subject="urn:sample:again", target=citing("again"), **of
    )
    assert answer(told, "label", product=GTIN) == ("yes", [])


def test_an_objection_says_nothing_of_the_time_before_it():
    told = begun()
    say(told, *FAILED)
    told.world.wait(seconds=5 * DAY_S)
    told.world.register()
    then = told.world.last_us()
    told.world.wait(seconds=5 * DAY_S)
    told.tell("objection", month="2026-09")
    goods = {"goods": LOT, "page": "1"}
    assert told.world.ask("trace", goods)["verdict"] == "unknown"
    assert told.world.ask("trace", goods, valid_at_us=then)["verdict"] == "no"


def taken_over(t: Told, lot: str, *between: Callable[[], Any], **made: Any) -> None:
    """Let an agent state and call back a lot of whose number the brand then makes one of its own."""
    t.tell("lot", by="agent", subject=lot, called="theirs", serial_range=..., made=day(-1))
    t.tell("recall", by="agent", subject=lot, called="agent's recall")
    for step in between:
        step()
    t.world.wait(seconds=5 * DAY_S)
    t.tell("lot", subject=lot, called="ours", serial_range=..., made=day(-1), **made)


def of_others(t: Told, lot: str, **made: Any) -> str:
    """Let the brand make another product of a lot; return that lot."""
    cake = "https://id.gs1.org/01/06901234500066"
    t.tell("product", subject=cake, called="cake")
    into = f"{cake}/10/K1"
    t.tell("lot", subject=into, called="cakes", serial_range=..., inputs=[lot], **made)
    return into


@pytest.mark.parametrize("made", [-6, -0.5], ids=["before the brand's lot", "since"])
def test_goods_made_of_what_was_called_back_stay_called_back(told: Told, made: float):
    """Of what was made before the brand's lot of that number no word of the brand says it was of that one."""
    lot = f"{GTIN}/10/N1"
    taken_over(told, lot)
    into = of_others(told, lot, made=day(made))
    expected = ("no", ["lot-recalled"]) if made == -6 else ("yes", [])
    assert answer(told, "trace", goods=into, page="1") == expected
    assert answer(told, "trace", goods=lot, page="1")[0] == "yes"


@pytest.mark.parametrize("spoke", ["complaint", "sanction", "inspection"])
def test_no_number_that_others_spoke_of_is_other_goods(told: Told, spoke: str):
    lot = f"{GTIN}/10/N1"

    def speaks() -> None:
        match spoke:
            case "complaint":
                told.tell("complaint", lot=lot)
            case "sanction":
                how = {"triggers": [citing("agent's recall")], "lots": [lot], "shops": ...}
                told.tell("sanction", subject=AGENT, step="interview", **how)
            case _:
                told.tell("inspection", subject=lot, called="seen", on=day(0))

    told.tell("lot", by="agent", subject=lot, called="theirs", serial_range=..., made=day(-1))
    told.tell("recall", by="agent", subject=lot, called="agent's recall")
    speaks()
    told.world.wait(seconds=5 * DAY_S)
    taken = {"subject": lot, "serial_range": ..., "made": day(-1)}
    assert refused(told, "lot", called="ours", **taken) == ["restated-loosens"]


def test_a_measure_says_that_the_recall_it_rests_on_lapsed(told: Told):
    """A distributor calls back a lot, its trader is barred for that; then that number is the brand's."""
    lot = f"{GTIN}/10/N1"
    told.tell("lot", by="distributor", subject=lot, called="theirs", serial_range=..., made=day(-1))
    told.tell("recall", by="distributor", subject=lot)
    told.tell("sanction", step="delist", triggers=[citing("recall")], severity_ground="critical")
    say(told, decides(subject=lot, upheld=..., rejected=[citing("theirs")]))
    found = told.world.ask("sanctions", {"subject": TRADER})
    assert "sanction-unfounded" in [note["code"] for note in found["notes"]]
    assert found["verdict"] == "yes"


@pytest.mark.parametrize("by", ["operator", "registrar"])
@pytest.mark.parametrize("late", [False, True], ids=["claimed before", "claimed after"])
def test_no_decision_lets_a_recall_fall_in_silence(told: Told, by: str, late: bool):
    """A brand calls back a lot; then its product is decided to be another's, who states that lot again."""
    if not late:
        say(told, *disputed())
    told.tell("recall", called="honest")
    if late:
        say(told, *disputed())
    say(told, decides(by, upheld=..., rejected=[citing("product")]))
    told.tell("lot", by="rival", subject=LOT, called="taken", serial_range=..., made=day(-30))
    found = told.world.ask("trace", {"goods": LOT, "page": "1"})
    assert found["verdict"] == "yes"
    assert "recall-lapsed" in [note["code"] for note in found["notes"]]


def licensed_since() -> Any:
    """GS1 says that the number is the rival's since the brand claimed it: it passed on."""

    def since(t: Told) -> str:
        return format_us((t.said["product"][0].issued_at + 1) * 1_000_000)

    return prefixed("rival", from_=since)


UNMARKED = says(
    "qualification-withdrawal",
    by="office",
    subject=BRAND,
    target=citing("mark again"),
    number=MARK,
)


def cakes_of_agents(t: Told) -> tuple[str, str]:
    """An agent's lot is made of leaves, the brand's cakes of that; return both lots."""
    theirs, cakes = f"{GTIN}/10/N1", f"{CAKE}/10/K1"
    t.tell("product", subject=INPUT[: -len("/10/X1")], called="leaf")
    t.tell("lot", subject=INPUT, called="leaves", serial_range=..., made=day(-50))
    made = {"serial_range": ..., "made": day(-6), "inputs": [INPUT]}
    t.tell("lot", by="agent", subject=theirs, called="theirs", **made)
    t.tell("product", subject=CAKE, called="cake")
    t.tell("lot", subject=cakes, called="cakes", serial_range=..., inputs=[theirs], made=day(-2))
    return theirs, cakes


@pytest.mark.parametrize("how", ["another mark", "the mark passes on", "a licence passes on"])
def test_a_number_that_is_claimed_anew_takes_no_lot_off_the_record(told: Told, how: str):
    """What lots of a product were made of, and what is open against that, outlives who holds the number."""
    theirs, cakes = cakes_of_agents(told)
    told.tell("recall", by="operator", subject=INPUT)
    match how:
        case "another mark":
            say(told, mark(holder="brand", by="registrar", number=OTHER_MARK))
            told.tell("product", brand=OTHER_MARK, under=citing("second mark"), called="again")
        case "the mark passes on":
            say(told, withdraw_mark(), mark(number=OTHER_MARK), rivals())
        case _:
            say(told, withdraw_mark(), mark(number=OTHER_MARK), licensed_since(), rivals())
    for asks in ({"goods": theirs, "page": "1"}, {"goods": cakes, "page": "1"}):
        verdict, reasons = answer(told, "trace", **asks)
        assert (verdict, "lot-recalled" in reasons) == ("no", True)
    verdict, reasons = answer(told, "listable", **selling(product=CAKE))
    assert (verdict, "lot-recalled" in reasons) == ("no", True)


@pytest.mark.parametrize("by", ["brand", "agent"])
@pytest.mark.parametrize("then", [UNMARKED, licensed_since()], ids=["mark", "licence"])
def test_a_recall_said_while_a_product_is_contested_stands(told: Told, by: str, then: Any):
    lot = LOT if by == "brand" else LATER
    if by == "agent":
        told.tell("lot", by="agent", subject=lot, called="agents", serial_range=..., made=day(-20))
    say(told, *disputed())
    told.tell("recall", by=by, subject=lot, called="honest")
    say(told, then)
    takes_number(told, lot)
    assert answer(told, "trace", goods=lot, page="1") == ("no", ["lot-recalled"])


def test_a_recall_lapses_for_no_time_before_the_other_goods(told: Told):
    lot = f"{GTIN}/10/N1"
    told.tell("lot", by="agent", subject=lot, called="theirs", serial_range=..., made=day(-1))
    told.tell("recall", by="agent", subject=lot, called="agent's recall")
    then = told.world.last_us()
    told.world.wait(seconds=5 * DAY_S)
    told.tell("lot", subject=lot, called="ours", serial_range=..., made=day(-1))
    goods = {"goods": lot, "page": "1"}
    assert told.world.ask("trace", goods, valid_at_us=then)["verdict"] == "no"
    assert told.world.ask("trace", goods)["verdict"] == "yes"


def test_a_fellow_resellers_lot_brings_no_lapsed_recall_back(told: Told):
    lot = f"{GTIN}/10/N1"
    taken_over(told, lot)
    fellow = {"by": "agent", "subject": f"{GTIN}/10/F1", "inputs": [lot], "made": day(-6)}
    told.tell("lot", called="fellow's", serial_range=..., **fellow)
    assert answer(told, "trace", goods=GTIN, page="1") == ("yes", [])
    assert answer(told, "trace", goods=f"{GTIN}/10/F1", page="1") == ("no", ["lot-recalled"])


@pytest.mark.parametrize("by", ["agent", "trader"])
def test_a_licence_of_a_number_takes_no_lot_over(told: Told, by: str):
    say(told, prefixed(by))
    theirs = {"by": by, "subject": LOT, "serial_range": ..., "made": day(-6)}
    assert "claim-taken" in refused(told, "lot", called="theirs", **theirs)
    assert "recall-right" in refused(told, "recall", by=by)


def test_no_retest_finds_what_nobody_could_object_to():
    told = begun()
    say(told, *OBJECTED, *RETAINED_THERE)
    more = [result("0.05", "pass"), result(property="lead", outcome="not-judged")]
    assert "retest-objected" in refused(
        told, "retest-report", standard=citing("limits"), results=more
    )


def test_that_a_retest_was_of_a_later_sample_is_told():
    told = begun()
    say(told, *OBJECTED, *RETAINED_THERE, retest(result("0.05", "pass")))
    told.tell("objection-closed", outcome="overturned")
    found = told.world.ask("trace", {"goods": LOT, "page": "1"})
    assert "retest-resampled" in [note["code"] for note in found["notes"]]


@pytest.mark.parametrize("what", ["decision", "withdrawal", "inspection"])
def test_what_a_stolen_key_took_back_is_told(told: Told, what: str):
    """It counts until somebody says it anew; whose key it was is told beside it."""
    goods = {"goods": LOT, "page": "1"}
    name, party = {
        "decision": ("registrar", REGISTRAR),
        "withdrawal": ("operator", OPERATOR),
        "inspection": ("second-inspector", MORE["second-inspector"][0]),
    }[what]
    if what == "decision":
        say(told, *disputed())
    elif what == "withdrawal":
        told.tell("recall", by="operator", called="honest")
    else:
        bad = {"nonconforming": 2, "decision": "refused", "findings": [finding("critical")]}
        told.tell("inspection", called="bad", on=day(-0.2), **bad)
    since = second_key(told, name, party)
    if what == "decision":
        say(told, decides("registrar"))
    elif what == "withdrawal":
        say(told, withdraws("honest", LOT, by="operator"))
    else:
        answers = {"answers": [citing("bad")], "on": day(-0.1)}
        told.tell("inspection", by="second-inspector", called="good", **answers)
    asked = [("trace", goods), ("listable", selling())]
    before = [told.world.ask(*one) for one in asked]
    suspected(told, name, party, since)
    for (question, asks), was in zip(asked, before, strict=True):
        found = told.world.ask(question, asks)
        assert found["verdict"] == was["verdict"]
        assert "key-suspected" in [note["code"] for note in found["notes"]], question


@pytest.mark.parametrize("found", ["audit", "observer"])
def test_no_inspector_of_who_makes_tea_there_closes_what_was_found_at_a_garden(
    told: Told, found: str
):
    leased(told)
    told.tell("origin-audit", subject=SHED, called="before", findings=[], on=day(-0.8))
    if found == "audit":
        bad = {"findings": [finding("critical")], "on": day(-0.5)}
        told.tell("origin-audit", subject=SHED, called="bad", **bad)
    else:
        told.tell("invitation", called="theirs", to=SHED)
        told.tell("visit", called="seen", about=SHED)
        seen = {"visit": citing("seen"), "findings": [finding("critical")]}
        told.tell("observation", about=SHED, **seen)
    assert both(told) == ("no", "no")
    told.tell("origin-audit", by="second-inspector", subject=SHED, called="tame", **CLEAN)
    team = [who("inspector"), who("second-inspector")]
    told.tell("origin-audit", subject=SHED, called="in the team", team=team, **CLEAN)
    assert both(told) == ("no", "no")
    told.tell("origin-audit", subject=SHED, called="free", findings=[], on=day(0))
    assert both(told) == ("yes", "yes")


def test_no_audit_of_who_makes_tea_there_stands_for_one_and_none_takes_back_what_it_found(
    told: Told,
):
    leased(told)
    own = {"by": "second-inspector", "subject": SHED}
    assert answer(told, "listable") == ("unknown", ["audit-absent"])
    told.tell("origin-audit", called="tame", findings=[], on=day(-0.9), **own)
    assert answer(told, "listable") == ("unknown", ["audit-absent"])
    told.tell("origin-audit", called="own", findings=[finding("critical")], on=day(-0.8), **own)
    told.world.accept(withdraws("own", by="second-inspector")(told.world))
    assert answer(told, "listable") == ("no", ["place-critical", "audit-absent"])
    told.tell("origin-audit", subject=SHED, called="free", **CLEAN)
    assert answer(told, "listable") == ("yes", [])


def test_a_grantee_that_makes_tea_there_opens_nothing_against_the_brands(told: Told):
    """Whoever is granted the brand and has an inspector of its own makes a lot at the brand's garden."""
    leased(told, tied="subsidiary")
    told.world.accept(grant("distributor", "subsidiary", "distributor", depth=0)(told.world))
    told.tell(
        "origin-audit", subject=SHED, called="bad", findings=[finding("critical")], on=day(-1)
    )
    told.tell("origin-audit", by="second-inspector", subject=SHED, called="free", **CLEAN)
    before = both(told)
    assert before == ("yes", "yes")
    whole = answer(told, "trace", goods=GTIN, page="1")
    theirs = {"subject": f"{GTIN}/10/N1", "facility": SHED, "made": day(-4), "serial_range": ...}
    told.tell("lot", by="subsidiary", called="theirs", **theirs)
    assert both(told) == before
    assert answer(told, "trace", goods=GTIN, page="1") == whole
    assert answer(told, "trace", goods=theirs["subject"], page="1")[0] == "no"


def test_no_inspector_of_who_made_tea_of_them_passes_leaves(told: Told):
    of_leaves(told)
    belongs(told, "brand")
    told.tell("inspection", subject=LEAVES, called="bad", trader=RIVAL, on=day(-0.5), **BAD)
    assert both(told) == ("no", "no")
    again = {"subject": LEAVES, "trader": RIVAL, "answers": [citing("bad")]}
    told.tell("inspection", by="second-inspector", called="tame", on=day(-0.1), **again)
    assert both(told) == ("no", "no")
    assert answer(told, "trace", goods=LEAVES, page="1")[0] == "yes"
    told.tell("inspection", called="free", on=day(0), **again)
    assert both(told) == ("yes", "yes")


def test_no_laboratory_of_who_made_tea_of_them_overturns_a_failure_of_leaves(told: Told):
    of_leaves(told)
    belongs(told, "brand", what="second-laboratory", how="wholly-owned")
    say(told, *failing(LEAVES))
    told.tell("objection", by="rival", lot=LEAVES)
    assert both(told) == ("unknown", "unknown")
    say(told, *retained(LEAVES), retest(result("0.05", "pass"), lot=LEAVES))
    told.tell("objection-closed", lot=LEAVES, outcome="overturned")
    assert both(told) == ("no", "no")
    assert answer(told, "trace", goods=LEAVES, page="1")[0] == "yes"


def test_no_inspector_of_who_would_sell_it_passes_tea_elsewhere(told: Told):
    belongs(told, "trader")
    at = {"trader": DISTRIBUTOR}
    told.tell("inspection", called="bad", on=day(-0.5), **at, **BAD)
    again = {"answers": [citing("bad")], **at}
    told.tell("inspection", by="second-inspector", called="tame", on=day(-0.1), **again)
    assert answer(told, "listable")[0] == "no"
    told.tell("inspection", called="free", on=day(0), **again)
    assert answer(told, "listable")[0] == "yes"


def test_an_index_rises_by_no_audit_of_who_makes_tea_there(told: Told):
    told.tell("quality-model")
    leased(told)
    told.tell("inspection", called="seen", subject=OF_SHED)
    before = told.world.ask("index", {"subject": GTIN, "model": MODEL})
    told.tell("origin-audit", by="second-inspector", subject=SHED, called="tame", **CLEAN)
    after = told.world.ask("index", {"subject": GTIN, "model": MODEL})
    assert after["score"] == before["score"]
    assert [note["code"] for note in after["notes"]] == ["index-tied"]


def test_goods_are_their_makers_whoever_took_them_over(told: Told):
    """The agent's own laboratory retests what the brand took over; the agent objects to what failed."""
    lot = made_by_agent(told)
    belongs(told, "agent", what="second-laboratory", how="wholly-owned")
    belongs(told, "agent")
    say(told, *failing(lot))
    takes_it_over(told, lot)
    told.tell("objection", lot=lot)
    told.tell("objection", by="agent", called="theirs", lot=lot)
    say(told, *retained(lot, by="second-inspector"))
    again = retest(result("0.05", "pass"), lot=lot)
    assert told.world.refuse(again(told.world)) == ["report-tied", "report-tied"]


def test_no_fellow_says_where_a_traders_goods_were_made_that_were_found_on_no_record(told: Told):
    """Between two visits of the warehouse, or of an observer: what they found there first nobody stated."""
    told.tell("quality-model")
    say(told, grant("distributor", "rival", "distributor", depth=0, called="fellow's"))
    told.tell("facility", by="rival", subject=SHED, called="shed", owner=RIVAL)
    bad = {"findings": [finding("critical")], "on": day(-0.9)}
    told.tell("origin-audit", subject=SHED, called="bad", **bad)
    found = {"by": "warehouse", "subject": LATER, "mode": "patrol"}
    told.tell("inspection", called="first", on=day(0), **found)
    asks = [("index", {"subject": who(name), "model": MODEL}) for name in ("trader",)]
    asks += [("index", {"subject": GTIN, "model": MODEL}), ("listable", selling())]
    told.world.wait(seconds=DAY_S)
    told.tell("lot", by="rival", subject=LATER, facility=SHED, made=day(0), serial_range=...)
    told.world.wait(seconds=DAY_S)
    told.tell("inspection", called="again", on=told.time(0), **found)
    for question, how in asks:
        _, reasons = answer(told, question, **how)
        assert "lot-critical" not in reasons, question
