"""What is open against goods, as answers about products need it: from the histories of products.

``trace``, ``listable``, ``may_sell``, ``label`` and ``coverage`` ask here; what is open against
one lot or place is said in ``ledger.rules.open``, once.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ledger.questions.lots import inputs_of, lot_body, lots_of
from ledger.questions.verdict import Asked, once
from ledger.rules.brand_rights import held_brand
from ledger.rules.chains import Failure
from ledger.rules.claims import held, is_office, products
from ledger.rules.found import WAREHOUSE, Against, Trouble
from ledger.rules.open import Examined, against_lot, against_place, answered_recall
from ledger.rules.standing import Standing
from ledger.rules.state import MICROSECONDS

CURRENT_US = 365 * 86_400 * MICROSECONDS
"""A lot counts for a year from its making, and the newest always does: older ones are sold or
spoilt, and an audit of a place where nothing is made any more need not be renewed."""
FEW = 10
"""So many lots of one product are read one by one; of more, the product's histories."""
MAX_NOTES = 20
"""So many notes of one kind an answer carries; how many more there are is one note."""


@dataclass(slots=True)
class Opened:
    """What speaks against goods in an answer, and what is to be known."""

    no: list[Failure] = field(default_factory=list)
    notes: list[Failure] = field(default_factory=list)


def bounded(notes: Iterable[Failure]) -> list[Failure]:
    """Return notes, each once, at most so many; how many are left out is the last."""
    found = once(notes)
    if len(found) <= MAX_NOTES:
        return found
    left: dict[str, str | int] = {"count": len(found) - MAX_NOTES}
    return [*found[:MAX_NOTES], Failure("notes-left-out", (), left)]


def counting_lots(asked: Asked, lots: Iterable[Standing]) -> list[Standing]:
    """Return those of lots that count at the time asked about, oldest first."""
    at_us = asked.valid_at_us
    made = [item for item in lots if lot_body(item).made.us <= at_us]
    newest_us = max((lot_body(item).made.us for item in made), default=0)
    since_us = min(newest_us, at_us - CURRENT_US)
    current = [item for item in made if lot_body(item).made.us >= since_us]
    return sorted(current, key=lambda item: item.index)


def against_lots(
    asked: Asked, lots: Mapping[str, Iterable[str]], whole: str | None = None
) -> Iterator[tuple[str, Against]]:
    """Yield what is open against lots, given by product; of ``whole`` against all its lots.

    Also lots of it that nobody registered.
    """
    for product, some in lots.items():
        named = list(some)
        if product == whole or len(named) > FEW:
            examined = Examined(asked, product)
            wanted = set(named)
            for lot in examined.lots():
                if product == whole or lot in wanted:
                    yield lot, examined.against(lot)
        else:
            for lot in named:
                yield lot, against_lot(asked, lot)


