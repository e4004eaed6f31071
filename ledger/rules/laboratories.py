"""Rules for laboratories: what they are accredited for, what they received, what they report."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from ledger.histories.history import Entry, Fold
from ledger.identifiers import product_of
from ledger.primitives.instant import format_us
from ledger.primitives.near import did_you_mean, near, normal_name
from ledger.rules.claims import products
from ledger.rules.common import NATIVE_AGE_S
from ledger.rules.conformity import judged
from ledger.rules.naming import (
    is_named,
    missed,
    of_property,
    same_name,
    same_property,
    same_unit,
)
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.reports import custody_links, inspected_trader, merchants, times_of
from ledger.rules.samples import never_sealed
from ledger.rules.scope import covers_category, covers_product
from ledger.rules.standing import Standing, resolve
from ledger.rules.state import MICROSECONDS
from ledger.rules.ties import ties
from ledger.statements.amendment_family import Supersede
from ledger.statements.brand_family import Method, Qualification
from ledger.statements.catalogue import corrected
from ledger.statements.fields import Citation
from ledger.statements.inspection_family import Custody, SampleSealed
from ledger.statements.laboratory_family import Result, RetestReport, Tested
from ledger.statements.standard_family import BaselineStandard, Standard
from ledger.texts import saying

REPORTS = ("test-report", "retest-report")


def _sample(case: Case, body: Tested) -> str:
    """Return the sample that a report under review is about."""
    return str(body.sample) if isinstance(body, RetestReport) else case.statement.subject


def _times(case: Case, body: Tested) -> tuple[int, ...]:
    """Return the times at which a laboratory must be independent: received to signed."""
    return *times_of(body), case.signed_us


@rule("accreditation-tied", "qualification")
def accreditor_independent(case: Case) -> Iterator[Refusal]:
    """A laboratory is accredited by nobody tied to it (ISO/IEC 17011 4.4).

    Of an accreditation: `iss` is tied to `sub` at `iat` (*Ties*) [the papers].
    """
    body, issuer, holder = case.body, case.statement.issuer, case.statement.subject
    if not isinstance(body, Qualification) or body.kind != "accreditation":
        return
    found = ties(case.view, issuer, holder, case.signed_us)
    if found is not None:
        why = saying(
            "{issuer} is tied to {holder}: let the accreditor say so itself",
            issuer=issuer,
            holder=holder,
        )
        yield Refusal("accreditation-tied", why, found)


@rule("report-custody", *REPORTS)
def report_of_a_sample_received(case: Case) -> Iterator[Refusal]:
    """A report is of a sample its laboratory has: received last by it, of this lot, seals intact all along.

    The links in (`sample`, its sample), as in `custody-sequence`; the sample is `sub`, of a retest
    `sample`. There is none [those that stand in (`inspection`, `lot`) of a sample near it]; `custody` is the id of none, or, but of a correction, not of the last.
    Of those up to it: the last is no `custody` of `iss` [it]. Else each without `seals_intact`
    [it]; of another `lot` [it]; the last has another `at` than `received` [it].
    """
    body = case.body
    if not isinstance(body, Tested):
        return
    sample = _sample(case, body)
    links = custody_links(case.view, sample)
    if not links:
        yield from never_sealed(case.view, "report-custody", sample, str(body.lot))
        return
    # Who corrects its report may have handed the sample on since.
    own = [at for at, link in enumerate(links) if link.id == body.custody]
    if not own or (case.corrects is None and own[0] != len(links) - 1):
        yield Refusal(
            "report-custody", saying("custody: cite the newest link, {id}", id=links[-1].id)
        )
        return
    links = links[: own[0] + 1]
    last = links[-1]
    if not isinstance(last.body, Custody) or last.issuer != case.statement.issuer:
        why = saying(
            "{issuer} has {sample}, not {issuer_2}",
            issuer=last.issuer,
            sample=sample,
            issuer_2=case.statement.issuer,
        )
        yield Refusal("report-custody", why, (last.index,))
        return
    yield from _unbroken(body, links)


def _unbroken(body: Tested, links: Sequence[Standing]) -> Iterator[Refusal]:
    """Yield why what came along these links is not the lot's sample, whole, and dated as received."""
    for link in links:
        assert isinstance(link.body, SampleSealed | Custody)  # noqa: S101 - links are
        if isinstance(link.body, Custody) and not link.body.seals_intact:
            why = saying("the seals were broken when {issuer} took it over", issuer=link.issuer)
            yield Refusal("report-custody", why, (link.index,))
        if link.body.lot != body.lot:
            why = saying(
                "the sample is of {lot}, not of {lot_2}", lot=link.body.lot, lot_2=body.lot
            )
            yield Refusal("report-custody", why, (link.index,))
    last = links[-1].body
    if isinstance(last, Custody) and last.at != body.received:
        why = saying(
            "received {received}: its custody says {at}", received=body.received, at=last.at
        )
        yield Refusal("report-custody", why, (links[-1].index,))


