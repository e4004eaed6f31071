"""Re-derive a whole ledger from its bytes and hold every claim against it.

Ranges of 2**13 entries are parsed and their signatures verified in worker processes;
what must go in order (chain, tree, histories, seals, checkpoints, and with ``replay``
the registration rules) is merged here. The first wrong entry and its field are named.
"""

import os
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing import get_context
from typing import Any, TypeVar

from ledger.cose.keys import EDDSA, PublicKey
from ledger.cose.receipt import BatchClaims
from ledger.cose.sign1 import signed_bytes
from ledger.errors import (
    AuditError,
    CheckpointError,
    MalformedError,
    SignatureError,
    VerificationError,
)
from ledger.history import Entry, HistoryState, encode_indices, history_key
from ledger.reader import Derived, EntryRange, LedgerReader, SignedSize, ranges
from ledger.rules.book import Case, review
from ledger.rules.state import bindings_of
from ledger.statements.catalogue import InvalidBody, decode_body, histories_of
from ledger.statements.envelope import SignedStatement, parse_statement
from ledger.statements.log_family import Genesis, Seal
from ledger.tlog import chain
from ledger.tlog.checkpoint import open_checkpoint, parse_checkpoint, verify_cosignature
from ledger.tlog.merkle import Frontier
from ledger.tlog.note import VerifierKey, parse_note, parse_vkey
from ledger.tlog.prefix_tree import PrefixTree
from ledger.tlog.tiles import WIDTH, interior
from ledger.views import MemoryView

RANGE = 1 << 13
AHEAD = 3  # ranges handed out for each worker before their results are needed
IDLE_US = 600 * 1_000_000  # only a heartbeat after this long may seal nothing
RawKey = tuple[int, bytes, bytes]


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


@dataclass(slots=True)
class _Checked:
    """A range as a worker leaves it: compact, in order, up to the first error in it."""

    start: int
    leaf_hashes: list[bytes] = field(default_factory=list)
    ids: list[bytes] = field(default_factory=list)
    claims: dict[str, Sequence[Any]] = field(default_factory=dict)
    histories: list[bytes] = field(default_factory=list)
    """Per entry, its history keys joined."""
    ours: list[tuple[int, bytes]] = field(default_factory=list)
    """Native statements that the merge reads: (index, leaf)."""
    unresolved: list[tuple[int, bytes]] = field(default_factory=list)
    """Statements whose key was not known yet where they were checked."""
    error: tuple[str, str, str] | None = None


def _check_statement(
    checked: _Checked, index: int, leaf: bytes, keys: dict[bytes, PublicKey]
) -> None:
    """Parse one entry, verify its signature if its key is known, note what the merge needs."""
    statement = parse_statement(leaf)
    if statement.leaf != leaf:
        raise AuditError(f"entry {index}", "leaf", "its unprotected header is not empty")
    body = decode_body(statement)
    if isinstance(body, InvalidBody):
        raise AuditError(f"entry {index}", "payload", body.message)
    topics = histories_of(statement, body)
    if body is not None:
        checked.ours.append((index, leaf))
    if isinstance(body, Genesis):
        _introduce(Entry(index, statement, body), keys)
    key = keys.get(statement.kid)
    if key is None:
        checked.unresolved.append((index, leaf))
    else:
        _verify_signature(statement, key, index)
    if body is not None and not isinstance(body, Genesis):
        _introduce(Entry(index, statement, body), keys)
    checked.leaf_hashes.append(statement.leaf_hash)
    checked.ids.append(statement.id)
    checked.histories.append(b"".join([history_key(*topic) for topic in topics]))


def _introduce(entry: Entry, keys: dict[bytes, PublicKey]) -> None:
    for binding in bindings_of(entry):
        key = binding.public_key()
        keys[key.kid] = key


def _verify_signature(statement: SignedStatement, key: PublicKey, index: int) -> None:
    if key.alg != statement.alg:
        raise AuditError(f"entry {index}", "alg", "not the algorithm of its key")
    try:
        statement.verify(key)
    except SignatureError as error:
        raise AuditError(f"entry {index}", "signature", str(error)) from error


