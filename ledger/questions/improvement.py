"""``improvement``: whether a trader mended what was found, in time and verified by another."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from msgspec import UNSET

from ledger.histories.history import Entry
from ledger.primitives.instant import format_us
from ledger.questions.measured import Measured, measured
from ledger.questions.times import in_time, registered_by, since
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.chains import Failure
from ledger.rules.codes import SINCE
from ledger.rules.found import lot_of
from ledger.rules.improvements import Plan, plans
from ledger.rules.open import against
from ledger.rules.standing import Standing, recalled_lots, resolve, standing_of
from ledger.rules.state import MICROSECONDS, Signed
from ledger.statements.catalogue import type_name
from ledger.statements.fields import Time
from ledger.statements.improvement_family import Advice
from ledger.statements.observer_family import Observation
from ledger.statements.origin_family import OriginAudit
from ledger.statements.recall_family import Recall
from ledger.statements.sanction_family import Sanction


@dataclass(slots=True)
class _Weighed:
    """What was found so far: what is not mended, what cannot be told yet, what is to be known.

    ``moot``: plans whose cause has ended.
    """

    no: list[Failure] = field(default_factory=list)
    unknown: list[Failure] = field(default_factory=list)
    notes: list[Failure] = field(default_factory=list)
    moot: list[Failure] = field(default_factory=list)


@dataclass(frozen=True)
class _Progress:
    """A plan by the time asked about: its cause, its steps and closing as far as registered."""

    asked: Asked
    plan: Plan
    cause: Standing | None
    again: bool
    """Whether a later plan is about the same cause."""

    def _so_far(self, entry: Entry | None) -> Entry | None:
        return entry if entry is not None and registered_by(self.asked, entry.index) else None

    @cached_property
    def measured(self) -> list[Measured]:
        """Return what later results show of its measures."""
        return measured(self.asked, self.plan)

    @property
    def closed(self) -> Entry | None:
        """Return what closed it."""
        return self._so_far(self.plan.closed)

    @property
    def moot(self) -> bool:
        """Return whether its cause was lifted, annulled or withdrawn: nothing is left to mend."""
        ended = None if self.cause is None else self.cause.ended
        return ended is not None and registered_by(self.asked, ended)

    @property
    def state(self) -> str:
        """Return open, done (and not verified yet), effective, ineffective or moot."""
        if self.closed is not None:
            return str(self.plan.outcome)
        if self.moot:
            return "moot"
        actions = range(1, len(self.plan.body.actions) + 1)
        return "open" if any(self.step(n) is None for n in actions) else "done"

    def step(self, action: int) -> Entry | None:
        """Return the step that did an action, counted from 1."""
        return self._so_far(self.plan.step(action))

    def row(self) -> dict[str, Any]:
        """Return it as JSON."""
        cited, cause, closed = self.plan.body.cause, self.cause, self.closed
        return {
            "entry": self.plan.entry.index,
            "cause": {
                "id": cited.id,
                "entry": None if cause is None else cause.index,
                "type": None if cause is None else type_name(cause.body),
                "subject": str(cited.subject),
            },
            "root_cause": str(self.plan.body.root_cause),
            "stage": None if self.plan.body.stage is UNSET else self.plan.body.stage,
            "state": self.state,
            "actions": [self._action(n) for n in range(1, len(self.plan.body.actions) + 1)],
            "verified_by": None if closed is None else closed.index,
            "verifier": None if closed is None else closed.statement.issuer,
            "measures": [one.row() for one in self.measured],
        }

    def _action(self, number: int) -> dict[str, Any]:
        action, step = self.plan.body.actions[number - 1], self.step(number)
        return {
            "action": number,
            "text": str(action.text),
            "due": str(action.due),
            "done_by": None if step is None else step.index,
            "done_at": None if step is None else _signed_at(step),
        }

    def weigh(self, found: _Weighed) -> None:
        """Add why its cause is not mended, or not known to be, and what is to be known."""
        found.notes += self._late()
        for one in self.measured:
            (found.no if one.state == "worse" else found.notes).append(one.told())
        entry, closed = self.plan.entry.index, self.closed
        match self.state:
            case "effective" | "ineffective" if closed is not None:
                facts: dict[str, str | int] = {"verifier": closed.statement.issuer}
                facts[SINCE] = since(self.asked, closed.index)
                failure = Failure(f"plan-{self.state}", (entry, closed.index), facts)
                mended = self.state == "effective" or self.again or self.moot
                (found.notes if mended else found.no).append(failure)
            case "moot" if self.cause is not None and self.cause.ended is not None:
                entries = (entry, self.cause.index, self.cause.ended)
                facts = {SINCE: since(self.asked, self.cause.ended)}
                found.moot.append(Failure("plan-moot", entries, facts))
            case "done":
                found.unknown.append(Failure("plan-unverified", (entry,)))
            case _:
                found.no += self._overdue()
                found.unknown += self._waiting()

    def _late(self) -> Iterator[Failure]:
        for number, action in enumerate(self.plan.body.actions, 1):
            step = self.step(number)
            if step is None:
                continue
            if not in_time(self.asked, Signed.of(step.statement, step.index), action.due.us):
                facts: dict[str, str | int] = {"action": number, "due": str(action.due)}
                yield Failure("action-late", (self.plan.entry.index, step.index), facts)

    def _overdue(self) -> Iterator[Failure]:
        for number, action in enumerate(self.plan.body.actions, 1):
            if self.step(number) is None and action.due.us <= self.asked.valid_at_us:
                facts: dict[str, str | int] = {"action": number, "due": str(action.due)}
                yield Failure("action-overdue", (self.plan.entry.index,), facts)

    def _waiting(self) -> Iterator[Failure]:
        left = [
            action.due
            for number, action in enumerate(self.plan.body.actions, 1)
            if self.step(number) is None and action.due.us > self.asked.valid_at_us
        ]
        if left:
            yield Failure("plan-open", (self.plan.entry.index,), {"due": str(min(left))})


def _signed_at(entry: Entry) -> str:
    return format_us(entry.statement.issued_at * MICROSECONDS)


def _plans(asked: Asked, trader: str) -> list[_Progress]:
    """Return a trader's plans, oldest first."""
    known = [
        plan
        for plan in asked.view.fold(plans, "improvement", trader).values()
        if registered_by(asked, plan.entry.index)
    ]
    causes = [resolve(asked.view, plan.body.cause) for plan in known]
    return [
        _Progress(
            asked,
            plan,
            cause,
            any(later.body.cause.id in _ids(plan, cause) for later in known[n + 1 :]),
        )
        for n, (plan, cause) in enumerate(zip(known, causes, strict=True))
    ]


