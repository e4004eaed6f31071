"""Series of inbound inspections: what the history (``inspections``, trader + product) makes due.

A series is all inbound inspection of one trader's product at one level and AQL: the
continuing series of lots that GB/T 2828.1-2012 speaks of. In it each lot counts once, at its
first inspection, in the order of the log; a correction counts as if it had been said from the
start. Patrol, flight and mystery inspections are picks out of stock or trade, no successive
lots of a process: they are in no series.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.history import Entry, Fold
from ledger.sampling import (
    START,
    Aql,
    Level,
    Outcome,
    Plan,
    Severity,
    Stage,
    State,
    outcome_of,
    plan_for,
    step,
    switched,
)
from ledger.statements.amendment_family import Supersede
from ledger.statements.catalogue import corrected
from ledger.statements.inspection_family import Inspection, SamplingSwitch

SeriesKey = tuple[Level, Aql]


@dataclass(frozen=True, slots=True)
class Inspected:
    """One inspection as far as a series needs it; ``key``: its series, None for none."""

    index: int
    lot: str
    key: SeriesKey | None
    severity: Severity
    outcome: Outcome


def plan_of(body: Inspection) -> Plan:
    """Return the plan of the tables for an inspection's lot, level, AQL and severity."""
    return plan_for(body.lot_size, body.level, body.aql, body.severity)


def inspected(index: int, lot: str, body: Inspection) -> Inspected:
    """Return an inspection as far as a series needs it."""
    key = (body.level, body.aql) if body.mode == "inbound" else None
    return Inspected(index, lot, key, body.severity, outcome_of(plan_of(body), body.nonconforming))


class Series:
    """One series: (entry, what counts) in the order of the log, and where it stood before each.

    ``states`` has one more than ``marks``: the last is where it stands now. ``first``: the
    entry of each lot's first inspection.
    """

    __slots__ = ("first", "marks", "states")

    def __init__(self) -> None:
        self.marks: list[tuple[int, Outcome | Severity]] = []
        self.states: list[State] = [START]
        self.first: dict[str, int] = {}

    @property
    def state(self) -> State:
        """Return where it stands now."""
        return self.states[-1]

    def before(self, index: int) -> State:
        """Return where it stood before an entry, by all that is known now."""
        return self.states[self._place(index)]

    def copied(self) -> "Series":
        """Return another one with the same content."""
        other = Series()
        other.marks, other.states = self.marks.copy(), self.states.copy()
        other.first = self.first.copy()
        return other

    def inspect(self, item: Inspected) -> None:
        """Count an inspection, if it is its lot's first."""
        if item.lot not in self.first:
            self.first[item.lot] = item.index
            self._count(item.index, item.outcome)

    def switch(self, index: int, to: Severity) -> bool:
        """Switch, and return whether that was due."""
        if switched(self.state, index, to) is None:
            return False
        self._count(index, to)
        return True

    def correct(self, item: Inspected) -> None:
        """Let an inspection count as it was corrected, if it counts at all."""
        at = self._place(item.index)
        if self.first[item.lot] == item.index and self.marks[at][1] != item.outcome:
            rest = [(item.index, item.outcome), *self.marks[at + 1 :]]
            del self.marks[at:], self.states[at + 1 :]
            for mark in rest:
                self._count(*mark)

    def anew(self, items: Sequence[Inspected]) -> "Series":
        """Return this series with its switches, and with these inspections."""
        other = Series()
        events: list[tuple[int, Severity | Inspected]] = [
            *((index, what) for index, what in self.marks if isinstance(what, str)),
            *((item.index, item) for item in items),
        ]
        for index, what in sorted(events, key=lambda event: event[0]):
            if isinstance(what, Inspected):
                other.inspect(what)
            else:
                other._count(index, what)
        return other

    def _place(self, index: int) -> int:
        return bisect_left(self.marks, index, key=lambda mark: mark[0])

    def _count(self, index: int, what: Outcome | Severity) -> None:
        state = self.state
        if isinstance(what, str):
            # Behind a correction a switch may not have been due: then it moved nothing.
            state = switched(state, index, what) or state
        else:
            state = step(state, index, what)
        self.marks.append((index, what))
        self.states.append(state)


