"""What closes something found of a lot: as independent as who found it, later in the world, and tied to nobody whom it favours.

A refusal, or an inspection with a critical finding, is closed by an inspection of the same lot
at the same trader that cites it, is made in as independent a mode, passes, and judges every
class in which it failed. What an observer found of a lot is closed by an inspector who looks at
it later and passes it. Of a recalled lot, which nobody can inspect again, it is closed by an
improvement found effective and a lot made later that passes.
"""

from collections.abc import Mapping
from dataclasses import replace

from ledger.histories.history import Entry
from ledger.rules.chains import Facts, Failure
from ledger.rules.codes import BEGUN, PLANNED, RECALLED
from ledger.rules.favour import done_and_signed, untied
from ledger.rules.found import (
    OBSERVER,
    RANK,
    Trouble,
    lot_of,
    passed,
)
from ledger.rules.improvements import Plan, plans_about
from ledger.rules.lot_case import LotCase
from ledger.rules.standing import Standing
from ledger.rules.state import MICROSECONDS
from ledger.statements.improvement_family import ImprovementVerified
from ledger.statements.inspection_family import Inspection, judges_items, plans_of, refused_classes


def answered_in(case: LotCase) -> dict[str, list[Standing]]:
    """Return which inspections answer which, by the id of what is answered: to any depth."""
    direct: dict[str, list[Standing]] = {}
    for item, body in case.inspections():
        for citation in body.answers:
            direct.setdefault(case.versions.get(citation.id, citation.id), []).append(item)
    found: dict[str, list[Standing]] = {}
    for id_, first in direct.items():
        todo, seen = list(first), dict[str, Standing]()
        for item in todo:  # grows on the way
            if item.id not in seen and item.id != id_:
                seen[item.id] = item
                todo += direct.get(item.id, ())
        found[id_] = list(seen.values())
    return found


def judges(again: Inspection, trouble: Trouble) -> bool:
    """Return whether an inspection passes a lot in what was found of it, or of another.

    In the classes that were refused. What is of no class (a critical finding, a recall, what an observer
    found) is answered by no count of nonconformities alone: one plan at least counts nonconforming
    items; of what an inspection found each class that did, of those refused, else of all. More, and
    no statement could hold the plans.
    """
    if not passed(again):
        return False
    found = trouble.item.body
    asked = set[tuple[str, str]]()
    if isinstance(found, Inspection):
        judged = {plan.key for plan in plans_of(found) if plan.counts_items}
        refused = refused_classes(found)
        asked |= refused if trouble.kind == "refusal" else (judged & refused) or judged
    if not asked <= {plan.key for plan in plans_of(again)}:
        return False
    return trouble.kind == "refusal" or judges_items(again)


def closed_by_inspection(
    case: LotCase, trouble: Trouble, answered: Mapping[str, list[Standing]]
) -> Standing | None:
    """Return the inspection of the lot that closes what was found of it, None if none does."""
    found, body = trouble.item, trouble.item.body
    fit: list[Standing] = []
    if isinstance(body, Inspection):
        for item in answered.get(found.id, ()):
            again = item.body
            if (
                isinstance(again, Inspection)
                and judges(again, trouble)
                and again.trader == body.trader
                and RANK[again.mode] >= trouble.rank
                and again.on.us >= body.on.us
            ):
                fit.append(item)
    elif trouble.rank == OBSERVER:
        fit = [
            item
            for item, again in case.inspections()
            if judges(again, trouble)
            and RANK[again.mode] > OBSERVER
            and again.on.us >= trouble.at_us
        ]
    return next((item for item in fit if independent(case, item)), None)


def independent(case: LotCase, item: Standing) -> bool:
    """Return whether who inspected a lot was tied to nobody whom its pass favours."""
    body = item.body
    assert isinstance(body, Inspection)  # noqa: S101 - callers asked for inspections
    times = done_and_signed(item, body.on.us)
    return untied(case.view, item.issuer, times, case.favours(str(body.trader)))


def mended(case: LotCase, trouble: Trouble) -> Failure | None:
    """Return what closes something found of a recalled lot: an improvement, and a later lot's pass."""
    if case.later is None or not case.recalls or (verified := improved(case, trouble)) is None:
        return None
    later = case.later(case, trouble)
    if later is None:
        return None
    facts: dict[str, str | int] = {"lot": case.lot, "later": lot_of(later) or later.subject}
    entries = (trouble.item.index, verified.index, *later.cites)
    return Failure("lot-answered", entries, facts)


def improved(case: LotCase, trouble: Trouble) -> Entry | None:
    """Return what found a plan about something found of a lot, or about its recall, effective; None if nothing did."""
    parties = _favoured(case, trouble)
    for plan in _plans(case, trouble):
        verified = plan.closed
        if plan.outcome != "effective" or verified is None:
            continue
        body, item = verified.body, Standing(verified, verified.body, plan.id)  # type: ignore[arg-type]
        if not isinstance(body, ImprovementVerified):
            continue
        if not trouble.at_us <= body.on.us <= case.at.valid_at_us:
            continue  # what was found behind it, it does not mend
        if untied(case.view, item.issuer, done_and_signed(item, body.on.us), parties):
            return verified
    return None


def _favoured(case: LotCase, trouble: Trouble) -> list[str]:
    return case.favours(*([trouble.trader] if trouble.trader else ()))


def _plans(case: LotCase, trouble: Trouble) -> list[Plan]:
    """Return the plans about something found of a lot, or about its recall."""
    causes = {trouble.item.id, *(recall.id for recall in case.recalls)}
    known = [plan for plan in case.plans.values() if _cause(case, plan) in causes]
    if not isinstance(trouble.item.body, Inspection):
        known += plans_about(case.view, trouble.item)
    return known


def _begun(case: LotCase, trouble: Trouble) -> Entry | None:
    """Return a plan that nobody verified yet, of one whom it favours that the lot passes: no stranger's is told."""
    parties = _favoured(case, trouble)
    signed_us = case.at.valid_at_us // MICROSECONDS
    found = [
        plan.entry
        for plan in _plans(case, trouble)
        if plan.closed is None
        and plan.trader in parties
        and plan.entry.statement.issued_at <= signed_us
    ]
    return min(found, key=lambda entry: entry.statement.id, default=None)


def partly(case: LotCase, trouble: Trouble) -> Trouble:
    """Return something open of a lot that also says what is there of what would mend it."""
    if case.later is None:
        return trouble
    verified, done = improved(case, trouble), Facts()
    if case.recalls:
        done[RECALLED] = min(case.recalls, key=lambda recall: recall.id).index
    if verified is not None:
        done[PLANNED] = verified.index
    elif (begun := _begun(case, trouble)) is not None:
        done[BEGUN] = begun.index
    reason = replace(trouble.reason, facts=trouble.reason.facts | done)
    return replace(trouble, reason=reason)


def _cause(case: LotCase, plan: Plan) -> str:
    return case.versions.get(plan.body.cause.id, plan.body.cause.id)
