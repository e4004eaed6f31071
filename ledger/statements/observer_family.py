"""Statements of the observer group: application, observer, invitation, visit, observation."""

from typing import Literal

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
from ledger.statements.statement_type import StatementType, found_of

ObserverKind = Literal["consumer", "media", "association"]


class ObserverApplication(PeriodBody, frozen=True, tag="observer-application"):
    """Somebody applies to be an observer for a time."""

    kind: ObserverKind
    motive: LongText
    sealed: Commitments = ()


class Observer(PeriodBody, frozen=True, tag="observer"):
    """The subject is an observer for a time."""

    kind: ObserverKind
    application: Citation


class Invitation(PeriodBody, frozen=True, tag="invitation"):
    """An observer is invited to a facility, a lot's inspection or a draw."""

    to: AboutId


class Visit(Body, frozen=True, tag="visit"):
    """An observer attends: what, where, when by the device, and what ties it to the visited."""

    about: AboutId
    arrived: Time
    place: Place
    tie: LongText | None
    invitation: Citation | msgspec.UnsetType = msgspec.UNSET
    evidence: Evidences = ()
    sealed: Commitments = ()


class Observation(Body, frozen=True, tag="observation"):
    """What an observer found on a visit."""

    about: AboutId
    visit: Citation
    findings: Findings
    text: LongText
    photos: Evidences = ()
    sealed: Commitments = ()


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
    ),
    StatementType(
        "observer",
        Observer,
        ("operator",),
        observer_histories,
        "party",
        cites=observer_citations,
        cited_from=("observer",),
    ),
    StatementType(
        "invitation",
        Invitation,
        ("operator",),
        observer_histories,
        "party",
        cited_from=("observer",),
    ),
    StatementType(
        "visit",
        Visit,
        ("observer",),
        visit_histories,
        "visit",
        cites=observer_citations,
        cited_from=("visit",),
    ),
    StatementType(
        "observation",
        Observation,
        ("observer",),
        visit_histories,
        "visit",
        cites=observer_citations,
        cited_from=("visit",),
    ),
)
"""Their rows of the catalogue."""
