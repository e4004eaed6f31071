"""Who has no office over a thing binds nobody: what such a one says, however often, moves no answer and bars no correction."""

from typing import Any

import pytest
from questions.attacks.means import LATER, SHED, answer, begun, belongs, codes, refused, untold
from questions.scene import inspection, refusal, say, visit_to, visit_unasked
from questions.scenes.label import LABELLED, again
from rules.words import OTHER_MARK, corrects, mark, rivals, says, withdraw_mark
from tea import AGENT, GARDEN, GTIN, LOT, TEA
from usual import LEAD, MODEL, RIVAL, WATER, Told, citing, day, finding
from world import BRAND, DAY_S, TRADER

from ledger.primitives.instant import format_us
from ledger.sampling.tables import Aql, plan_for

BAD: dict[str, Any] = {"findings": [finding("critical")]}


# FORMATS, What a correction loosens: what the uninvited observed binds nobody.


def observes(about: str, *, asked: bool = False) -> tuple[Any, ...]:
    """An observer, invited or not, visits something, finds fault with it, and says the same again."""
    of = f"urn:visit:{about.rpartition('/')[2].lower()}"
    visit = visit_to(about) if asked else visit_unasked(about)
    seen = says("observation", subject=of, about=about, **BAD)
    return visit, seen, corrects("observation", "observer", text="again")


def corrected_unless(t: Told, step: Any, *, asked: bool) -> None:
    """Let a correction be refused where somebody was heard, and let in where nobody was."""
    if asked:
        assert t.world.refuse(step(t.world)) == ["supersede-loosens"]
    else:
        say(t, step)


@pytest.mark.parametrize("asked", [False, True])
def test_an_observer_whom_nobody_invited_keeps_no_lot_uncorrectable(told: Told, *, asked: bool):
    told.tell("facility", subject=SHED, called="shed")
    told.tell("lot", subject=LATER, called="a8", facility=SHED, made=day(-5), serial_range=...)
    say(told, *observes(LATER, asked=asked))
    corrected_unless(told, corrects("a8", "brand", facility=GARDEN), asked=asked)


@pytest.mark.parametrize("asked", [False, True])
def test_nor_a_place_whose_it_is_nor_what_was_made_there(told: Told, *, asked: bool):
    told.tell("facility", subject=SHED, called="shed")
    told.tell("lot", subject=LATER, called="a8", facility=SHED, made=day(-5), serial_range=...)
    say(told, *observes(SHED, asked=asked))
    corrected_unless(told, corrects("a8", "brand", facility=GARDEN), asked=asked)
    sold = corrects("shed", "brand", called="sold", owner=AGENT)
    corrected_unless(told, sold, asked=asked)


@pytest.mark.parametrize("asked", [False, True])
def test_nor_a_product_its_category(told: Told, *, asked: bool):
    say(told, *observes(LOT, asked=asked))
    corrected_unless(told, corrects("product", "brand", category="food/tea"), asked=asked)


@pytest.mark.parametrize("asked", [False, True])
def test_an_observer_whom_nobody_invited_makes_no_resellers_recall_stand(
    told: Told, *, asked: bool
):
    """The brand's lot of that number is made since: other goods, of which nobody spoke whom anybody heard."""
    lot = f"{GTIN}/10/N1"
    told.tell("lot", by="agent", subject=lot, called="early", serial_range=..., made=day(-1))
    say(told, *observes(lot, asked=asked))
    told.tell("recall", by="agent", subject=lot, called="theirs")
    told.world.wait(seconds=5 * DAY_S)
    again: dict[str, Any] = {"subject": lot, "called": "ours", "serial_range": ...}
    if asked:
        assert refused(told, "lot", made=day(-1), **again) == ["restated-loosens"]
    else:
        told.tell("lot", made=day(-1), **again)
        assert answer(told, "listable") == ("yes", [])


