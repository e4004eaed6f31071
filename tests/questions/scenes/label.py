"""Whether a product's quality label holds, and when it lapses by itself."""

from typing import Any

from questions.scene import (
    BUSINESS,
    Forged,
    Scene,
    audit,
    garden,
    inspection,
    observation_of,
    refusal,
    visit_unasked,
    wait,
)
from rules.laboratory_words import RETAINED_THERE, accredited, received, sealed
from rules.telling import Step
from rules.words import BLACK, affiliation, amends, citing, says
from tea import DISTRIBUTOR, GARDEN, GTIN, SHOP
from usual import (
    LEAD,
    PURITY,
    RETAINED,
    STANDARD,
    WATER,
    day,
    finding,
    id_of,
)
from world import BRAND

LABEL = "label"
OF_TEA = {"product": GTIN}
ASKED = ("certificate-not-asked",)
SECOND = GTIN + "/10/B8"
UNITS = {"lead": "mg/kg", "water": "%", "polyphenols": "%"}


def measured(**changed: tuple[str, str]) -> list[dict[str, str]]:
    """What a laboratory measured of the standard's properties: value and outcome of each."""
    told = {
        "lead": ("0.4", "pass"),
        "water": ("5.5", "pass"),
        "polyphenols": ("21.0", "pass"),
    } | changed
    return [
        {"property": name, "unit": UNITS[name], "value": value, "outcome": outcome}
        for name, (value, outcome) in told.items()
    ]


def report(*, called: str = "report", **changes: Any) -> Step:
    """The laboratory reports on the sample, by the platform's standard."""
    fields = {"standard": citing("standard"), "results": measured()} | changes
    return says("test-report", called=called, **fields)


def again(results: Any, called: str = "again", lot: str = "", **changes: Any) -> tuple[Step, ...]:
    """A second sample is sealed, received and reported on."""
    sample = f"urn:sample:{called}"
    of_lot = {"lot": lot} if lot else {}
    sealing = says("sample-sealed", subject=sample, called=f"{called} sealed", **of_lot)
    taking = says(
        "custody",
        by="laboratory",
        subject=sample,
        called=f"{called} received",
        previous=id_of(f"{called} sealed"),
        handed_by=INSPECTOR,
        **of_lot,
    )
    fields = {
        "subject": sample,
        "number": called,
        "custody": id_of(f"{called} received"),
        "received": lambda told: str(told.said[f"{called} received"][1].at),
        "results": results,
    }
    return sealing, taking, report(called=called, **fields | of_lot | changes)


INSPECTOR = "https://id.gs1.org/417/6901234507072"
STANDARDS = (says("baseline-standard"), says("standard"))
SAMPLED = (accredited(), sealed(), received())
LISTED = says("listing")
MODEL = says("quality-model")
READY = (MODEL, BUSINESS, audit(), inspection(), LISTED, *STANDARDS, *SAMPLED)
REPORTED = (*READY, report())
LABELLED = (*REPORTED, says("label"))
DRY = measured(water=("9.1", "fail"))
POOR = measured(polyphenols=("12.0", "fail"))
LEADEN = measured(lead=("2.1", "fail"))
CALLED_BACK = (
    says("recall"),
    says("improvement-plan", cause=citing("recall"), called="plan", by="brand", subject=BRAND),
    *(
        says(
            "improvement-step",
            cause=citing("recall"),
            action=n,
            called=f"step {n}",
            by="brand",
            subject=BRAND,
        )
        for n in (1, 2)
    ),
    says("lot", subject=SECOND, called="second", serial_range=...),
    inspection("of the second", subject=SECOND, on=day(0)),
    *again(measured(), called="third", lot=SECOND),
    says("improvement-verified", cause=citing("recall"), subject=BRAND, on=day(-0.01)),
)
"""The lot is recalled, its cause mended; a lot made later passes."""
MENDED = (*again(LEADEN), *CALLED_BACK)
OBJECTION = {"target": citing("again"), "subject": "urn:sample:again"}


