"""The rules for standards, the platform's and those it rests on, and for pledges to keep them."""

from typing import Any

from rules.words import breaks, citing, keeps, says
from usual import BASELINE, LEAD, PURITY, STANDARD, WATER, day, who

BASE = says("baseline-standard")
PLATFORM = says("standard")
LATER = {"from_": "2026-03-01T00:00:00Z"}
NEXT_BASE = says("baseline-standard", called="next", **LATER)
OTHER = "urn:standard:samr.cn:GB2763"
COLD = {
    "property": "storage temperature",
    "unit": "°C",
    "direction": "at-most",
    "limit": "-18",
    "severity": "major",
}
WARMTH = COLD | {"direction": "at-least", "limit": "-30.0"}


def asks(*criteria: dict[str, Any], **changes: Any):
    """The platform's standard with these criteria."""
    return says("standard", criteria=list(criteria), **changes)


def of_lead(**changes: Any):
    """The platform's standard whose criterion of lead is another one."""
    return asks(LEAD | changes, WATER)


NO_GERMS = {
    "property": "Salmonella",
    "unit": "/25g",
    "direction": "absent",
    "units": {"n": 5, "c": 0},
    "severity": "critical",
}
LOOKS = {
    "property": "look",
    "unit": "-",
    "direction": "described",
    "words": ["green, without foreign matter"],
    "severity": "minor",
}
PLATES = {
    "property": "plate count",
    "unit": "CFU/g",
    "direction": "at-most",
    "limit": "10000",
    "units": {"n": 5, "c": 2, "M": "50000"},
    "severity": "major",
}
GERMS = says("baseline-standard", criteria=[NO_GERMS, LOOKS, PLATES])
PURE = says("baseline-standard", called="other", subject=OTHER, criteria=[PURITY])
FROZEN = says("baseline-standard", criteria=[COLD, WARMTH])

VERSIONS = (
    breaks(
        "claim-taken",
        "another authority restates a standard",
        BASE,
        says("baseline-standard", by="registrar", **LATER),
    ),
    breaks(
        "claim-taken",
        "the platform takes an authority's id for its own standard",
        BASE,
        says("standard", subject=BASELINE, **LATER),
        refused=("claim-taken", "standard-kind"),
    ),
    breaks(
        "standard-kind",
        "a standard is restated for a wider category",
        BASE,
        says("baseline-standard", category="food", **LATER),
    ),
    keeps("standard-kind", "a standard is restated by its issuer", BASE, NEXT_BASE),
    keeps(
        "claim-taken",
        "another authority states a standard of its own",
        BASE,
        says("baseline-standard", by="registrar", subject=OTHER),
    ),
    breaks("standard-order", "a version as of the same day", BASE, says("baseline-standard")),
    breaks(
        "standard-order",
        "a version that would have been in force before",
        NEXT_BASE,
        says("baseline-standard", from_="2026-02-28T23:59:59Z"),
    ),
    keeps(
        "standard-order",
        "a version as of a second later",
        BASE,
        says("baseline-standard", from_="2026-01-01T00:00:01Z"),
    ),
    keeps(
        "standard-order",
        "a version to be in force years from now",
        BASE,
        says("baseline-standard", from_="2031-01-01T00:00:00Z"),
    ),
)

BASELINES = (
    breaks(
        "standard-category",
        "for a category beside the baseline's",
        BASE,
        says("standard", category="food/teaware"),
    ),
    breaks(
        "standard-category",
        "for a category above the baseline's",
        BASE,
        says("standard", category="food"),
    ),
    keeps(
        "standard-category", "for the baseline's own", BASE, says("standard", category="food/tea")
    ),
    keeps("standard-category", "for one below it", BASE, PLATFORM),
    breaks(
        "standard-baseline",
        "on a version that another one follows by then",
        BASE,
        NEXT_BASE,
        says("standard", **LATER),
    ),
    keeps("standard-baseline", "on the version in force until then", BASE, NEXT_BASE, PLATFORM),
    breaks(
        "standard-baseline",
        "on a version that is not in force by then",
        NEXT_BASE,
        says("standard", baselines=[citing("next")]),
    ),
    keeps(
        "standard-baseline",
        "on the version in force from that day on",
        BASE,
        NEXT_BASE,
        says("standard", baselines=[citing("next")], **LATER),
    ),
)

