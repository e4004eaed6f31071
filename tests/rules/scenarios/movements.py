"""The rules for goods that move: who has them, what comes out of what goes in."""

from typing import Any

from rules.words import breaks, corrects, keeps, prefixed, says, withdraws
from tea import GTIN, LOT
from usual import citing, day, who

NEXT, THIRD = GTIN + "/10/B1", GTIN + "/10/B2"
NOWHERE = "https://id.gs1.org/414/6901234500127"
STRANGER = "did:web:nobody.example"
SENT = says("movement", called="sent")


def kg(amount: str, unit: str = "kg") -> dict[str, str]:
    """Return so many kilograms."""
    return {"amount": amount, "unit": unit}


def of(lot: str, amount: str | None = None) -> dict[str, Any]:
    """Return a lot, and how much of it, among those that move."""
    return {"lot": lot} | ({} if amount is None else {"quantity": kg(amount)})


def moves(by: str, kind: str, amount: str | None = "20", **changes: Any):
    """Somebody says that some of the lot moved."""
    quantity = ... if amount is None else kg(amount)
    how = {"called": "moved", "to": ..., "place": ..., "delivery": ..., "quantity": quantity}
    return says("movement", by=by, kind=kind, **how | changes)


def got(by: str = "trader", **changes: Any):
    """Who was sent it says that it arrived."""
    return moves(by, "receive", **{"called": "got", "shipment": citing("sent")} | changes)


def made(lot: str = NEXT, **changes: Any):
    """The brand says of a lot what it is made of: of the usual one."""
    return says("lot", subject=lot, called=lot, **{"inputs": [LOT], "serial_range": ...} | changes)


HELD = (
    keeps("movement-held", "who made a lot sends it", SENT),
    breaks(
        "movement-held",
        "who never had it sends it",
        says("movement", by="distributor", to=who("brand")),
    ),
    breaks("movement-held", "a rival destroys it", moves("rival", "destroy", reason="burnt")),
    breaks("movement-held", "a lot that nobody registered", says("movement", subject=NEXT)),
    breaks(
        "movement-held",
        "a lot beside that nobody registered",
        says("movement", others=[of(NEXT)]),
    ),
    keeps(
        "movement-held",
        "who was sent it sends it on",
        SENT,
        moves("trader", "ship", to=who("distributor")),
    ),
    breaks(
        "movement-held",
        "who was sent what was taken back since",
        SENT,
        withdraws("sent", by="brand"),
        moves("trader", "ship", to=who("distributor")),
    ),
    breaks(
        "movement-held",
        "who was sent it says that another's lot came out",
        SENT,
        made(),
        moves("trader", "repack", made=[of(NEXT, "20")]),
    ),
    keeps(
        "movement-held",
        "who was sent it before that was corrected had it",
        SENT,
        corrects("sent", "brand", to=who("distributor")),
        moves("trader", "ship", to=who("agent")),
    ),
)
NAMED = (
    breaks("named-unknown", "it goes to nobody known", says("movement", to=STRANGER)),
    breaks("facility-unknown", "from a place nobody registered", says("movement", place=NOWHERE)),
    breaks("facility-unknown", "to such a place", says("movement", to_place=NOWHERE)),
    breaks("done-ahead", "it is to move yet", says("movement", at=day(1))),
    breaks("movement-lots", "a lot moves beside itself", says("movement", others=[of(LOT)])),
    keeps("movement-lots", "another moves with it", made(), says("movement", others=[of(NEXT)])),
    breaks(
        "role",
        "an inspector says what moved",
        says("movement", by="inspector"),
        refused=("role", "movement-held"),
    ),
)
FORMS = (
    breaks("fields", "it is sent to nobody", says("movement", to=...)),
    breaks("fields", "it is received as nothing that was sent", moves("brand", "receive")),
    breaks("fields", "it is destroyed, and nobody says why", moves("brand", "destroy")),
    breaks(
        "fields",
        "it is destroyed for somebody",
        moves("brand", "destroy", to=who("trader"), reason="burnt"),
    ),
    breaks("fields", "it is split into one", moves("brand", "split", made=[of(NEXT)])),
    breaks("fields", "it is merged alone", moves("brand", "merge", made=[of(NEXT)])),
    breaks(
        "fields", "one lot comes out twice", moves("brand", "repack", made=[of(NEXT), of(NEXT)])
    ),
    breaks("fields", "something is lost on the way", says("movement", lost=kg("1"))),
)
MADE = (
    keeps(
        "movement-made",
        "a lot is repacked into one made of it",
        made(),
        moves("brand", "repack", made=[of(NEXT, "20")]),
    ),
    keeps("movement-made", "and keeps its number", moves("brand", "repack", made=[of(LOT, "20")])),
    breaks(
        "movement-made",
        "what comes out is not said to be made of it",
        made(inputs=[]),
        moves("brand", "repack", made=[of(NEXT, "20")]),
    ),
    breaks(
        "movement-made",
        "two are merged into what is made of one",
        made(),
        made(THIRD, inputs=[LOT]),
        moves("brand", "merge", None, others=[of(NEXT)], made=[of(THIRD)]),
    ),
    keeps(
        "movement-made",
        "two are merged into what is made of both",
        made(),
        made(THIRD, inputs=[LOT, NEXT]),
        moves("brand", "merge", None, others=[of(NEXT)], made=[of(THIRD)]),
    ),
)
UNITS = (
    breaks(
        "movement-unit",
        "kilograms are told in cartons",
        says("movement", quantity=kg("2", "carton")),
    ),
    keeps("movement-unit", "a unit is written otherwise", says("movement", quantity=kg("2", "KG"))),
    breaks(
        "movement-unit",
        "cartons of another beside",
        made(),
        says("movement", others=[of(NEXT) | {"quantity": kg("2", "carton")}]),
    ),
)
SPLIT = (made(), made(THIRD))


