"""What a laboratory found of one property: a number, that it is there or not, words, or several units.

A number may be told as below or above what the method can tell (``<0.01``, ``>2419.6``).
"""

from typing import Annotated, Literal

import msgspec

from ledger.errors import FormError
from ledger.statements.criteria import MAX_UNITS
from ledger.statements.fields import Cas, LongText, Part, Text
from ledger.statements.meant import Meant

Outcome = Literal["pass", "fail", "inconclusive", "not-judged"]
"""合格, 不合格, 无法判定, 不作判定 (no criterion to judge by)."""
ABSENT, PRESENT = "absent", "present"
"""未检出, 检出: of what is only looked for, not measured."""
Measured = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(absent|present|[<>]?-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?)\Z", max_length=27
    ),
]
"""A number, one with ``<`` or ``>`` before it, or whether it is there."""
Spread = Annotated[
    str, msgspec.Meta(pattern=r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?\Z", max_length=25)
]


def is_number(value: str) -> bool:
    """Return whether what was measured is a number, and no bound of one."""
    return value[-1].isdigit() and value[0] not in "<>"


class Result(Part, frozen=True, kw_only=True):
    """What was found of one property, and what follows: one of ``value``, ``values`` and ``words``.

    ``uncertainty``: expanded (k = 2), of a number. ``below_detection``: nothing was found, ``value``
    is the least that would have been. ``traces``: it was found, and less than can be quantified,
    which ``value`` says. ``values``: of each unit of the sample. ``method``: where it is another
    than the report's. ``against``: what is judged by eye or nose, as the standard describes it.
    """

    property: Annotated[Text, Meant("What was measured.", "Property", context="Result.property")]
    unit: Annotated[Text, Meant("In which unit.", "Unit", context="Result.unit")]
    value: Annotated[
        Measured | msgspec.UnsetType,
        Meant(
            "The value: a number, < or > before it where the method tells no more, absent or present.",
            "Value",
            context="Result.value",
            needed="where neither values nor words say what was found",
        ),
    ] = msgspec.UNSET
    outcome: Annotated[
        Outcome,
        Meant(
            "What follows by the standard's criterion and the decision rule.",
            "Outcome",
            context="Result.outcome",
        ),
    ]
    uncertainty: Annotated[
        Spread | msgspec.UnsetType,
        Meant(
            "The expanded uncertainty (k = 2), in the same unit.",
            "Uncertainty",
            needed="where decision_rule is guarded",
        ),
    ] = msgspec.UNSET
    below_detection: Annotated[
        bool,
        Meant(
            "Whether nothing was found; the value is then the detection limit.", "Below detection"
        ),
    ] = False
    traces: Annotated[
        bool,
        Meant(
            "Whether it was found, below what can be quantified; the value is then < that.",
            "Traces found",
        ),
    ] = False
    values: Annotated[
        Annotated[tuple[Measured, ...], msgspec.Meta(max_length=MAX_UNITS)],
        Meant(
            "The value of each unit of the sample, where several were tested.",
            "Values of the units",
        ),
    ] = ()
    words: Annotated[
        LongText | msgspec.UnsetType,
        Meant(
            "What was found, where that is words: a grade, what was seen or smelt.",
            "Found, in words",
            needed="where neither value nor values say what was found",
        ),
    ] = msgspec.UNSET
    against: Annotated[
        LongText | msgspec.UnsetType,
        Meant(
            "What it was held against, as the standard describes it.",
            "Held against",
            needed="where the standard describes what it asks",
        ),
    ] = msgspec.UNSET
    method: Annotated[
        Text | msgspec.UnsetType,
        Meant("Where it is another than the report's.", "Method of the property"),
    ] = msgspec.UNSET
    cas: Annotated[
        Cas | msgspec.UnsetType, Meant("Its CAS number, if it has one.", "CAS number")
    ] = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse a result that says nothing or two things of one property.

        One of value, values and words; below_detection and uncertainty of a number alone, traces
        of one with < before it.
        """
        said = (self.value is not msgspec.UNSET, bool(self.values), self.words is not msgspec.UNSET)
        if sum(said) != 1:
            raise FormError("value, values, words: one of them says what was found")
        if self.below_detection and not (isinstance(self.value, str) and is_number(self.value)):
            raise FormError("below_detection: the value is then the detection limit, a number")
        if self.traces and not (isinstance(self.value, str) and self.value.startswith("<")):
            raise FormError("traces: the value is then < and what can be quantified")
        if self.uncertainty is not msgspec.UNSET and not any(map(is_number, self.readings())):
            raise FormError("uncertainty: of a number")

    def code(self) -> str | None:
        """Return the CAS number of what was measured, None where it says none."""
        return None if self.cas is msgspec.UNSET else str(self.cas)

    def readings(self) -> tuple[str, ...]:
        """Return what was measured of each unit of the sample: nothing where words say what was found."""
        return (self.value,) if isinstance(self.value, str) else self.values

    def found(self) -> str:
        """Return what was found, as reports write it, without its unit and uncertainty."""
        if isinstance(self.words, str):
            return self.words
        less = "<" if self.below_detection else ""
        return less + ", ".join(self.readings())
