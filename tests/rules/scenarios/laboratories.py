"""The rules for laboratories: accreditation, custody, dates, scope, ties, what follows from results."""

from typing import Any

from rules.laboratory_words import (
    AT_HAND,
    LEAD,
    LIMITED,
    MOST,
    NEXT_LOT,
    accredited,
    judging,
    limits,
    method,
    received,
    report,
    sealed,
    waits,
)
from rules.words import BLACK, WHITE, affiliation, amends, breaks, citing, corrects, keeps, says
from tea import GTIN
from usual import day, id_of, result, who

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
    *(
        judge(
            "report-dates",
            why,
            *AT_HAND,
            waits(12),
            report(
                tested_from=lambda told: str(told.said["received"][1].at),
                tested_until=lambda told: str(told.said["received"][1].at),
                issued=day(-days),
            ),
        )
        for judge, why, days in (
            (keeps, "a report issued in one month and signed in the next", 5),
            (breaks, "a report issued eight days before it is signed", 8),
        )
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
        "a report that passes a sample sealed by an inspector of the brand's group",
        affiliation("brand", "inspector"),
        *LIMITED,
        judging(result("0.05", "pass")),
    ),
    keeps(
        "report-tied",
        "a report that fails a sample sealed by an inspector of the brand's group",
        affiliation("brand", "inspector"),
        *LIMITED,
        judging(result("0.2", "fail")),
    ),
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
NONE = {"property": "residue", "unit": "/25g", "direction": "absent", "severity": "critical"}
LESS = MOST | {"direction": "below"}
UNITS = MOST | {"units": {"n": 5, "c": 2, "M": "0.5"}}
GRADE = {
    "property": "residue",
    "unit": "-",
    "direction": "one-of",
    "words": ["特级", "一级"],
    "severity": "minor",
}
LOOKS = GRADE | {"direction": "described", "words": ["具有应有的色泽"]}
IN_25G = {"unit": "/25g"}


def of_kinds(says_: str, criterion: Any, found: Any, *, kept: bool = True):
    """A report by a standard with one criterion, whose outcome follows from what was found or not."""
    steps = (*AT_HAND, limits("limits", criterion), judging(found))
    return ((keeps if kept else breaks)("report-outcome", says_, *steps),)


def without_value(found: dict[str, Any]) -> dict[str, Any]:
    """A result of which another field says what was found."""
    return {name: said for name, said in found.items() if name != "value"}


def several(outcome: str, *values: str):
    """What each unit of a sample showed."""
    return without_value(result("", outcome, values=list(values)))


