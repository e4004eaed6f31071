"""What stands between the parts of a sentence or a list, as a language sets it."""

from collections.abc import Iterable
from functools import reduce

from ledger.texts import Lang, Words

LISTED = Words(", ", "list")
CHOSEN = Words(" or ", "list")
PARTS = Words("; ", "list")
WITHIN = Words(", ", "within a sentence")
COLON = Words(": ", "colon")
FOLLOWING = Words("{0} {1}", "sentences")
ASIDE = Words(" ({0})", "aside")
CLOSE: frozenset[Lang] = frozenset({"zh", "ja"})
"""Languages whose script sets no blanks between words."""


def clause(sentence: str) -> str:
    """Return a sentence without its full stop, to stand within another."""
    return sentence.rstrip(".。")


def listed(items: Iterable[str], lang: Lang) -> str:
    """Return the items of a list in one line."""
    return LISTED.to(lang).join(items)


def chosen(items: Iterable[str], lang: Lang) -> str:
    """Return what may be chosen from in one line."""
    return CHOSEN.to(lang).join(items)


def following(sentences: Iterable[str], lang: Lang) -> str:
    """Return sentences one behind another."""
    both = FOLLOWING.to(lang)
    return reduce(both.format, sentences)


def parts(items: Iterable[str], lang: Lang) -> str:
    """Return clauses in one line."""
    return PARTS.to(lang).join(items)
