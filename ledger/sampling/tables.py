"""Tables 1 and 2-A, 2-B, 2-C of GB/T 2828.1-2012: code letters and single sampling plans.

The master tables lie on diagonals: with i the code letter's place and j the AQL's, plans of
one acceptance number Ac have the same d = i + j, because sample sizes and AQLs both grow by
about 10^(1/5). So a table is a map from d to Ac and the way its arrows point; the tests hold
it against every cell of the standard's own tables.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, get_args

from ledger.errors import FormError

Level = Literal["S-1", "S-2", "S-3", "S-4", "I", "II", "III"]
"""Inspection level (检验水平): special S-1 to S-4, general I to III."""
Aql = Literal[
    "0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65",
    "1.0", "1.5", "2.5", "4.0", "6.5", "10", "15", "25", "40", "65", "100", "150", "250",
    "400", "650", "1000",
]  # fmt: skip
"""Acceptance quality limit (接收质量限), the columns of tables 2."""
Severity = Literal["normal", "tightened", "reduced"]
"""正常检验, 加严检验, 放宽检验: tables 2-A, 2-B, 2-C."""

LEVELS: tuple[Level, ...] = get_args(Level)
AQLS: tuple[Aql, ...] = get_args(Aql)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
PER_HUNDRED: tuple[Aql, ...] = AQLS[AQLS.index("15") :]
"""AQL above 10 counts nonconformities per 100 items: more than one may be on an item."""
LETTERS = "ABCDEFGHJKLMNPQRS"
"""Sample size code letters (样本量字码). S is reached by an arrow of table 2-B, never from table 1."""
MAX_LOT_SIZE = 2**53 - 1
"""The largest number a payload holds; the last row of table 1 has no end."""

_LOT_SIZES = (
    8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000,
)  # fmt: skip
"""Table 1: the largest lot of each row; the last row is of 500,001 and more."""
_CODES: Mapping[Level, str] = {
    "S-1": "AAAABBBBCCCCDDD",
    "S-2": "AAABBBCCCDDDEEE",
    "S-3": "AABBCCDDEEFFGGH",
    "S-4": "AABCCDEEFGGHJJK",
    "I": "AABCCDEFGHJKLMN",
    "II": "ABCDEFGHJKLMNPQ",
    "III": "BCDEFGHJKLMNPQR",
}
"""Table 1: the code letter of each row, by level."""

_SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000, 3150)
_REDUCED_SIZES = (2, 2, *_SIZES[:14])
_SHORT = 4
"""The last letter (E) whose row goes on to the greatest acceptance numbers."""

_NORMAL = {14: 0, 17: 1, 18: 2, 19: 3, 20: 5, 21: 7, 22: 10, 23: 14, 24: 21}
_TIGHTENED = {15: 0, 18: 1, 19: 2, 20: 3, 21: 5, 22: 8, 23: 12, 24: 18}
_REDUCED_A = {14: 0, 17: 1, 18: 2, 19: 3, 20: 5, 21: 7, 22: 10, 23: 14, 24: 21, 25: 30}
_REDUCED_B = {14: 0, 18: 1, 19: 2, 20: 3, 21: 5, 22: 7, 23: 10, 24: 14, 25: 21, 26: 30}
_REDUCED = {14: 0, 18: 1, 19: 2, 20: 3, 21: 5, 22: 6, 23: 8, 24: 10}
_S_AQL = AQLS.index("0.025")


def _accept(severity: Severity, i: int, j: int) -> int | None:
    """Return Ac of a cell that has a plan of its own, None where an arrow stands or nothing."""
    d = i + j
    match severity:
        case "normal":
            longer = {25: 30, 26: 44} if i <= _SHORT else {}
            return (_NORMAL | longer).get(d)
        case "tightened":
            if i == LETTERS.index("S"):
                return 1 if j == _S_AQL else None
            longer = {25: 27, 26: 41} if i <= _SHORT else {}
            return (_TIGHTENED | longer).get(d)
        case "reduced":
            if i == 0:
                return _REDUCED_A.get(d)
            if i == 1:
                return _REDUCED_B.get(d)
            longer = {25: 14, 26: 21} if i <= _SHORT else {}
            return (_REDUCED | longer).get(d)


_DOWN_TO: Mapping[Severity, tuple[int, tuple[int, ...]]] = {
    "normal": (14, (16,)),
    "tightened": (15, (16, 17)),
    "reduced": (14, (16, 17)),
}
"""An arrow points down where d is below the first or among the others, else up."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to draw and how to decide: accept at ``accept`` or fewer, refuse from ``reject`` on.

    ``letter``: the code letter of the plan used, behind the arrows; ``tighter``: Ac of that
    letter one AQL tighter, which the switching score asks for (9.3.3.2), None without one.
    """

    letter: str
    severity: Severity
    sample_size: int
    accept: int
    tighter: int | None

    @property
    def reject(self) -> int:
        """Return the rejection number Re (拒收数): in single sampling always Ac + 1."""
        return self.accept + 1


def code_letter(lot_size: int, level: Level) -> str:
    """Return the code letter of a lot (table 1).

    Args:
        lot_size: items, 1 or more. A lot of one, for which table 1 has no row, is taken with
            the row of 2 to 8: it is inspected whole under any of its plans.
        level: inspection level.

    """
    if lot_size < 1:
        raise FormError("a lot of {lot_size} items", lot_size=lot_size)
    return _CODES[level][bisect_right(_LOT_SIZES, lot_size - 1)]


@lru_cache(maxsize=len(LETTERS) * len(AQLS) * len(SEVERITIES))
def cell(letter: str, aql: Aql, severity: Severity) -> Plan:
    """Return the plan of a cell of tables 2-A, 2-B, 2-C, its arrows followed (10.3).

    Raises:
        ValueError: letter S where it has no plan: it is no letter of table 1.

    """
    i, j = LETTERS.index(letter), AQLS.index(aql)
    last = LETTERS.index("S" if severity == "tightened" else "R")
    if i == LETTERS.index("S") and _accept(severity, i, j) is None:
        raise FormError(
            "table of {severity} inspection: letter S has no plan at AQL {aql}",
            severity=severity,
            aql=aql,
        )
    first, among = _DOWN_TO[severity]
    down = i + j < first or i + j in among
    ways = (range(i, last + 1), range(i, -1, -1))
    for way in ways if down else reversed(ways):
        for at in way:
            accept = _accept(severity, at, j)
            if accept is not None:
                sizes = _REDUCED_SIZES if severity == "reduced" else _SIZES
                tighter = _accept(severity, at, j - 1) if j else None
                return Plan(LETTERS[at], severity, sizes[at], accept, tighter)
    msg = f"table of {severity} inspection: no plan in the column of AQL {aql}"
    raise AssertionError(msg)  # every column of every table has one


def printed() -> dict[str, object]:
    """Return the tables as the standard prints them, by name.

    Table 1: ``lots``, the largest of each row but the last, and ``letters`` of each level. Tables
    2: by severity each letter's sample size and, behind a colon, its cells by ``aqls``: Ac, the
    way of an arrow (``v``, ``^``), or ``-`` where nothing stands.
    """
    found: dict[str, object] = {
        "lots": list(_LOT_SIZES),
        "letters": dict(_CODES),
        "aqls": list(AQLS),
    }
    for severity in SEVERITIES:
        sizes = _REDUCED_SIZES if severity == "reduced" else _SIZES
        found[severity] = {
            letter: f"{size}: {' '.join(_shown(letter, aql, severity) for aql in AQLS)}"
            for letter, size in zip(LETTERS, sizes, strict=False)
            if letter != "S" or severity == "tightened"
        }
    return found


def _shown(letter: str, aql: Aql, severity: Severity) -> str:
    accept = _accept(severity, LETTERS.index(letter), AQLS.index(aql))
    if accept is not None:
        return str(accept)
    return "-" if letter == "S" else "v" if cell(letter, aql, severity).letter > letter else "^"


def plan_for(lot_size: int, level: Level, aql: Aql, severity: Severity) -> Plan:
    """Return what to draw from a lot: where the sample would be as large, all of it (10.3)."""
    found = cell(code_letter(lot_size, level), aql, severity)
    return found if found.sample_size < lot_size else replace(found, sample_size=lot_size)
