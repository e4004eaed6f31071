"""What a standard asks of one property: a limit, nothing of it, a word, what a laboratory judges by eye.

A limit may be asked of several units of a sample at once: n units, at most c of them beyond the limit
m, none beyond M (ICMSF; GB 4789.1), two classes where M is not said, three where it is.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from ledger.errors import FormError
from ledger.primitives.near import normal_name, normal_unit
from ledger.statements.fields import Cas, Part, Severity, Text
from ledger.statements.meant import Meant

Direction = Literal["at-most", "at-least", "below", "above", "absent", "one-of", "described"]
"""不得超过, 不得低于, 低于, 高于, 不得检出, 其中之一, 按描述."""
LIMITED = ("at-most", "at-least", "below", "above")
"""Directions of a limit, which itself still meets the first two."""
UPPER = ("at-most", "below", "absent")
"""Directions of which less is never worse."""
STRICT = ("below", "above")
"""Directions whose limit meets the criterion no more."""
WORDED = ("one-of", "described")
Limit = Annotated[
    str, msgspec.Meta(pattern=r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?\Z", max_length=26)
]
MAX_UNITS = 60
_Count = Annotated[int, msgspec.Meta(ge=1, le=MAX_UNITS)]


class UnitsPlan(Part, frozen=True):
    """How many units of a sample are tested, and how many may be beyond the limit, which is m."""

    n: Annotated[_Count, Meant("How many units are tested.", "Units plan: n|n")]
    c: Annotated[
        Annotated[int, msgspec.Meta(ge=0, le=MAX_UNITS - 1)],
        Meant("How many of them may be beyond the limit.", "Units plan: c|c"),
    ]
    most: Annotated[
        Limit | msgspec.UnsetType,
        Meant("What none of them may be beyond: M.", "Units plan: M|M"),
    ] = msgspec.field(name="M", default=msgspec.UNSET)

    def __post_init__(self) -> None:
        """Refuse a plan that everything meets.

        c is below n.
        """
        if self.c >= self.n:
            raise FormError("c: fewer than n units may be beyond the limit")

    def __str__(self) -> str:
        """Return it as standards write it."""
        most = "" if self.most is msgspec.UNSET else f", M={self.most}"
        return f"n={self.n}, c={self.c}{most}"


class Criterion(Part, frozen=True, kw_only=True):
    """What one property has to meet.

    ``limit``: of at-most and at-least it still meets the criterion, of below and above no more;
    ``words``: of one-of those that meet it, of described what the laboratory holds it against.
    """

    property: Annotated[Text, Meant("What is measured.", "Property", context="Criterion.property")]
    unit: Annotated[
        Text,
        Meant(
            "In which unit; of absent in how much; - where there is none.",
            "Unit",
            context="Criterion.unit",
        ),
    ]
    direction: Annotated[
        Direction,
        Meant(
            "Whether more or less is worse, none may be found, or words are asked.",
            "Direction",
            context="Criterion.direction",
        ),
    ]
    limit: Annotated[
        Limit | msgspec.UnsetType,
        Meant(
            "The limit; it still meets at-most and at-least, not below and above.",
            "Limit",
            needed="where direction is at-most, at-least, below or above",
        ),
    ] = msgspec.UNSET
    severity: Annotated[Severity, Meant("How severe a failure is.", "Severity of a failure")]
    words: Annotated[
        Annotated[tuple[Text, ...], msgspec.Meta(max_length=20)],
        Meant(
            "The words that meet it; of described what is asked, in words.",
            "Words",
            context="Criterion.words",
            needed="where direction is one-of or described",
        ),
    ] = ()
    units: Annotated[
        UnitsPlan | msgspec.UnsetType,
        Meant(
            "Where several units of a sample are tested: how many, and how many may be beyond.",
            "Units plan",
        ),
    ] = msgspec.UNSET
    cas: Annotated[
        Cas | msgspec.UnsetType, Meant("Its CAS number, if it has one.", "CAS number")
    ] = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse a criterion that lacks what its direction asks, or says what that has no use for.

        A limit for at-most, at-least, below and above alone; words for one-of and described alone,
        of described one; units for none of these two, M beyond the limit and for a limit alone.
        """
        if (self.direction in LIMITED) != (self.limit is not msgspec.UNSET):
            raise FormError(
                "limit: for {directions}, and only for them", directions=", ".join(LIMITED)
            )
        if (self.direction in WORDED) != bool(self.words):
            raise FormError(
                "words: for {directions}, and only for them", directions=", ".join(WORDED)
            )
        if self.direction == "described" and len(self.words) > 1:
            raise FormError("words: what is described is one text")
        plan = self.plan()
        if plan is None:
            return
        if self.direction in WORDED:
            raise FormError("units: not for words")
        if plan.most is not msgspec.UNSET and not self._beyond(Decimal(str(plan.most))):
            raise FormError("units: M is beyond the limit, and only where there is one")

    def _beyond(self, most: Decimal) -> bool:
        if self.direction not in LIMITED:
            return False
        return most > self.bound() if self.direction in UPPER else most < self.bound()

    def code(self) -> str | None:
        """Return the CAS number of what is measured, None where it says none."""
        return None if self.cas is msgspec.UNSET else str(self.cas)

    def plan(self) -> UnitsPlan | None:
        """Return how many units are tested, None where one is."""
        return None if self.units is msgspec.UNSET else self.units

    def bound(self) -> Decimal:
        """Return the limit as the number it spells; of absent nothing, 0."""
        return Decimal(self.limit) if isinstance(self.limit, str) else Decimal(0)

    def asks(self) -> str:
        """Return what stands behind its direction: the limit, in how much none may be found, the words."""
        if self.direction in WORDED:
            return " / ".join(map(str, self.words))
        what = str(self.unit if self.direction == "absent" else self.limit)
        plan = self.plan()
        return what if plan is None else f"{what} ({plan})"


Criteria = Annotated[tuple[Criterion, ...], msgspec.Meta(min_length=1, max_length=200)]


def contradictions(criteria: Sequence[Criterion]) -> list[str]:
    """Return why criteria cannot stand beside each other: one said twice, two that nothing meets."""
    known: dict[tuple[str, str], Criterion] = {}
    found = []
    for item in criteria:
        name = normal_name(item.property)
        if (name, item.direction) in known:
            found.append(f"{item.property} {item.direction}: said twice")
        known[name, item.direction] = item
    for (name, direction), most in known.items():
        if direction not in UPPER:
            continue
        for other in ("at-least", "above"):
            least = known.get((name, other))
            if least is None:
                continue
            if normal_unit(least.unit) != normal_unit(most.unit):
                found.append(f"{name}: two units, {most.unit} and {least.unit}")
            elif _apart(least, most):
                found.append(f"{name}: {other} {least.asks()} and {direction} {most.asks()}")
    return found


def _apart(least: Criterion, most: Criterion) -> bool:
    """Return whether no number is in two limits of one unit."""
    if least.plan() is not None or most.plan() is not None:
        return False
    strict = least.direction == "above" or most.direction == "below"
    return least.bound() > most.bound() or (strict and least.bound() == most.bound())