@rule("report-dates", *REPORTS)
def report_dates_in_order(case: Case) -> Iterator[Refusal]:
    """A sample is received, then tested, then reported, and the report signed at most 7 days later.

    `tested_from` before `received`, `tested_until` before `tested_from`, `issued` before
    `tested_until`: each. But of a correction: `iat` is more than `native-age-s` behind `issued`.
    """
    body = case.body
    if not isinstance(body, Tested):
        return
    order = ("received", "tested_from", "tested_until", "issued")
    for before, after in pairwise(order):
        if getattr(body, after).us < getattr(body, before).us:
            why = saying(
                "{after} {getattr} is before {before} {getattr_2}",
                after=after,
                getattr=getattr(body, after),
                before=before,
                getattr_2=getattr(body, before),
            )
            yield Refusal("report-dates", why)
    signed_us = case.statement.issued_at * MICROSECONDS
    if case.corrects is None and signed_us - body.issued.us > NATIVE_AGE_S * MICROSECONDS:
        why = saying(
            "issued {issued}, signed {signed_us}: issue it again",
            issued=body.issued,
            signed_us=format_us(signed_us),
        )
        yield Refusal("report-dates", why)


@rule("report-scope", *REPORTS)
def report_within_accreditation(case: Case) -> Iterator[Refusal]:
    """Each result is of a method the laboratory was accredited for on these goods while it tested.

    *What is cited*: each of `accreditations`: no accreditation, or not of `iss` [it]; does not
    cover `tested_from` and `tested_until` [it]. Each result that none of the others covers: by a
    method of it with its `method`, else the report's; that lists its property, or none; and whose
    `categories` cover (*What covers what*) the product with each category that it is held for (*Who
    holds a name*), the product itself or `*` where it is for none.
    """
    body = case.body
    if not isinstance(body, Tested):
        return
    papers = []
    for citation in body.accreditations:
        found = resolve(case.view, citation)
        if found is None or not isinstance(found.body, Qualification):
            continue  # rules for citations say so
        if found.body.kind != "accreditation" or found.subject != case.statement.issuer:
            why = saying(
                "entry {index} is no accreditation of {issuer}",
                index=found.index,
                issuer=case.statement.issuer,
            )
            yield Refusal("report-scope", why, (found.index,))
        elif not (
            found.body.covers(body.tested_from.us) and found.body.covers(body.tested_until.us)
        ):
            why = saying(
                "tested outside {number}: {span}", number=found.body.number, span=found.body.span
            )
            yield Refusal("report-scope", why, (found.index,))
        else:
            papers.append(found.body)
    product = product_of(body.lot)
    categories = [str(item.category) for item in products(case.view, product, reserved=True)]
    for result in body.results:
        if not any(_accredited(paper, body, result, product, categories) for paper in papers):
            method = result.method if isinstance(result.method, str) else body.method
            why = saying(
                "{property} by {method} on {product}: no accreditation cited covers it{meant}",
                property=result.property,
                method=method,
                product=product,
                meant=did_you_mean(near(method, (one.method for one in _lines(papers)))),
            )
            yield Refusal("report-scope", why)


def _lines(papers: Sequence[Qualification]) -> Iterator[Method]:
    for paper in papers:
        yield from paper.methods


def _accredited(
    paper: Qualification, body: Tested, result: Result, product: str, categories: Sequence[str]
) -> bool:
    """Return whether an accreditation covers a result: its method, its property, the goods."""
    method = result.method if isinstance(result.method, str) else body.method
    return any(
        same_name(item.method, method)
        and (not item.properties or is_named(result.property, item.properties))
        # Claims may contradict each other: then all of their categories have to be covered.
        and all(covers_product(item.categories, product, one) for one in categories or ("",))
        for item in paper.methods
    )


