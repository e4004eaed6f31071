"""Rules for the observer group: who may apply, who is appointed or declined, when a term ends; and what a term is."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.histories.history import View
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, resolve_as, standing, standing_of
from ledger.rules.state import MICROSECONDS
from ledger.rules.ties import group, meeting
from ledger.statements.member_family import (
    Observer,
    ObserverApplication,
    ObserverCall,
    ObserverDeclined,
    ObserverEnded,
)
from ledger.texts import saying


@dataclass(frozen=True, slots=True)
class Term:
    """An observer's term as it stands: ``end``, what ended it early, if anything did."""

    item: Standing
    body: Observer
    end: ObserverEnded | None

    @property
    def from_us(self) -> int:
        """Return when it begins."""
        return self.body.from_.us

    @property
    def until_us(self) -> int | None:
        """Return before when it ends: by its own words, or early; None: it does not."""
        ends = [one.us for one in (self.body.until, self.end and self.end.from_) if one]
        return min(ends) if ends else None

    def covers(self, time_us: int) -> bool:
        """Return whether the observer is one at a time."""
        until_us = self.until_us
        return self.from_us <= time_us and (until_us is None or time_us < until_us)

    def meeting(self, from_us: int, until_us: int | None) -> tuple[int, int | None] | None:
        """Return the part of a period that lies in the term, None where nothing does."""
        ends = [one for one in (until_us, self.until_us) if one is not None]
        begins, end = max(from_us, self.from_us), min(ends) if ends else None
        return None if end is not None and end <= begins else (begins, end)


def terms(view: View, party: str) -> list[Term]:
    """Return the terms of an observer, oldest first: one that was ended early holds until then."""
    found = []
    for item in view.fold(standing, "observer", party).values():
        if isinstance(item.body, Observer):
            end = item.ends[0].body if item.ends else None
            found.append(Term(item, item.body, end if isinstance(end, ObserverEnded) else None))
    return found


def appointed_on(view: View, operator: str, call: str, kind: str) -> dict[str, Standing]:
    """Return who is appointed in a kind on applications to a call, each with the newest appointment.

    Whose term was ended early leaves a seat.
    """
    said = view.fold(standing, "observers", operator)
    applied = {
        id_: item.subject
        for item in said.values()
        if isinstance(item.body, ObserverApplication) and item.body.call.id == call
        for id_ in item.ids
    }
    return {
        item.subject: item
        for item in said.values()
        if isinstance(item.body, Observer)
        and item.body.kind == kind
        and item.body.application.id in applied
        and item.ended is None
    }


def declared_tie(view: View, observer: str, party: str, *at_us: int) -> tuple[int, ...] | None:
    """Return the entries by which an observer is tied to a party by its own word; None if it is not.

    By each tie of each of its applications, whenever it declared it: to whom it is, or who is tied to that one.
    """
    theirs = group(view, party, *at_us)
    for item in view.fold(standing, "observer", observer).values():
        if not isinstance(item.body, ObserverApplication):
            continue
        for tie in item.body.ties:
            met = meeting(group(view, str(tie.to), *at_us), theirs)
            if met is not None:
                return (*item.cites, *met[1])
    return None


@rule("call-own", "observer-call")
def call_of_its_issuer(case: Case) -> Iterator[Refusal]:
    """An operator calls for members of its own group.

    `sub` is not `iss`.
    """
    if isinstance(case.body, ObserverCall) and case.statement.subject != case.statement.issuer:
        yield Refusal("call-own", saying("the call is of its issuer: make it the subject"))


@rule("application-call", "observer-application")
def application_by_an_open_call(case: Case) -> Iterator[Refusal]:
    """Whoever applies does so by a call for members of its kind, while it is open.

    *What is cited*: the `seats` of `call` have no `kind` of it; or, but of a correction, it does not cover `iat` [it].
    """
    body = case.body
    found = (
        resolve_as(case.view, body.call, ObserverCall)
        if isinstance(body, ObserverApplication)
        else None
    )
    if found is None or not isinstance(body, ObserverApplication):
        return
    item, call = found
    if not call.seats_of(body.kind):
        why = saying("entry {index} calls for no {kind}", index=item.index, kind=body.kind)
        yield Refusal("application-call", why, (item.index,))
    if case.corrects is None and not call.covers(case.statement.issued_at * MICROSECONDS):
        why = saying("the call is {span}: apply by one that is open", span=call.span)
        yield Refusal("application-call", why, (item.index,))


