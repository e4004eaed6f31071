"""Lots: what is on record of one, what stands against it, what it was made of."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger.histories.history import View
from ledger.questions.measures import live_sanctions, sanctioned
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.findings import inspections, open_critical
from ledger.rules.standing import Standing, recalled_lots, standing_in
from ledger.statements.inspection_family import Recall
from ledger.statements.origin_family import Lot

MAX_LOTS = 1_000
"""Lots looked at in one answer; with more, what is not looked at makes it ``unknown``."""


def lot_body(item: Standing) -> Lot:
    """Return the body of a lot's statement."""
    assert isinstance(item.body, Lot)  # noqa: S101 - callers asked for lots
    return item.body


def lots_of(view: View, product: str) -> list[Standing]:
    """Return the lots of a product that are on record, oldest first."""
    return [item for item in standing_in(view, "lots", product) if isinstance(item.body, Lot)]


def lot_claim(view: View, lot: str) -> Standing | Failure:
    """Return the newest registration of a lot, or why no single one stands."""
    found = [item for item in standing_in(view, "lot", lot) if isinstance(item.body, Lot)]
    facts: dict[str, str | int] = {"lot": lot}
    if not found:
        return Failure("lot-unknown", (), facts)
    if any(item.body != found[0].body for item in found):
        return Failure("lot-contested", tuple(item.index for item in found), facts)
    return found[-1]


def recalled(asked: Asked, items: Iterable[Standing], lot: str) -> list[Failure]:
    """Return the recalls of a lot among statements, in force at the time asked about."""
    return [
        Failure("lot-recalled", (item.index,), {"lot": lot, "since": str(item.body.from_)})
        for item in items
        if isinstance(item.body, Recall)
        and lot in recalled_lots(item)
        and item.body.from_.us <= asked.valid_at_us
    ]


def lot_troubles(asked: Asked, lot: str) -> list[Failure]:
    """Return what is open against a lot: recalls, a refusal nothing answers, findings, sanctions."""
    found = recalled(asked, standing_in(asked.view, "inspection", lot), lot)
    known = inspections(asked, lot)
    if known and known[-1][1].decision == "refused":
        item, body = known[-1]
        facts: dict[str, str | int] = {"lot": lot, "mode": body.mode, "since": str(body.on)}
        found.append(Failure("lot-refused", (item.index,), facts))
    found += open_critical(asked, lot)
    found += [sanctioned(asked, item) for item in live_sanctions(asked, lot)]
    return found


@dataclass(slots=True)
class Walk:
    """Lots, and the lots they were made of, nearest first.

    ``looked_at``: the ids of all, on record or not. ``lots``: each lot on record by its id.
    ``missing``: what is not on record, contested, or past the limit.
    """

    looked_at: list[str] = field(default_factory=list)
    lots: dict[str, Standing] = field(default_factory=dict)
    missing: list[Failure] = field(default_factory=list)


def walk(view: View, lots: Iterable[str]) -> Walk:
    """Return lots and everything they were made of, to any depth, each once."""
    found = Walk()
    queue: deque[tuple[str, Standing | None]] = deque((lot, None) for lot in lots)
    seen = {lot for lot, _ in queue}
    while queue:
        if len(found.looked_at) == MAX_LOTS:
            found.missing.append(Failure("walk-limit", (), {"limit": MAX_LOTS}))
            break
        lot, made_into = queue.popleft()
        found.looked_at.append(lot)
        claim = lot_claim(view, lot)
        if isinstance(claim, Failure):
            if claim.code == "lot-unknown" and made_into is not None:
                facts: dict[str, str | int] = {"lot": made_into.subject, "input": lot}
                claim = Failure("input-unknown", (made_into.index,), facts)
            found.missing.append(claim)
            continue
        found.lots[lot] = claim
        for above in map(str, lot_body(claim).inputs):
            if above not in seen:
                seen.add(above)
                queue.append((above, claim))
    return found
