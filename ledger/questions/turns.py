"""When an answer may become another by mere time: what ends, begins, falls due or grows old.

``turns`` collects from a history every moment at which one of its statements begins or ceases
to count. More moments than matter may be among them, never fewer: whoever looks for the moment
at which an answer changes asks again at each.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ledger.histories.history import Entry, Fold, View
from ledger.primitives.instant import DAY_US
from ledger.questions.conformance import VALID_US
from ledger.questions.open import CURRENT_US
from ledger.rules.reports import due_us
from ledger.rules.state import MICROSECONDS
from ledger.statements.catalogue import said_by
from ledger.statements.envelope import Topic
from ledger.statements.fields import Body, PeriodBody, Time
from ledger.statements.inspection_family import Inspection
from ledger.statements.label_family import Label
from ledger.statements.laboratory_family import Objection, RetestReport, Tested
from ledger.statements.observer_family import Observation
from ledger.statements.origin_family import Lot, OriginAudit
from ledger.statements.quality_family import QualityModel
from ledger.statements.recall_family import Recall
from ledger.statements.sanction_family import AppealDecision, Terms
from ledger.statements.standard_family import BaselineStandard, Standard


@dataclass(slots=True)
class Turns:
    """Moments of a history, in microseconds.

    ``points``: when something begins or ends; ``done``: when what the quality index counts was
    done; ``made``: when lots were made.
    """

    points: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=list)

    def copied(self) -> "Turns":
        """Return another one with the same moments."""
        return Turns(list(self.points), list(self.done), list(self.made))


def _take(  # noqa: C901 - a case for each type
    found: Turns, body: Body, entry: Entry
) -> None:
    match body:
        case PeriodBody(from_=from_, until=until):
            found.points.append(from_.us)
            if until is not None:
                found.points.append(until.us)
        case AppealDecision(terms=Terms(until=Time() as until)):
            found.points.append(until.us)
        case OriginAudit(on=on, next_due=due):
            found.points.append(due.us)
            found.done.append(on.us)
        case Recall(from_=from_) | QualityModel(from_=from_):
            found.points.append(from_.us)
        case BaselineStandard(from_=from_) | Standard(from_=from_):
            found.points.append(from_.us)
        case Label(until=until):
            found.points.append(until.us)
        case Tested(tested_until=until):
            found.points += (until.us, until.us + VALID_US)
        case Inspection(on=on):
            found.points.append(on.us)
            found.done.append(on.us)
        case Observation():
            found.done.append(entry.statement.issued_at * MICROSECONDS)
        case Lot(made=made):
            found.made.append(made.us)
        case _:
            pass


def _turn(found: Turns, entries: Sequence[Entry]) -> Turns:
    for entry in entries:
        if entry.body is not None:
            body = said_by(entry.body)
            _take(found, body, entry)
            if isinstance(body, Objection | RetestReport):
                found.points.append(due_us(entry) + 1)
    return found


turns: Fold[Turns] = Fold(Turns, _turn, Turns.copied)
"""The moments at which something in a history begins or ceases to count."""


def points_after(view: View, topics: Iterable[Topic], at_us: int) -> set[int]:
    """Return the moments behind a time at which what histories say begins or ends."""
    return {point for topic in topics for point in view.fold(turns, *topic).points if point > at_us}


def ages(at_us: int, model: QualityModel) -> Iterator[int]:
    """Yield when an outcome of a time weighs less, and when it ceases to count."""
    for step in range(1, model.doublings + 1):
        if step * model.step_days < model.window_days:
            yield at_us + step * model.step_days * DAY_US
    yield at_us + model.window_days * DAY_US


def next_turn(
    view: View, topics: Iterable[Topic], at_us: int, model: QualityModel | None
) -> int | None:
    """Return the first moment behind a time at which an answer from these histories may change.

    Args:
        view: the ledger that the answer was given from.
        topics: the histories it read.
        at_us: the time it was about.
        model: the quality model it went by, None if it went by none.

    """
    found: set[int] = set()
    windows = [CURRENT_US]
    if model is not None:
        windows.append(model.window_days * DAY_US)
    for topic in topics:
        known = view.fold(turns, *topic)
        found.update(point for point in known.points if point > at_us)
        for made in known.made:
            # A lot counts until the window is over, that moment included.
            moments = (made, *(made + window + 1 for window in windows))
            found.update(moment for moment in moments if moment > at_us)
        if model is not None:
            for done in known.done:
                moments = (done, *ages(done, model))
                found.update(moment for moment in moments if moment > at_us)
    return min(found, default=None)
