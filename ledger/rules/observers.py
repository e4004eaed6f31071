"""Rules for observers: their period, their visits, what ties them to the visited."""

from collections.abc import Iterator

from ledger.histories.history import View
from ledger.identifiers import about_topic, product_of
from ledger.primitives.instant import DAY_US
from ledger.rules.claims import held
from ledger.rules.drawing import acting_in
from ledger.rules.observer_group import declared_tie, terms
from ledger.rules.parties import owners
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import resolve, standing
from ledger.rules.state import MICROSECONDS
from ledger.rules.ties import ties
from ledger.statements.draw_family import OBJECT, OBSERVER, DrawResult
from ledger.statements.fields import Citation
from ledger.statements.member_family import Observer, ObserverApplication
from ledger.statements.observer_family import Invitation, Observation, Visit
from ledger.statements.origin_family import Lot
from ledger.texts import saying

REPORT_US = 30 * DAY_US  # a visit is signed, and told of, within 30 days of it


@rule("observer-application", "observer")
def observer_applied(case: Case) -> Iterator[Refusal]:
    """An observer is appointed on an application of its own, as what it applied for.

    `application.subject` is not `sub`; else the application found (*What is cited*) is of another
    `kind` [it].
    """
    body = case.body
    if not isinstance(body, Observer):
        return
    if body.application.subject != case.statement.subject:
        why = saying("the application cited is of {subject!r}", subject=body.application.subject)
        yield Refusal("observer-application", why)
        return
    found = resolve(case.view, body.application)
    if (
        found is not None
        and isinstance(found.body, ObserverApplication)
        and found.body.kind != body.kind
    ):
        why = saying(
            "{kind}: the application is of a {kind_2}", kind=body.kind, kind_2=found.body.kind
        )
        yield Refusal("observer-application", why, (found.index,))


def _counts_from(arrived_us: int, signed_us: int) -> int:
    """Return when an observer must be in its term: on arrival, if it signs within 30 days of it."""
    return min(arrived_us, signed_us) if signed_us <= arrived_us + REPORT_US else signed_us


@rule("observer-period", "invitation", "visit", "observation")
def observer_in_its_period(case: Case) -> Iterator[Refusal]:
    """Who is invited, or visits and tells of it within 30 days, is an observer at that time.

    No term of the observer's (*Terms of observers*) [all these]: meets the period of an
    invitation, the observer being `sub`; or covers, the observer being `iss`, of a visit the
    earlier of `arrived` and `iat`, of an observation so by the `arrived` of its visit (*What is
    cited*), else `iat`; but `iat` where that is later than `report-us` behind `arrived`.
    """
    at_us, party = case.statement.issued_at * MICROSECONDS, case.statement.issuer
    match case.body:
        case Invitation(from_=from_, until=until):
            party = case.statement.subject
            known = terms(case.view, party)
            until_us = None if until is None else until.us
            kept = any(term.meeting(from_.us, until_us) for term in known)
        case Visit(arrived=arrived):
            known = terms(case.view, party)
            kept = any(term.covers(_counts_from(arrived.us, at_us)) for term in known)
        case Observation(visit=visit):
            known = terms(case.view, party)
            found = resolve(case.view, visit)
            if found is not None and isinstance(found.body, Visit):
                at_us = _counts_from(found.body.arrived.us, at_us)
            kept = any(term.covers(at_us) for term in known)
        case _:
            return
    if not kept:
        why = saying("{party} is no observer then: appoint it first", party=party)
        yield Refusal("observer-period", why, tuple(term.item.index for term in known))


@rule("visit-taken", "visit")
def visit_new(case: Case) -> Iterator[Refusal]:
    """A visit has an id that no other visit has.

    (`visit`, `sub`) has a `visit`, whatever became of it; of a correction another than the target
    [the first].
    """
    for item in case.view.fold(standing, "visit", case.statement.subject).values():
        if isinstance(item.body, Visit) and item.id != case.corrects:
            why = saying(
                "{subject} is entry {index} already",
                subject=case.statement.subject,
                index=item.index,
            )
            yield Refusal("visit-taken", why, (item.index,))
            return


