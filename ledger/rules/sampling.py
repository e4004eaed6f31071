"""Rules for sampling: plans, severities and switches follow GB/T 2828.1-2012 and the series."""

from collections.abc import Iterable, Iterator

import msgspec

from ledger.identifiers import product_of
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.series import SeriesKey, by_series, inspected, plan_of, size_of
from ledger.rules.standing import resolve
from ledger.rules.untied_series import series_of
from ledger.sampling import DISCONTINUED_AT, SCORE_NEEDED, Level, Plan, switched
from ledger.statements.inspection_family import (
    NONE_ACCEPTED,
    ClassKey,
    Inspection,
    Judged,
    SamplingSwitch,
    plans_of,
)
from ledger.texts import saying


def drawn(lot_size: int, level: Level, aql: str, plan: Plan) -> str:
    """Return a plan in one line, as an inspector reads it."""
    sample = "all" if plan.sample_size == lot_size else str(plan.sample_size)
    return saying(
        "N={lot_size}, {level}, AQL {aql}, {severity}: draw {sample}, Ac {accept}, Re {reject}",
        lot_size=lot_size,
        level=level,
        aql=aql,
        severity=plan.severity,
        sample=sample,
        accept=plan.accept,
        reject=plan.reject,
    )


@rule("inspection-plan", "inspection")
def inspection_by_the_tables(case: Case) -> Iterator[Refusal]:
    """Sample size, Ac and Re are those of GB/T 2828.1, normal but inbound; AQL 0 accepts nothing of any sample.

    Each plan (*Plans of an inspection*). Of AQL 0: Ac is not 0, Re not 1, the severity not normal;
    or more are sampled than the lot has, where it says. Of others: severity, sample size, Ac and Re
    are not those of the tables, at its own severity if inbound, else at normal.
    """
    body = case.body
    if not isinstance(body, Inspection):
        return
    for used in plans_of(body):
        if used.aql == NONE_ACCEPTED:
            yield from _none_accepted(used)
            continue
        severity = used.severity if body.mode == "inbound" else "normal"
        plan = plan_of(used, severity)
        said = (used.severity, used.sample_size, used.accept, used.reject)
        if said != (plan.severity, plan.sample_size, plan.accept, plan.reject):
            words = drawn(size_of(used), used.level, used.aql, plan)
            own = (
                ""
                if severity == used.severity
                else saying("{mode}: only inbound is switched; ", mode=body.mode)
            )
            hint = saying("; what was bought or drawn without a plan is said as AQL 0") * (
                used.accept == 0
            )
            yield Refusal("inspection-plan", own + words + hint)


def _none_accepted(used: Judged) -> Iterator[Refusal]:
    if (used.accept, used.reject, used.severity) != (0, 1, "normal"):
        why = saying("AQL 0 accepts nothing and is not switched: Ac 0, Re 1, severity normal")
        yield Refusal("inspection-plan", why)
    if used.lot_size is not None and used.sample_size > used.lot_size:
        why = saying(
            "{sample_size} drawn of {lot_size}: draw all of the lot at most",
            sample_size=used.sample_size,
            lot_size=used.lot_size,
        )
        yield Refusal("inspection-plan", why)


@rule("inspection-severity", "inspection", bite="replay-only")
def inspection_as_severe_as_due(case: Case) -> Iterator[Refusal]:
    """Inbound inspection is as severe as the first inspections before it make due; while discontinued none accepts.

    Of an inbound inspection, by (`inspections`, `trader` LF product), with all that is known
    (*Series*). All its plans are at AQL 0, it corrects no statement of that history, it refuses in
    no plan and finds nothing critical, and a series of these goods is discontinued [what began
    that]. Else each level and AQL but 0 of its plans, with another severity than is due [what began
    the stage]: the stage of that series, tightened where it is discontinued; none where any of
    these goods is discontinued, unless it refuses or finds something critical; normal where it is
    reduced, and it answers or its lot was inspected in it before. Of a correction the series are as
    before its target; where the target has that level and AQL, inbound, due is what it says.
    """
    body, lot = case.body, case.statement.subject
    if not isinstance(body, Inspection) or body.mode != "inbound":
        return
    # The rule is replay-only for what it reads: as of each of n entries that is n**2 steps.
    goods = series_of(case.view, body.trader, product_of(lot))
    instead = None if case.corrects is None else goods.items.get(bytes.fromhex(case.corrects))
    item = inspected(case.index, lot, body)
    if stopped := goods.undue_at_none(item, instead):
        because = next(iter(stopped.values())).because
        yield Refusal("inspection-severity", _stopped(stopped), because)
    for key, plans in by_series(body).items():
        stage, state = goods.due(item, key, instead)
        if stage == "discontinued":
            stopped = goods.discontinued(None if instead is None else instead.index)
            yield Refusal("inspection-severity", _stopped(stopped), state.because)
            return
        for used in plans:
            if stage != used.severity:
                words = drawn(size_of(used), used.level, used.aql, plan_of(used, stage))
                yield Refusal("inspection-severity", words, state.because)


