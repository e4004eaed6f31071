"""The rules for laboratories: accreditation, custody, reports, objections and retests."""

from typing import Any

from rules.words import BLACK, WHITE, affiliation, amends, breaks, citing, corrects, keeps, says
from tea import GTIN
from usual import (
    RETAINED,
    SAMPLE,
    SECOND_LABORATORY,
    day,
    id_of,
    result,
    who,
)
from world import DAY_S

SECOND = 1 / 86_400
MAX_RESIDUE = {"property": "residue", "unit": "mg/kg", "direction": "at-most", "limit": "0.1"}
MOST = MAX_RESIDUE | {"severity": "critical"}
NEXT_LOT = GTIN + "/10/B1"
LEAD = {"property": "lead", "value": "1", "method": "GB 5009.12"}


def method(name: str = "GB 23200.113", *goods: str, **changes: Any) -> dict[str, Any]:
    """One line of an accreditation."""
    return {"method": name, "categories": list(goods or ("food/tea",))} | changes


def accredited(
    laboratory: str = "laboratory", called: str = "accreditation", *methods: Any, **changes: Any
):
    """The trademark office, an authority, says what a laboratory is accredited for."""
    fields = {
        "kind": "accreditation",
        "number": f"urn:qualification:cnas.org.cn:L{len(laboratory)}",
        "categories": ...,
        "scheme": "CNAS",
        "methods": list(methods or (method(),)),
    }
    return says("qualification", subject=who(laboratory), called=called, **fields | changes)


def sealed(subject: str = SAMPLE, called: str = "sample", **changes: Any):
    """An inspector seals a sample of the lot."""
    return says("sample-sealed", subject=subject, called=called, **changes)


def received(by: str = "laboratory", called: str = "received", of: str = "sample", **changes: Any):
    """A laboratory takes a sample over from who had it."""
    subject = {"sample": SAMPLE, "retained": RETAINED}.get(of, SAMPLE)
    said = {"previous": id_of(of)} | changes
    return says("custody", by=by, subject=subject, called=called, **said)


def limits(called: str = "limits", *criteria: Any, **changes: Any):
    """An authority sets the most residue that tea may have."""
    fields = {
        "names": {"zh": "茶叶农药残留限量"},
        "category": "food/tea",
        "from": "2026-01-01T00:00:00Z",
        "criteria": list(criteria or (MOST,)),
    }
    subject = "urn:standard:sac.gov.cn:GB2763"
    return says(
        "baseline-standard", by="office", subject=subject, called=called, **fields | changes
    )


AT_HAND = (accredited(), sealed(), received())
LIMITED = (*AT_HAND, limits())


def report(called: str = "report", **changes: Any):
    """The laboratory reports what it found in the sample; without a standard it judges nothing."""
    return says("test-report", called=called, **changes)


def judging(*results: Any, **changes: Any):
    """The laboratory reports results judged by the limits."""
    return report(standard=citing("limits"), results=list(results), **changes)


FAILED = (*LIMITED, judging(result("0.2", "fail")))
OBJECTED = (*FAILED, says("objection"))
RETAINED_THERE = (
    accredited("second-laboratory", "second accreditation"),
    sealed(RETAINED, "retained"),
    received("second-laboratory", "retained received", "retained"),
)


def retest(*results: Any, called: str = "retest", **changes: Any):
    """The second laboratory tests the retained sample, and finds it so."""
    return says(
        "retest-report",
        called=called,
        standard=citing("limits"),
        results=list(results or (result("0.19", "fail"),)),
        **changes,
    )


TWO_FAILED = (
    accredited("laboratory", "accreditation", method(), method("GB 5009.12")),
    *AT_HAND[1:],
    limits("limits", MOST, MOST | {"property": "lead", "limit": "0.5"}),
    judging(result("0.2", "fail"), result(**LEAD, outcome="fail")),
)
RETESTED = (*OBJECTED, *RETAINED_THERE, retest())


def waits(days: float):
    return lambda w: w.wait(seconds=int(days * DAY_S))


