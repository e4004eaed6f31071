"""Rules for places and goods: facilities, audits, lots, recalls, samples, inspections."""

from collections.abc import Iterator

from ledger.history import View
from ledger.identifiers import product_of
from ledger.rules.chains import Point, authority, category_of
from ledger.rules.common import operator_of
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import standing, standing_in
from ledger.rules.state import MICROSECONDS, fold_party
from ledger.statements.brand_family import Product, Qualification
from ledger.statements.inspection_family import Custody, Inspection, Recall, SampleSealed
from ledger.statements.origin_family import Facility, Lot, OriginAudit

MAX_ANCESTORS = 10_000  # lots looked at for a circle; goods of more inputs are not traced either
WAREHOUSE_MODES = ("inbound", "patrol")
COUNTED_PER_HUNDRED = ("15", "25", "40", "65", "100", "150", "250", "400", "650", "1000")
"""AQL above 10 counts nonconformities per 100 items: more than one may be on an item."""


def ties(view: View, left: str, right: str, at_us: int) -> tuple[int, ...] | None:
    """Return the entries by which two parties are tied to each other, None if they are not.

    Tied: the same party, the same unified social credit code, or a live affiliation.
    """
    if left == right:
        return ()
    one, other = (view.fold(fold_party, "identity", party) for party in (left, right))
    if one is not None and other is not None and one.uscc is not None and one.uscc == other.uscc:
        return ()
    for holder, of in ((left, right), (right, left)):
        for item in standing_in(view, "qualification", holder):
            body = item.body
            if (
                isinstance(body, Qualification)
                and body.kind == "affiliation"
                and body.of == of
                and body.covers(at_us)
            ):
                return (item.index,)
    return None


def owners(view: View, facility: str) -> dict[str, int]:
    """Return who owns a facility by its standing statements, with the entry that says so."""
    return {
        str(item.body.owner): item.index
        for item in standing_in(view, "facility", facility)
        if isinstance(item.body, Facility)
    }


@rule("facility-unknown", "lot", "origin-audit", "inspection")
def facility_known(case: Case) -> Iterator[Refusal]:
    """The facility it names is registered."""
    match case.body:
        case Lot(facility=facility):
            pass
        case OriginAudit():
            facility = case.statement.subject  # type: ignore[assignment]
        case Inspection(facility=str(facility)):
            pass
        case _:
            return
    if not owners(case.view, facility):
        yield Refusal("facility-unknown", f"{facility} is not registered: use facility first")


@rule("audit-tied", "origin-audit")
def auditor_independent(case: Case) -> Iterator[Refusal]:
    """An origin is audited by nobody tied to the facility's owner."""
    at_us = case.statement.issued_at * MICROSECONDS
    if not isinstance(case.body, OriginAudit):
        return
    for owner, index in owners(case.view, case.statement.subject).items():
        found = ties(case.view, case.statement.issuer, owner, at_us)
        if found is not None:
            why = f"{case.statement.issuer} is tied to the owner {owner}: let somebody else audit"
            yield Refusal("audit-tied", why, (index, *found))


@rule("product-unknown", "lot", "listing")
def product_known(case: Case) -> Iterator[Refusal]:
    """The product it is of is registered."""
    product = product_of(case.statement.subject)
    if not any(
        isinstance(item.body, Product) for item in standing_in(case.view, "product", product)
    ):
        yield Refusal("product-unknown", f"{product} is not registered: use product first")


@rule("lot-cycle", "lot", bite="replay-only")
def lot_made_of_others(case: Case) -> Iterator[Refusal]:
    """A lot is not made of itself, nor of a lot that is made of it."""
    if not isinstance(case.body, Lot):
        return
    lot, seen, todo = case.statement.subject, set[str](), list(case.body.inputs)
    while todo and len(seen) < MAX_ANCESTORS:
        above = str(todo.pop())
        if above == lot:
            yield Refusal("lot-cycle", f"{lot} would be made of itself")
            return
        if above in seen:
            continue
        seen.add(above)
        for item in standing_in(case.view, "lot", above):
            if isinstance(item.body, Lot):
                todo.extend(item.body.inputs)


