"""Where goods went: shipments, receipts, what was made of a lot, who sells it."""

from typing import Any

from questions.scene import BUSINESS, Forged
from questions.scene import Scene as Told
from questions.scenes.tracing import SECOND, lot
from rules.words import corrects, says, withdraws
from tea import GTIN, LOT
from usual import citing, day, who

USED = "where_used"
PALLET = "https://id.gs1.org/00/006141411234567890"


def kg(amount: str) -> dict[str, str]:
    """Return so many kilograms."""
    return {"amount": amount, "unit": "kg"}


def moves(called: str, by: str, kind: str, amount: str | None, **changes: Any):
    """Somebody says that some of the lot moved."""
    how = {"to": ..., "place": ..., "delivery": ..., "at": day(-0.5)} | changes
    quantity = ... if amount is None else kg(amount)
    return says("movement", called=called, by=by, kind=kind, quantity=quantity, **how)


SENT = says("movement", called="sent")


def got(amount: str | None = "20", by: str = "trader", of: str = "sent"):
    """Who was sent something says that it arrived."""
    return moves("got", by, "receive", amount, shipment=citing(of))


def sent_on(amount: str | None, to: str = "distributor"):
    """The trader sends some of it on."""
    return moves("sent on", "trader", "ship", amount, to=who(to))


def _scene(says_: str, *story: Any, verdict: str = "yes", note: tuple[str, ...] = (), **asks: str):
    return Told(says_, story, USED, {"goods": LOT, "page": "1"} | asks, verdict, note=note)


UNCONFIRMED, DIFFERS = ("shipment-unconfirmed",), ("receipt-differs",)
SCENES = (
    _scene("nobody says that a lot moved", verdict="no"),
    _scene("what was sent, and nobody confirms", SENT, note=UNCONFIRMED),
    _scene("what was sent and arrived", SENT, got()),
    _scene("what arrives in two parts", SENT, got("12"), got("8")),
    _scene("less arrives than was sent", SENT, got("19.5"), note=DIFFERS),
    _scene(
        "somebody sends on more than it had",
        SENT,
        got(),
        sent_on("20.5"),
        note=("balance-open", *UNCONFIRMED),
    ),
    _scene(
        "its maker sends more than it made",
        says("movement", called="sent", quantity=kg("120.6")),
        got("120.6"),
        note=("balance-open",),
    ),
    _scene("all of it is destroyed", moves("gone", "brand", "destroy", "120.5", reason="burnt")),
    _scene(
        "how much was sent is not said",
        says("movement", called="sent", quantity=...),
        got(),
        note=("quantity-unsaid",),
    ),
    _scene(
        "what was taken back counts no longer, and is told all the same",
        SENT,
        withdraws("sent", by="brand"),
    ),
    _scene(
        "what was sent to somebody else",
        SENT,
        corrects("sent", "brand", to=who("distributor")),
        note=UNCONFIRMED,
    ),
    _scene("a lot that its maker made of it", lot(SECOND, LOT)),
    _scene(
        "its maker takes out of a lot what it was made of",
        lot(SECOND, LOT),
        Forged(corrects(SECOND, "brand", inputs=[])),
    ),
    _scene(
        "who had nothing of it says what it made of it",
        says("lot", by="agent", subject=SECOND, called="theirs", inputs=[LOT], serial_range=...),
        verdict="no",
    ),
    _scene(
        "who was sent it does",
        SENT,
        got(),
        says("lot", by="trader", subject=SECOND, called="theirs", inputs=[LOT], serial_range=...),
    ),
    _scene("who had it has it on sale", SENT, got(), BUSINESS, says("listing")),
    _scene("who never had it has the product on sale", BUSINESS, says("listing"), verdict="no"),
    _scene(
        "a rival says that it sent it",
        Forged(says("movement", by="rival", called="theirs")),
        verdict="no",
    ),
    _scene("an item of a lot", SENT, got(), goods=LOT + "/21/007"),
    _scene(
        "an item that other items moved beside",
        says("movement", called="sent", serial_range={"first": "100", "last": "200"}),
        verdict="no",
        goods=LOT + "/21/007",
    ),
    Told(
        "a lot that is called back says where it went",
        (SENT, got(), lot(SECOND, LOT), says("recall")),
        "trace",
        {"goods": LOT, "page": "1"},
        "no",
        ("lot-recalled",),
        ("audit-absent",),
    ),
    _scene(
        "what is in a pallet that was sent",
        moves("packed", "brand", "pack", "20", unit=PALLET),
        says("movement", called="sent", units=[PALLET]),
        got(),
        goods=PALLET,
    ),
    _scene(
        "a rival says what is in it, too",
        moves("packed", "brand", "pack", "20", unit=PALLET),
        Forged(moves("theirs", "rival", "pack", "1", unit=PALLET, subject=SECOND)),
        goods=PALLET,
    ),
    Told(
        "a pallet of which nobody says what is in it",
        (),
        USED,
        {"goods": PALLET, "page": "1"},
        "unknown",
        ("unit-unknown",),
    ),
    Told(
        "a lot nobody registered",
        (),
        USED,
        {"goods": GTIN + "/10/NONE", "page": "1"},
        "unknown",
        ("lot-unknown",),
    ),
)
