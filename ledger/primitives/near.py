"""Words that name things: when two are one, and which known one somebody may have meant.

Two spellings name one thing if their normal forms are equal: the NFKC of Unicode 3.2, which
every Python carries (so that full-width brackets, U+00B5 and an ideographic blank are their
plain selves), no blanks, one dash, no difference of case. Two names are near if few edits (a
character added, dropped, changed, or two neighbours swapped) make one of the other: one edit
from three characters on, two from eight on, in Chinese from twice as many; digits are never
edited, since 2,4-D is not 2,5-D.
"""

import re
from collections.abc import Collection, Iterable
from typing import Literal
from unicodedata import ucd_3_2_0 as ucd

from ledger.primitives.remembered import remembered
from ledger.texts import saying
from ledger.texts.joints import either

_BLANKS = re.compile(r"\s+")
_DASHES = re.compile("[\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]")
_LITRE = re.compile(r"(?<![A-Za-z])[cdmun]?L(?![A-Za-z])")
_DIGITS = re.compile(r"[0-9]+")
_HALF = 0.5  # a Chinese character is a word more often than a letter of one

MAX_NEAR = 3
"""Words named at most: more would not be read."""
MAX_SIZE = 300
"""Longer ones are not compared: the cost grows with the square."""


def plain_name(text: str) -> str:
    """Return a name without blanks, in plain characters: full-width ones, and every dash, as their plain selves."""
    return _DASHES.sub("-", _BLANKS.sub("", ucd.normalize("NFKC", text)))


def _fold(character: str) -> str:
    """Return a character without case; of those assigned since Unicode 3.2 each is its own."""
    return character if ucd.category(character) == "Cn" else character.casefold()


@remembered()
def normal_unit(text: str) -> str:
    """Return the normal form of a unit, in which case tells mPa from MPa.

    As UCUM writes it: u for the micro sign or Greek mu, and a litre is l or L.
    """
    return _LITRE.sub(lambda found: found[0].lower(), plain_name(text).replace("\u03bc", "u"))


@remembered()
def normal_name(text: str) -> str:
    """Return the normal form of a name: of a property, a method, a point, a category."""
    return ucd.normalize("NFKC", "".join(map(_fold, plain_name(text))))


def edits(left: str, right: str, most: int) -> int:
    """Return how many edits make one text of the other; ``most + 1`` where it takes more."""
    if left == right:
        return 0
    if abs(len(left) - len(right)) > most or max(len(left), len(right)) > MAX_SIZE:
        return most + 1
    before: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if before and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


def allowed_edits(text: str) -> int:
    """Return how many edits may lie between a text and one it stands for."""
    size = sum(1 if one.isascii() else _HALF for one in text)
    return (size >= 3) + (size >= 8)  # noqa: PLR2004 - as the module says


def near(text: str, known: Iterable[str]) -> list[str]:
    """Return the known words that a text may stand for, the nearest first, at most MAX_NEAR.

    A word of the same normal form and another spelling is the nearest; the text itself is none.
    """
    plain = normal_name(text)
    most = allowed_edits(plain)
    found = []
    for word in set(known) - {text}:
        other = normal_name(word)
        if plain == other or _DIGITS.findall(plain) == _DIGITS.findall(other):
            found.append((edits(plain, other, most), word))
    return [word for cost, word in sorted(found) if cost <= most][:MAX_NEAR]


Match = Literal["same", "part", "near"]
RANK: tuple[Match, ...] = ("same", "part", "near")
"""How a name fits another, the nearest first."""


FIT_EDITS = (3, 8)
"""Characters from which on a name may be another by one edit, by two: who looks chooses, so Chinese ones too."""


def fit(wanted: str, names: Collection[str]) -> Match | None:
    """Return how a name fits one of several, for looking: as the same, as a part of it, nearly; None if it does not."""
    plain = normal_name(wanted)
    others = [normal_name(name) for name in names]
    if plain in others:
        return "same"
    if any(plain in other for other in others):
        return "part"
    most = sum(len(plain) >= size for size in FIT_EDITS)
    near = most and any(edits(plain, other, most) <= most for other in others)
    return "near" if near else None


ID_EDITS = 2
"""A digit mistaken, and the check digit that follows from it."""


def near_ids(text: str, known: Iterable[str]) -> list[str]:
    """Return the known ids that one may stand for, the nearest first, at most MAX_NEAR.

    In an id a digit is a character like another. One of another case alone is the nearest.
    """
    plain = text.casefold()
    found = [
        (edits(*_differing(plain, other.casefold()), ID_EDITS), other)
        for other in set(known) - {text}
    ]
    return [other for cost, other in sorted(found) if cost <= ID_EDITS][:MAX_NEAR]


def _shared(left: str, right: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = zip(left, right, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


def _differing(left: str, right: str) -> tuple[str, str]:
    """Return two texts without the beginning and the end that they share: ids share most of theirs."""
    start = _shared(left, right)
    left, right = left[start:], right[start:]
    end = _shared(left[::-1], right[::-1])
    return left[: len(left) - end], right[: len(right) - end]


OFFERED = "did you mean"
"""What a sentence has in English that offers what may be meant: whoever would offer more sees by it that one does."""


def did_you_mean(words: Iterable[str]) -> str:
    """Return the end of a sentence that names what may have been meant, empty without any."""
    named = either(words)
    return saying(": did you mean {named}?", named=named) if named.items else ""
