"""The rules for observers: their term, their visits, what they report and how late."""

from rules.words import affiliation, breaks, citing, corrects, keeps, says
from tea import EVER, GTIN, LOT
from usual import VISIT, day, who

OTHER = who("another")
NOBODY = "urn:pinyuan:person:" + "0f" * 16
FIELD = "https://id.gs1.org/414/6901234500110"
DAY_S = 86_400
VISITED = says("visit")


def of_age(days: float, **changes):
    """A visit signed so many days ago on the spot, without a network, and sent now."""
    return says("visit", arrived=day(-days), how={"age_s": int(days * DAY_S)}, **changes)


def term(**changes):
    """Another observer applies and is appointed."""
    return (
        says("observer-application", subject=OTHER, called="other application"),
        says(
            "observer",
            subject=OTHER,
            **{"application": citing("other application"), "called": "other term"} | changes,
        ),
    )


SCENARIOS = (
    breaks(
        "observer-application",
        "an observer appointed on somebody else's application",
        says("observer", subject=OTHER),
    ),
    breaks(
        "observer-application",
        "a consumer appointed as media",
        says("observer", kind="media"),
    ),
    keeps("observer-application", "an observer appointed on its own application", term()),
    breaks(
        "party-unknown",
        "an application of nobody",
        says("observer-application", subject=NOBODY),
    ),
    breaks(
        "observer-period",
        "a visit by an observer who was never appointed",
        says("visit", by="another"),
    ),
    breaks(
        "observer-period",
        "a visit before the observer's term",
        term(from_=day(-1)),
        says("visit", by="another", arrived=day(-2)),
    ),
    breaks(
        "observer-period",
        "a visit in the very second in which the term ends",
        term(until=day(0.0005)),
        says(
            "visit",
            by="another",
            arrived=lambda told: str(told.said["other term"][1].until),
        ),
    ),
    breaks(
        "observer-period",
        "a visit in the term, signed after it and 31 days after the visit",
        term(from_=day(-90), until=day(0.0005)),
        says("visit", by="another", arrived=day(-31)),
    ),
    keeps(
        "observer-period",
        "a visit in the term, sent after it",
        term(until=day(0.0005)),
        says("visit", by="another", arrived=day(-1)),
    ),
    keeps(
        "observer-period",
        "an observation of a visit in the term, told after it",
        term(until=day(0.002)),
        says("visit", by="another", arrived=day(-1)),
        lambda w: w.wait(seconds=DAY_S),
        says("observation", by="another"),
    ),
    breaks(
        "observer-period",
        "an observation told 30 days after the visit, and after the term",
        term(until=day(0.002)),
        says("visit", by="another", arrived=day(-1)),
        lambda w: w.wait(seconds=29 * DAY_S),
        says("observation", by="another"),
    ),
    keeps(
        "observer-period",
        "an observation told 30 days after the visit, in the term",
        VISITED,
        lambda w: w.wait(seconds=29 * DAY_S),
        says("observation"),
    ),
    breaks(
        "observer-period",
        "an invitation for a time behind the observer's term",
        says("invitation", from_=EVER["until"], until=None),
    ),
    breaks(
        "observer-period",
        "an invitation of who is no observer",
        says("invitation", subject=OTHER),
    ),
    keeps("observer-period", "an invitation of an observer", says("invitation")),
    breaks(
        "role",
        "a visit by a trader",
        says("visit", by="trader"),
        refused=("role", "observer-period"),
    ),
    breaks("role", "an appointment by a brand", says("observer", by="brand")),
    keeps("issued-too-old", "a visit signed 29 days ago", of_age(29)),
    breaks("issued-too-old", "a visit signed 31 days ago", of_age(31)),
    keeps("issued-too-old", "a visit signed exactly 30 days ago", of_age(30)),
    keeps(
        "issued-too-old",
        "an observation signed 29 days ago",
        of_age(29),
        says("observation", how={"age_s": 29 * DAY_S}),
    ),
    breaks(
        "issued-too-old",
        "an inspection signed 8 days ago",
        says("inspection", on=day(-9), how={"age_s": 8 * DAY_S}),
    ),
    breaks("visit-taken", "two visits under one id", VISITED, says("visit", about=LOT)),
    keeps(
        "visit-taken",
        "two visits under two ids",
        VISITED,
        says("visit", about=LOT, subject=VISIT + "-2"),
    ),
    breaks(
        "undeclared-tie",
        "an observer employed by the garden's owner says nothing",
        affiliation("brand", "observer", relation="tied"),
        VISITED,
    ),
    breaks(
        "undeclared-tie",
        "an observer employed by the maker of the lot says nothing",
        affiliation("brand", "observer", relation="tied"),
        says("visit", about=LOT),
    ),
    breaks(
        "undeclared-tie",
        "an observer employed where the lot was made says nothing",
        affiliation("parent", "observer", relation="tied"),
        says("facility", by="operator", subject=FIELD, owner=who("parent"), called="field"),
        says("lot", subject=GTIN + "/10/B1", facility=FIELD),
        says("visit", about=GTIN + "/10/B1"),
    ),
    breaks(
        "undeclared-tie",
        "an observer employed by the owner's sister says nothing",
        affiliation("parent", "observer", relation="tied"),
        affiliation("parent", "brand"),
        VISITED,
    ),
    breaks(
        "undeclared-tie",
        "a correction that takes the declared tie back",
        affiliation("brand", "observer", relation="tied"),
        says("visit", tie="I work there"),
        corrects("visit", "observer", tie=None),
        refused=("supersede-loosens", "undeclared-tie"),
    ),
    keeps(
        "undeclared-tie",
        "an observer employed by the owner declares it",
        affiliation("brand", "observer", relation="tied"),
        says("visit", tie="I work there"),
    ),
    keeps(
        "undeclared-tie",
        "an observer employed by a rival",
        affiliation("rival", "observer", relation="tied"),
        VISITED,
    ),
    keeps("undeclared-tie", "a visit to a draw", says("visit", about="urn:draw:spring:1")),
    breaks(
        "invitation-own",
        "an invitation to another place",
        says("invitation", to=LOT),
        says("visit", invitation=citing("invitation")),
    ),
    breaks(
        "invitation-own",
        "another observer's invitation",
        term(),
        says("invitation", subject=OTHER),
        says("visit", invitation=citing("invitation")),
    ),
    breaks(
        "invitation-own",
        "an invitation that has run out",
        says("invitation", until=day(-2)),
        says("visit", invitation=citing("invitation")),
    ),
    keeps(
        "invitation-own",
        "an invitation to what is visited",
        says("invitation"),
        says("visit", invitation=citing("invitation")),
    ),
    breaks(
        "observation-visit",
        "an observation about something else than was visited",
        VISITED,
        says("observation", about=LOT),
    ),
    breaks(
        "observation-visit",
        "an observation of another observer's visit",
        term(),
        VISITED,
        says("observation", by="another"),
    ),
    breaks(
        "observation-visit",
        "an observation under the id of another visit",
        VISITED,
        says("observation", subject=VISIT + "-2"),
    ),
    keeps("observation-visit", "an observation of its own visit", VISITED, says("observation")),
)
