"""Statements about goods that move: movement, from party to party, from place to place, from lot to lot."""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from ledger.errors import FormError
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Citation,
    FacilityId,
    LongText,
    LotId,
    Part,
    PartyId,
    Quantity,
    Text,
    Time,
    UnitId,
)
from ledger.statements.meant import Meant
from ledger.statements.origin_family import SerialRange
from ledger.statements.statement_type import Citations, StatementType
from ledger.texts import Words

MAX_LOTS = 100
"""Lots beside its subject that one movement names, and lots that come out of it."""

Kind = Literal["pack", "ship", "receive", "return", "split", "merge", "repack", "destroy"]
SENDING: tuple[Kind, ...] = ("ship", "return")
"""Kinds in which goods leave a party for another."""
IN_UNITS: tuple[Kind, ...] = ("pack", "ship", "receive", "return")
"""Kinds whose goods may lie in logistic units."""
REMAKING: tuple[Kind, ...] = ("split", "merge", "repack")
"""Kinds in which lots go in and lots come out."""

_SERIALS = Meant("Which items of it, from and to.", "Serial range", context="movement.serial_range")


class Moved(Part, frozen=True):
    """A lot that moves, how much of it and which of its items."""

    lot: Annotated[LotId, Meant("The lot.", "Other lot", context="Moved.lot")]
    quantity: Annotated[
        Quantity | msgspec.UnsetType, Meant("How much of it.", "Other lot: quantity")
    ] = msgspec.UNSET
    serial_range: Annotated[
        SerialRange | msgspec.UnsetType,
        Meant("Which items of it, from and to.", "Other lot: serial range"),
    ] = msgspec.UNSET


class CameOut(Moved, frozen=True):
    """A lot that comes out, how much of it and which of its items."""

    lot: Annotated[LotId, Meant("The lot.", "Lot that comes out", context="CameOut.lot")]
    quantity: Annotated[
        Quantity | msgspec.UnsetType, Meant("How much of it.", "Lot that comes out: quantity")
    ] = msgspec.UNSET
    serial_range: Annotated[
        SerialRange | msgspec.UnsetType,
        Meant("Which items of it, from and to.", "Lot that comes out: serial range"),
    ] = msgspec.UNSET


