"""What must go in order: chain, tree, histories, seals, checkpoints, and rules on replay."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from ledger.audit.batches import (
    Before,
    check_cosigned,
    check_genesis,
    check_rules,
    check_seal,
)
from ledger.audit.ranges import Checked, introduce, verify_signature
from ledger.cose.keys import PublicKey
from ledger.errors import (
    AuditError,
    MalformedError,
    VerificationError,
)
from ledger.evidence.proven import is_backdated
from ledger.files.reader import Derived, LedgerReader, SignedSize
from ledger.histories.history import Entry, HistoryState, encode_indices
from ledger.histories.views import MemoryView
from ledger.rules.state import verifier_keys
from ledger.statements.catalogue import read_again
from ledger.statements.envelope import SignedStatement, parse_statement
from ledger.statements.fields import Body
from ledger.statements.log_family import Genesis, Seal
from ledger.texts import saying
from ledger.tlog import chain
from ledger.tlog.checkpoint import parse_checkpoint, verify_cosignature
from ledger.tlog.merkle import Frontier
from ledger.tlog.note import Note, VerifierKey, parse_note, parse_vkey
from ledger.tlog.prefix_tree import PrefixTree
from ledger.tlog.tiles import WIDTH, interior

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Report:
    """What a ledger was found to be."""

    origin: str
    size: int
    root: bytes
    seals: int
    histories: int
    checkpoints: int
    replayed: bool
    genesis_id: bytes
    last_time_us: int


class Times:
    """The seals merged so far: when each entry was registered."""

    def __init__(self) -> None:
        self._seals: list[tuple[int, int]] = []
        self.now_us = 0

    def add(self, index: int, time_us: int) -> None:
        """Take one more seal."""
        self._seals.append((index, time_us))

    def behind(self, index: int) -> tuple[int, int] | None:
        """Return the first seal at an index or behind it, and its time; None before it came."""
        at = bisect_left(self._seals, (index, 0))
        return self._seals[at] if at < len(self._seals) else None

    def __call__(self, index: int) -> int:
        """Return an entry's registration time."""
        found = self.behind(index)
        return self.now_us if found is None else found[1]


def _first_wrong(claims: dict[str, Sequence[Any]], checked: Checked) -> tuple[int, str]:
    """Return where a claimed id or leaf hash first differs from the derived one; -1 if nowhere."""
    found = [
        (next(at for at, item in enumerate(derived) if claims[name][at] != item), order, name)
        for order, (name, derived) in enumerate(
            (("id", checked.ids), ("leaf_hash", checked.leaf_hashes))
        )
        if name in claims and list(claims[name][: len(derived)]) != derived
    ]
    at, _, name = min(found, default=(-1, 0, ""))
    return at, name


class ReplayView(MemoryView):
    """Every statement of a ledger: a fold is asked for a dozen times for each."""

    def fold(self, function: Callable[[Sequence[Entry]], T], topic: str, subject: str) -> T:
        """Return a fold over a history; straight, where the history did not grow."""
        known = self._folds.get((function, topic, subject))
        if known is not None and known[0] == len(self._entries.get((topic, subject), ())):
            return known[1]  # type: ignore[no-any-return]
        return super().fold(function, topic, subject)


