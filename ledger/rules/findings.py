"""Audits, inspections and what observers found: the newest of each, and critical findings open.

A later audit of a place closes the findings before it; a later inspection that accepts a lot
and finds nothing critical closes those of the lot. Nothing closes what was found of a draw.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from ledger.histories.history import View
from ledger.identifiers import about_topic
from ledger.rules.chains import Failure
from ledger.rules.standing import Standing, standing_in
from ledger.rules.state import MICROSECONDS
from ledger.statements.fields import Findings
from ledger.statements.inspection_family import Inspection
from ledger.statements.observer_family import Observation
from ledger.statements.origin_family import OriginAudit


class Moment(Protocol):
    """The ledger as it is known, and the time in the world that is asked about."""

    @property
    def view(self) -> View:
        """Return the ledger."""
        ...

    @property
    def valid_at_us(self) -> int:
        """Return the time, in microseconds."""
        ...


def audits(asked: Moment, facility: str) -> list[tuple[Standing, OriginAudit]]:
    """Return the audits of a place up to the time asked about, in the order they were made."""
    found = [
        (item, item.body)
        for item in standing_in(asked.view, "facility", facility)
        if isinstance(item.body, OriginAudit) and item.body.on.us <= asked.valid_at_us
    ]
    return sorted(found, key=lambda pair: (pair[1].on.us, pair[0].index))


def made_inspections(asked: Moment, items: Iterable[Standing]) -> list[tuple[Standing, Inspection]]:
    """Return the inspections among statements up to the time asked about, in order of date."""
    found = [
        (item, item.body)
        for item in items
        if isinstance(item.body, Inspection) and item.body.on.us <= asked.valid_at_us
    ]
    return sorted(found, key=lambda pair: (pair[1].on.us, pair[0].index))


def inspections(asked: Moment, lot: str) -> list[tuple[Standing, Inspection]]:
    """Return the inspections of a lot up to the time asked about, in the order they were made."""
    return made_inspections(asked, standing_in(asked.view, "inspection", lot))


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


def _critical(item: Standing, about: str, findings: Findings) -> Iterator[Failure]:
    for finding in findings:
        if finding.severity == "critical":
            yield Failure(
                "finding-critical", (item.index,), {"about": about, "point": finding.point}
            )


def _closed_us(asked: Moment, about: str, topic: str) -> tuple[int, list[Failure]]:
    """Return up to when findings are closed, and the critical ones of audits or inspections since."""
    if topic == "facility":
        known = audits(asked, about)
        if not known:
            return 0, []
        item, newest = known[-1]
        return newest.on.us, list(_critical(item, about, newest.findings))
    closed_us, found = 0, list[Failure]()
    if topic == "inspection":
        for item, body in inspections(asked, about):
            own = list(_critical(item, about, body.findings))
            if own or body.decision == "refused":
                found += own
            else:
                closed_us, found = body.on.us, []
    return closed_us, found


def observed_critical(asked: Moment, about: str) -> list[Failure]:
    """Return the critical findings of observers that are open."""
    return _observed(asked, about, _closed_us(asked, about, about_topic(about))[0])


def _observed(asked: Moment, about: str, closed_us: int) -> list[Failure]:
    found: list[Failure] = []
    for item in standing_in(asked.view, about_topic(about), about):
        at_us = item.entry.statement.issued_at * MICROSECONDS
        if isinstance(item.body, Observation) and closed_us <= at_us <= asked.valid_at_us:
            found += _critical(item, about, item.body.findings)
    return found


def open_critical(asked: Moment, about: str) -> list[Failure]:
    """Return the critical findings about a place or lot that are open, whoever found them."""
    closed_us, found = _closed_us(asked, about, about_topic(about))
    return [*found, *_observed(asked, about, closed_us)]
