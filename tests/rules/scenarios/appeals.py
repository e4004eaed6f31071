"""The rules for measures that last: final and interim results, their rules, appeals, and what they end."""

from rules.laboratory_words import (
    AT_HAND,
    LIMITED,
    MAX_RESIDUE,
    OBJECTED,
    RETESTED,
    judging,
    limits,
    retest,
)
from rules.laboratory_words import FAILED as TESTED
from rules.scenarios.trade import (
    DAMAGES,
    FAILED,
    FAILURE,
    INTERVIEW,
    OTHER_SHOP,
    severe,
    shop,
)
from rules.telling import rules
from rules.words import WHITE, amends, breaks, citing, corrects, keeps, says
from tea import GTIN, LOT, SHOP
from usual import day, finding, result, who

SECOND = f"{GTIN}/10/B8"
VISITED = says("visit", subject="urn:visit:v2", about=LOT, called="visit")
CRITICAL = says(
    "observation",
    subject="urn:visit:v2",
    about=LOT,
    findings=[finding("critical")],
    called="seen",
)
OBSERVED = (VISITED, CRITICAL)
SEEN = {"triggers": [citing("seen")]}
INTERIM = severe("delist", interim=True, until=day(20), **SEEN)
APPEAL = amends("appeal", "interview")
LATER_FAILURE = says("inspection", called="later failure", on=day(0), **FAILED)


def decides(outcome: str, name: str = "interview", **changes):
    """The operator decides the appeal against the sanction of this name."""
    return amends("appeal-decision", name, changes={"outcome": outcome} | changes)


def varied(name: str, step: str, until=None, **terms):
    """The operator varies the sanction of this name to these terms."""
    return decides("varied", name, terms={"step": step, "until": until} | terms)


def delisted(**terms):
    """A delisting of tea and one shop until a day, appealed."""
    fields = {"until": day(90), "products": [GTIN, WHITE], "lots": [LOT]} | terms
    return FAILURE, severe("delist", **fields), amends("appeal", "delist")


REPORTED = {"triggers": [citing("report")]}
ON_REPORT = severe("delist", **REPORTED)
OVERTURNED = (
    *RETESTED[:-1],
    retest(result("0.05", "pass")),
    says("objection-closed", outcome="overturned", retest=citing("retest")),
)

REPORTS = (
    keeps("sanction-final", "a delisting on a laboratory's result", *TESTED, ON_REPORT),
    breaks("sanction-final", "a delisting on a result under objection", *OBJECTED, ON_REPORT),
    breaks(
        "sanction-final",
        "an interview on a result under objection",
        *OBJECTED,
        says("sanction", **REPORTED),
    ),
    keeps(
        "sanction-final",
        "a delisting in the interim on a result under objection",
        *OBJECTED,
        severe("delist", interim=True, until=day(20), **REPORTED),
    ),
    keeps(
        "sanction-final",
        "a delisting on a result that a retest confirmed",
        *RETESTED,
        says("objection-closed", retest=citing("retest")),
        ON_REPORT,
    ),
    keeps(
        "sanction-final",
        "a delisting on the retest",
        *RETESTED,
        severe("delist", triggers=[citing("retest")]),
    ),
    breaks(
        "sanction-triggers",
        "a delisting on a result that a retest overturned",
        *OVERTURNED,
        ON_REPORT,
        refused=("sanction-triggers", "sanction-ground"),
    ),
    breaks(
        "sanction-triggers",
        "a delisting in the interim on a result that a retest overturned",
        *OVERTURNED,
        severe("delist", interim=True, until=day(20), **REPORTED),
        refused=("sanction-triggers", "sanction-ground"),
    ),
    breaks(
        "sanction-triggers",
        "an interview on a report in which nothing failed",
        *LIMITED,
        judging(result("0.05", "pass")),
        says("sanction", **REPORTED),
    ),
    breaks(
        "sanction-triggers",
        "an interview on a report about another trader's goods",
        *LIMITED,
        judging(result("0.2", "fail"), trader=who("distributor")),
        says("sanction", **REPORTED),
    ),
    breaks(
        "sanction-ground",
        "a delisting on a result that missed a minor limit",
        *AT_HAND,
        limits("limits", MAX_RESIDUE | {"severity": "minor"}),
        judging(result("0.2", "fail")),
        ON_REPORT,
    ),
)

