"""Rules for what follows: sanctions and complaints, and the evidence that admissions rest on too.

A result is final when nobody can still change it: what inspectors found is when it is
registered, a laboratory's result while no objection to it is open, a sanction while no appeal
is. What consumers and observers say is never
final by itself.
"""

from collections.abc import Iterator

from ledger.histories.history import View
from ledger.identifiers import PERSON_PREFIX, product_of
from ledger.primitives.instant import DAY_US, format_us
from ledger.rules.appeals import under_appeal
from ledger.rules.citations import absence, cited, misfit, overtaken, roundabout
from ledger.rules.concerns import concerns, lots_spoken_of
from ledger.rules.found import is_invited
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.reports import fails_critically, failures, report_of
from ledger.rules.standing import Standing, resolve, standing, standing_of
from ledger.rules.state import MICROSECONDS, log_state, rules_version_at
from ledger.rules.trade import open_shop
from ledger.statements.fields import Citation, second_until
from ledger.statements.inspection_family import Inspection
from ledger.statements.laboratory_family import Tested
from ledger.statements.observer_family import Observation
from ledger.statements.origin_family import OriginAudit
from ledger.statements.recall_family import Recall
from ledger.statements.sanction_family import STEPS, Complaint, Sanction
from ledger.statements.trade_family import Shop
from ledger.texts import saying

INTERIM_DAYS = 30
"""The longest an interim measure lasts: twice the time for objections to a report."""
FINAL = (Inspection, OriginAudit, Tested, Recall, Sanction)


def flaw(citation: Citation, types: tuple[str, ...], found: Standing | None) -> str | None:
    """Return what is wrong with a citation of evidence."""
    if found is None:
        return absence(citation, found)
    return (
        misfit(types, citation, found) or roundabout(citation, found) or overtaken(citation, found)
    )


@rule("sanction-triggers", "sanction")
def sanction_on_its_triggers(case: Case) -> Iterator[Refusal]:
    """What triggers a sanction is there, of its type, stands, was not passed, and is this trader's.

    *What is cited*: each of `triggers` with a flaw; else no reason to sanction; else that does not
    concern `sub` at `iat`, by `lots` and those of the other triggers, and `products` (*Whom it
    concerns*) [it].
    """
    body, trader = case.body, case.statement.subject
    if not isinstance(body, Sanction):
        return
    triggers = list(cited(case))
    for citation, types, found in triggers:
        why = flaw(citation, types, found)
        if why is None and found is not None:
            others = (other for _, _, other in triggers if other not in (None, found))
            lots = (
                *map(str, body.lots),
                *(lot for other in others if other for lot in lots_spoken_of(other)),
            )
            at_us = case.statement.issued_at * MICROSECONDS
            products = tuple(map(str, body.products))
            why = no_trigger(case.view, found) or (
                None
                if concerns(case.view, found, trader, at_us, lots=lots, goods=products)
                else _not_of(trader, found)
            )
        if why is not None:
            cites = () if found is None else (found.index,)
            yield Refusal("sanction-triggers", why, cites)


def _not_of(trader: str, found: Standing) -> str:
    """Return that what was found is not this trader's, and what would be."""
    match found.body:
        case Inspection(trader=str(other)) | Tested(trader=str(other)):
            return saying("entry {index} is about {other}", index=found.index, other=other)
        case Sanction():
            return saying(
                "entry {index} is against {subject}", index=found.index, subject=found.subject
            )
        case OriginAudit():
            return saying(
                "entry {index} is of no place of {trader}: name its lots or products made there",
                index=found.index,
                trader=trader,
            )
        case _:
            return saying(
                "entry {index} is not about {trader}: cite what was found of goods it registered, was inspected with, lists, or took up a grant for, of its place or its shop",
                index=found.index,
                trader=trader,
            )


def no_trigger(view: View, found: Standing) -> str | None:
    """Return why what was found is no reason to sanction anybody."""
    match found.body:
        case Inspection(decision="accepted"):
            return saying("entry {index} accepted the lot", index=found.index)
        case OriginAudit(findings=()) | Observation(findings=()):
            return saying("entry {index} found nothing", index=found.index)
        case Tested() if not failures(report_of(view, found)):
            return saying(
                "entry {index} failed nothing, or a retest overturned it", index=found.index
            )
        case _:
            return None


