"""What is offered where a name stands for nothing that is wanted, or for several things: by name, kind and id."""

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from ledger.identifiers.kinds import Kind
from ledger.tables.said import say
from ledger.texts import Lang, Words
from ledger.texts.joints import COLON, chosen, listed

if TYPE_CHECKING:
    from ledger.tables.names import NameBook, Thing

Book = Callable[[], "NameBook"]
"""Returns the names in the ledger at hand; raises UsageError where none is."""
OF_KIND = Words("{0} ({1}, {2})", "a thing, its kind, its id")
MAX_OTHERS = 2
"""Things of another kind with the very name that are told."""


def _told(things: Iterable["Thing"], kinds: Collection[str], lang: Lang) -> list[str]:
    """Return things with their names and ids, and with their kinds where several kinds are wanted."""
    if len(kinds) == 1:
        return [one.to(lang) for one in things]
    return [
        OF_KIND.fill(lang, one.called(lang) or one.id, Kind(one.kind).to(lang), one.id)
        for one in things
    ]


def among(book: Book | None, ids: Iterable[str], lang: Lang) -> str:
    """Return the things that a text may stand for, as their ledger calls them."""
    if book is None:
        return listed(ids, lang)
    known = book()
    found = [(id_, known.thing(id_)) for id_ in ids]
    kinds = {one.kind for _, one in found if one is not None} | {
        "" for _, one in found if one is None
    }
    return listed(
        (id_ if one is None else _told([one], kinds, lang)[0] for id_, one in found), lang
    )


def instead(
    book: Book | None, kinds: Collection[str], name: str, lang: Lang, wanted: str
) -> str | None:
    """Return what a name is that none of some kinds has, and which of these may be meant; None where nothing is near.

    Args:
        book: the names in the ledger at hand, None where it cannot say what is near.
        kinds: those of what is wanted.
        name: as somebody typed it.
        lang: the language to say it in.
        wanted: what may be typed, said where none of these may be meant.

    """
    if book is None:
        return None
    known = book()
    others = known.of_other_kinds(kinds, name)[:MAX_OTHERS]
    beside = [one for other in others for one in known.beside(other, kinds)]
    meant = {one.id: one for one in (*beside, *known.near(kinds, name))}
    no = chosen((Kind(kind).to(lang) for kind in kinds), lang)
    tail = say("offered", lang, things=chosen(_told(meant.values(), kinds, lang), lang))
    if others:
        is_ = listed(
            (
                OF_KIND.fill(lang, one.called(lang), Kind(one.kind).to(lang), one.id)
                for one in others
            ),
            lang,
        )
        said = say("name-other", lang, things=is_, kinds=no)
        return said + (
            tail if meant else COLON.to(lang) + say("wanted", lang, wanted=wanted, detail="")
        )
    return say("name-near", lang, name=name, kinds=no) + tail if meant else None
