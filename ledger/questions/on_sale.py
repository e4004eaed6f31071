"""Where a product is on sale, and whether a listing still has its ground."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ledger.histories.history import View
from ledger.identifiers import channel_of
from ledger.questions.listable import Listables
from ledger.questions.measures import live_sanctions, measure, sanctioned
from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.chains import Failure
from ledger.rules.standing import Standing, sound, standing
from ledger.rules.subjects import listed, listed_in
from ledger.rules.trade import bars
from ledger.statements.trade_family import Listing, Shop


@dataclass(frozen=True, slots=True)
class OnSale:
    """A listing that stands, and its shop; ``shop`` is None where none of that id is open."""

    item: Standing
    shop: Standing | None

    @property
    def listing(self) -> Listing:
        """Return what the listing says."""
        assert isinstance(self.item.body, Listing)  # noqa: S101 - made of listings
        return self.item.body

    @property
    def trader(self) -> str | None:
        """Return the shop's trader."""
        body = None if self.shop is None else self.shop.body
        return str(body.trader) if isinstance(body, Shop) else None

    def questions(self) -> Iterator[dict[str, str]]:
        """Yield the parameters of ``listable`` for each territory it is listed in."""
        body = None if self.shop is None else self.shop.body
        if isinstance(body, Shop):
            for territory in self.listing.territories:
                yield {
                    "trader": str(body.trader),
                    "product": self.item.subject,
                    "territory": str(territory),
                    "channel": channel_of(self.listing.shop),
                    "shop_type": body.shop_type,
                    "shop": str(self.listing.shop),
                }


def _stands(asked: Asked, item: Standing) -> bool:
    """Return whether a statement was there at the time asked about, and had not ended."""
    ended = item.ended is not None and registered_by(asked, item.ended)
    return not ended and registered_by(asked, item.index)


def _offered(asked: Asked, listing: Standing) -> OnSale | None:
    """Return a listing with its shop as it is now, None where that is another trader's by now."""
    assert isinstance(listing.body, Listing)  # noqa: S101 - callers asked for listings
    known = asked.view.fold(standing, "shop", str(listing.body.shop)).values()
    found = [item for item in known if isinstance(item.body, Shop) and _stands(asked, item)]
    if not found:
        return OnSale(listing, None)
    now = sound(asked.view, found[-1])
    offered, made = OnSale(listing, now), listed_in(known, listing)
    return offered if made is None or OnSale(listing, made).trader == offered.trader else None


def on_sale(asked: Asked, product: str) -> list[OnSale]:
    """Return the listings of a product that stand, oldest first, but those in what is another's shop by now."""
    found = (
        _offered(asked, item)
        for item in listed(asked.view, "listing", product)
        if _stands(asked, item)
    )
    return [item for item in found if item is not None]


def listed_by(asked: Asked, trader: str) -> list[OnSale]:
    """Return the listings in a trader's shops that stand, shop by shop, oldest first."""
    view = asked.view
    shops = list(view.fold(standing, "shops", trader).values())
    return [
        OnSale(item, sound(view, shop))
        for shop in shops
        if isinstance(shop.body, Shop) and _stands(asked, shop)
        for item in listed(view, "listings", shop.subject)
        if _stands(asked, item) and listed_in(shops, item)
    ]


def all_listings(view: View, product: str) -> list[Standing]:
    """Return every listing of a product there ever was, oldest first."""
    return list(listed(view, "listing", product))


def ground(asked: Asked, found: OnSale, listables: Listables | None = None) -> Verdict:
    """Return whether a listing has its ground: listable in every territory, its shop not barred.

    ``question`` and ``parameters`` of its detail: what to ask to have that proven, where
    several questions lead to it the first that is not in order. ``listables``: what was asked
    of other listings at this moment already.
    """
    listables = listables or Listables(asked)
    shop = str(found.listing.shop)
    if found.shop is None or found.trader is None:
        reason = Failure("shop-unknown", (found.item.index,), {"shop": shop})
        return settle(no=[reason], detail=_proof("history", {"topic": "shop", "subject": shop}))
    trader, product = found.trader, found.item.subject
    no = [
        sanctioned(asked, item)
        for item in live_sanctions(asked, trader)
        if item.subject == trader and bars(measure(asked, item), shop, product, asked.valid_at_us)
    ]
    unknown: list[Failure] = []
    notes: list[Failure] = []
    rests_on = [found.item.index, found.shop.index]
    proof = _proof("sanctions", {"subject": shop}) if no else None
    for parameters in found.questions():
        answer = listables.ask(**parameters)
        if proof is None and answer.verdict != "yes":
            proof = _proof("listable", parameters)
        (no if answer.verdict == "no" else unknown).extend(answer.reasons)
        notes += answer.notes
        rests_on += answer.rests_on
    return settle(
        no=once(no),
        unknown=once(unknown),
        notes=once(notes),
        rests_on=rests_on,
        detail=proof or _proof("listable", next(found.questions())),
    )


def _proof(question: str, parameters: dict[str, str]) -> dict[str, Any]:
    return {"question": question, "parameters": parameters}


def at(asked: Asked, time_us: int) -> Asked:
    """Return the same inquiry about another time."""
    return replace(asked, valid_at_us=time_us)
