"""Statements of observers at work: invitation, visit, observation."""

from typing import Annotated

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
from ledger.statements.points import MAX_POINTS, Seen
from ledger.statements.statement_type import StatementType, found_of
from ledger.texts import Words


class Invitation(PeriodBody, frozen=True, tag="invitation"):
    """An observer is invited to a facility, a lot's inspection or a draw."""

    to: Annotated[AboutId, Meant("Where to.", "Invited to")]
    checklist: Annotated[
        Citation | msgspec.UnsetType,
        Meant("What is looked at there.", "Checklist", context="invitation.checklist"),
    ] = msgspec.UNSET
    publish_by: Annotated[
        Time | msgspec.UnsetType,
        Meant("Until when what is found is published.", "Published by"),
    ] = msgspec.UNSET
    pick: Annotated[
        Citation | msgspec.UnsetType,
        Meant("The result of the draw by which it is invited.", "Pick", context="invitation.pick"),
    ] = msgspec.UNSET


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
    seen: Annotated[
        tuple[Seen, ...],
        msgspec.Meta(max_length=MAX_POINTS),
        Meant("Each point of the checklist that the invitation names.", "Seen by point"),
    ] = ()
    photos: Annotated[Evidences, Meant("Photos that lie elsewhere.", "Photos")] = ()
    sealed: Annotated[Commitments, SEALED] = ()


def invitation_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``observer``, party), (``invited``, where to); of a pick (``executed``, draw), (``observers``, operator)."""
    assert isinstance(body, Invitation)  # noqa: S101 - the catalogue pairs them
    own = (("observer", statement.subject), ("invited", str(body.to)))
    if not isinstance(body.pick, Citation):
        return own
    return (*own, ("executed", str(body.pick.subject)), ("observers", statement.issuer))


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
        case Invitation(checklist=checklist, pick=pick):
            cited = ((checklist, ("checklist",)), (pick, ("draw-result",)))
            return tuple((one, types) for one, types in cited if isinstance(one, Citation))
        case Visit(invitation=Citation() as invitation):
            return ((invitation, ("invitation",)),)
        case Observation(visit=visit):
            return ((visit, ("visit",)),)
        case _:
            return ()


ROWS = (
    StatementType(
        "invitation",
        Invitation,
        ("operator",),
        invitation_histories,
        "party",
        cites=observer_citations,
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
