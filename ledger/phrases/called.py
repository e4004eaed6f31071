"""Names before ids: what people are told of parties, goods, places, shops and brands.

A name is only what its bearer, or who registered it, calls a thing. Its id stands beside it, whole:
in a line that names nothing else once. Which of two names look alike is for the eyes of who reads them.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from ledger.texts import Lang
from ledger.texts.joints import ASIDE, CLOSE

_ID = r"(?:https://|urn:|did:)[A-Za-z0-9:/._~%-]*[A-Za-z0-9_~%]"
"""What may be an id, by its letters; a sentence's own stop or colon behind it is none of them."""
_TOLD = re.compile(rf"`[^`]*`|(?P<before>)(?P<id>{_ID})(?P<after>)")
_TOLD_CLOSE = re.compile(
    rf"`[^`]*`|(?P<before>(?:(?<=[^\x00-\x7f]) )?)(?P<id>{_ID})(?P<after>(?: (?=[^\x00-\x7f]))?)"
)
"""Ids, in Chinese with the blank that sets Latin letters apart. What stands between back quotes is
to be typed, and stays as it is."""
_LIKE_ID = re.compile(
    r"(?:https?|urn|did):\S|gs[1il]\.org|\d{8}|\d(?:[ -]?\d){11}|(?=[a-f]*[0-9])[0-9a-f]{16}"
)
"""What passes for an id, or for a part of one, in a name as it looks."""
_LOOKS = str.maketrans(
    {
        **dict.fromkeys("\u02d0\u0589\u05c3\u2236\ua789", ":"),
        **dict.fromkeys("\u2044\u2215\u2571\u29f8", "/"),
        **dict.fromkeys("\u0701\u0702\u3002", "."),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict(zip("асԁеցһіӏոорԛгѕսхуѵ", "acdeghilnopqrsuxyv", strict=True)),  # noqa: RUF001 - meant
        **dict(zip("αιορτυνɡıօհ", "aioptuvgioh", strict=True)),
    }
)
"""Signs, and letters of other scripts, that look like those of ids."""
_PART = re.compile(r"(https://id\.gs1\.org/01/[0-9]{14})/(?:10|21)/.+")
"""Goods that are called as their product is."""
LONGEST = 100
"""Letters of a name that are told; all of it stands in the JSON beside."""

Names = Mapping[str, Mapping[str, str]]


def name_in(called: Mapping[str, str], lang: Lang) -> str | None:
    """Return a thing's name in a language, else in another one; None for what would pass for an id."""
    found = (called.get(one) for one in (lang, "en", "zh", "mark"))
    name = next(filter(None, found), None)
    if name is None or _LIKE_ID.search(_as_it_looks(name)):
        return None
    return name if len(name) <= LONGEST else f"{name[:LONGEST]}…"


def name_of(id_: str, names: Names, lang: Lang) -> str | None:
    """Return what the thing of an id is called, a lot and an item as their product is; None for no name."""
    called = names.get(_named(id_))
    return None if called is None else name_in(called, lang)


def _named(id_: str) -> str:
    """Return the id of what names a thing: itself, or its product."""
    part = _PART.fullmatch(id_)
    return id_ if part is None else part[1]


def _as_it_looks(name: str) -> str:
    """Return a name in plain letters without case, accents, joiners, and blanks in a row."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    seen = (one for one in plain if unicodedata.category(one) not in ("Mn", "Me", "Cf"))
    return " ".join("".join(seen).translate(_LOOKS).split())


class _Line:
    """Puts names before the ids of one line after another."""

    def __init__(self, names: Names, lang: Lang) -> None:
        found = ((id_, name_in(called, lang)) for id_, called in names.items())
        self._names = {id_: name for id_, name in found if name is not None}
        self._lang = lang
        self._said, self._alone = False, False

    def told(self, line: str) -> str:
        named = {id_ for id_ in ids_in(line) if self._name(id_) is not None}
        self._said, self._alone = False, len(named) == 1
        return (_TOLD_CLOSE if self._lang in CLOSE else _TOLD).sub(self._called, line)

    def _name(self, id_: str) -> str | None:
        return self._names.get(_named(id_))

    def _called(self, found: re.Match[str]) -> str:
        id_ = found["id"]
        name = None if id_ is None else self._name(id_)
        if name is None:
            return found[0]
        again = self._said and self._alone and id_ in self._names
        self._said = True
        with_id = name + ASIDE.fill(self._lang, id_)
        if self._lang not in CLOSE:
            return name if again else with_id
        before = found["before"] if name[0].isascii() else ""
        after = found["after"] if again and name[-1].isascii() else ""
        return before + (name if again else with_id) + after


def ids_in(text: str) -> list[str]:
    """Return what may be ids in a text for people, by their letters."""
    return [found["id"] for found in _TOLD.finditer(text) if found["id"] is not None]


def with_names(lines: Iterable[str], names: Names, lang: Lang) -> list[str]:
    """Return lines in which each id of a thing that has a name stands behind it, in brackets.

    Args:
        lines: for people.
        names: what things are called, by id (``ledger.questions.names``); lots by their product.
        lang: whose names are wanted first.

    """
    line = _Line(names, lang)
    return [line.told(text) for text in lines] if names else [*lines]
