"""I11: how goods of which something was found might be stated out of it.

Who states a lot again, takes it over from its agent, or claims its number next may leave out what
it was made of, say that it was made elsewhere, or since, or state other goods of a number that was
called back. So may whoever states what was made of it.
"""

from collections.abc import Iterator
from typing import Any

from properties.course import FIELD, LEASED, passed_to_rival
from properties.telling import Tale, read
from properties.words import Move, day, says

from ledger.statements.origin_family import Lot

RESTATED = 6
"""So many ways are tried: nearly all are refused."""


def inputs_on_record(t: Tale) -> list[tuple[str, str]]:
    """Return what lots were made of, each with who stated that lot first, by the name of its key."""
    first: dict[str, str] = {}
    used: dict[str, None] = {}
    for item in t.said:
        statement, body, _ = read(item.raw)
        if isinstance(body, Lot):
            first.setdefault(statement.subject, item.move.by)
            used |= dict.fromkeys(map(str, body.inputs))
    return [(lot, first[lot]) for lot in used if lot in first]


def made_of(t: Tale, lot: str) -> list[str]:
    """Return the lots that somebody said were made of one."""
    said = (read(item.raw) for item in t.said)
    found = (one.subject for one, body, _ in said if isinstance(body, Lot) and lot in body.inputs)
    return list(dict.fromkeys(found))


def restatings(t: Tale, lot: str) -> Iterator[tuple[Move, ...]]:
    """Yield how somebody might state a lot, or what was made of it, out of what was found of it."""
    for _ in range(RESTATED):
        by = t.rng.choice(("brand", "brand", "rival", "rival", "agent", "trader"))
        before = passed_to_rival(t) if by == "rival" else ()
        subject = t.rng.choice((lot, *made_of(t, lot)))
        how = t.rng.choice(OTHERWISE)
        yield *before, says("lot", by=by, subject=subject, called="their word", **how)


_PLAIN: dict[str, Any] = {"serial_range": ...}
OTHERWISE: tuple[dict[str, Any], ...] = (
    _PLAIN,
    _PLAIN | {"made": day(0)},
    _PLAIN | {"made": day(0)},
    _PLAIN | {"facility": FIELD},
    {"facility": LEASED, "made": day(0)},
)
"""What is said of it then: nothing of what it was made of, at least."""
