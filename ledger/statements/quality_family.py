"""Statements of the quality index: its model and its stated values."""

from typing import Annotated, Literal

import msgspec

from ledger.errors import FormError
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Citation, Digest, Part, Severity, Time
from ledger.statements.meant import FROM, Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words

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

    mystery: Annotated[Weight, Meant("Mystery sampling.", "Mystery")]
    flight: Annotated[Weight, Meant("Flight inspection.", "Flight")]
    origin: Annotated[Weight, Meant("Origin audit.", "Origin")]
    observer: Annotated[
        Weight, Meant("Observers' visit.", "Observer", context="SourceWeights.observer")
    ]
    patrol: Annotated[Weight, Meant("Warehouse patrol.", "Patrol")]
    inbound: Annotated[Weight, Meant("Inbound acceptance.", "Inbound")]


class SeverityFactors(Part, frozen=True):
    """By how much a failure weighs more than a pass."""

    critical: Annotated[Factor, Meant("Critical.", "Critical")]
    major: Annotated[Factor, Meant("Major.", "Major")]
    minor: Annotated[Factor, Meant("Minor.", "Minor")]


class GradeLimits(Part, frozen=True):
    """The least score of each grade; below them all it is D."""

    a: Annotated[Score, Meant("Grade A from here on.", "Grade A from")]
    b: Annotated[Score, Meant("Grade B from here on.", "Grade B from")]
    c: Annotated[Score, Meant("Grade C from here on; below it D.", "Grade C from")]

    def __post_init__(self) -> None:
        """Refuse limits that do not fall from A to C."""
        if not self.a > self.b > self.c:
            raise FormError("grades: {a}, {b}, {c} do not fall", a=self.a, b=self.b, c=self.c)


class QualityModel(Body, frozen=True, tag="quality-model"):
    """How the index is computed: integers only.

    An outcome of age d days, d under ``window_days``, weighs its source's weight times
    2 ** max(0, ``doublings`` - d // ``step_days``), a failure its severity's factor more.
    Of one inspector or observer at most ``most_of_one`` outcomes of one product or place count
    within ``step_days``.
    G: the passing weight, inbound up to 1 part in ``inbound_part`` of the rest; B: the failing
    one. Score: 1000 (G + ``prior_good``) // (G + B + ``prior_good`` + ``prior_bad``).
    """

    from_: Annotated[Time, FROM] = msgspec.field(name="from")
    sources: Annotated[
        SourceWeights, Meant("What an outcome weighs by its source.", "Source weights")
    ]
    severities: Annotated[
        SeverityFactors, Meant("By how much a failure weighs more than a pass.", "Severity factors")
    ]
    fails_from: Annotated[
        Severity,
        Meant("From which severity on a finding fails an audit or an observation.", "Fails from"),
    ]
    window_days: Annotated[Days, Meant("How many days back outcomes count.", "Window (days)")]
    step_days: Annotated[Days, Meant("Every so many days the weight halves.", "Step (days)")]
    doublings: Annotated[
        int,
        msgspec.Meta(ge=0, le=20),
        Meant(
            "How often the newest weight was doubled; when it has halved so often, it stays.",
            "Doublings",
        ),
    ]
    inbound_part: Annotated[
        Factor,
        Meant(
            "Inbound passes count up to one part in so many of the other passing weight.",
            "Inbound part",
        ),
    ]
    prior_good: Annotated[Count, Meant("Passing weight to begin with (a).", "Prior good")]
    prior_bad: Annotated[Count, Meant("Failing weight to begin with (b).", "Prior bad")]
    minimum: Annotated[
        int,
        msgspec.Meta(ge=1, le=1_000_000),
        Meant(
            "Under so many outcomes, inbound passes apart, there is no index (k).",
            "Minimum outcomes",
        ),
    ]
    grades: Annotated[GradeLimits, Meant("The least scores of grades A, B and C.", "Grade limits")]
    critical_cap: Annotated[
        Grade, Meant("The best grade while a critical failure is open.", "Critical cap")
    ]
    most_of_one: Annotated[
        int,
        msgspec.Meta(ge=1, le=1_000_000),
        Meant(
            "How many outcomes of one inspector or observer about one product or place count within step_days.",
            "Most of one",
        ),
    ] = 3

    def __post_init__(self) -> None:
        """Refuse a score that could be a division by nothing: both priors 0."""
        if self.prior_good + self.prior_bad == 0:
            raise FormError("prior_good, prior_bad: one of them is above 0")


class QualityIndex(Body, frozen=True, tag="quality-index"):
    """The index of a product, trader, brand or category at a time, as of a log size.

    ``inputs``: the SHA-256 of the ids of the outcomes it follows from, ascending, as bytes;
    a corrected one by its newest correction's id. ``score``: null where the outcomes are
    fewer than the model asks for.
    """

    model: Annotated[Citation, Meant("The model.", "Model")]
    at: Annotated[Time, Meant("The time it is about.", "At")]
    size: Annotated[
        int, msgspec.Meta(ge=1, le=2**53 - 1), Meant("As of how many entries of the log.", "Size")
    ]
    outcomes: Annotated[
        int,
        msgspec.Meta(ge=0, le=2**53 - 1),
        Meant("How many outcomes it follows from.", "Outcomes"),
    ]
    inputs: Annotated[Digest, Meant("SHA-256 of their statement ids, ascending.", "Inputs")]
    score: Annotated[Score | None, Meant("The score, 0 to 1000; null: too few outcomes.", "Score")]
    grade: Annotated[Literal["A", "B", "C", "D", "insufficient"], Meant("The grade.", "Grade")]

    def __post_init__(self) -> None:
        """Refuse a grade without a score, and a score without a grade."""
        if (self.score is None) != (self.grade == "insufficient"):
            raise FormError("grade: insufficient where score is null, and only there")


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
        called=Words("model of the quality index"),
        says=Words("How the quality index is computed: weights, ages, severities, grades."),
    ),
    StatementType(
        "quality-index",
        QualityIndex,
        ("operator",),
        index_histories,
        "indexed",
        cites=quality_citations,
        cited_from=("index",),
        called=Words("quality index"),
        says=Words(
            "The quality index of a product, trader, brand or category, recomputed when registered."
        ),
    ),
)
"""Their rows of the catalogue."""
