"""What mends reports, labels, standards and pledges."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from questions.mends.goods import INSPECTOR, audit, holder, inspectors, looked_at
from questions.mends.telling import Mend, Wrong, enters, says
from questions.scene import inspection, wait
from questions.scenes.label import STANDARDS
from questions.scenes.label import report as judged
from questions.scenes.pledges import CLEAN
from rules.laboratory_words import RETAINED_THERE, method, report
from rules.laboratory_words import retest as retested
from rules.telling import Step
from rules.words import says as told
from tea import OFFICE, SHOP, TEA
from usual import LEAD, PURITY, STANDARD, WATER, Later, citing, day, evidence, id_of, result
from world import OPERATOR

from ledger.identifiers import ancestors
from ledger.questions.claims import product_claim
from ledger.rules.reports import OBJECTION_US, Report, failures, product_reports
from ledger.rules.standing import Standing
from ledger.statements.catalogue import histories_of, type_name
from ledger.statements.label_family import Label
from ledger.statements.standard_family import BaselineStandard, Standard
from ledger.statements.trade_family import Shop

LABORATORY = "did:web:another-laboratory.example"


def laboratories(w: Wrong) -> Iterator[Step]:
    """A laboratory nobody knows enters, and is accredited."""
    yield from inspectors(w)
    if w.paper.view.history("identity", LABORATORY).count:
        return
    yield enters(LABORATORY, "laboratory")
    number = "urn:qualification:cnas.org.cn:L-99"
    fields = {"kind": "accreditation", "number": number, "categories": ..., "scheme": "CNAS"}
    called, methods = "another accreditation", [method()]
    yield says(
        "qualification", by=OFFICE, subject=LABORATORY, called=called, methods=methods, **fields
    )


def sampled(w: Wrong, lot: str, called: str) -> Iterator[Step]:
    """A sample of a lot is sealed, and taken over by that laboratory."""
    yield from laboratories(w)
    sample, sealing = f"urn:sample:{called.replace(' ', '-')}", f"{called} sealed"
    to = [LABORATORY]
    yield says(
        "sample-sealed", by=INSPECTOR, subject=sample, called=sealing, lot=lot, taken=day(0), to=to
    )
    of = {"lot": lot, "previous": id_of(sealing), "handed_by": INSPECTOR, "at": day(0), "to": to}
    yield says("custody", by=LABORATORY, subject=sample, called=f"{called} taken", **of)


def of_sample(called: str) -> dict[str, Any]:
    """Return what a report says of the sample that is called so."""

    def taken(t: Any) -> str:
        return str(t.said[f"{called} taken"][1].at)

    return {
        "number": called.replace(" ", "-"),
        "custody": id_of(f"{called} taken"),
        "received": taken,
        "tested_from": taken,
        "tested_until": day(0),
        "accreditations": [citing("another accreditation")],
    }


def standard_of(w: Wrong) -> Standing | None:
    """Return the newest version of the standard that the product's label goes by, if it fits it."""
    claim = product_claim(w.paper.view, w.product)
    category = str(claim.body.category) if isinstance(claim, Standing) else TEA  # type: ignore[attr-defined]
    labels = [i.body for i in w.standing("label", w.product) if isinstance(i.body, Label)]
    names = [STANDARD, *(str(body.standard.subject) for body in labels)]
    found = [item for name in names for item in w.standing("standard", name)]
    fitting = (
        item
        for item in reversed(found)
        if isinstance(item.body, Standard) and item.body.category in ancestors(category)
    )
    return next(fitting, None)


def good(standard: Standing | None) -> list[dict[str, Any]]:
    """Return results that meet every criterion of a standard."""
    body = None if standard is None else standard.body
    if not isinstance(body, Standard | BaselineStandard):
        return [result()]
    return [
        {
            "property": str(item.property),
            "unit": str(item.unit),
            "value": str(item.limit),
            "outcome": "pass",
        }
        for item in body.criteria
    ]


