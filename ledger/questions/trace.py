"""``trace``: everything said about goods and what they were made from, oldest first."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from ledger.histories.history import Entry
from ledger.identifiers import lot_of, product_of, split_goods
from ledger.questions.claims import lots_absent, place_doubts, places_unconfirmed, product_claim
from ledger.questions.events import hear_events
from ledger.questions.heard import Heard
from ledger.questions.lots import Walk, lot_body, walk
from ledger.questions.measures import (
    all_sanctions,
    live_sanctions,
    measure,
    sanctioned,
    undone_measures,
)
from ledger.questions.open import Opened, Places, ProductOpen, against_lots
from ledger.questions.pages import of_page, pages
from ledger.questions.reports import report_notes
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.audits import audit_failures, audited
from ledger.rules.chains import Failure
from ledger.rules.claims import claims_of, ever_held_brand_of, holding, rejected
from ledger.rules.earlier import restated_before
from ledger.rules.favour import Uses, holders
from ledger.rules.found import lot_of as lot_found
from ledger.rules.found import passed
from ledger.rules.limits import many_unjudged
from ledger.rules.lots import doubted_lots, lots_of, right_holders, rightful, stated_lots
from ledger.rules.product_recalls import goods_called_back, recalls_of_product
from ledger.rules.reports import product_reports
from ledger.rules.standing import Standing, amends, standing_in, standing_of
from ledger.rules.taken_over import said_earlier
from ledger.statements.catalogue import said_by
from ledger.statements.inspection_family import Inspection
from ledger.statements.origin_family import Lot, lots_by
from ledger.statements.sanction_family import Complaint, Sanction

PAGE = 1_000
"""Lots whose statements one page of an answer lists; the verdict is about all."""


def _complaints(asked: Asked, goods: str, lots: Iterable[str]) -> Iterable[Entry]:
    """Return the complaints about goods: of a product all, of a lot none about other lots."""
    product = product_of(goods)
    entries = asked.view.history("feedback", product).entries()
    if goods == product:
        return entries
    lots, kept, ids = set(lots), list[Entry](), set[str]()
    for entry in entries:
        body = said_by(entry.body)
        own = isinstance(body, Complaint) and (body.lot is msgspec.UNSET or str(body.lot) in lots)
        if own or amends(entry) in ids:
            kept.append(entry)
            ids.add(entry.statement.id.hex())
    return kept


def _that_may_hold(asked: Asked, product: str, named: str | None, serial: str) -> list[Standing]:
    """Return the lots that an item may be of: its right-holder's, the lot named, its maker's.

    Only where the item names no lot and none of these has the serial number, all of the product:
    what others state neither makes an item of a named lot known nor contests it.
    """
    view = asked.view
    claims = [] if named is None else claims_of(holding(view, "lot", named))
    makers = dict.fromkeys((*right_holders(view, product), *(claim.maker for claim in claims)))
    found = {claim.item.id: claim.item for claim in claims} | {
        item.id: item
        for maker in makers
        for item in standing_of(view, "lots-by", lots_by(product, maker), Lot)
    }
    if named is not None or any(lot_body(item).holds(serial) for item in found.values()):
        return list(found.values())
    return lots_of(view, product)


def _of_first(asked: Asked, product: str, stated: list[Standing]) -> dict[str, int]:
    """Return the lots of one serial number that count, each with its entry: of one maker.

    The right-holder's come before its grantees', then those of who stated it first: as claims
    on a name do.
    """
    makers = dict.fromkeys(item.issuer for item in stated)
    first = next((one for one in makers if ever_held_brand_of(asked.view, product, one)), None)
    first = next(iter(makers), None) if first is None else first
    return {item.subject: item.index for item in stated if item.issuer == first}


def _held_when_found(
    opened: ProductOpen, stated: Iterable[Standing], serial: str
) -> Iterator[tuple[str, int]]:
    """Yield the lots that were said to hold a serial number when something was found of them, and not since."""
    view, by_maker = opened.asked.view, dict[tuple[str, str], list[Standing]]()
    for one in stated:
        by_maker.setdefault((one.subject, one.issuer), []).append(one)
    for (lot, _), said in by_maker.items():
        found_us = min(
            (found.at_us for found in opened.against(lot).unsettled if found.critical), default=None
        )
        if found_us is None or rejected(view, "lot", said[0]):
            continue
        if any(body.holds(serial) and found_us <= us for body, us in restated_before(view, said)):
            yield lot, said[0].index


def _bad_before(
    asked: Asked, item: str, before: int | None
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the bad lots that held an item's serial number before an entry: right-holders', and others'.

    Something is open against them: who says the item's number of another lot since takes it out of
    none. Whether it is of the others' is in question only: a mere grantee's may hold what numbers it
    likes, and some hold it by a word in doubt, or by one said otherwise since something was found.
    """
    product, serial = product_of(item), split_goods(item)[2] or ""
    opened, of_brand = ProductOpen(asked, product), holders(asked.view, product)
    lots = [lot for lot in opened.lots if opened.against(lot).unsettled]
    theirs, others = dict[str, int](), dict[str, int]()
    stated = rightful(asked.view, product, stated_lots(asked.view, product, lots))
    for one in stated:
        if not lot_body(one).holds(serial) or (before is not None and one.index >= before):
            continue
        if one.issuer in of_brand:
            theirs[one.subject] = one.index
        elif rejected(asked.view, "lot", one):
            continue
        elif any(found.critical for found in opened.against(one.subject).unsettled):
            others[one.subject] = one.index
    makers = {(one.subject, one.issuer) for one in stated}
    for lot, at in _held_when_found(opened, stated, serial):
        if before is None or at < before:
            others.setdefault(lot, at)
    for one, at, body in doubted_lots(asked.view, product, lots):
        by_right = (one.subject, one.issuer) in makers
        if by_right and body.holds(serial) and (before is None or at < before):
            others.setdefault(one.subject, one.index)
    return theirs, others


