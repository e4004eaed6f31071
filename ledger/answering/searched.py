"""Which things somebody may mean by a name: for looking, not for verdicts.

Names are no ids: two firms may have one, and nothing proves that no other bears it. Whoever goes on
with an id reads what it is kept in (``identity`` of a party, ``product`` of a product), which is proven.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.histories.history import Entry
from ledger.identifiers import lot_number
from ledger.primitives.near import RANK, Match, fit, near_ids
from ledger.statements.catalogue import said_by
from ledger.statements.identity_family import Party, PartyUpdate
from ledger.statements.origin_family import Lot
from ledger.store.names import newest
from ledger.store.reads import Snapshot, reading
from ledger.tables.names import KINDS, named_by
from ledger.writing.log import Log
from ledger.writing.publisher import require_head

COMPARED: Mapping[str, int] = {"party": 10_000, "party-update": 10_000}
"""Type -> statements whose names are compared, the newest ones."""
COMPARED_OTHERS = 2_000
"""The same of every other type."""
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

    kind: str
    id: str
    names: tuple[tuple[str, str], ...]
    roles: tuple[str, ...]
    entry: int
    match: Match

    def row(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "kind": self.kind,
            "id": self.id,
            "names": dict(self.names),
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


def called_in(entry: Entry) -> tuple[str, str, tuple[tuple[str, str], ...]] | None:
    """Return what an entry says something is called: its kind, its id, its names by language."""
    if isinstance(entry.body, Lot):
        return "lot", entry.statement.subject, ()
    thing = named_by(entry)
    return None if thing is None else (thing.kind, thing.id, tuple(thing.names.items()))


def roles_in(entry: Entry) -> tuple[str, ...]:
    """Return the roles that an entry gives a party."""
    body = None if entry.body is None else said_by(entry.body)
    return tuple(sorted(body.roles)) if isinstance(body, Party | PartyUpdate) else ()


def _fits(
    wanted: str, kind: str, id_: str, entries: list[Entry], near: Collection[str]
) -> Match | None:
    """Return the nearest way in which a name fits what statements call a thing, or its id."""
    called = {name for one in entries if (said := called_in(one)) for _, name in said[2]}
    number = lot_number(id_) if kind == "lot" else None
    found = (_by_id(wanted, id_, near), fit(wanted, called if number is None else {number}))
    return min((one for one in found if one is not None), key=RANK.index, default=None)


def _read(snapshot: Snapshot, size: int) -> tuple[dict[tuple[str, str], list[Entry]], bool]:
    """Return the statements that name each thing, and whether all there are were read."""
    found: dict[tuple[str, str], dict[int, Entry]] = {}
    complete = True
    for type_ in TYPES:
        limit = COMPARED.get(type_, COMPARED_OTHERS)
        read = 0
        for entry in newest(snapshot, type_, size, limit):
            read += 1
            said = called_in(entry)
            if said is not None:
                found.setdefault(said[:2], {})[entry.index] = entry
        complete &= read < limit
    return {
        thing: [entries[index] for index in sorted(entries)] for thing, entries in found.items()
    }, complete


def find_named(log: Log, name: str) -> Things:
    """Return the things that a name, or an id, may stand for, the nearest first, parties before goods.

    Raises:
        LogCorruptError: the database is damaged.

    """
    with reading(log.engine) as snapshot:
        size = require_head(snapshot).size
        known, complete = _read(snapshot, size)
    near = set(near_ids(name, (id_ for _, id_ in known)))
    found: list[Found] = []
    for (kind, id_), entries in known.items():
        held = entries[-1:] if kind == "party" else entries  # a party has the names that it has now
        match = _fits(name, kind, id_, held, near)
        newest_said = called_in(held[-1])
        if match is not None and newest_said is not None:
            last = held[-1]
            found.append(Found(kind, id_, newest_said[2], roles_in(last), last.index, match))
    order = list(dict.fromkeys([*KINDS.values(), "lot"]))
    found.sort(key=lambda one: (RANK.index(one.match), order.index(one.kind), one.entry))
    return Things(tuple(found[:MAX_TOLD]), len(found), len(known), complete, size)
