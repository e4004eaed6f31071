"""The rules for places and goods: facilities, audits, lots, inspections, samples, recalls."""

from rules.words import (
    BLACK,
    WHITE,
    affiliation,
    breaks,
    citing,
    decides,
    keeps,
    product,
    revoke,
    says,
    withdraw_mark,
)
from tea import GARDEN, GTIN, LOT
from usual import SAMPLE, day, id_of, who

FIELD = "https://id.gs1.org/414/6901234500110"
NOWHERE = "https://id.gs1.org/414/6901234500127"
NEXT_LOT = GTIN + "/10/B1"
THIRD_LOT = GTIN + "/10/B2"
STRANGER = "did:web:nobody.example"
SECOND = 1 / 86_400
SEALED = says("sample-sealed", called="sample")
CARRIED = says("custody", called="carried")


def lot(subject: str = NEXT_LOT, by: str = "brand", **changes):
    """The brand registers another lot; it is called by its last characters."""
    return says("lot", by=by, subject=subject, called=subject[-2:], **changes)


SAID_TO_BE_OF = (
    says("lot", by="agent", subject=NEXT_LOT, called="theirs", inputs=[THIRD_LOT]),
    lot(THIRD_LOT, inputs=[NEXT_LOT]),
)
"""A grantee says of a lot that it is made of one; the brand makes that of it."""


def counted(sampled: int, found: int, decision: str, **changes):
    """An inspection with Ac 1, Re 2."""
    return says(
        "inspection", sample_size=sampled, nonconforming=found, decision=decision, **changes
    )


PLACES = (
    breaks(
        "facility-unknown",
        "a lot made at a place nobody registered",
        lot(facility=NOWHERE),
    ),
    breaks(
        "facility-unknown",
        "an audit of a place nobody registered",
        says("origin-audit", subject=NOWHERE),
    ),
    breaks(
        "facility-unknown",
        "an inspection at a place nobody registered",
        says("inspection", facility=NOWHERE),
    ),
    breaks(
        "facility-unknown",
        "a visit to a place nobody registered",
        says("visit", about=NOWHERE),
    ),
    keeps(
        "facility-unknown",
        "a lot made at a place registered in the same batch",
        (says("facility", subject=FIELD, called="field"), lot(facility=FIELD)),
    ),
    keeps(
        "facility-unknown",
        "an inspection at a registered place",
        says("inspection", facility=GARDEN),
    ),
    breaks(
        "claim-taken",
        "a rival states who owns the brand's garden",
        says("facility", by="rival", owner=who("inspector")),
    ),
    keeps(
        "claim-taken",
        "the brand states its garden again",
        says("facility", activities=["packing"]),
    ),
    keeps("claim-taken", "the operator states the brand's garden", says("facility", by="operator")),
    keeps(
        "claim-taken",
        "a rival states its own",
        says("facility", by="rival", subject=FIELD, owner=who("rival")),
    ),
    breaks(
        "named-unknown",
        "a garden of an owner that is no party",
        says("facility", subject=FIELD, owner=STRANGER),
    ),
    breaks(
        "named-unknown",
        "an inspection at a trader that is no party",
        says("inspection", trader=STRANGER),
    ),
    breaks(
        "named-unknown",
        "a subsidiary of a parent that is no party",
        affiliation("parent", "brand", of=STRANGER),
    ),
    keeps(
        "named-unknown",
        "a garden of another party",
        says("facility", subject=FIELD, owner=who("parent")),
    ),
    breaks(
        "names",
        "a garden without a name",
        says("facility", subject=FIELD, names={}),
    ),
)

