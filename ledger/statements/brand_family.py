"""Statements about papers and brands: qualification, authorisation, product, and their ends."""

from typing import Annotated, Literal

import msgspec

from ledger.errors import FormError
from ledger.identifiers import ALL
from ledger.primitives.instant import DAY_US
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Category,
    Channel,
    Citation,
    Country,
    Digest,
    Evidences,
    Goods,
    LongText,
    Names,
    NumberId,
    Part,
    PartyId,
    PeriodBody,
    ShopId,
    ShopType,
    Territory,
    Text,
    Time,
    TrademarkId,
)
from ledger.statements.meant import BRAND, CATEGORY, EVIDENCE, NAMES, REASON, TARGET, Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words, saying

MAX_NOTICE_DAYS = 3_650
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

    method: Annotated[Text, Meant("The method.", "Method", context="Method.method")]
    categories: Annotated[
        tuple[Goods, ...],
        msgspec.Meta(min_length=1, max_length=50),
        Meant("On these goods: products, categories.", "Method: goods"),
    ]
    properties: Annotated[
        tuple[Text, ...],
        msgspec.Meta(max_length=100),
        Meant("For these properties alone.", "Method: properties"),
    ] = ()


class Qualification(PeriodBody, frozen=True, tag="qualification"):
    """The subject holds a paper: a licence, a trademark, an affiliation, an accreditation, a GS1 prefix."""

    kind: Annotated[Kind, Meant("What kind of paper.", "Kind")]
    number: Annotated[
        NumberId,
        Meant(
            "Its number; of a trademark kind the trademark.",
            "Number",
            context="qualification.number",
        ),
    ]
    categories: Annotated[
        tuple[Goods, ...],
        msgspec.Meta(max_length=50),
        Meant(
            "The goods it covers; in every kind but affiliation and accreditation.",
            "Categories|Goods",
            needed="but where kind is accreditation, affiliation or gs1-prefix",
        ),
    ] = ()
    methods: Annotated[
        tuple[Method, ...],
        msgspec.Meta(max_length=100),
        Meant(
            "For an accreditation: methods and goods.",
            "Methods",
            needed="where kind is accreditation",
        ),
    ] = ()
    mark: Annotated[Text | msgspec.UnsetType, Meant("How the trademark reads.", "Mark")] = (
        msgspec.UNSET
    )
    of: Annotated[
        PartyId | msgspec.UnsetType,
        Meant(
            "For an affiliation: the party the holder belongs to.",
            "Belongs to",
            needed="where kind is affiliation",
        ),
    ] = msgspec.UNSET
    relation: Annotated[
        Relation | msgspec.UnsetType,
        Meant(
            "For an affiliation: how it belongs to it.",
            "Relation",
            needed="where kind is affiliation",
        ),
    ] = msgspec.UNSET
    scheme: Annotated[
        Scheme | msgspec.UnsetType,
        Meant(
            "For an accreditation: under which scheme.",
            "Scheme",
            needed="where kind is accreditation",
        ),
    ] = msgspec.UNSET
    prefix: Annotated[
        Prefix | msgspec.UnsetType,
        Meant(
            "For a GS1 prefix: its 4 to 12 digits, as GTIN-13 and GLN begin.",
            "GS1 prefix",
            needed="where kind is gs1-prefix",
        ),
    ] = msgspec.UNSET
    evidence: Annotated[Evidences, EVIDENCE] = ()
    country: Annotated[
        Country | msgspec.UnsetType,
        Meant(
            "The country whose licence it is, of a holder abroad; left out: a Chinese one.",
            "Licence of country",
        ),
    ] = msgspec.UNSET


class QualificationWithdrawal(Body, frozen=True, tag="qualification-withdrawal"):
    """A paper ends here."""

    target: Annotated[Citation, TARGET]
    number: Annotated[
        NumberId, Meant("The paper's number.", "Number", context="qualification-withdrawal.number")
    ]
    reason: Annotated[LongText, REASON]
    prefix: Annotated[
        Prefix | msgspec.UnsetType,
        Meant("For a GS1 prefix: its 4 to 12 digits, as GTIN-13 and GLN begin.", "GS1 prefix"),
    ] = msgspec.UNSET


