"""Processor time by stage: functions of the ledger wrapped, each second counted once.

A stage's time is its own, without that of stages it calls; rules are stages too. Wrapping
costs under a microsecond a call, most of it on the rules.
"""

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from bench_common import key_of

from ledger import audit
from ledger.audit import merge
from ledger.histories.views import MemoryView
from ledger.primitives import ed25519
from ledger.rules.registry import REGISTRY, Case, Refusal, Rule
from ledger.store.append import Writer
from ledger.store.driver import SqliteDriver
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import Snapshot
from ledger.store.view import StoredHistory, StoreView
from ledger.tlog.prefix_tree import PrefixTree
from ledger.writing import batch, log, publisher, submission

ranges = import_module("ledger.audit.ranges")  # the package has a function of this name

Owners = tuple[tuple[Any, str, str], ...]

REGISTERING: Owners = (
    (submission, "parse_statement", "decode COSE"),
    (submission, "read_payload", "decode payload"),
    (submission.Submission, "read", "reads ahead"),
    (log, "verifies", "verify"),
    (log.Log, "_receive", "receive"),
    (log, "review", "review, less rules"),
    (log.Log, "_review", "batch, less review"),
    (StoreView, "prepare", "prepared together"),
    (StoreView, "add", "overlay"),
    (StoreView, "fold", "folds"),
    (StoreView, "history", "history states"),
    (StoredHistory, "entries", "entries read back"),
    (PrefixTree, "load", "index pages read"),
    (Snapshot, "by_id", "known ids"),
    (Snapshot, "leaves", "leaves read"),
    (batch.Growth, "append", "hashes"),
    (batch.Growth, "index_into", "index"),
    (batch.Growth, "write", "rows"),
    (Writer, "put_pages", "rows of pages"),
    (Writer, "append_entries", "rows of entries"),
    (SqliteDriver, "insert", "rows of entries"),
    (publisher.Publisher, "publish", "publish"),
    (log.Log, "_write_shared", "commit and the rest"),
)
REPLAYING: Owners = (
    (ranges, "parse_statement", "worker: decode COSE"),
    (ranges, "read_payload", "worker: decode payload"),
    (ranges, "verify_signature", "worker: verify"),
    (audit, "check_range", "worker: the rest"),
    (DatabaseReader, "entries", "leaves read"),
    (merge, "parse_statement", "merge: decode COSE"),
    (merge, "read_again", "merge: decode payload"),
    (merge, "review", "review, less rules"),
    (merge.Merge, "_entry", "merge: entries"),
    (merge.Merge, "_end_batch", "merge: batches"),
    (merge.Merge, "_history", "merge: histories"),
    (merge.Merge, "_index_root", "merge: index"),
    (merge.Merge, "_tile", "merge: tiles"),
    (merge.Merge, "merge", "merge: the rest"),
    (merge.Merge, "finish", "finish"),
    (MemoryView, "add", "overlay"),
    (merge.ReplayView, "fold", "folds"),
)


class Stages:
    """A stack of running stages; the clock is always charged to the innermost."""

    def __init__(self) -> None:
        self.spent: dict[str, int] = defaultdict(int)
        self.calls: dict[str, int] = defaultdict(int)
        self._stack = ["the rest"]
        self._since = time.perf_counter_ns()

    def enter(self, name: str) -> None:
        now = time.perf_counter_ns()
        self.spent[self._stack[-1]] += now - self._since
        self.calls[name] += 1
        self._stack.append(name)
        self._since = now

    def leave(self) -> None:
        now = time.perf_counter_ns()
        self.spent[self._stack.pop()] += now - self._since
        self._since = now

    def wrapped(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            self.enter(name)
            try:
                return function(*args, **more)
            finally:
                self.leave()

        return call

    def collecting(self, phase: str, _found: dict[str, int]) -> None:
        if phase == "start":
            self.enter("garbage collection")
        else:
            self.leave()

    def rule(self, rule: Rule) -> Rule:
        def check(case: Case) -> Iterator[Refusal]:
            self.enter(f"rule {rule.id}")
            try:
                return iter(list(rule.check(case)))
            finally:
                self.leave()

        return Rule(rule.id, rule.types, rule.bite, check)


def verifications_per_second(count: int = 5_000) -> float:
    """Return V of one processor, in processor time."""
    key, message = key_of(9), b"m" * 700
    signature = key.sign(message)
    began = time.process_time()
    for _ in range(count):
        ed25519.verify(key.public.x, message, signature)
    return count / (time.process_time() - began)


def run(owners: Owners, load: Callable[[], int]) -> None:
    """Run a load with every stage timed; print microseconds a statement, the largest first."""
    stages = Stages()
    for owner, name, stage in owners:
        setattr(owner, name, stages.wrapped(getattr(owner, name), stage))
    for id_, item in REGISTRY.rules.items():
        REGISTRY.rules[id_] = stages.rule(item)
    REGISTRY._by_type.clear()  # noqa: SLF001 - the rules just wrapped
    gc.collect()
    gc.callbacks.append(stages.collecting)
    v = verifications_per_second()
    wall, used = time.perf_counter(), time.process_time()
    count = load()
    used, wall = time.process_time() - used, time.perf_counter() - wall
    v = (v + verifications_per_second()) / 2
    share = used / wall  # others use the machine too: wall time is scaled to this process's
    print(
        f"{count:,} statements: {1e6 * used / count:.0f} us of processor time each, "
        f"{count / used / v:.3f} of one processor's V ({v:,.0f}/s)"
    )
    rules = sum(ns for name, ns in stages.spent.items() if name.startswith("rule "))
    print(f"{rules * share / count / 1e3:9.1f} us  all rules")
    for name, ns in sorted(stages.spent.items(), key=lambda item: -item[1])[:48]:
        print(
            f"{ns * share / count / 1e3:9.1f} us  {name}  ({stages.calls[name] / count:.2f} calls)"
        )
