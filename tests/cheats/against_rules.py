"""Ledgers whose operator leaves a rule out: told stories, strangers' tries, and other words of what was said."""

from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from unittest.mock import patch

from cheats.falsehoods import Cheat
from cheats.written import Batch, Script, leaf_of
from paper import Paper, copy_of
from rules.telling import Scenario, tell
from usual import Told

from ledger.errors import PinyuanError
from ledger.writing.log import Outcome, Refused, Registered

MAX_LEAF = 65_535
SCENARIOS = Path(__file__).resolve().parents[1] / "rules" / "scenarios"


class Recording(Paper):
    """A world on paper that keeps what was said; where it is lax, whatever the rules say."""

    lax = False

    def __post_init__(self) -> None:
        self.batches: list[Batch] = []
        super().__post_init__()

    def admit(self, *statements: bytes) -> list[Registered]:
        """Register the genesis that begins a world, as any other batch."""
        return [item for item in self.register(*statements) if isinstance(item, Registered)]

    def register(self, *statements: bytes) -> list[Outcome]:
        """Register a batch, and keep what is in it."""
        time_us, kept, outcomes = self.now_us, [], []
        for raw in statements:
            try:
                outcome: Outcome = self._one(raw, honest=not self.lax)
            except PinyuanError:
                outcome = Refused((), b"")
            if self.lax and isinstance(outcome, Refused):
                self.size += 1
            if self.lax or isinstance(outcome, Registered):
                kept.append(leaf_of(raw))
            outcomes.append(outcome)
        self._seal()
        self.batches = [*self.batches, Batch(time_us, tuple(kept))]
        return outcomes

    def reopen(self, **_: object) -> None:
        """Paper is always open."""


@cache
def begun(name: str) -> Told:
    """Return one of the two worlds that stories begin in."""
    told = Told(Recording(Path(), ""))
    told.world.told = told
    if name == "tea":
        told.begin()
    return told


@cache
def breaking() -> tuple[Scenario, ...]:
    """Return the stories in which somebody breaks rules."""
    modules = sorted(path.stem for path in SCENARIOS.glob("*.py") if path.stem != "__init__")
    rows = (row for name in modules for row in import_module(f"rules.scenarios.{name}").SCENARIOS)
    return tuple(row for row in rows if row.refused)


def told_by(row: Scenario) -> Script | None:
    """Return the ledger of a story whose last batch is let in, None where paper cannot tell it."""
    told = copy_of(begun(row.world).world, begun(row.world))
    paper = told.world
    paper.told = told
    genesis: list[bytes] = []

    def keeps(case: object) -> list[object]:
        genesis.append(case.statement.leaf)  # type: ignore[attr-defined]
        return []

    try:
        with patch("rules.telling.review", keeps):
            for batch in row.story[:-1]:
                if any(tell(paper, batch)):
                    return None
            paper.lax = True
            tell(paper, row.story[-1])
    except (AttributeError, AssertionError, PinyuanError):
        return None
    batches = tuple(paper.batches)
    if any(len(leaf) > MAX_LEAF for batch in batches for leaf in batch.leaves):
        return None  # no tile holds it
    if genesis:
        batches = (Batch(batches[0].time_us, (genesis[-1],)), *batches[1:])
    return Script(batches)


def story(rng: Random, number: int) -> Cheat | None:
    """A story's last words are let in against the rules that they break: rule after rule."""
    rules = sorted({row.rule for row in breaking()})
    wanted = rules[number % len(rules)]
    script = told_by(rng.choice([row for row in breaking() if row.rule == wanted]))
    return None if script is None else Cheat(script)
