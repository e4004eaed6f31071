"""Series of inspections, folded entry by entry, against a plain retelling from the start.

Rows of inspections, corrections and switches in any order, kept or not by the rules: after each
the fold stands where the retelling of what is then known stands, and names the same entries as
let in against the series.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rules.scenarios.sampling import inbound
from tea import GTIN
from usual import Told
from world import BRAND, ORIGIN, TRADER, World, key_of

from ledger.histories.history import Entry
from ledger.primitives import ijson
from ledger.rules import series
from ledger.rules.layered import Layered
from ledger.rules.series import Inspections, Series, inspections
from ledger.sampling import START, outcome_of, plan_for, step, switched
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement, sign_statement
from ledger.store import view


@pytest.fixture(scope="module", autouse=True)
def small_parts() -> Iterator[None]:
    """Let what copies share come in small parts, so that short stories have many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(series, "CHUNK", 5)
        patch.setattr(Layered, "TOP", 3)
        yield


KEYS = (("II", "1.0"), ("I", "2.5"))
BAD = 30
"""Nonconforming items that are refused under every plan here; none are accepted."""


@dataclass(frozen=True)
class Looked:
    """An inspection as the retelling knows it."""

    index: int
    lot: int
    key: int | None
    severity: str
    bad: bool


@dataclass
class Story:
    """What was said of one trader's product, as entries and as the retelling knows it."""

    entries: list[Entry] = field(default_factory=list)
    told: list[Looked] = field(default_factory=list)
    switches: list[tuple[int, int, str]] = field(default_factory=list)
    against: list[int] = field(default_factory=list)

    def say(self, type_: str, subject: str, fields: dict[str, Any]) -> None:
        raw = sign_statement(
            key_of("pen"),
            ijson.encode({"v": 1, "type": type_} | fields),
            issuer=BRAND,
            subject=subject,
            issued_at=1_790_000_000 + len(self.entries),
            audience=ORIGIN,
        )
        statement = parse_statement(raw)
        body = decode_body(statement)
        self.entries.append(Entry(10 + 2 * len(self.entries), statement, body))

    @property
    def next(self) -> int:
        return 10 + 2 * len(self.entries)

    def fields(self, said: Looked) -> dict[str, Any]:
        level, aql = KEYS[said.key or 0]
        plan = plan_for(2000, level, aql, said.severity)
        found = BAD if said.bad else 0
        return {
            "mode": "patrol" if said.key is None else "inbound",
            "trader": TRADER,
            "on": "2026-05-01T08:00:00Z",
            "lot_size": 2000,
            "level": level,
            "aql": aql,
            "severity": said.severity,
            "sample_size": plan.sample_size,
            "accept": plan.accept,
            "reject": plan.reject,
            "nonconforming": found,
            "decision": "refused" if said.bad else "accepted",
        }

    def inspect(self, lot: int, key: int | None, severity: str | None, *, bad: bool) -> None:
        """Somebody inspects a lot, as severely as is due or as said."""
        due = self.due(key, lot, bad=bad)
        severity = severity or (due if due != "discontinued" else "tightened")
        said = Looked(self.next, lot, key, severity, bad)
        if key is not None and severity != due:
            self.against.append(said.index)
        self.told.append(said)
        self.say("inspection", f"{GTIN}/10/L{lot}", self.fields(said))

    def correct(self, which: int, key: int | None, severity: str | None, *, bad: bool) -> None:
        """An inspection is corrected."""
        if not self.told:
            return
        at = which % len(self.told)
        old = self.told[at]
        new = replace(old, key=key, severity=severity or old.severity, bad=bad)
        if new.key is not None:
            due = (
                old.severity
                if new.key == old.key
                else self.due(new.key, new.lot, old.index, bad=bad)
            )
            if due != new.severity:
                self.against.append(self.next)
        target = next(e for e in self.entries if e.index == old.index).statement
        cited = {"id": target.id.hex(), "topic": "inspection", "subject": target.subject}
        payload = {"v": 1, "type": "inspection"} | self.fields(new)
        fields = {"target": cited, "statement": payload, "reason": "mistyped"}
        self.say("supersede", target.subject, fields)
        self.told[at] = new

    def switch(self, key: int, to: str) -> None:
        """The operator switches."""
        if switched(self.state(key), self.next, to) is None:
            self.against.append(self.next)
        else:
            self.switches.append((self.next, key, to))
        level, aql = KEYS[key]
        photo = {"digest": "5" * 64, "size": 1, "media_type": "image/jpeg"}
        fields = {"trader": TRADER, "level": level, "aql": aql, "to": to}
        self.say("sampling-switch", GTIN, fields | {"reason": "so", "evidence": [photo]})

    def state(self, key: int, before: int = 1 << 60):
        """Return where a series stands before an entry, from its start."""
        events = [(i, to) for i, k, to in self.switches if k == key]
        events += [(said.index, said) for said in self.told if said.key == key]
        state, seen = START, set()
        for index, what in sorted(events, key=lambda event: event[0]):
            if index >= before:
                break
            if isinstance(what, str):
                state = switched(state, index, what) or state
            elif what.lot not in seen:
                seen.add(what.lot)
                plan = plan_for(2000, *KEYS[key], what.severity)
                state = step(state, index, outcome_of(plan, BAD if what.bad else 0))
        return state

    def due(self, key: int | None, lot: int, before: int = 1 << 60, *, bad: bool) -> str:
        if key is None:
            return "normal"
        stage = self.state(key, before).stage
        if any(self.state(k, before).stage == "discontinued" for k in range(len(KEYS))):
            if not bad:
                return "discontinued"
            stage = "tightened" if stage == "discontinued" else stage
        again = any(t.lot == lot and t.key == key and t.index < before for t in self.told)
        return "normal" if stage == "reduced" and again else stage


