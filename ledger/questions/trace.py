"""``trace``: everything said about goods and what they were made from, oldest first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ledger.histories.history import Entry
from ledger.identifiers import lot_of, product_of, split_goods
from ledger.questions.claims import place_doubts, product_claim
from ledger.questions.lots import Walk, lot_body, lot_troubles, lots_of, recalled, walk
from ledger.questions.measures import live_sanctions, measure, sanctioned
from ledger.questions.reports import report_troubles
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure
from ledger.rules.findings import audit_failures, audits, inspections, open_critical
from ledger.rules.standing import Standing, amends, standing_in
from ledger.rules.state import MICROSECONDS
from ledger.statements.amendment_family import Supersede
from ledger.statements.catalogue import GENERIC, corrected, type_name
from ledger.statements.fields import format_time_us
from ledger.statements.inspection_family import Recall
from ledger.statements.sanction_family import Complaint


@dataclass(slots=True)
class _Told:
    """Everything that was said, each entry once, with the first thing it is about."""

    asked: Asked
    about: dict[int, tuple[Entry, str]] = field(default_factory=dict)

    def hear(self, topic: str, subject: str) -> None:
        """Take in a whole history."""
        self.take(self.asked.view.history(topic, subject).entries(), subject)

    def take(self, entries: Iterable[Entry], subject: str) -> None:
        """Take in entries."""
        for entry in entries:
            self.about.setdefault(entry.index, (entry, subject))

    def rows(self) -> list[dict[str, Any]]:
        """Return who said what when, oldest first."""
        return [
            {
                "entry": index,
                "type": type_name(entry.body),
                "issuer": entry.statement.issuer,
                "subject": entry.statement.subject,
                "about": about,
                "issued_at": format_time_us(entry.statement.issued_at * MICROSECONDS),
            }
            for index, (entry, about) in sorted(self.about.items())
        ]


def _complaints(asked: Asked, goods: str, lots: Iterable[str]) -> Iterable[Entry]:
    """Return the complaints about goods: of a product all, of a lot none about other lots."""
    product = product_of(goods)
    entries = asked.view.history("feedback", product).entries()
    if goods == product:
        return entries
    lots, kept, ids = set(lots), list[Entry](), set[str]()
    for entry in entries:
        body = corrected(entry.body) if isinstance(entry.body, Supersede) else entry.body
        own = isinstance(body, Complaint) and (body.lot is msgspec.UNSET or str(body.lot) in lots)
        if own or amends(entry) in ids:
            kept.append(entry)
            ids.add(entry.statement.id.hex())
    return kept


def _lots_of_item(asked: Asked, item: str) -> tuple[list[str], list[Failure]]:
    """Return the one lot of an item, named in its id or found by its serial number."""
    serial, named = split_goods(item)[2] or "", lot_of(item)
    holders: dict[str, int] = {}
    for held in lots_of(asked.view, product_of(item)):
        if lot_body(held).holds(serial):
            holders[held.subject] = held.index
    facts: dict[str, str | int] = {"item": item}
    lots = list(holders) if named is None else [named]
    if len(holders) > 1:
        return lots, [Failure("serial-contested", tuple(holders.values()), facts)]
    if not holders or named not in (None, *holders):
        return [] if named is None else lots, [Failure("serial-unknown", (), facts)]
    return lots, []


def _product_troubles(asked: Asked, goods: str, product: str, lots: Iterable[str]) -> list[Failure]:
    """Return the sanctions that name a product: as such, or these very lots of it."""
    traced = set(lots)
    return [
        sanctioned(asked, item)
        for item in live_sanctions(asked, product)
        if goods == product
        or not measure(asked, item).lots
        or traced & set(map(str, measure(asked, item).lots))
    ]


def _recalled_unseen(asked: Asked, product: str, seen: Iterable[str]) -> list[Failure]:
    """Return the recalls of lots of a product that are not on record themselves."""
    items = list(standing_in(asked.view, "recall", product))
    named = {
        lot: None
        for item in items
        if isinstance(item.body, Recall)
        for lot in (item.subject, *map(str, item.body.other_lots))
        if product_of(lot) == product
    }
    return [failure for lot in named if lot not in seen for failure in recalled(asked, items, lot)]


def _hear(told: _Told, goods: str, found: Walk, facilities: Iterable[str]) -> None:
    """Take in every history of the goods, their lots, products and places."""
    product = product_of(goods)
    for lot in found.looked_at:
        for topic in ("lot", "inspection", "sanction", GENERIC):
            told.hear(topic, lot)
    for one in dict.fromkeys((product, *map(product_of, found.looked_at))):
        for topic in ("product", "sanction", GENERIC):
            told.hear(topic, one)
    if goods == product:
        told.hear("recall", product)
    for facility in facilities:
        told.hear("facility", facility)
    if goods not in (product, *found.looked_at):
        told.hear(GENERIC, goods)


def trace(asked: Asked, *, goods: str) -> Verdict:
    """Return everything said about goods, and what is open against them."""
    view, product = asked.view, product_of(goods)
    _, lot, serial = split_goods(goods)
    missing: list[Failure] = []
    if serial is not None:
        lots, missing = _lots_of_item(asked, goods)
    elif lot is not None:
        lots = [goods]
    else:
        lots = list(dict.fromkeys(item.subject for item in lots_of(view, product)))
        if not lots:
            missing.append(Failure("lots-absent", (), {"product": product}))
    found = walk(view, lots)
    facilities = list(dict.fromkeys(str(lot_body(i).facility) for i in found.lots.values()))
    products = list(dict.fromkeys((product, *map(product_of, found.looked_at))))
    told, no, notes = _Told(asked), list[Failure](), list[Failure]()
    _hear(told, goods, found, facilities)
    told.take(_complaints(asked, goods, lots), product)
    rests_on = [item.index for item in found.lots.values()]
    missing += found.missing
    for one in products:
        claim = product_claim(view, one)
        if isinstance(claim, Standing):
            rests_on.append(claim.index)
        else:
            missing.append(claim)
        no += _product_troubles(asked, goods, one, found.looked_at)
    if goods == product:
        no += _recalled_unseen(asked, product, found.looked_at)
    for one in found.looked_at:
        no += lot_troubles(asked, one)
        failed, aside = report_troubles(asked, one)
        no, notes = [*no, *failed], [*notes, *aside]
        rests_on += [item.index for item, _ in inspections(asked, one)[-1:]]
    for one in facilities:
        no += open_critical(asked, one)
        overdue, absent = audit_failures(asked, one)
        notes += [*overdue, *absent]
        missing += place_doubts(view, one)
        rests_on += [item.index for item, _ in audits(asked, one)[-1:]]
    return settle(
        no=_once(no),
        unknown=missing,
        notes=notes,
        rests_on=rests_on,
        detail={"lots": _made_of(found), "entries": told.rows()},
    )


def _once(failures: Iterable[Failure]) -> list[Failure]:
    """Return reasons without repeats: one sanction may name a product and its lots."""
    found: list[Failure] = []
    for item in failures:
        if item not in found:
            found.append(item)
    return found


def _made_of(found: Walk) -> list[dict[str, Any]]:
    """Return what was made of what, and where."""
    return [
        {
            "lot": lot,
            "entry": item.index,
            "facility": str(lot_body(item).facility),
            "made": str(lot_body(item).made),
            "inputs": list(map(str, lot_body(item).inputs)),
        }
        for lot, item in found.lots.items()
    ]