@rule("report-tied", *REPORTS)
def laboratory_independent(case: Case) -> Iterator[Refusal]:
    """Nobody tied to whose goods they are tests them (maker, its place, brand, trader), nor sealed what passes.

    Each whom its pass favours (*Whose it is*), tied to `iss` at `received`, `tested_from`,
    `tested_until` or `iat` (*Ties*) [what says whose they are, the papers]. Where no result failed
    also to who sealed the sample, the first in (`sample`, its sample), at `taken` or that one's
    `iat` [the sealing, the papers].
    """
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, Tested):
        return
    for party, entries in merchants(case.view, body, _sample(case, body)).items():
        found = ties(case.view, issuer, party, *_times(case, body))
        if found is not None:
            why = saying(
                "{issuer} is tied to {party}: let another laboratory test",
                issuer=issuer,
                party=party,
            )
            yield Refusal("report-tied", why, (*entries, *found))
        yield from _sealed_by_a_friend(case, body, party)


def _sealed_by_a_friend(case: Case, body: Tested, party: str) -> Iterator[Refusal]:
    """Refuse what passes of a sample that somebody chose who is tied to whom that favours."""
    for link in custody_links(case.view, _sample(case, body))[:1]:
        if body.failed or not isinstance(link.body, SampleSealed):
            continue
        signed_us = link.signed_us
        found = ties(case.view, link.issuer, party, link.body.taken.us, signed_us)
        if found is not None:
            why = saying(
                "{issuer}, who sealed the sample, is tied to {party}: have another one drawn",
                issuer=link.issuer,
                party=party,
            )
            yield Refusal("report-tied", why, (link.index, *found))


@rule("report-trader", *REPORTS)
def report_names_the_trader(case: Case) -> Iterator[Refusal]:
    """A report names the trader whose goods were inspected when the sample was taken.

    There is an inspected trader (*Whose it is*), and `trader` is another or left out [the
    inspection].
    """
    body = case.body
    if not isinstance(body, Tested):
        return
    found = inspected_trader(case.view, _sample(case, body))
    if found is not None and body.trader != found[0]:
        yield Refusal(
            "report-trader", saying("trader: {found} was inspected", found=found[0]), (found[1],)
        )


@rule("report-standard", *REPORTS)
def report_by_a_standard_for_these_goods(case: Case) -> Iterator[Refusal]:
    """A report is judged by a standard for goods of this category that is in effect by then.

    *What is cited*: `standard`. Each claim that its product is held for (*Who holds a name*): the
    standard's category is neither its category nor above it [the standard]. The standard's `from`
    is later than `issued` [it].
    """
    body = case.body
    found = _standard(case, body) if isinstance(body, Tested) else None
    if found is None or not isinstance(body, Tested):
        return
    standard = found.body
    assert isinstance(standard, BaselineStandard | Standard)  # noqa: S101 - of this type
    for claim in products(case.view, product_of(body.lot), reserved=True):
        if not covers_category((standard.category,), claim.category):
            why = saying(
                "{subject} is for {category}, the goods are {category_2}",
                subject=found.subject,
                category=standard.category,
                category_2=claim.category,
            )
            yield Refusal("report-standard", why, (found.index,))
    if standard.from_.us > body.issued.us:
        why = saying(
            "{subject} is in effect from {from_} on", subject=found.subject, from_=standard.from_
        )
        yield Refusal("report-standard", why, (found.index,))


def _standard(case: Case, body: Tested) -> Standing | None:
    """Return the standard that a report cites, None where it cites none that is one."""
    found = resolve(case.view, body.standard) if isinstance(body.standard, Citation) else None
    return found if found and isinstance(found.body, BaselineStandard | Standard) else None


