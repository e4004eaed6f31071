"""Rules for sampling: plans, severities and switches follow GB/T 2828.1-2012 and the series."""

from collections.abc import Iterable, Iterator

from ledger.identifiers import product_of
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.series import SeriesKey, inspected, inspections
from ledger.sampling import DISCONTINUED_AT, SCORE_NEEDED, Level, Plan, plan_for, switched
from ledger.statements.inspection_family import Inspection, SamplingSwitch, inspections_of


def drawn(lot_size: int, level: Level, aql: str, plan: Plan) -> str:
    """Return a plan in one line, as an inspector reads it."""
    sample = "all" if plan.sample_size == lot_size else str(plan.sample_size)
    return (
        f"N={lot_size}, {level}, AQL {aql}, {plan.severity}: "
        f"draw {sample}, Ac {plan.accept}, Re {plan.reject}"
    )


@rule("inspection-plan", "inspection")
def inspection_by_the_tables(case: Case) -> Iterator[Refusal]:
    """Sample size, Ac and Re are those of GB/T 2828.1; patrol, flight and mystery are under normal inspection."""
    body = case.body
    if not isinstance(body, Inspection):
        return
    severity = body.severity if body.mode == "inbound" else "normal"
    plan = plan_for(body.lot_size, body.level, body.aql, severity)
    said = (body.severity, body.sample_size, body.accept, body.reject)
    if said != (plan.severity, plan.sample_size, plan.accept, plan.reject):
        words = drawn(body.lot_size, body.level, body.aql, plan)
        own = "" if severity == body.severity else f"{body.mode}: only inbound is switched; "
        yield Refusal("inspection-plan", own + words)


@rule("inspection-severity", "inspection", bite="replay-only")
def inspection_as_severe_as_due(case: Case) -> Iterator[Refusal]:
    """Inbound inspection is as severe as the first inspections before it make due, none while discontinued."""
    body, lot = case.body, case.statement.subject
    if not isinstance(body, Inspection) or body.mode != "inbound":
        return
    # The rule is replay-only for what it reads: as of each of n entries that is n**2 steps.
    goods = case.view.fold(inspections, "inspections", inspections_of(body.trader, product_of(lot)))
    instead = None if case.corrects is None else goods.items.get(bytes.fromhex(case.corrects))
    stage, state = goods.due(inspected(case.index, lot, body), instead)
    if stage == "discontinued":
        stopped = goods.discontinued(None if instead is None else instead.index)
        yield Refusal("inspection-severity", _stopped(stopped), state.because)
    elif stage != body.severity:
        plan = plan_for(body.lot_size, body.level, body.aql, stage)
        words = drawn(body.lot_size, body.level, body.aql, plan)
        yield Refusal("inspection-severity", words, state.because)


def _stopped(stopped: Iterable[SeriesKey]) -> str:
    series = ", ".join(f"{level}, AQL {aql}" for level, aql in stopped)
    return (
        f"inbound inspection of these goods is discontinued, {DISCONTINUED_AT} lots having been "
        f"refused under tightened inspection ({series}): it goes on when the operator accepts "
        f"what was done about it (sampling-switch to tightened)"
    )


@rule("sampling-switch", "sampling-switch", bite="replay-only")
def switch_due(case: Case) -> Iterator[Refusal]:
    """Inspection is switched to reduced at a score of 30, to normal from reduced, to tightened from discontinued."""
    body = case.body
    if not isinstance(body, SamplingSwitch):
        return
    pair = inspections_of(body.trader, case.statement.subject)
    series = case.view.fold(inspections, "inspections", pair).of((body.level, body.aql))
    state = series.state
    if switched(state, case.index, body.to) is not None:
        return
    score = f", its score {state.score} of {SCORE_NEEDED}" if body.to == "reduced" else ""
    why = f"to {body.to}: level {body.level}, AQL {body.aql} is {state.stage}{score}"
    yield Refusal("sampling-switch", why, state.because)
