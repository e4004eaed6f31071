"""Rules for EPCIS events: their form, their id, and that one is said once."""

from collections.abc import Iterator

from ledger.events.event import Event
from ledger.events.form import faults
from ledger.events.hashed import event_hash
from ledger.histories.history import Entry
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.state import MICROSECONDS
from ledger.statements.epcis_family import Epcis, by_party
from ledger.texts import saying


@rule("event-form", "epcis")
def event_as_the_standard(case: Case) -> Iterator[Refusal]:
    """The event has the form of EPCIS 2.0, and stands for itself.

    `event` is not valid against GS1's JSON schema of one event (EPCIS 2.0, section 9.5), `@context`
    too; or a URI in it has more than 600 characters. Each field that breaks it is named, 20 at most.
    """
    if isinstance(case.body, Epcis):
        for fault in faults(case.body.event.event.value):
            yield Refusal("event-form", fault.says)


@rule("event-id", "epcis")
def event_is_the_subject(case: Case) -> Iterator[Refusal]:
    """The subject is the event's id: its `eventID`, or its hash by CBV 2.0 where it has none.

    `sub` is not `eventID` of the event; nor, where that is left out or no URI, its event hash (CBV 2.0,
    section 8.9).
    """
    if not isinstance(case.body, Epcis):
        return
    meant, subject = case.body.event.event.id, case.statement.subject
    if meant != subject:
        yield Refusal(
            "event-id",
            saying("the subject is {subject!r}, the event's id {id}", subject=subject, id=meant),
        )


@rule("event-ahead", "epcis")
def event_before_signed(case: Case) -> Iterator[Refusal]:
    """What an event tells of happened before it is signed.

    `eventTime` is later than `iat` and the second behind it.
    """
    if not isinstance(case.body, Epcis):
        return
    us = case.body.event.event.us
    if us is not None and us >= (case.statement.issued_at + 1) * MICROSECONDS:
        yield Refusal(
            "event-ahead",
            saying(
                "eventTime {time} is later than its own signature",
                time=str(case.body.event.event.value["eventTime"])[:40],
            ),
        )


def _said(case: Case) -> Iterator[tuple[Entry, Event]]:
    """Yield what its issuer said under the event's id before."""
    subject = case.statement.subject
    known = case.view.history("event-by", by_party(subject, case.statement.issuer))
    for entry in known.entries():
        if isinstance(entry.body, Epcis) and entry.statement.subject == subject:
            yield entry, entry.body.event.event


@rule("event-known", "epcis")
def event_said_once(case: Case) -> Iterator[Refusal]:
    """An issuer says an event once, and once that it was in error, as it was said.

    In (`event-by`, `sub`, `iss`) are events whose `sub` it is: one [it], unless this one alone has
    an `errorDeclaration`, and both have the same event hash; or two [the last].
    """
    if not isinstance(case.body, Epcis):
        return
    said, event = list(_said(case)), case.body.event.event
    if not said:
        return
    first, was = said[0]
    if len(said) > 1 or was.in_error or not event.in_error:
        index = said[-1][0].index
        yield Refusal(
            "event-known",
            saying(
                "the event {id} is entry {index}: what was wrong of it is declared in error (errorDeclaration) once, and said again as another event",
                id=case.statement.subject[:100],
                index=index,
            ),
            (index,),
        )
    elif event_hash(event.value) != event_hash(was.value):
        yield Refusal(
            "event-known",
            saying(
                "entry {index} says something else: an event is declared in error with everything else as it was said",
                index=first.index,
            ),
            (first.index,),
        )
