"""What protects people is taken back by who may, and never by a correction or a grant below."""

from questions.scene import observation_of, visit_to
from rules.words import (
    affiliation,
    breaks,
    citing,
    corrects,
    grant,
    keeps,
    revoke,
    says,
    told,
    withdraws,
)
from tea import GTIN, LOT
from usual import day, finding

OTHERS = [f"{GTIN}/10/Z{number}" for number in range(1, 4)]
RECALL = says("recall", other_lots=OTHERS)
BY_OPERATOR = says("recall", by="operator", other_lots=OTHERS)
REFUSED = says(
    "inspection",
    called="failure",
    nonconforming=2,
    decision="refused",
    findings=[finding("critical")],
)
AUDIT = says("origin-audit", called="audit", findings=[finding("critical"), finding("minor")])
SEEN = (visit_to(LOT), observation_of(LOT))
COMPLAINT = says("complaint")


def milder(w):
    """The brand corrects the reason of its recall."""
    fields = told(w).fields_of("recall") | {"reason": "the box has a typing error"}
    said = {"target": citing("recall"), "statement": fields, "reason": "mistyped"}
    return told(w).write("supersede", by="brand", subject=LOT, **said)


CORRECTIONS = (
    breaks(
        "supersede-loosens",
        "a recall of fewer lots",
        RECALL,
        corrects("recall", "brand", other_lots=OTHERS[1:]),
        refused=("target-subjects", "supersede-loosens"),
    ),
    breaks(
        "supersede-loosens",
        "a recall from a later day",
        RECALL,
        corrects("recall", "brand", **{"from": "2099-01-01T00:00:00Z"}),
    ),
    breaks("supersede-loosens", "a recall for a milder reason", RECALL, milder),
    breaks(
        "supersede-loosens",
        "a refusal turned into an acceptance",
        REFUSED,
        corrects("failure", "inspector", nonconforming=0, decision="accepted"),
    ),
    breaks(
        "supersede-loosens",
        "a critical finding turned into a minor one",
        REFUSED,
        corrects("failure", "inspector", findings=[finding("minor")]),
    ),
    breaks(
        "supersede-loosens",
        "a refusal on another day",
        REFUSED,
        corrects("failure", "inspector", on=day(-3)),
    ),
    breaks(
        "supersede-loosens",
        "an audit's critical finding left out",
        AUDIT,
        corrects("audit", "inspector", findings=[finding("minor")]),
    ),
    breaks(
        "supersede-loosens",
        "an audit due later",
        says("origin-audit", called="audit"),
        corrects("audit", "inspector", next_due=day(360)),
    ),
    breaks(
        "supersede-loosens",
        "an observer takes back what it saw",
        *SEEN,
        corrects("observation", "observer", findings=[]),
    ),
    breaks(
        "supersede-loosens",
        "an observer says that nobody invited it",
        *SEEN,
        corrects("visit", "observer", invitation=...),
    ),
    breaks(
        "supersede-loosens",
        "an admission refused, corrected to admitted",
        says("admission", called="refused", decision="refused", reasons=["no licence"]),
        corrects("refused", "operator", decision="admitted", evidence=[citing("licence")]),
    ),
    breaks(
        "supersede-loosens",
        "a complaint moved to no lot",
        COMPLAINT,
        corrects("complaint", "operator", lot=...),
        refused=("target-subjects", "supersede-loosens"),
    ),
    breaks(
        "supersede-loosens",
        "fewer came back than was said",
        says("feedback"),
        corrects("feedback", "operator", returned=[{"reason": "quality", "count": 5}]),
    ),
    breaks(
        "supersede-loosens",
        "more was sold than was said",
        says("feedback"),
        corrects("feedback", "operator", sold=5000),
    ),
    keeps(
        "supersede-loosens",
        "more came back than was said",
        says("feedback"),
        corrects(
            "feedback",
            "operator",
            returned=[{"reason": "quality", "count": 9}, {"reason": "no-reason", "count": 30}],
        ),
    ),
    breaks(
        "supersede-loosens",
        "a lot made of less than it was said to be",
        says("lot", subject=OTHERS[0], called="next", inputs=[LOT]),
        corrects("next", "brand", inputs=[]),
    ),
    breaks(
        "supersede-loosens",
        "a recalled lot made two years ago all of a sudden",
        RECALL,
        corrects("lot", "brand", made="2024-01-01T00:00:00Z"),
    ),
    keeps(
        "supersede-loosens",
        "a recall from an earlier day",
        RECALL,
        corrects("recall", "brand", **{"from": day(-9)}),
    ),
    keeps(
        "supersede-loosens",
        "a refusal with one finding more",
        REFUSED,
        corrects(
            "failure",
            "inspector",
            findings=[finding("critical"), finding("critical") | {"point": "GB 2762"}],
        ),
    ),
    keeps(
        "supersede-loosens",
        "an acceptance turned into a refusal",
        says("inspection", called="passed"),
        corrects("passed", "inspector", nonconforming=2, decision="refused"),
    ),
    keeps(
        "supersede-loosens",
        "a lot nobody looked at, made a day later",
        says("lot", subject=OTHERS[0], called="next"),
        corrects("next", "brand", made=day(-29)),
    ),
)