FINAL = (
    breaks(
        "sanction-final",
        "a delisting on what an observer saw",
        *OBSERVED,
        severe("delist", **SEEN),
    ),
    breaks(
        "sanction-final",
        "damages on a complaint",
        FAILURE,
        INTERVIEW,
        says("complaint"),
        says(
            "sanction",
            step="damages",
            damages={"amount": 1, "currency": "CNY"},
            triggers=[citing("complaint")],
        ),
    ),
    breaks(
        "sanction-final",
        "a delisting that rests on an interim one alone",
        *OBSERVED,
        INTERIM,
        severe("delist", triggers=[citing("delist"), citing("seen")]),
    ),
    breaks(
        "sanction-final",
        "damages that rest on an interview under appeal",
        FAILURE,
        INTERVIEW,
        APPEAL,
        says(
            "sanction",
            step="damages",
            damages={"amount": 1, "currency": "CNY"},
            triggers=[citing("failure"), citing("interview")],
        ),
    ),
    keeps(
        "sanction-final",
        "damages that rest on an interview that was upheld",
        FAILURE,
        INTERVIEW,
        APPEAL,
        decides("upheld"),
        says(
            "sanction",
            step="damages",
            damages={"amount": 1, "currency": "CNY"},
            triggers=[citing("failure"), citing("interview")],
        ),
    ),
    keeps(
        "sanction-final",
        "an interview on a complaint",
        says("complaint"),
        says("sanction", triggers=[citing("complaint")]),
    ),
    keeps(
        "sanction-final", "a delisting in the interim on what an observer saw", *OBSERVED, INTERIM
    ),
    keeps(
        "sanction-final",
        "an interim delisting confirmed by an inspection",
        *OBSERVED,
        INTERIM,
        FAILURE,
        severe("delist", triggers=[citing("failure"), citing("delist")]),
    ),
    breaks(
        "sanction-interim",
        "an interim delisting for a quarter",
        *OBSERVED,
        severe("delist", interim=True, until=day(90), **SEEN),
    ),
    breaks(
        "sanction-interim",
        "a second one on what carried the first",
        *OBSERVED,
        severe("delist", interim=True, until=day(0.0005), **SEEN),
        severe("delist", interim=True, until=day(20), **SEEN),
    ),
    breaks(
        "sanction-interim",
        "a second one on what carried the first, corrected since",
        *OBSERVED,
        INTERIM,
        corrects("seen", "observer", text="in the drying hall"),
        severe(
            "delist",
            interim=True,
            until=day(20),
            triggers=[citing("correction", topic="visit", subject="urn:visit:v2")],
        ),
    ),
    keeps(
        "sanction-interim",
        "a second one on another result",
        *OBSERVED,
        INTERIM,
        FAILURE,
        severe("delist", interim=True, until=day(20)),
    ),
    breaks(
        "fields",
        "an interim measure without an end",
        *OBSERVED,
        severe("delist", interim=True, until=None, **SEEN),
    ),
    breaks(
        "fields",
        "an interim closing of a shop",
        *OBSERVED,
        severe("close-shop", interim=True, until=day(20), **SEEN),
    ),
    breaks(
        "fields",
        "the closing of a product",
        FAILURE,
        severe("close-shop", products=[GTIN]),
    ),
    breaks(
        "fields",
        "the end of cooperation with one shop",
        FAILURE,
        severe("end-cooperation", shops=[SHOP]),
    ),
    breaks(
        "sanction-step",
        "damages after an interim delisting that nobody confirmed",
        *OBSERVED,
        INTERIM,
        FAILURE,
        DAMAGES,
    ),
    breaks(
        "sanction-step",
        "damages after an interview that was lifted",
        FAILURE,
        INTERVIEW,
        amends("sanction-lifted", "interview"),
        DAMAGES,
    ),
    breaks(
        "sanction-step",
        "damages after an interview that was annulled",
        FAILURE,
        INTERVIEW,
        APPEAL,
        decides("annulled"),
        DAMAGES,
    ),
    keeps(
        "sanction-step",
        "damages after an interview that ran out",
        FAILURE,
        says("sanction", called="interview", until=day(0.0005)),
        DAMAGES,
    ),
    breaks(
        "sanction-step",
        "a closing after a delisting that was varied to an interview",
        *delisted(),
        varied("delist", "interview", until=day(30), products=[GTIN]),
        says("sanction", step="close-shop", shops=[SHOP]),
    ),
)

CONDUCT = (
    breaks(
        "sanction-conduct",
        "under rules that came after the failure",
        FAILURE,
        rules(),
        says("sanction", rules_version=2),
    ),
    breaks(
        "sanction-conduct",
        "under the rules before those at the failure",
        rules(),
        LATER_FAILURE,
        says("sanction", triggers=[citing("later failure")]),
    ),
    breaks(
        "sanction-conduct",
        "under new rules, for a failure found before them and registered later",
        rules(),
        FAILURE,
        says("sanction", rules_version=2),
    ),
    breaks(
        "sanction-conduct",
        "under new rules, for an old failure and a sanction since",
        FAILURE,
        rules(),
        INTERVIEW,
        says(
            "sanction",
            step="damages",
            damages={"amount": 1, "currency": "CNY"},
            triggers=[citing("failure"), citing("interview")],
            rules_version=2,
        ),
    ),
    keeps(
        "sanction-conduct",
        "under the rules at the failure, newer ones since",
        FAILURE,
        rules(),
        INTERVIEW,
    ),
    keeps(
        "sanction-conduct",
        "under the rules at the newest of two failures",
        FAILURE,
        rules(),
        LATER_FAILURE,
        says("sanction", triggers=[citing("failure"), citing("later failure")], rules_version=2),
    ),
)

