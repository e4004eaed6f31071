"""Events of goods: what those who had them say happened to them, packed in other things too.

Heard is who made the goods and who holds their brand; of whom these say that they handed them over
to, too; and so on. What others say of the same ids is one look-up away (`history event <id>`), and
makes no answer longer: anybody may say anything of any id.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ledger.errors import MalformedError
from ledger.events.event import Event
from ledger.events.moves import Move, moves_of
from ledger.histories.history import Entry, View
from ledger.identifiers import check_party, product_of
from ledger.identifiers.gs1_uris import things_named
from ledger.primitives.instant import format_us
from ledger.questions.heard import Heard
from ledger.questions.lots import Walk
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.lots import right_holders
from ledger.rules.standing import Standing, in_doubt, standing_of
from ledger.statements.epcis_family import Epcis, by_party

GROUPING = ("AggregationEvent", "AssociationEvent")
MAX_HISTORIES = 500
"""Histories of a thing and a party that one answer reads."""


@dataclass(slots=True)
class Followed:
    """Events of goods, by entry, each with the thing it is heard of.

    ``errors``: events declared in error, each with the entry that declares it. ``whole``: nothing
    was left out at the limit.
    """

    heard: dict[int, tuple[Standing, str]] = field(default_factory=dict)
    errors: dict[int, Entry] = field(default_factory=dict)
    whole: bool = True

    @property
    def left_out(self) -> list[Failure]:
        """Return that there is more than is read, as a note."""
        return [] if self.whole else [Failure("walk-limit", (), {"limit": MAX_HISTORIES})]

    def moves(self) -> Iterator[tuple[int, Move]]:
        """Yield where goods went, of the events that were not declared in error, with their entries."""
        for index in sorted(self.heard):
            if index not in self.errors:
                event = event_of(self.heard[index][0])
                yield from ((index, move) for move in moves_of(event))


def event_of(item: Standing) -> Event:
    """Return the event of a statement."""
    assert isinstance(item.body, Epcis)  # noqa: S101 - callers asked for events
    return item.body.event.event


def _said(view: View, thing: str, party: str) -> list[Standing]:
    """Return a party's events of a thing, but for those said with a key that others may have had."""
    found = standing_of(view, "event-by", by_party(thing, party), Epcis)
    return [item for item in found if in_doubt(view, item) is None]


def _in_error(said: Iterable[Standing]) -> dict[int, Entry]:
    """Return which of a party's events it declared in error: the event, and the declaration itself."""
    by_id: dict[str, list[Standing]] = {}
    for item in said:
        by_id.setdefault(item.subject, []).append(item)
    found: dict[int, Entry] = {}
    for items in by_id.values():
        wrong = next((item for item in items if event_of(item).in_error), None)
        if wrong is not None:
            found |= {item.index: wrong.entry for item in items}
    return found


def _is_party(text: str) -> bool:
    try:
        check_party(text)
    except MalformedError:
        return False
    return True


@dataclass(slots=True)
class _Packed:
    """In what things are packed, as their events say: (thing, parent) -> (when, whether it is in there)."""

    said: dict[tuple[str, str], list[tuple[int, bool]]] = field(default_factory=dict)

    def take(self, thing: str, event: Event) -> str | None:
        """Take in what an event says of a thing's packing; return what it is packed in."""
        parent, us = event.parent, event.us
        if parent in (None, thing) or us is None or event.kind not in GROUPING:
            return None
        assert parent is not None  # noqa: S101 - looked at just now
        self.said.setdefault((thing, parent), []).append((us, event.action != "DELETE"))
        return parent

    def holds(self, parent: str, things: Iterable[str], us: int) -> bool:
        """Return whether one of the things is in a parent at a time, perhaps in something else in it."""
        wanted, seen, queue = set(things), {parent}, [parent]
        while queue:
            outer = queue.pop()
            for (thing, around), said in self.said.items():
                before = [one for one in said if one[0] <= us]
                if around != outer or thing in seen or not before or not max(before)[1]:
                    continue
                if thing in wanted:
                    return True
                seen.add(thing)
                queue.append(thing)
        return False


def follow(view: View, things: Iterable[str], parties: Iterable[str]) -> Followed:
    """Return the events of things, as those say who had them.

    Args:
        view: the ledger.
        things: the ids of lots, items and products.
        parties: who is heard first: makers, and who holds the brand.

    """
    found, packed = Followed(), _Packed()
    whose, what = sorted(set(parties)), list(dict.fromkeys(things))
    goods = tuple(what)
    asked: set[tuple[str, str]] = set()
    queue = deque((thing, party) for thing in what for party in whose)
    while queue:
        thing, party = queue.popleft()
        if (thing, party) in asked:
            continue
        if len(asked) == MAX_HISTORIES:
            found.whole = False
            break
        asked.add((thing, party))
        said = _said(view, thing, party)
        errors = _in_error(said)
        found.errors |= errors
        new_parties, new_things = set[str](), set[str]()
        for item in said:
            event = event_of(item)
            found.heard.setdefault(item.index, (item, thing))
            if item.index in errors:
                continue
            new_parties |= {one for _, one in event.ends("destination") if _is_party(one)}
            parent = packed.take(thing, event)
            if parent is not None:
                new_things.add(parent)
        for one in sorted(new_things - set(what)):
            what.append(one)
            queue.extend((one, known) for known in whose)
        for one in sorted(new_parties - set(whose)):
            whose.append(one)
            queue.extend((known, one) for known in what)
    found.heard = {
        index: (item, thing)
        for index, (item, thing) in found.heard.items()
        if thing in goods or packed.holds(thing, goods, event_of(item).us or 0)
    }
    return found


@dataclass(frozen=True, slots=True)
class Moved:
    """Where goods went by events: as rows, to whom, and that there are more than are read."""

    rows: list[dict[str, Any]]
    receivers: dict[str, None]
    left_out: list[Failure]


def moved_by_events(asked: Asked, things: Iterable[str], parties: Iterable[str]) -> Moved:
    """Return where things went by the events of those who had them, by the time asked about."""
    found = follow(asked.view, things, parties)
    moves = [(index, move) for index, move in found.moves() if move.us <= asked.valid_at_us]
    rows = [_moved(*found.heard[index], move) for index, move in moves]
    receivers = {party: None for _, move in moves for _, party in move.receiver if _is_party(party)}
    return Moved(rows, receivers, found.left_out)


def _moved(item: Standing, thing: str, move: Move) -> dict[str, Any]:
    return {
        "entry": item.index,
        "event": item.subject,
        "step": move.step,
        "about": thing,
        "issuer": item.issuer,
        "senders": list(dict.fromkeys(party for _, party in move.sender)),
        "receivers": list(dict.fromkeys(party for _, party in move.receiver)),
        "moved_at": format_us(move.us),
        "place": move.location or move.read_point,
        "to_place": next(iter(move.end), None),
    }


def hear_events(told: Heard, goods: str, page: Walk) -> list[Failure]:
    """Take in the events of what is asked about, of a lot or item of all it was made of, too.

    Returns that there are more than are read, if there are.
    """
    view, product = told.asked.view, product_of(goods)
    things = [goods] if goods == product else [*things_named(goods), *page.looked_at]
    products = {product, *map(product_of, page.looked_at)}
    makers = {item.issuer for item in page.lots.values()}
    found = follow(view, things, makers.union(*(right_holders(view, one) for one in products)))
    for index, (item, thing) in sorted(found.heard.items()):
        told.take((item.entry,), thing)
        told.undone.setdefault(index, found.errors.get(index))
    return found.left_out
