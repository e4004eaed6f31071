"""Statements that are events of EPCIS 2.0, as parties' own systems capture them: epcis."""

from functools import lru_cache
from typing import Annotated

from ledger.events.event import Event, parse_event
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Checked
from ledger.statements.meant import Meant
from ledger.statements.statement_type import EVERYBODY, StatementType
from ledger.texts import Words

_read = lru_cache(16)(parse_event)
"""Checked, filed and reviewed, an event is read once: so many of them, of 50,000 bytes at most."""


class EventText(Checked):
    """One EPCIS 2.0 event: its JSON as one text of at most 50,000 bytes, which may hold decimals."""

    check = staticmethod(_read)

    @property
    def event(self) -> Event:
        """Return the event."""
        return _read(self)


class Epcis(Body, frozen=True, tag="epcis"):
    """What happened to things, when, where and why: one event of EPCIS 2.0.

    ``event``: its JSON as it was captured, with its ``@context``.
    """

    event: Annotated[EventText, Meant("One EPCIS 2.0 event, its JSON as one text.", "Event")]


def by_party(thing: str, party: str) -> str:
    """Return the subject of the history of a party's events of a thing."""
    return f"{thing}\n{party}"


def event_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``event``, x) and (``event-by``, x, issuer), x the event's id and each thing that it names.

    The first has what anybody says; the second, which nobody else can make longer, is what answers read.
    """
    assert isinstance(body, Epcis)  # noqa: S101 - the catalogue pairs them
    about = (statement.subject, *body.event.event.things())
    return (
        *(("event", one) for one in about),
        *(("event-by", by_party(one, statement.issuer)) for one in about),
    )


ROWS = (
    StatementType(
        "epcis",
        Epcis,
        EVERYBODY,
        event_histories,
        "event",
        called=Words("EPCIS event"),
        says=Words("What happened to things, when, where and why: one event of EPCIS 2.0."),
    ),
)
"""Their row of the catalogue."""
