"""Decisions on the admission of traders."""

from ledger.questions.times import registered_by, since
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.codes import SINCE, repeated
from ledger.rules.standing import Standing, standing
from ledger.rules.trade import overruled
from ledger.statements.trade_family import Admission


def decision(asked: Asked, trader: str) -> Standing | None:
    """Return the newest decision on a trader that was registered at the time asked about."""
    found = [
        item
        for item in asked.view.fold(standing, "admission", trader).values()
        if isinstance(item.body, Admission)
    ]
    return next((item for item in reversed(found) if registered_by(asked, item.index)), None)


def overruled_notes(asked: Asked, found: Standing) -> list[Failure]:
    """Return the refusals that decisions up to one admitted a trader in spite of: the newest first."""
    notes: list[Failure] = []
    known = asked.view.fold(standing, "admission", found.subject)
    for id_, item in overruled(asked.view, found.subject).items():
        if item.index <= found.index:
            facts: dict[str, str | int] = {
                "trader": found.subject,
                "by": item.issuer,
                "why": repeated("; ".join(admission_of(item).reasons)),
            }
            facts[SINCE] = since(asked, item.index)
            notes.append(Failure("refusal-overruled", (known[id_].index, item.index), facts))
    return sorted(notes, key=lambda note: note.entries, reverse=True)


def admission_of(item: Standing) -> Admission:
    """Return the body of a decision."""
    assert isinstance(item.body, Admission)  # noqa: S101 - callers asked for decisions
    return item.body
