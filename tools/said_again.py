"""What strangers, and those with a right or an office beside, may say again and again.

Each kind says one thing or a few about the tea brand's goods, and is told how often it was said.
"""

from collections.abc import Callable, Iterator
from typing import Any

from properties.course import RIVAL_MARK, RIVALS, SHED, THEIR_SHOP, grant
from properties.strangers import CARRIER, COSELLER, IDLER, RIVAL, THINGS
from properties.words import (
    Move,
    amends,
    at_of,
    binds,
    cites,
    corrects,
    day,
    id_of,
    notes,
    says,
    signed,
    who,
)
from questions.scenes.label import measured
from rules.words import told
from tea import GARDEN, GTIN, LOT, SHOP
from usual import SAMPLE
from world import World

PROVINCES = [
    "BJ",
    "TJ",
    "HE",
    "SX",
    "NM",
    "LN",
    "JL",
    "HL",
    "SH",
    "JS",
    "ZJ",
    "AH",
    "FJ",
    "JX",
    "SD",
    "HA",
    "HB",
    "HN",
    "GD",
    "GX",
    "HI",
    "CQ",
    "SC",
    "GZ",
    "YN",
    "XZ",
    "SN",
    "GS",
    "QH",
    "NX",
    "XJ",
]
Kind = Callable[[int], Iterator[Move]]
"""Says one thing more, or a few; given how often it was said before."""


def gtin(number: int) -> str:
    """Return a GTIN of nobody's prefix."""
    body = f"0{4_006_381_500_00 + number:012d}"
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body))
    return f"https://id.gs1.org/01/{body}{-total % 10}"


# What strangers say.


def software(n: int) -> Iterator[Move]:
    by = (RIVAL, IDLER, COSELLER, CARRIER)[n % 4]
    yield notes(by, THINGS[n % len(THINGS)], f"note {n}")


def own_lot(n: int) -> Iterator[Move]:
    subject = f"{RIVALS}/10/S{n}"
    inputs = [LOT, GTIN + "/10/B1"]
    yield says("lot", by=RIVAL, subject=subject, called="theirs", facility=SHED, inputs=inputs)
    yield says("recall", by=RIVAL, subject=subject, called="their recall")


def own_product(n: int) -> Iterator[Move]:
    said = {"brand": RIVAL_MARK, "under": cites("rival mark")}
    yield says("product", by=RIVAL, subject=gtin(n), called="their product", **said)


def claims(n: int) -> Iterator[Move]:
    said = {"brand": RIVAL_MARK, "under": cites("rival mark")}
    yield says("product", by=RIVAL, subject=GTIN, called="their claim", **said)
    yield says("lot", by=RIVAL, subject=f"{GTIN}/10/X{n}", called="their claim", facility=SHED)
    yield says("facility", by=RIVAL, subject=GARDEN, called="their claim", owner=who(RIVAL))
    yield says("recall", by=RIVAL, subject=LOT, called="their claim")


def own_grants(n: int) -> Iterator[Move]:
    to = ("trader", "brand", "distributor", "agent", COSELLER)[n % 5]
    said = {"brand": RIVAL_MARK, "exclusive": n % 3 == 0, "depth": n % 3}
    yield grant(RIVAL, to, "rival mark", called="their grant", **said)


def own_pledge(_: int) -> Iterator[Move]:
    yield says("alliance-pledge", by=IDLER, subject=who(IDLER), called="their pledge", standards=[])


def own_keys(n: int) -> Iterator[Move]:
    yield binds(CARRIER, f"carrier key {n}")


def own_correction(n: int) -> Iterator[Move]:
    yield again("rival lot", RIVAL, n, quantity={"amount": f"{n + 1}", "unit": "kg"})


def plans(n: int) -> Iterator[Move]:
    cause = ("failure", "complaint", "visit", "report")[n % 4]
    by = (RIVAL, IDLER)[n % 2]
    yield says("improvement-plan", by=by, subject=who(by), called="their plan", cause=cites(cause))


STRANGERS: tuple[Kind, ...] = (
    software, own_lot, own_product, claims, own_grants, own_pledge, own_keys, own_correction, plans,
)  # fmt: skip


# What is said by who has a right or an office beside.


def fellow_lots(n: int) -> Iterator[Move]:
    yield says(
        "lot", by=COSELLER, subject=f"{GTIN}/10/Q{n}", called="theirs", facility=SHED, made=day(-1)
    )


def fellow_recalls(n: int) -> Iterator[Move]:
    if n == 0:
        yield from fellow_lots(n)
    yield says("recall", by=COSELLER, subject=f"{GTIN}/10/Q0", called="their recall", reason=f"{n}")


def fellow_products(n: int) -> Iterator[Move]:
    yield says("product", by=COSELLER, subject=gtin(n), called="theirs", under=cites("coseller"))


