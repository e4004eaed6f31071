"""Audits of places: which there are, and whether another is due."""

from collections.abc import Collection

from ledger.rules.chains import Failure
from ledger.rules.claims import makers_of
from ledger.rules.favour import done_and_signed, untied
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


def freely(asked: Moment, item: Standing, body: OriginAudit, parties: Collection[str]) -> bool:
    """Return whether who audited, and each of the team, was tied to none of these, then nor when it was signed."""
    times, who = done_and_signed(item, body.on.us), dict.fromkeys((item.issuer, *body.team))
    return all(untied(asked.view, one, times, parties) for one in who)


def audited(asked: Moment, facility: str) -> tuple[Standing, OriginAudit] | None:
    """Return the newest audit of a place by somebody tied to nobody who makes something there, or sells that.

    Who owns it is left out: what ties to an owner the ledger knew barred an audit when it came, and
    what it knew later is a note.
    """
    parties = sorted(asked.users.of(facility) - makers_of(asked.view, "facility", facility).keys())
    newest_first = reversed(audits(asked, facility))
    return next((one for one in newest_first if freely(asked, *one, parties)), None)


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
