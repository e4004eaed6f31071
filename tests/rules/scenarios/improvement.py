"""The rules for advice and improvement: plans about one's own, steps, verification by another."""

from rules.laboratory_words import LIMITED, judging
from rules.scenarios.trade import FAILED, FAILURE, INTERVIEW
from rules.words import WHITE, affiliation, breaks, citing, keeps, says
from tea import GTIN, LOT
from usual import day, finding, result, who

PLAN = says("improvement-plan", called="plan")
STEPS = (
    says("improvement-step", called="first"),
    says("improvement-step", called="second", action=2),
)
DONE = (FAILURE, PLAN, *STEPS)
VERIFIED = says("improvement-verified", called="verified")
INEFFECTIVE = says("improvement-verified", called="looked", outcome="ineffective")
ADVICE = says("advice", called="advice")
THEIRS = says("inspection", called="failure", trader=who("distributor"), **FAILED)
AUDITED = says("origin-audit", called="failure", findings=[finding("major")])
VISITED = says("visit")
OBSERVED = says("observation", called="failure", findings=[finding("major")])
LOT_VISIT = says("visit", subject="urn:visit:v2", about=LOT, called="visit")
LOT_SEEN = says(
    "observation", subject="urn:visit:v2", about=LOT, called="failure", findings=[finding("major")]
)
DRAWN = says("visit", subject="urn:visit:v3", about="urn:draw:tea:1", called="visit")
DRAW_SEEN = says(
    "observation",
    subject="urn:visit:v3",
    about="urn:draw:tea:1",
    called="failure",
    findings=[finding("major")],
)
OWN_LOT = says("lot", by="trader", called="own lot", subject=f"{GTIN}/10/T1", serial_range=...)
BRANDS = {"by": "brand", "subject": who("brand")}


def complaint(**changes):
    return says("complaint", called="failure", **changes)


def measuring(**changes):
    """The trader plans, and says by what it is to be measured."""
    measure = {
        "product": GTIN,
        "property": "nonconforming",
        "unit": "%",
        "direction": "at-most",
        "baseline": "4",
        "goal": "1",
    }
    return says("improvement-plan", stage="making", measures=[measure | changes])


