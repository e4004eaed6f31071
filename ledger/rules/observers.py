"""Rules for observers: their period, their visits, what ties them to the visited."""

from collections.abc import Iterator

from ledger.identifiers import about_topic
from ledger.rules.goods import owners, ties
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import resolve, standing, standing_in
from ledger.rules.state import MICROSECONDS
from ledger.statements.fields import Citation
from ledger.statements.observer_family import Observation, Observer, Visit


@rule("observer-application", "observer")
def observer_applied(case: Case) -> Iterator[Refusal]:
    """An observer is appointed on an application of its own."""
    body = case.body
    if isinstance(body, Observer) and body.application.subject != case.statement.subject:
        why = f"the application cited is of {body.application.subject}"
        yield Refusal("observer-application", why)


@rule("observer-period", "visit", "observation")
def observer_in_its_period(case: Case) -> Iterator[Refusal]:
    """Who visits and reports is an observer at that time."""
    at_us = case.statement.issued_at * MICROSECONDS
    if isinstance(case.body, Visit):
        at_us = min(at_us, case.body.arrived.us)
    terms = [
        item
        for item in standing_in(case.view, "observer", case.statement.issuer)
        if isinstance(item.body, Observer)
    ]
    if not any(isinstance(item.body, Observer) and item.body.covers(at_us) for item in terms):
        why = f"{case.statement.issuer} is no observer then: ask the operator to appoint it"
        yield Refusal("observer-period", why, tuple(item.index for item in terms))


@rule("visit-ahead", "visit")
def visit_not_ahead(case: Case) -> Iterator[Refusal]:
    """A visit began before it is signed."""
    body = case.body
    if isinstance(body, Visit) and body.arrived.us > case.statement.issued_at * MICROSECONDS:
        yield Refusal("visit-ahead", f"arrived {body.arrived}, signed before")


@rule("visit-taken", "visit")
def visit_new(case: Case) -> Iterator[Refusal]:
    """A visit has an id that no other visit has."""
    for item in case.view.fold(standing, "visit", case.statement.subject).values():
        if isinstance(item.body, Visit) and item.id != case.corrects:
            why = f"{case.statement.subject} is entry {item.index} already"
            yield Refusal("visit-taken", why, (item.index,))
            return


def visited(case: Case, about: str) -> dict[str, int]:
    """Return whose facility or lot is visited, with the entries that say so."""
    match about_topic(about):
        case "facility":
            return owners(case.view, about)
        case "inspection":
            return {item.issuer: item.index for item in standing_in(case.view, "lot", about)}
        case _:
            return {}


@rule("undeclared-tie", "visit")
def ties_declared(case: Case) -> Iterator[Refusal]:
    """An observer tied to the facility's owner or the lot's maker declares it."""
    body = case.body
    if not isinstance(body, Visit) or body.tie is not None:
        return
    at_us = case.statement.issued_at * MICROSECONDS
    for party, index in visited(case, body.about).items():
        found = ties(case.view, case.statement.issuer, party, at_us)
        if found is not None:
            why = f"{case.statement.issuer} is tied to {party}: declare it"
            yield Refusal("undeclared-tie", why, (index, *found))


@rule("invitation-own", "visit")
def invitation_for_this(case: Case) -> Iterator[Refusal]:
    """An invitation cited is the observer's own, for what it visits."""
    body = case.body
    if not isinstance(body, Visit) or not isinstance(body.invitation, Citation):
        return
    found = resolve(case.view, body.invitation)
    if found is None:
        return
    if found.subject != case.statement.issuer or getattr(found.body, "to", None) != body.about:
        why = f"the invitation is for {found.subject}, to {getattr(found.body, 'to', 'nothing')}"
        yield Refusal("invitation-own", why, (found.index,))


@rule("observation-visit", "observation")
def observation_of_own_visit(case: Case) -> Iterator[Refusal]:
    """An observation is of a visit of its issuer, about the same."""
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
        why = f"entry {found.index} is another visit: of {found.issuer} about {found.body.about}"
        yield Refusal("observation-visit", why, (found.index,))
