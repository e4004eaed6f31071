"""What is open against goods, as answers about products need it: from the histories of products.

``trace``, ``listable``, ``may_sell``, ``label`` and ``coverage`` ask here; what is open against
one lot or place is said in ``ledger.rules.open``, once.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from ledger.primitives.instant import DAY_US
from ledger.questions.lots import inputs_of, lot_body, used_by
from ledger.questions.verdict import Asked, once
from ledger.rules.adverse import Adverse
from ledger.rules.chains import Failure
from ledger.rules.claims import ever_held_brand_of, held
from ledger.rules.earlier import Earlier, corrected_before
from ledger.rules.favour import Users, Uses, holders
from ledger.rules.found import NAMED, WAREHOUSE, Against, Trouble
from ledger.rules.lot_open import made_of_good
from ledger.rules.offices import by_office
from ledger.rules.open import against_lot, against_place
from ledger.rules.product_recalls import goods_called_back
from ledger.rules.standing import Standing
from ledger.statements.origin_family import Lot

CURRENT_US = 365 * DAY_US
"""A lot counts for a year from its making, and the newest always does: older ones are sold or
spoilt, and an audit of a place where nothing is made any more need not be renewed."""
FEW = 10
"""So many lots of one product are read one by one; of more, the product's histories."""


@dataclass(slots=True)
class Opened:
    """What speaks against goods in an answer, what may, being in suspense, and what is to be known."""

    no: list[Failure] = field(default_factory=list)
    unknown: list[Failure] = field(default_factory=list)
    notes: list[Failure] = field(default_factory=list)

    def add(self, against: Against) -> None:
        """Take in all that is open against a lot or place."""
        self.no += against.reasons
        self.unknown += against.doubts
        self.notes += against.notes


def counting_lots(asked: Asked, lots: Iterable[Standing]) -> list[Standing]:
    """Return those of lots that count at the time asked about, oldest first."""
    at_us = asked.valid_at_us
    made = [item for item in lots if lot_body(item).made.us <= at_us]
    newest_us = max((lot_body(item).made.us for item in made), default=0)
    since_us = min(newest_us, at_us - CURRENT_US)
    current = [item for item in made if lot_body(item).made.us >= since_us]
    return sorted(current, key=lambda item: item.index)


def counted(asked: Asked, said: Earlier) -> list[tuple[Lot, int]]:
    """Return what was said of a lot before by which it would count at the time asked about."""
    at_us = asked.valid_at_us
    return [one for one in said if at_us - CURRENT_US <= one[0].made.us <= at_us]


def against_lots(
    asked: Asked,
    lots: Mapping[str, Iterable[str]],
    used: Mapping[str, int],
    whole: str | None = None,
) -> Iterator[tuple[str, Against]]:
    """Yield what is open against lots, given by product; of ``whole`` against all its lots.

    Also lots of it that nobody registered. ``used``: of those that others were made of, when the
    first was.
    """
    for product, some in lots.items():
        named = list(some)
        if product == whole or len(named) > FEW:
            adverse = Adverse(asked, product)
            wanted = set(named)
            beside = named if adverse.of_product else ()
            for lot in dict.fromkeys((*adverse.lots(), *beside)):
                if product == whole or lot in wanted:
                    yield lot, adverse.against(lot, used.get(lot))
        else:
            for lot in named:
                yield lot, against_lot(asked, lot, used.get(lot))