def split(first: str, second: str, **changes: Any):
    """The brand splits twenty kilograms into two lots."""
    return moves("brand", "split", made=[of(NEXT, first), of(THIRD, second)], **changes)


BALANCE = (
    keeps("movement-balance", "all of it comes out", *SPLIT, split("12.25", "7.75")),
    breaks("movement-balance", "some is gone", *SPLIT, split("12", "7")),
    keeps("movement-balance", "what is gone was lost", *SPLIT, split("12", "7", lost=kg("1"))),
    breaks("movement-balance", "more comes out", *SPLIT, split("12", "9")),
    breaks(
        "movement-balance", "more is lost than was there", *SPLIT, split("12", "7", lost=kg("2"))
    ),
    keeps(
        "movement-balance", "how much went in is not said", *SPLIT, split("12", "9", quantity=...)
    ),
    keeps(
        "movement-balance",
        "it comes out in pieces",
        made(quantity={"amount": "400", "unit": "piece"}),
        moves(
            "brand", "repack", made=[of(NEXT) | {"quantity": {"amount": "400", "unit": "piece"}}]
        ),
    ),
)
RECEIPTS = (
    keeps("movement-receipt", "who was sent it receives it", SENT, got()),
    breaks(
        "movement-receipt",
        "another receives it",
        SENT,
        moves("trader", "ship", to=who("agent")),
        got("agent"),
    ),
    breaks("movement-receipt", "before it was sent", SENT, got(at=day(-2))),
    breaks(
        "movement-receipt",
        "another lot than was sent",
        made(),
        SENT,
        got(subject=NEXT),
        refused=("movement-held", "movement-receipt"),
    ),
    breaks(
        "movement-receipt",
        "what received it is no shipment",
        SENT,
        got(),
        got(shipment=citing("got"), called="again"),
    ),
    breaks("cited-type", "a lot's registration is no movement", SENT, got(shipment=citing("lot"))),
    breaks(
        "cited-ended",
        "what was taken back is received",
        SENT,
        withdraws("sent", by="brand"),
        got(),
        refused=("cited-ended", "movement-held"),
    ),
)
RETURNS = (
    keeps(
        "movement-return",
        "it goes back to who sent it",
        SENT,
        moves("trader", "return", to=who("brand"), reason="wet"),
    ),
    breaks(
        "movement-return",
        "it is returned to somebody else",
        SENT,
        moves("trader", "return", to=who("distributor"), reason="wet"),
    ),
)
AMENDED = (
    keeps(
        "target-issuer",
        "who said what moved corrects it",
        SENT,
        corrects("sent", "brand", quantity=kg("21")),
    ),
    breaks(
        "target-issuer", "another corrects it", SENT, corrects("sent", "trader", quantity=kg("21"))
    ),
    breaks(
        "target-subjects",
        "a correction is of other lots",
        made(),
        SENT,
        corrects("sent", "brand", others=[of(NEXT)]),
    ),
)
PALLET, CARTON = (
    f"https://id.gs1.org/00/{n}" for n in ("006141411234567890", "106141411234567897")
)
OWN = "https://id.gs1.org/00/069012345000000011"


def packs(unit: str = PALLET, by: str = "brand", **changes: Any):
    """Somebody packs some of the lot into a unit."""
    return moves(by, "pack", **{"called": "packed", "unit": unit} | changes)


def ships(**changes: Any):
    """The brand sends what is in a unit."""
    return says("movement", **{"units": [PALLET], "called": "sent"} | changes)


UNITS_PACKED = (
    keeps("unit-taken", "who packed it packs more into it", packs(), packs(called="more")),
    breaks(
        "unit-taken",
        "another packs what was packed",
        packs(),
        SENT,
        packs(by="trader", called="theirs"),
    ),
    keeps(
        "unit-taken",
        "who packed it corrects that",
        packs(),
        corrects("packed", "brand", quantity=kg("19")),
    ),
    breaks(
        "unit-taken",
        "a number is licensed to somebody else",
        prefixed(),
        SENT,
        packs(OWN, "trader"),
    ),
    keeps("unit-taken", "its licensee packs it", prefixed(), packs(OWN)),
    breaks(
        "unit-cycle", "it is packed into itself", packs(), packs(units=[PALLET], called="again")
    ),
    breaks(
        "unit-cycle",
        "it is packed into what is in it",
        packs(CARTON, called="carton"),
        packs(units=[CARTON]),
        packs(CARTON, units=[PALLET], called="again"),
    ),
    keeps(
        "unit-cycle",
        "a carton is packed onto a pallet",
        packs(CARTON, called="carton"),
        packs(units=[CARTON]),
    ),
    keeps("unit-contents", "a pallet is sent with what is in it", packs(), ships()),
    breaks("unit-contents", "nothing says what is in it", ships()),
    breaks("unit-contents", "another lot is in it, too", made(), packs(others=[of(NEXT)]), ships()),
    keeps(
        "unit-contents",
        "the other goes with it",
        made(),
        packs(others=[of(NEXT)]),
        ships(others=[of(NEXT)]),
    ),
    breaks("movement-held", "what one never had is packed", packs(by="trader")),
    breaks("fields", "it is packed into nothing", packs(unit=...)),
    breaks("fields", "a wrong check digit", packs(PALLET[:-1] + "1")),
)
SCENARIOS = (
    *UNITS_PACKED,
    *HELD,
    *NAMED,
    *FORMS,
    *MADE,
    *UNITS,
    *BALANCE,
    *RECEIPTS,
    *RETURNS,
    *AMENDED,
)
