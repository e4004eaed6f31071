"""The rules for observers: their term, their visits, what they report and how late."""

from rules.scenarios.draws import KEY, LISTED, ROSTERED
from rules.words import affiliation, amends, breaks, citing, corrects, keeps, says
from sampled import DRAW, OBSERVERS, WITH_OBSERVERS
from tea import EVER, GARDEN, GTIN, LOT, OBSERVER
from usual import VISIT, day, evidence, finding, who

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

ALONE = {"kind": "consumer", "count": 1}


def call(*seats, called="small call", **changes):
    """The operator calls for members again: of these kinds."""
    return says("observer-call", seats=list(seats) or [ALONE], called=called, **changes)


def applies(name="another", by_call="small call", **changes):
    """Somebody applies by a call; it is called "<name> applied"."""
    how = {"called": f"{name} applied", "call": citing(by_call)} | changes
    return says("observer-application", subject=who(name), **how)


def seated(name="another"):
    """Somebody is appointed on its application; it is called "<name> seated"."""
    how = {"called": f"{name} seated", "application": citing(f"{name} applied")}
    return says("observer", subject=who(name), **how)


def declines(name="another", **changes):
    """The operator declines an application."""
    how = {"application": citing(f"{name} applied")} | changes
    return says("observer-declined", subject=who(name), **how)


def ends(by="", **changes):
    """The usual observer's term is ended early."""
    said = {"operator": who("operator"), "from": day(0.001), "reason": "moved abroad"}
    return amends("observer-ended", "term", by, said | changes)


