"""Which things in a ledger have a name: read off the statements that give names."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from ledger.histories.history import Entry
from ledger.primitives.near import RANK, fit, normal_name
from ledger.statements.brand_family import Product, Qualification
from ledger.statements.catalogue import said_by, type_name
from ledger.statements.fields import Body, Names
from ledger.statements.identity_family import Party, PartyUpdate
from ledger.statements.origin_family import Facility, Lot
from ledger.statements.trade_family import Shop
from ledger.texts import Lang
from ledger.texts.joints import ASIDE

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
CALLED = (*dict.fromkeys(KINDS.values()), "lot")
"""Kinds of things that are called something, those told first that fit as well as others."""
MAX_OFFERED = 5
"""Things that are offered instead of one that a name does not stand for: more would not be read."""


def called(names: Mapping[str, str], lang: Lang) -> str:
    """Return names by language in one line, that of the language first."""
    first = sorted(names.items(), key=lambda item: item[0] != lang)
    return " / ".join(dict.fromkeys(name for _, name in first))


@dataclass(frozen=True, slots=True)
class Thing:
    """What a statement names: its kind, its id, its names by language, of a trademark its ``mark``."""

    kind: str
    id: str
    names: Mapping[str, str]

    def called(self, lang: Lang) -> str:
        """Return its names, that of the language first."""
        return called(self.names, lang)

    def to(self, lang: Lang) -> str:
        """Return its names, its id behind them."""
        names = self.called(lang)
        return f"{names}{ASIDE.fill(lang, self.id)}" if names else self.id


def _names_in(body: Body) -> Mapping[str, str]:
    """Return the names that a statement gives what it is about."""
    if isinstance(body, Qualification):
        return {} if isinstance(body.mark, msgspec.UnsetType) else {"mark": body.mark}
    names = getattr(body, "names", None)
    return names.given if isinstance(names, Names) else {}


def named_by(entry: Entry) -> Thing | None:
    """Return what a statement names, if anything."""
    body = None if entry.body is None else said_by(entry.body)
    if body is None or type_name(body) not in KINDS:
        return None
    about = entry.statement.subject
    if type_name(body) == "genesis":
        about = entry.statement.issuer
    elif isinstance(body, Qualification):
        about = str(body.number)
    names = _names_in(body)
    if not names and isinstance(body, Qualification):  # only a trademark's paper has a mark
        return None
    return Thing(KINDS[type_name(body)], about, names)


def called_in(entry: Entry) -> Thing | None:
    """Return what an entry names, if anything; a lot has no name: it is called by its number."""
    if isinstance(entry.body, Lot):
        return Thing("lot", entry.statement.subject, {})
    return named_by(entry)


def roles_in(entry: Entry) -> tuple[str, ...]:
    """Return the roles that an entry gives a party."""
    body = None if entry.body is None else said_by(entry.body)
    return tuple(sorted(body.roles)) if isinstance(body, Party | PartyUpdate) else ()


def _beside(entry: Entry) -> Iterator[str]:
    """Yield what goes with the thing that a statement names: whose it is, under which mark."""
    match None if entry.body is None else said_by(entry.body):
        case Qualification():
            yield entry.statement.subject
        case Product(brand=brand):
            yield brand
        case Facility(owner=owner):
            yield owner
        case Shop(trader=trader):
            yield trader
        case _:
            pass


class NameBook:
    """Parties, products, facilities, shops and trademarks by name: Chinese or English, without blanks and case.

    A trademark is called as it is marked. A party has the names that it has now; of goods and places every name that anybody ever
    registered counts, since several may say what one is called.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Read the statements that give names, in the log's order; others are passed over."""
        self._things: dict[str, Thing] = {}
        self._names: dict[str, dict[str, None]] = {}
        self._beside: dict[str, dict[str, None]] = defaultdict(dict)
        self._category: dict[str, str] = {}
        for entry in entries:
            thing = named_by(entry)
            if thing is None:
                continue
            names = self._names.setdefault(thing.id, {})
            if thing.kind == "party":
                names.clear()
            names.update(dict.fromkeys(map(normal_name, thing.names.values())))
            self._things[thing.id] = thing
            said = None if entry.body is None else said_by(entry.body)
            if isinstance(said, Product):
                self._category[thing.id] = str(said.category)
            for other in _beside(entry):
                self._beside[thing.id][other] = self._beside[other][thing.id] = None
        self._ids: dict[tuple[str, str], list[str]] = defaultdict(list)
        for id_, names in self._names.items():
            for name in names:
                self._ids[self._things[id_].kind, name].append(id_)

    def find(self, kind: str, name: str) -> tuple[str, ...]:
        """Return the ids of what has a name, in the order of their registration."""
        return tuple(self._ids.get((kind, normal_name(name)), ()))

    def thing(self, id_: str) -> Thing | None:
        """Return how a thing is called by the newest statement that names it."""
        return self._things.get(id_)

    def of_other_kinds(self, kinds: Collection[str], name: str) -> list[Thing]:
        """Return what has the very name and is of none of some kinds."""
        found = (id_ for kind in set(KINDS.values()) - set(kinds) for id_ in self.find(kind, name))
        return [self._things[id_] for id_ in sorted(found)]

    def beside(self, thing: Thing, kinds: Collection[str]) -> list[Thing]:
        """Return the things of some kinds that go with one: its owner, what is sold under it; at most MAX_OFFERED.

        Of what goes with it that goes with these, where it has none itself: of a shop the products, of a product its holder.
        """
        seen = dict.fromkeys(self._beside.get(thing.id, {}))
        found = [one for id_ in seen if (one := self._things.get(id_)) and one.kind in kinds]
        if not found:
            further = (far for near in seen for far in self._beside.get(near, {}))
            found = [
                one
                for id_ in dict.fromkeys(further)
                if id_ != thing.id and (one := self._things.get(id_)) and one.kind in kinds
            ]
        return found[:MAX_OFFERED]

    def categories_near(self, name: str) -> dict[str, Thing]:
        """Return the categories of products whose names have one in them, or are near, each with the nearest."""
        found: dict[str, Thing] = {}
        for thing in self.near(("product",), name):
            found.setdefault(self._category[thing.id], thing)
        return found

    def near(self, kinds: Collection[str], name: str) -> list[Thing]:
        """Return the things of some kinds whose names have one in them, or are near; at most MAX_OFFERED."""
        fitting = (
            (RANK.index(how), at, thing)
            for at, thing in enumerate(self._things.values())
            if thing.kind in kinds and (how := fit(name, self._names[thing.id]))
        )
        return [thing for _, _, thing in sorted(fitting, key=lambda item: item[:2])[:MAX_OFFERED]]