APPEALS = (
    breaks(
        "sanction-appeal",
        "a sanction that can be appealed for two days",
        FAILURE,
        says("sanction", appeal_by=day(2)),
    ),
    keeps(
        "sanction-appeal",
        "a sanction that can be appealed for eight days",
        FAILURE,
        says("sanction", appeal_by=day(8)),
    ),
    breaks(
        "appeal-late",
        "an appeal on the day after the last",
        FAILURE,
        INTERVIEW,
        lambda w: w.wait(seconds=16 * 86_400),
        APPEAL,
    ),
    keeps(
        "appeal-late",
        "an appeal on the last day",
        FAILURE,
        INTERVIEW,
        lambda w: w.wait(seconds=15 * 86_400 - 600),
        APPEAL,
    ),
    breaks(
        "appeal-twice",
        "a second appeal",
        FAILURE,
        INTERVIEW,
        APPEAL,
        APPEAL_AGAIN := amends("appeal", "interview", changes={"reason": "once more"}),
    ),
    breaks(
        "appeal-twice",
        "a second appeal after the first was dismissed",
        FAILURE,
        INTERVIEW,
        APPEAL,
        decides("upheld"),
        APPEAL_AGAIN,
    ),
    keeps(
        "appeal-twice",
        "appeals against two sanctions",
        FAILURE,
        INTERVIEW,
        DAMAGES,
        APPEAL,
        amends("appeal", "damages"),
    ),
    breaks(
        "role",
        "another trader appeals for it",
        FAILURE,
        INTERVIEW,
        amends("appeal", "interview", by="distributor"),
    ),
    breaks(
        "target-subjects",
        "another trader appeals in its own name",
        FAILURE,
        INTERVIEW,
        says("appeal", by="distributor", subject=who("distributor"), target=citing("interview")),
    ),
    breaks(
        "target-subjects",
        "an appeal that leaves out the shop",
        FAILURE,
        says("sanction", called="interview", shops=[SHOP]),
        amends("appeal", "interview", changes={"shops": []}),
    ),
    breaks(
        "cited-ended",
        "an appeal against a sanction that was lifted",
        FAILURE,
        INTERVIEW,
        amends("sanction-lifted", "interview"),
        APPEAL,
    ),
    breaks("decision-appeal", "a decision nobody asked for", FAILURE, INTERVIEW, decides("upheld")),
    breaks(
        "decision-appeal",
        "a second decision",
        FAILURE,
        INTERVIEW,
        APPEAL,
        decides("upheld"),
        decides("annulled"),
    ),
    breaks(
        "cited-ended",
        "a decision on a sanction annulled before",
        FAILURE,
        INTERVIEW,
        APPEAL,
        decides("annulled"),
        decides("upheld"),
        refused=("cited-ended", "decision-appeal"),
    ),
    keeps(
        "decision-appeal",
        "the first decision on an appeal",
        FAILURE,
        INTERVIEW,
        APPEAL,
        decides("annulled"),
    ),
    breaks(
        "role",
        "the trader decides its own appeal",
        FAILURE,
        INTERVIEW,
        APPEAL,
        amends("appeal-decision", "interview", by="trader"),
        refused=("role", "target-issuer"),
    ),
    breaks(
        "decision-terms",
        "to a harder step",
        *delisted(shops=[SHOP], products=[], lots=[]),
        varied("delist", "close-shop", day(90), shops=[SHOP]),
    ),
    breaks(
        "decision-terms",
        "to a later end",
        *delisted(),
        varied("delist", "delist", day(91), products=[GTIN]),
    ),
    breaks("decision-terms", "to no end", *delisted(), varied("delist", "delist", products=[GTIN])),
    breaks(
        "decision-terms",
        "to a product more",
        *delisted(products=[WHITE]),
        varied("delist", "delist", day(90), products=[GTIN, WHITE]),
    ),
    breaks(
        "decision-terms", "to all of the trader's", *delisted(), varied("delist", "delist", day(90))
    ),
    breaks(
        "decision-terms",
        "to an end before its beginning",
        *delisted(),
        varied("delist", "delist", "2025-01-01T00:00:00Z", products=[GTIN]),
    ),
    breaks(
        "decision-terms",
        "to nothing else",
        FAILURE,
        INTERVIEW,
        APPEAL,
        varied("interview", "interview", "2036-01-01T00:00:00Z"),
    ),
    breaks(
        "decision-terms",
        "to a higher amount",
        FAILURE,
        INTERVIEW,
        DAMAGES,
        amends("appeal", "damages"),
        varied(
            "damages",
            "damages",
            "2036-01-01T00:00:00Z",
            damages={"amount": 5_000_001, "currency": "CNY"},
        ),
    ),
    breaks(
        "decision-terms",
        "to another currency",
        FAILURE,
        INTERVIEW,
        DAMAGES,
        amends("appeal", "damages"),
        varied(
            "damages", "damages", "2036-01-01T00:00:00Z", damages={"amount": 1, "currency": "EUR"}
        ),
    ),
    breaks(
        "decision-terms",
        "of an interim measure to an interview",
        *OBSERVED,
        INTERIM,
        amends("appeal", "delist"),
        varied("delist", "interview", day(1)),
    ),
    keeps(
        "decision-terms",
        "to a lower amount",
        FAILURE,
        INTERVIEW,
        DAMAGES,
        amends("appeal", "damages"),
        varied(
            "damages",
            "damages",
            "2036-01-01T00:00:00Z",
            damages={"amount": 4_999_999, "currency": "CNY"},
        ),
    ),
    keeps(
        "decision-terms",
        "to an earlier end and one product",
        *delisted(),
        varied("delist", "delist", day(30), products=[GTIN]),
    ),
    keeps(
        "decision-terms",
        "to a softer step",
        *delisted(),
        varied(
            "delist", "damages", day(30), products=[GTIN], damages={"amount": 1, "currency": "CNY"}
        ),
    ),
    breaks("fields", "varied without saying to what", *delisted(), decides("varied", "delist")),
    breaks(
        "fields",
        "upheld in other terms",
        *delisted(),
        decides("upheld", "delist", terms={"step": "interview", "until": None}),
    ),
)

