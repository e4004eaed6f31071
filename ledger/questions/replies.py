"""What was replied to what observers found: advice, measures and plans that cite it."""

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.histories.history import View
from ledger.identifiers import about_topic
from ledger.rules.standing import Standing, standing_in
from ledger.statements.catalogue import type_name
from ledger.statements.fields import Citation
from ledger.statements.improvement_family import Advice, ImprovementPlan
from ledger.statements.sanction_family import Sanction


def _cited(item: Standing) -> tuple[Citation, ...]:
    """Return what a statement cites as what it replies to."""
    match item.body:
        case Advice(grounds=grounds):
            return grounds
        case Sanction(triggers=triggers):
            return triggers
        case ImprovementPlan(cause=cause):
            return (cause,)
        case _:
            return ()


def _where(about: str, visit: str, parties: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the histories that replies to what was found on a visit are in."""
    yield "visit", visit
    if about_topic(about) == "inspection":
        yield "sanction", about
    for party in parties:
        yield "advice", party
        yield "sanction", party


def replies(view: View, about: str, item: Standing, parties: Iterable[str]) -> list[dict[str, Any]]:
    """Return what stands and cites an observation, in the order of registration."""
    found: dict[int, dict[str, Any]] = {}
    for topic, subject in _where(about, item.subject, parties):
        for one in standing_in(view, topic, subject):
            if any(cited.id in item.ids for cited in _cited(one)):
                said = {"entry": one.index, "type": type_name(one.body), "by": one.issuer}
                found[one.index] = said
    return [found[index] for index in sorted(found)]
