"""Appeals and their decisions, advice, improvement plans, their steps and verification."""

from typing import Any

from ecosystem.cast import Seat
from ecosystem.pen import Said
from ecosystem.share import Share
from ledger.identifiers import product_of

SCOPE = ("shops", "products", "lots")


def _scope(sanction: Said) -> dict[str, Any]:
    return {name: sanction.fields[name] for name in SCOPE}


def appeal(share: Share, sanction: Said, seat: Seat) -> None:
    """The trader appeals; the operator decides a week or two later."""
    fields = _scope(sanction) | {
        "target": sanction.cite("sanction"),
        "reason": "The lot was held up at the border in the heat.",
        "evidence": share.pen.evidence(),
    }
    share.say("appeal", seat.trader, sanction.subject, fields)
    share.told["appeals"] += 1


def decide(share: Share, sanction: Said, outcome: str) -> None:
    """Uphold, annul, or vary a sanction: to half the damages."""
    fields = _scope(sanction) | {
        "target": sanction.cite("sanction"),
        "outcome": outcome,
        "reason": "After hearing the trader and reading the logger of the lorry.",
    }
    if outcome == "varied":
        damages = sanction.fields["damages"]
        less = damages | {"amount": damages["amount"] // 2}
        terms = {"step": sanction.fields["step"], "until": None, "damages": less}
        fields["terms"] = terms | _scope(sanction)
    share.say("appeal-decision", share.pen.operator, sanction.subject, fields)
    share.told[f"appeals {outcome}"] += 1


def advise(share: Share, seat: Seat, ground: dict[str, str]) -> None:
    fields = {
        "grounds": [ground],
        "text": "Test each lot before it is packed.",
        "answer_by": share.pen.time_in(15),
    }
    share.say("advice", share.pen.operator, seat.trader.id, fields)


def plan(share: Share, seat: Seat, cause: dict[str, str]) -> Said:
    """The trader says what it will do about a cause: two actions, within a month."""
    fields: dict[str, Any] = {
        "cause": cause,
        "root_cause": "The drying hall was sprayed too late.",
        "actions": [
            {"text": "Test each lot before it is packed.", "due": share.pen.time_in(10)},
            {"text": "Train the people of the drying hall.", "due": share.pen.time_in(25)},
        ],
    }
    if cause["topic"] == "inspection":
        measure = {"property": "nonconforming", "unit": "%", "direction": "at-most"}
        of = {"product": product_of(cause["subject"]), "baseline": "4", "goal": "1"}
        fields |= {"stage": "making", "measures": [measure | of]}
    share.told["improvement plans"] += 1
    return share.pen.tell("improvement-plan", seat.trader, seat.trader.id, fields)


def _of(planned: Said) -> dict[str, Any]:
    """Return what is repeated of a plan: it is cited from the history of its cause."""
    cause = planned.fields["cause"]
    return {"target": cause | {"id": planned.id}, "cause": cause}


def do(share: Share, planned: Said, action: int) -> None:
    fields = _of(planned) | {
        "action": action,
        "text": "Done as planned.",
        "evidence": share.pen.evidence(),
    }
    share.say("improvement-step", planned.by, planned.subject, fields)


def verify(share: Share, planned: Said, outcome: str) -> None:
    """An inspector, or the operator, looks whether the cause is mended."""
    others = [share.pen.operator, share.rng.choice(share.all.inspectors)]
    fields = _of(planned) | {
        "on": share.pen.past(1),
        "outcome": outcome,
        "reason": "Three lots in a row were looked at.",
        "evidence": share.pen.evidence(),
    }
    share.say("improvement-verified", share.rng.choice(others), planned.subject, fields)
    share.told[f"improvements {outcome}"] += 1
