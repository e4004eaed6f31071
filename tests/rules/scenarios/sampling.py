"""The rules for sampling: plans by the tables, severities and switches by the series.

The lots of a series have 2,000 items, level II, AQL 1.0: code letter K, normal 125/3/4,
tightened 125/2/3, reduced 50/2/3.
"""

from typing import Any

from rules.telling import Step
from rules.words import WHITE, becomes, breaks, citing, corrects, keeps, says, withdraws
from tea import GTIN, LOT
from usual import day, finding, who

PLANS = {"normal": (125, 3), "tightened": (125, 2), "reduced": (50, 2)}


def lot_of(number: int) -> str:
    return f"{GTIN}/10/S{number}"


def inbound(number: int, found: int = 0, severity: str = "normal", **changes: Any) -> Step:
    """A warehouse inspects a lot of 2,000 inbound; it is called by its number."""
    size, accept = PLANS.get(severity, PLANS["normal"])
    fields: dict[str, Any] = {
        "by": "warehouse",
        "mode": "inbound",
        "subject": lot_of(number),
        "called": f"S{number}",
        "lot_size": 2000,
        "severity": severity,
        "sample_size": size,
        "accept": accept,
        "reject": accept + 1,
        "nonconforming": found,
        "decision": "accepted" if found <= accept else "refused",
    }
    return says("inspection", **fields | changes)


FOUND = {"+": 0, "a": 3, "R": 4}
"""Of 125: accepted one AQL tighter too; accepted under normal inspection alone; refused."""


def row(said: str, severity: str = "normal", first: int = 1, **changes: Any) -> tuple[Step, ...]:
    """Lots inspected one behind the other, in one batch."""
    return tuple(
        inbound(number, FOUND[word], severity, **changes) for number, word in enumerate(said, first)
    )


def switch(to: str, **changes: Any) -> Step:
    """The operator switches the series."""
    return says("sampling-switch", to=to, **changes)


TIGHTENED = row("RR")
STOPPED = (TIGHTENED, row("RRRRR", "tightened", 3))
REDUCED = (row("+" * 10), switch("reduced"))
SEVERITY = "inspection-severity"
PLAN = "inspection-plan"
SWITCH = "sampling-switch"
SMALL = {"lot_size": 10, "sample_size": 10, "accept": 0, "reject": 1}
ARROW = {"aql": "0.010", "sample_size": 1250, "accept": 0, "reject": 1}


PLANS_DRAWN = (
    breaks(PLAN, "one item too few is drawn", inbound(1, sample_size=124)),
    breaks(PLAN, "more is drawn than the table says", inbound(1, sample_size=200)),
    breaks(PLAN, "Ac is one too many", inbound(1, accept=4, reject=5)),
    breaks(PLAN, "Re leaves a gap behind Ac", inbound(1, reject=6)),
    breaks(PLAN, "the plan is that of a smaller lot", inbound(1, lot_size=1200, accept=3)),
    breaks(PLAN, "the plan is that of a higher level", inbound(1, level="III")),
    breaks(PLAN, "the plan is that of a looser AQL", inbound(1, aql="0.65")),
    breaks(
        PLAN,
        "normal inspection by the tightened plan",
        inbound(1, accept=2, reject=3),
    ),
    breaks(
        PLAN,
        "reduced inspection with the gap of MIL-STD-105E",
        *REDUCED,
        inbound(11, severity="reduced", accept=1, reject=4),
    ),
    breaks(
        PLAN,
        "the sample of the lot's own letter where an arrow points to another",
        inbound(1, **ARROW | {"sample_size": 125}),
    ),
    breaks(
        PLAN,
        "a part of a lot that is smaller than its sample",
        inbound(1, **SMALL | {"sample_size": 5}),
    ),
    breaks(
        PLAN,
        "more is drawn than there is",
        inbound(1, **SMALL | {"sample_size": 13}),
    ),
    breaks(
        PLAN,
        "mystery sampling under tightened inspection",
        inbound(1, severity="tightened", by="inspector", mode="mystery"),
    ),
    breaks(
        PLAN,
        "a patrol under the reduced inspection that holds inbound",
        *REDUCED,
        inbound(11, severity="reduced", mode="patrol"),
    ),
    keeps(PLAN, "125 of 2,000", inbound(1)),
    keeps(PLAN, "the plan behind an arrow", inbound(1, **ARROW)),
    keeps(PLAN, "all of a lot that is smaller than its sample", inbound(1, **SMALL)),
    keeps(PLAN, "all of a lot of one", inbound(1, **SMALL | {"lot_size": 1, "sample_size": 1})),
    keeps(
        PLAN,
        "nonconformities per hundred items at AQL 40",
        inbound(1, found=21, aql="40", lot_size=120, sample_size=20, accept=14, reject=15,
                decision="refused"),
    ),
    keeps(
        PLAN,
        "a special level",
        inbound(1, level="S-3", lot_size=1000, sample_size=13, accept=0, reject=1),
    ),
    keeps(
        PLAN,
        "a patrol under normal inspection while inbound is tightened",
        TIGHTENED,
        inbound(3, mode="patrol"),
    ),
)  # fmt: skip

