"""A mirror: somebody else's log in a database of one's own, verified as it grows, never written.

Every batch is held against what is there already: signatures and the keys behind them, chain,
index and time against its seal, and behind each transaction the tree against the checkpoint that
the log signed. What does not follow is named, and nothing of its transaction stays.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Engine

from ledger.audit.batches import Before, check_cosigned, check_genesis, check_rules, check_seal
from ledger.audit.ranges import check_signed, introduce, verify_signature
from ledger.cose.keys import EDDSA, PublicKey
from ledger.errors import AuditError, MalformedError, VerificationError
from ledger.evidence.proven import is_backdated, open_leaf
from ledger.files.reader import LedgerReader, SignedSize
from ledger.histories.history import Entry
from ledger.rules.state import key_state, verifier_keys
from ledger.statements.catalogue import InvalidBody, read_payload
from ledger.statements.envelope import SignedStatement
from ledger.statements.fields import Body
from ledger.statements.log_family import Genesis, Seal
from ledger.store.append import Writer, writing
from ledger.store.cosignatures import newest_by, split_note
from ledger.store.reads import Head, StoredCheckpoint, TreeReader, reading
from ledger.store.schema import upgrade
from ledger.store.view import FoldCache, StoreView, parse_entry
from ledger.texts import saying
from ledger.tlog.checkpoint import open_checkpoint
from ledger.tlog.note import VerifierKey, parse_note
from ledger.tlog.prefix_tree import PrefixTree
from ledger.tlog.tiles import WIDTH
from ledger.writing.batch import Growth
from ledger.writing.restore import CHUNK, store_signed


@dataclass(frozen=True, slots=True)
class Source:
    """Where a log is followed from.

    ``root_at``: the root that its newest signed tree had at a smaller size, proven.
    """

    reader: LedgerReader
    log_key: VerifierKey
    root_at: Callable[[int], bytes]

    def newest(self) -> SignedSize:
        """Return the newest checkpoint, verified but for its receipts' signature.

        Raises:
            AuditError: there is none, or the log did not sign it.

        """
        size = self.reader.size()
        for item in self.reader.checkpoints(size - 1, size):
            try:
                open_checkpoint(parse_note(item.note), self.log_key)
            except (MalformedError, VerificationError) as error:
                raise AuditError(saying("checkpoint {size}", size=size), "note", error) from error
            return item
        raise AuditError(
            saying("checkpoint {size}", size=size), "note", saying("the newest batch has none")
        )


def follow(
    engine: Engine,
    source: Source,
    *,
    replay: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Bring a mirror up to the newest checkpoint of its source; return the size.

    Args:
        engine: the mirror's database; an empty one is made into a mirror.
        source: the log.
        replay: also review every new statement by the registration rules.
        progress: called with the size behind each transaction.

    Raises:
        VerificationError: the source shows less than was mirrored, or another history.
        AuditError: names the first new entry that is wrong, and its field.

    """
    upgrade(engine)
    size = source.newest().size
    with reading(engine) as snapshot:
        head, signed = snapshot.head(), snapshot.newest_checkpoint()
    if head is not None:
        _check_extends(head, size, source)
    while head is None or head.size < size:
        # One that is asked already grows at once; one that is being made, chunk by chunk.
        most = CHUNK if signed is None else size
        with writing(engine) as writer:
            head = writer.locked_head()  # another process may have followed meanwhile
            if head is None or head.size < size:
                head = _Following(writer, source, size, head, replay=replay).grow(most)
        progress(head.size)
    _keep_cosignatures(engine, source, 0 if signed is None else signed.size, size)
    return size


def _check_extends(head: Head, size: int, source: Source) -> None:
    """Refuse a source whose log is not the one that was mirrored, gone on."""
    name = source.reader.name()
    if size < head.size:
        raise VerificationError(
            "{name}: shows the log at size {size}, and it was mirrored up to size {size_2}: it went backwards",
            name=name,
            size=size,
            size_2=head.size,
        )
    if source.root_at(head.size) != head.tree().root():
        raise VerificationError(
            "{name}: its first {size} entries are not those that were mirrored",
            name=name,
            size=head.size,
        )


