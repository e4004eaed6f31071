"""Who was tied to whom it spoke of, though the ledger said so only afterwards."""

from collections.abc import Iterable, Iterator

from ledger.histories.history import View
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.claims import owners
from ledger.rules.observers import visited
from ledger.rules.reports import merchants
from ledger.rules.standing import Standing, resolve, standing_of
from ledger.rules.ties import tied_later
from ledger.statements.improvement_family import ImprovementVerified
from ledger.statements.inspection_family import Inspection
from ledger.statements.laboratory_family import RetestReport, Tested
from ledger.statements.observer_family import Observation, Visit
from ledger.statements.origin_family import Lot, OriginAudit


def spoken_of(  # noqa: PLR0911 - a case for each type
    view: View, item: Standing
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return whom what somebody found speaks of, and when it was found; nobody for other types."""
    match item.body:
        case Inspection(trader=trader, on=on):
            makers = (lot.issuer for lot in standing_of(view, "lot", item.subject, Lot))
            return tuple(dict.fromkeys((str(trader), *makers))), (on.us,)
        case OriginAudit(on=on):
            return tuple(owners(view, item.subject)), (on.us,)
        case Tested() as body:
            sample = str(body.sample) if isinstance(body, RetestReport) else item.subject
            times = (body.received.us, body.tested_from.us, body.tested_until.us)
            return tuple(merchants(view, body, sample)), times
        case Observation(visit=cited):
            found = resolve(view, cited)
            if found is None or not isinstance(found.body, Visit):
                return (), ()
            return tuple(visited(view, found.body.about)), (found.body.arrived.us,)
        case ImprovementVerified(on=on):
            return (item.subject,), (on.us,)
        case _:
            return (), ()


def independence_notes(
    asked: Asked, item: Standing, favoured: Iterable[str] | None = None
) -> Iterator[Failure]:
    """Yield that who said something was tied to whom it spoke of, and that this was said later.

    ``favoured``: whom to look at; left out: whom statements of its type speak of.
    """
    parties, times = spoken_of(asked.view, item)
    for party in parties if favoured is None else favoured:
        found = tied_later(asked.view, item.issuer, party, times, before=item.index)
        if found is not None:
            facts: dict[str, str | int] = {"issuer": item.issuer, "party": party}
            yield Failure("tied-later", (item.index, *found), facts)
