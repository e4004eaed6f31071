"""Which thing on record may be meant by one that a question names and nobody registered.

Beside the answer, never in it: an answer about an unknown thing is proven as it is, and the same
from a bundle. Names are compared with those of the newest registrations, found by search.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.histories.history import View
from ledger.histories.terms import term
from ledger.identifiers import looks_like_party, product_of, split_goods
from ledger.primitives.near import near_ids
from ledger.rules.remarks import MAX_LOTS, near_lots
from ledger.rules.standing import standing_of
from ledger.statements.catalogue import type_name
from ledger.statements.origin_family import Lot
from ledger.store.reads import Snapshot, reading
from ledger.store.search import Search, find, position
from ledger.store.view import parse_entry
from ledger.writing.log import Log
from ledger.writing.publisher import require_head

LOOKED_AT = 1_000
"""Registrations of one type that a name is compared with, the newest ones."""
UNINDEXED = 1_000
"""Entries behind the search index that are looked through."""

GOODS, PLACE, SHOP = (
    "https://id.gs1.org/01/",
    "https://id.gs1.org/414/",
    "urn:shop:",
)
"""How the ids of goods, places and shops begin."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A name that a question gives and nobody registered, and those it may stand for."""

    about: str
    near: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"about": self.about, "near": list(self.near)}


def _topic(name: str) -> str | None:
    """Return the history in which a thing is registered, None for what is no id of one."""
    if looks_like_party(name):
        return "identity"
    if name.startswith(GOODS):
        _, lot, serial = split_goods(name)
        return None if serial is not None else "product" if lot is None else "lot"
    return "facility" if name.startswith(PLACE) else "shop" if name.startswith(SHOP) else None


TYPES = {"identity": "party", "product": "product", "facility": "facility", "shop": "shop"}
"""The type that registers a thing, by its topic; of lots those of the product are known."""


def _registered(snapshot: Snapshot, type_: str, size: int) -> Iterator[str]:
    """Yield what the newest statements of a type are about."""
    indexed = min(position(snapshot), size)
    start = max(indexed, size - UNINDEXED)
    for index, leaf in enumerate(snapshot.leaf_range(start, size), start):
        entry = parse_entry(index, leaf)
        if entry.body is not None and type_name(entry.body) == type_:
            yield entry.statement.subject
    wanted = Search((term("type", type_),), 0, indexed)
    found = find(snapshot, wanted, limit=LOOKED_AT, newest_first=True)
    for index, leaf in snapshot.leaves(found).items():
        yield parse_entry(index, leaf).statement.subject


def _near(snapshot: Snapshot, view: View, topic: str, name: str, size: int) -> list[str]:
    if topic == "lot":
        lots = standing_of(view, "lots", product_of(name), Lot)
        return near_lots(name, [item.subject for item in lots][-MAX_LOTS:])
    return near_ids(name, _registered(snapshot, TYPES[topic], size))


def meant(log: Log, parameters: Mapping[str, str]) -> list[Meant]:
    """Return what may be meant by each name among parameters that nobody registered, where anything is near.

    Raises:
        LogCorruptError: the database is damaged.

    """
    found: list[Meant] = []
    named = {name: topic for name in parameters.values() if (topic := _topic(name)) is not None}
    if not named:
        return found
    with reading(log.engine) as snapshot:
        size = require_head(snapshot).size
        view = log.view(snapshot, size)
        for name, topic in named.items():
            if not view.history(topic, name).count:
                near = _near(snapshot, view, topic, name, size)
                if near:
                    found.append(Meant(name, tuple(near)))
    return found
