"""The rules for trading and what follows: admission, shops, listings, sanctions, complaints."""

from rules.words import (
    BLACK,
    WHITE,
    amends,
    breaks,
    citing,
    corrects,
    disputed,
    grant,
    keeps,
    product,
    revoke,
    says,
    withdraw_mark,
    withdraws,
)
from tea import GTIN, LOT, SHOP
from usual import day, finding, who

OTHER_SHOP = "urn:shop:market.example:tea-2"
FAILED = {"nonconforming": 5, "decision": "refused", "findings": [finding("critical")]}
FAILURE = says("inspection", called="failure", **FAILED)
MENDED = says("inspection", called="again", on=day(-0.5), answers=[citing("failure")])
"""The lot passes an inspection that answers its failure."""
LISTING = says("listing")
INTERVIEW = says("sanction", called="interview")
DAMAGES = says(
    "sanction",
    called="damages",
    step="damages",
    damages={"amount": 5_000_000, "currency": "CNY"},
)
REFUSED = says(
    "admission", called="refusal", decision="refused", evidence=[], reasons=["a forged licence"]
)


def severe(step: str, **changes):
    """A sanction at a step that skips those before it, on a ground of severity."""
    return says("sanction", step=step, severity_ground="critical", called=step, **changes)


def shop(shop_type: str, **changes):
    """The operator opens a second shop of the trader."""
    return says("shop", subject=OTHER_SHOP, shop_type=shop_type, called="second shop", **changes)


def listed(**changes):
    """The trader lists the tea in its second shop."""
    return says("listing", shop=OTHER_SHOP, **changes)


IN_SPITE = [citing("licence"), citing("trader"), citing("refusal")]
OVERRULES = says(
    "admission", called="again", evidence=IN_SPITE, reasons=["the office confirms the licence"]
)
ADMISSION = (
    breaks(
        "admission-evidence",
        "admitted on a withdrawn licence",
        says("qualification-withdrawal"),
        says("admission", called="again"),
    ),
    breaks(
        "admission-evidence",
        "admitted on a revoked grant",
        revoke("trader", "trader", "distributor"),
        says("admission", called="again"),
    ),
    breaks(
        "admission-evidence",
        "admitted on a licence that has expired",
        says(
            "qualification",
            called="short",
            number="urn:qualification:samr.cn:SP-3",
            until=day(0.0005),
        ),
        says("admission", evidence=[citing("short")]),
    ),
    breaks(
        "admission-evidence",
        "admitted on a licence cited from the grants",
        says("admission", evidence=[citing("licence", topic="grants")]),
    ),
    breaks(
        "admission-evidence",
        "admitted on a shop of its own",
        says("admission", evidence=[citing("shop")]),
    ),
    breaks(
        "admission-evidence",
        "admitted on a grant cited among all its grants",
        says("admission", evidence=[citing("trader", topic="grants")]),
    ),
    breaks("admission-evidence", "admitted on nothing", says("admission", evidence=[])),
    keeps("admission-evidence", "admitted on a licence and a grant", says("admission")),
    breaks(
        "admission-evidence",
        "admitted on another trader's licence and grant",
        says("admission", subject=who("distributor")),
    ),
    breaks(
        "admission-evidence",
        "admitted on the audit of a garden that is not its own",
        says("origin-audit"),
        says("admission", evidence=[citing("origin-audit")]),
    ),
    keeps(
        "admission-evidence",
        "admitted on a grant to it, with what it rests on",
        says("admission", evidence=[citing("trader"), citing("distributor"), citing("mark")]),
    ),
    keeps("admission-evidence", "refused for want of papers", REFUSED),
    breaks(
        "admission-evidence",
        "admitted on its refusal alone",
        REFUSED,
        says("admission", called="again", evidence=[citing("refusal")], reasons=["a slip"]),
    ),
    breaks(
        "admission-again",
        "a trader that was refused, as if nothing had been",
        REFUSED,
        says("admission", called="again", reasons=["the office confirms the licence"]),
    ),
    breaks(
        "admission-again",
        "in spite of a refusal, without a reason",
        REFUSED,
        says("admission", called="again", evidence=IN_SPITE),
    ),
    breaks(
        "admission-again",
        "in spite of one refusal of two",
        REFUSED,
        says("admission", called="second", decision="refused", evidence=[]),
        OVERRULES,
    ),
    breaks(
        "admission-again",
        "corrected so that it cites the refusal no more",
        REFUSED,
        OVERRULES,
        corrects("again", "operator", evidence=[citing("licence")]),
        refused=("supersede-loosens", "admission-again"),
    ),
    keeps("admission-again", "in spite of a refusal, for a reason", REFUSED, OVERRULES),
    keeps(
        "admission-again",
        "a third time, once that is settled",
        REFUSED,
        OVERRULES,
        says("admission", called="third"),
    ),
    keeps(
        "admission-again",
        "corrected, though refused since",
        says("admission", called="again"),
        REFUSED,
        corrects("again", "operator", reasons=["all papers are here"]),
    ),
    breaks(
        "trader-not-admitted",
        "a shop of a trader that was never admitted",
        says("shop", subject=OTHER_SHOP, trader=who("distributor")),
    ),
    breaks(
        "trader-not-admitted",
        "a shop of a trader that was refused since",
        REFUSED,
        shop("multi-brand"),
    ),
    breaks(
        "trader-not-admitted",
        "a listing in the shop of a trader that was refused since",
        REFUSED,
        says("listing"),
    ),
    keeps(
        "trader-not-admitted",
        "a listing of a trader refused once and admitted since",
        REFUSED,
        OVERRULES,
        says("listing"),
    ),
    breaks("claim-taken", "a second shop under one id", says("shop", shop_type="specialty")),
    keeps(
        "claim-taken",
        "a shop under the id of one that ended",
        amends("shop-ended", "shop"),
        says("shop", shop_type="specialty"),
    ),
    keeps("claim-taken", "a second shop under another id", shop("specialty")),
)