class Authorisation(PeriodBody, frozen=True, tag="authorisation"):
    """The subject may sell a brand's goods: which, where, through what, until when, how far on."""

    parent: Annotated[
        Citation,
        Meant(
            "What it rests on: the issuer's own grant, or its trademark's qualification.",
            "Parent|Rests on",
        ),
    ]
    brand: Annotated[TrademarkId, BRAND]
    goods: Annotated[
        tuple[Goods, ...],
        msgspec.Meta(min_length=1, max_length=200),
        Meant("Which goods: products, categories or *.", "Goods", context="authorisation.goods"),
    ]
    territories: Annotated[
        tuple[Territory, ...],
        msgspec.Meta(min_length=1, max_length=100),
        Meant("Where.", "Territories|Territory"),
    ]
    channels: Annotated[
        tuple[Channel, ...],
        msgspec.Meta(min_length=1, max_length=50),
        Meant("Through which channels.", "Channels|Channel"),
    ]
    shop_types: Annotated[
        tuple[ShopType | Literal["*"], ...],
        msgspec.Meta(min_length=1, max_length=4),
        Meant("In which types of shop; * for all.", "Shop types|Shop type"),
    ]
    exclusive: Annotated[bool, Meant("Whether nobody else gets the same.", "Exclusive")]
    depth: Annotated[
        int,
        msgspec.Meta(ge=0, le=MAX_DEPTH),
        Meant("How many links may follow below; 0: no further grant.", "Depth|Further links"),
    ]
    shops: Annotated[
        Annotated[tuple[ShopId, ...], msgspec.Meta(min_length=1, max_length=50)]
        | msgspec.UnsetType,
        Meant(
            "In these shops alone; left out: in any.", "Shops|Shop", context="authorisation.shops"
        ),
    ] = msgspec.UNSET
    notice_days: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=MAX_NOTICE_DAYS)] | msgspec.UnsetType,
        Meant(
            "How many days after it is on record a revocation takes effect, but for cause.",
            "Notice in days",
        ),
    ] = msgspec.UNSET
    irrevocable_until: Annotated[
        Time | msgspec.UnsetType,
        Meant("Before when no revocation takes effect, but for cause.", "Irrevocable until"),
    ] = msgspec.UNSET
    platform_exclusive: Annotated[
        bool,
        Meant(
            "Whether the goods go to no other channel there, through whomever.",
            "Platform exclusive",
        ),
    ] = False

    def __post_init__(self) -> None:
        """Refuse a period that is over before it begins, irrevocable before it begins or beyond its end."""
        super().__post_init__()
        until = self.irrevocable_until
        if until is msgspec.UNSET:
            return
        if until <= self.from_ or (self.until is not None and until > self.until):
            raise FormError(
                "irrevocable_until {irrevocable} is not after from {from_}, or after until {until}",
                irrevocable=until,
                from_=self.from_,
                until=self.until or saying("null (no end)"),
            )

    @property
    def reserves(self) -> bool:
        """Return whether it keeps others out: from the same, or the goods from other channels."""
        return self.exclusive or self.platform_exclusive

    @property
    def has_terms(self) -> bool:
        """Return whether a revocation takes effect by its own terms, not at once."""
        return self.notice_days is not msgspec.UNSET or self.irrevocable_until is not msgspec.UNSET

    def revoked_us(self, at_us: int) -> int:
        """Return when a revocation that is on record at a time takes effect, but for cause."""
        days = 0 if self.notice_days is msgspec.UNSET else self.notice_days
        until = self.irrevocable_until
        return max(at_us + days * DAY_US, at_us if until is msgspec.UNSET else until.us)

    @property
    def named_shops(self) -> tuple[str, ...]:
        """Return the shops it is for, ``*`` where it names none."""
        return (ALL,) if self.shops is msgspec.UNSET else tuple(map(str, self.shops))


