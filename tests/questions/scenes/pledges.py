"""What members of the alliance promised, and what they kept."""

from typing import Any

from questions.scene import Scene, audit, garden, inspection, wait
from questions.scenes.label import (
    DRY,
    LEADEN,
    LISTED,
    POOR,
    READY,
    REPORTED,
    STANDARDS,
    again,
    measured,
    report,
    second_lot,
)
from rules.laboratory_words import RETAINED_THERE
from rules.telling import Step
from rules.words import citing, says, withdraw_mark
from tea import DISTRIBUTOR, LABORATORY, SHOP
from usual import PURITY, day, finding, id_of
from world import BRAND, TRADER

ASKS = "pledges"
OTHER = "urn:standard:samr.cn:GB2763"
SOON = "2026-09-01T00:00:00Z"


def pledge(*conduct: dict[str, Any], by: str = "brand", of: str = BRAND, **changes: Any) -> Step:
    """A member pledges conduct, and no standard, since the beginning of the month."""
    fields = {"standards": [], "conduct": list(conduct), "from_": SOON, "called": "pledge"}
    return says("alliance-pledge", by=by, subject=of, **fields | changes)


def keeping(by: str = "brand", of: str = BRAND, **changes: Any) -> Step:
    """A member pledges to keep the platform's standard."""
    return pledge(by=by, of=of, standards=[citing("standard")], **changes)


def told(
    says_: str, story: tuple[Any, ...], verdict: str, *codes: str, of: str = BRAND, **how: Any
):
    """A member's pledges are asked about."""
    return Scene(says_, story, ASKS, {"party": of}, verdict, codes, **how)


WORDS = {"kind": "other", "text": "we welcome visitors"}
CLEAN = {"kind": "no-critical-failure"}
LOTS = {"kind": "reports-for-lots", "within_days": 40}
ANSWERS = {"kind": "complaints-answered", "within_days": 7}
MENDING = {"kind": "improvement-in-time"}
COMPLAINT = says("complaint", shop=SHOP)


def plan(called: str = "plan", by: str = "brand", of: str = BRAND, **changes: Any) -> Step:
    """A party says what it will do about a complaint: one thing, within five days."""
    fields = {
        "cause": citing("complaint"),
        "root_cause": "the carton is too thin",
        "actions": [{"text": "order stronger ones", "due": day(5)}],
    }
    return says("improvement-plan", by=by, subject=of, called=called, **fields | changes)


def step(called: str = "step", by: str = "brand", of: str = BRAND, **changes: Any) -> Step:
    """The plan's first action is done."""
    fields = {
        "target": citing("plan"),
        "cause": citing("complaint"),
        "action": 1,
        "text": "ordered",
        "evidence": [{"digest": "7" * 64, "size": 9, "media_type": "image/png"}],
    }
    return says("improvement-step", by=by, subject=of, called=called, **fields | changes)


def overturned() -> tuple[Any, ...]:
    """A failure is objected to, tested again by another laboratory, and overturned."""
    month = {"month": lambda told_: told_.time()[:7]}
    about = {"subject": "urn:sample:again"} | month
    return (
        *again(DRY),
        says("objection", target=citing("again"), **about),
        *RETAINED_THERE,
        says(
            "retest-report",
            called="retest",
            target=citing("again"),
            standard=citing("standard"),
            results=measured()[1:2],
            **about,
        ),
        says("objection-closed", report=id_of("again"), outcome="overturned", **about),
    )


STANDARD = (
    told("of a party that promised nothing", (), "unknown", "pledge-absent"),
    told(
        "from next month on",
        (*STANDARDS, keeping(from_=day(30))),
        "unknown",
        "pledge-absent",
        note=("pledge-not-yet",),
    ),
    told(
        "that began when it is asked about",
        (*REPORTED, keeping(from_=day(30))),
        "yes",
        at=31,
    ),
    told("to keep a standard, with a report that shows it", (*REPORTED, keeping()), "yes"),
    told(
        "to keep a standard that a baseline asks more than by now",
        (
            *REPORTED,
            keeping(),
            says(
                "baseline-standard",
                called="pure",
                subject=OTHER,
                criteria=[PURITY | {"property": "acidity"}],
                from_=day(0),
            ),
        ),
        "yes",
        note=("standard-outdated",),
    ),
    told("without a report", (*READY, keeping()), "unknown", "standard-unproven"),
    told(
        "with a report on some of it",
        (*READY, report(results=measured()[:2]), keeping()),
        "unknown",
        "standard-unproven",
    ),
    told("and a lot that failed", (*REPORTED, *again(POOR), keeping()), "no", "standard-broken"),
    told(
        "and a lot that failed, by who lost the mark since",
        (*REPORTED, *again(POOR), keeping(), wait(1), withdraw_mark()),
        "no",
        "standard-broken",
    ),
    told(
        "and a lot that failed before the pledge counts",
        (*REPORTED, *again(POOR), *again(measured(), called="third"), keeping(from_=day(1))),
        "yes",
        at=2,
    ),
    told(
        "and a lot that failed, and passed since",
        (*REPORTED, *again(POOR), *again(measured(), called="third"), keeping()),
        "no",
        "standard-broken",
    ),
    told(
        "and a failure that is objected to",
        (
            *REPORTED,
            *again(DRY),
            says("objection", target=citing("again"), subject="urn:sample:again"),
            keeping(),
        ),
        "unknown",
        "standard-unproven",
        "report-objected",
    ),
    told(
        "by a brand that has no goods of the category",
        (*REPORTED, keeping("rival", "https://id.gs1.org/417/6901234507102")),
        "unknown",
        "standard-unproven",
        of="https://id.gs1.org/417/6901234507102",
    ),
    told(
        "by a trader that sells it",
        (*REPORTED, keeping("trader", TRADER)),
        "yes",
        of=TRADER,
    ),
    told(
        "by a trader where the goods of another failed",
        (*REPORTED, *again(POOR), *again(measured(), called="third"), keeping("trader", TRADER)),
        "yes",
        of=TRADER,
    ),
    told(
        "by a trader whose goods failed",
        (
            *REPORTED,
            *again(POOR, trader=TRADER),
            *again(measured(), called="third"),
            keeping("trader", TRADER),
        ),
        "no",
        "standard-broken",
        of=TRADER,
    ),
    told(
        "by a laboratory that reported by it",
        (*REPORTED, keeping("laboratory", LABORATORY)),
        "yes",
        of=LABORATORY,
    ),
    told(
        "by a laboratory that never did",
        (*READY, keeping("laboratory", LABORATORY)),
        "unknown",
        "standard-unproven",
        of=LABORATORY,
    ),
    told(
        "by a laboratory that was overturned",
        (*REPORTED, *overturned(), keeping("laboratory", LABORATORY)),
        "no",
        "standard-broken",
        of=LABORATORY,
        note=("report-overturned",),
    ),
)

