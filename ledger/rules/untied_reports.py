"""What of laboratories' reports counts: nobody tied to whom it favours passes goods, or overturns what failed."""

from dataclasses import replace

from ledger.rules.favour import done_and_signed, untied, whom
from ledger.rules.found import Moment
from ledger.rules.reports import (
    Report,
    custody_links,
    inspected_trader,
    sample_of,
    tested,
    times_of,
)
from ledger.rules.standing import Standing
from ledger.statements.inspection_family import SampleSealed


def tested_freely(at: Moment, item: Standing, users: frozenset[str]) -> bool:
    """Return whether who tested a lot, and who sealed the sample, were tied to nobody whom its pass favours."""
    body, sample = tested(item), sample_of(item)
    inspected = inspected_trader(at.view, sample)
    traders = [str(body.trader)] if isinstance(body.trader, str) else []
    traders += [] if inspected is None else [inspected[0]]
    parties = whom(at.view, str(body.lot), users, *traders)
    if not untied(at.view, item.issuer, done_and_signed(item, *times_of(body)), parties):
        return False
    return all(
        untied(at.view, link.issuer, done_and_signed(link, link.body.taken.us), parties)
        for link in custody_links(at.view, sample)[:1]
        if isinstance(link.body, SampleSealed)
    )


def overturned_freely(at: Moment, report: Report, users: frozenset[str]) -> Report:
    """Return a report without the retests that overturned it and were made by who is tied to whom it favours."""
    bound = [
        one
        for one in report.objections
        if one.outcome == "overturned"
        and one.retest is not None
        and not tested_freely(at, one.retest, users)
    ]
    if not bound:
        return report
    kept = (replace(one, retest=None) if one in bound else one for one in report.objections)
    return replace(report, objections=tuple(kept))


def counted_freely(at: Moment, report: Report) -> Report:
    """Return a report as it shows that goods are good: by nobody who is tied to whom that favours.

    Whoever came to state the lot since counts, too: what its laboratory passed while nobody did is
    no better than what it passes now, which is refused.
    """
    users = at.users.of(str(report.body.lot))
    free = tested_freely(at, report.item, users)
    return replace(overturned_freely(at, report, users), free=free)
