"""How often one party may say one thing: the last that may be said, and one more."""

from typing import Any

from rules.laboratory_words import AT_HAND, received, report
from rules.scenarios.observers import term
from rules.scenarios.sampling import inbound
from rules.telling import Step, at, key, revocation
from rules.words import becomes, breaks, citing, corrects, grant, keeps, product, says
from tea import GTIN, LOT
from usual import day, who
from world import TRADER

from ledger.rules.often import DELIVERED, DRAWN, FEW, MANY, MORE, SOME

OFTEN = "too-often"
OWN_LOT = GTIN + "/10/OWN"


def times(count: int, step: Any) -> tuple[Step, ...]:
    """Return a batch of so many steps; each is made from its number."""
    return tuple(step(number) for number in range(count))


def granted(n: int) -> Step:
    """The distributor authorises the trader for another channel."""
    return grant("distributor", "trader", "distributor", channels=[f"c{n}.example"], depth=0)


def recalled(n: int, by: str = "agent", lot: str = OWN_LOT) -> Step:
    """A lot is called back, for another reason each time."""
    return says("recall", by=by, subject=lot, called=f"recall {n}", reason=f"reason {n}")


def complained(n: int, **changes: Any) -> Step:
    """A consumer complains."""
    return says("complaint", called=f"complaint {n}", text=f"open again, {n}", **changes)


def visited(n: int, **changes: Any) -> Step:
    """An observer visits."""
    return says("visit", subject=f"urn:visit:v{n}", called=f"visit {n}", **changes)


def observed(n: int) -> Step:
    """An observer tells of its visit."""
    return says("observation", called=f"observation {n}", text=f"row {n} is as declared")


def reported(n: int, **changes: Any) -> Step:
    """The laboratory reports on the sample."""
    return report(called=f"report {n}", number=f"R-{n}", **changes)


def kept(n: int) -> Step:
    """The laboratory takes over once more what it has."""
    before = "received" if n == 0 else f"kept {n - 1}"
    return received(called=f"kept {n}", of=before, handed_by=who("laboratory"), at=day(0))


def stated(n: int) -> Step:
    """The brand says of its lot, again, how much it is."""
    return says("lot", called=f"lot {n}", quantity={"amount": f"{n + 1}", "unit": "kg"})


def placed(n: int) -> Step:
    """The brand says of its garden, again, what is done there."""
    return says("facility", called=f"garden {n}", activities=[f"growing {n}"])


def declared(n: int, by: str = "agent", **changes: Any) -> Step:
    """Somebody declares another product of the brand."""
    body = f"0761234567{n:03d}"
    total = sum(int(digit) * (1, 3)[place % 2 == 0] for place, digit in enumerate(body))
    subject = f"https://id.gs1.org/01/{body}{-total % 10}"
    return product(subject=subject, called=f"tea {n}", by=by, **changes)


