"""What mends goods: products, lots, items, places, and how they are inspected."""

from collections.abc import Iterator
from typing import Any

import msgspec
from questions.mends.telling import Mend, Wrong, enters, says
from questions.scenes.tracing import RECALLED_AND_MENDED
from rules.scenarios.sampling import row, switch
from rules.telling import Step
from rules.words import affiliation
from tea import GARDEN, LOT, MARK
from usual import REGISTRAR, citing, day, finding
from world import BRAND, World

from ledger.questions.claims import product_claim
from ledger.rules.standing import Standing, resolve
from ledger.rules.state import fold_party
from ledger.statements.catalogue import type_name
from ledger.statements.claim_family import ClaimDecided
from ledger.statements.origin_family import Lot

INSPECTOR, SECOND = "did:web:another-inspector.example", "did:web:yet-another-inspector.example"


def inspectors(w: Wrong) -> Iterator[Step]:
    """Inspectors whom nobody knows enter: they are tied to nobody."""
    for party in (INSPECTOR, SECOND):
        if not w.paper.view.history("identity", party).count:
            yield enters(party, "inspector")


def holder(w: Wrong, product: str) -> str:
    """Return who states a product, and its lots: who holds the claim on it, else the brand."""
    claim = product_claim(w.paper.view, product)
    return claim.issuer if isinstance(claim, Standing) else BRAND


def product(w: Wrong) -> Iterator[Step]:
    """The right-holder declares the product."""
    root = w.mark(w.brand or MARK)
    if root is not None:
        own = {"brand": str(root.body.number), "under": w.cites(root)}  # type: ignore[attr-defined]
        subject = str(w.facts["product"])
        yield says("product", by=root.subject, subject=subject, called=w.fresh("declared"), **own)


def lot(w: Wrong) -> Iterator[Step]:
    """Whoever made the lot states it."""
    subject = str(w.facts.get("input") or w.facts.get("lot") or f"{w.product}/10/N-{w.paper.size}")
    by = holder(w, subject.partition("/10/")[0])
    if not w.standing("facility", GARDEN):
        yield says("facility", by=BRAND, called=w.fresh("place"))
    yield says("lot", by=by, subject=subject, called=w.fresh("stated"), serial_range=...)


def input_lot(w: Wrong) -> Iterator[Step]:
    """Whoever made what it was made of declares that, and states its lot."""
    made_of = str(w.facts["input"]).partition("/10/")[0]
    if not isinstance(product_claim(w.paper.view, made_of), Standing):
        root = w.mark(w.brand)
        if root is not None:
            own = {"brand": w.brand, "under": w.cites(root)}
            yield says("product", by=root.subject, subject=made_of, called="declared", **own)
    yield from lot(w)


def decided(w: Wrong) -> Iterator[Step]:
    """An authority decides for the first of the claims, and overrules each decision that says otherwise."""
    subject = next(str(w.facts[one]) for one in ("product", "lot", "facility") if one in w.facts)
    first, *others = w.said("product", "lot", "facility")
    how = {"upheld": citing(first), "rejected": [citing(name) for name in others]}
    maker = w.told.said[first][0].issuer
    topic = w.now(first)["topic"]
    contrary = [one for one in w.standing(topic, subject) if _contradicts(w, one, maker)]
    for one in contrary or [None]:
        again = {} if one is None else {"overrules": w.cites(one)}
        called = w.fresh("decided")
        yield says("claim-decided", by=REGISTRAR, subject=subject, called=called, **how, **again)


def _contradicts(w: Wrong, item: Standing, maker: str) -> bool:
    """Return whether a decision rejects a maker's claim, or upholds another's."""
    body = item.body
    if not isinstance(body, ClaimDecided):
        return False
    makers = {one.id: found.issuer for one in body.decided if (found := resolve(w.paper.view, one))}
    upheld = () if body.upheld is msgspec.UNSET else (body.upheld.id,)
    return any((makers.get(id_) == maker) != (id_ in upheld) for id_ in makers)


def passes(lot: str, called: str, **fields: Any) -> Step:
    """An inspector tied to nobody inspects a lot, and passes it."""
    return says("inspection", by=INSPECTOR, subject=lot, called=called, on=day(0), **fields)


def later_lot(w: Wrong) -> Iterator[Step]:
    """What was made of a recalled lot is recalled too; a lot made later is stated, and passes."""
    if w.question == "trace":
        return
    made_of_it = _made_of(w, str(w.facts["lot"]))
    if made_of_it:
        first, *others = made_of_it
        said = {"subject": first, "other_lots": others, "called": w.fresh("called back")}
        yield says("recall", by=holder(w, w.product), **said)
    subject, called = f"{w.product}/10/N-{w.paper.size}", w.fresh("later")
    yield from inspectors(w)
    by = holder(w, w.product)
    yield says("lot", by=by, subject=subject, called=called, made=day(0), serial_range=...)
    yield passes(subject, w.fresh("of later"))


def _made_of(w: Wrong, lot: str) -> list[str]:
    """Return the product's lots that were made of a lot, to any depth."""
    found = [lot]
    for above in found:  # grows on the way
        for item in _lots(w):
            assert isinstance(item.body, Lot)
            if above in map(str, item.body.inputs) and item.subject not in found:
                found.append(item.subject)
    return found[1:]


