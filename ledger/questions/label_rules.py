"""Rules for quality labels: they ask the questions whose answers a label stands for.

The questions are recomputed whenever a label is asked about, so these rules keep out what would
not hold on its first day; they are asked again by whoever replays the log.
"""

from collections.abc import Iterator

from ledger.identifiers import ancestors, product_of
from ledger.questions.conformance import meets
from ledger.questions.listable import Listables
from ledger.questions.on_sale import ground, on_sale
from ledger.questions.verdict import Asked
from ledger.rules.claims import category_of
from ledger.rules.registry import Case, Refusal, resting, rule
from ledger.rules.reports import Report, report_of
from ledger.rules.standards import (
    baselines_in_force,
    stated,
    version_in_force,
    weaker_points,
)
from ledger.rules.standing import Standing, resolve
from ledger.rules.state import MICROSECONDS
from ledger.statements.label_family import Label
from ledger.statements.laboratory_family import Tested
from ledger.statements.standard_family import Standard
from ledger.texts import saying


def asked_of(case: Case) -> Asked:
    """Return the ledger as questions see it, at the statement's place and time."""
    return Asked(case.view, case.origin, case.now_us, case.index, case.now_us)


def _standard(case: Case, body: Label) -> Standing | None:
    """Return the standard that a label cites, None where it cites none that is one."""
    found = resolve(case.view, body.standard)
    return found if found is not None and isinstance(found.body, Standard) else None


@rule("label-until", "label")
def label_for_a_time_to_come(case: Case) -> Iterator[Refusal]:
    """A label ends later than it is signed.

    `until` is `iat` or earlier.
    """
    body = case.body
    if isinstance(body, Label) and body.until.us <= case.statement.issued_at * MICROSECONDS:
        yield Refusal(
            "label-until", saying("until {until} is not after its own signature", until=body.until)
        )


@rule("label-standard", "label", bite="replay-only")
def label_by_a_standard_in_force(case: Case) -> Iterator[Refusal]:
    """A label cites the version in force of a standard for the product's category, below no baseline.

    *What is cited*: `standard`. At now another version of it is in force (*A version in force*), or
    none [it, that]. The product is not held by one claim (*Who holds a name*), or with a category
    that the standard's neither is nor is above [the standard]. Of each baseline in
    force at now, in (`baselines`, c), c that category and each above it, each criterion that the standard does not keep [it, the baseline].
    """
    body, product = case.body, case.statement.subject
    found = _standard(case, body) if isinstance(body, Label) else None
    if found is None or not isinstance(found.body, Standard):
        return
    newest = version_in_force(case.view, found.subject, case.now_us)
    if newest is None or newest.id != found.id:
        why = (
            f"from {found.body.from_} on"
            if newest is None
            else saying("in force is {id}", id=newest.id)
        )
        cites = (found.index,) if newest is None else (found.index, newest.index)
        yield Refusal("label-standard", f"{found.subject}: {why}", cites)
    category = category_of(case.view, product)
    if category is None or found.body.category not in ancestors(category):
        is_of = saying("of no one category") if category is None else f"of {category}"
        why = saying(
            "{subject} is for {category}, the product is {is_of}",
            subject=found.subject,
            category=found.body.category,
            is_of=is_of,
        )
        yield Refusal("label-standard", why, (found.index,))
        return
    for baseline in baselines_in_force(case.view, category, case.now_us):
        for point in weaker_points(found.body.criteria, stated(baseline)):
            why = saying(
                "{baseline} asks more of {category} than {subject} does: {property}",
                baseline=baseline.subject,
                category=category,
                subject=found.subject,
                property=point.property,
            )
            yield Refusal("label-standard", why, (found.index, baseline.index))


def _evidence(case: Case, body: Label) -> list[Report]:
    """Return the reports that a label cites, where they are such."""
    found = (resolve(case.view, citation) for citation in body.evidence)
    return [
        report_of(case.view, item)
        for item in found
        if item is not None and isinstance(item.body, Tested)
    ]


@rule("label-evidence", "label", bite="replay-only", turn="last")
def label_on_covering_reports(case: Case) -> Iterator[Refusal]:
    """A label's reports are of the product's lots, and show every criterion of its standard met.

    *What is cited*: `standard`, `evidence` (*Answers to a report*). Each report of a lot of another
    product [it]. Each criterion that the others alone do not show met, T and N both now, by
    *`label`* 4; `reasons` those there.
    """
    body, product = case.body, case.statement.subject
    found = _standard(case, body) if isinstance(body, Label) else None
    if found is None or not isinstance(body, Label) or not isinstance(found.body, Standard):
        return
    reports = _evidence(case, body)
    for report in reports:
        if product_of(report.body.lot) != product:
            why = saying(
                "entry {index} is about {lot}", index=report.item.index, lot=report.body.lot
            )
            yield Refusal("label-evidence", why, (report.item.index,))
    own = [report for report in reports if product_of(report.body.lot) == product]
    for criterion in found.body.criteria:
        met = meets(asked_of(case), own, criterion)
        if not met.met:
            why = saying(
                "{property} is not shown by the reports it cites", property=criterion.property
            )
            yield resting("label-evidence", why, (*met.no, *met.unknown))


@rule("label-listable", "label", bite="replay-only", turn="last")
def label_of_what_may_be_listed(case: Case) -> Iterator[Refusal]:
    """A labelled product is on sale, and listable in one of the shops where it is.

    No listing in (`listing`, `sub`) stands. Else by *`label`* 7, T and N both now, none of them is
    yes: for each its `reasons`.
    """
    if not isinstance(case.body, Label):
        return
    asked, product = asked_of(case), case.statement.subject
    listings = on_sale(asked, product)
    if not listings:
        yield Refusal(
            "label-listable",
            saying("{product} is on sale in no shop: list it first", product=product),
        )
    listables = Listables(asked)
    answers = [ground(asked, one, listables) for one in listings]
    if any(answer.verdict == "yes" for answer in answers):
        return
    for one, answer in zip(listings, answers, strict=True):
        yield resting(
            "label-listable",
            saying("not listable in {shop}", shop=one.listing.shop),
            answer.reasons,
        )