def listed(n: int, **changes: Any) -> Step:
    """The trader lists the tea in its shop."""
    places = ["CN-ZJ", "CN-BJ", "CN-SH", "CN-GD", "CN-FJ", "CN-AH", "CN-HB"]
    territories = places[n % 7 :] + places[: n % 7]
    return says("listing", called=f"listing {n}", territories=territories[: 1 + n // 7], **changes)


def restated(n: int) -> Step:
    """The brand says of its tea, again, what it is called."""
    return says("product", called=f"tea {n}", names={"en": f"Green tea {n}"})


def inspected(n: int, **changes: Any) -> Step:
    """An inspector inspects the lot."""
    return says("inspection", called=f"inspection {n}", on=day(-0.5 - n / 1000), **changes)


def drawn(n: int) -> Step:
    """An inspector inspects a lot that nobody registered."""
    return inspected(n, subject=f"{GTIN}/10/D{n}")


def delivered(n: int) -> Step:
    """A warehouse inspects a delivery of the product."""
    return inbound(n)


def audited(n: int) -> Step:
    """An inspector audits the garden."""
    return says("origin-audit", called=f"audit {n}", on=day(-0.5 - n / 1000))


def bagged(n: int, **changes: Any) -> Step:
    """An inspector seals a bag with goods of the lot."""
    return says("sample-sealed", subject=f"urn:sample:b{n}", called=f"bag {n}", **changes)


def corrected(n: int) -> Step:
    """The observer corrects what it told."""
    return corrects("observation", "observer", called=f"correction {n}", text=f"mistyped {n}")


def suspected(n: int) -> Step:
    """A party says of its key that it was in other hands even earlier."""
    return revocation(
        "trader-2", by="trader", issuer=TRADER, of=TRADER, suspected=-60 * n, reason="compromised"
    )


OWN = says("lot", by="agent", subject=OWN_LOT, called="own lot", serial_range=...)
UNDER_AGENT = {"under": citing("agent")}
VISITED = (says("visit"), says("observation"))

SCENARIOS = (
    breaks(OFTEN, "one more grant to one party in a year", times(SOME - 1, granted), granted(SOME)),
    keeps(OFTEN, "the last grant to one party in a year", times(SOME - 2, granted), granted(SOME)),
    breaks(
        OFTEN,
        "a reseller recalls its lot again and again",
        OWN,
        times(FEW, recalled),
        recalled(FEW),
    ),
    keeps(
        OFTEN,
        "the right-holder recalls as often as there is reason to",
        OWN,
        times(FEW, recalled),
        recalled(FEW, by="brand"),
    ),
    breaks(OFTEN, "one consumer's complaints", times(FEW, complained), complained(FEW)),
    keeps(
        OFTEN,
        "another consumer's complaint",
        times(FEW, complained),
        complained(FEW, complainant="urn:pinyuan:person:" + "0d" * 16),
    ),
    keeps(
        OFTEN,
        "a complaint a month later",
        times(FEW, complained),
        at(31 * 24 * 60),
        complained(FEW),
    ),
    breaks(OFTEN, "one observer's visits to a place", times(SOME, visited), visited(SOME)),
    breaks(
        OFTEN,
        "one observer's visits to lots of a product, each another",
        times(SOME, lambda n: visited(n, about=f"{GTIN}/10/V{n}")),
        visited(SOME, about=f"{GTIN}/10/V{SOME}"),
    ),
    keeps(
        OFTEN,
        "another observer's visit",
        times(SOME, visited),
        term(),
        visited(SOME, by="another"),
    ),
    keeps(OFTEN, "a visit to another place", times(SOME, visited), visited(SOME, about=LOT)),
    breaks(
        OFTEN,
        "one observer's words about a place",
        says("visit"),
        times(MORE, observed),
        observed(MORE),
    ),
    breaks(OFTEN, "reports on one sample", AT_HAND, times(SOME, reported), reported(SOME)),
    breaks(OFTEN, "a sample kept on and on", AT_HAND, *times(SOME - 1, kept), kept(SOME - 1)),
    breaks(OFTEN, "a lot stated anew", times(SOME - 1, stated), stated(SOME)),
    breaks(OFTEN, "a place stated anew", times(SOME - 1, placed), placed(SOME)),
    breaks(OFTEN, "a product stated anew", times(SOME - 1, restated), restated(SOME)),
    breaks(
        OFTEN,
        "a reseller's products of the brand",
        times(MANY, lambda n: declared(n, **UNDER_AGENT)),
        declared(MANY, **UNDER_AGENT),
    ),
    keeps(
        OFTEN,
        "the right-holder's products of its brand",
        times(MANY + 1, lambda n: declared(n, by="brand")),
    ),
    breaks(OFTEN, "one product in one shop", times(SOME, listed), listed(SOME)),
    breaks(
        OFTEN,
        "one inspector inspects one lot over and over",
        times(MANY, inspected),
        inspected(MANY),
    ),
    keeps(
        OFTEN,
        "another inspects it, too",
        times(MANY, inspected),
        inspected(MANY, by="second-inspector"),
    ),
    keeps(OFTEN, "the last time within a month", times(MANY - 1, inspected), inspected(MANY)),
    keeps(
        OFTEN,
        "one time more a month later",
        times(MANY, inspected),
        at(31 * 24 * 60),
        inspected(MANY),
    ),
    breaks(
        OFTEN,
        "one inspector inspects lots of one product, each another",
        times(DRAWN, drawn),
        drawn(DRAWN),
    ),
    keeps(
        OFTEN,
        "an authority that inspects itself does so as often as there is reason to",
        becomes("inspector", "inspector", "authority"),
        times(DRAWN, drawn),
        drawn(DRAWN),
    ),
    keeps(
        OFTEN,
        "a warehouse inspects more deliveries of one product than that",
        times(DRAWN, delivered),
        delivered(DRAWN),
    ),
    breaks(
        OFTEN,
        "a warehouse inspects deliveries of one product without end",
        times(DELIVERED, delivered),
        delivered(DELIVERED),
    ),
    breaks(OFTEN, "one inspector's audits of a place", times(MORE, audited), audited(MORE)),
    breaks(OFTEN, "bags drawn from one lot", times(MANY, bagged), bagged(MANY)),
    keeps(
        OFTEN,
        "bags that another inspector draws",
        times(MANY, bagged),
        bagged(MANY, by="second-inspector"),
    ),
    breaks(OFTEN, "one statement corrected", VISITED, times(SOME, corrected), corrected(SOME)),
    breaks(
        OFTEN,
        "a key suspected since ever earlier",
        key("trader-2", by="trader", of=TRADER),
        *times(FEW, suspected),
        suspected(FEW),
    ),
)