CAUSES = (
    keeps("improvement-measure", "by its own product", FAILURE, measuring()),
    breaks(
        "improvement-measure", "by another product than failed", FAILURE, measuring(product=WHITE)
    ),
    keeps(
        "improvement-measure",
        "about a sanction, by whatever product",
        FAILURE,
        INTERVIEW,
        says(
            "improvement-plan",
            cause=citing("interview"),
            measures=[
                {
                    "product": WHITE,
                    "property": "lead",
                    "unit": "mg/kg",
                    "direction": "at-most",
                    "baseline": "4",
                    "goal": "1",
                }
            ],
        ),
    ),
    breaks("fields", "a target that is no better", FAILURE, measuring(goal="4")),
    breaks("fields", "inspections measured in pieces", FAILURE, measuring(unit="pcs")),
    keeps("improvement-cause", "about its own failed lot", FAILURE, PLAN),
    keeps(
        "improvement-cause",
        "about a sanction against it",
        FAILURE,
        INTERVIEW,
        says("improvement-plan", cause=citing("interview")),
    ),
    keeps(
        "improvement-cause",
        "about an audit of its own garden",
        AUDITED,
        says("improvement-plan", **BRANDS),
    ),
    keeps(
        "improvement-cause",
        "about what an observer saw in its garden",
        VISITED,
        OBSERVED,
        says("improvement-plan", **BRANDS),
    ),
    keeps(
        "improvement-cause",
        "about an audit of its parent's garden",
        affiliation("brand", "subsidiary"),
        AUDITED,
        says("improvement-plan", by="subsidiary", subject=who("subsidiary")),
    ),
    keeps(
        "improvement-cause",
        "about what an observer saw of its lot",
        LOT_VISIT,
        LOT_SEEN,
        says("improvement-plan", **BRANDS),
    ),
    keeps(
        "improvement-cause",
        "about its own recall",
        says("recall", called="failure"),
        says("improvement-plan", **BRANDS),
    ),
    keeps(
        "improvement-cause",
        "about a complaint of its shop",
        complaint(shop="urn:shop:mall.example:tea-1", lot=...),
        PLAN,
    ),
    keeps(
        "improvement-cause",
        "about a complaint of its lot",
        OWN_LOT,
        complaint(lot=f"{GTIN}/10/T1"),
        PLAN,
    ),
    keeps(
        "improvement-cause",
        "about a complaint that an advice to it rests on",
        complaint(lot=...),
        ADVICE,
        PLAN,
    ),
    keeps(
        "improvement-cause",
        "about an audit that a sanction against it rests on",
        AUDITED,
        says("sanction"),
        PLAN,
    ),
    keeps(
        "improvement-cause",
        "about a report on its goods",
        *LIMITED,
        judging(result("0.2", "fail"), trader=who("trader"), called="failure"),
        PLAN,
    ),
    keeps(
        "improvement-cause",
        "about a report on its lot",
        *LIMITED,
        judging(result("0.2", "fail"), called="failure"),
        says("improvement-plan", **BRANDS),
    ),
    breaks(
        "improvement-cause",
        "about a report on the brand's lot",
        *LIMITED,
        judging(result("0.2", "fail"), called="failure"),
        PLAN,
    ),
    breaks(
        "improvement-cause",
        "about a report on another trader's goods",
        *LIMITED,
        judging(result("0.2", "fail"), trader=who("distributor"), called="failure"),
        PLAN,
    ),
    breaks("improvement-cause", "about the failed lot of another trader", THEIRS, PLAN),
    breaks("improvement-cause", "about an audit of the brand's garden", AUDITED, PLAN),
    breaks(
        "improvement-cause",
        "about what an observer saw in the brand's garden",
        VISITED,
        OBSERVED,
        PLAN,
    ),
    breaks(
        "improvement-cause",
        "about what an observer saw of the brand's lot",
        LOT_VISIT,
        LOT_SEEN,
        PLAN,
    ),
    breaks("improvement-cause", "about a draw", DRAWN, DRAW_SEEN, PLAN),
    breaks("improvement-cause", "about the brand's recall", says("recall", called="failure"), PLAN),
    breaks("improvement-cause", "about a complaint of the product", complaint(lot=...), PLAN),
    breaks("improvement-cause", "about a complaint of the brand's lot", complaint(), PLAN),
    breaks(
        "improvement-cause",
        "about a complaint that an advice to another rests on",
        complaint(lot=...),
        says("advice", subject=who("distributor")),
        PLAN,
    ),
    breaks(
        "improvement-cause",
        "about a sanction, among those of the product it names",
        FAILURE,
        says("sanction", products=[GTIN]),
        says("improvement-plan", cause=citing("sanction", subject=GTIN)),
    ),
    breaks(
        "improvement-cause",
        "about a sanction against another",
        THEIRS,
        says("sanction", subject=who("distributor"), called="theirs"),
        says("improvement-plan", cause=citing("theirs")),
    ),
    breaks(
        "role", "a plan for another", THEIRS, says("improvement-plan", subject=who("distributor"))
    ),
    breaks(
        "cited-type",
        "a plan about a lot that is as it should be",
        says("improvement-plan", cause=citing("lot", topic="inspection")),
        refused=("cited-absent",),
    ),
    breaks(
        "cited-type",
        "a plan about a sample",
        says("sample-sealed", called="sample"),
        says("improvement-plan", cause=citing("sample", topic="inspection")),
        refused=("cited-type", "improvement-cause"),
    ),
    breaks(
        "cited-topic",
        "a plan in the inspections of all its tea",
        FAILURE,
        says("improvement-plan", cause=citing("failure", topic="inspections")),
        refused=("fields",),
    ),
    breaks(
        "fields",
        "a plan in the history of the log",
        says(
            "improvement-plan",
            cause={"id": "0" * 64, "topic": "log", "subject": "ledger.example/world"},
        ),
    ),
)

PLANS = (
    breaks(
        "improvement-twice",
        "a second plan beside the first",
        FAILURE,
        PLAN,
        says("improvement-plan", root_cause="bad luck"),
    ),
    breaks(
        "improvement-twice",
        "a second plan after the first was effective",
        *DONE,
        VERIFIED,
        says("improvement-plan", root_cause="bad luck"),
    ),
    keeps(
        "improvement-twice",
        "a second plan after the first was ineffective",
        *DONE,
        INEFFECTIVE,
        says("improvement-plan", root_cause="it was the hall next door"),
    ),
    keeps(
        "improvement-twice",
        "a plan about another cause",
        FAILURE,
        PLAN,
        INTERVIEW,
        says("improvement-plan", cause=citing("interview")),
    ),
    keeps(
        "improvement-twice",
        "another party's plan about the same",
        AUDITED,
        says("improvement-plan", **BRANDS),
        ADVICE,
        PLAN,
    ),
    breaks(
        "improvement-due",
        "an action due yesterday",
        FAILURE,
        says("improvement-plan", actions=[{"text": "test", "due": day(-1)}]),
    ),
    keeps(
        "improvement-due",
        "an action due tomorrow",
        FAILURE,
        says("improvement-plan", actions=[{"text": "test", "due": day(1)}]),
    ),
    breaks(
        "improvement-due",
        "an advice to be answered yesterday",
        FAILURE,
        says("advice", answer_by=day(-1)),
    ),
    keeps(
        "improvement-due",
        "an advice to be answered tomorrow",
        FAILURE,
        says("advice", answer_by=day(1)),
    ),
    breaks(
        "improvement-action",
        "a step of an action the plan has not",
        FAILURE,
        PLAN,
        says("improvement-step", action=3),
    ),
    breaks(
        "improvement-action",
        "an action done twice",
        FAILURE,
        PLAN,
        STEPS[0],
        says("improvement-step", text="once more"),
    ),
    keeps(
        "improvement-action",
        "the second action before the first",
        FAILURE,
        PLAN,
        STEPS[1],
        STEPS[0],
    ),
    breaks(
        "role",
        "somebody else does a step",
        FAILURE,
        PLAN,
        says("improvement-step", by="distributor"),
    ),
    breaks(
        "target-subjects",
        "somebody else does a step of its own",
        FAILURE,
        PLAN,
        says("improvement-step", by="distributor", subject=who("distributor")),
    ),
    breaks(
        "target-subjects",
        "a step that names another cause",
        FAILURE,
        INTERVIEW,
        PLAN,
        says("improvement-step", cause=citing("interview")),
    ),
    keeps(
        "improvement-closed",
        "a step of a plan that was found ineffective before it was due",
        FAILURE,
        PLAN,
        STEPS[0],
        INEFFECTIVE,
        STEPS[1],
    ),
    breaks("improvement-closed", "a second verification", *DONE, VERIFIED, INEFFECTIVE),
    keeps("improvement-closed", "the first verification", *DONE, INEFFECTIVE),
)

