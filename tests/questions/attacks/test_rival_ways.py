"""What a rival, a hired inspector, a merchant or an operator tries to say so that an answer turns: nothing turns."""

from typing import Any

import pytest
from questions.attacks.means import LATER, answer, begun, codes, refused
from questions.scene import inspection, refusal, say, selling
from questions.scenes.label import LABELLED, READY, SAMPLED, STANDARDS, UNITS, again, measured
from rules.laboratory_words import AT_HAND, MOST, OBJECTED, accredited, judging, limits, method
from rules.scenarios.goods import FIELD
from rules.words import affiliation, anew, corrects, lost, says
from tea import GTIN, LOT, SHOP
from usual import (
    LEAD,
    PURITY,
    RIVAL,
    SAMPLE,
    SUBSIDIARY,
    WATER,
    Told,
    citing,
    day,
    finding,
    result,
    who,
)
from world import BRAND, DAY_S, TRADER

from ledger.sampling.tables import Aql, plan_for


def second_lot(t: Told, **changes: Any) -> None:
    """Let the brand make another lot of the tea."""
    t.tell("lot", subject=LATER, called="a8", serial_range=..., **{"made": day(-20)} | changes)


# FORMATS, What is open, against a lot, 1: a recall was found no earlier than it is on record.


@pytest.mark.parametrize("from_", [-25, 0])
def test_what_passed_before_a_recall_does_not_answer_it(told: Told, from_: int):
    """Dated back by whoever recalls, it would be answered the moment it is said."""
    second_lot(told)
    say(told, inspection("seen", subject=LATER, on=day(-0.5)))
    told.tell("recall", from_=day(from_))
    assert answer(told, "listable") == ("no", ["lot-recalled"])
    told.world.wait(seconds=DAY_S)
    say(told, inspection("seen since", subject=LATER, on=day(-0.5)))
    assert answer(told, "listable") == ("yes", [])


# questions.md: a lot is judged by every class of nonconformity.


def at_aql(aql: Aql) -> dict[str, Any]:
    """Return a plan of the tables for a lot of 480, just kept."""
    plan = plan_for(480, "II", aql, "normal")
    counts = {"accept": plan.accept, "reject": plan.reject, "nonconforming": plan.accept}
    return {"aql": aql, "sample_size": plan.sample_size, **counts}


def further(aql: Aql) -> dict[str, Any]:
    """Return the same as one more plan of an inspection."""
    return at_aql(aql) | {"decision": "accepted"}


@pytest.mark.parametrize("found", ["refused", "critical"])
def test_a_later_lot_answers_in_the_classes_that_were_judged(told: Told, found: str):
    """At AQL 1000 three items with 44 nonconformities pass: they answer nothing found at AQL 1.0."""
    if found == "refused":
        say(told, refusal(on=day(-0.5), findings=[finding("major")]))
    else:
        say(told, inspection("failure", on=day(-0.5), findings=[finding("critical")]))
    told.tell("recall")
    plan = {"cause": citing("failure"), "subject": TRADER}
    steps = (says("improvement-step", action=n, called=f"step {n}", **plan) for n in (1, 2))
    say(told, says("improvement-plan", called="plan", **plan), *steps)
    told.world.wait(seconds=DAY_S)
    second_lot(told, made=day(-0.5))
    say(told, inspection("lax", subject=LATER, on=day(-0.1), **at_aql("1000")))
    told.tell("improvement-verified", on=day(-0.01), **plan)
    opened = {"refused": "lot-refused", "critical": "lot-critical"}[found]
    assert opened in answer(told, "listable")[1]
    assert opened in answer(told, "trace", goods=LOT, page="1")[1]
    say(told, inspection("strict", subject=LATER, on=day(-0.001), **at_aql("1.0")))
    assert answer(told, "listable") == ("yes", [])
    assert answer(told, "trace", goods=LOT, page="1") == ("no", ["lot-recalled"])
    assert "lot-answered" in codes(told, "trace", goods=GTIN, page="1")


