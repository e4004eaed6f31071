"""What a correction may not do: make less of what protects people.

Every field of every type that ``supersede`` may correct is classified here: whoever adds a
field says whether less of it would protect less. A correction that makes something worse, or
mends what protects nobody, is a correction; one that makes less of a recall, a refusal, a
failed result or a finding would undo it in silence. That is said as ``withdrawn-in-error``,
which names its reason for ever, or beside it, as something new.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from ledger.histories.history import View
from ledger.rules.brands import proposed
from ledger.rules.claims import maker_of
from ledger.rules.common import pairs
from ledger.rules.found import RANK, counting, heard
from ledger.rules.gains import gains
from ledger.rules.lots import above
from ledger.rules.naming import same_name
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import TOPIC_OF, Standing, lots_named, resolve, sound, standing_in
from ledger.rules.taken_over import binding, made_since, unheard_of
from ledger.rules.ties import ties
from ledger.statements.amendment_family import Supersede, WithdrawnInError
from ledger.statements.brand_family import Product
from ledger.statements.catalogue import corrected, type_name
from ledger.statements.fields import SEVERITIES, Body, Citation, Findings, critical_in
from ledger.statements.improvement_family import Advice
from ledger.statements.inspection_family import Inspection, plans_of
from ledger.statements.laboratory_family import Tested, TestReport
from ledger.statements.market_family import Feedback, Returned
from ledger.statements.member_family import DeclaredTie, ObserverApplication
from ledger.statements.observer_family import Observation, Visit
from ledger.statements.origin_family import Facility, Lot, OriginAudit
from ledger.statements.recall_family import Recall, recall_topics
from ledger.statements.results import Result
from ledger.statements.sanction_family import Complaint
from ledger.statements.trade_family import Admission
from ledger.texts import saying

Loosens = Callable[[Any, Any], bool]
"""Whether a field's new value protects less than its old one."""

OUTCOMES = ("pass", "not-judged", "inconclusive", "fail")
DECISIONS = ("accepted", "admitted", "refused")


def free(_old: Any, _new: Any) -> bool:
    """Return that any value will do: nobody is protected by it, or another rule says what follows."""
    return False


def other(old: Any, new: Any) -> bool:
    """Return whether a value is not the one it was."""
    return bool(old != new)


def other_name(old: str, new: str) -> bool:
    """Return whether a name is another one, however it is spelt."""
    return not same_name(old, new)


def fewer(old: Sequence[Any], new: Sequence[Any]) -> bool:
    """Return whether something named is not named any more."""
    return bool(set(old) - set(new))


def more(old: int, new: int) -> bool:
    """Return whether a number is greater: of more that was sold the same returns are fewer in a hundred."""
    return new > old


def fewer_returned(old: Sequence[Returned], new: Sequence[Returned]) -> bool:
    """Return whether less came back for some reason."""
    now = {one.reason: one.count for one in new}
    return any(now.get(one.reason, 0) < one.count for one in old)


def uncited(old: Sequence[Citation], new: Sequence[Citation]) -> bool:
    """Return whether nothing of a history that something was cited from is cited any more."""
    return fewer([(c.topic, c.subject) for c in old], [(c.topic, c.subject) for c in new])


def later(old: Any, new: Any) -> bool:
    """Return whether a time is later than it was."""
    return bool(new.us > old.us)


def milder(old: str, new: str) -> bool:
    """Return whether a decision refuses no more."""
    return DECISIONS.index(new) < DECISIONS.index(old)


def less_found(old: Findings, new: Findings) -> bool:
    """Return whether the worst finding of a point is gone, or less severe."""

    def worst(findings: Findings, point: str) -> int:
        return max(
            (SEVERITIES.index(one.severity) for one in findings if same_name(one.point, point)),
            default=-1,
        )

    return any(worst(new, one.point) < worst(old, one.point) for one in old)


def better_results(old: Sequence[Result], new: Sequence[Result]) -> bool:
    """Return whether a property that failed or was inconclusive has a better outcome at worst, or none."""

    def worst(results: Sequence[Result], name: str) -> int:
        return max(
            (OUTCOMES.index(one.outcome) for one in results if same_name(one.property, name)),
            default=-1,
        )

    adverse = [one.property for one in old if one.outcome in ("fail", "inconclusive")]
    return any(worst(new, name) < worst(old, name) for name in adverse)