@pytest.mark.parametrize("asked", [False, True])
def test_an_observer_whom_nobody_invited_chooses_no_lot_of_an_index(asked: bool):
    """Where mere resellers state lots those count that somebody looked at; all of them where nobody did."""
    t = untold()
    t.begin(without="lot")
    t.tell("quality-model")
    t.tell("facility", subject=SHED, called="shed")
    t.tell("origin-audit", called="clean", findings=[], on=day(-0.9))
    t.tell("origin-audit", subject=SHED, called="bad", on=day(-0.9), **BAD)
    lots = {f"{GTIN}/10/N1": GARDEN, f"{GTIN}/10/N2": SHED}
    for lot, place in lots.items():
        made = {"facility": place, "made": day(-1), "serial_range": ...}
        t.tell("lot", by="agent", subject=lot, called=place, **made)
    asks = {"subject": GTIN, "model": MODEL}
    assert "place-critical" in answer(t, "index", **asks)[1]
    visit, _, _ = observes(f"{GTIN}/10/N1", asked=asked)
    seen = says("observation", subject="urn:visit:n1", about=f"{GTIN}/10/N1", findings=[])
    say(t, visit, seen)
    assert ("place-critical" in answer(t, "index", **asks)[1]) is not asked


# questions.md, who may close: what found something says in what it has to be answered.


def test_an_audit_by_another_checklist_closes_nothing_critical(told: Told):
    """Who looked at the fire extinguishers says nothing of the pesticides in the shed."""
    bad = {"findings": [finding("critical") | {"point": "pesticides"}], "on": day(-0.5)}
    told.tell("origin-audit", called="bad", **bad)
    asked = {"place": GARDEN}
    of_fire: dict[str, Any] = {"checklist": "fire safety 2", "on": day(-0.3)}
    told.tell("origin-audit", called="fire", findings=[], **of_fire)
    assert "place-critical" in answer(told, "listable")[1]
    assert answer(told, "place", **asked)[0] == "no"
    told.tell("origin-audit", called="again", findings=[], on=day(-0.2), checklist="TEA-garden  3")
    assert answer(told, "listable") == ("yes", [])


def test_an_audit_by_a_newer_checklist_closes_what_it_speaks_of(told: Told):
    bad = {"findings": [finding("critical") | {"point": "pesticides"}], "on": day(-0.5)}
    told.tell("origin-audit", called="bad", **bad)
    mended: dict[str, Any] = {"findings": [finding("minor") | {"point": "Pesticides"}]}
    told.tell("origin-audit", called="new", checklist="tea-garden 4", on=day(-0.2), **mended)
    assert answer(told, "listable") == ("yes", [])


def test_no_correction_says_that_it_was_found_by_another_checklist(told: Told):
    told.tell("origin-audit", called="bad", on=day(-0.5), **BAD)
    other = corrects("bad", "inspector", checklist="fire safety 2")
    assert told.world.refuse(other(told.world)) == ["supersede-loosens"]
    say(told, corrects("bad", "inspector", checklist="Tea-Garden 3"))


# I9: a pass by who is tied to whom it favours shows nothing.


def period(t: Told) -> dict[str, Any]:
    """Ask about the time up to what was said last."""
    return {"category": TEA, "start": t.time(-20), "until": format_us(t.world.last_us())}


@pytest.mark.parametrize("to", ["trader", "brand"])
def test_a_visit_by_a_tied_inspector_covers_no_goods(told: Told, to: str):
    belongs(told, to)
    told.tell("listing")
    seen: dict[str, Any] = {"by": "second-inspector", "on": day(-0.1)}
    told.tell("inspection", called="own", **seen)
    asks = period(told)
    assert answer(told, "coverage", **asks) == ("no", ["never-inspected"])
    assert codes(told, "coverage", **asks) == ["index-tied"]
    told.tell("inspection", called="seen", on=day(-0.05))
    assert answer(told, "coverage", **asks) == ("yes", [])
    assert codes(told, "coverage", **asks) == []


def test_what_a_tied_inspector_refuses_was_looked_at(told: Told):
    belongs(told, "trader")
    told.tell("listing")
    say(told, refusal(by="second-inspector", on=day(-0.1)))
    assert answer(told, "coverage", **period(told))[0] == "yes"


# questions.md: a lot is judged by every class of nonconformity; what is of none, by items.


def at_aql(aql: Aql) -> dict[str, Any]:
    """Return a plan of the tables for a lot of 480, just kept."""
    plan = plan_for(480, "II", aql, "normal")
    counts = {"accept": plan.accept, "reject": plan.reject, "nonconforming": plan.accept}
    return {"aql": aql, "sample_size": plan.sample_size, **counts}