SEVERITIES = (
    breaks(SEVERITY, "tightened from the start", inbound(1, severity="tightened")),
    breaks(SEVERITY, "reduced from the start", inbound(1, severity="reduced")),
    breaks(SEVERITY, "normal behind two lots refused in a row", TIGHTENED, inbound(3)),
    breaks(SEVERITY, "normal behind two of five refused", row("R+++R"), inbound(6)),
    breaks(
        SEVERITY,
        "normal behind two lots refused in the same batch",
        (*TIGHTENED, inbound(3)),
    ),
    breaks(
        SEVERITY,
        "normal behind four accepted under tightened",
        TIGHTENED,
        row("++++", "tightened", 3),
        inbound(7),
    ),
    breaks(
        SEVERITY,
        "tightened still behind five accepted under it",
        TIGHTENED,
        row("+++++", "tightened", 3),
        inbound(8, severity="tightened"),
    ),
    breaks(
        SEVERITY,
        "tightened behind two refused that are six lots apart",
        row("R++++R"),
        inbound(7, severity="tightened"),
    ),
    breaks(
        SEVERITY,
        "reduced at a score of 30 that nobody agreed to",
        row("+" * 10),
        inbound(11, severity="reduced"),
    ),
    breaks(SEVERITY, "normal where reduced is agreed", *REDUCED, inbound(11)),
    breaks(
        SEVERITY,
        "reduced behind a lot refused under it",
        *REDUCED,
        row("++R", "reduced", 11),
        inbound(14, severity="reduced"),
    ),
    breaks(
        SEVERITY,
        "reduced behind the operator's way back",
        *REDUCED,
        switch("normal", evidence=...),
        inbound(11, severity="reduced"),
    ),
    breaks(
        SEVERITY,
        "a lot inspected before, again under reduced",
        *REDUCED,
        inbound(10, severity="reduced"),
    ),
    breaks(
        SEVERITY,
        "a lot accepted while inspection is discontinued",
        *STOPPED,
        inbound(8, severity="tightened"),
    ),
    keeps(
        SEVERITY,
        "a lot refused while inspection is discontinued",
        *STOPPED,
        inbound(8, 9, severity="tightened"),
    ),
    keeps(
        SEVERITY,
        "a lot in which something critical is found while inspection is discontinued",
        *STOPPED,
        inbound(8, severity="tightened", findings=[finding("critical")]),
    ),
    keeps(
        SEVERITY,
        "a lot refused at another AQL while inspection is discontinued",
        *STOPPED,
        inbound(8, 9, aql="1.5", accept=5, reject=6),
    ),
    breaks(
        SEVERITY,
        "a lot refused under reduced inspection while inspection is discontinued",
        *STOPPED,
        inbound(8, 9, severity="reduced"),
    ),
    breaks(
        SEVERITY,
        "a lot inspected at another AQL while inspection is discontinued",
        *STOPPED,
        inbound(8, aql="1.5", accept=5, reject=6),
    ),
    breaks(
        SEVERITY,
        "a refused lot inspected again while inspection is discontinued",
        *STOPPED,
        inbound(7, severity="tightened"),
    ),
    breaks(
        SEVERITY,
        "a correction that makes it tightened",
        inbound(1),
        corrects("S1", "warehouse", severity="tightened", accept=2, reject=3),
    ),
    breaks(
        SEVERITY,
        "a correction of a mistyped AQL to a series that is tightened",
        TIGHTENED,
        inbound(3, aql="1.5", accept=5, reject=6),
        corrects("S3", "warehouse", aql="1.0", accept=3, reject=4),
    ),
    breaks(
        SEVERITY,
        "normal behind an acceptance corrected to a refusal",
        row("R+"),
        corrects("S2", "warehouse", nonconforming=4, decision="refused"),
        inbound(3),
    ),
    keeps(SEVERITY, "normal from the start", inbound(1)),
    keeps(SEVERITY, "tightened behind two refused", TIGHTENED, inbound(3, severity="tightened")),
    keeps(
        SEVERITY,
        "normal again behind five accepted under tightened",
        TIGHTENED,
        row("+++++", "tightened", 3),
        inbound(8),
    ),
    keeps(SEVERITY, "normal behind two refused that are six lots apart", row("R++++R"), inbound(7)),
    keeps(SEVERITY, "reduced as agreed", *REDUCED, inbound(11, severity="reduced")),
    keeps(
        SEVERITY,
        "reduced still behind forty lots accepted under it",
        *REDUCED,
        row("+" * 40, "reduced", 11),
        inbound(51, severity="reduced"),
    ),
    keeps(
        SEVERITY,
        "normal behind a lot refused under reduced",
        *REDUCED,
        row("R", "reduced", 11),
        inbound(12),
    ),
    keeps(
        SEVERITY,
        "a lot inspected before, again under normal while reduced is agreed",
        *REDUCED,
        inbound(10),
    ),
    keeps(
        SEVERITY,
        "tightened again, what was done about it being accepted",
        *STOPPED,
        switch("tightened"),
        inbound(8, severity="tightened"),
    ),
    keeps(
        SEVERITY,
        "mystery sampling while inbound is discontinued",
        *STOPPED,
        inbound(8, by="inspector", mode="mystery"),
    ),
    keeps(
        SEVERITY,
        "normal behind one lot refused, sorted and refused again",
        row("R"),
        inbound(1, found=5),
        inbound(2),
    ),
    keeps(
        SEVERITY,
        "normal behind two lots refused at different AQLs",
        row("R"),
        inbound(2, found=6, aql="1.5", accept=5, reject=6),
        inbound(3),
    ),
    keeps(
        SEVERITY,
        "normal behind two lots refused at different levels",
        row("R"),
        inbound(2, 3, level="I", sample_size=50, accept=1, reject=2, decision="refused"),
        inbound(3),
    ),
    keeps(
        SEVERITY,
        "normal behind two lots refused with different traders",
        row("R"),
        inbound(2, found=4, trader=who("distributor")),
        inbound(3),
    ),
    keeps(
        SEVERITY,
        "normal behind two lots refused of different products",
        row("R"),
        inbound(2, found=4, subject=WHITE + "/10/S2"),
        inbound(3),
    ),
    keeps(
        SEVERITY,
        "normal behind two lots refused on patrol and by mystery",
        inbound(1, found=4, mode="patrol"),
        inbound(2, found=4, mode="mystery", by="inspector"),
        inbound(3),
    ),
    keeps(
        SEVERITY,
        "normal behind a refusal that was withdrawn in error",
        row("RR"),
        withdraws("S2", by="warehouse"),
        inbound(3),
    ),
    keeps(
        SEVERITY,
        "a correction of the kilometres, its severity due then and not now",
        row("+R"),
        corrects("S1", "warehouse", nonconforming=4, decision="refused"),
        corrects("S2", "warehouse", km=3),
    ),
    keeps(
        SEVERITY,
        "an inspection dated earlier counts where it stands in the log",
        inbound(1, found=4, on=day(-1)),
        row("++++", first=2),
        inbound(6, found=4, on=day(-3)),
        inbound(7),
    ),
    keeps(
        SEVERITY,
        "a correction of a mistyped AQL takes the refusal to its own series",
        row("R"),
        inbound(2, found=6, aql="1.5", accept=5, reject=6),
        corrects("S2", "warehouse", aql="1.0", accept=3, reject=4),
        inbound(3, severity="tightened"),
    ),
    keeps(
        SEVERITY,
        "a lot counts by its inbound inspection, its patrol corrected to be one",
        row("R"),
        inbound(2, found=4, mode="patrol", called="S2 on patrol"),
        inbound(2, found=0),
        corrects("S2 on patrol", "warehouse", mode="inbound"),
        inbound(3, severity="tightened"),
    ),
)

