"""What people without right or office may try about the tea brand's things.

Strangers are another brand with a mark, a product and a place of its own; a trader without a
grant; a carrier nobody gave anything to; a laboratory without a sample; an observer whom nobody
invites; and a reseller beside the trader, under the same brand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from properties.course import (
    EVENTS,
    FIELD,
    HIDDEN,
    LEAVES,
    LOTS_OF_TEA,
    PALLET,
    RIVAL_MARK,
    RIVALS,
    SHED,
    SPRING,
    THEIR_SHOP,
    WHITE,
    Act,
    grant,
    happened,
)
from properties.friends import FRIENDS
from properties.telling import Tale, read
from properties.words import (
    Later,
    Move,
    amends,
    binds,
    cites,
    corrects,
    day,
    enters,
    erases,
    id_of,
    loses,
    notes,
    resets,
    revokes,
    says,
    signs,
    takes_back,
    who,
)
from rules.words import REPEATED
from sampled import DRAW, PROGRAMME
from tea import EVER, GARDEN, GTIN, LOT, MARK, SHOP, TEA
from usual import SAMPLE, STANDARD, USUAL, finding
from world import ORIGIN

RIVAL, IDLER, COSELLER, CARRIER = "rival", "idler", "coseller", "second-carrier"
LABORATORY, OBSERVER = "idle-laboratory", "bystander"
STRANGERS = (RIVAL, IDLER, COSELLER, CARRIER, LABORATORY, OBSERVER)
LOTS = (LOT, GTIN + "/10/B1", GTIN + "/10/F1", HIDDEN, GTIN + "/10/ZZ", GTIN + "/10/FAKE1")
THINGS = (GTIN, WHITE, *LOTS, GARDEN, FIELD, SHOP, SAMPLE, STANDARD, who("trader"), who("brand"))


def _anybody(t: Tale) -> str:
    """Return a stranger; those who may say something at all come up more often."""
    return t.rng.choice((RIVAL, RIVAL, RIVAL, COSELLER, COSELLER, COSELLER, *STRANGERS))


def products(t: Tale) -> Iterator[Move]:
    """A product of the brand's is claimed: under another mark, or the brand's own."""
    by, brand, under = t.rng.choice(
        (
            (RIVAL, RIVAL_MARK, "rival mark"),
            (RIVAL, RIVAL_MARK, "rival mark"),
            (RIVAL, MARK, "mark"),
            (COSELLER, MARK, "coseller"),
            (IDLER, MARK, "trader"),
        )
    )
    yield says(
        "product",
        by=by,
        subject=t.rng.choice((GTIN, GTIN, WHITE)),
        called=t.name("claim"),
        brand=brand,
        under=cites(under),
        category=t.rng.choice((TEA, "food/tea")),
    )


def lots(t: Tale) -> Iterator[Move]:
    """A lot of the brand's is stated, or one nobody knows, made wherever."""
    by, subject = _anybody(t), t.rng.choice(LOTS)
    yield says(
        "lot",
        by=by,
        subject=subject,
        called=t.name("claim"),
        facility=t.rng.choice((GARDEN, SHED, FIELD)),
        made=day(-t.rng.choice((1, 30))),
        inputs=t.rng.choice((..., [LOT], [RIVALS + "/10/R1"])),
        serial_range=t.rng.choice((..., {"first": "001", "last": "480"})),
        quantity=t.rng.choice(({"amount": "1", "unit": "kg"}, {"amount": "120.5", "unit": "kg"})),
    )
    if t.rng.random() < 0.4:
        yield says("recall", by=by, subject=subject, called=t.name("their recall"))


def ahead(t: Tale) -> Iterator[Move]:
    """The number of a lot that the brand states is stated by somebody else, and called back."""
    said = (
        read(item.raw)[0].subject
        for item in t.said
        if item.move.type_ == "lot" and item.move.by == "brand"
    )
    later = [lot for lot in said if lot.startswith(GTIN) and lot != LOT] or [GTIN + "/10/B1"]
    by, subject = t.rng.choice((COSELLER, COSELLER, COSELLER, RIVAL)), t.rng.choice(later)
    made = day(-t.rng.choice((1, 1, 30)))
    yield says("lot", by=by, subject=subject, called=t.name("claim"), made=made, serial_range=...)
    yield says("recall", by=by, subject=subject, called=t.name("their recall"))


def own_lot(t: Tale) -> Iterator[Move]:
    """A lot of the stranger's own product is made from the brand's."""
    subject = f"{RIVALS}/10/{t.name('O').replace(' ', '')}"
    yield says(
        "lot", by=RIVAL, subject=subject, called=t.name("claim"), facility=SHED, inputs=[LOT]
    )
    yield says("recall", by=RIVAL, subject=subject, called=t.name("their recall"))


