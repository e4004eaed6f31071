"""What mends goods: products, lots, items, places, and how they are inspected."""

from questions.mends.telling import Mend
from questions.scene import audit, inspection, wait
from questions.scenes.claims import GLN
from questions.scenes.tracing import DEEPER, RECALLED_AND_MENDED, SECOND, lot
from rules.scenarios.sampling import row, switch
from rules.words import WHITE, corrects, decides, product, says
from tea import GTIN, LOT
from usual import citing, day

NEW = GTIN + "/10/N1"
LATER_LOT = (
    says("lot", subject=NEW, called="new", made=day(-1), serial_range=...),
    inspection("of the new", subject=NEW, on=day(0)),
)
ALL_SERIALS = {"serial_range": {"first": "001", "last": "999"}}


MENDS = (
    Mend("product-unknown", (product(),)),
    Mend("lot-unknown", (lot(SECOND),)),
    Mend("product-contested", (decides(),)),
    Mend("lot-contested", (decides(subject=LOT, rejected=[citing("lot")]),)),
    Mend("place-contested", (decides(subject=GLN, rejected=[citing("shed")]),)),
    Mend("lots-absent", (lot(WHITE + "/10/N1"),)),
    Mend("lot-recalled", LATER_LOT, question="listable"),
    Mend(
        "lot-refused",
        (inspection("later", on=day(0), answers=[citing("failure")]),),
        "a lot that one of two inspections refused",
    ),
    Mend(
        "lot-refused",
        RECALLED_AND_MENDED[2:],
        "a refused lot",
    ),
    Mend("input-unknown", (lot(DEEPER),)),
    Mend("serial-unknown", (corrects("lot", "brand", **ALL_SERIALS),)),
    Mend("serial-contested", (corrects(SECOND, "brand", serials=["900"]),)),
    Mend("audit-absent", (audit(),)),
    Mend("audit-overdue", (wait(181), audit("again")), "and one whose audit is overdue"),
    Mend(
        "finding-critical",
        (audit("later", on=day(0), findings=[]),),
        "a critical finding at the garden is open against its lots",
    ),
    Mend(
        "finding-critical",
        (inspection("later", on=day(0), answers=[citing("inspection")]),),
        "a critical finding of an inspection is open even where the lot was accepted",
    ),
    Mend("walk-limit", asks={"goods": LOT}, question="trace"),
    Mend("sampling-score-reached", (switch("reduced"),)),
    Mend("sampling-reduced", row("R", "reduced", 11)),
    Mend("sampling-discontinued", (switch("tightened"),)),
)
