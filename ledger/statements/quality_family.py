"""Statements of the quality index: its model and its stated values."""

from typing import Annotated, Literal

import msgspec

from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Citation, Digest, Part, Severity, Time
from ledger.statements.statement_type import StatementType

Weight = Annotated[int, msgspec.Meta(ge=0, le=1000)]
Factor = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Score = Annotated[int, msgspec.Meta(ge=0, le=1000)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]
Grade = Literal["A", "B", "C", "D"]
GRADES: tuple[Grade, ...] = ("A", "B", "C", "D")
"""From the best to the worst."""


class SourceWeights(Part, frozen=True):
    """What an outcome weighs by where it comes from, before its age."""

    mystery: Weight
    flight: Weight
    origin: Weight
    observer: Weight
    patrol: Weight
    inbound: Weight


class SeverityFactors(Part, frozen=True):
    """By how much a failure weighs more than a pass."""

    critical: Factor
    major: Factor
    minor: Factor


class GradeLimits(Part, frozen=True):
    """The least score of each grade; below them all it is D."""

    a: Score
    b: Score
    c: Score

    def __post_init__(self) -> None:
        """Refuse limits that do not fall from A to C."""
        if not self.a > self.b > self.c:
            msg = f"grades: {self.a}, {self.b}, {self.c} do not fall"
            raise ValueError(msg)


class QualityModel(Body, frozen=True, tag="quality-model"):
    """How the index is computed: integers only.

    An outcome of age d days, d under ``window_days``, weighs its source's weight times
    2 ** max(0, ``doublings`` - d // ``step_days``), a failure its severity's factor more.
    Of one inspector or observer at most ``most_of_one`` outcomes of one product or place count
    within ``step_days``.
    G: the passing weight, inbound up to 1 part in ``inbound_part`` of the rest; B: the failing
    one. Score: 1000 (G + ``prior_good``) // (G + B + ``prior_good`` + ``prior_bad``).
    """

    from_: Time = msgspec.field(name="from")
    sources: SourceWeights
    severities: SeverityFactors
    fails_from: Severity
    window_days: Days
    step_days: Days
    doublings: Annotated[int, msgspec.Meta(ge=0, le=20)]
    inbound_part: Factor
    prior_good: Count
    prior_bad: Count
    minimum: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    grades: GradeLimits
    critical_cap: Grade
    most_of_one: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 3

    def __post_init__(self) -> None:
        """Refuse a score that could be a division by nothing: both priors 0."""
        if self.prior_good + self.prior_bad == 0:
            msg = "prior_good, prior_bad: one of them is above 0"
            raise ValueError(msg)


class QualityIndex(Body, frozen=True, tag="quality-index"):
    """The index of a product, trader, brand or category at a time, as of a log size.

    ``inputs``: the SHA-256 of the ids of the outcomes it follows from, ascending, as bytes;
    a corrected one by its newest correction's id. ``score``: null where the outcomes are
    fewer than the model asks for.
    """

    model: Citation
    at: Time
    size: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    outcomes: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
    inputs: Digest
    score: Score | None
    grade: Literal["A", "B", "C", "D", "insufficient"]

    def __post_init__(self) -> None:
        """Refuse a grade without a score, and a score without a grade."""
        if (self.score is None) != (self.grade == "insufficient"):
            msg = "grade: insufficient where score is null, and only there"
            raise ValueError(msg)


def model_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``model``, id)."""
    return (("model", statement.subject),)


def index_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``index``, subject)."""
    return (("index", statement.subject),)


def quality_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    if isinstance(body, QualityIndex):
        return ((body.model, ("quality-model",)),)
    return ()


ROWS = (
    StatementType(
        "quality-model",
        QualityModel,
        ("operator",),
        model_histories,
        "model",
        cited_from=("model",),
    ),
    StatementType(
        "quality-index",
        QualityIndex,
        ("operator",),
        index_histories,
        "indexed",
        cites=quality_citations,
        cited_from=("index",),
    ),
)
"""Their rows of the catalogue."""
