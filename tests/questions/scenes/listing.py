"""Whether all conditions for listing a product hold at once."""

from questions.scene import (
    BUSINESS,
    IN_SPITE,
    READY,
    REFUSED,
    Scene,
    audit,
    garden,
    inspection,
    observation_of,
    refusal,
    selling,
    visit_unasked,
    wait,
)
from questions.scenes.tracing import DEEPER, MADE_OF, RECALLED_AND_MENDED
from rules.laboratory_words import FAILED as TESTED
from rules.scenarios.goods import FIELD
from rules.telling import update
from rules.words import OTHER_MARK, WHITE, grant, mark, product, revoke, says
from tea import GARDEN, GTIN, LOT
from usual import LICENCE, citing, day, finding, who
from world import TRADER

LIST = "listable"
ASKED = ("certificate-not-asked",)
SECOND = GTIN + "/10/B8"
OLD = GTIN + "/10/A0"
PAPER = {"kind": "business", "number": "urn:qualification:samr.cn:B-1", "called": "business"}
NEW_LOT_OF_IT = says(
    "lot", subject=SECOND, called="second", made=day(-3), inputs=[LOT], serial_range=...
)
THIRD_LOT = (
    says("lot", subject=GTIN + "/10/C1", called="third", made=day(-1), serial_range=...),
    inspection("of the third", subject=GTIN + "/10/C1", on=day(0)),
)
TO_RIVAL = grant("distributor", "rival", "distributor", depth=0)
RIVALS = WHITE + "/10/R1"
RIVALS_LOT = says("lot", by="rival", subject=RIVALS, called="rival's", serial_range=...)
INSPECTED_BEFORE = inspection("before", subject=RIVALS, on=day(-1))
INSPECTED_SINCE = inspection("since", subject=RIVALS, on=day(0))
NEW_LOT = says("lot", subject=SECOND, called="second", made=day(-1), serial_range=...)


def business(**changes: object):
    """The trader's business licence."""
    return says("qualification", **PAPER | {"categories": ["food"]} | changes)


TOYS = (
    mark("brand", number=OTHER_MARK, categories=["toys"]),
    grant(
        "brand",
        "trader",
        "second mark",
        brand=OTHER_MARK,
        goods=["toys"],
        territories=["CN", "HK"],
        called="toys to trader",
    ),
    product(brand=OTHER_MARK, category="toys/cars", under=citing("second mark")),
    says("lot", subject=WHITE + "/10/T1", called="cars", serial_range=...),
    business(categories=["*"]),
    audit(),
)
"""What the trader's listing of toys still lacks is a certificate."""
OF_TOYS = selling(product=WHITE)


def ccc(holder: str, **changes: object):
    """An authority certifies toys of a party."""
    paper = {"kind": "compulsory-certification", "number": "urn:qualification:cnca.cn:2021012201"}
    fields = {"categories": ["toys"], "called": "ccc"} | paper | changes
    return says("qualification", subject=who(holder), **fields)


