"""Audits of places: which there are, and whether another is due."""

from ledger.rules.chains import Failure
from ledger.rules.found import Moment
from ledger.rules.standing import Standing, standing_in
from ledger.statements.origin_family import OriginAudit


def audits(asked: Moment, facility: str) -> list[tuple[Standing, OriginAudit]]:
    """Return the audits of a place up to the time asked about, in the order they were made."""
    found = [
        (item, item.body)
        for item in standing_in(asked.view, "facility", facility)
        if isinstance(item.body, OriginAudit) and item.body.on.us <= asked.valid_at_us
    ]
    return sorted(found, key=lambda pair: (pair[1].on.us, pair[0].index))


def audit_failures(asked: Moment, facility: str) -> tuple[list[Failure], list[Failure]]:
    """Return why the newest audit of a place is overdue, and that there is none."""
    known = audits(asked, facility)
    facts: dict[str, str | int] = {"facility": facility}
    if not known:
        return [], [Failure("audit-absent", (), facts)]
    item, newest = known[-1]
    if newest.next_due.us > asked.valid_at_us:
        return [], []
    since: dict[str, str | int] = {"since": str(newest.next_due)}
    return [Failure("audit-overdue", (item.index,), facts | since)], []