def worded(words: str, outcome: str, **changes: Any):
    """A result in words."""
    return without_value(result("", outcome, unit="-", words=words, **changes))


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
        "report-property",
        "a property spelled nearly as the standard does",
        *LIMITED,
        judging(result("0.2", "not-judged", property="residu")),
    ),
    breaks(
        "report-property",
        "a criterion's name under another CAS number",
        *AT_HAND,
        limits("limits", MOST | {"cas": "7439-92-1"}),
        judging(result("0.2", "not-judged", cas="7440-43-9")),
    ),
    breaks(
        "report-outcome",
        "too much of what the standard names by its CAS number, under another name, left open",
        *AT_HAND,
        limits("limits", MOST | {"cas": "7439-92-1"}),
        judging(result("0.2", "not-judged", property="Pb", cas="7439-92-1")),
    ),
    keeps(
        "report-property",
        "a property spelled nearly as the standard does, with a CAS number of its own",
        *LIMITED,
        judging(result("0.2", "not-judged", property="residu", cas="7440-43-9")),
    ),
    keeps(
        "report-property",
        "a property spelled nearly as the standard does, listed by the accreditation",
        accredited("laboratory", "accreditation", method(properties=["residu"])),
        *AT_HAND[1:],
        limits(),
        judging(result("0.2", "not-judged", property="residu")),
    ),
    keeps(
        "report-property",
        "a property spelled nearly as one that is reported too",
        *LIMITED,
        judging(result("0.05", "pass"), result("0.2", "not-judged", property="residu")),
    ),
    keeps(
        "report-outcome",
        "what the standard names with full-width brackets and in Greek micrograms",
        *AT_HAND,
        limits("limits", MOST | {"property": "铅\uff08Pb\uff09", "unit": "\u03bcg/kg"}),
        judging(result("0.05", "pass", property="铅 (pb)", unit="\u00b5g/kg")),
    ),
    breaks(
        "report-outcome",
        "too much of what the standard names with full-width brackets",
        *AT_HAND,
        limits("limits", MOST | {"property": "铅\uff08Pb\uff09", "unit": "\u03bcg/kg"}),
        judging(result("0.2", "not-judged", property="铅 (pb)", unit="ug/kg")),
    ),
    breaks(
        "report-outcome",
        "one property twice in two spellings",
        *LIMITED,
        judging(result("0.05", "pass"), result("0.05", "pass", property="Residue")),
    ),
    keeps(
        "report-scope",
        "a test by the accredited method in another spelling",
        *AT_HAND,
        report(method="gb\u3000 23200\uff0e113"),
    ),
    *of_kinds("not found, as asked", NONE, result("absent", "pass", **IN_25G)),
    *of_kinds("found, though none may be", NONE, result("present", "fail", **IN_25G)),
    *of_kinds("found, and passed", NONE, result("present", "pass", **IN_25G), kept=False),
    *of_kinds("more than the method tells", MOST, result(">2419.6", "fail")),
    *of_kinds("more than the method tells, passed", MOST, result(">2419.6", "pass"), kept=False),
    *of_kinds("less than can be quantified", MOST, result("<0.01", "pass", traces=True)),
    *of_kinds(
        "traces, though none may be", NONE, result("<3", "pass", **IN_25G, traces=True), kept=False
    ),
    *of_kinds("a strict limit, reached", LESS, result("0.1", "fail")),
    *of_kinds("a strict limit, reached and passed", LESS, result("0.1", "pass"), kept=False),
    *of_kinds("not found, by no limit of detection", MOST, result("absent", "pass"), kept=False),
    *of_kinds(
        "five units, two beyond the limit", UNITS, several("pass", "0.2", "0.3", "0.1", "<0.1", "0")
    ),
    *of_kinds("five units, one beyond M", UNITS, several("fail", "0.2", "0.6", "0.1", "<0.1", "0")),
    *of_kinds(
        "four units of five, passed", UNITS, several("pass", "0.2", "0.1", "<0.1", "0"), kept=False
    ),
    *of_kinds("a grade that is asked", GRADE, worded("特级", "pass")),
    *of_kinds("another grade, passed", GRADE, worded("二级", "pass"), kept=False),
    *of_kinds(
        "what the standard describes", LOOKS, worded("色泽正常", "pass", against="具有应有的色泽")
    ),
    *of_kinds(
        "what it describes, held against nothing", LOOKS, worded("色泽正常", "pass"), kept=False
    ),
    breaks(
        "fields",
        "a result that says two things of one property",
        *LIMITED,
        judging(result("0.05", "pass", values=["0.05"])),
    ),
    breaks("fields", "a result that says nothing", *LIMITED, judging(without_value(result()))),
    keeps(
        "report-number",
        "one printed report in two parts",
        *AT_HAND,
        report("first", number="T-512", part={"number": 1, "of": 2}),
        report(number="T-512", part={"number": 2, "of": 2}, results=[result(property="lead")]),
    ),
    keeps(
        "report-part",
        "a property in one part of a report, another in the other",
        *AT_HAND,
        report("first", number="T-512", part={"number": 1, "of": 2}),
        report(number="T-512", part={"number": 2, "of": 2}, results=[result(property="lead")]),
    ),
    breaks(
        "report-part",
        "a property that failed in one part of a report, and passes in the other",
        *LIMITED,
        judging(result("0.2", "fail"), number="T-512", part={"number": 1, "of": 2}),
        judging(result("0.05", "pass"), number="T-512", part={"number": 2, "of": 2}, called="two"),
    ),
    keeps(
        "report-part",
        "a part of a report that is corrected",
        *AT_HAND,
        report("first", number="T-512", part={"number": 1, "of": 2}),
        corrects("first", "laboratory", note="printed anew"),
    ),
    breaks(
        "report-number",
        "one part of a printed report twice",
        *AT_HAND,
        report("first", number="T-512", part={"number": 1, "of": 2}),
        report(number="T-512", part={"number": 1, "of": 2}, note="again"),
    ),
    breaks(
        "report-number",
        "a part of a report that is said as a whole",
        *AT_HAND,
        report("first", number="T-512"),
        report(number="T-512", part={"number": 2, "of": 2}),
    ),
    breaks(
        "fields",
        "a part behind the last",
        *AT_HAND,
        report(part={"number": 3, "of": 2}),
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
SCENARIOS = (*ACCREDITATIONS, *CUSTODY, *DATES, *SCOPE, *TIES, *OUTCOMES)
