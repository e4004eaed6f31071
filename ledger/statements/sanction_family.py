"""Statements about consequences: sanction, its lifting, appeal and decision, and complaint."""

from typing import Annotated, Literal

import msgspec

from ledger.errors import FormError
from ledger.identifiers import CLAIMED, product_of
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Citation,
    Commitments,
    Evidences,
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
from ledger.statements.meant import (
    EVIDENCE,
    LOT,
    LOTS,
    PRODUCTS,
    REASON,
    SEALED,
    SHOP,
    SHOPS,
    TARGET,
    Meant,
)
from ledger.statements.statement_type import StatementType
from ledger.texts import Words

Step = Literal["interview", "damages", "delist", "close-shop", "end-cooperation"]
"""约谈, 违约金, 下架, 关店, 停止合作, in this order."""
STEPS: tuple[Step, ...] = ("interview", "damages", "delist", "close-shop", "end-cooperation")

Shops = Annotated[tuple[ShopId, ...], msgspec.Meta(max_length=20)]
Products = Annotated[tuple[ProductId, ...], msgspec.Meta(max_length=50)]
Lots = Annotated[tuple[LotId, ...], msgspec.Meta(max_length=50)]


class Damages(Part, frozen=True):
    """Liquidated damages: an amount in the currency's smallest unit."""

    amount: Annotated[
        int,
        msgspec.Meta(ge=1, le=2**53 - 1),
        Meant("In the currency's smallest unit.", "Amount", context="Damages.amount"),
    ]
    currency: Annotated[
        str,
        msgspec.Meta(pattern=r"^[A-Z]{3}\Z"),
        Meant("The currency.", "Currency", context="Damages.currency"),
    ]


def _check_terms(
    step: Step,
    damages: Damages | msgspec.UnsetType,
    shops: tuple[ShopId, ...],
    products: tuple[ProductId, ...],
    lots: tuple[LotId, ...],
) -> None:
    """Refuse damages without an amount, an amount without damages, and a scope that fits no step."""
    if (step == "damages") != (damages is not msgspec.UNSET):
        raise FormError("damages: an amount and currency for step damages, and only for it")
    if step == "close-shop" and (products or lots):
        raise FormError("close-shop: it closes shops: name those, or nothing for all")
    if step == "end-cooperation" and (shops or products or lots):
        raise FormError("end-cooperation: it ends with the trader as a whole: name no part")


class Sanction(PeriodBody, frozen=True, tag="sanction"):
    """A measure against a trader (the subject), its shops, products or lots.

    ``interim``: a delisting on a critical result that is not final yet; it lapses at its end.
    """

    step: Annotated[
        Step,
        Meant(
            "The step: interview 约谈, damages 违约金, delist 下架, close-shop 关店, end-cooperation 停止合作.",
            "Step",
        ),
    ]
    grounds: Annotated[LongText, Meant("The grounds.", "Grounds", context="sanction.grounds")]
    triggers: Annotated[
        tuple[Citation, ...],
        msgspec.Meta(min_length=1, max_length=20),
        Meant("The statements it follows from.", "Triggers", context="sanction.triggers"),
    ]
    rules_version: Annotated[Unsigned, Meant("The version of the sanction rules.", "Rules version")]
    appeal_by: Annotated[Time, Meant("Until when it can be appealed.", "Appeal by")]
    shops: Annotated[Shops, SHOPS] = ()
    products: Annotated[Products, PRODUCTS] = ()
    lots: Annotated[Lots, LOTS] = ()
    severity_ground: Annotated[
        Literal["critical"] | msgspec.UnsetType,
        Meant(
            "Why steps before it were skipped.", "Severity ground", needed="where interim is true"
        ),
    ] = msgspec.UNSET
    damages: Annotated[
        Damages | msgspec.UnsetType,
        Meant("For step damages: how much.", "Damages", needed="where step is damages"),
    ] = msgspec.UNSET
    interim: Annotated[
        bool,
        Meant(
            "Before the critical result is final: it lapses at its end.",
            "Interim",
            context="sanction.interim",
            needed="where step is delist, severity_ground critical and until a time",
        ),
    ] = False

    def __post_init__(self) -> None:
        """Refuse terms that do not fit the step, and an interim measure that is no critical delisting.

        Damages are for the step damages and for no other; close-shop names no product or lot,
        end-cooperation no part at all. An interim measure has an end.
        """
        PeriodBody.__post_init__(self)
        _check_terms(self.step, self.damages, self.shops, self.products, self.lots)
        if self.interim and (
            self.step != "delist" or self.severity_ground != "critical" or self.until is None
        ):
            raise FormError(
                "interim: a delisting on the ground critical whose until is a time, not null"
            )


class SanctionLifted(Body, frozen=True, tag="sanction-lifted"):
    """A sanction ends here."""

    target: Annotated[Citation, TARGET]
    reason: Annotated[LongText, REASON]
    shops: Annotated[Shops, SHOPS] = ()
    products: Annotated[Products, PRODUCTS] = ()
    lots: Annotated[Lots, LOTS] = ()


class Appeal(Body, frozen=True, tag="appeal"):
    """Whom a sanction, or a decision on claims, is against asks for a decision on it."""

    target: Annotated[Citation, TARGET]
    reason: Annotated[LongText, REASON]
    evidence: Annotated[Evidences, EVIDENCE] = ()
    shops: Annotated[Shops, SHOPS] = ()
    products: Annotated[Products, PRODUCTS] = ()
    lots: Annotated[Lots, LOTS] = ()


