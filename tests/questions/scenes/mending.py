"""Sanctions and their appeals, and whether what was found is mended."""

from typing import Any

from questions.scene import (
    Scene,
    audit,
    inspection,
    observation_of,
    refusal,
    sanction,
    visit_to,
    wait,
)
from questions.scenes.parties import AGAINST, STANDS
from rules.laboratory_words import FAILED as TESTED
from rules.words import affiliation, amends, citing, corrects, says
from tea import GTIN, LOT, SHOP
from usual import day, finding, who
from world import BRAND, TRADER

DELISTED = sanction()
APPEAL = amends("appeal", "sanction", by="trader")
SEEN = (visit_to(LOT), observation_of(LOT))


def decides(outcome: str, **changes: Any):
    """The operator decides the appeal."""
    return amends("appeal-decision", "sanction", changes={"outcome": outcome} | changes)


def interim(until: float = 20, **changes: Any):
    """The operator delists in the interim on what an observer saw of the lot."""
    return says(
        "sanction",
        step="delist",
        severity_ground="critical",
        triggers=[citing("observation")],
        interim=True,
        until=day(until),
        **changes,
    )


def final(**changes: Any):
    """The operator delists on the inspection that failed, after the interim measure."""
    return says(
        "sanction",
        called="final",
        step="delist",
        severity_ground="critical",
        triggers=[citing("recall"), citing("sanction")],
        **changes,
    )


CONFIRMED = (*SEEN, interim(), says("recall"), final())
TO_INTERVIEW = {"terms": {"step": "interview", "until": "2036-01-01T00:00:00Z"}}

SANCTIONS = (
    Scene(
        "one may be appealed no more",
        DELISTED,
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-ending"),
        at=16,
    ),
    Scene(
        "one without an end",
        sanction(until=None),
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "appeal-possible"),
    ),
    Scene(
        "one is under appeal, and stands",
        (*DELISTED, APPEAL),
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-ending", "appeal-open"),
    ),
    Scene(
        "nobody had appealed before",
        (*DELISTED, APPEAL),
        "sanctions",
        AGAINST,
        "yes",
        note=STANDS,
        at=-1.5 / 1440,
    ),
    Scene(
        "one was upheld",
        (*DELISTED, APPEAL, decides("upheld")),
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-ending", "appeal-upheld"),
    ),
    Scene(
        "one was varied to an interview",
        (*DELISTED, APPEAL, decides("varied", **TO_INTERVIEW)),
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-ending", "appeal-varied"),
    ),
    Scene(
        "one was annulled",
        (*DELISTED, APPEAL, decides("annulled")),
        "sanctions",
        AGAINST,
        "no",
        note=("sanction-annulled",),
    ),
    Scene(
        "it stood until it was annulled",
        (*DELISTED, APPEAL, decides("annulled")),
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-ending", "appeal-open"),
        at=-1.5 / 1440,
    ),
    Scene(
        "an annulled one of the trader's hits no shop",
        (*DELISTED, APPEAL, decides("annulled")),
        "sanctions",
        {"subject": SHOP},
        "no",
        note=("sanction-annulled",),
    ),
    Scene(
        "an interim one stands",
        (*SEEN, interim()),
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-interim", "appeal-possible"),
    ),
    Scene(
        "an interim one lapsed",
        (*SEEN, interim()),
        "sanctions",
        AGAINST,
        "no",
        note=("sanction-lapsed",),
        at=20,
    ),
    Scene(
        "an interim one was followed by a final one",
        CONFIRMED,
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-confirmed", "sanction-ending", "appeal-possible"),
    ),
    Scene(
        "the final one goes on when the interim one is over",
        CONFIRMED,
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-confirmed", "sanction-ending"),
        at=25,
    ),
    Scene(
        "a final one came too late for the interim one",
        (*SEEN, interim(1), wait(2), says("recall"), final()),
        "sanctions",
        AGAINST,
        "yes",
        note=("sanction-lapsed", *STANDS),
    ),
    Scene(
        "what one asks for was mended",
        (
            *DELISTED,
            says("improvement-plan", cause=citing("sanction"), called="plan"),
            says("improvement-step", cause=citing("sanction")),
            says("improvement-step", cause=citing("sanction"), action=2, called="second"),
            says("improvement-verified", cause=citing("sanction")),
        ),
        "sanctions",
        AGAINST,
        "yes",
        note=(*STANDS, "sanction-mended", "sanction-plans"),
    ),
)


