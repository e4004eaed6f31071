"""A random world told on paper: who lives there, what was said when, what the rules refused.

What belongs to the world is said an hour apart, what strangers add in between: so that nothing
of the world's own says another thing, or at another time, with them than without.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from random import Random
from typing import Any

import world as worlds
from paper import Paper, copy_of
from properties.words import HERE, MORE, Move, enters
from usual import Told
from world import MINUTE_US, ORIGIN, START_US, World

from ledger.errors import PinyuanError
from ledger.histories.history import Entry
from ledger.questions.book import Case, review
from ledger.statements.catalogue import InvalidBody, read_payload
from ledger.statements.envelope import SignedStatement, Topic, parse_statement
from ledger.statements.fields import Body
from ledger.writing.log import Outcome, Refused, Registered

SAID_ANEW = {"quality-index"}
"""What names how many entries there are: with others between, it is another number."""
HOUR_US = 60 * MINUTE_US
worlds.key_of = cache(worlds.key_of)  # each key is made once, not once a statement


@dataclass(frozen=True)
class Said:
    """A move that was registered: at which time, as which bytes, under which id and index."""

    move: Move
    at_us: int
    raw: bytes
    id: str
    index: int


@dataclass
class Tale:
    """What is being told: the ledger, what was registered in it, what was refused and why."""

    told: Told
    rng: Random
    said: list[Said] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    now_us: int = START_US + 10 * HOUR_US
    ids: dict[int, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def paper(self) -> Paper:
        return self.told.world  # type: ignore[return-value]

    def copy(self) -> "Tale":
        """Return the same tale, to be told on otherwise."""
        told = copy_of(self.paper, self.told)
        told.world.told = told
        return Tale(
            told, self.rng, list(self.said), Counter(), self.now_us, dict(self.ids), self.counts
        )

    def wait(self, days: float) -> None:
        """Days pass."""
        self.now_us += int(days * 24) * HOUR_US

    def tell(self, *moves: Move) -> bool:
        """Say these; return whether the last was registered."""
        return [self.tell_at(move, self._next_us()) is not None for move in moves][-1]

    def _next_us(self) -> int:
        self.now_us += HOUR_US
        return self.now_us

    def tell_at(self, move: Move, at_us: int) -> Said | None:
        """Say this at a time; return None where it cannot be said or is refused."""
        raw = self.write(move, at_us)
        return None if raw is None else self.register(move, raw, at_us)

    def write(self, move: Move, at_us: int) -> bytes | None:
        """Return what is said at a time, signed; None where what it cites was never registered."""
        paper, before = self.paper, self.told.said.get(move.called)
        paper.now_us = at_us
        try:
            return move.step(paper)
        except (KeyError, StopIteration, TypeError, AttributeError, PinyuanError):
            return None
        finally:
            self._name(move.called, before)

    def _name(self, called: str, found: Any) -> None:
        if found is None:
            self.told.said.pop(called, None)
        else:
            self.told.said[called] = found

    def register(self, move: Move, raw: bytes, at_us: int) -> Said | None:
        """Register what was written; what is registered may be cited."""
        paper = self.paper
        paper.now_us = max(at_us, paper.last_us() + 1)
        (outcome,) = paper.register(raw)
        if isinstance(outcome, Refused):
            self.refused.update({refusal.rule for refusal in outcome.refusals})
            return None
        statement, body, _ = read(raw)
        if isinstance(body, Body):
            self.told.said[move.called] = statement, body
        made = Said(move, at_us, raw, outcome.id.hex(), outcome.index)
        self.ids[made.index] = move.called if move.type_ in SAID_ANEW else made.id
        self.said.append(made)
        return made

    def named(self, *types: str) -> list[str]:
        """Return what was registered of some types, by name."""
        return [item.move.called for item in self.said if item.move.type_ in types]

    def subjects(self, *types: str) -> list[str]:
        """Return what was registered of some types is about, each once."""
        about = (read(item.raw)[0].subject for item in self.said if item.move.type_ in types)
        return list(dict.fromkeys(about))

    def one(self, *types: str) -> str:
        """Return one of what was registered of some types, a name of nothing if there is none."""
        found = self.named(*types)
        return self.rng.choice(found) if found else "nothing"

    def name(self, what: str) -> str:
        """Return a name that nothing has yet."""
        self.counts[what] += 1
        return f"{what} {self.counts[what]}"


@lru_cache(maxsize=50_000)
def read(raw: bytes) -> tuple[SignedStatement, Body | InvalidBody | None, tuple[Topic, ...]]:
    """Return what was signed, with its histories; the same bytes are told many times."""
    statement = parse_statement(raw)
    return statement, *read_payload(statement)


class Quick(Paper):
    """A ledger on paper that takes signatures for good: its people sign with their own keys."""

    def register(self, *statements: bytes, seal: bool = False) -> list[Outcome]:
        """Register what the rules let in, in one batch; where they let nothing in, none is sealed.

        But where ``seal`` says so: an empty one dates what is known.
        """
        outcomes = [self._one(raw, honest=True) for raw in statements]
        if seal or any(isinstance(outcome, Registered) for outcome in outcomes):
            self._seal()
        return outcomes

    def _one(self, raw: bytes, *, honest: bool) -> Outcome:
        statement, body, topics = read(raw)
        case = Case(
            statement,
            body,
            self.view,
            ORIGIN,
            self.size,
            self.now_us,
            signature_checked=True,
            topics=topics,
        )
        refusals = review(case) if honest else []
        if refusals or isinstance(body, InvalidBody):
            return Refused(tuple(refusals), statement.id)
        self.view.add(Entry(self.size, statement, body), topics)
        self.size += 1
        return Registered(statement.id, self.size - 1)


def entered(world: World) -> Told:
    """Let everybody enter a world; return who tells it."""
    told = Told(world)
    world.told = told  # type: ignore[attr-defined]
    told.enter()
    for name, (id_, role) in MORE.items():
        world.party(name, id_, roles=[role])
    for name in HERE:
        world.accept(enters(name).step(world))
    return told


@cache
def _people() -> Told:
    return entered(Quick(Path(), ""))


def people(rng: Random) -> Tale:
    """Return a tale in which everybody has entered, and nothing else was said."""
    begun = _people()
    told = copy_of(begun.world, begun)
    told.world.told = told
    return Tale(told, rng)


def retold(
    own: Iterable[Said], between: Sequence[tuple[int, Move]], rng: Random
) -> tuple[Tale, list[Said]]:
    """Tell a world again with moves of others, each behind so many of its own.

    Returns the tale, and what is refused of the world's own now.
    """
    tale = people(rng)
    queue = sorted(between, key=lambda item: item[0])
    lost: list[Said] = []
    last_us = tale.now_us

    def others(count: int) -> None:
        at_us = last_us
        while queue and queue[0][0] <= count:
            at_us += 1_000_000
            tale.tell_at(queue.pop(0)[1], at_us)

    others(0)
    for count, item in enumerate(own, 1):
        said_anew = item.move.type_ in SAID_ANEW
        raw = tale.write(item.move, item.at_us) if said_anew else item.raw
        if raw is None or tale.register(item.move, raw, item.at_us) is None:
            lost.append(item)
        last_us = item.at_us
        others(count)
    others(10**9)
    tale.now_us = max(tale.now_us, last_us)
    return tale, lost
