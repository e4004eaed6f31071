"""Making evidence: answer a question over a log and prove everything it read."""

from collections.abc import Iterable

from ledger.answering.ground import Ground
from ledger.errors import LogCorruptError, SizeError
from ledger.evidence.bundle import Bundle, Consistency, ProvenHistory, ProvenStatement
from ledger.histories.history import history_proof
from ledger.histories.seals import sealed
from ledger.primitives.strict import format_base64
from ledger.questions.declared import Question
from ledger.questions.registry import Inquiry, completed
from ledger.tlog.merkle import leaf_hash, prove_consistency, prove_inclusion, subtree_root


class Proof:
    """Collects what one answer needs, of a log with a signed checkpoint of its size."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._inquiry = Inquiry(ground.view, ground.origin, ground.rechecked)
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
        """Answer and prove; see ``prover.prove`` for the arguments and what is raised."""
        assert self._ground.note is not None  # noqa: S101 - whoever makes evidence looked
        as_of = self._round_down(known_at)
        if asked.timed and valid_at_us is None:
            valid_at_us = self._ground.view.registered_us(as_of - 1)
        answer = self._inquiry.ask(asked, parameters, known_at=as_of, valid_at_us=valid_at_us)
        seals: set[int] = set()
        while (wanted := self._seals(as_of)) != seals:
            seals = wanted
            self._inquiry.recheck(self._ground.entries(seals))
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
            checkpoint=self._ground.note,
            histories=tuple(histories),
            statements=tuple(self._statements(sorted(indices))),
            consistency=self._consistency(since),
            later=(),
        )

    def _round_down(self, known_at: int | None) -> int:
        """Return the size right after the newest seal below ``known_at``."""
        size = self._ground.size
        if known_at is None or known_at == size:
            return size
        if known_at > size:
            raise SizeError(
                "size {known_at} is not reached yet: the log has {size} entries",
                known_at=known_at,
                size=size,
            )
        seal = self._ground.seal_before(known_at) if known_at > 0 else None
        if seal is None:
            raise SizeError(
                "no seal at or below size {known_at}; the log has {size} entries",
                known_at=known_at,
                size=size,
            )
        return seal + 1

    def _seals(self, as_of: int) -> set[int]:
        """Return the indices of the seals the verifier needs: for sizes, and for times."""
        times = self._inquiry.trace.times
        for index in times - self._seal_of.keys():
            self._seal_of[index] = sealed(self._ground, index)[0]
        return {self._ground.size - 1, as_of - 1, *map(self._seal_of.__getitem__, times)}

    def _history(self, topic: str, subject: str) -> ProvenHistory:
        return ProvenHistory(
            topic=topic,
            subject=subject,
            entries=tuple(self._ground.view.history(topic, subject).indices()),
            proof=format_base64(history_proof(self._ground.index, topic, subject)),
        )

    def _statements(self, indices: list[int]) -> Iterable[ProvenStatement]:
        leaves = self._ground.leaves(indices)
        for index, passed in self._inquiry.recalled.items():
            if leaf_hash(leaves[index]) != passed.leaf_hash:
                raise LogCorruptError(
                    "entry {index}: not the one that was rechecked before: the database was edited",
                    index=index,
                )
        for index in indices:
            path = prove_inclusion(index, self._ground.size, self._ground.tree)
            yield ProvenStatement(
                index=index,
                bytes=format_base64(leaves[index]),
                path=tuple(format_base64(part) for part in path),
            )

    def _consistency(self, since: int | None) -> Consistency | None:
        if since is None:
            return None
        if not 0 < since <= self._ground.size:
            raise SizeError(
                "no consistency proof since size {since}; the log has {size} entries",
                since=since,
                size=self._ground.size,
            )
        path = prove_consistency(since, self._ground.size, self._ground.tree)
        return Consistency(
            size=since,
            root=format_base64(subtree_root(0, since, self._ground.tree)),
            path=tuple(format_base64(part) for part in path),
        )