VERIFICATION = (
    breaks(
        "improvement-undone", "effective with an action left", FAILURE, PLAN, STEPS[0], VERIFIED
    ),
    keeps(
        "improvement-undone",
        "ineffective with an action left",
        FAILURE,
        PLAN,
        STEPS[0],
        INEFFECTIVE,
    ),
    keeps("improvement-undone", "effective with nothing left", *DONE, VERIFIED),
    breaks(
        "verifier-doer",
        "an inspector that did it itself",
        says(
            "party-update",
            subject=who("trader"),
            names={"en": "Trader"},
            country="DE",
            roles=["trader", "inspector"],
        ),
        *DONE,
        says("improvement-verified", by="trader"),
    ),
    breaks(
        "verifier-doer",
        "an inspector that belongs to the trader",
        *DONE,
        affiliation("trader", "inspector"),
        says("improvement-verified", by="inspector"),
    ),
    breaks(
        "verifier-doer",
        "the operator, of whose group the trader is",
        *DONE,
        affiliation("operator", "trader"),
        VERIFIED,
    ),
    keeps(
        "verifier-doer",
        "an inspector, where the trader is of the operator's group",
        *DONE,
        affiliation("operator", "trader"),
        says("improvement-verified", by="inspector"),
    ),
    breaks(
        "role", "another trader verifies", *DONE, says("improvement-verified", by="distributor")
    ),
    breaks("done-ahead", "verified tomorrow", *DONE, says("improvement-verified", on=day(1))),
)

ADVICES = (
    breaks("advice-grounds", "on another's failed lot", THEIRS, ADVICE),
    breaks(
        "advice-grounds",
        "on a report on another's goods",
        *LIMITED,
        judging(result("0.2", "fail"), trader=who("distributor"), called="failure"),
        ADVICE,
    ),
    breaks(
        "advice-grounds",
        "on a failure since corrected",
        FAILURE,
        says(
            "supersede",
            by="inspector",
            subject=LOT,
            target=citing("failure"),
            statement=lambda t: t.fields_of("failure") | {"km": 1},
            reason="mistyped",
        ),
        ADVICE,
    ),
    breaks(
        "advice-grounds",
        "on a sanction against another",
        THEIRS,
        says("sanction", subject=who("distributor"), called="theirs"),
        says("advice", grounds=[citing("theirs")]),
    ),
    breaks("advice-grounds", "on a licence", says("advice", grounds=[citing("licence")])),
    breaks(
        "advice-grounds",
        "on an inspection cited among all of its own",
        FAILURE,
        says("advice", grounds=[citing("failure", topic="inspections")]),
    ),
    keeps(
        "advice-grounds",
        "on its failed lot and a complaint",
        FAILURE,
        says("complaint"),
        says("advice", grounds=[citing("failure"), citing("complaint")]),
    ),
    keeps("advice-grounds", "on an audit of where its tea is grown", AUDITED, ADVICE),
    breaks(
        "party-unknown",
        "to nobody",
        FAILURE,
        says("advice", subject="did:web:nobody.example"),
        refused=("party-unknown", "advice-grounds"),
    ),
    breaks("role", "by a brand", FAILURE, says("advice", by="brand")),
)

SCENARIOS = (*CAUSES, *PLANS, *VERIFICATION, *ADVICES)
