"""Switching between normal, tightened and reduced inspection: GB/T 2828.1-2012, clause 9.

A fold over the first inspections of successive lots, and over what the responsible authority
decides. Each step names the entry it comes from, so a state says which entries led to it.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from ledger.sampling.tables import Plan, Severity

Stage = Literal["normal", "tightened", "reduced", "discontinued"]
"""The severity that the next lot is inspected under; 暂停检验 where none is to be inspected."""

WINDOW = 5
"""Two refused among so many consecutive lots, or fewer, bring tightened inspection (9.3.1)."""
STREAK = 5
"""So many consecutive lots accepted under tightened inspection bring normal back (9.3.2)."""
DISCONTINUED_AT = 5
"""So many lots refused in one course of tightened inspection discontinue it (9.4)."""
SCORE_NEEDED = 30
"""The switching score that reduced inspection asks for (9.3.3)."""


class Outcome(NamedTuple):
    """What a first inspection counts for.

    ``gain``: 2 or 3 added to the switching score, 0 sets it to zero, None leaves it as it is
    (the lot was not inspected under normal inspection).
    """

    accepted: bool
    gain: int | None


def outcome_of(plan: Plan, nonconforming: int) -> Outcome:
    """Return what a lot counts for (9.3.3.2): with Ac of 2 or more it scores one AQL tighter.

    Args:
        plan: the plan it was inspected under.
        nonconforming: items, or nonconformities where the AQL counts those.

    """
    accepted = nonconforming <= plan.accept
    if plan.severity != "normal":
        return Outcome(accepted, None if accepted else 0)
    if plan.accept <= 1:
        return Outcome(accepted, 2 if accepted else 0)
    scores = plan.tighter is not None and nonconforming <= plan.tighter
    return Outcome(accepted, 3 if scores else 0)


@dataclass(frozen=True, slots=True)
class State:
    """Where a series stands.

    ``because``: the entries that began this stage, none at the start of a series; ``score``:
    the switching score, under normal inspection; ``last``: (entry, accepted) of the newest
    lots under normal inspection, at most four; ``accepted``: those accepted in a row under
    tightened inspection; ``refused``: those refused under it.
    """

    stage: Stage = "normal"
    because: tuple[int, ...] = ()
    score: int = 0
    last: tuple[tuple[int, bool], ...] = ()
    accepted: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()

    @property
    def refusal_within(self) -> int | None:
        """Return among how many more lots another refusal would tighten, None without a first."""
        behind = [at for at, (_, accepted) in enumerate(reversed(self.last)) if not accepted]
        return WINDOW - 1 - behind[0] if behind else None


START = State()
"""Inspection starts as normal (9.1)."""


def step(state: State, entry: int, outcome: Outcome) -> State:
    """Return the state behind one more first inspection.

    Args:
        state: where the series stood.
        entry: the inspection's place, named in ``because``.
        outcome: what it counts for.

    """
    match state.stage:
        case "normal":
            return _under_normal(state, entry, outcome)
        case "tightened":
            return _under_tightened(state, entry, outcome)
        case "reduced":
            return state if outcome.accepted else State(because=(entry,))
        case "discontinued":
            return state


def _under_normal(state: State, entry: int, outcome: Outcome) -> State:
    before = [at for at, accepted in state.last if not accepted]
    if not outcome.accepted and before:
        return State("tightened", (before[-1], entry))
    last = (*state.last, (entry, outcome.accepted))[-(WINDOW - 1) :]
    gain = outcome.gain
    score = state.score if gain is None else state.score + gain if gain else 0
    return State("normal", state.because, score, last)


def _under_tightened(state: State, entry: int, outcome: Outcome) -> State:
    if outcome.accepted:
        accepted = (*state.accepted, entry)
        if len(accepted) == STREAK:
            return State(because=accepted)
        return State("tightened", state.because, accepted=accepted, refused=state.refused)
    refused = (*state.refused, entry)
    if len(refused) == DISCONTINUED_AT:
        return State("discontinued", refused)
    return State("tightened", state.because, refused=refused)


def switched(state: State, entry: int, to: Severity) -> State | None:
    """Return the state behind a decision of the responsible authority, None if it is not due.

    To reduced at the score needed, production steady (9.3.3); from reduced back to normal,
    production irregular or for another reason (9.3.4); to tightened behind a discontinuation,
    the cause having been acted on (9.4).
    """
    match to:
        case "reduced":
            due = state.stage == "normal" and state.score >= SCORE_NEEDED
        case "normal":
            due = state.stage == "reduced"
        case "tightened":
            due = state.stage == "discontinued"
    return State(to, (entry,)) if due else None