def elsewhere(called: str = "elsewhere", **changes: Any) -> Step:
    """The lot is refused at another trader's."""
    return refusal(called, **{"trader": DISTRIBUTOR, "mode": "flight"} | changes)


CLOSED = inspection(
    "later", on=day(0), mode="flight", trader=DISTRIBUTOR, answers=[citing("elsewhere")]
)
"""It is inspected again there, and passes."""


def second_lot() -> Step:
    """Another lot of the tea is registered."""
    return says("lot", subject=SECOND, called="second", serial_range=...)


def restated(*criteria: dict[str, Any], **changes: Any) -> Step:
    """The authority restates the baseline, as of a month from now."""
    fields = {"called": "stricter", "from_": day(30), "criteria": list(criteria)}
    return says("baseline-standard", **fields | changes)


def answered(story: tuple[Any, ...], verdict: str, *codes: str, **how: Any):
    """A label is asked about; everything else is in order, which is noted."""
    says_ = how.pop("says")
    note = how.pop("note", ASKED)
    return Scene(says_, story, LABEL, OF_TEA, verdict, codes, note, **how)


TERMS = (
    answered(REPORTED, "no", "label-absent", says="of a product nobody labelled", note=()),
    answered(
        (MODEL, BUSINESS, audit(), inspection(), *STANDARDS, *SAMPLED, report()),
        "no",
        "label-absent",
        says="of a product that nobody labelled nor lists",
        note=(),
    ),
    answered(LABELLED, "yes", says="with everything in order"),
    answered(
        (*READY, report(part={"number": 1, "of": 2}), says("label")),
        "yes",
        note=(*ASKED, "report-parts"),
        says="by one part of a report of two",
    ),
    answered(
        LABELLED,
        "no",
        "label-absent",
        says="before it was given",
        at=-1 / 720,
        note=(),
    ),
    answered(
        (*LABELLED, says("label-withdrawn")),
        "no",
        "label-withdrawn",
        says="that was withdrawn",
    ),
    answered(
        (*LABELLED, says("label-withdrawn")),
        "yes",
        says="before it was withdrawn",
        at=-1 / 720,
    ),
    answered(
        (*LABELLED, says("label-withdrawn"), says("label", until=day(200))),
        "yes",
        says="given anew after it was withdrawn",
        note=(*ASKED, "label-again"),
    ),
    answered(
        (
            *LABELLED,
            says("label", until=day(9), called="newer"),
            amends("label-withdrawn", "newer"),
        ),
        "yes",
        says="whose successor was withdrawn",
    ),
    answered(
        (*REPORTED, says("label", until=day(9))),
        "no",
        "label-expired",
        says="at its end",
        at=9,
    ),
    answered((*REPORTED, says("label", until=day(9))), "yes", says="on its last day", at=8.9),
)

