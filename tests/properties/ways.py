"""Ways to bend an answer that worked once: what is there by right, what somebody bends, what happens since.

Each is told behind the usual beginning under tests, and some on every random world (``safety``).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from properties.asking import Answer
from properties.bent import (
    Way,
    asks,
    better,
    better_in_silence,
    counts_otherwise,
    looser,
    named,
    nothing,
    untold,
    worse,
)
from properties.course import (
    FIELD,
    SHED,
    THEIR_SHOP,
    accredited,
    business,
    label,
    passed_to_rival,
    standards,
)
from properties.telling import Tale
from properties.words import Later, Move, amends, at_of, cites, corrects, day, id_of, says, who
from questions.scenes.label import measured
from questions.scenes.pledges import MENDING
from sampled import revealed, witnessed
from tea import EVER, GARDEN, GTIN, LOT
from usual import finding

from ledger.rules.ties import group
from ledger.sampling.tables import Aql, plan_for


def at_aql(aql: Aql) -> dict[str, Any]:
    """Return a plan of the tables for a lot of 480, just kept."""
    plan = plan_for(480, "II", aql, "normal")
    counts = {"accept": plan.accept, "reject": plan.reject, "nonconforming": plan.accept}
    return {"aql": aql, "sample_size": plan.sample_size, **counts}


def owned(t: Tale, holder: str, above: str) -> Move:
    """An office says that somebody belongs to another, and always did."""
    number = f"urn:qualification:samr.cn:OWNED-{holder.upper()}"
    of = {"kind": "affiliation", "number": number, "categories": [], "relation": "wholly-owned"}
    return says("qualification", subject=who(holder), called=t.name("tie"), of=who(above), **of)


# An index and coverage: by whom and by what goods are looked at.


def offered(t: Tale) -> Iterator[Move]:
    """The trader has an inspector of its own, and lists the tea."""
    yield says("quality-model")
    yield owned(t, "lackey", "trader")
    yield from business(t)
    yield says("origin-audit", called=t.name("audit"))
    yield says("listing", called=t.name("listing"))


def praised(t: Tale) -> Iterator[Move]:
    """The trader's own inspector passes its tea."""
    yield says("inspection", by="lackey", called=t.name("praise"), mode="flight", on=day(-0.01))


def looked_at(t: Tale) -> Iterator[Move]:
    """There is a model, and the lot was inspected."""
    yield says("quality-model")
    yield says("inspection", called=t.name("seen"), mode="mystery", on=day(-0.02))


def laxly(t: Tale) -> Iterator[Move]:
    """An inspector passes a lot of which each item is bad ten times over."""
    by = {"by": "second-inspector", "mode": "flight", "on": day(-0.01)}
    yield says("inspection", called=t.name("lax"), **by, **at_aql("1000"))


# Models.


def failed(t: Tale) -> Iterator[Move]:
    """There is a model, and a lot is refused for something critical."""
    yield says("quality-model", called=t.name("model"))
    yield says("origin-audit", called=t.name("audit"), findings=[])
    bad = {"nonconforming": 9, "decision": "refused", "findings": [finding("critical")]}
    yield says("inspection", called=t.name("seen"), mode="flight", on=day(-0.02), **bad)


MILD = {
    "severities": {"critical": 1, "major": 1, "minor": 1},
    "grades": {"a": 3, "b": 2, "c": 1},
    "critical_cap": "A",
}


def milder(t: Tale) -> Iterator[Move]:
    """The operator restates the model: nothing weighs much, nothing caps a grade."""
    yield says("quality-model", called=t.name("model"), **MILD)


def forgetful(t: Tale) -> Iterator[Move]:
    """The operator restates it: what is a month old counts no more."""
    yield says("quality-model", called=t.name("model"), window_days=30, step_days=10)


def a_month_later(t: Tale) -> Iterator[Move]:
    """A month passes, in which the garden is audited and the tea inspected."""
    t.wait(32)
    yield says("origin-audit", called=t.name("audit"))
    yield says("inspection", called=t.name("seen"), mode="mystery", on=day(-1))
    yield says("inspection", called=t.name("seen"), mode="patrol", by="warehouse", on=day(-1))


