"""Sanctions: which stood at a time and in which terms, and which of them stop a sale."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from ledger.identifiers import ALL, channel_of
from ledger.primitives.instant import format_us, parse_us
from ledger.questions.times import registered_by, since
from ledger.questions.triggers import begun_by_plan, ground_notes, mended_by_plan
from ledger.questions.undone import by_whom
from ledger.questions.verdict import Asked
from ledger.rules.appeals import annulled_by
from ledger.rules.chains import Facts, Failure
from ledger.rules.codes import BEGUN, HAVE, SINCE, UNTIL, repeated
from ledger.rules.independence import Independence
from ledger.rules.standing import Standing, standing, standing_of
from ledger.rules.ties import CODE, ties
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


def begins_us(asked: Asked, item: Standing) -> int:
    """Return from when on a sanction bites: it may name an earlier start than its registration."""
    from_us = measure(asked, item).from_.us
    if asked.valid_at_us >= asked.newest_us:
        return from_us
    return max(from_us, asked.view.registered_us(item.index))


def in_force(asked: Asked, item: Standing) -> bool:
    """Return whether a sanction stands at the time asked about: begun, not over, not lifted."""
    at_us = asked.valid_at_us
    body = measure(asked, item)
    return begins_us(asked, item) <= at_us and body.covers(at_us) and not lifted(asked, item)


def live_sanctions(asked: Asked, subject: str) -> Iterator[Standing]:
    """Yield the sanctions in force against a trader, shop, product or lot."""
    return (item for item in all_sanctions(asked, subject) if in_force(asked, item))


def sanctioned(asked: Asked, item: Standing) -> Failure:
    """Return a standing sanction as a reason."""
    body = measure(asked, item)
    facts: Facts = {"step": body.step, "subject": item.subject, "by": item.issuer}
    facts["why"] = repeated(body.grounds)
    since_us = max(body.from_.us, asked.view.registered_us(item.index))
    facts[SINCE] = format_us(since_us)
    if body.until is not None:
        facts[UNTIL] = str(body.until)
    mended = mended_by_plan(asked, item, body)
    if mended is not None:
        facts[HAVE] = mended
    elif (begun := begun_by_plan(asked, item, body)) is not None:
        facts[BEGUN] = begun
    return Failure("sanctioned", (item.index,), facts)


def lifting(asked: Asked, item: Standing) -> Failure:
    """Return that a sanction was lifted, or annulled on appeal, as a note."""
    assert item.ended is not None  # noqa: S101 - callers asked for lifted ones
    code = "sanction-lifted" if annulled_by(asked.view, item) is None else "sanction-annulled"
    facts: Facts = {"step": measure(asked, item).step, "subject": item.subject}
    facts |= by_whom(asked, item, "sanction", item.ended)
    return Failure(code, (item.index, item.ended), facts | {SINCE: since(asked, item.ended)})


def undone_measures(
    asked: Asked, items: Iterable[Standing], hits: Callable[[Sanction], bool]
) -> list[Failure]:
    """Return which sanctions would be in force now but for being lifted, or varied: the newest first."""
    found: list[Failure] = []
    for item in items:
        was = item.entry.body
        if not isinstance(was, Sanction):
            continue
        body = measure(asked, item)
        if lifted(asked, item):
            if body.covers(asked.valid_at_us) and hits(body):
                found.append(lifting(asked, item))
        elif body is not was and was.covers(asked.valid_at_us) and hits(was) and not hits(body):
            assert item.replaced is not None  # noqa: S101 - it was varied by an entry
            facts: Facts = {"step": body.step, "subject": item.subject, "before": was.step}
            facts |= by_whom(asked, item, "sanction", item.replaced)
            facts[SINCE] = since(asked, item.replaced)
            found.append(Failure("appeal-varied", (item.index, item.replaced), facts))
    return found[::-1]


def _own_undone(asked: Asked, trader: str, hits: Callable[[Sanction], bool]) -> list[Failure]:
    """Return which of a trader's own sanctions would stop it now had they not been undone."""
    own = (item for item in all_sanctions(asked, trader) if item.subject == trader)
    return undone_measures(asked, own, hits)


def unlimited(asked: Asked, item: Standing) -> bool:
    """Return whether a sanction names no shop, product or lot: it hits all of the trader's."""
    body = measure(asked, item)
    return not (body.products or body.lots or body.shops)


def ended_cooperation(asked: Asked, trader: str) -> tuple[list[Failure], list[Failure]]:
    """Return the sanctions by which cooperation with a trader has ended, and what is to be known of it."""
    ended: list[Failure] = []
    known = _own_undone(asked, trader, lambda body: body.step == "end-cooperation")
    for item in live_sanctions(asked, trader):
        body = measure(asked, item)
        if item.subject == trader and body.step == "end-cooperation":
            ended.append(sanctioned(asked, item))
            known += ground_notes(asked, item, body)
    return ended, known


def sanctions_on(
    asked: Asked, trader: str, product: str, channel: str, shop_type: str, shop: str
) -> tuple[list[Failure], list[Failure]]:
    """Return the sanctions that stop a trader from selling a product there, and those to be known.

    One at delisting or above that names products stops those, one that names nothing stops
    all, and one that names shops where no other shop of the trader's is left for the sale, or it is the one asked about.
    One limited to lots, below delisting, or of another trader is only to be known.
    """
    live = {item.id: item for item in live_sanctions(asked, trader)}
    own = [item for item in live.values() if item.subject == trader]
    closed = _closing(asked, own, product, _shops(asked, own, channel, shop_type, shop))
    stops: list[Failure] = []
    known: list[Failure] = []

    def hits(body: Sanction) -> bool:
        named = body.products or body.lots or body.shops
        return STEPS.index(body.step) >= DELIST and (product in body.products or not named)

    for item in (live | {item.id: item for item in live_sanctions(asked, product)}).values():
        body = measure(asked, item)
        stop = (item.subject == trader and hits(body)) or item.id in closed
        (stops if stop else known).append(sanctioned(asked, item))
        if stop:
            known += ground_notes(asked, item, body)
    return stops, [*known, *_own_undone(asked, trader, lambda b: hits(b) or bool(b.shops))]


def _shops(
    asked: Asked, own: Sequence[Standing], channel: str, shop_type: str, asked_shop: str
) -> list[str]:
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
        and asked_shop in (ALL, shop.subject)
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


def sanctions_above(
    asked: Asked, trader: str, bars_it: Callable[[str], Iterable[Failure]]
) -> list[Failure]:
    """Return the sanctions that bar whom a trader belongs to, however many firms up, now or when they began.

    To be known alone: a measure is its trader's. Whom one belongs to an authority or the operator says, so nobody
    makes these more.

    Args:
        asked: what is asked about.
        trader: whom it is about.
        bars_it: the sanctions, as reasons, that would bar a party from what is asked.

    """
    found: list[Failure] = []
    for party in sorted(Independence(asked.view).above(trader) - {trader}):
        for reason in () if party.startswith(CODE) else bars_it(party):
            since_us = parse_us(str(reason.facts[SINCE]))
            tie = ties(asked.view, trader, party, asked.valid_at_us, since_us)
            if tie is not None:
                named = ("subject", "step", "by", "why", SINCE, UNTIL)
                facts = {name: reason.facts[name] for name in named if name in reason.facts}
                found.append(
                    Failure("owner-sanctioned", (*reason.entries, *tie), facts | {"party": trader})
                )
    return found