SCENES = (
    Scene("everything is in order", READY, LIST, selling(), "yes", note=ASKED),
    Scene(
        "a trader nobody admitted, without papers",
        READY,
        LIST,
        selling(trader=who("distributor")),
        "no",
        ("paper-missing", "trader-not-decided"),
        ASKED,
    ),
    Scene(
        "a lot that is made of a recalled one",
        (*READY, NEW_LOT_OF_IT, says("recall"), *THIRD_LOT),
        LIST,
        selling(),
        "no",
        ("lot-recalled",),
        (*ASKED, "lot-answered"),
    ),
    Scene(
        "is recalled with it, and one made later passes",
        (*READY, NEW_LOT_OF_IT, says("recall", other_lots=[SECOND]), *THIRD_LOT),
        LIST,
        selling(),
        "yes",
        (),
        (*ASKED, "lot-answered"),
    ),
    Scene(
        "while somebody objects to a laboratory's failure that is to be known",
        (BUSINESS, *TESTED, audit(), says("objection")),
        LIST,
        selling(),
        "unknown",
        ("report-objected",),
        ASKED,
    ),
    Scene(
        "and nobody decides it for 16 days",
        (BUSINESS, *TESTED, audit(), says("objection")),
        LIST,
        selling(),
        "no",
        ("report-failed",),
        ASKED,
        at=16,
    ),
    Scene(
        "a trader that was refused",
        (*READY, REFUSED),
        LIST,
        selling(),
        "no",
        ("trader-refused",),
        ASKED,
    ),
    Scene(
        "that was refused, and admitted in spite of that",
        (
            *READY,
            REFUSED,
            IN_SPITE,
        ),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "refusal-overruled"),
    ),
    Scene(
        "was admitted before",
        (*READY, REFUSED),
        LIST,
        selling(),
        "yes",
        (),
        ASKED,
        at=-1.5 / 1440,
    ),
    Scene(
        "a trader without a business licence",
        (audit(),),
        LIST,
        selling(),
        "no",
        ("paper-missing",),
        ASKED,
    ),
    Scene(
        "a seller from abroad shows its own country's licence",
        (audit(), business(country="DE")),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "seller-abroad"),
    ),
    Scene(
        "who moved to China shows a Chinese one",
        (
            audit(),
            business(country="DE"),
            update(TRADER, country="CN", uscc="91110000600037341L", roles=["trader"]),
        ),
        LIST,
        selling(),
        "no",
        ("paper-foreign",),
        ASKED,
    ),
    Scene(
        "toys without a compulsory certificate",
        TOYS,
        LIST,
        OF_TOYS,
        "no",
        ("paper-missing",),
    ),
    Scene(
        "with one of a rival",
        (*TOYS, ccc("rival")),
        LIST,
        OF_TOYS,
        "no",
        ("paper-missing",),
    ),
    Scene(
        "with one for other toys",
        (*TOYS, ccc("brand", categories=["toys/dolls"])),
        LIST,
        OF_TOYS,
        "no",
        ("paper-goods",),
    ),
    Scene("with the right-holder's", (*TOYS, ccc("brand")), LIST, OF_TOYS, "yes"),
    Scene("with the seller's own", (*TOYS, ccc("trader")), LIST, OF_TOYS, "yes"),
    Scene(
        "in a city of China, too",
        TOYS,
        LIST,
        OF_TOYS | {"territory": "CN-ZJ-330100"},
        "no",
        ("paper-missing",),
    ),
    Scene(
        "none is asked for in Hong Kong",
        TOYS,
        LIST,
        OF_TOYS | {"territory": "HK"},
        "yes",
        note=ASKED,
    ),
    Scene(
        "one for other goods",
        (audit(), business(categories=["toys"])),
        LIST,
        selling(),
        "no",
        ("paper-goods",),
        ASKED,
    ),
    Scene(
        "one from next week on",
        (audit(), business(**{"from": day(7)})),
        LIST,
        selling(),
        "no",
        ("paper-not-yet",),
        ASKED,
    ),
    Scene(
        "one that expired",
        (audit(), business(until=day(10))),
        LIST,
        selling(),
        "no",
        ("paper-expired",),
        ASKED,
        at=10,
    ),
    Scene(
        "a food licence that was withdrawn",
        (*READY, says("qualification-withdrawal")),
        LIST,
        selling(),
        "no",
        ("paper-withdrawn",),
        ASKED,
    ),
    Scene(
        "and a new one",
        (
            *READY,
            says("qualification-withdrawal"),
            says("qualification", number=LICENCE + "-2", called="new"),
        ),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "decision-due", "paper-again"),
    ),
    Scene(
        "a garden nobody audited",
        (BUSINESS,),
        LIST,
        selling(),
        "unknown",
        ("audit-absent",),
        ASKED,
    ),
    Scene(
        "an audit overdue",
        READY,
        LIST,
        selling(),
        "no",
        ("audit-overdue",),
        ASKED,
        at=180,
    ),
    Scene("an audit on its last day", READY, LIST, selling(), "yes", note=ASKED, at=179.9),
    Scene(
        "a critical finding at the garden",
        (BUSINESS, audit(**garden("critical"))),
        LIST,
        selling(),
        "no",
        ("place-critical",),
        ASKED,
    ),
    Scene(
        "a critical finding of an observer",
        (*READY, wait(3), says("visit"), says("observation", findings=[finding("critical")])),
        LIST,
        selling(),
        "no",
        ("place-critical",),
        ASKED,
    ),
    Scene(
        "a critical finding of an observer whom nobody invited",
        (*READY, wait(3), visit_unasked(), observation_of(GARDEN)),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "finding-uninvited"),
    ),
    Scene(
        "critical findings of the uninvited leave out no other note",
        (
            *READY,
            *(
                step
                for n in range(3)
                for step in (visit_unasked(f"{GTIN}/10/U{n}"), observation_of(f"{GTIN}/10/U{n}"))
            ),
            refusal(on=day(-2)),
            inspection(answers=[citing("failure")]),
        ),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "finding-closed", "finding-uninvited"),
    ),
    Scene(
        "a product of which no lot is on record",
        (*READY, product()),
        LIST,
        selling(product=WHITE),
        "unknown",
        ("lots-absent",),
        ASKED,
    ),
    *(
        Scene(
            f"another's lot stated behind its first inspection is none of the trader's, {told}",
            (*READY, product(), TO_RIVAL, RIVALS_LOT, *inspected),
            LIST,
            selling(product=WHITE),
            "unknown",
            ("lots-absent",),
            ASKED,
        )
        for told, inspected in (
            ("told in that order", (INSPECTED_BEFORE, INSPECTED_SINCE)),
            ("or the other", (INSPECTED_SINCE, INSPECTED_BEFORE)),
        )
    ),
    Scene(
        "a product nobody declared",
        READY,
        LIST,
        selling(product=WHITE),
        "unknown",
        ("lots-absent", "product-unknown"),
    ),
    Scene(
        "a recalled lot",
        (*READY, says("recall")),
        LIST,
        selling(),
        "no",
        ("lot-recalled",),
        ASKED,
    ),
    Scene(
        "a refused lot",
        (*READY, refusal()),
        LIST,
        selling(),
        "no",
        ("lot-refused",),
        ASKED,
    ),
    Scene(
        "a lot refused and inspected again",
        (*READY, refusal(on=day(-2)), inspection(answers=[citing("failure")])),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "finding-closed"),
    ),
    Scene(
        "a lot refused for something critical, recalled and mended",
        (BUSINESS, *RECALLED_AND_MENDED),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "lot-answered"),
    ),
    Scene(
        "a lot refused for something critical, recalled and not mended",
        (BUSINESS, *RECALLED_AND_MENDED[:3], *RECALLED_AND_MENDED[6:8]),
        LIST,
        selling(),
        "no",
        ("lot-critical", "lot-refused"),
        (*ASKED, "lot-answered"),
    ),
    Scene(
        "a lot that nobody registered, refused by an inspector at another trader",
        (*READY, refusal(subject=SECOND, trader=who("distributor"))),
        LIST,
        selling(),
        "no",
        ("lot-refused",),
        ASKED,
    ),
    Scene(
        "a lot refused inbound at another trader is to be known",
        (
            *READY,
            refusal(
                by="warehouse",
                mode="inbound",
                trader=who("distributor"),
                severity="normal",
                sample_size=50,
            ),
        ),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "lot-refused"),
    ),
    Scene(
        "leaves that were recalled, in a lot made of them",
        (*MADE_OF, BUSINESS, audit(), says("recall", subject=DEEPER)),
        LIST,
        selling(),
        "no",
        ("lot-recalled",),
        ASKED,
    ),
    Scene(
        "many refusals closed are noted up to a number",
        (
            *READY,
            *(
                step
                for n in range(21)
                for step in (
                    refusal(f"failure {n}", on=day(-2), sample_size=50),
                    inspection(f"again {n}", answers=[citing(f"failure {n}")]),
                )
            ),
        ),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "finding-closed", "notes-left-out"),
    ),
    Scene(
        "of many refusals some are told, and how many more there are",
        (*READY, *(refusal(f"failure {n}", on=day(-2)) for n in range(21))),
        LIST,
        selling(),
        "no",
        ("lot-refused", "reasons-left-out"),
        ASKED,
    ),
    Scene(
        "a lot said to be made at somebody else's place",
        (
            *READY,
            says("facility", by="rival", subject=FIELD, owner=who("rival"), called="field"),
            audit("of the field", subject=FIELD),
            says("lot", subject=SECOND, called="second", facility=FIELD, serial_range=...),
        ),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "place-unconfirmed"),
    ),
    Scene(
        "a recalled lot, and a later one not yet inspected",
        (*READY, says("recall"), NEW_LOT),
        LIST,
        selling(),
        "no",
        ("lot-recalled",),
        ASKED,
    ),
    Scene(
        "a recalled lot, and a later one that passed",
        (*READY, says("recall"), NEW_LOT, inspection(subject=SECOND, on=day(0))),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "lot-answered"),
    ),
    Scene(
        "a lot of years ago, recalled",
        (
            *READY,
            says("lot", subject=OLD, called="old", made=day(-800), serial_range=...),
            says("recall", subject=OLD),
        ),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "lot-recalled"),
    ),
    Scene(
        "all that fails is said at once",
        (revoke("trader", "trader", "distributor"), says("recall"), audit(**garden("critical"))),
        LIST,
        selling(),
        "no",
        ("place-critical", "grant-revoked", "lot-recalled", "paper-missing"),
        ASKED,
    ),
)
