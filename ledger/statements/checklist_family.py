"""Statements of what observers look at: checklist."""

from typing import Annotated, Literal

import msgspec

from ledger.errors import FormError
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Names
from ledger.statements.meant import Meant
from ledger.statements.points import MAX_POINTS, Point
from ledger.statements.statement_type import StatementType
from ledger.texts import Words

VisitKind = Literal["facility", "lot", "draw"]
KIND_OF = {"facility": "facility", "inspection": "lot", "draw": "draw"}
"""Topic of what a visit is about -> of which kind the visit is."""


class Checklist(Body, frozen=True, tag="checklist"):
    """What is looked at on visits of some kinds; a later version stands in its place for later invitations."""

    version: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=1_000)], Meant("Which version, from 1.", "Version")
    ]
    names: Annotated[Names, Meant("What it is called.", "Name", context="checklist.names")]
    kinds: Annotated[
        tuple[VisitKind, ...],
        msgspec.Meta(min_length=1, max_length=3),
        Meant("For visits of which kinds: to a facility, a lot or a draw.", "Kinds of visits"),
    ]
    points: Annotated[
        tuple[Point, ...],
        msgspec.Meta(min_length=1, max_length=MAX_POINTS),
        Meant("What is looked at.", "Points", context="checklist.points"),
    ]

    def __post_init__(self) -> None:
        """Refuse a kind or the id of a point twice."""
        if len(set(self.kinds)) != len(self.kinds):
            raise FormError("kinds: each once")
        if len({point.id for point in self.points}) != len(self.points):
            raise FormError("points: an id is used twice")


def checklist_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``checklist``, id)."""
    return (("checklist", statement.subject),)


ROWS = (
    StatementType(
        "checklist",
        Checklist,
        ("operator", "observer"),
        checklist_histories,
        "checklist",
        cited_from=("checklist",),
        called=Words("checklist"),
        says=Words("What observers look at on visits of some kinds."),
    ),
)
"""Their rows of the catalogue."""
