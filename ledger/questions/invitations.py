"""``invitations``: what an observer is invited to, till when, and what became of it."""

from typing import Any

from ledger.primitives.instant import format_us
from ledger.questions.invited import invitation, state, terms_by, visits_on, windows
from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure
from ledger.rules.standing import Standing, resolve, standing_in
from ledger.statements.fields import Citation, Time
from ledger.statements.observer_family import Invitation


def _row(asked: Asked, item: Standing, became: str, visits: list[int]) -> dict[str, Any]:
    body = invitation(item)
    checklist = (
        resolve(asked.view, body.checklist) if isinstance(body.checklist, Citation) else None
    )
    return {
        "entry": item.index,
        "id": item.id,
        "to": str(body.to),
        "from": str(body.from_),
        "until": None if body.until is None else str(body.until),
        "state": became,
        "checklist": None if checklist is None else checklist.index,
        "publish_by": str(body.publish_by) if isinstance(body.publish_by, Time) else None,
        "pick": str(body.pick.subject) if isinstance(body.pick, Citation) else None,
        "visits": visits,
    }


def invitations(asked: Asked, *, observer: str) -> Verdict:
    """Return yes if an observer may follow an invitation now, with all it ever had."""
    said = [
        item
        for item in standing_in(asked.view, "observer", observer)
        if registered_by(asked, item.index)
    ]
    known = terms_by(asked, observer)
    rows, notes = list[dict[str, Any]](), list[Failure]()
    for item in said:
        if not isinstance(item.body, Invitation):
            continue
        visits = visits_on(asked.view, item, asked.valid_at_us)
        became, window = state(windows(item, known), asked.valid_at_us)
        about: dict[str, str | int] = {"about": str(invitation(item).to)}
        if window is not None and not visits:
            if became == "open":
                if window[1] is not None:
                    about["until"] = format_us(window[1])
                notes.append(Failure("invitation-open", (item.index,), about))
            else:
                about["from"] = format_us(window[0])
                notes.append(Failure("invitation-coming", (item.index,), about))
        rows.append(_row(asked, item, "visited" if visits else became, visits))
    registered = asked.view.history("identity", observer).count
    unknown = [] if registered else [Failure("party-unknown", (), {"party": observer})]
    is_open = any(row["state"] == "open" for row in rows)
    listed = [row["entry"] for row in rows]
    if unknown:
        return settle(unknown=unknown, detail={"invitations": rows})
    return Verdict(
        "yes" if is_open else "no", (), tuple(notes), tuple(listed), {"invitations": rows}
    )
