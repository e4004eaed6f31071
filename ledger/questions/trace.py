"""``trace``: everything said about goods and what they were made from, oldest first."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec

from ledger.histories.history import Entry
from ledger.identifiers import product_of, split_goods
from ledger.questions.claims import lots_absent, place_doubts, places_unconfirmed, product_claim
from ledger.questions.events import hear_events
from ledger.questions.forward import followed
from ledger.questions.heard import Heard
from ledger.questions.items import lots_of_item
from ledger.questions.lots import Walk, lot_body, walk
from ledger.questions.measures import (
    all_sanctions,
    live_sanctions,
    measure,
    sanctioned,
    undone_measures,
)
from ledger.questions.open import Opened, Places, against_lots
from ledger.questions.pages import of_page, pages
from ledger.questions.reports import report_notes
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.audits import audit_failures, audited
from ledger.rules.chains import Failure
from ledger.rules.claims import claims_of, ever_held_brand_of, holding
from ledger.rules.favour import Uses
from ledger.rules.found import Against, passed
from ledger.rules.found import lot_of as lot_found
from ledger.rules.limits import many_unjudged
from ledger.rules.lots import lots_of
from ledger.rules.product_recalls import goods_called_back, recalls_of_product
from ledger.rules.reports import product_reports
from ledger.rules.standing import Standing, amends, standing_in
from ledger.rules.taken_over import said_earlier
from ledger.statements.catalogue import said_by
from ledger.statements.inspection_family import Inspection
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
        for topic in ("lot", "inspection", "sanction", "movement"):
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
        lots, missing = lots_of_item(asked, goods)
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
    called_back = set[str]()
    for lot, against in against_lots(asked, by_product, found.used, whole):
        opened.add(against)
        called_back |= {lot} if _is_called_back(against) else set()
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
            **followed(asked, _to_follow(goods, lots, shown, called_back)),
        },
    )


def _is_called_back(against: Against) -> bool:
    """Return whether a lot was called back, answered by a later one or not."""
    found = (*against.unsettled, *(closing.trouble for closing in against.closed))
    return any(trouble.kind == "recall" for trouble in found)


def _to_follow(
    goods: str, lots: Iterable[str], shown: Walk, called_back: AbstractSet[str]
) -> list[str]:
    """Return the lots whose goods are to be called back: of a product those on the page that are.

    Of a lot or an item that one, also for what it was made of.
    """
    if goods != product_of(goods):
        return list(lots) if called_back else []
    return [lot for lot in shown.looked_at if lot in called_back]


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