class Movement(Body, frozen=True, tag="movement"):
    """Goods move: a lot, and others, from who has them to another, into units or other lots, or to nothing."""

    kind: Annotated[Kind, Meant("What happens to them.", "Movement", context="movement.kind")]
    at: Annotated[Time, Meant("When.", "Moved at", context="movement.at")]
    quantity: Annotated[
        Quantity | msgspec.UnsetType,
        Meant("How much of the lot.", "Quantity", context="movement.quantity"),
    ] = msgspec.UNSET
    serial_range: Annotated[SerialRange | msgspec.UnsetType, _SERIALS] = msgspec.UNSET
    others: Annotated[
        tuple[Moved, ...],
        msgspec.Meta(max_length=MAX_LOTS),
        Meant("Further lots that move with it.", "Other lots", context="movement.others"),
    ] = ()
    to: Annotated[
        PartyId | msgspec.UnsetType,
        Meant(
            "To whom they go.", "To", context="movement.to", needed="where kind is ship or return"
        ),
    ] = msgspec.UNSET
    place: Annotated[
        FacilityId | msgspec.UnsetType,
        Meant("Where: of what is sent, from where.", "Place", context="movement.place"),
    ] = msgspec.UNSET
    to_place: Annotated[
        FacilityId | msgspec.UnsetType,
        Meant("Where it is sent.", "To place", context="movement.to_place"),
    ] = msgspec.UNSET
    shipment: Annotated[
        Citation | msgspec.UnsetType,
        Meant("The movement that sent them.", "Shipment", needed="where kind is receive"),
    ] = msgspec.UNSET
    made: Annotated[
        tuple[CameOut, ...],
        msgspec.Meta(max_length=MAX_LOTS),
        Meant(
            "The lots that come out of it.",
            "Lots that come out",
            context="movement.made",
            needed="where kind is split, merge or repack",
        ),
    ] = ()
    lost: Annotated[
        Quantity | msgspec.UnsetType,
        Meant("How much was lost in it.", "Lost", context="movement.lost"),
    ] = msgspec.UNSET
    unit: Annotated[
        UnitId | msgspec.UnsetType,
        Meant(
            "The pallet or carton they are packed into, by its SSCC.",
            "Packed into",
            needed="where kind is pack",
        ),
    ] = msgspec.UNSET
    units: Annotated[
        tuple[UnitId, ...],
        msgspec.Meta(max_length=MAX_LOTS),
        Meant("The pallets or cartons they are in; of what is packed, those within.", "Units"),
    ] = ()
    delivery: Annotated[
        Text | msgspec.UnsetType,
        Meant("The number of the delivery note.", "Delivery", context="movement.delivery"),
    ] = msgspec.UNSET
    reason: Annotated[
        LongText | msgspec.UnsetType,
        Meant("Why.", "Reason", context="reason", needed="where kind is return or destroy"),
    ] = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse what its kind needs and lacks, and what goods of this kind do not have."""
        if self.kind in ("return", "destroy") and self.reason is msgspec.UNSET:
            raise FormError(
                "{name}: a movement of kind {kind} has it", name="reason", kind=self.kind
            )
        for name, value, kinds, needed in self._of_kinds():
            given = value is not msgspec.UNSET and value != ()
            if needed and not given and self.kind in kinds:
                raise FormError(
                    "{name}: a movement of kind {kind} has it", name=name, kind=self.kind
                )
            if given and self.kind not in kinds:
                raise FormError(
                    "{name}: no movement of kind {kind} has it", name=name, kind=self.kind
                )
        for part in (self.others, self.made):
            if len({one.lot for one in part}) != len(part):
                raise FormError("a lot is listed twice")
        if self.kind == "split" and (self.others or len(self.made) == 1):
            raise FormError(
                "a movement of kind split has one lot that goes in and several that come out"
            )
        if self.kind == "merge" and (not self.others or len(self.made) > 1):
            raise FormError(
                "a movement of kind merge has several lots that go in and one that comes out"
            )

    def _of_kinds(self) -> Iterator[tuple[str, object, tuple[Kind, ...], bool]]:
        """Yield fields that some kinds alone have: name, value, these kinds, whether they need it."""
        yield "to", self.to, SENDING, True
        yield "to_place", self.to_place, SENDING, False
        yield "shipment", self.shipment, ("receive",), True
        yield "made", self.made, REMAKING, True
        yield "lost", self.lost, REMAKING, False
        yield "unit", self.unit, ("pack",), True
        yield "units", self.units, IN_UNITS, False

    def goes(self, lot: str) -> tuple[Moved, ...]:
        """Return the lots that move, its subject first."""
        first = Moved(lot=LotId(lot), quantity=self.quantity, serial_range=self.serial_range)
        return (first, *self.others)


def movement_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``movement``, lot) of each lot that moves or comes out, (``unit``, unit) of each unit named."""
    assert isinstance(body, Movement)  # noqa: S101 - the catalogue pairs them
    into = () if body.unit is msgspec.UNSET else (body.unit,)
    return (
        *(("movement", lot) for lot in _lots(statement.subject, body)),
        *(("unit", str(unit)) for unit in (*into, *body.units)),
    )


def _lots(subject: str, body: Movement) -> Iterator[str]:
    yield subject
    yield from (str(one.lot) for one in (*body.others, *body.made))


def _cited(body: Body) -> Citations:
    assert isinstance(body, Movement)  # noqa: S101 - the catalogue pairs them
    return () if body.shipment is msgspec.UNSET else ((body.shipment, ("movement",)),)


ROWS = (
    StatementType(
        "movement",
        Movement,
        ("operator", "brand", "trader", "warehouse", "carrier"),
        movement_histories,
        "lot",
        cited_from=("movement",),
        cites=_cited,
        called=Words("movement"),
        says=Words(
            "Goods go from a party to another, from place to place, into other lots or to nothing."
        ),
    ),
)
"""Their rows of the catalogue."""
