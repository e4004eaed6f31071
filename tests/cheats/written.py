"""A ledger written from a script: what people signed, and seals that say what its operator likes.

Its index is the one that the operator claims. What nobody lies about is true.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from audit.ledgers import Paper
from paper import Paper as Told
from properties.telling import read
from world import ORIGIN, cosigner, key_of

from ledger.answering.fraud_finder import WholeLedger
from ledger.errors import PinyuanError
from ledger.evidence.proven import ProvenHistory
from ledger.histories.history import Entry, HistoryState, history_key, history_proof
from ledger.histories.views import MemoryView
from ledger.primitives.strict import format_base64
from ledger.signer import KeySigner, log_vkey
from ledger.statements.catalogue import InvalidBody
from ledger.statements.envelope import Topic
from ledger.tlog import chain
from ledger.tlog.checkpoint import cosign
from ledger.tlog.merkle import Frontier, leaf_hash
from ledger.tlog.note import parse_note
from ledger.tlog.prefix_tree import PrefixTree
from ledger.tlog.tiles import WIDTH, encode_bundle, tile_path

LOG_KEY = log_vkey(ORIGIN, key_of("log"))
Lie = Any | Callable[["Written"], Any]
"""What a seal says instead, or what makes it of the ledger so far."""
SIGNED = 4
"""Of so many of the newest seals the checkpoints are published."""


@dataclass(frozen=True)
class Batch:
    """What is registered at once, when, and what is false in the seal behind it."""

    time_us: int
    leaves: tuple[bytes, ...]
    lies: Mapping[str, Lie] = field(default_factory=dict)


@dataclass(frozen=True)
class Script:
    """Batches in order.

    ``filed``: by index of an entry, the histories that the index has it in instead of its own.
    ``log``: the name of the key that signs checkpoints.
    """

    batches: tuple[Batch, ...]
    filed: Mapping[int, tuple[Topic, ...]] = field(default_factory=dict)
    log: str = "log"

    @classmethod
    def of(cls, paper: Told) -> "Script":
        """Return what was told to a world on paper."""
        entries = {
            entry.index: entry.statement.leaf
            for found in paper.view._entries.values()
            for entry in found
        }
        batches, start = [], 0
        for index, time_us in paper.seals:
            leaves = (entries[at] for at in range(start, index) if at in entries)
            batches.append(Batch(time_us, tuple(leaves)))
            start = index + 1
        return cls(tuple(batches))

    def entries(self) -> Iterator[tuple[int, bytes]]:
        """Yield what people signed, by index."""
        index = 0
        for batch in self.batches:
            yield from enumerate(batch.leaves, index)
            index += len(batch.leaves) + 1

    def seal_of(self, number: int) -> int:
        """Return the index of a batch's seal."""
        return sum(len(batch.leaves) + 1 for batch in self.batches[: number + 1]) - 1

    def first_of(self, number: int) -> int:
        """Return the index of a batch's first entry."""
        return self.seal_of(number) - len(self.batches[number].leaves)

    def with_batch(self, number: int, **changes: Any) -> "Script":
        """Return the script with a batch changed."""
        rows = list(self.batches)
        rows[number] = replace(rows[number], **changes)
        return replace(self, batches=tuple(rows))

    def lying(self, number: int, **lies: Lie) -> "Script":
        """Return the script with a false seal."""
        return self.with_batch(number, lies={**self.batches[number].lies, **lies})


@lru_cache(maxsize=50_000)
def read_or_not(leaf: bytes) -> tuple[Any, Any, tuple[Topic, ...]] | None:
    """Return what was signed with its histories, None where it is no statement at all."""
    try:
        return read(leaf)
    except PinyuanError:
        return None


def leaf_of(raw: bytes) -> bytes:
    """Return what a log keeps of a statement; bytes that are none as they are."""
    found = read_or_not(raw)
    return raw if found is None else bytes(found[0].leaf)


