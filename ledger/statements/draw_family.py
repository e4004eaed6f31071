"""Statements of mystery sampling: roster, draw-key, sampling-programme, draw, draw-sealed, draw-result."""

from collections.abc import Iterable
from typing import Annotated, Final, Literal, get_args

import msgspec

from ledger.errors import FormError
from ledger.identifiers import ancestors, programme_of
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Base64Url,
    Body,
    Category,
    Citation,
    Digest,
    LongText,
    Part,
    PartyId,
    PeriodBody,
    ProductId,
    RosterId,
    Text,
    Time,
)
from ledger.statements.meant import CATEGORY, Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words

DrawnRole = Literal["inspector", "laboratory", "observer"]
Stratum = Literal["A", "B", "C", "D", "insufficient"]
"""Of products: the grade of their newest index; insufficient without one, too."""
Beacon = Literal[
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    "1ba5966f782803d93e70d3e81f3110cb6a642cbf5a5746ba3e4d3ca55a2af106",
]
"""drand's quicknet, and the rehearsal's: see Tickets of a draw."""
NOT_ON_SALE: Final = "not-on-sale"
ObjectReason = Literal["not-on-sale", "sold-out", "not-delivered"]
"""Of these the first is held against what is on sale when the result comes."""
TIED_SINCE: Final = "tied-since"
RoleReason = Literal["unavailable", "tied-since", "outside-scope"]
"""Of these the second is held against who is tied to whom when the result comes."""
Few = Annotated[int, msgspec.Meta(ge=1, le=100)]
Spares = Annotated[int, msgspec.Meta(ge=0, le=100)]
Signature48 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{96}\Z", min_length=96, max_length=96)]
Proof80 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{160}\Z", min_length=160, max_length=160)]
CheckpointText = Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]
OBSERVER: Final = "observer"
OBJECT = "object/"
"""What the role of a product begins with; behind it stands its stratum."""
MAX_MEMBERS = 300
MAX_DRAWN = 200
"""Drawn and spare, of all grades and rosters: a result has at most 65,535 bytes."""


MAX_ROUND = 80_000_000_000
"""Due in the year 9629: a later one could not be told."""


class Roster(Body, frozen=True, tag="roster"):
    """Who may be drawn in a role; a later one of the same id stands in its place."""

    role: Annotated[DrawnRole, Meant("In which role.", "Role", context="roster.role")]
    members: Annotated[
        tuple[PartyId, ...],
        msgspec.Meta(min_length=1, max_length=MAX_MEMBERS),
        Meant("Who may be drawn.", "Members"),
    ]

    def __post_init__(self) -> None:
        """Refuse a member twice."""
        if len(set(self.members)) != len(self.members):
            raise FormError("members: somebody is named twice")


class DrawKey(Body, frozen=True, tag="draw-key"):
    """The public key by which the operator's draws are proven (RFC 9381)."""

    x: Annotated[Base64Url, Meant("The public key.", "x", context="draw-key.x")]


class StratumPlan(Part, frozen=True):
    """How many products of one grade are drawn, and how many stand by."""

    grade: Annotated[Stratum, Meant("Products of which index grade.", "Stratum: grade")]
    count: Annotated[Few, Meant("How many are drawn.", "Stratum: count")]
    spares: Annotated[Spares, Meant("How many stand by.", "Stratum: spares")]


class RosterPlan(Part, frozen=True):
    """How many of a roster are drawn, and how many stand by."""

    role: Annotated[DrawnRole, Meant("In which role.", "Roster: role")]
    roster: Annotated[RosterId, Meant("Of which roster.", "Roster: id")]
    count: Annotated[Few, Meant("How many are drawn.", "Roster: count")]
    spares: Annotated[Spares, Meant("How many stand by.", "Roster: spares")]