def recalls(t: Tale) -> Iterator[Move]:
    """A lot is recalled."""
    yield says(
        "recall",
        by=_anybody(t),
        subject=t.rng.choice((*LOTS, GTIN)),
        called=t.name("their recall"),
        other_lots=t.rng.choice((..., [LOT])),
    )


def goods_recalled(t: Tale) -> Iterator[Move]:
    """What was made of the product is recalled, by when or where."""
    where = t.rng.choice(({}, {"made_from": day(-3)}, {"facility": GARDEN}))
    yield says("product-recall", by=_anybody(t), called=t.name("their recall"), **where)


def goods_moved(t: Tale) -> Iterator[Move]:
    """Somebody says that the brand's goods went to it, from it, or into nothing."""
    to = who(t.rng.choice((RIVAL, IDLER, COSELLER, "trader", "brand")))
    how = t.rng.choice(
        (
            {"to": to},
            {"to": to},
            {"kind": "destroy", "to": ..., "reason": "burnt"},
            {"kind": "repack", "to": ..., "made": [{"lot": t.rng.choice(LOTS)}]},
        )
    )
    lot, called = t.rng.choice((LOT, LOT, *LOTS)), t.name("their movement")
    yield says("movement", by=_anybody(t), subject=lot, called=called, place=..., **how)
    sent = t.one("movement")
    if sent in t.told.said:
        about = {"subject": t.told.said[sent][0].subject, "called": t.name("their receipt")}
        receipt = {
            "kind": "receive",
            "shipment": cites(sent),
            "to": ...,
            "place": ...,
            "at": day(0),
        }
        yield says("movement", by=_anybody(t), **about, **receipt)


def pallets(t: Tale) -> Iterator[Move]:
    """Somebody packs goods of its own into what may be the brand's pallet, or sends that on."""
    lot = f"{RIVALS}/10/{t.name('P').replace(' ', '')}"
    yield says("lot", by=RIVAL, subject=lot, called=t.name("claim"), facility=SHED)
    how = {"subject": lot, "place": ..., "at": day(0)}
    into = {"kind": "pack", "unit": PALLET, "to": ..., "delivery": ...}
    yield says("movement", by=RIVAL, called=t.name("their pallet"), **how | into)
    sent = {"units": [PALLET], "to": who(IDLER)}
    yield says("movement", by=RIVAL, called=t.name("their movement"), **how | sent)


def places(t: Tale) -> Iterator[Move]:
    """A place is stated as somebody's: an inspector's, the trader's."""
    owner = t.rng.choice((RIVAL, "inspector", "second-inspector", "trader", "brand", "observer"))
    yield says(
        "facility",
        by=_anybody(t),
        subject=t.rng.choice((GARDEN, FIELD, FIELD, SHED)),
        called=t.name("claim"),
        owner=who(owner),
    )


def grants(t: Tale) -> Iterator[Move]:
    """Somebody is authorised: by who has a mark of its own, or under the brand's."""
    by = _anybody(t)
    under, brand = t.rng.choice((("rival mark", RIVAL_MARK), ("mark", MARK), ("coseller", MARK)))
    to = t.rng.choice(("trader", IDLER, "distributor", COSELLER, RIVAL, "agent"))
    yield grant(
        by,
        to,
        under,
        brand=brand,
        called=t.name("their grant"),
        exclusive=t.rng.random() < 0.3,
        depth=t.rng.choice((0, 2)),
    )


def revocations(t: Tale) -> Iterator[Move]:
    """A grant is revoked."""
    yield revokes(t.one("authorisation"), _anybody(t), called=t.name("their end"))


def listings(t: Tale) -> Iterator[Move]:
    """The product is listed in somebody's shop, or a listing is ended."""
    by = _anybody(t)
    if t.rng.random() < 0.3:
        yield amends("listing-ended", t.one("listing"), by, called=t.name("their end"))
    shop = t.rng.choice((SHOP, THEIR_SHOP))
    yield says("listing", by=by, subject=GTIN, called=t.name("their listing"), shop=shop)


def custody(t: Tale) -> Iterator[Move]:
    """A sample is said to have come to somebody."""
    previous = t.one("custody", "sample-sealed")
    if previous not in t.told.said:
        return
    statement, body = t.told.said[previous]
    holder = getattr(body, "handed_by", None) and statement.issuer
    yield says(
        "custody",
        by=t.rng.choice((CARRIER, COSELLER, RIVAL)),
        subject=statement.subject,
        called=t.name("their custody"),
        lot=str(body.lot),
        previous=id_of(previous),
        handed_by=holder or statement.issuer,
    )