def _ids(plan: Plan, cause: Standing | None) -> frozenset[str]:
    """Return the ids that a plan's cause may be cited by, corrected before or since."""
    return frozenset({plan.body.cause.id}) if cause is None else cause.ids


def _answer(known: list[_Progress], advice: Advice) -> int | None:
    """Return the plan that answers an advice: about one of its grounds, and not ineffective."""
    grounds = {citation.id for citation in advice.grounds}
    return next(
        (
            item.plan.entry.index
            for item in known
            if not grounds.isdisjoint(_ids(item.plan, item.cause)) and item.state != "ineffective"
        ),
        None,
    )


def _due(asked: Asked, item: Standing) -> Time:
    """Return by when an advice is to be answered: who gives more time does so before it is over."""
    (_, first), *corrections = item.versions
    assert isinstance(first, Advice)  # noqa: S101 - callers asked for advice
    due = first.answer_by
    for entry, body in corrections:
        assert isinstance(body, Advice)  # noqa: S101 - a correction is of its target's type
        if body.answer_by.us < due.us or asked.view.registered_us(entry.index) < due.us:
            due = body.answer_by
    return due


def _advised(
    asked: Asked, trader: str, known: list[_Progress], found: _Weighed
) -> list[dict[str, Any]]:
    """Return the advice to a trader, and add what of it is unanswered."""
    rows = []
    for item in standing_of(asked.view, "advice", trader, Advice):
        body = item.body
        if not isinstance(body, Advice) or not registered_by(asked, item.index):
            continue
        answered, due = _answer(known, body), _due(asked, item)
        if answered is None:
            late = due.us <= asked.valid_at_us
            code, where = (
                ("advice-unanswered", found.no) if late else ("advice-waiting", found.unknown)
            )
            where.append(Failure(code, (item.index,), {"due": str(due)}))
        rows.append(
            {
                "entry": item.index,
                "text": str(body.text),
                "grounds": [citation.id for citation in body.grounds],
                "answer_by": str(due),
                "answered_by": answered,
            }
        )
    return rows