LISTINGS = (
    breaks("shop-unknown", "a listing in a shop nobody opened", listed()),
    breaks(
        "shop-unknown",
        "a listing in a shop that ended",
        amends("shop-ended", "shop"),
        says("listing"),
    ),
    keeps("shop-unknown", "a listing in a shop that stands", says("listing")),
    breaks(
        "listing-issuer",
        "a trader lists in another's shop",
        says("listing", by="distributor"),
    ),
    keeps("listing-issuer", "a trader lists in its shop", says("listing")),
    keeps("listing-issuer", "the operator lists for a trader", says("listing", by="operator")),
    breaks(
        "listing-category",
        "a listing under a wider category than the product's",
        says("listing", category="food/tea"),
    ),
    breaks(
        "listing-category",
        "a listing under another category, out of the sampling frame",
        says("listing", category="toys"),
    ),
    keeps("listing-category", "a listing under the product's category", says("listing")),
    breaks(
        "listing-may-sell",
        "in a territory outside the grant",
        says("listing", territories=["CN", "US"]),
    ),
    breaks(
        "listing-may-sell",
        "everywhere, under a grant for one country",
        says("listing", territories=["*"]),
    ),
    breaks(
        "listing-may-sell",
        "after a link of the chain was revoked",
        revoke("agent", "agent", "brand"),
        says("listing"),
    ),
    breaks(
        "listing-may-sell",
        "after the trademark was withdrawn",
        withdraw_mark(),
        says("listing"),
    ),
    breaks(
        "listing-may-sell",
        "of a product that was disputed since",
        *disputed(),
        says("listing"),
    ),
    breaks(
        "listing-may-sell",
        "of a product outside the grant",
        product(category=BLACK),
        says("listing", subject=WHITE, category=BLACK),
    ),
    breaks(
        "listing-may-sell",
        "in a flagship without an exclusive grant from the right-holder",
        shop("flagship"),
        listed(),
    ),
    breaks(
        "listing-may-sell",
        "in a specialty shop below an agent",
        shop("specialty"),
        listed(),
    ),
    breaks(
        "listing-may-sell",
        "in a shop whose channel is not granted",
        revoke("trader", "trader", "distributor"),
        grant("distributor", "trader", "distributor", channels=["mall.example"]),
        shop("multi-brand"),
        listed(),
    ),
    keeps(
        "listing-may-sell",
        "in a flagship with an exclusive grant from the right-holder",
        revoke("agent", "agent", "brand"),
        grant("brand", "trader", exclusive=True),
        shop("flagship"),
        listed(),
    ),
    keeps(
        "listing-may-sell",
        "in a specialty shop directly below the right-holder",
        grant("brand", "trader"),
        shop("specialty"),
        listed(territories=["CN-ZJ"]),
    ),
    keeps(
        "listing-may-sell",
        "in a province of the granted country",
        says("listing", territories=["CN-ZJ", "CN-FJ"]),
    ),
    breaks(
        "listing-barred",
        "by a trader with whom cooperation has ended",
        FAILURE,
        severe("end-cooperation"),
        says("listing"),
    ),
    breaks(
        "listing-barred",
        "of a product that was delisted",
        FAILURE,
        severe("delist", products=[GTIN]),
        says("listing"),
    ),
    breaks(
        "listing-barred",
        "in a shop that was closed",
        FAILURE,
        severe("close-shop", shops=[SHOP]),
        says("listing"),
    ),
    keeps(
        "listing-barred",
        "in another shop than the closed one",
        FAILURE,
        MENDED,
        severe("close-shop", shops=[SHOP]),
        shop("multi-brand"),
        listed(),
    ),
    keeps(
        "listing-barred",
        "of another product than the delisted one",
        FAILURE,
        MENDED,
        severe("delist", products=[WHITE]),
        says("listing"),
    ),
    keeps(
        "listing-barred",
        "of a product of which one lot was delisted",
        FAILURE,
        MENDED,
        severe("delist", lots=[LOT]),
        says("listing"),
    ),
    keeps(
        "listing-barred",
        "by a trader called to an interview",
        FAILURE,
        INTERVIEW,
        MENDED,
        says("listing"),
    ),
    keeps(
        "listing-barred",
        "after the sanction was lifted",
        FAILURE,
        MENDED,
        severe("delist", products=[GTIN]),
        amends("sanction-lifted", "delist"),
        says("listing"),
    ),
    keeps(
        "listing-barred",
        "after the sanction ran out",
        FAILURE,
        MENDED,
        severe("delist", until=day(0.0005)),
        says("listing"),
    ),
)

