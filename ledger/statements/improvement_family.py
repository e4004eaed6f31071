"""Statements about mending: advice, improvement-plan, improvement-step, improvement-verified."""

from typing import Annotated, Literal

import msgspec

from ledger.errors import MalformedError
from ledger.identifiers import check_lot
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Citation, Evidence, Evidences, LongText, Part, Time
from ledger.statements.statement_type import StatementType, found_of

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

    grounds: Annotated[tuple[Citation, ...], msgspec.Meta(min_length=1, max_length=20)]
    text: LongText
    answer_by: Time


class Action(Part, frozen=True):
    """Something to be done, and until when."""

    text: LongText
    due: Time


class ImprovementPlan(Body, frozen=True, tag="improvement-plan"):
    """A trader (the subject) says what it will do about a cause, each action with its date."""

    cause: Citation
    root_cause: LongText
    actions: Annotated[tuple[Action, ...], msgspec.Meta(min_length=1, max_length=MAX_ACTIONS)]

    def __post_init__(self) -> None:
        """Refuse a cause that is cited from another topic than inspection (there of a lot), facility, visit, sample, feedback, sanction."""
        _check_cause(self.cause)


class ImprovementStep(Body, frozen=True, tag="improvement-step"):
    """One action of a plan, counted from 1, is done: what was done, with evidence."""

    target: Citation
    cause: Citation
    action: Annotated[int, msgspec.Meta(ge=1, le=MAX_ACTIONS)]
    text: LongText
    evidence: Annotated[tuple[Evidence, ...], msgspec.Meta(min_length=1, max_length=50)]

    def __post_init__(self) -> None:
        """Refuse a cause that is cited from another topic than inspection (there of a lot), facility, visit, sample, feedback, sanction."""
        _check_cause(self.cause)


class ImprovementVerified(Body, frozen=True, tag="improvement-verified"):
    """Somebody else looked whether a plan has mended its cause; the plan is closed."""

    target: Citation
    cause: Citation
    on: Time
    outcome: Outcome
    reason: LongText
    evidence: Evidences = ()

    def __post_init__(self) -> None:
        """Refuse a cause that is cited from another topic than inspection (there of a lot), facility, visit, sample, feedback, sanction."""
        _check_cause(self.cause)


def _check_cause(cause: Citation) -> None:
    if cause.topic not in CAUSE_TOPICS:
        msg = f"cause: cited from {cause.topic}: cite it from {', '.join(CAUSE_TOPICS)}"
        raise ValueError(msg)
    if cause.topic == "inspection":
        try:
            check_lot(cause.subject)
        except MalformedError as error:
            msg = f"cause: {error}"
            raise ValueError(msg) from error


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
    ),
    StatementType(
        "improvement-plan",
        ImprovementPlan,
        ("party",),
        improvement_histories,
        "party",
        cites=improvement_citations,
        cited_from=CAUSE_TOPICS,
    ),
    StatementType(
        "improvement-step",
        ImprovementStep,
        ("party",),
        improvement_histories,
        "party",
        amends=("improvement-plan",),
        effect="answers",
    ),
    StatementType(
        "improvement-verified",
        ImprovementVerified,
        ("operator", "inspector"),
        improvement_histories,
        "party",
        amends=("improvement-plan",),
        effect="answers",
    ),
)
"""Their rows of the catalogue."""
