"""Sanctions, appeals and plans in any order: what the rules let in keeps a model's laws."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper import Paper, copy_of
from rules.scenarios.trade import FAILED
from usual import Told, citing, day, finding
from world import TRADER

from ledger.histories.history import Entry
from ledger.rules.appeals import appeals
from ledger.rules.improvements import mended_by, plans
from ledger.rules.standing import standing
from ledger.rules.state import fold_versions
from ledger.statements.sanction_family import STEPS
from ledger.writing.log import Registered

LATEST = 2
"""How many sanctions and plans a story speaks of again."""
BEGUN = (
    ("sanction", "interview", False),
    ("sanction", "delist", True),
    ("appeal", 0),
    ("appeal", 1),
    ("plan", "failure"),
    ("step", 0, 1),
    ("step", 0, 2),
)
"""What may have happened before a story goes on at random."""


@pytest.fixture(scope="module")
def beginning() -> Told:
    """Return the tea brand's world with a failed lot of the trader's and what an observer saw."""
    told = Told(Paper(Path(), ""))
    told.begin()
    told.tell("inspection", called="failure", **FAILED)
    told.tell("visit")
    told.tell("observation", findings=[finding("critical")], called="seen")
    return told


def sanctions(step: str) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(st.just("sanction"), st.just(step), st.booleans())


some = st.integers(0, LATEST - 1)
moves = st.one_of(
    st.sampled_from(STEPS).flatmap(sanctions),
    st.tuples(st.just("interim")),
    st.tuples(st.just("lift"), some),
    st.tuples(st.just("appeal"), some),
    st.tuples(st.just("decide"), some, st.sampled_from(["upheld", "varied", "annulled"])),
    st.tuples(st.just("plan"), st.just("failure") | some),
    st.tuples(st.just("step"), some, st.integers(1, 3)),
    st.tuples(st.just("verify"), some, st.sampled_from(["effective", "ineffective"])),
)


class Model:
    """The laws, told another way: by lists that grow and are marked."""

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.ended: set[int] = set()
        self.interim: set[int] = set()
        self.appealed: set[int] = set()
        self.decided: set[int] = set()
        self.plans: list[tuple[Any, set[int], list[str]]] = []

    def allows(self, move: tuple[Any, ...]) -> bool:
        """Return whether a move keeps the laws, and take it if it does."""
        kind, *more = move
        return bool(getattr(self, f"_{kind}")(*more))

    def _sanction(self, step: str, severe: bool) -> bool:
        standing = set(range(len(self.steps))) - self.ended - self.interim
        reached = max((self.steps[n] for n in standing), default=-1)
        if not severe and STEPS.index(step) > reached + 1:
            return False
        self.steps.append(STEPS.index(step))
        return True

    def _interim(self) -> bool:
        if self.interim:
            return False
        self.interim.add(len(self.steps))
        self.steps.append(STEPS.index("delist"))
        return True

    def _lift(self, n: int) -> bool:
        if n >= len(self.steps) or n in self.ended:
            return False
        self.ended.add(n)
        return True

    def _appeal(self, n: int) -> bool:
        if n >= len(self.steps) or n in self.ended or n in self.appealed:
            return False
        self.appealed.add(n)
        return True

    def _decide(self, n: int, outcome: str) -> bool:
        if n not in self.appealed or n in self.ended | self.decided:
            return False
        if outcome == "varied":  # to an interview, and that only
            if self.steps[n] == 0 or n in self.interim:
                return False
            self.steps[n] = 0
        self.decided.add(n)
        self.ended |= {n} if outcome == "annulled" else set()
        return True

    def _plan(self, cause: Any) -> bool:
        if cause != "failure" and (cause >= len(self.steps) or cause in self.ended):
            return False
        if any(about == cause and closed != ["ineffective"] for about, _, closed in self.plans):
            return False
        self.plans.append((cause, set(), []))
        return True

    def _step(self, n: int, action: int) -> bool:
        # What was promised may be done after the plan was judged, too.
        if n >= len(self.plans) or action > 2 or action in self.plans[n][1]:
            return False
        self.plans[n][1].add(action)
        return True

    def _verify(self, n: int, outcome: str) -> bool:
        if n >= len(self.plans) or self.plans[n][2]:
            return False
        if outcome == "effective" and len(self.plans[n][1]) < 2:
            return False
        self.plans[n][2].append(outcome)
        return True


class Teller:
    """Says each move in the tea brand's world, as far as there is something to say it of."""

    def __init__(self, told: Told) -> None:
        self.told, self.count, self.planned = told, 0, 0

    def raw(  # noqa: PLR0911 - a line for each kind of move
        self, move: tuple[Any, ...]
    ) -> bytes | None:
        """Return the statement of a move, None where what it is about was never said."""
        kind, *more = move
        if kind in ("sanction", "interim"):
            return self._sanction(kind, more)
        name = more[0] if more[0] == "failure" else f"{self._noun(kind)} {more[0]}"
        if name not in self.told.said:
            return None
        about = {"target": citing(name)}
        match kind:
            case "lift":
                return self.told.write("sanction-lifted", **about)
            case "appeal":
                return self.told.write("appeal", **about)
            case "decide":
                terms = {"terms": {"step": "interview", "until": None}}
                varied = terms if more[1] == "varied" else {}
                return self.told.write("appeal-decision", outcome=more[1], **about, **varied)
            case "plan":
                called = f"plan {self.planned}"
                return self.told.write("improvement-plan", cause=citing(name), called=called)
        cause = self.told.fields_of(name)["cause"]
        if kind == "step":
            return self.told.write("improvement-step", action=more[1], cause=cause, **about)
        return self.told.write("improvement-verified", outcome=more[1], cause=cause, **about)

    @staticmethod
    def _noun(kind: str) -> str:
        return "plan" if kind in ("step", "verify") else "sanction"

    def _sanction(self, kind: str, more: list[Any]) -> bytes:
        called = {"called": f"sanction {self.count}", "grounds": f"{self.count}"}
        if kind == "interim":
            period = {"interim": True, "until": day(20), "triggers": [citing("seen")]}
            ground = {"step": "delist", "severity_ground": "critical"}
            return self.told.write("sanction", **called, **ground, **period)
        step, severe = more
        fields: dict[str, Any] = {"step": step, "until": None}
        if severe:
            fields["severity_ground"] = "critical"
        if step == "damages":
            fields["damages"] = {"amount": 1, "currency": "CNY"}
        return self.told.write("sanction", **called, **fields)

    def happened(self, kind: str) -> None:
        """Count what was registered."""
        self.count += kind in ("sanction", "interim")
        self.planned += kind == "plan"