SWITCHES = (
    breaks(SWITCH, "to reduced before anything was inspected", switch("reduced")),
    breaks(SWITCH, "to reduced at a score of 27", row("+" * 9), switch("reduced")),
    breaks(
        SWITCH,
        "to reduced where a lot accepted barely set the score to zero",
        row("+" * 9 + "a" + "+" * 9),
        switch("reduced"),
    ),
    breaks(SWITCH, "to reduced in another series", row("+" * 10), switch("reduced", aql="1.5")),
    breaks(SWITCH, "to reduced twice", *REDUCED, switch("reduced", reason="once more")),
    breaks(SWITCH, "to reduced from tightened", TIGHTENED, switch("reduced")),
    breaks(SWITCH, "back to normal from normal", row("+"), switch("normal")),
    breaks(SWITCH, "to tightened from normal", row("R"), switch("tightened")),
    breaks(SWITCH, "to tightened from tightened", TIGHTENED, switch("tightened")),
    breaks(
        SWITCH,
        "to reduced at a score that lots inspected twice brought",
        row("+" * 9),
        inbound(9),
        switch("reduced"),
    ),
    keeps(SWITCH, "to reduced at a score of 30", row("+" * 10), switch("reduced")),
    keeps(SWITCH, "to reduced behind a score gone past 30", row("+" * 12), switch("reduced")),
    keeps(SWITCH, "back from reduced", *REDUCED, switch("normal", evidence=...)),
    keeps(SWITCH, "on again behind a discontinuation", *STOPPED, switch("tightened")),
    keeps(
        SWITCH,
        "on again, by an audit of the garden",
        *STOPPED,
        says("origin-audit", called="audit"),
        switch("tightened", evidence=..., action=citing("audit")),
    ),
    breaks(
        "cited-absent",
        "a switch cites an audit that is not there",
        *STOPPED,
        says("origin-audit", called="audit"),
        switch("tightened", action=citing("audit", subject=who("brand"))),
    ),
    breaks("fields", "to reduced on no evidence", row("+" * 10), switch("reduced", evidence=...)),
    breaks("fields", "on again on no evidence", *STOPPED, switch("tightened", evidence=[])),
    breaks("role", "a trader reduces its own inspection", row("+" * 10),
           switch("reduced", by="trader")),
)  # fmt: skip

