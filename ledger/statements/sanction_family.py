"""Statements about consequences: sanction, sanction-lifted, complaint."""

from typing import Annotated, Literal

import msgspec

from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Citation,
    Commitments,
    LongText,
    LotId,
    Part,
    PartyId,
    PeriodBody,
    ProductId,
    ShopId,
    Time,
    Unsigned,
)

Step = Literal["interview", "damages", "delist", "close-shop", "end-cooperation"]
"""约谈, 违约金, 下架, 关店, 停止合作, in this order."""
STEPS: tuple[Step, ...] = ("interview", "damages", "delist", "close-shop", "end-cooperation")

Shops = Annotated[tuple[ShopId, ...], msgspec.Meta(max_length=20)]
Products = Annotated[tuple[ProductId, ...], msgspec.Meta(max_length=50)]
Lots = Annotated[tuple[LotId, ...], msgspec.Meta(max_length=50)]


class Damages(Part, frozen=True):
    """Liquidated damages: an amount in the currency's smallest unit."""

    amount: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    currency: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")]


class Sanction(PeriodBody, frozen=True, tag="sanction"):
    """A measure against a trader (the subject), its shops, products or lots."""

    step: Step
    grounds: LongText
    triggers: Annotated[tuple[Citation, ...], msgspec.Meta(min_length=1, max_length=20)]
    rules_version: Unsigned
    appeal_by: Time
    shops: Shops = ()
    products: Products = ()
    lots: Lots = ()
    severity_ground: Literal["critical"] | msgspec.UnsetType = msgspec.UNSET
    damages: Damages | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse damages without an amount, and an amount without damages."""
        PeriodBody.__post_init__(self)
        if (self.step == "damages") != (self.damages is not msgspec.UNSET):
            msg = "damages: an amount and currency for step damages, and only for it"
            raise ValueError(msg)


class SanctionLifted(Body, frozen=True, tag="sanction-lifted"):
    """A sanction ends here."""

    target: Citation
    reason: LongText
    shops: Shops = ()
    products: Products = ()
    lots: Lots = ()


class Complaint(Body, frozen=True, tag="complaint"):
    """What a consumer, under a pseudonym, says of a product or lot."""

    complainant: PartyId
    text: LongText
    lot: LotId | msgspec.UnsetType = msgspec.UNSET
    shop: ShopId | msgspec.UnsetType = msgspec.UNSET
    sealed: Commitments = ()


def sanction_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``sanction``, each of trader, shop, product, lot in scope)."""
    assert isinstance(body, Sanction | SanctionLifted)  # noqa: S101 - the catalogue pairs them
    scope = (statement.subject, *body.shops, *body.products, *body.lots)
    own = tuple(("sanction", str(item)) for item in scope)
    return (*own, ("statement", body.target.id)) if isinstance(body, SanctionLifted) else own


def complaint_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``feedback``, product)."""
    return (("feedback", statement.subject),)


TRIGGERS = ("inspection", "origin-audit", "observation", "recall", "complaint", "sanction")


def sanction_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    if isinstance(body, Sanction):
        return tuple((item, TRIGGERS) for item in body.triggers)
    return ()