# Promises.

ANSWERED = {"kind": "complaints-answered", "within_days": 2}


def _pledges(promise: Mapping[str, Any]) -> Move:
    said = {"standards": [], "conduct": [promise], "called": "promise"} | EVER
    return says("alliance-pledge", **said)


def unanswered(t: Tale) -> Iterator[Move]:
    """The brand promised to answer complaints in two days; it did not."""
    yield _pledges(ANSWERED)
    yield says("complaint", called="grievance", shop=...)
    t.wait(4)
    yield says("facility", called="garden again")


ABOUT: dict[str, Any] = {"by": "brand", "subject": who("brand"), "cause": cites("grievance")}


def answered_late(t: Tale) -> Iterator[Move]:
    """It answers now, dated back to the first day."""
    yield says("improvement-plan", called=t.name("plan"), age_s=3 * 86_400, **ABOUT)


def planned(_: Tale) -> Iterator[Move]:
    """The brand promised to do in time what it plans, and plans for the third day."""
    yield _pledges(MENDING)
    yield says("complaint", called="grievance", shop=...)
    actions = [{"text": "order stronger cartons", "due": day(2)}]
    yield says("improvement-plan", called="their way", actions=actions, **ABOUT)


def overdue(t: Tale) -> Iterator[Move]:
    """The brand planned so, and did nothing."""
    yield from planned(t)
    t.wait(4)
    yield says("facility", called="garden again")


STEP: dict[str, Any] = {"action": 1, "target": cites("their way")}


def done_late(t: Tale) -> Iterator[Move]:
    """It does so now, dated back to the first day."""
    yield says("improvement-step", called=t.name("step"), age_s=3 * 86_400, **STEP, **ABOUT)


def judged_early(t: Tale) -> Iterator[Move]:
    """Somebody else's inspector finds on the first day that it has done nothing."""
    found = {"by": "tame", "outcome": "ineffective", "on": day(-0.01), "target": cites("their way")}
    yield says("improvement-verified", called=t.name("verdict"), **ABOUT | found)


def done_in_time(t: Tale) -> Iterator[Move]:
    """It does so on the second day, and days pass."""
    t.wait(1)
    yield says("improvement-step", called=t.name("step"), **STEP, **ABOUT)
    t.wait(4)
    yield says("facility", called="garden again")


# Values that nobody judged.


def of_sample(t: Tale) -> Iterator[Move]:
    """The law has a limit for lead, and the laboratory has a sample of the lot."""
    yield from standards(t)
    yield from accredited("laboratory", "accreditation")
    sample = f"urn:sample:{t.name('unjudged')}".replace(" ", "")
    yield says("sample-sealed", subject=sample, called="its jar")
    took = {"subject": sample, "called": "took it", "previous": id_of("its jar")}
    yield says("custody", by="laboratory", **took)


def unjudged(t: Tale) -> Iterator[Move]:
    """The laboratory measures five times the lead that the law allows, and cites no standard."""
    lead = {"property": "lead", "unit": "mg/kg", "value": "9.9", "outcome": "not-judged"}
    said = {"custody": id_of("took it"), "received": at_of("took it"), "standard": ...}
    number = t.name("U").replace(" ", "-")
    yield says(
        "test-report",
        subject=_sample(t),
        called=t.name("report"),
        number=number,
        results=[lead],
        **said,
    )


def _of_lead(t: Tale, **changes: Any) -> Move:
    """The laboratory measures lead in its sample."""
    lead = {"property": "lead", "unit": "mg/kg", "value": "9.9", "outcome": "not-judged"}
    said = _by_standard(t) | {"standard": ..., "results": [lead | changes.pop("found", {})]}
    return says("test-report", called=t.name("report"), **said | changes)


MILD_LEAD = {"property": "lead", "unit": "mg/kg", "direction": "at-most", "limit": "50"}
MILD_LIMITS = {"criteria": [MILD_LEAD | {"severity": "critical"}], "category": "food/tea"}


