"""What comes back from the market: figures, the times they leave out, complaints, observations."""

from typing import Any

from questions.scene import Scene, observation_of, visit_to, wait
from rules.words import says, withdraws
from tea import GTIN, LOT
from usual import day

MARKET = {"product": GTIN, "page": "1"}
LISTED = says("listing")
NOBODYS = "https://id.gs1.org/01/06901234507898"


def figures(since: float, until: float, called: str = "figures", **changes: Any):
    """The platform says what came back between two days."""
    time = {"from": day(since), "until": day(until)}
    return says("feedback", called=called, **time | changes)


BEHIND = {"from": lambda told: told.fields_of("first")["until"]}
ALL = (LISTED, wait(80), figures(-81, -51, "first"), figures(-51, -25, "second", **BEHIND))
SCENES = (
    Scene("figures cover the time it was on sale", ALL, "market_feedback", MARKET, "yes"),
    Scene(
        "a month was left out",
        (LISTED, wait(80), figures(-81, -60, "first")),
        "market_feedback",
        MARKET,
        "no",
        ("feedback-missing",),
    ),
    Scene(
        "nothing was stated at all",
        (LISTED,),
        "market_feedback",
        MARKET,
        "no",
        ("feedback-missing",),
        at=80,
    ),
    Scene(
        "a month was withdrawn in error",
        (*ALL, withdraws("first", by="operator")),
        "market_feedback",
        MARKET,
        "no",
        ("feedback-missing",),
        note=("undone",),
    ),
    Scene(
        "taken off sale before figures were due of what followed",
        (LISTED, wait(20), says("listing-ended"), wait(80), figures(-101, -78)),
        "market_feedback",
        MARKET,
        "yes",
    ),
    Scene(
        "nothing is due yet",
        (LISTED, says("complaint"), visit_to(LOT), observation_of(LOT)),
        "market_feedback",
        MARKET,
        "unknown",
        ("feedback-absent",),
    ),
    Scene(
        "never on sale, and nothing came back",
        (),
        "market_feedback",
        MARKET,
        "unknown",
        ("feedback-absent",),
    ),
    Scene(
        "a product nobody knows",
        (),
        "market_feedback",
        MARKET | {"product": NOBODYS},
        "unknown",
        ("product-unknown", "feedback-absent"),
    ),
)
