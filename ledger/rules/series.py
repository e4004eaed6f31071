"""Series of inbound inspections: what the history (``inspections``, trader + product) makes due.

A series is all inbound inspection of one trader's product at one level and AQL: the
continuing series of lots that GB/T 2828.1-2012 speaks of. In it each lot counts once, at its
first inspection, in the order of the log, a re-inspection that answers a refusal never; a
correction counts as if it had been said from the start. A statement of several plans counts in
the series of each. Patrol, flight and mystery inspections are picks out of stock or trade, no
successive lots of a process, and AQL 0 is of no table: they are in no series.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, takewhile

from ledger.histories.history import Entry, Fold
from ledger.rules.layered import Layered
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
from ledger.statements.amendment_family import Supersede, WithdrawnInError
from ledger.statements.catalogue import corrected
from ledger.statements.inspection_family import (
    NONE_ACCEPTED,
    Inspection,
    Judged,
    SamplingSwitch,
    amiss,
    plans_of,
)

SeriesKey = tuple[Level, Aql]


@dataclass(frozen=True, slots=True)
class Counted:
    """What an inspection said in one series."""

    key: SeriesKey
    severity: Severity
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Inspected:
    """One inspection as far as series need it.

    ``again``: it inspects anew what was refused; ``refuses``: it refuses the lot, or finds
    something critical; ``tied``: who inspects is tied to whom a pass favours.
    """

    index: int
    lot: str
    again: bool
    refuses: bool
    classes: tuple[Counted, ...]
    tied: bool = False

    def of(self, key: SeriesKey) -> Counted | None:
        """Return what it said in a series."""
        return next((item for item in self.classes if item.key == key), None)


def size_of(used: Judged) -> int:
    """Return the size of a lot that is inspected by the tables: their plans all know it."""
    assert used.lot_size is not None  # noqa: S101 - the statement's form asks for it
    return used.lot_size


def plan_of(used: Judged, severity: Severity) -> Plan:
    """Return the plan of the tables for a plan's lot, level and AQL, at a severity."""
    assert used.aql != NONE_ACCEPTED  # noqa: S101 - callers asked for others
    return plan_for(size_of(used), used.level, used.aql, severity)


def by_series(body: Inspection) -> dict[SeriesKey, list[Judged]]:
    """Return the plans of an inspection by their series; none but inbound is in any."""
    found: dict[SeriesKey, list[Judged]] = {}
    if body.mode == "inbound":
        for used in plans_of(body):
            if used.aql != NONE_ACCEPTED:
                found.setdefault((used.level, used.aql), []).append(used)
    return found


def inspected(index: int, lot: str, body: Inspection) -> Inspected:
    """Return an inspection as far as series need it."""
    classes = tuple(
        Counted(key, plans[0].severity, _worst(map(_outcome, plans)))
        for key, plans in by_series(body).items()
    )
    return Inspected(index, lot, bool(body.answers), amiss(body), classes)


def _outcome(used: Judged) -> Outcome:
    return outcome_of(plan_of(used, used.severity), used.nonconforming)


def _worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return what plans of one series count for together: no more than the least of them."""
    return min(outcomes, key=lambda item: (item.accepted, item.gain or 0))


Mark = tuple[int, Outcome | Severity]
"""An entry and what it counts for: a lot's first inspection, or a switch."""
CHUNK = 64
"""So many marks are kept together with the state before them: copies share them."""


def _moved(state: State, mark: Mark, tied: frozenset[int]) -> State:
    """Return the state behind a mark; a switch that a correction made undue moves nothing.

    ``tied``: the entries of who is tied: what others refused, these accept away nothing of.
    """
    index, what = mark
    if isinstance(what, str):
        return switched(state, index, what) or state
    return state if _idle(state, mark, tied) else step(state, index, what)


def _idle(state: State, mark: Mark, tied: frozenset[int]) -> bool:
    """Return whether a mark is what who is tied accepted of what others refused."""
    index, what = mark
    accepted = not isinstance(what, str) and what.accepted
    return accepted and index in tied and not tied.issuperset(_refusals(state))


def _refusals(state: State) -> tuple[int, ...]:
    """Return what was refused by which a series is under tightened inspection; nothing where it is not."""
    if state.stage != "tightened":
        return ()
    because = state.because if len(state.because) > 1 else ()  # one is the operator's switch
    return (*because, *state.refused)


