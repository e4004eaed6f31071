"""Improvement: what became of a plan, whether its cause is mended, and the rules for both.

A plan lies in the history that its cause is cited from, with its steps and what was found when
it was verified: who reads a failure there reads what was done about it. A plan is closed by its
verification. One found ineffective has mended nothing, and another may follow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ledger.histories.history import Entry, Fold, View
from ledger.identifiers import product_of
from ledger.rules.citations import cited
from ledger.rules.concerns import lots_spoken_of, own
from ledger.rules.favour import holders
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.sanctions import flaw
from ledger.rules.standing import Standing, corrections, standing
from ledger.rules.state import MICROSECONDS
from ledger.rules.ties import ties
from ledger.statements.catalogue import CATALOGUE, histories_of, type_name
from ledger.statements.envelope import Topic
from ledger.statements.improvement_family import (
    CAUSE_TOPICS,
    Advice,
    ImprovementPlan,
    ImprovementStep,
    ImprovementVerified,
)
from ledger.statements.inspection_family import Inspection
from ledger.statements.laboratory_family import Tested
from ledger.statements.sanction_family import Complaint, Sanction
from ledger.texts import saying


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan, the step that did each action (counted from 1), and what closed it."""

    entry: Entry
    body: ImprovementPlan
    done: tuple[tuple[int, Entry], ...] = ()
    closed: Entry | None = None

    @property
    def id(self) -> str:
        """Return its statement id in hexadecimal."""
        return self.entry.statement.id.hex()

    @property
    def trader(self) -> str:
        """Return whose plan it is."""
        return self.entry.statement.subject

    @property
    def outcome(self) -> str | None:
        """Return whether it was found effective or ineffective, None while it is open."""
        body = None if self.closed is None else self.closed.body
        return body.outcome if isinstance(body, ImprovementVerified) else None

    def step(self, action: int) -> Entry | None:
        """Return the step that did an action, None while nobody did it."""
        return dict(self.done).get(action)


def _planned(found: dict[str, Plan], entries: Sequence[Entry]) -> dict[str, Plan]:
    for entry in entries:
        match entry.body:
            case ImprovementPlan() as body:
                found[entry.statement.id.hex()] = Plan(entry, body)
            case ImprovementStep() as body if body.target.id in found:
                plan = found[body.target.id]
                if plan.step(body.action) is None:
                    found[plan.id] = replace(plan, done=(*plan.done, (body.action, entry)))
            case ImprovementVerified() as body if body.target.id in found:
                plan = found[body.target.id]
                if plan.closed is None:
                    found[plan.id] = replace(plan, closed=entry)
            case _:
                pass
    return found


plans: Fold[dict[str, Plan]] = Fold(dict, _planned, dict)
"""The plans in a history by id, oldest first: (``improvement``, trader), or the one that a cause
is cited from."""


def home(cause: Standing) -> Topic | None:
    """Return the one history that a plan cites a statement from, None if it is no cause.

    A sanction is in the histories of all it names: plans are in its trader's.
    """
    named = CATALOGUE[type_name(cause.body)].cited_from
    topics = histories_of(cause.entry.statement, cause.entry.body)
    return next((item for item in topics if item[0] in named and item[0] in CAUSE_TOPICS), None)


def plans_about(view: View, cause: Standing) -> Iterator[Plan]:
    """Yield the plans about a statement, under its own id or that of a correction of it."""
    topic = home(cause)
    if topic is None:
        return
    versions = view.fold(corrections, *topic)
    for plan in view.fold(plans, *topic).values():
        id_ = plan.body.cause.id
        if versions.get(id_, id_) == cause.id:
            yield plan


def mended_by(view: View, cause: Standing) -> int | None:
    """Return the entry that found a cause mended, None while nobody did.

    Of a cause, an inspection that failed for instance, nobody's plan is asked for in
    particular: the first that was verified as effective counts.
    """
    found = (plan.closed for plan in plans_about(view, cause) if plan.outcome == "effective")
    return next((entry.index for entry in found if entry is not None), None)


def _plan_of(case: Case) -> Plan | None:
    """Return the plan that a step or a verification is about, from the history of its cause."""
    body = case.body
    if not isinstance(body, ImprovementStep | ImprovementVerified):
        return None
    return case.view.fold(plans, body.target.topic, body.target.subject).get(body.target.id)


