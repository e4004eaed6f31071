"""The rules for measures: final and interim results, and the rules that were in force."""

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
    severe,
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
OBSERVED = (says("invitation", called="to the lot", to=LOT), VISITED, CRITICAL)
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
    breaks(
        "sanction-ground",
        "a delisting in the interim on what an observer saw whom nobody invited",
        VISITED,
        CRITICAL,
        INTERIM,
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

SCENARIOS = (*REPORTS, *FINAL, *CONDUCT)