def _keep_cosignatures(engine: Engine, source: Source, start: int, size: int) -> None:
    """Keep what cosigners said of checkpoints beyond ``start``, and make what is found by words."""
    with reading(engine) as snapshot:
        genesis = parse_entry(0, snapshot.leaf_range(0, 1)[0]).body
    assert isinstance(genesis, Genesis)  # noqa: S101 - checked when it was mirrored
    store_signed(engine, source.reader.checkpoints(start, size), genesis)


@dataclass(slots=True)
class _Following:
    """One transaction: whole batches, each held against its seal."""

    writer: Writer
    source: Source
    size: int
    head: Head | None
    replay: bool = field(kw_only=True)
    tree: PrefixTree = field(init=False)
    keys: dict[bytes, PublicKey] = field(default_factory=dict)
    seen: list[tuple[int, int]] = field(default_factory=list)
    folds: FoldCache = field(default_factory=FoldCache)
    genesis: Genesis | None = None
    operator: str = ""

    def __post_init__(self) -> None:
        self.tree = PrefixTree(self.writer.pages)
        if self.head is None:
            return
        first = parse_entry(0, self.writer.leaf_range(0, 1)[0])
        self._begin(first.statement, first.body)
        assert self.genesis is not None  # noqa: S101 - just set
        for vkey in verifier_keys(self.genesis.witnesses):
            known = newest_by(self.writer, vkey)
            if known is not None:
                self.seen.append(known)

    def _begin(self, statement: SignedStatement, body: Body | None) -> None:
        self.genesis = check_genesis(statement, body, self.source.log_key)
        self.operator = statement.issuer

    def grow(self, most: int) -> Head:
        """Write batches until they are ``most`` entries; return the head behind the last."""
        start = 0 if self.head is None else self.head.size
        leaves = self._leaves(start)
        while self.head is None or (self.head.size < self.size and self.head.size - start < most):
            self.head = self._batch(leaves)
        self._check_dates()
        if self.head.tree().root() != self.source.root_at(self.head.size):
            raise VerificationError(
                "{name}: entries {start} to {size} are not those of the checkpoint that the log signed",
                name=self.source.reader.name(),
                start=start,
                size=self.head.size,
            )
        if self.head.size == self.size:
            self._keep_signed()
        return self.head

    def _keep_signed(self) -> None:
        """Keep the checkpoints that the source shows beyond those that are here.

        Raises:
            AuditError: one is not of what was mirrored, or not signed by the log.

        """
        known = self.writer.newest_checkpoint()
        log_key = self.source.log_key
        kid = PublicKey(EDDSA, log_key.key).kid
        for item in self.source.reader.checkpoints(0 if known is None else known.size, self.size):
            where = saying("checkpoint {size}", size=item.size)
            seal = self.writer.seal_behind(item.size - 1)
            if seal is None or seal[0] != item.size - 1:
                raise AuditError(where, "size", saying("the entry before it is no seal"))
            problem = check_signed(str(log_key), kid, [(item, seal[1])])
            if problem is not None:
                raise problem
            root = open_checkpoint(parse_note(item.note), log_key).root
            if root != TreeReader(self.writer, item.size).root():
                raise AuditError(where, "note", saying("its root is not that of the entries"))
            bare, _ = split_note(item.note, log_key)
            self.writer.keep_checkpoint(StoredCheckpoint(item.size, bare, item.receipt_signature))

    def _leaves(self, start: int) -> Iterator[tuple[int, bytes]]:
        while start < self.size:
            stop = min(start // WIDTH * WIDTH + WIDTH, self.size)
            found = self.source.reader.entries(start, stop).leaves
            if len(found) != stop - start:
                raise AuditError(
                    saying("entry {start}", start=start + len(found)),
                    "leaf",
                    saying("it is missing"),
                )
            yield from enumerate(found, start)
            start = stop

    def _batch(self, leaves: Iterator[tuple[int, bytes]]) -> Head:
        """Take statements up to the next seal, and that."""
        growth = Growth.onto(self.head, self.source.log_key.name)
        batch: list[tuple[int, SignedStatement, Body | None]] = []
        for index, leaf in leaves:
            statement, body = self._opened(index, leaf, growth)
            batch.append((index, statement, body))
            if isinstance(body, Seal):
                return self._sealed(growth, batch, body)
        raise AuditError(
            saying("entry {size}", size=self.size - 1),
            "type",
            saying("the newest entry is no seal"),
        )

    def _opened(
        self, index: int, leaf: bytes, growth: Growth
    ) -> tuple[SignedStatement, Body | None]:
        """Return a statement whose signature verifies, added to the batch if it is no seal."""
        try:
            statement = open_leaf(leaf)
        except MalformedError as error:
            raise AuditError(saying("entry {index}", index=index), "leaf", error) from error
        body, topics = read_payload(statement)
        if isinstance(body, InvalidBody):
            raise AuditError(saying("entry {index}", index=index), "payload", body.message)
        if index == 0:
            self._begin(statement, body)
            introduce(Entry(index, statement, body), self.keys)
        verify_signature(statement, self._key(statement.kid, index), index)
        if body is not None:
            introduce(Entry(index, statement, body), self.keys)
        if not isinstance(body, Seal):
            growth.append(statement, topics)
        return statement, body

    def _key(self, kid: bytes, index: int) -> PublicKey:
        found = self.keys.get(kid)
        if found is None and self.head is not None:
            state = key_state(self._view(0), kid)
            found = None if state is None else state.key
        if found is None:
            raise AuditError(
                saying("entry {index}", index=index),
                "kid",
                saying("no earlier entry introduces this key"),
            )
        self.keys[kid] = found
        return found

    def _view(self, now_us: int) -> StoreView:
        size = 0 if self.head is None else self.head.size
        return StoreView(self.writer, self.tree, size=size, now_us=now_us, cache=self.folds)

    def _sealed(
        self, growth: Growth, batch: list[tuple[int, SignedStatement, Body | None]], seal: Seal
    ) -> Head:
        """Hold a batch against its seal, and write it."""
        index, statement, _ = batch[-1]
        self._check_new(batch)
        if self.replay:
            view = self._view(seal.time_us)
            check_rules(view, batch, self.source.log_key.name, seal.time_us)
            view.remember()
        head, index_root = self.head, growth.index_into(self.tree)
        previous = None if head is None else (head.seal_idx, head.seal_id, head.seal_time_us)
        origin = self.source.log_key.name
        before = Before(origin, self.operator, growth.chain, index_root, previous)
        check_seal(index, statement, seal, before)
        if seal.cosigned is not None:
            assert self.genesis is not None  # noqa: S101 - it came first
            self.seen += check_cosigned(
                index, seal.cosigned, self.source.log_key, self.genesis, self._root_of
            )
        growth.append_seal(statement, seal.time_us)
        return growth.write(self.writer, self.tree, index_root)

    def _check_new(self, batch: list[tuple[int, SignedStatement, Body | None]]) -> None:
        """Refuse a statement that was registered before."""
        known = self.writer.by_id([statement.id for _, statement, _ in batch]).keys()
        found = set(known)
        for index, statement, _ in batch:
            if statement.id in found:
                raise AuditError(
                    saying("entry {index}", index=index),
                    "id",
                    saying("a statement registered twice"),
                )
            found.add(statement.id)

    def _root_of(self, size: int) -> bytes | None:
        """Return the root of what is mirrored at a size at which it was sealed."""
        if self.head is None or not 0 < size <= self.head.size:
            return None
        seal = self.writer.seal_behind(size - 1)
        sealed = seal is not None and seal[0] == size - 1
        return TreeReader(self.writer, size).root() if sealed else None

    def _check_dates(self) -> None:
        """Refuse a seal dated before a checkpoint without it was cosigned."""
        for size, time_s in self.seen:
            found = self.writer.seal_behind(size)
            if found is not None and is_backdated(found[1], time_s):
                why = saying("dated before size {size} was cosigned, which lacks it", size=size)
                raise AuditError(saying("entry {found}", found=found[0]), "seal.time_us", why)
