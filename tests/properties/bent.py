"""I11, of friends and offices: ways to bend an answer that each once worked, tried on random worlds.

A way has what belongs to the world by right, what somebody bends, and what happens since. The world is
told with what bends it and without; what is asked about has to be no better with it, nor worse
where a rival bends it, nor silent where it is to be told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from properties.asking import ASKED, Answer, Asked, answers
from properties.course import Act, opened
from properties.telling import HOUR_US, Tale, people
from properties.trials import codes_of
from properties.words import Move

Bends = Callable[[Answer, Answer, frozenset[str]], bool]
"""Whether an answer is bent: as it was, as it is, and by which statements."""
Found = tuple[Asked, str, str]


def better(was: Answer, now: Answer, _: frozenset[str]) -> bool:
    """Return whether an answer is yes now, of a higher score, or covers more."""
    turned = was.verdict != "yes" == now.verdict
    return turned or _score(now) > _score(was) or _covered(now) > _covered(was)


def worse(was: Answer, now: Answer, _: frozenset[str]) -> bool:
    """Return whether an answer is yes no more."""
    return was.verdict == "yes" != now.verdict


def better_in_silence(was: Answer, now: Answer, by: frozenset[str]) -> bool:
    """Return whether an answer is better, and names nobody who made it so."""
    return better(was, now, by) and not _names(now, by)


def untold(_: Answer, now: Answer, by: frozenset[str]) -> bool:
    """Return whether an answer that says no to nothing does not name what was said last."""
    return now.verdict == "yes" and not _names(now, by)


def counts_otherwise(was: Answer, now: Answer, _: frozenset[str]) -> bool:
    """Return whether an answer counts something else."""
    return bool(was.value.get("total") != now.value.get("total"))


def named(_: Answer, now: Answer, by: frozenset[str]) -> bool:
    """Return whether an answer rests a reason on what was said to bend it."""
    return any(by & set(ids) for _, _, ids in now.reasons)


def looser(was: Answer, now: Answer, _: frozenset[str]) -> bool:
    """Return whether lots are inspected less severely."""
    drawn = [item.value.get("plan") or {} for item in (was, now)]
    return [one.get("severity") for one in drawn] == ["tightened", "normal"]


def _names(item: Answer, by: frozenset[str]) -> bool:
    return any(by & set(ids) for _, _, ids in (*item.reasons, *item.notes))


def _score(item: Answer) -> int:
    score = item.value.get("score") if isinstance(item.value, dict) else None
    return -1 if score is None else int(score)


def _covered(item: Answer) -> int:
    return len(item.value.get("covered", ())) if isinstance(item.value, dict) else 0


def nothing(_: Tale) -> Iterator[Move]:
    """Nothing happens."""
    yield from ()


@dataclass(frozen=True)
class Way:
    """One way to bend an answer; ``asked``: the questions, with what they are about."""

    says: str
    own: Act
    bent: Act
    asked: tuple[Asked, ...] = ()
    is_bent: Bends = better
    since: Act = nothing
    without: tuple[str, ...] = ()

    def fault(self) -> str | None:
        """Return what is bent behind the beginning alone."""
        tale = people(Random(1))
        opened(tale)
        found = self.found(tale)
        return None if found is None else found[2]

    def found(self, tale: Tale) -> Found | None:
        """Return what is bent on a world; None also where the rules let nobody try."""
        straight = tale.copy()
        _play(straight, self.own(straight))
        if straight.refused[NO_OFFICE]:
            return None  # whoever would have to say it holds that office no more
        other, count = straight.copy(), len(straight.said)
        if not _play(other, self.bent(other)):
            return None
        by = frozenset(item.id for item in other.said[count:])
        heard, still = (_play(one, self.since(one)) for one in (straight, other))
        if heard and not still:
            refused = ", ".join(sorted(other.refused))
            return ("", ()), f"refused: {self.says}", f"refused since: {refused}"
        at_us = max(straight.now_us, other.now_us) + HOUR_US
        was, now = (answers(one, self.asked, at_us) for one in (straight, other))
        for asked in self.asked:
            if self.is_bent(was[asked], now[asked], by):
                what = f"{codes_of(was[asked])} -> {codes_of(now[asked])}: {self.says}"
                return asked, f"{asked[0]} bent: {self.says}", what
        return None


NO_OFFICE = "role"
"""The rule by which who has not the role says nothing."""


def _play(tale: Tale, moves: Iterator[Move]) -> bool:
    """Say these; return whether the last was let in, True where there is none."""
    let_in = True
    for move in moves:
        let_in = tale.tell(move)
    return let_in


def asks(question: str, **parameters: str) -> tuple[Asked, ...]:
    """Return what worlds ask of a question about these."""
    wanted = parameters.items()
    found = tuple(one for one in ASKED if one[0] == question and wanted <= dict(one[1]).items())
    assert found, question
    return found
