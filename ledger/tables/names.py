"""Which things in a ledger have a name: read off the statements that give names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ledger.histories.history import Entry
from ledger.primitives.near import normal_name
from ledger.statements.brand_family import Qualification
from ledger.statements.catalogue import said_by, type_name
from ledger.statements.fields import Body, Names

KINDS: Mapping[str, str] = {
    "genesis": "party",
    "party": "party",
    "party-update": "party",
    "product": "product",
    "facility": "facility",
    "shop": "shop",
    "qualification": "trademark",
}
"""Type -> the kind of what it names."""
NAMING = (*KINDS, "supersede")
"""Types of statements to read."""


def _names_in(body: Body) -> Iterable[str]:
    """Return the names that a statement gives what it is about."""
    if isinstance(body, Qualification):
        return () if isinstance(body.mark, msgspec.UnsetType) else (body.mark,)
    names = getattr(body, "names", None)
    return names.given.values() if isinstance(names, Names) else ()


def named_by(entry: Entry) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield what a statement names, if anything: its kind, its id, its names."""
    body = None if entry.body is None else said_by(entry.body)
    if body is None or type_name(body) not in KINDS:
        return
    about = entry.statement.subject
    if type_name(body) == "genesis":
        about = entry.statement.issuer
    elif isinstance(body, Qualification):
        about = str(body.number)
    names = tuple(_names_in(body))
    if names or not isinstance(body, Qualification):  # only a trademark's paper has a mark
        yield KINDS[type_name(body)], about, names


class NameBook:
    """Parties, products, facilities, shops and trademarks by name: Chinese or English, without blanks and case.

    A trademark is called as it is marked. A party has the names that it has now; of goods and places every name that anybody ever
    registered counts, since several may say what one is called.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Read the statements that give names, in the log's order; others are passed over."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for entry in entries:
            for kind, about, names in named_by(entry):
                if kind == "party":
                    found[kind, about].clear()
                found[kind, about].update(map(normal_name, names))
        self._ids: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (kind, about), names_of in found.items():
            for name in names_of:
                self._ids[kind, name].append(about)

    def find(self, kind: str, name: str) -> tuple[str, ...]:
        """Return the ids of what has a name, in the order of their registration."""
        return tuple(self._ids.get((kind, normal_name(name)), ()))