def _check_range(reader: LedgerReader, start: int, stop: int, known: list[RawKey]) -> _Checked:
    """Check what can be checked of entries [start, stop) alone."""
    checked = _Checked(start)
    keys = {key.kid: key for key in (PublicKey(*raw) for raw in known)}
    index = start
    try:
        found: EntryRange = reader.entries(start, stop)
        checked.claims = found.claims
        if len(found.leaves) != stop - start:
            missing = start + len(found.leaves)
            raise AuditError(f"entry {missing}", "leaf", "it is missing")
        for index, leaf in enumerate(found.leaves, start):
            _check_statement(checked, index, leaf, keys)
    except MalformedError as error:
        checked.error = (f"entry {index}", "leaf", str(error))
    except AuditError as error:
        checked.error = (error.where, error.field, error.why)
    return checked


_worker_reader: LedgerReader | None = None


def _open_worker(reopen: Callable[[Any], LedgerReader], source: Any) -> None:
    global _worker_reader  # noqa: PLW0603 - one reader for each worker process
    _worker_reader = reopen(source)


def _work(start: int, stop: int, known: list[RawKey]) -> _Checked:
    assert _worker_reader is not None  # noqa: S101 - set by the initializer
    return _check_range(_worker_reader, start, stop, known)


def _work_signed(vkey: str, kid: bytes, items: list[tuple[SignedSize, int]]) -> str | None:
    """Verify checkpoints and their receipt signatures; return what is wrong with the first."""
    key = parse_vkey(vkey)
    for item, time_us in items:
        try:
            note = parse_note(item.note)
            found = open_checkpoint(note, key)
            if found.size != item.size:
                return f"checkpoint {item.size}: note: it is of size {found.size}"
            claims = BatchClaims(kid, key.name, item.size, time_us // 1_000_000)
        except (MalformedError, SignatureError, CheckpointError) as error:
            return f"checkpoint {item.size}: note: {error}"
        try:
            PublicKey(EDDSA, key.key).verify(
                signed_bytes(claims.protected(), found.root), item.receipt_signature
            )
        except SignatureError as error:
            return f"checkpoint {item.size}: receipt_signature: {error}"
    return None


class _Times:
    """The seals merged so far: when each entry was registered."""

    def __init__(self) -> None:
        self._seals: list[tuple[int, int]] = []
        self.now_us = 0

    def add(self, index: int, time_us: int) -> None:
        self._seals.append((index, time_us))

    def __call__(self, index: int) -> int:
        at = bisect_left(self._seals, (index, 0))
        return self._seals[at][1] if at < len(self._seals) else self.now_us


T = TypeVar("T")


class _Merge:
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
        self.times = _Times()
        self.view = MemoryView(self.times)
        self.batch: list[tuple[int, SignedStatement | None, Any]] = []
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
        self, checked: _Checked, leaves: Sequence[bytes] | None
    ) -> list[tuple[SignedSize, int]]:
        """Take one range; return its checkpoints and their seals' times, to be verified."""
        ours = dict(checked.ours)
        times: dict[int, int] = {}
        unresolved = dict(checked.unresolved)
        claims = checked.claims
        count = len(checked.histories)
        for at in range(count):
            index, hashed, id_ = checked.start + at, checked.leaf_hashes[at], checked.ids[at]
            if id_ in self.ids:
                raise AuditError(f"entry {index}", "id", "a statement registered twice")
            self.ids.add(id_)
            leaf = ours.get(index)
            self._entry(index, leaf, unresolved.get(index), id_, leaves[at] if leaves else None)
            self._claims(index, claims, at, id_, hashed)
            self.chain = chain.extend(self.chain, hashed)
            if "chain" in claims and claims["chain"][at] != self.chain:
                raise AuditError(
                    f"entry {index}", "chain", "not the chain's value behind this entry"
                )
            self.tree.append(hashed)
            keys = checked.histories[at]
            for cut in range(0, len(keys), 32):
                self._history(keys[cut : cut + 32], index, hashed)
            if self.seal is not None and self.seal[0] == index:
                times[index] = self.seal[2]
                self.roots[index + 1] = self.tree.root()
            self._tile(0, hashed)
        if checked.error is not None:
            raise AuditError(*checked.error)
        stop = checked.start + count
        self.reader.check_seals(sorted(times.items()), checked.start, stop)
        return self._signed(checked.start, stop, times)

    def _claims(
        self, index: int, claims: dict[str, Sequence[Any]], at: int, id_: bytes, hashed: bytes
    ) -> None:
        for name, wanted in (("id", id_), ("leaf_hash", hashed)):
            if name in claims and claims[name][at] != wanted:
                raise AuditError(f"entry {index}", name, "not that of its leaf")

    def _signed(self, start: int, stop: int, times: dict[int, int]) -> list[tuple[SignedSize, int]]:
        """Hold the roots of a range's checkpoints against the tree."""
        signed = []
        for item in self.reader.checkpoints(start, stop):
            root = self.roots.get(item.size)
            if root is None:
                raise AuditError(
                    f"checkpoint {item.size}", "size", "the entry before it is no seal"
                )
            try:
                claimed = parse_checkpoint(parse_note(item.note).text)
            except MalformedError as error:
                raise AuditError(f"checkpoint {item.size}", "note", str(error)) from error
            if claimed.root != root:
                raise AuditError(
                    f"checkpoint {item.size}", "note", "its root is not that of the entries"
                )
            signed.append((item, times[item.size - 1]))
        self.checkpoints += len(signed)
        return signed

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
        body = decode_body(statement) if ours else None
        assert not isinstance(body, InvalidBody)  # noqa: S101 - the worker refused it
        if index == 0:
            self._genesis(statement, body)
        if unresolved is not None:
            key = self.keys.get(statement.kid)
            if key is None:
                raise AuditError(f"entry {index}", "kid", "no earlier entry introduces this key")
            _verify_signature(statement, key, index)
        if isinstance(body, Seal):
            self._check_seal(index, statement, body)
        elif self.replay:
            self.batch.append((index, statement, body))
        if body is not None:
            _introduce(Entry(index, statement, body), self.keys)
        if isinstance(body, Seal):
            self._end_batch(index, statement, body, id_)

    def _genesis(self, statement: SignedStatement, body: Any) -> None:
        if not isinstance(body, Genesis):
            raise AuditError("entry 0", "payload", "it is no genesis")
        try:
            key = parse_vkey(body.log_key)
        except MalformedError as error:
            raise AuditError("entry 0", "log_key", str(error)) from error
        if self.log_key is not None and key != self.log_key:
            raise AuditError("entry 0", "log_key", "not the log key of the trust file")
        self.genesis, self.genesis_id, self.log_key = body, statement.id, key
        self.origin, self.operator = statement.subject, statement.issuer
        if key.name != self.origin:
            raise AuditError(
                "entry 0", "log_key", f"it is named {key.name!r}, the log {self.origin!r}"
            )
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
        """Recompute what a seal says; ``cosigned`` is verified, time only checked for order."""
        where = f"entry {index}"
        previous = None if body.previous is None else (body.previous.index, body.previous.id)
        wanted = None if self.seal is None else (self.seal[0], self.seal[1].hex())
        idle_us = 0 if self.seal is None else body.time_us - self.seal[2]
        for name, wrong in (
            ("issuer", statement.issuer != self.operator or statement.subject != self.origin),
            ("size", body.size != index),
            ("chain", bytes.fromhex(body.chain) != self.chain),
            ("previous", previous != wanted),
            ("time_us", self.seal is not None and idle_us <= 0),
            ("iat", statement.issued_at != body.time_us // 1_000_000),
            ("size", self.seal is not None and self.seal[0] == index - 1 and idle_us < IDLE_US),
            ("index_root", bytes.fromhex(body.index_root) != self._index_root()),
        ):
            if wrong:
                raise AuditError(
                    where, f"seal.{name}", "not the one that follows from the entries before it"
                )
        if body.cosigned is not None:
            self._check_cosigned(where, body.cosigned)

    def _check_cosigned(self, where: str, text: str) -> None:
        assert self.log_key is not None  # noqa: S101 - genesis came first
        assert self.genesis is not None  # noqa: S101
        try:
            note = parse_note(text)
            found = open_checkpoint(note, self.log_key)
            keys = [parse_vkey(witness) for witness in self.genesis.witnesses]
            count = sum(verify_cosignature(note, key) is not None for key in keys)
        except (MalformedError, VerificationError) as error:
            raise AuditError(where, "seal.cosigned", str(error)) from error
        if count < self.genesis.quorum or self.roots.get(found.size) != found.root:
            raise AuditError(where, "seal.cosigned", "no quorum, or not a checkpoint of this log")

    def _end_batch(self, index: int, statement: SignedStatement, body: Seal, id_: bytes) -> None:
        self.seal, self.seals = (index, id_, body.time_us), self.seals + 1
        if not self.replay:
            return
        self.times.now_us = body.time_us
        for at, item, content in [*self.batch, (index, statement, body)]:
            assert item is not None  # noqa: S101 - replay keeps every statement
            case = Case(
                item, content, self.view, self.origin, at, body.time_us, signature_checked=True
            )
            refusals = review(case)
            if refusals:
                why = "; ".join(f"{refusal.rule}: {refusal.message}" for refusal in refusals)
                raise AuditError(
                    f"entry {at}", f"rule {refusals[0].rule}", f"admitted against it: {why}"
                )
            if content is not None:
                self.view.add(Entry(at, item, content), histories_of(item, content))
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
        if self.seal is None or self.seal[0] != self.tree.size - 1:
            raise AuditError(f"entry {self.tree.size - 1}", "type", "the newest entry is no seal")
        signed = self.reader.checkpoints(self.tree.size - 1, self.tree.size)
        if not signed:
            raise AuditError(
                f"checkpoint {self.tree.size}",
                "note",
                "the newest batch has none: open the log to sign it",
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
            self.index.put(key, state.value(), state.encode())
        self.index.commit()
        yield from self.index.pages()


def _run(executor: Executor | None, function: Callable[..., T], *arguments: Any) -> Future[T]:
    """Submit to a worker, or do it here and now."""
    if executor is not None:
        return executor.submit(function, *arguments)
    future: Future[T] = Future()
    future.set_result(function(*arguments))
    return future


def available_cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def verify_ledger(
    reader: LedgerReader,
    *,
    replay: bool = False,
    workers: int | None = None,
    log_key: VerifierKey | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Re-derive a ledger; return what it is.

    Args:
        reader: where it lies.
        replay: also review every statement by the registration rules.
        workers: processes for parsing and signatures; the processors' number by default.
        log_key: the log key it must have; without one, the key its genesis names.
        progress: called with the number of entries merged so far.

    Raises:
        AuditError: names the first entry (or row, or file) that is wrong, and its field.

    """
    size = reader.size()
    if size < 1:
        raise AuditError(reader.name(), "size", "an empty ledger has no genesis")
    count = available_cores() if workers is None else workers
    merge = _Merge(reader, replay=replay, log_key=log_key)
    if count < 2 or size <= 2 * RANGE:  # noqa: PLR2004 - a process costs more than it saves
        return _merge_all(merge, None, reader, size, 1, progress)
    pool = ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_open_worker, initargs=reader.reopen()
    )
    with pool as executor:
        try:
            return _merge_all(merge, executor, reader, size, count, progress)
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def _merge_all(
    merge: _Merge,
    executor: Executor | None,
    reader: LedgerReader,
    size: int,
    workers: int,
    progress: Callable[[int], None],
) -> Report:
    pending: deque[Future[_Checked]] = deque()
    signed: deque[Future[str | None]] = deque()
    todo = ranges(size, RANGE)

    def submit(start: int, stop: int) -> None:
        known = [(key.alg, key.x, key.y) for key in merge.keys.values()]
        if executor is None:
            pending.append(_run(None, _check_range, reader, start, stop, known))
        else:
            pending.append(_run(executor, _work, start, stop, known))

    for start, stop in todo:
        submit(start, stop)
        if len(pending) >= (AHEAD * workers if executor else 1):
            _merge_one(merge, executor, reader, pending.popleft().result(), signed, progress)
    while pending:
        _merge_one(merge, executor, reader, pending.popleft().result(), signed, progress)
    while signed:
        _raise_signed(signed.popleft().result())
    return merge.finish()


def _merge_one(
    merge: _Merge,
    executor: Executor | None,
    reader: LedgerReader,
    checked: _Checked,
    signed: deque[Future[str | None]],
    progress: Callable[[int], None],
) -> None:
    leaves = None
    if merge.replay:
        count = len(checked.histories)
        leaves = reader.entries(checked.start, checked.start + count).leaves if count else []
    items = merge.merge(checked, leaves)
    if items:
        assert merge.log_key is not None  # noqa: S101 - genesis came first
        kid = PublicKey(EDDSA, merge.log_key.key).kid
        signed.append(_run(executor, _work_signed, str(merge.log_key), kid, items))
    while signed and signed[0].done():
        _raise_signed(signed.popleft().result())
    progress(merge.tree.size)


def _raise_signed(problem: str | None) -> None:
    if problem is not None:
        where, field_name, why = problem.split(": ", 2)
        raise AuditError(where, field_name, why)
