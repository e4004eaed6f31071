"""``admission``: whether a trader is admitted, and whether what was reviewed still stands."""

from typing import Any

from ledger.questions.decisions import admission_of, decision
from ledger.questions.grants import grant_failure
from ledger.questions.measures import ended_cooperation
from ledger.questions.papers import paper_failure
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure
from ledger.rules.standing import Standing, resolve
from ledger.statements.brand_family import Authorisation, Qualification
from ledger.statements.catalogue import type_name
from ledger.statements.origin_family import OriginAudit


def _lapsed(asked: Asked, item: Standing) -> Failure | None:
    """Return why a piece of evidence no longer stands."""
    body = item.body
    match body:
        case Qualification():
            return paper_failure(asked, item)
        case Authorisation():
            return grant_failure(asked, item)
        case OriginAudit() if body.next_due.us <= asked.valid_at_us:
            facts: dict[str, str | int] = {"facility": item.subject, "since": str(body.next_due)}
            return Failure("audit-overdue", (item.index,), facts)
        case _:
            return None


def admission(asked: Asked, *, trader: str) -> Verdict:
    """Return the newest decision on a trader, what of its evidence no longer stands, and what ended it."""
    facts: dict[str, str | int] = {"trader": trader}
    found = decision(asked, trader)
    no = ended_cooperation(asked, trader)
    if found is None:
        return settle(
            no=no,
            unknown=[Failure("trader-not-decided", (), facts)],
            detail={"decision": None, "grounds": [], "reviewed": []},
        )
    body = admission_of(found)
    notes: list[Failure] = []
    reviewed: list[dict[str, Any]] = []
    if body.decision == "refused":
        no.append(Failure("trader-refused", (found.index,), facts))
    # A refusal does not rest on its evidence: what became of it since is only to be known.
    lapses = no if body.decision == "admitted" else notes
    for citation in body.evidence:
        item = resolve(asked.view, citation)
        cited: dict[str, str | int] = {"evidence": citation.id}
        if item is None:
            lapses.append(Failure("evidence-absent", (found.index,), cited))
            continue
        failure = _lapsed(asked, item)
        reviewed.append(
            {
                "entry": item.index,
                "type": type_name(item.body),
                "stands": "yes" if failure is None else "no",
            }
        )
        if failure is not None:
            lapses.append(failure)
        if item.version != citation.id and item.replaced is not None:
            notes.append(Failure("evidence-corrected", (item.index, item.replaced), cited))
    return settle(
        no=no,
        notes=notes,
        rests_on=(found.index, *(row["entry"] for row in reviewed)),
        detail={
            "decision": body.decision,
            "grounds": list(map(str, body.reasons)),
            "reviewed": reviewed,
        },
    )