MEMBERS = (
    breaks("call-own", "a call for another's group", says("observer-call", subject=OTHER)),
    keeps("call-own", "a call for its own", call()),
    breaks("role", "a call by a brand", says("observer-call", by="brand", subject=who("brand"))),
    breaks("application-call", "a kind that is not called for", call(), applies(kind="media")),
    breaks(
        "application-call",
        "a call that is over",
        call(until=day(-1)),
        applies(),
    ),
    breaks("application-call", "a call that is to open", call(from_=day(1)), applies()),
    keeps("application-call", "an open call for its kind", call(), applies()),
    keeps(
        "application-call",
        "an application corrected when the call is over",
        call(until=day(0.01)),
        applies(),
        lambda w: w.wait(seconds=DAY_S),
        corrects("another applied", "operator", motive="I brew this tea."),
    ),
    keeps("role", "whoever applies signs itself", call(), applies(by="another")),
    breaks(
        "role",
        "somebody applies for another",
        call(),
        says(
            "observer-application",
            by="rival",
            subject=OTHER,
            call=citing("small call"),
        ),
    ),
    breaks(
        "application-once",
        "a second application by one call",
        says("observer-application", called="again"),
    ),
    keeps("application-once", "one by another call", call(), applies("observer")),
    keeps(
        "application-once",
        "a correction of its own",
        corrects("application", "operator", motive="I brew this tea."),
    ),
    breaks(
        "supersede-loosens",
        "a declared tie is taken back",
        call(),
        applies(ties=[{"to": who("brand"), "text": "I worked there"}]),
        corrects("another applied", "operator", ties=[]),
    ),
    keeps(
        "supersede-loosens",
        "a tie is added",
        corrects(
            "application", "operator", ties=[{"to": who("brand"), "text": "my sister works there"}]
        ),
    ),
    breaks(
        "observer-seats",
        "a second consumer where one is called for",
        call(),
        applies(),
        seated(),
        applies("observer"),
        seated("observer"),
    ),
    keeps(
        "observer-seats",
        "one whose term ended leaves its seat",
        call(),
        applies(),
        seated(),
        amends(
            "observer-ended",
            "another seated",
            changes={"operator": who("operator"), "from": day(0.001), "reason": "moved abroad"},
        ),
        applies("observer"),
        seated("observer"),
    ),
    keeps("observer-seats", "a further term of its own", call(), applies(), seated(), seated()),
    breaks(
        "declined-application",
        "another's application declined",
        call(),
        applies(),
        declines(),
        says("observer-declined", application=citing("another applied")),
    ),
    breaks(
        "declined-application",
        "an application declined on which it is an observer",
        says("observer-declined"),
    ),
    breaks(
        "declined-application", "declined twice", call(), applies(), declines(), declines(text="no")
    ),
    keeps("declined-application", "an application declined once", call(), applies(), declines()),
    breaks(
        "declined-full",
        "declined for want of seats while there is one",
        call(),
        applies(),
        declines(reason="full"),
    ),
    keeps(
        "declined-full",
        "all seats are taken",
        call(),
        applies(),
        seated(),
        applies("observer"),
        declines("observer", reason="full"),
    ),
    breaks("observer-ended-from", "a term ended from yesterday on", ends(**{"from": day(-1)})),
    breaks(
        "observer-ended-from",
        "a term ended when it is over",
        call(),
        applies(),
        says(
            "observer",
            subject=OTHER,
            application=citing("another applied"),
            until=day(1),
            called="short",
        ),
        amends(
            "observer-ended",
            "short",
            changes={"operator": who("operator"), "from": day(2), "reason": "moved abroad"},
        ),
    ),
    keeps("observer-ended-from", "a term ended from now on", ends()),
    keeps("target-issuer", "an observer resigns", ends("observer")),
    breaks(
        "role", "a rival ends an observer's term", ends("rival"), refused=("role", "target-issuer")
    ),
    breaks("target-subjects", "an end of another's group", ends(operator=who("brand"))),
    keeps(
        "observer-period",
        "a visit before the term was ended, told behind it",
        ends(),
        lambda w: w.wait(seconds=DAY_S),
        says("visit", arrived=day(-2)),
    ),
    breaks(
        "observer-period",
        "a visit behind the end of the term",
        ends(),
        lambda w: w.wait(seconds=2 * DAY_S),
        says("visit", arrived=day(-1)),
    ),
    breaks(
        "observer-period",
        "an invitation behind the end of the term",
        ends(),
        lambda w: w.wait(seconds=2 * DAY_S),
        says("invitation", from_=day(0), called="late"),
    ),
    breaks(
        "undeclared-tie",
        "an observer that declared a tie when it applied says nothing",
        corrects(
            "application", "operator", ties=[{"to": who("brand"), "text": "my sister works there"}]
        ),
        VISITED,
    ),
    breaks(
        "undeclared-tie",
        "one that declared a tie to who owns the brand, behind nineteen others",
        affiliation("parent", "brand"),
        corrects(
            "application",
            "operator",
            ties=[
                *({"to": who("rival"), "text": f"shares, {n}"} for n in range(19)),
                {"to": who("parent"), "text": "my sister works there"},
            ],
        ),
        VISITED,
    ),
    keeps(
        "undeclared-tie",
        "it says so",
        corrects(
            "application", "operator", ties=[{"to": who("brand"), "text": "my sister works there"}]
        ),
        says("visit", tie="my sister works there"),
    ),
    keeps(
        "undeclared-tie",
        "an observer that declared a tie to a rival",
        corrects("application", "operator", ties=[{"to": who("rival"), "text": "shares"}]),
        VISITED,
    ),
)

LISTED_POINTS = says("checklist")
ASKED = says("invitation", checklist=citing("checklist"), called="asked")
PHOTO = evidence()[0]["digest"]
SEEN = (
    {"point": "open", "yes": True},
    {"point": "heat", "value": "62 °C"},
    {"point": "gate", "photo": PHOTO},
)


def sees(*seen, **changes):
    """The observer tells what it saw, point by point, with a photo."""
    return says("observation", seen=list(seen), photos=evidence(), **changes)


def by_list(*then):
    """The observer is invited with a checklist, and visits; then this."""
    return (LISTED_POINTS, ASKED, VISITED, *then)


def association(**changes):
    """Another observer is an association in the group; it is called "other term"."""
    applied = says(
        "observer-application", subject=OTHER, called="other application", kind="association"
    )
    fields = {"application": citing("other application"), "kind": "association"} | changes
    return applied, says("observer", subject=OTHER, called="other term", **fields)


def missing(*left_out):
    """Return what was seen without some points."""
    return [one for one in SEEN if one["point"] not in left_out]