def test_a_recall_is_answered_by_no_count_of_nonconformities_alone(told: Told):
    """At AQL 1000 a lot of which each item is bad ten times over passes."""
    told.tell("recall")
    told.world.wait(seconds=DAY_S)
    second_lot(told, made=day(-0.5))
    say(told, inspection("lax", subject=LATER, on=day(-0.1), **at_aql("15")))
    assert answer(told, "listable") == ("no", ["lot-recalled"])
    say(told, inspection("strict", subject=LATER, on=day(-0.001), **at_aql("10")))
    assert answer(told, "listable") == ("yes", [])


def test_no_critical_finding_is_closed_by_a_count_of_nonconformities_alone(told: Told):
    """Whoever found it judged so, too: what was found stays critical."""
    say(told, inspection("failure", on=day(-0.5), findings=[finding("critical")], **at_aql("1000")))
    again: dict[str, Any] = {"answers": [citing("failure")], "on": day(-0.1)}
    say(told, inspection("lax", **again, **at_aql("1000")))
    assert answer(told, "listable") == ("no", ["lot-critical"])
    more = {"plans": [further("1.0")]}
    say(told, inspection("strict", **again | more, **at_aql("1000")))
    assert answer(told, "listable") == ("yes", [])


def test_a_critical_finding_in_as_many_plans_as_there_may_be_can_be_closed(told: Told):
    """Ten plans that count nonconformities would ask for an eleventh, by items."""
    first, *others = ("15", "25", "40", "65", "100", "150", "250", "400", "650", "1000")
    plans = {"plans": [further(one) for one in others]}  # type: ignore[arg-type]
    many = at_aql(first) | plans  # type: ignore[arg-type]
    say(told, inspection("failure", on=day(-0.5), findings=[finding("critical")], **many))
    assert answer(told, "listable") == ("no", ["lot-critical"])
    say(told, inspection("again", answers=[citing("failure")], on=day(-0.1), **at_aql("1.0")))
    assert answer(told, "listable") == ("yes", [])


# I11: who undid what protects, and why, is a note in every answer that it changes.


def unjudged(**values: str) -> list[dict[str, str]]:
    """Return what a laboratory measured and held against nothing."""
    told = {"lead": "0.4", "water": "5.5", "polyphenols": "21.0"} | values
    return [
        {"property": name, "unit": UNITS[name], "value": value, "outcome": "not-judged"}
        for name, value in told.items()
    ]


@pytest.mark.parametrize("how", ["another value", "no value"])
def test_a_value_that_missed_a_limit_is_not_corrected_in_silence(how: str):
    """No rule refuses it: the report cites no standard, and only the label knows the limit."""
    t = begun()
    say(t, *LABELLED, *again(unjudged(lead="9.9"), standard=...))
    asked = {"product": GTIN}
    assert answer(t, "label", **asked) == ("no", ["criterion-failed", "critical-since"])
    now = unjudged() if how == "another value" else unjudged()[1:]
    say(t, corrects("again", "laboratory", results=now))
    assert answer(t, "label", **asked) == ("yes", [])
    noted = t.world.ask("label", asked)["notes"]
    (note,) = (one for one in noted if one["code"] == "results-corrected")
    assert note["facts"]["why"] == "mistyped"


@pytest.mark.parametrize(("value", "unit"), [("9900", "µg/kg"), ("0.99", "mg/100 g")])
def test_a_limit_is_missed_in_whatever_unit_that_is_told(value: str, unit: str):
    t = begun()
    (lead, *others) = unjudged(lead=value)
    say(t, *LABELLED, *again([lead | {"unit": unit}, *others], standard=...))
    assert answer(t, "label", product=GTIN) == ("no", ["criterion-failed", "critical-since"])


def test_a_limit_is_kept_in_whatever_unit_that_is_told():
    """Two authorities that tell one limit in two units would else leave no standard possible."""
    t = begun()
    lead = LEAD | {"unit": "µg/kg", "limit": "3000"}
    say(t, *LABELLED, says("baseline-standard", criteria=[lead], from_=day(0), **PURE))
    assert answer(t, "label", product=GTIN) == ("yes", [])
    stricter = [lead | {"limit": "1999.9"}]
    say(t, says("baseline-standard", criteria=stricter, from_=day(0.01), **PURE | {"called": "p2"}))
    t.world.wait(seconds=DAY_S)
    t.world.register()
    assert answer(t, "label", product=GTIN) == ("no", ["standard-outdated"])


