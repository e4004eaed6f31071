"""Rules for goods that move: who has them, and what comes out of what goes in.

Who states a lot has it first, and after it whoever is named as the one it goes to. So no stranger
says where somebody's goods went; what is said counts as its issuer's word, until who received them
says so, too.
"""

from collections.abc import Iterator

import msgspec

from ledger.histories.history import View
from ledger.rules.claims import claims_of, held, holding
from ledger.rules.lot_sizes import unit_of
from ledger.rules.quantities import amount, sums
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, resolve, standing
from ledger.statements.movement_family import REMAKING, SENDING, Movement
from ledger.statements.origin_family import Lot
from ledger.texts import saying
from ledger.texts.joints import Parts


def movement(item: Standing) -> Movement:
    """Return the body of a movement."""
    assert isinstance(item.body, Movement)  # noqa: S101 - callers asked for movements
    return item.body


def all_movements(view: View, lot: str) -> list[Standing]:
    """Return every movement of a lot that there ever was, taken back or not, oldest first."""
    found = view.fold(standing, "movement", lot).values()
    return [item for item in found if isinstance(item.body, Movement)]


def receivers(item: Standing) -> frozenset[str]:
    """Return to whom a movement was ever said to go, in any version of it."""
    said = (body for _, body in item.versions if isinstance(body, Movement))
    return frozenset(str(body.to) for body in said if body.to is not msgspec.UNSET)


def makers(view: View, lot: str) -> tuple[str, ...]:
    """Return who holds the name of a lot: it is there first."""
    return tuple(claim.maker for claim in claims_of(holding(view, "lot", lot, reserved=True)))


def by_right(view: View, lot: str) -> list[Standing]:
    """Return the movements of a lot by who had it: its makers, and to whom one of these sent it before.

    Of a lot whose name another took over since, what those say to whom it came by that one.
    """
    had, found = set(makers(view, lot)), list[Standing]()
    for item in all_movements(view, lot):
        if item.issuer in had:
            found.append(item)
            had |= receivers(item)
    return found


def _may_have(view: View, lot: str) -> set[str]:
    """Return who may have a lot by what stands: its makers, and whoever it was sent to."""
    stands = (item for item in all_movements(view, lot) if item.ended is None)
    return {*makers(view, lot), *(to for item in stands for to in receivers(item))}


def _all_lots(case: Case, body: Movement) -> dict[str, None]:
    """Return the lots that a movement is about, those that come out of it, too."""
    moved = (*body.goes(case.statement.subject), *body.made)
    return dict.fromkeys(str(one.lot) for one in moved)


@rule("movement-held", "movement", bite="replay-only")
def moved_by_who_has_it(case: Case) -> Iterator[Refusal]:
    """Goods are moved by who made them, or by whom it was named to by who had them.

    Each of `sub`, `others`, `made`: `iss` is neither among who holds the lot (*Who holds a name*), nor
    in `to`, in any version, of a `movement` that stands in (`movement`, lot) [what these claim by].
    """
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, Movement):
        return
    for lot in _all_lots(case, body):
        if issuer in _may_have(case.view, lot):
            continue
        stated = held(case.view, "lot", lot, reserved=True)
        if stated:
            why = saying(
                "{issuer} has nothing of {lot}: who has it sends it first (movement of kind ship or return, to names {issuer}); {parties} made it",
                issuer=issuer,
                lot=lot,
                parties=Parts(tuple(item.issuer for item in stated)),
            )
        else:
            why = saying("{lot} is not on record: use lot first", lot=lot)
        yield Refusal("movement-held", why, tuple(item.index for item in stated))


@rule("movement-lots", "movement")
def moved_once(case: Case) -> Iterator[Refusal]:
    """A movement names each lot once among those that move.

    `sub` is among `others`.
    """
    body = case.body
    if isinstance(body, Movement) and case.statement.subject in {str(i.lot) for i in body.others}:
        why = saying("{lot} is its subject: leave it out of others", lot=case.statement.subject)
        yield Refusal("movement-lots", why)


@rule("movement-made", "movement", bite="replay-only")
def made_of_what_goes_in(case: Case) -> Iterator[Refusal]:
    """A lot that comes out is one that went in, or is on record as made of all that went in.

    Each of `made` that is neither `sub` nor in `others`: who holds the lot (*Who holds a name*)
    states it without one of these in `inputs`, each that does [what these claim by]; asked only where somebody holds it.
    """
    body = case.body
    if not isinstance(body, Movement) or body.kind not in REMAKING:
        return
    goes = {str(one.lot) for one in body.goes(case.statement.subject)}
    for lot in dict.fromkeys(str(one.lot) for one in body.made):
        stated = held(case.view, "lot", lot, reserved=True)
        if lot in goes or not stated:
            continue
        inputs = [set(map(str, i.body.inputs)) for i in stated if isinstance(i.body, Lot)]
        if any(goes <= some for some in inputs):
            continue
        lacking = sorted(goes.difference(*inputs)) or sorted(goes)
        why = saying(
            "{lot} is not on record as made of {lacking}: say so in its inputs (lot), then what came out",
            lot=lot,
            lacking=Parts(tuple(lacking)),
        )
        yield Refusal("movement-made", why, tuple(item.index for item in stated))


def _units(view: View, lot: str) -> dict[str, tuple[str, int]]:
    """Return the units in which who holds a lot says how much was made, compared, each as written, and by which entry."""
    return {
        unit_of(item.body.quantity): (str(item.body.quantity.unit), item.index)
        for item in held(view, "lot", lot, reserved=True)
        if isinstance(item.body, Lot)
    }