def _about_its_brand(view: View, found: Standing, party: str) -> bool:
    """Return whether something is a complaint about goods of a party's: it may have promised to answer such."""
    return isinstance(found.body, Complaint) and party in holders(view, found.subject)


def _held_against(view: View, found: Standing, trader: str) -> bool:
    """Return whether an advice to a trader, or a sanction against it, rests on a cause."""
    for topic in ("advice", "sanction"):
        for item in view.fold(standing, topic, trader).values():
            match item.body:
                case Advice(grounds=cited_there) | Sanction(triggers=cited_there):
                    if found.ids & {citation.id for citation in cited_there}:
                        return True
                case _:
                    pass
    return False


@rule("improvement-cause", "improvement-plan", bite="replay-only")
def plan_about_its_own(case: Case) -> Iterator[Refusal]:
    """A plan is about its issuer's own inspection, place, lot, shop, brand or sanction, or what was held against it.

    *What is cited*: `cause`. Its home is another history than the one cited: of its histories the
    first of a topic that its type and causes are cited from [it]. It is not the own of `sub` at
    `iat` (*Whom it concerns*), no complaint about a product that `sub` ever held (*Whose it is*),
    and no advice in (`advice`, `sub`) or sanction in (`sanction`, `sub`), whatever became of it,
    cites it, by its own id or that of a correction [it].
    """
    if not isinstance(case.body, ImprovementPlan):
        return
    trader, at_us = case.statement.subject, case.statement.issued_at * MICROSECONDS
    for citation, _, found in cited(case):
        if found is None:
            continue
        if (there := home(found)) not in (None, (citation.topic, citation.subject)):
            yield Refusal(
                "improvement-cause",
                saying("entry {index}: cite it from {there}", index=found.index, there=there),
            )
        if own(case.view, found, trader, at_us) or _about_its_brand(case.view, found, trader):
            continue
        if not _held_against(case.view, found, trader):
            why = saying(
                "entry {index} is not about {trader}, and nothing was held against it",
                index=found.index,
                trader=trader,
            )
            yield Refusal("improvement-cause", why, (found.index,))


@rule("improvement-twice", "improvement-plan")
def plan_one_at_a_time(case: Case) -> Iterator[Refusal]:
    """A trader has one plan about a cause; another only after it was found ineffective.

    *What is cited*: `cause`. Each plan (*Plans of improvement*) of `sub` with this cause, by its own
    id or that of a correction, in (its `topic`, its `subject`) of `cause`, that was not found
    ineffective [it].
    """
    body = case.body
    if not isinstance(body, ImprovementPlan):
        return
    meant = {body.cause.id}.union(*(found.ids for _, _, found in cited(case) if found is not None))
    for plan in case.view.fold(plans, body.cause.topic, body.cause.subject).values():
        same = plan.body.cause.id in meant and plan.trader == case.statement.subject
        if same and plan.outcome != "ineffective":
            word = saying("is open") if plan.closed is None else saying("was found effective")
            why = saying("the plan of entry {index} {word}", index=plan.entry.index, word=word)
            yield Refusal("improvement-twice", why, (plan.entry.index,))


@rule("improvement-measure", "improvement-plan", bite="replay-only")
def measured_by_what_it_is_about(case: Case) -> Iterator[Refusal]:
    """A plan is measured by goods that its cause is about, where it is about goods.

    *What is cited*: `cause`, where it is a complaint, or of lots (*Whom it concerns*). A `product` of
    `measures` is neither its `sub` nor that of one of these lots [it].
    """
    body = case.body
    if not isinstance(body, ImprovementPlan) or not body.measures:
        return
    for _, _, found in cited(case):
        if found is None:
            continue
        goods = set(map(product_of, lots_spoken_of(found)))
        goods |= {found.subject} if isinstance(found.body, Complaint) else set()
        other = next((one.product for one in body.measures if one.product not in goods), None)
        if goods and other is not None:
            why = saying("entry {index} is not about {product}", index=found.index, product=other)
            yield Refusal("improvement-measure", why, (found.index,))


@rule("improvement-due", "advice", "improvement-plan")
def due_after_signed(case: Case) -> Iterator[Refusal]:
    """An advice is to be answered, and an action to be done, after it is signed.

    `answer_by`, or `due` of each action, is `iat` or earlier.
    """
    match case.body:
        case Advice(answer_by=time):
            due = [("answer_by", time)]
        case ImprovementPlan(actions=actions):
            due = [(f"action {n}: due", item.due) for n, item in enumerate(actions, 1)]
        case _:
            return
    for name, time in due:
        if time.us <= case.statement.issued_at * MICROSECONDS:
            yield Refusal(
                "improvement-due",
                saying("{name} {time} is not later than its own signature", name=name, time=time),
            )