@pytest.mark.parametrize("which", ["tested_until", "issued", "both"])
def test_a_report_is_not_dated_later_in_silence(which: str):
    """Tested later than it said, it would speak for the goods for longer."""
    t = begun()
    say(t, *LABELLED)
    changed = {"tested_until": t.time(-0.1), "issued": t.time(0)}
    say(
        t,
        corrects("report", "laboratory", **changed if which == "both" else {which: changed[which]}),
    )
    assert "results-corrected" in codes(t, "label", product=GTIN)


def test_what_turns_critical_by_a_correction_is_found_since_the_label():
    """A report of then that says so at once is; the newer one decides on the criterion either way."""
    t = begun()
    say(t, *READY, *again(unjudged(), called="old", standard=...))
    t.world.wait(seconds=3600)
    say(t, *again(measured(), called="new"), says("label", evidence=[citing("new")]))
    say(t, corrects("old", "laboratory", results=unjudged(lead="9.9")))
    assert answer(t, "label", product=GTIN) == ("no", ["critical-since"])


def test_an_objection_is_not_taken_back_in_silence_by_a_key_that_the_operator_bound(told: Told):
    say(told, *OBJECTED)
    asked = {"goods": LOT, "page": "1"}
    assert answer(told, "trace", **asked) == ("unknown", ["report-objected"])
    say(told, lost("brand")[1])
    how = {"how": anew("brand") | {"issuer": who("brand")}, "by": "brand"}
    told.tell("objection-closed", outcome="withdrawn", retest=..., **how)
    assert answer(told, "trace", **asked) == ("no", ["report-failed"])
    assert {"objection-withdrawn", "key-reset"} <= {*codes(told, "trace", **asked)}


# questions.md, ties: what the operator says itself is a note in every answer that leans on it.


def test_no_right_holder_is_moved_abroad_or_home_in_silence(told: Told):
    """A sole agent acts for a holder abroad: the operator, who says where parties are, would make and break that."""
    say(told, affiliation("brand", "subsidiary", relation="sole-agent"))
    asked = selling(trader=SUBSIDIARY)
    home = {"country": "CN", "uscc": "91110000600037341L"}
    for changes, verdict in (
        (home, ("no", ["no-grant"])),
        ({"country": "FR"}, ("yes", [])),
    ):
        said = {"names": {"en": "brand"}, "roles": ["brand"], "called": "moved"} | changes
        told.tell("party-update", subject=BRAND, **said)
        assert answer(told, "may_sell", **asked) == verdict
        assert "country-changed" in codes(told, "may_sell", **asked)


# domain.md: an origin is audited again.


def test_no_audit_is_good_for_ever(told: Told):
    """One of five years ago, due again in the year 9999, would make everything made there listable."""
    of_old = {"called": "old", "on": day(-1825)}
    assert refused(told, "origin-audit", next_due="9999-12-31T00:00:00Z", **of_old) == ["fields"]
    told.tell("facility", subject=FIELD, called="field")
    second_lot(told, facility=FIELD, made=day(-5))
    told.tell("origin-audit", subject=FIELD, next_due=day(-731), **of_old)
    assert answer(told, "listable") == ("no", ["audit-overdue"])
    told.tell("origin-audit", subject=FIELD, called="new", on=day(-0.5), next_due=day(365))
    assert answer(told, "listable") == ("yes", [])


@pytest.mark.parametrize("question", ["trace", "listable"])
def test_a_place_where_nobody_knows_of_a_lot_is_told(told: Told, question: str):
    """A garden of a good name is named by whoever likes: who has it says nothing of it, and is none the worse."""
    say(told, says("facility", by="rival", subject=FIELD, called="field", owner=RIVAL))
    told.tell("origin-audit", subject=FIELD, called="seen", on=day(-0.5), findings=[])
    before = told.world.ask("place", {"place": FIELD})["verdict"]
    second_lot(told, facility=FIELD)
    asked = {"goods": LATER, "page": "1"} if question == "trace" else selling()
    assert answer(told, question, **asked)[0] == "yes"
    (note,) = (
        one
        for one in told.world.ask(question, asked)["notes"]
        if one["code"] == "place-unconfirmed"
    )
    assert (note["facts"]["owner"], note["facts"]["maker"]) == (RIVAL, BRAND)
    assert told.world.ask("place", {"place": FIELD})["verdict"] == before
    say(told, affiliation("rival", "brand", relation="tied", categories=...))
    assert "place-unconfirmed" not in codes(told, question, **asked)