def of_sample_mildly(t: Tale) -> Iterator[Move]:
    """Another standard of the authority allows five times as much."""
    yield from of_sample(t)
    mild = {"subject": "urn:standard:samr.cn:MILD", "called": "mild"}
    yield says("baseline-standard", **mild, **MILD_LIMITS)


def judged_mildly(t: Tale) -> Iterator[Move]:
    """The laboratory passes its sample by that one."""
    yield _of_lead(t, found={"outcome": "pass"}, standard=cites("mild"))


def in_litres(t: Tale) -> Iterator[Move]:
    """The laboratory measures lead in a unit that no limit can be told in."""
    yield _of_lead(t, found={"unit": "mg/L"})


def in_part(t: Tale) -> Iterator[Move]:
    """The laboratory registers the part of its report in which all passes."""
    yield _of_lead(t, found={"value": "0.1"}, part={"number": 1, "of": 2})


def _measures(t: Tale, called: str, water: str, until: Later) -> Move:
    """The laboratory measures what a label asks for; it cites no standard."""
    found = measured(water=(water, "not-judged"))
    results = [one | {"outcome": "not-judged"} for one in found]
    said = _by_standard(t) | {"standard": ..., "results": results}
    return says("test-report", called=called, **said | {"tested_until": until})


def labelled(t: Tale) -> Iterator[Move]:
    """All that a label asks for is there, and the label is given."""
    yield from offered(t)
    yield says("inspection", called=t.name("inspection"))
    yield from of_sample(t)
    yield says("test-report", called=t.name("report"), **_by_standard(t))
    yield from label(t)


def too_wet(t: Tale) -> Iterator[Move]:
    """The tea is labelled; then it is found too wet."""
    yield from labelled(t)
    yield _measures(t, "too wet", "9.1", day(-0.0001))


def dry_as_well(t: Tale) -> Iterator[Move]:
    """It is dry, says the laboratory of the same moment."""
    then = Later("when <too wet>", lambda told: str(told.said["too wet"][1].tested_until))
    yield _measures(t, "as dry", "5.5", then)


def tested(t: Tale) -> Iterator[Move]:
    """A laboratory promised what a standard asks, and finds too much lead in its sample."""
    yield from of_sample(t)
    kept = {"standards": [cites("standard")], "conduct": [], "called": "promise"} | EVER
    yield says("alliance-pledge", by="laboratory", subject=who("laboratory"), **kept)
    yield says("test-report", called="their finding", **_by_standard(t, lead=("2.1", "fail")))


def _by_standard(t: Tale, **changed: tuple[str, str]) -> dict[str, Any]:
    """Return what a report on the sample says, by the standard."""
    received = {"custody": id_of("took it"), "received": at_of("took it")}
    number = t.name("U").replace(" ", "-")
    said = {"subject": _sample(t), "number": number, "standard": cites("standard")}
    return received | said | {"results": measured(**changed)}


def _sample(t: Tale) -> str:
    return t.told.said["took it"][0].subject if "took it" in t.told.said else ""


def retested(t: Tale) -> Iterator[Move]:
    """Another laboratory finds nothing in a retained sample: the report is overturned."""
    if "their finding" not in t.told.said:
        return
    month = next(s for topic, s in t.told.subjects_of("their finding") if topic == "reports")
    about = {"subject": _sample(t), "lot": LOT, "laboratory": who("laboratory")}
    about |= {"month": month.rpartition("\n")[2]}
    yield says("objection", called="their objection", target=cites("their finding"), **about)
    yield from accredited("second-laboratory", "second accreditation")
    sample = f"urn:sample:{t.name('retained')}".replace(" ", "")
    yield says("sample-sealed", subject=sample, called="other jar")
    took = {"subject": sample, "called": "took other", "previous": id_of("other jar")}
    yield says("custody", by="second-laboratory", **took)
    found = _by_standard(t) | about | {"sample": sample, "custody": id_of("took other")}
    found |= {"received": at_of("took other"), "accreditations": [cites("second accreditation")]}
    yield says("retest-report", called="their retest", target=cites("their finding"), **found)
    closing = {"target": cites("their objection"), "report": id_of("their finding")}
    closing |= {"outcome": "overturned", "retest": cites("their retest")}
    yield says("objection-closed", called="overturned", **about, **closing)


