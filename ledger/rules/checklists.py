"""Rules for what observers look at: whose a checklist is, where it is used, and that every point is answered."""

from collections.abc import Iterator

from ledger.histories.history import View
from ledger.identifiers import about_topic
from ledger.rules.common import operator_of
from ledger.rules.observer_group import terms
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, resolve_as, standing_of
from ledger.rules.state import MICROSECONDS
from ledger.statements.checklist_family import KIND_OF, Checklist
from ledger.statements.fields import Citation
from ledger.statements.observer_family import Invitation, Observation, Visit
from ledger.statements.points import Point, Seen
from ledger.texts import saying


@rule("checklist-issuer", "checklist")
def checklist_by_operator_or_association(case: Case) -> Iterator[Refusal]:
    """A checklist is the operator's, or of an observer that is an association.

    `iss` is not the operator, by (`log`, origin), and no term of it (*Terms of observers*) of kind association covers `iat` [all these].
    """
    if not isinstance(case.body, Checklist) or case.statement.issuer == operator_of(case):
        return
    at_us, known = case.statement.issued_at * MICROSECONDS, terms(case.view, case.statement.issuer)
    if not any(term.body.kind == "association" and term.covers(at_us) for term in known):
        why = saying("{party} is no association in the group then", party=case.statement.issuer)
        yield Refusal("checklist-issuer", why, tuple(term.item.index for term in known))


@rule("checklist-version", "checklist")
def checklist_next_version(case: Case) -> Iterator[Refusal]:
    """A checklist is stated anew by whoever stated it first, as its next version.

    Of the `checklist` that stand in (`checklist`, `sub`): the first is of another issuer [it]; else `version` is not one more than the
    last has, 1 where there is none [the last].
    """
    body = case.body
    if not isinstance(body, Checklist):
        return
    known = list(standing_of(case.view, "checklist", case.statement.subject, Checklist))
    if known and known[0].issuer != case.statement.issuer:
        why = saying("it is {issuer}'s: take another id", issuer=known[0].issuer)
        yield Refusal("checklist-version", why, (known[0].index,))
        return
    last = known[-1].body if known else None
    due = last.version + 1 if isinstance(last, Checklist) else 1
    if body.version != due:
        why = saying("version {version}: {due} is next", version=body.version, due=due)
        yield Refusal("checklist-version", why, tuple(item.index for item in known[-1:]))


@rule("invitation-checklist", "invitation")
def invited_by_its_newest_checklist(case: Case) -> Iterator[Refusal]:
    """An invitation names a checklist for what is visited, in its newest version.

    *What is cited*: `checklist`. The kind of `to` (facility, lot or draw) is not in its `kinds` [it]; or another `checklist` in
    (`checklist`, its subject) stands behind it [that], but of a correction.
    """
    body = case.body
    if not isinstance(body, Invitation) or not isinstance(body.checklist, Citation):
        return
    found = resolve_as(case.view, body.checklist, Checklist)
    if found is None:
        return
    item, checklist = found
    kind = KIND_OF[about_topic(body.to)]
    if kind not in checklist.kinds:
        why = saying("entry {index} is for no visit to a {kind}", index=item.index, kind=kind)
        yield Refusal("invitation-checklist", why, (item.index,))
    newest = list(standing_of(case.view, "checklist", item.subject, Checklist))[-1]
    if newest.index != item.index and case.corrects is None:
        why = saying("entry {index} is its newest version: name that", index=newest.index)
        yield Refusal("invitation-checklist", why, (newest.index,))


def checklist_of(view: View, visit: Citation) -> tuple[Standing, Checklist] | None:
    """Return the checklist that the invitation of a visit names, None without one."""
    visited = resolve_as(view, visit, Visit)
    if visited is None or not isinstance(visited[1].invitation, Citation):
        return None
    invited = resolve_as(view, visited[1].invitation, Invitation)
    if invited is None or not isinstance(invited[1].checklist, Citation):
        return None
    return resolve_as(view, invited[1].checklist, Checklist)


@rule("checklist-answered", "observation")
def every_point_answered(case: Case) -> Iterator[Refusal]:
    """Each point of the invitation's checklist is answered once, or why it was not seen; what is amiss has a finding.

    *What is cited*: `visit`, its `invitation`, the `checklist` of that. Without one: there is something in `seen`. Else [it]: a
    point without or with more than one `seen`, a `seen` of no point, or of another kind than its point's but for `unseen`; a `photo` that is no
    `digest` of `photos`; a `yes` that is not as `wanted` without a finding whose `point` is the point's `id`.
    """
    body = case.body
    if not isinstance(body, Observation):
        return
    found = checklist_of(case.view, body.visit)
    if found is None:
        if body.seen:
            why = saying("seen: the visit's invitation names no checklist")
            yield Refusal("checklist-answered", why)
        return
    item, checklist = found
    for fault in (*_unanswered(checklist, body), *_amiss(checklist, body)):
        yield Refusal("checklist-answered", fault, (item.index,))


def _unanswered(checklist: Checklist, body: Observation) -> Iterator[str]:
    """Yield which points were not answered, or not as they are."""
    told = [one.point for one in body.seen]
    points = {point.id: point for point in checklist.points}
    for id_ in points:
        if told.count(id_) != 1:
            yield saying("seen: {point}: answer it once, or say why it was not seen", point=id_)
    photos = {photo.digest for photo in body.photos}
    for one in body.seen:
        point = points.get(one.point)
        if point is None:
            yield saying("seen: {point} is no point of the checklist", point=one.point)
        elif one.kind is not None and one.kind != point.kind:
            yield saying("seen: {point} is of kind {kind}", point=one.point, kind=point.kind)
        elif isinstance(one.photo, str) and one.photo not in photos:
            yield saying("seen: {point}: no such photo is among photos", point=one.point)


def _amiss(checklist: Checklist, body: Observation) -> Iterator[str]:
    """Yield which points are not as they should be and have no finding."""
    named = {str(finding.point) for finding in body.findings}
    seen = {one.point: one for one in body.seen}
    for point in checklist.points:
        if _is_amiss(point, seen.get(point.id)) and point.id not in named:
            yield saying("findings: {point} is amiss: say how severe it is", point=point.id)


def _is_amiss(point: Point, seen: Seen | None) -> bool:
    """Return whether a point is answered otherwise than is wanted."""
    return (
        seen is not None
        and seen.kind == "yes-no"
        and point.wanted in ("yes", "no")
        and seen.told != point.wanted
    )
