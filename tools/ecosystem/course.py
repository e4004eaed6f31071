"""The announced period, at a scale: what happens when, and what follows from it.

A share begins with its brands, then goes on round by round: everything that is due of the
proportions, at times drawn within the round, and what followed from earlier acts.
"""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from itertools import count

from ecosystem.aftermath import complained, refused
from ecosystem.amendments import correct, erase, take_back
from ecosystem.beginnings import open_brand
from ecosystem.cast import Everybody, Numbers, Seat
from ecosystem.consequences import recall_days, ship
from ecosystem.goods import audit, lot, product
from ecosystem.indices import Found, find_index
from ecosystem.inspections import inspect_lot, stage_due
from ecosystem.institutions import Institutions, found
from ecosystem.labels import join, label, withdraw_label
from ecosystem.market import state_returns
from ecosystem.movements import deliver
from ecosystem.observers import decline, invite, look_at, observer, resign, visit
from ecosystem.papers import granting, rename, renew_key, review, revoke, trademark, withdraw
from ecosystem.pen import DAY_S, Setting
from ecosystem.proportions import KM, ROUND_DAYS, ROUNDS, SHARES, Scale
from ecosystem.reports import take_sample
from ecosystem.share import Share
from ecosystem.trade import close, listing_ended, put_on_sale, trader

PLANS = {
    "food": ("II", "1.0"),
    "beauty": ("II", "0.65"),
    "mother-baby": ("II", "0.65"),
    "home": ("I", "2.5"),
    "digital": ("II", "0.40"),
    "apparel": ("S-4", "2.5"),
}
"""Level and AQL that the platform agreed for each line of goods."""
INDEXED_ROUNDS = 5
"""Indices are stated every so many rounds: about a month."""
FLIGHT_KM = 15
DELIVERED = 1 / 20
"""Of so many inbound inspections it is on record how the goods came."""


def everybody(setting: Setting, scale: Scale) -> tuple[Everybody, Institutions]:
    """Return who is there for all shares, and what stands above them: the same in every process."""
    there = Everybody(
        setting,
        Numbers(
            warehouses=scale.everybody("warehouses"),
            inspectors=scale.everybody("inspectors"),
            carriers=scale.everybody("carriers"),
            laboratories=scale.everybody("laboratories"),
        ),
    )
    return there, found(there, scale.everybody("standards"))


