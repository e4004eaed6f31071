"""Statements about mending: advice, improvement-plan, improvement-step, improvement-verified."""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from ledger.errors import FormError, MalformedError
from ledger.identifiers import check_lot
from ledger.primitives.near import normal_name
from ledger.statements.criteria import Criterion, Limit
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Citation,
    Evidence,
    Evidences,
    LongText,
    Part,
    ProductId,
    Text,
    Time,
)
from ledger.statements.meant import CAUSE, EVIDENCE, REASON, TARGET, Meant
from ledger.statements.statement_type import StatementType, found_of
from ledger.texts import Words

CAUSES = (
    "inspection", "origin-audit", "observation", "test-report", "retest-report", "recall",
    "complaint", "sanction",
)  # fmt: skip
"""What may have to be mended."""
CAUSE_TOPICS = ("inspection", "facility", "visit", "sample", "feedback", "sanction")
"""The topics that causes are cited from: a plan joins no other history than one of these."""
MAX_ACTIONS = 20

Outcome = Literal["effective", "ineffective"]


class Advice(Body, frozen=True, tag="advice"):
    """The operator advises a trader (the subject) to mend something, on these grounds."""

    grounds: Annotated[
        tuple[Citation, ...],
        msgspec.Meta(min_length=1, max_length=20),
        Meant("The statements it follows from.", "Grounds", context="advice.grounds"),
    ]
    text: Annotated[LongText, Meant("What to mend.", "Advice")]
    answer_by: Annotated[Time, Meant("Until when a plan should answer it.", "Answer by")]


class Action(Part, frozen=True):
    """Something to be done, and until when."""

    text: Annotated[LongText, Meant("What will be done.", "Action", context="Action.text")]
    due: Annotated[Time, Meant("Until when.", "Due", context="Action.due")]


Stage = Literal["design", "sourcing", "making", "storing", "selling"]
"""设计, 采购, 生产, 仓储, 销售: where in a product's life something is mended."""
MAX_MEASURES = 10
NONCONFORMING = "nonconforming"
"""The property that inspections measure, not laboratories: nonconforming items of those inspected, in %."""


class Measure(Part, frozen=True, kw_only=True):
    """By what later results of a product show that a plan has worked: where it stood, where it is to be."""

    product: Annotated[
        ProductId, Meant("Of which product.", "Measured product", context="Measure.product")
    ]
    property: Annotated[
        Text,
        Meant(
            "What laboratories measure; nonconforming, in %: what inspections find.",
            "Measured property",
        ),
    ]
    unit: Annotated[Text, Meant("In which unit.", "Unit", context="Measure.unit")]
    direction: Annotated[
        Literal["at-most", "at-least"],
        Meant("Whether less or more is better.", "Direction of measure"),
    ]
    baseline: Annotated[Limit, Meant("The value before.", "Baseline value")]
    goal: Annotated[Limit, Meant("The value to be reached.", "Target value")]

    def __post_init__(self) -> None:
        """Refuse a target that is no better than the baseline, and inspections measured otherwise than in % at most."""
        before, after = Decimal(self.baseline), Decimal(self.goal)
        if not (after < before if self.direction == "at-most" else after > before):
            raise FormError(
                "goal {goal} is no better than baseline {baseline}",
                goal=self.goal,
                baseline=self.baseline,
            )
        if self.by_inspection() and (self.unit, self.direction) != ("%", "at-most"):
            raise FormError("nonconforming: measured in %, at-most")

    def asks(self, limit: str) -> Criterion:
        """Return that a value of it is as good as a limit."""
        return Criterion(
            property=self.property,
            unit=self.unit,
            direction=self.direction,
            limit=limit,
            severity="minor",
        )

    def by_inspection(self) -> bool:
        """Return whether inspections measure it."""
        return normal_name(self.property) == NONCONFORMING


class ImprovementPlan(Body, frozen=True, tag="improvement-plan"):
    """A trader (the subject) says what it will do about a cause, each action with its date."""

    cause: Annotated[Citation, CAUSE]
    root_cause: Annotated[LongText, Meant("What brought it about.", "Root cause")]
    actions: Annotated[
        tuple[Action, ...],
        msgspec.Meta(min_length=1, max_length=MAX_ACTIONS),
        Meant("What will be done, each with its date.", "Actions"),
    ]
    stage: Annotated[
        Stage | msgspec.UnsetType, Meant("Where in a product's life it is mended.", "Stage")
    ] = msgspec.UNSET
    measures: Annotated[
        tuple[Measure, ...],
        msgspec.Meta(max_length=MAX_MEASURES),
        Meant("By what later results show whether it has worked.", "Measures"),
    ] = ()

    def __post_init__(self) -> None:
        """Refuse a cause that is cited from another topic than inspection (there of a lot), facility, visit, sample, feedback, sanction."""
        _check_cause(self.cause)