@rule("report-outcome", *REPORTS)
def outcomes_follow(case: Case) -> Iterator[Refusal]:
    """Each property has one result, and its outcome follows from value, uncertainty, decision rule and standard.

    Each result of a property (Names of what is measured) that one before has. *What is cited*:
    `standard`, if it cites one that is not found nothing more. Each result, by its criteria of that
    property: of another unit; `guarded`, not `below_detection`, and no `uncertainty`; else its
    outcome is not what follows (*Conformity*) [the standard].
    """
    body = case.body
    if not isinstance(body, Tested):
        return
    for at, result in enumerate(body.results):
        if any(of_property(body.results[:at], result)):
            yield Refusal(
                "report-outcome",
                saying("{property}: one result for each property", property=result.property),
            )
    found = _standard(case, body)
    if isinstance(body.standard, Citation) and found is None:
        return  # rules for citations say so
    criteria = () if found is None else found.body.criteria  # type: ignore[attr-defined]
    cites = () if found is None else (found.index,)
    for result in body.results:
        units = {item.unit for item in of_property(criteria, result)}
        if not all(same_unit(unit, result.unit) for unit in units):
            why = saying(
                "{property}: in {units}, as the standard has it",
                property=result.property,
                units=", ".join(sorted(units)),
            )
            yield Refusal("report-outcome", why, cites)
            continue
        needed = body.decision_rule == "guarded" and not result.below_detection
        if units and needed and result.uncertainty is msgspec.UNSET:
            why = saying(
                "{property}: a guarded decision needs the uncertainty", property=result.property
            )
            yield Refusal("report-outcome", why, cites)
            continue
        follows = judged(result, criteria, body.decision_rule)
        if result.outcome != follows:
            why = saying(
                "{property} {value} {unit}: {follows}, not {outcome}",
                property=result.property,
                value=result.value,
                unit=result.unit,
                follows=follows,
                outcome=result.outcome,
            )
            yield Refusal("report-outcome", why, cites)


@rule("report-property", *REPORTS)
def properties_by_their_names(case: Case) -> Iterator[Refusal]:
    """A property that is nearly one of the standard's has a CAS number or is listed by an accreditation cited.

    *What is cited*: `standard`, `accreditations`. Each result without `cas` that is of no
    criterion's property, is near the name of a criterion that no result is of (Names of what is
    measured), and is listed in `properties` of no method of a paper found; each result of the same
    name as a criterion with another `cas` [the standard].
    """
    body = case.body
    if not isinstance(body, Tested):
        return
    found = _standard(case, body)
    criteria = () if found is None else found.body.criteria  # type: ignore[attr-defined]
    cites = () if found is None else (found.index,)
    listed = list(_listed(case, body))
    for result, names in missed(body.results, criteria):
        if not is_named(result.property, listed):
            why = saying(
                "no criterion for {property}{did_you_mean} Else give its CAS number",
                property=result.property,
                did_you_mean=did_you_mean(names),
            )
            yield Refusal("report-property", why, cites)
    for result in body.results:
        for item in criteria:
            if same_name(item.property, result.property) and not same_property(item, result):
                why = saying(
                    "{property}: CAS {code}, the standard says {code_2}",
                    property=result.property,
                    code=result.code(),
                    code_2=item.code(),
                )
                yield Refusal("report-property", why, cites)


def _listed(case: Case, body: Tested) -> Iterator[str]:
    """Yield the properties that the accreditations of a report list."""
    for citation in body.accreditations:
        found = resolve(case.view, citation)
        if found is not None and isinstance(found.body, Qualification):
            for method in found.body.methods:
                yield from method.properties


def _number(found: dict[str, str], entries: Sequence[Entry]) -> dict[str, str]:
    for entry in entries:
        body, id_ = entry.body, entry.statement.id.hex()
        if isinstance(body, Supersede):
            id_, body = body.target.id, corrected(body)
        if isinstance(body, Tested):
            found.setdefault(f"{entry.statement.issuer}\n{normal_name(body.number)}", id_)
    return found


numbers: Fold[dict[str, str]] = Fold(dict, _number, dict)
"""The reports in a laboratory's month by issuer and number, each with its statement id."""


@rule("report-number", *REPORTS, bite="replay-only")
def report_numbered_once(case: Case) -> Iterator[Refusal]:
    """A laboratory issues no two reports of one number in a month.

    A report of `iss` in (`reports`, `iss` LF month of `issued`), as first said or by a correction,
    has the same `number`; not the target of a correction.
    """
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, Tested):
        return
    known = case.view.fold(numbers, "reports", f"{issuer}\n{body.issued_in}")
    taken = known.get(f"{issuer}\n{normal_name(body.number)}")
    if taken is not None and taken != case.corrects:
        yield Refusal(
            "report-number",
            saying("number {number}: {taken} has it already", number=body.number, taken=taken),
        )