class ProductOpen:
    """What is open against a product, for its sale by one trader or another: by whom says what is asked.

    ``others``: the lots that mere resellers alone called back, with their recalls: each is looked
    at only where it counts for the sale, since nobody bounds how many they state.
    """

    def __init__(self, asked: Asked, product: str) -> None:
        """Read the product's histories."""
        self.asked, self.product = asked, product
        self.adverse = Adverse(asked, product)
        named, recalls = dict.fromkeys(self.adverse.named()), self.adverse.recalls()
        all_ = {item.index: item for items in recalls.values() for item in items}
        weighs = {index for index, item in all_.items() if self.adverse.weighs(item)}
        self.others = {
            lot: items
            for lot, items in recalls.items()
            if lot not in named and weighs.isdisjoint(item.index for item in items)
        }
        self.order = list(dict.fromkeys((*named, *recalls)))
        self._named, self._known = frozenset(self.order), dict[str, Against]()
        self._called_back = frozenset(recalls)

    @property
    def lots(self) -> Iterator[str]:
        """Yield the lots of which more is to be said than that another reseller called them back."""
        return (lot for lot in self.order if lot not in self.others)

    def against(self, lot: str) -> Against:
        """Return what is open against a lot of which something was found."""
        if lot not in self._known:
            self._known[lot] = self.adverse.against(lot)
        return self._known[lot]

    def of_own(
        self, trader: str, above: Collection[str], current: Callable[[], Iterable[Standing]]
    ) -> Opened:
        """Return what speaks against the product's own lots, whoever stated them, or nobody.

        What an office found of any of them is about the product. What a warehouse refused at
        another trader, what another reseller calls back of its own, and a recall that a lot made
        later answers, is to be known. Lots that do not count any more are left out: see ``_aged``.
        ``above``: who stands above the trader, whose goods it may have: their recalls are told by party.
        ``current``: those that count for the sale; asked where an old lot or a recall is among them.
        """
        found, theirs, elsewhere = Opened(), list[Failure](), list[str]()
        ours = cache(lambda: {item.subject: item.issuer for item in current()})
        beside = ours() if self.adverse.of_product else ()
        for lot in dict.fromkeys((*self.order, *beside)):
            if lot in self.others and not self._concerns(lot, trader, ours):
                elsewhere.append(lot)
                continue
            against = self.against(lot)
            since_us = self._aged(lot) if against.unsettled or against.notes else None
            asks = since_us is not None or self._recalls(lot)
            maker = ours().get(lot) if asks else None
            if maker is not None:
                since_us = None
            found.notes += against.notes if since_us is None else ()
            found.unknown += against.doubts_from(since_us)
            for trouble in against.open:
                if since_us is not None and trouble.at_us < since_us:
                    continue
                if self._recalled_by_another(trouble, trader, maker):
                    theirs.append(trouble.reason)
                elif since_us is None:
                    self._weigh(trouble, trader, found)
                else:
                    self._weigh_of_old(trouble, trader, found)
        found.notes += map(goods_called_back, self.adverse.of_product)
        found.notes += (*theirs, *self._recalled_elsewhere(elsewhere, above))
        return found

    def _concerns(self, lot: str, trader: str, ours: Callable[[], Container[str]]) -> bool:
        """Return whether a lot that resellers alone called back is a trader's concern: its own, or counts."""
        return any(item.issuer == trader for item in self.others[lot]) or lot in ours()

    def _recalled_elsewhere(self, lots: Iterable[str], above: Iterable[str]) -> Iterator[Failure]:
        """Yield that other resellers called back lots of their own: one note of each above, one of the rest."""
        by: dict[str, dict[str, list[int]]] = {party: {} for party in (*above, "")}
        for lot in lots:
            for item in self.others[lot]:
                party = item.issuer if item.issuer in by else ""
                by[party].setdefault(lot, []).append(item.index)
        for party, called_back in by.items():
            if called_back:
                facts: dict[str, str | int] = {"product": self.product, "count": len(called_back)}
                code = "recalls-above" if party else "recalls-elsewhere"
                facts |= {"party": party} if party else {}
                recalls = {index for some in called_back.values() for index in some}
                yield Failure(code, tuple(sorted(recalls)[:NAMED]), facts)

    def _aged(self, lot: str) -> int | None:
        """Return since when lots count, None for a lot that does or that nobody registered.

        Of one that does not, what was found since counts all the same, since so did goods of it.
        """
        since_us = self.asked.valid_at_us - CURRENT_US
        stated = held(self.asked.view, "lot", lot)
        old = stated and all(lot_body(item).made.us < since_us for item in stated)
        return since_us if old else None

    def _weigh_of_old(self, trouble: Trouble, trader: str, found: Opened) -> None:
        """Weigh what was found lately of an old lot: its recall is to be known.

        How old a recalled lot is nobody says but the right-holder, else whoever states it late
        would take it out of a recall.
        """
        stated = held(self.asked.view, "lot", trouble.about)
        if trouble.kind == "recall" and all(self._of_brand(item.issuer) for item in stated):
            found.notes.append(trouble.reason)
        else:
            self._weigh(trouble, trader, found)

    def _of_brand(self, party: str) -> bool:
        return ever_held_brand_of(self.asked.view, self.product, party)

    def _weigh(self, trouble: Trouble, trader: str, found: Opened) -> None:
        if trouble.kind == "recall":
            later = self.adverse.answered(trouble)
            if later is not None:
                facts: dict[str, str | int] = {"lot": trouble.about, "later": later.subject}
                entries = (*trouble.reason.entries, *later.cites)
                found.notes.append(Failure("lot-answered", entries, facts))
                return
        (found.notes if self._elsewhere(trouble, trader) else found.no).append(trouble.reason)

    def _elsewhere(self, trouble: Trouble, trader: str) -> bool:
        """Return whether a warehouse found something amiss with another trader's stock."""
        own = trouble.trader in (None, trader)
        return trouble.kind != "recall" and trouble.rank == WAREHOUSE and not own

    def _of_another(self, trouble: Trouble, trader: str, maker: str | None) -> bool:
        """Return whether something is open against other traders' goods alone."""
        elsewhere = self._elsewhere(trouble, trader)
        return elsewhere or self._recalled_by_another(trouble, trader, maker)

    def _recalled_by_another(self, trouble: Trouble, trader: str, maker: str | None) -> bool:
        """Return whether a reseller called back a lot that was its own, and is no concern of a trader.

        ``maker``: who states the lot, where it counts for the trader's sale; then it is one, whoever
        took it over since.
        """
        issuer = trouble.item.issuer
        return (
            trouble.kind == "recall"
            and maker is None
            and issuer != trader
            and not by_office(self.asked.view, trouble.item)
            and not self._of_brand(issuer)
        )

    def _open(self, lot: str) -> list[Trouble]:
        """Return what is not closed of a lot; nothing of one of which nothing was found."""
        known = lot in self._named or self.adverse.of_product
        return self.against(lot).unsettled if known else []

    def _recalls(self, lot: str) -> list[Trouble]:
        if lot not in self._called_back and not self.adverse.of_product:
            return []
        return [trouble for trouble in self._open(lot) if trouble.kind == "recall"]

    def off_sale(self, lot: str) -> bool:
        """Return whether a lot is recalled, and a lot made later answers for that."""
        recalls = self._recalls(lot)
        return bool(recalls) and all(map(self.adverse.answered, recalls))

    def _left_to_sell(self, item: Standing, trader: str, lots: Sequence[Standing]) -> bool:
        """Return whether nothing is open against a trader's goods of a lot, nor against what it was made of.

        Items that would be of a recalled lot too are left to nobody.
        """
        body = lot_body(item)
        return (
            all(self._of_another(one, trader, item.issuer) for one in self._open(item.subject))
            and made_of_good(self.asked, body, self._made_for(item))
            and not any(
                body.shares_serials(lot_body(other))
                for other in lots
                if other.subject != item.subject and self._recalls(other.subject)
            )
        )

    def _made_for(self, item: Standing) -> frozenset[str]:
        """Return who uses what a lot was made of: who states it, its brand's holders, who sells it."""
        users = self.asked.users.of(item.subject)
        return users | {item.issuer} | holders(self.asked.view, self.product)

    def stopped(self, trader: str, lots: Callable[[], Sequence[Standing]]) -> list[Failure]:
        """Return the recalls that stop every sale: of all lots that count, none is left to sell.

        ``lots``: those that concern the sale, also such as count no more; not asked where nothing
        is recalled.
        """
        # Each is looked at, whatever others say: what an answer reads is not for them to choose.
        of_product = self.adverse.of_product
        some = any([self._recalls(lot) for lot in self.lots])  # noqa: C419
        if not some and not self.others and not of_product:
            return []
        own = lots()
        if of_product and not own:
            return [goods_called_back(item) for item in of_product]
        if any(self._left_to_sell(item, trader, own) for item in counting_lots(self.asked, own)):
            return []
        makers = {item.subject: item.issuer for item in own}
        recalls = (
            one
            for lot, maker in makers.items()
            for one in self._recalls(lot)
            if not self._recalled_by_another(one, trader, maker)
        )
        return [one.reason for one in recalls if self.adverse.answered(one) is None]


