"""Statements about what goods must meet: baseline-standard, standard, alliance-pledge."""

from typing import Annotated, Literal

import msgspec

from ledger.errors import FormError
from ledger.identifiers import ancestors
from ledger.statements.criteria import Criteria, contradictions
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Category,
    Citation,
    LongText,
    Names,
    Part,
    PeriodBody,
    Time,
)
from ledger.statements.meant import CATEGORY, CRITERIA, FROM, NAMES, Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words

ConductKind = Literal[
    "reports-for-lots", "complaints-answered", "no-critical-failure", "improvement-in-time", "other"
]
TIMED_CONDUCT = ("reports-for-lots", "complaints-answered")
"""Kinds that are kept within so many days, or not."""


class BaselineStandard(Body, frozen=True, tag="baseline-standard"):
    """A standard that the law or an authority sets for a category, one version of it."""

    names: Annotated[Names, NAMES]
    category: Annotated[Category, CATEGORY]
    from_: Annotated[Time, FROM] = msgspec.field(name="from")
    criteria: Annotated[Criteria, CRITERIA]

    def __post_init__(self) -> None:
        """Refuse criteria that contradict each other.

        One property and direction said twice, two units for one property, a least above a most.
        """
        for why in contradictions(self.criteria):
            raise FormError("criteria: {why}", why=why)


class Standard(Body, frozen=True, tag="standard"):
    """The platform's own standard for a category, above its baselines, one version of it."""

    names: Annotated[Names, NAMES]
    category: Annotated[Category, CATEGORY]
    from_: Annotated[Time, FROM] = msgspec.field(name="from")
    baselines: Annotated[
        tuple[Citation, ...],
        msgspec.Meta(min_length=1, max_length=10),
        Meant("The baseline standards it is never weaker than.", "Baselines"),
    ]
    criteria: Annotated[Criteria, CRITERIA]

    def __post_init__(self) -> None:
        """Refuse criteria that contradict each other.

        One property and direction said twice, two units for one property, a least above a most.
        """
        for why in contradictions(self.criteria):
            raise FormError("criteria: {why}", why=why)


class Conduct(Part, frozen=True):
    """One thing promised: of a kind that can be computed, or in words alone (``other``)."""

    kind: Annotated[
        ConductKind,
        Meant(
            "What is promised; other: in words alone, which nobody can compute.", "Conduct: kind"
        ),
    ]
    within_days: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=365)] | msgspec.UnsetType,
        Meant(
            "Within how many days.",
            "Conduct: within days",
            needed="where kind is reports-for-lots or complaints-answered",
        ),
    ] = msgspec.UNSET
    text: Annotated[
        LongText | msgspec.UnsetType,
        Meant("The promise in words.", "Conduct: text", needed="where kind is other"),
    ] = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse a promise that lacks what it is measured by, and days where none count.

        Reports-for-lots and complaints-answered have within_days and no other kind has; other has
        a text.
        """
        if (self.kind in TIMED_CONDUCT) != (self.within_days is not msgspec.UNSET):
            raise FormError(
                "within_days: for {timed_conduct}, and only for them",
                timed_conduct=" and ".join(TIMED_CONDUCT),
            )
        if self.kind == "other" and self.text is msgspec.UNSET:
            raise FormError("text: what is promised, in words, where the kind is other")


class AlliancePledge(PeriodBody, frozen=True, tag="alliance-pledge"):
    """A member of the quality alliance (the subject) promises to meet standards and to act so."""

    standards: Annotated[
        tuple[Citation, ...],
        msgspec.Meta(max_length=50),
        Meant("Which standards will be met.", "Standards"),
    ]
    conduct: Annotated[
        tuple[Conduct, ...], msgspec.Meta(max_length=20), Meant("What else is promised.", "Conduct")
    ]

    def __post_init__(self) -> None:
        """Refuse a pledge that promises nothing, or a standard or kind (but other) twice."""
        PeriodBody.__post_init__(self)
        if not self.standards and not self.conduct:
            raise FormError("standards, conduct: nothing is promised")
        kinds = [item.kind for item in self.conduct if item.kind != "other"]
        if len(set(kinds)) != len(kinds) or len(set(self.standards)) != len(self.standards):
            raise FormError("standards, conduct: something is promised twice")


def standard_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``standard``, id), (``standards``, c) up the category; of a baseline (``baselines``, category)."""
    assert isinstance(body, BaselineStandard | Standard)  # noqa: S101 - the catalogue pairs them
    return (
        ("standard", statement.subject),
        *(("standards", category) for category in ancestors(body.category)),
        *([("baselines", body.category)] if isinstance(body, BaselineStandard) else ()),
    )


def pledge_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``pledge``, party)."""
    return (("pledge", statement.subject),)


def standard_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    match body:
        case Standard(baselines=baselines):
            return tuple((item, ("baseline-standard",)) for item in baselines)
        case AlliancePledge(standards=standards):
            return tuple((item, ("standard", "baseline-standard")) for item in standards)
        case _:
            return ()


ROWS = (
    StatementType(
        "baseline-standard",
        BaselineStandard,
        ("authority",),
        standard_histories,
        "standard",
        cited_from=("standard",),
        called=Words("baseline standard"),
        says=Words("What the law or an authority demands of goods of a category."),
    ),
    StatementType(
        "standard",
        Standard,
        ("operator",),
        standard_histories,
        "standard",
        cites=standard_citations,
        cited_from=("standard",),
        called=Words("platform standard"),
        says=Words("The platform's own standard for a category, never weaker than its baselines."),
    ),
    StatementType(
        "alliance-pledge",
        AlliancePledge,
        ("brand", "trader", "laboratory"),
        pledge_histories,
        "party",
        cites=standard_citations,
        cited_from=("pledge",),
        called=Words("alliance pledge"),
        says=Words("A brand, trader or laboratory promises to meet standards and to act so."),
        about=Words("Member"),
    ),
)
"""Their rows of the catalogue."""