def known_as_tied(t: Tale) -> Iterator[Move]:
    """An office says that the other laboratory belongs to who made the lot."""
    yield owned(t, "second-laboratory", "brand")


# Audits of one moment.


def due_soon(_: Tale) -> Iterator[Move]:
    """The garden is audited, and has to be again in ten days."""
    yield says("origin-audit", called="of then", findings=[], on=day(-0.01), next_due=day(10))


def due_late(t: Tale) -> Iterator[Move]:
    """It is due in a year, says the inspector of the same moment."""
    then = Later("when <of then>", lambda told: str(told.said["of then"][1].on))
    yield says("origin-audit", called=t.name("audit"), findings=[], on=then, next_due=day(365))


def twenty_days_later(t: Tale) -> Iterator[Move]:
    """Time passes."""
    t.wait(20)
    yield says("facility", called="garden again")


# Deliveries.

HALF = GTIN + "/10/HALF"


def delivered(_: Tale) -> Iterator[Move]:
    """The brand makes a lot of 480 items."""
    yield says("lot", subject=HALF, called="half", serial_range={"first": "5001", "last": "5480"})


INBOUND: dict[str, Any] = {"subject": HALF, "mode": "inbound", "on": day(-0.01), "lot_size": 240}
INBOUND |= {"sample_size": 50, "accept": 1, "reject": 2}


def made_up(t: Tale) -> Iterator[Move]:
    """Another warehouse says that all of it came with deliveries of its own making."""
    for number in (1, 2):
        how = INBOUND | {"delivery": f"theirs {number}"}
        yield says("inspection", by="second-warehouse", called=t.name("made up"), **how)


def received(t: Tale) -> Iterator[Move]:
    """The warehouse accepts what came."""
    how = INBOUND | {"delivery": "half of it"}
    yield says("inspection", by="warehouse", called=t.name("inbound"), **how)


# Sanctions.


def passed_on(t: Tale) -> Iterator[Move]:
    """The trader listed the tea; the number is a rival's now."""
    yield says("listing", called=t.name("listing"))
    yield from passed_to_rival(t)


def blamed(t: Tale) -> Iterator[Move]:
    """The operator ends cooperation with the trader over what was found at the rival's place."""
    trouble = t.name("trouble")
    bad = {"subject": SHED, "findings": [finding("critical")]}
    yield says("origin-audit", called=trouble, **bad)
    how = {"step": "end-cooperation", "severity_ground": "critical"}
    yield says("sanction", called=t.name("measure"), triggers=[cites(trouble)], **how)


# Series.

PLANS = {"normal": (125, 3), "tightened": (125, 2)}
"""Of 2,000 items at level II, AQL 1.0: sample size and acceptance number."""


def _inbound(t: Tale, by: str, severity: str, **found: Any) -> Move:
    """A warehouse inspects a lot of 2,000 that nobody inspected."""
    size, accept = PLANS[severity]
    drawn = {"sample_size": size, "accept": accept, "reject": accept + 1, "severity": severity}
    subject = f"{GTIN}/10/{t.name('T').replace(' ', '')}"
    how = {"by": by, "mode": "inbound", "subject": subject, "lot_size": 2000, "on": day(-0.01)}
    return says("inspection", called=t.name("inbound"), **how, **drawn, **found)


def tightened(t: Tale) -> Iterator[Move]:
    """The trader has a warehouse of its own; another one refuses two lots in a row."""
    tie = owned(t, "second-warehouse", "trader")
    yield tie
    if not any(one.move is tie for one in t.said):
        return  # an office that is none any more ties nobody
    theirs, its = (group(t.paper.view, who(one), t.now_us) for one in ("warehouse", "trader"))
    if theirs.keys() & its.keys():
        return  # the other one is the trader's, too: its own may end what its own began
    for _ in range(2):
        yield _inbound(t, "warehouse", "normal", nonconforming=4, decision="refused")