@rule("inspection-mode", "inspection")
def inspection_mode_fits(case: Case) -> Iterator[Refusal]:
    """A warehouse inspects inbound and on patrol, an inspector by flight and mystery."""
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, Inspection):
        return
    role = "warehouse" if body.mode in WAREHOUSE_MODES else "inspector"
    party = case.view.fold(fold_party, "identity", issuer)
    if party is None or role not in party.roles:
        yield Refusal("inspection-mode", f"{body.mode}: {issuer} is no {role}")


@rule("inspection-counts", "inspection")
def inspection_counts_fit(case: Case) -> Iterator[Refusal]:
    """No more is sampled than there is, nor found than was sampled; the decision follows."""
    body = case.body
    if not isinstance(body, Inspection):
        return
    if body.sample_size > body.lot_size:
        yield Refusal("inspection-counts", f"{body.sample_size} sampled of {body.lot_size}")
    if body.nonconforming > body.sample_size and body.aql not in COUNTED_PER_HUNDRED:
        why = f"{body.nonconforming} nonconforming of {body.sample_size} sampled"
        yield Refusal("inspection-counts", why)
    if body.reject <= body.accept:
        yield Refusal("inspection-counts", f"Ac {body.accept}, Re {body.reject}: Re is above Ac")
    follows = "accepted" if body.nonconforming <= body.accept else "refused"
    if body.decision != follows:
        why = f"{body.nonconforming} nonconforming with Ac {body.accept}: {follows}"
        yield Refusal("inspection-counts", why)


def custodian(view: View, sample: str) -> tuple[str, str, str, int] | None:
    """Return (lot, who has it, newest statement id, its index) of a sample; None for a new one."""
    found: tuple[str, str, str, int] | None = None
    for item in view.fold(standing, "sample", sample).values():
        if isinstance(item.body, SampleSealed | Custody):
            found = (str(item.body.lot), item.issuer, item.id, item.index)
    return found


@rule("sample-taken", "sample-sealed")
def sample_new(case: Case) -> Iterator[Refusal]:
    """A sample is sealed once: its id is new."""
    found = custodian(case.view, case.statement.subject)
    if found is not None:
        why = f"{case.statement.subject} was sealed already: take another id"
        yield Refusal("sample-taken", why, (found[3],))


@rule("custody-sequence", "custody")
def custody_unbroken(case: Case) -> Iterator[Refusal]:
    """Custody follows from who had the sample last, link by link, for the same lot."""
    body = case.body
    if not isinstance(body, Custody):
        return
    found = custodian(case.view, case.statement.subject)
    if found is None:
        yield Refusal("custody-sequence", f"{case.statement.subject} was never sealed")
        return
    lot, holder, newest, index = found
    for name, told, there in (
        ("previous", body.previous, newest),
        ("handed_by", body.handed_by, holder),
        ("lot", body.lot, lot),
    ):
        if told != there:
            yield Refusal("custody-sequence", f"{name}: {told}, expected {there}", (index,))


@rule("recall-right", "recall")
def recall_by_right(case: Case) -> Iterator[Refusal]:
    """Lots are recalled by who registered them, who may act for their brand, or the operator."""
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, Recall) or issuer == operator_of(case):
        return
    at_us = case.statement.issued_at * MICROSECONDS
    for lot in (case.statement.subject, *map(str, body.other_lots)):
        if any(item.issuer == issuer for item in standing_in(case.view, "lot", lot)):
            continue
        if not _acts_for(case.view, issuer, product_of(lot), at_us):
            yield Refusal(
                "recall-right", f"{issuer} neither registered {lot} nor acts for its brand"
            )


def _acts_for(view: View, party: str, product: str, at_us: int) -> bool:
    category = category_of(view, product)
    if category is None:
        return False
    return any(
        item.issuer == party
        or authority(view, item.body.brand, party, Point(product, category, at_us, at_us)).granted
        for item in standing_in(view, "product", product)
        if isinstance(item.body, Product)
    )
