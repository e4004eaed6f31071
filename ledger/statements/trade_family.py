"""Statements about trading on the platform: admission, shop, listing, and their ends."""

from typing import Annotated, Literal

import msgspec

from ledger.identifiers import ancestors
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Category,
    Citation,
    LongText,
    Names,
    PartyId,
    ShopId,
    ShopType,
    Territory,
)
from ledger.statements.meant import CATEGORY, NAMES, REASON, SHOP, TARGET, TRADER, Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words


class Admission(Body, frozen=True, tag="admission"):
    """The platform admits or refuses a trader, after the papers it reviewed.

    ``evidence``: these, and the refusals of the trader that it does not uphold.
    """

    decision: Annotated[
        Literal["admitted", "refused"],
        Meant("The decision.", "Decision", context="admission.decision"),
    ]
    evidence: Annotated[
        tuple[Citation, ...], msgspec.Meta(max_length=50), Meant("The papers reviewed.", "Papers")
    ]
    reasons: Annotated[
        tuple[LongText, ...], msgspec.Meta(max_length=20), Meant("The reasons.", "Reasons")
    ] = ()


class Shop(Body, frozen=True, tag="shop"):
    """A trader's shop: its type and names; its channel stands in its id."""

    shop_type: Annotated[ShopType, Meant("The type of shop (旗舰店, 专卖店, 专营店).", "Shop type")]
    trader: Annotated[PartyId, TRADER]
    names: Annotated[Names, NAMES]


class ShopEnded(Body, frozen=True, tag="shop-ended"):
    """A shop ends here."""

    target: Annotated[Citation, TARGET]
    trader: Annotated[PartyId, TRADER]
    reason: Annotated[LongText, REASON]


class Listing(Body, frozen=True, tag="listing"):
    """A product goes on sale in a shop."""

    shop: Annotated[ShopId, SHOP]
    category: Annotated[Category, CATEGORY]
    territories: Annotated[
        tuple[Territory, ...],
        msgspec.Meta(min_length=1, max_length=50),
        Meant("Where it is sold.", "Territories", context="listing.territories"),
    ]


class ListingEnded(Body, frozen=True, tag="listing-ended"):
    """A product is on sale in a shop no more."""

    target: Annotated[Citation, TARGET]
    shop: Annotated[ShopId, SHOP]
    category: Annotated[Category, CATEGORY]
    reason: Annotated[LongText, REASON]


def admission_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``admission``, trader)."""
    return (("admission", statement.subject),)


def shop_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``shop``, shop), (``shops``, trader)."""
    assert isinstance(body, Shop | ShopEnded)  # noqa: S101 - the catalogue pairs them
    own = (("shop", statement.subject), ("shops", str(body.trader)))
    return (*own, ("statement", body.target.id)) if isinstance(body, ShopEnded) else own


def listing_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``listing``, product), (``listings``, shop), (``on-sale``, c) up the category."""
    assert isinstance(body, Listing | ListingEnded)  # noqa: S101 - the catalogue pairs them
    own = (
        ("listing", statement.subject),
        ("listings", str(body.shop)),
        *(("on-sale", category) for category in ancestors(body.category)),
    )
    return (*own, ("statement", body.target.id)) if isinstance(body, ListingEnded) else own


def trade_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    if isinstance(body, Admission):
        return tuple(
            (item, ("qualification", "authorisation", "origin-audit", "admission"))
            for item in body.evidence
        )
    return ()


ROWS = (
    StatementType(
        "admission",
        Admission,
        ("operator",),
        admission_histories,
        "party",
        cites=trade_citations,
        cited_from=("admission",),
        called=Words("admission"),
        says=Words("The platform admits or refuses a trader after reviewing its papers."),
        about=Words("Trader", "subject of admission"),
    ),
    StatementType(
        "shop",
        Shop,
        ("operator",),
        shop_histories,
        "shop",
        cited_from=("shop",),
        called=Words("shop"),
        says=Words("A trader's shop and its type."),
    ),
    StatementType(
        "shop-ended",
        ShopEnded,
        ("operator",),
        shop_histories,
        "shop",
        amends=("shop",),
        called=Words("end of a shop"),
        says=Words("A shop ends here."),
    ),
    StatementType(
        "listing",
        Listing,
        ("trader", "operator"),
        listing_histories,
        "product",
        cited_from=("listing", "listings"),
        called=Words("listing"),
        says=Words("A product goes on sale in a shop."),
    ),
    StatementType(
        "listing-ended",
        ListingEnded,
        ("trader", "operator"),
        listing_histories,
        "product",
        amends=("listing",),
        called=Words("end of a listing"),
        says=Words("A product is on sale in a shop no more."),
    ),
)
"""Their rows of the catalogue."""
