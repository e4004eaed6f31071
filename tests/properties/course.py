"""What may happen in a random world: by whoever has a right or an office to say it.

An act draws what it needs from the tale's random numbers and says one thing or a few; what the
rules refuse of it is not in the world.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from properties.telling import Tale
from properties.words import (
    Later,
    Move,
    amends,
    at_of,
    binds,
    cites,
    corrects,
    day,
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
from questions.scenes.label import measured
from questions.scenes.pledges import CLEAN, LOTS, MENDING
from rules.laboratory_words import method
from sampled import DRAW, PROGRAMME, view_of
from tea import EVER, GARDEN, GTIN, LOT, MARK, SHOP
from usual import BASELINE, MODEL, SAMPLE, STANDARD, event, finding
from world import ORIGIN

WHITE = "https://id.gs1.org/01/06901234500028"
RIVALS = "https://id.gs1.org/01/04006381333931"
PARENTS = "https://id.gs1.org/01/07612345670126"
RIVAL_MARK, PARENT_MARK = "urn:trademark:cn:99999999:30", "urn:trademark:cn:66666666:30"
FIELD = "https://id.gs1.org/414/6901234500110"
SHED = "https://id.gs1.org/414/4006381330015"
LEASED = "https://id.gs1.org/414/4006381330022"
"""A place of who is no stranger, where the brand may make something."""
LOTS_OF_TEA = (LOT, GTIN + "/10/B1", GTIN + "/10/B2")
HIDDEN = GTIN + "/10/HIDDEN"
LEAVES = GTIN + "/10/F1"
WATER = "https://id.gs1.org/01/06901234500011"
SPRING = WATER + "/10/S1"
"""What the brand's tea may be made of: leaves of its own, and water, of which nobody asks."""
PALLET = "https://id.gs1.org/00/006141411234567890"
THEIR_SHOP = "urn:shop:mall.example:theirs"
SECOND_SHOP = "urn:shop:mall.example:tea-2"
PLANS: dict[str, tuple[int, int]] = {"1.0": (50, 1), "4.0": (50, 5)}
"""Of 480 items at level II: sample size and acceptance number by AQL."""
SIZE = Later("of now", lambda tale: tale.world.size)
Act = Callable[..., Iterator[Move]]


def _mark(holder: str, number: str, by: str, called: str) -> Move:
    return says(
        "qualification",
        by=by,
        subject=who(holder),
        called=called,
        kind="trademark-registered",
        number=number,
        categories=["food/tea"],
    )


def grant(
    by: str, to: str, under: str, *, called: str = "", brand: str = MARK, **axes: Any
) -> Move:
    """One party authorises another under a grant or a trademark."""
    said: dict[str, Any] = {"parent": cites(under), "brand": brand} | axes
    return says("authorisation", by=by, subject=who(to), called=called or f"{by} to {to}", **said)


def estate() -> Iterator[Move]:
    """What other brands and traders have of their own, before anything of the tea brand's."""
    yield _mark("rival", RIVAL_MARK, "registrar", "rival mark")
    yield _mark("parent", PARENT_MARK, "registrar", "parent mark")
    for name, mark, product in (("rival", RIVAL_MARK, RIVALS), ("parent", PARENT_MARK, PARENTS)):
        yield says(
            "product",
            by=name,
            subject=product,
            called=f"{name} product",
            brand=mark,
            under=cites(f"{name} mark"),
        )
    yield says(
        "qualification",
        subject=who("brand"),
        called="prefix",
        kind="gs1-prefix",
        number="urn:qualification:gs1cn.org:690123450",
        prefix="690123450",
        categories=[],
    )
    yield says("facility", by="rival", subject=SHED, called="shed", owner=who("rival"))
    yield says("lot", by="rival", subject=RIVALS + "/10/R1", called="rival lot", facility=SHED)
    yield says("facility", by="parent", subject=LEASED, called="leased", owner=who("parent"))
    yield says("observer-call")
    watching = {"subject": who("bystander")}
    yield says("observer-application", called="its application", **watching)
    yield says("observer", called="its term", application=cites("its application"), **watching)


def beginning() -> Iterator[Move]:
    """The tea brand's usual beginning, as ``Told.begin`` has it, and a grant beside the chain."""
    yield _mark("brand", MARK, "office", "mark")
    yield grant("brand", "agent", "mark", called="agent", depth=3)
    yield grant("agent", "distributor", "agent", called="distributor", depth=2)
    yield grant("distributor", "trader", "distributor", called="trader")
    yield grant("brand", "coseller", "mark", called="coseller", depth=1)
    yield says("product")
    yield says("facility", called="garden")
    yield says("lot")
    yield says("qualification", called="licence")
    yield says("admission")
    yield says("shop")
    yield says(
        "admission", subject=who("coseller"), called="their admission", evidence=[cites("coseller")]
    )
    yield says("shop", subject=THEIR_SHOP, called="their shop", trader=who("coseller"))
    yield says("observer-application", called="application")
    yield says("observer", called="term")


# Acts.


def business(_: Tale) -> Iterator[Move]:
    """The trader has its business licence."""
    yield says(
        "qualification",
        called="business",
        kind="business",
        number="urn:qualification:samr.cn:B-1",
        categories=["food"],
    )