def visited(view: View, about: str) -> dict[str, int]:
    """Return whose facility or lot is visited, or made it, with the entries that say so."""
    match about_topic(about):
        case "facility":
            return owners(view, about)
        case "inspection":
            found: dict[str, int] = {}
            for item in held(view, "lot", about, reserved=True):
                found[item.issuer] = item.index
                if isinstance(item.body, Lot):
                    found |= owners(view, item.body.facility)
            return found
        case _:
            return {}


def tied(view: View, observer: str, party: str, *at_us: int) -> tuple[int, ...] | None:
    """Return the entries by which an observer is tied to a party, by papers or its own word; None if it is not."""
    found = ties(view, observer, party, *at_us)
    return declared_tie(view, observer, party, *at_us) if found is None else found


@rule("undeclared-tie", "visit")
def ties_declared(case: Case) -> Iterator[Refusal]:
    """An observer tied to the facility's owner or the lot's maker declares it.

    `tie` is null: each whom it visits (*Whose it is*), tied to `iss` at `arrived` or `iat` (*Ties*, else *Terms of observers*)
    [what says so, the papers, the application].
    """
    body = case.body
    if not isinstance(body, Visit) or body.tie is not None:
        return
    times = (body.arrived.us, case.signed_us)
    for party, index in visited(case.view, body.about).items():
        found = tied(case.view, case.statement.issuer, party, *times)
        if found is not None:
            why = saying(
                "{issuer} is tied to {party}: declare it", issuer=case.statement.issuer, party=party
            )
            yield Refusal("undeclared-tie", why, (index, *found))


@rule("invitation-own", "visit")
def invitation_for_this(case: Case) -> Iterator[Refusal]:
    """An invitation cited is the observer's own, for what it visits and when.

    *What is cited*: `invitation` has another `sub` than `iss`, or another `to` than `about`; else
    it does not cover `arrived` [it].
    """
    body = case.body
    if not isinstance(body, Visit) or not isinstance(body.invitation, Citation):
        return
    found = resolve(case.view, body.invitation)
    if found is None:
        return
    if found.subject != case.statement.issuer or getattr(found.body, "to", None) != body.about:
        why = saying(
            "the invitation is for {subject}, to {getattr}",
            subject=found.subject,
            getattr=getattr(found.body, "to", "nothing"),
        )
        yield Refusal("invitation-own", why, (found.index,))
    elif isinstance(found.body, Invitation) and not found.body.covers(body.arrived.us):
        why = saying("the invitation is {span}", span=found.body.span)
        yield Refusal("invitation-own", why, (found.index,))


@rule("observation-visit", "observation")
def observation_of_own_visit(case: Case) -> Iterator[Refusal]:
    """An observation is of a visit of its issuer, about the same.

    *What is cited*: `visit` is of another issuer, subject or `about` [it].
    """
    body = case.body
    if not isinstance(body, Observation):
        return
    found = resolve(case.view, body.visit)
    if found is None or not isinstance(found.body, Visit):
        return
    if (found.issuer, found.subject, found.body.about) != (
        case.statement.issuer,
        case.statement.subject,
        body.about,
    ):
        why = saying(
            "entry {index} is another visit: of {issuer} about {about}",
            index=found.index,
            issuer=found.issuer,
            about=found.body.about,
        )
        yield Refusal("observation-visit", why, (found.index,))


@rule("invitation-pick", "invitation")
def invited_by_a_draw(case: Case) -> Iterator[Refusal]:
    """By a draw whom it drew is invited, and nobody else: to the draw, or to a lot of what was drawn.

    *What is cited*: `sub` is not left in the role `observer` of `pick` (*Picks of a draw*) [it]; or `to` is neither the draw nor a lot of a product
    left in the roles `object/...` [it].
    """
    body = case.body
    if not isinstance(body, Invitation) or not isinstance(body.pick, Citation):
        return
    found = resolve(case.view, body.pick)
    if found is None or not isinstance(found.body, DrawResult):
        return
    if case.statement.subject not in acting_in(found.body, OBSERVER):
        why = saying(
            "{party} was not drawn in {draw}", party=case.statement.subject, draw=found.subject
        )
        yield Refusal("invitation-pick", why, (found.index,))
    of_lot = about_topic(body.to) == "inspection"
    if body.to != found.subject and not (
        of_lot and product_of(body.to) in acting_in(found.body, OBJECT)
    ):
        why = saying("{to} is nothing of what was drawn in {draw}", to=body.to, draw=found.subject)
        yield Refusal("invitation-pick", why, (found.index,))