@rule("sanction-ground", "sanction")
def sanction_ground_critical(case: Case) -> Iterator[Refusal]:
    """A ground of severity is a recall, a critical limit missed or finding; an observer's, if it was invited.

    `severity_ground` is critical. *What is cited*: none of `triggers` is critical (*Whom it
    concerns*).
    """
    body = case.body
    if not isinstance(body, Sanction) or body.severity_ground != "critical":
        return
    if not any(found is not None and critical(case.view, found) for _, _, found in cited(case)):
        yield Refusal("sanction-ground", saying("critical: no trigger has a critical finding"))


def critical(view: View, found: Standing) -> bool:
    """Return whether what triggers a sanction found something critical, or recalls a lot."""
    if isinstance(found.body, Tested):
        return fails_critically(view, report_of(view, found))
    if isinstance(found.body, Observation):
        visit = resolve(view, found.body.visit)
        if visit is None or not is_invited(visit.body):
            return False  # what the uninvited say opens nothing
    findings = getattr(found.body, "findings", ())
    return isinstance(found.body, Recall) or any(item.severity == "critical" for item in findings)


def _under_review(view: View, found: Standing) -> tuple[str, int] | None:
    """Return what might still change a trigger, and the entry that asked for it; None for nothing."""
    match found.body:
        case Sanction():
            appeal = under_appeal(view, found)
            return None if appeal is None else ("appeal", appeal.index)
        case Tested():
            report = report_of(view, found)
            states = {report.state_of(result, None) for result in failures(report)}
            if states == {"objected"}:
                return "objection", report.open_objections[0].entry.index
            return None
        case _:
            return None


@rule("sanction-final", "sanction")
def sanction_on_final_results(case: Case) -> Iterator[Refusal]:
    """What is not interim rests on nothing under appeal or objection, beyond an interview on a final result.

    Not asked of an `interim` one. *What is cited*: each of `triggers` under review: a sanction
    whose appeal in (`sanction`, its trader) is not decided [both]; a report whose failed results
    are all objected to, without one overturned (*Answers to a report*) [it, the first open
    objection]. Beyond an interview none is final: an inspection, audit, report, recall, or sanction
    that is not interim.
    """
    body = case.body
    if not isinstance(body, Sanction) or body.interim:
        return
    final = False
    for _, _, found in cited(case):
        if found is None:
            continue
        review = _under_review(case.view, found)
        if review is not None:
            why = saying(
                "entry {index} is under {review}: await the decision",
                index=found.index,
                review=review[0],
            )
            yield Refusal("sanction-final", why, (found.index, review[1]))
        interim = isinstance(found.body, Sanction) and found.body.interim
        final = final or (isinstance(found.body, FINAL) and not interim)
    if body.step != "interview" and not final:
        why = saying(
            "{step}: no final result among the triggers: have it inspected, or act in the interim",
            step=body.step,
        )
        yield Refusal("sanction-final", why)


@rule("sanction-interim", "sanction", bite="replay-only")
def interim_short_and_once(case: Case) -> Iterator[Refusal]:
    """An interim measure ends within 30 days, and no trigger carries a second one.

    Of an `interim` one: `until` is later than `interim-days` behind now. *What is cited*: each
    interim sanction in (`sanction`, `sub`), whatever became of it, with one of its `triggers`
    [that].
    """
    body = case.body
    if not isinstance(body, Sanction) or not body.interim or body.until is None:
        return
    latest_us = case.now_us + INTERIM_DAYS * DAY_US
    if body.until.us > latest_us:
        why = saying(
            "until {until}: write {second_until} or earlier, {interim_days} days from now; a final result follows",
            until=body.until,
            second_until=second_until(latest_us),
            interim_days=INTERIM_DAYS,
        )
        yield Refusal("sanction-interim", why)
    own = {found.id for _, _, found in cited(case) if found is not None}
    for item in case.view.fold(standing, "sanction", case.statement.subject).values():
        if not isinstance(item.body, Sanction) or not item.body.interim:
            continue
        before = (resolve(case.view, citation) for citation in item.body.triggers)
        if own & {found.id for found in before if found is not None}:
            why = saying(
                "entry {index} was one on the same trigger: confirm it on a final result",
                index=item.index,
            )
            yield Refusal("sanction-interim", why, (item.index,))