@pytest.mark.parametrize("aql", ["15", "1000"])
def test_no_count_of_nonconformities_alone_earns_a_mark(told: Told, aql: Aql):
    """At AQL 1000 three items with 44 nonconformities pass: that praises nothing."""
    told.tell("quality-model")
    asks = {"subject": GTIN, "model": MODEL}
    before = told.world.ask("index", asks)
    say(told, inspection("lax", on=day(-0.2), **at_aql(aql)))
    lax = told.world.ask("index", asks)
    assert lax["outcomes"] == before["outcomes"]
    say(told, inspection("strict", on=day(-0.1), **at_aql("10")))
    assert told.world.ask("index", asks)["outcomes"] == before["outcomes"] + 1


def test_what_fails_by_a_count_of_nonconformities_counts(told: Told):
    told.tell("quality-model")
    asks = {"subject": GTIN, "model": MODEL}
    before = told.world.ask("index", asks)["outcomes"]
    bad = at_aql("15")
    bad |= {"nonconforming": bad["reject"], "decision": "refused"}
    say(told, inspection("bad", on=day(-0.2), **bad))
    assert told.world.ask("index", asks)["outcomes"] == before + 1


# I12: a promise is kept by what could be known in time, whatever time its signer says.


def late(t: Told, type_: str, days: float, **fields: Any) -> None:
    """Let a party say something now that it dates back so many days."""
    t.tell(type_, how={"age_s": int(days * DAY_S)}, **fields)


ANSWERED = [{"kind": "complaints-answered", "within_days": 2}]
OF_COMPLAINT: dict[str, Any] = {"cause": citing("complaint"), "subject": BRAND, "by": "brand"}


def test_no_answer_that_is_dated_back_keeps_a_promise(told: Told):
    told.tell("alliance-pledge", standards=[], conduct=ANSWERED)
    told.tell("complaint")
    told.world.wait(seconds=4 * DAY_S)
    told.tell("facility", called="garden again")
    assert answer(told, "pledges", party=BRAND) == ("no", ["conduct-broken"])
    late(told, "improvement-plan", 3, called="plan", **OF_COMPLAINT)
    assert answer(told, "pledges", party=BRAND) == ("no", ["conduct-broken"])


def test_a_complaint_that_is_dated_back_is_answered_from_when_it_is_known(told: Told):
    told.tell("alliance-pledge", standards=[], conduct=ANSWERED)
    told.world.wait(seconds=5 * DAY_S)
    late(told, "complaint", 4)
    told.world.wait(seconds=DAY_S)
    told.tell("improvement-plan", called="plan", **OF_COMPLAINT)
    told.world.wait(seconds=DAY_S)
    told.tell("facility", called="garden again")
    assert answer(told, "pledges", party=BRAND) == ("yes", [])


def test_no_step_that_is_dated_back_is_done_in_time(told: Told):
    promise = [{"kind": "improvement-in-time"}]
    told.tell("alliance-pledge", by="trader", subject=TRADER, standards=[], conduct=promise)
    say(told, refusal(on=day(-0.5)))
    due = [{"text": "clean the shed", "due": told.time(2)}]
    told.tell("improvement-plan", called="plan", cause=citing("failure"), actions=due)
    told.world.wait(seconds=4 * DAY_S)
    late(told, "improvement-step", 3, called="step", cause=citing("failure"), action=1)
    assert answer(told, "pledges", party=TRADER) == ("no", ["conduct-broken"])
    assert "action-late" in codes(told, "improvement", trader=TRADER)


# I11: what was found stays found, whoever leaves its judgement out.


@pytest.mark.parametrize(("value", "told_too"), [("9.9", True), ("0.4", False)])
def test_a_value_above_a_limit_of_the_law_is_told_whoever_left_it_unjudged(
    value: str, *, told_too: bool
):
    """A laboratory that cites no standard judges nothing; trace knows what the law asks of such goods."""
    t = begun()
    lead = {"property": "lead", "unit": "mg/kg", "value": value, "outcome": "not-judged"}
    say(t, *LABELLED, *again([lead], standard=...))
    asks = {"goods": LOT, "page": "1"}
    assert answer(t, "trace", **asks)[0] == "yes"
    notes = [n for n in t.world.ask("trace", asks)["notes"] if n["code"] == "limit-unjudged"]
    assert bool(notes) is told_too
    for note in notes:
        assert (note["facts"]["value"], note["facts"]["limit"]) == (value, LEAD["limit"])