CHECKLISTS = (
    breaks("checklist-issuer", "a consumer's checklist", says("checklist", by="observer")),
    breaks(
        "role",
        "a brand's checklist",
        says("checklist", by="brand"),
        refused=("role", "checklist-issuer"),
    ),
    keeps("checklist-issuer", "an association's", *association(), says("checklist", by="another")),
    breaks(
        "checklist-issuer",
        "an association's whose term is over",
        *association(until=day(1)),
        lambda w: w.wait(seconds=2 * DAY_S),
        says("checklist", by="another"),
    ),
    keeps("checklist-issuer", "the operator's", LISTED_POINTS),
    breaks("checklist-version", "the same version again", LISTED_POINTS, LISTED_POINTS),
    breaks("checklist-version", "one that begins with the second", says("checklist", version=2)),
    breaks(
        "checklist-version",
        "an association takes the operator's over",
        *association(),
        LISTED_POINTS,
        says("checklist", by="another", version=2),
    ),
    keeps("checklist-version", "the next one", LISTED_POINTS, says("checklist", version=2)),
    breaks(
        "invitation-checklist",
        "a list for places where a lot is visited",
        LISTED_POINTS,
        says("invitation", to=LOT, checklist=citing("checklist")),
    ),
    breaks(
        "invitation-checklist",
        "a version that another follows",
        LISTED_POINTS,
        says("checklist", version=2, called="second"),
        says("invitation", checklist=citing("checklist")),
    ),
    keeps("invitation-checklist", "the newest", LISTED_POINTS, ASKED),
    breaks("checklist-answered", "a point that was not answered", *by_list(sees(*missing("heat")))),
    breaks("checklist-answered", "a point answered twice", *by_list(sees(*SEEN, SEEN[1]))),
    breaks(
        "checklist-answered",
        "a value where yes or no is asked for",
        *by_list(sees({"point": "open", "value": "most"}, *missing("open"))),
    ),
    breaks(
        "checklist-answered",
        "a photo that is not there",
        *by_list(sees({"point": "gate", "photo": "6" * 64}, *missing("gate"))),
    ),
    breaks(
        "checklist-answered",
        "a point that nobody asked for",
        *by_list(sees(*SEEN, {"point": "dogs", "yes": True})),
    ),
    breaks(
        "checklist-answered",
        "something amiss, and no finding of it",
        *by_list(
            sees({"point": "open", "yes": False}, *missing("open"), findings=[finding("minor")])
        ),
    ),
    breaks("checklist-answered", "points where none are asked for", VISITED, sees(*SEEN)),
    keeps("checklist-answered", "every point", *by_list(sees(*SEEN))),
    keeps(
        "checklist-answered",
        "a point that was not seen, and why",
        *by_list(sees({"point": "heat", "unseen": "the hall was shut"}, *missing("heat"))),
    ),
    keeps(
        "checklist-answered",
        "something amiss, and how severe it is",
        *by_list(
            sees(
                {"point": "open", "yes": False},
                *missing("open"),
                findings=[finding("minor") | {"point": "open"}],
            )
        ),
    ),
    keeps(
        "checklist-answered",
        "on a phone, 29 days ago",
        LISTED_POINTS,
        ASKED,
        of_age(29),
        sees(*SEEN, how={"age_s": 29 * DAY_S}),
    ),
)

DRAWN = (
    LISTED,
    KEY,
    ROSTERED,
    says("roster", subject=OBSERVERS, role="observer", members=[OBSERVER], called="observers"),
    says("sampling-programme", rosters=WITH_OBSERVERS),
    says("draw"),
    says("draw-sealed"),
    says("draw-result"),
)


def invites(**changes):
    """Somebody is invited by the draw."""
    return says("invitation", called="drawn", pick=citing("draw-result"), **{"to": DRAW} | changes)


BY_DRAW = (
    keeps("invitation-pick", "the observer that was drawn, to the draw", *DRAWN, invites()),
    keeps("invitation-pick", "to a lot of what was drawn", *DRAWN, invites(to=LOT)),
    breaks("invitation-pick", "to a place", *DRAWN, invites(to=GARDEN)),
    breaks("invitation-pick", "to another draw", *DRAWN, invites(to="urn:draw:other:1")),
    breaks("invitation-pick", "a friend who was not drawn", *DRAWN, term(), invites(subject=OTHER)),
)

SCENARIOS = (*SCENARIOS, *MEMBERS, *CHECKLISTS, *BY_DRAW)
