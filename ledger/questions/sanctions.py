"""``sanctions``: which stand against a trader, shop, product or lot, what would end them, which did."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.histories.history import Entry
from ledger.primitives.instant import format_us
from ledger.questions.measures import (
    all_sanctions,
    begins_us,
    lifted,
    lifting,
    measure,
    sanctioned,
    unlimited,
)
from ledger.questions.registered import unregistered
from ledger.questions.times import registered_by, since
from ledger.questions.triggers import STATES, ground_notes, plan_counts, plan_notes
from ledger.questions.undone import by_whom
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.appeals import Against, Appealed, appeals
from ledger.rules.chains import Failure
from ledger.rules.codes import SINCE
from ledger.rules.improvements import mended_by
from ledger.rules.standing import Standing, resolve, standing_of
from ledger.statements.catalogue import type_name
from ledger.statements.fields import Citation
from ledger.statements.sanction_family import AppealDecision, Damages, Sanction
from ledger.statements.trade_family import Shop


def _against(asked: Asked, subject: str) -> tuple[list[Standing], dict[Against, Appealed]]:
    """Return the sanctions that name a subject, and the appeals against them.

    Of a shop also the sanctions that hit all of its trader's.
    """
    view = asked.view
    found = {item.id: item for item in all_sanctions(asked, subject)}
    appealed = dict(view.fold(appeals, "sanction", subject))
    if subject.startswith("urn:shop:"):
        for shop in standing_of(view, "shop", subject, Shop):
            if isinstance(shop.body, Shop):
                trader = str(shop.body.trader)
                of_trader = all_sanctions(asked, trader)
                found |= {item.id: item for item in of_trader if unlimited(asked, item)}
                appealed |= view.fold(appeals, "sanction", trader)
    return sorted(found.values(), key=lambda item: item.index), appealed


@dataclass(frozen=True, slots=True)
class _Case:
    """One sanction and what became of it by the time asked about.

    ``appeal`` and ``decision``: on it, as far as registered; ``confirmed``: the entry of the
    sanction on a final result that followed an interim one, registered while that lasted;
    ``plans``: how many about it and its triggers are open, or were found so or so;
    ``triggers``: what it rests on, as JSON.
    """

    item: Standing
    body: Sanction
    appeal: Entry | None
    decision: Entry | None
    confirmed: int | None
    plans: Counter[str]
    triggers: list[dict[str, Any]]

    @property
    def outcome(self) -> str | None:
        """Return how its appeal was decided, None if it was not."""
        body = None if self.decision is None else self.decision.body
        return body.outcome if isinstance(body, AppealDecision) else None

    @property
    def facts(self) -> dict[str, str | int]:
        """Return what every sentence about it says."""
        return {"step": self.body.step, "subject": self.item.subject}

    def row(self) -> dict[str, Any]:
        """Return it as JSON; who ended it is not among this."""
        body, appeal = self.body, None
        if self.appeal is not None:
            decided = None if self.decision is None else self.decision.index
            appeal = {"entry": self.appeal.index, "decision": decided, "outcome": self.outcome}
        damages = None
        if isinstance(body.damages, Damages):
            damages = {"amount": body.damages.amount, "currency": body.damages.currency}
        return {
            "entry": self.item.index,
            "step": body.step,
            "trader": self.item.subject,
            "issuer": self.item.issuer,
            "from": str(body.from_),
            "until": None if body.until is None else str(body.until),
            "appeal_by": str(body.appeal_by),
            "grounds": str(body.grounds),
            "triggers": self.triggers,
            "rules_version": body.rules_version,
            "shops": list(map(str, body.shops)),
            "products": list(map(str, body.products)),
            "lots": list(map(str, body.lots)),
            "damages": damages,
            "interim": body.interim,
            "confirmed_by": self.confirmed,
            "appeal": appeal,
            "plans": {name: self.plans[name] for name in STATES},
            "lifted_by": None,
        }


def _trigger(asked: Asked, citation: Citation) -> dict[str, Any]:
    """Return a statement that a sanction rests on: where it is, of what type, about what."""
    found = resolve(asked.view, citation)
    return {
        "entry": None if found is None else found.index,
        "id": citation.id,
        "type": None if found is None else type_name(found.body),
        "about": str(citation.subject),
    }


def _case(
    asked: Asked, item: Standing, found: Iterable[Standing], appealed: Mapping[Against, Appealed]
) -> _Case:
    """Return what became of a sanction by the time asked about."""

    def so_far(entry: Entry | None) -> Entry | None:
        return entry if entry is not None and registered_by(asked, entry.index) else None

    answer, body = appealed.get((item.id, item.subject)), measure(asked, item)
    confirmed = None
    if body.interim and body.until is not None:
        confirmed = next(
            (
                other.index
                for other in found
                if not measure(asked, other).interim
                and item.id in {citation.id for citation in measure(asked, other).triggers}
                and registered_by(asked, other.index)
                and asked.view.registered_us(other.index) < body.until.us
            ),
            None,
        )
    return _Case(
        item,
        body,
        None if answer is None else so_far(answer.appeal),
        None if answer is None else so_far(answer.decision),
        confirmed,
        plan_counts(asked, item, body),
        [_trigger(asked, citation) for citation in body.triggers],
    )


def _on_appeal(asked: Asked, case: _Case) -> Iterator[Failure]:
    """Yield what became of an appeal, or until when there may be one."""
    index, facts = case.item.index, case.facts
    if case.appeal is None:
        if asked.valid_at_us < case.body.appeal_by.us:
            yield Failure("appeal-possible", (index,), facts | {"until": str(case.body.appeal_by)})
    elif case.decision is None:
        appealed = (index, case.appeal.index)
        yield Failure("appeal-open", appealed, facts | {SINCE: since(asked, case.appeal.index)})
    elif case.outcome in ("upheld", "varied"):
        entries = (index, case.appeal.index, case.decision.index)
        was = case.item.entry.body
        assert isinstance(was, Sanction)  # noqa: S101 - it was found as one
        before: dict[str, str | int] = {}
        if case.outcome == "varied":
            before = {"before": was.step}
            before |= by_whom(asked, case.item, "sanction", case.decision.index)
        before[SINCE] = since(asked, case.decision.index)
        yield Failure(f"appeal-{case.outcome}", entries, facts | before)


def _live(asked: Asked, case: _Case) -> Iterator[Failure]:
    """Yield that a sanction stands, what would end it, and what may be done until when."""
    index, facts, until = case.item.index, case.facts, case.body.until
    yield sanctioned(asked, case.item)
    grounds = list(ground_notes(asked, case.item, case.body))
    yield from grounds
    if case.confirmed is not None:
        yield Failure("sanction-confirmed", (index, case.confirmed), facts)
    elif until is not None:
        interim = case.body.interim and not any(n.code == "sanction-unfounded" for n in grounds)
        code = "sanction-interim" if interim else "sanction-ending"
        yield Failure(code, (index,), facts | {"until": str(until)})
    yield from _on_appeal(asked, case)
    yield from plan_notes(case.plans, case.item, case.body)
    mended = mended_by(asked.view, case.item)
    if mended is not None and registered_by(asked, mended):
        yield Failure("sanction-mended", (index, mended), facts | {SINCE: since(asked, mended)})


def _over(case: _Case) -> Iterator[Failure]:
    """Yield that a sanction is over: by its period, unless a final one followed it."""
    index, facts = case.item.index, case.facts
    if case.confirmed is not None:
        yield Failure("sanction-confirmed", (index, case.confirmed), facts)
    else:
        code = "sanction-lapsed" if case.body.interim else "sanction-over"
        yield Failure(code, (index,), facts | {"until": str(case.body.until)})


def sanctions(asked: Asked, *, subject: str) -> Verdict:
    """Return yes if a sanction stands, with those that do, will, did and were lifted or annulled."""
    at_us = asked.valid_at_us
    rows: dict[str, list[dict[str, Any]]] = {"live": [], "coming": [], "past": [], "lifted": []}
    notes: list[Failure] = []
    found, appealed = _against(asked, subject)
    for item in found:
        case = _case(asked, item, found, appealed)
        body, row = case.body, case.row()
        if item.ended is not None and lifted(asked, item):
            group, row["lifted_by"] = "lifted", item.ended
            notes.append(lifting(asked, item))
        elif at_us < (begins := begins_us(asked, item)):
            group = "coming"
            facts = case.facts | {"from": format_us(begins)}
            notes += [Failure("sanction-coming", (item.index,), facts), *_on_appeal(asked, case)]
        elif body.covers(at_us):
            group = "live"
            notes += _live(asked, case)
        else:
            group = "past"
            notes += _over(case)
        rows[group].append(row)
    missing = [] if any(rows.values()) else unregistered(asked.view, subject)
    entries = [row["entry"] for group in rows.values() for row in group]
    if missing:
        return settle(unknown=missing, detail=rows)
    return Verdict("yes" if rows["live"] else "no", (), tuple(notes), tuple(entries), rows)