def audit(t: Tale) -> Iterator[Move]:
    """An inspector audits the garden, the field, or what the brand leases."""
    found = t.rng.choice(("minor", "minor", "minor", "major", "critical"))
    place = t.rng.choice((GARDEN, GARDEN, GARDEN, FIELD, LEASED))
    by = t.rng.choice(("inspector", "inspector", "second-inspector"))
    yield says(
        "origin-audit",
        by=by,
        subject=place,
        called=t.name("audit"),
        findings=[finding(found)],
        on=day(-t.rng.choice((1, 1, 3))),
        next_due=day(t.rng.choice((180, 180, 5))),
    )


def clean_audit(t: Tale) -> Iterator[Move]:
    """An inspector audits the garden and finds little."""
    yield says("origin-audit", called=t.name("audit"), findings=[finding("minor")])


def field(t: Tale) -> Iterator[Move]:
    """The brand states a second place, or leases one, and a lot made there."""
    place = t.rng.choice((FIELD, FIELD, LEASED))
    if place == FIELD:
        yield says("facility", subject=FIELD, called="field")
    yield says("lot", subject=GTIN + "/10/F1", called="field lot", facility=place)


def inspection(t: Tale) -> Iterator[Move]:
    """An inspector or the warehouse inspects a lot, in one class or two."""
    mode = t.rng.choice(("mystery", "mystery", "flight", "flight", "patrol", "inbound"))
    inspectors = ("inspector", "inspector", "second-inspector", "tame")
    by = "warehouse" if mode in {"patrol", "inbound"} else t.rng.choice(inspectors)
    lot = t.rng.choice((LOT, LOT, *LOTS_OF_TEA, HIDDEN))
    trader = who(t.rng.choice(("trader", "trader", "trader", "distributor", "coseller")))
    on = day(-t.rng.choice((1, 1, 2)))
    aqls = t.rng.choice((("1.0",), ("1.0",), ("1.0", "4.0")))
    for aql in aqls:
        size, accept = PLANS[aql]
        bad = t.rng.random() < 0.3
        severity = t.rng.choice(("critical", "major", "minor"))
        yield says(
            "inspection",
            by=by,
            subject=lot,
            called=t.name("inspection"),
            mode=mode,
            trader=trader,
            on=on,
            aql=aql,
            sample_size=size,
            accept=accept,
            reject=accept + 1,
            nonconforming=accept + 1 if bad else 0,
            decision="refused" if bad else "accepted",
            findings=[finding(severity)] if bad else ...,
        )


def failure(t: Tale) -> Iterator[Move]:
    """An inspector refuses a lot at the trader."""
    lot = t.rng.choice((LOT, LOT, *LOTS_OF_TEA, HIDDEN))
    yield says(
        "inspection",
        subject=lot,
        called=t.name("failure"),
        mode=t.rng.choice(("flight", "mystery")),
        nonconforming=2,
        decision="refused",
        findings=[finding(t.rng.choice(("critical", "major")))],
    )


def reinspection(t: Tale) -> Iterator[Move]:
    """The lot of a refusal is inspected again, and accepted."""
    failed = t.one("inspection")
    again = {"nonconforming": 0, "decision": "accepted", "findings": ...}

    def fields(name: str) -> Later:
        return Later(f"{name} of <{failed}>", lambda tale: tale.fields_of(failed)[name])

    repeated = ("mode", "trader", "level", "aql", "sample_size", "accept", "reject", "lot_size")
    said = {name: fields(name) for name in repeated} | again
    by = t.rng.choice(("inspector", "second-inspector", "tame", "warehouse"))
    if ANSWERS_CITED and t.rng.random() < 0.7:
        said["answers"] = [cites(failed)]
    subject = next((s.move for s in t.said if s.move.called == failed), None)
    if subject is not None:
        lot = t.told.said[failed][0].subject
        yield says("inspection", by=by, subject=lot, called=t.name("inspection"), **said)


def lot(t: Tale) -> Iterator[Move]:
    """The brand, the trader or a reseller states a lot, made long ago or now, perhaps of another."""
    by = t.rng.choice(("brand", "brand", "trader", "agent"))
    subject = t.rng.choice((*LOTS_OF_TEA[1:], LOTS_OF_TEA[1]))
    known = [one for one in t.subjects("lot") if not one.startswith(RIVALS)]
    inputs = t.rng.choice((..., [LOT], [t.rng.choice(known or [LOT])], [PARENTS + "/10/P1"]))
    how = {"inputs": inputs, "serial_range": ..., "made": day(t.rng.choice((-30, -30, -1, 0)))}
    yield says("lot", by=by, subject=subject, called=t.name("lot"), **how)
    if inputs == [LOT] and t.rng.random() < 0.3:
        yield says("recall", called=t.name("recall"))


def ingredient(t: Tale) -> Iterator[Move]:
    """Somebody makes a lot, of which tea is made; perhaps it calls that back."""
    by = t.rng.choice(("brand", "brand", "agent", "agent", "trader"))
    source = t.rng.choice((SPRING, SPRING, LEAVES))
    if source == SPRING:
        yield says("product", subject=WATER, called="water")
    made = {"serial_range": ..., "made": day(-1)}
    yield says("lot", by=by, subject=source, called=t.name("lot"), **made)
    of_it = {"serial_range": ..., "made": day(-0.5), "inputs": [source]}
    maker, subject = t.rng.choice((by, by, "brand")), t.rng.choice(LOTS_OF_TEA[1:])
    yield says("lot", by=maker, subject=subject, called=t.name("lot"), **of_it)
    if t.rng.random() < 0.2:
        yield says("recall", by=by, subject=source, called=t.name("recall"))


def listing(t: Tale) -> Iterator[Move]:
    """The trader lists the tea."""
    yield says("listing", called=t.name("listing"))