COUNTS = "inspection-counts"
ANSWERS = "inspection-answers"
NOTHING = {"aql": "0", "accept": 0, "reject": 1}


def plan(aql: str, size: int, accept: int, found: int = 0, **changes: Any) -> dict[str, Any]:
    """A further plan of an inspection: at level II, unless it says another."""
    fields = {
        "aql": aql,
        "sample_size": size,
        "accept": accept,
        "reject": accept + 1,
        "nonconforming": found,
        "decision": "accepted" if found <= accept else "refused",
    }
    return fields | changes


MINOR = plan("4.0", 125, 10, **{"class": "minor"})
CRITICAL = plan("0", 125, 0, **{"class": "critical"})

CLASSES = (
    breaks(
        COUNTS,
        "accepted by the first plan, refused by the second, called accepted",
        inbound(1, plans=[plan("4.0", 125, 10, 11)]),
    ),
    breaks(
        COUNTS,
        "refused, though every plan accepts it",
        inbound(1, plans=[MINOR], decision="refused"),
    ),
    breaks(
        COUNTS,
        "a further plan calls accepted what it has to refuse",
        inbound(1, plans=[plan("4.0", 125, 10, 11, decision="accepted")], decision="refused"),
    ),
    breaks(
        COUNTS,
        "more critical items are found than were looked at",
        inbound(1, plans=[plan("0", 5, 0, 6)], decision="refused"),
    ),
    breaks(PLAN, "the sample of a further plan is too small",
           inbound(1, plans=[plan("4.0", 80, 7)])),
    breaks(PLAN, "the sample of a further plan is that of its level, not of the statement's",
           inbound(1, plans=[plan("4.0", 125, 10, level="I")])),
    breaks(
        SEVERITY,
        "the second class is tightened, and inspected as normal",
        inbound(1, plans=[plan("4.0", 125, 10, 11)], decision="refused"),
        inbound(2, plans=[plan("4.0", 125, 10, 11)], decision="refused"),
        inbound(3, plans=[plan("4.0", 125, 10)]),
    ),
    keeps(
        SEVERITY,
        "the second class is tightened, the first is not",
        inbound(1, plans=[plan("4.0", 125, 10, 11)], decision="refused"),
        inbound(2, plans=[plan("4.0", 125, 10, 11)], decision="refused"),
        inbound(3, plans=[plan("4.0", 125, 8, severity="tightened")]),
    ),
    keeps(
        SEVERITY,
        "two plans of one level and AQL, one of which refuses, are one refusal in its series",
        inbound(1, plans=[plan("1.0", 125, 3, 4)], decision="refused"),
        inbound(2, plans=[plan("1.0", 125, 3, 4)], decision="refused"),
        inbound(3, severity="tightened"),
    ),
    keeps(PLAN, "critical, major and minor, each by its plan",
          inbound(1, plans=[CRITICAL, MINOR], **{"class": "major"})),
    keeps(
        COUNTS,
        "one critical item refuses a lot that the other classes accept",
        inbound(1, plans=[plan("0", 125, 0, 1), MINOR], decision="refused"),
    ),
)  # fmt: skip

