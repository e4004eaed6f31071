"""Appeals against sanctions and decisions on claims: what became of them, and their rules.

An appeal suspends nothing. A decision ends what it is against from its registration on, varies
a sanction's terms or lets all stand; it never makes it harsher.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ledger.histories.history import Entry, Fold, View
from ledger.identifiers import CLAIMED
from ledger.primitives.instant import DAY_US
from ledger.rules.claims import maker_of
from ledger.rules.common import operator_of
from ledger.rules.gains import tied_parties
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, resolve
from ledger.statements.claim_family import ClaimDecided
from ledger.statements.fields import Citation, second_from
from ledger.statements.sanction_family import (
    STEPS,
    Appeal,
    AppealDecision,
    Damages,
    Sanction,
    Terms,
)
from ledger.texts import saying

APPEAL_DAYS = 7
"""The least time there is to appeal, from a sanction's registration."""
APPEAL_US = APPEAL_DAYS * DAY_US


Against = tuple[str, str]
"""The id of what an appeal is against, and who appeals."""


@dataclass(frozen=True, slots=True)
class Appealed:
    """An appeal, and the decision on it if there is one."""

    appeal: Entry
    decision: Entry | None = None


def _appealed(found: dict[Against, Appealed], entries: Sequence[Entry]) -> dict[Against, Appealed]:
    for entry in entries:
        match entry.body:
            case Appeal(target=target) if (target.id, entry.statement.subject) not in found:
                found[target.id, entry.statement.subject] = Appealed(entry)
            case AppealDecision(target=target):
                before = found.get((target.id, entry.statement.subject))
                if before is not None and before.decision is None:
                    found[target.id, entry.statement.subject] = replace(before, decision=entry)
            case _:
                pass
    return found


appeals: Fold[dict[Against, Appealed]] = Fold(dict, _appealed, dict)
"""The appeals in a history (``sanction``, ..., or a claimed thing's) by what they are against."""


def under_appeal(view: View, sanction: Standing) -> Entry | None:
    """Return the appeal against a sanction that nobody decided, None without one."""
    known = view.fold(appeals, "sanction", sanction.subject)
    found = known.get((sanction.id, sanction.subject))
    return None if found is None or found.decision is not None else found.appeal


def annulled_by(view: View, sanction: Standing) -> int | None:
    """Return the entry of the decision that annulled a sanction, None for one that stands or was lifted."""
    known = view.fold(appeals, "sanction", sanction.subject)
    found = known.get((sanction.id, sanction.subject))
    decision = None if found is None else found.decision
    if decision is None or sanction.ended != decision.index:
        return None
    return decision.index


def _target(case: Case, citation: Citation) -> tuple[Standing, Sanction] | None:
    """Return the sanction that an answer is about, None where it is none."""
    found = resolve(case.view, citation)
    if found is None or not isinstance(found.body, Sanction):
        return None
    return found, found.body


def _known(case: Case, target: Citation) -> Appealed | None:
    """Return the appeal of a statement's subject against something, None without one."""
    party = case.statement.subject
    thing = (target.topic, target.subject) if target.topic in CLAIMED else ("sanction", party)
    return case.view.fold(appeals, *thing).get((target.id, party))


@rule("sanction-appeal", "sanction", bite="replay-only")
def sanction_can_be_appealed(case: Case) -> Iterator[Refusal]:
    """A sanction can be appealed for at least 7 days from its registration.

    `appeal_by` is before now and `appeal-us`.
    """
    if isinstance(case.body, Sanction) and case.body.appeal_by.us < case.now_us + APPEAL_US:
        least = second_from(case.now_us + APPEAL_US)
        yield Refusal(
            "sanction-appeal",
            saying(
                "appeal_by {appeal_by}: {least} or later",
                appeal_by=case.body.appeal_by,
                least=least,
            ),
        )


@rule("appeal-late", "appeal", bite="replay-only")
def appeal_in_time(case: Case) -> Iterator[Refusal]:
    """An appeal is registered before the time ends that its sanction gives for it.

    *What is cited*: the `target` is a sanction, and now is its `appeal_by` or later [it].
    """
    if not isinstance(case.body, Appeal):
        return
    found = _target(case, case.body.target)
    if found is not None and case.now_us >= found[1].appeal_by.us:
        why = saying(
            "the sanction could be appealed until {appeal_by}", appeal_by=found[1].appeal_by
        )
        yield Refusal("appeal-late", why, (found[0].index,))


@rule("appeal-twice", "appeal")
def appealed_once(case: Case) -> Iterator[Refusal]:
    """A sanction is appealed once, a decision on claims once by each party.

    There is an `appeal` of `sub` on the target's id, in (its `topic`, its `subject`) of `target` if
    that is a product's, lot's, place's or standard's, else in (`sanction`, `sub`) [it].
    """
    if not isinstance(case.body, Appeal):
        return
    if found := _known(case, case.body.target):
        why = saying("it was appealed against by entry {index}", index=found.appeal.index)
        yield Refusal("appeal-twice", why, (found.appeal.index,))


@rule("decision-appeal", "appeal-decision")
def decision_on_an_open_appeal(case: Case) -> Iterator[Refusal]:
    """A decision is on an appeal that nobody decided before.

    There is no `appeal` of `sub` as in `appeal-twice`, in (its `topic`, its `subject`) of `target`
    or (`sanction`, `sub`); or there is an `appeal-decision` on the target for `sub` behind it
    [both].
    """
    if not isinstance(case.body, AppealDecision):
        return
    found = _known(case, case.body.target)
    if found is None:
        yield Refusal(
            "decision-appeal", saying("{subject} did not appeal", subject=case.statement.subject)
        )
    elif found.decision is not None:
        why = saying("entry {index} decided the appeal", index=found.decision.index)
        yield Refusal("decision-appeal", why, (found.appeal.index, found.decision.index))


