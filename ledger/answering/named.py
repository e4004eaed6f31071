"""What things are called now: beside what no answer names."""

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

from ledger.histories.history import Entry, View
from ledger.phrases import ids_in
from ledger.questions.names import named_thing, names_of, texts_in
from ledger.statements.catalogue import histories_of

MAX_ASKED = 20
"""Things whose names a server is asked for: each takes it some histories."""

Names = dict[str, dict[str, str]]


def names_in(view: View, texts: Iterable[str], most: int | None = None) -> Names:
    """Return what the things that texts speak of are called, of the first so many.

    Args:
        view: the ledger at hand.
        texts: of people and of commands; ids stand anywhere in them.
        most: things that are looked up; None for all.

    """
    found = dict.fromkeys(id_ for text in texts for id_ in ids_in(text))
    return names_of(view, list(found)[:most], None)


def texts_in_entry(entry: Entry) -> list[str]:
    """Return what an entry speaks of: who says it, about what, and the texts of its payload."""
    statement = entry.statement
    topics = (subject for _, subject in histories_of(statement, entry.body))
    texts = [statement.issuer, statement.subject, *topics]
    try:
        return [*texts, *texts_in(json.loads(statement.payload))]
    except ValueError:  # a foreign payload, or the digest of one
        return texts


def names_for(ids: Iterable[str], names: Names) -> Names:
    """Return those of names that are of these ids: of a lot its product's."""
    things = {thing[1] for id_ in ids if (thing := named_thing(id_)) is not None}
    return {id_: names[id_] for id_ in sorted(things & names.keys())}


def name_near(
    near: list[dict[str, Any]], reading: Callable[[], AbstractContextManager[View]]
) -> list[dict[str, Any]]:
    """Return what may be meant by names nobody registered, with what these things are called."""
    if not near:
        return near
    with reading() as view:
        names = names_in(view, (id_ for row in near for id_ in row["near"]), MAX_ASKED)
    return [row | {"names": names_for(row["near"], names)} for row in near]
