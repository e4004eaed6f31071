"""Decisions on the admission of traders."""

from ledger.questions.times import registered_by, since
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.codes import SINCE
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


def admitted_again(asked: Asked, trader: str, found: Standing) -> list[Failure]:
    """Return that a decision admits a trader whom an earlier one refused: the newest of these."""
    if admission_of(found).decision == "refused":
        return []
    refused = [
        item.index
        for item in asked.view.fold(standing, "admission", trader).values()
        if item.index < found.index
        and isinstance(item.body, Admission)
        and item.body.decision == "refused"
    ]
    facts: dict[str, str | int] = {"trader": trader, SINCE: since(asked, found.index)}
    return [Failure("admitted-again", (index, found.index), facts) for index in refused[-1:]]


def admission_of(item: Standing) -> Admission:
    """Return the body of a decision."""
    assert isinstance(item.body, Admission)  # noqa: S101 - callers asked for decisions
    return item.body
