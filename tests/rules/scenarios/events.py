"""The rules for EPCIS events: their form, their id, once said, once declared in error."""

from rules.words import breaks, keeps, says
from tea import GTIN, LOT
from usual import EVENT, event

SECOND = 1 / 86_400
HASHED = "ni:///sha-256;3ae14c02c4bdc220cc31942cf804f6845eb8dec96ba6483391c92a9b165f9329?ver=CBV2.0"
ANOTHER = "urn:uuid:0191e0c4-6f2e-7cc3-a1b2-0a0b0c0d0e10"
WRONG = {
    "errorDeclaration": {"declarationTime": "2026-09-21T14:00:00Z", "reason": "incorrect_data"}
}
THEN = "2026-09-01T08:00:00Z"


def tells(days: float = 0, *, by: str = "brand", subject: str = EVENT, **changes):
    """Somebody says an event."""
    return says("epcis", by=by, subject=subject, event=event(days, **changes))


FORM = (
    breaks("event-form", "an event without what was done", tells(action=...)),
    breaks(
        "event-form",
        "a business step that is no word of the vocabulary",
        tells(bizStep="transforming"),
    ),
    breaks(
        "event-form",
        "an event that does not say where its words come from",
        tells(**{"@context": ...}),
    ),
    breaks(
        "event-form",
        "a quantity with a field that there is none of",
        tells(quantityList=[{"epcClass": LOT, "weight": 5}]),
    ),
    breaks("event-form", "a thing that is no URI", tells(epcList=["A7"])),
    keeps("event-form", "the usual event", tells()),
    keeps(
        "event-form",
        "decimals, and fields of one's own",
        tells(quantityList=[{"epcClass": LOT, "quantity": 0.5}], **{"ex:grade": "A"}),
    ),
    keeps(
        "event-form",
        "a place of goods made elsewhere, said by a carrier",
        tells(by="carrier", bizStep="receiving"),
    ),
)

IDS = (
    breaks("event-id", "an event under another id than its own", tells(subject=ANOTHER)),
    breaks("event-id", "an event without an id under somebody's", tells(eventID=...)),
    breaks("event-id", "the hash of another event", tells(subject=HASHED, eventID=...)),
    keeps("event-id", "an event under its own id", tells(subject=ANOTHER, eventID=ANOTHER)),
    keeps(
        "event-id",
        "an event without an id under its hash",
        tells(
            subject="ni:///sha-256;77c88cad3db3b54e53e988e7eb01e662c9c20c4382a066d3b5026fda6f1ecb02?ver=CBV2.0",
            eventID=...,
            eventTime=THEN,
        ),
    ),
)

TIMES = (
    breaks("event-ahead", "what is to happen yet", tells(2 * SECOND)),
    keeps("event-ahead", "what happened in the second of its signature", tells(SECOND / 2)),
)

ONCE = (
    breaks("event-known", "an event is said again", tells(eventTime=THEN), tells(eventTime=THEN)),
    breaks(
        "event-known",
        "an event is said otherwise under its id",
        tells(eventTime=THEN),
        tells(eventTime=THEN, bizStep="receiving"),
    ),
    breaks(
        "event-known",
        "an error is declared twice",
        tells(eventTime=THEN),
        tells(eventTime=THEN, **WRONG),
        tells(eventTime=THEN, **WRONG),
    ),
    breaks(
        "event-known",
        "another event is declared in error",
        tells(eventTime=THEN),
        tells(eventTime=THEN, bizStep="receiving", **WRONG),
    ),
    breaks(
        "event-known",
        "an event that was declared in error is said again",
        tells(eventTime=THEN, **WRONG),
        tells(eventTime=THEN),
    ),
    keeps(
        "event-known",
        "an event is declared in error",
        tells(eventTime=THEN),
        tells(eventTime=THEN, **WRONG),
    ),
    keeps(
        "event-known",
        "somebody else says an event of that id",
        tells(eventTime=THEN),
        tells(by="carrier", eventTime=THEN),
    ),
    keeps(
        "event-known",
        "a thing has the id of another event",
        tells(eventID=ANOTHER, subject=ANOTHER, epcList=[EVENT, GTIN + "/21/1"]),
        tells(),
    ),
)

SCENARIOS = (*FORM, *IDS, *TIMES, *ONCE)