class AuthorisationRevocation(Body, frozen=True, tag="authorisation-revocation"):
    """A grant ends here, and everything below it."""

    target: Annotated[Citation, TARGET]
    brand: Annotated[TrademarkId, BRAND]
    parent: Annotated[
        Digest, Meant("The id of the statement the grant rested on.", "Parent|Rests on")
    ]
    exclusive: Annotated[bool, Meant("Whether the grant was exclusive.", "Exclusive")]
    reason: Annotated[LongText, REASON]
    platform_exclusive: Annotated[
        bool,
        Meant(
            "Whether the grant kept the goods from other channels.",
            "Platform exclusive",
            context="authorisation-revocation.platform_exclusive",
        ),
    ] = False
    for_cause: Annotated[
        bool,
        Meant(
            "Whether for what the grantee did: at once, whatever the grant says of notice.",
            "For cause",
        ),
    ] = False


def revokes_for_cause(body: object) -> bool:
    """Return whether a payload revokes a grant for cause: at once, whatever the grant says of notice."""
    return isinstance(body, AuthorisationRevocation) and body.for_cause


class Product(Body, frozen=True, tag="product"):
    """A product: its names, brand and category, declared under a trademark or a grant."""

    names: Annotated[Names, NAMES]
    brand: Annotated[TrademarkId, BRAND]
    category: Annotated[Category, CATEGORY]
    under: Annotated[
        Citation,
        Meant("The grant or trademark qualification it is declared under.", "Declared under"),
    ]


def grant_subject(brand: str, grantee: str) -> str:
    """Return the subject of the history of what a party may do with a brand."""
    return f"{brand}\n{grantee}"


def papers_ending(issuer: str, month: str) -> str:
    """Return the subject of the history of what a party issued that ends in a month, as 2026-05."""
    return f"{issuer}\n{month}"


def qualification_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``qualification``, holder), (``qualification-number``, number), (``prefix``, prefix).

    Of an affiliation also (``affiliates``, of), of a paper that ends (``papers-ending``, issuer + month),
    which no withdrawal joins: it would have to repeat what it does not say, and what became of a paper
    stands at its holder.
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
    if isinstance(body.of, str):
        own = (*own, ("affiliates", str(body.of)))
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
    reserves = body.exclusive or body.platform_exclusive
    exclusive = (("exclusive", parent),) if reserves else ()
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
        called=Words("qualification"),
        says=Words(
            "Somebody holds a paper: licence, trademark, affiliation, accreditation, GS1 prefix."
        ),
        about=Words("Holder", "subject of qualification"),
    ),
    StatementType(
        "qualification-withdrawal",
        QualificationWithdrawal,
        ("authority", "operator"),
        qualification_histories,
        "party",
        amends=("qualification",),
        called=Words("withdrawal of a qualification"),
        says=Words("A paper ends here."),
    ),
    StatementType(
        "authorisation",
        Authorisation,
        ("brand", "trader"),
        grant_histories,
        "party",
        cites=brand_citations,
        cited_from=("grant",),
        called=Words("authorisation"),
        says=Words("Somebody may sell a brand's goods: which, where, how, until when, how far on."),
        about=Words("Grantee|Trader"),
    ),
    StatementType(
        "authorisation-revocation",
        AuthorisationRevocation,
        ("brand", "trader"),
        grant_histories,
        "party",
        amends=("authorisation",),
        called=Words("revocation of an authorisation"),
        says=Words("A grant ends here, and everything below it."),
    ),
    StatementType(
        "product",
        Product,
        ("brand", "trader"),
        product_histories,
        "product",
        cites=brand_citations,
        cited_from=("product",),
        called=Words("product"),
        says=Words("A product: names, brand, category, declared under a trademark or a grant."),
    ),
)
"""Their rows of the catalogue."""
