"""A replayer: follows a log's tiles, re-derives everything, cosigns what it could derive.

Bytes are believed only when they lead to the root that the log signed; what is wrong before
that is the source's fault and is fetched again. What is wrong behind it, a false seal, an
incomplete index, a statement admitted against the rules, a second history, is the operator's:
it is written down and that log is never cosigned again. The file is a fraud proof that convinces
anybody offline where one exists; what only a replay finds (``fraud``) is this replayer's word,
with the entry it is about.

Entries are kept in a mirror on disk. What follows from them (chain, tree, index, histories)
is kept in memory, grows by what is new in each round, and is derived again from the mirror
at the start.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn, Protocol

from ledger.answering.accuser import accuse
from ledger.audit.merge import Merge
from ledger.audit.ranges import check_range
from ledger.cosigning.cosigner import Cosigner
from ledger.errors import (
    AuditError,
    CheckpointError,
    MalformedError,
    SignatureError,
    StorageError,
    VerificationError,
)
from ledger.evidence.fraud import Fork, Fraud, encode_fraud, prove_fork
from ledger.evidence.proven import Consistency
from ledger.files.archive import read_tile
from ledger.files.reader import BareReader, EntryRange, LedgerReader, SignedSize
from ledger.primitives import ijson
from ledger.primitives.durable import replace_file
from ledger.primitives.strict import format_base64
from ledger.texts import saying
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint
from ledger.tlog.merkle import Frontier, leaf_hash, prove_consistency, root_hash
from ledger.tlog.note import Note, VerifierKey
from ledger.tlog.tiles import (
    MAX_FRAME_SIZE,
    WIDTH,
    decode_bundle,
    encode_bundle,
    split_hashes,
    tile_path,
)
from ledger.tlog.witness import MovedError

CHECKPOINT = "checkpoint"
RANGE = 1 << 13  # entries merged at once
REFRESH_S = 300  # a cosignature older than this is renewed: it carries the time


class Source(Protocol):
    """Where a log is published: tlog-tiles over HTTP, or in a directory."""

    def get(self, path: str) -> bytes | None:
        """Return a file by its path in tlog-tiles, None where it is not there.

        Raises:
            StorageError: it cannot be reached now.

        """
        ...


class DirectorySource:
    """A directory of tiles, such as an export."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, path: str) -> bytes | None:
        """Return a file's bytes."""
        return read_tile(self._folder, path, WIDTH * MAX_FRAME_SIZE)