NONE_ACCEPTED = (
    breaks(PLAN, "AQL 0 accepts one", inbound(1, **NOTHING | {"accept": 1, "reject": 2})),
    breaks(PLAN, "AQL 0 under tightened inspection", inbound(1, severity="tightened", **NOTHING)),
    breaks(PLAN, "AQL 0, more drawn than there is", inbound(1, **NOTHING, lot_size=100)),
    breaks(
        PLAN,
        "one unit bought, said as a plan of the tables",
        inbound(1, mode="mystery", by="inspector", sample_size=1, accept=0, reject=1),
    ),
    breaks("fields", "a plan of the tables for a lot of nobody knows how many",
           inbound(1, lot_size=...)),
    breaks("fields", "a further plan of the tables for a lot of nobody knows how many",
           inbound(1, lot_size=..., **NOTHING, plans=[MINOR])),
    breaks(SEVERITY, "AQL 0 while inspection is discontinued", *STOPPED, inbound(8, **NOTHING)),
    keeps(
        SEVERITY,
        "a lot refused at AQL 0 while inspection is discontinued",
        *STOPPED,
        inbound(8, 1, **NOTHING, decision="refused"),
    ),
    keeps(
        SEVERITY,
        "AQL 0 by mystery while inspection is discontinued",
        *STOPPED,
        inbound(8, mode="mystery", by="inspector", **NOTHING),
    ),
    keeps(PLAN, "AQL 0, 125 drawn", inbound(1, **NOTHING)),
    keeps(PLAN, "AQL 0, all drawn", inbound(1, **NOTHING, sample_size=2000)),
    keeps(PLAN, "one unit bought of 2,000",
          inbound(1, mode="mystery", by="inspector", **NOTHING, sample_size=1)),
    keeps(PLAN, "one unit bought of nobody knows how many",
          inbound(1, mode="mystery", by="inspector", **NOTHING, sample_size=1, lot_size=...)),
    keeps(
        SEVERITY,
        "refusals at AQL 0 tighten nothing",
        inbound(1, found=1, **NOTHING, decision="refused"),
        inbound(2, found=1, **NOTHING, decision="refused"),
        inbound(3, **NOTHING),
    ),
)  # fmt: skip


def again(number: int, found: int = 0, *answered: str, **changes: Any) -> Step:
    """A refused lot is inspected again."""
    names = answered or (f"S{number}",)
    said = {"answers": [citing(name) for name in names], "called": f"S{number} again"}
    return inbound(number, found, **said | changes)