def _lots_of_item(asked: Asked, item: str) -> tuple[list[str], list[Failure]]:
    """Return the one lot of an item, named in its id or found by its serial number."""
    serial, named = split_goods(item)[2] or "", lot_of(item)
    may_hold = _that_may_hold(asked, product_of(item), named, serial)
    may_hold.sort(key=lambda held: held.index)
    newest = {(held.subject, held.issuer): held for held in may_hold}
    stated = [held for held in newest.values() if lot_body(held).holds(serial)]
    first = _of_first(asked, product_of(item), stated)
    contested = dict[str, int]()
    if named is None:
        theirs, contested = _bad_before(asked, item, min(first.values(), default=None))
        first = theirs | first
    facts: dict[str, str | int] = {"item": item}
    lots = list(first) if named is None else [named]
    claims = contested | first if first else {}
    if len(claims) > 1:
        return lots, [Failure("serial-contested", tuple(claims.values()), facts)]
    if not first or named not in (None, *first):
        return [] if named is None else lots, [Failure("serial-unknown", (), facts)]
    return lots, []


def _measures(asked: Asked, goods: str, product: str, lots: Iterable[str]) -> list[Failure]:
    """Return the sanctions that name a product as such, or these very lots of it, then those undone.

    They are to be known: each stops its trader's sales (``measures.sanctions_on``), nobody else's,
    and what is wrong with the goods themselves is open against these.
    """
    traced = set(lots)

    def hits(body: Sanction) -> bool:
        return goods == product or not body.lots or bool(traced & set(map(str, body.lots)))

    live = [
        sanctioned(asked, item)
        for item in live_sanctions(asked, product)
        if hits(measure(asked, item))
    ]
    return [*live, *undone_measures(asked, all_sanctions(asked, product), hits)]


def _hear(
    told: Heard,
    goods: str,
    page: Walk,
    facilities: Iterable[str],
    unregistered: Iterable[tuple[str, Standing]],
) -> None:
    """Take in the histories of the lots of a page, their products and places.

    Not what other software signs of them: anybody may, as much as it likes.
    """
    product = product_of(goods)
    for lot in page.looked_at:
        for topic in ("lot", "inspection", "sanction"):
            told.hear(topic, lot)
    for one in dict.fromkeys((product, *map(product_of, page.looked_at))):
        for topic in ("product", "sanction"):
            told.hear(topic, one)
    if goods == product:
        told.hear("recall", product)
    told.hear("product-recall", product)
    for about, item in unregistered:
        told.take((item.entry,), about)
    for facility in facilities:
        told.hear("facility", facility)


def _unregistered(asked: Asked, product: str) -> Iterator[tuple[str, Standing]]:
    """Yield what was found of lots of a product that nobody registered, with the lot."""
    on_record = {item.subject for item in lots_of(asked.view, product)}
    for item in standing_in(asked.view, "examined", product):
        about = lot_found(item)
        if about is not None and about not in on_record:
            yield about, item