def listing_ended(t: Tale) -> Iterator[Move]:
    """A listing ends."""
    yield amends("listing-ended", t.one("listing"), t.rng.choice(("trader", "operator")))


def shop(t: Tale) -> Iterator[Move]:
    """A second shop opens, or a shop ends."""
    if t.rng.random() < 0.6:
        yield says("shop", subject=SECOND_SHOP, called="second shop")
        yield says("listing", called=t.name("listing"), shop=SECOND_SHOP)
    else:
        yield amends("shop-ended", t.one("shop"), "operator")


def shop_passed_on(_: Tale) -> Iterator[Move]:
    """A fellow reseller's shop ends, and its id is the trader's."""
    yield amends("shop-ended", "their shop", "operator")
    yield says("shop", subject=THEIR_SHOP, called="shop of both")


def mistyped(t: Tale) -> Iterator[Move]:
    """The brand states a lot, and a day later that it was made at another of its places."""
    called, subject = t.name("mistyped"), f"{GTIN}/10/{t.name('M').replace(' ', '')}"
    yield says("facility", subject=FIELD, called="field")
    yield says("lot", subject=subject, called=called, serial_range=..., facility=FIELD)
    t.wait(1)
    yield corrects(called, "brand", called=t.name("correction"), facility=GARDEN)


def admission(t: Tale) -> Iterator[Move]:
    """The platform decides anew about the trader."""
    refused = t.rng.random() < 0.3
    before = [
        cites(name)
        for name in t.named("admission")
        if t.told.fields_of(name)["decision"] == "refused"
    ]
    evidence = [cites("licence"), cites("trader"), *before]
    decision = (
        {"decision": "refused", "reasons": ["papers"]}
        if refused
        else {"evidence": evidence, "reasons": ["all papers are here"]}
    )
    yield says("admission", called=t.name("admission"), **decision)


def standards(_: Tale) -> Iterator[Move]:
    """An authority and the platform set limits for tea."""
    yield says("baseline-standard", subject=BASELINE)
    yield says("standard", subject=STANDARD)


def sampled(t: Tale) -> Iterator[Move]:
    """A laboratory is accredited, and gets a sample."""
    yield from accredited("laboratory", "accreditation")
    lot = t.rng.choice((LOT, LOT, LOT, HIDDEN))
    sample = SAMPLE if "sample" not in t.told.said else f"urn:sample:{t.name('s')}".replace(" ", "")
    name = "sample" if sample == SAMPLE else t.name("sample")
    yield says("sample-sealed", subject=sample, called=name, lot=lot)
    yield says(
        "custody",
        by="laboratory",
        subject=sample,
        called=f"{name} received",
        lot=lot,
        previous=id_of(name),
    )


def accredited(laboratory: str, called: str) -> Iterator[Move]:
    yield says(
        "qualification",
        subject=who(laboratory),
        called=called,
        kind="accreditation",
        number=f"urn:qualification:cnas.org.cn:L{len(laboratory)}",
        categories=...,
        scheme="CNAS",
        methods=[method()],
    )


def report(t: Tale, *, bad: bool | None = None) -> Iterator[Move]:
    """A laboratory reports on a sample by the platform's standard."""
    receipts = [name for name in t.named("custody") if name.endswith("received")]
    if not receipts:
        return
    received = t.rng.choice(receipts)
    bad = t.rng.random() < 0.35 if bad is None else bad
    changed = t.rng.choice(
        ({"lead": ("2.1", "fail")}, {"water": ("9.1", "fail")}, {"polyphenols": ("12.0", "fail")})
    )
    statement, body = t.told.said[received]
    yield says(
        "test-report",
        subject=statement.subject,
        called=t.name("report"),
        lot=str(body.lot),
        number=t.name("R").replace(" ", "-"),
        custody=id_of(received),
        received=at_of(received),
        standard=cites("standard"),
        results=measured(**(changed if bad else {})),
    )


def label(t: Tale) -> Iterator[Move]:
    """The platform labels the tea."""
    yield says("label", called=t.name("label"), evidence=[cites(t.one("test-report"))])


def ready(t: Tale) -> Iterator[Move]:
    """All that a label asks for is there, and the label is given."""
    yield says("quality-model")
    yield from business(t)
    yield from clean_audit(t)
    yield says("inspection", called=t.name("inspection"))
    yield says("listing", called=t.name("listing"))
    yield from standards(t)
    yield from sampled(t)
    yield from report(t)
    yield from label(t)


def model(_: Tale) -> Iterator[Move]:
    """The platform says how it weighs."""
    yield says("quality-model")


def index(t: Tale) -> Iterator[Move]:
    """The platform states the index that its model makes now."""
    found = t.paper.fold("index", {"subject": GTIN, "model": MODEL})[0]
    said = {name: found[name] for name in ("outcomes", "inputs", "score", "grade") if name in found}
    if len(said) == 4:
        yield says("quality-index", called=t.name("index"), size=SIZE, **said)


def failed_report(t: Tale) -> Iterator[Move]:
    """A new sample fails at the laboratory; who made the lot objects, and it is tested again."""
    yield from standards(t)
    yield from sampled(t)
    yield from report(t, bad=True)
    yield from objection(t, t.named("test-report")[-1:])