def objections(t: Tale) -> Iterator[Move]:
    """Somebody objects to a report."""
    name = t.one("test-report")
    if name not in t.told.said:
        return
    statement, body = t.told.said[name]
    months = [s for topic, s in t.told.subjects_of(name) if topic == "reports"]
    yield says(
        "objection",
        by=_anybody(t),
        subject=statement.subject,
        called=t.name("their objection"),
        target=cites(name),
        lot=str(body.lot),
        laboratory=statement.issuer,
        month=months[0].rpartition("\n")[2],
    )


def foul(t: Tale) -> Iterator[Move]:
    """What an office looked at is said to be made where an inspector finds something critical."""
    examined = t.one("inspection", "test-report")
    if examined in t.told.said:
        statement, body = t.told.said[examined]
        yield says(
            "origin-audit",
            subject=SHED,
            called=t.name("their trouble"),
            findings=[finding("critical")],
        )
        lot = str(getattr(body, "lot", statement.subject))
        how = {"called": t.name("claim"), "facility": SHED, "serial_range": ...}
        stated = says("lot", by=COSELLER, subject=lot, **how)
        yield replace(stated, words=f"{stated.words}, after <{examined}>")


def rejected(t: Tale) -> Iterator[Move]:
    """A lot is said to be made of the brand's next one, and an office rejects who says so."""
    used = t.rng.choice(
        ((LEAVES, LOTS_OF_TEA[1]), (LEAVES, LOTS_OF_TEA[2]), (SPRING, LOTS_OF_TEA[1]))
    )
    subject, of = t.rng.choice((used, used[::-1]))
    claim, made = t.name("claim"), {"serial_range": ..., "made": day(-1)}
    yield says("lot", by=COSELLER, subject=subject, called=claim, inputs=[of], **made)
    how = {"upheld": ..., "rejected": [cites(claim)]}
    called = t.name("their decision")
    yield says("claim-decided", by="registrar", subject=subject, called=called, **how)


def in_their_shop(t: Tale) -> Iterator[Move]:
    """A fellow reseller lists the tea in its own shop."""
    how = {"shop": THEIR_SHOP, "called": t.name("their listing")}
    yield says("listing", by=COSELLER, subject=GTIN, **how)


CAUSES = ("inspection", "origin-audit", "test-report", "recall", "observation", "complaint")


def improvements(t: Tale) -> Iterator[Move]:
    """Somebody plans to mend what was found at another's."""
    by, cause, plan = _anybody(t), t.one(*CAUSES, "sanction"), t.name("their plan")
    subject = who(t.rng.choice((by, by, "trader")))
    yield says("improvement-plan", by=by, subject=subject, called=plan, cause=cites(cause))
    done = {"cause": cites(cause), "target": cites(plan)}
    yield says("improvement-step", by=by, subject=subject, called=t.name("their step"), **done)
    theirs = t.one("improvement-plan")
    if theirs in t.told.said:
        yield says(
            "improvement-step",
            by=by,
            subject=t.told.said[theirs][0].subject,
            called=t.name("their step"),
            target=cites(theirs),
            cause=Later(f"cause of <{theirs}>", lambda tale: tale.fields_of(theirs)["cause"]),
        )


def amendments(t: Tale) -> Iterator[Move]:
    """Somebody ends, answers, corrects or erases what others said."""
    by = _anybody(t)
    type_ = t.rng.choice([name for name in REPEATED if not name.startswith("improvement")])
    target = t.one(*{item.move.type_ for item in t.said})
    yield amends(type_, target, by, called=t.name("their end"))
    yield corrects(target, by, called=t.name("their correction"))
    yield takes_back(target, by, called=t.name("their end"))
    yield erases(target, by)


def software(t: Tale) -> Iterator[Move]:
    """Somebody's software says things about the brand's things."""
    for _ in range(t.rng.choice((1, 5))):
        yield notes(_anybody(t), t.rng.choice(THINGS), t.name("note"))


def anything(t: Tale) -> Iterator[Move]:
    """Any type at all, in its usual words, about any of the things."""
    type_ = t.rng.choice(sorted(USUAL))
    fields: dict[str, Any] = {}
    if t.rng.random() < 0.5:
        fields["subject"] = t.rng.choice(THINGS)
    yield says(type_, by=_anybody(t), called=t.name("their word"), **fields)


