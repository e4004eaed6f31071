"""``history(topic, subject)``: everything ever said there, and that it is everything."""

from ledger.questions.verdict import Asked


def history(asked: Asked, *, topic: str, subject: str) -> list[str]:
    """Return the ids of all entries of a history, oldest first."""
    return [entry.statement.id.hex() for entry in asked.view.history(topic, subject).entries()]