@rule("inspection-answers", "inspection")
def inspection_answers_refusals(case: Case) -> Iterator[Refusal]:
    """A re-inspection is of a lot refused at its trader, later, in all classes that refused, of as large a sample.

    *What is cited*: each inspection in `answers` [that]: of another lot, and no more; at another
    trader; on a later `on`; that refused by no plan, said accepted and found nothing critical. Of
    each of its plans that refused (*Plans of an inspection*): none here is of that class; or the
    smallest sample here of that class is smaller, but where it is the whole `lot_size`, not smaller
    than that plan's, less what it found nonconforming.
    """
    body = case.body
    if not isinstance(body, Inspection):
        return
    for citation in body.answers:
        found = resolve(case.view, citation)
        if found is None or not isinstance(found.body, Inspection):
            continue
        for why in _answers_amiss(case.statement.subject, body, found.subject, found.body):
            yield Refusal("inspection-answers", why, (found.index,))


def _answers_amiss(lot: str, body: Inspection, other: str, cited: Inspection) -> Iterator[str]:
    if other != lot:
        yield saying("what it answers is of {other}: cite refusals of {lot}", other=other, lot=lot)
        return
    if cited.trader != body.trader:
        yield saying(
            "what it answers was inspected at {trader}: inspect it again there", trader=cited.trader
        )
    if cited.on > body.on:
        yield saying(
            "what it answers was inspected on {on}: inspect the lot again after it", on=cited.on
        )
    refused = [plan for plan in plans_of(cited) if plan.refused]
    critical = any(finding.severity == "critical" for finding in cited.findings)
    if not refused and cited.decision == "accepted" and not critical:
        yield saying("what it answers accepted the lot: cite a refusal, or a critical finding")
    own: dict[ClassKey, int] = {}
    for plan in plans_of(body):
        own[plan.key] = min(plan.sample_size, own.get(plan.key, plan.sample_size))
    for plan in refused:
        level, aql = plan.key
        at = f"{level}, AQL {aql}" if level else f"AQL {aql}"
        again = own.get(plan.key)
        if again is None:
            yield saying(
                "what it answers refused the lot at {at}: inspect it again by such a plan", at=at
            )
        elif again < plan.sample_size and not _all_that_is_left(body, plan, again):
            yield saying(
                "at {at} {sample_size} were drawn and refused: draw as many at least",
                at=at,
                sample_size=plan.sample_size,
            )


def _all_that_is_left(body: Inspection, refused: Judged, again: int) -> bool:
    """Return whether the whole lot is drawn again, less what was found nonconforming of it."""
    size = body.lot_size
    if size is msgspec.UNSET or refused.lot_size is None:
        return False
    return again == size and size >= refused.lot_size - refused.nonconforming


def _stopped(stopped: Iterable[SeriesKey]) -> str:
    series = ", ".join(f"{level}, AQL {aql}" for level, aql in stopped)
    return saying(
        "inbound inspection of these goods is discontinued, {discontinued_at} lots having been refused under tightened inspection ({series}): it goes on when the operator accepts what was done about it (sampling-switch to tightened)",
        discontinued_at=DISCONTINUED_AT,
        series=series,
    )


@rule("sampling-switch", "sampling-switch", bite="replay-only")
def switch_due(case: Case) -> Iterator[Refusal]:
    """Inspection is switched to reduced at a score of 30, to normal from reduced, to tightened from discontinued.

    The series of its level and AQL in (`inspections`, `trader` LF `sub`) (*Series*): `to` reduced,
    and it is not normal with `score-needed`; normal, and not reduced; tightened, and not
    discontinued [what began the stage].
    """
    body = case.body
    if not isinstance(body, SamplingSwitch):
        return
    goods = series_of(case.view, body.trader, case.statement.subject)
    series = goods.of((body.level, body.aql))
    state = series.state
    if switched(state, case.index, body.to) is not None:
        return
    score = (
        saying(
            ", its score {score} of {score_needed}", score=state.score, score_needed=SCORE_NEEDED
        )
        if body.to == "reduced"
        else ""
    )
    why = saying(
        "to {to}: level {level}, AQL {aql} is {stage}{score}",
        to=body.to,
        level=body.level,
        aql=body.aql,
        stage=state.stage,
        score=score,
    )
    yield Refusal("sampling-switch", why, state.because)