AUDITS = (
    breaks(
        "audit-tied",
        "an auditor who is a subsidiary of the owner",
        affiliation("brand", "inspector"),
        says("origin-audit"),
    ),
    breaks(
        "audit-tied",
        "an auditor who is the parent of the owner",
        affiliation("inspector", "brand"),
        says("origin-audit"),
    ),
    breaks(
        "audit-tied",
        "an auditor who is a sister of the owner",
        affiliation("parent", "brand"),
        affiliation("parent", "inspector"),
        says("origin-audit"),
    ),
    breaks(
        "audit-tied",
        "an auditor who is a subsidiary of the owner's subsidiary",
        affiliation("brand", "subsidiary"),
        affiliation("subsidiary", "inspector", relation="tied"),
        says("origin-audit"),
    ),
    breaks(
        "audit-tied",
        "an auditor who belonged to the owner on the day of the audit",
        affiliation("brand", "inspector", from_=day(-30), until=day(0.0005)),
        says("origin-audit", on=day(-1)),
    ),
    breaks(
        "audit-tied",
        "an owner in the team",
        says("origin-audit", team=[who("inspector"), who("brand")]),
    ),
    breaks(
        "audit-tied",
        "the owner's parent in the team",
        affiliation("parent", "brand"),
        says("origin-audit", team=[who("inspector"), who("parent")]),
    ),
    breaks(
        "audit-tied",
        "an auditor who owns the garden itself",
        says("facility", by="operator", subject=FIELD, owner=who("inspector")),
        says("origin-audit", subject=FIELD),
    ),
    keeps("audit-tied", "an auditor tied to nobody", says("origin-audit")),
    keeps(
        "audit-tied",
        "an auditor who belonged to the owner until before the audit",
        affiliation("brand", "inspector", until=day(0.0005)),
        says("origin-audit", on=day(0)),
    ),
    keeps(
        "audit-tied",
        "an auditor affiliated with another brand",
        affiliation("rival", "inspector"),
        says("origin-audit"),
    ),
    breaks("fields", "an audit by a team of one", says("origin-audit", team=[who("inspector")])),
    breaks(
        "fields",
        "an audit by one person counted twice",
        says("origin-audit", team=[who("inspector"), who("inspector")]),
    ),
    breaks(
        "fields",
        "an audit due again before it was made",
        says("origin-audit", next_due=day(-2)),
    ),
    breaks(
        "fields",
        "an audit that is good for more than three years",
        says("origin-audit", on=day(-1), next_due=day(1095)),
    ),
    keeps("fields", "one that is for three", says("origin-audit", on=day(-1), next_due=day(1094))),
    breaks(
        "done-ahead",
        "an audit of tomorrow",
        says("origin-audit", on=day(1)),
    ),
    breaks(
        "done-ahead",
        "an inspection a second ahead of its signature",
        says("inspection", on=day(SECOND)),
    ),
    breaks("done-ahead", "a lot made tomorrow", lot(made=day(1))),
    breaks("done-ahead", "a sample taken tomorrow", says("sample-sealed", taken=day(1))),
    breaks("done-ahead", "custody taken over tomorrow", SEALED, says("custody", at=day(1))),
    breaks("done-ahead", "a visit of tomorrow", says("visit", arrived=day(1))),
    keeps("done-ahead", "an inspection signed in its own second", says("inspection", on=day(0))),
    keeps("done-ahead", "a lot made a year ago", lot(made=day(-365))),
)