# domain.md: the platform's standards are above national ones, all of them.

PURE = {"subject": "urn:standard:samr.cn:GB2763", "called": "pure", "category": "food/tea"}
ACID = PURITY | {"property": "acidity"}


def test_no_label_holds_by_nothing_found_where_a_limit_is_asked():
    """By a method that finds 50 nothing is found of what may be 2: `absent` keeps no limit."""
    t = begun()
    say(t, *READY[:5], STANDARDS[0])
    none = {name: value for name, value in LEAD.items() if name != "limit"}
    absent = {"criteria": [none | {"direction": "absent"}, WATER, PURITY]}
    assert refused(t, "standard", **absent) == ["standard-weaker"]
    both = {"criteria": [*absent["criteria"], LEAD]}
    nothing = [measured()[0] | {"value": "50", "below_detection": True}, *measured()[1:]]
    say(t, says("standard", **both), *SAMPLED)
    fields = {"standard": citing("standard"), "called": "report"}
    nothing[0]["outcome"] = "inconclusive"
    say(t, says("test-report", results=nothing, **fields))
    label = t.write("label")
    assert t.world.refuse(label) == ["label-evidence"]


def test_no_standard_is_below_a_baseline_that_it_does_not_cite():
    """The operator would cite the easy one, and label what the other forbids."""
    t = begun()
    say(t, *STANDARDS[:1], says("baseline-standard", criteria=[ACID], **PURE))
    assert refused(t, "standard") == ["standard-below"]
    t.tell("standard", criteria=[LEAD, WATER, PURITY, ACID])


def test_a_label_is_by_no_standard_below_a_baseline_that_came_later():
    """Whoever states the baseline cannot know of the label, and the standard cites another one."""
    t = begun()
    say(t, *LABELLED, says("baseline-standard", criteria=[ACID], from_=day(0), **PURE))
    assert answer(t, "label", product=GTIN) == ("no", ["standard-outdated"])
    assert refused(t, "label", called="anew") == ["label-standard"]
    t.tell("alliance-pledge")
    assert "standard-outdated" in codes(t, "pledges", party=BRAND)


def test_a_label_lapses_when_a_baseline_comes_that_its_standard_does_not_cite():
    t = begun()
    say(t, *LABELLED, says("baseline-standard", criteria=[ACID], from_=day(9), **PURE))
    lapses = t.world.ask("label", {"product": GTIN})["lapses"]
    assert [one["code"] for one in lapses["reasons"]] == ["standard-outdated"]


def test_a_label_is_by_no_standard_below_a_baseline_for_its_very_goods():
    """The standard is for all tea, the baseline for the labelled kind alone."""
    t = begun()
    wide = says("standard", category="food/tea")
    say(t, *(wide if step is STANDARDS[1] else step for step in LABELLED))
    assert answer(t, "label", product=GTIN) == ("yes", [])
    say(
        t,
        says(
            "baseline-standard",
            criteria=[ACID],
            from_=day(0),
            **PURE | {"category": "food/tea/green"},
        ),
    )
    assert answer(t, "label", product=GTIN) == ("no", ["standard-outdated"])


# I12: a promise that is broken has to be one that could be kept.


