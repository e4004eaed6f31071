"""What the fields of native payloads have in common: texts, times, identifiers, citations, keys.

Identifiers and times are texts of their own classes: a payload that spells one in another
form than the canonical one does not decode.
"""

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Annotated, Any, ClassVar, Literal, Protocol, cast

import msgspec

from ledger import identifiers
from ledger.cose.keys import ALG_NAMES, PublicKey
from ledger.errors import FormError, MalformedError
from ledger.primitives.instant import SECOND_US, format_us, parse_us
from ledger.primitives.legible import check_legible
from ledger.primitives.strict import format_base64url, parse_base64url
from ledger.statements.meant import FROM, Meant
from ledger.statements.topics import check_topic

Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z", min_length=64, max_length=64)]
Unsigned = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Base64Url = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]+\Z", max_length=1000)]
Role = Literal[
    "authority",
    "brand",
    "trader",
    "warehouse",
    "carrier",
    "laboratory",
    "inspector",
    "observer",
]
ShopType = Literal["flagship", "specialty", "multi-brand"]
"""旗舰店, 专卖店, 专营店."""
UNPROVEN = "unproven"
MAX_SUBJECT_SIZE = 700


_OFFSET = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})([+-])([0-9]{2}):(00|15|30|45)"
)
MAX_EAST_S, MAX_WEST_S = 14 * 3600, 12 * 3600
"""Kiribati, and the ships' zone west of it: no place keeps another time."""
TIMES = 16_384
"""Times that were read are remembered: a walk through many lots reads the same again and again."""
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


@lru_cache(maxsize=TIMES)
def parse_time_us(text: str) -> int:
    """Return an RFC 3339 UTC time of whole seconds in microseconds since 1970.

    Raises:
        ValueError: another form, or no such date.

    """
    if _TIME.fullmatch(text) is None:
        raise FormError("not a time like 2026-05-01T08:00:00Z: {text!r}", text=text[:40])
    return parse_us(text)