LOTS = (
    breaks(
        "product-unknown",
        "a lot of a product nobody declared",
        lot(WHITE + "/10/A1"),
    ),
    breaks(
        "product-unknown",
        "a listing of a product nobody declared",
        says("listing", subject=WHITE),
    ),
    keeps("product-unknown", "a lot of a declared product", lot()),
    breaks(
        "lot-right",
        "a rival registers a lot of the brand's product",
        lot(by="rival"),
    ),
    breaks(
        "lot-right",
        "a trader registers a lot after its grant was revoked",
        revoke("trader", "trader", "distributor"),
        lot(by="trader"),
    ),
    breaks(
        "lot-right",
        "a trader registers a lot of a product outside its grant",
        product(category=BLACK),
        lot(WHITE + "/10/A1", by="trader"),
    ),
    keeps("lot-right", "the brand registers a lot", lot()),
    keeps(
        "lot-right",
        "a trader registers a lot of a product that its grant covers",
        lot(by="trader"),
    ),
    breaks("lot-cycle", "a lot made of what another grantee says is made of it", *SAID_TO_BE_OF),
    keeps(
        "lot-cycle",
        "the same, where an office rejects that claim",
        *SAID_TO_BE_OF[:-1],
        decides(subject=NEXT_LOT, rejected=[citing("theirs")]),
        lot(),
        SAID_TO_BE_OF[-1],
    ),
    breaks("lot-cycle", "a lot made of itself", lot(inputs=[NEXT_LOT])),
    breaks(
        "lot-cycle",
        "a lot made of one that is made of it",
        lot(inputs=[THIRD_LOT]),
        lot(THIRD_LOT, inputs=[NEXT_LOT]),
    ),
    breaks(
        "lot-cycle",
        "a lot made of one that is made of one that is made of it",
        lot(inputs=[LOT, THIRD_LOT]),
        lot(GTIN + "/10/B3", inputs=[NEXT_LOT]),
        lot(THIRD_LOT, inputs=[GTIN + "/10/B3"]),
    ),
    keeps(
        "lot-cycle",
        "two lots made of one, and one made of both",
        lot(inputs=[LOT]),
        lot(THIRD_LOT, inputs=[LOT]),
        lot(GTIN + "/10/B3", inputs=[NEXT_LOT, THIRD_LOT]),
    ),
    breaks(
        "fields",
        "a lot with a range of serial numbers of two lengths",
        lot(serial_range={"first": "1", "last": "10"}),
    ),
    breaks("subject", "a lot about a product", lot(GTIN)),
    breaks("fields", "a lot spelled with a stray escape", lot(GTIN + "/10/%42")),
)

INSPECTIONS = (
    breaks(
        "inspection-mode",
        "a warehouse inspects by mystery",
        says("inspection", by="warehouse"),
    ),
    breaks(
        "inspection-mode",
        "an inspector inspects inbound",
        says("inspection", mode="inbound"),
    ),
    keeps(
        "inspection-mode",
        "a warehouse inspects inbound",
        says("inspection", by="warehouse", mode="inbound"),
    ),
    keeps("inspection-mode", "an inspector inspects by flight", says("inspection", mode="flight")),
    breaks("inspection-counts", "more found than sampled", counted(50, 51, "refused")),
    breaks("inspection-counts", "accepted with one above Ac", counted(50, 2, "accepted")),
    breaks("inspection-counts", "refused at Ac", counted(50, 1, "refused")),
    keeps("inspection-counts", "accepted at Ac", counted(50, 1, "accepted")),
    keeps("inspection-counts", "refused at Re", counted(50, 2, "refused")),
    keeps(
        "inspection-counts",
        "more nonconformities than items, counted per hundred items",
        counted(50, 51, "refused", aql="15", accept=14, reject=15),
    ),
    breaks(
        "role",
        "a trader inspects its own lot",
        says("inspection", by="trader", mode="inbound"),
        refused=("role", "inspection-mode"),
    ),
)

SAMPLES = (
    breaks("claim-taken", "a sample sealed twice", SEALED, says("sample-sealed", seals=["S-2"])),
    keeps(
        "claim-taken",
        "two samples of one lot",
        SEALED,
        says("sample-sealed", subject=SAMPLE + "-2"),
    ),
    breaks(
        "sample-inspection",
        "a sample of one lot from the inspection of another",
        lot(),
        says("inspection", subject=NEXT_LOT, called="of the next"),
        says("sample-sealed", inspection=citing("of the next")),
    ),
    keeps(
        "sample-inspection",
        "a sample from the inspection of its lot",
        says("inspection", called="of it"),
        says("sample-sealed", inspection=citing("of it")),
    ),
    breaks(
        "custody-sequence",
        "custody of a sample that was never sealed",
        says("custody", previous="0" * 64),
    ),
    breaks(
        "custody-sequence",
        "custody handed over by somebody who does not have it",
        SEALED,
        says("custody", handed_by=who("warehouse")),
    ),
    breaks(
        "custody-sequence",
        "custody handed over by who had it before",
        SEALED,
        CARRIED,
        says("custody", by="laboratory", previous=id_of("carried")),
    ),
    breaks(
        "custody-sequence",
        "a link that skips the one before it",
        SEALED,
        CARRIED,
        says("custody", by="laboratory", handed_by=who("carrier")),
    ),
    breaks(
        "custody-sequence",
        "two take over from one in the same batch",
        SEALED,
        (CARRIED, says("custody", by="laboratory")),
    ),
    breaks(
        "custody-sequence",
        "custody of the sample under another lot",
        SEALED,
        says("custody", lot=NEXT_LOT),
    ),
    breaks(
        "custody-sequence",
        "custody taken over before the sample was taken",
        SEALED,
        says("custody", at=day(-3)),
    ),
    breaks(
        "custody-sequence",
        "custody taken over before the one before had it",
        SEALED,
        CARRIED,
        says(
            "custody",
            by="laboratory",
            handed_by=who("carrier"),
            previous=id_of("carried"),
            at=day(-1.5),
        ),
    ),
    keeps(
        "custody-sequence",
        "from inspector to carrier to laboratory",
        SEALED,
        CARRIED,
        says(
            "custody",
            by="laboratory",
            handed_by=who("carrier"),
            previous=id_of("carried"),
            at=day(0),
        ),
    ),
    breaks(
        "role",
        "a trader takes the sample over",
        SEALED,
        says("custody", by="trader"),
        refused=("role", "custody-named"),
    ),
)