@pytest.mark.parametrize("about", ["the product", "another's shop", "another's lot"])
def test_whoever_promises_to_answer_complaints_may_answer_them(told: Told, about: str):
    """The operator registers complaints: of any about its brand the brand has to be able to answer."""
    promise = [{"kind": "complaints-answered", "within_days": 10}]
    told.tell("alliance-pledge", standards=[], conduct=promise)
    named: dict[str, dict[str, Any]] = {
        "the product": {"lot": ...},
        "another's shop": {"lot": ..., "shop": SHOP},
        "another's lot": {"lot": f"{GTIN}/10/Z9"},
    }
    told.tell("complaint", **named[about])
    assert refused(told, "improvement-plan", by="rival", subject=RIVAL, **OF_COMPLAINT) == [
        "improvement-cause"
    ]
    told.tell("improvement-plan", by="brand", subject=BRAND, **OF_COMPLAINT)
    told.world.wait(seconds=11 * DAY_S)
    told.tell("facility", called="garden again")
    assert answer(told, "pledges", party=BRAND) == ("yes", [])


def test_a_complaint_is_answered_in_time_from_when_it_names_a_shop(told: Told):
    """A correction names the shop when the time would be over: the trader could not know of it."""
    promise = [{"kind": "complaints-answered", "within_days": 10}]
    told.tell("listing")
    told.tell("alliance-pledge", by="trader", subject=TRADER, standards=[], conduct=promise)
    told.tell("complaint", lot=...)
    told.world.wait(seconds=20 * DAY_S)
    cause = corrected(told, "complaint", "operator", "named", shop=SHOP)
    assert answer(told, "pledges", party=TRADER) == ("unknown", ["conduct-unproven"])
    told.tell("improvement-plan", cause=cause)
    assert answer(told, "pledges", party=TRADER) == ("yes", [])


def test_nobody_promises_what_is_past(told: Told):
    """With what came of it known, every promise is kept."""
    promise = [{"kind": "complaints-answered", "within_days": 2}]
    told.tell("complaint")
    told.tell("improvement-plan", by="brand", subject=BRAND, **OF_COMPLAINT)
    over = {"from_": day(-3), "until": day(0)}
    said = {"standards": [], "conduct": promise}
    assert refused(told, "alliance-pledge", **said, **over) == ["pledge-over"]


# I12: what a report says late may be objected to then.


def failing_late(t: Told, after: str) -> None:
    """Let a laboratory find by a correction, 20 days later, that what had passed failed."""
    methods = method(), method("GB 5009.12")
    lead = {"property": "lead", "value": "0.1", "method": "GB 5009.12", "outcome": "pass"}
    first = "pass" if after == "a pass" else "fail"
    one = result("0.2" if first == "fail" else "0.05", first)
    most = limits("limits", MOST, MOST | {"property": "lead", "limit": "0.5"})
    say(t, accredited("laboratory", "accreditation", *methods), *AT_HAND[1:], most)
    say(t, judging(one, result(**lead)))
    if after == "an objection":
        say(t, says("objection", called="earlier"))
        closing = {"target": citing("earlier"), "outcome": "withdrawn", "retest": ...}
        t.tell("objection-closed", by="brand", **closing)
    t.world.wait(seconds=20 * DAY_S)
    worse = [one, result(**lead | {"value": "9", "outcome": "fail"})]
    say(t, corrects("report", "laboratory", results=worse))


@pytest.mark.parametrize("after", ["a pass", "an objection"])
def test_what_a_laboratory_finds_by_a_correction_is_objected_to_from_then(told: Told, after: str):
    failing_late(told, after)
    asked = {"goods": LOT, "page": "1"}
    assert answer(told, "trace", **asked)[0] == "no"
    assert "report-objectionable" in codes(told, "report", sample=SAMPLE, report="*")
    of_report = {"month": "2026-09", "properties": ["lead"]}
    told.tell("objection", **of_report)
    assert "report-objected" in answer(told, "trace", **asked)[1]
    assert refused(told, "objection", **of_report) == ["objection-again"]


def test_what_was_found_long_ago_is_not_objected_to_beside_what_is_new(told: Told):
    failing_late(told, "a failure")
    assert refused(told, "objection", month="2026-09") == ["objection-late"]
    told.tell("objection", month="2026-09", properties=["lead"])
    failed = answer(told, "trace", goods=LOT, page="1")
    assert failed == ("no", ["report-failed", "report-objected"])


