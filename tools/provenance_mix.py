"""A plausible platform, told from a seed: signed statements that keep every rule in the order given.

``base`` holds the people everybody shares (offices, warehouses, inspectors, carriers,
laboratories, observers), a chain and a lot to ask about, and for each share the brands with
their trademarks, places, audits, agents and first shops. A ``Share`` then goes on by weights
that stay the same from its first statement to its last; what it says rests on the base or on
its own share, never on another's, so shares may be registered side by side.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from bench_common import OPERATOR, ORIGIN, key_of
from stdnum import ean
from stdnum.cn import uscc

from ledger import ijson
from ledger.cose.keys import PrivateKey, possession_message
from ledger.identifiers import product_of
from ledger.rules.published import CURRENT
from ledger.rules.series import Inspected, Series
from ledger.sampling import outcome_of, plan_for
from ledger.statements.catalogue import decode_body, histories_of
from ledger.statements.envelope import parse_statement, sign_statement
from ledger.statements.fields import KeyBinding

START_S = 1_790_000_000
"""The simulated time the ledger begins at; statements are signed in the day before."""
DAY_S = 86_400
FROM, UNTIL, MARK_UNTIL = "2026-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "2036-01-01T00:00:00Z"
LINES = (
    ("food/tea", ("green", "black", "oolong", "puer"), 30),
    ("food/wine", ("red", "white", "rice"), 33),
    ("food/dairy", ("milk", "cheese", "yoghurt"), 29),
    ("beauty/skin", ("cream", "mask", "serum"), 3),
    ("mother-baby/care", ("nappy", "bottle", "wipes"), 5),
    ("home/kitchen", ("pan", "knife", "kettle"), 21),
    ("digital/phone", ("handset", "charger", "cable"), 9),
    ("apparel/outdoor", ("jacket", "shoe", "pack"), 25),
)
PROVINCES = (
    "CN-AH", "CN-BJ", "CN-CQ", "CN-FJ", "CN-GD", "CN-GS", "CN-GX", "CN-GZ", "CN-HA", "CN-HB",
    "CN-HE", "CN-HI", "CN-HL", "CN-HN", "CN-JL", "CN-JS", "CN-JX", "CN-LN", "CN-NM", "CN-NX",
    "CN-QH", "CN-SC", "CN-SD", "CN-SH", "CN-SN", "CN-SX", "CN-TJ", "CN-XJ", "CN-XZ", "CN-YN",
    "CN-ZJ",
)  # fmt: skip
MALLS = ("mall.example", "live.example")
FLAGSHIPS = "flagship.example"
STEPS = ("interview", "damages", "delist", "close-shop", "end-cooperation")
RECENT = 400  # lots, inspections and seats that are still talked about


def time_of(time_s: int) -> str:
    return datetime.fromtimestamp(time_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def cite(id_: str, topic: str, subject: str) -> dict[str, str]:
    return {"id": id_, "topic": topic, "subject": subject}


def gln(kind: int, number: int) -> str:
    digits = f"69{number:010d}"
    return f"https://id.gs1.org/{kind}/{digits}{ean.calc_check_digit(digits)}"


@dataclass
class Person:
    """A party: its id, the key it signs with now, and how many keys it had."""

    id: str
    number: int
    keys: int = 1

    @cached_property
    def first_key(self) -> PrivateKey:
        return key_of(self.number)

    @property
    def key(self) -> PrivateKey:
        return self.first_key if self.keys == 1 else key_of(self.number + (self.keys << 64))


@dataclass
class Grant:
    """A grant, from whom to whom, under which other one."""

    id: str
    to: Person
    above: "Grant | None"
    depth: int
    shop_type: str | None = None
    territories: tuple[str, ...] = ("CN",)
    products: tuple[tuple[str, str], ...] = ()
    """What it is limited to; none: everything of the brand."""
    revoked: bool = False

    @property
    def dead(self) -> bool:
        return self.revoked or (self.above is not None and self.above.dead)

    @property
    def links(self) -> int:
        return 1 + (0 if self.above is None else self.above.links)


@dataclass
class Brand:
    """A right-holder with one trademark, and what came of it."""

    holder: Person
    mark: str
    line: str
    kinds: tuple[str, ...]
    mark_id: str = ""
    facilities: list[str] = field(default_factory=list)
    products: list[tuple[str, str]] = field(default_factory=list)
    granting: list[Grant] = field(default_factory=list)
    exclusive: int = 0

    def grant_cite(self, grant: Grant | None) -> dict[str, str]:
        if grant is None:
            return cite(self.mark_id, "qualification-number", self.mark)
        return cite(grant.id, "grant", f"{self.mark}\n{grant.to.id}")


@dataclass
class Seat:
    """A trader's shop under one grant of one brand."""

    trader: Person
    brand: Brand
    grant: Grant
    shop: str
    shop_id: str
    closed: bool = False
    reached: int = -1
    barred: bool = False

    @property
    def sells(self) -> bool:
        return not (self.closed or self.barred or self.grant.dead)


