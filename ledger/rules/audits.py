"""Audits of places: which there are, and whether another is due."""

from collections.abc import Collection

from ledger.rules.chains import Failure
from ledger.rules.favour import auditors, done_and_signed, untied
from ledger.rules.found import Moment
from ledger.rules.parties import owners_ever
from ledger.rules.standing import Standing, standing_in
from ledger.statements.origin_family import OriginAudit


def audits(asked: Moment, facility: str) -> list[tuple[Standing, OriginAudit]]:
    """Return the audits of a place up to the time asked about, in the order they were made.

    Of one moment the one that asks for the next soonest comes last: which was typed first says nothing.
    """
    found = [
        (item, item.body)
        for item in standing_in(asked.view, "facility", facility)
        if isinstance(item.body, OriginAudit) and item.body.on.us <= asked.valid_at_us
    ]
    return sorted(found, key=lambda pair: (pair[1].on.us, -pair[1].next_due.us, pair[0].id))


def freely(asked: Moment, item: Standing, body: OriginAudit, parties: Collection[str]) -> bool:
    """Return whether an audit is of nobody tied to one of these, when it was made or when it was signed.

    Neither who signed it, nor anybody who was ever said to be of the team.
    """
    times = done_and_signed(item, body.on.us)
    return all(untied(asked.view, one, times, parties) for one in auditors(item))


def audited(asked: Moment, facility: str) -> tuple[Standing, OriginAudit] | None:
    """Return the newest audit of a place by somebody tied to nobody who makes something there, or sells that.

    Who owned it when the audit came is left out: what ties to an owner the ledger knew barred it
    then, and what it knew later is a note. Who came to own it since is asked about.
    """
    owned = owners_ever(asked.view, facility)
    for item, body in reversed(audits(asked, facility)):
        before = {party for party, entries in owned.items() if entries[0] < item.index}
        parties = sorted((asked.users.of(facility) | owned.keys()) - before)
        if freely(asked, item, body, parties):
            return item, body
    return None


def audit_failures(asked: Moment, facility: str) -> tuple[list[Failure], list[Failure]]:
    """Return why the newest audit of a place is overdue, and that there is none.

    One by who is tied shows nothing, but that another is due.
    """
    newest, facts = audited(asked, facility), dict[str, str | int](facility=facility)
    if newest is None:
        return [], [Failure("audit-absent", (), facts)]
    for item, body in (newest, audits(asked, facility)[-1]):
        if body.next_due.us <= asked.valid_at_us:
            since: dict[str, str | int] = {"since": str(body.next_due)}
            return [Failure("audit-overdue", (item.index,), facts | since)], []
    return [], []