@rule("appeal-party", "appeal")
def appeal_by_whom_it_is_against(case: Case) -> Iterator[Refusal]:
    """Who appeals against a decision on claims is one whose claim it rejects.

    *What is cited*: the `target` is a decision on claims, and `sub` the maker of none of its
    `rejected` that is found (*Who holds a name*, 1) [it].
    """
    if not isinstance(case.body, Appeal):
        return
    decision = resolve(case.view, case.body.target)
    if decision is None or not isinstance(decision.body, ClaimDecided):
        return
    cited = (resolve(case.view, item) for item in decision.body.rejected)
    makers = {maker_of(case.view, item) for item in cited if item is not None}
    if case.statement.subject not in makers:
        why = saying(
            "it rejects the claims of {makers}", makers=", ".join(sorted(makers)) or "nobody"
        )
        yield Refusal("appeal-party", why, (decision.index,))


@rule("decision-office", "appeal-decision")
def appeal_decided_by_its_office(case: Case) -> Iterator[Refusal]:
    """The operator decides on appeals against its sanctions, an authority on those against an authority's decision.

    *What is cited*: the `target` is a sanction, and `iss` not the operator, by (`log`, origin); or
    a decision on claims by another than the operator, and `iss` is the operator [it].
    """
    if not isinstance(case.body, AppealDecision):
        return
    found = resolve(case.view, case.body.target)
    operator, issuer = operator_of(case), case.statement.issuer
    if found is None:
        return
    if isinstance(found.body, Sanction) and issuer != operator:
        why = saying("the operator decides on appeals against its sanctions")
        yield Refusal("decision-office", why, (found.index,))
    if isinstance(found.body, ClaimDecided) and issuer == operator != found.issuer:
        why = saying("{issuer} decided: let an authority decide on the appeal", issuer=found.issuer)
        yield Refusal("decision-office", why, (found.index,))


@rule("appeal-tied", "appeal-decision")
def appeal_decided_independently(case: Case) -> Iterator[Refusal]:
    """Nobody decides on an appeal about a thing that it, or somebody tied to it, ever claimed or held the brand of.

    *What is cited*: the `target` is a decision on claims. Each party to what it is cited with (*Whose it
    is*), to whom `iss` is tied at `iat` (*Ties*) [its last claim, or the mark; the papers].
    """
    if not isinstance(case.body, AppealDecision):
        return
    target = case.body.target
    found = resolve(case.view, target)
    if found is None or not isinstance(found.body, ClaimDecided):
        return
    for party, cites in tied_parties(case, target.topic, target.subject):
        why = saying(
            "{issuer} is tied to {party}: let another office decide on the appeal",
            issuer=case.statement.issuer,
            party=party,
        )
        yield Refusal("appeal-tied", why, cites)


@rule("decision-terms", "appeal-decision")
def decision_milder(case: Case) -> Iterator[Refusal]:
    """A sanction is varied to milder terms: in something other, in nothing harsher.

    With `terms`: *What is cited*: the `target` is found, and no sanction. Else by its terms as last
    varied: harsher: a higher step; `until` later, or null where it was none; a shop, product or lot
    more; none of these where there was one; damages in another currency or of more, where both have
    them [it]. Else: they leave all as it was, or cannot be a sanction's (Fields) [it].
    """
    if not isinstance(case.body, AppealDecision) or not isinstance(case.body.terms, Terms):
        return
    found = _target(case, case.body.target)
    if found is None:
        yield Refusal(
            "decision-terms", saying("only a sanction has terms: uphold or annul the decision")
        )
        return
    item, sanction = found
    harsher = list(_harsher(sanction, case.body.terms))
    if harsher:
        yield Refusal(
            "decision-terms",
            saying("harsher than before: {harsher}", harsher=", ".join(harsher)),
            (item.index,),
        )
    elif case.body.applied(sanction) == sanction:
        why = saying("terms that change nothing, or that this sanction cannot have")
        yield Refusal("decision-terms", why, (item.index,))


def _harsher(old: Sanction, new: Terms) -> Iterator[str]:
    """Yield in which of its terms a sanction would be harsher than before."""
    if STEPS.index(new.step) > STEPS.index(old.step):
        yield f"step {new.step}"
    if old.until is not None and (new.until is None or new.until > old.until):
        yield saying(
            "until {until}: write {until_2} or earlier",
            until=new.until or saying("null (no end)"),
            until_2=old.until,
        )
    scopes = ("shops", "products", "lots")
    for name in scopes:
        more = sorted(set(getattr(new, name)) - set(getattr(old, name)))
        if more:
            yield f"{name} {', '.join(more)[:200]}"
    if any(getattr(old, name) for name in scopes) and not any(
        getattr(new, name) for name in scopes
    ):
        yield saying("no part named, so that it hits the whole trader")
    if isinstance(old.damages, Damages) and isinstance(new.damages, Damages):
        if new.damages.currency != old.damages.currency:
            yield saying("damages in {currency}", currency=new.damages.currency)
        elif new.damages.amount > old.damages.amount:
            yield f"damages {new.damages.amount}"
