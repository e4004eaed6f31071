"""Statements about where goods come from: facility, origin-audit, lot."""

from typing import Annotated

import msgspec

from ledger.errors import FormError
from ledger.identifiers import product_of
from ledger.primitives.instant import DAY_US
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Country,
    Evidences,
    FacilityId,
    Findings,
    LotId,
    Names,
    Part,
    PartyId,
    Place,
    Quantity,
    Serial,
    Text,
    Time,
    Unsigned,
)
from ledger.statements.meant import COUNTRY, EVIDENCE, FINDINGS, KM, NAMES, Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words

MAX_TEAM = 20


class Facility(Body, frozen=True, tag="facility"):
    """A place where goods are made, grown, packed or stored."""

    names: Annotated[Names, NAMES]
    owner: Annotated[PartyId, Meant("Who owns it.", "Owner")]
    country: Annotated[Country, COUNTRY]
    place: Annotated[Place, Meant("Where it stands.", "Place", context="facility.place")]
    activities: Annotated[
        tuple[Text, ...],
        msgspec.Meta(min_length=1, max_length=20),
        Meant("What is done there.", "Activities"),
    ]


AUDIT_DAYS = 1_095
"""An audit counts for three years at most: nobody who audits a place once says that it is good for ever."""
AUDIT_US = AUDIT_DAYS * DAY_US


class OriginAudit(Body, frozen=True, tag="origin-audit"):
    """An audit of a facility where it stands: what was checked, found, and when it is due again."""

    checklist: Annotated[Text, Meant("The checklist and its version.", "Checklist")]
    on: Annotated[Time, Meant("When.", "Audited on", context="origin-audit.on")]
    findings: Annotated[Findings, FINDINGS]
    team: Annotated[
        tuple[PartyId, ...],
        msgspec.Meta(min_length=2, max_length=MAX_TEAM),
        Meant("Who audited, at least two.", "Team"),
    ]
    km: Annotated[Unsigned, KM]
    next_due: Annotated[
        Time, Meant("When the next one is due.", "Next due", context="origin-audit.next_due")
    ]
    evidence: Annotated[Evidences, EVIDENCE] = ()

    def __post_init__(self) -> None:
        """Refuse a person counted twice, and an audit due before it was made, or over 1,095 days later."""
        if len(set(self.team)) != len(self.team):
            raise FormError("team: a member is listed twice")
        if self.next_due <= self.on:
            raise FormError(
                "next_due {next_due} is not after on {on}", next_due=self.next_due, on=self.on
            )
        if self.next_due.us > self.on.us + AUDIT_US:
            raise FormError(
                "next_due {next_due} is more than {days} days after on {on}",
                next_due=self.next_due,
                days=AUDIT_DAYS,
                on=self.on,
            )


class SerialRange(Part, frozen=True):
    """Serial numbers of decimal digits from ``first`` to ``last``, both included, of one length."""

    first: Annotated[
        str, msgspec.Meta(pattern=r"^[0-9]{1,20}\Z"), Meant("The first.", "First serial")
    ]
    last: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,20}\Z"), Meant("The last.", "Last serial")]

    def __post_init__(self) -> None:
        """Refuse a range whose first and last have different lengths, or whose first is above its last."""
        if len(self.first) != len(self.last) or self.last < self.first:
            raise FormError(
                "serial range {first} to {last}: one length, first not above last",
                first=self.first,
                last=self.last,
            )

    def holds(self, serial: str) -> bool:
        """Return whether a serial number lies in the range."""
        return (
            len(serial) == len(self.first)
            and serial.isascii()
            and serial.isdigit()
            and self.first <= serial <= self.last
        )

    def meets(self, other: "SerialRange") -> bool:
        """Return whether some number lies in both ranges."""
        same = len(self.first) == len(other.first)
        return same and self.first <= other.last and other.first <= self.last


class Lot(Body, frozen=True, tag="lot"):
    """A lot of a product: how much, which items, made where and when, of which other lots."""

    quantity: Annotated[Quantity, Meant("How much.", "Quantity")]
    facility: Annotated[FacilityId, Meant("Where it was made.", "Made at")]
    made: Annotated[Time, Meant("When it was made.", "Made on")]
    serials: Annotated[
        tuple[Serial, ...],
        msgspec.Meta(max_length=1000),
        Meant("Serial numbers of its items.", "Serial numbers"),
    ] = ()
    serial_range: Annotated[
        SerialRange | msgspec.UnsetType,
        Meant("Serial numbers of its items, from and to.", "Serial range"),
    ] = msgspec.UNSET
    inputs: Annotated[
        tuple[LotId, ...],
        msgspec.Meta(max_length=100),
        Meant("The lots it was made of.", "Input lots|Made of"),
    ] = ()

    def holds(self, serial: str) -> bool:
        """Return whether an item with this serial number is of this lot."""
        within = self.serial_range is not msgspec.UNSET and self.serial_range.holds(serial)
        return within or serial in self.serials

    def shares_serials(self, other: "Lot") -> bool:
        """Return whether one item would be of both lots."""
        mine, theirs = self.serial_range, other.serial_range
        if mine is not msgspec.UNSET and theirs is not msgspec.UNSET and mine.meets(theirs):
            return True
        return any(map(other.holds, self.serials)) or any(map(self.holds, other.serials))


def facility_histories(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``facility``, facility)."""
    return (("facility", statement.subject),)


def lot_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``lot``, lot), (``lots``, product), (``lots-by``, product + issuer), (``made-at``, facility + issuer), (``made-of``, input + issuer) each."""
    assert isinstance(body, Lot)  # noqa: S101 - the catalogue pairs them
    product = product_of(statement.subject)
    return (
        ("lot", statement.subject),
        ("lots", product),
        ("lots-by", lots_by(product, statement.issuer)),
        ("made-at", made_at(str(body.facility), statement.issuer)),
        *(("made-of", made_of(str(lot), statement.issuer)) for lot in body.inputs),
    )


def lots_by(product: str, issuer: str) -> str:
    """Return the subject of the history of the lots of a product that one party states."""
    return f"{product}\n{issuer}"


def made_at(facility: str, issuer: str) -> str:
    """Return the subject of the history of the lots that one party states as made at a place."""
    return f"{facility}\n{issuer}"


def made_of(lot: str, issuer: str) -> str:
    """Return the subject of the history of the lots that one party states as made of a lot."""
    return f"{lot}\n{issuer}"


ROWS = (
    StatementType(
        "facility",
        Facility,
        ("operator", "brand"),
        facility_histories,
        "facility",
        cited_from=("facility",),
        called=Words("facility"),
        says=Words("A place where goods are made, grown, packed or stored."),
    ),
    StatementType(
        "origin-audit",
        OriginAudit,
        ("inspector",),
        facility_histories,
        "facility",
        cited_from=("facility",),
        called=Words("origin audit"),
        says=Words("An audit of a facility where it stands."),
    ),
    StatementType(
        "lot",
        Lot,
        ("brand", "trader"),
        lot_histories,
        "lot",
        cited_from=("lot",),
        called=Words("lot"),
        says=Words("A lot: how much, which items, made where and when, of which other lots."),
    ),
)
"""Their rows of the catalogue."""
