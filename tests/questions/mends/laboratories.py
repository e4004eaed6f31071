"""What mends reports, labels, standards and pledges."""

from questions.mends.telling import Mend
from questions.scene import audit, inspection, wait
from questions.scenes.label import CALLED_BACK, LISTED, STANDARDS, again, measured
from questions.scenes.label import report as judged
from rules.laboratory_words import RETAINED_THERE, report, retest
from rules.words import says
from usual import LEAD, PURITY, WATER, citing, day, evidence, id_of, result

PASSES = again(measured(), called="third")
ANEW = says("label", called="anew")
PASSED_AGAIN = retest(result("0.05", "pass"))
OVERTURNED = says("objection-closed", outcome="overturned")
DECIDED = (*RETAINED_THERE, PASSED_AGAIN, OVERTURNED)

MENDS = (
    Mend("report-absent", (report(called="late", number="R-9", evidence=evidence()),)),
    Mend("report-overturned", asks={"report": id_of("retest")}),
    Mend("report-objected", DECIDED),
    Mend("report-corrected", asks={"report": id_of("correction")}),
    Mend("report-failed", (says("objection"), *DECIDED), question="trace"),
    Mend(
        "objection-overdue",
        (
            RETAINED_THERE[0],
            RETAINED_THERE[2],
            retest(result("0.05", "pass"), month="2026-09"),
            says("objection-closed", outcome="overturned", month="2026-09"),
        ),
    ),
    Mend(
        "reports-contradict",
        (says("objection"), retest(result("0.05", "pass"), number="R-2"), OVERTURNED),
        question="trace",
    ),
    Mend("label-absent", (ANEW,)),
    Mend("label-withdrawn", (ANEW,)),
    Mend("label-expired", (wait(10), ANEW)),
    Mend("not-on-sale", (LISTED,)),
    Mend(
        "critical-since",
        CALLED_BACK,
        "of which a later sample failed for something critical",
    ),
    Mend(
        "critical-since",
        (audit("later", on=day(0), findings=[]),),
        "of a product whose garden an observer found wanting",
    ),
    Mend("standard-absent", (ANEW,)),
    Mend("standard-other-goods", (ANEW,)),
    Mend(
        "standard-outdated",
        (
            wait(31),
            says(
                "standard",
                called="version 2",
                from_=day(0),
                baselines=[citing("stricter")],
                criteria=[LEAD | {"limit": "1.5"}, WATER, PURITY],
            ),
            says("label", standard=citing("version 2"), called="anew"),
        ),
    ),
    Mend("criterion-failed", PASSES),
    Mend("criterion-inconclusive", PASSES),
    Mend("criterion-untested", PASSES),
    Mend("report-expired", (wait(366), *PASSES)),
    Mend(
        "criterion-objected",
        (
            says(
                "objection-closed",
                by="brand",
                subject="urn:sample:again",
                report=id_of("again"),
                outcome="withdrawn",
                retest=...,
            ),
        ),
    ),
    Mend("pledge-absent", (*STANDARDS, says("alliance-pledge"))),
    Mend("standard-unproven", (judged(),), "without a report"),
    Mend("conduct-unproven", (inspection(),)),
)
