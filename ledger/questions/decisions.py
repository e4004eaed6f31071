"""Decisions on the admission of traders."""

from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked
from ledger.rules.standing import Standing, standing
from ledger.statements.trade_family import Admission


def decision(asked: Asked, trader: str) -> Standing | None:
    """Return the newest decision on a trader that was registered at the time asked about."""
    found = [
        item
        for item in asked.view.fold(standing, "admission", trader).values()
        if isinstance(item.body, Admission)
    ]
    return next((item for item in reversed(found) if registered_by(asked, item.index)), None)


def admission_of(item: Standing) -> Admission:
    """Return the body of a decision."""
    assert isinstance(item.body, Admission)  # noqa: S101 - callers asked for decisions
    return item.body