class Merge:
    """Everything that must go in order."""

    def __init__(self, reader: LedgerReader, *, replay: bool, log_key: VerifierKey | None) -> None:
        self.reader = reader
        self.replay = replay
        self.tree = Frontier()
        self.index = PrefixTree(lambda _: {})
        self.states: dict[bytes, HistoryState] = {}
        self.touched: set[bytes] = set()
        self.groups: dict[tuple[bytes, int], bytes] = {}
        self.ids: set[bytes] = set()
        self.keys: dict[bytes, PublicKey] = {}
        self.times = Times()
        self.seen: dict[int, int] = {}
        """When cosigners saw checkpoints: the latest, POSIX seconds by size."""
        self.view = ReplayView(self.times)
        self.batch: list[tuple[int, SignedStatement, Body | None]] = []
        self.genesis: Genesis | None = None
        self.genesis_id = b""
        self.operator = self.origin = ""
        self.log_key = log_key
        self.chain = b""
        self.seal: tuple[int, bytes, int] | None = None
        self.seals = 0
        self.roots: dict[int, bytes] = {}
        self.edge: list[list[bytes]] = []
        self.tiles = 0
        self.checkpoints = 0

    def merge(
        self, checked: Checked, leaves: Sequence[bytes] | None
    ) -> list[tuple[SignedSize, int]]:
        """Take one range; return its checkpoints and their seals' times, to be verified."""
        ours, unresolved = dict(checked.ours), dict(checked.unresolved)
        times: dict[int, int] = {}
        claims, hashes = checked.claims, checked.leaf_hashes
        wrong_at, wrong = _first_wrong(claims, checked)
        chained = claims.get("chain")
        count = len(checked.histories)
        for at, (hashed, id_, keys) in enumerate(
            zip(hashes, checked.ids, checked.histories, strict=True)
        ):
            index = checked.start + at
            if id_ in self.ids:
                raise AuditError(
                    saying("entry {index}", index=index),
                    "id",
                    saying("a statement registered twice"),
                )
            self.ids.add(id_)
            if self.replay or index in ours or index in unresolved:
                leaf = leaves[at] if leaves else None
                self._entry(index, ours.get(index), unresolved.get(index), id_, leaf)
            if at == wrong_at:
                raise AuditError(
                    saying("entry {index}", index=index), wrong, saying("not that of its leaf")
                )
            self.chain = chain.extend(self.chain, hashed)
            if chained is not None and chained[at] != self.chain:
                raise AuditError(
                    saying("entry {index}", index=index),
                    "chain",
                    saying("not the chain's value behind this entry"),
                )
            self.tree.append(hashed)
            for cut in range(0, len(keys), 32):
                self._history(keys[cut : cut + 32], index, hashed)
            if self.seal is not None and self.seal[0] == index:
                times[index] = self.seal[2]
                self.roots[index + 1] = self.tree.root()
            self._tile(0, hashed)
        if checked.error is not None:
            raise checked.error
        stop = checked.start + count
        self.reader.check_seals(sorted(times.items()), checked.start, stop)
        return self._signed(checked.start, stop, times)

    def _signed(self, start: int, stop: int, times: dict[int, int]) -> list[tuple[SignedSize, int]]:
        """Hold the roots of a range's checkpoints against the tree."""
        signed = []
        for item in self.reader.checkpoints(start, stop):
            root = self.roots.get(item.size)
            if root is None:
                raise AuditError(
                    saying("checkpoint {size}", size=item.size),
                    "size",
                    saying("the entry before it is no seal"),
                )
            try:
                note = parse_note(item.note)
                claimed = parse_checkpoint(note.text)
            except MalformedError as error:
                raise AuditError(
                    saying("checkpoint {size}", size=item.size), "note", error
                ) from error
            if claimed.root != root:
                raise AuditError(
                    saying("checkpoint {size}", size=item.size),
                    "note",
                    saying("its root is not that of the entries"),
                )
            self._check_cosigners(item.size, note)
            signed.append((item, times[item.size - 1]))
        self.checkpoints += len(signed)
        return signed

    def _check_cosigners(self, size: int, note: Note) -> None:
        """Verify the cosignatures of those witnesses that genesis names."""
        assert self.genesis is not None  # noqa: S101 - genesis came first
        for vkey in verifier_keys(self.genesis.witnesses) if len(note.signatures) > 1 else ():
            try:
                self.saw(size, verify_cosignature(note, vkey))
            except (MalformedError, VerificationError) as error:
                where = saying(
                    "cosignature {size} of {name}+{key_id}",
                    size=size,
                    name=vkey.name,
                    key_id=vkey.key_id.hex(),
                )
                raise AuditError(where, "line", error) from error

    def saw(self, size: int, time_s: int | None) -> None:
        """Take in that a checkpoint was cosigned at a time: what is behind it is sealed later."""
        if time_s is not None:
            self.seen[size] = max(time_s, self.seen.get(size, time_s))

    def _check_dates(self) -> None:
        """Refuse a seal dated before a checkpoint without it was cosigned."""
        for size, time_s in self.seen.items():
            found = self.times.behind(size)
            if found is not None and is_backdated(found[1], time_s):
                why = saying("dated before size {size} was cosigned, which lacks it", size=size)
                raise AuditError(saying("entry {found}", found=found[0]), "seal.time_us", why)

    def _entry(
        self,
        index: int,
        ours: bytes | None,
        unresolved: bytes | None,
        id_: bytes,
        leaf: bytes | None,
    ) -> None:
        """Follow keys and seals; with replay, hold the statement for its batch's review."""
        raw = ours or unresolved or leaf
        if raw is None:
            return
        statement = parse_statement(raw)
        body = read_again(statement) if ours else None  # the worker read it
        if index == 0:
            self._genesis(statement, body)
        if unresolved is not None:
            key = self.keys.get(statement.kid)
            if key is None:
                raise AuditError(
                    saying("entry {index}", index=index),
                    "kid",
                    saying("no earlier entry introduces this key"),
                )
            verify_signature(statement, key, index)
        if isinstance(body, Seal):
            self._check_seal(index, statement, body)
        elif self.replay:
            self.batch.append((index, statement, body))
        if body is not None:
            introduce(Entry(index, statement, body), self.keys)
        if isinstance(body, Seal):
            self._end_batch(index, statement, body, id_)

    def _genesis(self, statement: SignedStatement, body: Any) -> None:
        self.genesis = check_genesis(statement, body, self.log_key)
        self.genesis_id, self.log_key = statement.id, parse_vkey(self.genesis.log_key)
        self.origin, self.operator = statement.subject, statement.issuer
        self.chain = chain.start(self.origin)

    def _history(self, key: bytes, index: int, hashed: bytes) -> None:
        state = self.states.get(key)
        if state is None:
            state = self.states[key] = HistoryState.empty()
        group = state.append(index, hashed)
        if group is not None:
            number = state.count // len(group) - 1
            self.groups[key, number] = sha256(encode_indices(group)).digest()
        self.touched.add(key)

    def _index_root(self) -> bytes:
        for key in self.touched:
            self.index.put(key, self.states[key].value())
        self.touched.clear()
        return self.index.commit()[0]

    def _check_seal(self, index: int, statement: SignedStatement, body: Seal) -> None:
        before = Before(self.origin, self.operator, self.chain, self._index_root(), self.seal)
        check_seal(index, statement, body, before)
        if body.cosigned is not None:
            assert self.log_key is not None  # noqa: S101 - genesis came first
            assert self.genesis is not None  # noqa: S101
            for seen in check_cosigned(
                index, body.cosigned, self.log_key, self.genesis, self.roots.get
            ):
                self.saw(*seen)

    def _end_batch(self, index: int, statement: SignedStatement, body: Seal, id_: bytes) -> None:
        self.seal, self.seals = (index, id_, body.time_us), self.seals + 1
        if not self.replay:
            self.times.add(index, body.time_us)
            return
        self.times.now_us = body.time_us
        sealed = [*self.batch, (index, statement, body)]
        check_rules(self.view, sealed, self.origin, body.time_us)
        self.batch.clear()
        self.times.add(index, body.time_us)

    def _tile(self, level: int, hashed: bytes) -> None:
        """Collect hashes into tiles, and compare each that is full."""
        if len(self.edge) == level:
            self.edge.append([])
        hashes = self.edge[level]
        hashes.append(hashed)
        if len(hashes) == WIDTH:
            root = interior(hashes)[-1][0]
            number = (self.tree.size >> (8 * (level + 1))) - 1
            self.reader.check_tile(level, number, hashes, root)
            self.tiles += 1
            self.edge[level] = []
            self._tile(level + 1, root)

    def finish(self) -> Report:
        """Compare the right edge and whatever else is stored."""
        self._check_dates()
        if self.seal is None or self.seal[0] != self.tree.size - 1:
            raise AuditError(
                saying("entry {size}", size=self.tree.size - 1),
                "type",
                saying("the newest entry is no seal"),
            )
        signed = self.reader.checkpoints(self.tree.size - 1, self.tree.size)
        if not signed:
            raise AuditError(
                saying("checkpoint {size}", size=self.tree.size),
                "note",
                saying("the newest batch has none: open the log to sign it"),
            )
        for level, hashes in enumerate(self.edge):
            if hashes:
                self.reader.check_tile(level, self.tree.size >> (8 * (level + 1)), hashes, None)
        root = self._index_root()
        seal_index, seal_id, seal_time_us = self.seal
        self.reader.check_derived(
            Derived(
                size=self.tree.size,
                chain=self.chain,
                frontier=self.tree.hashes,
                index_root=root,
                seal_index=seal_index,
                seal_id=seal_id,
                seal_time_us=seal_time_us,
                pages=self._pages(),
                groups=self.groups,
                seals=self.seals,
                tiles=self.tiles,
            )
        )
        return Report(
            origin=self.origin,
            size=self.tree.size,
            root=self.tree.root(),
            seals=self.seals,
            histories=len(self.states),
            checkpoints=self.checkpoints,
            replayed=self.replay,
            genesis_id=self.genesis_id,
            last_time_us=seal_time_us,
        )

    def _pages(self) -> Iterator[tuple[str, bytes]]:
        """Yield the index pages as a database keeps them, states beside the values."""
        for key, state in self.states.items():
            self.index.attach(key, state.encode())
        yield from self.index.pages()