ERRORS = (
    breaks(
        "target-issuer",
        "a rival takes back the brand's recall",
        RECALL,
        withdraws("recall", OTHERS[0], by="rival"),
    ),
    breaks(
        "target-issuer",
        "the operator takes back an inspection that is not its own",
        REFUSED,
        withdraws("failure", by="operator"),
    ),
    breaks(
        "target-subjects",
        "an inspection taken out of one of its histories only",
        REFUSED,
        withdraws("failure", by="inspector", subjects=[["inspection", LOT]]),
    ),
    breaks(
        "target-subjects",
        "a recall taken back of a lot it does not name",
        RECALL,
        withdraws("recall", f"{GTIN}/10/OTHER", by="operator"),
        refused=("target-subjects",),
    ),
    breaks(
        "error-gains",
        "the brand takes back its own recall of its own lot",
        RECALL,
        withdraws("recall", LOT, by="brand"),
    ),
    breaks(
        "error-gains",
        "an inspector that belongs to the trader takes back a refusal",
        affiliation("trader", "inspector"),
        REFUSED,
        withdraws("failure", by="inspector"),
    ),
    breaks(
        "error-gains",
        "an operator that belongs to the brand takes back a recall",
        RECALL,
        affiliation("brand", "operator"),
        withdraws("recall", OTHERS[0], by="operator"),
    ),
    breaks(
        "error-gains",
        "an operator that belongs to the brand takes back a complaint",
        COMPLAINT,
        affiliation("brand", "operator"),
        withdraws("complaint", by="operator"),
    ),
    breaks(
        "error-lots",
        "a lot taken out of a recall twice",
        RECALL,
        withdraws("recall", OTHERS[0], by="operator"),
        withdraws("recall", OTHERS[0], by="operator"),
    ),
    breaks(
        "error-lots",
        "a recall of which no lot is left",
        says("recall"),
        withdraws("recall", LOT, by="operator"),
        withdraws("recall", LOT, by="operator"),
    ),
    breaks(
        "error-gains",
        "who belongs to the brand takes out again what an office took out",
        says("recall"),
        affiliation("brand", "operator"),
        withdraws("recall", LOT, by="office"),
        withdraws("recall", LOT, by="operator"),
    ),
    keeps(
        "error-lots",
        "an authority takes out what the operator took out",
        RECALL,
        withdraws("recall", OTHERS[0], by="operator"),
        withdraws("recall", OTHERS[0], by="office"),
    ),
    keeps(
        "cited-ended",
        "an authority withdraws a recall that the operator withdrew",
        says("recall"),
        withdraws("recall", LOT, by="operator"),
        withdraws("recall", LOT, by="office"),
    ),
    keeps(
        "target-issuer",
        "an authority takes a lot out of a recall",
        RECALL,
        withdraws("recall", OTHERS[0], by="office"),
    ),
    keeps(
        "error-gains",
        "the operator takes a lot out of the brand's recall",
        RECALL,
        withdraws("recall", LOT, by="operator"),
    ),
    keeps(
        "error-gains",
        "an inspector without ties takes back a refusal",
        REFUSED,
        withdraws("failure", by="inspector"),
    ),
    keeps(
        "error-gains",
        "an observer without ties takes back what it saw",
        *SEEN,
        withdraws("observation", by="observer"),
    ),
    keeps(
        "error-gains",
        "an auditor without ties takes back an audit",
        AUDIT,
        withdraws("audit", by="inspector"),
    ),
    keeps(
        "error-gains",
        "the operator takes back a complaint",
        COMPLAINT,
        withdraws("complaint", by="operator"),
    ),
    keeps(
        "error-lots",
        "one lot after the other",
        RECALL,
        withdraws("recall", OTHERS[0], by="operator"),
        withdraws("recall", OTHERS[1], OTHERS[2], by="operator"),
    ),
)

BELOW = {"depth": 0}
BARRED = revoke("trader", "trader", "brand")

GRANTS = (
    breaks(
        "grant-barred",
        "the distributor grants again what the brand revoked",
        BARRED,
        grant("distributor", "trader", "distributor", **BELOW),
    ),
    breaks(
        "grant-barred",
        "a sister below the brand grants it",
        BARRED,
        grant("agent", "rival", "agent", depth=1),
        grant("rival", "trader", "agent to rival", **BELOW),
    ),
    breaks(
        "grant-barred",
        "the distributor grants it under another grant of its own, past the agent who revoked it",
        revoke("trader", "trader", "agent"),
        grant("brand", "distributor", depth=2),
        grant("distributor", "trader", "brand to distributor", **BELOW),
    ),
    breaks(
        "grant-barred",
        "the agent between grants it itself",
        BARRED,
        grant("agent", "trader", "agent", **BELOW),
    ),
    keeps(
        "grant-barred", "who revoked it grants it anew", BARRED, grant("brand", "trader", **BELOW)
    ),
    keeps(
        "grant-barred",
        "who stands above whoever revoked it grants it anew",
        revoke("trader", "trader", "agent"),
        grant("brand", "trader", **BELOW),
    ),
    keeps(
        "grant-barred",
        "the distributor grants it once the brand did",
        BARRED,
        grant("brand", "trader", **BELOW),
        grant("distributor", "trader", "distributor", **BELOW),
    ),
    keeps(
        "grant-barred",
        "the distributor grants again what it revoked itself",
        revoke("trader", "trader", "distributor"),
        grant("distributor", "trader", "distributor", **BELOW),
    ),
    keeps(
        "grant-barred",
        "the distributor grants it to somebody else",
        BARRED,
        grant("distributor", "rival", "distributor", **BELOW),
    ),
    keeps(
        "grant-barred",
        "another agent of the brand grants what the first agent revoked",
        revoke("trader", "trader", "agent"),
        grant("brand", "rival", depth=1),
        grant("rival", "trader", "brand to rival", **BELOW),
    ),
)

SCENARIOS = (*CORRECTIONS, *ERRORS, *GRANTS)
