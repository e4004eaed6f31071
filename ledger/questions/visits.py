"""``visits``: which observers visited a place, lot or draw, and what they found."""

from collections.abc import Iterable
from typing import Any

from ledger.histories.history import View
from ledger.identifiers import about_topic
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.chains import Failure
from ledger.rules.found import is_invited
from ledger.rules.observers import visited
from ledger.rules.open import against
from ledger.rules.standing import Standing, resolve, standing_in
from ledger.rules.ties import ties
from ledger.statements.fields import Citation
from ledger.statements.observer_family import Observation, Observer, Visit


def visit(item: Standing) -> Visit:
    """Return the body of a visit."""
    assert isinstance(item.body, Visit)  # noqa: S101 - callers asked for visits
    return item.body


def _term(view: View, item: Standing) -> Standing | None:
    """Return the appointment in whose period a visit began, by what is on record now."""
    at_us = visit(item).arrived.us
    for term in standing_in(view, "observer", item.issuer):
        if isinstance(term.body, Observer) and term.body.covers(at_us):
            return term
    return None


def _tie_notes(view: View, item: Standing, parties: Iterable[str]) -> list[Failure]:
    """Return what ties an observer to whom it visited, declared or not."""
    body = visit(item)
    if body.tie is not None:
        facts: dict[str, str | int] = {"observer": item.issuer, "tie": str(body.tie)}
        return [Failure("visit-tied", (item.index,), facts)]
    notes = []
    for party in parties:
        found = ties(view, item.issuer, party, body.arrived.us)
        if found is not None:
            facts = {"observer": item.issuer, "party": party}
            notes.append(Failure("visit-tie-undeclared", (item.index, *found), facts))
    return notes


def _row(view: View, item: Standing, term: Standing | None) -> dict[str, Any]:
    body = visit(item)
    invitation = resolve(view, body.invitation) if isinstance(body.invitation, Citation) else None
    kind = None if term is None else getattr(term.body, "kind", None)
    return {
        "entry": item.index,
        "visit": item.subject,
        "observer": item.issuer,
        "kind": kind,
        "arrived": str(body.arrived),
        "in_period": "no" if term is None else "yes",
        "invitation": None if invitation is None else invitation.index,
        "tie": None if body.tie is None else str(body.tie),
        "observations": [],
    }


def visits(asked: Asked, *, about: str) -> Verdict:
    """Return who visited, whether in its period and with which ties, and what is open.

    Whom nobody invited shows what it saw: that somebody visited, an invited one shows alone.
    """
    view = asked.view
    parties = visited(view, about)
    rows: dict[str, dict[str, Any]] = {}
    asked_for = set[str]()
    notes: list[Failure] = []
    for item in standing_in(view, about_topic(about), about):
        if isinstance(item.body, Visit) and item.body.arrived.us <= asked.valid_at_us:
            term = _term(view, item)
            rows[item.subject] = _row(view, item, term)
            if is_invited(item.body):
                asked_for.add(item.subject)
            notes += _tie_notes(view, item, parties)
            if term is None:
                facts: dict[str, str | int] = {"observer": item.issuer}
                notes.append(Failure("observer-out-of-period", (item.index,), facts))
        elif isinstance(item.body, Observation) and item.subject in rows:
            findings = [
                {"point": str(one.point), "severity": one.severity, "text": str(one.text)}
                for one in item.body.findings
            ]
            found = {"entry": item.index, "text": str(item.body.text), "findings": findings}
            rows[item.subject]["observations"].append(found)
    counted = [row for id_, row in rows.items() if id_ in asked_for and row["in_period"] == "yes"]
    found_there = against(asked, about)
    seen = [one for one in found_there.open if isinstance(one.item.body, Observation)]
    absent = [] if counted else [Failure("visits-absent", (), {"about": about})]
    return settle(
        no=[one.reason for one in seen],
        unknown=absent,
        notes=(*notes, *once(found_there.notes)),
        rests_on=[row["entry"] for row in counted],
        detail={"visits": list(rows.values())},
    )
