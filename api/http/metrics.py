"""What Prometheus reads: counts and durations of this process, without personal data."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

REMEMBERED_S = 1.0
K = TypeVar("K")
C = TypeVar("C")

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
STATEMENTS = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000)


class _OfOneProcess(Collector):
    """All metrics with a ``process`` label: several processes answer at one port, in turn."""

    def __init__(self, registry: CollectorRegistry, process: str) -> None:
        self._registry = registry
        self._process = process

    def collect(self) -> Iterator[Metric]:
        """Yield each family, its samples labelled."""
        for family in self._registry.collect():
            family.samples = [
                sample._replace(labels={"process": self._process, **sample.labels})
                for sample in family.samples
            ]
            yield family


class _Children(dict[K, C]):
    """A metric's children by their labels, made when they are first asked for."""

    def __init__(self, make: Callable[[K], C]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: K) -> C:
        found = self[key] = self._make(key)
        return found


class Metrics:
    """One process's figures, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter(
            "pinyuan_requests",
            "Requests answered.",
            ["route", "method", "status"],
            registry=registry,
        )
        self.seconds = Histogram(
            "pinyuan_request_seconds",
            "From a request's head to the end of its answer.",
            ["route"],
            buckets=SECONDS,
            registry=registry,
        )
        self.statements = Counter(
            "pinyuan_statements",
            "Statements decided: registered, again (byte for byte as before), refused.",
            ["outcome"],
            registry=registry,
        )
        self.refusals = Counter(
            "pinyuan_refusals", "Broken rules, by rule.", ["rule"], registry=registry
        )
        self.batches = Histogram(
            "pinyuan_batch_statements",
            "Statements handed to the writing process at once.",
            buckets=STATEMENTS,
            registry=registry,
        )
        self.failures = Counter(
            "pinyuan_batches_failed", "Batches whose outcome is not known.", registry=registry
        )
        self.queue = Gauge(
            "pinyuan_queue_statements", "Statements that wait to be handed over.", registry=registry
        )
        self.queue_age = Gauge(
            "pinyuan_queue_age_seconds", "How long the oldest of them waits.", registry=registry
        )
        self.reads_s = Counter(
            "pinyuan_read_processor_seconds",
            "Processor time of reads that take long, in the processes that answer them.",
            ["route"],
            registry=registry,
        )
        self.reads_refused = Counter(
            "pinyuan_reads_refused",
            "Reads refused: quota (processor time of a client), line (many requests of one "
            "client wait), overload (too many wait).",
            ["why"],
            registry=registry,
        )
        for why in ("quota", "line", "overload"):
            self.reads_refused.labels(why)
        self.size = Gauge("pinyuan_log_entries", "Entries in the log.", registry=registry)
        self.seal_age = Gauge(
            "pinyuan_seal_age_seconds", "How long ago the newest seal was made.", registry=registry
        )
        self.search_lag = Gauge(
            "pinyuan_search_lag_entries",
            "Entries that the search index does not have yet.",
            registry=registry,
        )
        self.cosigned = Gauge(
            "pinyuan_cosigned_entries",
            "The newest size that anybody cosigned, 0 without.",
            registry=registry,
        )
        self.checks = Gauge(
            "pinyuan_check",
            "What /readyz looks at: 1 where it holds, 0 where it does not.",
            ["check"],
            registry=registry,
        )
        self.disk_free = Gauge(
            "pinyuan_disk_free_ratio",
            "The share of the disk with the ledger's directory that is free.",
            registry=registry,
        )
        self.backup = Gauge(
            "pinyuan_backup_seconds",
            "When the newest backup was taken, POSIX time, 0 without.",
            registry=registry,
        )
        ProcessCollector(registry=registry)
        self._certificate: tuple[Gauge, Gauge] | None = None
        # Looking a child up by its labels costs more than counting.
        self._counters: _Children[tuple[str, str, int], Counter] = _Children(
            lambda key: self.requests.labels(*key)
        )
        self._outcomes: _Children[str, Counter] = _Children(self.statements.labels)
        self._histograms: _Children[str, Histogram] = _Children(self.seconds.labels)
        self._newest: tuple[float, bytes | None] = (0.0, None)
        self._exposed = CollectorRegistry()
        self._exposed.register(_OfOneProcess(registry, str(os.getpid())))

    def request(self, route: str, method: str, status: int) -> None:
        """Note an answered request."""
        self._counters[route, method, status].inc()

    def took(self, route: str, seconds: float) -> None:
        """Note how long one took."""
        self._histograms[route].observe(seconds)

    def read_cost(self, route: str, seconds: float) -> None:
        """Note the processor time of a read that takes long."""
        self.reads_s.labels(route).inc(seconds)

    def read_refused(self, why: str) -> None:
        """Note a read that was refused."""
        self.reads_refused.labels(why).inc()

    def handed_over(self, statements: int) -> None:
        """Note a batch on its way to the writing process."""
        self.batches.observe(statements)

    def failed(self) -> None:
        """Note that nothing is known of a batch."""
        self.failures.inc()

    def decided(self, *, registered: int, again: int, refused: Sequence[Sequence[str]]) -> None:
        """Note what became of a batch's statements; ``refused``: the rules that each broke."""
        self._outcomes["registered"].inc(registered)
        self._outcomes["again"].inc(again)
        self._outcomes["refused"].inc(len(refused))
        for rules in refused:
            for rule in rules:
                self.refusals.labels(rule).inc()

    def shown(self, ends_s: float, *, refused: bool) -> None:
        """Note when the certificate shown ends, and whether a newer one was refused; only with TLS."""
        if self._certificate is None:
            ends = Gauge(
                "pinyuan_certificate_end_seconds",
                "When the certificate shown ends, POSIX time.",
                registry=self._registry,
            )
            faulty = Gauge(
                "pinyuan_certificate_refused",
                "1 where the files hold something that cannot be shown.",
                registry=self._registry,
            )
            self._certificate = (ends, faulty)
        for gauge, value in zip(self._certificate, (ends_s, float(refused)), strict=True):
            gauge.set(value)

    def remembered(self) -> bytes | None:
        """Return what was exposed a moment ago: writing out a thousand figures takes the loop long."""
        at, found = self._newest
        return found if time.monotonic() - at < REMEMBERED_S else None

    def expose(self) -> bytes:
        """Return all figures in Prometheus' text format, and remember them."""
        found = generate_latest(self._exposed)
        self._newest = (time.monotonic(), found)
        return found

    def forget(self) -> None:
        """Let whoever asks next have figures of its own."""
        self._newest = (0.0, None)