def second_from(time_us: int) -> str:
    """Return the first whole second not before a time in microseconds: what a payload may say."""
    return format_us(-(-time_us // SECOND_US) * SECOND_US)


def second_until(time_us: int) -> str:
    """Return the last whole second not behind a time in microseconds: what a payload may say."""
    return format_us(time_us // SECOND_US * SECOND_US)


class _Check(Protocol):
    def __call__(self, text: str, /) -> object:
        """Raise MalformedError or ValueError unless the text is in its form."""


class Checked(str):
    """A text that is in the one canonical form of its class."""

    __slots__ = ()
    check: ClassVar[_Check]


def _check_text(text: str, most: int) -> None:
    if not 1 <= len(text) <= most:
        raise FormError(
            "text: {count} characters, 1 to {most} expected", count=len(text), most=most
        )
    check_legible(text)


def _check_lines(text: str) -> None:
    """Refuse a subject that is too long, or a line of which nobody could read."""
    if len(text) > MAX_SUBJECT_SIZE:
        raise FormError(
            "subject: {count} characters, at most {max_subject_size}",
            count=len(text),
            max_subject_size=MAX_SUBJECT_SIZE,
        )
    for line in text.split("\n"):
        _check_text(line, MAX_SUBJECT_SIZE)


class Text(Checked):
    """A text that people read, of 1 to 200 characters: see Texts."""

    check = staticmethod(partial(_check_text, most=200))


class LongText(Checked):
    """A text that people read, of 1 to 2,000 characters: see Texts."""

    check = staticmethod(partial(_check_text, most=2_000))


class HistorySubject(Checked):
    """The subject of a history, of 1 to 700 characters: perhaps two ids, a line feed between them."""

    check = staticmethod(_check_lines)


class Time(Checked):
    """An RFC 3339 time of whole seconds in UTC: ``2026-05-01T08:00:00Z``."""

    check = staticmethod(parse_time_us)

    @property
    def us(self) -> int:
        """Return microseconds since 1970."""
        return parse_time_us(self)


@lru_cache(maxsize=TIMES)
def parse_local_us(text: str) -> int:
    """Return a time of whole seconds in UTC or with an offset in microseconds since 1970.

    Raises:
        ValueError: another form, no such date, or UTC spelled as an offset.

    """
    if text.endswith("Z"):
        return parse_time_us(text)
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise FormError(
            "not a time like 2026-05-01T16:00:00+08:00, or ending with Z: {text!r}", text=text[:40]
        )
    sign = -1 if match[2] == "-" else 1
    offset_s = sign * (int(match[3]) * 3600 + int(match[4]) * 60)
    if not offset_s or not -MAX_WEST_S <= offset_s <= MAX_EAST_S:
        raise FormError("no offset from UTC of a place: {text} (UTC itself is Z)", text=text[-6:])
    return parse_time_us(f"{match[1]}Z") - offset_s * 1_000_000


class LocalTime(Checked):
    """An RFC 3339 time of whole seconds where its issuer is: `2026-05-01T16:00:00+08:00`, or in UTC with Z."""

    check = staticmethod(parse_local_us)

    @property
    def us(self) -> int:
        """Return microseconds since 1970."""
        return parse_local_us(self)

    @property
    def month(self) -> str:
        """Return the month it is where its issuer is: 2026-05."""
        return self[:7]


class PartyId(Checked):
    """A party: ``https://id.gs1.org/417/<GLN>`` and other forms."""

    check = staticmethod(identifiers.check_party)


class ProductId(Checked):
    """A product: ``https://id.gs1.org/01/<GTIN-14>``."""

    check = staticmethod(identifiers.check_product)


class LotId(Checked):
    """A lot: ``https://id.gs1.org/01/<GTIN-14>/10/<lot>``, or ``urn:lot:<GTIN-14>:<number>`` where GS1 has no room for the number."""

    check = staticmethod(identifiers.check_lot)


class Serial(Checked):
    """A serial number as an item id spells it."""

    check = staticmethod(identifiers.check_serial)


class Cas(Checked):
    """A CAS registry number: ``7439-92-1``."""

    check = staticmethod(identifiers.check_cas)


class FacilityId(Checked):
    """A place: ``https://id.gs1.org/414/<GLN>``."""

    check = staticmethod(identifiers.check_facility)


class UnitId(Checked):
    """A logistic unit, a pallet or a carton: ``https://id.gs1.org/00/<SSCC>``."""

    check = staticmethod(identifiers.check_unit)


class TrademarkId(Checked):
    """A brand: ``urn:trademark:<office>:<number>:<Nice class>``."""

    check = staticmethod(identifiers.check_trademark)


class NumberId(Checked):
    """The number of a qualification: ``urn:qualification:<office>:<NUMBER>`` with the number as printed, or a trademark."""

    check = staticmethod(identifiers.check_number)


class ShopId(Checked):
    """A shop: ``urn:shop:<channel>:<id>``."""

    check = staticmethod(identifiers.check_shop)


class SampleId(Checked):
    """A sample: ``urn:sample:<id>``."""

    check = staticmethod(identifiers.check_sample)


class RosterId(Checked):
    """A roster: ``urn:roster:<id>``."""

    check = staticmethod(identifiers.check_roster)


class Category(Checked):
    """A category path: ``food/tea/green``."""

    check = staticmethod(identifiers.check_category)


class Goods(Checked):
    """A product, a category, or ``*`` for all goods."""

    check = staticmethod(identifiers.check_goods)


class Country(Checked):
    """ISO 3166-1 alpha-2: ``CN``."""

    check = staticmethod(identifiers.check_country)


class Territory(Checked):
    """ISO 3166 by its list, places in China by GB/T 2260, too: ``CN``, ``CN-ZJ``, ``CN-ZJ-330100``; or ``*`` for everywhere."""

    check = staticmethod(identifiers.check_territory)


class Channel(Checked):
    """Where goods are sold, lower case: ``shop.example.com``, or ``*`` for all channels."""

    check = staticmethod(identifiers.check_channel)


class AboutId(Checked):
    """What a visit is about: a facility, a lot or a draw."""

    check = staticmethod(identifiers.about_topic)


def decode_field(wanted: type[Any], value: Any) -> Any:
    """Return a checked text: msgspec's hook for the classes above.

    Raises:
        ValueError: no text, or not in its form.

    """
    if not issubclass(wanted, Checked) or not isinstance(value, str):
        raise FormError("text expected, got {name}", name=type(value).__name__)
    try:
        wanted.check(value)
    except MalformedError as error:
        raise FormError(error) from error
    return wanted(value)


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """A part of a payload: no field but its own.

    Frozen down to its texts it is in no cycle: the garbage collector need not look at it.
    """


class Body(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="type",
    gc=False,
):
    """The payload of a native statement, version 1 of its type."""

    v: Literal[1]


class PeriodBody(Body, frozen=True):
    """A payload that holds for a time: from ``from`` until before ``until``, null for ever."""

    from_: Annotated[Time, FROM] = msgspec.field(name="from")
    until: Annotated[
        Time | None, Meant("Until before when it holds; null: without end.", "Until|End date")
    ]

    def __post_init__(self) -> None:
        """Refuse a period that is over before it begins."""
        if self.until is not None and self.until <= self.from_:
            raise FormError(
                "until {until} is not after from {from_}", until=self.until, from_=self.from_
            )

    @property
    def span(self) -> str:
        """Return the period in words, as refusals name it."""
        return f"from {self.from_} " + (
            f"until {self.until}" if self.until else "on, without an end"
        )

    def covers(self, time_us: int) -> bool:
        """Return whether a time lies in the period."""
        return self.from_.us <= time_us and (self.until is None or time_us < self.until.us)

    def meets(self, other: "PeriodBody") -> bool:
        """Return whether two periods have a moment in common."""
        return (self.until is None or other.from_ < self.until) and (
            other.until is None or self.from_ < other.until
        )


class TopicName(Checked):
    """A topic of histories, by the list under Histories of statements."""

    check = staticmethod(check_topic)


class Citation(Part, frozen=True):
    """A statement by its id, and one history it is found in."""

    id: Annotated[Digest, Meant("The statement's id.", "Statement id")]
    topic: Annotated[
        TopicName, Meant("The topic of a history it is in.", "Topic", context="Citation.topic")
    ]
    subject: Annotated[
        HistorySubject, Meant("The subject of that history.", "Subject of the history")
    ]


class Evidence(Part, frozen=True):
    """A document or photo that lies elsewhere: its SHA-256, size and media type."""

    digest: Annotated[Digest, Meant("Its SHA-256.", "SHA-256")]
    size: Annotated[Unsigned, Meant("Its size in bytes.", "Size in bytes")]
    media_type: Annotated[
        str,
        msgspec.Meta(pattern=r"^[a-z]+/[a-z0-9.+-]{1,80}\Z"),
        Meant("Its media type.", "Media type"),
    ]


class Commitment(Part, frozen=True):
    """A sensitive field: its name, and SHA-256(salt of 16 bytes || name || value)."""

    name: Annotated[
        str,
        msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}\Z"),
        Meant("The value's name.", "Name", context="Commitment.name"),
    ]
    digest: Annotated[Digest, Meant("The commitment.", "Digest", context="Commitment.digest")]


MICRODEGREES = 1_000_000


class Place(Part, frozen=True):
    """Where something is: an address in words, and millionths of degrees (WGS 84)."""

    text: Annotated[Text, Meant("The address in words.", "Address")]
    latitude_e6: Annotated[
        Annotated[int, msgspec.Meta(ge=-90 * MICRODEGREES, le=90 * MICRODEGREES)]
        | msgspec.UnsetType,
        Meant("Latitude in millionths of degrees.", "Latitude (millionths)"),
    ] = msgspec.UNSET
    longitude_e6: Annotated[
        Annotated[int, msgspec.Meta(ge=-180 * MICRODEGREES, le=180 * MICRODEGREES)]
        | msgspec.UnsetType,
        Meant("Longitude in millionths of degrees.", "Longitude (millionths)"),
    ] = msgspec.UNSET


Severity = Literal["critical", "major", "minor"]
SEVERITIES: tuple[Severity, ...] = ("minor", "major", "critical")
"""From the least to the worst."""


class Finding(Part, frozen=True):
    """Something found: which point of a checklist or criterion, how severe, in words."""

    point: Annotated[Text, Meant("The point of the checklist or criterion.", "Finding: point")]
    severity: Annotated[Severity, Meant("How severe.", "Finding: severity")]
    text: Annotated[LongText, Meant("What was found.", "Finding", context="Finding.text")]


Findings = Annotated[tuple[Finding, ...], msgspec.Meta(max_length=100)]


def critical_in(findings: Iterable[Finding]) -> bool:
    """Return whether something critical is among findings."""
    return any(finding.severity == "critical" for finding in findings)


Evidences = Annotated[tuple[Evidence, ...], msgspec.Meta(max_length=50)]
Commitments = Annotated[tuple[Commitment, ...], msgspec.Meta(max_length=20)]


class Names(Part, frozen=True):
    """A name in Chinese, in English, or both."""

    zh: Annotated[
        Text | msgspec.UnsetType,
        Meant("In Chinese.", "Chinese name", needed="where en is left out"),
    ] = msgspec.UNSET
    en: Annotated[
        Text | msgspec.UnsetType,
        Meant("In English.", "English name", needed="where zh is left out"),
    ] = msgspec.UNSET

    @property
    def given(self) -> dict[str, str]:
        """Return the names by language, without those left out."""
        both = {"zh": self.zh, "en": self.en}
        return {lang: str(name) for lang, name in both.items() if name is not msgspec.UNSET}


Decimal = Annotated[
    str, msgspec.Meta(pattern=r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?\Z", max_length=25)
]


class Quantity(Part, frozen=True):
    """How much: a decimal in text and its unit."""

    amount: Annotated[Decimal, Meant("How many or how much.", "Amount", context="Quantity.amount")]
    unit: Annotated[Text, Meant("Of what.", "Unit", context="Quantity.unit")]


_ALGS = {name: alg for alg, name in ALG_NAMES.items()}


class KeyBinding(Part, frozen=True):
    """A public key and the proof that its party holds it (or the word ``unproven``)."""

    alg: Annotated[Literal["EdDSA", "ES256", "ES384"], Meant("The algorithm.", "Algorithm")]
    x: Annotated[Base64Url, Meant("The key.", "x")]
    possession: Annotated[
        Base64Url, Meant("The proof that its party holds it, or the word unproven.", "Possession")
    ]
    y: Annotated[
        Base64Url | msgspec.UnsetType, Meant("The key's second half (ES256, ES384).", "y")
    ] = msgspec.UNSET

    def public_key(self) -> PublicKey:
        """Return the key.

        Raises:
            MalformedError: other lengths than the algorithm has.

        """
        y = b"" if self.y is msgspec.UNSET else parse_base64url(self.y)
        return PublicKey(_ALGS[self.alg], parse_base64url(self.x), y)

    @classmethod
    def of(cls, key: PublicKey, possession: bytes | None) -> "KeyBinding":
        """Return the binding of a key, with its possession signature or without."""
        proof = UNPROVEN if possession is None else format_base64url(possession)
        y = format_base64url(key.y) if key.y else msgspec.UNSET
        name = cast('Literal["EdDSA", "ES256", "ES384"]', ALG_NAMES[key.alg])
        return cls(alg=name, x=format_base64url(key.x), y=y, possession=proof)
