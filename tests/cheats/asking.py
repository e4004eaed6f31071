"""Bundles of every question over a ledger whose operator looks away from broken rules."""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from cheats.written import LOG_KEY, Written, read_or_not
from msgspec.structs import replace as altered
from properties.asking import ASKED, Asked
from world import ORIGIN, cosigner

from ledger.errors import AdmissionError, PinyuanError
from ledger.evidence.bundle import Bundle, Later, encode_bundle, verify_bundle
from ledger.histories.history import Entry
from ledger.histories.views import MemoryView, TracingView
from ledger.primitives.strict import format_base64
from ledger.questions.declared import QUESTIONS
from ledger.questions.registry import Inquiry, completed, recheck
from ledger.statements.catalogue import InvalidBody
from ledger.statements.envelope import Topic
from ledger.statements.log_family import Seal
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.merkle import prove_consistency
from ledger.tlog.trust import TrustPolicy, parse_trust

TRUST = parse_trust(
    "\n".join(
        (
            f"log {LOG_KEY}",
            *(f"witness {name} {cosigner(name)}" for name in ("w1", "w2")),
            f"replayer r1 {cosigner('r1')}",
            "quorum none",
        )
    )
)


MOST_GRANTS = 3
NO_ANSWER = (PinyuanError, LookupError, AssertionError, TypeError, AttributeError, ValueError)
"""What asking comes to where falsehoods leave no answer: the cheat has to say something else."""


class Blind(Inquiry):
    """An inquiry that reads what a recheck reads and hears nothing of what it refuses."""

    def _review(self, entry: Entry) -> None:
        self.checked.add(entry.index)
        with suppress(AdmissionError):
            recheck(entry, TracingView(self.trace), self._origin)


@dataclass(frozen=True)
class Answered:
    """A question, its parameters, its times, what the ledger answers, and what that read."""

    asked: Asked
    known_at: int
    valid_at_us: int | None
    value: object
    inquiry: Inquiry

    def holds(self) -> set[int]:
        """Return the entries of all histories that were read."""
        found = self.inquiry.trace.histories.values()
        return {index for history in found for index in history.indices()}


def about(topics: Iterable[Topic]) -> tuple[Asked, ...]:
    """Return the questions about what is on record under these names."""
    return tuple(("history", (("topic", topic), ("subject", name))) for topic, name in topics)


def of_grants(ledger: Written) -> Iterator[Asked]:
    """Yield what hangs on some of a ledger's grants."""
    grants = [
        (name, found) for (topic, name), found in ledger.view._entries.items() if topic == "grant"
    ]
    for name, found in grants[:MOST_GRANTS]:
        brand, grantee = name.split("\n")
        asked = {"brand": brand, "grantee": grantee, "grant": found[0].statement.id.hex()}
        yield "impact", tuple(asked.items())


def answer(
    ledger: Written, asked: Asked, known_at: int | None = None, at_us: int | None = None
) -> Answered | None:
    """Return what a ledger answers, None where its falsehoods leave no answer."""
    size = len(ledger.leaves)
    question, parameters = QUESTIONS[asked[0]], dict(asked[1])
    known = size if known_at is None else known_at
    if question.timed and at_us is None:
        at_us = ledger.registered_us(known - 1)
    inquiry = Blind(ledger.view, ORIGIN)
    try:
        value = inquiry.ask(
            question,
            completed(asked[0], parameters),
            known_at=known,
            valid_at_us=at_us if question.timed else None,
        )
    except NO_ANSWER:
        return None
    return Answered(asked, known, at_us if question.timed else None, value, inquiry)


def answered_by(bundle: Bundle) -> Bundle:
    """Return a bundle with the answer that follows from its own statements and histories."""
    found = {item.index: read_or_not(b64decode(item.bytes)) for item in bundle.statements}
    entries = {
        at: Entry(at, one[0], one[1])
        for at, one in found.items()
        if one is not None and not isinstance(one[1], InvalidBody)
    }
    seals = sorted(
        (at, one.body.time_us) for at, one in entries.items() if isinstance(one.body, Seal)
    )
    view = MemoryView(lambda index: next((us for at, us in seals if at >= index), 0))
    for item in bundle.histories:
        for at in item.entries:
            if at in entries:
                view.add(entries[at], [(item.topic, item.subject)])
    inquiry = Blind(view, ORIGIN)
    try:
        value = inquiry.ask(
            QUESTIONS[bundle.question],
            bundle.parameters,
            known_at=bundle.known_at,
            valid_at_us=bundle.valid_at_us,
        )
    except NO_ANSWER:
        return bundle
    return altered(bundle, answer=value, names=inquiry.names)


def answers(ledger: Written, more: Iterable[Asked] = ()) -> Iterator[Answered]:
    """Yield the answers to all questions."""
    found = (answer(ledger, asked) for asked in (*ASKED, *of_grants(ledger), *more))
    yield from (item for item in found if item is not None)


def bundle_of(
    ledger: Written, found: Answered, *, hold: Iterable[int] = (), since: int | None = None
) -> Bundle:
    """Return the evidence of an answer as the prover makes it, these statements beside it."""
    size, inquiry = len(ledger.leaves), found.inquiry
    seals: set[int] = set()
    beside = {size - 1, found.known_at - 1, *hold}
    while (wanted := beside.union(map(ledger.seal_behind, inquiry.trace.times))) != seals:
        seals = wanted
        inquiry.recheck(entry for at in sorted(seals) if (entry := _entry(ledger, at)) is not None)
    histories = [ledger.history(*topic) for topic in sorted(inquiry.trace.histories)]
    indices = seals.union(*(item.entries for item in histories))
    return Bundle(
        v=1,
        question=found.asked[0],
        parameters=completed(found.asked[0], dict(found.asked[1])),
        answer=found.value,
        names=inquiry.names,
        valid_at_us=found.valid_at_us,
        known_at=found.known_at,
        checkpoint=ledger.note(),
        histories=tuple(histories),
        statements=tuple(ledger.whole.statement(at, size) for at in sorted(indices)),
        consistency=None if since is None else ledger.whole.consistency(since, size),
        later=(),
    )


def _entry(ledger: Written, index: int) -> Entry | None:
    found = ledger.whole.entry(index)
    return found if isinstance(found, Entry) else None


def later_of(ledger: Written, size: int, note: str) -> Later:
    """Return a later checkpoint of a ledger with its path from a size."""
    whole = ledger.whole
    path = prove_consistency(size, len(ledger.leaves), whole._node)
    return Later(checkpoint=note, path=tuple(format_base64(item) for item in path))


def why_refused(
    raw: bytes | Bundle,
    now_us: int,
    *,
    trust: TrustPolicy = TRUST,
    expect: Asked | None = None,
    seen: Checkpoint | None = None,
    sightings: Mapping[int, int] | None = None,
) -> str | None:
    """Return what a verifier says against a bundle, None where it is believed."""
    raw = encode_bundle(raw) if isinstance(raw, Bundle) else raw
    wanted = None if expect is None else (expect[0], dict(expect[1]))
    try:
        verify_bundle(raw, trust, now_us=now_us, expect=wanted, seen=seen, sightings=sightings)
    except PinyuanError as error:
        return str(error)
    return None
