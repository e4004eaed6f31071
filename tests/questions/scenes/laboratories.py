"""Laboratories' reports: whose they are, whether they stand, and what two of them contradict."""

from questions.scene import Forged, Scene, wait
from rules.laboratory_words import (
    AT_HAND,
    FAILED,
    LIMITED,
    OBJECTED,
    RETAINED_THERE,
    RETESTED,
    TWO_FAILED,
    UNSURE,
    accredited,
    judging,
    received,
    report,
    retest,
    sealed,
)
from rules.telling import key, revocation
from rules.words import amends, corrects, says
from tea import GTIN, LABORATORY, LOT
from usual import RETAINED, SAMPLE, citing, evidence, id_of, result

FILE = "5" * 64
ANY = {"sample": SAMPLE, "report": "*"}
BY_FILE = {"sample": SAMPLE, "report": FILE}
IN_MONTH = {"laboratory": LABORATORY, "month": "2026-09", "report": "*"}
PRINTED = report(evidence=evidence())
OVERTURNED = (
    *OBJECTED,
    *RETAINED_THERE,
    retest(result("0.05", "pass")),
    says("objection-closed", outcome="overturned"),
)
ONE_OVERTURNED = (
    *TWO_FAILED,
    says("objection", properties=["residue"]),
    *RETAINED_THERE,
    retest(result("0.05", "pass")),
    says("objection-closed", outcome="overturned"),
)
NEW_KEY = key("new", by="laboratory", of=LABORATORY)


def suspected(minute: float):
    """The laboratory says that its key was in other hands since a minute of the story."""
    return revocation("laboratory", by="new", issuer=LABORATORY, of=LABORATORY, suspected=minute)


