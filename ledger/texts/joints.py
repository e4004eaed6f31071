"""What stands between the parts of a sentence or a list, as a language sets it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from unicodedata import east_asian_width

from ledger.texts import Lang, Words, told

LISTED = Words(", ", "list")
CHOSEN = Words(" or ", "list")
PARTS = Words("; ", "list")
WITHIN = Words(", ", "within a sentence")
COLON = Words(": ", "colon")
FOLLOWING = Words("{0} {1}", "sentences")
ASIDE = Words(" ({0})", "aside")
CLOSE: frozenset[Lang] = frozenset({"zh", "ja"})
"""Languages whose script sets no blanks between words."""


NONE = Words("none", "list")


@dataclass(frozen=True, slots=True)
class Either:
    """Things of which one is chosen, as a fact of a sentence."""

    items: tuple[object, ...]

    def to(self, lang: Lang) -> str:
        """Return them in a language, the word for none without any."""
        return chosen((str(told(one, lang)) for one in self.items), lang) or NONE.to(lang)


def either(items: Iterable[object]) -> Either:
    """Return things of which one is chosen."""
    return Either(tuple(items))


@dataclass(frozen=True, slots=True)
class Parts:
    """Clauses of one sentence, as a fact of it."""

    items: tuple[object, ...]

    def to(self, lang: Lang) -> str:
        """Return them in a language."""
        return parts((str(told(one, lang)) for one in self.items), lang)


def clause(sentence: str) -> str:
    """Return a sentence without its full stop, to stand within another."""
    return sentence.rstrip(".。")


def first_sentence(text: str) -> str:
    """Return the first sentence of a text whose script sets no blank behind its stop."""
    head, stop, _ = text.partition("。")
    return head + stop


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


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a character of full width."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)
