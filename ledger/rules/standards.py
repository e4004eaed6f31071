"""Rules for standards and pledges, and which version of a standard is in force.

A standard is restated under its id; each statement is a version and says from when it is in
force. What cites one cites a version, which stays what it was: standards are not corrected.
"""

from collections.abc import Iterator, Sequence

from ledger.histories.history import View
from ledger.identifiers import ancestors
from ledger.rules.citations import cited
from ledger.rules.claims import versions_of
from ledger.rules.naming import same_property
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing
from ledger.rules.state import MICROSECONDS
from ledger.rules.strictness import comparable, kept
from ledger.statements.catalogue import type_name
from ledger.statements.criteria import WORDED, Criterion
from ledger.statements.standard_family import AlliancePledge, BaselineStandard, Standard
from ledger.texts import Sentence, saying

Stated = BaselineStandard | Standard


def stated(item: Standing) -> Stated:
    """Return the body of a standard, the platform's or a baseline."""
    assert isinstance(item.body, Stated)  # noqa: S101 - callers asked for standards
    return item.body


def versions(view: View, standard: str) -> list[Standing]:
    """Return the versions of a standard, oldest first: what the holder of its id says."""
    return list(versions_of(view, "standard", standard))


def version_in_force(view: View, standard: str, at_us: int) -> Standing | None:
    """Return the version of a standard that is in force at a time, None before its first."""
    found = [item for item in versions(view, standard) if stated(item).from_.us <= at_us]
    return found[-1] if found else None


def baselines_in_force(view: View, category: str, at_us: int) -> list[Standing]:
    """Return the baselines in force at a time for a category and those above it, as each is then."""
    said = dict.fromkeys(
        entry.statement.subject
        for above in ancestors(category)
        for entry in view.history("baselines", above).entries()
    )
    found = (version_in_force(view, standard, at_us) for standard in said)
    return [item for item in found if item is not None and isinstance(item.body, BaselineStandard)]


def weaker_points(criteria: Sequence[Criterion], baseline: Stated) -> list[Criterion]:
    """Return the criteria of a baseline that others do not keep."""
    return [item for item in baseline.criteria if not kept(item, criteria)]


@rule("standard-kind", "baseline-standard", "standard")
def standard_stays_of_its_kind(case: Case) -> Iterator[Refusal]:
    """A standard is restated as the type it was, for the same category.

    The first version of it (*A version in force*) is of the other type; or for another `category`
    [it].
    """
    body = case.body
    if not isinstance(body, Stated):
        return
    for before in versions(case.view, case.statement.subject)[:1]:
        was = stated(before)
        if type(was) is not type(body):
            why = saying("{subject} is a {was}", subject=before.subject, was=type_name(was))
        elif was.category != body.category:
            why = saying(
                "{subject} is for {category}: give another category a standard of its own",
                subject=before.subject,
                category=was.category,
            )
        else:
            continue
        yield Refusal("standard-kind", why, (before.index,))


@rule("standard-order", "baseline-standard", "standard")
def standard_versions_follow(case: Case) -> Iterator[Refusal]:
    """A version of a standard takes effect later than every version before it.

    `from` is not later than that of the last version of it (*A version in force*) [it].
    """
    body = case.body
    if not isinstance(body, Stated):
        return
    for before in versions(case.view, case.statement.subject)[-1:]:
        if body.from_.us <= stated(before).from_.us:
            why = saying(
                "from {from_}: entry {index} takes effect {from__2}",
                from_=body.from_,
                index=before.index,
                from__2=stated(before).from_,
            )
            yield Refusal("standard-order", why, (before.index,))


def _baselines(case: Case) -> Iterator[tuple[Standing, BaselineStandard, Standard]]:
    """Yield the baselines that a platform standard cites, where they are such."""
    if isinstance(case.body, Standard):
        for _, _, found in cited(case):
            if found is not None and isinstance(found.body, BaselineStandard):
                yield found, found.body, case.body


@rule("standard-category", "standard")
def standard_within_baseline(case: Case) -> Iterator[Refusal]:
    """A platform standard is for the category of each of its baselines, or for one below it.

    *What is cited*: each of `baselines` whose category is neither its own nor above it [it].
    """
    for item, baseline, body in _baselines(case):
        if baseline.category not in ancestors(body.category):
            why = saying(
                "{category}: the baseline {subject} is for {category_2}",
                category=body.category,
                subject=item.subject,
                category_2=baseline.category,
            )
            yield Refusal("standard-category", why, (item.index,))


