"""A sale: who says that a trader may sell a product here, and what stops it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ledger.histories.history import View
from ledger.questions.claims import claimed, product_claim
from ledger.questions.measures import sanctions_above, sanctions_on
from ledger.questions.times import dated, registered_by
from ledger.questions.undone import ended_later, said_again
from ledger.questions.verdict import Asked
from ledger.rules.authority import Authority, authority
from ledger.rules.chains import Chain, Facts, Failure, Point, affiliation_of, grant, granted_by
from ledger.rules.regrants import may_act, with_lacking
from ledger.rules.standing import Standing, sound, standing
from ledger.rules.state import key_state
from ledger.statements.brand_family import Authorisation
from ledger.statements.fields import PeriodBody
from ledger.statements.trade_family import Shop

SHOP_TYPES = ("flagship", "specialty", "multi-brand")
ANY = "*"


def _best(
    view: View, brand: str, trader: str, point: Point, shop_type: str
) -> tuple[Authority, list[str]]:
    """Return the authority at a type of shop; for any, one that is granted or why none is."""
    if shop_type != ANY:
        found = may_act(view, brand, trader, replace(point, shop_type=shop_type))
        return found, [shop_type] if found.granted else []
    found = may_act(view, brand, trader, point)
    if not found.granted:
        return found, []
    points = {name: replace(point, shop_type=name) for name in reversed(SHOP_TYPES)}
    results = {name: authority(view, brand, trader, at) for name, at in points.items()}
    granted = [name for name, result in results.items() if result.granted]
    if granted:
        return results[granted[0]], sorted(granted)
    failures: list[Failure] = []
    for name, result in results.items():
        told = with_lacking(view, brand, trader, points[name], result)
        failures += [item for item in told.failures if item not in failures]
    return Authority(found.chain, tuple(failures)), []


def _row(view: View, kind: str, item: Standing) -> dict[str, Any]:
    key = key_state(view, item.entry.statement.kid)
    body = item.body
    assert isinstance(body, PeriodBody)  # noqa: S101 - papers and grants hold for a time
    return {
        "kind": kind,
        "entry": item.index,
        "issuer": item.issuer,
        "holder": item.subject,
        "from": str(body.from_),
        "until": None if body.until is None else str(body.until),
        "key_bound_by": "unknown" if key is None else key.bound_by,
    }


@dataclass(frozen=True, slots=True)
class Path:
    """Who says so: the trademark, by which affiliation its holder is acted for, the grants."""

    chain: Chain | None
    affiliation: Standing | None = None

    @property
    def items(self) -> tuple[Standing, ...]:
        """Return the statements it consists of, topmost first."""
        if self.chain is None:
            return ()
        found = (self.chain.root, self.affiliation, *self.chain.links)
        return tuple(item for item in found if item is not None)

    @property
    def above(self) -> tuple[str, ...]:
        """Return who stands above the seller: the trademark's holder and who granted, topmost first."""
        return () if self.chain is None else self.chain.issuers

    def detail(self, view: View) -> list[dict[str, Any]]:
        """Return who granted what to whom, topmost first, and who bound the keys that signed it."""
        rows = []
        for item in self.items:
            body = item.body
            if isinstance(body, Authorisation):
                limits = {"exclusive": body.exclusive, "depth": body.depth}
                rows.append(_row(view, "grant", item) | limits)
            else:
                kind = "affiliation" if item is self.affiliation else "trademark"
                rows.append(_row(view, kind, item))
        return rows


class _ShopAsked(NamedTuple):
    """In a shop of which type a sale is; why the shop asked about is not known, and that it is another than asked."""

    shop_type: str
    missing: tuple[Failure, ...] = ()
    stops: tuple[Failure, ...] = ()


def _in_shop(asked: Asked, trader: str, shop_type: str, shop: str) -> _ShopAsked:
    """Return where a sale is, as far as the shop asked about is on record."""
    if shop == ANY:
        return _ShopAsked(shop_type)
    known = [
        item
        for item in asked.view.fold(standing, "shop", shop).values()
        if isinstance(item.body, Shop)
        and registered_by(asked, item.index)
        and not (item.ended is not None and registered_by(asked, item.ended))
    ]
    if not known:
        return _ShopAsked(shop_type, missing=(Failure("shop-unknown", (), {"shop": shop}),))
    now = sound(asked.view, known[-1])
    assert isinstance(now.body, Shop)  # noqa: S101 - asked for shops
    if str(now.body.trader) == trader and shop_type in (ANY, now.body.shop_type):
        return _ShopAsked(now.body.shop_type)
    facts: Facts = {
        "shop": shop,
        "shop_type": now.body.shop_type,
        "trader": str(now.body.trader),
    }
    return _ShopAsked(shop_type, stops=(Failure("shop-otherwise", (now.index,), facts),))


def _only_in(path: Path, shop: str) -> Iterator[Failure]:
    """Yield that the lowest grant is for some shops alone, where none was asked about."""
    if shop != ANY or path.chain is None or not path.chain.links:
        return
    last = path.chain.links[-1]
    named = grant(last).shops
    if isinstance(named, tuple):
        facts = granted_by(last) | {"shops": " ".join(map(str, named))}
        yield Failure("grant-shops", (last.index,), facts)


@dataclass(frozen=True, slots=True)
class Sale:
    """What is known of a sale: the claim, the path of the right, what stops it, what else is known.

    ``missing``: why the product's brand is not known, or the shop.
    """

    claim: Standing | None
    missing: tuple[Failure, ...]
    path: Path
    shop_types: tuple[str, ...]
    stops: tuple[Failure, ...]
    notes: tuple[Failure, ...]

    @property
    def rests_on(self) -> tuple[int, ...]:
        """Return the entries of the claim and of the path."""
        claim = () if self.claim is None else (self.claim.index,)
        return (*claim, *(item.index for item in self.path.items))

    def detail(self, view: View) -> dict[str, Any]:
        """Return what was found, as JSON."""
        body = None if self.claim is None else claimed(self.claim)
        return {
            "brand": None if body is None else str(body.brand),
            "category": None if body is None else str(body.category),
            "shop_types": list(self.shop_types),
            "chain": self.path.detail(view),
        }


def sale(
    asked: Asked,
    trader: str,
    product: str,
    territory: str,
    channel: str,
    shop_type: str,
    shop: str = ANY,
) -> Sale:
    """Return what is known of a sale."""
    view = asked.view
    claim = product_claim(view, product)
    there = _in_shop(asked, trader, shop_type, shop)
    where = (product, channel, there.shop_type, shop)
    stops, known = sanctions_on(asked, trader, *where)
    known += sanctions_above(asked, trader, lambda party: sanctions_on(asked, party, *where)[0])
    stops += there.stops
    if isinstance(claim, Failure):
        return Sale(None, (claim, *there.missing), Path(None), (), tuple(stops), tuple(known))
    body = claimed(claim)
    point = Point(
        product=product,
        category=body.category,
        at_us=asked.valid_at_us,
        newest_us=asked.newest_us,
        territory=territory,
        channel=channel,
        shop=None if shop == ANY else shop,
    )
    found, granted = _best(view, body.brand, trader, point, there.shop_type)
    affiliation = found.affiliation
    if affiliation is None and found.chain is not None:
        affiliation = affiliation_of(view, found.chain, point)
    path = Path(found.chain, affiliation)
    failures = (dated(asked, item) for item in found.failures)
    return Sale(
        claim,
        there.missing,
        path,
        tuple(granted),
        (*failures, *stops),
        (
            *known,
            *_only_in(path, shop),
            *ended_later(asked, path.items),
            *said_again(asked, path.items),
        ),
    )
