"""Where goods come from, and what is open against them."""

from questions.scene import Forged, Scene, audit, garden, inspection, refusal, sanction, wait
from rules.words import WHITE, corrects, disputed, product, says
from tea import GTIN, LOT
from usual import day, finding

from ledger.questions.lots import MAX_LOTS

TRACE = "trace"
LEAF = WHITE + "/10/L1"
DEEPER = WHITE + "/10/L0"
SECOND = GTIN + "/10/B8"
ITEM = GTIN + "/21/007"


def lot(about: str, *inputs: str, **changes: object):
    """The brand registers a lot, made of these."""
    fields = {"inputs": list(inputs), "serial_range": ...} | changes
    return says("lot", subject=about, called=about, **fields)


MADE_OF = (
    product(),
    lot(DEEPER),
    lot(LEAF, DEEPER),
    corrects("lot", "brand", inputs=[LEAF]),
)
"""The lot is made of leaves, these of others."""
OBSERVED = (
    says("visit"),
    says("observation", findings=[finding("critical")]),
)

SCENES = (
    Scene("a lot on record, its garden audited", (audit(),), TRACE, {"goods": LOT}, "yes"),
    Scene("its product too", (audit(),), TRACE, {"goods": GTIN}, "yes"),
    Scene("an item is found by its serial number", (audit(),), TRACE, {"goods": ITEM}, "yes"),
    Scene("or by the lot it names", (audit(),), TRACE, {"goods": LOT + "/21/007"}, "yes"),
    Scene(
        "a garden nobody audited is to be known",
        (),
        TRACE,
        {"goods": LOT},
        "yes",
        note=("audit-absent",),
    ),
    Scene(
        "and one whose audit is overdue",
        (audit(),),
        TRACE,
        {"goods": LOT},
        "yes",
        note=("audit-overdue",),
        at=181,
    ),
    Scene(
        "a lot nobody registered is unknown",
        (),
        TRACE,
        {"goods": SECOND},
        "unknown",
        ("lot-unknown",),
    ),
    Scene(
        "a lot told in two ways is unknown",
        (audit(), *disputed(GTIN, says("lot", by="rival"))),
        TRACE,
        {"goods": LOT},
        "unknown",
        ("lot-contested", "product-contested"),
    ),
    Scene(
        "a product without lots is unknown",
        (product(),),
        TRACE,
        {"goods": WHITE},
        "unknown",
        ("lots-absent",),
    ),
    Scene(
        "a product claimed for two brands is unknown",
        (
            audit(),
            *disputed(),
        ),
        TRACE,
        {"goods": LOT},
        "unknown",
        ("product-contested",),
    ),
    Scene(
        "a product nobody declared is unknown",
        (),
        TRACE,
        {"goods": WHITE},
        "unknown",
        ("lots-absent", "product-unknown"),
    ),
    Scene(
        "an item of no lot is unknown",
        (audit(),),
        TRACE,
        {"goods": GTIN + "/21/999"},
        "unknown",
        ("serial-unknown",),
    ),
    Scene(
        "an item that the lot it names does not hold is unknown",
        (audit(),),
        TRACE,
        {"goods": LOT + "/21/999"},
        "unknown",
        ("serial-unknown",),
    ),
    Scene(
        "an item of two lots is unknown",
        (audit(), lot(SECOND, serials=["007"])),
        TRACE,
        {"goods": ITEM},
        "unknown",
        ("serial-contested",),
    ),
    Scene(
        "even where it names one of them",
        (audit(), lot(SECOND, serials=["007"])),
        TRACE,
        {"goods": LOT + "/21/007"},
        "unknown",
        ("serial-contested",),
    ),
    Scene(
        "a recalled lot",
        (audit(), says("recall")),
        TRACE,
        {"goods": LOT},
        "no",
        ("lot-recalled",),
    ),
    Scene(
        "is recalled from the time the recall says",
        (audit(), says("recall", **{"from": day(3)})),
        TRACE,
        {"goods": LOT},
        "yes",
    ),
    Scene(
        "an item of a recalled lot",
        (audit(), says("recall")),
        TRACE,
        {"goods": ITEM},
        "no",
        ("lot-recalled",),
    ),
    Scene(
        "a product with a recalled lot",
        (audit(), says("recall")),
        TRACE,
        {"goods": GTIN},
        "no",
        ("lot-recalled",),
    ),
    Scene(
        "a product with a recalled lot that nobody registered",
        (audit(), says("recall", by="operator", subject=SECOND)),
        TRACE,
        {"goods": GTIN},
        "no",
        ("lot-recalled",),
    ),
    Scene(
        "a recalled lot that nobody registered",
        (audit(), says("recall", by="operator", subject=SECOND)),
        TRACE,
        {"goods": SECOND},
        "no",
        ("lot-recalled", "lot-unknown"),
    ),
    Scene(
        "another lot's recall is none of this one",
        (audit(), says("recall", by="operator", subject=SECOND)),
        TRACE,
        {"goods": LOT},
        "yes",
    ),
    Scene(
        "a lot refused at its newest inspection",
        (audit(), inspection(on=day(-2)), refusal()),
        TRACE,
        {"goods": LOT},
        "no",
        ("lot-refused",),
    ),
    Scene(
        "a refusal is answered by a later inspection",
        (audit(), refusal(on=day(-2)), inspection()),
        TRACE,
        {"goods": LOT},
        "yes",
    ),
    Scene(
        "not by an earlier one registered later",
        (audit(), refusal(), inspection(on=day(-2))),
        TRACE,
        {"goods": LOT},
        "no",
        ("lot-refused",),
    ),
    Scene(
        "before it was inspected nothing was open",
        (audit(on=day(-5)), refusal()),
        TRACE,
        {"goods": LOT},
        "yes",
        at=-2,
    ),
    Scene(
        "a critical finding at the garden is open against its lots",
        (audit(**garden("critical")),),
        TRACE,
        {"goods": LOT},
        "no",
        ("finding-critical",),
    ),
    Scene(
        "a later audit closes it",
        (audit("first", **garden("critical")), wait(5), audit(**garden("major"))),
        TRACE,
        {"goods": LOT},
        "yes",
    ),
    Scene(
        "what an observer found at the garden is open too",
        (audit(on=day(-3)), *OBSERVED),
        TRACE,
        {"goods": LOT},
        "no",
        ("finding-critical",),
    ),
    Scene(
        "until the garden is audited again",
        (*OBSERVED, wait(5), audit()),
        TRACE,
        {"goods": LOT},
        "yes",
    ),
    Scene(
        "a critical finding of an inspection is open even where the lot was accepted",
        (audit(), inspection(findings=[finding("critical")])),
        TRACE,
        {"goods": LOT},
        "no",
        ("finding-critical",),
    ),
    Scene(
        "a clean inspection after it closes it",
        (audit(), inspection("bad", findings=[finding("critical")]), wait(5), inspection()),
        TRACE,
        {"goods": LOT},
        "yes",
    ),
    Scene(
        "a sanction on the lot",
        (audit(), *sanction(lots=[LOT])),
        TRACE,
        {"goods": LOT},
        "no",
        ("sanctioned",),
    ),
    Scene(
        "a sanction on the product",
        (audit(), *sanction(products=[GTIN])),
        TRACE,
        {"goods": LOT},
        "no",
        ("sanctioned",),
    ),
    Scene(
        "a sanction on another lot of the product",
        (audit(), *sanction(products=[GTIN], lots=[SECOND])),
        TRACE,
        {"goods": LOT},
        "yes",
    ),
    Scene(
        "it is one on the product itself",
        (audit(), *sanction(products=[GTIN], lots=[SECOND])),
        TRACE,
        {"goods": GTIN},
        "no",
        ("lot-recalled", "sanctioned"),
    ),
    Scene(
        "all it was made of is on record",
        (*MADE_OF, audit()),
        TRACE,
        {"goods": LOT},
        "yes",
    ),
    Scene(
        "an input that nobody registered",
        (product(), lot(LEAF, DEEPER), corrects("lot", "brand", inputs=[LEAF]), audit()),
        TRACE,
        {"goods": LOT},
        "unknown",
        ("input-unknown",),
    ),
    Scene(
        "a recall of what its input was made of",
        (*MADE_OF, audit(), says("recall", subject=DEEPER)),
        TRACE,
        {"goods": LOT},
        "no",
        ("lot-recalled",),
    ),
    Scene(
        "lots made of each other are looked at once",
        (
            product(),
            lot(DEEPER, LOT),
            lot(LEAF, DEEPER),
            Forged(corrects("lot", "brand", inputs=[LEAF])),
            audit(),
        ),
        TRACE,
        {"goods": LOT},
        "yes",
    ),
    Scene(
        "more lots than are looked at",
        (audit(), *(Forged(lot(f"{WHITE}/10/{n}")) for n in range(MAX_LOTS + 1)), product()),
        TRACE,
        {"goods": WHITE},
        "unknown",
        ("walk-limit",),
    ),
)