def objection(t: Tale, among: Sequence[str] = ()) -> Iterator[Move]:
    """Somebody objects to a report, a second laboratory tests again, the objection is closed."""
    name = t.rng.choice(among) if among else t.one("test-report")
    if name not in t.told.said:
        return
    statement, body = t.told.said[name]
    of_report = {"lot": str(body.lot), "laboratory": who("laboratory")}
    month = Later(f"month of <{name}>", lambda tale: _month(tale, name))
    objected, retest = t.name("objection"), t.name("retest")
    yield says(
        "objection",
        by=t.rng.choice(("brand", "trader")),
        subject=statement.subject,
        called=objected,
        target=cites(name),
        month=month,
        **of_report,
    )
    if t.rng.random() < 0.3:
        return
    yield from accredited("second-laboratory", "second accreditation")
    sample = f"urn:sample:{retest.replace(' ', '-')}"
    yield says("sample-sealed", subject=sample, called=f"{retest} sample", lot=str(body.lot))
    yield says(
        "custody",
        by="second-laboratory",
        subject=sample,
        called=f"{retest} taken",
        lot=str(body.lot),
        previous=id_of(f"{retest} sample"),
    )
    bad = t.rng.random() < 0.5
    yield says(
        "retest-report",
        subject=statement.subject,
        called=retest,
        target=cites(name),
        month=month,
        number=retest.replace(" ", "-"),
        sample=sample,
        custody=id_of(f"{retest} taken"),
        received=at_of(f"{retest} taken"),
        standard=cites("standard"),
        results=measured(**({"lead": ("2.1", "fail")} if bad else {})),
        accreditations=[cites("second accreditation")],
        **of_report,
    )
    yield says(
        "objection-closed",
        subject=statement.subject,
        target=cites(objected),
        report=id_of(name),
        outcome="confirmed" if bad else "overturned",
        retest=cites(retest),
        month=month,
        **of_report,
    )


def _month(tale: Any, name: str) -> str:
    months = [subject for topic, subject in tale.subjects_of(name) if topic == "reports"]
    return months[0].rpartition("\n")[2]


def visit(t: Tale) -> Iterator[Move]:
    """The observer is invited, visits and tells what it found."""
    about = t.rng.choice((GARDEN, GARDEN, LOT, HIDDEN))
    name = t.name("visit")
    subject = f"urn:visit:{name.replace(' ', '-')}"
    chance, seen = t.rng.random(), {}
    if chance < 0.2:
        points = t.name("points")
        yield says(
            "checklist",
            called=points,
            subject=f"urn:checklist:{name.replace(' ', '-')}",
            kinds=["facility", "lot"],
        )
        yield says("invitation", called=t.name("invitation"), to=about, checklist=cites(points))
        seen = {"seen": [{"point": one, "unseen": "shut"} for one in ("open", "heat", "gate")]}
    elif chance < 0.6:
        yield says("invitation", called=t.name("invitation"), to=about, publish_by=day(1))
    yield says("visit", subject=subject, called=name, about=about)
    found = t.rng.choice(([], [], [finding("minor")], [finding("major")], [finding("critical")]))
    yield says(
        "observation",
        subject=subject,
        called=t.name("observation"),
        about=about,
        visit=cites(name),
        findings=found,
        **seen,
    )


def members(t: Tale) -> Iterator[Move]:
    """The operator calls for observers; somebody applies, and is appointed or declined, and may leave again."""
    call, applied, term = t.name("call"), t.name("applied"), t.name("further term")
    kind = t.rng.choice(("consumer", "media"))
    someone = {"subject": who(t.rng.choice(("observer", "bystander")))}
    yield says("observer-call", called=call, seats=[{"kind": kind, "count": 1}])
    tie = [{"to": who(t.rng.choice(("rival", "brand"))), "text": "a cousin works there"}]
    ties = t.rng.choice(([], [], tie))
    yield says(
        "observer-application", called=applied, call=cites(call), kind=kind, ties=ties, **someone
    )
    if t.rng.random() < 0.4:
        yield says(
            "observer-declined", called=t.name("declined"), application=cites(applied), **someone
        )
        return
    yield says("observer", called=term, application=cites(applied), kind=kind, **someone)
    if t.rng.random() < 0.5:
        how = {"operator": who("operator"), "reason": "moved abroad", "from": day(0.01)}
        yield says("observer-ended", called=t.name("ended"), target=cites(term), **someone, **how)


def recall(t: Tale) -> Iterator[Move]:
    """Who made a lot, or the platform, recalls it."""
    by = t.rng.choice(("brand", "brand", "operator", "trader"))
    lot = t.rng.choice((*LOTS_OF_TEA, HIDDEN))
    others = t.rng.choice((..., [LOTS_OF_TEA[2]]))
    yield says("recall", by=by, subject=lot, called=t.name("recall"), other_lots=others)


def movement(t: Tale) -> Iterator[Move]:
    """Goods of the brand go to the trader, who may have them, send them on or back, or take that back."""
    lot, sent = t.rng.choice((LOT, LOT, *t.subjects("lot"))), t.name("shipment")
    maker = t.rng.choice(("brand", "brand", "brand", "agent"))
    how = {"subject": lot, "place": ..., "at": day(-0.5)}
    much = t.rng.choice((..., {"amount": "5", "unit": "kg"}))
    if t.rng.random() < 0.4:
        into = {"kind": "pack", "unit": PALLET, "to": ..., "delivery": ..., "quantity": much}
        yield says("movement", by=maker, called=t.name("packed"), **how | into)
        how["units"] = [PALLET]
    yield says("movement", by=maker, called=sent, quantity=much, **how)
    how.pop("units", None)
    there = how | {"to": ..., "delivery": ..., "quantity": much, "at": day(-0.4)}
    if t.rng.random() < 0.7:
        receipt = {"kind": "receive", "shipment": cites(sent)}
        yield says("movement", by="trader", called=t.name("receipt"), **there | receipt)
    on = t.rng.choice(
        (
            {"kind": "ship", "to": who("distributor")},
            {"kind": "return", "to": who("brand"), "reason": "wet"},
            {"kind": "destroy", "reason": "burnt"},
            {"kind": "repack", "made": [{"lot": lot}]},
        )
    )
    yield says("movement", by="trader", called=t.name("movement"), **there | on)
    if t.rng.random() < 0.2:
        yield takes_back(sent, maker, called=t.name("taken back"))


