"""Evidence of a ledger in a database: as of its newest checkpoint, with those that others cosigned since."""

import time

from msgspec.structs import replace

from ledger.answering.proving import Proof
from ledger.answering.stored import Stored
from ledger.errors import LogCorruptError, ReadOnlyError, SizeError
from ledger.evidence.bundle import Bundle, Later
from ledger.evidence.proven import MAX_LATER
from ledger.primitives.strict import format_base64
from ledger.questions.registry import find_question
from ledger.store.cosignatures import cosigned_note, sizes_beyond
from ledger.store.reads import reading
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.merkle import prove_consistency
from ledger.tlog.note import parse_note
from ledger.writing.log import Log
from ledger.writing.publisher import require_head
from ledger.writing.sealing import QuorumNotes

LOOK_S = 0.2  # between two looks for cosignatures: witnesses are asked twice a second
WAIT_S = 2.0  # another process signs the checkpoint of its batch right behind the commit


def prove(
    log: Log,
    name: str,
    parameters: dict[str, str],
    *,
    known_at: int | None = None,
    valid_at_us: int | None = None,
    since: int | None = None,
) -> Bundle:
    """Answer a question and return the bundle that proves the answer.

    Args:
        log: an open ledger.
        name: the question.
        parameters: all of its parameters.
        known_at: as of how many entries; rounded down to a seal. All by default.
        valid_at_us: the time asked about; the newest known seal's by default.
        since: add the proof that the checkpoint extends the one of this size.

    Raises:
        UsageError: no such question.
        SizeError: sizes the log never had.
        ReadOnlyError: the newest batch has no checkpoint, and nobody signs it.

    """
    asked = find_question(name, parameters)
    deadline = time.monotonic() + WAIT_S
    while True:
        with reading(log.engine) as snapshot:
            head = require_head(snapshot)
            stored = snapshot.checkpoint(head.size)
            if stored is not None:
                ground = Stored(log, snapshot, head.size, stored)
                return Proof(ground).bundle(
                    asked, parameters, known_at=known_at, valid_at_us=valid_at_us, since=since
                )
        if time.monotonic() > deadline:
            raise ReadOnlyError(
                "the newest batch has no checkpoint yet: open the ledger with its keys"
            )
        time.sleep(0.01)


def later_checkpoints(log: Log, size: int) -> tuple[Later, ...]:
    """Return the newest checkpoints beyond a size that were cosigned, each proven to extend it.

    Raises:
        SizeError: the log never had that size.

    """
    with reading(log.engine) as snapshot:
        head = require_head(snapshot)
        if not 0 < size <= head.size:
            raise SizeError(
                "no size {size}; the log has {size_2} entries", size=size, size_2=head.size
            )
        found: list[Later] = []
        for beyond in sizes_beyond(snapshot, size)[-MAX_LATER:]:
            stored = snapshot.checkpoint(beyond)
            if stored is None:
                raise LogCorruptError(
                    "cosignatures of size {beyond}, which has no checkpoint", beyond=beyond
                )
            path = prove_consistency(size, beyond, log.publisher.tree(snapshot, beyond))
            parts = tuple(format_base64(part) for part in path)
            found.append(Later(checkpoint=cosigned_note(snapshot, stored), path=parts))
        return tuple(found)


def with_cosignatures(log: Log, bundle: Bundle, wait_s: float) -> Bundle:
    """Return a bundle with the later checkpoints that were cosigned, once the quorum is reached.

    On a busy log nobody has cosigned the newest checkpoint yet; whoever cosigns a later one
    vouches for it. Without a quorum in genesis, or when it takes longer than ``wait_s``, the
    bundle is returned with what there is.
    """
    size = parse_checkpoint(parse_note(bundle.checkpoint).text).size
    quorum, deadline = QuorumNotes(log.vkey), time.monotonic() + wait_s
    while True:
        with reading(log.engine) as snapshot:
            missing = quorum.missing(snapshot, size)
        if not missing or time.monotonic() > deadline:
            return replace(bundle, later=later_checkpoints(log, size))
        time.sleep(LOOK_S)