class ImprovementStep(Body, frozen=True, tag="improvement-step"):
    """One action of a plan, counted from 1, is done: what was done, with evidence."""

    target: Annotated[Citation, TARGET]
    cause: Annotated[Citation, CAUSE]
    action: Annotated[
        int,
        msgspec.Meta(ge=1, le=MAX_ACTIONS),
        Meant("Which action of the plan, from 1.", "Action", context="improvement-step.action"),
    ]
    text: Annotated[LongText, Meant("What was done.", "Done")]
    evidence: Annotated[tuple[Evidence, ...], msgspec.Meta(min_length=1, max_length=50), EVIDENCE]

    def __post_init__(self) -> None:
        """Refuse a cause that is cited from another topic than inspection (there of a lot), facility, visit, sample, feedback, sanction."""
        _check_cause(self.cause)


class ImprovementVerified(Body, frozen=True, tag="improvement-verified"):
    """Somebody else looked whether a plan has mended its cause; the plan is closed."""

    target: Annotated[Citation, TARGET]
    cause: Annotated[Citation, CAUSE]
    on: Annotated[Time, Meant("When it was looked at.", "Verified on")]
    outcome: Annotated[
        Outcome,
        Meant("Whether the cause is mended.", "Outcome", context="improvement-verified.outcome"),
    ]
    reason: Annotated[LongText, REASON]
    evidence: Annotated[Evidences, EVIDENCE] = ()

    def __post_init__(self) -> None:
        """Refuse a cause that is cited from another topic than inspection (there of a lot), facility, visit, sample, feedback, sanction."""
        _check_cause(self.cause)


def _check_cause(cause: Citation) -> None:
    if cause.topic not in CAUSE_TOPICS:
        raise FormError(
            "cause: cited from {topic}: cite it from {cause_topics}",
            topic=cause.topic,
            cause_topics=", ".join(CAUSE_TOPICS),
        )
    if cause.topic == "inspection":
        try:
            check_lot(cause.subject)
        except MalformedError as error:
            raise FormError("cause: {why}", why=error) from error


def advice_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``advice``, trader)."""
    return (("advice", statement.subject),)


def improvement_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``improvement``, trader) and the history that the cause is cited from.

    Where that is a lot's also (``examined``, product).
    """
    assert isinstance(body, ImprovementPlan | ImprovementStep | ImprovementVerified)  # noqa: S101 - the catalogue pairs them
    about: Topic = (body.cause.topic, str(body.cause.subject))
    of_lot = found_of(about[1], amiss=False) if about[0] == "inspection" else ()
    own: tuple[Topic, ...] = (("improvement", statement.subject), about, *of_lot)
    return own if isinstance(body, ImprovementPlan) else (*own, ("statement", body.target.id))


def improvement_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    match body:
        case Advice(grounds=grounds):
            return tuple((item, CAUSES) for item in grounds)
        case ImprovementPlan(cause=cause):
            return ((cause, CAUSES),)
        case _:
            return ()


ROWS = (
    StatementType(
        "advice",
        Advice,
        ("operator",),
        advice_histories,
        "party",
        cites=improvement_citations,
        cited_from=("advice",),
        called=Words("advice"),
        says=Words("The operator advises a trader to mend something."),
        about=Words("Trader", "subject of advice"),
    ),
    StatementType(
        "improvement-plan",
        ImprovementPlan,
        ("party",),
        improvement_histories,
        "party",
        cites=improvement_citations,
        cited_from=CAUSE_TOPICS,
        called=Words("improvement plan"),
        says=Words("What a trader will do about a cause, each action with its date."),
    ),
    StatementType(
        "improvement-step",
        ImprovementStep,
        ("party",),
        improvement_histories,
        "party",
        amends=("improvement-plan",),
        effect="answers",
        called=Words("improvement step"),
        says=Words("An action of a plan is done."),
        target=Words("The plan whose action is done: {0}."),
    ),
    StatementType(
        "improvement-verified",
        ImprovementVerified,
        ("operator", "inspector"),
        improvement_histories,
        "party",
        amends=("improvement-plan",),
        effect="answers",
        called=Words("verification of an improvement"),
        says=Words("Somebody else looked whether a plan has mended its cause."),
        target=Words("The plan that was looked at: {0}."),
    ),
)
"""Their rows of the catalogue."""
