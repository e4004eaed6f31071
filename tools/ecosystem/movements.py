"""Goods that move: a right-holder sends a lot to a trader, who says that it arrived."""

from ecosystem.cast import Seat
from ecosystem.pen import time_of
from ecosystem.share import Share

SENT = 40
"""Pieces sent at once: no lot has fewer."""
HOUR_S = 3600


def deliver(share: Share, lot: str, seat: Seat) -> None:
    """Some of a lot goes from who made it to a trader."""
    quantity = {"amount": str(SENT), "unit": "pcs"}
    sent_s = share.pen.before_s(1) - HOUR_S
    sent = share.pen.tell(
        "movement",
        seat.brand.holder,
        lot,
        {
            "kind": "ship",
            "at": time_of(sent_s),
            "quantity": quantity,
            "to": seat.trader.id,
            "delivery": f"D-{share.pen.next()}",
        },
    )
    fields = {
        "kind": "receive",
        "at": time_of(sent_s + HOUR_S),
        "quantity": quantity,
        "shipment": sent.cite("movement"),
    }
    share.say("movement", seat.trader, lot, fields)


def move(share: Share) -> None:
    """A lot that is talked about goes to one of its brand's traders."""
    seat = share.a_seat()
    if seat is None:
        return
    lots = [lot for lot, brand in share.lots[-100:] if brand is seat.brand]
    if lots:
        deliver(share, share.rng.choice(lots), seat)
