"""What the things in a command's lines are called now, where no answer says it: by the ledger at hand."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ledger.errors import PinyuanError, VerificationError
from ledger.texts import Lang

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from ledger.cli.at_hand import AtHand
    from ledger.histories.history import View

MAX_ASKED = 20
"""Things whose names a server is asked for: each takes it some histories."""

Names = dict[str, dict[str, str]]


def names_in(view: "View", texts: Iterable[str], most: int | None = None) -> Names:
    """Return what the things that texts speak of are called, of the first so many.

    Args:
        view: the ledger at hand.
        texts: of people and of commands; ids stand anywhere in them.
        most: things that are looked up; None for all.

    """
    from ledger.phrases import ids_in
    from ledger.questions.names import names_of

    found = dict.fromkeys(id_ for text in texts for id_ in ids_in(text))
    return names_of(view, list(found)[:most], None)


def texts_of(row: dict[str, Any]) -> Iterator[str]:
    """Yield what an outcome of a registration says: its refusals and remarks."""
    for item in row["refusals"]:
        yield item["message"]
    for item in row["remarks"]:
        yield from (item["about"], *item["near"])


def name_outcomes(rows: list[dict[str, Any]], view: "View", most: int | None = None) -> None:
    """Put beside each outcome what the things in its refusals and remarks are called."""
    from ledger.phrases import ids_in

    names = names_in(view, (text for row in rows for text in texts_of(row)), most)
    for row in rows:
        told = names_for((id_ for text in texts_of(row) for id_ in ids_in(text)), names)
        if told:
            row["names"] = told


def name_outcomes_there(rows: list[dict[str, Any]], there: "AtHand") -> VerificationError | None:
    """Name what outcomes speak of by what a server proves; return what it proves falsely.

    What was registered is told whether or not names can be had beside it.
    """
    try:
        if any(row["refusals"] or row["remarks"] for row in rows):
            with there.reading() as view:
                name_outcomes(rows, view, MAX_ASKED)
    except VerificationError as error:
        return error
    except PinyuanError:
        pass
    return None


def name_near(
    near: list[dict[str, Any]], reading: "Callable[[], AbstractContextManager[View]]"
) -> list[dict[str, Any]]:
    """Return what may be meant by names nobody registered, with what these things are called."""
    if not near:
        return near
    with reading() as view:
        names = names_in(view, (id_ for row in near for id_ in row["near"]), MAX_ASKED)
    return [row | {"names": names_for(row["near"], names)} for row in near]


def names_for(ids: Iterable[str], names: Names) -> Names:
    """Return those of names that are of these ids: of a lot its product's."""
    from ledger.questions.names import named_thing

    things = {thing[1] for id_ in ids if (thing := named_thing(id_)) is not None}
    return {id_: names[id_] for id_ in sorted(things & names.keys())}


def entry_texts(row: dict[str, Any]) -> list[str]:
    """Return what an entry speaks of: who says it, about what, and the texts of its payload."""
    from ledger.questions.names import texts_in

    texts = [row["issuer"], row["subject"], *(topic[1] for topic in row["histories"])]
    try:
        payload = json.loads(row["payload"])
    except ValueError:
        return texts
    return [*texts, *texts_in(payload)]


def payload_lines(row: dict[str, Any], said: Iterable[str], lang: Lang) -> list[str]:
    """Return what the things in a payload are called that no line above speaks of; it stays as it was signed."""
    from ledger.phrases import ids_in, with_names

    above = {id_ for line in said for id_ in ids_in(line)}
    ids = dict.fromkeys(id_ for text in entry_texts(row) for id_ in ids_in(text))
    told = with_names([id_ for id_ in ids if id_ not in above], row["names"], lang)
    return [f"  {line}" for line in told if line not in ids]