def _asked_about(asked: Asked, goods: str) -> tuple[list[str], list[str], list[Failure]]:
    """Return the lots of what is traced, of a product those of mere grantees apart; why there is none."""
    product = product_of(goods)
    _, lot, serial = split_goods(goods)
    if serial is not None:
        lots, missing = _lots_of_item(asked, goods)
        return lots, [], missing
    if lot is not None:
        return [goods], [], []
    makers: dict[str, set[str]] = {}
    for item in lots_of(asked.view, product):
        makers.setdefault(item.subject, set()).add(item.issuer)
    named = {claim.maker for claim in claims_of(holding(asked.view, "product", product))}
    every = {maker for some in makers.values() for maker in some}
    ours = {one for one in every if one in named or ever_held_brand_of(asked.view, product, one)}
    own = [lot for lot, some in makers.items() if some & ours]
    beside = [lot for lot, some in makers.items() if not some & ours]
    return own, beside, [] if makers else lots_absent(asked.view, product)


def _paged(found: Walk, page: str) -> tuple[Walk, int]:
    """Return the part of a walk that a page lists, and how many pages there are."""
    some = of_page(found.looked_at, page, PAGE)
    lots = {lot: found.lots[lot] for lot in some if lot in found.lots}
    return Walk(some, lots), pages(len(found.looked_at), PAGE)


def trace(asked: Asked, *, goods: str, page: str) -> Verdict:
    """Return everything said about goods, and what is open against them."""
    view, product = asked.view, product_of(goods)
    lots, beside, missing = _asked_about(asked, goods)
    found = walk(view, lots, beside)
    before = {item.id: tuple(said_earlier(view, item)) for item in found.lots.values()}
    uses = Uses(view)
    uses.walked(found.lots, lots, lambda item: before[item.id])
    asked = asked.about(uses.users())
    shown, count = _paged(found, page)
    made_there, there = Places(), dict.fromkeys(_facility(i) for i in shown.lots.values())
    made_there.take(found.lots.values(), lambda item: before[item.id])
    told, notes = Heard(asked), list[Failure]()
    unregistered = list(_unregistered(asked, product)) if goods == product else []
    _hear(told, goods, shown, there, unregistered)
    notes += found.left_out
    notes += hear_events(told, goods, shown)
    told.take(_complaints(asked, goods, lots), product)
    told.follow("feedback", product)
    rests_on = [item.index for item in shown.lots.values()]
    missing += found.missing
    for one in dict.fromkeys((product, *found.by_product())):
        claim = product_claim(view, one)
        if isinstance(claim, Standing):
            rests_on.append(claim.index)
        else:
            missing.append(claim)
        notes += _measures(asked, goods, one, found.looked_at)
    by_product = {product: [], **found.by_product()}
    opened = Opened()
    whole = product if goods == product else None
    for _, against in against_lots(asked, by_product, found.used, whole):
        opened.add(against)
    missing += opened.unknown
    called = [goods_called_back(i) for i in recalls_of_product(view, product, asked.valid_at_us)]
    (opened.no if goods == product else notes).extend(called)
    for one in shown.looked_at:
        notes += report_notes(asked, one)
        rests_on += _passes(asked, one)
    for one in dict.fromkeys(lot for lot, _ in unregistered):
        notes += report_notes(asked, one)
    if goods == product:
        notes += many_unjudged(view, product, product_reports(view, product), asked.valid_at_us)
    places = made_there.opened(asked)
    for place in there:
        overdue, absent = audit_failures(asked, place)
        notes += [*overdue, *absent]
        missing += place_doubts(view, place)
        newest = audited(asked, place)
        rests_on += [] if newest is None else [newest[0].index]
    notes += places_unconfirmed(asked, shown.lots.values())
    return settle(
        no=once((*opened.no, *places.no)),
        unknown=once(missing),
        notes=(*notes, *once((*opened.notes, *places.notes))),
        rests_on=rests_on,
        detail={
            "page": int(page),
            "pages": count,
            "lots": _made_of(shown),
            "entries": told.rows(),
        },
    )


def _passes(asked: Asked, lot: str) -> list[int]:
    """Return the inspections that a lot passed by the time asked about."""
    return [
        item.index
        for item in standing_in(asked.view, "inspection", lot)
        if isinstance(item.body, Inspection)
        and passed(item.body)
        and item.body.on.us <= asked.valid_at_us
    ]


def _facility(item: Standing) -> str:
    return str(lot_body(item).facility)


def _made_of(found: Walk) -> list[dict[str, Any]]:
    """Return what was made of what, and where."""
    return [
        {
            "lot": lot,
            "entry": item.index,
            "facility": _facility(item),
            "made": str(lot_body(item).made),
            "inputs": list(map(str, lot_body(item).inputs)),
        }
        for lot, item in found.lots.items()
    ]
