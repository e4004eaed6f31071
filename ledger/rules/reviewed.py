"""Rule for what a trader is admitted on: something in force, and something of its own."""

from collections.abc import Iterator

from ledger.rules.citations import cited
from ledger.rules.concerns import own
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.sanctions import flaw
from ledger.rules.standing import Standing
from ledger.rules.state import MICROSECONDS
from ledger.statements.fields import PeriodBody
from ledger.statements.trade_family import Admission
from ledger.texts import saying


@rule("admission-evidence", "admission", bite="replay-only")
def admission_on_live_evidence(case: Case) -> Iterator[Refusal]:
    """What an admission rests on is there, of its type, and in force: papers, grants, audits, one of them its own.

    `admitted`, and nothing in `evidence` cited from another topic than `admission`; else none of
    these, each found, is a paper or grant of `sub`, or an audit that is its own at `iat` (*Whom it
    concerns*). *What is cited*: each with a flaw (there), or a paper or grant whose period does not
    cover `iat` [it].
    """
    body, trader = case.body, case.statement.subject
    if not isinstance(body, Admission):
        return
    at_us = case.statement.issued_at * MICROSECONDS
    evidence = list(cited(case))
    known = (found for _, _, found in evidence if found is not None)
    reviewed = [found for found in known if not isinstance(found.body, Admission)]
    if body.decision == "admitted":
        if all(citation.topic == "admission" for citation in body.evidence):
            none = saying("admitted on no paper: cite what was reviewed")
            yield Refusal("admission-evidence", none)
        elif reviewed and not any(_of(case, found, trader, at_us) for found in reviewed):
            # What is somebody else's may be looked at beside; alone it says nothing of who is let in.
            theirs = saying(
                "nothing of {trader}'s own is cited: cite a paper that it holds, or a grant to it",
                trader=trader,
            )
            yield Refusal("admission-evidence", theirs, tuple(found.index for found in reviewed))
    for citation, types, found in evidence:
        why = flaw(citation, types, found)
        if why is None and found is not None and isinstance(found.body, PeriodBody):
            period = found.body
            if not period.covers(at_us):
                why = saying("{id} holds {span}", id=citation.id, span=period.span)
        if why is not None:
            cites = () if found is None else (found.index,)
            yield Refusal("admission-evidence", why, cites)


def _of(case: Case, found: Standing, trader: str, at_us: int) -> bool:
    """Return whether what was reviewed is a trader's: held by it, granted to it, or found at its place."""
    if isinstance(found.body, PeriodBody):
        return found.subject == trader
    return own(case.view, found, trader, at_us)