ENDS = (
    breaks(
        "shop-barred",
        "a shop of a trader all of whose shops are closed",
        FAILURE,
        severe("close-shop"),
        shop("multi-brand"),
    ),
    breaks(
        "shop-barred",
        "a shop of a trader with whom cooperation has ended",
        FAILURE,
        severe("end-cooperation"),
        shop("multi-brand"),
    ),
    keeps(
        "shop-barred",
        "a shop beside one that was closed",
        FAILURE,
        severe("close-shop", shops=[SHOP]),
        shop("multi-brand"),
    ),
    keeps(
        "shop-barred",
        "a shop after the closing was annulled",
        FAILURE,
        severe("close-shop"),
        amends("appeal", "close-shop"),
        decides("annulled", "close-shop"),
        shop("multi-brand"),
    ),
    keeps(
        "shop-barred",
        "another name for the shop that was closed",
        FAILURE,
        severe("close-shop"),
        corrects("shop", "operator", names={"zh": "清河茶庄"}),
    ),
    breaks(
        "listing-barred",
        "by a trader all of whose shops are closed",
        FAILURE,
        severe("close-shop"),
        says("listing"),
    ),
    breaks(
        "listing-barred",
        "by a trader that appeals",
        FAILURE,
        severe("delist"),
        amends("appeal", "delist"),
        says("listing"),
    ),
    keeps(
        "listing-barred",
        "after the delisting was varied to another product",
        *delisted(),
        varied("delist", "delist", day(30), products=[WHITE]),
        says("listing"),
    ),
    keeps(
        "listing-barred",
        "after an interim delisting lapsed",
        *OBSERVED,
        severe("delist", interim=True, until=day(0.0005), **SEEN),
        says("listing"),
    ),
    breaks(
        "admission-barred",
        "a trader with whom cooperation has ended",
        FAILURE,
        severe("end-cooperation"),
        says("admission", called="again"),
    ),
    keeps(
        "admission-barred",
        "a trader refused once cooperation has ended",
        FAILURE,
        severe("end-cooperation"),
        says("admission", called="again", decision="refused"),
    ),
    keeps(
        "admission-barred",
        "a trader once the end of cooperation was lifted",
        FAILURE,
        severe("end-cooperation"),
        amends("sanction-lifted", "end-cooperation"),
        says("admission", called="again"),
    ),
    breaks(
        "listing-barred",
        "in a second shop, by a trader with whom cooperation has ended",
        shop("multi-brand"),
        FAILURE,
        severe("end-cooperation"),
        says("listing", shop=OTHER_SHOP),
    ),
)

SCENARIOS = (*REPORTS, *FINAL, *CONDUCT, *APPEALS, *ENDS)
