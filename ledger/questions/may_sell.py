"""``may_sell``: whether a trader may sell a product here, and who says so."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ledger.history import View
from ledger.questions.verdict import Asked, Verdict
from ledger.rules.chains import Authority, Chain, Failure, Point, authority, grant
from ledger.rules.standing import Standing, standing_in
from ledger.rules.state import key_state
from ledger.statements.brand_family import Product
from ledger.statements.sanction_family import STEPS, Sanction

SHOP_TYPES = ("flagship", "specialty", "multi-brand")
ANY = "*"
DELIST = STEPS.index("delist")


def product_claim(view: View, product: str) -> Standing | Failure:
    """Return the newest claim that stands for a product, or why no single one does."""
    claims: dict[tuple[str, str], Standing] = {}
    for item in standing_in(view, "product", product):
        if isinstance(item.body, Product):
            claims[item.body.brand, item.body.category] = item
    if not claims:
        return Failure("product-unknown", (), {"product": product})
    if len(claims) > 1:
        entries = tuple(item.index for item in claims.values())
        return Failure("product-contested", entries, {"product": product})
    return next(iter(claims.values()))


def live_sanctions(view: View, subject: str, at_us: int) -> Iterator[Standing]:
    """Yield the sanctions in force against a trader, shop, product or lot."""
    for item in standing_in(view, "sanction", subject):
        if isinstance(item.body, Sanction) and item.body.covers(at_us):
            yield item


def sanctions_on(
    view: View, trader: str, product: str, at_us: int
) -> tuple[list[Failure], list[Failure]]:
    """Return the sanctions that stop a trader from selling a product, and those to be known.

    One at delisting or above that names products stops those, one that names nothing stops
    all; one limited to shops, below delisting, or of another trader is only to be known.
    """
    stops: list[Failure] = []
    known: list[Failure] = []
    items = {item.id: item for item in live_sanctions(view, trader, at_us)}
    items |= {item.id: item for item in live_sanctions(view, product, at_us)}
    for item in items.values():
        body = item.body
        assert isinstance(body, Sanction)  # noqa: S101 - yielded as one
        facts: dict[str, str | int] = {"step": body.step, "subject": item.subject}
        failure = Failure("sanctioned", (item.index,), facts)
        hit = product in body.products or not (body.products or body.lots or body.shops)
        stops_sale = STEPS.index(body.step) >= DELIST and hit and item.subject == trader
        (stops if stops_sale else known).append(failure)
    return stops, known


def _best(
    asked: Asked, brand: str, trader: str, point: Point, shop_type: str
) -> tuple[Authority, list[str]]:
    """Return the authority at a type of shop; for any, the first that carries one."""
    if shop_type != ANY:
        found = authority(asked.view, brand, trader, replace(point, shop_type=shop_type))
        return found, [shop_type] if found.granted else []
    results = {
        name: authority(asked.view, brand, trader, replace(point, shop_type=name))
        for name in reversed(SHOP_TYPES)
    }
    granted = [name for name, found in results.items() if found.granted]
    # Without any, the loosest type says what is missing.
    return results[granted[0] if granted else "multi-brand"], sorted(granted)


def chain_detail(view: View, chain: Chain) -> list[dict[str, Any]]:
    """Return who granted what to whom, topmost first, and who bound the keys that signed it."""
    links = [] if chain.root is None else [chain.root]
    detail = []
    for item in (*links, *chain.links):
        key = key_state(view, item.entry.statement.kid)
        row: dict[str, Any] = {
            "entry": item.index,
            "issuer": item.issuer,
            "holder": item.subject,
            "key_bound_by": "unknown" if key is None else key.bound_by,
        }
        if item is not chain.root:
            body = grant(item)
            row |= {
                "from": str(body.from_),
                "until": None if body.until is None else str(body.until),
                "exclusive": body.exclusive,
                "depth": body.depth,
            }
        detail.append(row)
    return detail


def key_notes(view: View, items: tuple[Standing, ...]) -> Iterator[Failure]:
    """Yield what puts the statements of a chain at risk: keys suspected, or reset by the operator."""
    for item in items:
        key = key_state(view, item.entry.statement.kid)
        if key is None:
            continue
        since = key.suspected_since_us
        if since is not None and view.registered_us(item.index) >= since:
            cites = (item.index,) if key.suspected is None else (item.index, key.suspected)
            yield Failure("key-suspected", cites, {"issuer": item.issuer})
        if key.bound_by == "reset":
            yield Failure("key-reset", (item.index, key.introduced), {"issuer": item.issuer})


def may_sell(
    asked: Asked, *, trader: str, product: str, territory: str, channel: str, shop_type: str
) -> Verdict:
    """Return the verdict, the chain it follows from, and what stands against it."""
    view, at_us = asked.view, asked.valid_at_us
    claim = product_claim(view, product)
    if isinstance(claim, Failure):
        return Verdict("unknown", (claim,), rests_on=claim.entries)
    body = claim.body
    assert isinstance(body, Product)  # noqa: S101 - claims are products
    point = Point(
        product=product,
        category=body.category,
        at_us=at_us,
        newest_us=asked.newest_us,
        territory=territory,
        channel=channel,
    )
    found, granted = _best(asked, body.brand, trader, point, shop_type)
    stops, known = sanctions_on(view, trader, product, at_us)
    reasons = (*found.failures, *stops)
    chain = found.chain
    items = () if chain is None else (*((chain.root,) if chain.root else ()), *chain.links)
    rests_on = [claim.index, *(item.index for item in items)]
    rests_on += [index for reason in reasons for index in reason.entries]
    if found.affiliation is not None:
        rests_on.append(found.affiliation.index)
    return Verdict(
        "no" if reasons else "yes",
        reasons,
        (*known, *key_notes(view, items)),
        tuple(rests_on),
        {
            "brand": str(body.brand),
            "category": str(body.category),
            "shop_types": granted,
            "chain": [] if chain is None else chain_detail(view, chain),
        },
    )
