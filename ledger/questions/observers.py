"""``observers``: the group: who was called for, who applied, what became of each, and how often it is invited."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.histories.history import View
from ledger.identifiers import ALL
from ledger.primitives.instant import DAY_US, format_us
from ledger.questions.draw_notes import uninvited
from ledger.questions.executed import invited_by
from ledger.questions.pages import of_page, pages
from ledger.questions.times import registered_by, since
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure
from ledger.rules.codes import SINCE
from ledger.rules.drawing import acting_in
from ledger.rules.observer_group import Term, terms
from ledger.rules.standing import Standing, standing, standing_in
from ledger.rules.state import log_state
from ledger.statements.draw_family import OBSERVER, DrawResult
from ledger.statements.member_family import (
    ObserverApplication,
    ObserverCall,
    ObserverDeclined,
)
from ledger.statements.observer_family import Invitation

PAGE = 50
"""Applications listed on one page, in the order of registration."""
ANSWER_DAYS = 30
"""Within so many days of its registration an application is answered."""


@dataclass(slots=True)
class Member:
    """Somebody's application to the group, and what answers it."""

    item: Standing
    body: ObserverApplication
    call: Standing | None
    answers: list[Standing] = field(default_factory=list)

    @property
    def declined(self) -> Standing | None:
        """Return what declined it, None where nothing did."""
        return next((one for one in self.answers if isinstance(one.body, ObserverDeclined)), None)

    def term(self, view: View, at_us: int) -> Term | None:
        """Return the term it was given: the one that holds at a time, else the newest; None without one."""
        entries = {one.index for one in self.answers}
        own = [term for term in terms(view, self.item.subject) if term.item.index in entries]
        held = [term for term in own if term.covers(at_us)]
        return held[0] if held else own[-1] if own else None


def _members(said: Iterable[Standing], calls: Mapping[str, Standing], kind: str) -> list[Member]:
    """Return the applications of a kind, in order, each with what answers it."""
    found = dict[str, Member]()
    members = []
    for item in said:
        body = item.body
        if isinstance(body, ObserverApplication):
            if kind in (ALL, body.kind):
                member = Member(item, body, calls.get(body.call.id))
                members.append(member)
                found |= dict.fromkeys(item.ids, member)
        elif (cited := getattr(body, "application", None)) is not None and cited.id in found:
            found[cited.id].answers.append(item)
    return members


def _late(asked: Asked, member: Member) -> bool:
    due_us = asked.view.registered_us(member.item.index) + ANSWER_DAYS * DAY_US
    return not member.answers and asked.valid_at_us > due_us


def _state(asked: Asked, member: Member, term: Term | None) -> str:
    """Return what became of an application by the time asked about."""
    at_us = asked.valid_at_us
    if term is not None:
        until_us = term.until_us
        if at_us < term.from_us:
            return "coming"
        if until_us is None or at_us < until_us:
            return "appointed"
        return "left" if term.end is not None else "over"
    if member.declined is not None:
        return "declined"
    return "unanswered" if _late(asked, member) else "waiting"


def _row(asked: Asked, member: Member) -> dict[str, Any]:
    term, declined = member.term(asked.view, asked.valid_at_us), member.declined
    until_us = None if term is None else term.until_us
    answer = declined if term is None else term.item
    invited = [
        item
        for item in standing_in(asked.view, "observer", member.item.subject)
        if isinstance(item.body, Invitation) and registered_by(asked, item.index)
    ]
    return {
        "party": member.item.subject,
        "entry": member.item.index,
        "kind": member.body.kind,
        "call": None if member.call is None else member.call.index,
        "applied": since(asked, member.item.index),
        "ties": [str(tie.to) for tie in member.body.ties],
        "state": _state(asked, member, term),
        "answer": None if answer is None else answer.index,
        "reason": _reason(declined, term),
        "from": None if term is None else str(term.body.from_),
        "until": None if until_us is None else format_us(until_us),
        "ended_by": None if term is None or term.end is None else term.item.ended_by,
        "invited": len(invited),
    }


def _reason(declined: Standing | None, term: Term | None) -> str | None:
    """Return why somebody was declined, or why its term ended early."""
    if term is None:
        return getattr(None if declined is None else declined.body, "reason", None)
    return None if term.end is None else str(term.end.reason)


def _call(asked: Asked, item: Standing, members: Sequence[Member], kind: str) -> dict[str, Any]:
    body = item.body
    assert isinstance(body, ObserverCall)  # noqa: S101 - chosen as such
    at_us = asked.valid_at_us
    state = "open" if body.covers(at_us) else "coming" if at_us < body.from_.us else "over"
    seats = []
    for seat in body.seats:
        if kind in (ALL, seat.kind):
            own = [one for one in members if one.call is item and one.body.kind == seat.kind]
            seats.append(
                {
                    "kind": seat.kind,
                    "count": seat.count,
                    "applied": len(own),
                    "appointed": sum(any(_appoints(a) for a in one.answers) for one in own),
                    "declined": sum(one.declined is not None for one in own),
                    "unanswered": sum(not one.answers for one in own),
                }
            )
    return {
        "entry": item.index,
        "id": item.id,
        "from": str(body.from_),
        "until": None if body.until is None else str(body.until),
        "state": state,
        "terms": str(body.terms),
        "seats": seats,
    }


def _picks(asked: Asked, item: Standing) -> Iterator[dict[str, Any]]:
    """Yield the observers that a draw left, each with the invitation that followed."""
    assert isinstance(item.body, DrawResult)  # noqa: S101 - chosen as such
    invited = invited_by(asked.view, item)
    for party in acting_in(item.body, OBSERVER):
        yield {
            "party": party,
            "draw": item.subject,
            "entry": item.index,
            "invitation": invited.get(party),
        }


def _appoints(answer: Standing) -> bool:
    return not isinstance(answer.body, ObserverDeclined)


def observers(asked: Asked, *, kind: str, page: str) -> Verdict:
    """Return yes if every application to the group was answered in time, no if one was not; with all of them."""
    operator = log_state(asked.view, asked.origin).operator
    said = [
        item
        for item in asked.view.fold(standing, "observers", operator).values()
        if registered_by(asked, item.index)
    ]
    called = [item for item in said if isinstance(item.body, ObserverCall)]
    calls = {id_: item for item in called for id_ in item.ids}
    members = _members(said, calls, kind)
    late = [
        Failure(
            "application-unanswered",
            (member.item.index,),
            {
                "party": member.item.subject,
                "days": ANSWER_DAYS,
                SINCE: since(asked, member.item.index),
            },
        )
        for member in members
        if _late(asked, member)
    ]
    shown = [
        item
        for item in called
        if isinstance(item.body, ObserverCall) and (kind == ALL or item.body.seats_of(kind))
    ]
    absent = [] if shown else [Failure("observers-absent", (), {})]
    listed = of_page(members, page, PAGE)
    drawn = [item for item in said if isinstance(item.body, DrawResult)]
    picks = [row for item in drawn for row in _picks(asked, item)]
    return settle(
        no=late,
        unknown=absent,
        notes=[note for item in drawn for note in uninvited(asked.view, item)],
        rests_on=(
            *(item.index for item in shown),
            *(member.item.index for member in listed),
            *(one.index for member in listed for one in member.answers),
        ),
        detail={
            "page": int(page),
            "pages": pages(max(len(members), len(picks)), PAGE),
            "applications": len(members),
            "calls": [_call(asked, item, members, kind) for item in shown],
            "members": [_row(asked, member) for member in listed],
            "drawn": of_page(picks, page, PAGE),
        },
    )
