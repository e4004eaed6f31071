"""The same of a ledger at hand: where its seals are, what it answered then."""

from typing import Any

from ledger.answering.prover import prove
from ledger.answering.then import SealBehind, Then, known_then
from ledger.evidence.bundle import Bundle
from ledger.store.reads import reading
from ledger.writing.log import Log


def seals_of(log: Log) -> SealBehind:
    """Return where the seals of a ledger at hand are."""

    def behind(index: int) -> tuple[int, int]:
        with reading(log.engine) as snapshot:
            found = snapshot.seal_behind(index)
        assert found is not None  # noqa: S101 - every entry is sealed
        return found

    return behind


def then_here(log: Log, now: Bundle) -> Then | None:
    """Return what was known at the past time that an answer is about, if that was another verdict."""

    def answer_at(size: int) -> Any:
        return prove(
            log, now.question, now.parameters, known_at=size, valid_at_us=now.valid_at_us
        ).answer

    return known_then(now, seals_of(log), answer_at)
