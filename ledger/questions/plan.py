"""``plan``: what to draw from a lot now, and why so much: GB/T 2828.1 and the series so far."""

from collections.abc import Iterator
from typing import Any

from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Facts, Failure
from ledger.rules.found import NAMED
from ledger.rules.series import Inspections, Series, SeriesKey
from ledger.rules.standing import standing_of
from ledger.rules.untied_series import series_of
from ledger.sampling import (
    DISCONTINUED_AT,
    PER_HUNDRED,
    SCORE_NEEDED,
    START,
    STREAK,
    Aql,
    Level,
    Plan,
    Severity,
    State,
    plan_for,
)
from ledger.statements.brand_family import Product
from ledger.statements.inspection_family import NONE_ACCEPTED, AqlOrNone, Mode


def _moves(series: Series) -> Iterator[dict[str, Any]]:
    """Yield what moved a series, oldest first: behind which entry, where to, for which entries."""
    before = START
    for index, state in series.steps():
        if (state.stage, state.because) != (before.stage, before.because):
            yield {"entry": index, "to": state.stage, "by": list(state.because)}
        before = state


def _why(series: Series, facts: Facts) -> Iterator[Failure]:
    """Yield why a series is as severe as it is, and what would move it next."""
    state, because = series.state, series.state.because
    match state.stage:
        case "normal":
            code = "sampling-restored" if because else "sampling-begun"
            yield Failure(code, because, facts)
            yield from _under_normal(state)
        case "tightened":
            code = "sampling-tightened" if len(because) > 1 else "sampling-resumed"
            left: Facts = {"left": STREAK - len(state.accepted), "refused": len(state.refused)}
            yield Failure(code, because, facts | left)
            if idle := series.idle():
                yield Failure("sampling-idle", idle[-NAMED:], facts | {"count": len(idle)})
        case "reduced":
            yield Failure("sampling-reduced", because, facts)
        case "discontinued":
            pass


def _under_normal(state: State) -> Iterator[Failure]:
    within = state.refusal_within
    if within is not None:
        refused = tuple(entry for entry, accepted in state.last if not accepted)
        yield Failure("sampling-refusal", refused, {"lots": within})
    code = "sampling-score-reached" if state.score >= SCORE_NEEDED else "sampling-score"
    yield Failure(code, (), {"score": state.score, "needed": SCORE_NEEDED})


def _elsewhere(goods: Inspections, asked: SeriesKey) -> Iterator[Failure]:
    """Yield the other series of these goods that are not under normal inspection."""
    for key, series in sorted(goods.series.items()):
        if key != asked and series.state.stage not in ("normal", "discontinued"):
            facts: Facts = {"level": key[0], "aql": key[1], "severity": series.state.stage}
            yield Failure("sampling-elsewhere", series.state.because, facts)


def _stops(goods: Inspections) -> Iterator[Failure]:
    """Yield the series that are discontinued: each stops inbound inspection of the goods."""
    for (level, aql), state in sorted(goods.discontinued().items()):
        facts: Facts = {"level": level, "aql": aql, "refused": DISCONTINUED_AT}
        yield Failure("sampling-discontinued", state.because, facts)


def _drawing(plan: Plan, lot_size: int, aql: Aql) -> tuple[dict[str, Any], list[Failure]]:
    """Return a plan as JSON, and what to mind when drawing by it."""
    notes = []
    if plan.sample_size == lot_size:
        notes.append(Failure("plan-whole", (), {"lot_size": lot_size}))
    if aql in PER_HUNDRED:
        notes.append(Failure("plan-nonconformities", (), {"aql": aql}))
    drawn = {
        "letter": plan.letter,
        "severity": plan.severity,
        "sample_size": plan.sample_size,
        "accept": plan.accept,
        "reject": plan.reject,
    }
    return drawn, notes


def _all_drawn(lot_size: int) -> tuple[dict[str, Any], list[Failure]]:
    """Return the plan at AQL 0: all of the lot, or as many as one likes, and none accepted."""
    drawn = {"letter": None, "severity": "normal", "sample_size": lot_size}
    return drawn | {"accept": 0, "reject": 1}, [Failure("plan-none-accepted", (), {})]


def _entries(state: State) -> tuple[int, ...]:
    """Return the entries that decide where a series stands and what moves it next."""
    last = (entry for entry, _ in state.last)
    return (*state.because, *last, *state.accepted, *state.refused)


def plan(
    asked: Asked,
    *,
    trader: str,
    product: str,
    lot_size: str,
    aql: AqlOrNone,
    level: Level,
    mode: Mode,
) -> Verdict:
    """Return yes with what to draw, no while inspection is discontinued, unknown on goods unknown.

    The series of the answer is that of the log's order: it has no other time than ``known_at``.
    """
    view, size = asked.view, int(lot_size)
    unknown: list[Failure] = []
    claimed = list(standing_of(view, "product", product, Product))
    if not claimed:
        unknown.append(Failure("product-unknown", (), {"product": product}))
    if not view.history("identity", trader).count:
        unknown.append(Failure("party-unknown", (), {"party": trader}))
    no: list[Failure] = []
    notes: list[Failure] = []
    rests_on = [item.index for item in claimed]
    severity: Severity = "normal"
    score, moves = None, list[dict[str, Any]]()
    if mode == "inbound":
        goods = series_of(view, trader, product)
        no += _stops(goods)
        if goods.against:
            unknown.append(Failure("sampling-against", tuple(goods.against), {}))
        if aql != NONE_ACCEPTED:
            key = (level, aql)
            series = goods.of(key)
            facts: Facts = {"level": level, "aql": aql}
            notes += (*_why(series, facts), *_elsewhere(goods, key))
            rests_on += _entries(series.state)
            score, moves = series.state.score, list(_moves(series))
            if series.state.stage != "discontinued":
                severity = series.state.stage
    elif aql != NONE_ACCEPTED:
        notes.append(Failure("plan-not-switched", (), {"mode": mode}))
    if aql == NONE_ACCEPTED:
        drawn, minded = _all_drawn(size)
    else:
        drawn, minded = _drawing(plan_for(size, level, aql, severity), size, aql)
    answered = not no and not unknown
    return settle(
        no=no,
        unknown=unknown,
        notes=[*minded, *notes] if answered else (),
        rests_on=rests_on,
        detail={"plan": drawn if answered else None, "score": score, "moves": moves},
    )