class SamplingProgramme(PeriodBody, frozen=True, tag="sampling-programme"):
    """What of a category is sampled unannounced: how often, of which grades, by whom."""

    category: Annotated[Category, CATEGORY]
    baseline: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=1_000_000)],
        Meant("Picks executed per quarter before it was raised.", "Baseline per quarter"),
    ]
    multiplier: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=100)],
        Meant("How many times the baseline: raised threefold is 3.", "Multiplier"),
    ]
    strata: Annotated[
        tuple[StratumPlan, ...],
        msgspec.Meta(min_length=1, max_length=5),
        Meant("How many products of each grade.", "Strata"),
    ]
    rosters: Annotated[
        tuple[RosterPlan, ...],
        msgspec.Meta(min_length=1, max_length=3),
        Meant("Who is drawn to act, inspectors at least.", "Rosters"),
    ]
    days: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=90)],
        Meant("Within how many days picks are executed.", "Days to execute"),
    ]
    beacon: Annotated[
        Beacon,
        Meant(
            "The hash of the beacon's chain: 52db… of a draw, 1ba5… of a rehearsal, "
            "in a ledger with a simulated clock alone.",
            "Beacon chain",
        ),
    ]

    def __post_init__(self) -> None:
        """Refuse a grade or role twice, and a programme without inspectors."""
        PeriodBody.__post_init__(self)
        grades = [item.grade for item in self.strata]
        roles = [item.role for item in self.rosters]
        if len(set(grades)) != len(grades) or len(set(roles)) != len(roles):
            raise FormError("strata, rosters: a grade or role is named twice")
        if "inspector" not in roles:
            raise FormError("rosters: inspectors are drawn, too")
        people = sum(item.count + item.spares for item in self.rosters)
        if self.sealings + people > MAX_DRAWN:
            raise FormError(
                "strata, rosters: at most {max_drawn} are drawn or stand by", max_drawn=MAX_DRAWN
            )

    @property
    def sealings(self) -> int:
        """Return how many digests are sealed before the reveal, whatever was bought."""
        return sum(item.count + item.spares for item in self.strata)


class Draw(Body, frozen=True, tag="draw"):
    """A draw is committed to: of which frame, by which round of the beacon, until when."""

    programme: Annotated[Citation, Meant("The programme.", "Programme", context="draw.programme")]
    size: Annotated[
        int,
        msgspec.Meta(ge=1, le=2**53 - 1),
        Meant("As of how many entries of the log.", "Size", context="draw.size"),
    ]
    candidates: Annotated[
        int, msgspec.Meta(ge=1, le=2**53 - 1), Meant("How many candidates there are.", "Candidates")
    ]
    root: Annotated[
        Digest, Meant("The root hash over all candidates.", "Root", context="draw.root")
    ]
    round: Annotated[int, msgspec.Meta(ge=1, le=MAX_ROUND), Meant("The beacon's round.", "Round")]
    deadline: Annotated[
        Time, Meant("Until when the result is registered, or the draw has failed.", "Deadline")
    ]


class DrawSealed(Body, frozen=True, tag="draw-sealed"):
    """What was bought is sealed before the reveal: one digest for each place, of a sealing statement or of nothing.

    The places are those of `strata`, in order: of each grade `count` that are drawn, then `spares`,
    by their tickets. So each pick has one sample, and whoever sees them all learns nothing.
    """

    digests: Annotated[
        tuple[Digest, ...],
        msgspec.Meta(min_length=1, max_length=900),
        Meant("The id of the sealing statement of each place, something else of none.", "Digests"),
    ]

    def __post_init__(self) -> None:
        """Refuse a digest twice."""
        if len(set(self.digests)) != len(self.digests):
            raise FormError("digests: each once")


class Ticketed(Part, frozen=True):
    """A candidate with its ticket."""

    key: Annotated[LongText, Meant("The product or party.", "Drawn: id")]
    ticket: Annotated[Digest, Meant("Its ticket.", "Drawn: ticket")]


Ticketeds = Annotated[tuple[Ticketed, ...], msgspec.Meta(max_length=MAX_DRAWN)]


class RolePicks(Part, frozen=True):
    """Who is drawn in a role, lowest ticket first, who stands by, and who was passed over."""

    role: Annotated[
        Text,
        Meant("The role: object/<grade>, inspector, laboratory, observer.", "Picks: role"),
    ]
    drawn: Annotated[Ticketeds, Meant("Who is drawn.", "Picks: drawn")]
    spares: Annotated[Ticketeds, Meant("Who stands by.", "Picks: spares")]
    passed_over: Annotated[
        tuple[PartyId, ...],
        msgspec.Meta(max_length=MAX_MEMBERS),
        Meant("Who is passed over for a tie to what is drawn.", "Picks: passed over"),
    ] = ()


class Substitution(Part, frozen=True):
    """A pick fell out: the lowest spare that is left stands in."""

    role: Annotated[Text, Meant("In which role.", "Substitution: role")]
    key: Annotated[LongText, Meant("Who or what fell out.", "Substitution: id")]
    reason: Annotated[ObjectReason | RoleReason, Meant("Why.", "Substitution: reason")]

    def __post_init__(self) -> None:
        """Refuse why people fall out of a product, and why a product does of people."""
        if self.role.startswith(OBJECT) != (self.reason in get_args(ObjectReason)):
            raise FormError("reason {reason}: none of {role}", reason=self.reason, role=self.role)


class Sealing(Part, frozen=True):
    """The sealing statement of one pick."""

    product: Annotated[ProductId, Meant("The product.", "Sealing: product")]
    statement: Annotated[Digest, Meant("The id of its sealing statement.", "Sealing: statement id")]