def sold_by(asked: Asked, trader: str, above: Iterable[str], uses: Uses | None = None) -> Asked:
    """Return what is asked about a trader's sale, for it, who stands above it, and who uses things."""
    sellers = (trader, *above)
    return asked.about(Users(frozenset(sellers)) if uses is None else uses.users(sellers))


@dataclass(slots=True)
class Places:
    """Where goods were made: each place by the earliest making there.

    ``left``: where they were said to be made before, by the earliest making and when the last was
    said to be made elsewhere: what was found there by then bears on them.
    """

    made_us: dict[str, int] = field(default_factory=dict)
    left: dict[str, tuple[int, int]] = field(default_factory=dict)

    def take(self, lots: Iterable[Standing], earlier: Callable[[Standing], Earlier]) -> None:
        """Add where lots were made; ``earlier``: what was said of one before."""
        for item in lots:
            place, made_us = str(lot_body(item).facility), lot_body(item).made.us
            self.made_us[place] = min(self.made_us.get(place, made_us), made_us)
            self.leave(earlier(item))

    def leave(self, said: Earlier) -> None:
        """Add where lots were made by what was said of them before, and is not said any more."""
        for body, until_us in said:
            place, made_us = str(body.facility), body.made.us
            since_us, last_us = self.left.get(place, (made_us, until_us))
            self.left[place] = min(since_us, made_us), max(last_us, until_us)

    def opened(self, asked: Asked) -> Opened:
        """Return what is open against the places, and what was closed since something was made there."""
        found = Opened()
        for place, since_us in self.made_us.items():
            found.add(against_place(asked, place, since_us))
        for place, (since_us, until_us) in self.left.items():
            if place not in self.made_us:
                found.add(against_place(asked, place, since_us, until_us))
        return found


