"""Statements about papers and brands: qualification, authorisation, product, and their ends."""

from typing import Annotated, Literal

import msgspec

from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Category,
    Channel,
    Citation,
    Digest,
    Evidences,
    Goods,
    LongText,
    Names,
    NumberId,
    Part,
    PartyId,
    PeriodBody,
    ShopType,
    Territory,
    Text,
    TrademarkId,
)
from ledger.statements.statement_type import StatementType

MAX_DEPTH = 20  # links below a grant; a chain in practice has one to four
Kind = Literal[
    "business",
    "production",
    "food-licence",
    "compulsory-certification",
    "trademark-registered",
    "trademark-pending",
    "affiliation",
    "accreditation",
    "gs1-prefix",
]
TRADEMARK_KINDS = ("trademark-registered", "trademark-pending")
Relation = Literal["wholly-owned", "sole-agent", "tied"]
"""How a holder belongs to another party; the first two count as that party (商标关联公司)."""


Scheme = Literal["CMA", "CNAS", "ILAC-MRA"]
"""检验检测机构资质认定, 中国合格评定国家认可委员会, a foreign accreditor recognised by the ILAC."""


Prefix = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4,12}\Z")]
"""A GS1 company prefix, as it begins GTIN-13 and GLN."""


class Method(Part, frozen=True):
    """What a laboratory is accredited for: a method on these goods, perhaps for some properties."""

    method: Text
    categories: Annotated[tuple[Goods, ...], msgspec.Meta(min_length=1, max_length=50)]
    properties: Annotated[tuple[Text, ...], msgspec.Meta(max_length=100)] = ()


class Qualification(PeriodBody, frozen=True, tag="qualification"):
    """The subject holds a paper: a licence, a trademark, an affiliation, an accreditation, a GS1 prefix."""

    kind: Kind
    number: NumberId
    categories: Annotated[tuple[Goods, ...], msgspec.Meta(max_length=50)] = ()
    methods: Annotated[tuple[Method, ...], msgspec.Meta(max_length=100)] = ()
    mark: Text | msgspec.UnsetType = msgspec.UNSET
    of: PartyId | msgspec.UnsetType = msgspec.UNSET
    relation: Relation | msgspec.UnsetType = msgspec.UNSET
    scheme: Scheme | msgspec.UnsetType = msgspec.UNSET
    prefix: Prefix | msgspec.UnsetType = msgspec.UNSET
    evidence: Evidences = ()


class QualificationWithdrawal(Body, frozen=True, tag="qualification-withdrawal"):
    """A paper ends here."""

    target: Citation
    number: NumberId
    reason: LongText
    prefix: Prefix | msgspec.UnsetType = msgspec.UNSET


class Authorisation(PeriodBody, frozen=True, tag="authorisation"):
    """The subject may sell a brand's goods: which, where, through what, until when, how far on."""

    parent: Citation
    brand: TrademarkId
    goods: Annotated[tuple[Goods, ...], msgspec.Meta(min_length=1, max_length=200)]
    territories: Annotated[tuple[Territory, ...], msgspec.Meta(min_length=1, max_length=100)]
    channels: Annotated[tuple[Channel, ...], msgspec.Meta(min_length=1, max_length=50)]
    shop_types: Annotated[
        tuple[ShopType | Literal["*"], ...],
        msgspec.Meta(min_length=1, max_length=4),
    ]
    exclusive: bool
    depth: Annotated[int, msgspec.Meta(ge=0, le=MAX_DEPTH)]


class AuthorisationRevocation(Body, frozen=True, tag="authorisation-revocation"):
    """A grant ends here, and everything below it."""

    target: Citation
    brand: TrademarkId
    parent: Digest
    exclusive: bool
    reason: LongText


class Product(Body, frozen=True, tag="product"):
    """A product: its names, brand and category, declared under a trademark or a grant."""

    names: Names
    brand: TrademarkId
    category: Category
    under: Citation


def grant_subject(brand: str, grantee: str) -> str:
    """Return the subject of the history of what a party may do with a brand."""
    return f"{brand}\n{grantee}"


def papers_ending(issuer: str, month: str) -> str:
    """Return the subject of the history of what a party issued that ends in a month, as 2026-05."""
    return f"{issuer}\n{month}"


def qualification_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``qualification``, holder), (``qualification-number``, number), (``prefix``, prefix).

    Of a paper that ends also (``papers-ending``, issuer + month), which no withdrawal joins: it
    would have to repeat what it does not say, and what became of a paper stands at its holder.
    """
    assert isinstance(body, Qualification | QualificationWithdrawal)  # noqa: S101 - the catalogue pairs them
    own: tuple[Topic, ...] = (
        ("qualification", statement.subject),
        ("qualification-number", str(body.number)),
    )
    if isinstance(body.prefix, str):
        own = (*own, ("prefix", body.prefix))
    if isinstance(body, QualificationWithdrawal):
        return (*own, ("statement", body.target.id))
    if body.until is None:
        return own
    ending = papers_ending(statement.issuer, str(body.until)[:7])
    return (*own, ("papers-ending", ending))


def grant_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``grants``, grantee), (``grant``, brand + grantee), (``granted``, parent), (``exclusive``, parent)."""
    assert isinstance(body, Authorisation | AuthorisationRevocation)  # noqa: S101 - the catalogue pairs them
    own = (
        ("grants", statement.subject),
        ("grant", grant_subject(body.brand, statement.subject)),
    )
    parent = body.parent.id if isinstance(body, Authorisation) else body.parent
    exclusive = (("exclusive", parent),) if body.exclusive else ()
    if isinstance(body, Authorisation):
        return (*own, ("granted", parent), *exclusive)
    return (*own, ("granted", parent), *exclusive, ("statement", body.target.id))


def product_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``product``, product), (``products``, brand)."""
    assert isinstance(body, Product)  # noqa: S101 - the catalogue pairs them
    return (("product", statement.subject), ("products", str(body.brand)))


def brand_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    match body:
        case Authorisation(parent=parent):
            return ((parent, ("authorisation", "qualification")),)
        case Product(under=under):
            return ((under, ("authorisation", "qualification")),)
        case _:
            return ()


ROWS = (
    StatementType(
        "qualification",
        Qualification,
        ("authority", "operator"),
        qualification_histories,
        "party",
        cited_from=("qualification-number", "qualification"),
    ),
    StatementType(
        "qualification-withdrawal",
        QualificationWithdrawal,
        ("authority", "operator"),
        qualification_histories,
        "party",
        amends=("qualification",),
    ),
    StatementType(
        "authorisation",
        Authorisation,
        ("brand", "trader"),
        grant_histories,
        "party",
        cites=brand_citations,
        cited_from=("grant",),
    ),
    StatementType(
        "authorisation-revocation",
        AuthorisationRevocation,
        ("brand", "trader"),
        grant_histories,
        "party",
        amends=("authorisation",),
    ),
    StatementType(
        "product",
        Product,
        ("brand", "trader"),
        product_histories,
        "product",
        cites=brand_citations,
        cited_from=("product",),
    ),
)
"""Their rows of the catalogue."""
