"""Rules for laboratories: what they are accredited for, what they received, what they report."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ledger.identifiers import product_of
from ledger.primitives.instant import format_us
from ledger.primitives.near import did_you_mean, near
from ledger.rules.claims import products
from ledger.rules.common import NATIVE_AGE_S
from ledger.rules.naming import (
    is_named,
    same_name,
)
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.report_results import REPORTS, cited_standard
from ledger.rules.reports import custody_links, inspected_trader, merchants, times_of
from ledger.rules.samples import never_sealed
from ledger.rules.scope import covers_category, covers_product
from ledger.rules.standing import Standing, resolve
from ledger.rules.state import MICROSECONDS
from ledger.rules.ties import ties
from ledger.statements.brand_family import Method, Qualification
from ledger.statements.inspection_family import Custody, SampleSealed
from ledger.statements.laboratory_family import RetestReport, Tested
from ledger.statements.results import Result
from ledger.statements.standard_family import BaselineStandard, Standard
from ledger.texts import Words, saying


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


_DATES = {
    "received": Words("received", "date"),
    "tested_from": Words("tested from", "date"),
    "tested_until": Words("tested until", "date"),
    "issued": Words("issued", "date"),
}
"""The days of a report in their order, and what refusals call them."""


@rule("report-dates", *REPORTS)
def report_dates_in_order(case: Case) -> Iterator[Refusal]:
    """A sample is received, then tested, then reported, and the report signed at most 7 days later.

    `tested_from` before `received`, `tested_until` before `tested_from`, `issued` before
    `tested_until`: each. But of a correction: `iat` is more than `native-age-s` behind `issued`.
    """
    body = case.body
    if not isinstance(body, Tested):
        return
    for before, after in pairwise(_DATES):
        if getattr(body, after).us < getattr(body, before).us:
            why = saying(
                "{after} {getattr} is before {before} {getattr_2}",
                after=_DATES[after],
                getattr=getattr(body, after),
                before=_DATES[before],
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
    found = cited_standard(case, body) if isinstance(body, Tested) else None
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