def product_recall(t: Tale) -> Iterator[Move]:
    """Who holds the brand, or the platform, calls back what was made in some days, or at a place."""
    days = t.rng.choice(({}, {"made_from": day(-3)}, {"facility": GARDEN}))
    by = t.rng.choice(("brand", "operator", "rival"))
    until = day(-t.rng.choice((0, 2, 200)))
    yield says("product-recall", by=by, called=t.name("product recall"), made_until=until, **days)


EVENTS = ("urn:x:packed", "urn:x:shipped")
"""Ids of events that whoever says one of these lots takes."""


def happening(t: Tale) -> Iterator[Move]:
    """Who made, carries or sells a lot says what happened to it: packed, handed over, on the way, received."""
    by = t.rng.choice(("brand", "brand", "carrier", "trader"))
    yield happened(t, by, t.rng.choice(LOTS_OF_TEA), t.rng.choice((*EVENTS, t.name("urn:x:event"))))


def happened(t: Tale, by: str, lot: str, id_: str) -> Move:
    """Return an event of a lot under an id."""
    pallet = "urn:epc:id:sscc:6901234.0000000333"
    of = [{"epcClass": lot}]
    told: dict[str, Any] = t.rng.choice(
        (
            {"disposition": t.rng.choice(("in_transit", "recalled", "stolen"))},
            {
                "destinationList": [
                    {"type": "owning_party", "destination": who(to)} for to in ("carrier",)
                ]
            },
            {"quantityList": ..., "epcList": [pallet]},
            {
                "type": "AggregationEvent",
                "quantityList": ...,
                "parentID": pallet,
                "childQuantityList": of,
                "action": t.rng.choice(("ADD", "DELETE")),
            },
        )
    )
    days = -t.rng.choice((0, 1, 30))
    fields = {"quantityList": of} | told
    text = Later(f"{days} days: {fields}", event(days, eventID=id_, **fields))
    return says("epcis", by=by, subject=id_, called=t.name("event"), event=text)


TRIGGERS = (
    "inspection",
    "origin-audit",
    "test-report",
    "recall",
    "observation",
    "complaint",
    "sanction",
)


def sanction(t: Tale) -> Iterator[Move]:
    """The platform takes a measure, from an interview to the end of cooperation."""
    grave = [
        name for name in t.named("inspection", "recall") if name.startswith(("fail", "recall"))
    ]
    trigger = t.rng.choice(grave) if grave and t.rng.random() < 0.7 else t.one(*TRIGGERS)
    step = t.rng.choice(
        ("interview", "damages", "delist", "delist", "close-shop", "end-cooperation")
    )
    scope: dict[str, Any] = {}
    if step == "delist":
        scope = t.rng.choice(({}, {"products": [GTIN]}, {"lots": [LOT]}))
    elif step == "close-shop":
        scope = {"shops": [SHOP]}
    elif step == "damages":
        scope = {"damages": {"amount": 20_000, "currency": "CNY"}}
    if step != "interview":
        scope["severity_ground"] = "critical"
    if t.rng.random() < 0.2:
        scope |= {"interim": True}
    yield says(
        "sanction",
        called=t.name("sanction"),
        step=step,
        triggers=[cites(trigger)],
        until=day(t.rng.choice((20, 300))),
        from_=t.rng.choice((EVER["from"], day(0))),
        **scope,
    )


def appeal(t: Tale) -> Iterator[Move]:
    """The trader appeals; perhaps it is decided."""
    target = t.one("sanction")
    yield amends("appeal", target, "trader", called=t.name("appeal"))
    if t.rng.random() < 0.7:
        outcome = t.rng.choice(("upheld", "annulled", "varied"))
        terms = {"terms": {"step": "interview", "until": "2036-01-01T00:00:00Z"}}
        yield amends(
            "appeal-decision",
            target,
            "operator",
            called=t.name("decision"),
            outcome=outcome,
            **(terms if outcome == "varied" else {}),
        )


def disciplined(t: Tale) -> Iterator[Move]:
    """A lot fails gravely, the trader is delisted for it, appeals, and is decided on."""
    failed, measure = t.name("failure"), t.name("sanction")
    yield says(
        "inspection",
        subject=LOT,
        called=failed,
        mode="flight",
        nonconforming=2,
        decision="refused",
        findings=[finding("critical")],
    )
    yield says(
        "sanction",
        called=measure,
        step="delist",
        severity_ground="critical",
        triggers=[cites(failed)],
        until=day(90),
    )
    yield amends("appeal", measure, "trader", called=t.name("appeal"))
    outcome = t.rng.choice(("upheld", "annulled"))
    yield amends("appeal-decision", measure, "operator", called=t.name("decision"), outcome=outcome)


def lifting(t: Tale) -> Iterator[Move]:
    """The platform lifts a measure."""
    yield amends("sanction-lifted", t.one("sanction"), "operator", called=t.name("lifting"))


