"""Headline figures of a period, added up from all entries of a ledger.

Each figure is a sum, and each of its addends is one signed statement: whoever has all entries adds them
up again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from ledger.histories.history import Entry, View
from ledger.histories.views import AsOfView
from ledger.questions.addends import (
    AMENDING_TYPES,
    COUNTED_TYPES,
    FIGURES,
    Addend,
    LeftOut,
    Period,
    Why,
    addends,
    amended_in,
)


@dataclass(slots=True)
class Tally:
    """What was added up: each sum by figure, part and category, its addends, what was left out."""

    sums: dict[tuple[str, str, str], int] = field(default_factory=dict)
    addends: list[Addend] = field(default_factory=list)
    left_out: dict[Why, list[int]] = field(
        default_factory=lambda: {why: [] for why in get_args(Why)}
    )

    def take(self, found: Iterable[Addend | LeftOut]) -> None:
        """Add up what is found."""
        for one in found:
            if isinstance(one, LeftOut):
                self.left_out[one.why].append(one.entry.index)
                continue
            key = one.figure, one.part, one.category
            self.sums[key] = self.sums.get(key, 0) + one.value
            self.addends.append(one)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return each sum, in the order of the figures, then by part and category."""
        keys = sorted(self.sums, key=lambda key: (FIGURES.index(key[0]), *key[1:]))
        return [
            {"figure": key[0], "part": key[1], "category": key[2], "value": self.sums[key]}
            for key in keys
        ]

    def parts(self, figure: str) -> dict[str, int]:
        """Return a figure's sums by its parts: modes, steps, types."""
        return _summed(
            (part, value) for (name, part, _), value in self.sums.items() if name == figure
        )

    def categories(self, figure: str) -> dict[str, int]:
        """Return a figure's sums by category."""
        return _summed(
            (category, value) for (name, _, category), value in self.sums.items() if name == figure
        )


def _summed(found: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, value in found:
        sums[name] = sums.get(name, 0) + value
    return dict(sorted(sums.items()))


def tally(
    view: View,
    of_types: Callable[[Sequence[str]], Iterable[Entry]],
    *,
    size: int,
    period: Period,
) -> Tally:
    """Add up a ledger of one size; what is registered meanwhile is left to the next time.

    Args:
        view: the ledger.
        of_types: gives all its entries of some types.
        size: below which index its entries count.
        period: of which days.

    """
    amended = amended_in(entry for entry in of_types(AMENDING_TYPES) if entry.index < size)
    counted = (entry for entry in of_types(COUNTED_TYPES) if entry.index < size)
    found = Tally()
    found.take(addends(AsOfView(view, size), counted, amended, period))
    return found
