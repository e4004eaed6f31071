"""``admission``: whether a trader is admitted, and whether what was reviewed still stands."""

from typing import Any

from ledger.questions.decisions import admission_of, decision, overruled_notes
from ledger.questions.measures import ended_cooperation, sanctions_above
from ledger.questions.renewals import DUE, review_failure
from ledger.questions.undone import ended_later
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure
from ledger.rules.favour import Users
from ledger.rules.standing import resolve
from ledger.statements.catalogue import type_name
from ledger.statements.trade_family import Admission


def admission(asked: Asked, *, trader: str) -> Verdict:
    """Return the newest decision on a trader, what of its evidence no longer stands, and what ended it."""
    facts: dict[str, str | int] = {"trader": trader}
    asked = asked.about(Users(frozenset((trader,))))
    found = decision(asked, trader)
    no, notes = ended_cooperation(asked, trader)
    notes += sanctions_above(asked, trader, lambda party: ended_cooperation(asked, party)[0])
    if found is None:
        return settle(
            no=no,
            unknown=[Failure("trader-not-decided", (), facts)],
            notes=notes,
            detail={"decision": None, "grounds": [], "reviewed": []},
        )
    body = admission_of(found)
    reviewed: list[dict[str, Any]] = []
    if body.decision == "refused":
        no.append(Failure("trader-refused", (found.index,), facts))
    else:
        notes += overruled_notes(asked, found)
    # A refusal does not rest on its evidence: what became of it since is only to be known.
    lapses = no if body.decision == "admitted" else notes
    for citation in body.evidence:
        item = resolve(asked.view, citation)
        cited: dict[str, str | int] = {"evidence": citation.id}
        if item is None:
            lapses.append(Failure("evidence-absent", (found.index,), cited))
            continue
        if isinstance(item.body, Admission):
            continue  # a refusal that was overruled, not a paper that was reviewed
        failure = review_failure(asked, trader, item)
        stands = "yes"
        if failure is not None:
            renewed = failure.code == DUE
            stands = "renewed" if renewed else "no"
            (notes if renewed else lapses).append(failure)
        reviewed.append({"entry": item.index, "type": type_name(item.body), "stands": stands})
        notes += ended_later(asked, [item])
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