@rule("improvement-action", "improvement-step")
def step_of_an_action_not_done(case: Case) -> Iterator[Refusal]:
    """A step is of an action of its plan that was not done before.

    The plan that `target` names, in the history it names (*Plans of improvement*): it has fewer
    actions than `action` [it]; or that one is done [it, the step].
    """
    plan, body = _plan_of(case), case.body
    if plan is None or not isinstance(body, ImprovementStep):
        return
    before = plan.step(body.action)
    if body.action > len(plan.body.actions):
        why = saying(
            "action {action}: the plan has {count}",
            action=body.action,
            count=len(plan.body.actions),
        )
        yield Refusal("improvement-action", why, (plan.entry.index,))
    elif before is not None:
        why = saying(
            "action {action} was done by entry {index}", action=body.action, index=before.index
        )
        yield Refusal("improvement-action", why, (plan.entry.index, before.index))


@rule("improvement-closed", "improvement-verified")
def plan_still_open(case: Case) -> Iterator[Refusal]:
    """A plan that was verified is closed: nobody verifies it again.

    The plan that `target` names (*Plans of improvement*) is closed [it, what closed it].
    """
    # Steps of it are heard all the same: who promised them keeps that, however early it was judged.
    plan = _plan_of(case)
    if plan is not None and plan.closed is not None:
        why = saying(
            "entry {index} found the plan {outcome}", index=plan.closed.index, outcome=plan.outcome
        )
        yield Refusal("improvement-closed", why, (plan.entry.index, plan.closed.index))


@rule("improvement-undone", "improvement-verified")
def effective_when_done(case: Case) -> Iterator[Refusal]:
    """A plan is found effective only when each of its actions was done.

    Of `effective`: the plan that `target` names (*Plans of improvement*) has an action that is not
    done [it].
    """
    plan, body = _plan_of(case), case.body
    if plan is None or not isinstance(body, ImprovementVerified) or body.outcome != "effective":
        return
    left = [n for n in range(1, len(plan.body.actions) + 1) if plan.step(n) is None]
    if left:
        why = saying("not done: action {map}", map=", ".join(map(str, left)))
        yield Refusal("improvement-undone", why, (plan.entry.index,))


@rule("verifier-doer", "improvement-verified")
def verified_by_another(case: Case) -> Iterator[Refusal]:
    """An improvement is verified by nobody who did it, nor by who is tied to who did.

    `iss` is `sub`; or is tied to it at `on` or `iat` (*Ties*) [the papers].
    """
    body, issuer, trader = case.body, case.statement.issuer, case.statement.subject
    if not isinstance(body, ImprovementVerified):
        return
    times = (body.on.us, case.signed_us)
    if issuer == trader:
        yield Refusal("verifier-doer", saying("verifier is the doer: {trader}", trader=trader))
        return
    found = ties(case.view, issuer, trader, *times)
    if found is not None:
        why = saying(
            "verifier is the doer: {issuer} is tied to {trader}: let somebody else verify",
            issuer=issuer,
            trader=trader,
        )
        yield Refusal("verifier-doer", why, found)


@rule("advice-grounds", "advice", bite="replay-only")
def advice_on_its_grounds(case: Case) -> Iterator[Refusal]:
    """What an advice rests on is there, of its type, stands, and is no other trader's.

    *What is cited*: each of `grounds` with a flaw (*Whom it concerns*), or an inspection or report
    with another `trader` than `sub`, or a sanction against another [it].
    """
    if not isinstance(case.body, Advice):
        return
    for citation, types, found in cited(case):
        why = flaw(citation, types, found)
        if why is None and found is not None:
            why = _of_another(found, case.statement.subject)
        if why is not None:
            cites = () if found is None else (found.index,)
            yield Refusal("advice-grounds", why, cites)


def _of_another(found: Standing, trader: str) -> str | None:
    """Return whom a statement is about that names another trader."""
    match found.body:
        case Inspection(trader=str(other)) | Tested(trader=str(other)) if other != trader:
            return saying("entry {index} is about {other}", index=found.index, other=other)
        case Sanction() if found.subject != trader:
            return saying(
                "entry {index} is against {subject}", index=found.index, subject=found.subject
            )
        case _:
            return None