def feedback(t: Tale) -> Iterator[Move]:
    """The platform says what was sold and what came back, in some time or other."""
    since = -t.rng.choice((31, 61, 91, 121))
    reason = t.rng.choice(("quality", "unwell", "no-reason"))
    yield says(
        "feedback",
        called=t.name("feedback"),
        **{"from": day(since), "until": day(since + t.rng.choice((1, 20, 30)))},
        sold=t.rng.choice((0, 1, 1200)),
        returned=t.rng.choice(([], [{"reason": reason, "count": t.rng.choice((0, 1, 40))}])),
    )


def complaint(t: Tale) -> Iterator[Move]:
    """A consumer complains; the platform advises the trader."""
    yield says(
        "complaint",
        called=t.name("complaint"),
        lot=t.rng.choice((LOT, HIDDEN, ...)),
        shop=t.rng.choice((SHOP, ...)),
    )
    if t.rng.random() < 0.5:
        yield says(
            "advice", called=t.name("advice"), grounds=[cites(t.one("complaint", "inspection"))]
        )


def improvement(t: Tale) -> Iterator[Move]:
    """The trader plans, acts, and is verified."""
    cause, plan = t.one(*TRIGGERS), t.name("plan")
    by = t.rng.choice(("trader", "trader", "brand"))
    said: dict[str, Any] = {"by": by, "subject": who(by)}
    measure = {"property": "nonconforming", "unit": "%", "direction": "at-most"}
    of = {"product": t.rng.choice((GTIN, GTIN, WHITE)), "baseline": "4", "goal": "1"}
    measures = t.rng.choice(([], [measure | of]))
    yield says("improvement-plan", called=plan, cause=cites(cause), measures=measures, **said)
    of_plan = said | {"target": cites(plan), "cause": cites(cause)}
    for action in (1, 2):
        if t.rng.random() < 0.9:
            yield says("improvement-step", called=t.name("step"), action=action, **of_plan)
    if t.rng.random() < 0.8:
        yield says(
            "improvement-verified",
            by=t.rng.choice(("operator", "inspector")),
            subject=who(by),
            called=t.name("verified"),
            target=cites(plan),
            cause=cites(cause),
            outcome=t.rng.choice(("effective", "effective", "ineffective")),
        )


def pledge(t: Tale) -> Iterator[Move]:
    """A member of the alliance promises."""
    by = t.rng.choice(("brand", "trader", "laboratory"))
    yield says(
        "alliance-pledge",
        by=by,
        subject=who(by),
        called=t.name("pledge"),
        standards=[cites("standard")] if "standard" in t.told.said else [],
        conduct=[t.rng.choice((CLEAN, LOTS, MENDING))],
    )


def regrant(t: Tale) -> Iterator[Move]:
    """A grant is revoked, and perhaps given again, perhaps by another."""
    name = t.rng.choice(("agent", "distributor", "trader", "trader", "coseller"))
    by = t.rng.choice(("brand", "agent", "distributor"))
    yield revokes(name, by)
    if t.rng.random() < 0.5:
        giver = t.rng.choice(("distributor", "agent", "brand"))
        under = {"brand": "mark"}.get(giver, giver)
        yield grant(giver, "trader", under, called=t.name("grant"))


def second_grant(t: Tale) -> Iterator[Move]:
    """The trader gets a grant beside the one it has, narrower, later or for long."""
    giver = t.rng.choice(("distributor", "agent", "brand"))
    under = {"brand": "mark"}.get(giver, giver)
    axes = t.rng.choice(
        ({}, {"from_": day(5)}, {"until": day(3)}, {"channels": ["other.example"]}, {"depth": 0})
    )
    to = t.rng.choice(("trader", "trader", "subsidiary", "idler"))
    yield grant(giver, to, under, called=t.name("grant"), **axes)


def paper_ended(t: Tale) -> Iterator[Move]:
    """An office or the operator withdraws a paper; perhaps it is issued again."""
    name = t.one("qualification")
    if name not in t.told.said:
        return
    statement, body = t.told.said[name]
    by = t.rng.choice(("office", "registrar", "operator"))
    yield says(
        "qualification-withdrawal",
        by=by,
        subject=statement.subject,
        called=t.name("withdrawal"),
        target=cites(name),
        number=str(body.number),
        prefix=body.prefix if isinstance(body.prefix, str) else ...,
    )


def affiliation(t: Tale) -> Iterator[Move]:
    """An office says that two belong together."""
    pairs = (
        ("trader", "tame"),
        ("brand", "subsidiary"),
        ("parent", "brand"),
        ("trader", "inspector"),
        ("brand", "second-inspector"),
        ("trader", "warehouse"),
        ("trader", "laboratory"),
        ("brand", "observer"),
    )
    above, holder = t.rng.choice(pairs)
    relation = t.rng.choice(("wholly-owned", "tied"))
    yield says(
        "qualification",
        subject=who(holder),
        called=t.name("affiliation"),
        kind="affiliation",
        number=f"urn:qualification:samr.cn:{holder.upper()}-{above.upper()}",
        categories=[],
        of=who(above),
        relation=relation,
    )


