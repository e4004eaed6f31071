"""Which parties somebody may mean by a name: for looking, not for verdicts.

Names are no ids: two firms may have one, and nothing proves that no other bears it. Whoever goes on
with an id reads (``identity``, id), which is proven.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ledger.histories.history import Entry
from ledger.primitives.near import allowed_edits, edits, near_ids, normal_name
from ledger.statements.identity_family import Party, PartyUpdate
from ledger.store.names import newest
from ledger.store.reads import Snapshot, reading
from ledger.writing.log import Log
from ledger.writing.publisher import require_head

COMPARED = 10_000
"""Registrations of parties, and updates, whose names are compared, the newest ones."""
MAX_TOLD = 20
"""Parties named at most."""
PART_OF_ID = 8
"""Characters of an id that tell enough of it."""
MAX_NAME = 300
"""Characters of a name that is searched for."""
Match = Literal["same", "part", "near"]
RANK: tuple[Match, ...] = ("same", "part", "near")


@dataclass(frozen=True, slots=True)
class Found:
    """A party, how its names stand now, and how a name that was searched for fits one of them."""

    party: str
    names: Mapping[str, str]
    roles: tuple[str, ...]
    entry: int
    match: Match

    def row(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "party": self.party,
            "names": dict(self.names),
            "roles": list(self.roles),
            "entry": self.entry,
            "match": self.match,
        }


@dataclass(frozen=True, slots=True)
class Parties:
    """What a search found: the first of so many; ``compared``: how many parties were looked at."""

    found: tuple[Found, ...]
    total: int
    compared: int
    complete: bool
    size: int

    def value(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "parties": [one.row() for one in self.found],
            "total": self.total,
            "compared": self.compared,
            "complete": self.complete,
            "size": self.size,
        }


def match_of(wanted: str, names: Collection[str]) -> Match | None:
    """Return how a name fits one of a party's: as the same, as a part of it, nearly; None if it does not."""
    plain = normal_name(wanted)
    others = [normal_name(name) for name in names]
    if plain in others:
        return "same"
    if any(plain in other for other in others):
        return "part"
    most = allowed_edits(plain)
    near = most and any(edits(plain, other, most) <= most for other in others)
    return "near" if near else None


def _by_id(wanted: str, party: str, near: Collection[str]) -> Match | None:
    """Return how a text fits a party's id: as the same, as its credit code, GLN or host, nearly."""
    if party == wanted:
        return "same"
    if len(wanted) >= PART_OF_ID and wanted.casefold() in party.casefold():
        return "part"
    return "near" if party in near else None


def _entries(snapshot: Snapshot, size: int) -> Iterator[Entry]:
    for type_ in ("party", "party-update"):
        yield from newest(snapshot, type_, size, COMPARED)


def find_parties(log: Log, name: str) -> Parties:
    """Return the parties that a name, or an id, may stand for, the nearest first.

    Raises:
        LogCorruptError: the database is damaged.

    """
    with reading(log.engine) as snapshot:
        size, read = require_head(snapshot).size, 0
        said: dict[str, Entry] = {}
        for entry in _entries(snapshot, size):
            read += 1
            before = said.get(entry.statement.subject)
            if before is None or before.index < entry.index:
                said[entry.statement.subject] = entry
    near = set(near_ids(name, said))
    found: list[Found] = []
    for party, entry in said.items():
        body = entry.body
        assert isinstance(body, Party | PartyUpdate)  # noqa: S101 - found by their types
        names = body.names.given
        match = _by_id(name, party, near) or match_of(name, names.values())
        if match is not None:
            found.append(Found(party, names, tuple(sorted(body.roles)), entry.index, match))
    found.sort(key=lambda one: (RANK.index(one.match), one.entry))
    return Parties(tuple(found[:MAX_TOLD]), len(found), len(said), read < COMPARED, size)
