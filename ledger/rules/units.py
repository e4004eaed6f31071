"""Rules for logistic units: pallets and cartons by their SSCC, what is in them, who says so.

Who packs a unit first holds its number, unless a GS1 prefix of it is licensed to another: nobody says
what is in somebody's pallet. A unit's movements name the lots in it, too, so that each lot's own
history has them.
"""

from collections.abc import Iterator

from ledger.histories.history import View
from ledger.identifiers import gs1_digits
from ledger.rules.claim_rules import licensees
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, standing_of
from ledger.rules.state import MICROSECONDS
from ledger.statements.movement_family import Movement
from ledger.texts import saying
from ledger.texts.joints import Parts

MAX_WITHIN = 1_000
"""Units within a unit that are looked at."""


def packings(view: View, unit: str) -> list[Standing]:
    """Return what says what is in a unit, as far as it stands: by who packed it first."""
    found = [
        item
        for item in standing_of(view, "unit", unit, Movement)
        if isinstance(item.body, Movement) and item.body.unit == unit
    ]
    return [item for item in found if item.issuer == found[0].issuer]


def lots_in(view: View, unit: str) -> dict[str, int]:
    """Return the lots in a unit, in units within it, too, each with the first entry that says so."""
    found: dict[str, int] = {}
    for item in packings(view, unit):
        assert isinstance(item.body, Movement)  # noqa: S101 - packings are movements
        for one in item.body.goes(item.subject):
            found.setdefault(str(one.lot), item.index)
    return found


def _within(view: View, units: tuple[str, ...]) -> Iterator[str]:
    """Yield units, and those within them to any depth, each once."""
    todo, seen = list(units), set[str]()
    while todo and len(seen) < MAX_WITHIN:
        unit = todo.pop()
        if unit in seen:
            continue
        seen.add(unit)
        yield unit
        for item in packings(view, unit):
            assert isinstance(item.body, Movement)  # noqa: S101 - packings are movements
            todo += map(str, item.body.units)


@rule("unit-taken", "movement", bite="replay-only")
def unit_packed_by_one(case: Case) -> Iterator[Refusal]:
    """A unit is packed by who packed it first, under a licensed number by its licensee alone.

    Of kind pack: the first `movement` that stands in (`unit`, `unit`) with this `unit` is of another
    than `iss`, and not what this corrects [it]; or papers of kind gs1-prefix that stand in (`prefix`, d)
    and cover `iat`, for the longest d from 12 down to 4 digits that has one (d the first of the SSCC's,
    its extension digit left out), and none is held by `iss` [all of these].
    """
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, Movement) or not isinstance(body.unit, str):
        return
    before = [item for item in packings(case.view, body.unit) if item.id != case.corrects]
    if before and before[0].issuer != issuer:
        why = saying(
            "{unit} was packed by {party} (entry {index}): give what you pack an SSCC of your own",
            unit=body.unit,
            party=before[0].issuer,
            index=before[0].index,
        )
        yield Refusal("unit-taken", why, (before[0].index,))
    at_us = case.statement.issued_at * MICROSECONDS
    found = licensees(case.view, gs1_digits(body.unit) or "", at_us)
    if found and all(item.subject != issuer for item in found):
        why = saying(
            "the prefix of {unit} is licensed to {party}: give what you pack an SSCC of your own",
            unit=body.unit,
            party=found[0].subject,
        )
        yield Refusal("unit-taken", why, tuple(item.index for item in found))


@rule("unit-cycle", "movement", bite="replay-only")
def unit_not_in_itself(case: Case) -> Iterator[Refusal]:
    """No unit is packed into itself, nor into one that is in it.

    Of kind pack: `unit` is among `units` and those within them, to any depth: `units` of each `movement` that
    stands in (`unit`, u), has `unit` u and is of who packed u first; 1,000 at most, those named last first.
    """
    body = case.body
    if not isinstance(body, Movement) or not isinstance(body.unit, str):
        return
    if body.unit in _within(case.view, tuple(map(str, body.units))):
        why = saying("{unit} would be within itself: leave it out of units", unit=body.unit)
        yield Refusal("unit-cycle", why)


@rule("unit-contents", "movement", bite="replay-only")
def unit_moves_with_what_is_in_it(case: Case) -> Iterator[Refusal]:
    """A unit moves with all that is in it, and is on record as packed.

    Each of `units`: no `movement` that stands in (`unit`, u) has `unit` u; or one of those of who packed it
    first has a lot, `sub` or in `others`, that is neither here [the first that has it].
    """
    body = case.body
    if not isinstance(body, Movement):
        return
    goes = {str(one.lot) for one in body.goes(case.statement.subject)}
    for unit in dict.fromkeys(map(str, body.units)):
        inside = lots_in(case.view, unit)
        lacking = [lot for lot in inside if lot not in goes]
        if not inside:
            why = saying("nothing says what is in {unit}: pack it first (kind pack)", unit=unit)
            yield Refusal("unit-contents", why)
        elif lacking:
            why = saying(
                "{lots} is in {unit}, too: name it in others, or leave the unit out",
                lots=Parts(tuple(lacking)),
                unit=unit,
            )
            yield Refusal("unit-contents", why, tuple(sorted({inside[lot] for lot in lacking})))
