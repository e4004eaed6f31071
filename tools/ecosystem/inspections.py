"""Goods looked at: inspections by plan and severity as the ledger's own rules have them, samples.

The severity of an inbound inspection follows from those before it of the same trader's
product. It is read off the very fold that the rules read.
"""

from typing import Any

from ecosystem.cast import Seat
from ecosystem.pen import DAY_S, Said, time_of
from ecosystem.share import Share
from ledger.identifiers import product_of
from ledger.rules.series import Inspected, Inspections, inspections
from ledger.sampling import SCORE_NEEDED, Aql, Level, Severity, Stage, plan_for, switched
from ledger.statements.inspection_family import inspections_of

AT_WAREHOUSE = ("inbound", "patrol")
DEFECTS = {
    "minor": "The box is dented; the goods are whole.",
    "major": "The label lacks the date of packing.",
    "critical": "Pesticide residue above the limit by a factor of three.",
}
SWITCHES = {
    "reduced": "Production is steady, its plan for the season attached.",
    "tightened": "The cause of the refusals was found and acted on.",
}
NEXT = 1 << 62  # where the next entry of a series stands: behind all others
PLAN: tuple[Level, Aql] = ("II", "1.0")


def series_of(share: Share, pair: str) -> Inspections:
    """Return all that was inspected of a trader's product, as the ledger's rules read it."""
    return share.pen.view.fold(inspections, "inspections", pair)


def stage_due(
    share: Share, seat: Seat, lot: str, plan: tuple[Level, Aql], *, again: bool = False
) -> Stage:
    """Return under which severity the next inbound inspection is due, or that there is to be none."""
    goods = series_of(share, inspections_of(seat.trader.id, product_of(lot)))
    return goods.due(Inspected(NEXT, lot, again=again, refuses=False, classes=()), plan)[0]