CONDUCT = (
    told("in words", (pledge(WORDS),), "unknown", "conduct-in-words"),
    told(
        "of several things, one of them broken",
        (*REPORTED, COMPLAINT, wait(8), pledge(CLEAN, ANSWERS, WORDS)),
        "no",
        "conduct-broken",
        "conduct-in-words",
    ),
    told("of no critical failure, with nothing looked at", (pledge(CLEAN),), "unknown",
         "conduct-unproven"),
    told("of no critical failure", (inspection(), audit(), pledge(CLEAN)), "yes"),
    told(
        "of no critical failure, with one",
        (inspection(), audit(**garden("critical")), pledge(CLEAN)),
        "no",
        "conduct-broken",
    ),
    told(
        "of no critical failure, with one before it counts",
        (audit(**garden("critical")), pledge(CLEAN, from_=day(1)), wait(2), inspection(on=day(0))),
        "yes",
    ),
    told(
        "of no critical failure, with a report of one",
        (*REPORTED, *again(LEADEN), pledge(CLEAN)),
        "no",
        "conduct-broken",
    ),
    told(
        "of no critical failure by a trader, with one at another's",
        (
            LISTED,
            inspection(),
            inspection("other", trader=DISTRIBUTOR, nonconforming=3, decision="refused",
                       findings=[finding("critical")]),
            pledge(CLEAN, by="trader", of=TRADER),
        ),
        "yes",
        of=TRADER,
    ),
    told("of a report for each lot, in time",
         (*REPORTED, pledge(LOTS, from_="2026-08-01T00:00:00Z")), "yes"),
    told(
        "of a report for each lot, in time, though it failed",
        (*READY, report(results=POOR), pledge(LOTS, from_="2026-08-01T00:00:00Z")),
        "yes",
        note=("report-failed",),
    ),
    told(
        "of a report for each lot, one without",
        (*REPORTED, second_lot(), pledge(LOTS, from_="2026-08-01T00:00:00Z")),
        "no",
        "conduct-broken",
        at=11,
    ),
    told(
        "of a report for each lot, one without that is not due",
        (*REPORTED, second_lot(), pledge(LOTS, from_="2026-08-01T00:00:00Z")),
        "yes",
        at=9,
    ),
    told(
        "of a report for each lot, none made in its time",
        (*REPORTED, pledge(LOTS, from_=day(0))),
        "unknown",
        "conduct-unproven",
    ),
    told("of answers, without a complaint", (pledge(ANSWERS),), "unknown", "conduct-unproven"),
    told("of answers, one given", (COMPLAINT, plan(), pledge(ANSWERS)), "yes", at=20),
    told(
        "of answers, one not given yet",
        (COMPLAINT, pledge(ANSWERS)),
        "unknown",
        "conduct-unproven",
        at=6.9,
    ),
    told("of answers, one not given", (COMPLAINT, pledge(ANSWERS)), "no", "conduct-broken", at=7.1),
    told(
        "of answers, one given late",
        (COMPLAINT, wait(7.1), plan(), pledge(ANSWERS)),
        "no",
        "conduct-broken",
    ),
    told(
        "of answers by the trader in whose shop it was bought",
        (LISTED, COMPLAINT, pledge(ANSWERS, by="trader", of=TRADER)),
        "no",
        "conduct-broken",
        of=TRADER,
        at=8,
    ),
    told(
        "of answers by a trader that did not sell it",
        (LISTED, says("complaint"), pledge(ANSWERS, by="trader", of=TRADER)),
        "unknown",
        "conduct-unproven",
        of=TRADER,
        at=8,
    ),
    told("of improvement, without a plan", (pledge(MENDING),), "unknown", "conduct-unproven"),
    told(
        "of improvement, done in time",
        (COMPLAINT, plan(), wait(4), step(), pledge(MENDING)),
        "yes",
        at=9,
    ),
    told(
        "of improvement, done late",
        (COMPLAINT, plan(), wait(6), step(), pledge(MENDING)),
        "no",
        "conduct-broken",
    ),
    told(
        "of improvement, never done",
        (COMPLAINT, plan(), pledge(MENDING)),
        "no",
        "conduct-broken",
        at=6,
    ),
    told(
        "of improvement, not due",
        (COMPLAINT, plan(), pledge(MENDING)),
        "unknown",
        "conduct-unproven",
        at=4,
    ),
)  # fmt: skip

SCENES = (*STANDARD, *CONDUCT)
