"""Sanctions: which stood at a time and in which terms, and which of them stop a sale."""

from collections.abc import Iterator, Sequence

from ledger.identifiers import ALL, channel_of
from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.standing import Standing, standing, standing_of
from ledger.rules.trade import bars
from ledger.statements.sanction_family import STEPS, Sanction
from ledger.statements.trade_family import Shop

DELIST = STEPS.index("delist")


def measure(asked: Asked, item: Standing) -> Sanction:
    """Return the terms of a sanction at the time asked about.

    A decision that varied them bites from its registration on, as a lifting does.
    """
    varied = item.replaced is None or registered_by(asked, item.replaced)
    body = item.body if varied else item.entry.body
    assert isinstance(body, Sanction)  # noqa: S101 - callers asked for sanctions
    return body


def all_sanctions(asked: Asked, subject: str) -> Iterator[Standing]:
    """Yield every sanction against a trader, shop, product or lot, oldest first."""
    for item in asked.view.fold(standing, "sanction", subject).values():
        if isinstance(item.body, Sanction):
            yield item


def lifted(asked: Asked, item: Standing) -> bool:
    """Return whether a sanction had been lifted or annulled at the time asked about.

    Either bites from its registration on: it does not undo the time before.
    """
    return item.ended is not None and registered_by(asked, item.ended)


def live_sanctions(asked: Asked, subject: str) -> Iterator[Standing]:
    """Yield the sanctions in force against a trader, shop, product or lot."""
    for item in all_sanctions(asked, subject):
        if measure(asked, item).covers(asked.valid_at_us) and not lifted(asked, item):
            yield item


def sanctioned(asked: Asked, item: Standing) -> Failure:
    """Return a standing sanction as a reason."""
    body = measure(asked, item)
    facts: dict[str, str | int] = {"step": body.step, "subject": item.subject}
    return Failure("sanctioned", (item.index,), facts | {"since": str(body.from_)})


def unlimited(asked: Asked, item: Standing) -> bool:
    """Return whether a sanction names no shop, product or lot: it hits all of the trader's."""
    body = measure(asked, item)
    return not (body.products or body.lots or body.shops)


def ended_cooperation(asked: Asked, trader: str) -> list[Failure]:
    """Return the sanctions by which cooperation with a trader has ended."""
    return [
        sanctioned(asked, item)
        for item in live_sanctions(asked, trader)
        if item.subject == trader and measure(asked, item).step == "end-cooperation"
    ]


def sanctions_on(
    asked: Asked, trader: str, product: str, channel: str, shop_type: str
) -> tuple[list[Failure], list[Failure]]:
    """Return the sanctions that stop a trader from selling a product there, and those to be known.

    One at delisting or above that names products stops those, one that names nothing stops
    all, and one that names shops where no other shop of the trader's is left for the sale.
    One limited to lots, below delisting, or of another trader is only to be known.
    """
    live = {item.id: item for item in live_sanctions(asked, trader)}
    own = [item for item in live.values() if item.subject == trader]
    closed = _closing(asked, own, product, _shops(asked, own, channel, shop_type))
    stops: list[Failure] = []
    known: list[Failure] = []
    for item in (live | {item.id: item for item in live_sanctions(asked, product)}).values():
        body = measure(asked, item)
        hit = product in body.products or unlimited(asked, item)
        stop = item.subject == trader and STEPS.index(body.step) >= DELIST and hit
        (stops if stop or item.id in closed else known).append(sanctioned(asked, item))
    return stops, known


def _shops(asked: Asked, own: Sequence[Standing], channel: str, shop_type: str) -> list[str]:
    """Return the shops a trader has for a sale, of those that sanctions may close.

    Nothing is read where no sanction names a shop.
    """
    named = [
        item
        for item in own
        if measure(asked, item).shops and STEPS.index(measure(asked, item).step) >= DELIST
    ]
    return [
        shop.subject
        for shop in (standing_of(asked.view, "shops", named[0].subject, Shop) if named else ())
        if isinstance(shop.body, Shop)
        and channel_of(shop.subject) == channel
        and shop_type in (ALL, shop.body.shop_type)
    ]


def _closing(
    asked: Asked, own: Sequence[Standing], product: str, shops: Sequence[str]
) -> frozenset[str]:
    """Return the ids of the sanctions that together bar a product from every one of these shops."""
    by: set[str] = set()
    for shop in shops:
        barring = {
            item.id for item in own if bars(measure(asked, item), shop, product, asked.valid_at_us)
        }
        if not barring:
            return frozenset()
        by |= barring
    return frozenset(by)
