"""Which thing on record may be meant by one that a question names and nobody registered.

Beside the answer, never in it: an answer about an unknown thing is proven as it is, and the same
from a bundle. Names are compared with those of the newest registrations, found by search.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.identifiers.kinds import kind_of
from ledger.primitives.near import near_ids
from ledger.rules.remarks import MAX_LOTS, near_lots
from ledger.rules.standing import standing_of
from ledger.statements.origin_family import Lot
from ledger.statements.topics import REGISTERED_IN


@dataclass(frozen=True, slots=True)
class Meant:
    """A name that a question gives and nobody registered, and those it may stand for."""

    about: str
    near: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"about": self.about, "near": list(self.near)}


Registered = Callable[[str], Iterable[str]]
"""Type -> what its newest statements are about; found by search, or by reading the whole log."""
COMPARED = ("party", "product", "lot", "facility", "shop")
"""Kinds of things whose names are compared, and types that register them; a sample's are its
sealer's own."""


def _near(view: View, registered: Registered, kind: str, name: str) -> list[str]:
    """Return the registered names near one; of lots those of its product."""
    if kind == "lot":
        lots = standing_of(view, "lots", product_of(name), Lot)
        return near_lots(name, [item.subject for item in lots][-MAX_LOTS:])
    return near_ids(name, registered(kind))


def meant(view: View, registered: Registered, parameters: Mapping[str, str]) -> list[Meant]:
    """Return what may be meant by each name among parameters that nobody registered, where anything is near.

    Raises:
        LogCorruptError: the database is damaged.

    """
    found: list[Meant] = []
    for name in dict.fromkeys(parameters.values()):
        kind = kind_of(name)
        if kind in COMPARED and not view.history(REGISTERED_IN[kind], name).count:
            near = _near(view, registered, kind, name)
            if near:
                found.append(Meant(name, tuple(near)))
    return found