def correction(t: Tale) -> Iterator[Move]:
    """Who said something says it again otherwise."""
    name = t.one(
        "recall",
        "inspection",
        "test-report",
        "origin-audit",
        "observation",
        "lot",
        "product",
        "facility",
    )
    said = next((item for item in t.said if item.move.called == name), None)
    if said is None:
        return
    changes: dict[str, Any] = {
        "recall": t.rng.choice(({"from": "2099-01-01T00:00:00Z"}, {"reason": "another reason"})),
        "inspection": t.rng.choice(
            (
                {"nonconforming": 0, "decision": "accepted", "findings": ...},
                {"nonconforming": 9, "decision": "refused"},
                {"km": 12},
            )
        ),
        "test-report": {"results": measured()},
        "origin-audit": t.rng.choice(({"findings": []}, {"findings": [finding("critical")]})),
        "observation": {"findings": []},
        "lot": {"serial_range": ...},
        "product": {"names": {"zh": "龙井绿茶"}},
        "facility": {"names": {"zh": "茶园"}},
    }[said.move.type_]
    yield corrects(name, said.move.by, called=t.name("correction"), **changes)


def in_error(t: Tale) -> Iterator[Move]:
    """Who spoke of the wrong goods takes it back."""
    name = t.one(
        "recall",
        "inspection",
        "test-report",
        "origin-audit",
        "observation",
        "complaint",
        "feedback",
    )
    said = next((item for item in t.said if item.move.called == name), None)
    if said is not None:
        by = t.rng.choice((said.move.by, said.move.by, "operator"))
        yield takes_back(name, by, called=t.name("in error"))


def decision(t: Tale) -> Iterator[Move]:
    """An office decides who holds a name."""
    name = t.one("product", "lot", "facility")
    if name in t.told.said:
        subject = t.told.said[name][0].subject
        how = t.rng.choice(({"upheld": cites(name), "rejected": []}, {"rejected": [cites(name)]}))
        by = t.rng.choice(("registrar", "operator"))
        yield says("claim-decided", by=by, subject=subject, called=t.name("decision"), **how)


def passed_to_rival(t: Tale) -> Iterator[Move]:
    """The brand has neither mark nor licence any more, and a rival claims its product."""
    for name, number in (("mark", MARK), ("prefix", "urn:qualification:gs1cn.org:690123450")):
        said = {"subject": who("brand"), "target": cites(name), "number": number}
        said |= {"prefix": "690123450"} if name == "prefix" else {}
        yield says("qualification-withdrawal", called=t.name("withdrawal"), **said)
    own = {"brand": RIVAL_MARK, "under": cites("rival mark")}
    yield says("product", by="rival", called=t.name("their claim"), **own)


def dispute(t: Tale) -> Iterator[Move]:
    """While the brand has neither mark nor licence a rival claims its product; then it has one again."""
    yield from passed_to_rival(t)
    yield _mark("brand", MARK, "office", t.name("mark again"))


def erasure(t: Tale) -> Iterator[Move]:
    """What a complaint kept apart is destroyed."""
    yield erases(t.one("complaint"))


def switch(t: Tale) -> Iterator[Move]:
    """The platform switches the severity of inspection."""
    yield says(
        "sampling-switch", called=t.name("switch"), to=t.rng.choice(("reduced", "tightened"))
    )


def keys(t: Tale) -> Iterator[Move]:
    """A party changes its key, loses it, or has it reset."""
    name = t.rng.choice(("trader", "brand", "inspector", "laboratory", "distributor", "agent"))
    match t.rng.choice(("binds", "loses", "resets", "suspected")):
        case "binds":
            yield binds(name, t.name(f"{name} key"))
        case "loses":
            yield loses(name, "operator")
        case "suspected":
            yield loses(name, "operator", suspected_days=t.rng.choice((0.2, 1, 5)))
        case _:
            yield loses(name, "operator")
            yield resets(name, t.name(f"{name} key"))


def own_key(t: Tale) -> Iterator[Move]:
    """A maker binds a second key, something happens, and it revokes its first as stolen before that."""
    name = t.rng.choice(("brand", "trader", "agent", "inspector", "laboratory"))
    yield binds(name, t.name(f"{name} key"))
    t.wait(1)
    yield from t.rng.choice((lot, field, recall, audit, failure, regrant, shop))(t)
    yield loses(name, name, key=name, suspected_days=0.9)


def roles(t: Tale) -> Iterator[Move]:
    """The operator takes an authority's role away, or gives it to somebody else."""
    name, role = t.rng.choice(
        (
            ("office", "inspector"),
            ("registrar", "brand"),
            ("idler", "authority"),
            ("tame", "authority"),
        )
    )
    id_ = who(name)
    fields = {"names": {"en": name}, "country": "DE", "keys": [], "roles": [role]}
    yield signs("party-update", "operator", id_, fields, f"{name} as {role}")
    if t.rng.random() < 0.5:
        yield from decision(t)


def inspections(t: Tale) -> Iterator[Move]:
    """One inspector inspects a lot at the trader over and over; it fails once, or never."""
    by = t.rng.choice(("inspector", "tame", "second-inspector", "warehouse"))
    mode = "patrol" if by == "warehouse" else t.rng.choice(("mystery", "flight"))
    bad, lot = t.rng.choice((None, 2)), t.rng.choice((LOT, *LOTS_OF_TEA, HIDDEN))
    failed = {"nonconforming": 2, "decision": "refused", "findings": [finding("critical")]}
    for number in range(6):
        fields = failed if number == bad else {}
        called, on = t.name("inspection"), day(-0.01)
        yield says("inspection", by=by, subject=lot, called=called, mode=mode, on=on, **fields)