LOOSE = {"aql": "1.5", "accept": 5, "reject": 6}
RE_INSPECTED = (
    breaks(ANSWERS, "what it answers accepted the lot", row("+"), again(1)),
    breaks(ANSWERS, "what it answers is of another lot", row("R"), again(2, 0, "S1")),
    breaks(ANSWERS, "what it answers was at another trader", row("R"),
           again(1, trader=who("distributor"))),
    breaks(ANSWERS, "it was made before what it answers", row("R"), again(1, on=day(-3))),
    breaks(ANSWERS, "by another AQL than what it answers", row("R"), again(1, **LOOSE)),
    breaks(
        ANSWERS,
        "in one class of the two that refused",
        inbound(1, found=4, plans=[plan("4.0", 125, 10, 11)], decision="refused"),
        again(1),
    ),
    breaks(ANSWERS, "of a smaller lot, by a smaller sample", row("R"),
           again(1, lot_size=120, sample_size=13, accept=0, reject=1)),
    breaks(
        ANSWERS,
        "one unit drawn where five were refused",
        inbound(1, found=1, **NOTHING, sample_size=5, decision="refused"),
        again(1, **NOTHING, sample_size=1),
    ),
    breaks(
        "cited-type",
        "it answers a recall",
        says("recall", subject=lot_of(1), by="operator"),
        again(1, 0, "recall"),
    ),
    keeps(ANSWERS, "a refused lot, sorted, is inspected again", row("R"), again(1)),
    keeps(ANSWERS, "and refused again", row("R"), again(1, 4)),
    keeps(
        ANSWERS,
        "all that is left of a small lot is inspected again",
        inbound(1, 1, **SMALL, decision="refused"),
        again(1, **SMALL | {"lot_size": 9, "sample_size": 9}),
    ),
    keeps(
        ANSWERS,
        "in both classes that refused",
        inbound(1, found=4, plans=[plan("4.0", 125, 10, 11)], decision="refused"),
        again(1, plans=[plan("4.0", 125, 10)]),
    ),
    keeps(ANSWERS, "five drawn where five were refused",
          inbound(1, found=1, **NOTHING, sample_size=5, decision="refused"),
          again(1, **NOTHING, sample_size=5)),
    keeps(SEVERITY, "normal behind one lot refused, and refused again", row("R"), again(1, 4),
          inbound(2)),
    breaks(SEVERITY, "a lot inspected again under reduced", *REDUCED,
           inbound(20, 4, mode="patrol", called="S20"),
           again(20, severity="reduced"), refused=(SEVERITY, ANSWERS)),
)  # fmt: skip

SIZE = "lot-size"
NEXT = f"{GTIN}/10/N1"
ALL = {"subject": LOT, "lot_size": 480, "sample_size": 50, "accept": 1, "reject": 2}
TENTH = ALL | {"lot_size": 48, "sample_size": 13, "accept": 0, "reject": 1}


OTHERS = becomes("second-inspector", "warehouse")


def delivered(paper: str, size: int = 150, **changes: Any) -> Step:
    """A part of the lot of 480 comes inbound with a paper."""
    part = {"lot_size": size, "sample_size": 13, "accept": 0, "reject": 1, "delivery": paper}
    return inbound(1, **ALL | part | {"called": paper} | changes)


