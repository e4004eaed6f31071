"""Where goods went by an event: what it names, from whom to whom, from where to where, when."""

from dataclasses import dataclass

from ledger.events.event import Event

PARTIES = ("possessing_party", "owning_party")
"""What a source or destination is where it is a party; a place is a ``location``."""


@dataclass(frozen=True, slots=True)
class Move:
    """Goods that an event names, and where they went by it.

    ``things``: ids of lots, products, items, and of what these were packed in. ``sender``, ``receiver``:
    (type, party) of each source and destination. ``start``, ``end``: places it came from and went to,
    ``read_point`` where that was seen. ``us``: when it happened, by ``eventTime``, in microseconds
    since 1970.
    """

    things: tuple[str, ...]
    sender: tuple[tuple[str, str], ...]
    receiver: tuple[tuple[str, str], ...]
    start: tuple[str, ...]
    end: tuple[str, ...]
    read_point: str | None
    location: str | None
    step: str
    action: str
    us: int


def moves_of(event: Event) -> tuple[Move, ...]:
    """Return where the goods of an event went: one move; none where it has no time, or was in error.

    Of a transformation what came out of it: what went in is there no more.
    """
    if event.us is None or event.in_error:
        return ()
    things = event.things()
    if event.kind == "TransformationEvent":
        things = (*event.epcs("outputEPCList"), *event.classes("outputQuantityList"))
    sources, destinations = event.ends("source"), event.ends("destination")
    return (
        Move(
            things,
            tuple(one for one in sources if one[0] in PARTIES),
            tuple(one for one in destinations if one[0] in PARTIES),
            tuple(place for kind, place in sources if kind == "location"),
            tuple(place for kind, place in destinations if kind == "location"),
            event.place("readPoint"),
            event.place("bizLocation"),
            event.step,
            event.action,
            event.us,
        ),
    )