@rule("sanction-step", "sanction")
def sanction_step_by_step(case: Case) -> Iterator[Refusal]:
    """A sanction is at most one step above those neither lifted, annulled nor interim, unless severe.

    Without `severity_ground`: `step` is more than one above the highest of those that stand in
    (`sanction`, `sub`), not interim, by their terms; above an interview where there is none.
    """
    body = case.body
    if not isinstance(body, Sanction) or body.severity_ground == "critical":
        return
    reached = max(
        (
            STEPS.index(item.body.step)
            for item in standing_of(case.view, "sanction", case.statement.subject, Sanction)
            if isinstance(item.body, Sanction) and not item.body.interim
        ),
        default=-1,
    )
    if STEPS.index(body.step) > reached + 1:
        why = saying(
            "{step}: {steps} comes first, or a ground of severity",
            step=body.step,
            steps=STEPS[reached + 1],
        )
        yield Refusal("sanction-step", why)


@rule("sanction-scope", "sanction")
def sanction_hits_its_own(case: Case) -> Iterator[Refusal]:
    """A sanction's shops are the trader's.

    Each of `shops` that stands in (`shop`, it) for another trader than `sub`, or not at all (*Shops
    and measures*).
    """
    body = case.body
    if not isinstance(body, Sanction):
        return
    for shop in body.shops:
        found = open_shop(case.view, shop)
        if (
            found is None
            or not isinstance(found.body, Shop)
            or (found.body.trader != case.statement.subject)
        ):
            yield Refusal(
                "sanction-scope",
                saying("{shop} is no shop of {subject}", shop=shop, subject=case.statement.subject),
            )


@rule("sanction-rules", "sanction")
def sanction_rules_in_force(case: Case) -> Iterator[Refusal]:
    """A sanction names a version of the rules that is or was in force.

    `rules_version` is 0, or above the newest version in (`log`, origin).
    """
    if not isinstance(case.body, Sanction):
        return
    newest = log_state(case.view, case.origin).rules_version
    if not 1 <= case.body.rules_version <= newest:
        yield Refusal(
            "sanction-rules",
            saying(
                "version {rules_version}: {newest} is in force",
                rules_version=case.body.rules_version,
                newest=newest,
            ),
        )


def conduct_us(view: View, found: Standing) -> int:
    """Return when what a sanction rests on came about: when it was found, else registered."""
    registered_us = view.registered_us(found.index)
    match found.body:
        case (
            Inspection(on=time)
            | OriginAudit(on=time)
            | Tested(tested_until=time)
            | Recall(from_=time)
        ):
            return min(time.us, registered_us)
        case _:
            return registered_us


@rule("sanction-conduct", "sanction", bite="replay-only")
def sanction_rules_at_the_conduct(case: Case) -> Iterator[Refusal]:
    """A sanction names the rules in force at the conduct: when its newest trigger came about.

    *What is cited*: of what is found the newest, without sanctions if there is anything else, by
    when it came about: `on`, `tested_until`, of a recall `from`, or its registration if that is
    earlier; of others their registration. `rules_version` is not the version in force then: the
    last in (`log`, origin) of a batch registered before that time, else the first [it].
    """
    if not isinstance(case.body, Sanction):
        return
    found = [item for _, _, item in cited(case) if item is not None]
    # A sanction before this one is no conduct, unless nothing else is.
    conduct = [item for item in found if not isinstance(item.body, Sanction)] or found
    if not conduct:
        return
    newest = max(conduct, key=lambda item: conduct_us(case.view, item))
    at_us = conduct_us(case.view, newest)
    version = rules_version_at(case.view, case.origin, at_us)
    if case.body.rules_version != version:
        why = saying(
            "version {rules_version}: {version} was in force at {at_us}",
            rules_version=case.body.rules_version,
            version=version,
            at_us=format_us(at_us),
        )
        yield Refusal("sanction-conduct", why, (newest.index,))


@rule("complaint-pseudonym", "complaint")
def complaint_under_pseudonym(case: Case) -> Iterator[Refusal]:
    """A consumer complains under a pseudonym.

    `complainant` is no `urn:pinyuan:person:`.
    """
    body = case.body
    if isinstance(body, Complaint) and not body.complainant.startswith(PERSON_PREFIX):
        yield Refusal(
            "complaint-pseudonym",
            saying(
                "{complainant}: use {person_prefix}<32 hex>",
                complainant=body.complainant,
                person_prefix=PERSON_PREFIX,
            ),
        )


@rule("complaint-lot", "complaint")
def complaint_of_its_product(case: Case) -> Iterator[Refusal]:
    """A lot complained of is of the product complained of.

    `lot` is no lot of `sub`.
    """
    body, product = case.body, case.statement.subject
    if (
        isinstance(body, Complaint)
        and isinstance(body.lot, str)
        and product_of(body.lot) != product
    ):
        yield Refusal(
            "complaint-lot", saying("{lot} is no lot of {product}", lot=body.lot, product=product)
        )