def inspect_lot(
    share: Share,
    lot: str,
    seat: Seat,
    mode: str,
    *,
    refused: bool,
    critical: bool = False,
    plan: tuple[Level, Aql] = PLAN,
    answers: Said | None = None,
) -> Said | None:
    """Inspect a lot by the plan that is due; None where inspection is discontinued.

    ``refused``: whether so much is found that it is; ``critical``: with a critical finding;
    ``answers``: the refusal that it is inspected again for.
    """
    again = answers is not None
    severity = stage_due(share, seat, lot, plan, again=again) if mode == "inbound" else "normal"
    if severity == "discontinued":
        return None
    rng, (level, aql), lot_size = share.rng, plan, share.sizes[lot]
    drawn = plan_for(lot_size, level, aql, severity)
    at_warehouse = mode in AT_WAREHOUSE
    bad = drawn.reject + rng.randrange(3) if refused else rng.randint(0, drawn.accept // 2)
    bad = min(bad, drawn.sample_size)
    worst = "critical" if critical else "major" if refused else "minor"
    fields: dict[str, Any] = {
        "mode": mode,
        "trader": seat.trader.id,
        "on": share.pen.past(3),
        "lot_size": lot_size,
        "level": level,
        "aql": aql,
        "severity": severity,
        "sample_size": drawn.sample_size,
        "accept": drawn.accept,
        "reject": drawn.reject,
        "nonconforming": bad,
        "decision": "refused" if bad > drawn.accept else "accepted",
        "findings": [
            {"point": f"GB 7718-{n + 1}", "severity": worst, "text": DEFECTS[worst]}
            for n in range(min(bad, 2))
        ],
        "km": rng.randrange(1, 30) if mode == "flight" and not again else 0,
        "evidence": share.pen.evidence(),
    }
    if mode == "flight":
        fields["facility"] = rng.choice(seat.brand.facilities)
    if rng.random() < 0.2:
        fields["sealed"] = share.pen.sealed("inspector_name")
    by = rng.choice(share.all.warehouses if at_warehouse else share.all.inspectors)
    if answers is not None:
        fields["answers"] = [answers.cite("inspection")]
        if share.pen.refusals("inspection", by, lot, fields):
            return None
    said = share.pen.tell("inspection", by, lot, fields)
    if not again:  # what is inspected again is no further batch
        share.told["batches" if at_warehouse else "samplings"] += 1
    for name in ("km", "flight km"):
        share.told[name] += fields["km"]
    _remember(share, said, seat)
    return said


def _remember(share: Share, said: Said, seat: Seat) -> None:
    """Let the series of the trader's product go on, as the ledger's does."""
    if said.fields["mode"] == "inbound":
        pair = inspections_of(seat.trader.id, product_of(said.subject))
        _watch(share, pair, (said.fields["level"], said.fields["aql"]))
    if said.fields["decision"] == "refused":
        share.told["refused"] += 1
        share.later(share.rng.uniform(1, 5), inspect_again, said, seat)
        share.refused.append((said, seat))
    share.inspections.append((said, seat))


def inspect_again(share: Share, said: Said, seat: Seat) -> None:
    """What was sorted out of a refused lot is taken away; the rest is inspected again, and passes."""
    plan = (said.fields["level"], said.fields["aql"])
    lot, mode = said.subject, said.fields["mode"]
    inspect_lot(share, lot, seat, mode, refused=False, plan=plan, answers=said)


def _watch(share: Share, pair: str, plan: tuple[Level, Aql]) -> None:
    """Let the platform switch where a series asks for its word: reduced, or going on again."""
    state = series_of(share, pair).of(plan).state
    if state.stage == "discontinued":
        share.later(share.rng.uniform(14, 30), switch, pair, plan, "tightened")
    elif state.stage == "normal" and state.score >= SCORE_NEEDED and share.rng.random() < 0.3:
        share.later(share.rng.uniform(1, 5), switch, pair, plan, "reduced")


def switch(share: Share, pair: str, plan: tuple[Level, Aql], to: Severity) -> None:
    """Switch a series, if that is due now."""
    if switched(series_of(share, pair).of(plan).state, NEXT, to) is None:
        return
    trader, product = pair.split("\n")
    fields = {
        "trader": trader,
        "level": plan[0],
        "aql": plan[1],
        "to": to,
        "reason": SWITCHES[to],
        "evidence": share.pen.evidence(2),
    }
    share.say("sampling-switch", share.pen.operator, product, fields)
    share.told[f"switched to {to}"] += 1


def inspect(share: Share, lot: str | None = None, seat: Seat | None = None) -> None:
    """A warehouse or an inspector looks at a lot; one in forty is refused."""
    if lot is None:
        lot, _ = share.recent(share.lots)
        seat = share.rng.choice(share.seats)
    assert seat is not None
    mode = share.rng.choices(("inbound", "patrol", "flight", "mystery"), (60, 25, 8, 7))[0]
    if mode == "inbound" and stage_due(share, seat, lot, PLAN) == "discontinued":
        mode = "patrol"
    refused = share.rng.random() < 0.025
    inspect_lot(share, lot, seat, mode, refused=refused)


def sample(share: Share, lot: str | None = None) -> None:
    """An inspector seals a sample; a carrier and mostly a laboratory take it over."""
    inspector = share.rng.choice(share.all.inspectors)
    id_ = f"urn:sample:s{share.pen.next()}"
    at_s = share.pen.now_s - DAY_S * 2 - share.rng.randrange(DAY_S)
    fields: dict[str, Any] = {
        "lot": lot or share.recent(share.lots)[0],
        "taken": time_of(at_s),
        "seals": [f"SEAL-{share.pen.next()}"],
        "evidence": share.pen.evidence(),
    }
    if lot is None and share.inspections:
        said, _ = share.recent(share.inspections)
        fields |= {"lot": said.subject, "inspection": said.cite("inspection")}
    stops = [share.rng.choice(share.all.carriers), share.rng.choice(share.all.laboratories)]
    fields["to"] = [stop.id for stop in stops]
    previous, holder = share.say("sample-sealed", inspector, id_, fields), inspector
    for taker in stops[: share.rng.choice((1, 2, 2))]:
        at_s += share.rng.randrange(DAY_S // 2)
        handed = {
            "lot": fields["lot"],
            "handed_by": holder.id,
            "previous": previous,
            "at": time_of(at_s),
            "seals_intact": True,
            "to": fields["to"],
        }
        previous, holder = share.say("custody", taker, id_, handed), taker
    share.told["samplings"] += 1