LOT_SIZES = (
    breaks(SIZE, "more is inspected than was made",
           inbound(1, **ALL | {"lot_size": 500})),
    breaks(SIZE, "another lot's size, and its sample", inbound(1, subject=LOT)),
    keeps(SIZE, "as many as who holds the lot says, whoever stated it first",
          says("lot", by="agent", subject=NEXT, serial_range=...,
               quantity={"amount": "20", "unit": "pieces"}),
          says("lot", subject=NEXT, called="next"),
          inbound(1, **ALL | {"subject": NEXT})),
    breaks(SIZE, "more than who holds the lot says, though who stated it first says so",
           says("lot", by="agent", subject=NEXT),
           says("lot", subject=NEXT, called="next", serial_range=...,
                quantity={"amount": "20", "unit": "pieces"}),
           inbound(1, **ALL | {"subject": NEXT})),
    breaks(SIZE, "a lot of 480 called a lot of one",
           inbound(1, **ALL | {"lot_size": 1, "sample_size": 1, "accept": 0, "reject": 1})),
    breaks(SIZE, "a tenth of the lot, of nobody knows which delivery", inbound(1, **TENTH)),
    breaks(SIZE, "more kilograms than were made",
           inbound(1, **ALL, lot_quantity={"amount": "121", "unit": "kg"})),
    breaks(SIZE, "a part of the kilograms", inbound(1, **ALL, lot_quantity={"amount": "12", "unit": "KG"})),
    breaks(SIZE, "more bought than were made, the size not said",
           inbound(1, subject=LOT, **NOTHING, lot_size=..., sample_size=481)),
    breaks(SIZE, "one delivery of two sizes", delivered("ASN-1", 150),
           delivered("ASN-1", 120, aql="0.65", sample_size=20)),
    breaks(SIZE, "one delivery of two sizes, spelled in two ways", delivered("ASN-1", 150),
           delivered("asn\uff0d1", 120, aql="0.65", sample_size=20)),
    breaks(SIZE, "four deliveries of more than was made together", delivered("ASN-1"),
           delivered("ASN-2"), delivered("ASN-3"), delivered("ASN-4")),
    breaks(
        SIZE,
        "more items than the lot's quantity counts",
        says("lot", subject=lot_of(1), quantity={"amount": "1000", "unit": "件"}, serial_range=...),
        inbound(1),
    ),
    breaks(
        SIZE,
        "a correction makes it a tenth of the lot",
        inbound(1, **ALL),
        corrects("S1", "warehouse", **{k: v for k, v in TENTH.items() if k != "subject"}),
    ),
    keeps(SIZE, "all of the lot", inbound(1, **ALL)),
    keeps(SIZE, "a lot nobody registered", inbound(1)),
    keeps(
        SIZE,
        "a lot of which nobody says how many",
        says("lot", subject=lot_of(1), serial_range=...),
        inbound(1),
    ),
    keeps(SIZE, "by weight: 25 units of half a kilogram",
          says("lot", subject=lot_of(1), quantity={"amount": "12.5", "unit": "kg"}, serial_range=...),
          inbound(1, **TENTH | {"subject": lot_of(1), "lot_size": 25, "sample_size": 13},
                  lot_quantity={"amount": "12.5", "unit": "kg"})),
    keeps(SIZE, "three deliveries, the last of what was left", delivered("ASN-1"),
          delivered("ASN-2"), delivered("ASN-3"),
          delivered("ASN-4", 30)),
    keeps(SIZE, "a delivery, where another warehouse says that all of the lot came with others", OTHERS,
          *(delivered(f"ASN-{n}", by="second-inspector") for n in (1, 2, 3)), delivered("ASN-4")),
    keeps(SIZE, "a delivery of which another warehouse says another size", OTHERS,
          delivered("ASN-1", 100, by="second-inspector"), delivered("ASN-1")),
    keeps(SIZE, "a delivery inspected by two plans in two statements", delivered("ASN-1"),
          delivered("ASN-1", aql="0.65", sample_size=20)),
    keeps(SIZE, "the same goods delivered on to another trader",
          inbound(1, **ALL), delivered("ASN-1", trader=who("distributor"))),
    keeps(SIZE, "a patrol of what is left of a delivery", delivered("ASN-1"),
          delivered("ASN-1", 100, mode="patrol", called="patrol")),
    keeps(SIZE, "one unit bought of 480",
          inbound(1, subject=LOT, mode="mystery", by="inspector", **NOTHING, sample_size=1, lot_size=480)),
    keeps(SIZE, "one unit bought of nobody knows how many",
          inbound(1, subject=LOT, mode="mystery", by="inspector", **NOTHING, sample_size=1, lot_size=...)),
    keeps(
        SIZE,
        "what is left of a refused lot behind its sorting",
        inbound(1, 2, **ALL, decision="refused"),
        again(1, **ALL | {"lot_size": 471}),
    ),
)  # fmt: skip

SCENARIOS = (
    *LOT_SIZES,
    *PLANS_DRAWN,
    *SEVERITIES,
    *SWITCHES,
    *CLASSES,
    *NONE_ACCEPTED,
    *RE_INSPECTED,
)