HUNDRED = [f"{GTIN}/10/H{number}" for number in range(100)]
RECALLS = (
    breaks("recall-right", "a stranger recalls the brand's lot", says("recall", by="rival")),
    breaks(
        "recall-right",
        "a trader with a grant recalls the brand's lot",
        says("recall", by="trader"),
    ),
    breaks(
        "recall-right",
        "a trader recalls a lot that the brand stated behind it",
        lot(by="trader"),
        lot(),
        says("recall", by="trader", subject=NEXT_LOT),
    ),
    breaks(
        "recall-right",
        "a trader recalls its own lot and one of the brand",
        lot(by="trader"),
        says("recall", by="trader", subject=NEXT_LOT, other_lots=[LOT]),
    ),
    breaks(
        "recall-right",
        "the former right-holder recalls what another registered",
        lot(by="trader"),
        withdraw_mark(),
        says("recall", subject=NEXT_LOT),
    ),
    keeps("recall-right", "the brand recalls its lot", says("recall")),
    keeps(
        "recall-right",
        "the brand recalls a trader's lot of its product",
        lot(by="trader"),
        says("recall", subject=NEXT_LOT, other_lots=[LOT]),
    ),
    keeps(
        "recall-right",
        "a trader recalls the lot that it registered",
        lot(by="trader"),
        says("recall", by="trader", subject=NEXT_LOT),
    ),
    keeps(
        "recall-right",
        "a subsidiary recalls the right-holder's lot",
        affiliation("brand", "subsidiary"),
        says("recall", by="subsidiary"),
    ),
    keeps("recall-right", "the operator recalls a lot", says("recall", by="operator")),
    breaks(
        "recall-size",
        "a trader recalls 101 lots at once",
        says("recall", by="trader", other_lots=HUNDRED),
        refused=("recall-right", "recall-size"),
    ),
    keeps(
        "recall-size",
        "a trader recalls 100 lots at once, if any were its own",
        says("recall", by="trader", other_lots=HUNDRED[1:]),
        refused=("recall-right",),
    ),
    keeps("recall-size", "the brand recalls 101 lots", says("recall", other_lots=HUNDRED)),
    keeps(
        "recall-size",
        "an operator recalls 101 lots",
        says("recall", by="operator", other_lots=HUNDRED),
    ),
)

PRODUCT_RECALLS = (
    breaks(
        "product-recall-right",
        "who holds no mark calls back all of the brand's goods",
        says("product-recall", by="subsidiary"),
    ),
    keeps("product-recall-right", "the right-holder does", says("product-recall")),
    keeps("product-recall-right", "the operator does", says("product-recall", by="operator")),
    breaks(
        "product-recall-time",
        "what is to be made yet is called back",
        says("product-recall", made_until=day(1)),
    ),
    keeps(
        "product-recall-time",
        "what was made until now",
        says("product-recall", made_until=day(0)),
    ),
)

SCENARIOS = (*PLACES, *AUDITS, *LOTS, *INSPECTIONS, *SAMPLES, *RECALLS, *PRODUCT_RECALLS)
