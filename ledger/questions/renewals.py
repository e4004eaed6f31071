"""What takes the place of a paper, grant or audit that lapsed: another that covers all it did."""

from ledger.questions.grants import covers_grant, grant_failure
from ledger.questions.papers import covers_paper, paper_failure, papers
from ledger.questions.times import since
from ledger.questions.verdict import Asked
from ledger.rules.audits import audited
from ledger.rules.chains import Facts, Failure, grant
from ledger.rules.codes import SINCE
from ledger.rules.standing import Standing, resolve, standing
from ledger.statements.brand_family import Authorisation, Qualification, grant_subject
from ledger.statements.catalogue import type_name
from ledger.statements.origin_family import OriginAudit
from ledger.statements.trade_family import Admission

DUE = "decision-due"
"""What was reviewed lapsed and was renewed since: what is due is another decision."""


def lapsed(asked: Asked, item: Standing) -> Failure | None:
    """Return why a paper, grant or audit that was reviewed no longer stands."""
    body = item.body
    match body:
        case Qualification():
            return paper_failure(asked, item)
        case Authorisation():
            return grant_failure(asked, item)
        case OriginAudit() if body.next_due.us <= asked.valid_at_us:
            facts: Facts = {"facility": item.subject, SINCE: str(body.next_due)}
            return Failure("audit-overdue", (item.index,), facts)
        case _:
            return None


def renewal_of(asked: Asked, item: Standing) -> Standing | None:
    """Return what is on record in the place of something that lapsed, the newest; None for nothing."""
    found: list[Standing] = []
    match item.body:
        case Qualification():
            found = [
                other
                for other in papers(asked.view, item.subject)
                if covers_paper(asked, other, item) and paper_failure(asked, other) is None
            ]
        case Authorisation(brand=brand):
            known = asked.view.fold(standing, "grant", grant_subject(brand, item.subject)).values()
            found = [
                other
                for other in known
                if isinstance(other.body, Authorisation)
                and covers_grant(asked, other, item)
                and grant_failure(asked, other) is None
            ]
        case OriginAudit():
            newest = audited(asked, item.subject)
            if newest is not None and newest[1].next_due.us > asked.valid_at_us:
                found = [newest[0]]
    return found[-1] if found else None


def _name(item: Standing) -> str:
    """Return what a paper, grant or audit is called: a grant by the brand it is for."""
    match item.body:
        case Qualification(number=number):
            return str(number)
        case Authorisation():
            return str(grant(item).brand)
        case _:
            return item.subject


def review_failure(asked: Asked, trader: str, item: Standing) -> Failure | None:
    """Return why something reviewed for an admission lapsed, or that another decision on it is due.

    What was renewed since is not missing: the renewal carries the admission.
    """
    failure = lapsed(asked, item)
    renewal = None if failure is None else renewal_of(asked, item)
    if renewal is None:
        return failure
    facts: Facts = {"trader": trader, "what": type_name(item.body), "reviewed": _name(item)}
    facts["issuer"] = item.issuer
    facts[SINCE] = since(asked, renewal.index)
    return Failure(DUE, (item.index, renewal.index), facts)


def papers_reviewed(
    asked: Asked, trader: str, body: Admission
) -> tuple[list[Failure], list[Failure]]:
    """Return which papers of an admission lapsed, and which of them were renewed since.

    Grants and audits that were reviewed are of single brands and places: whoever asks about
    goods looks at those of the goods.
    """
    lapses: list[Failure] = []
    renewed: list[Failure] = []
    for citation in body.evidence:
        item = resolve(asked.view, citation)
        if item is not None and isinstance(item.body, Qualification):
            failure = review_failure(asked, trader, item)
            if failure is not None:
                (renewed if failure.code == DUE else lapses).append(failure)
    return lapses, renewed