class FraudError(VerificationError):
    """The operator is caught; ``path`` is the file that says so."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(f"{why} (written to {path})")


class Mirror(BareReader):
    """The entries of a log on disk, every one under a root that the log signed.

    A ``LedgerReader`` for ``Merge``: it has bytes and the newest checkpoint, and claims nothing.
    A crash while it is lengthened leaves files past ``checkpoint``: they are written again.
    """

    def __init__(self, folder: Path, log_key: VerifierKey) -> None:
        """Read what is there; what does not lead to its checkpoint's root is fetched again."""
        self.folder = folder
        self._log_key = log_key
        self.tree = Frontier()
        self.note: Note | None = None
        self.checkpoint: Checkpoint | None = None
        found = DirectorySource(folder).get(CHECKPOINT)
        if found is None:
            return
        try:
            note, checkpoint = decode_checkpoint(found, log_key)
            tree = Frontier()
            for leaf in self._leaves(0, checkpoint.size):
                tree.append(leaf_hash(leaf))
        except (MalformedError, SignatureError, CheckpointError, StorageError):
            return
        if tree.size == checkpoint.size and tree.root() == checkpoint.root:
            self.note, self.checkpoint, self.tree = note, checkpoint, tree

    def _bundle(self, number: int, width: int) -> list[bytes]:
        name = tile_path(None, number, width)
        raw = DirectorySource(self.folder).get(name)
        if raw is None:
            raise StorageError("{folder}: it is missing", folder=self.folder / name)
        return decode_bundle(raw, width, name)

    def _leaves(self, start: int, size: int) -> Iterator[bytes]:
        """Yield the leaves [start, size) of the mirrored tree of ``size``."""
        for number in range(start // WIDTH, -(-size // WIDTH)):
            leaves = self._bundle(number, min(WIDTH, size - number * WIDTH))
            yield from leaves[max(0, start - number * WIDTH) :]

    def lengthen(self, source: Source, note: Note, new: Checkpoint) -> None:
        """Fetch what is new up to a checkpoint.

        Raises:
            StorageError: the source does not have bytes that lead to the checkpoint's root.

        """
        tree, size = self.tree.copy(), self.tree.size
        for number in range(size // WIDTH, -(-new.size // WIDTH)):
            width = min(WIDTH, new.size - number * WIDTH)
            known = max(0, size - number * WIDTH)
            leaves = list(islice(self._leaves(number * WIDTH, size), known))
            fresh = _fetch_bundle(source, number, width)[known:]
            for leaf in fresh:
                tree.append(leaf_hash(leaf))
            self._write(number, width, encode_bundle([*leaves, *fresh]))
        if tree.root() != new.root:
            raise StorageError(
                "the entries published do not lead to the root of the checkpoint of {size}",
                size=new.size,
            )
        replace_file(self.folder / CHECKPOINT, str(note).encode())
        self._drop_partial(size, new.size)
        self.note, self.checkpoint, self.tree = note, new, tree

    def _write(self, number: int, width: int, raw: bytes) -> None:
        replace_file(self.folder / tile_path(None, number, width), raw)

    def _drop_partial(self, before: int, after: int) -> None:
        """Remove the partial bundle that a longer one replaced."""
        number, width = divmod(before, WIDTH)
        if width and after > before:
            (self.folder / tile_path(None, number, width)).unlink(missing_ok=True)

    def reopen(self) -> tuple[Callable[[Any], LedgerReader], Any]:
        """Return how another process reads the same mirror."""
        return _same_mirror, (self.folder, self._log_key)

    def name(self) -> str:
        """Return the folder's name."""
        return saying("mirror {folder}", folder=self.folder)

    def size(self) -> int:
        """Return how many entries there are."""
        return self.tree.size

    def entries(self, start: int, stop: int) -> EntryRange:
        """Return entries [start, stop)."""
        return EntryRange(start, list(islice(self._leaves(start, self.tree.size), stop - start)))

    def checkpoints(self, start: int, stop: int) -> Sequence[SignedSize]:
        """Return the newest checkpoint where it is asked for; older ones were merged before."""
        if self.note is None or not start < self.tree.size <= stop:
            return ()
        return (SignedSize(self.tree.size, str(self.note), b""),)


def _fetch_bundle(source: Source, number: int, width: int) -> list[bytes]:
    """Return the first ``width`` entries of a bundle; a partial one may be gone for the full one."""
    for wanted in dict.fromkeys((width, WIDTH)):
        name = tile_path(None, number, wanted)
        raw = source.get(name)
        if raw is not None:
            try:
                return decode_bundle(raw, wanted, name)[:width]
            except MalformedError as error:
                raise StorageError("source: {why}", why=error) from error
    raise StorageError("source: {tile_path} is not there", tile_path=tile_path(None, number, width))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round came to: the size replayed, and the note to hand over if there is a new one."""

    size: int
    note: Note | None


class Replayer:
    """Replays one log."""

    def __init__(
        self,
        source: Source,
        folder: Path,
        cosigner: Cosigner,
        log_key: VerifierKey,
        *,
        genesis: bytes | None = None,
    ) -> None:
        """Open the mirror in ``folder``, and derive again what was derived before.

        Raises:
            FraudError: this log was caught before.

        """
        name = sha256(log_key.name.encode()).hexdigest()[:32]
        self.fraud = folder / f"{name}.fraud.json"
        if self.fraud.exists():
            raise FraudError(self.fraud, f"{log_key.name} was caught before: never cosigned again")
        self._source = source
        self._cosigner = cosigner
        self._log_key = log_key
        self._genesis = genesis
        self.mirror = Mirror(folder / name, log_key)
        self._merge = Merge(self.mirror, replay=True, log_key=log_key)
        if self.mirror.note is not None:
            self._replay()

    def round(self, now_s: int) -> Outcome:
        """Follow the log to its newest checkpoint; cosign it if everything could be derived.

        Raises:
            StorageError: the source is away, or has not what its checkpoint says; try again.
            CannotVerifyError: it follows rules this release does not know.
            FraudError: the operator is caught.

        """
        note, new = self._newest()
        held = self.mirror.checkpoint
        if held is not None and new.size < held.size:
            raise StorageError(
                "source: its checkpoint of size {size} is older than {size_2}",
                size=new.size,
                size_2=held.size,
            )
        if held is None or new.size > held.size:
            try:
                self.mirror.lengthen(self._source, note, new)
            except StorageError:
                self._suspect(note, new)
                raise
            self._replay()
        elif new.root != held.root:
            why = f"split view: two signed checkpoints of size {new.size} with different roots"
            raise self._caught(why, prove_fork(str(self.mirror.note), str(note)))
        return Outcome(new.size, self._cosign(now_s))

    def _newest(self) -> tuple[Note, Checkpoint]:
        raw = self._source.get(CHECKPOINT)
        if raw is None:
            raise StorageError("source: no checkpoint there")
        try:
            note, new = decode_checkpoint(raw, self._log_key)
        except (MalformedError, SignatureError, CheckpointError) as error:
            raise StorageError(
                "source: its checkpoint is not one of {name}: {why}",
                name=self._log_key.name,
                why=error,
            ) from error
        ours = note.by(self._log_key)
        assert ours is not None  # noqa: S101 - verified
        return Note(note.text, (ours,)), new

    def _replay(self) -> None:
        """Merge what the mirror has and the derivation has not."""
        merge, mirror = self._merge, self.mirror
        held = self._cosigner.held(self._log_key.name)
        if held is not None:
            merge.saw(held.checkpoint.size, held.time_s)
        try:
            while merge.tree.size < mirror.size():
                start = merge.tree.size
                stop = min(start + RANGE, mirror.size())
                checked = check_range(mirror, start, stop, [])
                merge.merge(checked, mirror.entries(start, stop).leaves)
            merge.finish()
        except AuditError as error:
            seen = [str(note) for note in self._seen()]
            raise self._caught(
                str(error), accuse(mirror, error, seen, self._log_key), error
            ) from error
        if self._genesis not in (None, merge.genesis_id):
            raise VerificationError("entry 0: the genesis is not the one of the trust file")

    def _seen(self) -> list[Note]:
        """Return the checkpoint cosigned last, with that cosignature."""
        found = self._cosigner.again(self._log_key.name)
        return [] if found is None else [found]

    def _suspect(self, note: Note, new: Checkpoint) -> None:
        """Look whether a checkpoint that does not extend ours is a second history, and prove it.

        The level 0 tiles must lead to its signed root; then they show what the log now says
        its first entries were.
        """
        held = self.mirror.checkpoint
        if held is None:
            return
        hashes: list[bytes] = []
        for number in range(-(-new.size // WIDTH)):
            width = min(WIDTH, new.size - number * WIDTH)
            name = tile_path(0, number, width)
            raw = self._source.get(name)
            try:
                hashes += split_hashes(raw or b"", width, name)
            except MalformedError:
                return  # the source is incomplete: nothing is shown
        if root_hash(hashes) != new.root or root_hash(hashes[: held.size]) == held.root:
            return
        why = f"split view: the log of size {new.size} has another tree of {held.size} in it"
        raise self._caught(why, _fork(self.mirror.note, held, note, hashes))

    def _accuse_fork(self, why: str, note: Note) -> NoReturn:
        """Raise the proof that the mirrored log is not the one cosigned before."""
        held = self._cosigner.held(self._log_key.name)
        assert held is not None  # noqa: S101 - it contradicted this one
        leaves = self.mirror.entries(0, self.mirror.size()).leaves
        hashes = [leaf_hash(leaf) for leaf in leaves]
        raise self._caught(why, _fork(held.note, held.checkpoint, note, hashes))

    def _caught(self, why: str, proof: Fraud | None, error: AuditError | None = None) -> FraudError:
        """Write down what was found; from then on this log is not cosigned."""
        if proof is not None:
            raw = encode_fraud(proof)
        else:
            where = None if error is None else error.where
            field = None if error is None else error.field
            word = {"v": 1, "replay": why, "where": where, "field": field}
            raw = ijson.encode(word | {"checkpoint": str(self.mirror.note)}) + b"\n"
        replace_file(self.fraud, raw)
        return FraudError(self.fraud, why)

    def _cosign(self, now_s: int) -> Note | None:
        """Cosign the mirrored checkpoint unless it is, and recently."""
        note, origin = self.mirror.note, self._log_key.name
        assert note is not None  # noqa: S101 - lengthened before
        held = self._cosigner.held(origin)
        if held is not None and held.note == note and now_s - held.time_s < REFRESH_S:
            return None
        try:
            line = self._cosigner.add_derived(
                note, self._log_key, self._merge.roots.get, seen_s=now_s
            )
        except MovedError as moved:
            raise StorageError(
                "source: size {size}, and {size_2} was cosigned before",
                size=self.mirror.size(),
                size_2=moved.size,
            ) from moved
        except CheckpointError as error:
            # The mirror was lost and made anew, of another history than what was cosigned.
            self._accuse_fork(str(error), note)
        return Note(note.text, (*note.signatures, line))


def _fork(old: Note | None, held: Checkpoint, new: Note, hashes: Sequence[bytes]) -> Fork:
    """Return the proof that the tree of all ``hashes``, signed as ``new``, has another beginning."""

    def read(level: int, index: int) -> bytes:
        return root_hash(hashes[index << level : (index + 1) << level])

    path = prove_consistency(held.size, len(hashes), read)
    shown = Consistency(
        size=held.size,
        root=format_base64(root_hash(hashes[: held.size])),
        path=tuple(format_base64(item) for item in path),
    )
    return prove_fork(str(old), str(new), shown)


def _same_mirror(given: tuple[Path, VerifierKey]) -> Mirror:
    """Open a mirror in another process, which a nested function would not reach."""
    return Mirror(*given)
