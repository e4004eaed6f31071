"""The quality index, and what was never inspected."""

from questions.scene import (
    Scene,
    audit,
    garden,
    inspection,
    observation_of,
    refusal,
    visit_to,
    visit_unasked,
    wait,
)
from rules.scenarios.goods import FIELD
from rules.words import WHITE, affiliation, amends, says
from tea import DISTRIBUTOR, GARDEN, GTIN, LOT, MARK, TEA
from usual import MODEL, day, finding
from world import BRAND, TRADER

INDEX, COVERAGE = "index", "coverage"
MODEL_SAYS = says("quality-model")
PASSED = inspection()
AUDIT = audit()
LISTED = says("listing")
WELL = (MODEL_SAYS, AUDIT, PASSED)
"""Two outcomes, as many as the usual model asks for: both passed."""
SECOND = GTIN + "/10/B8"
SHED = "https://id.gs1.org/414/6901234500110"
CRITICAL = {"findings": [finding("critical")]}
AGAIN = inspection("again", mode="patrol", by="warehouse")
NO_OUTCOME = ("index-insufficient",)


def of(subject: str = GTIN, model: str = MODEL) -> dict[str, str]:
    """Ask for the index of a subject."""
    return {"subject": subject, "model": model}


def flight(called: str = "flight", **changes: object):
    """An inspector comes unannounced, and accepts the lot."""
    return inspection(called, mode="flight", **changes)


def lot(subject: str, called: str):
    """Another lot of the tea is registered."""
    return says("lot", subject=subject, called=called, serial_range=...)


THIRD = GTIN + "/10/C9"
MORE_LOTS = (lot(SECOND, "second"), lot(THIRD, "third"))
FAILED = (refusal(), refusal("second failure", subject=SECOND))
UNREGISTERED = (inspection(f"of {n}", subject=f"{GTIN}/10/N{n}") for n in range(9))
MANY = (says("quality-model", most_of_one=20), AUDIT, PASSED, *UNREGISTERED)
"""Nine more lots passed, which nobody registered, by a model that counts many of one inspector."""
CLASSES = (
    inspection("minor", aql="4.0", accept=5, reject=6),
    inspection("major", nonconforming=9, decision="refused"),
)
TIED_INSPECTOR = affiliation("trader", "inspector")
OTHER_INSPECTOR = {"by": "second-inspector"}

NOW = day(-1 / 1440)
"""The newest seal's time: a minute before whatever is asked."""


def period(category: str = TEA, start: object = day(-30), until: object = NOW) -> dict[str, object]:
    """Ask about a category in a time: the thirty days up to now."""
    return {"category": category, "start": start, "until": until}


