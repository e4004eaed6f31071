"""The rules for the quality index: its model, and what is stated of it."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from rules.telling import Step
from rules.words import breaks, keeps, says, told
from tea import GTIN
from usual import Told, citing, day, finding
from world import World

MODEL = says("quality-model")
AUDIT = says("origin-audit", called="audit")
PASSED = says("inspection", called="inspection")
FAILED = says("inspection", called="failure", mode="flight", nonconforming=2, decision="refused")
WELL = (MODEL, AUDIT, PASSED)


def size_now(told: Told) -> int:
    """Return how many entries the log has."""
    return told.world.length()


def inputs(*names: str) -> Callable[[Told], str]:
    """Return the digest of these statements' ids, in ascending order."""
    return lambda told: sha256(
        b"".join(sorted(told.said[name][0].id for name in names))
    ).hexdigest()


def states(*names: str, **fields: Any) -> Step:
    """The operator states the index that these statements make: 878 of 1000, grade B."""
    # Mystery 5 and origin 3, each doubled three times: (64 + 80) of (64 + 80 + 20).
    said = {"score": 878, "grade": "B", "outcomes": len(names), "inputs": inputs(*names)}
    return says("quality-index", **{"size": size_now} | said | fields)


BOTH = ("audit", "inspection")


def at_size(size: Callable[[int], int]) -> Callable[[Told], int]:
    """Return a size counted from the present one."""
    return lambda told: size(size_now(told))


def beyond(w: World) -> bytes:
    """The operator states an index as of a size that the log will have behind the statement."""
    return told(w).write("quality-index", size=size_now(told(w)) + 1)


SCENARIOS = (
    breaks(
        "model-retroactive",
        "a model that holds since yesterday",
        says("quality-model", from_=day(-1)),
    ),
    keeps("model-retroactive", "a model that holds from now on", MODEL),
    keeps(
        "model-retroactive",
        "a model that holds from next month on",
        says("quality-model", from_=day(30)),
    ),
    breaks("index-time", "about tomorrow", *WELL, states(*BOTH, at=day(1))),
    breaks("index-time", "as of a size beyond its place", MODEL, beyond),
    keeps("index-time", "about now, as of all that is known", *WELL, states(*BOTH)),
    keeps("index-recomputed", "as its model makes it", *WELL, states(*BOTH)),
    keeps(
        "index-recomputed",
        "as it was before the last inspection, of that size",
        *WELL,
        FAILED,
        states(*BOTH, size=at_size(lambda size: size - 2)),
    ),
    keeps(
        "index-recomputed",
        "insufficient where the outcomes are too few",
        MODEL,
        PASSED,
        states("inspection", score=None, grade="insufficient"),
    ),
    keeps(
        "index-recomputed",
        "of grade D while a critical finding is open",
        *WELL,
        says(
            "inspection",
            called="failure",
            mode="flight",
            nonconforming=2,
            decision="refused",
            findings=[finding("critical")],
        ),
        # Flight 4 doubled three times, ten times as heavy: (64 + 80) of (64 + 80 + 320 + 20).
        states(*BOTH, "failure", score=297, grade="D"),
    ),
    breaks("index-recomputed", "a point more", *WELL, states(*BOTH, score=879)),
    breaks("index-recomputed", "a better grade", *WELL, states(*BOTH, grade="A")),
    breaks("index-recomputed", "a score of too few outcomes", MODEL, PASSED, states("inspection")),
    breaks(
        "index-recomputed",
        "another number of outcomes",
        *WELL,
        states(*BOTH, outcomes=3),
    ),
    breaks(
        "index-recomputed",
        "from other outcomes",
        *WELL,
        states(*BOTH, inputs=inputs("inspection", "quality-model")),
    ),
    breaks(
        "index-recomputed",
        "without the last inspection",
        *WELL,
        FAILED,
        states(*BOTH),
    ),
    breaks(
        "index-recomputed",
        "as of a size before its own inspections",
        *WELL,
        states(*BOTH, size=at_size(lambda size: size - 2)),
    ),
    breaks(
        "index-recomputed",
        "by a model that a newer one took over from",
        MODEL,
        says("quality-model", called="newer", minimum=3),
        AUDIT,
        PASSED,
        states(*BOTH),
    ),
    breaks(
        "index-recomputed",
        "about a time before its model held",
        *WELL,
        states(*BOTH, at=day(-2)),
    ),
    breaks(
        "index-recomputed",
        "of another product than these were of",
        *WELL,
        states(*BOTH, subject=GTIN.replace("4500004", "4500028")),
    ),
    breaks(
        "cited-type",
        "an index by an inspection for a model",
        *WELL,
        states(*BOTH, model=citing("inspection")),
    ),
)
