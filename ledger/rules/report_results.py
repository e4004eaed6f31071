"""Rules for what a report says: one result for each property, what follows from it, its number."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from ledger.histories.history import Entry, Fold
from ledger.primitives.near import did_you_mean, normal_name
from ledger.rules.conformity import judged, needs_uncertainty
from ledger.rules.naming import is_named, missed, of_property, same_name, same_property, same_unit
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, resolve
from ledger.statements.amendment_family import Supersede
from ledger.statements.brand_family import Qualification
from ledger.statements.catalogue import corrected
from ledger.statements.criteria import LIMITED, Criterion
from ledger.statements.fields import Citation
from ledger.statements.laboratory_family import Tested
from ledger.statements.results import ABSENT, Result
from ledger.statements.standard_family import BaselineStandard, Standard
from ledger.texts import Sentence, saying

REPORTS = ("test-report", "retest-report")


def cited_standard(case: Case, body: Tested) -> Standing | None:
    """Return the standard that a report cites, None where it cites none that is one."""
    found = resolve(case.view, body.standard) if isinstance(body.standard, Citation) else None
    return found if found and isinstance(found.body, BaselineStandard | Standard) else None


@rule("report-outcome", *REPORTS)
def outcomes_follow(case: Case) -> Iterator[Refusal]:
    """Each property has one result, and its outcome follows from what was found, decision rule and standard.

    Each result of a property (Names of what is measured) that one before has. *What is cited*:
    `standard`, if it cites one that is not found nothing more. Each result, by its criteria of that
    property: of another unit; a number of a limit, `guarded`, not `below_detection`, and no `uncertainty`; else its
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
    found = cited_standard(case, body)
    if isinstance(body.standard, Citation) and found is None:
        return  # rules for citations say so
    criteria = () if found is None else found.body.criteria  # type: ignore[attr-defined]
    cites = () if found is None else (found.index,)
    for result in body.results:
        why = _amiss(body, result, list(of_property(criteria, result)))
        if why is not None:
            yield Refusal("report-outcome", why, cites)


def _amiss(body: Tested, result: Result, asked: Sequence[Criterion]) -> Sentence | None:
    """Return why a result's outcome is not what follows by the criteria of its property."""
    units = {item.unit for item in asked}
    if not all(same_unit(unit, result.unit) for unit in units):
        return saying(
            "{property}: in {units}, as the standard has it",
            property=result.property,
            units=", ".join(sorted(units)),
        )
    guarded = body.decision_rule == "guarded" and result.uncertainty is msgspec.UNSET
    if guarded and needs_uncertainty(result, asked):
        return saying(
            "{property}: a guarded decision needs the uncertainty", property=result.property
        )
    follows = judged(result, asked, body.decision_rule)
    if result.outcome == follows:
        return None
    said = saying(
        "{property} {value} {unit}: {follows}, not {outcome}",
        property=result.property,
        value=result.found(),
        unit=result.unit,
        follows=follows,
        outcome=result.outcome,
    )
    lacks = _lacks(result, asked) if follows == "inconclusive" else None
    return said if lacks is None else saying("{said}: {lacks}", said=said, lacks=lacks)


def _lacks(result: Result, asked: Sequence[Criterion]) -> Sentence | None:
    """Return what a result does not say that a criterion of its property is judged by."""
    for item in asked:
        plan = item.plan()
        if item.direction == "described":
            return saying("say in against what it was held against, {words}", words=item.asks())
        if not result.readings():
            return saying("a number is asked, in value")
        if item.direction in LIMITED and ABSENT in result.readings():
            return saying("say below which value nothing was found, with below_detection")
        if plan is not None and len(result.readings()) < plan.n:
            return saying("the values of {n} units are asked, in values", n=plan.n)
    return None


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
    found = cited_standard(case, body)
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


class _Numbered(NamedTuple):
    """A report that has a number: its statement id, which part of how many it is (whole: 0), its sample."""

    id: str
    part: int
    of: int
    sample: str


Numbers = dict[str, tuple[_Numbered, ...]]


def _numbered(id_: str, subject: str, body: Tested) -> _Numbered:
    part = body.part
    if part is msgspec.UNSET:
        return _Numbered(id_, 0, 0, subject)
    return _Numbered(id_, part.number, part.of, subject)


def _number(found: Numbers, entries: Sequence[Entry]) -> Numbers:
    for entry in entries:
        body, id_ = entry.body, entry.statement.id.hex()
        if isinstance(body, Supersede):
            id_, body = body.target.id, corrected(body)
        if isinstance(body, Tested):
            key = f"{entry.statement.issuer}\n{normal_name(body.number)}"
            one = _numbered(id_, entry.statement.subject, body)
            known = found.get(key, ())
            if (one.id, one.part) not in {(item.id, item.part) for item in known}:
                found[key] = (*known, one)
    return found


numbers: Fold[Numbers] = Fold(dict, _number, dict)
"""The reports in a laboratory's month by issuer and number."""


@rule("report-number", *REPORTS, bite="replay-only")
def report_numbered_once(case: Case) -> Iterator[Refusal]:
    """A laboratory issues no two reports of one number in a month, but for the parts of one report.

    A report of `iss` in (`reports`, `iss` LF month of `issued`), as first said or by a correction,
    has the same `number`, and is not the target of a correction: the first, unless both have a `part`
    with the same `of` and another `number`, and the same `sub`.
    """
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, Tested):
        return
    known = case.view.fold(numbers, "reports", f"{issuer}\n{body.issued_in}")
    own = _numbered("", case.statement.subject, body)
    for taken in known.get(f"{issuer}\n{normal_name(body.number)}", ()):
        beside = (
            own.part
            and taken.part
            and own.part != taken.part
            and (own.of, own.sample) == (taken.of, taken.sample)
        )
        if taken.id != case.corrects and not beside:
            why = saying(
                "number {number}: {taken} has it already", number=body.number, taken=taken.id
            )
            yield Refusal("report-number", why)
            return
