"""I9: nobody without a right over a thing, and without an office, changes an answer about it.

Strangers say what they like behind a world, in the middle of it or before it began: verdicts,
reasons and what is read stay as they were, and nothing of the world's own is refused for it.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from properties.asking import ASKED, Answer, Asked, about_grants, answers, shown
from properties.course import Act
from properties.strangers import TRIES, tries
from properties.telling import HOUR_US, Said, Tale, retold
from properties.trials import BEGIN, SHRINKING, Tally, Violation, told_otherwise, world
from properties.words import Move

TRIED = 8
"""So much strangers try in a world."""
Added = list[tuple[int, Move]]
"""Strangers' moves, each behind so many of the world's own."""


@dataclass(frozen=True)
class Fault:
    """What is wrong: about which question, which kind of fault, in words."""

    asked: Asked | None
    kind: str
    what: str


@dataclass
class WithStrangers:
    """A world, and what strangers add to it; ``wrong`` tells both with and without them."""

    rng: Random
    at_us: int
    questions: tuple[Asked, ...]
    tally: Tally

    def wrong(self, kept: list[Said], added: Added, base: "Base | None" = None) -> Fault | None:
        """Return what strangers change, if anything."""
        if base is None:
            alone, gone = retold(kept, [], self.rng)
            if gone:
                return None
            before = answers(alone, self.questions, self.at_us, reads=True)
        else:
            before = base.before
        if base is not None and all(at >= len(kept) for at, _ in added):
            tale, lost = base.tale.copy(), []
            for number, (_, move) in enumerate(added):
                tale.tell_at(move, base.tale.now_us + (number + 1) * 1_000_000)
        else:
            tale, lost = retold(kept, added, self.rng)
        if base is not None:
            self.tally.statements.update(item.move.type_ for item in tale.said[len(kept) :])
        if lost:
            return Fault(None, f"refused {lost[0].move.type_}", f"{lost[0].move} is refused")
        after = answers(tale, self.questions, self.at_us, reads=True)
        for asked, kind, what in told_otherwise(before, after):
            return Fault(asked, kind, what)
        return _grown(before, after, tale)


@dataclass(frozen=True)
class Base:
    """A world without strangers, and its answers."""

    tale: Tale
    before: dict[Asked, Answer]


def strangers(seed: int, tally: Tally, among: Mapping[Act, int] = TRIES) -> Violation | None:
    """I9: what strangers add, before, between or behind, changes no answer."""
    tale = world(seed, tally)
    own, rng = list(tale.said), Random(seed)
    at_us = tale.now_us + HOUR_US
    trial = WithStrangers(rng, at_us, ASKED + about_grants(tale), tally)
    base = Base(tale, answers(tale, trial.questions, at_us, reads=True))
    tally.of_answers(base.before)
    where = rng.choice(("behind", "behind", "between", "first"))
    places = {
        "behind": lambda: len(own),
        "between": lambda: rng.randrange(BEGIN, len(own) + 1),
        "first": lambda: BEGIN,
    }
    between = [(places[where](), move) for move in tries(tale.copy(), TRIED, among)]
    found = trial.wrong(own, between, base)
    if found is None:
        return None
    if found.asked is not None:
        trial.questions = (found.asked,)

    def still(kept: list[Said], added: Added) -> bool:
        fault = trial.wrong(kept, added)
        return fault is not None and fault.kind == found.kind

    kept, added = shrunk(own, between, still)
    found = trial.wrong(kept, added) or found
    question = "registering" if found.asked is None else shown(found.asked)
    story = _story(kept, added)
    return Violation("I9", seed, question, found.what, story, found.kind)


MOST_READ = 3
"""So many statements of strangers an answer may read: a bounded note names one or two."""


def _grown(before: dict[Asked, Answer], after: dict[Asked, Answer], tale: Tale) -> Fault | None:
    for asked, was in before.items():
        now = after[asked]
        more = set(now.read) - set(was.read)
        if len(more) > MOST_READ:
            types = {item.id: item.move.type_ for item in tale.said}
            topics = {topic for id_ in more for topic in now.topics[id_]}
            found = Counter(types.get(id_, "?") for id_ in more)
            kind = f"reads {sorted(topics)}"
            what = f"reads {len(more)} statements of strangers in {topics}: {dict(found)}"
            return Fault(asked, kind, what)
    return None


def _story(own: list[Said], added: Added) -> tuple[str, ...]:
    lines: list[str] = []
    for number in range(BEGIN, len(own) + 1):
        lines += [f"* {move}" for at, move in added if at == number]
        if number < len(own):
            lines.append(str(own[number].move))
    lines += [f"* {move}" for at, move in added if not BEGIN <= at <= len(own)]
    return tuple(lines)


def shrunk(
    own: list[Said], added: Added, still: Callable[[list[Said], Added], bool]
) -> tuple[list[Said], Added]:
    """Return the least of a story that is still wrong: what can be left out is left out."""
    if not SHRINKING.on:
        return own, added

    def without(items: list, start: int, count: int) -> list:
        return items[:start] + items[start + count :]

    for count in (4, 2, 1):
        for start in reversed(range(0, len(added), count)):
            fewer = without(added, start, count)
            if fewer and still(own, fewer):
                added = fewer
    for count in (16, 8, 4, 2, 1):
        for start in reversed(range(0, len(own), count)):
            kept = without(own, start, count)
            moved = [(max(start, at - count) if at > start else at, move) for at, move in added]
            if still(kept, moved):
                own, added = kept, moved
    return own, added
