"""A whole ledger in a directory of C2SP tlog-tiles, for anybody to keep and check.

::

    checkpoint              the newest signed note, with its cosignatures
    checkpoints             every note (the last as in checkpoint), then its receipt signature: frames of u16be length || bytes
    tile/<L>/<N>[.p/<W>]    hashes
    tile/entries/<N>[.p/<W>] statements, u16be length || bytes each

Nothing else is needed to rebuild a database: index, chain and seals follow from the
statements.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ledger.errors import (
    AuditError,
    MalformedError,
    StorageError,
    UsageError,
    VerificationError,
)
from ledger.files.reader import BareReader, EntryRange, LedgerReader, SignedSize
from ledger.primitives.bounded import open_file, read_at_most
from ledger.primitives.durable import new_folder, write_flushed
from ledger.primitives.ed25519 import SIGNATURE_SIZE
from ledger.texts import cause, saying
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.merkle import HASH_SIZE, Frontier, leaf_hash
from ledger.tlog.note import MAX_NOTE_SIZE, Note, decode_note, parse_note
from ledger.tlog.tiles import (
    HEIGHT,
    MAX_FRAME_SIZE,
    WIDTH,
    decode_bundle,
    encode_bundle,
    interior,
    split_hashes,
    tile_path,
)

CHECKPOINT, CHECKPOINTS = "checkpoint", "checkpoints"
DISORDERED = saying("not ascending in size up to the one in the file checkpoint")


class DirectoryReader(BareReader):
    """A ``LedgerReader`` over an export."""

    def __init__(self, folder: Path) -> None:
        """Read the newest checkpoint's size; nothing is verified yet.

        Raises:
            AuditError: no checkpoint in the documented form.
            StorageError: a file cannot be read.

        """
        self.folder = folder
        if not folder.is_dir():
            raise StorageError("export {folder}: no such directory", folder=folder)
        try:
            note = decode_note(self._bytes(CHECKPOINT, MAX_NOTE_SIZE))
            self._size = parse_checkpoint(note.text).size
        except MalformedError as error:
            raise AuditError(CHECKPOINT, "note", error) from error
        self._newest = str(note)
        self._signed: list[SignedSize] | None = None

    def reopen(self) -> tuple[Callable[[Path], LedgerReader], Path]:
        """Return this class and the directory."""
        return DirectoryReader, self.folder

    def name(self) -> str:
        """Return the directory's name."""
        return saying("export {folder}", folder=self.folder)

    def size(self) -> int:
        """Return the newest checkpoint's size."""
        return self._size

    def newest(self) -> str:
        """Return the newest checkpoint's note, cosignatures included."""
        return self._newest

    def _bytes(self, name: str, limit: int) -> bytes:
        with naming_file(self.folder, name):
            return read_at_most(self.folder / name, limit)

    def _decoded(
        self, name: str, width: int, size: int, decode: Callable[[bytes, int, str], list[bytes]]
    ) -> list[bytes]:
        try:
            return decode(self._bytes(name, width * size), width, name)
        except MalformedError as error:
            raise AuditError(name, "bytes", error) from error

    def entries(self, start: int, stop: int) -> EntryRange:
        """Return entries out of their bundles, with the leaf hashes the tiles claim."""
        leaves: list[bytes] = []
        hashes: list[bytes] = []
        for number in range(start // WIDTH, -(-stop // WIDTH)):
            width = min(WIDTH, self._size - number * WIDTH)
            leaves += self._decoded(
                tile_path(None, number, width), width, MAX_FRAME_SIZE, decode_bundle
            )
            hashes += self._decoded(tile_path(0, number, width), width, HASH_SIZE, split_hashes)
        first = start // WIDTH * WIDTH
        wanted = slice(start - first, stop - first)
        return EntryRange(start, leaves[wanted], {"leaf_hash": hashes[wanted]})

    def _all_checkpoints(self) -> list[SignedSize]:
        if self._signed is None:
            try:
                with (
                    naming_file(self.folder, CHECKPOINTS),
                    open_file(self.folder / CHECKPOINTS) as file,
                ):
                    self._signed = [*_signed_in(file)]
            except MalformedError as error:
                raise AuditError(CHECKPOINTS, "frames", error) from error
            if not self._signed or self._signed[-1].note != self._newest:
                raise AuditError(CHECKPOINTS, "order", DISORDERED)
        return self._signed

    def checkpoints(self, start: int, stop: int) -> Sequence[SignedSize]:
        """Return the checkpoints with start < size <= stop."""
        return [item for item in self._all_checkpoints() if start < item.size <= stop]

    def check_tile(
        self, level: int, number: int, hashes: Sequence[bytes], root: bytes | None
    ) -> None:
        """Compare a tile file."""
        del root  # it stands in the tile above
        name = tile_path(level, number, len(hashes))
        stored = self._bytes(name, len(hashes) * HASH_SIZE)
        if stored != b"".join(hashes):
            at = next(
                (
                    i
                    for i, h in enumerate(hashes)
                    if stored[i * HASH_SIZE : (i + 1) * HASH_SIZE] != h
                ),
                len(hashes),
            )
            raise AuditError(name, f"hash {at}", saying("not that of the entries below it"))


@contextmanager
def naming_file(folder: Path, name: str) -> Iterator[None]:
    """Say which file it is that cannot be read.

    Raises:
        AuditError: it is missing.
        StorageError: anything else.

    """
    try:
        yield
    except FileNotFoundError as error:
        raise AuditError(name, "file", saying("it is missing")) from error
    except OSError as error:
        raise StorageError("{folder}: {why}", folder=folder / name, why=cause(error)) from error


def read_tile(folder: Path, path: str, limit: int) -> bytes | None:
    """Return a tile by its path, None where there is none; never more than one byte too many.

    Raises:
        StorageError: it cannot be read.

    """
    try:
        return read_at_most(folder / path, limit)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError("{folder}: {why}", folder=folder / path, why=cause(error)) from error


def read_frames(file: BinaryIO) -> Iterator[bytes]:
    """Yield ``u16be length || bytes`` frames until the end, no more of the file in memory.

    Raises:
        MalformedError: one is cut short.

    """
    count = 0
    while head := file.read(2):
        size = int.from_bytes(head)
        frame = file.read(size)
        if len(head) < 2 or len(frame) != size:  # noqa: PLR2004 - u16
            raise MalformedError("frame {count} is cut short", count=count)
        yield frame
        count += 1


def _signed_in(file: BinaryIO) -> Iterator[SignedSize]:
    """Yield the checkpoints in a file, each refused before the next is read.

    Raises:
        AuditError: they do not ascend in size.
        MalformedError: a frame is no note, or the last note has no receipt signature behind it.

    """
    frames, last = read_frames(file), -1
    for note in frames:
        signature = next(frames, None)
        if signature is None:
            raise MalformedError("no receipt signature behind the last checkpoint")
        size = parse_checkpoint(decode_note(note).text).size
        if size <= last:
            raise AuditError(CHECKPOINTS, "order", DISORDERED)
        last = size
        yield SignedSize(size, note.decode(), signature)


def _bare(text: str) -> str:
    """Return a note with the signature of its log alone."""
    note = decode_note(text.encode())
    origin = parse_checkpoint(note.text).origin
    ours = (
        line
        for line in note.signatures
        if line.name == origin and len(line.signature) == SIGNATURE_SIZE
    )
    return str(Note(note.text, tuple(ours)))


def _write(folder: Path, name: str, raw: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_flushed(path, raw)


def export(
    reader: LedgerReader, folder: Path, *, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Write a whole ledger up to its newest checkpoint; return its size.

    A batch that is being written meanwhile, committed and not signed yet, is left to the next.
    The files are written beside the target and moved there when all are on disk, so a
    full disk or a crash leaves no half-written export.

    Raises:
        UsageError: the target exists, or nothing is signed yet.
        AuditError, VerificationError: an entry is not what was committed, or not what was signed.
        StorageError: the disk refused.

    """
    with new_folder("export", folder) as partial:
        return _export(reader, partial, progress)


def _check_hashes(first: int, hashes: Sequence[bytes], claimed: Sequence[object]) -> None:
    for index, (hashed, claim) in enumerate(zip(hashes, claimed, strict=True), first):
        if hashed != claim:
            raise AuditError(
                saying("entry {index}", index=index), "leaf_hash", saying("not that of its bytes")
            )


def signed_sizes(reader: LedgerReader) -> Sequence[SignedSize]:
    """Return a ledger's checkpoints, the newest last: up to that it is written.

    Raises:
        UsageError: there is none yet.

    """
    signed = reader.checkpoints(0, reader.size())
    if not signed:
        raise UsageError(
            "{name}: it has no checkpoint yet: open it with its keys first", name=reader.name()
        )
    return signed


def check_root(reader: LedgerReader, tree: Frontier, newest: SignedSize) -> None:
    """Hold the entries that were written against the checkpoint they are written up to.

    Raises:
        VerificationError: they are others.

    """
    if tree.root() != parse_checkpoint(parse_note(newest.note).text).root:
        raise VerificationError(
            "{name}: its entries are not those of its newest checkpoint", name=reader.name()
        )


def _export(reader: LedgerReader, folder: Path, progress: Callable[[int], None]) -> int:
    signed = signed_sizes(reader)
    size = signed[-1].size
    roots: list[bytes] = []
    tree = Frontier()
    for number in range(-(-size // WIDTH)):
        width = min(WIDTH, size - number * WIDTH)
        found = reader.entries(number * WIDTH, number * WIDTH + width)
        hashes = [leaf_hash(leaf) for leaf in found.leaves]
        _check_hashes(number * WIDTH, hashes, found.claims["leaf_hash"])
        for hashed in hashes:
            tree.append(hashed)
        _write(folder, tile_path(None, number, width), encode_bundle(found.leaves))
        _write(folder, tile_path(0, number, width), b"".join(hashes))
        if width == WIDTH:
            roots.append(interior(hashes)[-1][0])
        progress(number * WIDTH + width)
    check_root(reader, tree, signed[-1])
    level = 1
    while size >> (HEIGHT * level):
        above: list[bytes] = []
        for number in range(-(-len(roots) // WIDTH)):
            hashes = roots[number * WIDTH : (number + 1) * WIDTH]
            _write(folder, tile_path(level, number, len(hashes)), b"".join(hashes))
            if len(hashes) == WIDTH:
                above.append(interior(hashes)[-1][0])
        roots, level = above, level + 1
    # Cosignatures go with the newest alone: what is in both files, no flipped bit can hide in.
    notes = [*(_bare(item.note) for item in signed[:-1]), signed[-1].note]
    frames = [
        frame
        for note, item in zip(notes, signed, strict=True)
        for frame in (note.encode(), item.receipt_signature)
    ]
    _write(folder, CHECKPOINTS, encode_bundle(frames))
    _write(folder, CHECKPOINT, signed[-1].note.encode())
    return size