def identities(t: Tale) -> Iterator[Move]:
    """Somebody ends, resets or repeats another's key or entry, or brings in a key of its own."""
    by, other = _anybody(t), t.rng.choice(("trader", "brand", "inspector", "laboratory"))
    yield loses(other, by)
    yield resets(other, t.name(f"{other} key"), by=by)
    yield enters(other, by=by)
    yield binds(by, t.name(f"{by} key"))
    yield signs("log-end", by, ORIGIN, {"reason": "moved", "successor": None}, "moved")


def many(t: Tale) -> Iterator[Move]:
    """One says the same kind of thing over and over."""
    kind = t.rng.choice(
        (lots, own_lot, recalls, places, grants, listings, objections, pledges, software)
    )
    for _ in range(6):
        yield from kind(t)


def found(t: Tale) -> Iterator[Move]:
    """A laboratory reports on a sample that nobody gave it, an observer on what it was not sent to see."""
    number = t.rng.choice(("R-1", "R-2", t.name("R").replace(" ", "-")))
    about = t.rng.choice((GARDEN, FIELD, LOT, HIDDEN, *t.subjects("lot")))
    name = t.name("their visit")
    subject = f"urn:visit:{name.replace(' ', '-')}"
    yield says("test-report", by=LABORATORY, called=t.name("their report"), number=number)
    yield says("visit", by=OBSERVER, subject=subject, called=name, about=about, invitation=...)
    yield says(
        "observation",
        by=OBSERVER,
        subject=subject,
        called=t.name("their observation"),
        about=about,
        visit=cites(name),
        findings=[finding("critical")],
    )


def failing(t: Tale) -> Iterator[Move]:
    """Somebody plays inspector, observer or laboratory without being one."""
    by = _anybody(t)
    bad = {"nonconforming": 9, "decision": "refused", "findings": [finding("critical")]}
    yield says("inspection", by=by, called=t.name("their word"), mode="patrol", **bad)
    yield says("origin-audit", by=by, called=t.name("their word"), findings=[finding("critical")])
    yield says("visit", by=by, subject="urn:visit:theirs", called=t.name("their visit"))


def events(t: Tale) -> Iterator[Move]:
    """Somebody says what happened to the brand's lots, under an id of its own or of somebody's event."""
    lot = t.rng.choice((*LOTS, GTIN, WHITE))
    yield happened(t, _anybody(t), lot, t.rng.choice((*EVENTS, t.name("urn:x:theirs"))))


def pledges(t: Tale) -> Iterator[Move]:
    """Somebody promises."""
    by = _anybody(t)
    yield says("alliance-pledge", by=by, subject=who(by), called=t.name("their pledge"), **EVER)


def sampling(t: Tale) -> Iterator[Move]:
    """Somebody plays the operator who draws what is sampled."""
    by = _anybody(t)
    there = {"id": "0" * 64, "topic": "programme", "subject": PROGRAMME}
    drawn = {"programme": there, "size": 1, "candidates": 1, "root": "0" * 64, "round": 99_999_999}
    result = {
        "draw": {"id": "0" * 64, "topic": "draw", "subject": DRAW},
        "signature": "00" * 48,
        "proof": "00" * 80,
        "picks": [{"role": "inspector", "drawn": [], "spares": []}],
        "substitutions": [],
        "sealings": [],
    }
    yield says("roster", by=by, called=t.name("their roster"))
    yield says("draw-key", by=by, subject=who(by), called=t.name("their draw-key"))
    yield says("sampling-programme", by=by, called=t.name("their programme"))
    yield says("draw", by=by, called=t.name("their draw"), deadline=day(1), **drawn)
    yield says("draw-sealed", by=by, called=t.name("their sealing"))
    yield says("draw-result", by=by, called=t.name("their result"), **result)


TRIES: Mapping[Act, int] = {
    products: 5,
    lots: 6,
    own_lot: 2,
    ahead: 6,
    foul: 1,
    rejected: 2,
    in_their_shop: 1,
    recalls: 4,
    goods_recalled: 3,
    goods_moved: 4,
    pallets: 3,
    events: 3,
    places: 4,
    grants: 4,
    revocations: 2,
    listings: 2,
    custody: 3,
    objections: 2,
    improvements: 3,
    amendments: 4,
    software: 3,
    anything: 6,
    failing: 1,
    found: 2,
    identities: 1,
    many: 1,
    pledges: 1,
    sampling: 1,
    **FRIENDS,
}
"""What strangers try, and how often beside the rest."""


def tries(tale: Tale, count: int, table: Mapping[Act, int] = TRIES) -> list[Move]:
    """Return what strangers try now, as they would say it."""
    chosen = tale.rng.choices(list(table), list(table.values()), k=count)
    return [move for act in chosen for move in act(tale)]