@rule("application-once", "observer-application")
def application_once(case: Case) -> Iterator[Refusal]:
    """Nobody applies twice by one call.

    An `observer-application` in (`observer`, `sub`), of a correction another than the target, is by the `call` [it].
    """
    body = case.body
    if not isinstance(body, ObserverApplication):
        return
    for item in standing_of(case.view, "observer", case.statement.subject, ObserverApplication):
        if (
            isinstance(item.body, ObserverApplication)
            and item.body.call.id == body.call.id
            and item.id != case.corrects
        ):
            why = saying("it applied by this call in entry {index}: correct that", index=item.index)
            yield Refusal("application-once", why, (item.index,))
            return


@rule("observer-seats", "observer")
def observer_in_a_seat(case: Case) -> Iterator[Refusal]:
    """No more observers of a kind are appointed by a call than it has seats.

    Of the `call` of the `application` (*What is cited*): others than `sub` with an `observer` of the `kind` that
    stands in (`observers`, subject of the call) whose `application` is one to that call are as many as its `seats` of the kind [these].
    """
    body = case.body
    applied = (
        resolve_as(case.view, body.application, ObserverApplication)
        if isinstance(body, Observer)
        else None
    )
    found = None if applied is None else resolve_as(case.view, applied[1].call, ObserverCall)
    if found is None or not isinstance(body, Observer):
        return
    item, call = found
    taken = appointed_on(case.view, item.subject, item.id, body.kind)
    others = [one.index for party, one in taken.items() if party != case.statement.subject]
    if len(others) >= max(1, call.seats_of(body.kind)):
        why = saying("all seats of the call are taken: {count}", count=len(others))
        yield Refusal("observer-seats", why, tuple(others))


@rule("declined-application", "observer-declined")
def declined_its_application(case: Case) -> Iterator[Refusal]:
    """What is declined is an application of the subject's own, once, before anybody is appointed on it.

    `application.subject` is not `sub`; else an `observer` or `observer-declined` in (`observer`, `sub`), whatever became
    of it, is on the application found (*What is cited*) [it].
    """
    body = case.body
    if not isinstance(body, ObserverDeclined):
        return
    if body.application.subject != case.statement.subject:
        why = saying("the application cited is of {subject!r}", subject=body.application.subject)
        yield Refusal("declined-application", why)
        return
    found = resolve_as(case.view, body.application, ObserverApplication)
    if found is None:
        return
    for item in case.view.fold(standing, "observer", case.statement.subject).values():
        if (
            isinstance(item.body, Observer | ObserverDeclined)
            and item.body.application.id in found[0].ids
        ):
            why = saying("entry {index} answers it already", index=item.index)
            yield Refusal("declined-application", why, (item.index,))
            return


@rule("declined-full", "observer-declined")
def declined_for_want_of_seats(case: Case) -> Iterator[Refusal]:
    """Nobody is declined for want of seats while there are some.

    `reason` is full, and of the call of the `application`, by (`observer`, `sub`) and (`observers`, operator), those who have an `observer` (`observer-seats`) are fewer than its
    `seats` of the kind [the call].
    """
    body = case.body
    if not isinstance(body, ObserverDeclined) or body.reason != "full":
        return
    applied = resolve_as(case.view, body.application, ObserverApplication)
    found = None if applied is None else resolve_as(case.view, applied[1].call, ObserverCall)
    if applied is None or found is None:
        return
    item, call = found
    kind = applied[1].kind
    taken = appointed_on(case.view, item.subject, item.id, kind)
    if len(taken) < call.seats_of(kind):
        why = saying(
            "of {count} seats {taken} are taken: say why else it is declined",
            count=call.seats_of(kind),
            taken=len(taken),
        )
        yield Refusal("declined-full", why, (item.index,))


@rule("observer-ended-from", "observer-ended")
def ended_from_now_on(case: Case) -> Iterator[Refusal]:
    """A term ends from now on: what was visited before counts as it did.

    `from` is before `iat`; or it is not before the `until` of the `target` (*What is cited*) [it].
    """
    body = case.body
    if not isinstance(body, ObserverEnded):
        return
    if body.from_.us < case.statement.issued_at * MICROSECONDS:
        why = saying("from {from_}: a term ends from now on, not before", from_=body.from_)
        yield Refusal("observer-ended-from", why)
    found = resolve_as(case.view, body.target, Observer)
    if found is not None:
        item, term = found
        if term.until is not None and term.until <= body.from_:
            why = saying("the term ends at {until} by itself", until=term.until)
            yield Refusal("observer-ended-from", why, (item.index,))
