"""Publishing: read a committed batch back, sign its checkpoint and receipts, anchor it.

Nothing is signed that was not read back and hashed again. A checkpoint is a function of
the committed entries, so whatever a crash or a power cut left out is signed later, with
the same bytes: by opening the log, or when it is needed.
"""

from collections.abc import Iterable

from sqlalchemy import Engine

from ledger.cose.receipt import Receipt
from ledger.errors import (
    LogCorruptError,
    MalformedError,
    ProofError,
    ReadOnlyError,
    UsageError,
    VerificationError,
)
from ledger.files.anchor import Anchor
from ledger.signer import Signer, claims_of
from ledger.statements.log_family import Seal
from ledger.store.again import write_again
from ledger.store.append import store_checkpoint
from ledger.store.reads import Head, Snapshot, StoredCheckpoint, TileCache, TreeReader, reading
from ledger.store.view import parse_entry
from ledger.texts import saying
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from ledger.tlog.merkle import (
    Frontier,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    verify_inclusion,
)
from ledger.tlog.note import Note, NoteSignature, VerifierKey, parse_note
from ledger.tlog.prefix_tree import PrefixTree

FIRST_SIZE = 2  # genesis and its seal
MAX_INDEX = 2**63 - 1  # databases hold no more


class Publisher:
    """What stands between committed entries and everybody else."""

    def __init__(
        self, engine: Engine, vkey: VerifierKey, anchor: Anchor, signer: Signer | None
    ) -> None:
        self.engine = engine
        self.vkey = vkey
        self.anchor = anchor
        self.signer = signer
        self.read_only: str | None = None
        """Why the log must not go on, as it was found at opening; see ``why_read_only``."""
        self._tiles = TileCache()
        self._anchored = 0

    def require_writable(self) -> Signer:
        """Return the signer.

        Raises:
            ReadOnlyError: there is none, or the log must not go on.
            StorageError: the process that signs does not answer now.

        """
        why = self.why_read_only()
        if why is not None:
            raise ReadOnlyError(why)
        if self.signer is None:
            raise ReadOnlyError(
                "this ledger was opened without its keys: it can be read, not written"
            )
        self.signer.newest()  # nothing is committed that nobody could sign
        return self.signer

    def why_read_only(self) -> str | None:
        """Return why the log must not go on: found at opening, or by somebody who asks, since."""
        return self.read_only or self.anchor.stopped()

    @property
    def _in_order(self) -> bool:
        """Return whether batches must be signed in order: by a signer that remembers its last."""
        return self.signer is not None and self.signer.in_order

    def tree(self, snapshot: Snapshot, size: int) -> TreeReader:
        """Return a reader of subtree hashes for proofs in the tree of ``size``."""
        return TreeReader(snapshot, size, self._tiles)

    def leaves(self, snapshot: Snapshot, indices: Iterable[int]) -> dict[int, bytes]:
        """Return leaves by index, each proven to be what the log signed: nothing else is shown.

        Raises:
            VerificationError: names the first that is not; the database was edited.
            LogCorruptError: one is missing.

        """
        wanted = sorted(set(indices))
        found = snapshot.leaves(wanted)
        if not found:
            return {}
        stored = snapshot.newest_checkpoint()
        signed = None if stored is None else open_checkpoint(parse_note(stored.note), self.vkey)
        size, root = (0, b"") if signed is None else (signed.size, signed.root)
        tree = self.tree(snapshot, size)
        for index in wanted:
            if index >= size:
                # What a crash left unsigned is held against what was committed.
                head = require_head(snapshot)
                size, root = head.size, head.tree().root()
                tree = self.tree(snapshot, size)
            path = prove_inclusion(index, size, tree)
            try:
                verify_inclusion(
                    index=index, size=size, leaf=leaf_hash(found[index]), path=path, root=root
                )
            except ProofError as error:
                raise VerificationError(
                    "entry {index} is not what the log signed: the database was edited", index=index
                ) from error
        return found

    def publish(self, head: Head | None, new: Head) -> None:
        """Publish the batch between two heads, right behind its commit.

        Raises:
            LogCorruptError: read back, it is not what was committed; nothing is signed.

        """
        start = 0 if head is None else head.size
        tree = Frontier() if head is None else head.tree()
        with reading(self.engine) as snapshot:
            leaves = snapshot.leaf_range(start, new.size)
            unsigned = self._in_order and start and snapshot.checkpoint(start) is None
        if unsigned:
            self._catch_up_to(start)
        for leaf in leaves:
            tree.append(leaf_hash(leaf))
        if tree.size != new.size or b"".join(tree.hashes) != new.frontier:
            self.read_only = saying(
                "entries {start} to {size}: read back, they have another root",
                start=start,
                size=new.size,
            )
            raise LogCorruptError(self.read_only)
        stored = self.sign(new.size, new.seal_time_us, tree.root())
        self.anchor.advance(new.size, stored.note)

    def sign(self, size: int, time_us: int, root: bytes) -> StoredCheckpoint:
        """Sign the checkpoint of a committed root, and its batch's receipts; store both."""
        signer, checkpoint = self.require_writable(), Checkpoint(self.vkey.name, size, root)
        try:
            signed = signer.sign_checkpoint(
                checkpoint, time_us=time_us, prove=lambda old: self._consistency(old, size)
            )
        except ReadOnlyError:
            # A signer that keeps order refuses what another process had signed meanwhile.
            with reading(self.engine) as snapshot:
                found = snapshot.checkpoint(size)
            if found is None:
                raise
            return found
        line = NoteSignature(self.vkey.name, self.vkey.key_id, signed.checkpoint)
        note = Note(checkpoint.text(), (line,))
        stored = StoredCheckpoint(size, str(note), signed.receipts)
        store_checkpoint(self.engine, stored)
        return stored

    def _consistency(self, old: int, size: int) -> list[bytes]:
        """Return the proof that the tree of ``size`` extends that of ``old``."""
        with reading(self.engine) as snapshot:
            return prove_consistency(old, size, self.tree(snapshot, size))

    def _sign_later(self, snapshot: Snapshot, seal_index: int, time_us: int) -> StoredCheckpoint:
        """Sign a batch whose checkpoint is missing, from nothing but what is stored.

        Raises:
            LogCorruptError: an entry of the batch is not the one its row or tile hashes.

        """
        start, size = snapshot.previous_seal(seal_index) + 1, seal_index + 1
        for index, leaf in enumerate(snapshot.leaf_range(start, size), start):
            row = snapshot.row_hashes(index)
            if row is None or row[0] != leaf_hash(leaf):
                raise LogCorruptError(
                    "entry {index}: its leaf has another hash than its row says", index=index
                )
        seal = _seal_at(snapshot, seal_index)
        if seal.time_us != time_us:
            raise LogCorruptError(
                "entry {seal_index}: its time is not the one in the table of seals",
                seal_index=seal_index,
            )
        return self.sign(size, time_us, TreeReader(snapshot, size).root())

    def catch_up(self) -> None:
        """Sign the newest batch if nobody did, and bring the anchor up to it."""
        with reading(self.engine) as snapshot:
            head = require_head(snapshot)
            stored = snapshot.checkpoint(head.size)
        if stored is None:
            if self._in_order:
                self._catch_up_to(head.seal_idx)
            with reading(self.engine) as snapshot:
                stored = self._sign_later(snapshot, head.seal_idx, head.seal_time_us)
        self.anchor.advance(head.size, stored.note)

    def _catch_up_to(self, size: int) -> None:
        """Sign every batch that ends at or before ``size`` and that nobody signed, in order."""
        with reading(self.engine) as snapshot:
            for found in snapshot.seals_without_checkpoint():
                seal = snapshot.seal_behind(found - 1)
                if found <= size and seal is not None:
                    self._sign_later(snapshot, *seal)

    def receipts(self, indices: Iterable[int]) -> dict[int, bytes]:
        """Return receipts of entries by index, the same bytes each time.

        Raises:
            UsageError: no such entry.

        """
        found: dict[int, bytes] = {}
        stored: StoredCheckpoint | None = None
        seal: tuple[int, int] | None = None
        with reading(self.engine) as snapshot:
            for index in sorted(set(indices)):
                if seal is None or index > seal[0]:
                    seal = snapshot.seal_behind(index) if 0 <= index <= MAX_INDEX else None
                    if seal is None:
                        raise UsageError("no entry {index}", index=index)
                    stored = self._signed(snapshot, seal)
                    seal = snapshot.seal_behind(stored.size - 1) or seal
                    claims = claims_of(self.vkey, seal[0] + 1, seal[1])
                    tree = self.tree(snapshot, seal[0] + 1)
                assert stored is not None  # noqa: S101 - set with the seal
                path = tuple(prove_inclusion(index, seal[0] + 1, tree))
                found[index] = Receipt(claims, index, path, stored.receipt_signature).encode()
        return found

    def _signed(self, snapshot: Snapshot, seal: tuple[int, int]) -> StoredCheckpoint:
        """Return the checkpoint behind a seal, signed now if nobody did, and anchored.

        Without keys the next one that is there: a mirror has those it saw.
        """
        size = seal[0] + 1
        stored = snapshot.checkpoint(size)
        if stored is None and self.signer is None:
            stored = snapshot.checkpoint_from(size)
        if stored is None:
            if self._in_order:
                self._catch_up_to(size - 1)
            stored = self._sign_later(snapshot, *seal)
        if self.signer is not None and size > self._anchored:
            self.anchor.advance(size, stored.note)
            self._anchored = size
        return stored

    def recover(self, *, anchored: bool = True) -> None:
        """Hold the database against itself and, if it has one, the anchor; sign what is unsigned.

        Sets ``read_only`` to a sentence that says how to recover where the log must not go on.

        Raises:
            LogCorruptError: what is stored contradicts itself.

        """
        with reading(self.engine) as snapshot:
            head = require_head(snapshot)
            self.check_head(snapshot, head)
            if anchored:
                self._check_anchor(snapshot, head)
            self._check_signer(head)
        if self.signer is not None and self.why_read_only() is None:
            write_again(self.engine)
            self.anchor.write_again()
            self.catch_up()
            self.anchor.settle()

    def check_head(self, snapshot: Snapshot, head: Head) -> None:
        """Hold the head row against seal, tiles, chain and index: O(log n).

        Raises:
            LogCorruptError: names what differs.

        """
        if head.seal_idx != head.size - 1:
            raise LogCorruptError(
                "head row: {size} entries, but the newest seal is entry {seal_idx}",
                size=head.size,
                seal_idx=head.seal_idx,
            )
        seal = _seal_at(snapshot, head.seal_idx)
        row = snapshot.row_hashes(head.seal_idx)
        entry = parse_entry(head.seal_idx, snapshot.leaves([head.seal_idx])[head.seal_idx])
        beyond = snapshot.leaf_range(head.size, head.size + 1)
        for name, wrong in (
            ("size", bool(beyond)),
            ("seal_id", head.seal_id != entry.statement.id),
            ("seal_time_us", head.seal_time_us != seal.time_us),
            ("chain", row is None or row[1] != head.chain),
            ("frontier", TreeReader(snapshot, head.size).root() != head.tree().root()),
            ("index_root", head.index_root.hex() != seal.index_root),
        ):
            if wrong:
                raise LogCorruptError(
                    "head row: {name} is not what entries, seals and tiles say", name=name
                )
        if PrefixTree(snapshot.pages).root() != head.index_root:
            raise LogCorruptError(
                "the history index has another root than the newest seal: run pinyuan db rebuild"
            )

    def _check_anchor(self, snapshot: Snapshot, head: Head) -> None:
        """Never fork: what was published must be a prefix of what is stored."""
        anchored = self.anchor.read()
        if anchored is None:
            newest = snapshot.newest_checkpoint()
            if newest is not None and newest.size > FIRST_SIZE:
                self.read_only = saying(
                    "NO_ANCHOR: no anchor file {path} beside a ledger of {size} entries: if this database is the newest there is, run pinyuan db anchor; else recover it first",
                    path=self.anchor.path,
                    size=head.size,
                )
            return
        published = anchored[0]
        if published.size > head.size:
            self.read_only = saying(
                "BEHIND_PUBLISHED: the database has {size} entries, {size_2} were published (an older backup?): run pinyuan import DIR with an export of the published log",
                size=head.size,
                size_2=published.size,
            )
        elif self.tree(snapshot, published.size).root() != published.root:
            self.read_only = saying(
                "BEHIND_PUBLISHED: the database's first {size} entries are not those that were published: restore a database that has them, or run pinyuan import DIR into a new one",
                size=published.size,
            )
        elif (place := self.anchor.elsewhere()) is not None:
            self.read_only = saying(
                "COPIED: the anchor {path} was made as {place}: this directory was copied or restored, or its disk moved. If nobody writes the other one any more, and this is the newest there is, run pinyuan db anchor, which asks who saw this log",
                path=self.anchor.path,
                place=place,
            )

    def _check_signer(self, head: Head) -> None:
        """Never fork: what a signer remembers to have signed must be stored."""
        signed = 0 if self.signer is None else self.signer.newest()
        if signed > head.size and self.read_only is None:
            self.read_only = saying(
                "BEHIND_PUBLISHED: the database has {size} entries, the signer signed {signed} (an older backup?): run pinyuan import DIR with an export of the published log",
                size=head.size,
                signed=signed,
            )


def _seal_at(snapshot: Snapshot, index: int) -> Seal:
    try:
        body = parse_entry(index, snapshot.leaves([index])[index]).body
    except MalformedError as error:
        raise LogCorruptError("entry {index}: {why}", index=index, why=error) from error
    if not isinstance(body, Seal) or body.size != index:
        raise LogCorruptError("entry {index}: not a seal of that size", index=index)
    return body


def require_head(snapshot: Snapshot) -> Head:
    """Return the head of a snapshot.

    Raises:
        UsageError: the database holds no log.

    """
    head = snapshot.head()
    if head is None:
        raise UsageError(
            "no ledger in this database: run pinyuan init; if there was one, bring it back with pinyuan import"
        )
    return head
