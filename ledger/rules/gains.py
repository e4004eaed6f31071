"""Whom a finding speaks of, who gains when it is taken back, and who that speaks is tied to."""

from collections.abc import Iterator

from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.rules.observers import visited
from ledger.rules.parties import makers_of, mark_holders, owners_ever, parties_to
from ledger.rules.registry import Case
from ledger.rules.reports import merchants, times_of
from ledger.rules.standing import Standing, lots_named, resolve, standing_of
from ledger.rules.ties import ties
from ledger.statements.improvement_family import ImprovementVerified
from ledger.statements.inspection_family import Inspection
from ledger.statements.laboratory_family import RetestReport, Tested
from ledger.statements.market_family import Feedback
from ledger.statements.observer_family import Observation, Visit
from ledger.statements.origin_family import OriginAudit
from ledger.statements.recall_family import Recall
from ledger.statements.sanction_family import Complaint
from ledger.statements.trade_family import Shop


def spoken_of(  # noqa: PLR0911 - a case for each type
    view: View, item: Standing
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return whom what somebody found speaks of, and when it was found; nobody for other types."""
    match item.body:
        case Inspection(trader=trader, on=on):
            stating = makers_of(view, "lot", item.subject)
            return tuple(dict.fromkeys((str(trader), *stating))), (on.us,)
        case OriginAudit(on=on):
            return tuple(owners_ever(view, item.subject)), (on.us,)
        case Tested() as body:
            sample = str(body.sample) if isinstance(body, RetestReport) else item.subject
            return tuple(merchants(view, body, sample)), times_of(body)
        case Observation(visit=cited):
            found = resolve(view, cited)
            if found is None or not isinstance(found.body, Visit):
                return (), ()
            return tuple(visited(view, found.body.about)), (found.body.arrived.us,)
        case ImprovementVerified(on=on):
            return (item.subject,), (on.us,)
        case _:
            return (), ()


def tied_parties(case: Case, topic: str, subject: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield each party to a name to whom who says something is tied, with what says so."""
    issuer, at_us = case.statement.issuer, case.signed_us
    for party, claim in parties_to(case.view, topic, subject).items():
        found = ties(case.view, issuer, party, at_us)
        if found is not None:
            yield party, (*claim, *found)


def makers(view: View, *lots: str) -> tuple[str, ...]:
    """Return who ever registered lots, and who ever held the brands of their products."""
    found: dict[str, None] = {}
    for lot in lots:
        found |= dict.fromkeys(makers_of(view, "lot", lot))
    for product in dict.fromkeys(map(product_of, lots)):
        found |= dict.fromkeys(mark_holders(view, product))
    return tuple(found)


def gains(view: View, item: Standing) -> tuple[str, ...]:
    """Return who gains when something that was found is taken back."""
    match item.body:
        case Recall():
            return makers(view, *lots_named(item))
        case Inspection(trader=trader):
            return tuple(dict.fromkeys((str(trader), *makers(view, item.subject))))
        case Complaint(shop=shop):
            shops = standing_of(view, "shop", str(shop), Shop) if isinstance(shop, str) else ()
            traders = (str(one.body.trader) for one in shops if isinstance(one.body, Shop))
            return tuple(dict.fromkeys((*traders, *mark_holders(view, item.subject))))
        case Feedback():
            return tuple(mark_holders(view, item.subject))
        case _:
            return spoken_of(view, item)[0]