class Written(Paper):
    """A ledger of a script, written down quickly: each value goes on from the one before."""

    def __init__(self, script: Script) -> None:
        signer = KeySigner(ORIGIN, key_of(script.log), key_of("operator"))
        log = SimpleNamespace(vkey=log_vkey(ORIGIN, key_of(script.log)))
        self.world = SimpleNamespace(log=log, signer=signer, now_us=0)  # type: ignore[assignment]
        self.leaves, self.signed, self.newest = [], [], None
        self.filed = script.filed
        self.tree, self.links = Frontier(), chain.start(ORIGIN)
        self.index = PrefixTree(lambda _: {})
        self.states: dict[bytes, HistoryState] = {}
        self.seals: list[tuple[int, int]] = []
        self.view = MemoryView(self.registered_us)
        self.signing = False
        self._write(script)
        self.whole = WholeLedger(self)

    def _write(self, script: Script) -> None:
        for number, batch in enumerate(script.batches):
            self.signing = number >= len(script.batches) - SIGNED
            self.write(*batch.leaves)
            lies = {name: lie(self) if callable(lie) else lie for name, lie in batch.lies.items()}
            if lies.pop("left_out", False):
                continue
            self.seal(**{"time_us": batch.time_us, **lies})
            assert self.newest is not None
            self.seals.append((self.newest[0], self.newest[2]))

    def write(self, *raws: bytes) -> "Written":
        """Add entries without a seal, and file each where the script says."""
        for raw in raws:
            index, found = len(self.leaves), read_or_not(raw)
            found = None if found is None or found[0].leaf != raw else found
            own = () if found is None else found[2]
            hashed = leaf_hash(raw)
            self.leaves.append(raw)
            self.tree.append(hashed)
            self.links = chain.extend(self.links, hashed)
            topics = self.filed.get(index, own)
            for topic in topics:
                key = history_key(*topic)
                state = self.states.setdefault(key, HistoryState.empty())
                state.append(index, hashed)
                self.index.put(key, state.value())
            if found is not None and not isinstance(found[1], InvalidBody):
                self.view.add(Entry(index, found[0], found[1]), topics)
        return self

    def chain(self) -> bytes:
        return self.links

    def index_root(self) -> bytes:
        return self.index.commit()[0]

    def root(self) -> bytes:
        return self.tree.root()

    def sign(self) -> "Written":
        if self.signing:
            super().sign()
        return self

    def registered_us(self, index: int) -> int:
        """Return when an entry was registered, by the seal behind it."""
        return self.seals[bisect_left(self.seals, (index, 0))][1]

    def seal_behind(self, index: int) -> int:
        """Return the index of the seal that registered an entry."""
        return self.seals[bisect_left(self.seals, (index, 0))][0]

    def history(self, topic: str, subject: str) -> ProvenHistory:
        """Return a history as the index has it, with its proof."""
        return ProvenHistory(
            topic=topic,
            subject=subject,
            entries=tuple(self.view.history(topic, subject).indices()),
            proof=format_base64(history_proof(self.index, topic, subject)),
        )

    def note(self) -> str:
        """Return the newest checkpoint."""
        return self.signed[-1].note

    def files(self) -> dict[str, bytes]:
        """Return what a replayer asks for, by path."""
        found = {"checkpoint": self.note().encode()}
        hashes = [leaf_hash(leaf) for leaf in self.leaves]
        for number in range(-(-len(self.leaves) // WIDTH)):
            part = slice(number * WIDTH, (number + 1) * WIDTH)
            leaves = self.leaves[part]
            found[tile_path(None, number, len(leaves))] = encode_bundle(leaves)
            found[tile_path(0, number, len(leaves))] = b"".join(hashes[part])
        return found


def cosigned_note(note: str, *names: str, time_s: int) -> str:
    """Return a note with the lines of cosigners."""
    found = parse_note(note)
    lines = [cosign(found.text, cosigner(n), key_of(n).sign, time_s=time_s) for n in names]
    return str(replace(found, signatures=(*found.signatures, *lines)))