def accepted_away(t: Tale) -> Iterator[Move]:
    """Its own accepts five."""
    for _ in range(5):
        yield _inbound(t, "second-warehouse", "tightened")


# Draws.


def committed(_: Tale) -> Iterator[Move]:
    """The operator draws, and knows by its beacon what."""
    yield says("listing", called="drawn listing")
    for said in ("draw-key", "roster", "sampling-programme", "draw", "draw-sealed"):
        yield says(said)


def sold_out(_: Tale) -> Iterator[Move]:
    """Everything that is drawn, it says, is sold out."""
    seen = Later("what a witness saw", witnessed)
    gone = Later("all of it", _all_gone)
    yield says("draw-result", witnessed=seen, substitutions=gone, sealings=[])


def fallen_untold(was: Answer, now: Answer, by: frozenset[str]) -> bool:
    """Return whether something fell out of a draw of which nothing is told."""
    rows = now.value["picks"] if now.verdict == "yes" else ()
    return any(row["state"] == "substituted" for row in rows) and untold(was, now, by)


def _all_gone(told: Any) -> list[dict[str, str]]:
    objects = (one for one in revealed(told)["picks"] if one["role"].startswith("object/"))
    return [
        {"role": one["role"], "key": item["key"], "reason": "sold-out"}
        for one in objects
        for item in (*one["drawn"], *one["spares"])
    ]


# Corrections.


def mistyped(_: Tale) -> Iterator[Move]:
    """The brand states a lot as made at another of its places."""
    yield says("facility", subject=FIELD, called="field")
    yield says("lot", subject=HALF, called="half", facility=FIELD, serial_range=...)


def passed_by_any(t: Tale) -> Iterator[Move]:
    """A warehouse that never had it says that it passed all of it."""
    how = {"by": "second-warehouse", "subject": HALF, "mode": "inbound", "on": day(-0.01)}
    yield says("inspection", called=t.name("passed"), **how)


def said_right(_: Tale) -> Iterator[Move]:
    """The brand says where it was made."""
    yield corrects("half", "brand", facility=GARDEN)


# Shops, and what goods are said to be made of.


def lists_it(t: Tale) -> Iterator[Move]:
    """A fellow reseller lists the tea in its own shop."""
    yield says("listing", by="coseller", called=t.name("listing"), shop=THEIR_SHOP)


def passes_on(t: Tale) -> Iterator[Move]:
    """That shop ends, and its id is the trader's."""
    yield amends("shop-ended", "their shop", "operator")
    yield says("shop", subject=THEIR_SHOP, called=t.name("shop of both"))


WITHERED = GTIN + "/10/WITHERED"


def leaves_first(t: Tale) -> Iterator[Move]:
    """A fellow reseller says that leaves are made of the brand's next lot, and is rejected."""
    claim, made = t.name("claim"), {"serial_range": ..., "made": day(-1)}
    yield says("lot", by="coseller", subject=WITHERED, called=claim, inputs=[HALF], **made)
    how = {"upheld": ..., "rejected": [cites(claim)], "subject": WITHERED}
    yield says("claim-decided", by="registrar", called=t.name("decision"), **how)


def made_of_leaves(_: Tale) -> Iterator[Move]:
    """The brand states the leaves, and what it made of them."""
    yield says("lot", subject=WITHERED, called="withered", serial_range=..., made=day(-1))
    of_it = {"inputs": [WITHERED], "serial_range": ..., "made": day(-0.5)}
    yield says("lot", subject=HALF, called="half", **of_it)


