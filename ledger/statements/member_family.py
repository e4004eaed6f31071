"""Statements of the observer group's members: call, application, appointment, refusal, end of a term."""

from typing import Annotated, Literal

import msgspec

from ledger.errors import FormError
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Citation,
    Commitments,
    LongText,
    Part,
    PartyId,
    PeriodBody,
    Time,
)
from ledger.statements.meant import REASON, SEALED, TARGET, Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words

ObserverKind = Literal["consumer", "media", "association"]
DeclineReason = Literal["full", "tied", "incomplete", "unfit"]
"""Of these the first is held against the seats of the call."""


class Seats(Part, frozen=True):
    """How many members of one kind are called for."""

    kind: Annotated[ObserverKind, Meant("Of which group.", "Seats: kind")]
    count: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=1_000)], Meant("How many.", "Seats: count")
    ]


class ObserverCall(PeriodBody, frozen=True, tag="observer-call"):
    """The operator calls for members of the group: who may apply, from when until when, on which terms."""

    seats: Annotated[
        tuple[Seats, ...],
        msgspec.Meta(min_length=1, max_length=3),
        Meant("How many members of each kind.", "Seats"),
    ]
    terms: Annotated[
        LongText, Meant("On which terms they are members.", "Terms", context="observer-call.terms")
    ]

    def __post_init__(self) -> None:
        """Refuse a kind twice."""
        PeriodBody.__post_init__(self)
        if len({seat.kind for seat in self.seats}) != len(self.seats):
            raise FormError("seats: a kind is named twice")

    def seats_of(self, kind: str) -> int:
        """Return how many members of a kind are called for, 0 for a kind that is not."""
        return next((seat.count for seat in self.seats if seat.kind == kind), 0)


class DeclaredTie(Part, frozen=True):
    """Somebody whom an applicant says to be tied to, and how."""

    to: Annotated[PartyId, Meant("To whom.", "Tie: to")]
    text: Annotated[LongText, Meant("How.", "Tie: how")]


class ObserverApplication(PeriodBody, frozen=True, tag="observer-application"):
    """Somebody applies to be an observer for a time, by a call."""

    kind: Annotated[ObserverKind, Meant("For which group.", "Kind")]
    call: Annotated[Citation, Meant("The call for members.", "Call")]
    motive: Annotated[LongText, Meant("Why.", "Motive", context="observer-application.motive")]
    ties: Annotated[
        tuple[DeclaredTie, ...],
        msgspec.Meta(max_length=20),
        Meant(
            "What ties the applicant to anybody who makes or sells; an empty list: nothing.", "Ties"
        ),
    ]
    sealed: Annotated[Commitments, SEALED] = ()


class Observer(PeriodBody, frozen=True, tag="observer"):
    """The subject is an observer for a time."""

    kind: Annotated[ObserverKind, Meant("Of which group.", "Kind")]
    application: Annotated[Citation, Meant("The application.", "Application")]


class ObserverDeclined(Body, frozen=True, tag="observer-declined"):
    """An application is declined, and why."""

    application: Annotated[Citation, Meant("The application.", "Application")]
    reason: Annotated[
        DeclineReason,
        Meant(
            "full: all seats of its kind are taken; tied: by what it declares or papers say; "
            "incomplete: something of it was not handed in; unfit: for another reason, which text says.",
            "Why declined",
        ),
    ]
    text: Annotated[LongText, Meant("Why, in words.", "In words", context="observer-declined.text")]


class ObserverEnded(Body, frozen=True, tag="observer-ended"):
    """An observer's term ends early: by the operator, or because it resigns."""

    target: Annotated[Citation, TARGET]
    operator: Annotated[PartyId, Meant("Whose group it leaves.", "Operator")]
    from_: Annotated[Time, Meant("From when on it is no observer.", "From when")] = msgspec.field(
        name="from"
    )
    reason: Annotated[LongText, REASON]


def call_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``observers``, operator)."""
    return (("observers", statement.subject),)


def observer_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``observer``, party), (``observers``, whose group); of an end (``statement``, target's id)."""
    own = ("observer", statement.subject)
    match body:
        case ObserverApplication(call=call):
            return (own, ("observers", str(call.subject)))
        case ObserverEnded(operator=operator, target=target):
            return (own, ("observers", str(operator)), ("statement", target.id))
        case _:
            return (own, ("observers", statement.issuer))


def member_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    match body:
        case ObserverApplication(call=call):
            return ((call, ("observer-call",)),)
        case Observer(application=application) | ObserverDeclined(application=application):
            return ((application, ("observer-application",)),)
        case _:
            return ()


ROWS = (
    StatementType(
        "observer-call",
        ObserverCall,
        ("operator",),
        call_histories,
        "party",
        cited_from=("observers",),
        called=Words("call for observers"),
        says=Words("Who may apply to be an observer, until when and on which terms."),
        about=Words("Operator", "observer-call"),
    ),
    StatementType(
        "observer-application",
        ObserverApplication,
        ("operator", "party"),
        observer_histories,
        "party",
        cites=member_citations,
        cited_from=("observer",),
        called=Words("observer's application"),
        says=Words("Somebody applies to be an observer."),
    ),
    StatementType(
        "observer",
        Observer,
        ("operator",),
        observer_histories,
        "party",
        cites=member_citations,
        cited_from=("observer",),
        called=Words("observer appointed"),
        says=Words("Somebody is an observer for a time."),
    ),
    StatementType(
        "observer-declined",
        ObserverDeclined,
        ("operator",),
        observer_histories,
        "party",
        cites=member_citations,
        called=Words("application declined"),
        says=Words("An application to be an observer is declined, and why."),
    ),
    StatementType(
        "observer-ended",
        ObserverEnded,
        ("operator", "party"),
        observer_histories,
        "party",
        amends=("observer",),
        called=Words("end of an observer's term"),
        says=Words("An observer's term ends early: by the operator, or because it resigns."),
    ),
)
"""Their rows of the catalogue."""