STRICTNESS = (
    breaks("standard-weaker", "a limit above the baseline's", BASE, of_lead(limit="5.000000001")),
    keeps("standard-weaker", "the baseline's limit", BASE, of_lead()),
    keeps("standard-weaker", "the baseline's limit, spelled otherwise", BASE, of_lead(limit="5")),
    keeps("standard-weaker", "a limit below it", BASE, of_lead(limit="4.999999999")),
    breaks("standard-weaker", "a criterion left out", BASE, asks(LEAD, PURITY)),
    breaks("standard-weaker", "another unit", BASE, of_lead(unit="mg/l", limit="0.001")),
    breaks(
        "standard-weaker",
        "a limit above it in another unit",
        BASE,
        of_lead(unit="µg/kg", limit="5000.1"),
    ),
    keeps("standard-weaker", "the same in another unit", BASE, of_lead(unit="µg/kg", limit="5000")),
    breaks("standard-weaker", "another direction", BASE, of_lead(direction="at-least")),
    breaks("standard-weaker", "another property", BASE, of_lead(property="leads", limit="1")),
    keeps("standard-weaker", "its name in capitals", BASE, of_lead(property="Lead", limit="1")),
    breaks("standard-weaker", "less severe", BASE, of_lead(severity="major")),
    keeps("standard-weaker", "more severe", BASE, asks(LEAD, WATER | {"severity": "critical"})),
    breaks(
        "standard-weaker",
        "one of two baselines not kept",
        BASE,
        says("baseline-standard", called="other", subject=OTHER, criteria=[PURITY]),
        asks(LEAD, WATER, baselines=[citing("baseline-standard"), citing("other")]),
    ),
    keeps(
        "standard-weaker",
        "two baselines kept",
        BASE,
        says("baseline-standard", called="other", subject=OTHER, criteria=[PURITY]),
        asks(LEAD, WATER, PURITY, baselines=[citing("baseline-standard"), citing("other")]),
    ),
    breaks(
        "standard-below", "a baseline not kept that it does not cite", BASE, PURE, asks(LEAD, WATER)
    ),
    keeps(
        "standard-below",
        "a baseline kept that it does not cite",
        BASE,
        PURE,
        asks(LEAD, WATER, PURITY),
    ),
    breaks(
        "standard-below",
        "one for all above its category",
        BASE,
        says(
            "baseline-standard", called="other", subject=OTHER, category="food", criteria=[PURITY]
        ),
        asks(LEAD, WATER),
    ),
    keeps(
        "standard-below",
        "not one for what is below its category",
        BASE,
        says(
            "baseline-standard",
            called="other",
            subject=OTHER,
            category="food/tea/green/raw",
            criteria=[PURITY],
        ),
        asks(LEAD, WATER),
    ),
    breaks(
        "standard-below",
        "one in force since, of a standard dated back",
        says("baseline-standard", from_="2020-01-01T00:00:00Z"),
        PURE,
        asks(LEAD, WATER, from_="2021-01-01T00:00:00Z"),
    ),
    breaks(
        "standard-below",
        "the cited one as it is by now, of a standard dated back",
        BASE,
        says(
            "baseline-standard",
            called="now",
            from_="2026-01-02T00:00:00Z",
            criteria=[LEAD, WATER, PURITY],
        ),
        asks(LEAD, WATER, from_="2026-01-01T00:00:01Z"),
    ),
    keeps(
        "standard-below",
        "one that is in force later than it is",
        BASE,
        says(
            "baseline-standard",
            called="other",
            subject=OTHER,
            criteria=[PURITY],
            from_="2031-01-01T00:00:00Z",
        ),
        asks(LEAD, WATER),
    ),
    breaks(
        "standard-weaker",
        "a range opened at its cold end, below zero",
        FROZEN,
        asks(COLD, WARMTH | {"limit": "-30.1"}),
    ),
    keeps(
        "standard-weaker",
        "what a baseline asks in words and of units",
        GERMS,
        asks(NO_GERMS, LOOKS, PLATES),
    ),
    breaks(
        "standard-weaker",
        "more units may be beyond",
        GERMS,
        asks(NO_GERMS, LOOKS, PLATES | {"units": {"n": 5, "c": 3, "M": "50000"}}),
    ),
    breaks(
        "standard-weaker",
        "another description, which cannot be compared",
        GERMS,
        asks(NO_GERMS, LOOKS | {"words": ["good"]}, PLATES),
    ),
    breaks(
        "standard-weaker",
        "a limit where none may be found",
        GERMS,
        asks({**PLATES, "property": "Salmonella"}, LOOKS, PLATES),
    ),
    keeps(
        "standard-weaker",
        "a range closed at both ends, below zero",
        FROZEN,
        asks(COLD | {"limit": "-18.5"}, WARMTH | {"limit": "-25"}),
    ),
)

