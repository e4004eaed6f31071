"""What comes back from the market: feedback, counts by reason over a time, of a product, never persons."""

from typing import Annotated, Literal

import msgspec

from ledger.errors import FormError
from ledger.primitives.instant import DAY_US
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Part, Time, Unsigned
from ledger.statements.meant import Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words

MAX_DAYS = 31
"""A month at most, so that one bad month is in no year's figure."""

ReturnReason = Literal[
    "quality", "not-as-described", "counterfeit", "expired", "foreign-matter", "unwell", "damaged",
    "packaging", "wrong-goods", "incomplete", "no-reason", "other",
]  # fmt: skip
"""质量问题, 与描述不符, 疑似假冒, 过期或临期, 异物, 使用后不适, 运输破损, 包装问题, 发错货, 少件, 无理由, 其他."""
OF_THE_GOODS: tuple[ReturnReason, ...] = (
    "quality", "not-as-described", "counterfeit", "expired", "foreign-matter", "unwell", "packaging",
)  # fmt: skip
"""Reasons that lie with the goods, not with who sends or buys them."""


class Returned(Part, frozen=True):
    """How many units came back for one reason."""

    reason: Annotated[ReturnReason, Meant("Why they came back.", "Reason of return")]
    count: Annotated[Unsigned, Meant("How many units.", "Units returned", context="Returned.count")]


class Feedback(Body, frozen=True, tag="feedback"):
    """What was sold and what came back of a product in a time, on all the platform."""

    from_: Annotated[Time, Meant("From when.", "From", context="feedback.from")] = msgspec.field(
        name="from"
    )
    until: Annotated[
        Time, Meant("Until before when, 31 days later at most.", "Until", context="feedback.until")
    ]
    sold: Annotated[Unsigned, Meant("Units sold in that time.", "Units sold")]
    returned: Annotated[
        tuple[Returned, ...],
        msgspec.Meta(max_length=12),
        Meant("Units that came back in that time, by reason.", "Returned"),
    ] = ()

    def __post_init__(self) -> None:
        """Refuse a time that is over before it begins, or of more than 31 days, and a reason that is counted twice."""
        if not 0 < self.until.us - self.from_.us <= MAX_DAYS * DAY_US:
            raise FormError(
                "from {from_} until {until}: {days} days at most, and it ends after it begins",
                from_=self.from_,
                until=self.until,
                days=MAX_DAYS,
            )
        reasons = [item.reason for item in self.returned]
        twice = next((one for one in reasons if reasons.count(one) > 1), None)
        if twice is not None:
            raise FormError("returned: {reason} twice: add them up", reason=twice)

    @property
    def by_reason(self) -> dict[str, int]:
        """Return how many came back, by reason."""
        return {item.reason: item.count for item in self.returned}


def feedback_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``market``, product)."""
    return (("market", statement.subject),)


ROWS = (
    StatementType(
        "feedback",
        Feedback,
        ("operator",),
        feedback_histories,
        "product",
        cited_from=("market",),
        called=Words("market feedback"),
        says=Words("What was sold and what came back of a product in a time, by reason."),
    ),
)
"""Their rows of the catalogue."""
