"""Statements that call goods back: recall of lots, product-recall of what was made in a time or at a place."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from ledger.errors import FormError
from ledger.identifiers import product_of
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, FacilityId, LongText, LotId, Time
from ledger.statements.meant import REASON, Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words

MAX_RECALLED = 1_000
"""Lots one recall names beside its subject: a statement has at most 65,535 bytes."""


class Recall(Body, frozen=True, tag="recall"):
    """Lots are called back: the subject, and others."""

    reason: Annotated[LongText, REASON]
    from_: Annotated[Time, Meant("From when.", "From", context="recall.from")] = msgspec.field(
        name="from"
    )
    other_lots: Annotated[
        tuple[LotId, ...],
        msgspec.Meta(max_length=MAX_RECALLED),
        Meant("Further lots beside the subject.", "Other lots"),
    ] = ()


class ProductRecall(Body, frozen=True, tag="product-recall"):
    """Goods of a product are called back: all that were made in a time, or of these at one place."""

    reason: Annotated[LongText, REASON]
    from_: Annotated[Time, Meant("From when.", "From", context="recall.from")] = msgspec.field(
        name="from"
    )
    made_until: Annotated[Time, Meant("What was made before.", "Made before")]
    made_from: Annotated[
        Time | msgspec.UnsetType, Meant("What was made from then on alone.", "Made from")
    ] = msgspec.UNSET
    facility: Annotated[
        FacilityId | msgspec.UnsetType,
        Meant("What was made there alone.", "Made at", context="product-recall.facility"),
    ] = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse a time of making that is over before it begins."""
        if self.made_from is not msgspec.UNSET and self.made_until <= self.made_from:
            raise FormError(
                "made_until {until} is not after made_from {from_}",
                until=self.made_until,
                from_=self.made_from,
            )

    def means(self, made_us: int, facility: str) -> bool:
        """Return whether goods that were made then and there are called back."""
        return (
            made_us < self.made_until.us
            and (self.made_from is msgspec.UNSET or self.made_from.us <= made_us)
            and self.facility in (msgspec.UNSET, facility)
        )


def recall_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``inspection``, lot) of each lot, (``recall``, product) of each product."""
    assert isinstance(body, Recall)  # noqa: S101 - the catalogue pairs them
    return recall_topics((statement.subject, *map(str, body.other_lots)))


def product_recall_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``product-recall``, product): by nobody but who holds its brand, and the operator."""
    assert isinstance(body, ProductRecall)  # noqa: S101 - the catalogue pairs them
    return (("product-recall", statement.subject),)


def recall_topics(lots: Sequence[str]) -> tuple[Topic, ...]:
    """Return the histories of a recall of these lots."""
    return (
        *(("inspection", lot) for lot in lots),
        *(("recall", product_of(lot)) for lot in lots),
    )


ROWS = (
    StatementType(
        "recall",
        Recall,
        ("brand", "trader", "operator"),
        recall_histories,
        "lot",
        cited_from=("inspection",),
        called=Words("recall"),
        says=Words("Lots are called back."),
    ),
    StatementType(
        "product-recall",
        ProductRecall,
        ("brand", "operator"),
        product_recall_histories,
        "product",
        cited_from=("product-recall",),
        called=Words("recall of a product"),
        says=Words("Goods of a product are called back by when, or where, they were made."),
    ),
)
"""Their rows of the catalogue."""