def inputs_of_lots(
    asked: Asked, lots: Collection[Standing], uses: Uses
) -> tuple[Mapping[str, Iterable[str]], Places, dict[str, int]]:
    """Return all that lots were made of, by product; where that was made, since when; when it was used.

    ``uses``: takes in who makes what of it, and where.
    """
    places, used = Places(), dict[str, int]()
    made_of = inputs_of(asked.view, lots)
    used_by(used, lots)
    for stated in (items for some in made_of.values() for items in some.values()):
        places.take(stated, partial(corrected_before, asked.view))
        used_by(used, stated)
        for item in stated:
            uses.take(item)
    return made_of, places, used


def product_notes(
    asked: Asked,
    product: str,
    trader: str,
    above: Collection[str],
    lots: Callable[[], Sequence[Standing]],
) -> tuple[list[Failure], list[Failure]]:
    """Return what stops every sale of a product by a trader, and what is to be known of it.

    ``above``: who stands above the trader; ``lots``: those that concern that sale, asked where an old
    lot or a recall is in question.
    """
    opened, own = ProductOpen(sold_by(asked, trader, above), product), cache(lots)
    found = opened.of_own(trader, above, lambda: counting_lots(asked, own()))
    stops = opened.stopped(trader, own)
    known = [item for item in (*found.no, *found.unknown, *found.notes) if item not in stops]
    return stops, once(known)


def open_product(asked: Asked, product: str) -> list[Failure]:
    """Return all that is not closed of any lot of a product, on record or not, and the recalls of its goods.

    Which lots such a recall means is not told: others name them.
    """
    adverse = Adverse(asked, product)
    called_back = {item.index for item in adverse.of_product}
    found = (one for lot in adverse.lots() for one in adverse.against(lot).unsettled)
    left = [one.reason for one in found if one.item.index not in called_back]
    return [*left, *map(goods_called_back, adverse.of_product)]