def passes(w: Wrong, failed: Report | None = None) -> Iterator[Step]:
    """A lot made later is tested by the label's standard, or the one of what failed, and passes."""
    called = w.fresh("tested")
    if standard_of(w) is None:
        yield from STANDARDS
    standard = standard_of(w)
    if failed is not None and hasattr(failed.body.standard, "id"):
        standard = w.cited(vars_of(failed.body.standard))
    if standard is None:
        return
    lot, by = f"{w.product}/10/T-{w.paper.size}", holder(w, w.product)
    yield says("lot", by=by, subject=lot, called=w.fresh("made"), made=day(0), serial_range=...)
    yield from sampled(w, lot, called)
    sample = f"urn:sample:{called.replace(' ', '-')}"
    by_standard = {"standard": w.cites(standard), "results": good(standard), "lot": lot}
    of = of_sample(called) | by_standard
    yield says("test-report", by=LABORATORY, subject=sample, called=called, **of)


def labelled(w: Wrong) -> Iterator[Step]:
    """The operator labels the product, on all reports that passed it."""
    if not _passed(w):
        yield from passes(w)
    standard, cited = standard_of(w), _passed(w)
    if standard is None:
        return
    called, by = w.fresh("label"), w.cites(standard)
    yield says("label", subject=w.product, called=called, standard=by, evidence=cited)


def _passed(w: Wrong) -> list[Later]:
    """Return citations of the reports that pass all they tested by the standard."""
    standard = standard_of(w)
    return [
        w.cites(item.item)
        for item in product_reports(w.paper.view, w.product)
        if standard is not None
        and getattr(item.body.standard, "subject", "") == standard.subject
        and all(one.outcome == "pass" for one in item.body.results)
    ]


def _report(w: Wrong, index: int) -> Report | None:
    found = product_reports(w.paper.view, w.product)
    return next((item for item in found if item.item.index == index), None)


def unsaid(w: Wrong) -> Iterator[Step]:
    """A result that may be objected to is tested again; for what is final the lot is recalled."""
    for name in list(w.said("test-report", "retest-report")):
        item = _report(w, int(name.removeprefix("entry ")))
        if item is None:
            continue
        late = w.paper.registered_us(item.item.index) + OBJECTION_US < w.paper.now_us
        final = type_name(item.body) == "retest-report" or late or item.objections
        if final and not item.open_objections:
            yield from recalled(w, item)
        else:
            yield from retest(w)


def recalled(w: Wrong, item: Report) -> Iterator[Step]:
    """The lot is recalled, its maker mends the cause, and a lot made later passes."""
    lot, by = str(item.body.lot), holder(w, w.product)
    called, plan = w.fresh("called back"), w.fresh("plan for it")
    yield says("recall", by=by, subject=lot, called=called)
    of = {"subject": by, "cause": citing(called)}
    yield says("improvement-plan", by=by, called=plan, **of)
    for action in (1, 2):
        did = {"action": action, "called": w.fresh("did"), "target": citing(plan)}
        yield says("improvement-step", by=by, **of, **did)
    found = {"target": citing(plan), "on": day(0), "called": w.fresh("verified")}
    yield says("improvement-verified", by=OPERATOR, **of, **found)
    yield from passes(w, item)


def retest(w: Wrong) -> Iterator[Step]:
    """Who made the lot objects, another laboratory tests again, the operator decides by that."""
    for name in list(w.said("test-report")):
        statement, body = w.told.said[name]
        item = _report(w, int(name.removeprefix("entry ")))
        if item is None or not (item.open_objections or failures(item)):
            continue
        months = [s for topic, s in histories_of(statement, body) if topic == "reports"]
        lot, month = str(item.body.lot), months[0].rpartition("\n")[2]
        of = {"lot": lot, "laboratory": statement.issuer, "month": month}
        open_ones = [w.name(one.entry) for one in item.open_objections]
        if not open_ones:
            called = w.fresh("objected")
            by, target = holder(w, w.product), citing(name)
            subject = statement.subject
            yield says("objection", by=by, subject=subject, called=called, target=target, **of)
            open_ones = [called]
        called = w.fresh("retested")
        yield from sampled(w, lot, called)
        yield _again(w, item, statement.subject, called, of | {"target": citing(name)})
        for objected in open_ones:
            yield _closed(statement.subject, objected, name, called, of)


