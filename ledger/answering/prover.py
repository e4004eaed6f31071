"""Making evidence: answer a question over the database and prove everything it read."""

import time
from collections.abc import Iterable

from msgspec.structs import replace

from ledger.errors import LogCorruptError, ReadOnlyError, SizeError
from ledger.evidence.bundle import Bundle, Consistency, Later, ProvenHistory, ProvenStatement
from ledger.evidence.proven import MAX_LATER
from ledger.histories.history import Entry, history_proof
from ledger.primitives.strict import format_base64
from ledger.questions.declared import Question
from ledger.questions.registry import Inquiry, completed, find_question
from ledger.store.cosignatures import cosigned_note, sizes_beyond
from ledger.store.reads import Head, Snapshot, reading
from ledger.store.view import parse_entry
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.merkle import leaf_hash, prove_consistency, prove_inclusion, subtree_root
from ledger.tlog.note import parse_note
from ledger.writing.log import Log
from ledger.writing.publisher import require_head
from ledger.writing.sealing import QuorumNotes

LOOK_S = 0.2  # between two looks for cosignatures: witnesses are asked twice a second
WAIT_S = 2.0  # another process signs the checkpoint of its batch right behind the commit


class _Proof:
    """Collects what one answer needs, from one snapshot."""

    def __init__(self, log: Log, snapshot: Snapshot, head: Head, note: str) -> None:
        self._snapshot = snapshot
        self._head = head
        self._note = note
        self._view = log.view(snapshot, head.size)
        self._tree = log.publisher.tree(snapshot, head.size)
        self._inquiry = Inquiry(self._view, log.origin, log.rechecked)
        self._seal_of: dict[int, int] = {}

    def bundle(
        self,
        asked: Question,
        parameters: dict[str, str],
        *,
        known_at: int | None,
        valid_at_us: int | None,
        since: int | None,
    ) -> Bundle:
        """Answer and prove."""
        as_of = self._round_down(known_at)
        if asked.timed and valid_at_us is None:
            valid_at_us = self._view.registered_us(as_of - 1)
        answer = self._inquiry.ask(asked, parameters, known_at=as_of, valid_at_us=valid_at_us)
        seals: set[int] = set()
        while (wanted := self._seals(as_of)) != seals:
            seals = wanted
            self._inquiry.recheck(self._entries(seals))
        histories = [self._history(*topic) for topic in sorted(self._inquiry.trace.histories)]
        indices = seals.union(*(item.entries for item in histories))
        return Bundle(
            v=1,
            question=asked.name,
            parameters=completed(asked.name, parameters),
            answer=answer,
            names=self._inquiry.names,
            valid_at_us=valid_at_us,
            known_at=as_of,
            checkpoint=self._note,
            histories=tuple(histories),
            statements=tuple(self._statements(sorted(indices))),
            consistency=self._consistency(since),
            later=(),
        )

    def _round_down(self, known_at: int | None) -> int:
        """Return the size right after the newest seal below ``known_at``."""
        size = self._head.size
        if known_at is None or known_at == size:
            return size
        rows = self._snapshot.driver.rows("SELECT max(idx) FROM seals WHERE idx < ?", known_at)
        if not 0 < known_at <= size or rows[0][0] is None:
            raise SizeError(
                "no seal at or below size {known_at}; the log has {size} entries",
                known_at=known_at,
                size=size,
            )
        return int(rows[0][0]) + 1

    def _seals(self, as_of: int) -> set[int]:
        """Return the indices of the seals the verifier needs: for sizes, and for times."""
        times = self._inquiry.trace.times
        for index in times - self._seal_of.keys():
            seal = self._snapshot.seal_behind(index)
            if seal is None:
                raise LogCorruptError("entry {index}: no seal behind it", index=index)
            self._seal_of[index] = seal[0]
        return {self._head.size - 1, as_of - 1, *map(self._seal_of.__getitem__, times)}

    def _entries(self, indices: Iterable[int]) -> list[Entry]:
        leaves = self._snapshot.leaves(sorted(indices))
        return [parse_entry(index, leaf) for index, leaf in leaves.items()]

    def _history(self, topic: str, subject: str) -> ProvenHistory:
        return ProvenHistory(
            topic=topic,
            subject=subject,
            entries=tuple(self._view.history(topic, subject).indices()),
            proof=format_base64(history_proof(self._view.tree, topic, subject)),
        )

    def _statements(self, indices: list[int]) -> Iterable[ProvenStatement]:
        leaves = self._snapshot.leaves(indices)
        for index, passed in self._inquiry.recalled.items():
            if leaf_hash(leaves[index]) != passed.leaf_hash:
                raise LogCorruptError(
                    "entry {index}: not the one that was rechecked before: the database was edited",
                    index=index,
                )
        for index in indices:
            path = prove_inclusion(index, self._head.size, self._tree)
            yield ProvenStatement(
                index=index,
                bytes=format_base64(leaves[index]),
                path=tuple(format_base64(part) for part in path),
            )

    def _consistency(self, since: int | None) -> Consistency | None:
        if since is None:
            return None
        if not 0 < since <= self._head.size:
            raise SizeError(
                "no consistency proof since size {since}; the log has {size} entries",
                since=since,
                size=self._head.size,
            )
        path = prove_consistency(since, self._head.size, self._tree)
        return Consistency(
            size=since,
            root=format_base64(subtree_root(0, since, self._tree)),
            path=tuple(format_base64(part) for part in path),
        )


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
                proof = _Proof(log, snapshot, head, cosigned_note(snapshot, stored))
                return proof.bundle(
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