INDICES = (
    Scene("without a model", (AUDIT, PASSED), INDEX, of(), "unknown", ("model-absent",)),
    Scene(
        "by a model nobody registered",
        WELL,
        INDEX,
        of(model="urn:model:other"),
        "unknown",
        ("model-absent",),
    ),
    Scene(
        "by a model that holds from next week on",
        (says("quality-model", from_=day(7)), AUDIT, PASSED),
        INDEX,
        of(),
        "unknown",
        ("model-absent",),
    ),
    Scene(
        "and when it holds",
        (says("quality-model", from_=day(7)), AUDIT, PASSED),
        INDEX,
        of(),
        "yes",
        at=8,
    ),
    Scene("of one outcome", (MODEL_SAYS, PASSED), INDEX, of(), "unknown", NO_OUTCOME),
    Scene("of a product that passed everything", WELL, INDEX, of(), "yes"),
    Scene(
        "of a product of which a grantee had a lot passed, made in a shed found wanting",
        (
            *WELL,
            says("facility", by="rival", subject=SHED, called="shed"),
            says("lot", by="trader", subject=SECOND, called="its", facility=SHED, serial_range=...),
            flight("its pass", subject=SECOND),
            audit("of the shed", subject=SHED, **CRITICAL),
        ),
        INDEX,
        of(),
        "yes",
    ),
    Scene("of its trader, which never listed it", WELL, INDEX, of(TRADER), "unknown", NO_OUTCOME),
    Scene("of its trader", (*WELL, LISTED), INDEX, of(TRADER), "yes"),
    Scene(
        "of a trader that never had the lot",
        (*WELL, LISTED),
        INDEX,
        of(DISTRIBUTOR),
        "unknown",
        NO_OUTCOME,
    ),
    Scene(
        "of a trader at which its own inspector alone passed a lot, from a garden well audited",
        (
            MODEL_SAYS,
            TIED_INSPECTOR,
            *(audit(f"audit {n}", **OTHER_INSPECTOR) for n in (1, 2)),
            PASSED,
            LISTED,
        ),
        INDEX,
        of(TRADER),
        "unknown",
        NO_OUTCOME,
        ("index-tied",),
    ),
    Scene("of its brand", WELL, INDEX, of(MARK), "yes"),
    Scene("of a category nothing is listed in", WELL, INDEX, of("food"), "unknown", NO_OUTCOME),
    Scene("of its category", (*WELL, LISTED), INDEX, of("food/tea"), "yes"),
    Scene(
        "of its category when it is on sale no more",
        (*WELL, LISTED, says("listing-ended")),
        INDEX,
        of(TEA),
        "yes",
    ),
    Scene("of a party that sells nothing", WELL, INDEX, of(BRAND), "unknown", NO_OUTCOME),
    Scene(
        "of a product of which one lot failed for something minor",
        (*WELL, *MORE_LOTS, refusal(subject=SECOND, **garden("minor"))),
        INDEX,
        of(),
        "yes",
    ),
    Scene(
        "for nothing that is named, so for something major",
        (*WELL, *MORE_LOTS, refusal(subject=SECOND)),
        INDEX,
        of(),
        "no",
        ("index-low",),
    ),
    Scene(
        "whose lots all failed",
        (MODEL_SAYS, *MORE_LOTS, *FAILED, refusal("third", subject=THIRD)),
        INDEX,
        of(),
        "no",
        ("index-low",),
    ),
    Scene(
        "and were inspected in the same mode again until they passed",
        (
            MODEL_SAYS,
            *MORE_LOTS,
            *FAILED,
            *(inspection(f"again {n}") for n in range(3)),
            *(inspection(f"still again {n}", subject=SECOND) for n in range(3)),
        ),
        INDEX,
        of(),
        "no",
        ("index-low",),
    ),
    *(
        Scene(
            f"one class of a sampling refused the lot, told {order}",
            (*WELL[:2], *classes, *MORE_LOTS, flight(subject=SECOND)),
            INDEX,
            of(),
            "no",
            ("index-low",),
        )
        for order, classes in (("last", CLASSES), ("first", CLASSES[::-1]))
    ),
    Scene(
        "of lots that somebody tied to the trader passed, in front of who refused them",
        (
            MODEL_SAYS,
            *MORE_LOTS,
            TIED_INSPECTOR,
            PASSED,
            inspection("of the second", subject=SECOND),
            refusal("first failure", **OTHER_INSPECTOR),
            refusal("second failure", subject=SECOND, **OTHER_INSPECTOR),
        ),
        INDEX,
        of(),
        "no",
        ("index-low",),
        note=("index-tied",),
    ),
    Scene(
        "of lots that the right-holder's own inspector passed and nobody else looked at",
        (MODEL_SAYS, affiliation("brand", "inspector"), PASSED, flight()),
        INDEX,
        of(),
        "unknown",
        NO_OUTCOME,
        note=("index-tied",),
    ),
    Scene(
        "of a lot nobody registered, which failed",
        (*WELL, refusal(subject=THIRD)),
        INDEX,
        of(),
        "no",
        ("index-low",),
    ),
    Scene(
        "nine passes by one inspector against two failures by another",
        (
            MODEL_SAYS,
            *(inspection(f"pass {n}", subject=f"{GTIN}/10/P{n}") for n in range(9)),
            refusal("f1", subject=SECOND, **OTHER_INSPECTOR),
            refusal("f2", subject=THIRD, **OTHER_INSPECTOR),
        ),
        INDEX,
        of(),
        "no",
        ("index-low",),
    ),
    Scene(
        "nine failures of other goods of the brand",
        (
            *WELL,
            says("product", subject=WHITE),
            *(refusal(f"failure {n}", subject=f"{WHITE}/10/P{n}") for n in range(9)),
        ),
        INDEX,
        of(),
        "yes",
    ),
    Scene(
        "a critical finding is open",
        (*WELL, flight(**CRITICAL)),
        INDEX,
        of(),
        "no",
        ("lot-critical", "index-low"),
    ),
    Scene(
        "a critical finding at the garden is open although little else failed",
        (*MANY, visit_to(GARDEN), observation_of(GARDEN)),
        INDEX,
        of(),
        "no",
        ("place-critical",),
    ),
    Scene(
        "and was answered by an audit",
        (*MANY, visit_to(GARDEN), observation_of(GARDEN), wait(2), audit("second audit")),
        INDEX,
        of(),
        "yes",
        (),
        ("finding-closed",),
    ),
    Scene(
        "a critical finding caps the grade at B by another model",
        (
            says("quality-model", critical_cap="B", prior_good=4000),
            AUDIT,
            PASSED,
            flight(**CRITICAL),
        ),
        INDEX,
        of(),
        "yes",
        note=("lot-critical",),
    ),
    Scene(
        "a place that somebody without the better right says a lot was made at is no concern",
        (
            *WELL,
            says("facility", subject=FIELD, called="field"),
            says("lot", by="agent", subject=SECOND, facility=FIELD, serial_range=...),
            says("lot", subject=SECOND, called="held", serial_range=...),
            audit("bad audit", subject=FIELD, **garden("critical")),
        ),
        INDEX,
        of(),
        "yes",
    ),
    Scene(
        "an audit that found something major",
        (MODEL_SAYS, audit(**garden("major")), PASSED),
        INDEX,
        of(),
        "no",
        ("index-low",),
    ),
    Scene(
        "what was passed a year ago counts no more",
        WELL,
        INDEX,
        of(),
        "unknown",
        NO_OUTCOME,
        at=365,
    ),
    Scene("what was passed a day less ago does", WELL, INDEX, of(), "yes", at=363),
    Scene(
        "an observer's visit counts",
        (MODEL_SAYS, PASSED, says("visit"), says("observation")),
        INDEX,
        of(),
        "yes",
    ),
    Scene(
        "unless nobody invited the observer",
        (MODEL_SAYS, PASSED, visit_unasked(), observation_of(GARDEN)),
        INDEX,
        of(),
        "unknown",
        NO_OUTCOME,
    ),
    Scene(
        "unless the observer declared a tie",
        (MODEL_SAYS, PASSED, says("visit", tie="a cousin works there"), says("observation")),
        INDEX,
        of(),
        "unknown",
        NO_OUTCOME,
        note=("index-tied",),
    ),
    Scene(
        "two observations on one visit are one outcome",
        (
            MODEL_SAYS,
            says("visit"),
            says("observation"),
            says("observation", called="more", text="and the hall is clean"),
        ),
        INDEX,
        of(),
        "unknown",
        NO_OUTCOME,
    ),
    Scene(
        "inbound passes alone",
        (
            MODEL_SAYS,
            *MORE_LOTS,
            *(
                inspection(f"inbound of {lot}", subject=lot, mode="inbound", by="warehouse")
                for lot in (LOT, SECOND, THIRD)
            ),
        ),
        INDEX,
        of(),
        "unknown",
        NO_OUTCOME,
    ),
    Scene(
        "somebody complained",
        (*WELL, LISTED, says("complaint")),
        INDEX,
        of(),
        "yes",
        note=("complaints-on-record",),
    ),
    Scene(
        "somebody complained about the trader's lot",
        (*WELL, LISTED, says("complaint")),
        INDEX,
        of(TRADER),
        "yes",
        note=("complaints-on-record",),
    ),
    Scene(
        "the trader planned to mend a failure, and the first action waits",
        (*WELL, LISTED, *MORE_LOTS, refusal(subject=SECOND), says("improvement-plan")),
        INDEX,
        of(TRADER),
        "no",
        ("index-low",),
        note=("plan-open",),
    ),
    Scene(
        "somebody complained about another lot than the trader's",
        (*WELL, LISTED, says("complaint", lot=SECOND)),
        INDEX,
        of(TRADER),
        "yes",
    ),
    Scene(
        "somebody complained two years ago",
        (says("complaint"), wait(730), says("quality-model"), audit(), inspection()),
        INDEX,
        of(),
        "yes",
    ),
)