WAYS: tuple[Way, ...] = (
    Way(
        "the trader's own inspector looks at its goods",
        offered,
        praised,
        asks("coverage"),
        better,
        without=("tied-coverage",),
    ),
    Way(
        "a count of nonconformities at AQL 1000 passes",
        looked_at,
        laxly,
        asks("index", subject=GTIN),
        better,
        without=("lax-passes",),
    ),
    Way(
        "the operator restates its model milder",
        failed,
        milder,
        asks("index", subject=GTIN),
        better_in_silence,
        without=("model-restated",),
    ),
    Way(
        "the operator restates its model to forget sooner",
        failed,
        forgetful,
        asks("index", subject=GTIN),
        better_in_silence,
        a_month_later,
        without=("model-restated", "model-forgets"),
    ),
    Way(
        "a complaint is answered late, dated back",
        unanswered,
        answered_late,
        asks("pledges", party=who("brand")),
        better,
        without=("in-time",),
    ),
    Way(
        "a step is done late, dated back",
        overdue,
        done_late,
        asks("pledges", party=who("brand")),
        better,
        without=("in-time",),
    ),
    Way(
        "somebody judges a plan before it is due",
        planned,
        judged_early,
        asks("pledges", party=who("brand")),
        worse,
        done_in_time,
        without=("judged-early",),
    ),
    Way(
        "a laboratory leaves what misses a limit of the law unjudged",
        of_sample,
        unjudged,
        (*asks("trace", goods=LOT), *asks("trace", goods=GTIN)),
        untold,
        without=("limit-unjudged", "limits-unjudged"),
    ),
    Way(
        "a laboratory passes by a mild standard what misses another limit of the law",
        of_sample_mildly,
        judged_mildly,
        asks("trace", goods=LOT),
        untold,
        without=("judged-by-choice",),
    ),
    Way(
        "a laboratory measures in a unit that no limit of the law is told in",
        of_sample,
        in_litres,
        asks("trace", goods=LOT),
        untold,
        without=("judged-by-choice",),
    ),
    Way(
        "a laboratory registers one part of its report",
        of_sample,
        in_part,
        asks("trace", goods=LOT),
        untold,
        without=("report-parts",),
    ),
    Way(
        "the operator says that all that was drawn is sold out",
        committed,
        sold_out,
        asks("draw"),
        fallen_untold,
        without=("fell-out",),
    ),
    Way(
        "a laboratory's promise is broken by a retest that counts nowhere",
        tested,
        retested,
        asks("pledges", party=who("laboratory")),
        worse,
        known_as_tied,
        without=("tied-retest",),
    ),
    Way(
        "a laboratory finds of one moment what missed a limit and what keeps it",
        too_wet,
        dry_as_well,
        asks("label"),
        better,
        without=("worst-of-moment",),
    ),
    Way(
        "an inspector says of one moment that another audit is due soon, and late",
        due_soon,
        due_late,
        asks("place", place=GARDEN),
        better,
        twenty_days_later,
        without=("soonest-of-moment",),
    ),
    Way(
        "another warehouse says that all of a lot was delivered",
        delivered,
        made_up,
        since=received,
        without=("made-up-deliveries",),
    ),
    Way(
        "another warehouse passes a lot that its maker mistyped",
        mistyped,
        passed_by_any,
        since=said_right,
        without=("passes-bind",),
    ),
    Way(
        "the trader's own warehouse accepts what ends the tightened inspection of others",
        tightened,
        accepted_away,
        asks("plan", mode="inbound"),
        looser,
        without=("tied-acceptances",),
    ),
    Way(
        "the trader's own warehouse accepts what counts for nothing",
        tightened,
        accepted_away,
        asks("plan", mode="inbound"),
        untold,
        without=("sampling-idle",),
    ),
    Way(
        "the trader is to answer for the place of a rival that came into the number",
        passed_on,
        blamed,
        asks("admission"),
        named,
        without=("dealt-before",),
    ),
    Way(
        "a fellow reseller listed the tea in a shop whose id passed on",
        nothing,
        lists_it,
        asks("trader"),
        counts_otherwise,
        passes_on,
        without=("shop-passed-on",),
    ),
    Way(
        "a fellow reseller said that leaves are made of the tea, and was rejected",
        nothing,
        leaves_first,
        since=made_of_leaves,
        without=("rejected-inputs",),
    ),
)
"""Ways to bend an answer."""

TRIED = 3
"""So many are tried on a world."""