severities = st.sampled_from([None, None, None, "normal", "tightened", "reduced"])
keys = st.sampled_from([0, 0, 0, 1, None])
moves = st.one_of(
    st.tuples(st.just("lots"), st.sampled_from(["+", "RR", "RRRRR", "+++++", "+" * 10])),
    st.tuples(st.just("inspect"), st.integers(0, 5), keys, severities, st.booleans()),
    st.tuples(st.just("correct"), st.integers(0, 50), keys, severities, st.booleans()),
    st.tuples(st.just("switch"), st.sampled_from([0, 0, 1]),
              st.sampled_from(["reduced", "normal", "tightened"])),
)  # fmt: skip


def stands(found: Inspections) -> dict[Any, Any]:
    told = found.series.items()
    return {key: s.state for key, s in told if list(s.steps())} | {"against": found.against}


@settings(max_examples=150, deadline=None)
@given(st.lists(moves, min_size=1, max_size=12))
@example([("lots", "+" * 10), ("switch", 0, "reduced"), ("lots", "+"), ("inspect", 3, 0, None, False),
          ("correct", 9, 0, None, True), ("lots", "+"), ("switch", 0, "normal")])  # fmt: skip
@example([("lots", "RR"), ("lots", "RRRRR"), ("inspect", 1, 1, None, False),
          ("switch", 0, "tightened"), ("correct", 4, 0, None, False), ("lots", "R")])  # fmt: skip
@example([("inspect", 1, None, None, True), ("inspect", 1, 0, None, False),
          ("correct", 0, 0, None, True), ("correct", 0, None, None, True),
          ("inspect", 1, 0, None, True)])  # fmt: skip
def test_a_series_stands_where_its_retelling_stands(told: list[tuple[Any, ...]]):
    story, found, fresh = Story(), inspections(()), count(100)
    taken: list[Entry] = []
    for kind, *how in told:
        if kind == "lots":
            for word in how[0]:
                story.inspect(next(fresh), 0, None, bad=word == "R")
        elif kind == "switch":
            story.switch(*how)
        else:
            *rest, bad = how
            getattr(story, kind)(*rest, bad=bad)
        found = inspections.step(inspections.copy(found), story.entries[len(taken) :])
        taken = story.entries.copy()
        expected = {KEYS[k]: story.state(k) for k in range(len(KEYS))}
        assert {key: found.of(key).state for key in expected} == expected
        assert list(found.against) == story.against
    assert stands(inspections(story.entries)) == stands(found)


def test_a_copy_is_left_alone():
    story = Story()
    for lot in range(4):
        story.inspect(lot, 0, None, bad=False)
    found = inspections(story.entries[:2])
    kept = stands(found.copied())
    inspections.step(inspections.copy(found), story.entries[2:])
    assert stands(found) == kept


def test_each_first_inspection_is_counted_once(monkeypatch: pytest.MonkeyPatch):
    """The fold goes on from where it stood, whatever was corrected since but its outcome."""
    counted: list[int] = []
    original = Series._count

    def count_one(own: Series, mark: Any) -> None:
        counted.append(mark[0])
        original(own, mark)

    monkeypatch.setattr(Series, "_count", count_one)
    story, found = Story(), inspections(())
    for lot in range(300):
        story.inspect(lot, 0, None, bad=False)
        found = inspections.step(found, story.entries[-1:])
        if lot % 3 == 0:
            story.correct(lot, 0, None, bad=False)
            found = inspections.step(found, story.entries[-1:])
    assert len(counted) == 300
    story.correct(297, 0, None, bad=True)
    inspections.step(found, story.entries[-1:])
    assert len(counted) <= 300 + 3 + series.CHUNK, "a corrected outcome, and what lies behind it"


@given(st.lists(st.tuples(st.integers(0, 30), st.integers()), max_size=200), st.integers(0, 200))
def test_a_layered_map_is_a_map_and_its_copies_are_left_alone(puts: list[tuple[int, int]], at: int):
    made: Layered[int, int] = Layered()
    for key, value in puts[:at]:
        made.put(key, value)
    kept, other = made, made.copied()
    for key, value in puts[at:]:
        other.put(key, value)
    for found, expected in ((kept, dict(puts[:at])), (other, dict(puts))):
        assert sorted(found.values()) == sorted(expected.values())
        assert {key: found.get(key) for key in range(31)} == {
            key: expected.get(key) for key in range(31)
        }


def test_what_a_batch_added_is_not_read_again_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    world = World(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    world.told = Told(world)
    world.told.begin()
    first = world.register(*(inbound(number)(world) for number in range(3)))
    parsed: list[int] = []
    original = view.parse_entry

    def parse_one(index: int, leaf: bytes) -> Entry:
        parsed.append(index)
        return original(index, leaf)

    monkeypatch.setattr(view, "parse_entry", parse_one)
    world.register(*(inbound(number)(world) for number in range(3, 6)))
    assert not {outcome.index for outcome in first} & set(parsed)
    world.check()
    world.log.engine.dispose()
