"""What a trial of a property is: a random world, how answers differ, a violation as a short story."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from properties.asking import Answer, Asked
from properties.course import estate, random_world
from properties.telling import Said, Tale, people

ACTS = 10
"""So much happens in a world, behind its beginning."""


@dataclass(frozen=True)
class Violation:
    """A property that a world breaks: of which question, how, by which story."""

    property: str
    seed: int
    question: str
    what: str
    story: tuple[str, ...]
    kind: str = ""

    def __str__(self) -> str:
        lines = "\n".join(f"    {line}" for line in self.story)
        return f"{self.property} seed {self.seed}: {self.question}\n  {self.what}\n{lines}"


@dataclass
class Tally:
    """What was tried."""

    worlds: int = 0
    statements: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    over: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    let_in: Counter[str] = field(default_factory=Counter)
    excused: Counter[str] = field(default_factory=Counter)
    """Excuses of a property, each as often as something would be wrong without it."""

    def of(self, tale: Tale) -> None:
        """Count a world."""
        self.worlds += 1
        self.statements.update(item.move.type_ for item in tale.said)
        self.refused.update(tale.refused)

    def add(self, other: "Tally") -> None:
        """Count what another counted."""
        self.worlds += other.worlds
        for name in (
            "statements",
            "refused",
            "asked",
            "reasons",
            "over",
            "tried",
            "let_in",
            "excused",
        ):
            getattr(self, name).update(getattr(other, name))

    def of_answers(self, found: dict[Asked, Answer]) -> None:
        """Count what was answered."""
        for (question, _), item in found.items():
            self.asked[f"{question}: {item.verdict}"] += 1
            self.reasons.update(code for code, _, _ in (*item.reasons, *item.notes))


@dataclass
class Shrinking:
    """Whether stories are made short: not where only that one is found matters."""

    on: bool = True


SHRINKING = Shrinking()


def _estate() -> int:
    tale = people(Random(0))
    return sum(tale.tell(move) for move in estate())


BEGIN = _estate()
"""So many of a world's own statements are what other brands have."""


def world(seed: int, tally: Tally, acts: int = ACTS) -> Tale:
    """Return the random world of a seed."""
    tale = people(Random(seed))
    random_world(tale, acts)
    tally.of(tale)
    return tale


def codes_of(item: Answer) -> str:
    """Return a verdict and the codes of its reasons."""
    return f"{item.verdict} {sorted({code for code, _, _ in item.reasons})}"


def told_otherwise(
    before: dict[Asked, Answer], after: dict[Asked, Answer]
) -> Iterator[tuple[Asked, str, str]]:
    """Yield the questions that are answered otherwise: the change in codes, and in words."""
    for asked, was in before.items():
        now = after[asked]
        if was.told != now.told:
            kind = f"{codes_of(was)} -> {codes_of(now)}"
            yield asked, f"{asked[0]} {_changed(was, now)}", f"{kind} {_difference(was, now)}"


def _changed(was: Answer, now: Answer) -> list[str]:
    more = {f"+{code}" for code, _, _ in now.reasons - was.reasons}
    less = {f"-{code}" for code, _, _ in was.reasons - now.reasons}
    return sorted(more | less) or [f"{was.figures} -> {now.figures}"]


def _difference(was: Answer, now: Answer) -> str:
    more = sorted(f"+{code} {dict(facts)}" for code, facts, _ in now.reasons - was.reasons)
    less = sorted(f"-{code} {dict(facts)}" for code, facts, _ in was.reasons - now.reasons)
    return "; ".join(more[:3] + less[:3]) or f"{was.figures} -> {now.figures}"


def least(own: list[Said], still: Callable[[list[Said]], bool]) -> list[Said]:
    """Return the least of a world in which something is still so: what is not needed is left out."""
    if not SHRINKING.on:
        return own
    for count in (16, 8, 4, 2, 1):
        for start in reversed(range(BEGIN, len(own), count)):
            kept = own[:start] + own[start + count :]
            if still(kept):
                own = kept
    return own