REPORTS = (
    answered(
        (*LABELLED, *again(POOR)),
        "no",
        "criterion-failed",
        "report-failed",
        says="of which a later sample failed for something major",
    ),
    answered(
        (*LABELLED, *again(POOR), *again(measured(), called="third")),
        "no",
        "report-failed",
        says="a third sample of the lot does not unsay that",
    ),
    answered(
        (*LABELLED, *again(LEADEN)),
        "no",
        "criterion-failed",
        "critical-since",
        "report-failed",
        says="of which a later sample failed for something critical",
    ),
    answered(
        (*LABELLED, *again(LEADEN), *again(measured(), called="third")),
        "no",
        "critical-since",
        "report-failed",
        says="and passed, which does not unsay it",
    ),
    answered(
        (*LABELLED, *MENDED),
        "yes",
        says="whose lot was recalled and mended, the failure since being closed by that",
        note=(*ASKED, "lot-answered"),
    ),
    answered(
        (*LABELLED, *MENDED, says("label", evidence=[citing("third")], called="anew")),
        "yes",
        says="whose lot was recalled and mended, and that was labelled anew",
        note=(*ASKED, "lot-answered"),
    ),
    answered(
        (*LABELLED, *again(DRY), says("objection", **OBJECTION)),
        "unknown",
        "criterion-objected",
        "report-objected",
        says="while an objection to a failure is open",
    ),
    answered(
        (*LABELLED, *again(measured()[1:2])),
        "yes",
        says="of which a later sample was tested for one criterion",
    ),
    answered(
        (
            *LABELLED,
            *again(
                [item | {"uncertainty": "0.2"} for item in measured(water=("6.9", "inconclusive"))],
                decision_rule="guarded",
            ),
        ),
        "unknown",
        "criterion-inconclusive",
        note=(*ASKED, "limits-unshown"),
        says="of which a later test decides nothing within its uncertainty",
    ),
    answered(
        (*READY, report(results=measured()[:2]), Forged(says("label"))),
        "unknown",
        "criterion-untested",
        says="given although one criterion was never tested",
    ),
    answered(
        (*REPORTED, says("label", until=day(900))),
        "no",
        "audit-overdue",
        "index-insufficient",
        "report-expired",
        says="a year after its report",
        at=366,
    ),
    answered(
        (
            *LABELLED,
            *RETAINED_THERE,
            says(
                "test-report",
                by="second-laboratory",
                called="other",
                subject=RETAINED,
                custody=id_of("retained received"),
                received=lambda told: str(told.said["retained received"][1].at),
                accreditations=[citing("second accreditation")],
                standard=citing("standard"),
                results=DRY,
            ),
            *again(measured(), called="third"),
        ),
        "no",
        "report-failed",
        "reports-contradict",
        says="on whose lot two laboratories contradict each other",
    ),
)

BASES = (
    answered(
        (*LABELLED, restated(LEAD | {"limit": "1.5"}, WATER)),
        "yes",
        says="by a standard that is not weaker than its baseline until next month",
    ),
    answered(
        (*LABELLED, restated(LEAD | {"limit": "1.5"}, WATER)),
        "no",
        "standard-outdated",
        says="by a standard that is weaker than its baseline by now",
        at=31,
    ),
    answered(
        (*LABELLED, restated(LEAD | {"limit": "2.00"}, WATER)),
        "yes",
        says="by a standard that its baseline has caught up with",
        at=31,
    ),
    answered(
        (*LABELLED, says("standard", called="version 2", from_=day(0), criteria=[LEAD, WATER])),
        "yes",
        says="by a version of a standard that another followed",
        note=(*ASKED, "standard-restated"),
    ),
    answered(
        (*REPORTED, Forged(says("label", standard={"id": "0" * 64, "topic": "standard",
                                                   "subject": STANDARD}))),
        "unknown",
        "standard-absent",
        says="by a standard nobody stated",
    ),
    answered(
        (
            *REPORTED,
            says("standard", subject=STANDARD + "-B", called="black", category=BLACK,
                 criteria=[LEAD, WATER]),
            Forged(says("label", standard=citing("black"))),
        ),
        "no",
        "standard-other-goods",
        says="by a standard for other goods",
    ),
    answered(
        (
            *LABELLED,
            says("standard", subject=STANDARD + "-C", called="clean", criteria=[LEAD, WATER, PURITY]),
            says("label", standard=citing("clean"), until=day(9), called="second label"),
        ),
        "yes",
        says="by two standards, one over",
        at=10,
    ),
)  # fmt: skip