FORM = (
    breaks(
        "fields",
        "a standard that says one criterion twice",
        BASE,
        asks(LEAD, WATER, LEAD | {"limit": "4.0"}),
    ),
    breaks(
        "fields",
        "a standard that nothing can meet",
        BASE,
        asks(LEAD, LEAD | {"direction": "at-least", "limit": "5.1"}),
    ),
    breaks(
        "fields",
        "one property in two units",
        BASE,
        asks(LEAD, LEAD | {"direction": "at-least", "unit": "g/kg", "limit": "0"}),
    ),
    breaks("fields", "none may be found, and a limit", BASE, of_lead(direction="absent")),
    breaks("fields", "a limit that is not said", BASE, asks({**WATER, "limit": None})),
    breaks("fields", "words beside a limit", BASE, of_lead(words=["low"])),
    breaks("fields", "two descriptions", BASE, asks(LOOKS | {"words": ["normal", "green"]})),
    breaks("fields", "M within the limit", BASE, of_lead(units={"n": 5, "c": 2, "M": "4.9"})),
    breaks("fields", "all units may be beyond", BASE, of_lead(units={"n": 5, "c": 5})),
    breaks("fields", "a description of units", BASE, asks(LOOKS | {"units": {"n": 5, "c": 2}})),
    keeps(
        "fields",
        "none found, a description, units",
        BASE,
        asks(LEAD, WATER, NO_GERMS, LOOKS, PLATES),
    ),
    breaks("fields", "a limit in words", BASE, of_lead(limit="low")),
    breaks("fields", "a limit as a number", BASE, of_lead(limit=5)),
    breaks("fields", "a limit with an exponent", BASE, of_lead(limit="1e1")),
    keeps(
        "fields",
        "a standard that one value meets",
        BASE,
        asks(LEAD, WATER, LEAD | {"direction": "at-least", "limit": "5.00"}),
    ),
    breaks("names", "a standard without a name", BASE, says("standard", names={})),
)


def pledge(by: str = "brand", **changes: Any):
    """A member of the alliance pledges for itself."""
    return says("alliance-pledge", by=by, **{"subject": who(by)} | changes)


def conduct(*promises: dict[str, Any]):
    """The brand pledges conduct alone."""
    return pledge(standards=[], conduct=list(promises))


NOBODY = {"id": "0" * 64, "topic": "standard", "subject": STANDARD}
SOON = {"kind": "reports-for-lots", "within_days": 30}
CLEAN = {"kind": "no-critical-failure"}
PLEDGES = (
    breaks(
        "pledge-own",
        "a pledge in another's name",
        BASE,
        PLATFORM,
        says("alliance-pledge", subject=who("rival")),
    ),
    keeps("pledge-own", "a brand's pledge", BASE, PLATFORM, pledge()),
    keeps("pledge-own", "a trader's pledge", BASE, PLATFORM, pledge("trader")),
    keeps("pledge-own", "a laboratory's pledge", BASE, PLATFORM, pledge("laboratory")),
    breaks("pledge-over", "a pledge for a time that is over", BASE, PLATFORM, pledge(until=day(0))),
    keeps(
        "pledge-over",
        "a pledge that ends a second later",
        BASE,
        PLATFORM,
        pledge(until=day(1 / 86_400)),
    ),
    breaks("role", "an inspector's pledge", BASE, PLATFORM, pledge("inspector")),
    breaks("cited-absent", "a pledge to keep a standard nobody stated", pledge(standards=[NOBODY])),
    breaks(
        "cited-type",
        "a pledge to keep a pledge",
        BASE,
        PLATFORM,
        pledge(),
        pledge(standards=[citing("alliance-pledge")]),
    ),
    keeps(
        "cited-type",
        "a pledge to keep the law",
        BASE,
        pledge(standards=[citing("baseline-standard")]),
    ),
    breaks("fields", "a pledge of nothing", conduct()),
    breaks("fields", "conduct without its days", conduct({"kind": "complaints-answered"})),
    breaks("fields", "conduct with days where none count", conduct(CLEAN | {"within_days": 3})),
    breaks("fields", "conduct promised twice", conduct(SOON, SOON | {"within_days": 60})),
    breaks("fields", "other conduct without words", conduct({"kind": "other"})),
    keeps("fields", "conduct of two kinds", conduct(SOON, CLEAN)),
)

SCENARIOS = (*VERSIONS, *BASELINES, *STRICTNESS, *FORM, *PLEDGES)