RESTATED = (
    Scene(
        "by a model that the operator made milder behind a refusal",
        (
            MODEL_SAYS,
            refusal(findings=[finding("critical")]),
            says("quality-model", called="milder", critical_cap="A", prior_good=1000, from_=day(0)),
            wait(1),
            AUDIT,
        ),
        INDEX,
        of(),
        "yes",
        note=("lot-critical", "model-restated"),
    ),
    Scene(
        "by a model that forgets what the one before would still count",
        (
            MODEL_SAYS,
            refusal(findings=[finding("critical")]),
            says("quality-model", called="shorter", window_days=30, from_=day(0)),
            wait(45),
            inspection("later", mode="flight", on=day(-1)),
            audit(on=day(-1)),
        ),
        INDEX,
        of(),
        "yes",
        note=("model-restated",),
    ),
    Scene(
        "by a model that was restated and grades no otherwise",
        (MODEL_SAYS, PASSED, says("quality-model", called="again", from_=day(0)), wait(1), AUDIT),
        INDEX,
        of(),
        "yes",
    ),
)

COVERED = (
    Scene("nothing is on sale", (), COVERAGE, period(), "unknown", ("nothing-on-sale",)),
    Scene("on sale and inspected", (LISTED, PASSED), COVERAGE, period(), "yes"),
    Scene("asked of all food", (LISTED, PASSED), COVERAGE, period("food"), "yes"),
    Scene(
        "on sale and never inspected",
        (LISTED, AUDIT),
        COVERAGE,
        period(),
        "no",
        ("never-inspected",),
    ),
    Scene(
        "its goods of some days were called back since",
        (LISTED, PASSED, says("product-recall", made_until=day(0))),
        COVERAGE,
        period(),
        "yes",
        note=("product-recalled",),
    ),
    Scene(
        "passed by an inspector of the trader alone",
        (LISTED, TIED_INSPECTOR, PASSED),
        COVERAGE,
        period(),
        "no",
        ("never-inspected",),
        note=("index-tied",),
    ),
    Scene(
        "inspected before that time",
        (LISTED, PASSED, wait(40), AUDIT),
        COVERAGE,
        period(),
        "no",
        ("never-inspected",),
    ),
    Scene(
        "inspected at another trader",
        (LISTED, inspection(trader=DISTRIBUTOR)),
        COVERAGE,
        period(),
        "no",
        ("never-inspected",),
    ),
    Scene(
        "its listing ended before that time",
        (LISTED, says("listing-ended"), wait(40), AUDIT),
        COVERAGE,
        period(),
        "unknown",
        ("nothing-on-sale",),
    ),
    Scene(
        "its listing ended within that time",
        (LISTED, wait(40), says("listing-ended"), AUDIT),
        COVERAGE,
        period(),
        "no",
        ("never-inspected",),
    ),
    Scene(
        "its shop ended before that time",
        (LISTED, amends("shop-ended", "shop", "operator"), wait(40), AUDIT),
        COVERAGE,
        period(),
        "unknown",
        ("nothing-on-sale",),
    ),
    Scene(
        "it was listed after that time",
        (wait(40), LISTED, PASSED),
        COVERAGE,
        period(until=day(-10)),
        "unknown",
        ("nothing-on-sale",),
    ),
    Scene(
        "that time is not over",
        (LISTED, PASSED),
        COVERAGE,
        period(until=day(1)),
        "unknown",
        ("period-open",),
    ),
    Scene(
        "that time is not over, and it was not inspected yet",
        (LISTED, AUDIT),
        COVERAGE,
        period(until=day(1)),
        "no",
        ("never-inspected", "period-open"),
    ),
)
SCENES = (*INDICES, *RESTATED, *COVERED)
