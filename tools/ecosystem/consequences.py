"""What follows: recalls, complaints, sanctions with their triggers, and their lifting."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from ecosystem.cast import Brand, Seat
from ecosystem.pen import Person, Said
from ecosystem.share import Share
from ledger.identifiers import product_of
from ledger.rules.published import CURRENT
from ledger.rules.standing import standing_of
from ledger.statements.sanction_family import STEPS, Sanction

DELIST = STEPS.index("delist")
INTERIM_DAYS = 24
TOPICS = {"inspection": "inspection", "test-report": "sample"}
"""Where what triggers a sanction is cited from."""


def cited_there(said: Said) -> dict[str, str]:
    """Return the citation of something that failed, as sanctions and plans have it."""
    return said.cite(TOPICS[said.fields["type"]])


def call_back(
    share: Share, lot: str, brand: Brand, reason: str, others: Iterable[str] = ()
) -> Said:
    """Recall lots: the right-holder its own, the operator several at once."""
    further = sorted({*others} - {lot})
    fields = {"reason": reason, "from": share.pen.past(1), "other_lots": further}
    by = share.pen.operator if further else brand.holder
    share.told["recalled lots"] += 1 + len(further)
    return share.pen.tell("recall", by, lot, fields)


def recall(share: Share) -> None:
    lot, brand = share.recent(share.lots)
    others = [share.recent(share.lots)[0] for _ in range(share.rng.randrange(3))]
    call_back(share, lot, brand, "The seal of the inner bag may leak.", others)


def recall_days(share: Share) -> None:
    """The platform calls back what was made of a product long ago: nothing that is sold today."""
    lot, _ = share.recent(share.lots)
    fields = {
        "reason": "The seals of that year were of a bad charge.",
        "from": share.pen.past(1),
        "made_from": "2020-01-01T00:00:00Z",
        "made_until": "2020-02-01T00:00:00Z",
    }
    share.pen.tell("product-recall", share.pen.operator, product_of(lot), fields)


def ship(share: Share) -> None:
    """Who holds the brand says that a lot was shipped: an EPCIS event."""
    lot, brand = share.recent(share.lots)
    id_ = f"urn:uuid:{UUID(int=share.rng.getrandbits(128), version=4)}"
    event = {
        "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
        "type": "ObjectEvent",
        "eventID": id_,
        "eventTime": share.pen.past(1),
        "eventTimeZoneOffset": "+08:00",
        "quantityList": [{"epcClass": lot}],
        "action": "OBSERVE",
        "bizStep": "shipping",
        "disposition": "in_transit",
    }
    share.pen.tell("epcis", brand.holder, id_, {"event": json.dumps(event)})


def complain(share: Share, lot: str | None = None, seat: Seat | None = None) -> Said:
    """A consumer complains about a lot, where known of the shop that sold it."""
    lot = lot or share.recent(share.lots)[0]
    fields = {
        "complainant": f"urn:pinyuan:person:{share.rng.getrandbits(128):032x}",
        "text": "The box was open and two bags were missing.",
        "lot": lot,
        "sealed": share.pen.sealed("phone"),
    }
    if seat is not None:
        fields["shop"] = seat.shop
    product = lot.partition("/10/")[0]
    said = share.pen.tell("complaint", share.pen.operator, product, fields)
    share.complaints.append(said)
    return said


def reached(share: Share, trader: Person) -> int:
    """Return the highest step that stands against a trader, -1 without any."""
    own = standing_of(share.pen.view, "sanction", trader.id, Sanction)
    bodies = [item.body for item in own if isinstance(item.body, Sanction)]
    return max((STEPS.index(body.step) for body in bodies if not body.interim), default=-1)


def sanction_trader(
    share: Share,
    seat: Seat,
    step: int,
    triggers: list[Said],
    *,
    critical: bool = False,
    interim: bool = False,
) -> Said:
    """Sanction a trader for lots that failed, and remember what it may do no more."""
    lots = list(dict.fromkeys(said.fields.get("lot", said.subject) for said in triggers))
    products = list(dict.fromkeys(lot.partition("/10/")[0] for lot in lots))
    fields: dict[str, Any] = {
        "step": STEPS[step],
        "grounds": "Refused at inspection, or failed in a laboratory.",
        "triggers": [cited_there(said) for said in triggers],
        "rules_version": CURRENT,
        "appeal_by": share.pen.time_in(30),
        "from": share.pen.past(1),
        "until": share.pen.time_in(INTERIM_DAYS) if interim else None,
        "shops": [seat.shop] if STEPS[step] == "close-shop" else [],
        "products": products if STEPS[step] == "delist" else [],
        "lots": lots if step <= DELIST else [],
    }
    if critical:
        fields["severity_ground"] = "critical"
    if interim:
        fields["interim"] = True
    if STEPS[step] == "damages":
        amount = share.rng.randrange(100_000, 9_000_000)
        fields["damages"] = {"amount": amount, "currency": "CNY"}
    told = share.pen.tell("sanction", share.pen.operator, seat.trader.id, fields)
    share.told[f"sanction {STEPS[step]}" + (" (interim)" if interim else "")] += 1
    share.sanctions.append((told, seat))
    seat.conduct.punished = True
    seat.conduct.barred = seat.conduct.barred or step >= DELIST
    return told


def sanction(share: Share) -> None:
    """The trader of a refused inspection is sanctioned, one step above the last."""
    if share.refused:
        said, seat = share.recent(share.refused)
        step = min(reached(share, seat.trader) + 1, DELIST)
        sanction_trader(share, seat, step, [said])


def lift_sanction(share: Share, said: Said, seat: Seat) -> None:
    fields = {
        "target": said.cite("sanction"),
        "reason": "The cause is mended and verified.",
        "shops": said.fields["shops"],
        "products": said.fields["products"],
        "lots": said.fields["lots"],
    }
    share.say("sanction-lifted", share.pen.operator, said.subject, fields)
    forget(share, said, seat)


def forget(share: Share, said: Said, seat: Seat) -> None:
    """A sanction has ended: from delisting on, its trader may sell again if no other stands."""
    share.sanctions.remove((said, seat))
    seat.conduct.barred = any(
        other.trader is seat.trader and STEPS.index(told.fields["step"]) >= DELIST
        for told, other in share.sanctions
    )


def lift(share: Share) -> None:
    if share.sanctions:
        lift_sanction(share, *share.rng.choice(share.sanctions))
