"""Steps of stories about laboratories: accreditation, sample, custody, report, objection, retest."""

from typing import Any

from rules.words import citing, says
from tea import GTIN
from usual import (
    RETAINED,
    SAMPLE,
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


UNSURE = (
    *LIMITED,
    judging(result("0.2", "fail", uncertainty="0.01"), decision_rule="guarded"),
    says("objection"),
    *RETAINED_THERE,
    retest(result("0.1", "inconclusive", uncertainty="0.01"), decision_rule="guarded"),
)
"""A guarded failure is objected to, and the retest is inconclusive."""

TWO_FAILED = (
    accredited("laboratory", "accreditation", method(), method("GB 5009.12")),
    *AT_HAND[1:],
    limits("limits", MOST, MOST | {"property": "lead", "limit": "0.5"}),
    judging(result("0.2", "fail"), result(**LEAD, outcome="fail")),
)
RETESTED = (*OBJECTED, *RETAINED_THERE, retest())


def waits(days: float):
    return lambda w: w.wait(seconds=int(days * DAY_S))
