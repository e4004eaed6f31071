"""What a refused lot or a failed report brings about in the weeks behind it.

A trader is sanctioned one step above what stands against it; some appeal; most make a plan and
carry it out, and are let off when somebody else finds that effective. A critical finding takes
the goods off sale at once, for the time being, and brings the lot back from the market.
"""

from ecosystem.cast import Seat
from ecosystem.consequences import (
    DELIST,
    call_back,
    cited_there,
    complain,
    forget,
    lift_sanction,
    reached,
    sanction_trader,
)
from ecosystem.institutions import ASPECTS
from ecosystem.mending import advise, appeal, decide, do, plan, verify
from ecosystem.pen import Said
from ecosystem.share import Share
from ecosystem.trade import end_listing, end_shop, refuse_admission
from ledger.statements.sanction_family import STEPS

MAX_TRIGGERS = 5
SOON = 3  # so many lots refused inbound are acted upon
APPEALED, UPHELD, VARIED = 0.2, 0.6, 0.15
CRITICAL = {row[0] for aspect in ASPECTS for row in aspect.limits if row[-1] == "critical"}


def refused(share: Share, said: Said, seat: Seat) -> None:
    """A lot was refused: it is remembered against its trader.

    What flight and mystery inspection find is acted on within days, what is refused inbound
    when it is the third.
    """
    conduct = seat.conduct
    conduct.refused.append(said)
    critical = any(item["severity"] == "critical" for item in said.fields["findings"])
    if critical:
        call_back(share, said.subject, seat.brand, "Residues above the limit were found.")
        if not conduct.gone:
            told = sanction_trader(share, seat, DELIST, [said], critical=True, interim=True)
            carry_out(share, seat, told)
            share.later(share.rng.uniform(10, 20), lapse, told, seat)
    out_there = said.fields["mode"] in ("flight", "mystery")
    if out_there or len(conduct.refused) >= SOON:
        watch(share, seat, said if critical else None)


def watch(share: Share, seat: Seat, critical: Said | None) -> None:
    """Act on what a trader's lots failed, within days."""
    if not seat.conduct.watched:
        seat.conduct.watched = True
        share.later(share.rng.uniform(1, 4), act, seat, critical)


def lapse(share: Share, told: Said, seat: Seat) -> None:
    """An interim measure is lifted: what was found is final and acted on."""
    if (told, seat) in share.sanctions:
        lift_sanction(share, told, seat)


def act(share: Share, seat: Seat, critical: Said | None) -> None:
    """Sanction a trader one step above what stands, from delisting on where it is critical."""
    conduct = seat.conduct
    conduct.watched = False
    if conduct.gone:
        return
    causes, conduct.refused = conduct.refused[-MAX_TRIGGERS:], []
    if critical is not None and critical not in causes:
        causes.insert(0, critical)
    step = min(reached(share, seat.trader) + 1, len(STEPS) - 1)
    if critical is not None:
        step = max(step, DELIST)
    told = sanction_trader(share, seat, step, causes, critical=critical is not None)
    carry_out(share, seat, told)
    if share.rng.random() < APPEALED:
        share.later(share.rng.uniform(2, 12), appealed, told, seat)
    if step <= DELIST:
        share.later(share.rng.uniform(2, 6), mend, told, seat, cited_there(causes[-1]))


def carry_out(share: Share, seat: Seat, told: Said) -> None:
    """Take off sale what a sanction ends: products, a shop, everything of the trader."""
    match told.fields["step"]:
        case "delist":
            gone = [
                item
                for item in share.listings
                if item[1].trader is seat.trader and item[0].subject in told.fields["products"]
            ]
            for said, _ in gone:
                end_listing(share, said, share.pen.operator, "Delisted.")
        case "close-shop":
            if not seat.closed:
                end_shop(share, seat, "Closed by sanction.")
        case "end-cooperation":
            seat.conduct.gone = True
            for own in share.seats_of(seat.trader):
                if not own.closed:
                    end_shop(share, own, "Cooperation ended.")
            refuse_admission(share, seat.trader, "Cooperation ended by sanction.")
        case _:
            pass


def appealed(share: Share, told: Said, seat: Seat) -> None:
    """The trader appeals against what stands; the operator decides."""
    if (told, seat) in share.sanctions:
        appeal(share, told, seat)
        share.appealed.add(told.id)
        share.later(share.rng.uniform(7, 14), decided, told, seat)


def decided(share: Share, told: Said, seat: Seat) -> None:
    """An appeal is decided; what closed shops or ended cooperation was looked at well before."""
    share.appealed.discard(told.id)
    luck = share.rng.random()
    final = told.fields["step"] in ("close-shop", "end-cooperation")
    if luck < UPHELD or final:
        decide(share, told, "upheld")
    elif luck < UPHELD + VARIED and "damages" in told.fields:
        decide(share, told, "varied")
    else:
        decide(share, told, "annulled")
        forget(share, told, seat)


def mend(share: Share, told: Said, seat: Seat, cause: dict[str, str]) -> None:
    """The trader plans, does what it planned, and somebody else looks at it."""
    if seat.conduct.gone:
        return
    planned = plan(share, seat, cause)
    effective = share.rng.random() > 3 * seat.conduct.proneness
    share.later(share.rng.uniform(5, 10), do, planned, 1)
    if effective or share.rng.random() < 0.5:
        share.later(share.rng.uniform(15, 24), do, planned, 2)
    outcome = "effective" if effective else "ineffective"
    share.later(share.rng.uniform(26, 35), looked_at, planned, outcome, told, seat)


def looked_at(share: Share, planned: Said, outcome: str, told: Said, seat: Seat) -> None:
    """What was found effective lifts the sanction that it answers, if that still stands."""
    verify(share, planned, outcome)
    waits = told.id in share.appealed or seat.conduct.gone
    if outcome == "effective" and (told, seat) in share.sanctions and not waits:
        lift_sanction(share, told, seat)


def report_failed(share: Share, lot: str, seat: Seat, said: Said) -> None:
    """A report stands that a lot failed: it is acted on, and lots that failed critically come back."""
    failed = {item["property"] for item in said.fields["results"] if item["outcome"] == "fail"}
    critical = bool(failed & CRITICAL)
    if critical:
        call_back(share, lot, seat.brand, f"Above the limit: {', '.join(sorted(failed))}.")
    seat.conduct.refused.append(said)
    watch(share, seat, said if critical else None)


def complained(share: Share, lot: str, seat: Seat) -> None:
    """A consumer complains; one time in five the trader is advised, and may answer with a plan."""
    said = complain(share, lot, seat)
    if share.rng.random() < 0.2:
        share.later(share.rng.uniform(1, 5), advised, said, seat)


def advised(share: Share, said: Said, seat: Seat) -> None:
    if seat.conduct.gone or said not in share.complaints:
        return  # it was taken back
    advise(share, seat, said.cite("feedback"))
    if share.rng.random() < 0.5:
        share.later(share.rng.uniform(2, 10), answer, said, seat)


def answer(share: Share, said: Said, seat: Seat) -> None:
    if not seat.conduct.gone and said in share.complaints:
        planned = plan(share, seat, said.cite("feedback"))
        share.later(share.rng.uniform(3, 9), do, planned, 1)
        share.later(share.rng.uniform(10, 20), do, planned, 2)
        share.later(share.rng.uniform(22, 30), verify, planned, "effective")
