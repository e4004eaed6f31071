"""``history(topic, subject)``: everything ever said there, and that it is everything."""

from ledger.history import View
from ledger.questions.registry import question


@question("history", "topic", "subject")
def history(view: View, topic: str, subject: str) -> list[str]:
    """Return the ids of all entries of a history, oldest first."""
    return [entry.statement.id.hex() for entry in view.history(topic, subject).entries()]
