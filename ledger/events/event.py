"""One EPCIS event: read from its text, with the id, time, things, places and parties that it names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.errors import FormError, MalformedError
from ledger.events.checks import is_uri, time_us
from ledger.events.hashed import event_hash
from ledger.identifiers import check_lot, lot_id
from ledger.identifiers.gs1_uris import class_of, thing_of, things_named
from ledger.primitives import ijson

MAX_EVENT_SIZE = 50_000
"""Bytes of one event: as a text within a payload, its quotes escaped, it must fit a statement."""
MAX_THINGS = 1_000
"""Things that one event names: each is a history it joins."""

EPC_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
CLASS_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
LOT_NUMBER = ("cbvmda:lotNumber", "urn:epcglobal:cbv:mda:lotNumber")
_CBV_WORDS = ("https://ref.gs1.org/cbv/", "https://ns.gs1.org/cbv/")
_CBV_PREFIXES = ("BizStep-", "Disp-", "BTT-", "SDT-", "ER-", "Comp-")


def as_word(text: str) -> str:
    """Return a value of the vocabulary as events spell it, whatever it was spelled as."""
    if text.startswith("urn:epcglobal:cbv:") and text.count(":") == 4:  # noqa: PLR2004
        return text.rpartition(":")[2]
    for base in _CBV_WORDS:
        if text.startswith(base):
            rest = text.removeprefix(base)
            prefix = next((one for one in _CBV_PREFIXES if rest.startswith(one)), "")
            return rest.removeprefix(prefix)
    return text


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, str))


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Event:
    """An event that was read; where it breaks its form, what could be read of it.

    ``value``: its JSON, decimals as ``Decimal``.
    """

    value: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Return its type."""
        return str(self.value.get("type", ""))

    @property
    def id(self) -> str:
        """Return its eventID as it stands, else its hash by CBV 2.0."""
        given = self.value.get("eventID")
        return str(given) if is_uri(given) else event_hash(self.value)

    @property
    def action(self) -> str:
        """Return ADD, OBSERVE, DELETE; empty without one."""
        return _text(self.value.get("action")) or ""

    @property
    def step(self) -> str:
        """Return its business step as a word, empty without one."""
        return as_word(_text(self.value.get("bizStep")) or "")

    @property
    def disposition(self) -> str:
        """Return the state it says its things are in, empty without one."""
        return as_word(_text(self.value.get("disposition")) or "")

    @property
    def us(self) -> int | None:
        """Return when it happened, in microseconds since 1970."""
        return time_us(self.value.get("eventTime"))

    @property
    def in_error(self) -> bool:
        """Return whether it declares that this event was in error."""
        return "errorDeclaration" in self.value

    @property
    def parent(self) -> str | None:
        """Return the id of what the others are packed in or part of."""
        parent = _text(self.value.get("parentID"))
        return None if parent is None else thing_of(parent)

    def epcs(self, *lists: str) -> tuple[str, ...]:
        """Return the ids of the single things in these lists, of all by default."""
        found = (
            thing_of(one) for name in lists or EPC_LISTS for one in _texts(self.value.get(name))
        )
        return tuple(dict.fromkeys(found))

    def classes(self, *lists: str) -> tuple[str, ...]:
        """Return the ids of the lots and products in these lists, of all by default."""
        items = (one for name in lists or CLASS_LISTS for one in _objects(self.value.get(name)))
        found = (thing_of(one["epcClass"]) for one in items if _text(one.get("epcClass")))
        return tuple(dict.fromkeys(found))

    def _named(self) -> Iterator[str]:
        """Yield all URIs that name things: its ids, of the lot that an item names, too."""
        yield from _texts([self.value.get("parentID")])
        for name in EPC_LISTS:
            yield from _texts(self.value.get(name))
        for name in CLASS_LISTS:
            for item in _objects(self.value.get(name)):
                yield from _texts([item.get("epcClass")])
        yield from (lot for lot, _ in self.of_lots())

    def of_lots(self) -> Iterator[tuple[str, str]]:
        """Yield the lot that its ILMD says new things are of, with each of them."""
        ilmd = self.value.get("ilmd")
        told = (_text(ilmd.get(name)) for name in LOT_NUMBER) if isinstance(ilmd, dict) else ()
        number = next((one for one in told if one), None)
        if number is None:
            return
        for thing in self.epcs("epcList", "outputEPCList"):
            product = class_of(thing)
            if product is not None and thing.startswith(f"{product}/21/"):
                try:
                    lot = lot_id(product, number)
                    check_lot(lot)
                except MalformedError:
                    return
                yield lot, thing

    def things(self) -> tuple[str, ...]:
        """Return the ids of all things it names, each once, in its order."""
        named = (uri for uri in self._named() if is_uri(uri) or class_of(uri))
        return tuple(dict.fromkeys(one for uri in named for one in things_named(uri)))

    def place(self, name: str) -> str | None:
        """Return the id of ``readPoint`` or ``bizLocation``."""
        found = self.value.get(name)
        uri = _text(found.get("id")) if isinstance(found, dict) else None
        return None if uri is None else thing_of(uri)

    def ends(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return (type, id) of each ``source`` or ``destination``."""
        return tuple(
            (as_word(one["type"]), thing_of(one[name]))
            for one in _objects(self.value.get(f"{name}List"))
            if _text(one.get("type")) and _text(one.get(name))
        )


def parse_event(text: str) -> Event:
    """Return the event of a JSON text; whether its form is EPCIS's is not looked at.

    Raises:
        FormError: no JSON object, too large, or it names more things than one event may.

    """
    try:
        value = ijson.decode_decimals(text.encode(), limit=MAX_EVENT_SIZE)
    except MalformedError as error:
        raise FormError("event: {why}", why=error.sentence) from error
    except UnicodeEncodeError as error:
        raise FormError("event: a lone surrogate") from error
    if not isinstance(value, dict):
        raise FormError("event: no JSON object")
    event = Event(value)
    count = len(event.things())
    if count > MAX_THINGS:
        raise FormError(
            "event: it names {count} things, at most {most}: make several events of it",
            count=count,
            most=MAX_THINGS,
        )
    return event
