"""``invitations``: what an observer is invited to, till when, and what became of it."""

from collections.abc import Sequence
from typing import Any

from ledger.histories.history import View
from ledger.identifiers import about_topic
from ledger.primitives.instant import format_us
from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.questions.visits import visit
from ledger.rules.chains import Failure
from ledger.rules.standing import Standing, resolve, standing_in
from ledger.statements.fields import Citation
from ledger.statements.observer_family import Invitation, Observer, Visit

Window = tuple[int, int | None]
"""From when until when somebody may come, in microseconds; None: for ever."""


def _body(item: Standing) -> Invitation:
    assert isinstance(item.body, Invitation)  # noqa: S101 - callers asked for invitations
    return item.body


def _windows(item: Standing, terms: Sequence[Observer]) -> list[Window]:
    """Return when an invitation may be followed: within the terms of whom it invites, earliest first."""
    body, found = _body(item), list[Window]()
    for term in terms:
        if term.meets(body):
            ends = [one.until.us for one in (body, term) if one.until is not None]
            found.append((max(body.from_.us, term.from_.us), min(ends) if ends else None))
    return sorted(found, key=lambda window: window[0])


def _visits(view: View, item: Standing, observer: str, at_us: int) -> list[int]:
    """Return the visits by which an observer followed an invitation: they cite it."""
    about = str(_body(item).to)
    found = []
    for one in standing_in(view, about_topic(about), about):
        if isinstance(one.body, Visit) and one.issuer == observer:
            cited = visit(one).invitation
            known = resolve(view, cited) if isinstance(cited, Citation) else None
            if known is not None and known.id == item.id and visit(one).arrived.us <= at_us:
                found.append(one.index)
    return found


def _state(windows: Sequence[Window], at_us: int) -> tuple[str, Window | None]:
    """Return whether an invitation can be followed now, and when it can, or next."""
    for window in windows:
        if at_us < window[0]:
            return "coming", window
        if window[1] is None or at_us < window[1]:
            return "open", window
    return "over", None


def _row(item: Standing, state: str, visits: list[int]) -> dict[str, Any]:
    body = _body(item)
    return {
        "entry": item.index,
        "id": item.id,
        "to": str(body.to),
        "from": str(body.from_),
        "until": None if body.until is None else str(body.until),
        "state": state,
        "visits": visits,
    }


def invitations(asked: Asked, *, observer: str) -> Verdict:
    """Return yes if an observer may follow an invitation now, with all it ever had."""
    said = [
        item
        for item in standing_in(asked.view, "observer", observer)
        if registered_by(asked, item.index)
    ]
    terms = [item.body for item in said if isinstance(item.body, Observer)]
    rows, notes = list[dict[str, Any]](), list[Failure]()
    for item in said:
        if not isinstance(item.body, Invitation):
            continue
        visits = _visits(asked.view, item, observer, asked.valid_at_us)
        state, window = _state(_windows(item, terms), asked.valid_at_us)
        about: dict[str, str | int] = {"about": str(_body(item).to)}
        if window is not None and not visits:
            if state == "open":
                if window[1] is not None:
                    about["until"] = format_us(window[1])
                notes.append(Failure("invitation-open", (item.index,), about))
            else:
                about["from"] = format_us(window[0])
                notes.append(Failure("invitation-coming", (item.index,), about))
        rows.append(_row(item, "visited" if visits else state, visits))
    known = asked.view.history("identity", observer).count
    unknown = [] if known else [Failure("party-unknown", (), {"party": observer})]
    is_open = any(row["state"] == "open" for row in rows)
    listed = [row["entry"] for row in rows]
    if unknown:
        return settle(unknown=unknown, detail={"invitations": rows})
    return Verdict(
        "yes" if is_open else "no", (), tuple(notes), tuple(listed), {"invitations": rows}
    )
