"""Lots: what is on record of one, and what it was made of."""

from collections import deque
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.questions.claims import lot_claim
from ledger.rules.chains import Failure
from ledger.rules.claims import held
from ledger.rules.lots import rightful, stated_lots
from ledger.rules.standing import Standing
from ledger.statements.origin_family import Lot

MAX_LOTS = 10_000
"""Lots that one answer follows; with more, what is not followed makes it ``unknown``."""


def lot_body(item: Standing) -> Lot:
    """Return the body of a lot's statement."""
    assert isinstance(item.body, Lot)  # noqa: S101 - callers asked for lots
    return item.body


@dataclass(slots=True)
class Walk:
    """Lots, and the lots they were made of, nearest first.

    ``looked_at``: the ids of all, on record or not. ``lots``: each lot on record by its id. ``used``:
    of each that another was made of, when the first was that was made of it; of one asked about by
    what was made of it of ``lots`` alone.
    ``missing``: what is not on record, contested, or past the limit; ``left_out``: that the limit
    left out lots beside.
    """

    looked_at: list[str] = field(default_factory=list)
    lots: dict[str, Standing] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    missing: list[Failure] = field(default_factory=list)
    left_out: list[Failure] = field(default_factory=list)

    def by_product(self) -> dict[str, list[str]]:
        """Return the lots by the product they are of."""
        found: dict[str, list[str]] = {}
        for lot in self.looked_at:
            found.setdefault(product_of(lot), []).append(lot)
        return found


def walk(view: View, lots: Iterable[str], beside: Iterable[str] = ()) -> Walk:
    """Return lots and everything they were made of, to any depth, each once.

    ``beside``: lots that are looked at behind these, as far as the limit allows: what is left out
    of them is to be known, and makes nothing unknown.
    """
    found = Walk()
    queue = deque(dict.fromkeys(lots))
    later = deque(dict.fromkeys(beside))
    asked, seen = {*queue, *later}, {*queue, *later}
    made_into, claims, own = dict[str, Standing](), dict[str, Standing](), list(queue)
    while queue or later:
        if len(found.looked_at) == MAX_LOTS:
            left = Failure("walk-limit", (), {"limit": MAX_LOTS})
            (found.missing if queue else found.left_out).append(left)
            break
        if not queue:
            queue.append(later.popleft())
        lot = queue.popleft()
        found.looked_at.append(lot)
        claim = lot_claim(view, lot)
        if isinstance(claim, Failure):
            found.missing.append(claim)
            if claim.code != "claim-in-doubt":
                continue
            # What it was made of is looked at all the same: a doubt hides nothing that was found.
            (claim,) = held(view, "lot", lot, reserved=True)
        else:
            found.lots[lot] = claim
        claims[lot] = claim
        for above in map(str, lot_body(claim).inputs):
            into = made_into.setdefault(above, claim)
            if claim.subject < into.subject:
                made_into[above] = claim
            if above not in seen:
                seen.add(above)
                queue.append(above)
    found.used = _used(claims, own, asked)
    found.missing[:] = [_missing(claim, asked, made_into) for claim in found.missing]
    return found


def _used(
    claims: Mapping[str, Standing], own: Iterable[str], asked: AbstractSet[str]
) -> dict[str, int]:
    """Return when the first was made that was made of each: of what is asked about, of ``own`` alone.

    It may be good while what others made of its number's other goods is not.
    """
    found, by_own = dict[str, int](), dict[str, int]()
    used_by(found, claims.values())
    used_by(by_own, (claims[lot] for lot in own if lot in claims))
    return {lot: us for lot, us in found.items() if lot not in asked} | {
        lot: us for lot, us in by_own.items() if lot in asked
    }


def used_by(used: dict[str, int], lots: Iterable[Standing]) -> None:
    """Add what lots were made of, each with the earliest making of what was made of it."""
    for item in lots:
        body = lot_body(item)
        for above in map(str, body.inputs):
            used[above] = min(used.get(above, body.made.us), body.made.us)


def _missing(claim: Failure, asked: AbstractSet[str], made_into: Mapping[str, Standing]) -> Failure:
    """Return why a lot is not known: of an input, what was made of it, of several the least name."""
    lot = str(claim.facts.get("lot", ""))
    if claim.code != "lot-unknown" or lot in asked:
        return claim
    into = made_into[lot]
    return Failure("input-unknown", (into.index,), {"lot": into.subject, "input": lot})


def inputs_of(view: View, lots: Iterable[Standing]) -> dict[str, dict[str, tuple[Standing, ...]]]:
    """Return all that lots were made of, to any depth: by product, each with its statements.

    Level by level: lots of one product by their names, of many by the history of the product,
    since a plant makes thousands.
    """
    found: dict[str, dict[str, tuple[Standing, ...]]] = {}
    level = [str(above) for item in lots for above in lot_body(item).inputs]
    while level:
        wanted: dict[str, dict[str, None]] = {}
        for lot in level:
            product = product_of(lot)
            if lot not in found.setdefault(product, {}):
                wanted.setdefault(product, {})[lot] = None
        level = []
        for product, some in wanted.items():
            stated: dict[str, list[Standing]] = {lot: [] for lot in some}
            for item in rightful(view, product, stated_lots(view, product, some)):
                stated[item.subject].append(item)
                level += map(str, lot_body(item).inputs)
            found[product] |= {lot: tuple(items) for lot, items in stated.items()}
    return found