@dataclass(eq=False)
class Said:
    """A statement that later ones may cite, amend or correct."""

    id: str
    by: Person
    subject: str
    fields: dict[str, Any]
    seat: Seat | None = None
    topics: tuple[tuple[str, str], ...] = ()


class Pen:
    """Signs what people say; everything random comes from its seed."""

    def __init__(self, number: int) -> None:
        self.rng = random.Random(number)
        self.number = number
        self.count = 0
        self.out: list[bytes] = []
        self.operator = Person(OPERATOR, 2)

    def next(self) -> int:
        """Return a number that no other pen has: for ids, GTINs and keys."""
        self.count += 1
        return self.number * 10_000_000 + 1_000 + self.count

    def say(self, type_: str, by: Person, subject: str, fields: dict[str, Any]) -> str:
        """Sign a statement; return its id."""
        raw = sign_statement(
            by.key,
            ijson.encode({"v": 1, "type": type_} | fields),
            issuer=by.id,
            subject=subject,
            issued_at=START_S - self.rng.randrange(DAY_S),
            audience=ORIGIN,
        )
        self.out.append(raw)
        return parse_statement(raw).id.hex()

    def tell(self, type_: str, by: Person, subject: str, fields: dict[str, Any]) -> Said:
        """Sign a statement that will be amended."""
        id_ = self.say(type_, by, subject, fields)
        statement = parse_statement(self.out[-1])
        topics = histories_of(statement, decode_body(statement))
        return Said(id_, by, subject, {"v": 1, "type": type_} | fields, topics=topics)

    def past(self, days: float = 30) -> str:
        """Return a time of the days before the ledger began."""
        return time_of(START_S - DAY_S - self.rng.randrange(int(days * DAY_S)))

    def digest(self) -> str:
        return self.rng.randbytes(32).hex()

    def evidence(self, count: int = 1) -> list[dict[str, Any]]:
        return [
            {
                "digest": self.digest(),
                "size": self.rng.randrange(9_999_999),
                "media_type": "image/jpeg",
            }
            for _ in range(count)
        ]

    def binding(self, person: Person) -> dict[str, str]:
        key = person.key
        proof = key.sign(possession_message(key.public, origin=ORIGIN, party=person.id))
        found = KeyBinding.of(key.public, proof)
        return {"alg": found.alg, "x": found.x, "possession": found.possession}

    def enter(self, role: str, name: str, *, natural: bool = False) -> Person:
        """Let a party enter: a Chinese firm with its code, or a person under a pseudonym."""
        number = self.next()
        if natural:
            person = Person(f"urn:pinyuan:person:{number:032x}", number)
        else:
            person = Person(gln(417, number), number)
        fields: dict[str, Any] = {
            "names": {"zh": f"{name}{number}", "en": f"{role} {number}"},
            "country": "CN",
            "roles": [role],
            "keys": [self.binding(person)],
        }
        if not natural:
            code = f"91330000{number:09d}"
            fields["uscc"] = code + uscc.calc_check_digit(code)
        self.say("party", self.operator, person.id, fields)
        return person


class Everybody:
    """Who works for all brands: the same people, with the same ids, in every process."""

    def __init__(self) -> None:
        pen = self.pen = Pen(0)
        self.offices = [pen.enter("authority", "局") for _ in range(3)]
        self.warehouses = [pen.enter("warehouse", "仓") for _ in range(20)]
        self.inspectors = [pen.enter("inspector", "检") for _ in range(30)]
        self.carriers = [pen.enter("carrier", "运") for _ in range(10)]
        self.laboratories = [pen.enter("laboratory", "室") for _ in range(35)]