@settings(max_examples=150, deadline=None)
@given(
    story=st.tuples(st.integers(0, len(BEGUN)), st.lists(moves, min_size=6, max_size=30)).map(
        lambda told: [*BEGUN[: told[0]], *told[1]]
    ),
    cut=st.integers(0, 20),
)
def test_the_rules_let_in_what_the_model_does_and_folds_go_on_from_any_place(
    beginning: Told, story: list[tuple[Any, ...]], cut: int
):
    told = copy_of(beginning.world, beginning)
    model, teller = Model(), Teller(told)
    for move in story:
        raw = teller.raw(move)
        if raw is None:
            continue
        (outcome,) = told.world.register(raw)
        allowed = model.allows(move)
        assert isinstance(outcome, Registered) == allowed, (move, outcome)
        if allowed:
            teller.happened(move[0])
    view = told.world.view
    for topic, subject in (("sanction", TRADER), ("improvement", TRADER), ("log", "x")):
        entries: list[Entry] = list(view.history(topic, subject).entries())
        for fold in (appeals, plans, standing, fold_versions):
            prefix = fold(entries[:cut])
            before = fold.copy(prefix)
            assert fold.step(fold.copy(prefix), entries[cut:]) == fold(entries)
            assert prefix == before
    failure = view.fold(standing, "inspection", told.said["failure"][0].subject)
    cause = failure[told.said["failure"][0].id.hex()]
    mended = any(about == "failure" and "effective" in closed for about, _, closed in model.plans)
    assert (mended_by(view, cause) is not None) == mended