def test_a_value_is_told_in_the_units_of_the_law():
    t = begun()
    lead = {"property": "lead", "unit": "µg/kg", "value": "9900", "outcome": "not-judged"}
    say(t, *LABELLED, *again([lead], standard=...))
    assert "limit-unjudged" in codes(t, "trace", goods=LOT, page="1")


MG = {"property": "lead", "unit": "mg/kg", "outcome": "not-judged"}
MILD = {
    "called": "mild",
    "subject": "urn:standard:samr.cn:GB1",
    "criteria": [LEAD | {"limit": "50"}],
}


@pytest.mark.parametrize("by", ["a mild standard", "a version of before"])
def test_a_value_above_a_limit_of_the_law_is_told_whatever_it_passes_by(by: str):
    """What a report cites is its laboratory's choice: an office's mild limit, one that is in force no more."""
    t = begun()
    say(t, *LABELLED)
    if by == "a mild standard":
        say(t, says("baseline-standard", **MILD | {"category": "food/tea"}))
        cites, value = "mild", "9.9"
    else:
        strict = [one | {"limit": "0.1"} if one is LEAD else one for one in (LEAD, WATER)]
        say(t, says("baseline-standard", called="strict", criteria=strict, from_=day(-10)))
        cites, value = "baseline-standard", "0.4"
    passed = MG | {"value": value, "outcome": "pass"}
    say(t, *again([passed], standard=citing(cites), decision_rule="simple"))
    assert "limit-unjudged" in codes(t, "trace", goods=LOT, page="1")


@pytest.mark.parametrize(
    "found",
    [
        {"value": "9900", "unit": "mg/L"},
        {"words": "far above any limit"},
        {"value": "<500"},
        {"value": "absent"},
    ],
    ids=lambda found: " ".join(found.values()),
)
def test_a_value_that_shows_nothing_of_a_limit_of_the_law_is_told(found: dict[str, str]):
    t = begun()
    say(t, *LABELLED, *again([MG | found], standard=...))
    assert "limit-unshown" in codes(t, "trace", goods=LOT, page="1")
    assert "limits-unshown" in codes(t, "trace", goods=GTIN, page="1")


@pytest.mark.parametrize("uncertainty", ["100", None])
def test_a_value_that_its_uncertainty_hides_is_told(uncertainty: str | None):
    t = begun()
    spread = {} if uncertainty is None else {"uncertainty": uncertainty}
    found = MG | {"value": "50"} | spread
    say(t, *LABELLED, *again([found], standard=..., decision_rule="guarded"))
    assert "limit-unshown" in codes(t, "trace", goods=LOT, page="1")


def test_values_above_a_limit_of_the_law_are_told_of_a_product_too():
    """In one note, however many there are: of its trace, and of a label that is by another report."""
    t = begun()
    lead = {"property": "lead", "unit": "mg/kg", "value": "9.9", "outcome": "not-judged"}
    say(t, *LABELLED, *again([lead], standard=...))
    for question, asks in (("trace", {"goods": GTIN, "page": "1"}), ("label", {"product": GTIN})):
        notes = [n for n in t.world.ask(question, asks)["notes"] if n["code"] == "limits-unjudged"]
        assert [note["facts"] for note in notes] == [{"product": GTIN, "count": 1}]


def test_who_listed_goods_before_their_number_passed_on_deals_in_no_others(told: Told):
    """A rival claims the number once the mark has ended: what is found at its place is no ground against the old seller."""
    told.tell("listing")
    say(told, withdraw_mark(), mark(number=OTHER_MARK), rivals(GTIN))
    told.tell("facility", by="rival", subject=SHED, called="shed", owner=RIVAL)
    bad = {"called": "bad", "findings": [finding("critical")], "on": day(-0.1)}
    told.tell("origin-audit", subject=SHED, **bad)
    measure = {"step": "delist", "severity_ground": "critical", "triggers": [citing("bad")]}
    assert refused(told, "sanction", **measure) == ["sanction-triggers"]