ASKED = {"trader": TRADER}
FAILURE = refusal()
PLAN = says("improvement-plan", called="plan")
FIRST = says("improvement-step", called="first")
SECOND = says("improvement-step", called="second", action=2)
DONE = (FAILURE, PLAN, FIRST, SECOND)
VERIFIED = says("improvement-verified", called="verified")
MEASURE = {
    "product": GTIN,
    "property": "nonconforming",
    "unit": "%",
    "direction": "at-most",
    "baseline": "3",
    "goal": "1",
}
MEASURED = says("improvement-plan", called="plan", stage="making", measures=[MEASURE])
PROVING = (FAILURE, MEASURED, FIRST, SECOND, VERIFIED, wait(2))
LATER_LOT = GTIN + "/10/B8"
GOOD = inspection("good", subject=LATER_LOT, on=day(-0.1))
WORSE = refusal("worse", subject=LATER_LOT, on=day(-0.1))
INEFFECTIVE = says("improvement-verified", called="looked", outcome="ineffective")
AGAIN = says("improvement-plan", called="plan", root_cause="it was the hall next door")
ADVICE = says("advice", called="advice")
OF_THE_BRAND = {"by": "brand", "subject": BRAND}

IMPROVEMENT = (
    Scene(
        "nothing was ever asked for", (), "improvement", ASKED, "unknown", ("improvement-absent",)
    ),
    Scene(
        "a party nobody knows",
        (),
        "improvement",
        {"trader": "did:web:nobody.example"},
        "unknown",
        ("party-unknown",),
    ),
    Scene(
        "a later lot shows that a plan worked",
        (*PROVING, GOOD),
        "improvement",
        ASKED,
        "yes",
        note=("lot-refused", "measure-proven", "plan-effective"),
    ),
    Scene(
        "a plan was found effective, and nothing shows it yet",
        PROVING,
        "improvement",
        ASKED,
        "yes",
        note=("lot-refused", "measure-unproven", "plan-effective"),
    ),
    Scene(
        "a later lot is worse than before the plan",
        (*PROVING, WORSE),
        "improvement",
        ASKED,
        "no",
        ("measure-worse",),
        note=("lot-refused", "plan-effective"),
    ),
    Scene(
        "what an inspector found worse no warehouse's pass answers",
        (*PROVING, WORSE, inspection("inbound", by="warehouse", mode="inbound", on=day(0))),
        "improvement",
        ASKED,
        "no",
        ("measure-worse",),
        note=("lot-refused", "plan-effective"),
    ),
    Scene(
        "nor one that is tied to whom it favours, as bad as before",
        (
            *PROVING,
            affiliation("trader", "second-inspector"),
            WORSE,
            inspection(
                "tied",
                by="second-inspector",
                subject=GTIN + "/10/B9",
                mode="flight",
                nonconforming=1,
                on=day(0),
            ),
        ),
        "improvement",
        ASKED,
        "no",
        ("measure-worse",),
        note=("lot-refused", "plan-effective"),
    ),
    Scene(
        "a pass of an inspector does",
        (*PROVING, WORSE, inspection("better", subject=GTIN + "/10/B9", on=day(0))),
        "improvement",
        ASKED,
        "yes",
        note=("lot-refused", "measure-unproven", "plan-effective"),
    ),
    Scene(
        "what a plan is to reach was reached before",
        (FAILURE, GOOD, MEASURED),
        "improvement",
        ASKED,
        "unknown",
        ("plan-open",),
        note=("measure-already",),
    ),
    Scene("a plan is in time", (FAILURE, PLAN), "improvement", ASKED, "unknown", ("plan-open",)),
    Scene(
        "one action is overdue",
        (FAILURE, PLAN),
        "improvement",
        ASKED,
        "no",
        ("action-overdue", "plan-open"),
        at=12,
    ),
    Scene(
        "the action that was due is done, the other is in time",
        (FAILURE, PLAN, FIRST),
        "improvement",
        ASKED,
        "unknown",
        ("plan-open",),
        at=12,
    ),
    Scene(
        "both are overdue", (FAILURE, PLAN), "improvement", ASKED, "no", ("action-overdue",), at=21
    ),
    Scene(
        "all is done, and nobody looked",
        DONE,
        "improvement",
        ASKED,
        "unknown",
        ("plan-unverified",),
    ),
    Scene(
        "all was done late, and nobody looked",
        (FAILURE, PLAN, wait(15), FIRST, SECOND),
        "improvement",
        ASKED,
        "unknown",
        ("plan-unverified",),
        ("action-late",),
    ),
    Scene(
        "all is done, and the operator looked",
        (*DONE, VERIFIED),
        "improvement",
        ASKED,
        "yes",
        note=("plan-effective", "lot-refused"),
    ),
    Scene(
        "nobody had looked before",
        (*DONE, VERIFIED),
        "improvement",
        ASKED,
        "unknown",
        ("plan-unverified",),
        at=-1.5 / 1440,
    ),
    Scene(
        "before a step it was open",
        DONE,
        "improvement",
        ASKED,
        "unknown",
        ("plan-open",),
        at=-1.5 / 1440,
    ),
    Scene(
        "it was in vain",
        (*DONE, INEFFECTIVE),
        "improvement",
        ASKED,
        "no",
        ("plan-ineffective",),
    ),
    Scene(
        "it was in vain, and another plan is in time",
        (*DONE, INEFFECTIVE, AGAIN),
        "improvement",
        ASKED,
        "unknown",
        ("plan-open",),
        ("plan-ineffective",),
    ),
    Scene(
        "it was in vain, and the next was not",
        (*DONE, INEFFECTIVE, AGAIN, FIRST, SECOND, VERIFIED),
        "improvement",
        ASKED,
        "yes",
        note=("plan-effective", "plan-ineffective", "lot-refused"),
    ),
    Scene(
        "a sanction it would mend was annulled",
        (
            *DELISTED,
            says("improvement-plan", cause=citing("sanction"), called="plan"),
            APPEAL,
            decides("annulled"),
        ),
        "improvement",
        ASKED,
        "unknown",
        ("plan-moot",),
        at=30,
    ),
    Scene(
        "a sanction it would mend was annulled, and what it rested on is mended",
        (
            *DELISTED,
            says("improvement-plan", cause=citing("sanction"), called="plan"),
            APPEAL,
            decides("annulled"),
            *DONE,
            VERIFIED,
        ),
        "improvement",
        ASKED,
        "yes",
        note=("plan-moot", "plan-effective", "lot-refused"),
    ),
    Scene(
        "what was found was corrected since",
        (FAILURE, PLAN, corrects("failure", "inspector", km=1), FIRST, SECOND, VERIFIED),
        "improvement",
        ASKED,
        "yes",
        note=("plan-effective", "lot-refused"),
    ),
    Scene(
        "plans of a brand about an audit and what an observer saw are in time",
        (
            audit("failure"),
            says("improvement-plan", called="plan", **OF_THE_BRAND),
            says("visit"),
            says("observation", findings=[finding("major")]),
            says("improvement-plan", cause=citing("observation"), **OF_THE_BRAND),
        ),
        "improvement",
        {"trader": BRAND},
        "unknown",
        ("plan-open",),
    ),
    Scene(
        "a plan of a brand about a laboratory's result is in time",
        (*TESTED, says("improvement-plan", cause=citing("report"), **OF_THE_BRAND)),
        "improvement",
        {"trader": BRAND},
        "unknown",
        ("plan-open",),
    ),
    Scene(
        "a plan about a complaint of its shop is in time",
        (
            says("complaint", shop=SHOP, lot=...),
            says("improvement-plan", cause=citing("complaint")),
        ),
        "improvement",
        ASKED,
        "unknown",
        ("plan-open",),
    ),
    Scene(
        "an advice waits for an answer",
        (FAILURE, ADVICE),
        "improvement",
        ASKED,
        "unknown",
        ("advice-waiting",),
    ),
    Scene(
        "an advice was not answered",
        (FAILURE, ADVICE),
        "improvement",
        ASKED,
        "no",
        ("advice-unanswered",),
        at=15,
    ),
    Scene(
        "an advice is answered by a plan about one of its grounds",
        (
            FAILURE,
            says("complaint"),
            says("advice", grounds=[citing("complaint"), citing("failure")]),
            PLAN,
        ),
        "improvement",
        ASKED,
        "unknown",
        ("plan-open",),
    ),
    Scene(
        "an advice is not answered by a plan in vain",
        (FAILURE, ADVICE, PLAN, FIRST, SECOND, INEFFECTIVE),
        "improvement",
        ASKED,
        "no",
        ("plan-ineffective", "advice-unanswered"),
        at=15,
    ),
    Scene(
        "an advice is not answered by a plan about something else",
        (FAILURE, says("complaint"), says("advice", grounds=[citing("complaint")]), PLAN),
        "improvement",
        ASKED,
        "unknown",
        ("plan-open", "advice-waiting"),
    ),
    Scene(
        "an advice to another",
        (
            says("complaint"),
            says("advice", subject=who("distributor"), grounds=[citing("complaint")]),
        ),
        "improvement",
        ASKED,
        "unknown",
        ("improvement-absent",),
    ),
)

SCENES = (*SANCTIONS, *IMPROVEMENT)
