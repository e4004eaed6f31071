"""Which things somebody may mean by a name: for looking, not for verdicts.

Names are no ids: two firms may have one, and nothing proves that no other bears it. Whoever goes on
with an id reads what it is kept in (``identity`` of a party, ``product`` of a product), which is proven.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from ledger.histories.history import Entry, View
from ledger.identifiers import lot_number, product_of
from ledger.primitives.near import RANK, Match, fit, near_ids
from ledger.questions.names import names_of
from ledger.tables.names import CALLED, KINDS, Thing, called_in, roles_in

Named = list[tuple[Thing, Entry]]
"""The statements that name one thing, oldest first."""
TYPES = (*KINDS, "lot", "supersede")
"""Types of statements that are looked through: a lot is called by its number."""
MAX_TOLD = 20
"""Things named at most."""
PART_OF_ID = 8
"""Characters of an id that tell enough of it."""
MAX_NAME = 300
"""Characters of a name that is searched for."""


@dataclass(frozen=True, slots=True)
class Found:
    """A thing, how it is called by the newest statement that names it, and how a name fits.

    ``roles``: of a party.
    """

    thing: Thing
    roles: tuple[str, ...]
    entry: int
    match: Match

    def row(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "kind": self.thing.kind,
            "id": self.thing.id,
            "names": dict(self.thing.names),
            "roles": list(self.roles),
            "entry": self.entry,
            "match": self.match,
        }


@dataclass(frozen=True, slots=True)
class Things:
    """What a search found: the first of so many; ``compared``: how many things were looked at."""

    found: tuple[Found, ...]
    total: int
    compared: int
    complete: bool
    size: int

    def value(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "things": [one.row() for one in self.found],
            "total": self.total,
            "compared": self.compared,
            "complete": self.complete,
            "size": self.size,
        }


BARE = re.compile(r"^(?:https://id\.gs1\.org/(?:01|414|417)/0*|urn:uscc:)")
"""What stands before a number that is typed without it."""


def _by_id(wanted: str, id_: str, near: Collection[str]) -> Match | None:
    """Return how a text fits an id: as the same, as its GTIN, credit code, GLN or host, nearly."""
    if id_ == wanted or BARE.sub("", id_) == wanted.lstrip("0"):
        return "same"
    if len(wanted) >= PART_OF_ID and wanted.casefold() in id_.casefold():
        return "part"
    return "near" if id_ in near else None


def _fits(wanted: str, said: list[Thing], near: Collection[str]) -> Match | None:
    """Return the nearest way in which a name fits what statements call one thing, or its id."""
    kind, id_ = said[-1].kind, said[-1].id
    number = lot_number(id_) if kind == "lot" else None
    called = {name for one in said for name in one.names.values()} if number is None else {number}
    found = (_by_id(wanted, id_, near), fit(wanted, called))
    return min((one for one in found if one is not None), key=RANK.index, default=None)


def gathered(entries: Iterable[Entry]) -> list[Named]:
    """Return what names each thing: (thing, entry), oldest first; entries that name nothing are passed over."""
    found: dict[tuple[str, str], dict[int, tuple[Thing, Entry]]] = {}
    for entry in entries:
        thing = called_in(entry)
        if thing is not None:
            found.setdefault((thing.kind, thing.id), {})[entry.index] = thing, entry
    return [[said[index] for index in sorted(said)] for said in found.values()]


def named_so(known: list[Named], name: str, view: View, size: int, *, complete: bool) -> Things:
    """Return the things that a name, or an id, may stand for, the nearest first, parties before goods.

    Args:
        known: what names each thing.
        name: as it was typed.
        view: where lots are called as their product is.
        size: of the log.
        complete: whether ``known`` is all that the log names.

    """
    near = set(near_ids(name, (said[-1][0].id for said in known)))
    found: list[Found] = []
    for said in known:
        thing, entry = said[-1]
        held = said[-1:] if thing.kind == "party" else said  # a party has the names it has now
        match = _fits(name, [one for one, _ in held], near)
        if match is not None:
            found.append(Found(thing, roles_in(entry), entry.index, match))
    found.sort(key=lambda one: (RANK.index(one.match), CALLED.index(one.thing.kind), one.entry))
    told = _lots_named(view, found[:MAX_TOLD])
    return Things(told, len(found), len(known), complete, size)


def _lots_named(view: View, found: Iterable[Found]) -> tuple[Found, ...]:
    """Return what was found, lots called as who holds their product's name says."""
    lots = [one.thing.id for one in found if one.thing.kind == "lot"]
    names = names_of(view, lots, None)
    return tuple(
        replace(one, thing=replace(one.thing, names=names.get(product_of(one.thing.id), {})))
        if one.thing.kind == "lot"
        else one
        for one in found
    )