SHOPS = (
    answered(
        (*LABELLED, amends("listing-ended", "listing", by="trader")),
        "no",
        "not-on-sale",
        says="of a product on sale nowhere",
        note=(),
    ),
    answered(
        (*LABELLED, amends("shop-ended", "shop")),
        "no",
        "shop-unknown",
        says="of a product listed in a shop that ended",
        note=(),
    ),
    answered(
        (
            *LABELLED,
            says("recall", subject=SECOND, by="operator"),
            says(
                "sanction",
                step="close-shop",
                severity_ground="critical",
                triggers=[citing("recall")],
                shops=[SHOP],
            ),
        ),
        "no",
        "lot-recalled",
        "sanctioned",
        says="of a product listed in a shop that was closed",
    ),
    answered(
        (*LABELLED, says("recall")),
        "no",
        "lot-recalled",
        says="of a product whose lot was recalled",
    ),
    answered(LABELLED, "no", "audit-overdue", says="when the garden's audit is overdue", at=181),
    answered(
        (*LABELLED, says("qualification-withdrawal")),
        "no",
        "paper-withdrawn",
        says="of a trader whose licence was withdrawn",
    ),
)

OUTCOMES = (
    answered(
        LABELLED[1:],
        "unknown",
        "model-absent",
        says="without a quality model",
    ),
    answered(
        tuple(step for step in LABELLED if step is not READY[3]),
        "unknown",
        "index-insufficient",
        says="of a product with too few outcomes",
    ),
    answered(
        (*LABELLED, elsewhere()),
        "no",
        "label-index-low",
        "lot-refused",
        says="of a product whose lot was refused at another trader's",
    ),
    answered(
        (*LABELLED, elsewhere(findings=[finding("major")]), CLOSED),
        "no",
        "label-index-low",
        says="of a product whose lot passed again there",
        note=(*ASKED, "finding-closed"),
    ),
    answered(
        (
            *LABELLED,
            elsewhere(findings=[finding("major")]),
            CLOSED,
            says("qualification-withdrawal"),
        ),
        "no",
        "label-index-low",
        "paper-withdrawn",
        says="of a trader whose licence was withdrawn, its lot having passed again elsewhere",
        note=(*ASKED, "finding-closed"),
    ),
    answered(
        (*LABELLED, elsewhere(by="warehouse", mode="inbound", **garden("minor"))),
        "yes",
        says="of a product whose lot was refused elsewhere for something minor",
        note=(*ASKED, "lot-refused"),
    ),
    answered(
        (*LABELLED, elsewhere(on=day(-0.5), **garden("critical"))),
        "no",
        "critical-since",
        "lot-critical",
        "label-index-low",
        "lot-refused",
        says="of a product with a critical finding since",
    ),
    answered(
        (
            *LABELLED,
            elsewhere(on=day(-0.5), **garden("critical")),
            CLOSED,
        ),
        "no",
        "label-index-low",
        says="which was closed",
        note=(*ASKED, "finding-closed"),
    ),
    answered(
        (
            *READY,
            elsewhere(on=day(-0.5), **garden("critical")),
            CLOSED,
            report(),
            says("label"),
        ),
        "no",
        "label-index-low",
        note=(*ASKED, "finding-closed"),
        says="which was closed before the label was given",
    ),
    answered(
        (
            *LABELLED,
            says(
                "quality-model",
                called="milder",
                grades={"a": 700, "b": 650, "c": 600},
                from_=day(0),
            ),
            wait(0.01),
            audit("again", on=day(-0.001)),
        ),
        "yes",
        says="of a product whose grade is another by the model before",
        note=(*ASKED, "model-restated"),
    ),
    answered(
        (
            *LABELLED,
            affiliation("brand", "second-inspector"),
            inspection("tied", by="second-inspector", mode="flight"),
        ),
        "yes",
        says="of a product that also somebody tied to the brand passed, which counts for nothing",
        note=(*ASKED, "index-tied"),
    ),
    answered(
        (*LABELLED, wait(3), visit_unasked(), observation_of(GARDEN)),
        "yes",
        says="of a product whose garden an observer found wanting whom nobody invited",
        note=(*ASKED, "finding-uninvited"),
    ),
    answered(
        (*LABELLED, wait(3), says("visit"), says("observation", findings=[finding("critical")])),
        "no",
        "critical-since",
        "place-critical",
        "label-index-low",
        says="of a product whose garden an observer found wanting",
    ),
)

SCENES = (*TERMS, *REPORTS, *BASES, *SHOPS, *OUTCOMES)