@rule("standard-baseline", "standard")
def standard_on_baseline_in_force(case: Case) -> Iterator[Refusal]:
    """Each baseline is cited in the version in force when the platform's standard takes effect.

    *What is cited*: each of `baselines`: at `from` (*A version in force*) none is in force [it], or
    another [it, that].
    """
    for item, _, body in _baselines(case):
        found = version_in_force(case.view, item.subject, body.from_.us)
        if found is None:
            why = saying(
                "{subject} is not in force yet on {from_}", subject=item.subject, from_=body.from_
            )
            yield Refusal("standard-baseline", why, (item.index,))
        elif found.id != item.id:
            why = saying(
                "entry {index} is the version in force on {from_}: cite {id}",
                index=found.index,
                from_=body.from_,
                id=found.id,
            )
            yield Refusal("standard-baseline", why, (item.index, found.index))


@rule("standard-weaker", "standard")
def standard_not_weaker(case: Case) -> Iterator[Refusal]:
    """A platform standard has every criterion of its baselines, as strict and as severe.

    *What is cited*: each of `baselines`: each criterion of it that none here keeps: of that
    property (Names of what is measured), as strict (*As strict*), no less severe [it].
    """
    for item, baseline, body in _baselines(case):
        for point in weaker_points(body.criteria, baseline):
            yield Refusal("standard-weaker", _asks(item, point, body.criteria), (item.index,))


@rule("standard-below", "standard", bite="replay-only")
def standard_not_below(case: Case) -> Iterator[Refusal]:
    """A platform standard has every criterion of the baselines in force for its goods that it does not cite, too.

    *A version in force*: of the baselines in (`baselines`, c), c `category` and each above it, those in force at the
    later of `from` and now, but for what `baselines` cite: each criterion that none here keeps, as
    in `standard-weaker` [it].
    """
    body = case.body
    if not isinstance(body, Standard):
        return
    cites = {citation.id for citation in body.baselines}
    for item in baselines_in_force(case.view, body.category, max(body.from_.us, case.now_us)):
        if item.id in cites:
            continue
        for point in weaker_points(body.criteria, stated(item)):
            yield Refusal("standard-below", _asks(item, point, body.criteria), (item.index,))


def _asks(baseline: Standing, point: Criterion, criteria: Sequence[Criterion]) -> Sentence:
    """Return what a baseline asks that a standard does not, and where what it says cannot be compared."""
    facts = {
        "subject": baseline.subject,
        "property": point.property,
        "unit": point.unit,
        "severity": point.severity,
    }
    if point.direction == "absent":
        asked = saying("{subject} asks that no {property} is found in {unit} ({severity})", **facts)
    elif point.direction in WORDED:
        asked = saying(
            "{subject} asks of {property}: {words} ({severity})", **facts, words=point.asks()
        )
    else:
        asked = saying(
            "{subject} asks of {property} {direction} {limit} {unit} ({severity})",
            **facts,
            direction=point.direction,
            limit=point.asks(),
        )
    said = [item for item in criteria if same_property(item, point)]
    if not said or any(comparable(item, point) for item in said):
        return asked
    return saying(
        "{asked}; what is said here of it cannot be compared: say it as there", asked=asked
    )


@rule("pledge-own", "alliance-pledge")
def pledge_for_oneself(case: Case) -> Iterator[Refusal]:
    """A party pledges for itself.

    `iss` is not `sub`.
    """
    if isinstance(case.body, AlliancePledge) and case.statement.issuer != case.statement.subject:
        yield Refusal(
            "pledge-own",
            saying("{subject} has to sign its own pledge", subject=case.statement.subject),
        )


@rule("pledge-over", "alliance-pledge")
def pledge_for_a_time_to_come(case: Case) -> Iterator[Refusal]:
    """A pledge ends later than it is signed: nobody promises what is past.

    `until` is `iat` or earlier.
    """
    body = case.body
    if not isinstance(body, AlliancePledge) or body.until is None:
        return
    if body.until.us <= case.statement.issued_at * MICROSECONDS:
        yield Refusal(
            "pledge-over", saying("until {until} is not after its own signature", until=body.until)
        )