@rule("movement-unit", "movement", bite="replay-only")
def moved_in_the_unit_it_was_made_in(case: Case) -> Iterator[Refusal]:
    """How much of a lot moves is said in the unit in which it was made.

    Each of `sub`, `others`, `made` with a quantity: its `unit`, compared as a name (Names of what is
    measured), is not that of `quantity` of any who holds the lot (*Who holds a name*) [what these
    claim by]; asked only where somebody holds it.
    """
    body = case.body
    if not isinstance(body, Movement):
        return
    for one in (*body.goes(case.statement.subject), *body.made):
        if one.quantity is msgspec.UNSET:
            continue
        made = _units(case.view, str(one.lot))
        if made and unit_of(one.quantity) not in made:
            why = saying(
                "{lot} was made in {units}: say how much of it in that unit, not in {unit}",
                lot=one.lot,
                units=Parts(tuple(unit for unit, _ in made.values())),
                unit=one.quantity.unit,
            )
            yield Refusal("movement-unit", why, tuple(index for _, index in made.values()))


@rule("movement-balance", "movement")
def nothing_lost_unsaid(case: Case) -> Iterator[Refusal]:
    """What comes out of lots that are split, merged or repacked, and what is lost, is what went in.

    With `made`, where `sub` and each of `others` and `made` has a quantity, and all of these, with
    `lost`, have one unit, compared as a name (Names of what is measured): the sum of the `made` and
    `lost` is not that of the others. Where their units differ, or one is not said, nothing is told.
    """
    body = case.body
    if not isinstance(body, Movement) or body.kind not in REMAKING:
        return
    went = sums(one.quantity for one in body.goes(case.statement.subject))
    came = sums(one.quantity for one in body.made)
    if went is None or came is None:
        return
    lost = sums(() if body.lost is msgspec.UNSET else (body.lost,)) or {}
    units = {*went, *came, *lost}
    if len(units) != 1:
        return
    (unit,) = units
    left = went[unit] - came[unit] - lost.get(unit, 0)
    if not left:
        return
    out = amount(came[unit] + lost.get(unit, 0))
    facts = {"went": amount(went[unit]), "came": out, "unit": unit}
    if left > 0:
        why = saying(
            "{went} {unit} went in, {came} came out or were lost: say in lost what else was, {left} {unit} in all",
            left=amount(left + lost.get(unit, 0)),
            **facts,
        )
    else:
        why = saying("{went} {unit} went in, {came} came out or were lost: no more does", **facts)
    yield Refusal("movement-balance", why)


@rule("movement-receipt", "movement", bite="replay-only")
def received_as_sent(case: Case) -> Iterator[Refusal]:
    """Goods are received by whom they were sent to, of the lots that were sent, not before they were.

    *What is cited*: `shipment`, where it is a `movement`. Its `kind` is not ship or return; its `to`
    is not `iss`; `at` is before its `at`; one of `sub`, `others` is neither its subject nor in its
    `others` [it].
    """
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, Movement) or body.shipment is msgspec.UNSET:
        return
    found = resolve(case.view, body.shipment)
    if found is None or not isinstance(found.body, Movement):
        return  # told by the rules of what is cited
    for why in _unreceived(case, body, found, found.body, issuer):
        yield Refusal("movement-receipt", why, (found.index,))


def _unreceived(
    case: Case, body: Movement, found: Standing, sent: Movement, issuer: str
) -> Iterator[str]:
    if sent.kind not in SENDING:
        yield saying(
            "entry {index} sends nothing: cite a movement of kind ship or return", index=found.index
        )
        return
    if sent.to != issuer:
        yield saying(
            "entry {index} sends to {party}, not to {issuer}: have it corrected, or let {party} receive it",
            index=found.index,
            party=sent.to,
            issuer=issuer,
        )
    if body.at < sent.at:
        yield saying("received at {at}, sent at {sent}", at=body.at, sent=sent.at)
    lots = {one.lot for one in sent.goes(found.subject)}
    moved = (one.lot for one in body.goes(case.statement.subject))
    lacking = [str(lot) for lot in moved if lot not in lots]
    if lacking:
        yield saying(
            "entry {index} sends nothing of {lots}: cite what sent them, or have it corrected",
            index=found.index,
            lots=Parts(tuple(lacking)),
        )


def gave(view: View, lot: str, party: str) -> set[str]:
    """Return who sent a lot to a party, by what stands."""
    return {
        item.issuer
        for item in all_movements(view, lot)
        if item.ended is None and party in receivers(item)
    }


@rule("movement-return", "movement", bite="replay-only")
def returned_to_who_sent_it(case: Case) -> Iterator[Refusal]:
    """What is returned goes back to who sent it, or to who made it.

    Of kind return, each of `sub`, `others`: `to` is neither among who holds the lot (*Who holds a
    name*), nor `iss` of a `movement` that stands in (`movement`, lot) and has `iss` in `to`, in any version.
    """
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, Movement) or body.kind != "return":
        return
    for lot in (str(one.lot) for one in body.goes(case.statement.subject)):
        back = {*makers(case.view, lot), *gave(case.view, lot, issuer)}
        if body.to not in back and back:
            why = saying(
                "{lot} came to {issuer} from {parties}: return it there, or send it on (kind ship)",
                lot=lot,
                issuer=issuer,
                parties=Parts(tuple(sorted(back - {issuer}))),
            )
            yield Refusal("movement-return", why)