def fellow_listings(n: int) -> Iterator[Move]:
    places = [f"CN-{code}" for code in PROVINCES[n % 31 :] + PROVINCES[: n % 31]]
    yield says(
        "listing", by=COSELLER, shop=THEIR_SHOP, called="theirs", territories=places[: 1 + n // 31]
    )


def fellow_grants(n: int) -> Iterator[Move]:
    yield grant(COSELLER, "trader", "coseller", called="theirs", channels=[f"c{n}.example"])


def fellow_exclusives(n: int) -> Iterator[Move]:
    said = {"channels": [f"c{n}.example"], "exclusive": True}
    yield grant(COSELLER, IDLER, "coseller", called="theirs", **said)


def fellow_corrections(n: int) -> Iterator[Move]:
    if n == 0:
        yield says("lot", by=COSELLER, subject=f"{GTIN}/10/Q0", called="theirs", facility=SHED)
    yield again("theirs", COSELLER, n, serial_range={"first": "1", "last": f"{n + 1}"})


def visits(n: int) -> Iterator[Move]:
    about, subject = (GARDEN, LOT)[n % 2], f"urn:visit:more-{n}"
    yield says("visit", subject=subject, called="theirs", about=about)
    yield says("observation", subject=subject, called="words", about=about, visit=cites("theirs"))


def observations(n: int) -> Iterator[Move]:
    yield says("observation", called="words", text=f"and again, {n}")


def reports(n: int) -> Iterator[Move]:
    yield says(
        "test-report",
        called="more",
        number=f"M-{n}",
        custody=id_of("sample received"),
        received=at_of("sample received"),
        standard=cites("standard"),
        results=measured(),
    )


def flights(n: int) -> Iterator[Move]:
    on = day(-0.5 - n / 1e4)
    yield says("inspection", subject=f"{GTIN}/10/F{n // 40}", called="flown", mode="flight", on=on)


def deliveries(n: int) -> Iterator[Move]:
    yield says(
        "inspection", by="warehouse", subject=f"{GTIN}/10/D{n}", called="come in", mode="inbound"
    )


def audits(n: int) -> Iterator[Move]:
    yield says("origin-audit", called="more", on=day(-0.5 - n / 1e4))


def bags(n: int) -> Iterator[Move]:
    yield says("sample-sealed", subject=f"urn:sample:more-{n}", called="more")


def custody(n: int) -> Iterator[Move]:
    before = "sample received" if n == 0 else "kept"
    said = {"previous": id_of(before), "handed_by": who("laboratory"), "at": day(0)}
    yield says("custody", by="laboratory", subject=SAMPLE, called="kept", **said)


def complaints(n: int) -> Iterator[Move]:
    yield says("complaint", called="more", text=f"and again, {n}", shop=SHOP)


def office_keys(n: int) -> Iterator[Move]:
    yield binds("inspector", f"inspector key {n}")


def again(name: str, by: str, n: int, **changes: Any) -> Move:
    """Correct the newest version of what was called so."""
    made = corrects(name, by, called="their correction", **changes)
    if n == 0:
        return made

    def write(w: World) -> bytes:
        tale = told(w)
        payload = tale.fields_of("their correction")["statement"] | changes
        return tale.write(
            "supersede",
            subject=tale.said[name][0].subject,
            called="their correction",
            how=signed(by),
            target=cites(name),
            statement={
                key: value(tale) if callable(value) else value for key, value in payload.items()
            },
            reason=f"mistyped {n}",
        )

    return Move("supersede", by, "their correction", "", write)


def corrections(n: int) -> Iterator[Move]:
    yield again("observation", "observer", n, text=f"and again, {n}")


def ended_listings(n: int) -> Iterator[Move]:
    yield from fellow_listings(n)
    yield amends("listing-ended", "theirs", COSELLER)


def own_listings(n: int) -> Iterator[Move]:
    places = [f"CN-{code}" for code in PROVINCES[n % 31 :] + PROVINCES[: n % 31]]
    yield says("listing", called="more", territories=places[: 1 + n // 31])


def made_of(inputs: int) -> Kind:
    """Return a kind that says so many lots, what is made of a hundred each, and one made of these."""

    def made_of_many(n: int) -> Iterator[Move]:
        middle = n - inputs
        subject, of = f"{GTIN}/10/I{n}", list[str]()
        if 0 <= middle < inputs // 100:
            of = [f"{GTIN}/10/I{100 * middle + k}" for k in range(100)]
        elif middle >= 0:
            subject, of = f"{GTIN}/10/BIG", [f"{GTIN}/10/I{inputs + k}" for k in range(middle)]
        yield says("lot", subject=subject, called="more", serial_range=..., inputs=of)

    return made_of_many


BESIDE: tuple[Kind, ...] = (
    fellow_lots, fellow_recalls, fellow_products, fellow_listings, ended_listings, fellow_grants,
    fellow_exclusives, fellow_corrections, visits, observations, reports, custody, complaints,
    office_keys, corrections, own_listings, flights, deliveries, audits, bags,
)  # fmt: skip


def nothing_of_this(n: int) -> Iterator[Move]:
    yield notes(IDLER, f"urn:example:{n}", f"note {n}")