class Terms(Part, frozen=True):
    """What a sanction is after an appeal: its step, end, scope and amount."""

    step: Annotated[Step, Meant("The step, at most the sanction's.", "Terms: step")]
    until: Annotated[
        Time | None, Meant("Until before when it holds; null: without end.", "Terms: until")
    ]
    shops: Annotated[Shops, Meant("Limited to these shops of the trader.", "Terms: shops")] = ()
    products: Annotated[Products, Meant("Limited to these products.", "Terms: products")] = ()
    lots: Annotated[Lots, Meant("Limited to these lots.", "Terms: lots")] = ()
    damages: Annotated[
        Damages | msgspec.UnsetType,
        Meant("For step damages: how much.", "Terms: damages", needed="where step is damages"),
    ] = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse terms that do not fit the step, as a sanction does."""
        _check_terms(self.step, self.damages, self.shops, self.products, self.lots)


class AppealDecision(Body, frozen=True, tag="appeal-decision"):
    """An appeal is decided: what it is against stands, stands in milder terms, or ends here."""

    target: Annotated[Citation, TARGET]
    outcome: Annotated[
        Literal["upheld", "varied", "annulled"],
        Meant(
            "The sanction stands, is varied, or ends.", "Outcome", context="appeal-decision.outcome"
        ),
    ]
    reason: Annotated[LongText, REASON]
    terms: Annotated[
        Terms | msgspec.UnsetType,
        Meant(
            "For outcome varied: the sanction's milder terms.",
            "Terms",
            needed="where outcome is varied",
        ),
    ] = msgspec.UNSET
    shops: Annotated[Shops, SHOPS] = ()
    products: Annotated[Products, PRODUCTS] = ()
    lots: Annotated[Lots, LOTS] = ()

    def __post_init__(self) -> None:
        """Refuse a variation (varied) without its terms, and terms without a variation."""
        if (self.outcome == "varied") != (self.terms is not msgspec.UNSET):
            raise FormError("terms: for outcome varied, and only for it")

    def applied(self, sanction: Sanction) -> Sanction:
        """Return a sanction in the terms decided on, as it was where they cannot be its terms."""
        if self.terms is msgspec.UNSET:
            return sanction
        terms = {name: getattr(self.terms, name) for name in self.terms.__struct_fields__}
        try:
            return msgspec.structs.replace(sanction, **terms)
        except ValueError:
            return sanction


class Complaint(Body, frozen=True, tag="complaint"):
    """What a consumer, under a pseudonym, says of a product or lot."""

    complainant: Annotated[PartyId, Meant("Who complains, by pseudonym.", "Complainant")]
    text: Annotated[LongText, Meant("What is complained of.", "Complaint")]
    lot: Annotated[LotId | msgspec.UnsetType, LOT] = msgspec.UNSET
    shop: Annotated[ShopId | msgspec.UnsetType, SHOP] = msgspec.UNSET
    sealed: Annotated[Commitments, SEALED] = ()


def sanction_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``sanction``, each of trader, shop, product, lot in scope, and each lot's product).

    Of an appeal against a decision on claims, and of what is decided on it, that of the thing.
    """
    assert isinstance(body, Sanction | SanctionLifted | Appeal | AppealDecision)  # noqa: S101 - the catalogue pairs them
    if isinstance(body, Appeal | AppealDecision) and body.target.topic in CLAIMED:
        return ((body.target.topic, body.target.subject), ("statement", body.target.id))
    of_lots = map(product_of, body.lots)
    scope = dict.fromkeys((statement.subject, *body.shops, *body.products, *body.lots, *of_lots))
    own = tuple(("sanction", str(item)) for item in scope)
    return own if isinstance(body, Sanction) else (*own, ("statement", body.target.id))


def complaint_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``feedback``, product), and (``feedback``, lot) of a complaint about one."""
    assert isinstance(body, Complaint)  # noqa: S101 - the catalogue pairs them
    lots = () if body.lot is msgspec.UNSET else (("feedback", str(body.lot)),)
    return (("feedback", statement.subject), *lots)


TRIGGERS = (
    "inspection", "origin-audit", "observation", "test-report", "retest-report", "recall",
    "complaint", "sanction",
)  # fmt: skip


def sanction_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    if isinstance(body, Sanction):
        return tuple((item, TRIGGERS) for item in body.triggers)
    return ()


ROWS = (
    StatementType(
        "sanction",
        Sanction,
        ("operator",),
        sanction_histories,
        "party",
        cites=sanction_citations,
        cited_from=("sanction",),
        called=Words("sanction"),
        says=Words("A measure against a trader, its shops, products or lots."),
        about=Words("Trader", "subject of sanction"),
    ),
    StatementType(
        "sanction-lifted",
        SanctionLifted,
        ("operator",),
        sanction_histories,
        "party",
        amends=("sanction",),
        called=Words("sanction lifted"),
        says=Words("A measure ends here."),
    ),
    StatementType(
        "appeal",
        Appeal,
        ("party",),
        sanction_histories,
        "party",
        amends=("sanction", "claim-decided"),
        effect="answers",
        called=Words("appeal"),
        says=Words("Whom a sanction or a decision on claims is against asks for a decision on it."),
        target=Words("What is appealed against, one of: {0}."),
    ),
    StatementType(
        "appeal-decision",
        AppealDecision,
        ("operator", "authority"),
        sanction_histories,
        "party",
        amends=("sanction", "claim-decided"),
        effect="decides",
        called=Words("decision on an appeal"),
        says=Words("An appeal is decided: what it is against stands, is varied, or ends here."),
        target=Words("What was appealed against, not the appeal, one of: {0}."),
    ),
    StatementType(
        "complaint",
        Complaint,
        ("operator",),
        complaint_histories,
        "product",
        cited_from=("feedback",),
        called=Words("complaint"),
        says=Words("What a consumer, under a pseudonym, says of a product."),
    ),
)
"""Their rows of the catalogue."""