class Inspections:
    """All that was inspected of one trader's product: its series, and what was let in against them.

    ``against``: entries whose severity, or switch, was not due as then known.
    """

    __slots__ = ("against", "items", "series")

    def __init__(self) -> None:
        self.items: dict[bytes, Inspected] = {}
        self.series: dict[SeriesKey, Series] = {}
        self.against: list[int] = []

    def copied(self) -> "Inspections":
        """Return another one with the same content."""
        other = Inspections()
        other.items = self.items.copy()
        other.series = {key: series.copied() for key, series in self.series.items()}
        other.against = self.against.copy()
        return other

    def of(self, key: SeriesKey) -> Series:
        """Return a series, empty if nothing was inspected in it."""
        return self.series.get(key) or Series()

    def discontinued(self, index: int | None = None) -> dict[SeriesKey, State]:
        """Return the series that are discontinued, or were before an entry."""
        states = {
            key: series.state if index is None else series.before(index)
            for key, series in self.series.items()
        }
        return {key: state for key, state in states.items() if state.stage == "discontinued"}

    def due(self, item: Inspected, instead: Inspected | None = None) -> tuple[Stage, State]:
        """Return the stage that an inspection belongs to, and the state of the series it follows from.

        ``instead``: what a correction corrects; within its series that keeps its severity.
        """
        assert item.key is not None  # noqa: S101 - others are in no series
        index = None if instead is None else instead.index
        series = self.of(item.key)
        state = series.state if index is None else series.before(index)
        if instead is not None and instead.key == item.key:
            return instead.severity, state
        if stopped := self.discontinued(index):
            return "discontinued", stopped.get(item.key) or next(iter(stopped.values()))
        if state.stage == "reduced" and series.first.get(item.lot, item.index) < item.index:
            return "normal", state  # 7.4: inspected again, never under reduced inspection
        return state.stage, state

    def take(self, entry: Entry) -> None:
        """Take one more entry of the history."""
        body = entry.body
        match body:
            case Inspection():
                self._add(entry, body)
            case SamplingSwitch():
                series = self.series.setdefault((body.level, body.aql), Series())
                if not series.switch(entry.index, body.to):
                    self.against.append(entry.index)
            case Supersede():
                self._correct(entry, body)
            case _:
                pass

    def _add(self, entry: Entry, body: Inspection) -> None:
        item = inspected(entry.index, entry.statement.subject, body)
        self.items[entry.statement.id] = item
        if item.key is not None:
            if self.due(item)[0] != item.severity:
                self.against.append(entry.index)
            self.series.setdefault(item.key, Series()).inspect(item)

    def _correct(self, entry: Entry, body: Supersede) -> None:
        id_ = bytes.fromhex(body.target.id)
        old, said = self.items.get(id_), corrected(body)
        if old is None or not isinstance(said, Inspection):
            return
        new = inspected(old.index, old.lot, said)
        if new.key is not None and self.due(new, old)[0] != new.severity:
            self.against.append(entry.index)
        self.items[id_] = new
        if new.key is not None and new.key == old.key:
            self.series[new.key].correct(new)
            return
        for key in (old.key, new.key):
            if key is not None:
                kept = [item for item in self.items.values() if item.key == key]
                self.series[key] = self.of(key).anew(kept)


def _inspections(found: Inspections, entries: Sequence[Entry]) -> Inspections:
    for entry in entries:
        found.take(entry)
    return found


inspections: Fold[Inspections] = Fold(Inspections, _inspections, Inspections.copied)
"""All that was inspected of one trader's product, from (``inspections``, trader + product)."""