class Series:
    """One series: its marks in the order of the log, and where it stands behind them.

    ``chunks``: (state before, marks), full ones; ``tail``: the marks behind them. ``first``:
    the entry of each lot's first inspection. ``switches``: the marks among them that are.
    ``tied``: the entries of who is tied; ``tightened``: whether it ever was.
    """

    __slots__ = ("chunks", "first", "state", "switches", "tail", "tail_from", "tied", "tightened")

    def __init__(self) -> None:
        self.chunks: tuple[tuple[State, tuple[Mark, ...]], ...] = ()
        self.tail: list[Mark] = []
        self.tail_from = self.state = START
        self.first: Layered[str, int] = Layered()
        self.switches: tuple[tuple[int, Severity], ...] = ()
        self.tied, self.tightened = frozenset[int](), False

    def copied(self) -> "Series":
        """Return another one with the same content."""
        other = Series()
        other.chunks, other.tail = self.chunks, self.tail.copy()
        other.tail_from, other.state = self.tail_from, self.state
        other.first, other.switches = self.first.copied(), self.switches
        other.tied, other.tightened = self.tied, self.tightened
        return other

    def steps(self) -> Iterator[tuple[int, State]]:
        """Yield each mark's entry and where the series stood behind it."""
        state = START
        for mark in chain(*(marks for _, marks in self.chunks), self.tail):
            state = _moved(state, mark, self.tied)
            yield mark[0], state

    def idle(self) -> tuple[int, ...]:
        """Return what who is tied accepted since the stage began, and counts for nothing."""
        state, found = START, list[int]()
        for mark in chain(*(marks for _, marks in self.chunks), self.tail):
            if _idle(state, mark, self.tied):
                found.append(mark[0])
            before, state = state, _moved(state, mark, self.tied)
            if before.stage != state.stage:
                found.clear()
        return tuple(found)

    def before(self, index: int) -> State:
        """Return where it stood before an entry, by all that is known now."""
        state, marks = self._around(self._chunk(index))
        for mark in takewhile(lambda mark: mark[0] < index, marks):
            state = _moved(state, mark, self.tied)
        return state

    def inspect(self, item: Inspected, outcome: Outcome) -> None:
        """Count an inspection, if it is its lot's first and answers none."""
        if not item.again and self.first.get(item.lot) is None:
            self.first.put(item.lot, item.index)
            self.tied |= {item.index} if item.tied else set()
            self._count((item.index, outcome))

    def switch(self, index: int, to: Severity) -> bool:
        """Switch, and return whether that was due."""
        if switched(self.state, index, to) is None:
            return False
        self.switches = (*self.switches, (index, to))
        self._count((index, to))
        return True

    def correct(self, item: Inspected, outcome: Outcome) -> None:
        """Let an inspection count as it was corrected, if it counts at all."""
        if self.first.get(item.lot) != item.index:
            return
        at = self._chunk(item.index)
        before, marks = self._around(at)
        later = chain(marks, *(marks for _, marks in self.chunks[at + 1 :]))
        later = chain(later, self.tail if at < len(self.chunks) else ())
        anew = [(item.index, outcome) if mark[0] == item.index else mark for mark in later]
        self.chunks, self.tail = self.chunks[:at], []
        self.tail_from = self.state = before
        for mark in anew:
            self._count(mark)

    def anew(self, items: Iterable[tuple[Inspected, Outcome]]) -> "Series":
        """Return this series with its switches, and with these inspections."""
        other = Series()
        other.switches = self.switches
        events: list[tuple[int, Severity | tuple[Inspected, Outcome]]] = [
            *self.switches,
            *((pair[0].index, pair) for pair in items),
        ]
        for index, what in sorted(events, key=lambda event: event[0]):
            if isinstance(what, tuple):
                other.inspect(*what)
            else:
                other._count((index, what))
        return other

    def _chunk(self, index: int) -> int:
        """Return which chunk an entry's place is in; behind all full ones: the tail."""
        if not self.chunks or (self.tail and self.tail[0][0] <= index):
            return len(self.chunks)
        at = bisect_right(self.chunks, index, key=lambda chunk: chunk[1][0][0])
        return max(at - 1, 0)

    def _around(self, at: int) -> tuple[State, Sequence[Mark]]:
        """Return a chunk: the state before it, and its marks."""
        return self.chunks[at] if at < len(self.chunks) else (self.tail_from, self.tail)

    def _count(self, mark: Mark) -> None:
        self.state = _moved(self.state, mark, self.tied)
        self.tightened = self.tightened or self.state.stage == "tightened"
        self.tail.append(mark)
        if len(self.tail) == CHUNK:
            self.chunks = (*self.chunks, (self.tail_from, tuple(self.tail)))
            self.tail, self.tail_from = [], self.state


Tied = Callable[[Entry], bool]
"""Whether who made an inspection is tied to whom its pass favours."""


