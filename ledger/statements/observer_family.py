"""Statements of the observer group: application, observer, invitation, visit, observation."""

from typing import Annotated, Literal

import msgspec

from ledger.identifiers import about_topic
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    AboutId,
    Body,
    Citation,
    Commitments,
    Evidences,
    Findings,
    LongText,
    PeriodBody,
    Place,
    Time,
    critical_in,
)
from ledger.statements.meant import ABOUT, EVIDENCE, FINDINGS, SEALED, Meant
from ledger.statements.statement_type import StatementType, found_of
from ledger.texts import Words

ObserverKind = Literal["consumer", "media", "association"]


class ObserverApplication(PeriodBody, frozen=True, tag="observer-application"):
    """Somebody applies to be an observer for a time."""

    kind: Annotated[ObserverKind, Meant("For which group.", "Kind")]
    motive: Annotated[LongText, Meant("Why.", "Motive", context="observer-application.motive")]
    sealed: Annotated[Commitments, SEALED] = ()


class Observer(PeriodBody, frozen=True, tag="observer"):
    """The subject is an observer for a time."""

    kind: Annotated[ObserverKind, Meant("Of which group.", "Kind")]
    application: Annotated[Citation, Meant("The application.", "Application")]


class Invitation(PeriodBody, frozen=True, tag="invitation"):
    """An observer is invited to a facility, a lot's inspection or a draw."""

    to: Annotated[AboutId, Meant("Where to.", "Invited to")]


class Visit(Body, frozen=True, tag="visit"):
    """An observer attends: what, where, when by the device, and what ties it to the visited."""

    about: Annotated[AboutId, ABOUT]
    arrived: Annotated[Time, Meant("When, by the device.", "Arrived")]
    place: Annotated[Place, Meant("Where, by the device.", "Place", context="visit.place")]
    tie: Annotated[
        LongText | None, Meant("What ties the observer to the visited; null: nothing.", "Tie")
    ]
    invitation: Annotated[
        Citation | msgspec.UnsetType,
        Meant("The invitation.", "Invitation", context="visit.invitation"),
    ] = msgspec.UNSET
    evidence: Annotated[Evidences, EVIDENCE] = ()
    sealed: Annotated[Commitments, SEALED] = ()


class Observation(Body, frozen=True, tag="observation"):
    """What an observer found on a visit."""

    about: Annotated[AboutId, ABOUT]
    visit: Annotated[Citation, Meant("The visit.", "Visit", context="observation.visit")]
    findings: Annotated[Findings, FINDINGS]
    text: Annotated[LongText, Meant("What was seen.", "Seen")]
    photos: Annotated[Evidences, Meant("Photos that lie elsewhere.", "Photos")] = ()
    sealed: Annotated[Commitments, SEALED] = ()


def observer_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``observer``, party)."""
    return (("observer", statement.subject),)


def visit_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``visit``, id), (``facility``, ``inspection`` or ``draw``, what it is about).

    About a lot also ``found_of`` it.
    """
    assert isinstance(body, Visit | Observation)  # noqa: S101 - the catalogue pairs them
    about, topic = str(body.about), about_topic(body.about)
    own = (("visit", statement.subject), (topic, about))
    if topic != "inspection":
        return own
    amiss = isinstance(body, Observation) and critical_in(body.findings)
    return (*own, *found_of(about, amiss=amiss))


def observer_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    match body:
        case Observer(application=application):
            return ((application, ("observer-application",)),)
        case Visit(invitation=Citation() as invitation):
            return ((invitation, ("invitation",)),)
        case Observation(visit=visit):
            return ((visit, ("visit",)),)
        case _:
            return ()


ROWS = (
    StatementType(
        "observer-application",
        ObserverApplication,
        ("operator",),
        observer_histories,
        "party",
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
        cites=observer_citations,
        cited_from=("observer",),
        called=Words("observer appointed"),
        says=Words("Somebody is an observer for a time."),
    ),
    StatementType(
        "invitation",
        Invitation,
        ("operator",),
        observer_histories,
        "party",
        cited_from=("observer",),
        called=Words("invitation"),
        says=Words("An observer is invited to a facility, an inspection or a draw."),
    ),
    StatementType(
        "visit",
        Visit,
        ("observer",),
        visit_histories,
        "visit",
        cites=observer_citations,
        cited_from=("visit",),
        called=Words("visit"),
        says=Words("An observer attends."),
    ),
    StatementType(
        "observation",
        Observation,
        ("observer",),
        visit_histories,
        "visit",
        cites=observer_citations,
        cited_from=("visit",),
        called=Words("observation"),
        says=Words("What an observer found on a visit."),
    ),
)
"""Their rows of the catalogue."""