SECOND_PASSED = (
    accredited("second-laboratory", "second accreditation"),
    sealed(RETAINED, "retained"),
    received("second-laboratory", "retained received", "retained"),
    judging(
        result("0.05", "pass"),
        by="second-laboratory",
        subject=RETAINED,
        called="second",
        custody=id_of("retained received"),
        received=lambda told: str(told.said["retained received"][1].at),
        accreditations=[citing("second accreditation")],
    ),
)
REPORT = (
    Scene("a report of a sample", (*AT_HAND, report()), "report", ANY, "yes"),
    Scene(
        "a report by its statement id",
        (*AT_HAND, report()),
        "report",
        {"sample": SAMPLE, "report": id_of("report")},
        "yes",
    ),
    Scene("a report by the file that is shown", (*AT_HAND, PRINTED), "report", BY_FILE, "yes"),
    Scene(
        "a file that no laboratory registered",
        (*AT_HAND, report()),
        "report",
        BY_FILE,
        "unknown",
        ("report-absent",),
    ),
    Scene(
        "a sample that nobody sealed",
        (),
        "report",
        {"sample": "urn:sample:never-sealed", "report": "*"},
        "unknown",
        ("report-absent", "sample-unknown"),
    ),
    Scene("a sample without a report", AT_HAND, "report", ANY, "unknown", ("report-absent",)),
    Scene(
        "a report that was not yet issued then",
        (*AT_HAND, report()),
        "report",
        ANY,
        "unknown",
        ("report-absent",),
        at=-1,
    ),
    Scene(
        "a file that the laboratory corrected",
        (
            *AT_HAND,
            PRINTED,
            corrects("report", "laboratory", evidence=[evidence()[0] | {"digest": "7" * 64}]),
        ),
        "report",
        BY_FILE,
        "no",
        ("report-corrected",),
    ),
    Scene(
        "the corrected file",
        (
            *AT_HAND,
            PRINTED,
            corrects("report", "laboratory", evidence=[evidence()[0] | {"digest": "7" * 64}]),
        ),
        "report",
        {"sample": SAMPLE, "report": "7" * 64},
        "yes",
        note=("report-corrected",),
    ),
    Scene(
        "a report whose accreditation was withdrawn after it",
        (*AT_HAND, report(), amends("qualification-withdrawal", "accreditation")),
        "report",
        ANY,
        "yes",
        note=("paper-withdrawn",),
    ),
    Scene(
        "a report signed with a key that was in other hands by then",
        (NEW_KEY, *AT_HAND, report(), suspected(20)),
        "report",
        ANY,
        "unknown",
        ("key-suspected",),
    ),
    Scene(
        "a report that failed, which may be objected to",
        FAILED,
        "report",
        ANY,
        "yes",
        note=("report-objectionable",),
    ),
    Scene(
        "a report that failed, 16 days later",
        (*FAILED, wait(16), sealed(RETAINED, "retained")),
        "report",
        ANY,
        "yes",
    ),
    Scene(
        "a report that is objected to",
        OBJECTED,
        "report",
        ANY,
        "unknown",
        ("report-objected",),
        ("report-objectionable",),
    ),
    Scene(
        "a report with an objection that nobody decided for 16 days",
        (*OBJECTED, wait(16), sealed(RETAINED, "retained")),
        "report",
        ANY,
        "yes",
        note=("objection-overdue",),
    ),
    Scene(
        "a report that a retest confirmed",
        (*RETESTED, says("objection-closed")),
        "report",
        ANY,
        "yes",
        note=("report-objectionable",),
    ),
    Scene(
        "a report that a retest confirmed late",
        (*RETESTED, wait(16), says("objection-closed", month="2026-09")),
        "report",
        ANY,
        "yes",
        note=("objection-closed-late",),
    ),
    Scene(
        "a report whose objection was withdrawn",
        (*OBJECTED, says("objection-closed", by="brand", outcome="withdrawn", retest=...)),
        "report",
        ANY,
        "yes",
        note=("report-objectionable", "objection-withdrawn"),
    ),
    Scene(
        "a report that a retest overturned",
        OVERTURNED,
        "report",
        ANY,
        "no",
        ("report-overturned",),
        ("report-objectionable",),
    ),
    Scene(
        "the retest that overturned it",
        OVERTURNED,
        "report",
        {"sample": RETAINED, "report": id_of("retest")},
        "yes",
        note=("report-overturned",),
    ),
    Scene(
        "a report that another laboratory contradicts",
        (*FAILED, *SECOND_PASSED),
        "report",
        ANY,
        "yes",
        note=("report-objectionable", "reports-contradict"),
    ),
)
REPORTS = (
    Scene("a laboratory's month", (*AT_HAND, report()), "reports", IN_MONTH, "yes"),
    Scene(
        "the file among a laboratory's reports of a month",
        (*AT_HAND, PRINTED),
        "reports",
        IN_MONTH | {"report": FILE},
        "yes",
    ),
    Scene(
        "a file that is none of the laboratory's reports of a month",
        (*AT_HAND, report()),
        "reports",
        IN_MONTH | {"report": FILE},
        "unknown",
        ("report-absent",),
    ),
    Scene(
        "a month in which a laboratory reported nothing",
        (*AT_HAND, report()),
        "reports",
        IN_MONTH | {"month": "2026-08"},
        "unknown",
        ("report-absent",),
    ),
    Scene(
        "a retest of another laboratory is not this one's report",
        RETESTED,
        "reports",
        IN_MONTH | {"report": id_of("retest")},
        "unknown",
        ("report-absent",),
        ("report-objected",),
    ),
)
TRACE = (
    Scene(
        "a lot that a laboratory failed",
        FAILED,
        "trace",
        {"goods": LOT},
        "no",
        ("report-failed",),
        ("audit-absent",),
    ),
    Scene(
        "a lot whose failure is objected to",
        OBJECTED,
        "trace",
        {"goods": LOT},
        "unknown",
        ("report-objected",),
        ("audit-absent",),
    ),
    Scene(
        "a lot whose failure is objected to, and nobody decided for 16 days",
        (*OBJECTED, wait(16), sealed(RETAINED, "retained")),
        "trace",
        {"goods": LOT},
        "no",
        ("report-failed",),
        ("audit-absent",),
    ),
    Scene(
        "a lot whose failure is objected to, and a retest of the tenth day not decided on the sixteenth",
        (
            *(*OBJECTED, wait(10), *RETAINED_THERE),
            *(
                retest(result("0.05", "pass"), month="2026-09"),
                wait(6),
                says("facility", called="again"),
            ),
        ),
        "trace",
        {"goods": LOT},
        "unknown",
        ("report-objected",),
        ("audit-absent",),
    ),
    Scene(
        "the same, and a retest that was made when the objection suspended nothing any more",
        (
            *(*OBJECTED, wait(16), *RETAINED_THERE),
            *(retest(result("0.05", "pass"), month="2026-09"), says("facility", called="again")),
        ),
        "trace",
        {"goods": LOT},
        "no",
        ("report-failed",),
        ("audit-absent", "reports-contradict"),
    ),
    Scene(
        "a lot whose failure an inconclusive retest neither confirmed nor overturned",
        (*UNSURE, says("objection-closed")),
        "trace",
        {"goods": LOT},
        "no",
        ("report-failed",),
        ("audit-absent", "limit-unshown"),
    ),
    Scene(
        "the same, which a dishonest operator closed as overturned",
        (*UNSURE, Forged(says("objection-closed", outcome="overturned"))),
        "trace",
        {"goods": LOT},
        "no",
        ("report-failed",),
        ("audit-absent", "limit-unshown"),
    ),
    *(
        Scene(
            f"{what} of which one part of two is on record",
            (*AT_HAND, report(part={"number": 1, "of": 2})),
            question,
            asks,
            "yes",
            note=("report-parts", *more),
        )
        for what, question, asks, more in (
            ("a report", "report", ANY, ()),
            ("a lot with a report", "trace", {"goods": LOT}, ("audit-absent",)),
        )
    ),
    Scene(
        "a lot whose failure a retest overturned",
        OVERTURNED,
        "trace",
        {"goods": LOT},
        "yes",
        note=("audit-absent", "finding-closed", "retest-resampled"),
    ),
    Scene(
        "a lot of whose two failures a retest overturned the one objected to",
        ONE_OVERTURNED,
        "trace",
        {"goods": LOT},
        "no",
        ("report-failed",),
        ("audit-absent", "finding-closed", "retest-resampled"),
    ),
    Scene(
        "a lot on which two laboratories contradict each other",
        (*FAILED, *SECOND_PASSED),
        "trace",
        {"goods": LOT},
        "no",
        ("report-failed",),
        ("audit-absent", "reports-contradict"),
    ),
    Scene(
        "a lot of which a laboratory had measured more",
        (*AT_HAND, report(), corrects("report", "laboratory", results=[result("0.04")])),
        "trace",
        {"goods": LOT},
        "yes",
        note=("audit-absent", "results-corrected"),
    ),
    Scene(
        "a lot whose failure nobody objects to any more",
        (*OBJECTED, says("objection-closed", by="brand", outcome="withdrawn", retest=...)),
        "trace",
        {"goods": LOT},
        "no",
        ("report-failed",),
        ("audit-absent", "objection-withdrawn"),
    ),
    Scene(
        "a lot that a laboratory passed",
        (*LIMITED, judging(result("0.05", "pass"))),
        "trace",
        {"goods": GTIN},
        "yes",
        note=("audit-absent",),
    ),
)
SCENES = (*REPORT, *REPORTS, *TRACE)