def _again(w: Wrong, item: Report, subject: str, called: str, of: dict[str, Any]) -> Step:
    """Another laboratory passes what failed."""
    cited = item.body.standard
    standard = w.cited(vars_of(cited)) if hasattr(cited, "id") else None
    results = good(standard)
    sample = f"urn:sample:{called.replace(' ', '-')}"
    judged_by = {} if standard is None else {"standard": w.cites(standard)}
    said = of_sample(called) | of | judged_by | {"results": results, "sample": sample}
    return says("retest-report", by=LABORATORY, subject=subject, called=called, **said)


def vars_of(citation: Any) -> dict[str, str]:
    """Return a citation's fields."""
    return {"id": citation.id, "topic": citation.topic, "subject": citation.subject}


def _closed(subject: str, objected: str, of_report: str, called: str, of: dict[str, Any]) -> Step:
    """The operator closes an objection by the retest."""
    cited: dict[str, Later | str] = {
        "target": citing(objected), "report": id_of(of_report), "retest": citing(called),
    }  # fmt: skip
    return says(
        "objection-closed", by=OPERATOR, subject=subject, outcome="overturned", **cited, **of
    )


def closed(w: Wrong) -> Iterator[Step]:
    """What was found since a label was given is closed as what it is."""
    if next(w.said("test-report", "retest-report"), None):
        yield from unsaid(w)
    elif "/414/" in (about := str(w.facts["about"])):
        yield from audit(replace(w, facts={"facility": about}))
    else:
        yield from looked_at(replace(w, facts={"lot": about}))


def pledged(w: Wrong) -> Iterator[Step]:
    """The member promises."""
    party = str(w.facts["party"])
    said = {"standards": [], "conduct": [CLEAN]}
    yield says("alliance-pledge", by=party, subject=party, called=w.fresh("pledged"), **said)


def listed(w: Wrong) -> Iterator[Step]:
    """The trader lists the product in its shop."""
    if not w.standing("shop", SHOP):
        yield says("shop", called=w.fresh("opened"))
    for shop in [item.body for item in w.standing("shop", SHOP) if isinstance(item.body, Shop)]:
        yield says("listing", by=str(shop.trader), subject=w.product, called=w.fresh("listed"))


def listed_and_labelled(w: Wrong) -> Iterator[Step]:
    """The trader lists the product, then the operator labels it."""
    yield from listed(w)
    yield from labelled(w)


MENDS = (
    Mend("report-absent", (report(called="late", number="R-9", evidence=evidence()),)),
    Mend(
        "report-overturned",
        (),
        "a report that a retest overturned",
        asks={"report": id_of("retest")},
    ),
    Mend("report-objected", retest),
    Mend("report-corrected", asks={"report": id_of("correction")}),
    Mend("report-failed", unsaid, question="trace"),
    Mend("report-failed", unsaid, "a third sample of the lot does not unsay that"),
    Mend(
        "objection-overdue",
        (
            RETAINED_THERE[0],
            RETAINED_THERE[2],
            retested(result("0.05", "pass"), month="2026-09"),
            told("objection-closed", outcome="overturned", month="2026-09"),
        ),
    ),
    Mend("reports-contradict", retest, question="trace"),
    Mend("label-absent", labelled),
    Mend("label-absent", listed_and_labelled, "of a product that nobody labelled nor lists"),
    Mend("label-withdrawn", labelled),
    Mend("label-expired", labelled),
    Mend("not-on-sale", listed),
    Mend("critical-since", closed, "of which a later sample failed for something critical"),
    Mend("critical-since", closed, "of a product whose garden an observer found wanting"),
    Mend("standard-absent", labelled),
    Mend("standard-other-goods", labelled),
    Mend(
        "standard-outdated",
        (
            wait(31),
            told(
                "standard",
                called="version 2",
                from_=day(0),
                baselines=[citing("stricter")],
                criteria=[LEAD | {"limit": "1.5"}, WATER, PURITY],
            ),
            told("label", standard=citing("version 2"), called="anew"),
        ),
    ),
    Mend("criterion-failed", passes),
    Mend("criterion-inconclusive", passes),
    Mend("criterion-untested", passes),
    Mend("report-expired", passes),
    Mend("criterion-objected", retest),
    Mend("pledge-absent", pledged),
    Mend("standard-unproven", (judged(),), "without a report"),
    Mend("conduct-unproven", (inspection(),)),
)
