"""``pledges``: what a member of the alliance promised, and what it kept, item by item."""

from collections.abc import Iterator
from typing import Any

import msgspec

from ledger.questions.conformance import outdated
from ledger.questions.on_sale import at
from ledger.questions.pledge_conduct import conduct_kept
from ledger.questions.pledge_measures import (
    UNMEASURED,
    Measured,
    Member,
    member,
    standard_kept,
)
from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.chains import Failure
from ledger.rules.standards import Stated
from ledger.rules.standing import Standing, resolve, standing_of
from ledger.statements.fields import Citation
from ledger.statements.standard_family import AlliancePledge, Conduct, Standard

Promise = Citation | Conduct


def _promises(body: AlliancePledge) -> Iterator[Promise]:
    yield from body.standards
    yield from body.conduct


def _measure(who: Member, promise: Promise) -> Measured:
    if isinstance(promise, Conduct):
        return conduct_kept(who, promise)
    item = resolve(who.asked.view, promise)
    if item is None or not isinstance(item.body, Stated):
        return UNMEASURED
    return standard_kept(who, item)


def _outdated(who: Member, promise: Promise) -> list[Failure]:
    """Return what baselines asked, by the end of a pledge, that a standard it promises does not."""
    item = resolve(who.asked.view, promise) if isinstance(promise, Citation) else None
    if item is None or not isinstance(item.body, Standard):
        return []
    return outdated(at(who.asked, who.end_us), item, item.body.category)


def _reason(item: Standing, promise: Promise, found: Measured) -> Failure:
    """Return why a promise is broken, or why nobody can say."""
    facts: dict[str, str | int]
    if isinstance(promise, Conduct) and promise.kind == "other":
        return Failure("conduct-in-words", (item.index,), {"text": str(promise.text)})
    if isinstance(promise, Conduct):
        what, facts = "conduct", {"conduct": promise.kind}
    else:
        what, facts = "standard", {"standard": promise.subject}
    if found.kept == "no":
        facts = facts | {"count": len(found.breaks)}
        return Failure(f"{what}-broken", (item.index, *found.breaks), facts)
    return Failure(f"{what}-unproven", (item.index,), facts)


def _row(item: Standing, promise: Promise, found: Measured) -> dict[str, Any]:
    body = item.body
    assert isinstance(body, AlliancePledge)  # noqa: S101 - callers asked for pledges
    row: dict[str, Any] = {"standard": None, "within_days": None, "text": None}
    if isinstance(promise, Conduct):
        said = promise.text if promise.text is msgspec.UNSET else str(promise.text)
        told = {"within_days": promise.within_days, "text": said}
        row |= {name: value for name, value in told.items() if value is not msgspec.UNSET}
        row["promise"] = promise.kind
    else:
        row |= {"promise": "standard", "standard": str(promise.subject)}
    return row | {
        "pledge": item.index,
        "from": str(body.from_),
        "until": None if body.until is None else str(body.until),
        "kept": found.kept,
        "breaks": list(found.breaks),
        "shows": list(found.shows),
    }


def pledges(asked: Asked, *, party: str) -> Verdict:
    """Return yes if every promise is kept, no if one is broken; each with the entries that say so."""
    no: list[Failure] = []
    unknown: list[Failure] = []
    notes: list[Failure] = []
    rows: list[dict[str, Any]] = []
    rests_on: list[int] = []
    for item in standing_of(asked.view, "pledge", party, AlliancePledge):
        body = item.body
        if not isinstance(body, AlliancePledge) or not registered_by(asked, item.index):
            continue
        rests_on.append(item.index)
        if asked.valid_at_us < body.from_.us:
            facts: dict[str, str | int] = {"party": party, "from": str(body.from_)}
            notes.append(Failure("pledge-not-yet", (item.index,), facts))
            continue
        who = member(asked, party, body)
        for promise in _promises(body):
            found = _measure(who, promise)
            rows.append(_row(item, promise, found))
            rests_on += found.shows
            notes += found.notes
            unknown += found.doubts
            notes += _outdated(who, promise)
            if found.kept != "yes":
                (no if found.kept == "no" else unknown).append(_reason(item, promise, found))
    if not rows:
        unknown.append(Failure("pledge-absent", (), {"party": party}))
    return settle(
        no=no,
        unknown=once(unknown),
        notes=once(notes),
        rests_on=rests_on,
        detail={"promises": rows},
    )