class Inspections:
    """All that was inspected of one trader's product: its series, and what was let in against them.

    ``against``: entries whose severity, or switch, was not due as then known. ``issuers``: who
    inspected; ``tied``: whether who inspected is tied to whom a pass favours.
    """

    __slots__ = ("against", "issuers", "items", "series", "tied")

    def __init__(self, tied: Tied | None = None) -> None:
        self.tied, self.issuers = tied, frozenset[str]()
        self.items: Layered[bytes, Inspected] = Layered()
        self.series: dict[SeriesKey, Series] = {}
        self.against: tuple[int, ...] = ()

    def copied(self) -> "Inspections":
        """Return another one with the same content."""
        other = Inspections()
        other.items = self.items.copied()
        other.series = {key: series.copied() for key, series in self.series.items()}
        other.against, other.issuers, other.tied = self.against, self.issuers, self.tied
        return other

    @property
    def tightened(self) -> bool:
        """Return whether any of its series ever was under tightened inspection."""
        return any(series.tightened for series in self.series.values())

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

    def due(
        self, item: Inspected, key: SeriesKey, instead: Inspected | None = None
    ) -> tuple[Stage, State]:
        """Return the stage that an inspection belongs to, and the state of the series it follows from.

        A refusal belongs to no stop: what keeps goods out is heard, as severely inspected as before.
        ``instead``: what a correction corrects; within its series that keeps its severity.
        """
        index = None if instead is None else instead.index
        series = self.of(key)
        state = series.state if index is None else series.before(index)
        before = None if instead is None else instead.of(key)
        if before is not None:
            return before.severity, state
        if stopped := self.discontinued(index):
            if not item.refuses:
                return "discontinued", stopped.get(key) or next(iter(stopped.values()))
            if key in stopped:
                return "tightened", state
        first = series.first.get(item.lot)
        again = item.again or (first is not None and first < item.index)
        if state.stage == "reduced" and again:
            return "normal", state  # 7.4: inspected again, never under reduced inspection
        return state.stage, state

    def undue_at_none(
        self, item: Inspected, instead: Inspected | None = None
    ) -> dict[SeriesKey, State]:
        """Return what is discontinued when an inbound inspection is at AQL 0 alone: it is in no series."""
        if item.classes or item.refuses or instead is not None:
            return {}
        return self.discontinued()

    def take(self, entry: Entry) -> None:
        """Take one more entry of the history."""
        body = entry.body
        match body:
            case Inspection():
                self._add(entry, body)
            case SamplingSwitch():
                series = self.series.setdefault((body.level, body.aql), Series())
                if not series.switch(entry.index, body.to):
                    self.against += (entry.index,)
            case Supersede():
                self._correct(entry, body)
            case WithdrawnInError(target=target):
                self._take_back(bytes.fromhex(target.id))
            case _:
                pass

    def _add(self, entry: Entry, body: Inspection) -> None:
        item = inspected(entry.index, entry.statement.subject, body)
        self.issuers |= {entry.statement.issuer}
        if self.tied is not None and self.tied(entry):
            item = replace(item, tied=True)
        self.items.put(entry.statement.id, item)
        if self._undue(item, body):
            self.against += (entry.index,)
        for said in item.classes:
            self.series.setdefault(said.key, Series()).inspect(item, said.outcome)

    def _undue(self, item: Inspected, body: Inspection, instead: Inspected | None = None) -> bool:
        """Return whether an inspection has another severity than is due, in any of its series."""
        if body.mode == "inbound" and self.undue_at_none(item, instead):
            return True
        return any(
            self.due(item, key, instead)[0] != used.severity
            for key, plans in by_series(body).items()
            for used in plans
        )

    def _correct(self, entry: Entry, body: Supersede) -> None:
        id_ = bytes.fromhex(body.target.id)
        old, said = self.items.get(id_), corrected(body)
        if old is None or not isinstance(said, Inspection):
            return
        new = replace(inspected(old.index, old.lot, said), tied=old.tied)
        if self._undue(new, said, old):
            self.against += (entry.index,)
        self.items.put(id_, new)
        for key in dict.fromkeys(item.key for item in (*old.classes, *new.classes)):
            before, now = old.of(key), new.of(key)
            if before is not None and now is not None and old.again == new.again:
                if now.outcome != before.outcome:
                    self.series[key].correct(new, now.outcome)
            else:
                self.series[key] = self.of(key).anew(self._counted(key))

    def _take_back(self, id_: bytes) -> None:
        """Let an inspection that was withdrawn in error count in no series."""
        old = self.items.get(id_)
        if old is None:
            return
        self.items.put(id_, Inspected(old.index, old.lot, old.again, old.refuses, ()))
        for item in old.classes:
            self.series[item.key] = self.of(item.key).anew(self._counted(item.key))

    def _counted(self, key: SeriesKey) -> Iterator[tuple[Inspected, Outcome]]:
        """Yield the inspections of a series, with what each counts for in it."""
        for item in self.items.values():
            said = item.of(key)
            if said is not None:
                yield item, said.outcome


def _inspections(found: Inspections, entries: Sequence[Entry]) -> Inspections:
    for entry in entries:
        found.take(entry)
    return found


inspections: Fold[Inspections] = Fold(Inspections, _inspections, Inspections.copied)
"""All that was inspected of one trader's product, from (``inspections``, trader + product)."""
