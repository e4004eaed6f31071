"""The rules for quality labels: what is labelled is tested throughout, and may be listed."""

from questions.scene import wait
from questions.scenes.label import (
    DRY,
    LABELLED,
    MODEL,
    POOR,
    READY,
    REPORTED,
    again,
    measured,
    report,
)
from rules.words import BLACK, WHITE, amends, breaks, citing, disputed, keeps, product, says
from usual import LEAD, STANDARD, WATER, day

WITHOUT_LISTING = tuple(step for step in READY if step is not READY[4])
LABEL = says("label")
PARTLY = report(results=measured()[:2])
REST = again(measured()[2:], called="rest")
OTHER_SHOP = "urn:shop:market.example:tea-2"
NEXT = {"criteria": [LEAD, WATER], "called": "next"}


def label(*reports: str, **changes: object):
    """The operator labels the tea on these reports."""
    return says("label", evidence=[citing(name) for name in reports or ("report",)], **changes)


TERMS = (
    breaks("label-until", "that ends as it is signed", *REPORTED, label(until=day(0))),
    keeps("label-until", "that ends a second later", *REPORTED, label(until=day(1 / 86_400))),
    breaks("fields", "on one report cited twice", *REPORTED, label("report", "report")),
    breaks("role", "a brand labels its own tea", *REPORTED, says("label", by="brand")),
    keeps("cited-type", "withdrawn by the operator", *LABELLED, says("label-withdrawn")),
    breaks(
        "cited-ended",
        "withdrawn twice",
        *LABELLED,
        says("label-withdrawn"),
        says("label-withdrawn", reason="again"),
    ),
)

STANDARDS = (
    breaks(
        "label-standard",
        "by a version that another has followed",
        *REPORTED,
        says("standard", from_=day(0), **NEXT),
        LABEL,
    ),
    breaks(
        "label-standard",
        "by a version that is not in force yet",
        *REPORTED,
        says("standard", from_=day(9), **NEXT),
        label(standard=citing("next")),
    ),
    keeps(
        "label-standard",
        "by a version that another will follow",
        *REPORTED,
        says("standard", from_=day(9), **NEXT),
        LABEL,
    ),
    breaks(
        "label-standard",
        "by a standard for other goods",
        *REPORTED,
        says("standard", subject=STANDARD + "-B", category=BLACK, **NEXT),
        label(standard=citing("next")),
    ),
    breaks(
        "label-standard",
        "of a product whose category is disputed",
        *REPORTED,
        *disputed(),
        LABEL,
    ),
    keeps(
        "label-standard",
        "by a standard for all tea",
        *REPORTED,
        says("standard", subject=STANDARD + "-B", category="food/tea", **NEXT),
        label(standard=citing("next")),
    ),
    breaks(
        "cited-type",
        "by the law alone",
        *REPORTED,
        label(standard=citing("baseline-standard")),
    ),
)

EVIDENCE = (
    breaks("label-evidence", "on a report that leaves one criterion out", *READY, PARTLY, LABEL),
    keeps(
        "label-evidence",
        "on two reports that cover all criteria together",
        *READY,
        PARTLY,
        *REST,
        label("report", "rest"),
    ),
    breaks(
        "label-evidence",
        "on the half of them",
        *READY,
        PARTLY,
        *REST,
        LABEL,
    ),
    breaks(
        "label-evidence",
        "on a report that failed",
        *REPORTED,
        *again(POOR),
        label("again"),
        refused=("label-evidence", "label-listable"),
    ),
    breaks(
        "label-evidence",
        "on a report that passed before one that failed",
        *REPORTED,
        *again(POOR),
        label("report", "again"),
        refused=("label-evidence", "label-listable"),
    ),
    keeps(
        "label-evidence",
        "on a report that passed behind one that failed",
        *READY,
        *again(POOR),
        report(),
        label("report", "again"),
        refused=("label-listable",),
    ),
    breaks(
        "label-evidence",
        "on a report of another product's lot",
        *REPORTED,
        product(),
        label(subject=WHITE),
        refused=("label-evidence", "label-listable"),
    ),
    breaks(
        "label-evidence",
        "on a report that is objected to",
        *REPORTED,
        *again(DRY),
        says("objection", target=citing("again"), subject="urn:sample:again"),
        label("report", "again"),
        refused=("label-evidence", "label-listable"),
    ),
    breaks(
        "label-evidence",
        "on a report of more than a year ago",
        *REPORTED,
        wait(366),
        says("origin-audit", called="audit again"),
        LABEL,
    ),
    keeps(
        "label-evidence",
        "on a report of less than a year ago",
        *REPORTED,
        wait(364),
        says("origin-audit", called="audit again"),
        LABEL,
    ),
    breaks(
        "cited-type",
        "on an inspection",
        *REPORTED,
        label("inspection"),
    ),
)

LISTABLE = (
    breaks("label-listable", "of what is on sale nowhere", *WITHOUT_LISTING, report(), LABEL),
    breaks(
        "label-listable",
        "of what is on sale no more",
        *REPORTED,
        amends("listing-ended", "listing", by="trader"),
        LABEL,
    ),
    breaks("label-listable", "of what was recalled", *REPORTED, says("recall"), LABEL),
    breaks("label-listable", "when the audit is overdue", *REPORTED, wait(181), LABEL),
    keeps("label-listable", "before the audit is overdue", *REPORTED, wait(178), LABEL),
    breaks(
        "label-listable",
        "of what is listed in a shop that ended",
        *REPORTED,
        amends("shop-ended", "shop"),
        LABEL,
    ),
    keeps(
        "label-listable",
        "of what is listed in a second shop, too",
        *REPORTED,
        says("shop", subject=OTHER_SHOP, called="second shop"),
        says("listing", shop=OTHER_SHOP, called="second listing"),
        amends("shop-ended", "shop"),
        LABEL,
    ),
    keeps(
        "label-listable", "without a quality model", *(s for s in REPORTED if s is not MODEL), LABEL
    ),
)

SCENARIOS = (*TERMS, *STANDARDS, *EVIDENCE, *LISTABLE)