@dataclass
class Asked:
    """What the benchmark asks about: a chain of five links and a lot of a hundred entries."""

    trader: str = ""
    product: str = ""
    lot: str = ""


class Share:
    """One part of the platform: its brands and everything that happens to them."""

    def __init__(self, number: int, everybody: Everybody, brands: int) -> None:
        self.pen = Pen(number)
        self.rng, self.say = self.pen.rng, self.pen.say
        self.all = everybody
        self.lots: list[tuple[str, Brand]] = []
        self.seats: list[Seat] = []
        self.inspections: list[Said] = []
        self.refused: list[Said] = []
        self.series: dict[tuple[str, str], Series] = {}
        self.listings: list[Said] = []
        self.sanctions: list[tuple[Said, Seat]] = []
        self.complaints: list[Said] = []
        self.observers: list[tuple[Person, str | None, str]] = []
        self.papers: list[tuple[Person, str, str]] = []
        self.events: list[Callable[[], object]] = []
        self.weights: list[float] = []
        self.brands = [self.brand(n) for n in range(brands)]
        for brand in self.brands:
            self.open(brand)
        for _ in range(30):
            self.observer()
        self.weigh()

    def brand(self, number: int) -> Brand:
        line, kinds, nice = LINES[number % len(LINES)]
        holder = self.pen.enter("brand", "牌")
        return Brand(holder, f"urn:trademark:cn:{self.pen.next()}:{nice}", line, kinds)

    def open(self, brand: Brand) -> None:
        """Tell a brand's beginning: mark, place, audit, goods, agent, distributors, shops, lots."""
        say, pen = self.say, self.pen
        fields = {
            "kind": "trademark-registered",
            "number": brand.mark,
            "categories": [brand.line],
            "mark": f"品{brand.mark[17:25]}",
            "from": FROM,
            "until": MARK_UNTIL,
        }
        brand.mark_id = say("qualification", self.all.offices[0], brand.holder.id, fields)
        for _ in range(2):
            self.facility(brand)
        for _ in range(3):
            self.product(brand)
        for _ in range(2):
            agent = self.grant(brand, None, pen.enter("trader", "代"), depth=3)
            distributor = self.grant(brand, agent, pen.enter("trader", "销"), depth=2)
            brand.granting += [
                agent,
                distributor,
                self.grant(brand, distributor, pen.enter("trader", "分"), depth=1),
            ]
        for _ in range(3):
            self.trader(brand)
            self.lot(brand)

    def weigh(self) -> None:
        """Say how often each thing happens: of a thousand statements, about so many."""
        for event, weight in (
            (self.inspect, 500),
            (self.lot, 120),
            (self.sample, 32),  # and custody behind it
            (self.listing, 85),
            (self.listing_ended, 12),
            (self.product, 20),
            (self.trader, 11),  # party, paper, admission, grant, shop
            (self.granting, 2),
            (self.complain, 22),
            (self.sanction, 10),
            (self.lift, 4),
            (self.recall, 3),
            (self.facility, 2),
            (self.audit, 15),
            (self.visit, 9),  # and its observation
            (self.observer, 1),  # party, application, appointment, invitation
            (self.invite, 3),
            (self.correct, 6),
            (self.revoke, 4),
            (self.withdraw, 1),
            (self.new_key, 2),
            (self.close, 1),
            (self.erase, 1),
            (self.review, 4),
        ):
            self.events.append(event)
            self.weights.append(weight)

    def go_on(self) -> Iterator[bytes]:
        """Yield what was said so far, then what happens next, without end."""
        out = self.pen.out
        while True:
            yield from out
            out.clear()
            for event in self.rng.choices(self.events, self.weights, k=100):
                event()

    # Choosing: some brands are large, what is recent is talked about most.

    def a_brand(self) -> Brand:
        return self.brands[int(len(self.brands) * self.rng.random() ** 2)]

    def recent(self, items: list[Any]) -> Any:
        return items[-1 - int(min(len(items), RECENT) * self.rng.random() ** 2)]

    def a_seat(self) -> Seat | None:
        for _ in range(20):
            seat = self.rng.choice(self.seats)
            if seat.sells:
                return seat
        return None

    # Brands, grants, shops.

    def facility(self, brand: Brand | None = None) -> None:
        brand = brand or self.a_brand()
        place = gln(414, self.pen.next())
        self.say(
            "facility",
            brand.holder,
            place,
            {
                "names": {"zh": f"园{place[-8:]}"},
                "owner": brand.holder.id,
                "country": "CN",
                "place": {
                    "text": f"Road {place[-5:]}",
                    "latitude_e6": 30_250_000,
                    "longitude_e6": 120_160_000,
                },
                "activities": ["growing", "packing"],
            },
        )
        brand.facilities.append(place)
        self.audit(place)

    def audit(self, place: str | None = None) -> None:
        place = place or self.rng.choice(self.a_brand().facilities)
        by, *others = self.rng.sample(self.all.inspectors, 3)
        findings = [
            {
                "point": f"4.{n}",
                "severity": "minor",
                "text": "A record is missing; it was shown later.",
            }
            for n in range(self.rng.randrange(3))
        ]
        fields = {
            "checklist": "origin/3",
            "on": self.pen.past(10),
            "findings": findings,
            "team": [by.id, *(other.id for other in others)],
            "km": self.rng.randrange(2_000),
            "next_due": "2027-06-01T00:00:00Z",
            "evidence": self.pen.evidence(2),
        }
        self.say("origin-audit", by, place, fields)

    def product(self, brand: Brand | None = None) -> None:
        brand = brand or self.a_brand()
        digits = f"069{self.pen.next():010d}"
        product = f"https://id.gs1.org/01/{digits}{ean.calc_check_digit(digits)}"
        category = f"{brand.line}/{self.rng.choice(brand.kinds)}"
        by, above = brand.holder, None
        live = [grant for grant in brand.granting if not grant.dead]
        if live and self.rng.random() < 0.3:
            above = self.rng.choice(live)
            by = above.to
        fields = {
            "names": {"zh": f"品{product[-8:]}", "en": f"Goods {product[-8:]}"},
            "brand": brand.mark,
            "category": category,
            "under": brand.grant_cite(above),
        }
        self.say("product", by, product, fields)
        brand.products.append((product, category))

    def grant(
        self, brand: Brand, above: Grant | None, to: Person, *, depth: int, **changes: Any
    ) -> Grant:
        by = brand.holder if above is None else above.to
        fields = {
            "parent": brand.grant_cite(above),
            "brand": brand.mark,
            "goods": [brand.line],
            "territories": ["CN"],
            "channels": list(MALLS),
            "shop_types": ["*"],
            "exclusive": False,
            "depth": depth,
            "from": FROM,
            "until": UNTIL,
        } | changes
        id_ = self.say("authorisation", by, to.id, fields)
        return Grant(id_, to, above, depth, territories=tuple(fields["territories"]))

    def granting(self) -> None:
        """A brand or one of its agents takes on somebody who may grant on."""
        brand = self.a_brand()
        above = self.rng.choice([None, *(g for g in brand.granting if not g.dead and g.depth > 1)])
        to = self.pen.enter("trader", "销")
        depth = 3 if above is None else above.depth - 1
        brand.granting.append(self.grant(brand, above, to, depth=depth))

    def trader(self, brand: Brand | None = None) -> None:
        """A merchant comes: party, licence, admission, grant, shop."""
        brand = brand or self.a_brand()
        if self.seats and self.rng.random() < 0.15:
            trader = self.rng.choice(self.seats).trader
        else:
            trader = self.pen.enter("trader", "店")
            self.licence(trader)
        live = [grant for grant in brand.granting if not grant.dead]
        luck = self.rng.random()
        if luck < 0.1 and brand.exclusive < len(PROVINCES):
            grant = self.grant(
                brand,
                None,
                trader,
                depth=0,
                exclusive=True,
                channels=[FLAGSHIPS],
                territories=[PROVINCES[brand.exclusive]],
            )
            brand.exclusive += 1
            grant.shop_type = "flagship"
        elif luck < 0.2 or not live:
            grant = self.grant(brand, None, trader, depth=0)
            grant.shop_type = "specialty"
        else:
            only = tuple(brand.products[-20:]) if self.rng.random() < 0.3 else ()
            goods = [product for product, _ in only] or [brand.line]
            grant = self.grant(brand, self.rng.choice(live), trader, depth=0, goods=goods)
            grant.products = only
            grant.shop_type = "multi-brand"
        self.shop(trader, brand, grant)

    def licence(self, trader: Person) -> None:
        number = f"urn:qualification:samr.cn:{self.pen.next()}"
        fields = {
            "kind": "business",
            "number": number,
            "categories": ["*"],
            "from": FROM,
            "until": UNTIL,
            "evidence": self.pen.evidence(),
        }
        id_ = self.say("qualification", self.all.offices[1], trader.id, fields)
        self.papers.append((trader, number, id_))
        self.admit(trader, number, id_)

    def admit(self, trader: Person, number: str, id_: str) -> None:
        fields = {
            "decision": "admitted",
            "evidence": [cite(id_, "qualification-number", number)],
            "reasons": [f"Papers complete; review {self.pen.next()}."],
        }
        self.say("admission", self.pen.operator, trader.id, fields)

    def review(self) -> None:
        """The platform looks again at a trader's papers."""
        self.admit(*self.recent(self.papers))

    def shop(self, trader: Person, brand: Brand, grant: Grant) -> None:
        channel = FLAGSHIPS if grant.shop_type == "flagship" else self.rng.choice(MALLS)
        shop = f"urn:shop:{channel}:s{self.pen.next()}"
        fields = {
            "shop_type": grant.shop_type,
            "trader": trader.id,
            "names": {"zh": f"店{shop[-6:]}"},
        }
        id_ = self.say("shop", self.pen.operator, shop, fields)
        seat = Seat(trader, brand, grant, shop, id_)
        for other in self.seats:  # a sanctioned trader stays so in a new shop
            if other.trader is trader:
                seat.reached = max(seat.reached, other.reached)
                seat.barred = seat.barred or other.barred
        self.seats.append(seat)

    def close(self) -> None:
        seat = self.a_seat()
        if seat is None or len(self.seats) < 100:
            return
        seat.closed = True
        fields = {
            "target": cite(seat.shop_id, "shop", seat.shop),
            "trader": seat.trader.id,
            "reason": "The trader asked.",
        }
        self.say("shop-ended", self.pen.operator, seat.shop, fields)

    def listing(self) -> None:
        seat = self.a_seat()
        if seat is None:
            return
        product, category = self.rng.choice(seat.grant.products or seat.brand.products[:3])
        fields = {
            "shop": seat.shop,
            "category": category,
            "territories": list(seat.grant.territories),
        }
        by = seat.trader if self.rng.random() < 0.9 else self.pen.operator
        said = self.pen.tell("listing", by, product, fields)
        said.seat = seat
        self.listings.append(said)

    def listing_ended(self) -> None:
        if not self.listings:
            return
        said = self.listings.pop(self.rng.randrange(len(self.listings)))
        assert said.seat is not None
        fields = {
            "target": cite(said.id, "listing", said.subject),
            "shop": said.fields["shop"],
            "category": said.fields["category"],
            "reason": "Sold out.",
        }
        self.say("listing-ended", said.by, said.subject, fields)

    def revoke(self) -> None:
        """Mostly a shop's grant ends; sometimes that of an agent or distributor."""
        seat = self.a_seat()
        if seat is None or len(self.seats) < 100:
            return
        brand, grant = seat.brand, seat.grant
        if self.rng.random() < 0.1 and grant.above is not None and grant.above.links > 1:
            grant = grant.above
        above: list[Grant] = []
        while (up := above[-1].above if above else grant.above) is not None:
            above.append(up)
        by = self.rng.choice([brand.holder, *(item.to for item in above)])
        grant.revoked = True
        brand.granting = [item for item in brand.granting if not item.dead]
        fields = {
            "target": brand.grant_cite(grant),
            "brand": brand.mark,
            "parent": brand.mark_id if grant.above is None else grant.above.id,
            "exclusive": grant.shop_type == "flagship",
            "reason": "Contract ended.",
        }
        self.say("authorisation-revocation", by, grant.to.id, fields)

    def withdraw(self) -> None:
        trader, number, id_ = self.papers.pop(self.rng.randrange(len(self.papers)))
        fields = {
            "target": cite(id_, "qualification-number", number),
            "number": number,
            "reason": "Replaced by a new paper.",
        }
        self.say("qualification-withdrawal", self.all.offices[1], trader.id, fields)
        self.licence(trader)

    def new_key(self) -> None:
        """A trader introduces its next key, and signs with it from then on."""
        trader = self.rng.choice(self.seats).trader
        old = Person(trader.id, trader.number, trader.keys)
        trader.keys += 1
        self.say("key", old, trader.id, {"key": self.pen.binding(trader)})

    # Goods looked at.

    def lot(self, brand: Brand | None = None, inputs: list[str] | None = None) -> str:
        brand = brand or self.a_brand()
        product, _ = self.rng.choice(brand.products)
        number = self.pen.next()
        lot = f"{product}/10/L{number}"
        if inputs is None:
            count = self.rng.randint(1, 3) if self.lots and self.rng.random() < 0.4 else 0
            inputs = list({self.recent(self.lots)[0] for _ in range(count)})
        fields = {
            "quantity": {"amount": str(self.rng.randrange(500, 5000)), "unit": "box"},
            "facility": self.rng.choice(brand.facilities),
            "made": self.pen.past(60),
            "serial_range": {"first": f"{number}000", "last": f"{number}999"},
            "inputs": sorted(inputs),
        }
        self.say("lot", brand.holder, lot, fields)
        self.lots.append((lot, brand))
        return lot

    def inspect(self, lot: str | None = None, seat: Seat | None = None) -> None:
        """A warehouse or an inspector looks at a lot; one in forty is refused."""
        if lot is None:
            lot, _ = self.recent(self.lots)
            seat = self.rng.choice(self.seats)
        mode = self.rng.choices(("inbound", "patrol", "flight", "mystery"), (60, 25, 8, 7))[0]
        assert seat is not None
        series = self.series.setdefault((seat.trader.id, product_of(lot)), Series())
        if mode == "inbound" and series.state.stage == "discontinued":
            mode = "patrol"
        at_warehouse = mode in {"inbound", "patrol"}
        by = self.rng.choice(self.all.warehouses if at_warehouse else self.all.inspectors)
        bad = self.rng.randrange(4, 9) if self.rng.random() < 0.025 else self.rng.randrange(4)
        findings = [
            {
                "point": f"GB 7718-{n + 1}",
                "severity": "major",
                "text": "The label lacks the date of packing.",
            }
            for n in range(min(bad, 2))
        ]
        size = self.rng.randrange(1201, 3201)
        stage = series.state.stage if mode == "inbound" else "normal"
        assert stage != "discontinued"  # nor is it ever reduced: nobody agrees to that here
        plan = plan_for(size, "II", "1.0", stage)
        fields: dict[str, Any] = {
            "mode": mode,
            "trader": seat.trader.id,
            "on": self.pen.past(3),
            "lot_size": size,
            "level": "II",
            "aql": "1.0",
            "severity": plan.severity,
            "sample_size": plan.sample_size,
            "accept": plan.accept,
            "reject": plan.reject,
            "nonconforming": bad,
            "decision": "refused" if bad > plan.accept else "accepted",
            "findings": findings,
            "km": 0 if at_warehouse else self.rng.randrange(1, 900),
            "evidence": self.pen.evidence(),
        }
        if mode == "flight":
            fields["facility"] = self.rng.choice(seat.brand.facilities)
        if self.rng.random() < 0.2:
            fields["sealed"] = [{"name": "inspector_name", "digest": self.pen.digest()}]
        if mode == "inbound":
            index = self.pen.count  # in the order told, which is all that a series asks of it
            series.inspect(Inspected(index, lot, None, plan.severity, outcome_of(plan, bad)))
        refused = bad > plan.accept
        if self.rng.random() < 0.05 or refused or "sealed" in fields:
            said = self.pen.tell("inspection", by, lot, fields)
            said.seat = seat
            self.inspections.append(said)
            if refused:
                self.refused.append(said)
        else:
            self.say("inspection", by, lot, fields)

    def sample(self, lot: str | None = None) -> None:
        """An inspector seals a sample; a carrier and mostly a laboratory take it over."""
        inspector = self.rng.choice(self.all.inspectors)
        sample = f"urn:sample:s{self.pen.next()}"
        at_s = START_S - DAY_S * 2 - self.rng.randrange(DAY_S)
        fields: dict[str, Any] = {
            "lot": lot or self.recent(self.lots)[0],
            "taken": time_of(at_s),
            "seals": [f"SEAL-{self.pen.next()}"],
            "evidence": self.pen.evidence(),
        }
        if lot is None and self.inspections:
            said = self.recent(self.inspections)
            fields |= {
                "lot": said.subject,
                "inspection": cite(said.id, "inspection", said.subject),
            }
        previous, holder = self.say("sample-sealed", inspector, sample, fields), inspector
        stops = [self.rng.choice(self.all.carriers), self.rng.choice(self.all.laboratories)]
        for taker in stops[: self.rng.choice((1, 2, 2))]:
            at_s += self.rng.randrange(DAY_S // 2)
            handed = {
                "lot": fields["lot"],
                "handed_by": holder.id,
                "previous": previous,
                "at": time_of(at_s),
                "seals_intact": True,
            }
            previous, holder = self.say("custody", taker, sample, handed), taker

    def recall(self) -> None:
        lot, brand = self.recent(self.lots)
        others = {self.recent(self.lots)[0] for _ in range(self.rng.randrange(3))} - {lot}
        fields = {
            "reason": "The seal of the inner bag may leak.",
            "from": self.pen.past(1),
            "other_lots": sorted(others),
        }
        by = brand.holder if not others else self.pen.operator
        self.say("recall", by, lot, fields)

    def complain(self) -> None:
        lot, _ = self.recent(self.lots)
        fields = {
            "complainant": f"urn:pinyuan:person:{self.rng.getrandbits(128):032x}",
            "text": "The box was open and two bags were missing.",
            "lot": lot,
            "sealed": [{"name": "phone", "digest": self.pen.digest()}],
        }
        self.complaints.append(
            self.pen.tell("complaint", self.pen.operator, lot.partition("/10/")[0], fields)
        )

    # Consequences.

    def sanction(self) -> None:
        """The trader of a refused inspection is sanctioned, one step above the last."""
        if not self.refused:
            return
        said = self.recent(self.refused)
        seat = said.seat
        assert seat is not None
        peers = [item for item in self.seats if item.trader is seat.trader]
        reached = min(max(item.reached for item in peers) + 1, 2)
        step = STEPS[reached]
        fields: dict[str, Any] = {
            "step": step,
            "grounds": "Refused at inspection.",
            "triggers": [cite(said.id, "inspection", said.subject)],
            "rules_version": CURRENT,
            "appeal_by": "2026-12-01T00:00:00Z",
            "from": FROM,
            "until": None,
            "products": [said.subject.partition("/10/")[0]] if reached > 1 else [],
            "lots": [said.subject],
        }
        if self.complaints and self.rng.random() < 0.3:
            other = self.recent(self.complaints)
            fields["triggers"].append(cite(other.id, "feedback", other.subject))
        if step == "damages":
            fields["damages"] = {
                "amount": self.rng.randrange(100_000, 9_000_000),
                "currency": "CNY",
            }
        told = self.pen.tell("sanction", self.pen.operator, seat.trader.id, fields)
        for item in peers:
            item.reached, item.barred = reached, item.barred or reached > 1
        self.sanctions.append((told, seat))

    def lift(self) -> None:
        if not self.sanctions:
            return
        said, seat = self.sanctions.pop(self.rng.randrange(len(self.sanctions)))
        fields = {
            "target": cite(said.id, "sanction", said.subject),
            "reason": "The cause is mended and verified.",
            "products": said.fields["products"],
            "lots": said.fields["lots"],
        }
        self.say("sanction-lifted", self.pen.operator, said.subject, fields)
        left = [other for other, its in self.sanctions if its.trader is seat.trader]
        for item in self.seats:
            if item.trader is seat.trader:  # a lifted step is no stair for the next one
                item.reached = max(
                    (STEPS.index(other.fields["step"]) for other in left), default=-1
                )
                item.barred = item.barred and bool(left)

    # Observers.

    def observer(self) -> None:
        pen, operator = self.pen, self.pen.operator
        person = pen.enter("observer", "观", natural=True)
        period = {"from": FROM, "until": UNTIL, "kind": "consumer"}
        application = pen.say(
            "observer-application",
            operator,
            person.id,
            period
            | {
                "motive": "To see where it comes from.",
                "sealed": [{"name": "name", "digest": pen.digest()}],
            },
        )
        pen.say(
            "observer",
            operator,
            person.id,
            period | {"application": cite(application, "observer", person.id)},
        )
        self.observers.append((person, None, ""))
        self.invite(len(self.observers) - 1)

    def invite(self, at: int | None = None) -> None:
        at = self.rng.randrange(len(self.observers)) if at is None else at
        person = self.observers[at][0]
        to = self.rng.choice(self.a_brand().facilities)
        id_ = self.say(
            "invitation", self.pen.operator, person.id, {"to": to, "from": FROM, "until": UNTIL}
        )
        self.observers[at] = (person, id_, to)

    def visit(self, lot: str | None = None) -> None:
        """An observer visits what it was invited to, or a lot, and says what it found."""
        person, invitation, about = self.rng.choice(self.observers)
        visit = f"urn:visit:v{self.pen.next()}"
        fields: dict[str, Any] = {
            "arrived": self.pen.past(2),
            "place": {"text": "At the gate"},
            "tie": None,
            "evidence": self.pen.evidence(),
        }
        if lot is None and invitation is not None and self.rng.random() < 0.7:
            fields["invitation"] = cite(invitation, "observer", person.id)
        else:
            about = lot or self.recent(self.lots)[0]
        id_ = self.say("visit", person, visit, fields | {"about": about})
        found = {
            "about": about,
            "visit": cite(id_, "visit", visit),
            "findings": [],
            "text": "All doors were open to us; the dates on the sacks agree with the papers.",
            "photos": self.pen.evidence(2),
        }
        self.say("observation", person, visit, found)

    # Statements about statements.

    def correct(self) -> None:
        """An inspection is corrected by who signed it; nobody cites it afterwards."""
        if len(self.inspections) < 10:
            return
        said = self.inspections.pop(self.rng.randrange(max(0, len(self.inspections) - RECENT), len(self.inspections)))  # fmt: skip
        if said in self.refused:
            self.refused.remove(said)
        fields = {
            "target": cite(said.id, "inspection", said.subject),
            "statement": said.fields | {"km": self.rng.randrange(900)},
            "reason": "The distance was mistyped.",
        }
        self.say("supersede", said.by, said.subject, fields)

    def erase(self) -> None:
        """A complainant's sealed values are destroyed."""
        if not self.complaints:
            return
        said = self.complaints[self.rng.randrange(len(self.complaints))]
        fields = {
            "target": cite(said.id, "feedback", said.subject),
            "subjects": [list(topic) for topic in said.topics],
            "fields": ["phone"],
            "reason": f"Asked for by the person, case {self.pen.next()}.",
        }
        self.say("erasure", self.pen.operator, said.topics[0][1], fields)


def asked_story(share: Share) -> Asked:
    """Tell of a trader at the end of five links, and of a lot with a hundred entries."""
    brand = share.brand(0)  # nobody else deals in it: what is asked about does not change
    seats, lots, papers = len(share.seats), len(share.lots), len(share.papers)
    share.open(brand)
    above: Grant | None = None
    for depth in (3, 2, 1):
        above = share.grant(brand, above, share.pen.enter("trader", "链"), depth=depth)
    trader = share.pen.enter("trader", "末")
    share.licence(trader)
    grant = share.grant(brand, above, trader, depth=0)
    grant.shop_type = "multi-brand"
    share.shop(trader, brand, grant)
    seat = share.seats[-1]
    product, _ = brand.products[0]
    inputs = [share.lot(brand, []) for _ in range(2)]
    lot = share.lot(brand, inputs)
    for _ in range(84):
        share.inspect(lot, seat)
    share.inspections.clear()
    share.refused.clear()
    del share.seats[seats:], share.lots[lots:], share.papers[papers:]
    for _ in range(5):
        share.sample(lot)
    for _ in range(2):
        share.visit(lot)
    return Asked(trader.id, product, lot)


def tell(number: int, brands: int) -> tuple[Share, Everybody, Asked | None]:
    """Begin a share: the same for the same number, whoever tells it."""
    everybody = Everybody()
    share = Share(number, everybody, brands)
    return share, everybody, asked_story(share) if number == 1 else None


def base(shares: int, brands: int) -> tuple[list[bytes], Asked]:
    """Return the statements every share rests on, in order, and what can be asked about."""
    statements: list[bytes] = []
    asked: Asked | None = None
    for number in range(1, shares + 1):
        share, everybody, found = tell(number, brands)
        if not statements:
            statements += everybody.pen.out
        asked = asked or found
        statements += share.pen.out
    assert asked is not None
    return statements, asked


def mix(number: int, brands: int) -> Iterator[bytes]:
    """Yield a share's statements behind the base, without end."""
    share, _, _ = tell(number, brands)
    share.pen.out.clear()
    return share.go_on()
