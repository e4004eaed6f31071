"""What became of invitations: when they can be followed, and by which visits they were."""

from collections.abc import Iterable, Sequence

from ledger.histories.history import View
from ledger.identifiers import about_topic
from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked
from ledger.rules.observer_group import Term, terms
from ledger.rules.standing import Standing, resolve, standing_in
from ledger.statements.fields import Citation
from ledger.statements.observer_family import Invitation, Visit

Window = tuple[int, int | None]
"""From when until when somebody may come, in microseconds; None: for ever."""


def invitation(item: Standing) -> Invitation:
    """Return the body of an invitation."""
    assert isinstance(item.body, Invitation)  # noqa: S101 - callers asked for invitations
    return item.body


def terms_by(asked: Asked, observer: str) -> list[Term]:
    """Return the terms of an observer that were on record at the time asked about."""
    return [term for term in terms(asked.view, observer) if registered_by(asked, term.item.index)]


def windows(item: Standing, known: Iterable[Term]) -> list[Window]:
    """Return when an invitation may be followed: within the terms of whom it invites, earliest first."""
    body = invitation(item)
    until_us = None if body.until is None else body.until.us
    found = [term.meeting(body.from_.us, until_us) for term in known]
    return sorted((one for one in found if one is not None), key=lambda window: window[0])


def state(known: Sequence[Window], at_us: int) -> tuple[str, Window | None]:
    """Return whether an invitation can be followed now, and when it can, or next."""
    for window in known:
        if at_us < window[0]:
            return "coming", window
        if window[1] is None or at_us < window[1]:
            return "open", window
    return "over", None


def follows(view: View, visit: Visit, item: Standing) -> bool:
    """Return whether a visit follows an invitation: it cites it."""
    if not isinstance(visit.invitation, Citation):
        return False
    known = resolve(view, visit.invitation)
    return known is not None and known.id == item.id


def visits_on(view: View, item: Standing, at_us: int) -> list[int]:
    """Return the visits by which an observer followed an invitation, by a time."""
    about = str(invitation(item).to)
    return [
        one.index
        for one in standing_in(view, about_topic(about), about)
        if isinstance(one.body, Visit)
        and one.issuer == item.subject
        and one.body.arrived.us <= at_us
        and follows(view, one.body, item)
    ]
