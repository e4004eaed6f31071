"""What cells are read with, and how it is said what a cell should have said."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.statements.fault_words import apart
from ledger.tables.offered import Book
from ledger.tables.said import Mistyped, Wrong, say
from ledger.tables.wanted import choices, wanted
from ledger.tables.zone import Zone
from ledger.texts import Lang

Names = Callable[[str, str], Sequence[str]]
"""Returns the ids of the things of a kind (``party``, ``product``, ``facility``, ``shop``, ``trademark``) that have a name.

Raises UsageError where no ledger is at hand.
"""
Cite = Callable[[str], None]
"""Raises UsageError unless a text is the id of a statement in the ledger at hand, or its index."""

ALL = frozenset({"*", "全部", "所有", "不限", "all", "any"})
_ITEM = re.compile(r"\$(?:\.[a-z_]+)*\[([0-9]+)\]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What cells are read with: the language of complaints, the zone, what words stand for, look-ups."""

    lang: Lang
    names: Names
    cite: Cite
    zone: Zone | None = None
    until_inclusive: bool = False
    words: Mapping[str, Any] = field(default_factory=dict)
    """What stands in cells of this column -> what it stands for."""
    day_after: bool = False
    """Whether a day alone means the beginning of the next one."""
    book: Book | None = None
    """The names in the ledger, of which those near are offered; None: none are."""


def said_form(found: Any, how: Reading) -> str:
    """Return how the cell is written, the words of the mapping among it."""
    own = choices(list(how.words), how.lang)
    known = say("or-words", how.lang, words=own) if own else ""
    return f"{wanted(found, how.lang)}{known}"


def wrong(found: Any, how: Reading, why: str, value: Any = None) -> Wrong:
    """Return what is wanted; of a list which item is wrong; what the field's own check says."""
    item = _ITEM.search(why)
    which = value[int(item[1])] if item is not None and isinstance(value, list) else None
    if "check digit" in why or "check character" in why:
        detail = say("check-digit", how.lang)
        return Mistyped(say("wanted", how.lang, wanted=said_form(found, how), detail=detail))
    if not why.startswith(("Expected", "Invalid")):
        detail = say("because", how.lang, why=apart(why).to(how.lang))
    elif isinstance(which, str):
        detail = say("because", how.lang, why=which)
    else:
        detail = ""
    return Wrong(say("wanted", how.lang, wanted=said_form(found, how), detail=detail))


def narrow(text: str) -> str:
    """Return full-width letters and digits as plain ones."""
    return unicodedata.normalize("NFKC", text).strip()