ACCREDITATIONS = (
    breaks("qualification-scope", "an accreditation of no scheme", accredited(scheme=...)),
    breaks(
        "qualification-scope",
        "a licence under a scheme of accreditation",
        says("qualification", scheme="CMA"),
    ),
    breaks(
        "accreditation-tied",
        "a laboratory accredited by its own subsidiary",
        affiliation("laboratory", "registrar"),
        accredited(by="registrar"),
    ),
    breaks(
        "accreditation-tied",
        "a laboratory accredited by a sister under one parent",
        affiliation("parent", "registrar"),
        affiliation("parent", "laboratory"),
        accredited(by="registrar"),
    ),
    keeps("accreditation-tied", "a laboratory accredited by an authority", accredited()),
    keeps(
        "accreditation-tied",
        "a laboratory whose accreditation the operator writes down",
        accredited(by="operator"),
    ),
)
CUSTODY = (
    breaks(
        "report-custody",
        "a report of a sample nobody sealed",
        *AT_HAND[:1],
        report(custody="0" * 64, received=day(-1)),
    ),
    breaks(
        "report-custody",
        "a report of a sample that the carrier has",
        accredited(),
        sealed(),
        received("carrier"),
        report(),
    ),
    breaks(
        "report-custody",
        "a report of a sample handed on to another laboratory",
        *AT_HAND,
        received(
            "second-laboratory",
            "handed on",
            handed_by=who("laboratory"),
            previous=id_of("received"),
        ),
        report(),
    ),
    breaks(
        "report-custody",
        "a report of a sample that arrived with broken seals",
        accredited(),
        sealed(),
        received(seals_intact=False),
        report(),
    ),
    breaks(
        "report-custody",
        "a report of a sample whose seals were broken on the way",
        accredited(),
        sealed(),
        received("carrier", "carried", seals_intact=False),
        received(previous=id_of("carried"), handed_by=who("carrier")),
        report(),
    ),
    breaks("report-custody", "a report about another lot", *AT_HAND, report(lot=NEXT_LOT)),
    breaks(
        "report-custody",
        "a report that dates the sample's arrival later than its custody",
        *AT_HAND,
        report(received=day(-0.6)),
    ),
    keeps(
        "report-custody",
        "a report of a sample received last, with seals intact",
        *AT_HAND,
        report(),
    ),
    keeps(
        "report-custody",
        "a report of a sample that a carrier brought",
        accredited(),
        sealed(),
        received("carrier", "carried"),
        received(previous=id_of("carried"), handed_by=who("carrier")),
        report(),
    ),
    keeps(
        "report-custody",
        "a report corrected when the sample was handed on",
        *AT_HAND,
        report(),
        received(
            "second-laboratory",
            "handed on",
            handed_by=who("laboratory"),
            previous=id_of("received"),
        ),
        corrects("report", "laboratory", condition="dry, 251 g"),
    ),
)
DATES = (
    breaks(
        "report-dates",
        "a test begun before the sample was received",
        *AT_HAND,
        report(tested_from=day(-1.5)),
    ),
    breaks(
        "report-dates",
        "a test ended before it began",
        *AT_HAND,
        report(tested_from=day(-0.25), tested_until=day(-0.5)),
    ),
    breaks(
        "report-dates",
        "a report issued before the test ended",
        *AT_HAND,
        report(issued=day(-0.3)),
    ),
    breaks(
        "report-dates",
        "a report issued in one month and signed in the next",
        *AT_HAND,
        waits(12),
        report(
            tested_from=lambda told: str(told.said["received"][1].at),
            tested_until=lambda told: str(told.said["received"][1].at),
            issued=day(-5),
        ),
    ),
    keeps(
        "report-dates",
        "a test that takes a moment, reported at once",
        *AT_HAND,
        report(
            tested_from=lambda told: str(told.said["received"][1].at),
            tested_until=lambda told: str(told.said["received"][1].at),
        ),
    ),
    breaks("done-ahead", "a report issued tomorrow", *AT_HAND, report(issued=day(1))),
    breaks(
        "named-unknown", "a report for nobody", *AT_HAND, report(client="did:web:nobody.example")
    ),
)
SCOPE = (
    breaks(
        "report-scope",
        "a test by a method the laboratory is not accredited for",
        *AT_HAND,
        report(method="GB 23200.121"),
    ),
    breaks(
        "report-scope",
        "a test of tea by a laboratory accredited for helmets",
        accredited("laboratory", "accreditation", method("GB 23200.113", "sports/helmets")),
        *AT_HAND[1:],
        report(),
    ),
    breaks(
        "report-scope",
        "a test by a laboratory accredited for another product of this category",
        accredited("laboratory", "accreditation", method("GB 23200.113", WHITE)),
        *AT_HAND[1:],
        report(),
    ),
    breaks(
        "report-scope",
        "a test for a property that the accreditation leaves out",
        accredited("laboratory", "accreditation", method(properties=["lead"])),
        *AT_HAND[1:],
        report(),
    ),
    breaks(
        "report-scope",
        "one result of two by a method outside the accreditation",
        *AT_HAND,
        report(results=[result(), result(**LEAD)]),
    ),
    breaks(
        "report-scope",
        "a test under the accreditation of another laboratory",
        accredited("second-laboratory"),
        *AT_HAND[1:],
        report(),
    ),
    breaks(
        "report-scope",
        "a test under a food licence",
        says(
            "qualification",
            subject=who("laboratory"),
            called="accreditation",
            number="urn:qualification:samr.cn:L-9",
        ),
        *AT_HAND[1:],
        report(),
    ),
    breaks(
        "report-scope",
        "a test that ends in the very second in which the accreditation does",
        accredited(until=day(1)),
        *AT_HAND[1:],
        waits(2),
        report(
            tested_until=lambda told: str(told.said["accreditation"][1].until),
            tested_from=lambda told: str(told.said["received"][1].at),
        ),
    ),
    breaks(
        "report-scope",
        "a test begun before the accreditation",
        accredited(from_=day(-0.4)),
        *AT_HAND[1:],
        report(),
    ),
    breaks(
        "cited-ended",
        "a report under an accreditation that was withdrawn",
        *AT_HAND,
        amends("qualification-withdrawal", "accreditation"),
        report(),
    ),
    keeps(
        "report-scope",
        "a report registered before the accreditation is withdrawn",
        *AT_HAND,
        report(),
    ),
    keeps(
        "report-scope",
        "a test that ends a second before the accreditation does, reported after it",
        accredited(until=day(1)),
        *AT_HAND[1:],
        waits(2),
        report(
            tested_from=lambda told: str(told.said["received"][1].at),
            tested_until=lambda told: told.time(-1 - 4 / 1440),
        ),
    ),
    keeps(
        "report-scope",
        "two methods of two accreditations, for this product and this property",
        accredited(
            "laboratory", "accreditation", method("GB 23200.113", GTIN, properties=["residue"])
        ),
        accredited(
            "laboratory",
            "metals",
            method("GB 5009.12", "*"),
            scheme="CMA",
            number="urn:qualification:cnca.gov.cn:CMA-1",
        ),
        *AT_HAND[1:],
        report(
            results=[result(), result(**LEAD)],
            accreditations=[citing("accreditation"), citing("metals")],
        ),
    ),
)
TIES = (
    breaks(
        "report-tied",
        "a report by a laboratory of the brand's group",
        affiliation("brand", "laboratory"),
        *AT_HAND,
        report(),
    ),
    breaks(
        "report-tied",
        "a report by a laboratory of the trader that the goods were sampled from",
        affiliation("trader", "laboratory"),
        *AT_HAND,
        report(trader=who("trader")),
    ),
    breaks(
        "report-tied",
        "a report by a laboratory of the trader that was inspected, and is not named",
        affiliation("trader", "laboratory"),
        accredited(),
        says("inspection"),
        sealed(inspection=citing("inspection")),
        received(),
        report(),
        refused=("report-tied", "report-trader"),
    ),
    breaks(
        "report-tied",
        "a report by a laboratory of who registered the lot under the brand's grant",
        affiliation("agent", "laboratory"),
        says("lot", by="agent", subject=NEXT_LOT),
        accredited(),
        sealed(lot=NEXT_LOT),
        received(lot=NEXT_LOT),
        report(lot=NEXT_LOT),
    ),
    keeps(
        "report-tied",
        "a report by a laboratory tied to a trader that has nothing to do with the lot",
        affiliation("rival", "laboratory"),
        *AT_HAND,
        report(),
    ),
    breaks(
        "report-trader",
        "a report that names another trader than was inspected",
        accredited(),
        says("inspection"),
        sealed(inspection=citing("inspection")),
        received(),
        report(trader=who("agent")),
    ),
    keeps(
        "report-trader",
        "a report that names the trader that was inspected",
        accredited(),
        says("inspection"),
        sealed(inspection=citing("inspection")),
        received(),
        report(trader=who("trader")),
    ),
)
LEAST = {
    "property": "residue",
    "unit": "mg/kg",
    "direction": "at-least",
    "limit": "0.05",
    "severity": "minor",
}
OUTCOMES = (
    breaks(
        "report-standard",
        "tea judged by a standard for black tea",
        *AT_HAND,
        limits(category=BLACK),
        judging(result("0.05", "pass")),
    ),
    breaks(
        "report-standard",
        "tea judged by a standard that is not in effect yet",
        *AT_HAND,
        limits(**{"from": "2027-01-01T00:00:00Z"}),
        judging(result("0.05", "pass")),
    ),
    keeps(
        "report-standard",
        "tea judged by a standard for tea",
        *LIMITED,
        judging(result("0.05", "pass")),
    ),
    breaks(
        "report-outcome", "too much residue that passes", *LIMITED, judging(result("0.11", "pass"))
    ),
    breaks("report-outcome", "little residue that fails", *LIMITED, judging(result("0.1", "fail"))),
    breaks(
        "report-outcome",
        "a result that nothing judges, passed",
        *AT_HAND,
        report(results=[result("0.05", "pass")]),
    ),
    breaks(
        "report-outcome",
        "a result that a criterion judges, left open",
        *LIMITED,
        judging(result("0.05")),
    ),
    breaks(
        "report-outcome",
        "a value in another unit than the standard's",
        *LIMITED,
        judging(result("50", "fail", unit="ug/kg")),
    ),
    breaks(
        "report-outcome",
        "one property twice",
        *LIMITED,
        judging(result("0.05", "pass"), result("0.2", "fail")),
    ),
    breaks(
        "report-outcome",
        "a guarded decision without the uncertainty",
        *LIMITED,
        judging(result("0.05", "inconclusive"), decision_rule="guarded"),
    ),
    breaks(
        "report-outcome",
        "a guarded pass within the uncertainty",
        *LIMITED,
        judging(result("0.09", "pass", uncertainty="0.02"), decision_rule="guarded"),
    ),
    keeps(
        "report-outcome",
        "residue at the limit, which is allowed",
        *LIMITED,
        judging(result("0.10", "pass")),
    ),
    keeps(
        "report-outcome",
        "within the uncertainty neither pass nor fail is shown",
        *LIMITED,
        judging(result("0.09", "inconclusive", uncertainty="0.02"), decision_rule="guarded"),
    ),
    keeps(
        "report-outcome",
        "a guarded fail beyond the uncertainty",
        *LIMITED,
        judging(result("0.13", "fail", uncertainty="0.02"), decision_rule="guarded"),
    ),
    keeps(
        "report-outcome",
        "nothing found by a method that sees the limit",
        *LIMITED,
        judging(result("0.01", "pass", below_detection=True), decision_rule="guarded"),
    ),
    keeps(
        "report-outcome",
        "nothing found by a method that does not see as far as the limit",
        *LIMITED,
        judging(result("0.2", "inconclusive", below_detection=True)),
    ),
    keeps(
        "report-outcome",
        "too little, by the second of two criteria",
        *AT_HAND,
        limits("limits", MOST, LEAST),
        judging(result("0.04", "fail")),
    ),
    breaks("report-number", "two reports of one number", *AT_HAND, report("first"), report()),
    keeps(
        "report-number",
        "two reports of two numbers on one sample",
        *AT_HAND,
        report("first"),
        report(number="R-2"),
    ),
    keeps(
        "report-number",
        "a report corrected under its number",
        *AT_HAND,
        report(),
        corrects("report", "laboratory", condition="dry, 251 g"),
    ),
    breaks(
        "target-subjects",
        "a report corrected into another month",
        *AT_HAND,
        report(),
        waits(12),
        corrects("report", "laboratory", issued=day(0)),
    ),
    keeps(
        "target-subjects",
        "a report corrected a month later, as of its day",
        *AT_HAND,
        report(),
        waits(12),
        corrects("report", "laboratory", condition="dry, 251 g"),
    ),
)
OBJECTIONS = (
    breaks("objection-party", "an objection by a rival", *FAILED, says("objection", by="rival")),
    breaks(
        "objection-party",
        "an objection by a trader the sample was not taken from",
        *FAILED,
        says("objection", by="trader"),
    ),
    keeps("objection-party", "an objection by the brand's holder", *FAILED, says("objection")),
    keeps(
        "objection-party",
        "an objection by the trader the sample was taken from",
        *LIMITED,
        judging(result("0.2", "fail"), trader=who("trader")),
        says("objection", by="trader"),
    ),
    breaks(
        "objection-late",
        "an objection 16 days later",
        *FAILED,
        waits(16),
        says("objection", month="2026-09"),
    ),
    breaks(
        "objection-late",
        "an objection a second after 15 days",
        *FAILED,
        waits(15 - 1 / 1440 + SECOND),
        says("objection", month="2026-09"),
    ),
    keeps(
        "objection-late",
        "an objection after 15 days to the second",
        *FAILED,
        waits(15 - 1 / 1440),
        says("objection", month="2026-09"),
    ),
    breaks(
        "objection-again",
        "a second objection by the same party",
        *OBJECTED,
        says("objection", reason="again"),
    ),
    keeps(
        "objection-again",
        "an objection by a second party",
        *LIMITED,
        judging(result("0.2", "fail"), trader=who("trader")),
        says("objection", by="trader"),
        says("objection"),
    ),
    breaks(
        "objection-result",
        "an objection to a report in which nothing failed",
        *LIMITED,
        judging(result("0.05", "pass")),
        says("objection"),
    ),
    breaks(
        "objection-result",
        "an objection to a result that passed",
        *AT_HAND[1:],
        accredited("laboratory", "accreditation", method(), method("GB 5009.12")),
        limits("limits", MOST, MOST | {"property": "lead", "limit": "5"}),
        judging(result("0.2", "fail"), result(**LEAD, outcome="pass")),
        says("objection", properties=["lead"]),
    ),
    keeps(
        "objection-result",
        "an objection to the one result that failed",
        *FAILED,
        says("objection", properties=["residue"]),
    ),
    breaks(
        "role",
        "an objection by the laboratory",
        *FAILED,
        says("objection", by="laboratory"),
        refused=("role", "objection-party"),
    ),
    breaks(
        "target-subjects",
        "an objection that names another laboratory",
        *FAILED,
        says("objection", laboratory=SECOND_LABORATORY),
    ),
)
RETESTS = (
    breaks(
        "retest-laboratory",
        "a retest by the same laboratory",
        *OBJECTED,
        sealed(RETAINED, "retained"),
        received("laboratory", "retained received", "retained"),
        retest(by="laboratory", accreditations=[citing("accreditation")], number="R-2"),
    ),
    breaks(
        "retest-laboratory",
        "a retest by a laboratory of the same group",
        affiliation("laboratory", "second-laboratory"),
        *OBJECTED,
        *RETAINED_THERE,
        retest(),
    ),
    keeps(
        "retest-laboratory",
        "a retest of the retained sample by another laboratory",
        *OBJECTED,
        *RETAINED_THERE,
        retest(),
    ),
    keeps(
        "retest-laboratory",
        "a retest of what is left of the sample itself",
        *OBJECTED,
        accredited("second-laboratory", "second accreditation"),
        received(
            "second-laboratory",
            "retained received",
            handed_by=who("laboratory"),
            previous=id_of("received"),
        ),
        retest(sample=SAMPLE),
    ),
    breaks(
        "report-tied",
        "a retest by a laboratory of the brand's group",
        affiliation("brand", "second-laboratory"),
        *OBJECTED,
        *RETAINED_THERE,
        retest(),
    ),
    breaks(
        "report-custody",
        "a retest of a sample of another lot",
        says("lot", subject=NEXT_LOT),
        *OBJECTED,
        accredited("second-laboratory", "second accreditation"),
        sealed(RETAINED, "retained", lot=NEXT_LOT),
        received("second-laboratory", "retained received", "retained", lot=NEXT_LOT),
        retest(),
    ),
    breaks("retest-objected", "a retest without an objection", *FAILED, *RETAINED_THERE, retest()),
    breaks(
        "retest-objected",
        "a retest of another property than is objected to",
        *OBJECTED,
        accredited("second-laboratory", "second accreditation", method("GB 5009.12")),
        *RETAINED_THERE[1:],
        retest(result(**LEAD), method="GB 5009.12"),
    ),
    breaks(
        "retest-objected",
        "a retest by no standard",
        *OBJECTED,
        *RETAINED_THERE,
        says("retest-report"),
    ),
    breaks(
        "retest-objected",
        "a retest by another decision rule",
        *OBJECTED,
        *RETAINED_THERE,
        retest(result("0.05", "pass", uncertainty="0.01"), decision_rule="guarded"),
    ),
    keeps(
        "retest-objected",
        "a retest that finds less",
        *OBJECTED,
        *RETAINED_THERE,
        retest(result("0.05", "pass")),
    ),
)
CLOSINGS = (
    breaks(
        "closing-outcome",
        "overturned by a retest that found as much",
        *RETESTED,
        says("objection-closed", outcome="overturned"),
    ),
    breaks(
        "closing-outcome",
        "confirmed by a retest that found less",
        *OBJECTED,
        *RETAINED_THERE,
        retest(result("0.05", "pass")),
        says("objection-closed"),
    ),
    breaks(
        "closing-outcome", "confirmed by no retest", *OBJECTED, says("objection-closed", retest=...)
    ),
    breaks(
        "closing-outcome",
        "withdrawn by a retest",
        *RETESTED,
        says("objection-closed", by="brand", outcome="withdrawn"),
    ),
    breaks(
        "closing-outcome",
        "an objection that is younger than the retest",
        *LIMITED,
        judging(result("0.2", "fail"), trader=who("trader")),
        says("objection", by="trader", called="trader's"),
        *RETAINED_THERE,
        retest(),
        says("objection"),
        says("objection-closed"),
    ),
    keeps(
        "closing-outcome",
        "confirmed by a retest that found as much",
        *RETESTED,
        says("objection-closed"),
    ),
    keeps(
        "closing-outcome",
        "overturned by a retest that found less",
        *OBJECTED,
        *RETAINED_THERE,
        retest(result("0.05", "pass")),
        says("objection-closed", outcome="overturned"),
    ),
    breaks(
        "closing-party",
        "confirmed by who objected",
        *RETESTED,
        says("objection-closed", by="brand"),
    ),
    breaks(
        "closing-party",
        "withdrawn by the operator while a retest may come",
        *OBJECTED,
        waits(14),
        says("objection-closed", outcome="withdrawn", retest=..., month="2026-09"),
    ),
    breaks(
        "closing-party",
        "withdrawn by the operator against a retest",
        *RETESTED,
        waits(16),
        says("objection-closed", outcome="withdrawn", retest=..., month="2026-09"),
    ),
    keeps(
        "closing-party",
        "withdrawn by who objected",
        *OBJECTED,
        says("objection-closed", by="brand", outcome="withdrawn", retest=...),
    ),
    keeps(
        "closing-party",
        "withdrawn by the operator when 15 days brought no retest",
        *OBJECTED,
        waits(16),
        says("objection-closed", outcome="withdrawn", retest=..., month="2026-09"),
    ),
    keeps(
        "closing-party",
        "decided by the operator, late",
        *RETESTED,
        waits(40),
        says("objection-closed", month="2026-09"),
    ),
    breaks(
        "target-issuer",
        "another's objection withdrawn",
        *OBJECTED,
        says("objection-closed", by="rival", outcome="withdrawn", retest=...),
    ),
    breaks(
        "cited-ended",
        "an objection closed twice",
        *RETESTED,
        says("objection-closed"),
        says("objection-closed", reason="again"),
    ),
)
SCENARIOS = (
    *ACCREDITATIONS, *CUSTODY, *DATES, *SCOPE, *TIES, *OUTCOMES, *OBJECTIONS, *RETESTS, *CLOSINGS,
)  # fmt: skip