class Course:
    """One share's course: ``acts`` by the names of the proportions."""

    def __init__(self, number: int, setting: Setting, scale: Scale) -> None:
        self.number, self.scale = number, scale
        few = scale.of_share("shops", number) * 3 // 5
        self.share = Share(number, *everybody(setting, scale), few=few)
        self.indices: list[Found] = []
        self.turn = count()
        self.km = KM * scale.scale / SHARES
        self.acts: dict[str, Callable[[], object]] = {
            "products": lambda: product(self.share),
            "shops": lambda: trader(self.share),
            "listings": self.listing,
            "lots": self.lot,
            "inbound": lambda: self.inspect("inbound"),
            "patrol": lambda: self.inspect("patrol"),
            "flight": lambda: self.inspect("flight"),
            "mystery": lambda: self.inspect("mystery"),
            "samples": self.sample,
            "audits": self.audit,
            "visits": lambda: visit(self.share),
            "invitations": lambda: invite(self.share),
            "complaints": lambda: complained(self.share, *self.delivered()),
            "pledges": self.pledge,
            "labels": self.label,
            "labels withdrawn": lambda: withdraw_label(self.share),
            "listings ended": lambda: listing_ended(self.share),
            "reviews": lambda: review(self.share),
            "corrections": lambda: correct(self.share),
            "erasures": lambda: erase(self.share),
            "errors": lambda: take_back(self.share),
            "agents": lambda: granting(self.share),
            "revocations": lambda: revoke(self.share),
            "withdrawals": lambda: withdraw(self.share),
            "keys": lambda: renew_key(self.share),
            "names": lambda: rename(self.share),
            "closures": lambda: close(self.share),
        }

    def rounds(self) -> Iterator[list[bytes]]:
        """Yield what is said at the start, then what in each round."""
        out = self.share.pen.out
        self.begin()
        for number in range(1, ROUNDS + 1):
            yield out.copy()
            out.clear()
            self.round(number)
        recall_days(self.share)
        look_at(self.share)
        decline(self.share)
        resign(self.share)
        ship(self.share)
        yield out.copy()

    def begin(self) -> None:
        """Tell of the brands, as far as they are there at the start."""
        share = self.share
        share.km = self.fair_km()
        for number in range(self.due("brands", 0)):
            share.brands.append(trademark(share, number))
            open_brand(share, share.brands[-1])
            brand = share.brands[-1]
            join(share, brand.holder, [f"{brand.line}/{kind}" for kind in brand.kinds])
        for _ in range(self.due("observers", 0)):
            observer(share)
        for name, there in (
            ("products", sum(len(brand.products) for brand in share.brands)),
            ("shops", len(share.seats)),
            ("listings", 0),
            ("lots", 0),
        ):
            for _ in range(self.due(name, 0) - there):
                self.acts[name]()

    def due(self, name: str, rounds: int) -> int:
        return self.scale.due(name, self.number, rounds)

    def round(self, number: int) -> None:
        """Tell one round: what is due of each act, and what follows, in the order of time."""
        share, pen = self.share, self.share.pen
        began_s = share.setting.began_s + (number - 1) * ROUND_DAYS * DAY_S
        end_s = began_s + ROUND_DAYS * DAY_S
        pen.registered_us = (end_s + 60) * 1_000_000
        for name, act in self.acts.items():
            for _ in range(self.due(name, number) - self.due(name, number - 1)):
                at_s = share.rng.randrange(began_s, end_s)
                heappush(share.agenda, (at_s, pen.next(), act))
        while share.agenda and share.agenda[0][0] < end_s:
            at_s, _, act = heappop(share.agenda)
            pen.now_s = max(pen.now_s, int(at_s))
            act()
        pen.now_s = end_s
        if number % INDEXED_ROUNDS == 0:
            self.state_indices(number)

    def state_indices(self, number: int) -> None:
        """Find what the operator states every month of some traders and products, every quarter of each brand; and state returns."""
        share = self.share
        count = self.due("indices", ROUNDS) * INDEXED_ROUNDS // ROUNDS
        listed = [item for item in share.listings if item[1].trades]
        chosen = share.rng.sample(listed, min(count, len(listed)))
        quarter = number % (3 * INDEXED_ROUNDS) == 0
        subjects = [brand.mark for brand in share.brands] if quarter else []
        subjects += [said.subject for said, _ in chosen[::2]]
        subjects += [seat.trader.id for _, seat in chosen[1::2]]
        for product_sold in dict.fromkeys(said.subject for said, _ in chosen):
            state_returns(share, product_sold, share.pen.now_s)
        for subject in dict.fromkeys(subjects):
            self.indices.append(find_index(share, subject, number))

    # Acts that choose what they are about by what is on sale.

    def listing(self) -> None:
        share = self.share
        for _ in range(5):
            seat = share.a_seat()
            if seat is None:
                return
            there = {said.subject for said, own in share.listings if own is seat}
            goods = [
                item for item in seat.grant.products or seat.brand.products if item[0] not in there
            ]
            share.rng.shuffle(goods)
            if any(put_on_sale(share, seat, *item) for item in goods):
                return

    def sample(self) -> None:
        """Take a sample of something inspected for whose goods there is a standard."""
        share = self.share
        assert share.there is not None
        for _ in range(50 if share.inspections else 0):
            inspected, seat = share.recent(share.inspections)
            category = share.categories[inspected.subject.partition("/10/")[0]]
            standards = share.there.standards.get(category)
            if standards:
                take_sample(share, share.rng.choice(standards), inspected, seat)
                return
        share.later(1, lambda _: self.sample())

    def pledge(self) -> None:
        """A trader joins the alliance."""
        seat = self.share.a_seat()
        if seat is not None:
            join(self.share, seat.trader, [f"{seat.brand.line}/{k}" for k in seat.brand.kinds])

    def label(self) -> None:
        """Label something that passed lately and may bear the label, but does not yet."""
        share, tries = self.share, 10
        for said, standard, seat in reversed(share.passed[-100:]):
            product = said.fields["lot"].partition("/10/")[0]
            if seat.sells and (product, standard.cited["id"]) not in share.labels:
                if label(share, said, standard):
                    return
                tries -= 1
                if not tries:
                    return

    def lot(self) -> str:
        """Make a lot of something that is on sale."""
        share = self.share
        for _ in range(20 if share.listings else 0):
            said, seat = share.rng.choice(share.listings)
            if seat.trades:
                return lot(share, seat.brand, goods=said.subject)
        return lot(share)

    def delivered(self) -> tuple[str, Seat]:
        """Return a lot and the shop it goes to, which has it on sale."""
        share = self.share
        if not share.listings:
            seat = share.rng.choice(share.seats)
            return lot(share, seat.brand), seat
        for _ in range(50):
            said, seat = share.rng.choice(share.listings)
            if seat.trades and share.lots_of[said.subject]:
                break
        lots = share.lots_of[said.subject][-8:]
        return (
            share.rng.choice(lots) if lots else lot(share, seat.brand, goods=said.subject)
        ), seat

    def inspect(self, mode: str) -> None:
        """Inspect something that is delivered; one in fifteen refusals out there is critical."""
        share = self.share
        for _ in range(20):
            goods, seat = self.delivered()
            line = seat.brand.line.partition("/")[0]
            if mode != "inbound" or stage_due(share, seat, goods, PLANS[line]) != "discontinued":
                break
        bad = share.rng.random() < seat.conduct.proneness
        critical = bad and mode in ("flight", "mystery") and share.rng.random() < 1 / 15
        said = inspect_lot(
            share,
            goods,
            seat,
            mode,
            refused=bad,
            critical=critical,
            plan=PLANS[line],
        )
        if said is not None and bad:
            refused(share, said, seat)
        elif mode == "inbound" and share.rng.random() < DELIVERED:
            deliver(share, goods, seat)

    def audit(self) -> None:
        """Audit the places in turn."""
        places = [place for brand in self.share.brands for place in brand.facilities]
        self.share.km = self.fair_km()
        audit(self.share, places[next(self.turn) % len(places)])

    def fair_km(self) -> int:
        """Return how far each audit is that is left: together, flights apart, as announced."""
        share, flights = self.share, self.due("flight", ROUNDS) * FLIGHT_KM
        left = self.due("audits", ROUNDS) + 2 * self.due("brands", 0) - share.told["audits"]
        flown = share.told["flight km"]
        gone = share.told["km"] - flown
        return max(0, round((self.km - flights - gone) / max(1, left)))
