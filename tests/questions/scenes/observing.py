"""The observer group: who was called for, who applied, what became of each."""

from typing import Any

from questions.scene import Scene, wait
from rules.scenarios.observers import DRAWN, SEEN, invites, sees
from rules.telling import Step
from rules.words import amends, citing, says
from sampled import DRAW
from tea import BRAND, GARDEN
from usual import day, finding, who

GROUP = {"kind": "*", "page": "1"}


def applies(name: str = "another", **changes: Any) -> Step:
    """Somebody else applies by the usual call."""
    how = {"subject": who(name), "called": f"{name} applied"} | changes
    return says("observer-application", **how)


def seated(name: str = "another", **changes: Any) -> Step:
    """It is appointed."""
    how = {"application": citing(f"{name} applied"), "called": f"{name} seated"} | changes
    return says("observer", subject=who(name), **how)


def declined(name: str = "another", **changes: Any) -> Step:
    """It is declined."""
    how = {"application": citing(f"{name} applied")} | changes
    return says("observer-declined", subject=who(name), **how)


def ended(by: str = "") -> Step:
    """The usual observer's term is ended early."""
    said = {"operator": who("operator"), "from": day(0.001), "reason": "moved abroad"}
    return amends("observer-ended", "term", by, said)


def group(says_: str, story: tuple[Any, ...], verdict: str, *codes: str, **how: Any) -> Scene:
    """Whoever asks about the group."""
    asks = how.pop("asks", GROUP)
    return Scene(says_, story, "observers", asks, verdict, codes, **how)


ASKED = (
    says("checklist"),
    says("invitation", called="asked", checklist=citing("checklist"), publish_by=day(10)),
)
VISITED = says("visit", invitation=citing("asked"))
TOLD = sees(*SEEN)
AMISS = sees(
    {"point": "open", "yes": False}, *SEEN[1:], findings=[finding("major") | {"point": "open"}]
)
ADVISED = says("advice", subject=BRAND, grounds=[citing("observation")])
PLANNED = says(
    "improvement-plan", by="brand", subject=BRAND, called="plan", cause=citing("observation")
)


def at_garden(says_: str, story: tuple[Any, ...], verdict: str, *codes: str, **how: Any) -> Scene:
    """Whoever asks who visited the garden."""
    return Scene(says_, story, "visits", {"about": GARDEN}, verdict, codes, **how)


SCENES = (
    group("whoever applied is an observer", (), "yes"),
    group("somebody waits for an answer", (applies(),), "yes"),
    group("for too long", (applies(),), "no", "application-unanswered", at=31),
    group("and is appointed at last", (applies(), wait(31), seated()), "yes"),
    group("or declined", (applies(), wait(31), declined()), "yes"),
    group(
        "who signed the application itself",
        (applies(by="another"),),
        "no",
        "application-unanswered",
        at=31,
    ),
    group("a term was ended by the operator", (ended(),), "yes", at=2),
    group("an observer resigned", (ended("observer"),), "yes", at=2),
    group(
        "a kind that was called for alone",
        (applies(kind="media"),),
        "no",
        "application-unanswered",
        asks={"kind": "media", "page": "1"},
        at=31,
    ),
    group(
        "whoever waits is of another kind",
        (applies(kind="media"),),
        "yes",
        asks={"kind": "consumer", "page": "1"},
        at=31,
    ),
    group("nobody was called for by then", (), "unknown", "observers-absent", at=-400),
    group(
        "an observer that was drawn is not invited",
        DRAWN,
        "yes",
        note=("drawn-uninvited",),
    ),
    group("and is", (*DRAWN, invites()), "yes"),
    Scene(
        "an observer that was drawn is not invited",
        DRAWN,
        "draw",
        {"draw": DRAW, "product": "*"},
        "unknown",
        ("draw-unwitnessed",),
        ("drawn-alone", "drawn-uninvited"),
    ),
    Scene(
        "and is",
        (*DRAWN, invites()),
        "draw",
        {"draw": DRAW, "product": "*"},
        "unknown",
        ("draw-unwitnessed",),
        ("drawn-alone",),
    ),
    at_garden("what was seen by point", (*ASKED, VISITED, TOLD), "yes"),
    at_garden(
        "something amiss that nobody replies to",
        (*ASKED, VISITED, AMISS),
        "yes",
        note=("observation-unanswered",),
    ),
    at_garden("the platform advises its owner", (*ASKED, VISITED, AMISS, ADVISED), "yes"),
    at_garden("its owner plans how to mend it", (*ASKED, VISITED, AMISS, PLANNED), "yes"),
    at_garden(
        "somebody came and told nothing in time",
        (*ASKED, VISITED),
        "yes",
        note=("observation-late",),
        at=11,
    ),
    at_garden(
        "or too late",
        (*ASKED, VISITED, wait(11), TOLD),
        "yes",
        note=("observation-late",),
    ),
    at_garden("whoever was invited did not come", ASKED, "unknown", "visits-absent", at=11),
)
