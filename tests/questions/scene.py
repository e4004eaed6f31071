"""Scenes: what is said behind the tea brand's usual beginning, a question, and its answer."""

from typing import Any, NamedTuple

from paper import Paper
from rules.telling import Step
from rules.words import says
from rules.words import told as says_of
from tea import GARDEN, GTIN
from usual import Told, citing, finding
from world import DAY_S, TRADER, World


class Forged(NamedTuple):
    step: Step


"""A step that a dishonest operator lets in against the rules."""


class Scene(NamedTuple):
    """A sentence, what is said, the question, the verdict with its codes.

    ``at``: days from the last thing said, None for now. ``note``: codes of notes. ``known``:
    as of so many batches before the last. What was forged is folded without being rechecked.
    """

    says: str
    story: tuple[Any, ...]
    question: str
    asks: dict[str, Any]
    verdict: str
    codes: tuple[str, ...] = ()
    note: tuple[str, ...] = ()
    at: float | None = None


SELLING = {
    "trader": TRADER,
    "product": GTIN,
    "territory": "CN",
    "channel": "mall.example",
    "shop_type": "*",
}


def selling(**changes: str) -> dict[str, str]:
    """Return who asks to sell what where."""
    return SELLING | changes


def answered(told: Told, scene: Scene) -> dict[str, Any]:
    """Tell a scene and return its answer; without forgeries all that it read was rechecked."""
    paper, asks, at_us, forged = performed(told, scene)
    if forged:
        return paper.fold(scene.question, asks, valid_at_us=at_us)[0]
    return paper.ask(scene.question, asks, valid_at_us=at_us)


def say(told: Told, *steps: Any) -> list[int]:
    """Register what is said; return the entries."""
    written = (step(told.world) for step in steps)
    return [told.world.accept(raw).index for raw in written if raw is not None]


def performed(told: Told, scene: Scene) -> tuple[Paper, dict[str, Any], int | None, bool]:
    """Tell a scene; return where, what is asked about which time, and whether anything is forged."""
    paper = told.world
    assert isinstance(paper, Paper)
    paper.told = told
    forged = False
    for step in scene.story:
        if isinstance(step, Forged):
            forged = True
            paper.admit(step.step(paper))
        else:
            raw = step(paper)
            if raw is not None:
                paper.accept(raw)
    asks = {name: value(told) if callable(value) else value for name, value in scene.asks.items()}
    at_us = None if scene.at is None else int(paper.now_us + scene.at * DAY_S * 1_000_000)
    return paper, asks, at_us, forged


# Steps that several scenes share.


def wait(days: float) -> Step:
    """Days pass."""

    def pass_by(w: World) -> None:
        w.wait(seconds=int(days * DAY_S))

    return pass_by


def audit(called: str = "audit", **changes: Any) -> Step:
    """An inspector audits the garden."""
    return says("origin-audit", called=called, **changes)


def inspection(called: str = "inspection", **changes: Any) -> Step:
    """An inspector draws a mystery sample of the lot, and accepts it."""
    return says("inspection", called=called, **changes)


def refusal(called: str = "failure", **changes: Any) -> Step:
    """An inspector refuses the lot."""
    return inspection(called, nonconforming=2, decision="refused", **changes)


def sanction(step: str = "delist", called: str = "sanction", **changes: Any) -> tuple[Step, Step]:
    """A lot is recalled, and the operator takes a measure on that ground."""
    fields: dict[str, Any] = {"step": step, "triggers": [citing("recall")]}
    if step != "interview":
        fields["severity_ground"] = "critical"
    return says("recall", by="operator", subject=OTHER), says(
        "sanction", called=called, **fields | changes
    )


OTHER = f"{GTIN}/10/Z0"
BUSINESS = says(
    "qualification",
    called="business",
    kind="business",
    number="urn:qualification:samr.cn:B-1",
    categories=["food"],
)
READY = (BUSINESS, audit())
"""What the trader's listing still lacks behind the usual beginning."""


def garden(severity: str) -> dict[str, Any]:
    """Return the findings of an audit: one, of this severity."""
    return {"findings": [finding(severity)]}


def _visit_id(about: str) -> str:
    return f"urn:visit:{about.rpartition('/')[2].rpartition(':')[2].lower()}"


REFUSED = says("admission", decision="refused", called="refused")
IN_SPITE = says(
    "admission",
    called="again",
    evidence=[citing("licence"), citing("refused")],
    reasons=["the office confirms the licence"],
)
"""The trader is admitted though it was refused."""


def visit_to(about: str) -> Step:
    """An observer is invited to a place, lot or draw, and visits it."""

    def write(w: World) -> bytes:
        if about != GARDEN:
            says_of(w).tell("invitation", called=f"invitation to {about}", to=about)
        return says("visit", subject=_visit_id(about), about=about)(w)

    return write


def visit_unasked(about: str = GARDEN) -> Step:
    """An observer visits what nobody invited it to."""
    return says("visit", subject=_visit_id(about), about=about, invitation=...)


def observation_of(about: str, severity: str = "critical") -> Step:
    """An observer found something there."""
    findings = [finding(severity)]
    return says("observation", subject=_visit_id(about), about=about, findings=findings)