def _all(asked: Asked, trader: str) -> tuple[_Weighed, list[_Progress], list[dict[str, Any]]]:
    """Return what is left to mend or to answer, the plans, and the advice as JSON."""
    found, known = _Weighed(), _plans(asked, trader)
    for item in known:
        item.weigh(found)
    return found, known, _advised(asked, trader, known, found)


@dataclass(frozen=True, slots=True)
class Mending:
    """What a trader does about what was found: its plans and the advice to it, in JSON, and what is left.

    ``causes``: plan or advice -> the entries of what it is about; ``no`` and ``unknown``: what is
    still to be mended or answered, ``notes`` what is to be known, as ``improvement`` says it.
    """

    plans: list[dict[str, Any]]
    advice: list[dict[str, Any]]
    causes: Mapping[int, tuple[int, ...]]
    no: list[Failure]
    unknown: list[Failure]
    notes: list[Failure]


def mending(asked: Asked, trader: str) -> Mending:
    """Return what a trader does about what was found, and what it has still to do."""
    found, known, advice = _all(asked, trader)
    causes: dict[int, tuple[int, ...]] = {
        item.plan.entry.index: () if item.cause is None else (item.cause.index,) for item in known
    }
    for said in standing_of(asked.view, "advice", trader, Advice):
        assert isinstance(said.body, Advice)  # noqa: S101 - asked for advice
        grounds = (resolve(asked.view, one) for one in said.body.grounds)
        causes[said.index] = tuple(one.index for one in grounds if one is not None)
    rows = [item.row() for item in known]
    return Mending(rows, advice, causes, found.no, found.unknown, found.notes)


def outstanding(asked: Asked, trader: str) -> list[Failure]:
    """Return what a trader has still to mend or to answer, as ``improvement`` says it."""
    found, _, _ = _all(asked, trader)
    return [*found.no, *found.unknown]


def still_open(asked: Asked, known: Iterable[_Progress]) -> list[Failure]:
    """Return what is still open of goods and places that a plan found effective is about, each once.

    That somebody mended how it works closes nothing that was found of a lot.
    """
    found = dict[str, Standing]()
    for item in known:
        if item.state != "effective" or item.cause is None:
            continue
        of_sanction = item.cause.body.triggers if isinstance(item.cause.body, Sanction) else ()
        causes = (item.cause, *(resolve(asked.view, one) for one in of_sanction))
        found |= {one.id: one for one in causes if one is not None and one.ended is None}
    about = dict.fromkeys(thing for one in found.values() for thing in _about(one))
    return once(
        trouble.reason
        for thing in about
        for trouble in against(asked, thing).unsettled
        if trouble.item.id in found
    )


def _about(cause: Standing) -> Iterable[str]:
    """Return the lot, place or draw, or the lots, that a cause is about."""
    body = cause.body
    match body:
        case Recall():
            return recalled_lots(cause)
        case OriginAudit():
            return (cause.subject,)
        case Observation(about=about):
            return (str(about),)
        case _:
            lot = lot_of(cause)
            return () if lot is None else (lot,)


def improvement(asked: Asked, *, trader: str) -> Verdict:
    """Return yes if all that a trader had to mend was verified as mended, and all advice answered."""
    found, known, advice = _all(asked, trader)
    if not known and not advice:
        code = "improvement-absent" if _known(asked, trader) else "party-unknown"
        name = "trader" if code == "improvement-absent" else "party"
        found.unknown.append(Failure(code, (), {name: trader}))
    found.notes += still_open(asked, known)
    # That nothing is left to mend does not show that anything was mended.
    elsewhere = found.no or found.unknown or any(item.state == "effective" for item in known)
    (found.notes if elsewhere else found.unknown).extend(found.moot)
    entries = [item.plan.entry.index for item in known]
    entries += [item.closed.index for item in known if item.closed is not None]
    return settle(
        no=found.no,
        unknown=found.unknown,
        notes=found.notes,
        rests_on=(*entries, *(row["entry"] for row in advice)),
        detail={"plans": [item.row() for item in known], "advice": advice},
    )


def _known(asked: Asked, party: str) -> bool:
    return asked.view.history("identity", party).count > 0
