"""What was said of goods, each entry once: who said it when, whether only later, and what became of it."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ledger.histories.history import Entry
from ledger.primitives.instant import format_us
from ledger.questions.verdict import Asked
from ledger.rules.standing import Standing, standing
from ledger.rules.state import MICROSECONDS
from ledger.statements.amendment_family import WithdrawnInError
from ledger.statements.catalogue import said_by, type_name
from ledger.statements.inspection_family import Inspection


def _decided(entry: Entry) -> str | None:
    """Return what an inspection, or a correction of one, decided of its lot."""
    body = said_by(entry.body)
    return body.decision if isinstance(body, Inspection) else None


@dataclass(slots=True)
class Heard:
    """Everything that was said, each entry once, with the first thing it is about.

    ``undone``: what ended an entry in every history that it was heard from: a recall that is
    withdrawn of one lot of two stands for the other.
    """

    asked: Asked
    about: dict[int, tuple[Entry, str]] = field(default_factory=dict)
    undone: dict[int, Entry | None] = field(default_factory=dict)

    def hear(self, topic: str, subject: str) -> None:
        """Take in a whole history, and what became of what it says."""
        self.take(self.asked.view.history(topic, subject).entries(), subject)
        self.follow(topic, subject)

    def follow(self, topic: str, subject: str) -> None:
        """Take in what became of what a history says."""
        entries = self.asked.view.history(topic, subject).entries()
        by_index = {entry.index: entry for entry in entries}
        for item in self.asked.view.fold(standing, topic, subject).values():
            end = by_index.get(-1 if item.ended is None else item.ended)
            if end is None and subject in item.taken_out:
                end = _taken_out(entries, item, subject)
            self.undone[item.index] = self.undone.get(item.index, end) and end

    def take(self, entries: Iterable[Entry], subject: str) -> None:
        """Take in entries."""
        for entry in entries:
            self.about.setdefault(entry.index, (entry, subject))

    def _known(self, indices: list[int]) -> int:
        """Return how many of these, ascending, were registered by the time asked about.

        Times are asked for of a few only: a bundle carries a seal for each.
        """
        at_us = self.asked.valid_at_us
        if at_us >= self.asked.newest_us:
            return len(indices)
        return bisect_right(indices, at_us, key=self.asked.view.registered_us)

    def rows(self) -> list[dict[str, Any]]:
        """Return who said what when, oldest first."""
        indices = sorted(self.about)
        known = self._known(indices)
        return [self._row(index, later=at >= known) for at, index in enumerate(indices)]

    def _row(self, index: int, *, later: bool) -> dict[str, Any]:
        (entry, about), end = self.about[index], self.undone.get(index)
        undone = None if end is None else {"entry": end.index, "issuer": end.statement.issuer}
        return {
            "entry": index,
            "type": type_name(entry.body),
            "issuer": entry.statement.issuer,
            "subject": entry.statement.subject,
            "about": about,
            "issued_at": format_us(entry.statement.issued_at * MICROSECONDS),
            "decided": _decided(entry),
            "later": later,
            "undone": undone,
        }


def _taken_out(entries: Iterable[Entry], item: Standing, lot: str) -> Entry | None:
    """Return who first took a lot out of a recall that others are still called back by."""
    for entry in entries:
        body = entry.body
        if isinstance(body, WithdrawnInError) and body.target.id == item.id and lot in body.lots:
            return entry
    return None