OPEN = (
    breaks("listing-open", "of a product whose lot failed something critical", FAILURE, LISTING),
    keeps(
        "listing-open",
        "of one whose lot passed when it was inspected again",
        FAILURE,
        MENDED,
        LISTING,
    ),
    breaks(
        "listing-open",
        "of one of which an inspector refused a lot nobody registered",
        says("inspection", subject=GTIN + "/10/HIDDEN", **FAILED),
        LISTING,
    ),
    breaks("listing-open", "of one whose lot is recalled", says("recall"), LISTING),
    keeps(
        "listing-open",
        "of one of which a warehouse refused a lot at another trader",
        says(
            "inspection",
            by="warehouse",
            mode="inbound",
            trader=who("distributor"),
            **FAILED | {"findings": []},
        ),
        LISTING,
    ),
)

SANCTIONS = (
    breaks(
        "sanction-step",
        "damages without an interview before",
        FAILURE,
        DAMAGES,
    ),
    breaks(
        "sanction-step",
        "from an interview to the closing of the shop",
        FAILURE,
        INTERVIEW,
        says("sanction", step="close-shop", shops=[SHOP]),
    ),
    breaks(
        "sanction-step",
        "a step that only another trader has reached",
        FAILURE,
        says("inspection", called="other failure", trader=who("distributor"), **FAILED),
        says("sanction", subject=who("distributor"), triggers=[citing("other failure")]),
        DAMAGES,
    ),
    keeps("sanction-step", "an interview first", FAILURE, INTERVIEW),
    keeps("sanction-step", "an interview, then damages", FAILURE, (INTERVIEW, DAMAGES)),
    keeps(
        "sanction-step",
        "an interview again after damages",
        FAILURE,
        INTERVIEW,
        DAMAGES,
        says("sanction", grounds="once more"),
    ),
    keeps(
        "sanction-step",
        "the end of cooperation at once on a ground of severity",
        FAILURE,
        severe("end-cooperation"),
    ),
    breaks(
        "sanction-triggers",
        "for the failure of another trader",
        says("inspection", called="failure", trader=who("distributor"), **FAILED),
        INTERVIEW,
    ),
    breaks(
        "sanction-triggers",
        "for an inspection that accepted the lot",
        says("inspection", called="failure"),
        INTERVIEW,
    ),
    breaks(
        "sanction-triggers",
        "for an inspection since corrected",
        FAILURE,
        corrects("failure", "inspector", km=1),
        INTERVIEW,
    ),
    breaks(
        "sanction-triggers",
        "for an audit without findings",
        says("origin-audit", called="failure", findings=[]),
        INTERVIEW,
    ),
    breaks(
        "sanction-triggers",
        "for the sanction of another trader",
        FAILURE,
        says("inspection", called="other failure", trader=who("distributor"), **FAILED),
        says(
            "sanction",
            subject=who("distributor"),
            triggers=[citing("other failure")],
            called="theirs",
        ),
        says("sanction", triggers=[citing("theirs")]),
    ),
    breaks(
        "sanction-triggers",
        "for a licence",
        says("sanction", triggers=[citing("licence")]),
    ),
    breaks(
        "sanction-triggers",
        "for an inspection of another lot's history",
        FAILURE,
        says("sanction", triggers=[citing("failure", subject=LOT + "9")]),
    ),
    breaks(
        "sanction-triggers",
        "for an inspection cited among all of the trader's",
        FAILURE,
        says("sanction", triggers=[citing("failure", topic="inspections")]),
    ),
    keeps("sanction-triggers", "for the trader's refused lot", FAILURE, INTERVIEW),
    keeps(
        "sanction-triggers",
        "for a recall, a complaint and a sanction before",
        FAILURE,
        INTERVIEW,
        says("recall"),
        says("complaint"),
        says(
            "sanction",
            triggers=[citing("recall"), citing("complaint"), citing("interview")],
        ),
    ),
    breaks(
        "sanction-ground",
        "a ground of severity without a critical finding",
        says("inspection", called="failure", **FAILED | {"findings": [finding("major")]}),
        severe("delist"),
    ),
    keeps(
        "sanction-ground", "a ground of severity with a critical finding", FAILURE, severe("delist")
    ),
    keeps(
        "sanction-ground",
        "a ground of severity with a recall",
        says("recall", called="failure"),
        severe("delist"),
    ),
    breaks(
        "sanction-scope",
        "the shop of another trader",
        says("admission", subject=who("distributor"), evidence=[citing("distributor")]),
        says("shop", subject=OTHER_SHOP, trader=who("distributor")),
        FAILURE,
        says("sanction", shops=[OTHER_SHOP]),
    ),
    breaks("sanction-scope", "a shop nobody opened", FAILURE, says("sanction", shops=[OTHER_SHOP])),
    keeps("sanction-scope", "the trader's own shop", FAILURE, says("sanction", shops=[SHOP])),
    breaks(
        "sanction-rules",
        "under rules that are not yet in force",
        FAILURE,
        says("sanction", rules_version=2),
        refused=("sanction-rules", "sanction-conduct"),
    ),
    breaks(
        "sanction-rules",
        "under no rules",
        FAILURE,
        says("sanction", rules_version=0),
        refused=("sanction-rules", "sanction-conduct"),
    ),
    keeps("sanction-rules", "under the rules in force", FAILURE, INTERVIEW),
    breaks(
        "party-unknown",
        "against nobody",
        FAILURE,
        says("sanction", subject="did:web:nobody.example"),
        refused=("party-unknown", "sanction-triggers"),
    ),
    breaks("fields", "damages without an amount", FAILURE, says("sanction", step="damages")),
    breaks(
        "fields",
        "an interview with an amount",
        FAILURE,
        says("sanction", damages={"amount": 1, "currency": "CNY"}),
    ),
    breaks(
        "complaint-pseudonym",
        "a consumer complains under a firm's name",
        says("complaint", complainant=who("rival")),
    ),
    keeps("complaint-pseudonym", "a consumer complains under a pseudonym", says("complaint")),
    breaks(
        "complaint-lot",
        "a complaint about one product names a lot of another",
        says("complaint", subject=WHITE),
    ),
    keeps("complaint-lot", "a complaint without a lot", says("complaint", lot=...)),
    breaks(
        "feedback-over",
        "figures of a month that is not over",
        says("feedback", **{"from": day(-3), "until": day(2)}),
    ),
    keeps("feedback-over", "figures of the month before", says("feedback")),
    breaks(
        "feedback-overlap",
        "a good week is counted once more",
        says("feedback"),
        says("feedback", called="again", **{"from": day(-8), "until": day(-1)}),
    ),
    keeps(
        "feedback-overlap",
        "figures of the month before that",
        says("feedback"),
        says("feedback", called="before", **{"from": day(-61), "until": day(-32)}),
    ),
    keeps(
        "feedback-overlap",
        "figures again, after the first were withdrawn",
        says("feedback"),
        withdraws("feedback", by="operator"),
        says("feedback", called="again", sold=1000),
    ),
    breaks(
        "fields",
        "figures of a year in one",
        says("feedback", **{"from": day(-366), "until": day(-1)}),
    ),
    breaks(
        "fields",
        "a reason counted twice",
        says("feedback", returned=[{"reason": "quality", "count": 1}] * 2),
    ),
)

SUBJECTS = (
    breaks(
        "subject",
        "a listing of what is no product",
        says("listing", subject="tea"),
        refused=("subject", "product-unknown"),
    ),
    breaks(
        "subject",
        "a complaint about a lot instead of its product",
        says("complaint", subject=LOT, lot=...),
    ),
    breaks("subject", "a shop without a channel", says("shop", subject="urn:shop:tea")),
    breaks(
        "subject",
        "a sanction against a shop instead of its trader",
        FAILURE,
        says("sanction", subject=SHOP),
        refused=("subject", "party-unknown", "sanction-triggers"),
    ),
)

SCENARIOS = (*SUBJECTS, *ADMISSION, *LISTINGS, *OPEN, *SANCTIONS)
