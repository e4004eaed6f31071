"""Which thing on record may be meant by one that a question names and nobody registered.

Beside the answer, never in it: an answer about an unknown thing is proven as it is, and the same
from a bundle. Names are compared with those of the newest registrations, found by search.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.identifiers.kinds import kind_of
from ledger.primitives.near import near_ids
from ledger.questions.registered import REGISTERED_IN
from ledger.rules.remarks import MAX_LOTS, near_lots
from ledger.rules.standing import standing_of
from ledger.statements.origin_family import Lot
from ledger.store.names import registered
from ledger.store.reads import Snapshot, reading
from ledger.writing.log import Log
from ledger.writing.publisher import require_head


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
    kind = kind_of(name)
    return REGISTERED_IN[kind] if kind in LOOKED_UP else None


LOOKED_UP = ("party", "product", "lot", "facility", "shop")
"""Kinds of things whose names are compared; a sample's are its sealer's own."""
TYPES = {"identity": "party", "product": "product", "facility": "facility", "shop": "shop"}
"""The type that registers a thing, by its topic; of lots those of the product are known."""


def _near(snapshot: Snapshot, view: View, topic: str, name: str, size: int) -> list[str]:
    if topic == "lot":
        lots = standing_of(view, "lots", product_of(name), Lot)
        return near_lots(name, [item.subject for item in lots][-MAX_LOTS:])
    return near_ids(name, (about for about, _ in registered(snapshot, TYPES[topic], size)))


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
