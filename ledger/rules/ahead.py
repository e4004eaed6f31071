"""What the rules will read of a statement, as far as its bytes say so: to be read together.

A hint for whoever reviews many statements at once. What is missing here is read when a rule
asks for it, one history at a time; nothing else depends on it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ledger.histories.history import Entry
from ledger.identifiers import about_topic, product_of
from ledger.rules.scope import is_product
from ledger.rules.series import inspections
from ledger.rules.standing import all_amendments, standing
from ledger.rules.state import fold_keys, fold_party
from ledger.statements.brand_family import Authorisation, Product, Qualification, grant_subject
from ledger.statements.catalogue import citations_of, said_by
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body
from ledger.statements.inspection_family import (
    Custody,
    Inspection,
    SampleSealed,
    SamplingSwitch,
    inspections_of,
)
from ledger.statements.observer_family import Observation, Visit
from ledger.statements.origin_family import Facility, Lot, OriginAudit
from ledger.statements.recall_family import Recall
from ledger.statements.sanction_family import Sanction
from ledger.statements.standard_family import BaselineStandard, Standard
from ledger.statements.trade_family import Admission, Listing, Shop

Read = tuple[Callable[[Sequence[Entry]], Any], str, str]
"""A fold over a history: function, topic, subject."""


def reads_ahead(statement: SignedStatement, body: Body | None) -> Iterator[Read]:
    """Yield the folds that reviewing a statement begins with."""
    yield fold_keys, "key", statement.kid.hex()
    if body is None:
        return
    yield fold_party, "identity", statement.issuer
    for citation, _ in citations_of(body):
        yield standing, citation.topic, citation.subject
        yield all_amendments, "statement", citation.id
    said = said_by(body)
    for topic in _standing_read(statement, said):
        yield standing, *topic
    match said:
        case Inspection(mode="inbound", trader=trader):
            pair = inspections_of(trader, product_of(statement.subject))
            yield inspections, "inspections", pair
        case SamplingSwitch(trader=trader):
            yield inspections, "inspections", inspections_of(trader, statement.subject)
        case _:
            pass


def _standing_read(  # noqa: C901, PLR0912 - a case for each type
    statement: SignedStatement, body: Body
) -> Iterator[Topic]:
    """Yield the histories that a type's own rules ask what stands in."""
    subject = statement.subject
    match body:
        case Qualification(number=number):
            yield "qualification-number", str(number)
        case Authorisation(parent=parent, brand=brand, goods=goods):
            yield "exclusive", parent.id
            yield "grant", grant_subject(brand, statement.issuer)
            yield from (("product", str(item)) for item in goods if is_product(item))
        case Product(brand=brand):
            yield "product", subject
            yield "qualification-number", str(brand)
            yield "grant", grant_subject(brand, statement.issuer)
        case Admission():
            yield "admission", subject
        case Shop(trader=trader):
            yield "shop", subject
            yield "admission", str(trader)
        case Listing(shop=shop):
            yield "product", subject
            yield "shop", str(shop)
        case Facility() | OriginAudit():
            yield "facility", subject
        case Lot(facility=facility, inputs=inputs):
            yield "facility", str(facility)
            yield "product", product_of(subject)
            yield from (("lot", str(item)) for item in inputs)
        case Inspection(facility=str(facility)):
            yield "facility", facility
        case SampleSealed() | Custody():
            yield "sample", subject
        case Recall(other_lots=others):
            yield from (("lot", str(lot)) for lot in (subject, *others))
        case BaselineStandard() | Standard():
            yield "standard", subject
        case Sanction(shops=shops):
            yield "sanction", subject
            yield from (("shop", str(shop)) for shop in shops)
        case Visit(about=about):
            yield "observer", statement.issuer
            yield "visit", subject
            topic = about_topic(about)
            yield "lot" if topic == "inspection" else topic, str(about)
        case Observation():
            yield "observer", statement.issuer
        case _:
            pass