class ProductOpen:
    """What is open against a product, for its sale by one trader or another."""

    def __init__(self, asked: Asked, product: str) -> None:
        """Read the product's histories."""
        self.asked, self.product = asked, product
        self.examined = Examined(asked, product)
        self.lots = {lot: self.examined.against(lot) for lot in self.examined.lots()}

    def of_own(self, trader: str, current: Iterable[Standing]) -> Opened:
        """Return what speaks against the product's own lots, whoever stated them, or nobody.

        What an office found of any of them is about the product. What a warehouse refused at
        another trader, what another reseller calls back of its own, and a recall that a lot made
        later answers, is to be known. Lots that do not count any more are left out: see ``_aged``.
        """
        found, ours = Opened(), {item.subject for item in current}
        for lot, against in self.lots.items():
            since_us = None if lot in ours else self._aged(lot)
            found.notes += against.notes if since_us is None else ()
            for trouble in against.open:
                if since_us is None:
                    self._weigh(trouble, trader, ours, found)
                elif trouble.at_us >= since_us:
                    self._weigh_of_old(trouble, trader, ours, found)
        return found

    def _aged(self, lot: str) -> int | None:
        """Return since when lots count, None for a lot that does or that nobody registered.

        Of one that does not, what was found since counts all the same, since so did goods of it.
        """
        since_us = self.asked.valid_at_us - CURRENT_US
        stated = held(self.asked.view, "lot", lot)
        old = stated and all(lot_body(item).made.us < since_us for item in stated)
        return since_us if old else None

    def _weigh_of_old(
        self, trouble: Trouble, trader: str, ours: Container[str], found: Opened
    ) -> None:
        """Weigh what was found lately of an old lot: its recall is to be known.

        How old a recalled lot is nobody says but the right-holder, else whoever states it late
        would take it out of a recall.
        """
        stated = held(self.asked.view, "lot", trouble.about)
        if trouble.kind == "recall" and all(self._of_brand(item.issuer) for item in stated):
            found.notes.append(trouble.reason)
        else:
            self._weigh(trouble, trader, ours, found)

    def _of_brand(self, party: str) -> bool:
        """Return whether a party ever was the right-holder of the product's brand."""
        view = self.asked.view
        return any(held_brand(view, str(one.brand), party) for one in products(view, self.product))

    def _weigh(self, trouble: Trouble, trader: str, ours: Container[str], found: Opened) -> None:
        if trouble.kind == "recall":
            later = answered_recall(self.examined, trouble)
            if later is not None:
                facts: dict[str, str | int] = {"lot": trouble.about, "later": later.subject}
                entries = (*trouble.reason.entries, later.index)
                found.notes.append(Failure("lot-answered", entries, facts))
                return
        known = self._of_another(trouble, trader, ours)
        (found.notes if known else found.no).append(trouble.reason)

    def _of_another(self, trouble: Trouble, trader: str, ours: Container[str]) -> bool:
        """Return whether something is open against other traders' goods alone.

        What a warehouse found there; what a reseller calls back that is neither of its lots.
        """
        if trouble.kind != "recall":
            return trouble.rank == WAREHOUSE and trouble.trader not in (None, trader)
        issuer = trouble.item.issuer
        return not (
            trouble.about in ours
            or issuer == trader
            or is_office(self.asked.view, issuer)
            or self._of_brand(issuer)
        )

    def off_sale(self, lot: str) -> bool:
        """Return whether a lot is recalled, and a lot made later answers for that."""
        recalls = [one for one in self.lots.get(lot, Against()).open if one.kind == "recall"]
        return bool(recalls) and all(answered_recall(self.examined, one) for one in recalls)

    def stopped(self, lots: Iterable[Standing], trader: str | None = None) -> list[Failure]:
        """Return the recalls that stop every sale: of all lots that count, none is left to sell.

        A lot is left to sell while nothing is open against it. ``lots``: those that concern the
        sale, also such as count no more; ``trader``: who sells, None for whoever does.
        """
        own = {item.subject: self.lots.get(item.subject, Against()) for item in lots}
        current = counting_lots(self.asked, lots)
        for item in current:
            if all(self._of_another(one, trader or "", own) for one in own[item.subject].open):
                return []
        recalls = (one for against in own.values() for one in against.open if one.kind == "recall")
        return [one.reason for one in recalls if answered_recall(self.examined, one) is None]


def of_inputs(asked: Asked, lots: Iterable[Standing]) -> tuple[Opened, dict[str, int]]:
    """Return what is open against all that lots were made of, and where that was made, since when."""
    found, places = Opened(), dict[str, int]()
    made_of = inputs_of(asked.view, lots)
    for stated in (items for some in made_of.values() for items in some.values()):
        made_at(places, stated)
    for _, against in against_lots(asked, made_of):
        found.no += against.reasons
        found.notes += against.notes
    return found, places


def made_at(places: dict[str, int], lots: Iterable[Standing]) -> None:
    """Add where lots were made, each place with the earliest making."""
    for item in lots:
        place, made_us = str(lot_body(item).facility), lot_body(item).made.us
        places[place] = min(places.get(place, made_us), made_us)


def of_places(asked: Asked, places: Mapping[str, int]) -> Opened:
    """Return what is open against places, and what was closed since something was made there."""
    found = Opened()
    for place, since_us in places.items():
        against = against_place(asked, place, since_us)
        found.no += against.reasons
        found.notes += against.notes
    return found


def product_notes(
    asked: Asked, product: str, trader: str, lots: Callable[[], list[Standing]]
) -> tuple[list[Failure], list[Failure]]:
    """Return what stops every sale of a product by a trader, and what is to be known of it.

    ``lots``: those that concern that sale; not asked where nothing was ever found.
    """
    opened = ProductOpen(asked, product)
    if not opened.lots:
        return [], []
    own = lots()
    found = opened.of_own(trader, counting_lots(asked, own))
    stops = opened.stopped(own, trader)
    known = [item for item in (*found.no, *found.notes) if item not in stops]
    return stops, bounded(known)


def open_product(asked: Asked, product: str) -> list[Trouble]:
    """Return all that is open against any lot of a product, on record or not."""
    examined = Examined(asked, product)
    return [one for lot in examined.lots() for one in examined.against(lot).open]


def stopped_by_recall(asked: Asked, product: str) -> list[Failure]:
    """Return the recalls that stop every sale of a product: of all its lots that count."""
    if not asked.view.history("recall", product).count:
        return []
    return ProductOpen(asked, product).stopped(lots_of(asked.view, product))
