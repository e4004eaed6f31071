"""``visits``: who was invited to a place, lot or draw, who came, what they found, and what was replied."""

from collections.abc import Collection, Iterable
from typing import Any

from ledger.histories.history import View
from ledger.identifiers import about_topic
from ledger.primitives.instant import parse_us
from ledger.questions.invited import invitation, state, terms_by, windows
from ledger.questions.place import finding_rows
from ledger.questions.replies import replies
from ledger.questions.times import registered_by, since
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.chains import Failure
from ledger.rules.checklists import checklist_of
from ledger.rules.codes import SINCE
from ledger.rules.found import is_invited
from ledger.rules.observer_group import terms
from ledger.rules.observers import tied, visited
from ledger.rules.open import against
from ledger.rules.standing import Standing, resolve, standing_in
from ledger.statements.fields import Citation, Time
from ledger.statements.member_family import Observer
from ledger.statements.observer_family import Invitation, Observation, Visit

Row = dict[str, Any]
"""A visit as JSON."""


def visit(item: Standing) -> Visit:
    """Return the body of a visit."""
    assert isinstance(item.body, Visit)  # noqa: S101 - callers asked for visits
    return item.body


def _term(view: View, item: Standing) -> Observer | None:
    """Return the appointment in whose period a visit began, by what is on record now."""
    at_us = visit(item).arrived.us
    return next((term.body for term in terms(view, item.issuer) if term.covers(at_us)), None)


def _tie_notes(view: View, item: Standing, parties: Iterable[str]) -> list[Failure]:
    """Return what ties an observer to whom it visited, declared or not."""
    body = visit(item)
    if body.tie is not None:
        facts: dict[str, str | int] = {"observer": item.issuer, "tie": str(body.tie)}
        return [Failure("visit-tied", (item.index,), facts)]
    notes = []
    for party in parties:
        found = tied(view, item.issuer, party, body.arrived.us)
        if found is not None:
            facts = {"observer": item.issuer, "party": party}
            notes.append(Failure("visit-tie-undeclared", (item.index, *found), facts))
    return notes


def _row(view: View, item: Standing, term: Observer | None) -> dict[str, Any]:
    body = visit(item)
    asked = resolve(view, body.invitation) if isinstance(body.invitation, Citation) else None
    return {
        "entry": item.index,
        "visit": item.subject,
        "observer": item.issuer,
        "kind": None if term is None else term.kind,
        "arrived": str(body.arrived),
        "in_period": "no" if term is None else "yes",
        "invitation": None if asked is None else asked.index,
        "tie": None if body.tie is None else str(body.tie),
        "observations": [],
    }


def _seen(view: View, body: Observation) -> list[dict[str, Any]]:
    """Return what was seen of each point of the checklist, in its order."""
    found = checklist_of(view, body.visit)
    told = {one.point: one for one in body.seen}
    return [
        {
            "point": point.id,
            "zh": str(point.zh),
            "en": str(point.en),
            "kind": point.kind,
            "told": one.told,
            "unseen": str(one.unseen) if one.told is None else None,
        }
        for point in (() if found is None else found[1].points)
        if (one := told.get(point.id)) is not None
    ]


def _observed(
    asked: Asked, about: str, item: Standing, parties: Collection[str]
) -> tuple[dict[str, Any], list[Failure]]:
    """Return what was observed, with what was replied to it; a note where something was found and nothing replied."""
    body = item.body
    assert isinstance(body, Observation)  # noqa: S101 - the caller looked
    answered = [
        one
        for one in replies(asked.view, about, item, parties)
        if registered_by(asked, one["entry"])
    ]
    row = {
        "entry": item.index,
        "published": since(asked, item.index),
        "text": str(body.text),
        "findings": finding_rows(body.findings),
        "seen": _seen(asked.view, body),
        "replies": answered,
    }
    if not body.findings or answered or not parties:
        return row, []  # nobody is to reply: what was drawn is nobody's place
    facts: dict[str, str | int] = {"observer": item.issuer, "about": about}
    facts[SINCE] = since(asked, item.index)
    return row, [Failure("observation-unanswered", (item.index,), facts)]


def _invited(asked: Asked, item: Standing, rows: Iterable[Row]) -> dict[str, Any]:
    """Return an invitation, and what came of it by the visits to what it is to."""
    body = invitation(item)
    followed = [row for row in rows if row["invitation"] == item.index]
    became, _ = state(windows(item, terms_by(asked, item.subject)), asked.valid_at_us)
    told = [seen["published"] for row in followed for seen in row["observations"]]
    checklist = (
        resolve(asked.view, body.checklist) if isinstance(body.checklist, Citation) else None
    )
    return {
        "entry": item.index,
        "observer": item.subject,
        "from": str(body.from_),
        "until": None if body.until is None else str(body.until),
        "state": "visited" if followed else became,
        "checklist": None if checklist is None else checklist.index,
        "publish_by": str(body.publish_by) if isinstance(body.publish_by, Time) else None,
        "published": min(told, default=None),
    }


def _late(asked: Asked, row: dict[str, Any], about: str) -> list[Failure]:
    """Return that somebody came, and what it found was published late, or is not yet."""
    by = row["publish_by"]
    if by is None or row["state"] != "visited":
        return []
    told_us = asked.valid_at_us if row["published"] is None else parse_us(row["published"])
    if told_us <= parse_us(by):
        return []
    facts: dict[str, str | int] = {"observer": row["observer"], "about": about, "due": by}
    return [Failure("observation-late", (row["entry"],), facts)]


def visits(asked: Asked, *, about: str) -> Verdict:
    """Return who visited, whether in its period and with which ties, what it found, and what is open.

    Whom nobody invited shows what it saw: that somebody visited, an invited one without a tie shows alone.
    """
    view = asked.view
    parties = visited(view, about)
    rows: dict[str, Row] = {}
    asked_for, idle = set[str](), set[str]()
    found_there = against(asked, about)
    closed = {one.trouble.item.id for one in found_there.closed}
    notes, replied = list[Failure](), list[Failure]()
    for item in standing_in(view, about_topic(about), about):
        if isinstance(item.body, Visit) and item.body.arrived.us <= asked.valid_at_us:
            term = _term(view, item)
            rows[item.subject] = _row(view, item, term)
            if not is_invited(item.body):
                idle.add(item.subject)
                continue
            asked_for.add(item.subject)
            doubts = _tie_notes(view, item, parties)
            if term is None:
                facts: dict[str, str | int] = {"observer": item.issuer}
                doubts.append(Failure("observer-out-of-period", (item.index,), facts))
            if doubts:
                idle.add(item.subject)
            notes += doubts
        elif isinstance(item.body, Observation) and item.subject in rows:
            row, unanswered = _observed(asked, about, item, parties)
            rows[item.subject]["observations"].append(row)
            if item.subject in asked_for and item.id not in closed:
                replied += unanswered
    invited = [
        _invited(asked, item, rows.values())
        for item in standing_in(view, "invited", about)
        if isinstance(item.body, Invitation) and registered_by(asked, item.index)
    ]
    late = [note for row in invited for note in _late(asked, row, about)]
    counted = [row for id_, row in rows.items() if id_ not in idle]
    seen = [one for one in found_there.open if isinstance(one.item.body, Observation)]
    absent = [] if counted else [Failure("visits-absent", (), {"about": about})]
    return settle(
        no=[one.reason for one in seen],
        unknown=absent,
        notes=(*notes, *replied, *late, *once(found_there.notes)),
        rests_on=[row["entry"] for row in counted],
        detail={"visits": list(rows.values()), "invited": invited},
    )
