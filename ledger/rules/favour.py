"""Whom it favours that something is closed, overturned or passed: nobody tied to such a one says so.

Whose goods a lot is, who has the place where it was made; and the users of an answer: who makes
something of a lot or at a place, and who sells that. Only what an answer is about counts there, so no
stranger that states a use of somebody's goods opens anything against them.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.rules.brand_rights import acted_for
from ledger.rules.chains import trademarks
from ledger.rules.claims import brands_ever, ever_stated, rejected
from ledger.rules.earlier import Earlier, places_of
from ledger.rules.parties import makers_of, mark_holders, owners_ever
from ledger.rules.standing import Standing
from ledger.rules.state import Signed
from ledger.rules.ties import ties
from ledger.statements.origin_family import Lot, OriginAudit


def favoured(view: View, lot: str, *traders: str) -> dict[str, tuple[int, ...]]:
    """Return whom it favours that a lot passes: its traders, makers, places' owners, brands' holders.

    Each with the entry that says so. Whoever was one at any time: what was closed by who is tied to
    them opens again by no paper or key of theirs that ends since.
    """
    found: dict[str, tuple[int, ...]] = dict.fromkeys(traders, ())
    last = makers_of(view, "lot", lot)
    for item in ever_stated(view, "lot", lot):
        found.setdefault(item.issuer, last[item.issuer])
        for place in places_of(item):
            for owner, entries in owners_ever(view, place).items():
                found.setdefault(owner, entries[-1:])
    for holder, entries in mark_holders(view, product_of(lot)).items():
        found.setdefault(holder, entries)
    return found


def whom(view: View, lot: str, users: Iterable[str], *traders: str) -> list[str]:
    """Return whom it favours that a lot passes: whose goods it is, and who uses it."""
    return list(dict.fromkeys((*favoured(view, lot, *traders), *sorted(users))))


def untied(view: View, party: str, at_us: Iterable[int], parties: Iterable[str]) -> bool:
    """Return whether a party was tied to none of these at any of these times."""
    times = tuple(at_us)
    return all(ties(view, party, other, *times) is None for other in parties)


def done_and_signed(item: Standing, *done_us: int) -> tuple[int, ...]:
    """Return the times at which who signed something has to be independent: each correction, too."""
    signed = (item.entry, *(entry for entry, _ in item.corrections))
    return (*done_us, *(Signed.of(entry.statement, entry.index) for entry in signed))


def auditors(item: Standing) -> tuple[str, ...]:
    """Return who stands behind something done: who signed it, and whoever was ever said to be of its team."""
    teams = (body.team for _, body in item.versions if isinstance(body, OriginAudit))
    return tuple(dict.fromkeys((item.issuer, *(member for team in teams for member in team))))


def stated_by_right(view: View, lot: str) -> dict[str, int]:
    """Return who ever stated a lot, by its first entry, and acted for a brand of it, rejected by no decision.

    Who gave it up, or from whom the right-holder took it over, made it all the same.
    """
    brands = brands_ever(view, product_of(lot))
    found: dict[str, int] = {}
    for item in ever_stated(view, "lot", lot):
        who = item.issuer
        if who not in found and acted_for(view, brands, who):
            found[who] = item.index
    if len(found) > 1:
        for item in ever_stated(view, "lot", lot):
            if item.issuer in found and rejected(view, "lot", item):
                del found[item.issuer]
    return found


def holders(view: View, product: str) -> frozenset[str]:
    """Return who ever held a mark of the brands whose lots of a product are on record."""
    return frozenset(
        mark.subject for brand in brands_ever(view, product) for mark in trademarks(view, brand)
    )


@dataclass(frozen=True, slots=True)
class Users:
    """Whom an answer is about: ``sellers``, and who makes something of a lot or at a place, to any depth."""

    sellers: frozenset[str] = frozenset()
    _parties: tuple[str, ...] = ()
    _sets: Mapping[str, int] = field(default_factory=dict)

    def of(self, thing: str) -> frozenset[str]:
        """Return who uses a lot or a place, and who sells what is made of it."""
        mask = self._sets.get(thing, 0)
        return self.sellers.union(party for at, party in enumerate(self._parties) if mask >> at & 1)


def favoured_there(view: View, facility: str, users: Users) -> list[str]:
    """Return whom it favours that nothing is wrong at a place: who ever had it, and its users."""
    return list(dict.fromkeys((*owners_ever(view, facility), *sorted(users.of(facility)))))


NOBODY = Users()
"""Of an answer about a thing itself, whoever uses it."""


class Uses:
    """What is made of what, where and by whom, as one answer walks it.

    Sets of parties are integers, a bit each: thousands of lots may have thousands of makers.
    """

    def __init__(self, view: View) -> None:
        """Begin with nothing made."""
        self._view = view
        self._bits: dict[str, int] = {}
        self._holders: dict[str, int] = {}
        self._makers: dict[str, int] = {}
        self._made_of: dict[str, dict[str, None]] = {}

    def _bit(self, party: str) -> int:
        return 1 << self._bits.setdefault(party, len(self._bits))

    def _holding(self, product: str) -> int:
        if product not in self._holders:
            self._holders[product] = 0
            for party in sorted(holders(self._view, product)):
                self._holders[product] |= self._bit(party)
        return self._holders[product]

    def take(
        self,
        item: Standing,
        makers: Iterable[str] = (),
        but: Iterable[str] = frozenset(),
        earlier: Earlier = (),
    ) -> None:
        """Take in what a lot was made of and where.

        Args:
            item: what is said of it.
            makers: who made it, beside who says so.
            but: things left out.
            earlier: what was said of it before, and places it where something may be open yet:
                whom it favours that this is closed has the lot, wherever it is said to be made now.

        """
        assert isinstance(item.body, Lot)  # noqa: S101 - callers asked for lots
        mask = self._makers.get(item.subject, 0) | self._holding(product_of(item.subject))
        for party in (item.issuer, *makers):
            mask |= self._bit(party)
        self._makers[item.subject] = mask
        things = self._made_of.setdefault(item.subject, {})
        before = (str(body.facility) for body, _ in earlier)
        for thing in (*places_of(item), *before, *map(str, item.body.inputs)):
            if thing not in but:
                things[thing] = None

    def _stated(self, item: Standing) -> Iterable[str]:
        """Return who else stated a lot by right."""
        others = any(
            one.issuer != item.issuer for one in ever_stated(self._view, "lot", item.subject)
        )
        return stated_by_right(self._view, item.subject) if others else ()

    def walked(
        self,
        lots: Mapping[str, Standing],
        own: Iterable[str],
        earlier: Callable[[Standing], Earlier],
    ) -> None:
        """Take in lots that were walked, by all who stated them.

        Those of ``own`` first, with all that they were made of. Of what they use, who makes the others
        is no user: a grantee that names a brand's garden is no party to the brand's goods.
        ``earlier``: what was said of one before.
        """
        todo, mine = deque(own), dict[str, None]()
        while todo:
            lot = todo.popleft()
            item = lots.get(lot)
            if item is not None and lot not in mine and isinstance(item.body, Lot):
                mine[lot] = None
                self.take(item, self._stated(item), earlier=earlier(item))
                todo += map(str, item.body.inputs)
        used = {thing for things in self._made_of.values() for thing in things}
        for lot, item in lots.items():
            if lot not in mine:
                self.take(item, self._stated(item), but=used, earlier=earlier(item))

    def users(self, sellers: Iterable[str] = ()) -> Users:
        """Return who uses each thing taken in so far, and who sells what is made of them."""
        found: dict[str, int] = {}
        todo = deque(self._made_of)
        while todo:
            lot = todo.popleft()
            mask = self._makers[lot] | found.get(lot, 0)
            for thing in self._made_of[lot]:
                before = found.get(thing, 0)
                if before | mask != before:
                    found[thing] = before | mask
                    if thing in self._made_of:
                        todo.append(thing)
        return Users(frozenset(sellers), tuple(self._bits), found)