def less_refused(old: Inspection, new: Inspection) -> bool:
    """Return whether a class of nonconformity that was refused is so no more, or at a larger AQL."""
    still = [plan for plan in plans_of(new) if plan.refused]
    return any(
        not any(
            plan.key[0] == was.key[0] and Decimal(plan.key[1]) <= Decimal(was.key[1])
            for plan in still
        )
        for was in plans_of(old)
        if was.refused
    )


def renumbered(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether a serial number is taken out."""
    return fewer(old, new)


def less_independent(old: str, new: str) -> bool:
    """Return whether an inspection is made in a less independent mode."""
    return RANK[new] < RANK[old]


def less_severe(old: Any, new: Any) -> bool:
    """Return whether a class of nonconformity is less severe, or not said any more."""
    if old is msgspec.UNSET:
        return False
    return new is msgspec.UNSET or SEVERITIES.index(new) < SEVERITIES.index(old)


def undeclared(old: Any, new: Any) -> bool:
    """Return whether something that was declared is not any more, or is another thing."""
    return old is not None and old is not msgspec.UNSET and old != new


def untied(old: Sequence[DeclaredTie], new: Sequence[DeclaredTie]) -> bool:
    """Return whether a tie to somebody that was declared is not any more."""
    return fewer([tie.to for tie in old], [tie.to for tie in new])


AFTERWARDS: Mapping[str, Loosens] = dict.fromkeys(("v", "evidence", "sealed", "km", "photos"), free)
"""What shows how it was found, not what."""

COMPARED: Mapping[type[Body], Mapping[str, Loosens]] = {
    Recall: {"reason": other, "from_": later, "other_lots": fewer},
    Inspection: {
        "mode": less_independent,
        "trader": other,
        "on": other,
        "lot_size": free,
        # What each plan refused is compared as a whole; what is due and follows has its own rules.
        **dict.fromkeys(("level", "aql", "severity", "sample_size", "accept", "reject"), free),
        **dict.fromkeys(("nonconforming", "lot_quantity", "delivery", "answers"), free),
        "class_": less_severe,
        "plans": free,
        "decision": milder,
        "findings": less_found,
        "facility": undeclared,
        "pick": undeclared,
    },
    OriginAudit: {
        "checklist": other_name,  # a later audit by the same one closes what it found
        "on": other,
        "findings": less_found,
        "team": free,
        "next_due": later,
    },
    Observation: {
        "about": other,
        "visit": other,
        "findings": less_found,
        "seen": free,
        "text": free,
    },
    TestReport: {
        "lot": other,
        "number": free,
        "client": free,
        "custody": other,
        "method": free,
        "accreditations": free,
        "condition": free,
        "received": other,
        "tested_from": other,
        "tested_until": other,
        "issued": other,
        "decision_rule": free,  # outcomes follow from it, and those are compared
        "results": better_results,
        "standard": undeclared,
        "trader": undeclared,
        "part": free,
        "note": free,
    },
    Complaint: {"complainant": other, "text": free, "lot": undeclared, "shop": undeclared},
    Feedback: {"from_": other, "until": other, "sold": more, "returned": fewer_returned},
    Admission: {"decision": milder, "evidence": uncited, "reasons": free},
    # By when it is to be answered is moved in time only: the answer says so.
    Advice: {"grounds": uncited, "text": free, "answer_by": free},
    ObserverApplication: {
        **dict.fromkeys(("from_", "until", "kind", "call", "motive"), free),
        "ties": untied,
    },
    Visit: {
        "about": other,
        "arrived": free,
        "place": free,
        "tie": undeclared,
        "invitation": undeclared,
    },
    Product: {
        "names": free,
        "brand": other,
        "category": other,
        "under": free,
    },
    Facility: {
        "names": free,
        "owner": other,
        "country": free,
        "place": free,
        "activities": free,
    },
    Lot: {
        "quantity": free,
        "facility": other,
        "made": other,
        "serials": renumbered,
        "serial_range": other,
        "inputs": fewer,
    },
}
"""What less of each field would be, of the types that protect somebody."""

PEACEFUL = (
    "shop", "listing", "observer", "invitation", "movement",
)  # fmt: skip
"""Types of which no correction makes less of what protects people: whoever a movement ever named stays found."""


def adverse(  # noqa: PLR0911 - a case for each type
    view: View, item: Standing, *, to: int | None = None
) -> bool:
    """Return whether a statement speaks against somebody or something: then no field of it is loosened.

    A lot's does once it, or what it was made of, was looked at or called back, or something
    critical was found where it was made: where and when says what bears on it. A product's once
    anything was found of its lots, a place's once something critical was found there: whose they
    are says who answers for it. What an observer found whom nobody invited does not count. ``to``: of
    a lot that is taken over with this entry, what its maker alone called back does not either.
    """
    match item.body:
        case Lot(facility=facility, inputs=inputs):
            alone = to is not None and unheard_of(view, item, before=to)
            lots = (*(() if alone else (item.subject,)), *above(view, inputs))
            looked_at = any(any(heard(view, "inspection", lot)) for lot in lots)
            return looked_at or _found_at(view, facility)
        case Product():
            return view.history("recall", item.subject).count > 0 or any(
                adverse(view, one)
                for one in counting(standing_in(view, "examined", item.subject))
                if isinstance(one.body, Inspection | Observation | Tested)
            )
        case Facility():
            return _found_at(view, item.subject)
        case Admission(decision=decision):
            return decision == "refused"
        case Inspection(decision=decision, findings=findings):
            return decision == "refused" or bool(findings)
        case OriginAudit(findings=findings) | Observation(findings=findings):
            return bool(findings)
        case Tested(results=results):
            return any(one.outcome in ("fail", "inconclusive") for one in results)
        case _:
            return True


def _found_at(view: View, facility: str) -> bool:
    """Return whether something critical was ever found at a place, closed or not."""
    return any(
        isinstance(item.body, OriginAudit | Observation) and critical_in(item.body.findings)
        for item in counting(standing_in(view, "facility", facility))
    )


ALWAYS = (milder, less_found, better_results, fewer, uncited, undeclared, untied, later)
"""What is compared of statements that speak against nobody, too."""


def loosened(old: Body, new: Body, *, against: bool) -> list[str]:
    """Return the fields by which a corrected statement protects less than it did."""
    if type(old) not in COMPARED:
        return []
    table = {**AFTERWARDS, **COMPARED[type(old)]}
    plans = isinstance(old, Inspection) and isinstance(new, Inspection) and less_refused(old, new)
    return ["plans"] * plans + [
        name
        for name in old.__struct_fields__
        if (against or table[name] in ALWAYS)
        and table[name](getattr(old, name), getattr(new, name))
    ]


def _loosened(view: View, old: Standing, new: Body, *, to: int | None = None) -> str:
    """Return the names of the fields by which a statement's new version protects less, or nothing.

    Of a claim than what is left of it: what a correction in doubt says binds nobody.
    """
    old = sound(view, old)
    fields = loosened(old.body, new, against=adverse(view, old, to=to))
    return ", ".join(name.rstrip("_") for name in fields)


@rule("supersede-loosens", "supersede")
def correction_never_loosens(case: Case) -> Iterator[Refusal]:
    """A correction makes less of no recall, refusal, failed result, finding, due date or declared tie.

    *What is cited*: the `target` as it stands, a claim without corrections in doubt (*What became of a statement*).
    `statement` loosens a field of it (*What a correction loosens*) [it]; of another type nothing is told.
    """
    body = case.body
    if not isinstance(body, Supersede):
        return
    target, new = resolve(case.view, body.target), corrected(body)
    if target is None or type(target.body) is not type(new):
        return
    names = _loosened(case.view, target, new)
    if names:
        why = saying(
            "{names}: a correction of a {new} takes nothing back: withdraw what was said in error (withdrawn-in-error), or say what is new beside it",
            names=names,
            new=type_name(new),
        )
        yield Refusal("supersede-loosens", why, (target.index,))


@rule("restated-loosens", "lot", "product", "facility")
def restated_never_loosens(case: Case) -> Iterator[Refusal]:
    """Who states a lot, product or place again, or takes it over, takes it out of nothing found or called back.

    Not asked of a correction. Each of what binds it in (`lot`, `sub`), (`product`, `sub`) or (`facility`,
    `sub`) (*Whose word binds*), without corrections in doubt: it loosens a field of that (*What a correction
    loosens*) [that].
    """
    body, topic = case.body, TOPIC_OF.get(type(case.body))  # type: ignore[arg-type]  # none for what cannot be read
    if topic is None or case.corrects is not None or not isinstance(body, Lot | Product | Facility):
        return
    new = proposed(case)
    maker = maker_of(case.view, new)
    for before in binding(case.view, topic, new):
        whose = maker_of(case.view, before)
        to = None if whose == maker or not made_since(before, body) else case.index
        names = _loosened(case.view, before, body, to=to)
        if names:
            who = "" if whose == maker else f" ({whose})"
            or_ = (
                "" if whose == maker else saying(", or have that claim decided on (claim-decided)")
            )
            if whose != maker and to is None and unheard_of(case.view, before, before=case.index):
                or_ = saying(
                    ", made after {whose} called its own back where it is other goods{or_}",
                    whose=whose,
                    or_=or_,
                )
            why = saying(
                "{names}: entry {index}{who} says otherwise, and something was found of it or bears on it: say it as it was, and what is new of something new{or_}",
                names=names,
                index=before.index,
                who=who,
                or_=or_,
            )
            yield Refusal("restated-loosens", why, (before.index,))


@rule("error-gains", "withdrawn-in-error")
def withdrawn_by_the_disinterested(case: Case) -> Iterator[Refusal]:
    """What speaks against somebody is withdrawn in error by nobody who gains by it, nor is tied to who does.

    *What is cited*: the `target`, where it speaks against somebody (*What a correction loosens*).
    Each who gains by it (*Whose it is*) to whom `iss` is tied at `iat` (*Ties*) [the target, the
    papers].
    """
    body, issuer = case.body, case.statement.issuer
    target = resolve(case.view, body.target) if isinstance(body, WithdrawnInError) else None
    if target is None or not adverse(case.view, target):
        return
    at_us = case.signed_us
    for party in gains(case.view, target):
        found = ties(case.view, issuer, party, at_us)
        if found is not None:
            who = (
                saying("an authority or the operator")
                if isinstance(target.body, Recall)
                else saying("only somebody without ties")
            )
            why = (
                saying("{issuer} gains by it: {who} may say so", issuer=issuer, who=who)
                if party == issuer
                else saying(
                    "{issuer} is tied to {party}, who gains by it: {who} may say so",
                    issuer=issuer,
                    party=party,
                    who=who,
                )
            )
            yield Refusal("error-gains", why, (target.index, *found))


@rule("error-lots", "withdrawn-in-error")
def withdrawn_of_lots_called_back(case: Case) -> Iterator[Refusal]:
    """A recall is withdrawn in error of lots, one at least, by one party of each once.

    *What is cited*: the `target`, a recall. `subjects` have no (`inspection`, lot), or one of a lot
    that a withdrawal in (`statement`, its id) by this `iss` has, too [the target].
    """
    body = case.body
    target = resolve(case.view, body.target) if isinstance(body, WithdrawnInError) else None
    if (
        target is None
        or not isinstance(body, WithdrawnInError)
        or not isinstance(target.body, Recall)
    ):
        return
    own = {
        lot
        for entry in case.view.history("statement", target.id).entries()
        if isinstance(entry.body, WithdrawnInError)
        and entry.statement.issuer == case.statement.issuer
        for lot in entry.body.lots
    }
    again = [lot for lot in body.lots if lot in own]
    if again or not body.lots:
        left = pairs(recall_topics([lot for lot in lots_named(target) if lot not in own]))
        what = (
            saying("you took {again} out already", again=pairs(recall_topics(again)))
            if again
            else saying("no lot is named")
        )
        why = saying(
            "{what}: in subjects name others of what it calls back, {left}", what=what, left=left
        )
        if not left:
            why = saying("{what}: nothing that it calls back is left to you", what=what)
        yield Refusal("error-lots", why, (target.index,))