def stated_anew(w: Wrong) -> Iterator[Step]:
    """Whose claim is in doubt gets another key, and says the same of the thing again."""
    party, claim = str(w.facts["holder"]), w.paper.entry(w.entries[0])
    state = w.paper.view.fold(fold_party, "identity", party)
    assert state is not None
    assert claim.body is not None
    key, fields = w.fresh(f"{party} key"), w.told.fields_of(w.name(claim))
    said: dict[str, Any] = {"country": state.country, "roles": sorted(state.roles)}
    said |= {} if state.uscc is None else {"uscc": state.uscc}

    def bound(world: World) -> bytes:
        return world.statement("party-update", world.party_fields(key, party) | said, subject=party)

    def again(_: World) -> bytes:
        how = {"by": key, "issuer": party}
        subject = claim.statement.subject
        return w.told.write(type_name(claim.body), subject=subject, called=key, how=how, **fields)

    yield bound
    yield again


SAME = ("mode", "trader", "level", "aql", "sample_size", "accept", "reject", "lot_size", "plans")


def again(w: Wrong) -> Iterator[Step]:
    """What an inspection found is inspected again in its classes, by somebody independent."""
    yield from inspectors(w)
    for name in w.said("inspection"):
        fields = w.told.fields_of(name)
        own = {item: fields[item] for item in SAME if item in fields}
        if own["mode"] in ("patrol", "inbound"):
            own["mode"] = "flight"
        for plan in own.get("plans", ()):
            plan |= {"nonconforming": 0, "decision": "accepted"}
        subject, answers = w.told.said[name][0].subject, [w.now(name)]
        yield passes(subject, w.fresh("again"), answers=answers, **own)


def audit(w: Wrong) -> Iterator[Step]:
    """An inspector tied to nobody audits the place, and finds it in order."""
    place = str(w.facts["facility"])
    yield from inspectors(w)
    fields = {"on": day(0), "findings": [finding("minor")], "next_due": day(180)}
    called = w.fresh("audited")
    yield says("origin-audit", by=INSPECTOR, subject=place, called=called, **fields)


def looked_at(w: Wrong) -> Iterator[Step]:
    """A lot of which something critical was found is inspected again."""
    if next(w.said("inspection"), None):
        yield from again(w)
    else:
        yield from inspectors(w)
        yield passes(str(w.facts["lot"]), w.fresh("looked at"))


def _serials(w: Wrong, lot: Standing, changes: dict[str, Any]) -> Step:
    """Who stated a lot corrects which serial numbers it holds."""
    name = w.name(lot.entry)
    told = w.told.fields_of(name) | changes
    fields = {item: value for item, value in told.items() if value is not ...}
    said = {"target": citing(name), "statement": fields, "reason": "mistyped"}
    called = w.fresh("serials")
    return says("supersede", by=lot.issuer, subject=lot.subject, called=called, **said)


def _lots(w: Wrong) -> list[Standing]:
    found = w.standing("lots", w.product)
    return [item for item in found if isinstance(item.body, Lot)]


def holds(w: Wrong) -> Iterator[Step]:
    """Whoever stated the lot says that it holds the item."""
    item = str(w.facts["item"])
    named, serial = item.partition("/21/")[::2]
    mine = [one for one in _lots(w) if "/10/" not in named or one.subject == named][:1]
    for one in mine:
        body = one.body
        assert isinstance(body, Lot)
        yield _serials(w, one, {"serials": [*map(str, body.serials), serial]})


def holds_not(w: Wrong) -> Iterator[Step]:
    """All but one of those whose lots claim the item correct theirs."""
    for one in _lots(w):
        if one.index in w.entries[1:]:
            yield _serials(w, one, {"serials": ["none"], "serial_range": ...})


TIED = affiliation("rival", "brand", relation="tied", categories=..., called="tied")

MENDS = (
    Mend("place-unconfirmed", (TIED,), "a lot said to be made at somebody else's place"),
    Mend("product-unknown", product),
    Mend("lot-unknown", lot),
    Mend("claim-in-doubt", stated_anew),
    Mend("product-contested", decided),
    Mend("lot-contested", decided),
    Mend("place-contested", decided),
    Mend("lots-absent", lot),
    Mend("lot-recalled", later_lot, question="listable"),
    Mend("lot-refused", again, "a lot that one of two inspections refused"),
    Mend("lot-refused", RECALLED_AND_MENDED[2:], "a refused lot"),
    Mend("input-unknown", input_lot),
    Mend("serial-unknown", holds),
    Mend("serial-contested", holds_not),
    Mend("audit-absent", audit),
    Mend("audit-overdue", audit, "and one whose audit is overdue"),
    Mend("place-critical", audit, "a critical finding at the garden is open against its lots"),
    Mend(
        "lot-critical",
        looked_at,
        "a critical finding of an inspection is open even where the lot was accepted",
    ),
    Mend("walk-limit", asks={"goods": LOT}, question="trace"),
    Mend("sampling-score-reached", (switch("reduced"),)),
    Mend("sampling-reduced", row("R", "reduced", 11)),
    Mend("sampling-discontinued", (switch("tightened"),)),
    Mend("sampling-idle", row("+++++", "tightened", 8)),
)
