"""What attackers need to tell: a beginning on paper, stolen keys, ties, and answers in short."""

from pathlib import Path
from typing import Any

from paper import Paper
from questions.scene import say, selling
from rules.laboratory_words import (
    RETAINED_THERE,
    accredited,
    judging,
    limits,
    received,
    sealed,
)
from rules.words import (
    OTHER_MARK,
    affiliation,
    mark,
    rivals,
)
from tea import GTIN
from usual import (
    RETAINED,
    RIVAL,
    Told,
    day,
    finding,
    result,
    who,
)
from world import DAY_S, key_of

LATER, INPUT = f"{GTIN}/10/A8", "https://id.gs1.org/01/06901234500011/10/X1"
CAKE = "https://id.gs1.org/01/06901234500066"
SHED = "https://id.gs1.org/414/6901234500110"


def untold() -> Told:
    """Return a story of which nothing is told yet."""
    paper = Paper(Path(), "")
    story = Told(paper)
    paper.told = story  # type: ignore[attr-defined]
    return story


def begun() -> Told:
    """Return the usual beginning."""
    story = untold()
    story.begin()
    return story


def answer(t: Told, question: str, **asks: Any) -> tuple[str, list[str]]:
    """Return a verdict and the codes of its reasons."""
    found = t.world.ask(question, asks or selling())
    return found["verdict"], [reason["code"] for reason in found["reasons"]]


def codes(t: Told, question: str, kind: str = "notes", **asks: Any) -> list[str]:
    """Return the codes of the notes of an answer, or of its reasons."""
    return [item["code"] for item in t.world.ask(question, asks)[kind]]


def refused(t: Told, type_: str, **how: Any) -> list[str]:
    """Say something that is refused; return by which rules."""
    return t.world.refuse(t.write(type_, **how))


def second_key(t: Told, name: str, party: str) -> str:
    """Let a party bind one more key; return the moment before what it signs with its first one."""
    t.world.wait(seconds=DAY_S)
    key = {"key": t.world.binding(f"{name}2", party)}
    t.world.accept(t.world.statement("key", key, by=name, issuer=party, subject=party))
    since = t.time(0)
    t.world.wait(seconds=600)
    return since


def suspected(t: Told, name: str, party: str, since: str) -> None:
    """Let a party revoke its first key, as one that was in other hands since."""
    kid = key_of(name).public.kid.hex()
    fields = {"kid": kid, "reason": "compromised", "suspected_since": since}
    raw = t.world.statement("key-revocation", fields, by=f"{name}2", issuer=party, subject=party)
    t.world.accept(raw)


OF_SHED, TEA = f"{GTIN}/10/B1", {"goods": f"{GTIN}/10/B1", "page": "1"}
LEAVES = "https://id.gs1.org/01/06901234500028/10/X1"
BAD = {"nonconforming": 2, "decision": "refused", "findings": [finding("critical")]}
CLEAN: dict[str, Any] = {"findings": [], "on": day(-0.1)}


def belongs(t: Told, to: str, *, what: str = "second-inspector", how: str = "tied") -> None:
    """Let an office say that an inspector or laboratory is tied to a party."""
    t.world.accept(affiliation(what, to, relation=how, categories=...)(t.world))


def leased(t: Told, *, tied: str = "brand") -> None:
    """Let the brand make tea in a garden of somebody else, and an inspector be tied to a party."""
    t.tell("facility", by="rival", subject=SHED, called="shed", owner=RIVAL)
    t.tell("lot", subject=OF_SHED, called="b1", facility=SHED, made=day(-5), serial_range=...)
    belongs(t, tied)


def both(t: Told) -> tuple[str, str]:
    """Return the verdicts of who traces the tea, and of who would list it."""
    return answer(t, "trace", **TEA)[0], answer(t, "listable")[0]


def of_leaves(t: Told) -> None:
    """Let the brand make its tea of a supplier's leaves."""
    say(t, mark(number=OTHER_MARK), rivals(LEAVES.partition("/10/")[0]))
    t.tell("facility", by="rival", subject=SHED, called="shed", owner=RIVAL)
    t.tell("origin-audit", subject=SHED, called="shed audit", findings=[], on=day(-0.9))
    made = {"facility": SHED, "made": day(-9), "serial_range": ...}
    t.tell("lot", by="rival", subject=LEAVES, called="x1", **made)
    t.tell("lot", subject=OF_SHED, called="b1", made=day(-5), serial_range=..., inputs=[LEAVES])


def failing(lot: str) -> tuple[Any, ...]:
    """A laboratory fails a lot."""
    sample = sealed(lot=lot), received(lot=lot)
    return accredited(), *sample, limits(), judging(result("0.2", "fail"), lot=lot)


def retained(lot: str, **seals: Any) -> tuple[Any, ...]:
    """The second laboratory receives a retained sample of a lot."""
    from_ = {"handed_by": who(seals["by"])} if seals else {}
    there = received("second-laboratory", "retained received", "retained", lot=lot, **from_)
    return RETAINED_THERE[0], sealed(RETAINED, "retained", lot=lot, **seals), there


def made_by_agent(t: Told) -> str:
    """Let the agent state a lot that the brand takes over; return it."""
    lot = f"{GTIN}/10/N1"
    t.tell("lot", by="agent", subject=lot, called="n1", serial_range=..., made=day(-6))
    return lot


def takes_it_over(t: Told, lot: str) -> None:
    """Let the brand state the agent's lot as the agent did."""
    same = {"made": lambda t: t.fields_of("n1")["made"], "serial_range": ...}
    t.tell("lot", subject=lot, called="ours", **same)


def ready() -> Told:
    """Return the usual beginning, with a licence and an audit: the tea may be listed."""
    story = begun()
    licence = {"kind": "business", "number": "urn:qualification:samr.cn:B-1"}
    story.tell("qualification", called="business", categories=["food"], **licence)
    story.tell("origin-audit", called="audit", on=day(-0.9))
    return story