def test_what_is_found_by_a_correction_is_objected_to_in_time(told: Told):
    failing_late(told, "a pass")
    told.world.wait(seconds=16 * DAY_S)
    of_lead = {"month": "2026-09", "properties": ["lead"]}
    assert refused(told, "objection", **of_lead) == ["objection-late"]


# questions.md, I12, and What is cited: a correction takes no answer from what was answered.


def corrected(t: Told, what: str, by: str, called: str, **changes: Any) -> dict[str, str]:
    """Let somebody correct what it said; return how that is cited now."""
    say(t, corrects(what, by, called=called, **changes))
    return citing(what)(t) | {"id": t.said[called][0].id.hex()}


def test_a_promise_that_was_kept_is_not_broken_by_a_correction(told: Told):
    promise = [{"kind": "complaints-answered", "within_days": 10}]
    told.tell("alliance-pledge", standards=[], conduct=promise)
    told.tell("complaint")
    cause = corrected(told, "complaint", "operator", "first", text="the tin was open")
    told.tell("improvement-plan", by="brand", subject=BRAND, cause=cause)
    assert answer(told, "pledges", party=BRAND) == ("yes", [])
    corrected(told, "complaint", "operator", "second", text="the lid was open")
    assert answer(told, "pledges", party=BRAND) == ("yes", [])


@pytest.mark.parametrize("times", [0, 1])
def test_an_advice_is_answered_by_a_plan_on_what_was_corrected_since(told: Told, times: int):
    """Its grounds stand corrected, and a plan has to cite them so."""
    say(told, refusal(on=day(-0.5)))
    told.tell("advice")
    cause = citing("failure")(told)
    for n in range(times):
        cause = corrected(told, "failure", "inspector", f"again {n}", km=12)
    told.tell("improvement-plan", cause=cause)
    told.world.wait(seconds=16 * DAY_S)
    told.tell("facility", called="garden again")
    assert "advice-unanswered" not in answer(told, "improvement", trader=TRADER)[1]


def test_another_plan_follows_on_what_was_corrected_since(told: Told):
    say(told, refusal(on=day(-0.5)))
    told.tell("improvement-plan", called="plan")
    told.tell("improvement-verified", outcome="ineffective")
    assert answer(told, "improvement", trader=TRADER) == ("no", ["plan-ineffective"])
    cause = corrected(told, "failure", "inspector", "again", km=12)
    told.tell("improvement-plan", cause=cause, called="better")
    assert answer(told, "improvement", trader=TRADER) == ("unknown", ["plan-open"])
    cause = corrected(told, "failure", "inspector", "once more", km=13)
    assert refused(told, "improvement-plan", cause=cause) == ["improvement-twice"]


OF_COMPLAINT = {"cause": citing("complaint"), "called": "plan"}


# I10: what is of one moment is in no order by having been typed.


@pytest.mark.parametrize("last", ["good", "bad"])
def test_of_two_results_of_one_moment_the_worse_decides(last: str):
    t = begun()
    say(t, *LABELLED, says("lot", subject=LATER, called="later", serial_range=...))
    moment = {"tested_until": t.time(-0.01)}
    good = again(unjudged(), called="good", lot=LATER, standard=..., **moment)
    bad = again(unjudged(water="9.1"), called="bad", standard=..., **moment)
    say(t, *good[:-1], *bad[:-1], *((bad[-1], good[-1]) if last == "good" else (good[-1], bad[-1])))
    assert answer(t, "label", product=GTIN) == ("no", ["criterion-failed"])


@pytest.mark.parametrize("last", ["soon", "late"])
def test_of_two_audits_of_one_moment_the_one_that_asks_for_another_sooner_counts(
    told: Told, last: str
):
    told.tell("facility", subject=FIELD, called="field")
    second_lot(told, facility=FIELD)
    on = told.time(-0.2)
    due = {"soon": told.time(10), "late": told.time(365)}
    for called in sorted(due, key=lambda name: name == last):
        audited = {"subject": FIELD, "findings": [], "on": on, "next_due": due[called]}
        told.tell("origin-audit", called=called, **audited)
    told.world.wait(seconds=20 * DAY_S)
    told.world.register()
    assert answer(told, "listable") == ("no", ["audit-overdue"])
