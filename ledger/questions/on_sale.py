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
                }


def _stands(asked: Asked, item: Standing) -> bool:
    """Return whether a statement was there at the time asked about, and had not ended."""
    ended = item.ended is not None and registered_by(asked, item.ended)
    return not ended and registered_by(asked, item.index)


def _shop(asked: Asked, shop: str) -> Standing | None:
    known = asked.view.fold(standing, "shop", shop).values()
    found = [item for item in known if isinstance(item.body, Shop) and _stands(asked, item)]
    return sound(asked.view, found[-1]) if found else None


def on_sale(asked: Asked, product: str) -> list[OnSale]:
    """Return the listings of a product that stand, oldest first."""
    return [
        OnSale(item, _shop(asked, item.body.shop))
        for item in asked.view.fold(standing, "listing", product).values()
        if isinstance(item.body, Listing) and _stands(asked, item)
    ]


def listed_by(asked: Asked, trader: str) -> list[OnSale]:
    """Return the listings in a trader's shops that stand, shop by shop, oldest first."""
    view = asked.view
    return [
        OnSale(item, sound(view, shop))
        for shop in view.fold(standing, "shops", trader).values()
        if isinstance(shop.body, Shop) and _stands(asked, shop)
        for item in view.fold(standing, "listings", shop.subject).values()
        if isinstance(item.body, Listing) and _stands(asked, item)
    ]


def all_listings(view: View, product: str) -> list[Standing]:
    """Return every listing of a product there ever was, oldest first."""
    known = view.fold(standing, "listing", product).values()
    return [item for item in known if isinstance(item.body, Listing)]


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
