"""Sanctions: which stood at a time, and which of them stop a sale."""

from collections.abc import Iterator

from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.standing import Standing, standing
from ledger.statements.sanction_family import STEPS, Sanction

DELIST = STEPS.index("delist")


def measure(item: Standing) -> Sanction:
    """Return the body of a sanction."""
    assert isinstance(item.body, Sanction)  # noqa: S101 - callers asked for sanctions
    return item.body


def all_sanctions(asked: Asked, subject: str) -> Iterator[Standing]:
    """Yield every sanction against a trader, shop, product or lot, oldest first."""
    for item in asked.view.fold(standing, "sanction", subject).values():
        if isinstance(item.body, Sanction):
            yield item


def lifted(asked: Asked, item: Standing) -> bool:
    """Return whether a sanction had been lifted at the time asked about.

    A lifting bites from its registration on: it does not undo the time before.
    """
    return item.ended is not None and registered_by(asked, item.ended)


def live_sanctions(asked: Asked, subject: str) -> Iterator[Standing]:
    """Yield the sanctions in force against a trader, shop, product or lot."""
    for item in all_sanctions(asked, subject):
        if measure(item).covers(asked.valid_at_us) and not lifted(asked, item):
            yield item


def sanctioned(item: Standing) -> Failure:
    """Return a standing sanction as a reason."""
    body = measure(item)
    facts: dict[str, str | int] = {"step": body.step, "subject": item.subject}
    return Failure("sanctioned", (item.index,), facts | {"since": str(body.from_)})


def at_least_delisting(item: Standing) -> bool:
    """Return whether a sanction is delisting or a step above it."""
    return STEPS.index(measure(item).step) >= DELIST


def unlimited(item: Standing) -> bool:
    """Return whether a sanction names no shop, product or lot: it hits all of the trader's."""
    body = measure(item)
    return not (body.products or body.lots or body.shops)


def sanctions_on(asked: Asked, trader: str, product: str) -> tuple[list[Failure], list[Failure]]:
    """Return the sanctions that stop a trader from selling a product, and those to be known.

    One at delisting or above that names products stops those, one that names nothing stops
    all; one limited to shops or lots, below delisting, or of another trader is only to be known.
    """
    stops: list[Failure] = []
    known: list[Failure] = []
    items = {item.id: item for item in live_sanctions(asked, trader)}
    items |= {item.id: item for item in live_sanctions(asked, product)}
    for item in items.values():
        hit = product in measure(item).products or unlimited(item)
        stops_sale = at_least_delisting(item) and hit and item.subject == trader
        (stops if stops_sale else known).append(sanctioned(item))
    return stops, known
