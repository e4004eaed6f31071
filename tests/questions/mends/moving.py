"""What mends accounts of goods that moved: who received them says so, who is mistaken corrects it."""

from collections.abc import Iterator
from typing import Any

from questions.mends.telling import Mend, Wrong, says
from rules.telling import Step
from usual import day

from ledger.rules.claims import held
from ledger.rules.standing import Standing
from ledger.statements.movement_family import Movement

PLAIN: dict[str, Any] = {"to": ..., "place": ..., "delivery": ..., "quantity": ..., "at": day(0)}


def _movements(w: Wrong) -> list[Standing]:
    found = w.standing("movement", str(w.facts["lot"]))
    return [item for item in found if isinstance(item.body, Movement)]


def _rested_on(w: Wrong) -> Standing:
    return next(item for item in _movements(w) if item.index == w.entries[0])


def _quantity(amount: str, unit: object) -> dict[str, str]:
    return {"amount": amount, "unit": str(unit)}


def _corrected(w: Wrong, item: Standing, quantity: dict[str, str]) -> Step:
    """Who said that goods moved says that it was so much."""
    name = w.name(item.entry)
    fields = w.told.fields_of(name)
    said: dict[str, Any] = {"statement": fields | {"quantity": quantity}, "reason": "mistyped"}
    called, target = w.fresh("much"), w.cites(item)
    how: dict[str, Any] = {"subject": item.subject, "called": called, "target": target}
    return says("supersede", by=item.issuer, **how, **said)


def arrives(w: Wrong) -> Iterator[Step]:
    """To whom it was sent says that it arrived."""
    sent = _rested_on(w)
    how = PLAIN | {"kind": "receive", "shipment": w.cites(sent), "called": w.fresh("arrived")}
    yield says("movement", by=str(w.facts["to"]), subject=sent.subject, **how)


def sent_so_much(w: Wrong) -> Iterator[Step]:
    """Who sent it says that it sent what arrived."""
    yield _corrected(w, _rested_on(w), _quantity(str(w.facts["received"]), w.facts["unit"]))


def received_more(w: Wrong) -> Iterator[Step]:
    """Its maker sent as much again to who had too little, who says so; a maker gives nothing away any more."""
    lot, party = str(w.facts["lot"]), str(w.facts["party"])
    makers = [item.issuer for item in held(w.paper.view, "lot", lot, reserved=True)]
    if party in makers:
        for item in _movements(w):
            if item.issuer == party and item.body.kind != "receive":  # type: ignore[attr-defined]
                yield _corrected(w, item, _quantity("0", w.facts["unit"]))
        return
    much = {"quantity": _quantity(str(w.facts["amount"]), w.facts["unit"]), "subject": lot}
    sent = w.fresh("more")
    how = PLAIN | much
    yield says("movement", by=makers[0], called=sent, **how | {"kind": "ship", "to": party})
    cited = {"kind": "receive", "shipment": lambda told: _citation(told, sent, lot)}
    yield says("movement", by=party, called=w.fresh("more came"), **how | cited)


def _citation(told: Any, name: str, lot: str) -> dict[str, str]:
    return {"id": told.said[name][0].id.hex(), "topic": "movement", "subject": lot}


def said_how_much(w: Wrong) -> Iterator[Step]:
    """Each who did not say how much says so."""
    (lot,) = held(w.paper.view, "lot", str(w.facts["lot"]))
    unit = lot.body.quantity.unit  # type: ignore[attr-defined]
    for item in _movements(w):
        if "quantity" not in w.told.fields_of(w.name(item.entry)):
            yield _corrected(w, item, _quantity("1", unit))


def packed(w: Wrong) -> Iterator[Step]:
    """Who has a lot says that it packed some of it."""
    how = PLAIN | {"kind": "pack", "unit": str(w.facts["unit"]), "called": w.fresh("packed")}
    yield says("movement", **how)


MENDS = (
    Mend("unit-unknown", packed),
    Mend("shipment-unconfirmed", arrives),
    Mend("receipt-differs", sent_so_much),
    Mend("balance-open", received_more),
    Mend("balance-open", received_more, "its maker sends more than it made"),
    Mend("quantity-unsaid", said_how_much, "how much was sent is not said"),
)
