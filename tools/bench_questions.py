"""What one question costs: asked, proven, verified offline."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench_common import timed

from ledger.answering.prover import prove
from ledger.evidence.bundle import encode_bundle, verify_bundle
from ledger.questions.registry import Inquiry, find_question
from ledger.store.engine import make_engine
from ledger.store.reads import reading
from ledger.tlog.trust import parse_trust
from ledger.writing.log import Log
from ledger.writing.opening import open_log
from ledger.writing.publisher import require_head

HALF_DAY_US = 43_200 * 1_000_000


def ask(log: Log, name: str, parameters: Mapping[str, str]) -> Inquiry:
    with reading(log.engine) as snapshot:
        size = require_head(snapshot).size
        inquiry = Inquiry(log.view(snapshot, size), log.origin, log.rechecked)
        inquiry.ask(find_question(name, parameters), parameters, known_at=size)
    return inquiry


@dataclass(frozen=True)
class Cost:
    """Processor time in seconds, median of each: warm (asked before by the same process, which
    remembers what it rechecked), cold (the ledger just opened), a bundle made and verified.
    """

    verdict: str
    histories: int
    rechecked: int
    size_bytes: int
    warm_s: float
    cold_s: float
    made_s: float
    verified_s: float


def cost(
    url: str, anchor: Path, name: str, parameters: dict[str, str], *, rounds: int, colds: int
) -> Cost:
    """Ask, prove and verify a question ``rounds`` times; ``colds`` times of a ledger just opened."""
    cold: list[float] = []
    for _ in range(colds):
        log = open_log(make_engine(url), anchor_path=anchor)
        cold += timed(lambda: ask(log, name, parameters), 1)  # noqa: B023 - called at once
        log.engine.dispose()
    log = open_log(make_engine(url), anchor_path=anchor)
    inquiry = ask(log, name, parameters)
    warm = timed(lambda: ask(log, name, parameters), rounds)
    raw = encode_bundle(prove(log, name, dict(parameters)))
    made = timed(lambda: encode_bundle(prove(log, name, dict(parameters))), rounds)
    with reading(log.engine) as snapshot:
        now_us = require_head(snapshot).seal_time_us + HALF_DAY_US
    trust = parse_trust(f"log {log.vkey}\nquorum none\n")
    found = verify_bundle(raw, trust, now_us=now_us)
    checked = timed(lambda: verify_bundle(raw, trust, now_us=now_us), rounds)
    log.engine.dispose()
    return Cost(
        verdict=found.answer.get("verdict", "") if isinstance(found.answer, dict) else "",
        histories=len(inquiry.trace.histories),
        rechecked=len(inquiry.checked),
        size_bytes=len(raw),
        warm_s=statistics.median(warm),
        cold_s=statistics.median(cold),
        made_s=statistics.median(made),
        verified_s=statistics.median(checked),
    )