class Witnessed(Part, frozen=True):
    """A checkpoint that witnesses cosigned in time, and the path by which the draw is in its tree."""

    checkpoint: Annotated[CheckpointText, Meant("The cosigned checkpoint.", "Checkpoint")]
    path: Annotated[
        tuple[Digest, ...],
        msgspec.Meta(max_length=63),
        Meant("The inclusion path of the draw.", "Path"),
    ]


class DrawResult(Body, frozen=True, tag="draw-result"):
    """The beacon's signature, the proof and all that follows from them."""

    draw: Annotated[Citation, Meant("The draw.", "Draw", context="draw-result.draw")]
    signature: Annotated[Signature48, Meant("The beacon's signature.", "Beacon's signature")]
    proof: Annotated[Proof80, Meant("The proof of the draw's key.", "Proof", context="draw.proof")]
    picks: Annotated[
        tuple[RolePicks, ...],
        msgspec.Meta(min_length=1, max_length=8),
        Meant("Who and what is drawn.", "Picks"),
    ]
    substitutions: Annotated[
        tuple[Substitution, ...],
        msgspec.Meta(max_length=500),
        Meant("Which picks fell out, and why.", "Substitutions"),
    ] = ()
    sealings: Annotated[
        tuple[Sealing, ...],
        msgspec.Meta(max_length=500),
        Meant("Which sealing statement is of which pick.", "Sealings"),
    ] = ()
    witnessed: Annotated[
        Witnessed | msgspec.UnsetType,
        Meant("What shows that witnesses saw the draw in time.", "Witnessed"),
    ] = msgspec.UNSET


def roster_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``roster``, id)."""
    return (("roster", statement.subject),)


def draw_key_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``draws``, operator)."""
    return (("draws", statement.subject),)


def programme_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``programme``, id), (``programmes``, c) up the category."""
    assert isinstance(body, SamplingProgramme)  # noqa: S101 - the catalogue pairs them
    return (
        ("programme", statement.subject),
        *(("programmes", category) for category in ancestors(body.category)),
    )


def draw_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``draw``, id), (``programme``, its programme), (``draws``, operator); of a result that has observers (``observers``, operator)."""
    own = (
        ("draw", statement.subject),
        ("programme", programme_of(statement.subject)),
        ("draws", statement.issuer),
    )
    observers = isinstance(body, DrawResult) and any(one.role == OBSERVER for one in body.picks)
    return (*own, ("observers", statement.issuer)) if observers else own


def sealed_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``draw``, id)."""
    return (("draw", statement.subject),)


def draw_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    match body:
        case Draw(programme=programme):
            return ((programme, ("sampling-programme",)),)
        case DrawResult(draw=draw):
            return ((draw, ("draw",)),)
        case _:
            return ()


def objects_of(picks: Iterable[RolePicks]) -> list[RolePicks]:
    """Return the picks of products, those of people left out."""
    return [item for item in picks if item.role.startswith(OBJECT)]


ROWS = (
    StatementType(
        "roster",
        Roster,
        ("operator",),
        roster_histories,
        "roster",
        cited_from=("roster",),
        called=Words("roster"),
        says=Words("Who may be drawn as inspector, laboratory or observer."),
    ),
    StatementType(
        "draw-key",
        DrawKey,
        ("operator",),
        draw_key_histories,
        "party",
        cited_from=("draws",),
        called=Words("key of draws"),
        says=Words("The public key by which the operator's draws are proven."),
        about=Words("Operator", "draw-key"),
    ),
    StatementType(
        "sampling-programme",
        SamplingProgramme,
        ("operator",),
        programme_histories,
        "programme",
        cited_from=("programme",),
        called=Words("sampling programme"),
        says=Words("What of a category is sampled unannounced, how often and by whom."),
    ),
    StatementType(
        "draw",
        Draw,
        ("operator",),
        draw_histories,
        "draw",
        cites=draw_citations,
        cited_from=("draw",),
        called=Words("draw"),
        says=Words("A draw is committed to before anybody can know what is drawn."),
    ),
    StatementType(
        "draw-sealed",
        DrawSealed,
        ("operator",),
        sealed_histories,
        "draw",
        cited_from=("draw",),
        called=Words("sealing of a draw"),
        says=Words("What was bought is sealed before anybody is told what was drawn."),
    ),
    StatementType(
        "draw-result",
        DrawResult,
        ("operator",),
        draw_histories,
        "draw",
        cites=draw_citations,
        cited_from=("draw",),
        called=Words("result of a draw"),
        says=Words("What was drawn, with what proves it, and what was substituted and why."),
    ),
)
"""Their rows of the catalogue."""
