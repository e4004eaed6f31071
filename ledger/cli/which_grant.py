"""Which grant is meant where a party is named: its only one, or those that there are to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import hexdigits
from typing import TYPE_CHECKING

from ledger.errors import ParameterError
from ledger.identifiers.statement_ids import ID_DIGITS
from ledger.texts import Lang, Words
from ledger.texts.joints import parts

if TYPE_CHECKING:
    from ledger.histories.history import View
    from ledger.rules.standing import Standing

GLN_DIGITS = 13
MAX_NAMED = 20
"""Grants that are named to choose from, the newest first."""
_GRANT = Words("entry {0}: {1} of {2}, by {3}")
_ENDED = Words("entry {0}: {1} of {2}, by {3}, ended")


def names_entry(text: str) -> bool:
    """Return whether a text is an index or a statement id, by its letters; a party's number is neither."""
    return not set(text) - set(hexdigits) and not (
        text.isdecimal() and GLN_DIGITS <= len(text) < ID_DIGITS
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    """Grants in words, to choose from."""

    items: Sequence["Standing"]
    names: Mapping[str, Mapping[str, str]]

    def to(self, lang: Lang) -> str:
        """Return them in a language, names before ids."""
        from ledger.phrases import with_names
        from ledger.rules.chains import grant

        lines = (
            (_GRANT if item.ended is None else _ENDED).fill(
                lang, item.index, ", ".join(grant(item).goods), grant(item).brand, item.issuer
            )
            for item in self.items
        )
        return parts([with_names([line], self.names, lang)[0] for line in lines], lang)


@dataclass(frozen=True, slots=True)
class _Named:
    """A party, by its name before its id."""

    party: str
    names: Mapping[str, Mapping[str, str]]

    def to(self, lang: Lang) -> str:
        """Return it in a language."""
        from ledger.phrases import with_names

        return with_names([self.party], self.names, lang)[0]


def grant_of(view: "View", party: str) -> str:
    """Return the entry of the one grant to a party that stands.

    Raises:
        ParameterError: it has none, or several to choose from.

    """
    from ledger.questions.grants import granted
    from ledger.questions.names import names_of
    from ledger.rules.chains import grant

    known = list(granted(view, party, "*"))
    standing = [item for item in known if item.ended is None]
    if len(standing) == 1:
        return str(standing[0].index)
    items = (standing or known)[::-1][:MAX_NAMED]
    ids = {party} | {one for item in items for one in (item.issuer, str(grant(item).brand))}
    names = names_of(view, ids, None)
    who, grants = _Named(party, names), _Choice(items, names)
    if not known:
        raise ParameterError(
            "{party} was never granted anything: name a grant by its entry or id", party=who
        )
    if standing:
        raise ParameterError(
            "{party} has more than one grant that stands: name one by its entry: {grants}",
            party=who,
            grants=grants,
        )
    if len(known) == 1:
        raise ParameterError(
            "the only grant that {party} had has ended: name it by its entry: {grants}",
            party=who,
            grants=grants,
        )
    raise ParameterError(
        "all grants that {party} had have ended: name one by its entry: {grants}",
        party=who,
        grants=grants,
    )