def update(t: Tale) -> Iterator[Move]:
    """The operator repeats a party with further names."""
    name = t.rng.choice(("trader", "brand", "inspector"))
    id_ = who(name)
    fields = {"names": {"en": f"{name} & sons"}, "country": "DE", "keys": []}
    roles = {"trader": "trader", "brand": "brand", "inspector": "inspector"}[name]
    yield signs("party-update", "operator", id_, fields | {"roles": [roles]}, f"{name} & sons")


def generic(t: Tale) -> Iterator[Move]:
    """Somebody's own software says something."""
    yield notes(t.rng.choice(("brand", "trader")), LOT, t.name("reading"))


def series(t: Tale) -> Iterator[Move]:
    """The warehouse inspects ten lots one behind the other, and the platform switches."""
    lots = (f"{GTIN}/10/{t.name('S').replace(' ', '')}" for _ in range(10))
    for subject in lots:
        bad = t.rng.random() < 0.03
        yield says(
            "inspection",
            by="warehouse",
            mode="inbound",
            subject=subject,
            called=t.name("inbound"),
            lot_size=2000,
            sample_size=125,
            accept=3,
            reject=4,
            nonconforming=4 if bad else 0,
            decision="refused" if bad else "accepted",
        )
    yield says("sampling-switch", called=t.name("switch"), to="reduced")


def label_ended(t: Tale) -> Iterator[Move]:
    """The platform takes the label back."""
    yield amends("label-withdrawn", t.one("label"), "operator", called=t.name("end of label"))


def newcomer(t: Tale) -> Iterator[Move]:
    """Another party enters."""
    name = t.name("newcomer").replace(" ", "-")
    id_ = f"did:web:{name}.example"
    yield signs(
        "party",
        "operator",
        id_,
        lambda w: w.party_fields(name, id_, roles=["trader"]),
        name,
        called=name,
    )


def drawn(t: Tale) -> Iterator[Move]:
    """The operator draws what is sampled unannounced, once in a world, and reveals it."""
    for said in ("draw-key", "roster", "sampling-programme"):
        yield says(said)
    if view_of(t.told)[0].history("draw", DRAW).count or not _stands(t, "programme", PROGRAMME):
        return
    yield says("draw")
    if not _stands(t, "draw", DRAW):
        return
    yield says("draw-sealed")
    yield says("draw-result")


def _stands(t: Tale, topic: str, subject: str) -> bool:
    return view_of(t.told)[0].history(topic, subject).count > 0


def time_passes(t: Tale) -> Iterator[Move]:
    """Days or weeks pass."""
    t.wait(t.rng.choice((1, 2, 10, 40)))
    return
    yield


def log_end(_: Tale) -> Iterator[Move]:
    """The log ends."""
    yield signs("log-end", "operator", ORIGIN, {"reason": "moved", "successor": None}, "moved")


ACTS: dict[Act, int] = {
    inspection: 8,
    failure: 3,
    reinspection: 4,
    audit: 4,
    clean_audit: 1,
    field: 2,
    lot: 4,
    ingredient: 5,
    listing: 3,
    listing_ended: 1,
    shop: 1,
    shop_passed_on: 1,
    mistyped: 1,
    admission: 1,
    standards: 2,
    sampled: 2,
    report: 4,
    label: 3,
    model: 1,
    index: 1,
    business: 2,
    objection: 2,
    failed_report: 2,
    visit: 4,
    members: 1,
    recall: 3,
    product_recall: 1,
    movement: 3,
    happening: 2,
    sanction: 5,
    appeal: 2,
    disciplined: 1,
    lifting: 2,
    complaint: 2,
    feedback: 2,
    improvement: 4,
    pledge: 2,
    regrant: 2,
    second_grant: 2,
    paper_ended: 2,
    affiliation: 3,
    correction: 4,
    in_error: 2,
    decision: 1,
    dispute: 1,
    erasure: 1,
    switch: 1,
    keys: 2,
    own_key: 3,
    roles: 1,
    inspections: 1,
    update: 1,
    generic: 1,
    label_ended: 1,
    newcomer: 1,
    series: 1,
    drawn: 1,
    time_passes: 3,
}
"""What may happen, and how often beside the rest."""


def _cited() -> bool:
    from ledger.statements.inspection_family import Inspection

    return "answers" in Inspection.__struct_fields__


ANSWERS_CITED = _cited()


def play(tale: Tale, act: Act) -> None:
    """Let one thing happen."""
    for move in act(tale):
        tale.tell(move)


def opened(tale: Tale) -> None:
    """Tell what others have, and the usual beginning."""
    for move in (*estate(), *beginning()):
        tale.tell(move)


def enabled(rng: Random, table: Mapping[Act, int]) -> dict[Act, int]:
    """Return what may come up in one world: half of a table, or all of it.

    Where everything may come up, nearly every world has a bit of all; what only breaks together
    comes up together where the rest does not.
    """
    if rng.random() < WHOLE:
        return dict(table)
    return {act: often for act, often in table.items() if rng.random() < HALF} or dict(table)


WHOLE, HALF = 0.3, 0.5
"""How often everything may come up in a world; else so much of it."""


def random_acts(tale: Tale, acts: int) -> None:
    """Let so much happen."""
    chosen = enabled(tale.rng, ACTS)
    for act in tale.rng.choices(list(chosen), list(chosen.values()), k=acts):
        play(tale, act)


def random_world(tale: Tale, acts: int) -> None:
    """Tell what others have, the usual beginning, and so many acts."""
    opened(tale)
    if tale.rng.random() < 0.7:
        play(tale, ready)
    random_acts(tale, acts)
    if tale.rng.random() < 0.02:
        play(tale, log_end)
