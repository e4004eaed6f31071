"""What the things in an answer are called: names as they stood at the time that is asked about.

A party is called as the operator registered it; a product, place, shop or standard as who holds its
name says (``ledger.rules.claims``): a stranger names nothing, and what is contested has no name. A
brand is called by its mark, as the papers have it. A lot or an item is its product's. Nothing here
changes a verdict; whoever reads a bundle finds the same names from it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from ledger.histories.history import Entry, Fold, View
from ledger.identifiers import product_of
from ledger.identifiers.kinds import kind_of
from ledger.rules.claims import Claim, holding, maker_of
from ledger.rules.codes import LIST_FACTS
from ledger.rules.standing import CLAIMS, in_doubt, standing, standing_of
from ledger.statements.brand_family import TRADEMARK_KINDS, Qualification
from ledger.statements.fields import Names
from ledger.statements.identity_family import Party, PartyUpdate
from ledger.statements.log_family import Genesis

Called = Mapping[str, str]
"""A thing's names by language, ``zh`` and ``en``; of a brand its ``mark``."""
Version = tuple[int, Called]
"""The entry that gives names, and them."""

SCHEMES = ("https://", "urn:", "did:")
"""How ids of things begin."""
TOPICS = {
    "party": "identity",
    "product": "product",
    "lot": "product",
    "item": "product",
    "facility": "facility",
    "shop": "shop",
    "standard": "standard",
    "trademark": "qualification-number",
}
"""Kind of thing -> the history that says what it is called."""


def _of_party(known: tuple[Version, ...], entries: Sequence[Entry]) -> tuple[Version, ...]:
    found = (
        (entry.index, entry.body.names.given)
        for entry in entries
        if isinstance(entry.body, Genesis | Party | PartyUpdate)
    )
    return (*known, *found)


party_names = Fold(tuple, _of_party)
"""A party's names from the history (``identity``, party), oldest first."""


def _of_mark(view: View, brand: str) -> Iterator[Version]:
    """Yield what the papers of a brand call it, ended or not: it is called so still."""
    for item in view.fold(standing, "qualification-number", brand).values():
        body = item.body
        if not isinstance(body, Qualification) or body.kind not in TRADEMARK_KINDS:
            continue
        if isinstance(body.mark, str) and in_doubt(view, item) is None:
            yield item.index, {"mark": body.mark}


def _of_claimed(view: View, topic: str, thing: str) -> Iterator[Version]:
    """Yield what the holder of a name says the thing is called."""
    found = holding(view, topic, thing)
    if not isinstance(found, Claim):
        return
    for kind in CLAIMS[topic]:
        for item in standing_of(view, topic, thing, kind):
            names = getattr(item.body, "names", None)
            own = maker_of(view, item) == found.maker and in_doubt(view, item) is None
            if own and isinstance(names, Names):
                yield item.index, names.given


def _versions(view: View, topic: str, thing: str) -> Sequence[Version]:
    match topic:
        case "identity":
            return view.fold(party_names, topic, thing)
        case "qualification-number":
            return sorted(_of_mark(view, thing), key=lambda item: item[0])
        case _:
            return sorted(_of_claimed(view, topic, thing), key=lambda item: item[0])


def names_at(view: View, topic: str, thing: str, at_us: int | None) -> Called:
    """Return what a thing was called at a time: by the newest that was registered by then.

    Before it had a name at all, by its first one. When it was registered is asked only of what has
    several: seals are no evidence where there is nothing to choose. None: now, by all that is known.
    """
    versions = _versions(view, topic, thing)
    for index, called in reversed(versions[1:]):
        if at_us is None or view.registered_us(index) <= at_us:
            return called
    return versions[0][1] if versions else {}


def named_thing(text: str) -> tuple[str, str] | None:
    """Return the history that says what a text's thing is called, None for what has no name."""
    if not text.startswith(SCHEMES):
        return None
    kind = kind_of(text)
    if kind not in TOPICS:
        return None
    return TOPICS[kind], product_of(text) if kind in ("lot", "item") else text


def texts_in(value: Any) -> Iterator[str]:
    """Yield the texts of a JSON value; not the names of its fields."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from texts_in(item)
        case dict():
            for name, item in value.items():
                listed = name in LIST_FACTS and isinstance(item, str)
                yield from texts_in(item.split(" ") if listed else item)
        case _:
            pass


def names_of(view: View, texts: Iterable[str], at_us: int | None) -> dict[str, dict[str, str]]:
    """Return what the things among texts were called at a time, by id in order of code points.

    Args:
        view: the ledger as it is known.
        texts: whole ids, among whatever else; lots and items are named by their product.
        at_us: the time in the world, microseconds since 1970; None for now, by all that is known.

    """
    found = {thing for text in {*texts} if (thing := named_thing(text)) is not None}
    called = (
        (thing, names_at(view, topic, thing, at_us))
        for topic, thing in sorted(found, key=itemgetter(1))
    )
    return {thing: dict(names) for thing, names in called if names}
