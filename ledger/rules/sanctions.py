"""Rules for what follows: sanctions and complaints, and the evidence that admissions rest on too."""

from collections.abc import Iterator

from ledger.identifiers import PERSON_PREFIX, product_of
from ledger.rules.citations import absence, cited, misfit, overtaken, roundabout
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, standing
from ledger.rules.state import MICROSECONDS, log_state
from ledger.rules.trade import open_shop
from ledger.statements.fields import Citation, PeriodBody
from ledger.statements.inspection_family import Inspection, Recall
from ledger.statements.observer_family import Observation
from ledger.statements.origin_family import OriginAudit
from ledger.statements.sanction_family import STEPS, Complaint, Sanction
from ledger.statements.trade_family import Admission, Shop


def _flaw(citation: Citation, types: tuple[str, ...], found: Standing | None) -> str | None:
    """Return what is wrong with a citation of evidence."""
    if found is None:
        return absence(citation, found)
    return (
        misfit(types, citation, found) or roundabout(citation, found) or overtaken(citation, found)
    )


@rule("admission-evidence", "admission", bite="replay-only")
def admission_on_live_evidence(case: Case) -> Iterator[Refusal]:
    """What an admission rests on is there, of its type, and in force: papers, grants, audits."""
    body = case.body
    if not isinstance(body, Admission):
        return
    if body.decision == "admitted" and not body.evidence:
        yield Refusal("admission-evidence", "admitted on no paper: cite what was reviewed")
    at_us = case.statement.issued_at * MICROSECONDS
    for citation, types, found in cited(case):
        why = _flaw(citation, types, found)
        if why is None and found is not None and isinstance(found.body, PeriodBody):
            period = found.body
            if not period.covers(at_us):
                why = f"{citation.id} holds from {period.from_} until {period.until or 'ever'}"
        if why is not None:
            cites = () if found is None else (found.index,)
            yield Refusal("admission-evidence", why, cites)


@rule("sanction-triggers", "sanction", bite="replay-only")
def sanction_on_its_triggers(case: Case) -> Iterator[Refusal]:
    """What triggers a sanction is there, of its type, stands, was not passed, and is this trader's."""
    if not isinstance(case.body, Sanction):
        return
    for citation, types, found in cited(case):
        why = _flaw(citation, types, found)
        if why is None and found is not None:
            why = _no_trigger(found, case.statement.subject)
        if why is not None:
            cites = () if found is None else (found.index,)
            yield Refusal("sanction-triggers", why, cites)


def _no_trigger(found: Standing, trader: str) -> str | None:
    """Return why what was found is no reason to sanction this trader."""
    match found.body:
        case Inspection(trader=other) if other != trader:
            return f"entry {found.index} is about {other}"
        case Inspection(decision="accepted"):
            return f"entry {found.index} accepted the lot"
        case OriginAudit(findings=()) | Observation(findings=()):
            return f"entry {found.index} found nothing"
        case Sanction() if found.subject != trader:
            return f"entry {found.index} is against {found.subject}"
        case _:
            return None


@rule("sanction-ground", "sanction", bite="replay-only")
def sanction_ground_critical(case: Case) -> Iterator[Refusal]:
    """A ground of severity is a critical finding or a recall among the triggers."""
    body = case.body
    if not isinstance(body, Sanction) or body.severity_ground != "critical":
        return
    if not any(found is not None and _critical(found) for _, _, found in cited(case)):
        yield Refusal("sanction-ground", "critical: no trigger has a critical finding")


def _critical(found: Standing) -> bool:
    findings = getattr(found.body, "findings", ())
    return isinstance(found.body, Recall) or any(item.severity == "critical" for item in findings)


@rule("sanction-step", "sanction")
def sanction_step_by_step(case: Case) -> Iterator[Refusal]:
    """A sanction is at most one step above those before it, unless on a ground of severity."""
    body = case.body
    if not isinstance(body, Sanction) or body.severity_ground == "critical":
        return
    reached = max(
        (
            STEPS.index(item.body.step)
            for item in case.view.fold(standing, "sanction", case.statement.subject).values()
            if isinstance(item.body, Sanction)
        ),
        default=-1,
    )
    if STEPS.index(body.step) > reached + 1:
        why = f"{body.step}: {STEPS[reached + 1]} comes first, or a ground of severity"
        yield Refusal("sanction-step", why)


@rule("sanction-scope", "sanction", bite="replay-only")
def sanction_hits_its_own(case: Case) -> Iterator[Refusal]:
    """A sanction's shops are the trader's."""
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
            yield Refusal("sanction-scope", f"{shop} is no shop of {case.statement.subject}")


@rule("sanction-rules", "sanction")
def sanction_rules_in_force(case: Case) -> Iterator[Refusal]:
    """A sanction names a version of the rules that is or was in force."""
    if not isinstance(case.body, Sanction):
        return
    newest = log_state(case.view, case.origin).rules_version
    if not 1 <= case.body.rules_version <= newest:
        yield Refusal("sanction-rules", f"version {case.body.rules_version}: {newest} is in force")


@rule("complaint-pseudonym", "complaint")
def complaint_under_pseudonym(case: Case) -> Iterator[Refusal]:
    """A consumer complains under a pseudonym."""
    body = case.body
    if isinstance(body, Complaint) and not body.complainant.startswith(PERSON_PREFIX):
        yield Refusal("complaint-pseudonym", f"{body.complainant}: use {PERSON_PREFIX}<32 hex>")


@rule("complaint-lot", "complaint")
def complaint_of_its_product(case: Case) -> Iterator[Refusal]:
    """A lot complained of is of the product complained of."""
    body, product = case.body, case.statement.subject
    if (
        isinstance(body, Complaint)
        and isinstance(body.lot, str)
        and product_of(body.lot) != product
    ):
        yield Refusal("complaint-lot", f"{body.lot} is no lot of {product}")
